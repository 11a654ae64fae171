//! What a program says of itself, and the listing that stands in it.

use loopscope_trace::{Language, Story};

use crate::scenario::export::listing::fitting;
use crate::scenario::listing::page::Page;
use crate::scenario::listing::program::{Program, is_used};
use crate::scenario::model::step::{self, Action};
use crate::scenario::{python, rust};

/// The listing of the functions, line by line, whole.
pub(crate) fn listing(program: &Program<'_>, language: Language) -> String {
    let story = program.story;
    let pace = match language {
        Language::Python if is_hurried(story) => " / SPEED",
        _ => "",
    };
    let unit = fitting(program, language).unit;
    let mut page = Page::new(language, unit).whole(pace.to_owned());
    match language {
        Language::Python => python::functions::functions(program, &mut page),
        Language::Rust => rust::functions::functions(program, &mut page),
    }
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

/// Whether work can outlive the function that starts it: tasks that are never awaited, jobs left
/// running.
pub(crate) fn leaves_work(program: &Program<'_>) -> bool {
    let mut functions = program.functions.iter();
    functions.any(|function| {
        step::any(&function.body, |action| match action {
            Action::Spawn { name, .. } => !is_used(function, name),
            Action::SpawnBlocking { detach, name, .. } => *detach || name.is_some(),
            Action::Abort(_) | Action::Select(_) | Action::Timeout { .. } => true,
            Action::BlockOn { limit, .. } => limit.is_some(),
            _ => false,
        })
    })
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
