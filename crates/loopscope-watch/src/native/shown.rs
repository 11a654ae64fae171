//! What a look into a thread shows, and what is told of it.

use loopscope_stack::proc::thread::Call;
use loopscope_stack::{Doing, Look, Role};
use loopscope_trace::ThreadRole;

use crate::blocks::held::Sample;
use crate::blocks::kind::refined;
use crate::blocks::noted::Noted;
use crate::merge::seen::Seen;
use crate::native::state::{Given, PARKS, State, Works, is_same, plain, spot};
use crate::native::thread::Thread;
use crate::outside::frames::Frame;

/// The longest time between two samples of the same poll.
const LONGEST: u64 = 500_000_000;
/// How long a thread that is none of tokio's is left alone.
const REST: u64 = 1_000_000_000;

impl Thread {
    /// What a look into it shows.
    pub(super) fn found(
        &mut self,
        look: Look,
        (now, threshold): (u64, u64),
        (call, slept): (Call, bool),
        given: &mut Given,
    ) {
        self.role = Some(look.work.role);
        match look.work.role {
            Role::Worker | Role::CurrentThread => self.introduce(ThreadRole::Loop, given),
            Role::Pool => self.introduce(ThreadRole::Pool, given),
            // Beside the workers it holds none of them: it is told where it has something to tell.
            Role::BlockOn | Role::Other => {}
        }
        match look.work.doing {
            Doing::Parked => {
                if let Some(spot) = spot(call) {
                    if self.parks.len() >= PARKS {
                        self.parks.remove(0);
                    }
                    self.parks.push(spot);
                    if let Some(snapshot) = look.snapshot {
                        self.ticks.learn(snapshot);
                    }
                }
                self.free(now.midpoint(self.looked), given);
            }
            Doing::Outside => {
                self.rest = now + REST;
                self.ends(now, given);
                self.state_since(State::Busy, now);
            }
            Doing::Between => {
                self.ends(now.midpoint(self.looked), given);
                self.state_since(State::Busy, now);
            }
            Doing::Poll | Doing::Job => {
                let same = match &self.state {
                    State::Works(works) => {
                        let is_job = look.work.doing == Doing::Job;
                        works.is_job == is_job
                            && (slept || is_same(&works.look, &look, &self.ticks))
                    }
                    _ => true,
                };
                if !same {
                    self.ends(now.midpoint(self.looked), given);
                    self.state_since(State::Busy, now);
                }
                self.keep(look, now, threshold);
            }
        }
    }

    pub(super) fn keep(&mut self, look: Look, now: u64, threshold: u64) {
        let is_job = look.work.doing == Doing::Job;
        match &mut self.state {
            State::Works(works) => works.look = look,
            state => {
                *state = State::Works(Box::new(Works {
                    look,
                    is_job,
                    told: false,
                    place: None,
                    samples: 0,
                    next: now.max(self.since + threshold),
                }));
            }
        }
    }

    /// Tells of a job at once, and of a poll once it is too long; and by what it is held, again while it lasts.
    pub(super) fn tell(&mut self, now: u64, threshold: u64, given: &mut Given) {
        let age = now.saturating_sub(self.since);
        let since = self.since;
        if matches!(&self.state, State::Works(works) if !works.is_job && age >= threshold) {
            self.introduce(ThreadRole::Loop, given);
        }
        let State::Works(works) = &mut self.state else {
            return;
        };
        if (works.is_job || age >= threshold) && !works.told {
            works.told = true;
            let frame = works
                .look
                .work
                .polled
                .and_then(|at| works.look.frames.get(at));
            let frame = frame.map_or_else(Frame::default, plain);
            let begins = if works.is_job {
                Seen::Runs(frame)
            } else {
                Seen::Polls(frame)
            };
            given.seen.push((since, begins));
        }
        if age < threshold || now < works.next {
            return;
        }
        works.samples += 1;
        works.next = now + (threshold << works.samples.min(5)).min(LONGEST) / 2;
        let at = if works.samples == 1 { since } else { now };
        let frames = works.frames();
        let kind = refined(self.noted.kind(), &frames, "");
        let sample = Sample { kind, frames };
        given.sample = Some((at, sample));
    }

    /// Tells what it is for; a thread of the pool may run a loop of its own for a while.
    fn introduce(&mut self, role: ThreadRole, given: &mut Given) {
        if self.told.replace(role) != Some(role) {
            let name = self.files.name.clone();
            given.seen.push((self.since, Seen::Thread { name, role }));
        }
    }

    /// It has nothing to do since a moment.
    pub(super) fn free(&mut self, at: u64, given: &mut Given) {
        self.ends(at, given);
        self.state_since(State::Free, at);
        if self.told == Some(ThreadRole::Loop) && std::mem::take(&mut self.awake) {
            given.seen.push((at, Seen::Parked));
        }
    }

    /// What it began is over.
    pub(super) fn ends(&mut self, at: u64, given: &mut Given) {
        if let State::Works(works) = &self.state
            && works.told
        {
            given.seen.push((at.max(self.since), Seen::Ends));
        }
    }

    pub(super) fn over(&mut self, now: u64, given: &mut Given) {
        self.ends(now, given);
        self.state = State::Free;
        given.over = true;
        if self.told.is_some() {
            given.seen.push((now, Seen::Over));
        }
    }

    pub(super) fn state_since(&mut self, state: State, since: u64) {
        self.state = state;
        self.since = since;
        self.noted = Noted::default();
    }
}
