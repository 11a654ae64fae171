//! Every mistake of a file is said at once, with its place and its cure.
//!
//! `SNAPSHOTS=overwrite cargo test --test diagnostics` writes the expected texts anew.

use std::path::{Path, PathBuf};

use loopscope::VOCABULARY;
use loopscope::scenario::{self, Choices, FileName, Problems};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_scenarios")
}

fn problems(bytes: &[u8], path: &str, choices: &Choices) -> Problems {
    let file = FileName::from_path(Path::new(path));
    scenario::load_bytes(bytes, &file, choices, &VOCABULARY).expect_err("the file has mistakes")
}

#[test]
fn bad_files_are_told_in_full() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    assert!(files.len() >= 10);
    for path in files {
        let bytes = std::fs::read(&path).expect("the file can be read");
        let name = path.file_name().expect("a name").to_string_lossy();
        let found = problems(&bytes, &name, &Choices::default());
        assert!(found.list.is_sorted_by_key(|found| found.span.start));
        let text = found.render(false);
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{name}");
        let expected = snapbox::Data::read_from(&path.with_extension("txt"), None).raw();
        snapbox::Assert::new()
            .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
            .eq(text, expected);
    }
}

const GOOD: &str = r#"
title = "Knobs"
[[function]]
name = "f"
route = "/f"
body = [{ sleep = "{ms}ms" }, { print = "{{x}} {ms} {not a knob}" }, { respond = "ok" }]
[[client]]
name = "c"
requests = [{ route = "/f", times = "{many}", every = "{ms}ms", at = "1s" }, { route = "/f" }]
[[knob]]
name = "ms"
default = 10
min = 1
max = 100
[[knob]]
name = "many"
default = 2
min = 1
max = 5
[expect]
output = ["{x} 10 {not a knob}", "{x} 10 {not a knob}", "{x} 10 {not a knob}"]
"#;

fn turned(knobs: &[(&str, i64)]) -> Choices {
    let knobs = knobs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), *value));
    Choices {
        knobs: knobs.collect(),
        ..Choices::default()
    }
}

#[test]
fn one_of_a_thing_is_not_told_as_many() {
    let told = |id: &str, knobs: &[(&str, i64)]| {
        let entry = loopscope::library::find(id).expect("it is ours");
        let loaded = scenario::load(&entry.source, &entry.file, &turned(knobs), &VOCABULARY);
        loaded.expect("it is right").story
    };
    let story = told("16", &[("requests", 1)]);
    assert_eq!(story.title, "1 request, time.sleep()");
    let asked = &story.questions[0].ask;
    assert_eq!(asked, "How long until the request is answered?");
    let story = told("16", &[("requests", 2)]);
    assert_eq!(story.title, "2 requests, time.sleep()");
    let story = told("19", &[("requests", 1), ("threads", 1)]);
    assert!(story.asks.contains("a pool of 1 thread."), "{}", story.asks);
}

#[test]
fn knobs_stand_for_their_values() {
    let file = FileName::from_path(Path::new("k.toml"));
    let expected = GOOD
        .replace("[\"{x}", "[\"{{x}}")
        .replace(", \"{x}", ", \"{{x}}");
    let choices = turned(&[("ms", 30), ("many", 3)]);
    let scenario =
        scenario::load(&expected, &file, &choices, &VOCABULARY).unwrap_or_else(|p| panic!("{p}"));
    let story = &scenario.story;
    let at: Vec<u64> = story
        .planned
        .iter()
        .map(|sent| sent.at.0 / 1_000_000)
        .collect();
    assert_eq!(at, [0, 1000, 1030, 1060]);
    assert_eq!(story.steps[1].python, "print(\"{x} 30 {not a knob}\")");
    assert_eq!(story.knobs[0].value, 30);
    assert_eq!(story.knobs[0].default, 10);
}

#[test]
fn choices_are_checked_like_the_file() {
    let source = GOOD
        .replace("[\"{x}", "[\"{{x}}")
        .replace(", \"{x}", ", \"{{x}}");
    let found = problems(
        source.as_bytes(),
        "k.toml",
        &turned(&[("mny", 2), ("ms", 101)]),
    );
    let said: Vec<&str> = found
        .list
        .iter()
        .map(|found| found.message.as_str())
        .collect();
    assert_eq!(
        said,
        ["there is no knob `mny`", "the knob `ms` cannot be 101"]
    );
    assert!(
        found
            .list
            .iter()
            .all(|found| found.code == "knob" && found.span == (0..0))
    );
    assert!(found.render(false).contains("did you mean `many`?"));
    for speed in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let choices = Choices {
            speed: Some(speed),
            ..Choices::default()
        };
        let found = problems(source.as_bytes(), "k.toml", &choices);
        assert_eq!(found.list[0].code, "speed");
    }
}

#[test]
fn bytes_that_are_no_text_are_said_so() {
    let found = problems(b"title = \"\xff\xfe\"", "x.toml", &Choices::default());
    assert_eq!(found.list[0].code, "unreadable");
    assert_eq!((found.list[0].line, found.list[0].column), (1, 10));
    let large = vec![b'#'; (1 << 20) + 1];
    let found = problems(&large, "x.toml", &Choices::default());
    assert!(found.list[0].message.contains("the limit is 1048576"));
}

#[test]
fn colors_only_where_asked_for() {
    let found = problems(b"titel = 1", "a\x1b[31m.toml", &Choices::default());
    assert!(!found.render(false).contains('\x1b'));
    assert!(found.render(true).contains('\x1b'));
    assert!(!found.render(true).contains("\x1b[31m.toml"));
    assert_eq!(found.to_json()[0]["line"], 1);
}

/// A file that is wrong throughout is refused quickly, and in bounded space.
#[test]
fn a_megabyte_of_mistakes_ends_soon() {
    for piece in [
        "{ ",
        "[[x]]\n",
        "a=1,",
        "[",
        "x = [{a=\"\n",
        "[[function]]\nbody=[{\n",
        "\u{301}é",
    ] {
        let source = piece.repeat((1 << 20) / piece.len());
        let begun = std::time::Instant::now();
        let found = problems(source.as_bytes(), "x.toml", &Choices::default());
        assert!(found.list.len() <= 200);
        assert!(found.render(false).len() < 1 << 18);
        assert!(
            begun.elapsed().as_secs() < 30,
            "{piece:?} took {:?}",
            begun.elapsed()
        );
    }
}
