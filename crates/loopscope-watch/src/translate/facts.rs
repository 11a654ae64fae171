//! Each fact, as what it means for the trace.

use crate::merge::fact::{Fact, What};
use crate::ring::kinds;
use crate::ring::records::Record;
use crate::ring::slots::Doing;
use crate::source::texts::Texts;
use crate::translate::translator::{At, Translator};

impl Translator {
    /// What a fact means; `texts` are those of its process. `status` is how the process ended, where that is known.
    pub(crate) fn fact(&mut self, fact: Fact, texts: &mut dyn Texts, status: Option<i32>) {
        if fact.process >= self.processes.len() {
            return;
        }
        let at = At {
            process: fact.process,
            thread: fact.thread,
            moment: fact.at,
        };
        self.settle(fact.at);
        match fact.what {
            What::Joined => drop(self.process_id(at)),
            What::Begins { doing, what } => match doing {
                Doing::Turn => self.turn_begins(at, what),
                Doing::Callback => self.callback_begins(at, what, texts),
                Doing::Parked => self.parks(at),
                Doing::Job => {}
            },
            What::Told(record) => self.told(at, record, texts),
            What::Seen(seen) => self.seen(at, seen),
            What::Held(sample) => self.held(at, *sample),
            What::Waiting(waiting) => self.waiting(at, &waiting),
            What::Lost { count, since } => self.lost(at, count, since),
            What::Unheard(text) => self.unheard(at, &text),
            What::Ended(seen) => self.ended(at, status.or(seen)),
        }
    }

    fn told(&mut self, at: At, record: Record, texts: &mut dyn Texts) {
        let Record { a, b, c, .. } = record;
        match record.kind {
            kinds::THREAD => self.thread(at, a, &texts.get(b)),
            kinds::SPAWN => self.spawned(at, a, c, &texts.get(b)),
            kinds::WOKEN => self.woken(at, a, b),
            kinds::TURN => {
                let place = texts.get(b >> 8);
                let on = self.on(at, a).map(|(_, _, text)| texts.get(text));
                self.turn_ends(at, a, b & 0xff, &place, on.as_deref().unwrap_or(""));
            }
            kinds::ON => self.waits_on(at, a, (c >> 32, b, c & 0xffff_ffff)),
            kinds::CALL => self.callback_ends(at, a, texts),
            kinds::PARKED => self.unparks(at),
            kinds::POOL => self.pool(at, a, &texts.get(b), c),
            kinds::QUEUED => self.queued(at, a, c >> 32, &texts.get(b)),
            kinds::STARTED => self.started(at, a),
            kinds::ENDED => self.job_ends(at, a, b),
            kinds::PRINTED => self.printed(at, (a, c), &texts.get(b)),
            kinds::REQUEST => {
                self.request(at, a, c, (&texts.get(b & kinds::TEXT), b >> kinds::PORT))
            }
            kinds::ENDPOINT => self.endpoint(at, a, &texts.get(b)),
            kinds::ANSWERED => self.answered(at, a, b),
            kinds::GONE => self.gone(at, a),
            kinds::FAILED => self.failed(at, a, c, &texts.get(b)),
            kinds::CHUNK => self.chunk(at, a, b),
            kinds::LOOP => self.runs_loop(at, &texts.get(a)),
            kinds::DROPPED => self.dropped(at, a),
            kinds::LEFT => self.end_of_thread(at),
            kinds::ROUTE => self.routed(at, a, &texts.get(b)),
            // A later version may tell more.
            _ => {}
        }
    }
}
