//! The panes of the stage: which there are, and which are shown.

/// Which panes are shown; they are numbered from 1 to 6 as on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Panes(u8);

impl Panes {
    /// The highest number.
    pub const LAST: u8 = 6;

    /// All six.
    pub const fn all() -> Self {
        Self(0b0111_1110)
    }

    /// None of them.
    pub const fn none() -> Self {
        Self(0)
    }

    /// Their words, in the order of teaching, each with its number.
    pub const WORDS: [(&'static str, u8); 6] = [
        ("output", 3),
        ("tasks", 4),
        ("loop", 2),
        ("code", 1),
        ("threads", 5),
        ("found", 6),
    ];

    /// Those with these words; other words name none.
    pub fn called<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut panes = Self::none();
        for word in words {
            let known = Self::WORDS.iter().find(|(known, _)| *known == word);
            let number = known.map_or(0, |known| known.1);
            if !panes.show(number) {
                panes = panes.toggle(number);
            }
        }
        panes
    }

    /// Whether pane `number` is shown; false for a number that no pane has.
    pub const fn show(self, number: u8) -> bool {
        number >= 1 && number <= Self::LAST && self.0 & (1 << number) != 0
    }

    /// Whether the runtime's own counts stand in place of the lower panes.
    pub const fn metrics(self) -> bool {
        self.0 & (1 << 7) != 0
    }

    /// Shows or hides the runtime's own counts.
    #[must_use]
    pub const fn toggle_metrics(self) -> Self {
        Self(self.0 ^ (1 << 7))
    }

    /// Whether the lanes have the word of tokio-console beside them.
    pub const fn says(self) -> bool {
        self.0 & 1 != 0
    }

    /// Shows or hides the word of tokio-console.
    #[must_use]
    pub const fn toggle_says(self) -> Self {
        Self(self.0 ^ 1)
    }

    /// The same with this one hidden.
    #[must_use]
    pub const fn without(self, number: u8) -> Self {
        if self.show(number) {
            self.toggle(number)
        } else {
            self
        }
    }

    /// Shows what is hidden and hides what is shown; other numbers change nothing.
    #[must_use]
    pub const fn toggle(self, number: u8) -> Self {
        if number >= 1 && number <= Self::LAST {
            Self(self.0 ^ (1 << number))
        } else {
            self
        }
    }
}

impl Default for Panes {
    fn default() -> Self {
        Self::all()
    }
}
