//! Notes for the one who presents: a page that follows the playhead, for a second terminal.
//!
//! *In:* the model of the screen that presents. *Out:* a [`Page`], and on the other side, cells.
//! *Invariant:* a page is a plain value of what is known at the playhead; what a live run will do,
//! it does not say. *Absent on purpose:* sockets and clocks: who shows a page adds the time.

pub(crate) mod ask;
pub mod page;
pub(crate) mod pair;
pub(crate) mod run;
pub mod screen;
pub mod watch;
pub mod words;
