//! A layer for tower services: what a request asks for, which route serves it, and what was answered.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};

use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::install::watched::{texts, thread_name};
use crate::lane::lanes::{self, now};
use crate::lane::word::{Tag, Word};

/// The number of the next request.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// A layer that tells the watcher of [`install`](crate::install) about requests: method and path as they come, and the status
/// of the answer. Where the program is not watched it costs a look.
///
/// In an axum router: `router.layer(loopscope_probe::layer())`; with `router.route_layer(…)` only requests that have a route
/// are told.
pub fn layer() -> RequestLayer {
    RequestLayer { route: |_| None }
}

/// Makes [`RequestService`]s; [`layer`] gives it.
#[derive(Clone, Copy, Debug)]
pub struct RequestLayer {
    route: fn(&http::Extensions) -> Option<String>,
}

impl RequestLayer {
    /// Says how the route of a request is found in its extensions, as `/items/{id}`. For axum:
    /// `|extensions| Some(extensions.get::<MatchedPath>()?.as_str().to_owned())`.
    #[must_use]
    pub fn route(self, route: fn(&http::Extensions) -> Option<String>) -> Self {
        Self { route }
    }
}

impl<S> Layer<S> for RequestLayer {
    type Service = RequestService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RequestService {
            inner,
            layer: *self,
        }
    }
}

/// A service whose requests are told.
#[derive(Clone, Debug)]
pub struct RequestService<S> {
    inner: S,
    layer: RequestLayer,
}

impl<S, B, R> Service<Request<B>> for RequestService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Answer<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let told = texts().map(|texts| {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let method = request.method();
            // Without the query: it may hold what is meant for the server alone.
            let text = texts.once(&format!("{method} {}", request.uri().path()));
            note(Tag::Request, text, number);
            if let Some(route) = (self.layer.route)(request.extensions()) {
                let text = texts.number(&format!("{method} {route}"));
                note(Tag::Route, text, number);
            }
            Told { number, status: 0 }
        });
        Answer {
            inner: self.inner.call(request),
            told,
        }
    }
}

fn note(tag: Tag, more: u32, request: u32) {
    lanes::with(thread_name, |writer| {
        writer.note(now(), Word::new(tag, more, request));
    });
}

/// Tells the end of its request when it is dropped.
#[derive(Debug)]
struct Told {
    number: u32,
    status: u32,
}

impl Drop for Told {
    fn drop(&mut self) {
        note(Tag::Answer, self.status, self.number);
    }
}

pin_project! {
    /// The answer to a request, which tells its status.
    #[derive(Debug)]
    pub struct Answer<F> {
        #[pin]
        inner: F,
        told: Option<Told>,
    }
}

impl<F, R, E> Future for Answer<F>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let result = this.inner.poll(context);
        if let Poll::Ready(result) = &result
            && let Some(mut told) = this.told.take()
        {
            const FAILED: u32 = 500;
            let status = result
                .as_ref()
                .map(|answer| answer.status().as_u16().into());
            told.status = status.unwrap_or(FAILED);
        }
        result
    }
}
