//! A request being served, as FastAPI does it: what it needs first, itself, and what comes after.

use std::sync::Arc;

use super::cx::Cx;
use super::frame::Frame;
use super::interpret::{function, unless_halted};
use super::jobs::Body;
use super::server::Reply;
use super::stage::Token;
use super::stop::Serving;
use super::streams::has_chunks;
use super::tasks;
use super::values::{constant, nothing};
use crate::scenario::Value;
use loopscope_probe::Announcement;
use loopscope_trace::{FunctionId, TaskRole, TextId};

impl Cx {
    /// What the handler needs first, and then itself.
    pub(super) async fn handle(&self, id: FunctionId) -> Value {
        let Some(function) = self.stage.function(id) else {
            return nothing();
        };
        for call in &function.depends {
            let arguments = call.arguments.iter().map(constant).collect();
            self.serve(call.function, arguments).await;
        }
        if !function.is_async && has_chunks(&function.body) {
            return self.stream(id).await;
        }
        self.serve(id, Vec::new()).await
    }

    /// Runs a function as FastAPI does: on the loop, or, a plain one, on the pool.
    async fn serve(&self, id: FunctionId, arguments: Vec<Value>) -> Value {
        let Some(called) = self.stage.function(id) else {
            return nothing();
        };
        if called.is_async {
            let (flow, value) = function(self, id, arguments).await;
            unless_halted(flow).await;
            return value;
        }
        let frame = Frame::new(&called.params, arguments);
        let is_handler = called.route.is_some();
        let name = if is_handler {
            &*self.name
        } else {
            &called.name
        };
        let job = self.start_job(name.to_owned(), None, Body::Function(id), frame);
        job.end(self).await
    }

    /// What a body answers: on the pool only the loop can send it, when it has its turn again.
    pub(super) fn respond(&self, text: TextId) {
        let Some(reply) = &self.reply else { return };
        if self.cell().is_some() {
            reply.send(text);
        } else {
            reply.keep(text);
        }
    }

    /// The answer goes out, if none did: what was kept, or what the function returned.
    pub(super) fn close(&self, value: &Value) {
        let Some(reply) = &self.reply else { return };
        let text = if *value == nothing() {
            self.stage.texts.null()
        } else {
            self.stage.recorder.intern(&value.to_string())
        };
        reply.close(text);
    }

    /// What was asked for after the response, one after the other, as one task.
    pub(super) fn after(self, serving: Serving) {
        let calls = self.reply.as_deref().map(Reply::take_after);
        let calls = calls.unwrap_or_default();
        let Some((first, _)) = calls.first() else {
            return;
        };
        let (stage, on) = (Arc::clone(&self.stage), self.on);
        let called = stage.function(*first);
        let name = called.map_or("background", |function| &*function.name);
        let announcement = Announcement {
            function: tasks::number(*first),
            parent: self.me(),
            ..Announcement::new(TaskRole::Background, stage.recorder.intern(name))
        };
        let (shared, label, open) = (Arc::clone(&stage), name.to_owned(), stage.open.begin());
        let _ = stage.spawn(*first, on, announcement, name, move |me| async move {
            let mut cx = Self::for_task(shared, me, &label, None, on);
            cx.token = Some(Token::new(cx.stage.open.clone(), open));
            for (id, arguments) in calls {
                cx.serve(id, arguments).await;
            }
            drop(serving);
        });
    }
}
