//! EVENTS: what comes into the screen, and what goes out of it.
//!
//! *In:* keys, replies, signals. *Out:* effects, and what a surface can do. *Absent:* who carries them out.
//! In order: message, effect, surface.

pub mod effect;
pub mod message;
pub mod surface;
