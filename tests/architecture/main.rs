//! The picture of the project, held: which layer may import which, where each foreign crate lives,
//! how long files and functions are, and what every module says of itself.

mod rules;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use source::Source;

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

fn sources() -> Vec<Source> {
    let mut paths = Vec::new();
    files(&root().join("src"), &[".rs"], &mut paths);
    paths.sort();
    assert!(paths.len() > 20, "the sources have not been found");
    paths
        .iter()
        .map(|path| {
            let name = path.strip_prefix(root().join("src")).expect("it is in src");
            let text = std::fs::read_to_string(path).expect("a source is text");
            Source::new(&name.to_string_lossy(), &text)
        })
        .collect()
}

fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

fn all(rule: fn(&Source) -> Vec<String>) {
    none(sources().iter().flat_map(rule).collect());
}

#[test]
fn imports_follow_the_arrows() {
    all(rules::arrows);
}

#[test]
fn layers_have_no_cycle() {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources() {
        edges
            .entry(source.layer().to_owned())
            .or_default()
            .extend(source.imports());
    }
    none(rules::cycles(&edges));
}

#[test]
fn foreign_crates_stay_at_home() {
    all(rules::homes);
}

#[test]
fn every_dependency_has_a_home() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("a manifest");
    none(rules::homeless(&manifest));
}

#[test]
fn files_and_functions_are_short() {
    all(rules::lengths);
}

#[test]
fn every_file_says_what_it_is() {
    all(rules::headers);
}

#[test]
fn the_project_speaks_of_itself_alone() {
    let mut paths = Vec::new();
    let ends = [".rs", ".md", ".toml", ".json", ".snap", "run"];
    for folder in [
        "src",
        "tests",
        "docs",
        "scenarios",
        "benches",
        ".ci",
        ".cargo",
    ] {
        files(&root().join(folder), &ends, &mut paths);
    }
    paths.extend(["README.md", "Cargo.toml", "build.rs"].map(|name| root().join(name)));
    let texts = paths.iter().filter_map(|path| {
        let text = std::fs::read_to_string(path).ok()?;
        Some((path.strip_prefix(root()).ok()?.display().to_string(), text))
    });
    none(
        texts
            .flat_map(|(name, text)| rules::strangers(&name, &text))
            .collect(),
    );
}

// The rules themselves, tried on small sources.

fn faults(rule: fn(&Source) -> Vec<String>, name: &str, text: &str) -> usize {
    rule(&Source::new(name, text)).len()
}

#[test]
fn a_wrong_import_is_noticed() {
    let wrong = [
        ("trace/mod.rs", "use crate::timeline::World;"),
        ("tui/view.rs", "fn f() { crate::engine::start(); }"),
        ("tui/view.rs", "use crate::{trace::Story, engine};"),
        ("tui/screens/menu.rs", "use super::super::super::engine;"),
        ("timeline/mod.rs", "use super::engine;"),
    ];
    for (name, text) in wrong {
        assert_eq!(faults(rules::arrows, name, text), 1, "{name}: {text}");
    }
    let right = [
        (
            "tui/view.rs",
            "use crate::{trace::{Story, engine}, timeline};",
        ),
        ("tui/screens/menu.rs", "use super::super::engine;"),
        (
            "tui/view.rs",
            "// crate::engine\nconst A: &str = \"crate::engine\";",
        ),
        ("tui/mod.rs", "mod tests { use super::*; }"),
        (
            "cli/wire.rs",
            "use crate::engine; use crate::tui; use crate::scenario;",
        ),
    ];
    for (name, text) in right {
        assert_eq!(faults(rules::arrows, name, text), 0, "{name}: {text}");
    }
}

#[test]
fn a_cycle_is_noticed() {
    let edge = |from: &str, to: &str| (from.to_owned(), BTreeSet::from([to.to_owned()]));
    let ring = BTreeMap::from([edge("a", "b"), edge("b", "c"), edge("c", "a")]);
    assert_eq!(rules::cycles(&ring).len(), 1);
    let line = BTreeMap::from([edge("a", "b"), edge("b", "c")]);
    assert_eq!(rules::cycles(&line).len(), 0);
}

#[test]
fn a_crate_far_from_home_is_noticed() {
    let wrong = [
        ("tui/view.rs", "use crossterm::event;"),
        ("timeline/world.rs", "use tokio::task;"),
        ("engine/mod.rs", "fn f() { ratatui::init(); }"),
        ("scenario/mod.rs", "use {clap::Parser, std::io};"),
    ];
    for (name, text) in wrong {
        assert_eq!(faults(rules::homes, name, text), 1, "{name}: {text}");
    }
    let right = [
        ("tui/terminal/mod.rs", "use crossterm::event;"),
        ("engine/mod.rs", "use tokio::task;"),
        (
            "tui/view.rs",
            "/// tokio::task is named here only.\nuse crate::tokio_words;",
        ),
    ];
    for (name, text) in right {
        assert_eq!(faults(rules::homes, name, text), 0, "{name}: {text}");
    }
    assert_eq!(
        rules::homeless("[dependencies]\nserde = \"1\"\nunheard-of = \"1\"\n").len(),
        1
    );
}

#[test]
fn what_is_too_long_is_noticed() {
    let lines = |count: usize| "    let a = '{';\n".repeat(count);
    let function =
        |mark: &str, count| format!("//! A.\n\n{mark}\npub fn f() {{\n{}}}\n", lines(count));
    assert_eq!(faults(rules::lengths, "tui/a.rs", &function("", 60)), 0);
    assert_eq!(faults(rules::lengths, "tui/a.rs", &function("", 61)), 1);
    assert_eq!(
        faults(rules::lengths, "tui/a.rs", &function("// table", 61)),
        0
    );
    let wide = format!("{}\nfn g() {{}}\n", function("// table\n#[inline]", 70));
    assert_eq!(faults(rules::lengths, "tui/a.rs", &wide), 0);
    let file = |mark: &str| format!("//! A.\n{mark}\n{}", "\n".repeat(300));
    assert_eq!(faults(rules::lengths, "tui/a.rs", &file("")), 1);
    assert_eq!(faults(rules::lengths, "tui/a.rs", &file("// table")), 0);
}

#[test]
fn a_missing_header_is_noticed() {
    assert_eq!(faults(rules::headers, "tui/a.rs", "use a;\n"), 1);
    assert_eq!(faults(rules::headers, "tui/a.rs", "//! What it is.\n"), 0);
    assert_eq!(faults(rules::headers, "tui/mod.rs", "//! What it is.\n"), 4);
    let full = "//! A. *In:* a. *Out:* b. *Invariant:* c.\n//! *Absent on purpose:* d.\n";
    assert_eq!(faults(rules::headers, "tui/mod.rs", full), 0);
}

#[test]
fn strange_words_are_noticed() {
    for text in [
        concat!("see /ho", "me/somebody"),
        concat!("from cra", "tes.io"),
        concat!("Co-auth", "ored-by: x"),
        concat!("as the work or", "der says"),
    ] {
        assert_eq!(rules::strangers("a.rs", text).len(), 1, "{text}");
    }
    assert_eq!(
        rules::strangers("a.rs", "Nothing strange, at home.").len(),
        0
    );
}
