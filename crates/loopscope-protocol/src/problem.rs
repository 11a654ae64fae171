//! Why something cannot be had.

/// Why something that was asked for cannot be had, in one sentence, and in full (diagnostics) where there is more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// One sentence for the status line.
    pub sentence: String,
    /// All lines, for a panel; may be empty.
    pub details: Vec<String>,
    /// The same lines with colors, for stderr; empty where there are none.
    pub colored: String,
    /// The file that has mistakes; empty where there is none.
    pub path: String,
    /// The mistakes of a file, one by one.
    pub mistakes: Vec<Mistake>,
    /// The exit code of a command that ends with it.
    pub code: u8,
}

/// A mistake in a scenario file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mistake {
    /// Its line, counted from 1; 0 where it is about the whole file.
    pub line: usize,
    /// Its column, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    /// A sentence, and no more.
    pub fn of(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            ..Self::default()
        }
    }
}
