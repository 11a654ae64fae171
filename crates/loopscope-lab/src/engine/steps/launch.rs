//! Puts a function on a loop as a task of its own.

use std::sync::Arc;

use loopscope_probe::{Announcement, TaskCell};
use loopscope_trace::{FunctionId, TaskId, TaskRole};
use tokio::task::JoinHandle;

use crate::engine::requests::command::Open;
use crate::engine::state::run_state::RunState;
use crate::engine::state::shared_values::{number, place};
use crate::engine::steps::context::{Context, Play};
use crate::engine::steps::flow::unless_halted;
use crate::engine::steps::frame::Frame;
use crate::engine::steps::values::constant;
use crate::scenario::model::expression::{Call, Value};
use crate::scenario::model::scenario::Start;

/// What becomes a task.
struct Launch<'a> {
    function: FunctionId,
    arguments: Vec<Value>,
    name: &'a str,
    role: TaskRole,
    /// The task that spawns it; none for a program.
    parent: TaskId,
    /// The place of its loop.
    on: usize,
    open: Open,
    play: Play,
}

/// Puts a program of `[[start]]` on its loop.
pub(crate) fn start(state: &Arc<RunState>, start: &Start, open: Open, play: Play) {
    let Some(called) = state.function(start.call.function) else {
        return;
    };
    let on = start.on.or(called.on).map_or(0, place);
    let name = called.name.clone();
    // Its arguments are numbers and strings: there is nothing to look up yet.
    let arguments = start.call.arguments.iter().map(constant).collect();
    let launch = Launch {
        function: start.call.function,
        arguments,
        name: &name,
        role: TaskRole::Program,
        parent: TaskId::NONE,
        on,
        open,
        play,
    };
    let _ = launch.begin(state);
}

impl Launch<'_> {
    /// Puts the function on its loop as a task of its own.
    fn begin(self, state: &Arc<RunState>) -> (Arc<TaskCell>, JoinHandle<Value>) {
        let shared = Arc::clone(state);
        let announcement = Announcement {
            function: number(self.function),
            parent: self.parent,
            ..Announcement::new(self.role, state.recorder.intern(self.name))
        };
        let (name, on, id) = (self.name.to_owned(), self.on, self.function);
        let (arguments, open, play) = (self.arguments, self.open, self.play);
        let spawned = state.spawn(id, on, announcement, self.name, move |me| async move {
            let cx = Context::for_task(shared, me, &name, on, open, play);
            let (flow, value) = cx.call(id, arguments).await;
            unless_halted(flow).await;
            value
        });
        state.stopping.remember(self.role, &spawned.0, &spawned.1);
        spawned
    }
}

/// Puts a called function on its loop as a task of this one.
pub(crate) fn launch(
    cx: &Context,
    call: &Call,
    name: &str,
    on: Option<usize>,
    frame: &Frame,
) -> (Arc<TaskCell>, JoinHandle<Value>) {
    let called = cx.state.function(call.function);
    let own = || called.and_then(|function| function.on).map(place);
    let launch = Launch {
        function: call.function,
        arguments: cx.arguments(call, frame),
        name,
        role: TaskRole::Spawned,
        parent: cx.task(),
        on: on.or_else(own).unwrap_or(cx.on),
        open: cx.state.open.begin(),
        play: cx.play(),
    };
    launch.begin(&cx.state)
}
