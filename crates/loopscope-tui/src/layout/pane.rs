//! What there is to lay out: sizes, panes, and what each needs.

use ratatui::layout::Rect;

use crate::settings::panes::Panes;

/// How much a pane may tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// From 40x10: no code, three lanes.
    Small,
    /// From 60x15: the loop in one row.
    Medium,
    /// From 80x24.
    Compact,
    /// From 120x40: air, a legend, the findings.
    Roomy,
}

/// What a pane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The listing.
    Code,
    /// Backlog, ready, the loop, waiting, pool.
    Picture,
    /// The same in one row, without a rule.
    PictureRow,
    /// Printed lines, and the requests with their answers.
    Output,
    /// Requests and tasks over time.
    Lanes,
    /// Many requests as cells.
    Grid,
    /// Threads over time.
    Threads,
    /// The pool over time.
    Pool,
    /// What the trace proves.
    Found,
    /// The runtime's own counts.
    Metrics,
    /// Why a lane is not running; in the output's place, so that the lanes stay in sight.
    Why,
}

impl Kind {
    /// The digit that shows and hides it.
    pub const fn digit(self) -> u8 {
        match self {
            Self::Code => 1,
            Self::Picture | Self::PictureRow => 2,
            Self::Output => 3,
            Self::Lanes | Self::Grid => 4,
            Self::Threads | Self::Pool => 5,
            Self::Found => 6,
            // Have keys of their own, and are no panes of the digits.
            Self::Metrics | Self::Why => 0,
        }
    }
}

/// A pane: what, and where its content goes; its rule is the row above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pane {
    /// What it shows.
    pub kind: Kind,
    /// Its content.
    pub area: Rect,
}

/// What the layout depends on besides the size.
#[derive(Clone, Copy, Debug, Default)]
pub struct Needs {
    /// Which panes are shown.
    pub panes: Panes,
    /// The small layout on purpose.
    pub big: bool,
    /// The answer to "why?" is open.
    pub why: bool,
    /// Requests are drawn as cells.
    pub crowd: bool,
    /// Lines of the listing.
    pub code: u16,
    /// Lanes, all of them.
    pub lanes: u16,
    /// Rows of threads.
    pub threads: u16,
    /// One of them shows who has CPython's lock.
    pub gil: bool,
    /// Rows of the grid.
    pub grid: u16,
    /// Rows of the caption.
    pub caption: u16,
    /// Rows above all panes that are kept free.
    pub above: u16,
    /// It is the sentence of a stop, in a band of its own.
    pub sentence: bool,
}

impl Needs {
    /// What stands in the output's place.
    pub(crate) fn output(&self) -> Option<Kind> {
        if self.why {
            Some(Kind::Why)
        } else {
            self.panes
                .show(Kind::Output.digit())
                .then_some(Kind::Output)
        }
    }

    /// Whether the runtime's own counts stand in place of the lower panes.
    pub(crate) fn metrics(&self) -> bool {
        self.panes.metrics() && !self.why
    }
}
