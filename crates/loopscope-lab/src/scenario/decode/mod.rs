//! Tables of the file become records whose values have the right kind.
//!
//! *In:* the tree of the text, the table of keys, the knobs' values. *Out:* records; in their texts
//! the knobs are filled in. *Absent on purpose:* whether a name stands for anything.
//!
//! In order: grammar · record · knobs · notation · tables · values · lists.

pub(crate) mod grammar;
pub(crate) mod knobs;
pub(crate) mod lists;
pub(crate) mod notation;
pub(crate) mod record;
pub(crate) mod tables;
pub(crate) mod values;
