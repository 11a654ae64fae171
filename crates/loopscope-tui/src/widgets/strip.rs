//! Spans as a row of cells: which state wins a cell, and which words fit into a run of them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::layout::axis::Axis;
use crate::text::text;
use crate::widgets::parts;
use loopscope_timeline::{Span, State, ThreadSpan};
use loopscope_trace::Nanos;

/// More than [`GROUPS`] groups of [`GROUP`] spans in one cell are sampled, so that a cell's cost has a
/// bound. Neighbors are taken together, since states take turns.
const GROUPS: usize = 8;

const GROUP: usize = 8;

/// Something with a beginning and an end.
pub trait Stretch {
    /// Its first moment.
    fn from(&self) -> Nanos;
    /// Its end; `None` while it goes on.
    fn to(&self) -> Option<Nanos>;
}

impl Stretch for Span {
    fn from(&self) -> Nanos {
        self.from
    }
    fn to(&self) -> Option<Nanos> {
        self.to
    }
}

impl Stretch for ThreadSpan {
    fn from(&self) -> Nanos {
        self.from
    }
    fn to(&self) -> Option<Nanos> {
        self.to
    }
}

/// Whether a span goes on at `now`.
pub fn open(span: &impl Stretch, now: Nanos) -> bool {
    span.to().is_none_or(|to| to > now)
}

/// What a cell shows: a key (the state, the actor), the longest span of that key in the cell, and
/// how much of the cell all spans of that key take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cell<K> {
    /// The key.
    pub key: K,
    /// The place of the longest span of that key.
    pub span: usize,
    /// Nanoseconds of the cell.
    pub share: u64,
    /// The same of all keys together.
    pub all: u64,
    /// A key that must be seen although another one took longer.
    pub also: Option<K>,
}

/// The cell between `from` and `to`: the key that took longest. `also` picks keys that are to be
/// reported beside the winner.
pub(crate) fn cell<S: Stretch, K: PartialEq + Copy>(
    spans: &[S],
    (from, to): (Nanos, Nanos),
    key: impl Fn(&S) -> K,
    also: impl Fn(K) -> bool,
) -> Option<Cell<K>> {
    let first = spans.partition_point(|span| span.to().is_some_and(|end| end <= from));
    let end = first + spans[first..].partition_point(|span| span.from() < to);
    let count = end - first;
    let (groups, group) = if count <= GROUPS * GROUP {
        (1, count)
    } else {
        (GROUPS, GROUP)
    };
    let mut sums: [Option<(Cell<K>, u64)>; 8] = [const { None }; 8];
    let mut besides = None;
    let starts = (0..groups).map(|nth| first + nth * count / groups);
    for place in starts.flat_map(|start| start..start + group) {
        let span = &spans[place];
        let end = span.to().unwrap_or(to).min(to);
        let length = end.since(span.from().max(from)).0;
        let name = key(span);
        if also(name) {
            besides = Some(name);
        }
        let mut slots = sums.iter_mut();
        let Some(slot) = slots.find(|slot| slot.as_ref().is_none_or(|(sum, _)| sum.key == name))
        else {
            continue;
        };
        let cell = Cell {
            key: name,
            span: place,
            share: 0,
            all: 0,
            also: None,
        };
        let (sum, longest) = slot.get_or_insert((cell, 0));
        sum.share += length;
        if length >= *longest {
            (sum.span, *longest) = (place, length);
        }
    }
    // What was looked at stands for all of it.
    let whole = |part: u64| part * count as u64 / (groups * group).max(1) as u64;
    let all = sums.iter().flatten().map(|(sum, _)| sum.share).sum();
    let winner = sums.into_iter().flatten().max_by_key(|(sum, _)| sum.share);
    winner.map(|(sum, _)| Cell {
        also: besides.filter(|name| *name != sum.key),
        share: whole(sum.share),
        all: whole(all),
        ..sum
    })
}

/// How many cells to draw at `now`: those that are over, and the one that goes on if its lane
/// would otherwise show nothing, or not the newest state (`fresh`).
pub(crate) fn drawn(axis: &Axis, now: Nanos, fresh: bool) -> u16 {
    let whole = axis.whole(now);
    (whole + u16::from(fresh && now >= axis.page.from)).min(axis.cells)
}

/// A run of cells with one look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run<'a> {
    /// Its first column on the screen.
    pub x: u16,
    /// Its row.
    pub y: u16,
    /// Columns.
    pub wide: u16,
    /// Columns between the strip's beginning and the run.
    pub offset: u16,
    /// What fills it.
    pub glyph: &'a str,
    /// How it looks.
    pub style: Style,
    /// It goes on: its label may reach its end.
    pub open: bool,
}

impl<'a> Run<'a> {
    /// The cells of an axis from `start` to `end` in a row.
    pub(crate) fn on(
        axis: &Axis,
        (start, end, y): (u16, u16, u16),
        (glyph, style): (&'a str, Style),
        open: bool,
    ) -> Self {
        Self {
            x: axis.left + start,
            y,
            wide: end - start,
            offset: start,
            glyph,
            style,
            open,
        }
    }
}

impl Run<'_> {
    /// Fills the run, and writes the first of `labels` that fits into it: one or two glyphs in
    /// front, so that labels at the strip's beginning stand below each other, and a blank on
    /// either side.
    pub(crate) fn draw<'l>(&self, labels: impl IntoIterator<Item = &'l str>, buf: &mut Buffer) {
        let all = Rect::new(self.x, self.y, self.wide, 1);
        parts::fill(buf, all, self.glyph, self.style);
        let lead = 2.max(3_u16.saturating_sub(self.offset));
        for label in labels {
            let wide = text::width(label) as u16;
            if wide > 0 && lead + wide + u16::from(!self.open) < self.wide {
                let x = self.x + lead;
                text::put(buf, x - 1, self.y, " ", 1_u16, self.style);
                text::put(buf, x, self.y, label, wide, self.style);
                text::put(buf, x + wide, self.y, " ", 1_u16, self.style);
                return;
            }
        }
    }
}

/// The words of a state, the longest first; the last one is used without a length.
pub(crate) const fn words(state: State) -> &'static [&'static str] {
    match state {
        State::InBacklog => &["in the backlog", "in backlog", "backlog"],
        State::Created => &["created"],
        State::Ready => &["ready"],
        State::Overdue => &["overdue"],
        State::Queued => &["queued for the pool", "queued"],
        State::Running => &["running"],
        State::Blocking => &["blocking the loop", "blocking"],
        State::OnPool => &["on a pool thread", "on pool"],
        State::Waiting => &["waiting"],
        State::Done => &["done"],
        State::Cancelled => &["cancelled"],
        State::Failed => &["failed"],
        State::Unknown => &["unknown"],
    }
}
