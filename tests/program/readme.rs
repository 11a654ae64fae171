//! The README's commands are run, its file is checked, and its table of states is the program's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const README: &str = include_str!("../../README.md");

fn blocks(language: &str) -> impl Iterator<Item = &'static str> {
    README
        .split(&format!("```{language}\n"))
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect::<Vec<_>>()
        .into_iter()
}

fn run(folder: &Path, words: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(words.split_whitespace().skip(1))
        .current_dir(folder)
        .env("XDG_STATE_HOME", folder)
        .env("XDG_DATA_HOME", folder)
        .env("XDG_CONFIG_HOME", folder)
        .output()
        .expect("the program starts")
}

#[test]
fn its_commands_do_what_it_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = blocks("toml").next().expect("a scenario file");
    fs::write(folder.path().join("mine.toml"), file).expect("it can be written");
    let commands: Vec<_> = blocks("console")
        .flat_map(str::lines)
        .filter_map(|line| line.strip_prefix("$ "))
        .collect();
    assert!(commands.len() >= 8, "{commands:?}");
    for command in commands {
        assert!(command.starts_with("loopscope "), "{command}");
        let output = run(folder.path(), command);
        let errors = String::from_utf8_lossy(&output.stderr);
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{command}\n{text}\n{errors}");
        assert!(!output.stdout.is_empty(), "{command} prints nothing");
        assert_eq!(errors, "", "{command}");
    }
}

/// Its pictures are what its commands for pictures write; `SNAPSHOTS=overwrite` writes them anew.
#[test]
fn its_pictures_are_made_by_the_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let commands = blocks("console").flat_map(str::lines);
    let commands: Vec<_> = commands
        .filter_map(|line| line.strip_prefix("$ "))
        .filter(|command| command.contains("--to svg"))
        .collect();
    let files = ["blocked-loop.svg", "comparison.svg"];
    assert_eq!(commands.len(), files.len(), "{commands:?}");
    for (command, file) in commands.iter().zip(files) {
        let shown = format!("docs/pictures/{file}");
        assert!(README.contains(&format!("]({shown})")), "{shown}");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&shown);
        let made = run(folder.path(), command).stdout;
        if std::env::var_os("SNAPSHOTS").is_some_and(|wish| wish == "overwrite") {
            fs::write(&path, &made).expect("it can be written");
        }
        let kept = fs::read(&path).unwrap_or_default();
        assert!(made == kept, "{shown} is not what {command} writes");
    }
}

#[test]
fn its_first_screen_says_what_it_is_and_how_to_begin() {
    let first: Vec<_> = README.lines().take(40).collect();
    let first = first.join("\n");
    for part in [
        "oscilloscope",
        "holds the loop's only thread",
        "cargo run --release",
        "cargo test",
    ] {
        assert!(first.contains(part), "{part}");
    }
}

/// All pages of the project: where each is, and its text.
fn pages() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let below = |folder: &str, inner: &str| {
        let entries = fs::read_dir(root.join(folder)).expect("a folder");
        let paths = entries.flatten().map(|entry| entry.path().join(inner));
        paths.collect::<Vec<_>>()
    };
    let mut paths = below("docs", "");
    paths.extend(below("crates", "README.md"));
    paths.extend(["README.md", "CHANGELOG.md", "src/README.md"].map(|name| root.join(name)));
    let texts = paths.into_iter().filter_map(|path| {
        let text = fs::read_to_string(&path).ok()?;
        Some((path, text))
    });
    texts.collect()
}

#[test]
fn all_links_lead_somewhere() {
    let mut links = 0;
    for (path, text) in pages() {
        let folder = path.parent().expect("it is in one");
        let targets = text.split("](").skip(1);
        for link in targets.filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            // Anchors, other places, and names of the code: rustdoc holds those of a crate's page.
            let is_name = link.contains("::") || !link.contains(['.', '/']);
            if file.is_empty() || is_name || link.starts_with("http") {
                continue;
            }
            links += 1;
            assert!(folder.join(file).exists(), "{}: {link}", path.display());
        }
    }
    assert!(links > 8, "{links}");
}

#[test]
fn the_guide_names_what_is_there() {
    const OURS: [&str; 6] = ["crates/", "src/", "tests/", "docs/", "scenarios/", ".ci/"];

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = ["docs/contributing.md", "src/README.md"];
    for page in pages {
        let text = fs::read_to_string(root.join(page)).expect("a page");
        let words = text.split('`').skip(1).step_by(2);
        let ours = words.filter(|word| OURS.iter().any(|start| word.starts_with(start)));
        for path in ours.filter(|path| !path.contains('*')) {
            assert!(root.join(path).exists(), "{page}: {path}");
        }
    }
}
