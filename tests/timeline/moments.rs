//! A note is said when what it counts has happened, and not before.

use loopscope::timeline::{Cue, Timeline, When};
use loopscope::trace::{
    Actor, Anchor, Batch, Channel, Event, EventKind, Nanos, Note, Outcome, ProcessId, RequestId,
    StepId, Story, TaskId, TextId, Trace, Variable,
};

/// Whether a note about `when` is said in a story that is nothing but `events`.
fn said(when: Anchor, events: &[EventKind]) -> bool {
    let story = Story {
        notes: vec![Note {
            when,
            say: "now".to_owned(),
        }],
        variables: ["other", "id"]
            .map(|name| Variable {
                name: name.to_owned(),
                ..Variable::default()
            })
            .into(),
        channels: vec![Channel {
            name: "jobs".to_owned(),
            ..Channel::default()
        }],
        ..Story::default()
    };
    let mut trace = Trace::new(story);
    trace.texts = vec!["pong".to_owned(), "ping".to_owned()];
    trace.events = events
        .iter()
        .map(|kind| Event {
            at: Nanos::ZERO,
            kind: *kind,
        })
        .collect();
    let timeline = Timeline::from_trace(trace);
    timeline.note_at(timeline.live()).is_some()
}

#[test]
fn cues_in_place_of_the_notes_say_their_own_sentences() {
    let story = Story {
        notes: vec![Note {
            when: Anchor::Start,
            say: "a note of the story".to_owned(),
        }],
        ..Story::default()
    };
    let cue = |at, say: &str| Cue {
        when: When::At(Nanos::from_millis(at)),
        say: say.to_owned(),
    };
    let cues = vec![
        cue(30, "third"),
        cue(10, "first"),
        cue(20, ""),
        cue(90, "never"),
    ];
    let mut timeline = Timeline::with_cues(story, Some(cues));
    timeline.extend(Batch {
        upto: Nanos::from_millis(50),
        ..Batch::default()
    });
    let said = timeline.notes_said();
    let said: Vec<(Nanos, &str)> = said.map(|(when, say)| (when.at, say)).collect();
    let expected = [(10, "first"), (30, "third")];
    assert_eq!(
        said,
        expected.map(|(at, say)| (Nanos::from_millis(at), say))
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "one row an anchor")]
fn each_anchor_counts_its_own_events() {
    let actor = Actor::Task(TaskId(0));
    let request = RequestId(0);
    let text = |at| TextId(at);
    let write = |variable| EventKind::VariableWritten {
        actor,
        variable,
        value: text(0),
    };
    let printed = |at| EventKind::ClientPrinted {
        request,
        text: text(at),
    };
    let sent = EventKind::ChannelSent {
        actor,
        channel: 0,
        value: text(0),
    };
    let received = EventKind::ChannelReceived {
        actor,
        channel: 0,
        value: text(0),
    };
    let ended = |outcome| EventKind::TaskEnded {
        task: TaskId(0),
        outcome,
    };
    let chunk = EventKind::ResponseChunk {
        request,
        text: text(0),
    };
    let name = |name: &str| name.to_owned();
    let rows = [
        (
            Anchor::GivenUp { nth: 1 },
            EventKind::RequestGivenUp { request },
            EventKind::RequestAnswered {
                status: 0,
                request,
                text: text(0),
            },
        ),
        (
            Anchor::TimedOut { nth: 1 },
            EventKind::TimedOut {
                actor,
                step: StepId(0),
            },
            chunk,
        ),
        (Anchor::Chunk { nth: 1 }, chunk, printed(0)),
        (
            Anchor::Written {
                variable: name("id"),
                nth: 1,
            },
            write(1),
            write(0),
        ),
        (
            Anchor::ClientOutput {
                text: Some(name("pong")),
                nth: 1,
            },
            printed(0),
            printed(1),
        ),
        (
            Anchor::Cancelled { nth: 1 },
            ended(Outcome::Cancelled),
            ended(Outcome::Completed),
        ),
        (
            Anchor::ChannelSent {
                channel: name("jobs"),
                nth: 1,
            },
            sent,
            received,
        ),
        (
            Anchor::ChannelReceived {
                channel: name("jobs"),
                nth: 1,
            },
            received,
            sent,
        ),
        (
            Anchor::ChildEnded { nth: 1 },
            EventKind::ProcessEnded {
                process: ProcessId(0),
                status: 0,
            },
            chunk,
        ),
        (
            Anchor::Stopping { nth: 1 },
            EventKind::ServerStopping { polite: true },
            chunk,
        ),
    ];
    for (when, counted, other) in rows {
        assert!(said(when.clone(), &[counted]), "{when:?}");
        assert!(!said(when.clone(), &[other]), "{when:?}");
    }
    let third = Anchor::Chunk { nth: 3 };
    assert!(!said(third.clone(), &[chunk; 2]) && said(third, &[chunk; 3]));
}
