//! What a body is made of: every kind of step, and what stands in it.
// The kinds of steps: a table

use loopscope_trace::{
    ChannelId, LockId, LoopId, NamedEventId, Notice, PoolId, StepId, VariableId,
};

use crate::scenario::model::expression::{Call, Expression, Length, Text};

/// [`Action::Repeat`] as often as it takes: `while True`.
pub const FOREVER: u32 = u32::MAX;

/// One step of a body.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its place in [`loopscope_trace::Story::steps`].
    pub id: StepId,
    /// What it does.
    pub action: Action,
}

/// What a step does. Tasks and locals are named by strings that are unique within their function.
#[derive(Clone, Debug)]
pub enum Action {
    /// Prints a line.
    Print(Text),
    /// Waits at an await for a timer: `asyncio.sleep`.
    Sleep(Length),
    /// Sleeps on the thread: `time.sleep`.
    Block(Length),
    /// Computes for this much CPU time.
    Cpu {
        /// How long.
        length: Length,
        /// In one call of C code that does not let go of CPython's lock: `json.dumps`.
        keeps_gil: bool,
    },
    /// Goes to the end of the loop's queue once.
    Yield,
    /// In a dependency: the request is served here, and the rest is done when its answer has gone out.
    YieldRequest,
    /// Runs work on a pool; awaited here unless it has a name or is detached.
    SpawnBlocking {
        /// What the job does.
        work: Work,
        /// The pool; the default one unless told.
        pool: Option<PoolId>,
        /// What later steps call the job.
        name: Option<String>,
        /// Leaves it running and goes on.
        detach: bool,
    },
    /// Runs work on the pool of child processes, and awaits it.
    Process {
        /// What the job does.
        work: Work,
        /// The time after which the child is killed.
        limit: Option<Length>,
        /// What is done where it was.
        otherwise: Vec<Step>,
    },
    /// Puts a function on a loop as a task.
    Spawn {
        /// What it runs.
        call: Call,
        /// What later steps call the task; a detached one without a name gets its function's and
        /// a number, `work-1`, which no step can refer to.
        name: String,
        /// The loop; the spawning one unless told.
        on: Option<LoopId>,
    },
    /// Waits for a task or job that was started in this body, or runs a coroutine that was made in
    /// it.
    Await {
        /// Which.
        name: String,
        /// The local that gets its result.
        into: Option<String>,
        /// It goes on although the waiter is cancelled: `asyncio.shield`.
        shield: bool,
    },
    /// Awaits a function in place, in the same task; a plain one is called.
    Call {
        /// What.
        call: Call,
        /// The local that gets its result.
        into: Option<String>,
    },
    /// Makes a coroutine and does not start it.
    Create {
        /// Of what.
        call: Call,
        /// What a later `await` calls it.
        name: Option<String>,
    },
    /// Runs functions as tasks at the same time and waits for all.
    Gather {
        /// What.
        calls: Vec<Call>,
        /// The locals that get their results; none, or one a call.
        into: Vec<String>,
        /// Errors are results as any other: `return_exceptions`.
        keeps_errors: bool,
    },
    /// Runs functions as tasks and waits for all; the first error cancels the others: `TaskGroup`, `JoinSet`.
    Group(Vec<Call>),
    /// An error leaves the body, and all around it up to what catches it.
    Raise(Text),
    /// Does a body, and another one where an error leaves it.
    Try {
        /// What.
        body: Vec<Step>,
        /// The local that gets what the error says.
        into: Option<String>,
        /// What is done where an error came.
        otherwise: Vec<Step>,
    },
    /// Runs functions as tasks at the same time and does a body for each that ends, as they end.
    AsCompleted {
        /// What.
        calls: Vec<Call>,
        /// The local that gets the result.
        into: Option<String>,
        /// What is done for each.
        body: Vec<Step>,
    },
    /// Does a body for each result of functions that are only polled while the next one is waited for: `buffered`.
    Buffered {
        /// What.
        calls: Vec<Call>,
        /// How many are polled at once.
        most: u32,
        /// Each result comes as it is there, and not in the order of the calls.
        unordered: bool,
        /// The local that gets the result.
        into: Option<String>,
        /// What is done for each.
        body: Vec<Step>,
    },
    /// Makes an interval.
    Interval {
        /// What its ticks are called.
        name: String,
        /// The time between two ticks.
        period: Length,
        /// What becomes of ticks that were missed.
        missed: Missed,
    },
    /// Waits for the next tick of an interval.
    Tick {
        /// Which.
        name: String,
        /// The time between two ticks.
        period: Length,
    },
    /// Polls functions side by side in this very task until all have ended: `join!`.
    Join {
        /// What.
        calls: Vec<Call>,
        /// The locals that get their results; none, or one a call.
        into: Vec<String>,
    },
    /// Polls futures side by side until the first has ended; the others are dropped: `select!`.
    Select {
        /// The futures, and what is done then.
        arms: Vec<Arm>,
        /// The first of those that are ready goes on; a random one unless told.
        biased: bool,
    },
    /// Does a body until a limit is reached.
    Timeout {
        /// How long.
        limit: Length,
        /// What.
        body: Vec<Step>,
        /// What is done where the time ran out.
        otherwise: Vec<Step>,
    },
    /// Does a body while owning a lock, or a permit of one.
    Lock {
        /// The lock.
        lock: LockId,
        /// To read, where others may read at the same time.
        reads: bool,
        /// What.
        body: Vec<Step>,
    },
    /// Reads a variable into a local.
    Read {
        /// What.
        variable: VariableId,
        /// Where to.
        into: String,
    },
    /// Writes a variable.
    Write {
        /// What.
        variable: VariableId,
        /// Its value from now on.
        value: Expression,
    },
    /// Puts a value into a channel; never waits.
    Send {
        /// The channel.
        channel: ChannelId,
        /// The value.
        value: Expression,
        /// From a thread, past the loop: one that sleeps is not woken.
        is_unsafe: bool,
    },
    /// Takes the next value out of a channel; waits for one.
    Receive {
        /// The channel.
        channel: ChannelId,
        /// The local that gets it.
        into: Option<String>,
    },
    /// Sets, clears or notifies an event; never waits.
    Notify {
        /// The event.
        event: NamedEventId,
        /// What is done to it.
        how: Notice,
    },
    /// Waits for an event.
    WaitFor(NamedEventId),
    /// From here on gets each value that is sent into a broadcast.
    Subscribe(ChannelId),
    /// Takes the next value of a broadcast; waits for one.
    ReceiveEach {
        /// The channel.
        channel: ChannelId,
        /// The local that gets it.
        into: Option<String>,
        /// The local that gets how many were lost before it.
        lost: Option<String>,
    },
    /// Blocks this thread until a function has ended as a task of a loop:
    /// `run_coroutine_threadsafe(…).result()`.
    BlockOn {
        /// What it runs.
        call: Call,
        /// The loop; the function's own unless told.
        on: Option<LoopId>,
        /// The local that gets its result.
        into: Option<String>,
        /// The time after which it stops waiting; the task goes on.
        limit: Option<Length>,
        /// What is done where the time ran out.
        otherwise: Vec<Step>,
    },
    /// Runs a function after the response: an async one on the loop, a plain one on the pool.
    Background(Call),
    /// Sends a piece of a streamed response.
    Chunk(Text),
    /// Reads an uploaded file of this size in bytes: above 1 MB through the pool, else in place.
    ReadFile(u64),
    /// Aborts a task or job that was started in this body.
    Abort(String),
    /// Does a body while the worker hands its loop over to another thread.
    BlockInPlace(Vec<Step>),
    /// Does one of two bodies.
    If {
        /// Decides.
        condition: Expression,
        /// Where it holds.
        then: Vec<Step>,
        /// Where it does not.
        otherwise: Vec<Step>,
    },
    /// Does a body several times.
    Repeat {
        /// How often at most; [`FOREVER`]: until the condition holds or a step leaves.
        times: u32,
        /// Ends it after the round in which it holds.
        until: Option<Expression>,
        /// What.
        body: Vec<Step>,
    },
    /// Stops the server: politely (SIGTERM), or by an interrupt.
    Stop {
        /// Politely.
        polite: bool,
    },
    /// Answers the request.
    Respond(Text),
    /// Leaves the function, with a result where one is given.
    Return(Option<Text>),
}

/// What becomes of ticks that were missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// They come one right after the other.
    Burst,
    /// The next one comes a period after the late one, and so on from there.
    Delay,
    /// The next one comes at the next moment of the old rhythm.
    Skip,
}

/// A future of a `select`, and what is done where it is the first that ends.
#[derive(Clone, Debug)]
pub struct Arm {
    /// What is polled.
    pub future: ArmFuture,
    /// What is done where it is the first, once the others are dropped.
    pub then: Vec<Step>,
}

/// What an arm of a `select` polls.
#[derive(Clone, Debug)]
pub enum ArmFuture {
    /// Steps that stand in place; they are dropped where another arm is the first.
    Body(Vec<Step>),
    /// What was started or made under a name; it lives on where another arm is the first.
    ByRef {
        /// Which.
        name: String,
        /// The local that gets its result.
        into: Option<String>,
    },
}

impl Arm {
    /// The steps that it polls.
    pub(crate) fn body(&self) -> Option<&[Step]> {
        match &self.future {
            ArmFuture::Body(body) => Some(body),
            ArmFuture::ByRef { .. } => None,
        }
    }
}

/// What a pool job does.
#[derive(Clone, Debug)]
pub enum Work {
    /// Steps that stand in place.
    Inline(Vec<Step>),
    /// A plain function.
    Function(Call),
}
