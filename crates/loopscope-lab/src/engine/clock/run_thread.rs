//! Marks the threads that belong to a run.

use std::cell::Cell;

use loopscope_probe::set_thread_role;
use loopscope_trace::ThreadRole;

thread_local! {
    static RUN_THREAD: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread belongs to a run. A panic of such a thread belongs to the scenario: it is
/// recorded as an event, and a panic hook should stay silent about it.
pub fn is_run_thread() -> bool {
    RUN_THREAD.try_with(Cell::get).unwrap_or(false)
}

/// Marks this thread as one of a run, which does what `role` says.
pub(crate) fn enter_run_thread(role: ThreadRole) {
    set_thread_role(role);
    RUN_THREAD.with(|flag| flag.set(true));
}
