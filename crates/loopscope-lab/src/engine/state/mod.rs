//! What all tasks and threads of a run share.
//!
//! *In:* the scenario, and requests on their way. *Out:* what keeps the run going; the answer to a request,
//! settled once; variables, locks, channels, files, texts, places in the listing; and how the server stops.
//! *Absent:* the steps that use them.
//! *Order:* semantics · listed · budget · open · incoming · broadcast · locks · events · channels · shared_values · unwoken · run_state.

pub(crate) mod broadcast;
pub(crate) mod budget;
pub(crate) mod channels;
pub(crate) mod events;
pub(crate) mod incoming;
pub(crate) mod listed;
pub(crate) mod locks;
pub(crate) mod open;
pub(crate) mod run_state;
pub(crate) mod semantics;
pub(crate) mod shared_values;
pub(crate) mod unwoken;
