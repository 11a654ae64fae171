//! How a scenario stands with whoever runs it.

/// What is remembered of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Run to its end without a prediction.
    Seen,
    /// Predicted, and it came so.
    Right,
    /// Predicted, and it came otherwise.
    Wrong,
}

impl Mark {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Seen, Self::Right, Self::Wrong];

    /// Its words, on the screen and in files.
    pub fn words(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Right => "predicted right",
            Self::Wrong => "predicted wrong",
        }
    }

    /// What stands after this run: watching once more does not take a prediction back.
    pub fn after(self, before: Option<Self>) -> Self {
        match (self, before) {
            (Self::Seen, Some(before)) => before,
            _ => self,
        }
    }
}
