//! What a body is made of: every kind of step, and what stands in it.
// The kinds of steps: a table

use loopscope_trace::{ChannelId, FunctionId, LockId, LoopId, PoolId, StepId, VariableId};

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
    /// Polls functions side by side in this very task until all have ended: `join!`.
    Join {
        /// What.
        calls: Vec<Call>,
        /// The locals that get their results; none, or one a call.
        into: Vec<String>,
    },
    /// Polls bodies side by side until the first has ended; the others are dropped: `select!`.
    Select(Vec<Vec<Step>>),
    /// Does a body until a limit is reached.
    Timeout {
        /// How long.
        limit: Length,
        /// What.
        body: Vec<Step>,
        /// What is done where the time ran out.
        otherwise: Vec<Step>,
    },
    /// Does a body while owning a lock.
    Lock {
        /// The lock.
        lock: LockId,
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
    },
    /// Takes the next value out of a channel; waits for one.
    Receive {
        /// The channel.
        channel: ChannelId,
        /// The local that gets it.
        into: Option<String>,
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

/// What a pool job does.
#[derive(Clone, Debug)]
pub enum Work {
    /// Steps that stand in place.
    Inline(Vec<Step>),
    /// A plain function.
    Function(Call),
}

/// What stands in a step, whatever its kind; each kind fills it in one arm of [`Action::parts`].
#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    /// The functions that it calls itself, in the order of the file.
    pub(crate) calls: &'a [Call],
    /// Its bodies, in the order of the file.
    pub(crate) bodies: Vec<&'a [Step]>,
    /// The line that it prints.
    pub(crate) prints: Option<&'a Text>,
    /// How long it takes, or may take at most.
    pub(crate) length: Option<&'a Length>,
    /// What later steps call what it starts, and the function that this runs.
    pub(crate) starts: Option<(&'a str, FunctionId)>,
    /// What may go on running when the step has ended.
    pub(crate) outlived: Outlived<'a>,
    /// Whether it hands work on through the loop that runs its function.
    pub(crate) on_own_loop: bool,
    /// The locals that it gives a value, and where the value comes from.
    pub(crate) locals: Vec<(&'a str, Source<'a>)>,
    /// What it works out besides its length and the arguments of its calls.
    values: Vec<&'a Expression>,
}

/// What may go on running when a step has ended.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Outlived<'a> {
    /// Nothing.
    #[default]
    Nothing,
    /// The task of this name, where no other step uses the name.
    Unless(&'a str),
    /// What it has started, or has given up.
    Work,
}

impl Outlived<'_> {
    fn work_if(goes_on: bool) -> Self {
        match goes_on {
            true => Self::Work,
            false => Self::Nothing,
        }
    }
}

/// Where the value of a local comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source<'a> {
    /// The result of a call.
    Call(&'a Call),
    /// The result of a task, job or coroutine by its name.
    Task(&'a str),
    /// A variable.
    Variable(VariableId),
    /// The next value of a channel.
    Channel(ChannelId),
}

impl<'a> Parts<'a> {
    /// All expressions that the step works out, save those of its bodies.
    pub(crate) fn values(&self) -> impl Iterator<Item = &'a Expression> {
        let length = match self.length {
            Some(Length::Of { value, .. }) => Some(value),
            _ => None,
        };
        let arguments = self.calls.iter().flat_map(|call| &call.arguments);
        self.values
            .clone()
            .into_iter()
            .chain(length)
            .chain(arguments)
    }

    fn of(bodies: &[&'a [Step]]) -> Self {
        Self {
            bodies: bodies.to_vec(),
            ..Self::default()
        }
    }

    fn saying(text: &'a Text) -> Self {
        Self {
            values: text.values().collect(),
            ..Self::default()
        }
    }

    fn calling(calls: &'a [Call]) -> Self {
        Self {
            calls,
            ..Self::default()
        }
    }

    fn working(work: &'a Work) -> Self {
        match work {
            Work::Inline(body) => Self::of(&[body]),
            Work::Function(call) => Self::calling(std::slice::from_ref(call)),
        }
    }

    fn into(mut self, local: Option<&'a String>, source: Source<'a>) -> Self {
        self.locals
            .extend(local.map(|local| (local.as_str(), source)));
        self
    }
}

impl Action {
    // table
    /// What stands in this step. Every field of every kind is named, so that none is forgotten.
    #[expect(clippy::too_many_lines, reason = "one arm a step")]
    pub(crate) fn parts(&self) -> Parts<'_> {
        let one = |call| Parts::calling(std::slice::from_ref(call));
        match self {
            Self::Print(text) => Parts {
                prints: Some(text),
                ..Parts::saying(text)
            },
            Self::Chunk(text) | Self::Respond(text) | Self::Return(Some(text)) => {
                Parts::saying(text)
            }
            Self::Sleep(length)
            | Self::Block(length)
            | Self::Cpu {
                length,
                keeps_gil: _,
            } => Parts {
                length: Some(length),
                ..Parts::default()
            },
            Self::Yield | Self::ReadFile(_) | Self::Stop { polite: _ } | Self::Return(None) => {
                Parts::default()
            }
            Self::Abort(_) => Parts {
                outlived: Outlived::Work,
                ..Parts::default()
            },
            Self::SpawnBlocking {
                work,
                pool,
                name,
                detach,
            } => {
                let parts = Parts::working(work);
                let stays = *detach || name.is_some();
                let runs = parts.calls.first().map(|call| call.function);
                Parts {
                    starts: name.as_deref().zip(runs),
                    outlived: Outlived::work_if(stays),
                    on_own_loop: stays || pool.is_some(),
                    ..parts
                }
            }
            Self::Process {
                work,
                limit,
                otherwise,
            } => {
                let mut parts = Parts::working(work);
                parts.bodies.push(otherwise);
                parts.length = limit.as_ref();
                parts.on_own_loop = limit.is_none();
                parts
            }
            Self::Spawn { call, name, on: _ } => Parts {
                starts: Some((name, call.function)),
                outlived: Outlived::Unless(name),
                ..one(call)
            },
            Self::Await {
                name,
                into,
                shield: _,
            } => Parts::default().into(into.as_ref(), Source::Task(name)),
            Self::Call { call, into } => one(call).into(into.as_ref(), Source::Call(call)),
            Self::Create { call, name } => Parts {
                starts: name.as_deref().map(|name| (name, call.function)),
                ..one(call)
            },
            Self::Gather { calls, into } | Self::Join { calls, into } => {
                let locals = into.iter().zip(calls);
                Parts {
                    locals: locals
                        .map(|(into, call)| (into.as_str(), Source::Call(call)))
                        .collect(),
                    ..Parts::calling(calls)
                }
            }
            Self::AsCompleted { calls, into, body } => {
                let parts = Parts {
                    calls,
                    ..Parts::of(&[body])
                };
                calls.iter().fold(parts, |parts, call| {
                    parts.into(into.as_ref(), Source::Call(call))
                })
            }
            Self::Select(bodies) => Parts {
                bodies: bodies.iter().map(Vec::as_slice).collect(),
                outlived: Outlived::Work,
                ..Parts::default()
            },
            Self::Timeout {
                limit,
                body,
                otherwise,
            } => Parts {
                length: Some(limit),
                outlived: Outlived::Work,
                ..Parts::of(&[body, otherwise])
            },
            Self::Lock { lock: _, body } | Self::BlockInPlace(body) => Parts::of(&[body]),
            Self::Read { variable, into } => {
                Parts::default().into(Some(into), Source::Variable(*variable))
            }
            Self::Write { variable: _, value } | Self::Send { channel: _, value } => Parts {
                values: vec![value],
                ..Parts::default()
            },
            Self::Receive { channel, into } => {
                Parts::default().into(into.as_ref(), Source::Channel(*channel))
            }
            Self::BlockOn {
                call,
                on,
                into,
                limit,
                otherwise,
            } => Parts {
                outlived: Outlived::work_if(limit.is_some()),
                on_own_loop: on.is_none(),
                bodies: vec![otherwise],
                length: limit.as_ref(),
                ..one(call).into(into.as_ref(), Source::Call(call))
            },
            Self::Background(call) => one(call),
            Self::If {
                condition,
                then,
                otherwise,
            } => Parts {
                values: vec![condition],
                ..Parts::of(&[then, otherwise])
            },
            Self::Repeat {
                times: _,
                until,
                body,
            } => Parts {
                values: until.iter().collect(),
                ..Parts::of(&[body])
            },
        }
    }

    /// The bodies inside this step, in the order of the file.
    pub fn bodies(&self) -> Vec<&[Step]> {
        self.parts().bodies
    }
}

/// Whether `wanted` holds for a step of `body`, or of a body in it.
pub(crate) fn any(body: &[Step], wanted: impl Fn(&Action) -> bool) -> bool {
    deep(body).into_iter().any(|step| wanted(&step.action))
}

/// The steps of a body and of all bodies in it, each before those inside it.
pub(crate) fn deep(body: &[Step]) -> Vec<&Step> {
    let mut steps = Vec::new();
    for step in body {
        steps.push(step);
        for inner in step.action.bodies() {
            steps.extend(deep(inner));
        }
    }
    steps
}
