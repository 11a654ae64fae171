//! A scenario as a program text, in Python and in Rust.
//!
//! *In:* the functions and starts. *Out:* one [`Listing`] a language, and for each step its line
//! and its words. *Invariant:* no line has more than [`COLUMNS`] columns, and every step has a
//! line in both. *Absent on purpose:* the Rust and Python that the engine runs; nothing does.

mod page;
mod python;
mod rust;
mod tokens;

use super::{Function, Start};
use crate::trace::{FunctionId, Language, Listing, Nanos, Step, StepId};

use page::Page;

/// The widest line of a listing, so that it fits beside the lanes on 80 columns.
pub const COLUMNS: usize = 32;

/// What a listing is made of.
#[derive(Clone, Copy, Debug)]
struct Program<'a> {
    functions: &'a [Function],
    starts: &'a [Start],
}

impl Program<'_> {
    fn name(&self, id: FunctionId) -> &str {
        self.functions
            .get(id.index())
            .map_or("?", |function| function.name.as_str())
    }

    /// Whether requests can reach any of it.
    fn is_server(&self) -> bool {
        let mut functions = self.functions.iter();
        functions.any(|function| function.route.is_some())
    }

    /// Whether one start at the beginning is all that runs.
    fn runs_alone(&self) -> bool {
        let first = |starts: &[Start]| matches!(starts, [only] if only.at == Nanos::ZERO);
        first(self.starts) && !self.is_server()
    }

    fn is_async(&self, id: FunctionId) -> bool {
        self.functions
            .get(id.index())
            .is_some_and(|function| function.is_async)
    }
}

/// Writes both listings; fills in each step's lines and words.
pub(super) fn write(functions: &[Function], starts: &[Start], steps: &mut [Step]) -> Vec<Listing> {
    let program = Program { functions, starts };
    let mut python = Page::new(Language::Python, functions);
    python::write(&program, &mut python);
    let mut rust = Page::new(Language::Rust, functions);
    rust::write(&program, &mut rust);
    for page in [&python, &rust] {
        for (StepId(id), line, words) in &page.steps {
            if let Some(step) = steps.get_mut(*id as usize) {
                let (place, text) = match page.language {
                    Language::Python => (&mut step.line.python, &mut step.python),
                    Language::Rust => (&mut step.line.rust, &mut step.rust),
                };
                *place = *line;
                text.clone_from(words);
            }
        }
    }
    vec![python.listing(), rust.listing()]
}
