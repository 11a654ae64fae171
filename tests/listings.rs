//! Every step has its line in both listings, and no line is wider than 32 columns.

use std::fmt::Write as _;
use std::path::Path;

use loopscope::scenario::{self, COLUMNS, Choices, FileName, Scenario};
use loopscope::trace::{Language, Story};
use unicode_width::UnicodeWidthStr;

fn load(source: &str) -> Scenario {
    let file = FileName::from_path(Path::new("test.toml"));
    scenario::load(source, &file, &Choices::default())
        .unwrap_or_else(|problems| panic!("{problems}"))
}

/// The listing as text.
fn text(story: &Story, language: Language) -> Vec<String> {
    let listing = story.listing(language).expect("both listings are there");
    let lines = listing.lines.iter();
    lines
        .map(|line| line.iter().map(|token| token.text.as_str()).collect())
        .collect()
}

/// Every step stands where it says, and every line fits.
fn check(story: &Story) {
    assert!(!story.listings.is_empty(), "{}", story.id);
    for language in story.listings.iter().map(|listing| listing.language) {
        let lines = text(story, language);
        for line in &lines {
            assert!(line.width() <= COLUMNS, "{}: {line}", story.id);
        }
        for step in &story.steps {
            let line = step.line.of(language);
            assert!(line > 0, "{}: `{}` has no line", story.id, step.key);
            let written = lines.get(line as usize - 1);
            assert!(written.is_some_and(|text| !text.trim().is_empty()));
            let words = match language {
                Language::Python => &step.python,
                Language::Rust => &step.rust,
            };
            assert!(!words.is_empty(), "{}: `{}`", story.id, step.key);
            assert_eq!(words.trim(), words);
        }
    }
}

fn shown(story: &Story) -> String {
    let mut all = String::new();
    for language in [Language::Python, Language::Rust] {
        for (at, line) in text(story, language).iter().enumerate() {
            writeln!(all, "{:>3} {line}", at + 1).expect("a string takes everything");
        }
        all.push('\n');
    }
    for step in &story.steps {
        let line = step.line;
        let (python, rust) = (&step.python, &step.rust);
        writeln!(
            all,
            "{:>2} {:>2}  {python}  |  {rust}",
            line.python, line.rust
        )
        .expect("a string takes everything");
    }
    all
}

#[test]
fn ours_fit() {
    let all = scenario::library::all();
    assert!(all.len() >= 6);
    for entry in &all {
        let scenario = scenario::load(&entry.source, &entry.file, &Choices::default())
            .unwrap_or_else(|problems| panic!("{problems}"));
        check(&scenario.story);
    }
}

#[test]
fn blocking_sleep_is_the_one_of_the_screens() {
    let entry = scenario::library::find("2").expect("02 is ours");
    let scenario = scenario::load(&entry.source, &entry.file, &Choices::default())
        .unwrap_or_else(|problems| panic!("{problems}"));
    let expected = [
        "app = FastAPI()",
        "@app.get(\"/ping\")",
        "async def ping():",
        "    print(\"Hello\")",
        "    time.sleep(5)",
        "    print(\"bye\")",
        "    return \"pong\"",
    ];
    assert_eq!(text(&scenario.story, Language::Python), expected);
    assert_eq!(scenario.story.steps[1].line.python, 5);
    assert_eq!(scenario.story.steps[1].python, "time.sleep(5)");
}

/// One of each step, in every form that is listed differently.
const EVERY_STEP: &str = r#"
title = "Every step"

[[function]]
name = "main"
body = [
  { print = "a short line" },
  { print = "a line that is \"much\" longer than thirty-two columns {{x}} are" },
  { sleep = "20ms" },
  { block = "1.5s" },
  { cpu = "250us" },
  { yield = true },
  { spawn_blocking = [{ block = "5s" }] },
  { spawn_blocking = [{ print = "in the pool" }, { cpu = "1s" }] },
  { spawn_blocking = "plain" },
  { spawn_blocking = "plain", detach = true },
  { spawn_blocking = [{ cpu = "2s" }], detach = true },
  { spawn = "work", as = "job" },
  { spawn = "work", detach = true },
  { await = "job" },
  { call = "work" },
  { call = "plain" },
  { gather = ["work", "work"] },
  { gather = ["work", "work", "work", "a_name_that_is_lon"] },
  { repeat = 3, do = [{ print = "again" }, { repeat = 2, do = [] }] },
  { return = true },
]

[[function]]
name = "work"
body = []

[[function]]
name = "a_name_that_is_lon"
body = []

[[function]]
name = "a_handler_too_long"
route = "/a/rather/long/route/to/it"
body = [{ respond = "an answer that is longer than one line of the listing" }]

[[function]]
name = "plain"
async = false
body = [{ block = "1ns" }]

[[start]]
run = "main"

[[start]]
run = "work"
at = "2s"
"#;

#[test]
fn every_step_is_listed_in_both_languages() {
    let scenario = load(&EVERY_STEP.replace("1ns", "0.001us"));
    check(&scenario.story);
    for key in scenario::schema::steps() {
        let there = scenario.story.steps.iter().any(|step| step.key == key);
        assert!(there, "the test has no `{key}`");
    }
    let expected = snapbox::Data::read_from(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/every_step.txt"),
        None,
    );
    snapbox::Assert::new()
        .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
        .eq(shown(&scenario.story), expected.raw());
}

#[test]
fn deep_and_wide_bodies_still_fit() {
    let mut body =
        "{ print = \"日本語のとても長いテキストは三十二列に収まりません、だから分けます\" }, \
        { spawn_blocking = [{ block = \"1s\" }] }"
            .to_owned();
    for _ in 0..14 {
        body = format!("{{ repeat = 1, do = [{body}] }}");
    }
    let source = format!(
        "title = \"Deep\"\n[[function]]\nname = \"main\"\nbody = [{body}]\n[[start]]\nrun = \"main\"\n"
    );
    check(&load(&source).story);
}
