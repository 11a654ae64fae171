//! What the events prove.
//!
//! *In:* each event with the world and the lanes after it, and time. *Out:* findings, each with
//! its length, its victims and its sentence. *Absent:* advice, and whether a finding was wanted.
//!
//! In order: `finding` · `log` · `detector` · `blocked_loop` · `never_yields` · `turn` · `starved` · `saturated_pool` · `never_polled` · `lost_update` · `deadlock` · `outlived_timeout` · `gil_contention` · `unfair_lock` · `killed_process` · `table` · `all`.

pub(crate) mod all;
pub(crate) mod blocked_loop;
pub(crate) mod deadlock;
pub(crate) mod detector;
pub(crate) mod finding;
pub(crate) mod gil_contention;
pub(crate) mod killed_process;
pub(crate) mod log;
pub(crate) mod lost_update;
pub(crate) mod never_polled;
pub(crate) mod never_yields;
pub(crate) mod outlived_timeout;
pub(crate) mod saturated_pool;
pub(crate) mod starved;
pub(crate) mod table;
pub(crate) mod turn;
pub(crate) mod unfair_lock;
