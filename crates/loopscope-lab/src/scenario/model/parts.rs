//! What stands in a step, whatever its kind: calls, bodies, values, locals.
// One arm a kind of step: a table

use loopscope_trace::{ChannelId, FunctionId, VariableId};

use crate::scenario::model::expression::{Call, Expression, Length, Text};
use crate::scenario::model::step::{Action, Arm, ArmFuture, Step, Work};

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
    /// Something that is counted.
    Number,
    /// What an error says.
    Error,
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
            Self::Chunk(text)
            | Self::Respond(text)
            | Self::Raise(text)
            | Self::Return(Some(text)) => Parts::saying(text),
            Self::Sleep(length)
            | Self::Block(length)
            | Self::Cpu {
                length,
                keeps_gil: _,
            } => Parts {
                length: Some(length),
                ..Parts::default()
            },
            Self::Yield
            | Self::YieldRequest
            | Self::ReadFile(_)
            | Self::Stop { polite: _ }
            | Self::Return(None) => Parts::default(),
            Self::Subscribe(_) | Self::WaitFor(_) | Self::Notify { event: _, how: _ } => {
                Parts::default()
            }
            Self::ReceiveEach {
                channel,
                into,
                lost,
            } => Parts::default()
                .into(into.as_ref(), Source::Channel(*channel))
                .into(lost.as_ref(), Source::Number),
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
            Self::Gather {
                calls,
                into,
                keeps_errors: _,
            }
            | Self::Join { calls, into } => {
                let locals = into.iter().zip(calls);
                Parts {
                    locals: locals
                        .map(|(into, call)| (into.as_str(), Source::Call(call)))
                        .collect(),
                    ..Parts::calling(calls)
                }
            }
            Self::Group(calls) => Parts::calling(calls),
            Self::Try {
                body,
                into,
                otherwise,
            } => Parts::of(&[body, otherwise]).into(into.as_ref(), Source::Error),
            Self::Interval {
                name: _,
                period,
                missed: _,
            }
            | Self::Tick { name: _, period } => Parts {
                length: Some(period),
                ..Parts::default()
            },
            Self::AsCompleted { calls, into, body }
            | Self::Buffered {
                calls,
                most: _,
                unordered: _,
                into,
                body,
            } => {
                let parts = Parts {
                    calls,
                    ..Parts::of(&[body])
                };
                calls.iter().fold(parts, |parts, call| {
                    parts.into(into.as_ref(), Source::Call(call))
                })
            }
            Self::Select { arms, biased: _ } => {
                let parts = Parts {
                    bodies: arms
                        .iter()
                        .flat_map(|arm| arm.body().into_iter().chain([arm.then.as_slice()]))
                        .collect(),
                    outlived: Outlived::Work,
                    ..Parts::default()
                };
                arms.iter().fold(parts, |parts, arm| match &arm.future {
                    ArmFuture::ByRef { name, into } => {
                        parts.into(into.as_ref(), Source::Task(name))
                    }
                    ArmFuture::Body(_) => parts,
                })
            }
            Self::Timeout {
                limit,
                body,
                otherwise,
            } => Parts {
                length: Some(limit),
                outlived: Outlived::Work,
                ..Parts::of(&[body, otherwise])
            },
            Self::Lock {
                lock: _,
                reads: _,
                body,
            }
            | Self::BlockInPlace(body) => Parts::of(&[body]),
            Self::Read { variable, into } => {
                Parts::default().into(Some(into), Source::Variable(*variable))
            }
            Self::Write { variable: _, value } | Self::Send { value, .. } => Parts {
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

    /// Whether it takes a value out of a channel.
    pub(crate) fn receives(&self) -> bool {
        matches!(self, Self::Receive { .. } | Self::ReceiveEach { .. })
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

impl Arm {
    /// The locals that its steps make and that are looked at in what is done then.
    pub(crate) fn handed(&self) -> Vec<&str> {
        let used = |name: &str| {
            let is =
                |value: &Expression| matches!(value, Expression::Local(local) if local == name);
            let looks = |step: &Step| step.action.parts().values().any(|value| value.any(&is));
            deep(&self.then).into_iter().any(looks)
        };
        let steps = deep(self.body().unwrap_or_default()).into_iter();
        let made = steps.flat_map(|step| step.action.parts().locals);
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in made {
            if used(name) && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}
