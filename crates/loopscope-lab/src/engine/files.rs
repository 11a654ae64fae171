//! Files that clients have uploaded: really written before the run, really read in it.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::cx::Cx;
use super::flow::Flow;
use super::jobs::{self, Order};
use crate::scenario::{Action, Scenario, Step};
use loopscope_trace::BlockKind;

/// Up to here an upload stays in memory, in Starlette's hands; a larger one is read on the pool.
const SPOOLED: u64 = 1024 * 1024;

static FILES: AtomicU32 = AtomicU32::new(0);

/// The files of a run, by size; gone when this is dropped.
#[derive(Debug, Default)]
pub(super) struct Files {
    paths: HashMap<u64, PathBuf>,
}

impl Files {
    /// Writes a file of each size that the scenario reads.
    pub(super) fn write(scenario: &Scenario) -> io::Result<Self> {
        let mut files = Self::default();
        for function in &scenario.functions {
            files.visit(&function.body)?;
        }
        Ok(files)
    }

    fn visit(&mut self, body: &[Step]) -> io::Result<()> {
        for step in body {
            if let Action::ReadFile(size) = step.action
                && !self.paths.contains_key(&size)
            {
                let number = FILES.fetch_add(1, Ordering::Relaxed);
                let name = format!("loopscope-{}-{number}.upload", std::process::id());
                let path = std::env::temp_dir().join(name);
                // Kept first, so that a file that could not be filled is removed as well.
                self.paths.insert(size, path.clone());
                let bytes = usize::try_from(size).unwrap_or(usize::MAX);
                fs::write(path, vec![b'.'; bytes])?;
            }
            for inner in step.action.bodies() {
                self.visit(inner)?;
            }
        }
        Ok(())
    }

    fn path(&self, size: u64) -> Option<PathBuf> {
        self.paths.get(&size).cloned()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        for path in self.paths.values() {
            // It is the system's directory for what is left behind.
            let _ = fs::remove_file(path);
        }
    }
}

impl Cx {
    /// Reads an upload: a small one in place, a large one on the pool.
    pub(super) async fn read_file(&self, size: u64) -> Flow {
        let Some(path) = self.stage.files.path(size) else {
            return Flow::On;
        };
        if size <= SPOOLED || self.cell().is_none() {
            self.read(&path);
            return Flow::On;
        }
        let order = Order {
            parent: self.me(),
            name: format!("{} read", self.name),
            pool: None,
        };
        let template = self.branch();
        let job = jobs::queue(&self.stage, &order, move |id| {
            template.for_job(id).read(&path);
            Some(())
        });
        let _ = job.finish(self).await;
        Flow::On
    }

    fn read(&self, path: &PathBuf) {
        let stage = &self.stage;
        self.held(BlockKind::File, || {
            // A file that somebody has removed under way has nothing in it.
            stage.without_gil(|| drop(fs::read(path)));
        });
    }
}
