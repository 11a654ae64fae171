//! The steps of a body, one after the other.
//!
//! *In:* a body and a call frame. *Out:* events, and how the body ended. `interpret` is the one match over
//! `Action`; it hands itself to each [`Context`](context::Context), so that nested bodies run through
//! `Context::run`. *Absent:* who asks for what is run.
//! *Order:* lost · job · cancel · locals · frame · context · launch · spawn_blocking · task · group · several · select ·
//! streams · broadcast · timer · lock · request · interpret.

pub(crate) mod broadcast;
pub(crate) mod cancel;
pub(crate) mod context;
pub(crate) mod frame;
pub(crate) mod group;
pub(crate) mod interpret;
pub(crate) mod job;
pub(crate) mod launch;
pub(crate) mod locals;
pub(crate) mod lock;
pub(crate) mod lost;
pub(crate) mod request;
pub(crate) mod select;
pub(crate) mod several;
pub(crate) mod spawn_blocking;
pub(crate) mod streams;
pub(crate) mod task;
pub(crate) mod timer;
