//! What several processes told, on one clock and in one order.
//!
//! *In:* rings, looks from outside. *Out:* facts, none of which is followed by an earlier one. A span that was told at its
//! end begins at its beginning. In order: seen · fact · missed · side · pending.

pub(crate) mod fact;
pub(crate) mod missed;
pub(crate) mod pending;
pub(crate) mod seen;
pub(crate) mod side;
