//! tokio's own spans, without a registry: the id of a task's span is the task's own, so that nothing is looked up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::panicking;

use tracing_core::callsite::{Identifier, rebuild_interest_cache};
use tracing_core::span::{Attributes, Current, Id, Record};
use tracing_core::{Dispatch, Event, Interest, LevelFilter, Metadata, Subscriber};

use crate::install::fields::{Spawned, Waking};
use crate::install::watched::thread_name;
use crate::lane::lanes::{self, now};
use crate::lane::word::{Tag, Word};
use crate::lane::writer::Writer;
use crate::stream::texts::Texts;

/// What the ids of our spans begin with. Registries count from 1 and use the highest bits for how often a place was used:
/// these have bits set that stand for a thread with a number beyond all.
const TASK: u64 = 0x6c07 << 48;
const JOB: u64 = 0x6c0f << 48;
const UNSEEN: u64 = 0x6c17 << 48;
const KIND: u64 = 0xffff << 48;

/// What the function of a job is called that is a worker of a runtime.
const WORKER: &str = "scheduler::multi_thread::worker::";

/// Whether such a place was found since [`look_again`].
static FOUND_QUIET: AtomicBool = AtomicBool::new(false);

/// Lets tracing ask again what is to be told, where that has changed. It takes a lock of tracing's: not for a task's turn.
pub(crate) fn look_again() {
    if FOUND_QUIET.swap(false, Ordering::AcqRel) {
        rebuild_interest_cache();
    }
}

/// Writes what tokio tells into the lanes; all else goes on to another subscriber.
#[derive(Debug)]
pub(crate) struct Spans<S> {
    texts: &'static Texts,
    others: S,
    /// The places where wakers are only cloned or dropped: they need not be told.
    quiet: Mutex<Vec<Identifier>>,
}

impl<S> Spans<S> {
    pub(crate) const fn new(texts: &'static Texts, others: S) -> Self {
        Self {
            texts,
            others,
            quiet: Mutex::new(Vec::new()),
        }
    }

    /// Does something with this thread's writer.
    #[inline]
    fn write(then: impl FnOnce(&Writer)) {
        lanes::with(thread_name, then);
    }

    /// A place where a waker is cloned or dropped has shown itself.
    #[cold]
    fn learn(&self, meta: &'static Metadata<'static>) {
        let mut quiet = self.quiet.lock().unwrap_or_else(PoisonError::into_inner);
        let place = meta.callsite();
        if !quiet.contains(&place) {
            quiet.push(place);
            FOUND_QUIET.store(true, Ordering::Release);
        }
    }

    fn spawned(&self, span: &Attributes<'_>) -> Id {
        let mut spawned = Spawned::new(self.texts);
        span.record(&mut spawned);
        let is_job = span.metadata().target() == "tokio::task::blocking";
        if is_job && spawned.function.contains(WORKER) {
            return Id::from_u64(UNSEEN);
        }
        let (kind, tag) = match (is_job, spawned.is_root) {
            (true, _) => (JOB, Tag::JobQueued),
            (false, true) => (TASK, Tag::Root),
            (false, false) => (TASK, Tag::Spawn),
        };
        let place = spawned.place();
        Self::write(|writer| writer.note(now(), Word::new(tag, place, spawned.id as u32)));
        Id::from_u64(kind | spawned.id & !KIND)
    }
}

/// Whether a span or an event is tokio's word about a task.
fn is_tokio(meta: &Metadata<'_>) -> bool {
    match meta.target() {
        "tokio::task" | "tokio::task::blocking" => meta.is_span() && meta.name() == "runtime.spawn",
        "tokio::task::waker" => meta.is_event(),
        _ => false,
    }
}

/// Whether a span is one of ours, and which.
fn own(id: &Id) -> Option<(u64, u32)> {
    let id = id.into_u64();
    match id & KIND {
        kind @ (TASK | JOB | UNSEEN) => Some((kind, id as u32)),
        _ => None,
    }
}

impl<S: Subscriber> Subscriber for Spans<S> {
    fn on_register_dispatch(&self, dispatch: &Dispatch) {
        self.others.on_register_dispatch(dispatch);
    }

    fn register_callsite(&self, meta: &'static Metadata<'static>) -> Interest {
        if !is_tokio(meta) {
            return self.others.register_callsite(meta);
        }
        let quiet = self.quiet.lock().unwrap_or_else(PoisonError::into_inner);
        if quiet.contains(&meta.callsite()) {
            Interest::never()
        } else {
            Interest::always()
        }
    }

    fn enabled(&self, meta: &Metadata<'_>) -> bool {
        is_tokio(meta) || self.others.enabled(meta)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::TRACE)
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        if is_tokio(span.metadata()) {
            self.spawned(span)
        } else {
            self.others.new_span(span)
        }
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        if own(span).is_none() {
            self.others.record(span, values);
        }
    }

    fn record_follows_from(&self, span: &Id, follows: &Id) {
        if own(span).is_none() && own(follows).is_none() {
            self.others.record_follows_from(span, follows);
        }
    }

    fn event_enabled(&self, event: &Event<'_>) -> bool {
        is_tokio(event.metadata()) || self.others.event_enabled(event)
    }

    fn event(&self, event: &Event<'_>) {
        if !is_tokio(event.metadata()) {
            return self.others.event(event);
        }
        let mut waking = Waking::default();
        event.record(&mut waking);
        if waking.wakes {
            Self::write(|writer| writer.wakes(waking.span as u32, now));
        } else {
            self.learn(event.metadata());
        }
    }

    fn enter(&self, span: &Id) {
        match own(span) {
            Some((TASK, task)) => Self::write(|writer| writer.poll_begins(now(), task)),
            Some((JOB, job)) => Self::write(|writer| writer.job_begins(now(), job)),
            Some(_) => {}
            None => self.others.enter(span),
        }
    }

    fn exit(&self, span: &Id) {
        match own(span) {
            Some((TASK, _)) => Self::write(|writer| writer.poll_ends(now(), panicking())),
            Some((JOB, _)) => Self::write(|writer| writer.job_ends(panicking())),
            Some(_) => {}
            None => self.others.exit(span),
        }
    }

    fn clone_span(&self, span: &Id) -> Id {
        if own(span).is_some() {
            span.clone()
        } else {
            self.others.clone_span(span)
        }
    }

    fn try_close(&self, span: Id) -> bool {
        match own(&span) {
            Some((TASK, task)) => {
                Self::write(|writer| writer.note(now(), Word::new(Tag::End, 0, task)));
            }
            Some((JOB, job)) => Self::write(|writer| writer.job_is_gone(now(), job)),
            Some(_) => {}
            None => return self.others.try_close(span),
        }
        true
    }

    fn current_span(&self) -> Current {
        self.others.current_span()
    }
}
