//! What the events prove.
//!
//! *In:* each event with the world and the lanes after it, and time. *Out:* findings, each with
//! its length, its victims and its sentence. *Absent:* advice, and whether a finding was wanted.
//!
//! In order: `finding` · `detector` · `blocked_loop` · `starved` · `saturated_pool` · `never_polled` · `lost_update` · `needs` · `deadlock` · `never_ends` · `kept_open` · `outlived_timeout` · `gil_contention` · `unfair_lock` · `killed_process` · `head_of_line` · `restarted_timer` · `lifo_slot` · `lapsed`.
// table

pub(crate) mod blocked_loop;
pub(crate) mod deadlock;
pub(crate) mod detector;
pub(crate) mod finding;
pub(crate) mod gil_contention;
pub(crate) mod head_of_line;
pub(crate) mod kept_open;
pub(crate) mod killed_process;
pub(crate) mod lapsed;
pub(crate) mod lifo_slot;
pub(crate) mod lost_update;
pub(crate) mod needs;
pub(crate) mod never_ends;
pub(crate) mod never_polled;
pub(crate) mod outlived_timeout;
pub(crate) mod restarted_timer;
pub(crate) mod saturated_pool;
pub(crate) mod starved;
pub(crate) mod unfair_lock;

/// All kinds, in the order of reports.
pub static TABLE: [&finding::Kind; 20] = [
    &blocked_loop::KIND,
    &starved::KIND,
    &saturated_pool::KIND,
    &never_polled::KIND,
    &blocked_loop::NEVER_YIELDS,
    &lost_update::KIND,
    &deadlock::KIND,
    &outlived_timeout::KIND,
    &gil_contention::KIND,
    &unfair_lock::KIND,
    &killed_process::KIND,
    &never_ends::KIND,
    &kept_open::KIND,
    &head_of_line::KIND,
    &restarted_timer::KIND,
    &lifo_slot::KIND,
    &lapsed::NEVER_AWAITED,
    &lapsed::NEVER_RETRIEVED,
    &lapsed::NOT_KEPT,
    &lapsed::RAISED,
];

detector::detectors! {
    blocked_loop,
    starved,
    saturated_pool,
    never_polled,
    lost_update,
    deadlock,
    outlived_timeout,
    gil_contention,
    unfair_lock,
    killed_process,
    never_ends,
    kept_open,
    head_of_line,
    restarted_timer,
    lifo_slot,
    lapsed,
}
