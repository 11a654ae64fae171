//! The rules; each gives a sentence for every fault.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, words};

/// The longest file, in lines.
const FILE: usize = 300;
/// The longest function, in lines of code.
const FUNCTION: usize = 60;

/// What each layer may import.
const ARROWS: &[(&str, &[&str])] = &[
    ("trace", &[]),
    ("scenario", &["trace"]),
    ("probe", &["trace"]),
    ("timeline", &["trace"]),
    ("engine", &["scenario", "probe", "trace"]),
    ("export", &["trace", "timeline"]),
    ("tui", &["trace", "timeline"]),
    (
        "cli",
        &[
            "scenario", "engine", "probe", "trace", "timeline", "export", "tui",
        ],
    ),
];

/// Where each foreign crate may be named; an empty list is everywhere.
const HOMES: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["scenario/"]),
    ("anstyle_query", &["cli/", "tui/"]),
    ("anyhow", &["cli/", "main.rs"]),
    ("clap", &["cli/", "main.rs"]),
    ("clap_complete", &["cli/"]),
    ("clap_mangen", &["cli/"]),
    ("console_subscriber", &["probe/"]),
    ("crossterm", &["tui/terminal.rs", "tui/terminal/"]),
    ("etcetera", &["cli/"]),
    ("notify", &["cli/"]),
    ("quanta", &["probe/", "engine/"]),
    ("ratatui", &["tui/"]),
    ("rtrb", &["probe/"]),
    ("rust_embed", &["scenario/"]),
    ("rustix", &["cli/", "engine/", "probe/", "tui/"]),
    ("serde", &[]),
    (
        "serde_json",
        &["cli/", "engine/", "export/", "scenario/", "trace/"],
    ),
    ("serde_spanned", &["scenario/"]),
    ("signal_hook", &["cli/", "tui/"]),
    ("strsim", &["cli/", "scenario/"]),
    ("terminal_colorsaurus", &["cli/", "tui/"]),
    ("thiserror", &[]),
    ("tokio", &["engine/", "probe/"]),
    ("tokio_metrics", &["probe/"]),
    ("tokio_stream", &["probe/"]),
    ("toml", &["cli/", "scenario/"]),
    ("tonic", &["probe/"]),
    ("tracing", &["probe/"]),
    ("tracing_subscriber", &["probe/"]),
    ("tui_input", &["tui/"]),
    ("unicode_segmentation", &["export/", "scenario/", "tui/"]),
    ("unicode_width", &["export/", "scenario/", "tui/"]),
];

/// Imports that go against the arrows.
pub fn arrows(source: &Source) -> Vec<String> {
    let layer = source.layer();
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == layer) else {
        return match layer {
            "lib" | "main" => Vec::new(),
            _ => vec![format!("src/{}: {layer} is no layer", source.name)],
        };
    };
    source
        .imports()
        .into_iter()
        .filter(|import| ARROWS.iter().any(|(name, _)| name == import))
        .filter(|import| !allowed.contains(&import.as_str()))
        .map(|import| format!("src/{}: {layer} must not import {import}", source.name))
        .collect()
}

/// Layers that import one another in a ring.
pub fn cycles(edges: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut left = edges.clone();
    // Whoever imports nobody that is left cannot be in a ring.
    while let Some(free) = left
        .iter()
        .find(|(_, to)| to.iter().all(|name| !left.contains_key(name)))
        .map(|(name, _)| name.clone())
    {
        left.remove(&free);
    }
    if left.is_empty() {
        return Vec::new();
    }
    let names: Vec<_> = left.into_keys().collect();
    vec![format!("a ring of imports: {}", names.join(", "))]
}

/// Foreign crates that are named far from home.
pub fn homes(source: &Source) -> Vec<String> {
    HOMES
        .iter()
        .filter(|(_, homes)| !homes.is_empty())
        .filter(|(_, homes)| !homes.iter().any(|home| source.name.starts_with(home)))
        .filter(|(name, _)| names(&source.code, name))
        .map(|(name, _)| format!("src/{}: {name} must not be named here", source.name))
        .collect()
}

fn names(code: &str, name: &str) -> bool {
    words(code, name).any(|place| {
        let before = code[..place].trim_end();
        let rest = code[place + name.len()..].trim_start();
        let foreign = !before.ends_with("::") || before.ends_with("{::");
        foreign && (rest.starts_with("::") || (before.ends_with("use") && rest.starts_with(';')))
    })
}

/// Dependencies that the table of homes does not have.
pub fn homeless(manifest: &str) -> Vec<String> {
    let section = manifest
        .split("\n[")
        .find_map(|part| part.trim_start_matches('[').strip_prefix("dependencies]\n"));
    section
        .unwrap_or("")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name.trim().replace('-', "_"))
        .filter(|name| !HOMES.iter().any(|(known, _)| known == name))
        .map(|name| format!("Cargo.toml: {name} has no home in this test"))
        .collect()
}

/// Files and functions that are too long.
pub fn lengths(source: &Source) -> Vec<String> {
    let lines: Vec<&str> = source.text.lines().collect();
    let mark = |line: &&str| line.starts_with("//") && line.ends_with(" table");
    let is_table = lines.iter().take(12).any(mark);
    let mut faults = Vec::new();
    if lines.len() > FILE && !is_table {
        faults.push(format!(
            "src/{}: {} lines, {FILE} at most",
            source.name,
            lines.len()
        ));
    }
    for (line, length) in functions(&source.code) {
        if length > FUNCTION && !marked(&lines, line) {
            faults.push(format!(
                "src/{}:{}: a function of {length} lines, {FUNCTION} at most",
                source.name,
                line + 1
            ));
        }
    }
    faults
}

/// Whether the comments and attributes above a line say that this is a table.
fn marked(lines: &[&str], line: usize) -> bool {
    lines[..line]
        .iter()
        .rev()
        .map(|above| above.trim())
        .take_while(|above| !above.is_empty() && !above.ends_with('}') && !above.ends_with('{'))
        .any(|above| above == "// table")
}

/// The line of each function, and how many lines of code its body has.
fn functions(code: &str) -> Vec<(usize, usize)> {
    words(code, "fn")
        .filter_map(|place| {
            let open = place + code[place..].find(['{', ';'])?;
            if code[open..].starts_with(';') {
                return None;
            }
            let mut depth = 0_usize;
            let close = code[open..].char_indices().find_map(|(at, letter)| {
                match letter {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                (depth == 0).then_some(open + at)
            })?;
            let body = &code[open + 1..close];
            let length = body.lines().filter(|line| !line.trim().is_empty()).count();
            Some((code[..place].matches('\n').count(), length))
        })
        .collect()
}

/// Files that do not say what they are.
pub fn headers(source: &Source) -> Vec<String> {
    if source.name == "lib.rs" {
        // It has the picture for its header.
        return Vec::new();
    }
    if !source.text.starts_with("//! ") {
        return vec![format!(
            "src/{}: begins with no `//!` sentence",
            source.name
        )];
    }
    if !source.name.ends_with("mod.rs") {
        return Vec::new();
    }
    let header: String = source
        .text
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .collect();
    ["*In:*", "*Out:*", "*Invariant:*", "*Absent on purpose:*"]
        .into_iter()
        .filter(|part| !header.contains(part))
        .map(|part| format!("src/{}: the header has no {part}", source.name))
        .collect()
}

/// What must not be in the project: paths of a machine, and words about how it was made.
const STRANGERS: &[&str] = &[
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/"),
    concat!("/Us", "ers/"),
    concat!("cra", "tes.io"),
    concat!("py", "pi.org"),
    concat!("npm", "js."),
    concat!("Co-auth", "ored-by"),
    concat!("work or", "der"),
    concat!("CONTR", "ACT.md"),
    concat!("BR", "IEF.md"),
];

/// Lines that speak of something else than the project.
pub fn strangers(name: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for word in STRANGERS.iter().filter(|word| line.contains(*word)) {
            faults.push(format!("{name}:{}: {word:?} has no place here", number + 1));
        }
    }
    faults
}
