//! The rules about single files; each gives a sentence for every fault.

use crate::source::{Source, words};

/// The longest file, in lines.
const FILE: usize = 300;
/// The longest function, in lines of code.
const FUNCTION: usize = 60;
/// What 99 of 100 functions do not exceed, in lines of code.
const MOST_FUNCTIONS: usize = 45;
/// What half of all files do not exceed, in lines.
const MOST_FILES: usize = 170;
/// The most files, and the most of one room without its face.
const FILES: usize = 720;
const ROOM: usize = 20;

/// Where each foreign crate may be named: a crate of ours, or a folder or file of one. An empty list
/// is everywhere.
const HOMES: &[(&str, &[&str])] = &[
    ("addr2line", &["loopscope-stack/image/"]),
    ("annotate_snippets", &["loopscope-lab/scenario/"]),
    ("anstyle_query", &["loopscope/"]),
    ("clap", &["loopscope/cli/"]),
    ("clap_complete", &["loopscope/cli/"]),
    ("clap_mangen", &["loopscope/cli/"]),
    ("console_subscriber", &["loopscope-probe/"]),
    ("crossterm", &["loopscope-tui/terminal/"]),
    ("etcetera", &["loopscope/"]),
    ("framehop", &["loopscope-stack/"]),
    ("http", &["loopscope-probe/"]),
    ("imbl", &["loopscope-timeline/"]),
    ("memchr", &["loopscope-stack/image/"]),
    ("nix", &["loopscope-stack/", "loopscope-tui/terminal/"]),
    ("notify", &["loopscope/"]),
    ("object", &["loopscope-stack/image/"]),
    ("parking_lot", &[]),
    (
        "pin_project_lite",
        &["loopscope-probe/", "loopscope-lab/engine/"],
    ),
    ("portable_pty", &["loopscope-watch/start/"]),
    ("quanta", &["loopscope-probe/"]),
    ("ratatui", &["loopscope-tui/"]),
    ("rtrb", &["loopscope-probe/"]),
    ("rust_embed", &["loopscope/"]),
    ("rustc_demangle", &["loopscope-stack/image/"]),
    (
        "rustix",
        &[
            "loopscope/",
            "loopscope-lab/engine/",
            "loopscope-probe/",
            "loopscope-tui/",
            "loopscope-watch/",
        ],
    ),
    ("serde", &[]),
    ("serde_json", &[]),
    ("serde_spanned", &["loopscope-lab/scenario/"]),
    ("shell_words", &["loopscope/"]),
    ("signal_hook", &["loopscope/", "loopscope-tui/terminal/"]),
    ("similar", &["loopscope-tui/"]),
    ("strsim", &["loopscope/", "loopscope-lab/scenario/"]),
    ("tempfile", &["loopscope/", "loopscope-watch/start/"]),
    ("terminal_colorsaurus", &["loopscope/", "loopscope-tui/"]),
    ("thiserror", &[]),
    ("tokio", &["loopscope-lab/engine/", "loopscope-probe/"]),
    ("tokio_metrics", &["loopscope-probe/"]),
    ("tokio_stream", &["loopscope-probe/"]),
    ("toml", &["loopscope/", "loopscope-lab/scenario/"]),
    ("tonic", &["loopscope-probe/"]),
    ("tower_layer", &["loopscope-probe/"]),
    ("tower_service", &["loopscope-probe/"]),
    ("tracing", &["loopscope-probe/"]),
    ("tracing_core", &["loopscope-probe/"]),
    ("tracing_subscriber", &["loopscope-probe/"]),
    ("tui_input", &["loopscope-tui/"]),
    (
        "unicode_segmentation",
        &["loopscope/", "loopscope-lab/scenario/", "loopscope-tui/"],
    ),
    (
        "unicode_width",
        &["loopscope/", "loopscope-lab/scenario/", "loopscope-tui/"],
    ),
];

/// Foreign crates that are named far from home.
pub fn homes(source: &Source) -> Vec<String> {
    HOMES
        .iter()
        .filter(|(_, homes)| !homes.is_empty())
        .filter(|(_, homes)| !homes.iter().any(|home| source.name.starts_with(home)))
        .filter(|(name, _)| names(&source.code, name))
        .map(|(name, _)| format!("{}: {name} must not be named here", source.name))
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

/// Dependencies of a crate that the table of homes does not have, or has elsewhere.
pub fn homeless(member: &str, dependencies: &[String]) -> Vec<String> {
    let mut faults = Vec::new();
    let foreign = dependencies
        .iter()
        .filter(|name| !name.starts_with("loopscope"));
    for name in foreign.map(|name| name.replace('-', "_")) {
        let home = HOMES.iter().find(|(known, _)| *known == name);
        match home {
            None => faults.push(format!("{member}: {name} has no home in this test")),
            Some((_, homes)) => {
                let own = format!("{member}/");
                if !homes.is_empty() && !homes.iter().any(|home| home.starts_with(&own)) {
                    faults.push(format!("{member}: {name} has its home elsewhere"));
                }
            }
        }
    }
    faults
}

/// Dependencies of a crate that none of its files names.
pub fn unused(member: &str, dependencies: &[String], sources: &[Source]) -> Vec<String> {
    let named = |name: &&String| {
        let word = name.replace('-', "_");
        let mut own = sources.iter().filter(|source| source.member() == member);
        own.any(|source| words(&source.code, &word).next().is_some())
    };
    let dependencies = dependencies.iter().filter(|name| !named(name));
    dependencies
        .map(|name| format!("{member}: nothing needs {name}"))
        .collect()
}

/// Files and functions that are too long.
pub fn lengths(source: &Source) -> Vec<String> {
    let length = source.text.lines().count();
    let mut faults = Vec::new();
    if length > FILE && !source.is_table() {
        faults.push(format!("{}: {length} lines, {FILE} at most", source.name));
    }
    for (line, length) in functions(source) {
        if length > FUNCTION {
            faults.push(format!(
                "{}:{line}: a function of {length} lines, {FUNCTION} at most",
                source.name,
            ));
        }
    }
    faults
}

/// What cannot be said of a single file: how many there are, and how long they usually are.
pub fn measures(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut limit = |what: &str, found: usize, most: usize| {
        if found > most {
            faults.push(format!("{what}: {found}, {most} at most"));
        }
    };
    let mut files: Vec<usize> = sources.iter().map(|one| one.text.lines().count()).collect();
    let of_functions = sources.iter().flat_map(functions);
    let mut all: Vec<usize> = of_functions.map(|(_, length)| length).collect();
    files.sort_unstable();
    all.sort_unstable();
    let median = files.get(files.len() / 2).copied().unwrap_or(0);
    let p99 = all.get(all.len() * 99 / 100).copied().unwrap_or(0);
    println!(
        "{} files, {} lines, {median} the median; {} functions, p99 {p99}",
        files.len(),
        files.iter().sum::<usize>(),
        all.len()
    );
    limit("files", files.len(), FILES);
    limit("lines of the median file", median, MOST_FILES);
    limit(
        "lines of what 99 of 100 functions are shorter than",
        p99,
        MOST_FUNCTIONS,
    );
    let mut rooms = std::collections::BTreeMap::new();
    for source in sources.iter().filter(|source| !source.is_face()) {
        *rooms.entry(source.room()).or_insert(0) += 1;
    }
    for (room, files) in rooms {
        limit(&format!("files in {room}"), files, ROOM);
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

/// The line of each function that is no table, and how many lines of code its body has.
fn functions(source: &Source) -> Vec<(usize, usize)> {
    let code = &source.code;
    let lines: Vec<&str> = source.text.lines().collect();
    let all = words(code, "fn").filter_map(|place| {
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
    });
    all.filter(|(line, _)| !marked(&lines, *line))
        .map(|(line, length)| (line + 1, length))
        .collect()
}

/// Files that do not say what they are.
pub fn headers(source: &Source) -> Vec<String> {
    let whole = source.inner() == "lib.rs" && source.text.starts_with("#![doc = include_str!");
    if source.text.starts_with("//! ") || whole {
        return Vec::new();
    }
    vec![format!("{}: begins with no `//!` sentence", source.name)]
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
    concat!("HOU", "SE.md"),
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
