//! Turns of the loop that a task lets pass.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use loopscope_probe::TaskCell;
use loopscope_trace::WaitOn;

/// Goes to the end of the loop's queue, so many times. A job has no queue to stand in.
pub(crate) async fn let_pass(task: Option<&Arc<TaskCell>>, turns: u32) {
    let Some(task) = task else { return };
    for _ in 0..turns {
        task.waits_for(WaitOn::Turn);
        let mut gone = false;
        poll_fn(|context| {
            if std::mem::replace(&mut gone, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
}
