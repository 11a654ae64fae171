//! Files that clients have uploaded: written before the run, read in it, then removed.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{fs, io};

use crate::scenario::model::scenario::Scenario;
use crate::scenario::model::step::{Action, Step};

static FILES: AtomicU32 = AtomicU32::new(0);

/// The files of a run, by size; gone when this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Files {
    paths: HashMap<u64, PathBuf>,
}

impl Files {
    /// Writes a file of each size that the scenario reads.
    pub(crate) fn write(scenario: &Scenario) -> io::Result<Self> {
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

    /// Where the upload of this size lies.
    pub(crate) fn path(&self, size: u64) -> Option<PathBuf> {
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
