//! What is typed on the stage: a time to go to, a task or a printed line to find.

use tui_input::{Input, InputRequest};

use crate::change::look;
use crate::keys::action::Action;
use crate::keys::key::{Key, KeyCode};
use crate::model::model::{Model, Redraw};
use crate::model::prompt::{Found, Prompt, PromptKind};
use crate::session::playhead::Playhead;
use crate::session::session::{Run, Session};
use crate::update::scroll;
use loopscope_timeline::{LaneId, Moment, Timeline};
use loopscope_trace::Nanos;

/// More characters than this are never typed.
const LONGEST: usize = 64;

/// More finds than this are not counted.
const MOST: usize = 10_000;

/// Opens the line, or says why there is nothing to go to.
pub fn open(model: &mut Model, kind: PromptKind) {
    let nothing = |session: &Session| session.run == Run::NotYet;
    if model.session.as_ref().is_none_or(nothing) {
        model.say("nothing has happened yet; space runs");
        return;
    }
    model.prompt = Some(Prompt::new(kind));
}

/// Does what a key means while the line is open.
pub(crate) fn act(model: &mut Model, action: Action) {
    if line_is(model, PromptKind::Lines) {
        return scroll::typing(model, action);
    }
    let Some(mut prompt) = model.prompt.take() else {
        return;
    };
    let Some(session) = &mut model.session else {
        return;
    };
    let language = session.timeline.story().shown_in(model.language);
    let stays = match (action, prompt.kind) {
        (Action::Close, PromptKind::Events) => {
            session.events.set_filter("", &session.timeline, language);
            false
        }
        (Action::Close, _) | (Action::Go, PromptKind::Events) => false,
        (Action::Up | Action::Down, PromptKind::Events) => {
            session.step_in_events(if action == Action::Up { -1 } else { 1 });
            true
        }
        (Action::Go, PromptKind::Time) => match time(prompt.input.value(), session) {
            Ok(at) => {
                session.jump(Playhead::Paused(session.timeline.moment_at(at)));
                false
            }
            Err(why) => {
                prompt.says = why;
                true
            }
        },
        (Action::Go | Action::Down, PromptKind::Text) => {
            seek(&mut prompt, session, true);
            true
        }
        (Action::Up, PromptKind::Text) => {
            seek(&mut prompt, session, false);
            true
        }
        _ => true,
    };
    model.prompt = Some(prompt).filter(|_| stays);
    look::reveal(model);
}

fn line_is(model: &Model, kind: PromptKind) -> bool {
    model.prompt.as_ref().is_some_and(|line| line.kind == kind)
}

/// A key while the line is open; `false` for one that keeps its meaning.
pub(crate) fn typed(model: &mut Model, key: Key) -> bool {
    let request = match key.code {
        _ if key.control || key.alt => return false,
        KeyCode::Char(character) => {
            insert(model, character);
            return true;
        }
        KeyCode::Backspace => InputRequest::DeletePrevChar,
        KeyCode::Delete => InputRequest::DeleteNextChar,
        KeyCode::Left => InputRequest::GoToPrevChar,
        KeyCode::Right => InputRequest::GoToNextChar,
        KeyCode::Home => InputRequest::GoToStart,
        KeyCode::End => InputRequest::GoToEnd,
        _ => return false,
    };
    change(model, |input| {
        input.handle(request);
    });
    true
}

/// Text was pasted.
pub(crate) fn pasted(model: &mut Model, text: &str) {
    if model.prompt.is_some() {
        for character in text.chars().take(LONGEST) {
            insert(model, character);
        }
        model.redraw = Redraw::Now;
    }
}

fn insert(model: &mut Model, character: char) {
    change(model, |input| {
        if !character.is_control() && input.value().chars().count() < LONGEST {
            input.handle(InputRequest::InsertChar(character));
        }
    });
}

fn change(model: &mut Model, edit: impl FnOnce(&mut Input)) {
    let Some(prompt) = &mut model.prompt else {
        return;
    };
    edit(&mut prompt.input);
    prompt.place = None;
    let fresh = Prompt::new(prompt.kind);
    prompt.says = fresh.says;
    if prompt.kind == PromptKind::Lines {
        return scroll::seek(model);
    }
    let Some(session) = &mut model.session else {
        return;
    };
    if prompt.kind == PromptKind::Events {
        let language = session.timeline.story().shown_in(model.language);
        let events = &mut session.events;
        events.set_filter(prompt.input.value(), &session.timeline, language);
    }
    if prompt.kind == PromptKind::Text && !prompt.input.value().trim().is_empty() {
        prompt.found = find(&session.timeline, prompt.input.value());
        prompt.says = counted(prompt.found.len());
    }
}

fn counted(count: usize) -> String {
    match count {
        0 => "nothing is called so, and nothing so was printed".to_owned(),
        1 => "found once; Enter goes there".to_owned(),
        _ => format!("found {count} times; Enter goes to the next one"),
    }
}

/// Goes to the next or the previous find, round and round.
fn seek(prompt: &mut Prompt, session: &mut Session, forward: bool) {
    if prompt.input.value().trim().is_empty() {
        return;
    }
    // The run may have gone on since the last letter.
    prompt.found = find(&session.timeline, prompt.input.value());
    let count = prompt.found.len();
    let here = session.here();
    let place = match prompt.place {
        Some(place) if forward => place + 1,
        Some(place) => place.checked_sub(1).unwrap_or(count.saturating_sub(1)),
        None if forward => prompt.found.partition_point(|found| found.moment <= here),
        None => {
            let before = prompt.found.partition_point(|found| found.moment < here);
            before.checked_sub(1).unwrap_or(count.saturating_sub(1))
        }
    };
    let place = if place < count { place } else { 0 };
    let Some(found) = prompt.found.get(place) else {
        prompt.says = counted(0);
        return;
    };
    prompt.says = format!("{} of {count}: {}", place + 1, found.says);
    session.jump(Playhead::Paused(found.moment));
    if let Some(lane) = found.lane {
        session.selected = Some(lane);
    }
    prompt.place = Some(place);
}

/// The lanes that are called so, and the lines in which it is printed, in order of time.
pub(crate) fn find(timeline: &Timeline, words: &str) -> Vec<Found> {
    let words = words.trim().to_lowercase();
    let hits = |text: &str| text.to_lowercase().contains(&words);
    let name = |lane: LaneId| match timeline.lane(lane) {
        Some(lane) if lane.letter.is_empty() => lane.name.to_string(),
        Some(lane) => format!("{} {}", lane.letter, lane.name),
        None => String::new(),
    };
    let lanes = timeline.lanes().iter().filter(|lane| hits(&name(lane.id)));
    let lanes = lanes.take(MOST).map(|lane| Found {
        moment: timeline.moment_at(lane.from),
        lane: Some(lane.id),
        says: format!("{} appears", name(lane.id)),
    });
    let lines = timeline.outputs().iter();
    let lines = lines.filter(|line| hits(timeline.trace().text(line.text)));
    let lines = lines.take(MOST).map(|line| Found {
        moment: timeline.place_after(line.event),
        lane: line.lane,
        says: format!(
            "{} printed {}",
            line.lane.map_or_else(|| "somebody".to_owned(), name),
            timeline.trace().text(line.text)
        ),
    });
    let mut found: Vec<Found> = lanes.chain(lines).collect();
    found.sort_by_key(|found| found.moment);
    found.truncate(MOST);
    found
}

/// The moment that was typed, or why it is none, in a sentence.
pub fn time(typed: &str, session: &Session) -> Result<Nanos, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err("type a time, such as 3.4".to_owned());
    }
    let (sign, rest) = match typed.strip_prefix(['+', '-']) {
        Some(rest) => (typed.chars().next(), rest),
        None => (None, typed),
    };
    let end = session.timeline.end();
    let Some(seconds) = length(rest.trim(), end) else {
        return Err(format!(
            "\"{typed}\" is no time: write 3.4, 340ms, 1:30 or 50%"
        ));
    };
    let here: Moment = session.here();
    let at = match sign {
        Some('-') => here.at.as_secs_f64() - seconds,
        Some(_) => here.at.as_secs_f64() + seconds,
        None => seconds,
    };
    if at < 0.0 {
        return Err("the run begins at 0.00s: nothing is before".to_owned());
    }
    let at = Nanos::from_secs_f64(at);
    if at > end {
        let over = if session.over() {
            "ended at"
        } else {
            "has reached"
        };
        return Err(format!(
            "the run {over} {}s: nothing is known of {typed}",
            end.hundredths()
        ));
    }
    Ok(at)
}

/// Seconds: `3.4`, `3,4`, `3.4s`, `340ms`, `20us`, `1:30`, or `50%` of `end`.
fn length(text: &str, end: Nanos) -> Option<f64> {
    let number = |text: &str| -> Option<f64> {
        let plain = text
            .chars()
            .all(|sign| sign.is_ascii_digit() || ".,".contains(sign));
        let number: f64 = text.replace(',', ".").parse().ok()?;
        plain.then_some(number)
    };
    if let Some((minutes, seconds)) = text.split_once(':') {
        return Some(number(minutes)? * 60.0 + number(seconds)?);
    }
    for (unit, factor) in [("ms", 1e-3), ("us", 1e-6), ("s", 1.0)] {
        if let Some(rest) = text.strip_suffix(unit) {
            return Some(number(rest.trim_end())? * factor);
        }
    }
    match text.strip_suffix('%') {
        Some(rest) => Some(number(rest)? / 100.0 * end.as_secs_f64()),
        None => number(text),
    }
}
