//! The heartbeat: a small task that shows whether anybody else can run.

use std::sync::Arc;

use super::stage::Stage;
use loopscope_probe::TaskCell;
use loopscope_trace::{EventKind, Nanos};

/// Beats at zero and then every `period`, on the grid while it keeps up. Beats that it missed are
/// gone: after a block it beats once, and the next one comes a whole period later.
pub(super) async fn beat(stage: Arc<Stage>, me: Arc<TaskCell>, period: Nanos) {
    let mut due = Nanos::ZERO;
    loop {
        stage.recorder.record(EventKind::Beat { task: me.id() });
        let now = stage.host.now();
        due += period;
        if due <= now {
            due = now + period;
        }
        me.waits_for_timer(due);
        stage.host.sleep(due.since(now)).await;
    }
}
