//! What is said.
//!
//! *In:* a timeline and a moment of it. *Out:* sentences. *Absent:* colours and widths.
//!
//! In order: `anchor` · `console` · `shared` · `stop` · `unfinished` · `event` · `outcome` · `result` · `holder` · `state` · `wake` · `why` · `awaits` · `held` · `circle` · `caption`.

pub(crate) mod anchor;
pub(crate) mod awaits;
pub(crate) mod caption;
pub(crate) mod circle;
pub mod console;
pub(crate) mod event;
pub(crate) mod held;
pub(crate) mod holder;
pub(crate) mod outcome;
pub(crate) mod result;
pub(crate) mod shared;
pub(crate) mod state;
pub(crate) mod stop;
pub(crate) mod unfinished;
pub(crate) mod wake;
pub(crate) mod why;
