//! From the model to the page: which screen the class sees, and what there is to say about it.

use crate::model::lecture;
use crate::model::model::Model;
use crate::model::presenting::Presenting;
use crate::model::screen::Screen;
use crate::notes::{ask, pair, run};
use crate::session::asking::Asking;
use crate::session::playhead::Mode;
use crate::session::session::Session;
use loopscope_protocol::notes::Page;
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
pub(crate) fn then(model: &Model) -> String {
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
            .map_or_else(|| menu(model), |compare| pair::page(model, compare)),
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
        questions: ask::one(session, asking.question).into_iter().collect(),
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
        questions: ask::questions(session, ended),
        ..titled(session, "stage")
    };
    if ended {
        page.captions = vec![result(session)];
        page.remedies = remedies(session);
        page.then = then(model);
    } else {
        page.captions = vec![run::caption(session, model.language)];
    }
    page
}
