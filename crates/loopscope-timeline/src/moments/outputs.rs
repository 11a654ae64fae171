//! What was printed and what was streamed, and whom a child's end or a loss concerns.

use crate::moments::timeline::Timeline;
use crate::tracks::gil;
use crate::tracks::track::OutputLine;
use loopscope_trace::{Actor, ProcessId, RequestId, TextId, ThreadId};

impl Timeline {
    pub(crate) fn printed(&mut self, index: usize, actor: Actor, text: TextId) {
        self.outputs.push(OutputLine {
            at: self.live.now,
            event: index,
            actor: Some(actor),
            request: None,
            lane: self.lanes.of(actor),
            step: self.live.step_of(actor),
            thread: self.live.thread_of(actor),
            text,
        });
    }

    /// The client of a request prints a line.
    pub(crate) fn client_printed(&mut self, index: usize, request: RequestId, text: TextId) {
        self.outputs.push(OutputLine {
            at: self.live.now,
            event: index,
            actor: None,
            request: Some(request),
            lane: self.lanes.of_request(request),
            step: None,
            thread: None,
            text,
        });
    }

    /// Shows whose end a child's end was.
    pub(crate) fn process_ended(&mut self, process: ProcessId) {
        for place in 0..self.live.threads.len() {
            if self.live.threads[place].process == Some(process) {
                let thread = ThreadId::from(place);
                self.thread_changed(thread);
                gil::show(&mut self.gils, &self.live, thread);
            }
        }
        for task in self.live.forgotten.clone() {
            self.task_changed(task);
        }
    }

    /// Shows what a loss made unknown.
    pub(crate) fn lost(&mut self, thread: ThreadId, doing: Option<Actor>) {
        self.thread_changed(thread);
        for task in self.live.forgotten.clone() {
            self.task_changed(task);
        }
        if let Some(actor) = doing {
            self.actor_changed(actor);
        }
    }
}
