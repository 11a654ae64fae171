//! The notes of one run and of two: where it is, what comes, and the questions.

use crate::model::model::Model;
use crate::session::compare::{Compare, Head};
use crate::session::playhead::Mode;
use crate::session::session::{Run, Session};
use loopscope_protocol::notes::{Ahead, Asked, Offered, Page, Playhead};
use loopscope_timeline::prediction::{figure, in_words};
use loopscope_timeline::{Cue, Moment, Timeline, When, explain};
use loopscope_trace::{Answered, Answers, How, Language, Quantity, Question, Range, Story, Tally};

/// The questions that are asked before the run, or those after it, once it has `ended`; where
/// there are none of these, the ones before stay in sight.
pub(crate) fn questions(session: &Session, ended: bool) -> Vec<Asked> {
    let story = session.timeline.story();
    let of = |after: bool| -> Vec<Asked> {
        let all = story.questions.iter().enumerate();
        all.filter(|(_, question)| question.after == after)
            .map(|(place, question)| asked(story, question, session.answers.of(place)))
            .collect()
    };
    let whys = if ended { of(true) } else { Vec::new() };
    if whys.is_empty() { of(false) } else { whys }
}

/// The question at this place in the story.
pub(crate) fn one(session: &Session, place: usize) -> Option<Asked> {
    let story = session.timeline.story();
    let question = story.questions.get(place)?;
    Some(asked(story, question, session.answers.of(place)))
}

fn asked(story: &Story, question: &Question, said: Option<&Answered>) -> Asked {
    let hands: &[Tally] = said.map_or(&[], |said| &said.tallies);
    // With other numbers than the file's, another answer may be right; which one is not known.
    let known = story.is_as_written();
    let options = question.options.iter().enumerate();
    let options = options.map(|(place, option)| Offered {
        say: option.say.clone(),
        right: option.right && known,
        reply: option.reply.clone(),
        votes: hands.iter().map(|tally| tally.of(place)).collect(),
    });
    let answers = said.map_or(&[][..], |said| &said.answers);
    Asked {
        ask: question.ask.clone(),
        after: question.after,
        options: options.collect(),
        answer: if known {
            answer(story, question)
        } else {
            Some("the knobs are turned: the file's answer may not hold".to_owned())
        },
        said: answers.iter().map(|it| in_words(question, it)).collect(),
        votes: hands.iter().map(Tally::all).collect(),
    }
}

/// What is right, where it is no option: what the file expects of the run.
fn answer(story: &Story, question: &Question) -> Option<String> {
    let expect = &story.expect;
    let number = |of: Option<Range>| {
        let of = of?;
        let [from, to] = [of.from, of.to].map(|it| figure(&question.number, it));
        Some(if from == to {
            from
        } else {
            format!("{from} to {to}")
        })
    };
    match (&question.how, &question.number) {
        (How::Choose, _) => None,
        (How::Order, _) => expect.output.as_ref().map(|lines| lines.join(", ")),
        (How::Number, Quantity::Elapsed) => number(expect.elapsed),
        (How::Number, Quantity::Lines) => {
            let lines = expect.output.as_ref().or(expect.output_any_order.as_ref());
            lines.map(|lines| lines.len().to_string())
        }
        (How::Number, Quantity::Variable(name)) => {
            let known = expect.variables.iter().find(|(known, _)| known == name);
            number(known.map(|(_, range)| *range))
        }
    }
}

/// Where the playhead is.
pub(crate) fn stand(session: &Session) -> Playhead {
    let at = format!("{}s", session.here().at.hundredths());
    let end = format!("{}s", session.timeline.end().hundredths());
    let (mode, of) = match session.mode() {
        Mode::BeforeRun => ("before the run", None),
        Mode::Live => ("live", None),
        Mode::Playing => ("playing", Some(end)),
        Mode::Paused | Mode::Recorded => ("paused", Some(end)),
        Mode::Ended => ("ended", None),
    };
    Playhead {
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
    let counted = explain::number_of;
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

/// The page of a comparison.
pub(crate) fn page_of_two(model: &Model, compare: &Compare) -> Page {
    let [left, right] = &compare.sides;
    let titles = [left, right].map(|side| side.name().to_owned());
    let notes = [left, right].map(|side| note(side).map(|note| format!("{}: {note}", side.name())));
    let captions = [left, right].map(|side| format!("{}: {}", side.name(), says(model, side)));
    Page {
        title: titles.join(" and "),
        place: "compare".to_owned(),
        playhead: Some(stand_of_two(compare)),
        notes: notes.into_iter().flatten().collect(),
        captions: captions.to_vec(),
        next: [left, right]
            .into_iter()
            .flat_map(|side| {
                let ahead = ahead(side, model.language).into_iter().take(1);
                ahead.map(|ahead| Ahead {
                    when: format!("{}, {}", side.name(), ahead.when),
                    ..ahead
                })
            })
            .collect(),
        ..Page::default()
    }
}

/// What goes on in a side, or what it came to.
fn says(model: &Model, side: &Session) -> String {
    if side.run == Run::NotYet {
        return "has not begun.".to_owned();
    }
    let world = side.world();
    if world.ended.is_some() {
        return explain::result(&side.timeline, &Answers::default());
    }
    explain::caption(&side.timeline, &world, model.language)
}

fn stand_of_two(compare: &Compare) -> Playhead {
    let at = format!("{}s", compare.now().hundredths());
    let end = format!("{}s", compare.end().hundredths());
    let (mode, of) = match compare.head {
        Head::Edge if compare.over() => ("ended", None),
        Head::Edge => ("live", None),
        Head::Playing(_) => ("playing", Some(end)),
        Head::Paused(_) if compare.sides.iter().all(|side| side.run == Run::NotYet) => {
            ("before the run", None)
        }
        Head::Paused(_) => ("paused", Some(end)),
    };
    Playhead {
        mode: mode.to_owned(),
        at,
        of,
    }
}
