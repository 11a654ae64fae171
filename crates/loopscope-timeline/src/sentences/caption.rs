//! What is going on at a moment, in at most 150 characters and without a figure that ticks.

use crate::moments::timeline::Timeline;
use crate::sentences::scene::Scene;
use crate::words::{place, who};
use crate::world::entries::Doing;
use crate::world::state::State;
use crate::world::world::World;
use loopscope_trace::{Actor, Language, StepId, TaskId, TaskRole, ThreadRole};

/// Two rows of a small screen.
const MOST: usize = 150;

/// What is going on at the moment of `world`: at most 150 characters. Changes only when a state
/// does.
pub fn caption(timeline: &Timeline, world: &World, language: Language) -> String {
    let scene = Scene {
        timeline,
        world,
        language,
    };
    let parts = scene
        .circle()
        .or_else(|| scene.held_loop())
        .or_else(|| scene.full_pool())
        .or_else(|| scene.turn())
        .or_else(|| scene.ready())
        .or_else(|| scene.backlog())
        .or_else(|| scene.on_pool())
        .or_else(|| scene.in_children())
        .or_else(|| scene.locked())
        .or_else(|| scene.waiting())
        .unwrap_or_else(|| scene.nothing());
    fit(&parts)
}

/// Takes clauses as long as they fit; the first one always does, cut if it must be.
fn fit(clauses: &[String]) -> String {
    let mut caption = String::new();
    for clause in clauses {
        let length = caption.chars().count() + clause.chars().count();
        if caption.is_empty() && length > MOST {
            caption = clause.chars().take(MOST - 1).collect();
            caption.push('…');
        } else if length <= MOST {
            caption.push_str(clause);
        }
    }
    if caption.ends_with(';') {
        caption.pop();
    }
    if !caption.is_empty() && !caption.ends_with(['.', '…']) {
        caption.push('.');
    }
    caption
}

impl Scene<'_> {
    /// All threads of the pool are taken, and jobs are queued.
    fn full_pool(&self) -> Option<Vec<String>> {
        let world = self.world;
        let most = world.pool.threads;
        let queued = world.pool.queued;
        if most == 0 || world.pool.busy < most || queued == 0 {
            return None;
        }
        let count = world.pool.busy;
        let all = if count == 1 {
            "The only pool thread is".to_owned()
        } else {
            format!("All {count} pool threads are")
        };
        let inside = self
            .common_step()
            .and_then(|step| crate::words::step_text(self.timeline, step, self.language))
            .map_or_else(|| "taken".to_owned(), |text| format!("inside {text}"));
        let wants = match queued {
            1 => "one job is queued for one.".to_owned(),
            _ if self.timeline.story().is_server() => {
                format!("{queued} requests are queued for one.")
            }
            _ => format!("{queued} jobs are queued for one."),
        };
        Some(vec![
            format!("{all} {inside}; {wants}"),
            " The loop is free: the heartbeat beats, but it has no thread left to hand out."
                .to_owned(),
        ])
    }

    /// What the threads of the pool do.
    fn on_threads(&self) -> impl Iterator<Item = Doing> {
        let pool = self.world.threads.iter();
        let pool = pool.filter(|thread| thread.role == ThreadRole::Pool);
        pool.filter_map(|thread| thread.doing)
    }

    /// The step that all jobs on threads are in, if it is one.
    fn common_step(&self) -> Option<StepId> {
        let mut steps = self
            .on_threads()
            .map(|doing| self.world.step_of(doing.actor));
        let first = steps.next()??;
        steps.all(|step| step == Some(first)).then_some(first)
    }

    /// A task has a turn on a loop right now.
    fn turn(&self) -> Option<Vec<String>> {
        let doing = self.world.loops().find_map(|thread| thread.doing)?;
        let Actor::Task(id) = doing.actor else {
            return None;
        };
        let role = self.world.task(id)?.role;
        // A beat comes and goes ten times a second: that is no change of state to speak of.
        if role == TaskRole::Heartbeat {
            return None;
        }
        let name = who(self.timeline, doing.actor);
        let first = match role {
            TaskRole::Accept => "accept has the loop: it lets requests in.".to_owned(),
            TaskRole::Dispatch => format!("{name} has the loop: a plain def goes to the pool."),
            _ => {
                let step = self.world.step_of(doing.actor);
                place(self.timeline, step, self.language).map_or(format!("{name} runs."), |place| {
                    format!("{name} runs {place}.")
                })
            }
        };
        let mut parts = vec![first];
        let ready = self.world.ready.len();
        if ready > 0 {
            let lanes = self.world.ready.iter().map(|&task| Actor::Task(task));
            let verb = if ready == 1 { "is" } else { "are" };
            parts.push(format!(" {} {verb} ready.", self.actors(lanes, ready)));
        }
        Some(parts)
    }

    fn backlog(&self) -> Option<Vec<String>> {
        let count = self.world.backlog.len();
        if count == 0 {
            return None;
        }
        let who = self.requests(&self.world.backlog);
        let (verb, them) = if count == 1 {
            ("is", "it")
        } else {
            ("are", "them")
        };
        Some(vec![format!(
            "{who} {verb} in the backlog; accept is about to let {them} in."
        )])
    }

    fn on_pool(&self) -> Option<Vec<String>> {
        let doing: Vec<Doing> = self.on_threads().collect();
        let count = doing.len();
        if count == 0 {
            return None;
        }
        let who = self.actors(doing.iter().map(|doing| doing.actor), count);
        let (verb, threads) = match count {
            1 => ("is", "on a pool thread"),
            _ => ("are", "on pool threads"),
        };
        let inside = place(self.timeline, self.common_step(), self.language);
        let inside = inside.map_or(String::new(), |place| format!(", inside {place}"));
        let mut parts = vec![format!("{who} {verb} {threads}{inside}.")];
        parts.extend(self.gil());
        parts.push(" The loop is free: it lets requests in, and the heartbeat beats.".to_owned());
        Some(parts)
    }

    fn waiting(&self) -> Option<Vec<String>> {
        let waits = |state: State| matches!(state, State::Waiting | State::Overdue);
        let tasks = self.world.tasks.iter();
        let waiting: Vec<_> = tasks
            .filter(|task| task.role.is_story() && waits(task.state))
            .collect();
        let first = waiting.first()?;
        let same = waiting.iter().all(|task| task.step == first.step);
        let step = first.step.filter(|_| same);
        let lanes = waiting.iter().map(|task| Actor::Task(task.id));
        let who = self.actors(lanes, waiting.len());
        let (verb, need) = match waiting.len() {
            1 => ("is", "It needs"),
            _ => ("are", "They need"),
        };
        let at = place(self.timeline, step, self.language).unwrap_or_else(|| "an await".to_owned());
        Some(vec![
            format!("{who} {verb} waiting at {at}."),
            format!(" {need} no thread: the loop is free, and the heartbeat beats."),
        ])
    }

    /// No task has a turn, and some want one.
    fn ready(&self) -> Option<Vec<String>> {
        let ready = self.world.ready.iter().copied();
        let story = |&task: &TaskId| self.is_story(task);
        let ready: Vec<TaskId> = ready.filter(story).collect();
        if ready.is_empty() {
            return None;
        }
        let verb = if ready.len() == 1 { "is" } else { "are" };
        let who = self.actors(ready.iter().map(|&task| Actor::Task(task)), ready.len());
        Some(vec![format!("{who} {verb} ready, and next on the loop.")])
    }

    fn nothing(&self) -> Vec<String> {
        let requests = &self.world.requests;
        let answered = requests.iter().filter(|request| request.answered.is_some());
        let answered = answered.count();
        let story = self.world.tasks.iter().any(|task| task.role.is_story());
        let first = if !requests.is_empty() && answered == requests.len() {
            match answered {
                1 => "The request has been answered.".to_owned(),
                2 => "Both requests have been answered.".to_owned(),
                _ => format!("All {answered} requests have been answered."),
            }
        } else if story {
            "Everything that was started has ended.".to_owned()
        } else {
            "Nothing has been asked yet.".to_owned()
        };
        vec![first, " The loop is free.".to_owned()]
    }
}
