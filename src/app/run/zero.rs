//! Of the exported program of a scenario, what comes behind its beginning: server and clients are made before it, which
//! is no part of the story.

use loopscope_lab::scenario::BEGINS;
use loopscope_trace::{Batch, Event, EventKind, Nanos, Stretch, TextId, Window};

/// Leaves out what happens before the line that says where it begins; that is where its axis begins.
#[derive(Default)]
pub(crate) struct Zero {
    /// What came before, until it has begun: all that there is of a program that never does.
    before: Vec<Batch>,
    /// How many texts came.
    texts: u32,
    window: Window,
    begun: Option<(Stretch, Nanos)>,
}

impl Zero {
    /// What is handed on of a batch; `None` before it has begun.
    pub(crate) fn take(&mut self, batch: Batch) -> Option<Batch> {
        if let Some((stretch, zero)) = &mut self.begun {
            self.window.add(&batch);
            return Some(moved(stretch.batch(&self.window, &batch), *zero));
        }
        let Some(place) = self.begins(&batch) else {
            self.texts += u32::try_from(batch.texts.len()).unwrap_or(u32::MAX);
            let over = ends(&batch);
            self.before.push(batch);
            return over.then(|| joined(std::mem::take(&mut self.before)));
        };
        Some(self.begin(batch, place))
    }

    /// The place of the event that says where it begins.
    fn begins(&self, batch: &Batch) -> Option<usize> {
        let text = batch.texts.iter().position(|text| text == BEGINS)?;
        let text = TextId(self.texts + u32::try_from(text).ok()?);
        batch.events.iter().position(|event| match event.kind {
            EventKind::Output { text: said, .. } | EventKind::ProcessPrinted { text: said, .. } => {
                said == text
            }
            _ => false,
        })
    }

    fn begin(&mut self, batch: Batch, place: usize) -> Batch {
        for before in self.before.drain(..) {
            self.window.add(&before);
        }
        let mut events = batch.events;
        let mut later = events.split_off(place);
        let zero = later.first().map_or(batch.upto, |event| event.at);
        later.remove(0);
        self.window.add(&Batch {
            texts: batch.texts,
            rows: batch.rows,
            events,
            upto: zero,
        });
        let (mut stretch, first) = self.window.begin(zero);
        let later = Batch {
            events: later,
            upto: batch.upto,
            ..Batch::default()
        };
        self.window.add(&later);
        let later = stretch.batch(&self.window, &later);
        self.begun = Some((stretch, zero));
        moved(joined(vec![first, later]), zero)
    }
}

fn ends(batch: &Batch) -> bool {
    let mut kinds = batch.events.iter().map(|event| event.kind);
    kinds.any(|kind| matches!(kind, EventKind::RunEnded { .. }))
}

/// Several batches as one.
fn joined(batches: Vec<Batch>) -> Batch {
    let mut all = Batch::default();
    for batch in batches {
        all.texts.extend(batch.texts);
        all.rows.extend(batch.rows);
        all.events.extend(batch.events);
        all.upto = batch.upto;
    }
    all
}

/// The same on an axis that begins at `zero`; what was before stands at its beginning.
fn moved(mut batch: Batch, zero: Nanos) -> Batch {
    let since = |at: Nanos| at.since(zero);
    for Event { at, kind } in &mut batch.events {
        *at = since(*at);
        match kind {
            EventKind::WaitingTimer { deadline, .. } => *deadline = since(*deadline),
            EventKind::Dropped { since: from, .. } | EventKind::Late { since: from, .. } => {
                *from = since(*from);
            }
            _ => {}
        }
    }
    batch.upto = since(batch.upto);
    batch
}

#[cfg(test)]
mod tests {
    use super::*;
    use loopscope_trace::{Actor, TaskId, TaskRole, ThreadId, ThreadRole};

    fn at(millis: u64, kind: EventKind) -> Event {
        let at = Nanos::from_millis(millis);
        Event { at, kind }
    }

    fn batch(texts: &[&str], events: Vec<Event>) -> Batch {
        Batch {
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
            upto: events.last().map_or(Nanos::ZERO, |event| event.at),
            events,
            ..Batch::default()
        }
    }

    fn spawned(task: u32, name: u32) -> EventKind {
        EventKind::TaskSpawned {
            task: TaskId(task),
            role: TaskRole::Program,
            function: EventKind::NO_FUNCTION,
            parent: TaskId::NONE,
            name: TextId(name),
        }
    }

    fn ended(task: u32) -> EventKind {
        EventKind::TaskEnded {
            task: TaskId(task),
            outcome: loopscope_trace::Outcome::Completed,
        }
    }

    fn printed(text: u32) -> EventKind {
        EventKind::Output {
            actor: Actor::Task(TaskId(1)),
            text: TextId(text),
        }
    }

    #[test]
    fn what_was_over_when_it_begins_is_left_out_and_time_begins_there() {
        let mut zero = Zero::default();
        let thread = ThreadId(0);
        let role = ThreadRole::Loop;
        let name = TextId(0);
        let early = vec![
            at(1, EventKind::ThreadStarted { thread, role, name }),
            at(2, spawned(0, 1)),
            at(3, ended(0)),
            at(4, spawned(1, 2)),
        ];
        assert_eq!(zero.take(batch(&["loop", "warm", "main"], early)), None);
        let later = vec![at(5, printed(3)), at(100, printed(3)), at(130, printed(4))];
        let handed = zero.take(batch(&["early", BEGINS], later));
        let handed = handed.expect("it has begun");
        assert!(
            !handed
                .texts
                .iter()
                .any(|text| text == "warm" || text == BEGINS)
        );
        assert_eq!(handed.upto, Nanos::ZERO);
        assert!(handed.events.iter().all(|event| event.at == Nanos::ZERO));
        assert_eq!(handed.texts, ["loop", "main"]);
        let next = zero.take(batch(&["Hello"], vec![at(150, printed(5))]));
        let next = next.expect("it goes on");
        assert_eq!(next.texts, ["Hello"]);
        assert_eq!(next.events[0].at, Nanos::from_millis(20));
        assert_eq!(
            next.events[0].kind,
            EventKind::Output {
                actor: Actor::Task(TaskId(0)),
                text: TextId(2),
            }
        );
    }

    #[test]
    fn of_a_program_that_never_begins_all_is_told() {
        let mut zero = Zero::default();
        assert_eq!(
            zero.take(batch(&["Traceback"], vec![at(1, printed(0))])),
            None
        );
        let reason = loopscope_trace::EndReason::Finished;
        let end = vec![at(2, EventKind::RunEnded { reason })];
        let all = zero.take(batch(&[], end)).expect("it is over");
        assert_eq!(all.texts, ["Traceback"]);
        assert_eq!(all.events.len(), 2);
    }
}
