//! What a thread is for and what it does, by the functions on its stack: threads of tokio may have any name.

use crate::meaning::name::{short, without_types};
use crate::meaning::owner::Owner;

/// A call on a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The function with its path, `<app::Api>::handler::{closure#0}`; empty where it is not known.
    pub function: String,
    /// The source file; empty where it is not known.
    pub file: String,
    /// The line in it, counted from 1; 0 where it is not known.
    pub line: u32,
    /// Whose it is.
    pub owner: Owner,
    /// Where the stack stood in it.
    pub sp: u64,
}

/// What a thread is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A worker of a runtime with several threads.
    Worker,
    /// The thread of a runtime that has one.
    CurrentThread,
    /// It polls what `block_on` was given, beside the workers.
    BlockOn,
    /// It runs what `spawn_blocking` was given.
    Pool,
    /// Nothing of tokio's.
    Other,
}

/// What a thread does at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doing {
    /// It waits until there is something to do.
    Parked,
    /// It polls a task.
    Poll,
    /// It runs a job of the pool.
    Job,
    /// It looks for what to do next.
    Between,
    /// Something that is none of tokio's.
    Outside,
}

/// What a stack says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// What the thread is for.
    pub role: Role,
    /// What it does.
    pub doing: Doing,
    /// The frame of tokio's loop, counted from the innermost.
    pub scheduler: Option<usize>,
    /// The user's own deepest frame in what it does.
    pub place: Option<usize>,
    /// The outermost frame of what is polled, the user's own where there is one: what a task is called by.
    pub polled: Option<usize>,
}

/// A function of tokio's: the file it stands in, without what is before `runtime`, and its name; any where that is empty.
type Place = (&'static str, &'static [&'static str]);

/// Where tokio's loops run, and whose loops they are.
const LOOPS: &[(Place, Role)] = &[
    (
        ("runtime/scheduler/multi_thread/worker", &["run"]),
        Role::Worker,
    ),
    (("runtime/thread_pool/worker", &["run"]), Role::Worker),
    (
        ("runtime/scheduler/current_thread", &["block_on"]),
        Role::CurrentThread,
    ),
    (
        ("runtime/basic_scheduler", &["block_on"]),
        Role::CurrentThread,
    ),
];
const POOL: Place = ("runtime/blocking/pool", &["run", "run_worker"]);
const BLOCK_ON: &[Place] = &[
    ("runtime/park", &["block_on"]),
    ("park/thread", &["block_on"]),
    ("runtime/scheduler/multi_thread", &["block_on"]),
];
/// Where a task is polled, or a job run.
const POLLS: &[Place] = &[
    (
        "runtime/task",
        &["poll", "poll_inner", "poll_future", "run"],
    ),
    ("runtime/blocking/task", &[]),
];
/// Where a loop waits for something to do.
const WAITS: &[Place] = &[
    (
        "runtime/scheduler/multi_thread/worker",
        &["park", "park_internal", "park_yield", "park_timeout"],
    ),
    ("runtime/scheduler/multi_thread/park", &[]),
    (
        "runtime/scheduler/current_thread",
        &["park", "park_internal", "park_yield"],
    ),
    ("runtime/park", &["park", "park_timeout", "park_internal"]),
    ("park/thread", &["park", "park_timeout"]),
    ("runtime/driver", &[]),
    ("runtime/io/driver", &["turn", "park", "park_timeout"]),
    ("runtime/time", &["park", "park_timeout", "park_internal"]),
];
/// Where a worker hands its loop to another thread, and is one of the pool until it comes back.
const HANDED_OVER: &[Place] = &[
    ("runtime/scheduler/multi_thread/worker", &["block_in_place"]),
    ("task/blocking", &["block_in_place"]),
];
/// Packages with which tokio itself waits.
const WAITING: &[&str] = &[
    "tokio",
    "mio",
    "parking_lot",
    "parking_lot_core",
    "lock_api",
];

/// Where a call stands among tokio's files; empty for one of another package.
#[derive(Debug, Default)]
struct Spot {
    module: String,
    name: String,
}

impl Spot {
    /// By its file; where that is not known, by the path of the function.
    fn of(frame: &Frame) -> Self {
        let name = short(&frame.function);
        let is_tokio = matches!(&frame.owner, Owner::Package(package) if package == "tokio");
        let file = frame.file.rsplit_once("/src/").filter(|_| is_tokio);
        let module = match file {
            Some((_, file)) => file
                .trim_end_matches(".rs")
                .trim_end_matches("/mod")
                .to_owned(),
            None if frame.file.is_empty() => {
                let path = without_types(&frame.function);
                path.strip_prefix("tokio::")
                    .map_or(String::new(), |path| path.replace("::", "/"))
            }
            None => String::new(),
        };
        Self { module, name }
    }

    fn is(&self, (module, names): Place) -> bool {
        let below = self.module.strip_prefix(module);
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            && (names.is_empty() || names.contains(&self.name.as_str()))
    }
}

/// What the frames say, the innermost first.
pub fn work(frames: &[Frame]) -> Work {
    let spots: Vec<Spot> = frames.iter().map(Spot::of).collect();
    let outermost = |places: &[Place]| {
        let is = |spot: &Spot| places.iter().any(|place| spot.is(*place));
        spots.iter().rposition(is)
    };
    let looping = |spot: &Spot| {
        LOOPS
            .iter()
            .find(|(place, _)| spot.is(*place))
            .map(|(_, role)| *role)
    };
    let of_loop = spots
        .iter()
        .enumerate()
        .rev()
        .find_map(|(at, spot)| Some((looping(spot)?, at)));
    let in_pool = || outermost(&[POOL]).map(|at| (Role::Pool, at));
    let blocks_on = || outermost(BLOCK_ON).map(|at| (Role::BlockOn, at));
    let found = of_loop.or_else(in_pool).or_else(blocks_on);
    let (role, scheduler) = found.map_or((Role::Other, None), |(role, at)| (role, Some(at)));
    let inner = scheduler.unwrap_or(frames.len());
    let within = &frames[..inner];
    let is_handed_over = |spot: &Spot| HANDED_OVER.iter().any(|place| spot.is(*place));
    let role = match role {
        Role::Worker if spots[..inner].iter().any(is_handed_over) => Role::Pool,
        role => role,
    };
    let doing = match role {
        Role::Other => Doing::Outside,
        _ => doing(within, &spots[..inner], role),
    };
    let is_own = |frame: &Frame| is_of_user(frame) && frame.line > 0;
    let place = within
        .iter()
        .position(is_own)
        .or_else(|| within.iter().position(is_of_user));
    let others = || {
        let other = |frame: &Frame| matches!(&frame.owner, Owner::Package(name) if name != "tokio");
        within.iter().rposition(other)
    };
    Work {
        role,
        doing,
        scheduler,
        place,
        polled: within.iter().rposition(is_of_user).or_else(others),
    }
}

fn is_of_user(frame: &Frame) -> bool {
    frame.owner == Owner::User
}

/// What is done below the loop: the outermost frame that tells decides.
fn doing(frames: &[Frame], spots: &[Spot], role: Role) -> Doing {
    let is_pool = role == Role::Pool;
    let works = if is_pool { Doing::Job } else { Doing::Poll };
    for (frame, spot) in frames.iter().zip(spots).rev() {
        if POLLS.iter().any(|place| spot.is(*place)) {
            return works;
        }
        if !is_pool && WAITS.iter().any(|place| spot.is(*place)) {
            return Doing::Parked;
        }
        match &frame.owner {
            Owner::User => return works,
            Owner::Package(name) if !WAITING.contains(&name.as_str()) => return works,
            _ => {}
        }
    }
    if is_pool {
        Doing::Parked
    } else {
        Doing::Between
    }
}
