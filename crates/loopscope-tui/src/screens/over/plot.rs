//! The plot of elapsed against one knob: each run a sign, the last one on top.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::session::explored;
use crate::text::sign::Sign;
use crate::text::text;
use crate::text::theme::Theme;
use crate::widgets::parts;
use loopscope_timeline::{Sample, Timing};
use loopscope_trace::{Knob, Nanos};

/// Columns of the figures left of the axis.
const FIGURES: u16 = 9;

/// What a point is beside the others; each has its own sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Last,
    Real,
    Simulated(Timing),
    /// Another knob stood elsewhere.
    Other,
}

impl Kind {
    pub(crate) const fn sign(self) -> Sign {
        match self {
            Self::Last => Sign::Live,
            Self::Real => Sign::Point,
            Self::Simulated(_) => Sign::Simulated,
            Self::Other => Sign::Slot,
        }
    }
}

/// How a point is inked.
pub(crate) fn style(theme: &Theme, kind: Kind) -> Style {
    match kind {
        Kind::Last => theme.focus(),
        Kind::Real | Kind::Simulated(_) => theme.text(),
        Kind::Other => theme.dim(),
    }
}

/// A run in the plot.
pub(crate) struct Placed<'a> {
    pub(crate) point: &'a Sample,
    pub(crate) value: i64,
    pub(crate) kind: Kind,
    /// The other knobs that stood elsewhere: `200 requests`.
    pub(crate) others: String,
}

/// The runs of a scenario against one of its knobs.
pub(crate) struct Plot<'a> {
    knob: &'a Knob,
    /// Where the knob stands.
    value: i64,
    /// The last one last.
    placed: Vec<Placed<'a>>,
}

impl<'a> Plot<'a> {
    pub(crate) fn of(points: &'a [Sample], knob: &'a Knob, standing: &[(String, i64)]) -> Self {
        let last = points.len().saturating_sub(1);
        let placed = points.iter().enumerate().filter_map(|(place, point)| {
            let others = point.others(&knob.name, standing);
            let others = others.map(|(name, value)| format!("{value} {name}"));
            let others = others.collect::<Vec<_>>().join(", ");
            let kind = match point.timing {
                _ if !others.is_empty() => Kind::Other,
                _ if place == last => Kind::Last,
                Timing::Real => Kind::Real,
                timing => Kind::Simulated(timing),
            };
            Some(Placed {
                point,
                value: point.value(&knob.name)?,
                kind,
                others,
            })
        });
        let mut values = standing.iter().filter(|(name, _)| *name == knob.name);
        Self {
            knob,
            value: values.next().map_or(knob.value, |standing| standing.1),
            placed: placed.collect(),
        }
    }

    pub(crate) fn knob(&self) -> &str {
        &self.knob.name
    }

    /// The newest first.
    pub(crate) fn newest(&self) -> impl Iterator<Item = &Placed<'a>> {
        self.placed.iter().rev()
    }

    /// The kinds that occur, each once.
    pub(crate) fn kinds(&self) -> Vec<Kind> {
        let mut kinds: Vec<Kind> = Vec::new();
        for placed in self.newest() {
            if !kinds.contains(&placed.kind) {
                kinds.push(placed.kind);
            }
        }
        kinds
    }

    /// The knob's least value, and the last one on the axis: its most, or the half, the quarter …
    /// of the way there while everything that was run or may be swept is still in sight.
    fn reach(&self) -> (i64, i64) {
        let (min, max) = (self.knob.min, self.knob.max.max(self.knob.min));
        let run = self.placed.iter().map(|placed| placed.value);
        let swept = explored::values(self.knob).last().copied();
        let furthest = run.chain(swept).chain([self.value]).max().unwrap_or(max);
        let mut end = max;
        loop {
            let half = min.saturating_add(end.saturating_sub(min) / 2);
            if half < furthest || half == end {
                return (min, end);
            }
            end = half;
        }
    }

    /// The longest of the runs that are like the next one; of all where there is none.
    fn longest(&self) -> Option<Nanos> {
        let alike = self.placed.iter();
        let alike = alike.filter(|placed| placed.kind != Kind::Other);
        let all = self.placed.iter().map(|placed| placed.point.elapsed);
        alike.map(|placed| placed.point.elapsed).max().or(all.max())
    }

    pub(crate) fn draw(&self, theme: &Theme, area: Rect, buf: &mut Buffer) {
        let rows = area.height.saturating_sub(2);
        let field = Rect::new(
            area.x + FIGURES + 1,
            area.y,
            area.width.saturating_sub(FIGURES + 2),
            rows,
        );
        if field.is_empty() {
            return;
        }
        self.axes(theme, area, field, buf);
        let Some(longest) = self.longest() else {
            return;
        };
        // Others below, the last one on top.
        let other = |placed: &&Placed<'_>| placed.kind == Kind::Other;
        let below = self.placed.iter().filter(other);
        let above = self.placed.iter().filter(|placed| !other(placed));
        for placed in below.chain(above) {
            let Some(row) = row(placed.point.elapsed, longest, rows) else {
                continue;
            };
            let (x, y) = (self.column(placed.value, field), field.bottom() - 1 - row);
            let sign = theme.sign(placed.kind.sign());
            text::put(buf, x, y, sign, 1_u16, style(theme, placed.kind));
        }
    }

    fn column(&self, value: i64, field: Rect) -> u16 {
        let (min, end) = self.reach();
        let span = end.abs_diff(min).max(1);
        let cells = u64::from(field.width - 1);
        let along = u128::from(value.max(min).abs_diff(min)) * u128::from(cells);
        let along = (along + u128::from(span) / 2) / u128::from(span);
        field.x + u16::try_from(along.min(u128::from(cells))).unwrap_or(0)
    }

    fn axes(&self, theme: &Theme, area: Rect, field: Rect, buf: &mut Buffer) {
        let (axis, base) = (field.x - 1, field.bottom());
        let line = Rect::new(axis, field.y, 1, field.height);
        parts::fill(buf, line, theme.bar(), theme.dim());
        let corner = theme.sign(Sign::BottomLeft);
        text::put(buf, axis, base, corner, 1_u16, theme.dim());
        let line = Rect::new(field.x, base, field.width, 1);
        parts::fill(buf, line, theme.rule(), theme.dim());
        let mut figure = |time: Nanos, y: u16| {
            let words = format!("{:>8}", format!("{}s", time.hundredths()));
            text::put(buf, area.x, y, &words, FIGURES, theme.dim());
        };
        figure(Nanos::ZERO, base);
        if let Some(longest) = self.longest() {
            figure(longest, field.y);
            if field.height >= 6 {
                let half = Nanos::from_secs_f64(longest.as_secs_f64() / 2.0);
                figure(half, base - field.height / 2);
            }
        }
        let (min, end) = self.reach();
        let (from, to) = (min.to_string(), end.to_string());
        let here = self.column(self.value, field);
        let into = theme.sign(Sign::Into);
        text::put(buf, here, base, into, 1_u16, theme.focus());
        let words = format!("{} {}", self.value, self.knob.name);
        let wide = text::cells_of(text::width(&words)).min(field.width);
        let x = here.saturating_sub(wide / 2);
        let x = x.clamp(field.x, field.right() - wide);
        text::put(buf, x, base + 1, &words, wide, theme.text());
        // The ends of the axis, where the knob does not stand beside them.
        let right = field
            .right()
            .saturating_sub(text::cells_of(text::width(&to)));
        if field.x + text::cells_of(text::width(&from)) + 2 <= x {
            text::put(buf, field.x, base + 1, &from, field.width, theme.dim());
        }
        if x + wide + 2 <= right {
            text::put(buf, right, base + 1, &to, field.width, theme.dim());
        }
    }
}

/// The row of a time, counted from the axis; each holds its share of the longest.
fn row(elapsed: Nanos, longest: Nanos, rows: u16) -> Option<u16> {
    if elapsed > longest {
        return None;
    }
    let share = elapsed.as_secs_f64() / longest.as_secs_f64().max(f64::MIN_POSITIVE);
    // A hair of a millionth: computed times are whole shares of one another.
    let row = (share * f64::from(rows) + 1e-6).floor();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the rows"
    )]
    Some((row as u16).min(rows - 1))
}
