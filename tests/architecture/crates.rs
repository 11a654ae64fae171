//! The rules about the crates of the workspace: their arrows, and how much they bring along.

/// What each crate of ours may depend on, of ours.
const ARROWS: &[(&str, &[&str])] = &[
    ("loopscope-trace", &[]),
    ("loopscope-probe", &["loopscope-trace"]),
    ("loopscope-stack", &[]),
    ("loopscope-watch", &["loopscope-trace", "loopscope-stack"]),
    ("loopscope-timeline", &["loopscope-trace"]),
    ("loopscope-lab", &["loopscope-trace", "loopscope-probe"]),
    (
        "loopscope-protocol",
        &["loopscope-trace", "loopscope-timeline"],
    ),
    (
        "loopscope-tui",
        &[
            "loopscope-trace",
            "loopscope-timeline",
            "loopscope-protocol",
        ],
    ),
    (
        "loopscope",
        &[
            "loopscope-trace",
            "loopscope-probe",
            "loopscope-timeline",
            "loopscope-lab",
            "loopscope-protocol",
            "loopscope-tui",
            "loopscope-watch",
        ],
    ),
];

/// How many packages a library that others use may bring along.
pub const PACKAGES: &[(&str, usize)] = &[("loopscope-trace", 20), ("loopscope-probe", 60)];

/// How many programs `cargo test` may have to link.
pub const BINARIES: usize = 12;

/// Whether a library's tests inside itself are a program of their own.
pub fn is_tested_inside(manifest: &str) -> bool {
    let section = manifest.split("\n[lib]\n").nth(1);
    let section = section.and_then(|rest| rest.split("\n[").next());
    !section.is_some_and(|lines| lines.lines().any(|line| line == "test = false"))
}

/// The names in a section of a manifest.
pub fn dependencies(manifest: &str) -> Vec<String> {
    let section = manifest
        .split("\n[")
        .find_map(|part| part.trim_start_matches('[').strip_prefix("dependencies]\n"));
    section
        .unwrap_or("")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim().trim_end_matches(".workspace").to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

/// Dependencies between our crates that go against the arrows.
pub fn arrows(member: &str, dependencies: &[String]) -> Vec<String> {
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == member) else {
        return vec![format!("{member} has no arrows in this test")];
    };
    dependencies
        .iter()
        .filter(|name| name.starts_with("loopscope"))
        .filter(|name| !allowed.contains(&name.as_str()))
        .map(|name| format!("{member} must not depend on {name}"))
        .collect()
}

/// A crate that brings more along than it may; `tree` has a package a line.
pub fn heavy(member: &str, most: usize, tree: &str) -> Vec<String> {
    let packages: std::collections::BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != member)
        .collect();
    println!("{member}: {} packages", packages.len());
    if packages.len() <= most {
        return Vec::new();
    }
    vec![format!(
        "{member}: {} packages, {most} at most",
        packages.len()
    )]
}
