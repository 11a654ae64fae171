//! What a listing is made of, and what its writers ask about it.

use loopscope_trace::{
    Admits, ChannelId, FunctionId, LockId, LockKind, LoopId, NamedEventId, NamedEventKind, Nanos,
    PoolId, RuntimeShape, Story, VariableId,
};

use crate::scenario::listing::types::Types;
use crate::scenario::model::expression::Call;
use crate::scenario::model::parts::deep;
use crate::scenario::model::scenario::{Function, Start, all_steps, call_fails};
use crate::scenario::model::step::{Action, Step};
use crate::scenario::schema::row::Fact;
use crate::scenario::schema::steps;

/// A scenario, as the writers of its listings see it.
#[derive(Debug)]
pub(crate) struct Program<'a> {
    pub(crate) story: &'a Story,
    pub(crate) functions: &'a [Function],
    pub(crate) starts: &'a [Start],
    pub(crate) types: Types,
}

impl<'a> Program<'a> {
    pub(crate) fn new(story: &'a Story, functions: &'a [Function], starts: &'a [Start]) -> Self {
        Self {
            story,
            functions,
            starts,
            types: Types::of(story, functions, starts),
        }
    }

    pub(crate) fn runtime(&self) -> &RuntimeShape {
        &self.story.runtime
    }

    /// How many child processes work off `process` steps; none: as many as there are cores.
    pub(crate) fn process_pool(&self) -> Option<u32> {
        match self.story.runtime.process_pool {
            0 => None,
            many => Some(many),
        }
    }

    pub(crate) fn function(&self, id: FunctionId) -> Option<&'a Function> {
        self.functions.get(id.index())
    }

    pub(crate) fn name(&self, id: FunctionId) -> &'a str {
        self.function(id)
            .map_or("?", |function| function.name.as_str())
    }

    /// Every name that the file gives to something in the listings.
    pub(crate) fn names(&self) -> Vec<&'a str> {
        let story = self.story;
        let functions = self.functions.iter().map(|function| function.name.as_str());
        let locals = story.locals.iter().map(|local| local.name.as_str());
        let variables = story.variables.iter().map(|own| own.name.as_str());
        let channels = story.channels.iter().map(|own| own.name.as_str());
        let locks = story.locks.iter().map(|own| own.name.as_str());
        let events = story.events.iter().map(|own| own.name.as_str());
        let steps = all_steps(self.functions);
        let tasks = steps.filter_map(|step| Some(step.action.parts().starts?.0));
        functions
            .chain(locals)
            .chain(variables)
            .chain(channels)
            .chain(locks)
            .chain(events)
            .chain(tasks)
            .collect()
    }

    /// Whether an error may leave a function that is called.
    pub(crate) fn call_fails(&self, call: &Call) -> bool {
        call_fails(self.functions, call)
    }

    pub(crate) fn is_async(&self, id: FunctionId) -> bool {
        self.function(id).is_some_and(|function| function.is_async)
    }

    pub(crate) fn variable(&self, id: VariableId) -> &'a str {
        let variable = self.story.variables.get(id.index());
        variable.map_or("?", |variable| variable.name.as_str())
    }

    /// Whether a variable lies in a file.
    pub(crate) fn is_stored(&self, id: VariableId) -> bool {
        let variable = self.story.variables.get(id.index());
        variable.is_some_and(|variable| variable.file)
    }

    pub(crate) fn channel(&self, id: ChannelId) -> &'a str {
        let channel = self.story.channels.get(id.index());
        channel.map_or("?", |channel| channel.name.as_str())
    }

    /// The name of a lock, who waits for it, and how many may have it.
    pub(crate) fn lock(&self, id: LockId) -> (&'a str, LockKind, Admits) {
        let lock = self.story.locks.get(id.index());
        lock.map_or(("?", LockKind::Async, Admits::One), |lock| {
            (lock.name.as_str(), lock.kind, lock.admits)
        })
    }

    /// The name of an event, and what it keeps.
    pub(crate) fn event(&self, id: NamedEventId) -> (&'a str, NamedEventKind) {
        let event = self.story.events.get(id.index());
        event.map_or(("?", NamedEventKind::Event), |event| {
            (event.name.as_str(), event.kind)
        })
    }

    pub(crate) fn pool(&self, id: PoolId) -> &'a str {
        let pool = self.story.pools.get(id.index());
        pool.map_or("?", |pool| pool.name.as_str())
    }

    /// The name of a loop besides the first one.
    pub(crate) fn side_loop(&self, id: LoopId) -> &'a str {
        self.story.loops.get(id.index()).map_or("?", String::as_str)
    }

    /// Whether requests can reach any of it.
    pub(crate) fn is_server(&self) -> bool {
        let mut functions = self.functions.iter();
        functions.any(|function| function.route.is_some())
    }

    /// Whether one start at the beginning is all that runs.
    pub(crate) fn runs_alone(&self) -> bool {
        let first = |starts: &[Start]| matches!(starts, [only] if only.at == Nanos::ZERO && only.on.is_none());
        first(self.starts) && !self.is_server()
    }

    /// Whether a step waits at an await while the function holds this lock.
    pub(crate) fn waits_in(&self, lock: LockId) -> bool {
        let waits = |step: &&Step| {
            let known = self.story.steps.get(step.id.index());
            known.is_some_and(|known| steps::is(&known.key, Fact::Waits))
        };
        self.any(|action| match action {
            Action::Lock {
                lock: held, body, ..
            } if *held == lock => deep(body).iter().any(waits),
            _ => false,
        })
    }

    /// Whether `wanted` holds for a step of any function.
    pub(crate) fn any(&self, wanted: impl Fn(&Action) -> bool) -> bool {
        all_steps(self.functions).any(|step| wanted(&step.action))
    }
}

/// The name of the nth body of a function that a child process runs.
pub(crate) fn child(function: &str, nth: usize) -> String {
    match nth {
        1 => format!("{function}_child"),
        nth => format!("{function}_child_{nth}"),
    }
}

/// The variables that a body writes.
pub(crate) fn written(body: &[Step]) -> Vec<VariableId> {
    let mut found = Vec::new();
    for step in body {
        if let Action::Write { variable, .. } = step.action
            && !found.contains(&variable)
        {
            found.push(variable);
        }
        // A job of several steps is a function of its own.
        let inner = match &step.action {
            Action::SpawnBlocking { .. } | Action::Process { .. } => Vec::new(),
            action => action.bodies(),
        };
        for variable in inner.into_iter().flat_map(written) {
            if !found.contains(&variable) {
                found.push(variable);
            }
        }
    }
    found
}
