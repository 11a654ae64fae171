//! What is known of a thread, and what tells that it still does the same.

use loopscope_stack::meaning::name::{krate, short};
use loopscope_stack::meaning::owner::Owner;
use loopscope_stack::proc::thread::Call;
use loopscope_stack::{Look, Role, Snapshot, Ticks};

use crate::blocks::held::Sample;
use crate::merge::seen::Moment;
use crate::outside::frames::Frame;

/// Where a thread sleeps: the system call, its first argument, stack pointer and program counter.
pub(super) type Spot = (i64, u64, u64, u64);
/// How many places where a thread parks are remembered: a worker may wait for its driver, or for another worker.
pub(super) const PARKS: usize = 8;

/// What is known of what a thread does.
#[derive(Debug)]
pub(super) enum State {
    /// It waits for something to do.
    Free,
    /// Nothing yet but that it is not where it parks.
    Busy,
    /// A poll or a job, seen once at least.
    Works(Box<Works>),
}

/// A poll or a job.
#[derive(Debug)]
pub(super) struct Works {
    pub(super) look: Look,
    pub(super) is_job: bool,
    /// It was told that it began.
    pub(super) told: bool,
    /// The user's own deepest call in the first sample, and where the stack stood in it.
    pub(super) place: Option<(Frame, u64)>,
    pub(super) samples: u32,
    /// When it is to be looked at again.
    pub(super) next: u64,
}

impl Works {
    /// The calls that were seen last, as far as tokio's loop. A computation goes from line to line: as long as it is in the
    /// same call it is told at the line where it was seen first.
    pub(super) fn frames(&mut self) -> Vec<Frame> {
        let Look { frames, work, .. } = &self.look;
        let inner = work.scheduler.unwrap_or(frames.len());
        let mut plain: Vec<Frame> = frames[..inner].iter().map(plain).collect();
        let Some((own, sp)) = work
            .place
            .and_then(|at| Some((plain.get_mut(at)?, frames[at].sp)))
        else {
            return plain;
        };
        match &self.place {
            Some((first, stack))
                if (&first.function, &first.file, *stack) == (&own.function, &own.file, sp) =>
            {
                own.line = first.line;
            }
            _ => self.place = Some((own.clone(), sp)),
        }
        plain
    }
}

/// What a look at a thread gave.
#[derive(Debug, Default)]
pub(crate) struct Given {
    pub(crate) seen: Vec<Moment>,
    /// By what it is held, at a moment.
    pub(crate) sample: Option<(u64, Sample)>,
    /// Nothing later than this is to be handed on yet.
    pub(crate) floor: Option<u64>,
    /// It has ended.
    pub(crate) over: bool,
}

/// Whether two looks show the same poll or job; where it is known how its loop counts, that has told it already.
pub(super) fn is_same(before: &Look, now: &Look, ticks: &Ticks) -> bool {
    if ticks.is_learned() {
        return true;
    }
    let polled = |look: &Look| {
        let at = look.work.polled?;
        let frame = look.frames.get(at)?;
        Some((frame.function.clone(), frame.sp))
    };
    let unchanged = |before: &Option<Snapshot>, now: &Option<Snapshot>| match (before, now) {
        (Some(before), Some(now)) => before == now,
        // Without a loop's own count the calls are all there is.
        _ => true,
    };
    polled(before) == polled(now) && unchanged(&before.snapshot, &now.snapshot)
}

/// Where a thread sleeps that does this.
pub(super) const fn spot(call: Call) -> Option<Spot> {
    match call {
        Call::Waits {
            number,
            first,
            sp,
            pc,
        } => Some((number, first, sp, pc)),
        Call::Runs => None,
    }
}

pub(super) const fn is_loop(role: Role) -> bool {
    matches!(role, Role::Worker | Role::CurrentThread | Role::BlockOn)
}

/// A call as stacks of other programs have it. The user's own without debug information stand in their crate.
pub(super) fn plain(frame: &loopscope_stack::Frame) -> Frame {
    let file = match frame.owner {
        Owner::User if frame.file.is_empty() => krate(&frame.function).to_owned(),
        _ => frame.file.clone(),
    };
    Frame {
        file,
        line: frame.line,
        function: short(&frame.function),
    }
}
