//! What tokio's spans and events say of themselves.

use std::fmt::{self, Write};

use tracing_core::field::{Field, Visit};

use crate::stream::texts::Texts;

/// The fields of a span of a task or a job.
#[derive(Debug)]
pub(crate) struct Spawned {
    texts: &'static Texts,
    /// The number that tokio gives.
    pub(crate) id: u64,
    /// Whether it is the outermost future of a runtime.
    pub(crate) is_root: bool,
    /// The function of a job.
    pub(crate) function: String,
    /// A name that the program gave.
    name: String,
    file: u32,
    line: u32,
}

impl Spawned {
    pub(crate) const fn new(texts: &'static Texts) -> Self {
        Self {
            texts,
            id: 0,
            is_root: false,
            function: String::new(),
            name: String::new(),
            file: 0,
            line: 0,
        }
    }

    /// The number of its text: file, line, and its name or function.
    pub(crate) fn place(&self) -> u32 {
        let name = if self.name.is_empty() {
            &self.function
        } else {
            &self.name
        };
        self.texts.place(self.file, self.line, name)
    }
}

impl Visit for Spawned {
    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "task.id" => self.id = value,
            "loc.line" => self.line = u32::try_from(value).unwrap_or(0),
            _ => {}
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "loc.file" {
            self.file = self.texts.file(value);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = match field.name() {
            "kind" => {
                let mut kind = Same("block_on", true);
                let _ = write!(kind, "{value:?}");
                self.is_root = kind.0.is_empty() && kind.1;
                return;
            }
            "fn" => &mut self.function,
            "task.name" => &mut self.name,
            _ => return,
        };
        let _ = write!(text, "{value:?}");
    }
}

/// Compares what is written with a text, and keeps nothing of it.
struct Same(&'static str, bool);

impl Write for Same {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        match self.0.strip_prefix(text) {
            Some(rest) => self.0 = rest,
            None => self.1 = false,
        }
        Ok(())
    }
}

/// The fields of an event of a waker.
#[derive(Debug, Default)]
pub(crate) struct Waking {
    /// The span of the task.
    pub(crate) span: u64,
    /// Whether it wakes the task, or only clones or drops a waker.
    pub(crate) wakes: bool,
}

impl Visit for Waking {
    #[inline]
    fn record_u64(&mut self, _: &Field, value: u64) {
        self.span = value;
    }

    #[inline]
    fn record_str(&mut self, _: &Field, value: &str) {
        self.wakes = value.starts_with("waker.wake");
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
