//! The listings of a scenario, and the line and words of each of its steps.

use loopscope_trace::{Language, StepId, Story};

use crate::scenario::listing::page::Page;
use crate::scenario::listing::program::Program;
use crate::scenario::model::scenario::{Function, Start};
use crate::scenario::{python, rust};

/// Writes the listings in `languages`; fills in each step's lines and words.
pub(crate) fn write(
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
pub(crate) fn fitting(program: &Program<'_>, language: Language) -> Page {
    let written = |unit| {
        let mut page = Page::new(language, unit);
        match language {
            Language::Python => python::functions::write(program, &mut page),
            Language::Rust => rust::functions::write(program, &mut page),
        }
        page
    };
    let mut pages = [4, 2].map(written).into_iter();
    pages
        .find(|page| !page.was_cut)
        .unwrap_or_else(|| written(1))
}
