//! What a user has set once and for all: `settings.toml` in the configuration folder.
//!
//! *In:* the file, the environment, and the flags, which win in this order. *Out:* each value in
//! force, and who says so. A wrong line never stops a lecture: it is named, and the default stands
//! for it. *Absent:* writing the file, save once, where there is none. *Order:* keys, settings.

pub(crate) mod keys;
pub(crate) mod settings;
