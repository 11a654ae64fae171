//! The step that reads an uploaded file.

use std::fs;
use std::path::PathBuf;

use crate::engine::steps::context::Context;
use crate::engine::steps::flow::Flow;
use crate::engine::steps::job;
use crate::engine::steps::job::JobSpec;
use loopscope_trace::BlockKind;

/// Up to here an upload stays in memory, as in Starlette; a larger one is read on the pool.
const SPOOLED: u64 = 1024 * 1024;

/// Reads an upload: a small one in place, a large one on the pool.
pub(crate) async fn read_file(cx: &Context, size: u64) -> Flow {
    let Some(path) = cx.state.files.path(size) else {
        return Flow::Continue;
    };
    if size <= SPOOLED || cx.cell().is_none() {
        read(cx, &path);
        return Flow::Continue;
    }
    let order = JobSpec {
        parent: cx.task(),
        name: format!("{} read", cx.name),
        pool: None,
    };
    let template = cx.branch();
    let job = job::queue(&cx.state, &order, move |id| {
        read(&template.for_job(id), &path);
        Some(())
    });
    let _ = job.finish(cx.cell()).await;
    Flow::Continue
}

fn read(cx: &Context, path: &PathBuf) {
    let state = &cx.state;
    cx.hold(BlockKind::File, || {
        // A file that was removed meanwhile has nothing in it.
        state.without_gil(|| drop(fs::read(path)));
    });
}
