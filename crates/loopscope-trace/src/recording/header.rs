//! The first line: the version, and the story within its limits.

use serde::Deserialize;

use crate::recording::check::{Fault, without_place};
use crate::recording::limits::{self, VERSION};
use crate::story::code::Listing;
use crate::story::expect::{Expectation, Range};
use crate::story::late::LateRow;
use crate::story::question::Question;
use crate::story::story::Story;
use crate::text::shortened;

/// Reads only the version, so that a file of another version is told apart from a wrong story.
#[derive(Deserialize)]
struct Version {
    loopscope: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    #[serde(rename = "loopscope")]
    _version: u64,
    story: Story,
}

const EXAMPLE: &str =
    r#"a recording begins with a line such as {"loopscope":1,"story":{"title":"…"}}"#;

/// Reads the first line.
pub(crate) fn header(line: &[u8]) -> Result<Story, Fault> {
    let version = serde_json::from_slice::<Version>(line)
        .map_err(|_| ("this is no recording of loopscope".to_owned(), EXAMPLE))?;
    if version.loopscope != VERSION {
        return Err((
            format!(
                "the recording has version {}, and this program reads version {VERSION}",
                version.loopscope
            ),
            "record it again with this version",
        ));
    }
    let Header { mut story, .. } = serde_json::from_slice(line).map_err(|error| {
        (
            without_place(&error),
            "docs/recording.md lists every part of a story",
        )
    })?;
    if story.speed == 0.0 {
        // A producer that knows no pace leaves it out.
        story.speed = 1.0;
    }
    check(&story)?;
    shorten(&mut story);
    Ok(story)
}

/// Cuts what sentences repeat again and again.
fn shorten(story: &mut Story) {
    let functions = story.functions.iter_mut().map(|row| &mut row.name);
    let clients = story.clients.iter_mut().map(|row| &mut row.name);
    let variables = story.variables.iter_mut().map(|row| &mut row.name);
    let channels = story.channels.iter_mut().map(|row| &mut row.name);
    let locks = story.locks.iter_mut().map(|row| &mut row.name);
    let pools = story.pools.iter_mut().map(|row| &mut row.name);
    let of_program = functions.chain(clients).chain(story.loops.iter_mut());
    let locals = story.locals.iter_mut().map(|row| &mut row.name);
    let events = story.events.iter_mut().map(|row| &mut row.name);
    let shared = variables
        .chain(channels)
        .chain(locks)
        .chain(events)
        .chain(pools);
    for name in of_program.chain(shared).chain(locals) {
        *name = shortened(std::mem::take(name), limits::NAME);
    }
    for step in &mut story.steps {
        for text in [&mut step.key, &mut step.python, &mut step.rust] {
            *text = shortened(std::mem::take(text), limits::TEXT);
        }
    }
}

/// The same for a row that comes later.
pub(crate) fn shorten_row(row: &mut LateRow) {
    let name = |name: &mut String| *name = shortened(std::mem::take(name), limits::NAME);
    let text = |text: &mut String| *text = shortened(std::mem::take(text), limits::TEXT);
    match row {
        LateRow::File(file) => {
            text(&mut file.path);
            file.lines.iter_mut().for_each(text);
        }
        LateRow::Function(function) => name(&mut function.name),
        LateRow::Step(step) => [&mut step.key, &mut step.python, &mut step.rust]
            .into_iter()
            .for_each(text),
        LateRow::Pool(pool) => name(&mut pool.name),
        LateRow::Runtime(words) => name(words),
        LateRow::Stack(_) => {}
    }
}

fn check(story: &Story) -> Result<(), Fault> {
    if !(story.speed.is_finite() && story.speed > 0.0) {
        return Err((
            format!("the speed is {}", story.speed),
            "a speed is a number above 0",
        ));
    }
    if story.heartbeat.0 != 0 && story.heartbeat.0 < limits::HEARTBEAT {
        return Err((
            format!("the heartbeat is {} ns", story.heartbeat.0),
            "leave it out, or make it 1000000 or longer",
        ));
    }
    lengths(story)?;
    rows(story)?;
    if ranges(&story.expect).all(|range| range.from.is_finite() && range.to.is_finite()) {
        Ok(())
    } else {
        Err((
            "an expectation has an endless range".to_owned(),
            "give both ends",
        ))
    }
}

fn lengths(story: &Story) -> Result<(), Fault> {
    let lines = |listing: &Listing| listing.lines.len();
    let tokens = |listing: &Listing| listing.lines.iter().map(Vec::len).sum::<usize>();
    let choices = |question: &Question| question.options.len() + question.lines.len();
    let lists = [
        ("functions", story.functions.len(), limits::STORY_LIST),
        ("knobs", story.knobs.len(), limits::STORY_LIST),
        ("notes", story.notes.len(), limits::STORY_LIST),
        ("questions", story.questions.len(), limits::STORY_LIST),
        ("listings", story.listings.len(), limits::STORY_LIST),
        ("variables", story.variables.len(), limits::STORY_LIST),
        ("channels", story.channels.len(), limits::STORY_LIST),
        ("locks", story.locks.len(), limits::STORY_LIST),
        ("events", story.events.len(), limits::STORY_LIST),
        ("pools", story.pools.len(), limits::STORY_LIST),
        ("loops", story.loops.len(), limits::STORY_LIST),
        ("locals", story.locals.len(), limits::STORY_LIST),
        ("source files", story.files.len(), limits::STORY_LIST),
        ("steps", story.steps.len(), limits::STORY_LONG_LIST),
        ("clients", story.clients.len(), limits::STORY_LONG_LIST),
        ("planned", story.planned.len(), limits::STORY_LONG_LIST),
        (
            "lines of listings",
            story.listings.iter().map(lines).sum(),
            limits::STORY_LONG_LIST,
        ),
        (
            "pieces of lines of listings",
            story.listings.iter().map(tokens).sum(),
            limits::TOKENS,
        ),
        (
            "options and lines of questions",
            story.questions.iter().map(choices).sum(),
            limits::STORY_LONG_LIST,
        ),
        (
            "expectations",
            expected(&story.expect),
            limits::STORY_LONG_LIST,
        ),
    ];
    match lists.into_iter().find(|(_, length, most)| length > most) {
        None => Ok(()),
        Some((name, length, most)) => Err((
            format!("the story has {length} {name}, more than {most}"),
            "leave some out",
        )),
    }
}

/// How many lines and names a run is held against.
fn expected(expect: &Expectation) -> usize {
    let printed = [&expect.output, &expect.output_any_order];
    let printed = printed.into_iter().flatten().map(Vec::len).sum::<usize>();
    let found = expect.insights.len() + expect.no_insights.len();
    let got = expect.got.iter().map(|one| 1 + one.answers.len());
    let asked = expect.latency.len() + expect.chunks.len() + got.sum::<usize>();
    printed + expect.timeline.len() + found + expect.peak.len() + expect.variables.len() + asked
}

fn rows(story: &Story) -> Result<(), Fault> {
    let known = |sort: &str, id: u32, rows: usize| {
        if (id as usize) < rows {
            Ok(())
        } else {
            Err((
                format!("the story names {sort} {id}, which it does not have"),
                "count from 0 in the order of the list",
            ))
        }
    };
    for step in &story.steps {
        known("function", step.function.0, story.functions.len())?;
    }
    let steps = story.steps.iter().filter_map(|step| step.file);
    let functions = story.functions.iter().filter_map(|function| function.file);
    for file in steps.chain(functions) {
        known("file", file.0, story.files.len())?;
    }
    for local in &story.locals {
        known("function", local.function.0, story.functions.len())?;
    }
    for planned in &story.planned {
        known("function", planned.function.0, story.functions.len())?;
        known("client", planned.client.0, story.clients.len())?;
    }
    Ok(())
}

fn ranges(expect: &Expectation) -> impl Iterator<Item = Range> {
    let named = expect.peak.iter().chain(&expect.variables);
    let latency = expect.latency.iter();
    let latency = latency.flat_map(|one| one.median.into_iter().chain(one.longest));
    let whole = [
        expect.elapsed,
        expect.requests,
        expect.given_up,
        expect.distinct,
    ];
    let whole = whole.into_iter().flatten();
    named.map(|(_, range)| *range).chain(latency).chain(whole)
}
