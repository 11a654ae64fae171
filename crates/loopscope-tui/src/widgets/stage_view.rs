//! Everything that the stage is told: it keeps nothing and reads no clock.

use crate::keys::place::Hint;
use crate::layout::axis::Page;
use crate::model::prompt::Prompt;
use crate::session::playhead::Mode;
use crate::session::vote_bars::VoteBars;
use crate::settings::panes::Panes;
use crate::text::theme::Theme;
use loopscope_timeline::explain::Why;
use loopscope_timeline::{LaneId, Moment, Timeline, World};
use loopscope_trace::{Answers, Language, Nanos};

/// Everything that the stage shows; it keeps nothing and reads no clock.
#[derive(Clone, Copy, Debug)]
pub struct StageView<'a> {
    /// The run.
    pub timeline: &'a Timeline,
    /// The world at the playhead.
    pub world: &'a World,
    /// The playhead.
    pub moment: Moment,
    /// Of the listing.
    pub language: Language,
    /// How everything looks.
    pub theme: &'a Theme,
    /// How the stage stands to the run.
    pub mode: Mode,
    /// How fast one watches.
    pub play_speed: f64,
    /// Which panes are shown.
    pub panes: Panes,
    /// The lane that keys go to.
    pub selected: Option<LaneId>,
    /// How many lanes are scrolled away.
    pub first_lane: usize,
    /// The furthest moment that the playhead has been at: the time axis never shrinks again.
    pub furthest: Nanos,
    /// What was said about the story's questions.
    pub answers: &'a Answers,
    /// tokio-console's state, where it is on.
    pub console: Option<&'a str>,
    /// A sentence that takes the caption's place for some seconds.
    pub notice: Option<&'a str>,
    /// Requests were sent by a key.
    pub own_requests: bool,
    /// The small layout on purpose.
    pub big: bool,
    /// Which scenario of how many, in a lecture.
    pub place: Option<(usize, usize)>,
    /// The last row.
    pub footer: &'a [Hint],
    /// The scenario that the end screen offers.
    pub next: Option<&'a str>,
    /// How one looks at the run.
    pub look: Look<'a>,
}

/// How one looks at the run, as keys have chosen it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look<'a> {
    /// The page of time; the usual one where it is `None`.
    pub zoom: Option<Page>,
    /// The pane by which the arrows move, by its digit; the tasks where it is `None`.
    pub focus: Option<u8>,
    /// Only the selected lane is shown.
    pub only: bool,
    /// The answer to "why?", while it is open.
    pub why: Option<&'a Why>,
    /// A line that one types into.
    pub prompt: Option<&'a Prompt>,
    /// What was predicted.
    pub predicted: Predicted<'a>,
    /// The votes of a class, while they lie over the end of a run.
    pub vote_bars: Option<VoteBars<'a>>,
}

/// What was predicted, as the panes show it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Predicted<'a> {
    /// The lines of output in this order.
    pub lines: &'a [String],
    /// In words, where no lines are predicted.
    pub words: Option<&'a str>,
    /// When it will be over.
    pub end: Option<Nanos>,
}

/// The lines that were predicted.
pub(crate) const fn said_lines<'a>(view: &StageView<'a>) -> &'a [String] {
    view.look.predicted.lines
}

/// What was predicted in words, where it predicts no lines.
pub(crate) const fn said_in_words<'a>(view: &StageView<'a>) -> Option<&'a str> {
    view.look.predicted.words
}
