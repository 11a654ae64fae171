//! Why, in full: what a lane is doing, who will wake it, who woke it last, and whom to ask next.

use crate::counts::{counted, seconds};
use crate::findings::log::finding::Finding;
use crate::findings::running::lifo_slot;
use crate::findings::waiting::{
    broadcast_lag, futurelock, head_of_line, interval_burst, lost_wake_up, restarted_timer,
    stalled_future, thread_unsafe,
};
use crate::moments::timeline::Timeline;
use crate::sentences::asked::{Asked, Next, Why, holder};
use crate::sentences::{state, wake};
use crate::tracks::track::LaneId;
use crate::words::{line, who};
use crate::world::state::State;
use crate::world::world::World;
use loopscope_trace::{Actor, Language, TaskRole};

/// Why a lane is or is not running at the moment of `world`.
pub fn why(timeline: &Timeline, world: &World, lane: LaneId, language: Language) -> Why {
    let (state, since, _) = timeline.lane_state(lane, world);
    let asked = Asked {
        timeline,
        world,
        lane,
        language,
    };
    let (next, cause) = asked.next(state);
    let next = next + &asked.explained();
    let (last, before) = wake::last(&asked);
    Why {
        lane,
        state,
        since,
        now: state::state(timeline, world, lane, language),
        next,
        last,
        cause: cause.or(before),
    }
}

impl Asked<'_> {
    /// What was found out about why the lane, or what is sent to it, waits at this moment, each with ` ` before it.
    fn explained(&self) -> String {
        let now = self.world.now;
        let explains = |finding: &Finding| {
            let kinds = [
                &head_of_line::KIND,
                &restarted_timer::KIND,
                &futurelock::KIND,
                &stalled_future::KIND,
                &interval_burst::KIND,
                &broadcast_lag::KIND,
                &lost_wake_up::KIND,
                &thread_unsafe::KIND,
            ];
            kinds.contains(&finding.kind) && finding.open
        };
        // Whether another thread would take it is known only in the end.
        let later = |finding: &&Finding| {
            let lasts = finding.at <= now && now < finding.at + finding.length;
            *finding.kind == lifo_slot::KIND && lasts
        };
        let known = self.timeline.findings_at(self.world).into_iter();
        let later = self.timeline.findings().iter().filter(later);
        let later = later.map(|finding| Finding {
            length: now.since(finding.at),
            open: true,
            ..finding.clone()
        });
        let all = known.filter(explains).chain(later);
        let futures = [&futurelock::KIND, &stalled_future::KIND];
        let own = all.filter(|finding| {
            let keeps = finding.lane == Some(self.lane);
            keeps || futures.contains(&finding.kind) && finding.victims.contains(&self.lane)
        });
        let sentences = own.map(|finding| finding.sentence(self.timeline, self.language));
        sentences.map(|sentence| format!(" {sentence}")).collect()
    }

    fn next(&self, state: State) -> Next {
        match state {
            State::InBacklog => self.let_in(),
            State::Ready if self.task().is_none_or(|task| task.state != State::Ready) => {
                ("A free thread of the pool begins it.".to_owned(), None)
            }
            State::Ready | State::Overdue => self.turn(state),
            State::Queued => self.queued(),
            State::Running | State::Blocking => {
                let task = self.task().map(|task| Actor::Task(task.id));
                task.and_then(|task| self.barred(task)).unwrap_or_else(|| {
                    let words = "It lets the loop go at its next await, or when it ends.";
                    (words.to_owned(), None)
                })
            }
            State::OnPool => self.on_pool(),
            State::Waiting => self.waits(),
            State::Created => ("It begins when somebody awaits it.".to_owned(), None),
            State::Done | State::Cancelled | State::Failed => {
                ("It will not run again.".to_owned(), None)
            }
            State::Unknown if !self.timeline.is_there(self.lane, self.world) => {
                ("The playhead stands before it begins.".to_owned(), None)
            }
            State::Unknown => ("What comes next was lost, too.".to_owned(), None),
        }
    }

    /// A request waits for the accept task.
    fn let_in(&self) -> Next {
        let mut tasks = self.world.tasks.iter();
        let Some(accept) = tasks.find(|task| task.role == TaskRole::Accept) else {
            return ("Nobody lets requests in here.".to_owned(), None);
        };
        let cause = self.ask(Actor::Task(accept.id), |name| {
            format!("{name}, which lets it in")
        });
        let since = seconds(accept.since);
        let word = accept.state.word();
        (
            format!("accept lets it in; accept is {word} since {since}."),
            cause,
        )
    }

    /// A task waits for its turn on the loop.
    fn turn(&self, state: State) -> Next {
        let home = self.task().and_then(|task| task.home);
        let holder = holder(self.world, home);
        let Some(holder) = holder else {
            return ("The loop is free: it runs at once.".to_owned(), None);
        };
        let name = who(self.timeline, holder.actor);
        let before = self.task().and_then(|task| {
            let place = self
                .world
                .ready
                .iter()
                .position(|&other| other == task.id)?;
            Some(place).filter(|place| *place > 0)
        });
        let mut words = match state {
            State::Overdue => format!("The loop looks at its timers when {name} lets it go"),
            _ => format!("Its turn comes when {name} lets the loop go"),
        };
        if let Some(before) = before {
            words += &format!(", after {}", counted(before, "other", "others"));
        }
        words.push('.');
        let cause = self.ask(holder.actor, |name| match line_of(self, holder.actor) {
            Some(line) => format!("{name}, which holds the loop at {line}"),
            None => format!("{name}, which holds the loop"),
        });
        (words, cause)
    }

    /// A job waits for a thread.
    fn queued(&self) -> Next {
        let job = self.job();
        let pool = job.map_or(0, |job| job.pool);
        let (_, queue) = self.world.pool_of(pool);
        let place = job.and_then(|job| queue.binary_search(&job.id).ok());
        let place = place.map_or(String::new(), |place| {
            format!("It is {} in line: ", place_in_line(place + 1))
        });
        let words = format!("{place}a thread is free when a job ends.");
        let words = match words.strip_prefix('a') {
            Some(rest) => format!("A{rest}"),
            None => words,
        };
        let doing = self.world.doing_jobs_of(pool);
        let first = doing.min_by_key(|doing| doing.since);
        let cause = first.and_then(|doing| {
            let since = seconds(doing.since);
            self.ask(doing.actor, |name| {
                format!("{name}, on its thread since {since}")
            })
        });
        (words, cause)
    }

    fn on_pool(&self) -> Next {
        let job = self.job().map(|job| Actor::Job(job.id));
        if let Some(barred) = job.and_then(|job| self.barred(job)) {
            return barred;
        }
        let parent = self.job().and_then(|job| job.parent);
        let lane = parent.and_then(|task| self.timeline.lane_of(Actor::Task(task)));
        let words = match (parent, lane) {
            (Some(task), Some(lane)) if lane != self.lane => {
                format!(
                    "When it ends, {} is woken.",
                    who(self.timeline, Actor::Task(task))
                )
            }
            _ => "When it ends, its task on the loop is woken.".to_owned(),
        };
        (words, None)
    }
}

/// `first`, `second`, `third`; figures above.
fn place_in_line(place: usize) -> String {
    match place {
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        _ => format!("number {place}"),
    }
}

/// The line that an actor is in.
fn line_of(asked: &Asked, actor: Actor) -> Option<String> {
    let step = asked.world.step_of(actor)?;
    line(asked.timeline, step, asked.language)
}
