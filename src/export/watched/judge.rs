//! Which blocks are allowed, and which are too long.

use loopscope_timeline::{Holder, Timeline, explain};
use loopscope_trace::{Language, Nanos, StepId, Story};

/// What a source line says that may block.
const MARK: &str = "loopscope: allow";

/// What is held against a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Limits {
    /// The longest block that is not too long; none is where it is not set.
    pub(crate) max_block: Option<Nanos>,
    /// Places that may block: `app.py:12`, `app.py:startup`, `app.py`.
    pub(crate) allow: Vec<String>,
}

impl Limits {
    /// Whether a place may block: it was named, or its line or the head of its function says so.
    pub(crate) fn allow(&self, timeline: &Timeline, step: Option<StepId>) -> bool {
        let Some(step) = step else {
            return false;
        };
        let story = timeline.story();
        let line = explain::line(timeline, step, Language::Python).unwrap_or_default();
        let file = story.file_of(step).map_or("", |file| file.path.as_str());
        let function = story
            .function_of(step)
            .map_or("", |function| &function.name);
        let named = self.allow.iter().any(|allowed| {
            let in_function = allowed
                .strip_prefix(file)
                .and_then(|rest| rest.strip_prefix(':'));
            *allowed == line || *allowed == file || in_function == Some(function)
        });
        named || marked(story, step)
    }

    /// Whether the longest block of a place is too long.
    pub(crate) fn exceeded(&self, timeline: &Timeline, holder: &Holder) -> bool {
        let too_long = self.max_block.is_some_and(|most| holder.longest > most);
        too_long && !self.allow(timeline, holder.step)
    }
}

fn marked(story: &Story, step: StepId) -> bool {
    let (Some(file), Some(row)) = (story.file_of(step), story.step(step)) else {
        return false;
    };
    let says = |line: u32| {
        let line = (line as usize)
            .checked_sub(1)
            .and_then(|line| file.lines.get(line));
        line.is_some_and(|line| line.contains(MARK))
    };
    let head = story
        .function(row.function)
        .map_or(0, |function| function.first);
    says(row.line.of(file.language)) || says(head)
}
