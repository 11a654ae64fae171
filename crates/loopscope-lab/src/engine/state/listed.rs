//! Where what is spawned stands in the listing: tokio-console shows it as the task's location.

use std::sync::Arc;

use loopscope_probe::console::{self, Place, Placed, placed};
use loopscope_trace::{FunctionId, Language, Listing, StepId, Story, TokenRole};

/// What has a line in the listing.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Written {
    /// The step that spawns.
    Step(StepId),
    /// The function that is run, where no step spawns it.
    Function(FunctionId),
}

/// The listing's name, and the places of steps and functions; empty where tokio-console cannot attach.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    file: Arc<str>,
    /// Lines and columns, counted from 1; 0 where there is none.
    steps: Vec<(u32, u32)>,
    functions: Vec<(u32, u32)>,
}

impl Listed {
    /// The places in the listing of the language that the story is played in.
    pub(crate) fn of(story: &Story) -> Self {
        let language = story.shown_in(story.played_in());
        let listing = story.listing(language).filter(|_| console::is_on());
        let Some(listing) = listing else {
            return Self::default();
        };
        let ending = match language {
            Language::Python => "py",
            Language::Rust => "rs",
        };
        let lines = story.steps.iter().map(|step| step.line.of(language));
        let functions = story.functions.iter();
        Self {
            file: format!("{}.{ending}", story.id).into(),
            steps: lines.map(|line| (line, column(listing, line))).collect(),
            functions: functions
                .map(|function| defined(listing, &function.name))
                .map(|line| (line, column(listing, line)))
                .collect(),
        }
    }

    /// As long as the result lives, what this thread spawns is shown at this place.
    pub(crate) fn at(&self, written: Written) -> Placed {
        let known = match written {
            Written::Step(step) => self.steps.get(step.index()),
            Written::Function(function) => self.functions.get(function.index()),
        };
        let known = known.filter(|(line, _)| *line > 0);
        placed(known.map(|(line, column)| Place {
            file: Arc::clone(&self.file),
            line: *line,
            column: *column,
        }))
    }
}

/// The line in which a function begins, counted from 1.
fn defined(listing: &Listing, name: &str) -> u32 {
    let begins = |role, text: &str| match role {
        TokenRole::Keyword => text == "def" || text == "fn",
        _ => false,
    };
    let place = listing.lines.iter().position(|line| {
        let mut tokens = line.iter().filter(|token| !token.text.trim().is_empty());
        tokens.any(|token| begins(token.role, &token.text))
            && tokens.next().is_some_and(|token| token.text == name)
    });
    place.map_or(0, |place| u32::try_from(place + 1).unwrap_or(0))
}

/// The column of the first sign of a line, counted from 1.
fn column(listing: &Listing, line: u32) -> u32 {
    let line = usize::try_from(line).unwrap_or(0).checked_sub(1);
    let tokens = line.and_then(|line| listing.lines.get(line));
    let text: String = tokens.into_iter().flatten().map(|it| &*it.text).collect();
    let indent = text.chars().take_while(|sign| *sign == ' ').count();
    u32::try_from(indent + 1).unwrap_or(1)
}
