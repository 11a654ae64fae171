//! The screens: each draws a part of the model into a buffer.
//!
//! *In:* plain values. *Out:* cells. *Invariant:* drawing changes nothing and reads no clock.
//! *Absent on purpose:* keys.
