//! A scenario as a program of its own: the listing, and the few lines around it that make it run.
//!
//! *In:* a scenario. *Out:* the text of one file, which prints what the screen prints, with the
//! moments. *Invariant:* at speed 1 the listing stands in it as it stands on the screen.
//! *Absent on purpose:* running it.

mod asked;
mod imports;
mod python;
mod requests;
mod rust;
mod rust_main;

use super::page::Page;
use super::program::Program;
use crate::scenario::within;
use crate::scenario::{Action, Scenario};
use loopscope_trace::{Language, Story};

/// The program of a scenario in a language.
///
/// # Errors
/// A sentence that says why there is none.
pub fn export(scenario: &Scenario, language: Language) -> Result<String, String> {
    let story = &scenario.story;
    let name = match language {
        Language::Python => "Python",
        Language::Rust => "Rust",
    };
    if story.listing(language).is_none() {
        return Err(format!(
            "this scenario has no {name} form: it is about the other language"
        ));
    }
    let program = Program::new(story, &scenario.functions, &scenario.starts);
    match language {
        Language::Python => Ok(python::write(&program)),
        Language::Rust if program.runtime().processes > 1 => Err(
            "this scenario runs in several worker processes: it is exported to Python only"
                .to_owned(),
        ),
        Language::Rust => Ok(rust::write(&program)),
    }
}

/// The listing of the functions, line by line, whole.
fn listing(program: &Program<'_>, language: Language) -> String {
    let story = program.story;
    let pace = match language {
        Language::Python if is_hurried(story) => " / SPEED",
        _ => "",
    };
    let unit = super::fitting(program, language).unit;
    let mut page = Page::new(language, unit).whole(pace.to_owned());
    match language {
        Language::Python => super::python::functions(program, &mut page),
        Language::Rust => super::rust::functions(program, &mut page),
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
fn is_hurried(story: &Story) -> bool {
    (story.speed - 1.0).abs() > f64::EPSILON
}

/// Whether work goes on after those who started it: tasks that nobody awaits, jobs left running.
fn leaves_work(program: &Program<'_>) -> bool {
    let mut functions = program.functions.iter();
    functions.any(|function| {
        within::any(&function.body, &|action| match action {
            Action::Spawn { name, .. } => !super::program::is_used(function, name),
            Action::SpawnBlocking { detach, name, .. } => *detach || name.is_some(),
            Action::Abort(_) | Action::Select(_) | Action::Timeout { .. } => true,
            Action::BlockOn { limit, .. } => limit.is_some(),
            _ => false,
        })
    })
}

/// What a person reads first, line by line.
fn about(program: &Program<'_>) -> Vec<String> {
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
