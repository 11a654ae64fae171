//! A playlist: the scenarios of a lecture in their order, each with its panes, knobs and stops.
//!
//! *In:* the TOML text, and a function that finds scenarios. *Out:* a [`Playlist`], or every mistake of
//! the file at once. *Invariant:* every scenario of a `Playlist` loads, its knobs fit, its stops are
//! moments or times. *Absent on purpose:* reading files, and how anything is shown.

use loopscope_trace::{Anchor, Nanos, Story};

use crate::scenario::decode::knobs::Knobs;
use crate::scenario::decode::notation;
use crate::scenario::decode::record::Record;
use crate::scenario::decode::tables::Decoder;
use crate::scenario::schema::row::Vocabulary;
use crate::scenario::schema::tables::PLAYLIST;
use crate::scenario::text::finder::{Finder, Problems};
use crate::scenario::text::{tree, words};

/// More scenarios than this are no lecture.
const MOST: usize = 100;

/// The scenarios of a lecture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Playlist {
    /// The lecture's title.
    pub title: String,
    /// Its scenarios, in their order; at least one.
    pub scenarios: Vec<Planned>,
}

/// A scenario of a playlist.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Planned {
    /// As it was found: an id or a path.
    pub run: String,
    /// Its story, with the knobs as they are set here.
    pub story: Story,
    /// The words of the panes that it begins with; none where it does not say.
    pub panes: Vec<String>,
    /// The big layout.
    pub big: Option<bool>,
    /// Whether its question is asked.
    pub ask: Option<bool>,
    /// Values of knobs.
    pub knobs: Vec<(String, i64)>,
    /// Scenario seconds in a wall second.
    pub speed: Option<f64>,
    /// The one lane that is looked at.
    pub only: Option<String>,
    /// `off`, `notes` or `all`.
    pub auto_stop: Option<String>,
    /// For the presenter.
    pub notes: Option<String>,
    /// Stops in place of the scenario's own notes.
    pub stops: Vec<Stop>,
}

/// A stop of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// The moment.
    pub at: At,
    /// The line of the file in which it stands, counted from 1.
    pub line: usize,
    /// How it was written.
    pub written: String,
    /// The words of the panes from here on; none where they stay.
    pub panes: Vec<String>,
    /// The sentence.
    pub say: Option<String>,
    /// The one lane that is looked at up to the next stop.
    pub only: Option<String>,
    /// For the presenter.
    pub notes: Option<String>,
}

/// When one stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// A moment that only the trace can name.
    Anchor(Anchor),
    /// A scenario time.
    Time(Nanos),
}

/// What was found under a name.
#[derive(Clone, Debug)]
pub struct Found {
    /// What opens it: an id or a path.
    pub run: String,
    /// Its story.
    pub story: Story,
}

/// Why nothing was found, and the cure.
#[derive(Clone, Debug)]
pub struct Refused {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// Finds a scenario by its id or path, with these knobs turned.
pub type Find<'a> = dyn FnMut(&str, &[(String, i64)]) -> Result<Found, Refused> + 'a;

/// Turns the text of a playlist into a playlist. `find` is asked for each scenario, with no knobs
/// first.
///
/// # Errors
/// All mistakes of the file, at once.
pub fn load(
    source: &str,
    path: &str,
    vocabulary: &Vocabulary,
    find: &mut Find<'_>,
) -> Result<Playlist, Problems> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut finder = Finder::new(source);
    if source.trim().is_empty() {
        let help = "a playlist has a title and at least one [[scenario]] with run = \"…\"";
        finder.help("missing", 0..0, "this file is empty".to_owned(), help);
        return Err(finder.finish(path));
    }
    let (tree, whole) = tree::parse(&mut finder);
    let none = Knobs::default();
    let mut decoder = Decoder::new(&mut finder, *vocabulary, &none, whole);
    let root = decoder.record(&tree, 0..0, &PLAYLIST, |_| true);
    let rows = root.rows("scenario");
    if rows.is_empty() && root.get("scenario").is_some() {
        let message = "a playlist needs at least one scenario".to_owned();
        let help = "add [[scenario]] with run = \"blocking-sleep\"";
        finder.help("missing", root.at("scenario"), message, help);
    }
    if let Some(row) = rows.get(MOST) {
        let message = format!("a playlist has at most {MOST} scenarios");
        finder.help("limit", row.span.clone(), message, "make two of it");
    }
    let rows = rows.iter().take(MOST);
    let scenarios = rows.filter_map(|row| planned(row, vocabulary, find, &mut finder));
    let scenarios = scenarios.collect();
    if finder.count() > 0 {
        return Err(finder.finish(path));
    }
    Ok(Playlist {
        title: root.text("title").unwrap_or_default().to_owned(),
        scenarios,
    })
}

fn planned(
    row: &Record,
    vocabulary: &Vocabulary,
    find: &mut Find<'_>,
    finder: &mut Finder<'_>,
) -> Option<Planned> {
    let stops: Vec<Stop> = row
        .rows("stop")
        .iter()
        .filter_map(|row| stop(row, vocabulary, finder))
        .collect();
    let run = row.text("run")?;
    let mut open = |knobs: &[(String, i64)], finder: &mut Finder<'_>| match find(run, knobs) {
        Ok(found) => Some(found),
        Err(Refused { message, help }) => {
            match help {
                Some(help) => finder.help("no-scenario", row.at("run"), message, help),
                None => finder.add("no-scenario", row.at("run"), message),
            }
            None
        }
    };
    let mut found = open(&[], finder)?;
    let before = finder.count();
    let knobs = turned(row, &found.story, finder);
    if finder.count() == before && !knobs.is_empty() {
        found = open(&knobs, finder)?;
    }
    let text = |key: &str| row.text(key).map(str::to_owned);
    Some(Planned {
        run: found.run,
        story: found.story,
        panes: words_of(row),
        big: row.flag("big"),
        ask: row.flag("ask"),
        knobs,
        speed: row.pace("speed"),
        only: text("only"),
        auto_stop: text("auto_stop"),
        notes: text("notes"),
        stops,
    })
}

fn words_of(row: &Record) -> Vec<String> {
    let words = row.lines("panes").unwrap_or_default();
    words.iter().map(|(word, _)| word.clone()).collect()
}

fn stop(row: &Record, vocabulary: &Vocabulary, finder: &mut Finder<'_>) -> Option<Stop> {
    let written = row.text("at")?;
    let at = match at(written, vocabulary) {
        Ok(at) => at,
        Err((message, help)) => {
            finder.help("bad-value", row.at("at"), message, help);
            return None;
        }
    };
    let text = |key: &str| row.text(key).map(str::to_owned);
    Some(Stop {
        at,
        line: finder.line(row.at("at").start),
        written: written.to_owned(),
        panes: words_of(row),
        say: text("say"),
        only: text("only"),
        notes: text("notes"),
    })
}

/// A time where it begins with digits and is no ordinal, else a moment.
fn at(written: &str, vocabulary: &Vocabulary) -> Result<At, (String, String)> {
    let timed = written.starts_with(|sign: char| sign.is_ascii_digit()) && !written.contains(' ');
    if timed {
        notation::length(written).map(At::Time)
    } else {
        notation::moment(written, vocabulary.findings).map(At::Anchor)
    }
}

/// The knobs' values, held against those that the scenario has.
fn turned(row: &Record, story: &Story, finder: &mut Finder<'_>) -> Vec<(String, i64)> {
    let names: Vec<&str> = story.knobs.iter().map(|knob| knob.name.as_str()).collect();
    let mut turned = Vec::new();
    for (name, span, range) in row.figures("knobs") {
        let Some(knob) = story.knobs.iter().find(|knob| knob.name == *name) else {
            let message = format!("{} has no knob `{}`", story.id, words::short(name));
            let help = words::suggest(name, &names, "its knobs", "it has none");
            finder.help("unknown-name", span.clone(), message, help);
            continue;
        };
        // Whole numbers of this size are exact in a float.
        let value = range.from as i64;
        let whole = range.from == range.to && value as f64 == range.from;
        if !whole || !(knob.min..=knob.max).contains(&value) {
            let message = format!("`{name}` cannot be that");
            let help = format!("choose a whole number from {} to {}", knob.min, knob.max);
            finder.help("limit", span.clone(), message, help);
            continue;
        }
        turned.push((name.clone(), value));
    }
    turned
}
