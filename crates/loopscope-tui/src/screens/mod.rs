//! The screens: each draws a part of the model into a buffer.
//!
//! *In:* plain values. *Out:* cells. *Invariant:* drawing changes nothing and reads no clock.
//! *Absent on purpose:* keys.

pub mod compare;
pub mod end;
pub mod help;
pub mod knobs;
pub mod menu;
pub mod own;
pub mod panels;
pub mod parts;
pub mod question;
pub mod sentence;
pub mod spread;
pub mod stage;
