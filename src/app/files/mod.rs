//! Folders and files of the user.
//!
//! *In:* names, bytes, the environment. *Out:* files that are whole or not there at all; the command
//! of an editor. *Absent:* what stands in a file. *Order:* places, atomic, editor.

pub(crate) mod atomic;
pub(crate) mod editor;
pub(crate) mod places;
