//! The panes of the stage, in one table, and which of them are shown.
// table

use loopscope_timeline::{Moment, Timeline};
use loopscope_trace::Story;

/// What a pane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaneId {
    /// Printed lines, and the requests with their answers.
    Output,
    /// Requests and tasks over time.
    Lanes,
    /// Many requests as cells, in place of the lanes.
    Grid,
    /// The same by their states over time, where there is room for that.
    States,
    /// Backlog, ready, the loop, waiting, pool.
    Picture,
    /// The same in one row, without a rule.
    PictureRow,
    /// The listing.
    Code,
    /// Threads over time.
    Threads,
    /// The pool over time, in place of the threads where requests are many.
    Pool,
    /// What the trace proves.
    Found,
    /// The runtime's own counts.
    Metrics,
    /// The list of events.
    Events,
    /// The call stack of who held the loop, and what helps, where the program is watched.
    Stack,
    /// What each task has in hand: its locals, what it read and wrote, what it awaits; in the output's place.
    Values,
    /// Why a lane is not running; in the output's place, so that the lanes stay in sight.
    Why,
}

/// Where a pane stands from 80x24 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// Beside another one, above all others.
    Upper,
    /// Left of the column.
    Left,
    /// In the column; lanes and threads share its rows.
    Column,
    /// At the lower end of the column, with this many rows.
    Low(u16),
    /// In place of everything below the upper panes.
    Whole,
}

/// What the columns of a pane mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// No time.
    Plain,
    /// Time, by the axis of another pane.
    Time,
    /// Time, with the axis in the rule above.
    Axis,
}

/// Finds the next place from a moment.
pub(crate) type Step = fn(&Timeline, Moment) -> Option<Moment>;

/// What the arrow keys move by while a pane is chosen.
#[derive(Clone, Copy, Debug)]
pub struct Arrows {
    /// `step to step`.
    pub words: &'static str,
    /// To the place before.
    pub back: Step,
    /// To the place after.
    pub forward: Step,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Pane {
    /// What it shows.
    pub id: PaneId,
    /// The key that shows and hides it: a digit, or a letter of its own. Rows with the key of a row
    /// above are forms of that pane.
    pub key: char,
    /// Its word in playlists; empty for a form, and for what teaching does not add one by one.
    pub word: &'static str,
    /// The title in its rule, where it says nothing about the moment.
    pub title: &'static str,
    /// Whether it is shown at the start.
    pub from_start: bool,
    /// Where it stands.
    pub place: Region,
    /// What its columns mean.
    pub columns: Columns,
    /// What the arrow keys move by.
    pub arrows: Arrows,
}

impl Pane {
    /// The digit that shows and hides it; `None` for a pane with a letter of its own.
    pub(crate) fn digit(&self) -> Option<u8> {
        let digit = self.key.to_digit(10)?;
        u8::try_from(digit).ok()
    }
}

/// What the arrow keys move by where no pane is chosen.
pub(crate) const CHANGES: Arrows = Arrows {
    words: "change to change",
    back: Timeline::previous_change,
    forward: Timeline::next_change,
};

const STEPS: Arrows = Arrows {
    words: "step to step",
    back: Timeline::previous_step,
    forward: Timeline::next_step,
};

const TURNS: Arrows = Arrows {
    words: "turn to turn",
    back: Timeline::previous_poll,
    forward: Timeline::next_poll,
};

const LINES: Arrows = Arrows {
    words: "line to line",
    back: Timeline::previous_line,
    forward: Timeline::next_line,
};

const NEWS: Arrows = Arrows {
    words: "finding to finding, notes too",
    back: Timeline::previous_news,
    forward: Timeline::next_news,
};

const fn row(
    id: PaneId,
    key: char,
    (word, title): (&'static str, &'static str),
    place: Region,
    columns: Columns,
    arrows: Arrows,
) -> Pane {
    Pane {
        id,
        key,
        word,
        title,
        from_start: key.is_ascii_digit(),
        place,
        columns,
        arrows,
    }
}

/// All panes, in the order of teaching.
#[rustfmt::skip]
pub const TABLE: [Pane; 15] = [
    row(PaneId::Output, '3', ("output", "output"), Region::Left, Columns::Plain, LINES),
    row(PaneId::Lanes, '4', ("tasks", "tasks"), Region::Column, Columns::Axis, CHANGES),
    row(PaneId::Grid, '4', ("", "tasks"), Region::Column, Columns::Plain, CHANGES),
    row(PaneId::States, '4', ("", "tasks"), Region::Column, Columns::Axis, CHANGES),
    row(PaneId::Picture, '2', ("loop", "loop"), Region::Upper, Columns::Plain, TURNS),
    row(PaneId::PictureRow, '2', ("", ""), Region::Upper, Columns::Plain, TURNS),
    row(PaneId::Code, '1', ("code", "code"), Region::Upper, Columns::Plain, STEPS),
    row(PaneId::Threads, '5', ("threads", "threads"), Region::Column, Columns::Time, TURNS),
    row(PaneId::Pool, '5', ("", "pool"), Region::Column, Columns::Axis, TURNS),
    row(PaneId::Found, '6', ("found", "found so far"), Region::Low(7), Columns::Plain, NEWS),
    row(PaneId::Metrics, 'm', ("", "the runtime's own counts"), Region::Whole, Columns::Plain, CHANGES),
    row(PaneId::Events, 'E', ("", "events"), Region::Whole, Columns::Plain, CHANGES),
    row(PaneId::Stack, 'S', ("", "the stack"), Region::Whole, Columns::Plain, CHANGES),
    row(PaneId::Values, 'z', ("", "values"), Region::Left, Columns::Plain, CHANGES),
    row(PaneId::Why, 'w', ("", "why"), Region::Left, Columns::Plain, CHANGES),
];

impl PaneId {
    /// Its row.
    pub(crate) fn row(self) -> &'static Pane {
        let found = TABLE.iter().find(|row| row.id == self);
        found.unwrap_or(&TABLE[0])
    }
}

/// The pane that a digit shows and hides.
pub(crate) fn of_digit(digit: u8) -> Option<&'static Pane> {
    TABLE.iter().find(|row| row.digit() == Some(digit))
}

/// The panes that teaching adds one by one, and that playlists name.
pub(crate) fn taught() -> impl DoubleEndedIterator<Item = &'static Pane> + Clone {
    TABLE.iter().filter(|row| !row.word.is_empty())
}

/// Which panes are shown: a bit for each, by its place in [`TABLE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Panes(u32);

impl Panes {
    /// The bit that says whether the lanes have the word of tokio-console beside them.
    const SAYS: u32 = 1 << 31;

    /// Those that are shown at the start.
    pub fn all() -> Self {
        let rows = TABLE.iter().filter(|row| row.from_start);
        Self(rows.fold(0, |bits, row| bits | bit(row.key)))
    }

    /// Those that are shown at the start of this story: a program that is watched has so much else to show that its
    /// threads stand back.
    pub(crate) fn of(story: &Story) -> Self {
        match story.watched {
            Some(_) => Self::all().without(PaneId::Threads),
            None => Self::all(),
        }
    }

    /// None of them.
    pub const fn none() -> Self {
        Self(0)
    }

    /// Those with these words; other words name none.
    pub fn called<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let known = |word: &str| taught().find(|row| row.word == word);
        let rows = words.into_iter().filter_map(known);
        Self(rows.fold(0, |bits, row| bits | bit(row.key)))
    }

    /// Whether a pane is shown, in whatever form.
    pub(crate) fn shows(self, pane: PaneId) -> bool {
        self.0 & bit(pane.row().key) != 0
    }

    /// Whether the pane with this digit is shown; false for a digit that no pane has.
    pub fn show(self, digit: u8) -> bool {
        of_digit(digit).is_some_and(|row| self.shows(row.id))
    }

    /// Shows what is hidden and hides what is shown; other digits change nothing.
    #[must_use]
    pub fn toggle(self, digit: u8) -> Self {
        of_digit(digit).map_or(self, |row| self.toggle_pane(row.id))
    }

    /// Shows or hides a pane.
    #[must_use]
    pub(crate) fn toggle_pane(self, pane: PaneId) -> Self {
        Self(self.0 ^ bit(pane.row().key))
    }

    /// The same with this one hidden.
    #[must_use]
    pub(crate) fn without(self, pane: PaneId) -> Self {
        Self(self.0 & !bit(pane.row().key))
    }

    /// Whether the lanes have the word of tokio-console beside them.
    pub(crate) const fn says(self) -> bool {
        self.0 & Self::SAYS != 0
    }

    /// Shows or hides the word of tokio-console.
    #[must_use]
    pub(crate) const fn toggle_says(self) -> Self {
        Self(self.0 ^ Self::SAYS)
    }
}

impl Default for Panes {
    fn default() -> Self {
        Self::all()
    }
}

/// The bit of the pane with this key.
fn bit(key: char) -> u32 {
    let place = TABLE.iter().position(|row| row.key == key);
    place.map_or(0, |place| 1 << place)
}
