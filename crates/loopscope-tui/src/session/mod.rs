//! SESSION: one opened scenario, its run, and where one looks.
//!
//! *In:* a story, batches, answers. *Out:* the moment, the world and the page that are shown.
//! *Absent:* other screens, clocks, files.
//! In order: explored, playhead, motion, asking, events, session, stretch, watched, knobs, slow, votes, look, compare.

pub mod asking;
pub mod compare;
pub mod events;
pub mod explored;
pub(crate) mod knobs;
pub mod look;
pub(crate) mod motion;
pub mod playhead;
pub mod session;
pub(crate) mod slow;
pub(crate) mod stretch;
pub mod votes;
pub(crate) mod watched;
