//! A playlist that is presented, and where in it one is.

use std::time::Duration;

use crate::settings::playlist::{Item, Playlist};

/// Reading time of one character.
const LETTER: Duration = Duration::from_millis(60);

/// The least time that a sentence stands.
const LEAST: Duration = Duration::from_secs(2);

/// A playlist, and where one is in it.
#[derive(Clone, Debug, Default)]
pub struct Presenting {
    /// What is shown.
    pub playlist: Playlist,
    /// The place of the scenario that was opened last.
    pub at: usize,
    /// Whether it is the one that is open now: the menu may have opened another one.
    pub on: bool,
    /// Begins again behind the last one.
    pub again: bool,
    /// The big layout, where an item does not say.
    pub big: bool,
    /// The stop whose panes are shown; not yet known where it is `None`.
    pub applied_stop: Option<Option<usize>>,
    /// A lane that shall stand alone as soon as it appears.
    pub only: Option<String>,
}

impl Presenting {
    /// Before its first scenario.
    pub fn new(playlist: Playlist, again: bool, big: bool) -> Self {
        Self {
            playlist,
            again,
            big,
            ..Self::default()
        }
    }

    /// The scenario that was opened last.
    pub fn item(&self) -> Option<&Item> {
        self.playlist.items.get(self.at)
    }

    /// The place of the next one, where there is one.
    pub fn after(&self) -> Option<usize> {
        let count = self.playlist.items.len();
        match self.at + 1 {
            next if next < count => Some(next),
            _ => self.again.then_some(0),
        }
    }

    /// The next one, where there is one.
    pub fn next(&self) -> Option<&Item> {
        self.playlist.items.get(self.after()?)
    }

    /// `2 of 7`.
    pub fn place(&self) -> (usize, usize) {
        (self.at + 1, self.playlist.items.len())
    }
}

/// The view goes on by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Autoplay {
    /// How long it still stands; it does not stand by itself where it is `None`.
    pub left: Option<Duration>,
}

/// How long one needs to read a sentence that far away.
pub fn reading(words: &str) -> Duration {
    let letters = u32::try_from(words.chars().count()).unwrap_or(u32::MAX);
    LETTER.saturating_mul(letters).max(LEAST)
}
