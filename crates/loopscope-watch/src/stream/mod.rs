//! What a tokio program with the one line tells over a socket, as `docs/stream.md` has it.
//!
//! *In:* bytes of its connection, which may be anything and end anywhere. *Out:* facts as those of a ring, so that all that
//! follows is the same for both. *Absent:* what the program does not tell: that is seen from outside.
//! In order: socket · frames · told · labels · lane · ends · records · lanes · process · streams.

pub(crate) mod ends;
pub(crate) mod frames;
pub(crate) mod labels;
pub(crate) mod lane;
pub(crate) mod lanes;
pub(crate) mod process;
pub(crate) mod records;
pub(crate) mod socket;
pub(crate) mod streams;
pub(crate) mod told;
