//! From the text to the scenario, in one pass that finds every mistake.

use loopscope_trace::{Detail, Language, Nanos, Planned, Story};

use crate::scenario::check::asked::Asked;
use crate::scenario::check::known::{self, FileFacts, Known};
use crate::scenario::check::{cost, expect, questions, whole};
use crate::scenario::decode::knobs::Knobs;
use crate::scenario::decode::record::Record;
use crate::scenario::decode::tables::Decoder;
use crate::scenario::export::listing;
use crate::scenario::model::scenario::{
    Choices, FileName, Function, Scenario, Start, locals, receivers, senders,
};
use crate::scenario::resolve::names::Names;
use crate::scenario::resolve::program::Program;
use crate::scenario::resolve::server;
use crate::scenario::schema::row::{MAX_BYTES, Vocabulary};
use crate::scenario::schema::tables::ROOT;
use crate::scenario::text::finder::{Finder, Problems};
use crate::scenario::text::tree;

/// Between two ticks of the heartbeat.
const HEARTBEAT: Nanos = Nanos::from_millis(100);

/// Turns the text of a scenario file into a scenario.
///
/// # Errors
/// All mistakes of the file and of the choices, at once.
pub fn load(
    source: &str,
    file: &FileName,
    choices: &Choices,
    vocabulary: &Vocabulary,
) -> Result<Scenario, Problems> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut finder = Finder::new(source);
    if !readable(source, &mut finder) {
        return Err(finder.finish(&file.path));
    }
    let (tree, whole) = tree::parse(&mut finder);
    let parsed = if whole { 0 } else { finder.count() };
    let (knobs, root) = records(&tree, whole, choices, *vocabulary, &mut finder);
    let mut scenario = draft(&root, &knobs, whole, choices, &mut finder);
    if finder.count() > 0 || parsed > 0 {
        return Err(finder.finish(&file.path));
    }
    scenario.story.id.clone_from(&file.id);
    scenario.story.number.clone_from(&file.number);
    source.clone_into(&mut scenario.story.source);
    Ok(scenario)
}

/// [`load`], for bytes that may be no text at all.
///
/// # Errors
/// All mistakes of the file and of the choices, at once.
pub fn load_bytes(
    bytes: &[u8],
    file: &FileName,
    choices: &Choices,
    vocabulary: &Vocabulary,
) -> Result<Scenario, Problems> {
    match std::str::from_utf8(bytes) {
        Ok(source) => load(source, file, choices, vocabulary),
        Err(error) => {
            let (right, _) = bytes.split_at(error.valid_up_to().min(MAX_BYTES));
            let text = String::from_utf8_lossy(right);
            let mut finder = Finder::new(&text);
            let message = "this file is no text: here it stops being UTF-8".to_owned();
            let help = "save it as UTF-8, or choose another file";
            finder.help("unreadable", text.len()..text.len(), message, help);
            Err(finder.finish(&file.path))
        }
    }
}

/// Whether it makes sense to parse this at all.
fn readable(source: &str, finder: &mut Finder<'_>) -> bool {
    if source.len() > MAX_BYTES {
        let message = format!(
            "this file has {} bytes; the limit is {MAX_BYTES}",
            source.len()
        );
        finder.add("limit", 0..0, message);
        return false;
    }
    if let Some(at) = source.find('\0') {
        let message = "this file holds a NUL byte: it is no text".to_owned();
        finder.add("unreadable", at..at + 1, message);
        return false;
    }
    if source.trim().is_empty() {
        let message = "this file is empty".to_owned();
        let help = "a scenario begins with title = \"…\" and has at least one [[function]]";
        finder.help("missing", 0..0, message, help);
        return false;
    }
    true
}

/// The knobs first, because everything else may name them.
fn records(
    tree: &tree::Table,
    whole: bool,
    choices: &Choices,
    vocabulary: Vocabulary,
    finder: &mut Finder<'_>,
) -> (Knobs, Record) {
    let none = Knobs::default();
    let mut decoder = Decoder::new(finder, vocabulary, &none, whole);
    let first = decoder.record(tree, 0..0, &ROOT, |key| key == "knob");
    let knobs = Knobs::read(first.rows("knob"), &choices.knobs, decoder.finder);
    let mut decoder = Decoder::new(finder, vocabulary, &knobs, whole);
    let root = decoder.record(tree, 0..0, &ROOT, |key| key != "knob");
    (knobs, root)
}

fn draft(
    root: &Record,
    knobs: &Knobs,
    whole: bool,
    choices: &Choices,
    finder: &mut Finder<'_>,
) -> Scenario {
    let runtime = server::runtime(root.row("runtime"), finder);
    let names = Names::read(root, knobs, finder);
    let program = Program::read(root.rows("function"), names, runtime.flavor, finder);
    let (clients, planned) = server::clients(root.rows("client"), &program, finder);
    let starts = server::starts(root.rows("start"), &program, finder);
    if clients.is_empty() && starts.is_empty() && whole {
        nothing_runs(finder);
    }
    // What the program prints is only known once nothing of it is wrong.
    let right = whole && finder.count() == 0;
    let checked = right.then(|| whole::check(&program, around(root, &planned, &starts), finder));
    let sent = (&*clients, &*planned);
    let total = cost::total(&program, sent, &starts, runtime.processes, finder);
    let speed = speed(root, choices, finder);
    let limit = cost::limit(root, &total, speed);
    let certain = right && knobs.untouched();
    let facts = certain.then_some(Known {
        prints: &total.prints,
        planned: &planned,
        clients: &clients,
        runtime: &runtime,
        pools: &program.names.pools,
        features: checked.unwrap_or_default(),
        limit: limit.as_secs_f64(),
    });
    let asked = Asked {
        prints: &total.prints,
        names: &program.names,
        expect: root.row("expect"),
        whole,
        certain,
        as_written: knobs.untouched(),
    };
    let story = Story {
        expect: expect::read(root.row("expect"), &program, &clients, facts, finder),
        notes: known::notes(root.rows("note"), &program.names, facts, finder),
        questions: questions::read(root, asked, finder),
        speed,
        limit,
        runtime,
        clients,
        planned,
        knobs: knobs.list.clone(),
        ..described(root, choices)
    };
    finished(story, program, starts)
}

/// Says so, where that is all that is wrong.
fn nothing_runs(finder: &mut Finder<'_>) {
    if finder.count() > 0 {
        return;
    }
    let message = "nothing runs: there is no client and no start".to_owned();
    let help = "add a [[client]] with requests, or a [[start]]";
    finder.help("missing", 0..0, message, help);
}

/// The story with the functions, what they share, and the listings.
fn finished(mut story: Story, mut program: Program, starts: Vec<Start>) -> Scenario {
    shared(&mut story, &mut program);
    story.language = story.languages.first().copied();
    story.programs = starts.iter().map(told).collect();
    let languages = story.languages.clone();
    listing::write(&mut story, &program.functions, &starts, &languages);
    Scenario {
        story,
        functions: program.functions,
        starts,
    }
}

/// A program, as the story has it.
fn told(start: &Start) -> loopscope_trace::Program {
    loopscope_trace::Program {
        at: start.at,
        function: start.call.function,
        is_main: start.is_main,
    }
}

/// What is there besides the functions.
fn around<'a>(root: &Record, planned: &[Planned], starts: &'a [Start]) -> FileFacts<'a> {
    let outcome = root.row("expect").and_then(|expect| expect.text("outcome"));
    FileFacts {
        server: !planned.is_empty(),
        limit: root.get("limit").is_some(),
        unfinished: outcome == Some("unfinished"),
        python: languages(root).contains(&Language::Python),
        rust: languages(root).contains(&Language::Rust),
        starts,
    }
}

/// What the file says of itself, and what was chosen.
fn described(root: &Record, choices: &Choices) -> Story {
    let text = |key: &str| root.text(key).map(str::to_owned);
    Story {
        title: text("title").unwrap_or_default(),
        asks: text("asks").unwrap_or_default(),
        shows: text("shows").unwrap_or_default(),
        remedy: text("remedy"),
        contrast: text("contrast"),
        differs: text("differs"),
        max_speed: root.pace("max_speed"),
        languages: languages(root),
        clock: choices.clock,
        seed: choices.seed,
        heartbeat: HEARTBEAT,
        detail: Detail::Full,
        ..Story::default()
    }
}

/// The functions, their steps, and what they share.
fn shared(story: &mut Story, program: &mut Program) {
    let names = std::mem::take(&mut program.names);
    story.variables = names.variables;
    story.channels = names.channels;
    for (place, channel) in story.channels.iter_mut().enumerate() {
        channel.senders = senders(&program.functions, place);
        if channel.capacity.is_some() {
            channel.receivers = receivers(&program.functions, place);
        }
    }
    story.locks = names.locks;
    story.events = names.events;
    story.pools = names.pools;
    story.loops = names.loops;
    story.steps = std::mem::take(&mut program.steps);
    story.locals = locals(&program.functions);
    let functions = program.functions.iter();
    let told = |function: &Function| loopscope_trace::Function {
        name: function.name.clone(),
        route: function.route.clone(),
        is_async: function.is_async,
        depends: function.depends.iter().map(|call| call.function).collect(),
        ..loopscope_trace::Function::default()
    };
    story.functions = functions.map(told).collect();
}

/// The languages that the scenario is told in; both unless told.
fn languages(root: &Record) -> Vec<Language> {
    let Some(words) = root.lines("languages") else {
        return vec![Language::Python, Language::Rust];
    };
    let language = |(word, _): &(String, std::ops::Range<usize>)| match word.as_str() {
        "rust" => Language::Rust,
        _ => Language::Python,
    };
    words.iter().map(language).collect()
}

/// `speed` as the file has it, or as it was chosen.
fn speed(root: &Record, choices: &Choices, finder: &mut Finder<'_>) -> f64 {
    let own = root.pace("speed").unwrap_or(1.0);
    if root.pace("max_speed").is_some_and(|most| own > most) {
        let message = "`speed` is above `max_speed`".to_owned();
        let help = "lower it: at this pace it does not tell the truth";
        finder.help("cannot-hold", root.at("speed"), message, help);
    }
    match choices.speed {
        Some(speed) if speed.is_finite() && (0.001..=1e6).contains(&speed) => speed,
        Some(speed) => {
            let help = "choose a number from 0.001 to 1000000".to_owned();
            finder.outside("speed", format!("the speed cannot be {speed}"), Some(help));
            1.0
        }
        None => own,
    }
}
