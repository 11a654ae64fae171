//! How time passes, really and computed.
//!
//! *In:* threads that sleep, compute or wait. *Out:* the scenario time, and whose turn it is.
//! *Absent:* what is done in a turn.
//! *Order:* cpu · participants · virtual_clock · gil.

pub(crate) mod cpu;
pub(crate) mod gil;
pub(crate) mod participants;
pub(crate) mod virtual_clock;
