//! Time ↔ cell: which page of time is on the screen, how keys zoom and pan it, and where a moment falls in it.
//!
//! The first page is as long as the longest pause that the listing names; it doubles when the
//! playhead reaches its end, so the whole story stays in sight and the answer cannot be read off
//! the scale. After six doublings it pages.

use crate::layout::round::{label, round, snug};
use loopscope_timeline::Timeline;
use loopscope_trace::{Nanos, Step};

/// How often a page doubles before it pages.
const DOUBLINGS: u32 = 6;

/// The part of a page by which the playhead may pass its end: a run of two times five seconds
/// takes a moment longer than ten.
const GRACE: u64 = 64;

/// No page is shorter: finer than this, a clock tells nothing.
const LEAST: u64 = 10_000;

/// A pan moves by this part of the page.
const PART: u64 = 4;

/// How much of a program that is watched is in sight, in nanoseconds.
const WINDOW: u64 = 10_000_000_000;

/// Ticks of a page.
const TICKS: u16 = 5;

/// A page of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its first moment.
    pub from: Nanos,
    /// Its length, never zero.
    pub length: Nanos,
}

impl Page {
    /// The page from the start on which everything up to `furthest` has room.
    pub fn whole(timeline: &Timeline, furthest: Nanos) -> Self {
        let mut length = first_page(timeline);
        while furthest.0 > length.saturating_add(length / GRACE) {
            length = length.saturating_mul(2);
        }
        Self {
            from: Nanos::ZERO,
            length: Nanos(length),
        }
    }

    /// The page from the start that is not longer than it must be for a moment to be on it.
    pub(crate) fn fitting(at: Nanos) -> Self {
        let length = Nanos(snug((at.0 - at.0 / GRACE).max(LEAST)));
        let from = Nanos::ZERO;
        Self { from, length }
    }

    /// Whether a moment is on it, or so little after its end that it counts as its end.
    pub(crate) const fn reaches(self, at: Nanos) -> bool {
        at.0 <= self.end().0.saturating_add(self.length.0 / GRACE)
    }

    /// The last moments before `at`, and a part that is still to come: of a run without an end. It moves on by a tick.
    fn window(at: Nanos) -> Self {
        let tick = WINDOW / u64::from(TICKS);
        let over = at.0.saturating_sub(WINDOW - tick / 2).div_ceil(tick);
        Self {
            from: Nanos(over * tick),
            length: Nanos(WINDOW),
        }
    }

    /// The page of `at`; as long as the page of `furthest`, so that going back zooms nothing. A program that is watched
    /// has no end that could be foreseen: there it is always as long.
    pub(crate) fn at(timeline: &Timeline, at: Nanos, furthest: Nanos) -> Self {
        if timeline.story().watched.is_some() {
            return Self::window(at);
        }
        let first = first_page(timeline);
        let over = |at: Nanos, length: u64| at.0 > length.saturating_add(length / GRACE);
        let mut length = first;
        for _ in 0..DOUBLINGS {
            if !over(furthest.max(at), length) {
                break;
            }
            length *= 2;
        }
        let from = if over(at, length) {
            at.0 / length * length
        } else {
            0
        };
        Self {
            from: Nanos(from),
            length: Nanos(length),
        }
    }

    /// Half as long, with `at` in the same cell; a moment outside comes to the middle.
    #[must_use]
    pub fn closer(self, at: Nanos) -> Self {
        let length = self.length.0 / 2;
        if length < LEAST {
            return self;
        }
        self.around(at, length, at.since(self.from).0 / 2)
    }

    /// Twice as long, with `at` in the same cell, within `whole`.
    #[must_use]
    pub fn wider(self, at: Nanos, whole: Self) -> Self {
        let length = self.length.0.saturating_mul(2);
        if length >= whole.length.0 {
            return whole;
        }
        let page = self.around(at, length, at.since(self.from).0.saturating_mul(2));
        Self {
            from: page.from.min(Nanos(whole.length.0 - length)),
            ..page
        }
    }

    /// A page of `length` that begins so long before `at`; a moment outside comes to the middle.
    fn around(self, at: Nanos, length: u64, before: u64) -> Self {
        let before = if self.holds(at) { before } else { length / 2 };
        Self {
            from: at.since(Nanos(before)),
            length: Nanos(length),
        }
    }

    /// The stretch before or after, a part of the page away, within `whole`.
    #[must_use]
    pub fn panned(self, later: bool, whole: Self) -> Self {
        let by = self.length.0 / PART;
        let most = whole.length.0.saturating_sub(self.length.0);
        let from = if later {
            self.from.0.saturating_add(by).min(most.max(self.from.0))
        } else {
            self.from.0.saturating_sub(by)
        };
        Self {
            from: Nanos(from),
            ..self
        }
    }

    /// The page as many lengths away as it takes to show `at`.
    #[must_use]
    pub(crate) fn following(self, at: Nanos) -> Self {
        let length = self.length.0.max(1);
        let from = if at < self.from {
            let pages = self.from.since(at).0.div_ceil(length);
            self.from.0.saturating_sub(pages.saturating_mul(length))
        } else if self.holds(at) {
            self.from.0
        } else {
            let pages = at.since(self.from).0 / length;
            self.from.0 + pages * length
        };
        Self {
            from: Nanos(from),
            ..self
        }
    }

    /// Whether a moment is on the page, its two ends included.
    pub const fn holds(self, at: Nanos) -> bool {
        self.from.0 <= at.0 && at.0 <= self.from.0.saturating_add(self.length.0)
    }

    /// The first moment after it.
    pub const fn end(self) -> Nanos {
        Nanos(self.from.0.saturating_add(self.length.0))
    }
}

/// The length of the first page in nanoseconds: 5 s, or 1 s, 0.5 s, 0.1 s … by what the first
/// events promise.
fn first_page(timeline: &Timeline) -> u64 {
    const SECOND: u64 = 1_000_000_000;
    let story = timeline.story();
    if story.watched.is_some() {
        return WINDOW;
    }
    let Some(mut longest) = Step::longest_pause(&story.steps) else {
        return 5 * SECOND;
    };
    // Where nothing takes time, it is as long as its clients.
    if longest <= 0.0 {
        let asked = story.planned.iter().map(|planned| planned.at);
        longest = asked.max().map_or(0.0, Nanos::as_secs_f64);
    }
    let (mut page, mut fifth) = (5 * SECOND, true);
    while page > 5_000_000 {
        let smaller = if fifth { page / 5 } else { page / 2 };
        if (smaller as f64) < longest * 1e9 - 0.5 {
            break;
        }
        page = smaller;
        fifth = !fifth;
    }
    page
}

/// A page laid on a row of cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The page.
    pub page: Page,
    /// The column of its first cell.
    pub left: u16,
    /// Cells; whole numbers of them between two ticks.
    pub cells: u16,
    /// Columns; what is left over after the last cell is empty.
    pub columns: u16,
}

impl Axis {
    /// Lays `page` on `columns` columns from `left` on.
    pub fn new(page: Page, left: u16, columns: u16) -> Self {
        let ticked = columns / TICKS * TICKS;
        let cells = if columns >= TICKS { ticked } else { columns };
        Self {
            page,
            left,
            cells,
            columns,
        }
    }

    /// The first moment of cell `cell`.
    pub(crate) fn start(&self, cell: u16) -> Nanos {
        let cells = u128::from(self.cells.max(1));
        let offset = u128::from(self.page.length.0) * u128::from(cell);
        let offset = u64::try_from(offset.div_ceil(cells)).unwrap_or(u64::MAX);
        Nanos(self.page.from.0.saturating_add(offset))
    }

    /// How many cells are over at `at`; a moment past the page's end counts as its end.
    pub(crate) fn whole(&self, at: Nanos) -> u16 {
        let offset = u128::from(at.since(self.page.from).0) * u128::from(self.cells);
        let whole = offset / u128::from(self.page.length.0.max(1));
        u16::try_from(whole).unwrap_or(u16::MAX).min(self.cells)
    }

    /// The cell in which `at` falls; the last one for moments past the page's end.
    pub(crate) fn cell(&self, at: Nanos) -> u16 {
        self.whole(at).min(self.cells.saturating_sub(1))
    }

    /// The moment at which the cell at `column` begins; `None` outside the axis.
    pub(crate) fn moment(&self, column: u16) -> Option<Nanos> {
        (column >= self.left && column < self.left + self.cells)
            .then(|| self.start(column - self.left))
    }

    /// The ticks: column and label. They are 1, 2 or 5 of a power of ten apart, and all that
    /// belong there are there. A label at the axis' end ends with it.
    pub fn ticks(&self) -> Vec<(u16, String)> {
        if self.cells < TICKS {
            return Vec::new();
        }
        let mut apart = round(self.page.length.0 / u64::from(TICKS));
        while apart < self.page.length.0 {
            if let Some(ticks) = self.ticks_apart(apart) {
                return ticks;
            }
            apart = round(apart.saturating_add(1));
        }
        let first = label(self.page.from.0, self.page.length.0);
        vec![(self.left, first)]
    }

    /// Ticks so far apart; `None` where a label would touch the next one.
    fn ticks_apart(&self, apart: u64) -> Option<Vec<(u16, String)>> {
        let end = u128::from(self.page.from.0) + u128::from(self.page.length.0);
        let mut ticks: Vec<(u16, String)> = Vec::new();
        let mut at = self.page.from.0.checked_next_multiple_of(apart)?;
        while u128::from(at) <= end {
            let label = label(at, apart);
            let wide = label.len() as u16;
            let column = self.whole(Nanos(at)).min(self.columns.saturating_sub(wide));
            let column = self.left + column;
            if ticks
                .last()
                .is_some_and(|last| last.0 + last.1.len() as u16 >= column)
            {
                return None;
            }
            ticks.push((column, label));
            at = at.checked_add(apart)?;
        }
        Some(ticks)
    }
}
