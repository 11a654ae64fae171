//! Where keys go, and how a key is offered.

/// Where keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The list of scenarios.
    Menu,
    /// The question, with options to choose from.
    Question,
    /// The question, with lines to put into order.
    Order,
    /// The question, with a number to type.
    Number,
    /// The question, while votes are counted.
    Votes,
    /// The question after the run, once its answer is shown.
    Answered,
    /// The stage.
    Stage,
    /// Two runs on one clock.
    Compare,
    /// Many runs of one scenario.
    Many,
    /// The help page.
    Help,
    /// The knobs.
    Knobs,
    /// A problem's details.
    Problem,
    /// A line on the stage that one types into.
    Prompt,
    /// The notes in a second terminal.
    Notes,
    /// The mistakes of a file that was saved.
    Mistakes,
    /// What can be exported.
    Export,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Menu,
        Self::Question,
        Self::Order,
        Self::Number,
        Self::Votes,
        Self::Answered,
        Self::Stage,
        Self::Compare,
        Self::Many,
        Self::Help,
        Self::Knobs,
        Self::Problem,
        Self::Prompt,
        Self::Notes,
        Self::Mistakes,
        Self::Export,
    ];
}

/// One entry of the last row: a key, and what it does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hint {
    /// As it is written: `space`, `, .`.
    pub key: &'static str,
    /// One or two words.
    pub does: &'static str,
}
