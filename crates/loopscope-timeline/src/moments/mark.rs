//! What of an event is worth a pause: notes, findings, printed lines, and all that changes.

use crate::moments::moment::{Moment, Stop};
use crate::moments::timeline::Timeline;
use crate::world::state::State;
use loopscope_trace::{EventKind, Nanos};

/// Lines that one step prints so close to each other, in wall time, are one stop: forty threads
/// that say the same at the same moment are no forty things to look at.
const BURST: Nanos = Nanos::from_millis(10);

/// Stops within this scenario time are one: there is no time to look in between.
const TOGETHER: Nanos = Nanos::from_millis(3);

impl Timeline {
    /// Notes moments, stops and notes of an event that has happened.
    pub(crate) fn tell(&mut self, kind: EventKind) {
        let here = self.here();
        let queues = matches!(kind, EventKind::JobQueued { job, .. }
            if self.live.job(job).is_some_and(|job| job.state == State::Queued));
        let said = self.notes.event(&self.trace, kind, queues, here);
        let prints = matches!(
            kind,
            EventKind::Output { .. } | EventKind::ClientPrinted { .. }
        ) && self.begins_burst();
        if said || prints {
            self.stop(here, said, prints);
        }
        if said {
            self.news.push(here);
        }
        self.tell_findings();
        let unseen = matches!(
            kind,
            EventKind::Parked { .. }
                | EventKind::Unparked { .. }
                | EventKind::ThreadStarted { .. }
                | EventKind::WaitingTimer { .. }
                | EventKind::Waiting { .. }
                | EventKind::TaskAlias { .. }
                | EventKind::TaskOnLoop { .. }
                | EventKind::BlockedOn { .. }
                | EventKind::ThreadOfProcess { .. }
                | EventKind::Metric { .. }
        );
        if !unseen {
            self.change();
        }
    }

    /// New findings are stops, and may be what a note waits for.
    pub(crate) fn tell_findings(&mut self) {
        let here = self.here();
        while let Some(kind) = self.findings.next_news() {
            self.notes.found(kind, here);
            self.stop(here, self.notes.said_at(here), false);
            self.news.push(here);
        }
    }

    /// The time has come at which something is to be said.
    pub(crate) fn tell_time(&mut self, at: Nanos) {
        self.live.advance(at);
        let here = self.here();
        if self.notes.reached(here) {
            self.stop(here, true, false);
            self.news.push(here);
        }
    }

    /// Something is worth a pause. What follows closely joins the stop before it, and one stands
    /// behind all of it; only two notes are never one stop, or the first could not be read.
    pub(crate) fn stop(&mut self, here: Moment, says: bool, prints: bool) {
        if let Some(last) = self.stops.last_mut() {
            let same = last.at == here;
            let close = here.at.since(last.from.at) <= TOGETHER;
            if same || (close && !(last.says && says)) {
                last.at = here;
                last.says |= says;
                last.prints |= prints;
                return;
            }
        }
        self.stops.push(Stop {
            from: here,
            at: here,
            says,
            prints,
        });
    }

    pub(crate) fn change(&mut self) {
        if self.changes.last() != Some(&self.live.now) {
            self.changes.push(self.live.now);
        }
    }

    /// Whether the newest line is the first of its step for a while.
    pub(crate) fn begins_burst(&mut self) -> bool {
        let Some(line) = self.outputs.last() else {
            return false;
        };
        let speed = self.trace.story.speed;
        let speed = if speed.is_finite() {
            speed.max(1.0)
        } else {
            1.0
        };
        let gap = Nanos::from_secs_f64(BURST.as_secs_f64() * speed);
        let before = self.bursts.insert(line.step, line.at);
        before.is_none_or(|before| line.at.since(before) > gap)
    }
}
