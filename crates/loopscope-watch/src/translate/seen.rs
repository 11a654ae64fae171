//! What was seen of the threads of a program that tells nothing.

use loopscope_trace::{EventKind, JobId, Outcome, TaskId, TaskRole, ThreadRole, WaitOn};

use crate::merge::seen::Seen;
use crate::outside::frames::Frame;
use crate::translate::rows::{Place, rust_function, short};
use crate::translate::state::{Job, Runs, next};
use crate::translate::translator::{At, Translator};

impl Translator {
    /// What a thread began or ended, as it was seen.
    pub(super) fn seen(&mut self, at: At, seen: Seen) {
        self.out.begin(at.moment);
        match seen {
            Seen::Thread { name, role } => {
                let threads = &self.processes[at.process].threads;
                let is_known = threads
                    .get(&at.thread)
                    .is_some_and(|thread| thread.id.is_some());
                if !is_known {
                    self.thread(at, 0, &name);
                }
                self.thread_id(at, role);
            }
            Seen::Parked => self.parks(at),
            Seen::Unparked => self.unparks(at),
            Seen::Polls(frame) => self.polls(at, &frame),
            Seen::Runs(frame) => self.runs(at, &frame),
            Seen::Ends => self.seen_end(at),
            Seen::Over => {
                self.seen_end(at);
                self.end_of_thread(at);
            }
        }
    }

    /// Which task is polled nothing tells: what a thread polls of one function is a lane.
    fn polls(&mut self, at: At, frame: &Frame) {
        self.unparks(at);
        self.stop(at);
        let thread = self.thread_id(at, ThreadRole::Loop);
        let place = self.place_of(frame);
        let roots = self.processes[at.process].roots.clone();
        let function = self.rows.function(&place, None, &roots, &mut self.out);
        let number = function.map_or(u32::MAX, |function| function.0);
        let label = u64::from(at.thread) << 32 | u64::from(number);
        let known = self.processes[at.process].callbacks.get(&label);
        let task = known.map(|lane| lane.id);
        let task = task.unwrap_or_else(|| self.lane(at, label, &place));
        let process = &mut self.processes[at.process];
        process.threads.entry(at.thread).or_default().runs = Some(Runs::Callback(label));
        self.out
            .event(at.moment, EventKind::PollStarted { task, thread });
    }

    /// A lane for polls: since when its task was ready is not known, so that it begins as one that is not started.
    fn lane(&mut self, at: At, label: u64, place: &Place) -> TaskId {
        let lane = self.new_task(at, TaskRole::Coroutine, None, &place.name, place);
        let named = EventKind::TaskNamed {
            task: lane.id,
            role: TaskRole::Spawned,
            function: short(lane.function),
            name: self.out.text(&place.name),
        };
        self.out.event(at.moment, named);
        let id = lane.id;
        self.processes[at.process].callbacks.insert(label, lane);
        id
    }

    /// When a job was queued and by whom is not known: only that it runs.
    fn runs(&mut self, at: At, frame: &Frame) {
        self.stop(at);
        let id = JobId(next(&mut self.numbers.jobs));
        if !std::mem::replace(&mut self.has_pool, true) {
            // How many threads it may have nothing tells.
            let kind = EventKind::PoolResized { pool: 0, size: 0 };
            self.out.event(at.moment, kind);
        }
        let place = self.place_of(frame);
        let name = self.out.text(&place.name);
        let queued = EventKind::JobQueued {
            job: id,
            parent: TaskId::NONE,
            name,
            pool: 0,
        };
        self.out.event(at.moment, queued);
        let job = u64::from(id.0);
        let roots = self.processes[at.process].roots.clone();
        let step = self.rows.step(&place, &roots, &mut self.out);
        let new = Job {
            id,
            step,
            ended: false,
        };
        self.processes[at.process].jobs.insert(job, new);
        self.started(at, job);
    }

    /// What the thread began is over.
    fn seen_end(&mut self, at: At) {
        let process = &mut self.processes[at.process];
        let runs = process
            .threads
            .get(&at.thread)
            .and_then(|thread| thread.runs);
        match runs {
            Some(Runs::Job(job)) => {
                self.stop(at);
                if let Some(job) = self.processes[at.process].jobs.remove(&job) {
                    let outcome = Outcome::Completed;
                    self.out.event(
                        at.moment,
                        EventKind::JobEnded {
                            job: job.id,
                            outcome,
                        },
                    );
                }
            }
            Some(Runs::Callback(label)) => {
                if let Some(lane) = process.callbacks.get(&label) {
                    let (task, on) = (lane.id, WaitOn::Futures(1));
                    self.out.event(at.moment, EventKind::Waiting { task, on });
                }
                self.stop(at);
            }
            _ => {}
        }
    }

    /// Where a call stands; a closure has the name of the function that it is in.
    fn place_of(&mut self, frame: &Frame) -> Place {
        let place = Place {
            name: frame.function.clone(),
            file: frame.file.clone(),
            line: frame.line,
            more: String::new(),
        };
        if !["", "?"].contains(&frame.function.as_str()) {
            return place;
        }
        let (name, ..) = rust_function(&self.rows.sources.text(&place.file), &place);
        let is_known = !["", "?"].contains(&name.as_str());
        Place {
            name: if is_known { name } else { "a task".to_owned() },
            ..place
        }
    }
}
