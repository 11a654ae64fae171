//! What menu, question and help have in common: the first row, rules with titles, the last row.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;

use crate::keys::key::Hint;
use crate::text::sign::Sign;
use crate::text::text;
use crate::text::theme::Theme;

/// The first row: what it is on the left, how it stands on the right.
pub(crate) fn heading(buf: &mut Buffer, area: Rect, theme: &Theme, left: &str, right: &str) {
    let wide = text::cells_of(text::width(right));
    let room = area.width.saturating_sub(wide.saturating_add(3));
    text::put(buf, area.x + 1, area.y, left, room, theme.focus());
    if let Some(at) = area
        .width
        .checked_sub(wide.saturating_add(1))
        .filter(|at| *at > 0)
    {
        text::put_in(buf, area, (at, area.y), right, theme.text());
    }
}

/// A rule over the whole width with a title in it; where a divider meets it, `divider` names the
/// column, the sign, and the title that stands right of it.
pub(crate) fn rule(
    buf: &mut Buffer,
    area: Rect,
    row: u16,
    theme: &Theme,
    title: &str,
    divider: Option<(u16, Sign, &str)>,
) {
    if row >= area.bottom() {
        return;
    }
    let line = Rect::new(area.x, row, area.width, 1);
    fill(buf, line, theme.rule(), theme.dim());
    let left_end = divider.map_or(area.width, |(column, _, _)| column);
    titled(buf, theme, area.x + 1, row, title, left_end);
    if let Some((column, sign, right)) = divider {
        let at = area.x + column;
        if at < area.right() {
            text::put(buf, at, row, theme.sign(sign), 1_u16, theme.dim());
            let room = area.width - column;
            titled(buf, theme, at + 2, row, right, room);
        }
    }
}

fn titled(buf: &mut Buffer, theme: &Theme, x: u16, row: u16, title: &str, columns: u16) {
    if title.is_empty() || columns < 6 {
        return;
    }
    let padded = format!(" {} ", text::fit(title, usize::from(columns) - 5));
    text::put(buf, x, row, &padded, columns - 2, theme.title());
}

/// A divider between two panes.
pub(crate) fn divider(
    buf: &mut Buffer,
    area: Rect,
    column: u16,
    rows: std::ops::Range<u16>,
    theme: &Theme,
) {
    let line = Rect::new(area.x + column, rows.start, 1, rows.end - rows.start);
    fill(buf, line.intersection(area), theme.bar(), theme.dim());
}

/// The last row: keys and what they do.
pub(crate) fn footer(buf: &mut Buffer, area: Rect, theme: &Theme, hints: &[Hint]) {
    let words: Vec<Words<'_>> = hints
        .iter()
        .map(|hint| (Cow::Borrowed(hint.key), hint.does))
        .collect();
    last_row(buf, area, theme, words);
}

/// A key as it is written, and what it does.
pub(crate) type Words<'a> = (Cow<'a, str>, &'static str);

/// The last row, with the last pair at its right end. What does not fit is left out from the end,
/// but the last two stay: keys and the way out are never given up.
pub(crate) fn last_row(buf: &mut Buffer, area: Rect, theme: &Theme, mut words: Vec<Words<'_>>) {
    if area.is_empty() {
        return;
    }
    let room = usize::from(area.width).saturating_sub(2);
    let mut gap = 3;
    // The gap in front of the last one may be narrower than the others.
    while words.len() > 1 && columns(&words, gap) > room + usize::from(gap > 2) {
        if gap > 2 {
            gap -= 1;
        } else {
            words.remove(words.len().saturating_sub(3));
        }
    }
    let row = area.bottom() - 1;
    let mut x = area.x + 1;
    let last = words.len().saturating_sub(1);
    for (place, (key, does)) in words.iter().enumerate() {
        let wide = u16::try_from(text::width(key) + 1 + text::width(does)).unwrap_or(u16::MAX);
        if place == last && last > 0 {
            x = area.right().saturating_sub(wide.saturating_add(1));
        }
        let left = area.right().saturating_sub(x);
        let used = text::put(buf, x, row, key, left, theme.key());
        let left = left.saturating_sub(used + 1);
        text::put(buf, x + used + 1, row, does, left, theme.dim());
        x = x.saturating_add(wide).saturating_add(gap);
    }
}

fn columns(words: &[Words<'_>], gap: u16) -> usize {
    let inked: usize = words
        .iter()
        .map(|(key, does)| text::width(key) + 1 + text::width(does))
        .sum();
    inked + words.len().saturating_sub(1) * usize::from(gap)
}

/// Writes a row after the other from the top of `area`, as many as it has.
pub(crate) fn put_rows(
    buf: &mut Buffer,
    area: Rect,
    rows: impl IntoIterator<Item = impl AsRef<str>>,
    style: Style,
) {
    for (row, y) in rows.into_iter().zip(area.top()..area.bottom()) {
        text::put(buf, area.x, y, row.as_ref(), area.width, style);
    }
}

/// Fills the cells of `area` with a sign of one column.
pub(crate) fn fill(buf: &mut Buffer, area: Rect, sign: &str, style: Style) {
    for at in area.intersection(buf.area).positions() {
        buf[at].set_symbol(sign).set_style(style);
    }
}

/// A column less on either side: most text stands so.
pub(crate) const SIDES: Margin = Margin::new(1, 0);

/// Rows of wrapped text; gives how many were written.
pub(crate) fn paragraph(buf: &mut Buffer, area: Rect, words: &str, style: Style) -> u16 {
    let rows = text::wrap(words, usize::from(area.width), usize::from(area.height));
    put_rows(buf, area, &rows, style);
    text::cells_of(rows.len())
}

/// A box with `rows` rows inside: its top, its side, its bottom.
pub(crate) fn boxed(
    [top, side, bottom]: [&str; 3],
    (x, y, rows): (u16, u16, u16),
    style: Style,
    buf: &mut Buffer,
) {
    let wide = text::width(top) as u16;
    text::put(buf, x, y, top, wide, style);
    for row in 1..=rows {
        text::put(buf, x, y + row, side, 1_u16, style);
        text::put(buf, x + wide - 1, y + row, side, 1_u16, style);
    }
    text::put(buf, x, y + rows + 1, bottom, wide, style);
}

/// One sentence in the middle of everything, for a window that is too small.
pub(crate) fn too_small(buf: &mut Buffer, area: Rect, theme: &Theme) {
    if area.is_empty() {
        return;
    }
    let words = format!(
        "loopscope needs 40x10, this is {}x{}",
        area.width, area.height
    );
    let rows = text::wrap(&words, usize::from(area.width), usize::from(area.height));
    let free = area.height.saturating_sub(text::cells_of(rows.len()));
    for (row, y) in rows.iter().zip(area.y + free / 2..) {
        let left = area.width.saturating_sub(text::cells_of(text::width(row))) / 2;
        text::put_in(buf, area, (left, y), row, theme.text());
    }
}
