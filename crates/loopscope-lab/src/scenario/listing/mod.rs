//! A scenario as a program text, in Python and in Rust.
//!
//! *In:* the functions, what they share, and the starts. *Out:* one [`Listing`] a language, and for
//! each step its line and its words. *Invariant:* no line has more than [`COLUMNS`] columns, and
//! every step has a line in each. *Absent on purpose:* the Rust and Python that the engine runs;
//! nothing does.

mod export;
mod page;
mod program;
mod python;
mod rust;
mod tokens;
mod types;

use super::{Function, Start};
use loopscope_trace::{Language, StepId, Story};

pub use export::export;

use self::program::Program;
use page::Page;

/// The widest line of a listing, so that it fits beside the lanes on 80 columns.
pub const COLUMNS: usize = 32;

/// Writes the listings in `languages`; fills in each step's lines and words.
pub(super) fn write(
    story: &mut Story,
    functions: &[Function],
    starts: &[Start],
    languages: &[Language],
) {
    let program = Program::new(story, functions, starts);
    let mut pages = Vec::new();
    for language in languages {
        pages.push(fitting(&program, *language));
    }
    for page in &pages {
        for (StepId(id), line, words) in &page.steps {
            if let Some(step) = story.steps.get_mut(*id as usize) {
                let (place, text) = match page.language {
                    Language::Python => (&mut step.line.python, &mut step.python),
                    Language::Rust => (&mut step.line.rust, &mut step.rust),
                };
                *place = *line;
                text.clone_from(words);
            }
        }
    }
    story.listings = pages.into_iter().map(Page::listing).collect();
}

/// The listing with the widest indent at which no line is too long; deep bodies are indented less.
fn fitting(program: &Program<'_>, language: Language) -> Page {
    let written = |unit| {
        let mut page = Page::new(language, unit);
        match language {
            Language::Python => python::write(program, &mut page),
            Language::Rust => rust::write(program, &mut page),
        }
        page
    };
    let mut pages = [4, 2].map(written).into_iter();
    pages
        .find(|page| !page.was_cut)
        .unwrap_or_else(|| written(1))
}
