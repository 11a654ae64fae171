//! The words around a question: what happens then, and what is said of the votes.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::keys::key::{Hint, Place};
use crate::model::model::Model;
use crate::model::screen::Presenting;
use crate::session::asking::Asking;
use crate::session::playhead::Mode;
use crate::session::session::{Run, Session};
use crate::session::votes;
use crate::session::votes::VoteBars;
use crate::text::text;
use crate::text::theme::Theme;
use crate::widgets::footer;
use loopscope_protocol::reply::Round;
use loopscope_timeline::explain;
use loopscope_trace::{Flavor, FunctionId, How, Nanos, Planned, Question, Story};

/// Draws the requests with their moments, and the runtime.
pub(crate) fn draw(story: &Story, area: Rect, theme: &Theme, buf: &mut Buffer) {
    // In a low window the requests come first.
    let shape = if area.height >= 6 {
        shape(story)
    } else {
        Vec::new()
    };
    let air = u16::from(!shape.is_empty());
    let sentences = u16::try_from(shape.len()).unwrap_or(0) + air;
    let room = usize::from(area.height.saturating_sub(sentences));
    let mut rows = Vec::new();
    if story.is_server() {
        rows.push(("    at    asks".to_owned(), theme.dim()));
        let asks = asks(story, room.saturating_sub(1).max(1));
        rows.extend(asks.into_iter().map(|row| (row, theme.text())));
    } else {
        rows.push((" A program that starts by itself.".to_owned(), theme.text()));
    }
    if air > 0 {
        rows.push((String::new(), theme.text()));
    }
    let shape = shape.into_iter();
    rows.extend(shape.map(|sentence| (format!(" {sentence}"), theme.text())));
    for ((row, style), y) in rows.iter().zip(area.top()..area.bottom()) {
        text::put(buf, area.x, y, row, area.width, *style);
    }
}

/// A row for each request; where they are too many, one for each moment and route.
fn asks(story: &Story, rows: usize) -> Vec<String> {
    let route = |id: FunctionId| {
        let function = story.function(id);
        let route = function.and_then(|one| one.route.as_deref());
        format!("{} {}", story.method(id), route.unwrap_or("?"))
    };
    if story.planned.len() <= rows {
        let row = |(place, planned): (usize, &Planned)| {
            let client = story.clients.get(planned.client.index());
            let client = client.map_or("client", |client| client.name.as_str());
            let (at, letter) = (planned.at.hundredths(), letter(place));
            format!("{at:>7} {letter} {client}  {}", route(planned.function))
        };
        return story.planned.iter().enumerate().map(row).collect();
    }
    let mut groups: BTreeMap<(Nanos, FunctionId), usize> = BTreeMap::new();
    for planned in &story.planned {
        *groups.entry((planned.at, planned.function)).or_default() += 1;
    }
    let mut out: Vec<String> = groups
        .iter()
        .map(|((at, function), count)| {
            let at = at.hundredths();
            let requests = explain::number_of(*count, "request");
            format!("{at:>7} {requests}  {}", route(*function))
        })
        .collect();
    if out.len() > rows {
        let more = out.len() - rows + 1;
        out.truncate(rows.saturating_sub(1));
        out.push(format!("        … {more} more"));
    }
    out
}

/// A, B … Z, then nothing: the stage numbers them.
fn letter(place: usize) -> char {
    u8::try_from(place)
        .ok()
        .filter(|place| *place < 26)
        .map_or(' ', |place| char::from(b'A' + place))
}

/// The runtime in sentences, in short: the pane is half a small screen wide.
fn shape(story: &Story) -> Vec<String> {
    let shape = &story.runtime;
    let threads = |count: u32| explain::number_of(count as usize, "thread");
    let mut out = vec![match shape.flavor {
        Flavor::CurrentThread => "One loop, one thread.".to_owned(),
        Flavor::MultiThread => format!("A loop on {}.", threads(shape.worker_threads)),
    }];
    out.push(format!("Pool: {}.", threads(shape.pool_threads)));
    if shape.processes > 1 {
        out.push(format!("{} processes.", shape.processes));
    }
    out
}

/// How the run stands: `before the run   0.00s`, and in a lecture `2 of 7`.
pub(crate) fn stands(model: &Model, session: &Session) -> String {
    let at = session.here().at.hundredths();
    let place = model.lecture().map(Presenting::place);
    let place = place.map_or_else(String::new, |(place, all)| format!("   {place} of {all}"));
    let stands = match (session.run, session.stands_in_the_middle()) {
        (Run::NotYet, _) => "before the run   0.00s".to_owned(),
        (_, true) => format!("the run waits at   {at}s"),
        (_, false) => format!("after the run   {at}s"),
    };
    stands + &place
}

/// The title of the question's rule.
pub(crate) const fn title(asking: &Asking, question: &Question) -> &'static str {
    match asking.counting {
        Some(counting) => match counting.round {
            Round::Before => "hands before the discussion",
            Round::After => "hands after the discussion",
        },
        None if asking.answered => "why: the answer",
        None if question.after => "why did it?",
        None => "your prediction",
    }
}

/// `hands 30, hidden`; nothing while they are counted, or shown.
pub(crate) fn hidden(session: &Session, asking: &Asking) -> Option<String> {
    if asking.answered {
        return None;
    }
    let hands = votes::summary(&session.answers, asking.question)?;
    Some(format!("{hands}, hidden"))
}

/// The sentence below the question, and whether it has to be said however low the window is.
pub(crate) fn below(model: &Model, session: &Session, asking: &Asking) -> (String, bool) {
    if let Some(notice) = &model.notice {
        return (notice.text.clone(), true);
    }
    if asking.answered {
        return (reply(session, asking), true);
    }
    let words = match asking.counting {
        Some(_) => "Type how many hands, then ↓ for the next option. Tab: the other count.",
        None => {
            let questions = &session.timeline.story().questions;
            let question = questions.get(asking.question);
            let after = question.is_some_and(|one| one.after);
            let chooses = question.is_some_and(|one| one.how == How::Choose);
            match (after, session.run) {
                (false, _) if chooses && !session.timeline.story().is_as_written() => {
                    "The knobs are not as in the file: the answers were written for other numbers."
                }
                (true, _) => "What you have seen says it: choose the reason.",
                (false, Run::NotYet) => "Choose first, then watch: that is what makes it stick.",
                (false, _) => "Another answer is kept beside the first one.",
            }
        }
    };
    (words.to_owned(), false)
}

/// What was right, and the reply to what was chosen.
fn reply(session: &Session, asking: &Asking) -> String {
    let Some(hands) = VoteBars::of(session, asking.question) else {
        return String::new();
    };
    let question = hands.question;
    let right = question.options.iter().find(|option| option.right);
    let right = right.map_or("", |option| option.say.trim_end_matches('.'));
    if !session.timeline.story().is_as_written() {
        return format!("With other numbers nobody can say; as written it is: {right}.");
    }
    let said = hands.said[0].and_then(|place| question.options.get(place));
    match said.map(|option| (option.right, option.reply.as_deref())) {
        Some((true, Some(reply))) => format!("Right. {reply}"),
        Some((true, None)) => format!("Right: {right}."),
        Some((false, Some(reply))) => format!("{reply} It is: {right}."),
        Some((false, None)) | None => format!("It is: {right}."),
    }
}

/// The last row: what each key does here and now.
pub(crate) fn hints(
    model: &Model,
    session: &Session,
    asking: &Asking,
    question: &Question,
    wide: bool,
) -> Vec<Hint> {
    let place = model.screen.place();
    let mut hints = footer::footer(place, Mode::BeforeRun, wide);
    for hint in &mut hints {
        match (place, hint.key) {
            (Place::Question, "1-9") => {
                hint.key = ["", "1", "1-2", "1-3", "1-4", "1-5", "1-6"]
                    .get(question.options.len())
                    .copied()
                    .unwrap_or("1-9");
            }
            (Place::Question | Place::Order | Place::Number, "Enter") => {
                hint.does = enter(session, asking, question, wide).unwrap_or(hint.does);
            }
            (Place::Question | Place::Order | Place::Number, "space") => {
                hint.does = space(session, question).unwrap_or(hint.does);
            }
            (Place::Answered, "Enter") => hint.does = next_step(model, session),
            _ => {}
        }
    }
    hints
}

/// What Enter does, where it is not to run.
fn enter(
    session: &Session,
    asking: &Asking,
    question: &Question,
    wide: bool,
) -> Option<&'static str> {
    if question.after {
        Some("answer")
    } else if session.question_after(asking.question).is_some() {
        Some("next question")
    } else if session.stands_in_the_middle() {
        Some(if wide { "keep this, go on" } else { "go on" })
    } else {
        None
    }
}

/// What space does, where it is not to run.
fn space(session: &Session, question: &Question) -> Option<&'static str> {
    if question.after {
        Some("no guess")
    } else if session.stands_in_the_middle() {
        Some("go on, no guess")
    } else {
        None
    }
}

/// Where Enter leads after the reply.
fn next_step(model: &Model, session: &Session) -> &'static str {
    let more = session.whys_left() > 1;
    match (more, model.next_id()) {
        (true, _) => "next question",
        (false, Some(_)) => "next scenario",
        (false, None) => "go on",
    }
}
