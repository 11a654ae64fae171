//! The README's commands are run, its file is checked, and its table of states is the program's own.

use std::fs;
use std::path::Path;
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

#[test]
fn its_links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for link in README
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
    {
        assert!(root.join(link).exists(), "{link}");
    }
}
