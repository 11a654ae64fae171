//! The clients, by time: they ask, give up, and print.
//!
//! *In:* the plan of the scenario, and commands. *Out:* requests. *Absent:* how a request is served.
//! *Order:* connections · play.

pub(crate) mod connections;
pub(crate) mod play;
