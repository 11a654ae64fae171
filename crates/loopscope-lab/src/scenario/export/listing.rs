//! The listings of a scenario, the line and words of each of its steps, and what a program says
//! of itself.

use loopscope_trace::{Language, Nanos, StepId, Story};

use crate::scenario::decode::notation::written;
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

/// Writes the functions and what they share.
fn functions(program: &Program<'_>, page: &mut Page) {
    match page.language {
        Language::Python => python::functions::functions(program, page),
        Language::Rust => rust::functions::functions(program, page),
    }
}

/// Writes what starts the functions.
fn starts(program: &Program<'_>, page: &mut Page) {
    if program.starts.is_empty() {
        return;
    }
    page.gap();
    let (alone, language) = (program.runs_alone(), page.language);
    let (mark, begin): (_, fn(&Program<'_>, &Start, bool, &mut Page)) = match language {
        Language::Python => ("#", python::functions::begin),
        Language::Rust => ("//", rust::functions::begin),
    };
    for start in program.starts {
        if start.at != Nanos::ZERO {
            page.line(0, &format!("{mark} at {}:", written(start.at)));
        }
        begin(program, start, alone, page);
    }
    if !alone && program.starts.iter().any(|start| start.is_main) {
        page.line(
            0,
            match language {
                Language::Python => "loop.run_until_complete(t)",
                Language::Rust => "runtime.block_on(t);",
            },
        );
    }
}

/// The listing with the widest indent at which no line is too long; deep bodies are indented less.
fn fitting(program: &Program<'_>, language: Language) -> Page {
    let indented = |unit| {
        let mut page = Page::new(language, unit);
        functions(program, &mut page);
        starts(program, &mut page);
        page
    };
    let mut pages = [4, 2].map(indented).into_iter();
    pages
        .find(|page| !page.was_cut)
        .unwrap_or_else(|| indented(1))
}

/// The listing of the functions, line by line, whole.
pub(crate) fn listing(program: &Program<'_>, language: Language) -> String {
    let story = program.story;
    let pace = match language {
        Language::Python if is_hurried(story) => " / SPEED",
        _ => "",
    };
    let unit = fitting(program, language).unit;
    let mut page = Page::new(language, unit).whole(pace.to_owned());
    functions(program, &mut page);
    let mut text = String::new();
    for line in page.listing().lines {
        let line: String = line.iter().map(|token| token.text.as_str()).collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Whether the program runs at another pace than the story's.
pub(crate) fn is_hurried(story: &Story) -> bool {
    (story.speed - 1.0).abs() > f64::EPSILON
}

/// The title, the question and the origin, as lines of a comment.
pub(crate) fn about(program: &Program<'_>) -> Vec<String> {
    let story = program.story;
    let mut lines = vec![story.title.clone()];
    if !story.asks.is_empty() {
        lines.extend([String::new(), story.asks.clone()]);
    }
    lines.push(String::new());
    lines.push(format!(
        "The scenario {} of loopscope, as a program of its own.",
        story.id
    ));
    if let Some(differs) = &story.differs {
        lines.push(format!("Where Python and Rust differ: {differs}"));
    }
    lines
}

/// A template without the lines that are for something else: after `mark` stands what they are for.
pub(crate) fn needed(template: &str, mark: &str, flags: &[(&str, bool)]) -> String {
    let mut text = String::new();
    for line in template.lines() {
        let (line, wanted) = match line.split_once(mark) {
            Some((line, flag)) => (line, flags.contains(&(flag, true))),
            None => (line, true),
        };
        if wanted {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}
