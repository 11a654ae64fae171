//! What there is to lay out: sizes, panes, and what each needs.

use ratatui::layout::Rect;

use crate::settings::panes::{Pane, PaneId, Panes, Region, TABLE};

/// How much a pane may tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Size {
    /// From 40x10: no code, three lanes.
    Small,
    /// From 60x15: the loop in one row.
    Medium,
    /// From 80x24.
    Compact,
    /// From 120x40: air, a legend, the findings.
    Roomy,
}

/// A pane: what, and where its content goes; its rule is the row above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    /// What it shows.
    pub id: PaneId,
    /// Its content.
    pub area: Rect,
}

/// What the layout depends on besides the size.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Needs {
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
    pub(crate) fn output(&self) -> Option<PaneId> {
        if self.why {
            Some(PaneId::Why)
        } else {
            self.shown(PaneId::Output)
        }
    }

    /// The pane, where it is shown.
    pub(crate) fn shown(&self, pane: PaneId) -> Option<PaneId> {
        self.panes.shows(pane).then_some(pane)
    }

    /// Whether the runtime's own counts stand in place of the lower panes.
    pub(crate) fn metrics(&self) -> bool {
        self.panes.shows(PaneId::Metrics) && !self.why
    }

    /// Whether anything stands below the upper panes.
    pub(crate) fn lower(&self) -> bool {
        let mut below = TABLE.iter().filter(|row| row.place != Region::Upper);
        self.why || below.any(|row| self.panes.shows(row.id))
    }

    /// The panes at the lower end of the column with their rows, from above.
    pub(crate) fn low(&self) -> Vec<(PaneId, u16)> {
        let low = |row: &Pane| match row.place {
            Region::Low(rows) if self.panes.shows(row.id) => Some((row.id, rows)),
            _ => None,
        };
        TABLE.iter().filter_map(low).collect()
    }
}
