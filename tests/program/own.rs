//! A person's own scenarios: listed and run beside ours, made, edited, reloaded, exported.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A home of its own for one test.
struct Home(TempDir);

/// What a command said.
struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// The folder of the person's scenarios.
    fn scenarios(&self) -> PathBuf {
        self.0.path().join("data/loopscope/scenarios")
    }

    /// A scenario of the person's.
    fn scenario(&self, name: &str, text: &str) -> PathBuf {
        fs::create_dir_all(self.scenarios()).unwrap();
        let path = self.scenarios().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Where commands are typed.
    fn desk(&self) -> PathBuf {
        let desk = self.0.path().join("desk");
        fs::create_dir_all(&desk).unwrap();
        desk
    }

    fn variables(&self) -> [(&'static str, PathBuf); 4] {
        [
            ("HOME", self.0.path().to_owned()),
            ("XDG_DATA_HOME", self.0.path().join("data")),
            ("XDG_STATE_HOME", self.0.path().join("state")),
            ("XDG_CONFIG_HOME", self.0.path().join("config")),
        ]
    }

    fn run(&self, words: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_loopscope"))
            .args(words)
            .current_dir(self.desk())
            .envs(self.variables())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Said {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn listed(&self) -> Vec<Value> {
        let said = self.run(&["list", "--json"]);
        let rows: Vec<Value> = serde_json::from_str(&said.out).unwrap();
        let own = rows.into_iter();
        own.filter(|row| row["folder"] == "yours").collect()
    }
}

/// The smallest scenario with this title, which prints this line.
fn small(title: &str, line: &str) -> String {
    format!(
        "title = {title:?}\n[[function]]\nname = \"main\"\nbody = [{{ print = {line:?} }}, \
         {{ sleep = \"200ms\" }}]\n[[start]]\nrun = \"main\"\n"
    )
}

#[test]
fn new_makes_a_scenario_that_runs_and_holds() {
    let home = Home::new();
    let said = home.run(&["new", "my-first"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let path = home.scenarios().join("my-first.toml");
    assert!(
        said.out.contains(&path.display().to_string()),
        "{}",
        said.out
    );
    assert!(said.out.contains("loopscope run my-first"), "{}", said.out);
    for words in [
        &["check", "my-first"][..],
        // Its length is proved in computed time, on any machine.
        &[
            "run", "my-first", "--json", "--clock", "real", "--speed", "5",
        ],
        &["export", "my-first", "--to", "python"],
        &["export", "my-first", "--to", "rust"],
    ] {
        let said = home.run(words);
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{words:?}");
    }
    assert_eq!(home.listed()[0]["id"], "my-first");
}

#[test]
fn the_made_file_shows_each_part_that_it_teaches() {
    let home = Home::new();
    home.run(&["new", "./here.toml"]);
    let text = fs::read_to_string(home.desk().join("here.toml")).unwrap();
    for part in [
        "[[function]]",
        "[[client]]",
        "[[knob]]",
        "[[note]]",
        "[[predict]]",
        "[expect]",
    ] {
        assert!(text.contains(part), "{part}");
    }
    // A word beside each table, so that it can be read from above.
    for (at, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.starts_with('['))
    {
        let before = text.lines().nth(at - 1).unwrap();
        let again = text.lines().take(at).any(|earlier| earlier == line);
        assert!(again || before.starts_with('#'), "line {}: {line}", at + 1);
    }
    assert!(home.listed().is_empty(), "it went where it was told to");
}

#[test]
fn new_replaces_nothing_and_says_why_it_cannot() {
    let home = Home::new();
    let path = home.scenario("mine.toml", "mine");
    let tries: [(&[&str], i32, &str); 5] = [
        (&["new", "mine"], 2, "there already"),
        (&["new", "mine.toml"], 2, "there already"),
        (&["new", "blocking-sleep"], 2, "one of ours"),
        (&["new", "no/such/folder.toml"], 4, "no folder"),
        (&["new", ".."], 2, "names no file"),
    ];
    for (words, code, part) in tries {
        let said = home.run(words);
        assert_eq!((said.code, said.out.as_str()), (code, ""), "{words:?}");
        assert!(said.err.contains(part), "{words:?}: {}", said.err);
        assert_eq!(said.err.lines().count(), 1, "{words:?}: {}", said.err);
    }
    assert_eq!(fs::read_to_string(path).unwrap(), "mine");
    assert_eq!(fs::read_dir(home.scenarios()).unwrap().count(), 1);
}

#[test]
fn own_scenarios_are_named_by_id_everywhere() {
    let home = Home::new();
    home.scenario("07-queue.toml", &small("A queue", "mine"));
    for words in [
        &["run", "queue", "--plain"][..],
        &["check", "queue"],
        &["export", "queue", "--to", "text"],
        &["run", "queue", "--json"],
    ] {
        let said = home.run(words);
        assert_eq!(said.code, 0, "{words:?}: {}", said.err);
    }
    // Found, and only a terminal is missing.
    let said = home.run(&["compare", "queue", "blocking-sleep"]);
    assert!(said.err.contains("not a terminal"), "{}", said.err);
    let said = home.run(&["run", "quueue", "--plain"]);
    assert!(said.err.contains("did you mean queue?"), "{}", said.err);
}

#[test]
fn ours_keep_their_names_and_numbers() {
    let home = Home::new();
    home.scenario("02-blocking-sleep.toml", &small("Other", "other"));
    home.scenario("blocking-sleep.toml", &small("Another", "another"));
    home.scenario("60-mine.toml", &small("Mine", "mine"));
    let rows = home.listed();
    let ids: Vec<&Value> = rows.iter().map(|row| &row["id"]).collect();
    assert_eq!(ids, ["02-blocking-sleep", "mine", "blocking-sleep-2"]);
    assert!(rows.iter().all(|row| row["number"] == ""));
    for (id, line) in [
        ("02-blocking-sleep", "other"),
        ("blocking-sleep-2", "another"),
    ] {
        let said = home.run(&["run", id, "--plain"]);
        assert!(said.out.contains(&format!("prints {line}")), "{}", said.out);
    }
    let said = home.run(&["run", "2", "--plain", "--clock", "virtual"]);
    assert!(said.out.contains("prints Hello"), "{}", said.out);
    assert_ne!(home.run(&["run", "80", "--plain"]).code, 0);
}

#[test]
fn a_broken_file_is_listed_and_says_what_is_wrong() {
    let home = Home::new();
    home.scenario("broken.toml", "title = 3\n");
    home.scenario("empty.toml", "");
    home.scenario(".hidden.toml", "");
    home.scenario("no-scenario.txt", "");
    let rows = home.listed();
    let titles: Vec<&Value> = rows.iter().map(|row| &row["title"]).collect();
    assert_eq!(
        titles,
        ["broken.toml: 2 mistakes", "empty.toml: cannot be opened"]
    );
    let said = home.run(&["run", "broken", "--plain"]);
    assert_eq!(said.code, 3);
    assert!(said.err.contains("broken.toml:1:9"), "{}", said.err);
}
