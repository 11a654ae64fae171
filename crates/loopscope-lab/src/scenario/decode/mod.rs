//! Tables of the file become records whose values have the right kind.
//!
//! *In:* the tree of the text, the table of keys, the knobs' values. *Out:* records; in their texts
//! the knobs are filled in. *Absent on purpose:* whether a name stands for anything.
//!
//! In order: grammar · pieces · record · knobs · figure · anchor · tables · spelling · values ·
//! lists.

pub(crate) mod anchor;
pub(crate) mod figure;
pub(crate) mod grammar;
pub(crate) mod knobs;
pub(crate) mod lists;
pub(crate) mod pieces;
pub(crate) mod record;
pub(crate) mod spelling;
pub(crate) mod tables;
pub(crate) mod values;
