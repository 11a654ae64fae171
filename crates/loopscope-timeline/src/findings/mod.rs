//! What the events prove.
//!
//! *In:* each event with the world and the lanes after it, and time. *Out:* findings, each with
//! its length, its victims and its sentence. *Absent:* advice, and whether a finding was wanted.
//!
//! In order: `log` · `running` · `waiting` · `ending`.
// table

pub(crate) mod ending;
pub(crate) mod log;
pub(crate) mod running;
pub(crate) mod waiting;

/// All kinds, in the order of reports.
pub static TABLE: [&log::finding::Kind; 27] = [
    &running::blocked_loop::KIND,
    &running::starved::KIND,
    &running::saturated_pool::KIND,
    &running::never_polled::KIND,
    &running::blocked_loop::NEVER_YIELDS,
    &waiting::lost_update::KIND,
    &waiting::deadlock::KIND,
    &ending::outlived_timeout::KIND,
    &running::gil_contention::KIND,
    &waiting::unfair_lock::KIND,
    &waiting::convoy::KIND,
    &ending::killed_process::KIND,
    &ending::never_ends::KIND,
    &ending::kept_open::KIND,
    &waiting::head_of_line::KIND,
    &waiting::restarted_timer::KIND,
    &waiting::futurelock::KIND,
    &waiting::stalled_future::KIND,
    &waiting::interval_burst::KIND,
    &waiting::broadcast_lag::KIND,
    &waiting::lost_wake_up::KIND,
    &waiting::thread_unsafe::KIND,
    &running::lifo_slot::KIND,
    &ending::lapsed::NEVER_AWAITED,
    &ending::lapsed::NEVER_RETRIEVED,
    &ending::lapsed::NOT_KEPT,
    &ending::lapsed::RAISED,
];

log::detector::detectors! {
    running::blocked_loop,
    running::starved,
    running::saturated_pool,
    running::never_polled,
    waiting::lost_update,
    waiting::deadlock,
    ending::outlived_timeout,
    running::gil_contention,
    waiting::unfair_lock,
    waiting::convoy,
    ending::killed_process,
    ending::never_ends,
    ending::kept_open,
    waiting::head_of_line,
    waiting::restarted_timer,
    waiting::futurelock,
    waiting::stalled_future,
    waiting::interval_burst,
    waiting::broadcast_lag,
    waiting::lost_wake_up,
    waiting::thread_unsafe,
    running::lifo_slot,
    ending::lapsed,
}
