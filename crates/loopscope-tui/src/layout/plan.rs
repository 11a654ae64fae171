//! What there is to lay out, where it goes at each size, and what gives way first.

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
    /// A program is watched: who held the loop stands below all, over the whole width.
    pub watched: bool,
    /// Requests are drawn as cells.
    pub crowd: bool,
    /// Lines of the listing.
    pub code: u16,
    /// Lanes, all of them.
    pub lanes: u16,
    /// Rows of threads.
    pub threads: u16,
    /// One of them shows what has CPython's lock.
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
            // A pane with a letter takes the place of the one that is there from the start.
            let mut left = TABLE.iter().filter(|row| row.place == Region::Left);
            let letter = left.find(|row| !row.from_start && self.panes.shows(row.id));
            letter.map(|row| row.id).or(self.shown(PaneId::Output))
        }
    }

    /// The pane, where it is shown.
    pub(crate) fn shown(&self, pane: PaneId) -> Option<PaneId> {
        self.panes.shows(pane).then_some(pane)
    }

    /// The pane that stands in place of the lower ones.
    pub(crate) fn whole(&self) -> Option<PaneId> {
        let shown = |row: &&Pane| row.place == Region::Whole && self.panes.shows(row.id);
        let row = TABLE.iter().rev().find(shown).filter(|_| !self.why);
        row.map(|row| row.id)
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

/// The places of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// How much each pane may tell.
    pub size: Size,
    /// The panes.
    pub panes: Vec<Placed>,
    /// Dividers between two panes.
    pub bars: Vec<Rect>,
    /// Rules: one row each.
    pub rules: Vec<Rect>,
    /// The first row.
    pub status: Rect,
    /// What is kept free above all panes; no rows as a rule.
    pub above: Rect,
    /// The sentence.
    pub caption: Rect,
    /// What the glyphs mean; empty where there is no room.
    pub legend: Rect,
    /// The last row.
    pub footer: Rect,
    /// One blank row between what is left.
    pub spread: bool,
    /// The caption is the sentence of a stop, in a band of its own.
    pub sentence: bool,
}

/// The places for a frame of `area`; `None` below 40x10.
pub(crate) fn plan(area: Rect, needs: &Needs) -> Option<Plan> {
    if area.width < 40 || area.height < 10 {
        return None;
    }
    let size = match (area.width, area.height) {
        (..60, _) | (_, ..15) => Size::Small,
        (..80, _) | (_, ..24) => Size::Medium,
        _ if needs.big => Size::Medium,
        (..120, _) | (_, ..40) => Size::Compact,
        _ => Size::Roomy,
    };
    let mut plan = Plan::bands(size, area, needs);
    match size {
        Size::Small => plan.small(needs),
        Size::Medium => plan.medium(needs),
        Size::Compact | Size::Roomy => plan.full(needs),
    }
    Some(plan)
}

impl Plan {
    /// A plan of nothing, for a screen that lays its panes out itself.
    pub(crate) fn bare(size: Size) -> Self {
        let nowhere = Rect::default();
        Self {
            size,
            panes: Vec::new(),
            bars: Vec::new(),
            rules: Vec::new(),
            status: nowhere,
            above: nowhere,
            caption: nowhere,
            legend: nowhere,
            footer: nowhere,
            spread: false,
            sentence: false,
        }
    }

    /// Status, caption, legend and last row; the body is what they leave.
    fn bands(size: Size, area: Rect, needs: &Needs) -> Self {
        let row = |y: u16, rows: u16| Rect::new(area.x, area.y + y, area.width, rows);
        let legend = u16::from(area.height >= 38 && area.width >= 100 && size > Size::Medium);
        let spare = if needs.sentence {
            room(size, area.height)
        } else if size == Size::Small {
            area.height.saturating_sub(8)
        } else if size == Size::Medium {
            4
        } else {
            6
        };
        let caption = needs.caption.clamp(2, spare.max(2));
        let height = area.height;
        let below = height - 1 - legend - caption;
        Self {
            size,
            panes: Vec::new(),
            bars: Vec::new(),
            rules: vec![row(below - 1, 1)],
            status: row(0, 1),
            above: row(1, needs.above.min(below - 2)),
            caption: row(below, caption),
            legend: row(height - 1 - legend, legend),
            footer: row(height - 1, 1),
            spread: needs.big && size < Size::Compact && height >= 20,
            sentence: needs.sentence,
        }
    }

    /// The rows between what is kept free and the rule above the caption.
    pub(crate) fn body(&self) -> Rect {
        let end = self.rules[0].y;
        let top = self.above.bottom();
        Rect::new(self.status.x, top, self.status.width, end - top)
    }

    /// A pane under its own rule at the top of `area`.
    pub(crate) fn pane(&mut self, id: PaneId, area: Rect) {
        if area.height < 2 || area.width < 8 {
            return;
        }
        self.rules.push(Rect { height: 1, ..area });
        let area = Rect::new(area.x, area.y + 1, area.width, area.height - 1);
        self.panes.push(Placed { id, area });
    }

    /// Two panes beside each other with a divider; one that is hidden gives its room.
    pub(crate) fn beside(&mut self, left: Option<PaneId>, right: Option<PaneId>, area: Rect) {
        match (left, right) {
            (Some(left), Some(right)) => {
                let (a, b) = self.halves(area);
                self.pane(left, a);
                self.pane(right, b);
            }
            (Some(only), None) | (None, Some(only)) => self.pane(only, area),
            (None, None) => {}
        }
    }

    /// Left and right of a divider; the rules' crossings are drawn where it meets them.
    pub(crate) fn halves(&mut self, area: Rect) -> (Rect, Rect) {
        self.split(area, left_width(area.width))
    }

    /// Left and right of a divider behind so many columns.
    pub(crate) fn split(&mut self, area: Rect, left: u16) -> (Rect, Rect) {
        self.bars
            .push(Rect::new(area.x + left, area.y, 1, area.height));
        (
            Rect {
                width: left,
                ..area
            },
            Rect {
                x: area.x + left + 1,
                width: area.width - left - 1,
                ..area
            },
        )
    }
}

/// Columns left of the divider: a listing line has 32, its gutter 6 or 8.
fn left_width(width: u16) -> u16 {
    if width < 80 {
        return width * 38 / 80;
    }
    (38 + (width - 80) / 5).min(60)
}

/// The most rows that the sentence may take: half of what there is, where the panes are small anyway.
pub(crate) const fn room(size: Size, height: u16) -> u16 {
    match size {
        Size::Small => 4,
        Size::Medium => height / 2,
        Size::Compact | Size::Roomy => {
            let quarter = height / 4;
            if quarter < 6 { 6 } else { quarter }
        }
    }
}
