//! Something went wrong without an error that anyone gets: the program that is watched told it as it happened.

use crate::findings::log::detector::{self, Log, Now};
use crate::findings::log::finding::{Finding, Kind};
use crate::words::{Naming, who};
use loopscope_trace::{Actor, EventKind, Lapse, Nanos, TextId};

pub(crate) static NEVER_AWAITED: Kind = Kind {
    id: "never-awaited",
    word: "never awaited",
    row_word: "never awaited",
    symptoms: "never awaited, forgotten await, coroutine was never awaited, RuntimeWarning",
    runs_did: "had at least one finding of the kind never-awaited",
    on_map: None,
    sentence: |names, finding, _| {
        let what = told(names, finding);
        format!("A coroutine was made and never awaited, so that nothing of it ran: {what}.")
    },
    short: |names, finding, _| told(names, finding).to_owned(),
};

pub(crate) static NEVER_RETRIEVED: Kind = Kind {
    id: "never-retrieved",
    word: "exception never retrieved",
    row_word: "lost error",
    symptoms: "exception was never retrieved, lost exception, silent failure, background task fails",
    runs_did: "had at least one finding of the kind never-retrieved",
    on_map: None,
    sentence: |names, finding, _| {
        let what = told(names, finding);
        format!(
            "{} failed, and its exception was never retrieved: {what}.",
            lapsed(names, finding)
        )
    },
    short: |names, finding, _| told(names, finding).to_owned(),
};

pub(crate) static NOT_KEPT: Kind = Kind {
    id: "not-kept",
    word: "task not kept",
    row_word: "task not kept",
    symptoms: "task was destroyed but it is pending, create_task, garbage collected, background task disappears",
    runs_did: "had at least one finding of the kind not-kept",
    on_map: None,
    sentence: |names, finding, _| {
        let what = told(names, finding);
        format!(
            "{} was destroyed while it waited, because no reference to it was kept: {what}.",
            lapsed(names, finding)
        )
    },
    short: |names, finding, _| told(names, finding).to_owned(),
};

pub(crate) static RAISED: Kind = Kind {
    id: "raised",
    word: "callback raised",
    row_word: "callback raised",
    symptoms: "exception in callback, call_soon, call_later, add_done_callback",
    runs_did: "had at least one finding of the kind raised",
    on_map: None,
    sentence: |names, finding, _| {
        format!(
            "A callback raised an exception, which went to the loop's handler: {}.",
            told(names, finding)
        )
    },
    short: |names, finding, _| told(names, finding).to_owned(),
};

/// What was told of it: `ValueError: no such row, app.py:12`.
fn told<'a>(names: Naming<'a>, finding: &Finding) -> &'a str {
    finding
        .of
        .map_or("?", |text| names.trace().text(TextId(text)))
}

/// Whom it is about.
fn lapsed(names: Naming, finding: &Finding) -> String {
    let actor = finding.actor.map(|actor| who(names, actor));
    actor.unwrap_or_else(|| "A task or a job".to_owned())
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector;

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        let EventKind::Lapsed { task, lapse, text } = event else {
            return;
        };
        let kind = match lapse {
            Lapse::NeverAwaited => &NEVER_AWAITED,
            Lapse::NeverRetrieved => &NEVER_RETRIEVED,
            Lapse::NotKept => &NOT_KEPT,
            Lapse::Raised => &RAISED,
        };
        let actor = task.get().map(Actor::Task);
        let lane = actor.and_then(|actor| now.lanes.of(actor));
        let at: Nanos = now.world.now;
        let finding = log.open_at(now, kind, at, actor, lane);
        log.all[finding].of = Some(text.0);
        log.close(finding, at);
    }
}
