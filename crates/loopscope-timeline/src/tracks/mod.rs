//! What lanes, threads and accounts did over time.
//!
//! *In:* the world after each event. *Out:* spans that tile a life, sums of time, series of
//! metrics. *Absent:* what of it is remarkable (that is `findings`).
//!
//! In order: `track` · `accounts` · `metrics` · `threads` · `census` · `places` · `alive` · `lane_state` · `lanes` · `named` · `waited` · `block` · `spent` · `held` · `lag`.

pub(crate) mod accounts;
pub(crate) mod alive;
pub(crate) mod block;
pub mod census;
pub(crate) mod held;
pub(crate) mod lag;
pub(crate) mod lane_state;
pub(crate) mod lanes;
pub mod metrics;
pub(crate) mod named;
pub(crate) mod places;
pub(crate) mod spent;
pub(crate) mod threads;
pub(crate) mod track;
pub(crate) mod waited;
