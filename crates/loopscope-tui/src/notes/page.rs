//! The page for the presenter, and the same page as lines for a screen reader.

use crate::model::lecture;
use crate::model::model::Model;
use crate::model::screen::{Presenting, Screen};
use crate::notes::run;
use crate::session::asking::Asking;
use crate::session::playhead::Mode;
use crate::session::session::Session;
use loopscope_protocol::notes::{Asked, Offered, Page};
use loopscope_timeline::explain;

/// What the run came to.
pub(crate) fn result(session: &Session) -> String {
    explain::result(&session.timeline, &session.answers)
}

/// What to change, and where the real program does something else.
pub(crate) fn remedies(session: &Session) -> Vec<String> {
    let story = session.timeline.story();
    let differs = story.differs.as_deref();
    let differs = differs.map(|differs| format!("Real Python differs: {differs}"));
    story.remedy.clone().into_iter().chain(differs).collect()
}

/// The scenario that the end of the run offers.
pub(crate) fn next_scenario(model: &Model) -> String {
    let next = model.next_id().and_then(|id| model.menu.find(id));
    next.map_or_else(String::new, |next| {
        format!("next: {} {}: {}", next.number, next.id, next.title)
    })
}

/// The page of this moment. Reads no clock.
pub fn page(model: &Model) -> Page {
    let own = model.lecture().map(|_| lecture::position(model));
    let own = own.map(|cue| [cue.notes, cue.here.and_then(|stop| stop.notes)]);
    let place = model.lecture().map(Presenting::place);
    Page {
        own: own.into_iter().flatten().flatten().collect(),
        lecture: place.map_or_else(String::new, |(place, all)| format!("{place} of {all}")),
        ..of(model, &model.screen)
    }
}

fn of(model: &Model, screen: &Screen) -> Page {
    match (screen, &model.session) {
        (Screen::Help { over, .. }, _) => covered(model, over, "keys"),
        (Screen::Knobs { over, .. }, _) => covered(model, over, "knobs"),
        (Screen::Mistakes { over, .. }, _) => covered(model, over, "mistakes of the file"),
        (Screen::Export { over, .. }, _) => covered(model, over, "export"),
        (Screen::Problem { problem, .. }, _) => Page {
            place: "problem".to_owned(),
            captions: vec![problem.sentence.clone()],
            ..Page::default()
        },
        (Screen::Question(asking), Some(session)) => question(model, session, asking),
        (Screen::Stage, Some(session)) => stage(model, session),
        (Screen::Compare, _) => model
            .compare
            .as_ref()
            .map_or_else(|| menu(model), |compare| run::page_of_two(model, compare)),
        (Screen::Many, _) => many(model),
        (Screen::Menu | Screen::Question(_) | Screen::Stage, _) => menu(model),
    }
}

/// Something lies over a screen whose notes still hold.
fn covered(model: &Model, over: &Screen, with: &str) -> Page {
    let below = of(model, over);
    Page {
        place: format!("{}, {with}", below.place),
        ..below
    }
}

fn menu(model: &Model) -> Page {
    let entry = model.menu.selected();
    let goes_with = entry
        .and_then(|entry| entry.contrast.as_deref())
        .and_then(|id| model.menu.find(id))
        .map(|other| format!("goes with {} {}: {}", other.number, other.id, other.title));
    Page {
        number: entry.map_or_else(String::new, |entry| entry.number.clone()),
        title: entry.map_or_else(String::new, |entry| entry.title.clone()),
        place: "menu".to_owned(),
        captions: entry.map(|entry| entry.asks.clone()).into_iter().collect(),
        then: goes_with.unwrap_or_default(),
        ..Page::default()
    }
}

fn many(model: &Model) -> Page {
    let Some(many) = &model.many else {
        return menu(model);
    };
    Page {
        title: many.title.clone(),
        place: "many runs".to_owned(),
        captions: many.spread.sentences(),
        ..Page::default()
    }
}

/// Number, title and place of a scenario that is open.
fn titled(session: &Session, place: &str) -> Page {
    let story = session.timeline.story();
    Page {
        number: story.number.clone(),
        title: story.title.clone(),
        place: place.to_owned(),
        ..Page::default()
    }
}

fn question(model: &Model, session: &Session, asking: &Asking) -> Page {
    let place = if asking.counting.is_some() {
        "question, counting hands"
    } else {
        "question"
    };
    Page {
        playhead: Some(run::stand(session)),
        captions: vec![session.timeline.story().asks.clone()],
        next: run::ahead(session, model.language),
        questions: run::one(session, asking.question).into_iter().collect(),
        ..titled(session, place)
    }
}

fn stage(model: &Model, session: &Session) -> Page {
    let mode = session.mode();
    let ended = mode == Mode::Ended;
    let mut page = Page {
        playhead: Some(run::stand(session)),
        notes: run::note(session).into_iter().collect(),
        next: run::ahead(session, model.language),
        left: run::left(session),
        questions: run::questions(session, ended),
        ..titled(session, "stage")
    };
    if ended {
        page.captions = vec![result(session)];
        page.remedies = remedies(session);
        page.then = next_scenario(model);
    } else {
        page.captions = vec![run::caption(session, model.language)];
    }
    page
}

/// All lines of a page, each complete in itself. The moving figure of a playhead is left out, and
/// so is what goes on while it moves: neither could be listened to.
pub fn lines(page: &Page) -> Vec<String> {
    let mut lines = Vec::new();
    let name = [page.number.as_str(), page.title.as_str()].join(" ");
    lines.push(format!("{}: {}", page.place, name.trim()));
    let moves = page
        .playhead
        .as_ref()
        .is_some_and(|stand| matches!(stand.mode.as_str(), "live" | "playing"));
    if let Some(stand) = &page.playhead {
        lines.push(match moves {
            true => stand.mode.clone(),
            false => stand.words(),
        });
    }
    lines.extend(page.own.iter().map(|own| format!("yours: {own}")));
    lines.extend(page.notes.iter().map(|note| format!("note: {note}")));
    if !moves {
        lines.extend(page.captions.iter().cloned());
    }
    lines.extend(page.remedies.iter().cloned());
    for ahead in &page.next {
        lines.push(format!("{}: {}", ahead.when, ahead.say));
    }
    lines.extend(page.questions.iter().flat_map(question_lines));
    if !page.then.is_empty() {
        lines.push(page.then.clone());
    }
    lines.retain(|line| !line.trim_matches([':', ' ']).is_empty());
    lines
}

fn question_lines(asked: &Asked) -> Vec<String> {
    let kind = if asked.after { "why" } else { "question" };
    let mut lines = vec![format!("{kind}: {}", asked.ask)];
    lines.extend(
        asked
            .answer
            .as_ref()
            .map(|answer| format!("answer: {answer}")),
    );
    for (place, option) in asked.options.iter().enumerate() {
        let reply = option.reply.as_ref();
        let reply = reply.map_or(String::new(), |reply| format!(" - reply: {reply}"));
        lines.push(format!("{}{reply}", offered(place, option)));
    }
    lines.extend(said(asked));
    lines
}

/// `2 Hello bye Hello bye (right), 9 hands, then 22`.
fn offered(place: usize, option: &Offered) -> String {
    let right = if option.right { " (right)" } else { "" };
    let hands = counted(&option.votes);
    let hands = hands.map_or(String::new(), |hands| format!(", {hands}"));
    format!("{} {}{right}{hands}", place + 1, option.say)
}

/// What was said at the keys.
pub(crate) fn said(asked: &Asked) -> Option<String> {
    match asked.said.as_slice() {
        [] => None,
        [only] => Some(format!("said at the keys: {only}")),
        [first, .., last] => Some(format!("said at the keys: {first}; then: {last}")),
    }
}

/// `9 hands, then 22`.
pub(crate) fn counted(hands: &[u32]) -> Option<String> {
    let (first, later) = hands.split_first()?;
    let word = if *first == 1 { "hand" } else { "hands" };
    let later = later.iter().map(|count| format!(", then {count}"));
    Some(format!("{first} {word}{}", later.collect::<String>()))
}
