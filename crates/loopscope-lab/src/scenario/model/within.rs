//! What stands inside a step: the functions that it calls, and its bodies.

use crate::scenario::model::step::{Action, Call, Step, Work};

/// Whether a step of `body`, or of a body in it, is such a one.
pub(crate) fn any(body: &[Step], wanted: &impl Fn(&Action) -> bool) -> bool {
    body.iter().any(|step| {
        let mut bodies = step.action.bodies().into_iter();
        wanted(&step.action) || bodies.any(|body| any(body, wanted))
    })
}

impl Action {
    /// The calls of functions that this step itself makes, in the order of the file.
    pub fn calls(&self) -> &[Call] {
        match self {
            Self::SpawnBlocking {
                work: Work::Function(call),
                ..
            }
            | Self::Process {
                work: Work::Function(call),
                ..
            }
            | Self::Spawn { call, .. }
            | Self::Call { call, .. }
            | Self::Create { call, .. }
            | Self::BlockOn { call, .. }
            | Self::Background(call) => std::slice::from_ref(call),
            Self::Gather { calls, .. }
            | Self::AsCompleted { calls, .. }
            | Self::Join { calls, .. } => calls,
            _ => &[],
        }
    }

    /// The bodies inside this step, in the order of the file.
    pub fn bodies(&self) -> Vec<&[Step]> {
        match self {
            Self::SpawnBlocking {
                work: Work::Inline(body),
                ..
            }
            | Self::AsCompleted { body, .. }
            | Self::Lock { body, .. }
            | Self::Repeat { body, .. }
            | Self::BlockInPlace(body) => vec![body],
            Self::Process {
                work, otherwise, ..
            } => match work {
                Work::Inline(body) => vec![body, otherwise],
                Work::Function(_) => vec![otherwise],
            },
            Self::Timeout {
                body, otherwise, ..
            } => vec![body, otherwise],
            Self::BlockOn { otherwise, .. } => vec![otherwise],
            Self::If {
                then, otherwise, ..
            } => vec![then, otherwise],
            Self::Select(bodies) => bodies.iter().map(Vec::as_slice).collect(),
            _ => Vec::new(),
        }
    }
}
