//! Facts about a watched program become a trace: events with dense ids, and the rows of the story that they name.
//!
//! *In:* facts in order. *Out:* batches. *Absent:* what the events mean. In order: out · rows · state · translator · threads · held ·
//! waits · tasks · callbacks · jobs · seen · requests · connections · output · facts.

mod callbacks;
mod connections;
mod facts;
mod held;
mod jobs;
mod out;
mod output;
mod requests;
mod rows;
mod seen;
mod state;
mod tasks;
mod threads;
pub(crate) mod translator;
mod waits;
