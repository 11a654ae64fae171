//! Generators of a request: a plain one that streams its answer, a piece a job; and dependencies that are left open
//! until the request has been answered.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{self, Poll, Waker};

use loopscope_probe::Boxed;
use loopscope_trace::{FunctionId, JobId, TextId};

use crate::engine::state::listed::Written;
use crate::engine::steps::context::Context;
use crate::engine::steps::job::{
    self, End, Flow, JobSpec, end_of_call, let_pass, nothing, unless_halted,
};
use crate::engine::steps::lost::Ends;
use crate::scenario::model::expression::Value;

/// What a piece of a generator's work came to.
enum Piece {
    /// It stands still where it is.
    Open(Boxed<'static, (Flow, Value)>),
    /// Its end.
    End(End),
}

impl Ends for Piece {
    fn error(&self) -> Option<TextId> {
        match self {
            Self::Open(_) => None,
            Self::End(end) => end.error(),
        }
    }
}

/// A generator that stands still between two pieces.
pub(crate) struct Generator {
    id: FunctionId,
    own: Arc<Context>,
    rest: Boxed<'static, (Flow, Value)>,
}

impl Generator {
    fn new(own: Context, id: FunctionId, arguments: Vec<Value>) -> Self {
        let own = Arc::new(own);
        let running = Arc::clone(&own);
        let rest = Box::pin(async move { running.call(id, arguments).await });
        Self { id, own, rest }
    }

    /// Does its next piece as a job of the pool; nothing where it was halted.
    async fn piece(self, cx: &Context, name: &str) -> Option<(Piece, Arc<Context>)> {
        let order = JobSpec {
            parent: cx.task(),
            name: name.to_owned(),
            pool: None,
        };
        let (id, own, mut rest) = (self.id, self.own, self.rest);
        let job_own = Arc::clone(&own);
        let_pass(cx.cell(), cx.state.semantics.turns_to_job()).await;
        let at = cx.state.listed.at(Written::Function(id));
        let job = job::queue(&cx.state, &order, move |job| {
            job_own.become_job(job);
            match rest
                .as_mut()
                .poll(&mut task::Context::from_waker(Waker::noop()))
            {
                Poll::Ready((Flow::Halted, _)) => None,
                Poll::Ready((flow, value)) => Some(Piece::End(end_of_call(flow, value))),
                Poll::Pending => Some(Piece::Open(rest)),
            }
        });
        drop(at);
        Some((job.finish(cx.cell()).await?, own))
    }

    /// Runs a dependency up to where it lets the request be served; nothing where it has ended before, and its error
    /// where one has left it.
    pub(crate) async fn enter(
        cx: &Context,
        id: FunctionId,
        arguments: Vec<Value>,
    ) -> Result<Option<Self>, TextId> {
        let Some(called) = cx.state.function(id) else {
            return Ok(None);
        };
        let own = cx.for_dependency(!called.is_async);
        let mut generator = Self::new(own, id, arguments);
        if !called.is_async {
            return match generator.piece(cx, &called.name).await {
                Some((Piece::Open(rest), own)) => Ok(Some(Self { id, own, rest })),
                Some((Piece::End(end), _)) => end.map(|_| None),
                None => Ok(None),
            };
        }
        let ended = poll_fn(|context| match generator.rest.as_mut().poll(context) {
            Poll::Ready((flow, _)) => Poll::Ready(Some(flow)),
            Poll::Pending if generator.own.yields.load(Ordering::Acquire) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await;
        match ended {
            None => Ok(Some(generator)),
            Some(Flow::Raised(error)) => Err(error),
            Some(flow) => {
                unless_halted(flow).await;
                Ok(None)
            }
        }
    }

    /// Runs what follows. FastAPI gives a plain one a thread beside those of the pool for it; here the loop's own thread
    /// does it, for it takes no time.
    pub(crate) async fn leave(self) {
        self.own.become_job(JobId::NONE);
        self.own.yields.store(false, Ordering::Release);
        let (flow, _) = self.rest.await;
        unless_halted(flow).await;
    }
}

/// Runs a plain generator: each piece is a job of its own.
pub(crate) async fn stream(cx: &Context, id: FunctionId) -> End {
    let mut own = cx.for_job(JobId::NONE);
    own.streams = true;
    let mut generator = Generator::new(own, id, Vec::new());
    loop {
        match generator.piece(cx, &cx.name).await {
            Some((Piece::Open(rest), own)) => generator = Generator { id, own, rest },
            Some((Piece::End(end), _)) => return end,
            None => return Ok(nothing()),
        }
        if let Some(reply) = &cx.reply {
            cx.state.system_call();
            reply.send_offered();
        }
    }
}
