//! Every step has its line in both listings, and no line is wider than 32 columns.

use std::fmt::Write as _;
use std::path::Path;

use loopscope::VOCABULARY;
use loopscope::scenario::{self, COLUMNS, Choices, FileName, Scenario};
use loopscope::trace::{Language, Story};
use unicode_width::UnicodeWidthStr;

fn load(source: &str) -> Scenario {
    let file = FileName::from_path(Path::new("test.toml"));
    scenario::load(source, &file, &Choices::default(), &VOCABULARY)
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
    let listed = |language: &Language| {
        let mut listings = story.listings.iter();
        listings.any(|listing| listing.language == *language)
    };
    for language in [Language::Python, Language::Rust]
        .into_iter()
        .filter(listed)
    {
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
    let all = loopscope::library::all();
    assert!(all.len() >= 6);
    for entry in &all {
        let scenario = scenario::load(&entry.source, &entry.file, &Choices::default(), &VOCABULARY)
            .unwrap_or_else(|problems| panic!("{problems}"));
        check(&scenario.story);
        for language in [Language::Python, Language::Rust] {
            if scenario.story.listing(language).is_some() {
                let lines = text(&scenario.story, language);
                let cut = lines.iter().find(|line| line.ends_with('…'));
                assert_eq!(cut, None, "{}: a line is cut", scenario.story.id);
            }
        }
    }
}

#[test]
fn blocking_sleep_is_the_one_of_the_screens() {
    let entry = loopscope::library::find("2").expect("02 is ours");
    let scenario = scenario::load(&entry.source, &entry.file, &Choices::default(), &VOCABULARY)
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
  { try = [{ group = ["work", "a_name_that_is_lon"] }, { raise = "no such row" }], except = [{ print = "{e}" }], into = "e" },
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

/// What functions share, what they call, and all that has a body.
const EVERY_TABLE: &str = r#"
title = "Every table"

[runtime]
loop = "multi_thread"
process_pool = 2

[[variable]]
name = "id"
initial = 0

[[variable]]
name = "state"
initial = "new"

[[channel]]
name = "jobs"

[[channel]]
name = "box"
keep = "newest"

[[lock]]
name = "lock"

[[lock]]
name = "std_lock"
kind = "std"

[[pool]]
name = "executor"
threads = 6

[[loop]]
name = "side"

[[function]]
name = "fetch"
params = ["name", "n"]
body = [
  { sleep = "{n}s" },
  { sleep = "{n}ms" },
  { if = "{n == 3}", then = [{ return = "{name}" }], else = [{ print = "{name} of {n + 1}" }] },
  { return = "{name}{n}" },
]

[[function]]
name = "number"
body = [{ return = "{1}" }]

[[function]]
name = "plain"
async = false
body = [
  { read = "id", into = "x" },
  { write = "id", value = "{x + 1}" },
  { lock = "std_lock", do = [{ block = "1s" }] },
  { send = "jobs", value = "from the pool" },
  { block_on = "number", into = "y" },
]

[[function]]
name = "main"
body = [
  { gather = ["fetch('a', 1)", "fetch('b', 2)"], into = ["one", "two"] },
  { gather = ["fetch('a', 1)", "number"] },
  { as_completed = ["fetch('a', 1)", "fetch('b', 2)"], into = "got", do = [{ print = "{got}" }] },
  { join = ["fetch('a', 1)", "number"], into = ["three", "four"] },
  { create = "number", as = "made" },
  { create = "number" },
  { await = "made", into = "five" },
  { spawn = "number", as = "task" },
  { await = "task", into = "six" },
  { spawn = "fetch('far', 1)", as = "far", on = "side" },
  { await = "far" },
  { spawn_blocking = "plain", pool = "executor" },
  { spawn_blocking = "plain", as = "job" },
  { abort = "job" },
  { process = "check" },
  { process = [{ cpu = "1s" }, { print = "in a child" }] },
  { process = [{ cpu = "5s" }], limit = "1s", else = [{ print = "killed" }] },
  { timeout = "1s", do = [{ spawn_blocking = "plain" }], else = [{ print = "too late" }] },
  { timeout = "1s", do = [{ recv = "box", into = "c" }, { return = true }] },
  { lock = "lock", do = [
    { read = "state", into = "s" },
    { lock = "std_lock", do = [{ yield = true }] },
    { write = "state", value = "{s + '!'}" },
  ] },
  { send = "jobs", value = "report" },
  { send = "box", value = "stop" },
  { recv = "jobs" },
  { block_on = "fetch('x', 1)", on = "side", into = "seven" },
  { block_on = "number", limit = "3s", else = [{ print = "gave up" }, { return = true }] },
  { select = [{ do = [{ sleep = "1s" }] }, { do = [{ recv = "jobs", into = "d" }, { print = "{d}" }] }] },
  { block_in_place = [{ block = "1s" }] },
  { repeat = 10, do = [{ print = "again {state}" }], until = "{state == 'STOP'}" },
  { stop = "polite" },
]

[[function]]
name = "check"
async = false
body = []

[[function]]
name = "page"
route = "/page"
depends = ["check", "number"]
body = [
  { background = "fetch('after', 1)" },
  { background = "check" },
  { read = "id", into = "x" },
  { respond = "{x + 1}" },
]

[[function]]
name = "parts"
route = "/parts"
body = [{ chunk = "one" }, { sleep = "1s" }, { chunk = "two" }]

[[function]]
name = "upload"
route = "/upload"
body = [{ read_file = "10kB" }, { read_file = "3MB" }, { respond = "ok" }]

[[client]]
name = "tab"
requests = [{ route = "/page" }]

[[start]]
run = "main"
"#;

fn compare(name: &str, story: &Story) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab");
    let expected = snapbox::Data::read_from(&folder.join(name), None);
    snapbox::Assert::new()
        .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
        .eq(shown(story), expected.raw());
}

#[test]
fn every_step_is_listed_in_both_languages() {
    let one = load(&EVERY_STEP.replace("1ns", "0.001us"));
    let other = load(EVERY_TABLE);
    check(&one.story);
    check(&other.story);
    let rust = load(include_str!("../language/rust_steps.toml"));
    let python = load(include_str!("../language/python_steps.toml"));
    let errors = load(include_str!("../language/errors.toml"));
    let groups = load(include_str!("../language/groups.toml"));
    let others = [&rust, &python, &errors, &groups].map(|scenario| &scenario.story);
    others.into_iter().for_each(check);
    for key in scenario::schema::steps() {
        let both = one.story.steps.iter().chain(&other.story.steps);
        let mut steps = both.chain(others.iter().flat_map(|story| &story.steps));
        assert!(steps.any(|step| step.key == key), "the test has no `{key}`");
    }
    compare("every_step.txt", &one.story);
    compare("every_table.txt", &other.story);
}

/// What is exported holds the listing of the screen, line by line.
#[test]
fn exports_hold_the_listing() {
    for entry in loopscope::library::all() {
        let scenario = scenario::load(&entry.source, &entry.file, &Choices::default(), &VOCABULARY)
            .unwrap_or_else(|problems| panic!("{problems}"));
        let story = &scenario.story;
        if let Ok(watched) = scenario::export_to_watch(&scenario) {
            // Its moments are seen from outside.
            let plainly = "builtins.print(line, flush=True)";
            assert!(watched.contains(plainly), "{}", story.id);
            assert!(!watched.contains(":9.3f"), "{}: a moment", story.id);
        }
        for language in [Language::Python, Language::Rust] {
            let program = scenario::export(&scenario, language);
            let Some(listing) = story.listing(language) else {
                assert!(program.is_err(), "{} has no such listing", story.id);
                continue;
            };
            let Ok(program) = program else {
                assert!(story.runtime.processes > 1, "{} has no program", story.id);
                continue;
            };
            let first = listing.lines.iter().take_while(|line| !line.is_empty());
            for line in first {
                let text: String = line.iter().map(|token| token.text.as_str()).collect();
                let pace = story.speed != 1.0 && language == Language::Python;
                let there = program.lines().any(|line| line == text);
                assert!(there || pace || text.ends_with('…'), "{}: {text}", story.id);
            }
        }
    }
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
