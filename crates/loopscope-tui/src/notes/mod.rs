//! NOTES: a page for the presenter that follows the playhead, on a second terminal.
//!
//! *In:* the model of the screen that presents. *Out:* a page, and on the other side, cells. *Invariant:* a page is a
//! plain value of what is known at the playhead; what a live run will do, it does not say. *Absent:* sockets and
//! clocks: the second terminal adds the time.
//! In order: run, page, screen, watch.

pub mod page;
pub(crate) mod run;
pub mod screen;
pub mod watch;
