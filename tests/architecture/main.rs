//! The picture of the project, held: which crate may depend on which, where each foreign crate lives,
//! that data flows one way between the files of a crate, and how long files and functions are.
//!
//! `cargo test --test architecture -- circles --nocapture` prints what flows in circles.

mod crates;
mod imports;
mod rules;
mod small;
mod source;

use std::path::{Path, PathBuf};

use imports::Crate;
use source::Source;

/// Rules that a crate does not keep yet: (rule, crate). The list only gets shorter.
const NOT_YET: &[(&str, &str)] = &[];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder whose names end in one of these.
fn files(folder: &Path, ends: &[&str], found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, ends, found);
        } else if ends.iter().any(|end| path.to_string_lossy().ends_with(end)) {
            found.push(path);
        }
    }
}

/// The crates of the workspace, and where each is.
fn members() -> Vec<(String, PathBuf)> {
    let folders = std::fs::read_dir(root().join("crates")).expect("the crates have been found");
    let mut members: Vec<_> = folders
        .flatten()
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.path(),
            )
        })
        .collect();
    members.push(("loopscope".to_owned(), root().to_owned()));
    members.sort();
    members
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    for (member, folder) in members() {
        let folder = folder.join("src");
        let mut paths = Vec::new();
        files(&folder, &[".rs"], &mut paths);
        paths.sort();
        assert!(
            !paths.is_empty(),
            "the sources of {member} have not been found"
        );
        sources.extend(paths.iter().map(|path| {
            let inner = path.strip_prefix(&folder).expect("it is below");
            let text = std::fs::read_to_string(path).expect("a source is text");
            Source::new(&format!("{member}/{}", inner.display()), &text)
        }));
    }
    sources
}

/// The crate of this name.
fn crate_of(member: &str, sources: &[Source]) -> Crate {
    let own: Vec<&Source> = sources
        .iter()
        .filter(|source| source.member() == member)
        .collect();
    Crate::new(&own)
}

fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Tells the faults of each crate; fails where one that keeps the rule has some.
fn held(rule: &str, faults_of: impl Fn(&str, &[Source]) -> Vec<String>) {
    let sources = sources();
    let mut failures = Vec::new();
    for (member, _) in members() {
        let faults = faults_of(&member, &sources);
        let is_open = NOT_YET.contains(&(rule, member.as_str()));
        println!(
            "{rule} {member}: {} faults{}",
            faults.len(),
            if is_open { ", not yet held" } else { "" }
        );
        for fault in &faults {
            println!("    {fault}");
        }
        if !is_open {
            failures.extend(faults);
        }
    }
    none(&failures);
}

/// A rule about single files.
fn each(rule: &str, faults: fn(&Source) -> Vec<String>) {
    held(rule, |member, sources| {
        let own = sources.iter().filter(|source| source.member() == member);
        own.flat_map(faults).collect()
    });
}

#[test]
fn circles() {
    held("circles", |member, sources| {
        let found = crate_of(member, sources);
        let files = imports::told("files", &found.edges());
        let rooms = imports::told("rooms", &found.rooms());
        files.into_iter().chain(rooms).collect()
    });
}

#[test]
fn faces_define_nothing() {
    held("faces", |member, sources| {
        crate_of(member, sources).full_faces()
    });
}

#[test]
fn imports_name_the_file_that_defines() {
    held("imports", |member, sources| {
        crate_of(member, sources).through_faces()
    });
}

#[test]
fn orders_are_told_and_kept() {
    held("orders", |member, sources| {
        crate_of(member, sources).orders()
    });
}

#[test]
fn crates_follow_the_arrows() {
    for (member, folder) in members() {
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
        let dependencies = crates::dependencies(&manifest);
        none(&crates::arrows(&member, &dependencies));
        none(&rules::homeless(&member, &dependencies));
    }
}

#[test]
fn every_dependency_is_needed() {
    let members = members();
    held("dependencies", |member, sources| {
        let folder = members.iter().find(|(name, _)| name == member);
        let path = folder.expect("it is a member").1.join("Cargo.toml");
        let manifest = std::fs::read_to_string(path).expect("a manifest");
        rules::unused(member, &crates::dependencies(&manifest), sources)
    });
}

#[test]
fn few_test_programs_have_to_be_linked() {
    let mut paths = Vec::new();
    files(&root().join("tests"), &["/main.rs"], &mut paths);
    let inside = members()
        .into_iter()
        .map(|(_, folder)| std::fs::read_to_string(folder.join("Cargo.toml")))
        .filter(|manifest| manifest.as_deref().is_ok_and(crates::is_tested_inside));
    let found = paths.len() + inside.count();
    println!("{found} test programs");
    assert!(found <= crates::BINARIES, "{found} test programs");
}

#[test]
fn foreign_crates_stay_at_home() {
    each("homes", rules::homes);
}

#[test]
fn libraries_bring_little_along() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    for (member, most) in crates::PACKAGES {
        let output = std::process::Command::new(&cargo)
            .current_dir(root())
            .args([
                "tree",
                "--locked",
                "--offline",
                "-e",
                "normal",
                "--prefix",
                "none",
            ])
            .args(["-p", member])
            .output()
            .expect("cargo is there");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let faults = crates::heavy(member, *most, &String::from_utf8_lossy(&output.stdout));
        if !NOT_YET.contains(&("packages", member)) {
            none(&faults);
        }
    }
}

#[test]
fn files_and_functions_are_short() {
    each("lengths", rules::lengths);
}

#[test]
fn the_whole_stays_small() {
    let mut faults = rules::measures(&sources());
    let is_open = |fault: &str| {
        let mut open = NOT_YET.iter().filter(|(rule, _)| *rule == "whole");
        open.any(|(_, start)| fault.starts_with(start))
    };
    faults.retain(|fault| !is_open(fault));
    none(&faults);
}

#[test]
fn every_file_says_what_it_is() {
    each("headers", rules::headers);
}

#[test]
fn the_project_speaks_of_itself_alone() {
    let mut paths = Vec::new();
    let ends = [".rs", ".md", ".toml", ".json", ".snap", "run"];
    for folder in [
        "src",
        "crates",
        "tests",
        "docs",
        "scenarios",
        "benches",
        ".ci",
        ".cargo",
    ] {
        files(&root().join(folder), &ends, &mut paths);
    }
    paths.extend(
        ["README.md", "CHANGELOG.md", "Cargo.toml", "build.rs"].map(|name| root().join(name)),
    );
    let texts = paths.iter().filter_map(|path| {
        let text = std::fs::read_to_string(path).ok()?;
        Some((path.strip_prefix(root()).ok()?.display().to_string(), text))
    });
    let faults: Vec<String> = texts
        .flat_map(|(name, text)| rules::strangers(&name, &text))
        .collect();
    none(&faults);
}
