//! A run at the playhead: where it is, what is said now, and what will be said next.

use crate::session::playhead::Mode;
use crate::session::session::{Run, Session};
use loopscope_protocol::notes::{Ahead, Stand};
use loopscope_timeline::{Cue, Moment, Timeline, When, explain};
use loopscope_trace::Language;

/// Where the playhead is.
pub(crate) fn stand(session: &Session) -> Stand {
    let at = format!("{}s", session.here().at.hundredths());
    let end = format!("{}s", session.timeline.end().hundredths());
    let (mode, of) = match session.mode() {
        Mode::BeforeRun => ("before the run", None),
        Mode::Live => ("live", None),
        Mode::Playing => ("playing", Some(end)),
        Mode::Paused | Mode::Recorded => ("paused", Some(end)),
        Mode::Ended => ("ended", None),
    };
    Stand {
        mode: mode.to_owned(),
        at,
        of,
    }
}

/// The note that was said last.
pub(crate) fn note(session: &Session) -> Option<String> {
    let world = session.world();
    let note = session.timeline.note_at(&world);
    note.map(|(_, say)| say.to_owned())
}

/// What goes on at the playhead; before the run, what it is about.
pub(crate) fn caption(session: &Session, language: Language) -> String {
    if session.run == Run::NotYet {
        return session.timeline.story().asks.clone();
    }
    explain::caption(&session.timeline, &session.world(), language)
}

/// The next stop that has been recorded, and the next note. At the live edge nothing after it is
/// known but what the file says: which note waits for what.
pub(crate) fn ahead(session: &Session, language: Language) -> Vec<Ahead> {
    let timeline = &session.timeline;
    let here = session.here();
    let stop = timeline.next_stop(here).map(|stop| Ahead {
        when: format!("next stop, at {}s", stop.at.hundredths()),
        say: stop_words(timeline, stop, language),
    });
    let told = timeline
        .next_stop(here)
        .is_some_and(|stop| timeline.note_said_at(stop).is_some());
    let note = next_note(timeline, here).filter(|_| !told);
    stop.into_iter().chain(note).collect()
}

/// What will be said at a stop.
fn stop_words(timeline: &Timeline, stop: Moment, language: Language) -> String {
    let note = timeline.note_said_at(stop).map(|note| note.say.clone());
    note.or_else(|| explain::stop(timeline, stop, language))
        .unwrap_or_default()
}

fn next_note(timeline: &Timeline, here: Moment) -> Option<Ahead> {
    let ahead = |when: String, note: &Cue| Ahead {
        when,
        say: note.say.clone(),
    };
    if let Some((when, note)) = timeline.notes_after(here).next() {
        return Some(ahead(
            format!("next note, at {}s", when.at.hundredths()),
            note,
        ));
    }
    let note = timeline.notes_waiting().next()?;
    let when = match &note.when {
        When::Anchor(anchor) => format!("next note, {}", explain::anchor(anchor)),
        When::At(at) => format!("next note, at {}s", at.hundredths()),
    };
    Some(ahead(when, note))
}

/// How much remains after the playhead.
pub(crate) fn left(session: &Session) -> String {
    let timeline = &session.timeline;
    let here = session.here();
    let notes = timeline.notes_after(here).count() + timeline.notes_waiting().count();
    let stops = timeline.stops_after(here);
    let counted = |count: usize, one: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    };
    match (notes, stops) {
        (0, 0) => String::new(),
        (notes, 0) => format!("{} to come", counted(notes, "note")),
        (0, stops) => format!("{} recorded", counted(stops, "stop")),
        (notes, stops) => format!(
            "{} to come, {} recorded",
            counted(notes, "note"),
            counted(stops, "stop")
        ),
    }
}
