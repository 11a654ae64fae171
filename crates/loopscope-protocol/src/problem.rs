//! Why something cannot be had.

/// Why a wish could not be granted, in one sentence, and in full (diagnostics) where there is more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// One sentence for the status line.
    pub sentence: String,
    /// All lines, for a panel; may be empty.
    pub details: Vec<String>,
}

impl Problem {
    /// A sentence, and no more.
    pub fn of(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            details: Vec::new(),
        }
    }
}
