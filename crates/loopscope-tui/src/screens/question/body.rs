//! What is answered with: options, lines in an order, a number; or votes that are counted.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::session::asking::{Asking, Counting, Draft, expected};
use crate::session::session::Session;
use crate::session::votes;
use crate::session::votes::VoteBars;
use crate::text::sign::Sign;
use crate::text::text;
use crate::text::theme::Theme;
use crate::widgets::{bars, letters};
use loopscope_trace::Question;

/// The column in which votes stand.
pub(crate) const VOTES: u16 = 50;

/// The columns of a count where the window is narrow.
const NARROW: u16 = 11;

/// How what can be chosen stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spread {
    /// Rows of each.
    each: u16,
    /// In large letters.
    large: bool,
}

impl Spread {
    /// Row by row.
    const CLOSE: Self = Self {
        each: 1,
        large: false,
    };

    /// As large as `rows` and `columns` allow, where the last row of a room shall read it; large letters need half blocks.
    pub(crate) fn of(
        asking: &Asking,
        question: &Question,
        (columns, rows): (u16, u16),
        blocks: bool,
    ) -> Self {
        let words: Vec<&str> = match &asking.draft {
            _ if asking.answered => Vec::new(),
            Draft::Lines { lines, .. } if asking.counting.is_none() => {
                lines.iter().map(String::as_str).collect()
            }
            Draft::Number(_) if asking.counting.is_none() => Vec::new(),
            _ => question.options.iter().map(|it| it.say.as_str()).collect(),
        };
        let count = text::cells_of(words.len());
        let high = text::cells_of(letters::HEIGHT);
        let votes = asking.counting.map_or(0, |_| NARROW + 1);
        let room = usize::from(columns.saturating_sub(7 + votes));
        let fits = |words: &&str| letters::large(words, room, letters::HEIGHT).is_some();
        match count {
            0 => Self::CLOSE,
            _ if blocks && count * (high + 1) <= rows && words.iter().all(fits) => Self {
                each: high + 1,
                large: true,
            },
            _ if count * 2 <= rows => Self {
                each: 2,
                large: false,
            },
            _ => Self::CLOSE,
        }
    }

    /// The rows of so many.
    const fn rows(self, count: u16) -> u16 {
        count.saturating_mul(self.each)
    }

    /// Which of them stands in a row.
    pub(crate) fn at(self, row: u16) -> usize {
        usize::from(row / self.each)
    }
}

/// How many rows it would take.
pub(crate) fn rows(session: &Session, asking: &Asking, question: &Question, spread: Spread) -> u16 {
    let options = question.options.len();
    let rows = match &asking.draft {
        _ if asking.answered => {
            let votes = VoteBars::of(session, asking.question);
            return votes.map_or(0, |votes| bars::rows(&votes));
        }
        _ if asking.counting.is_some() => options,
        Draft::Option(_) => options,
        Draft::Lines { lines, .. } => lines.len(),
        Draft::Number(_) => 3,
    };
    spread.rows(text::cells_of(rows))
}

/// How many of them can be pointed at.
pub(crate) fn targets(asking: &Asking, question: &Question) -> usize {
    match &asking.draft {
        _ if asking.answered => 0,
        _ if asking.counting.is_some() => question.options.len(),
        Draft::Option(_) => question.options.len(),
        Draft::Lines { lines, .. } => lines.len(),
        Draft::Number(_) => 0,
    }
}

/// The row under the cursor.
fn cursor(asking: &Asking) -> usize {
    match (&asking.draft, asking.counting) {
        (_, Some(counting)) => counting.option,
        (Draft::Option(cursor) | Draft::Lines { cursor, .. }, None) => *cursor,
        (Draft::Number(_), None) => 0,
    }
}

/// The first row that is shown: the cursor stays in sight.
pub(crate) fn first(asking: &Asking, spread: Spread, area: Rect) -> usize {
    let rows = spread.at(area.height).max(1);
    (cursor(asking) + 1).saturating_sub(rows)
}

/// Where the terminal's own cursor belongs: at the row under the cursor, or behind what is typed.
pub(crate) fn position(asking: &Asking, spread: Spread, area: Rect) -> Option<Position> {
    if area.height == 0 {
        return None;
    }
    let typed = match (&asking.draft, asking.counting) {
        (Draft::Number(typed), None) => u16::try_from(typed.len()).ok()? + 2,
        _ => 0,
    };
    let row = cursor(asking) - first(asking, spread, area).min(cursor(asking));
    let row = if asking.answered { 0 } else { row };
    let y = area.y + spread.rows(u16::try_from(row).ok()?);
    Some(Position::new(area.x + 1 + typed, y))
}

/// Draws it.
pub(crate) fn draw(
    session: &Session,
    asking: &Asking,
    question: &Question,
    (theme, spread): (&Theme, Spread),
    area: Rect,
    buf: &mut Buffer,
) {
    if asking.answered {
        if let Some(votes) = VoteBars::of(session, asking.question) {
            bars::draw(&votes, theme, area, buf);
        }
        return;
    }
    let say = |place: usize| Some(question.options.get(place)?.say.as_str());
    match (&asking.draft, asking.counting) {
        (_, Some(counting)) => {
            list(asking, say, (theme, spread), area, buf);
            put_votes(
                session,
                asking,
                counting,
                question,
                (theme, spread),
                area,
                buf,
            );
        }
        (Draft::Option(_), None) => list(asking, say, (theme, spread), area, buf),
        (Draft::Lines { lines, .. }, None) => {
            let line = |place: usize| lines.get(place).map(String::as_str);
            list(asking, line, (theme, spread), area, buf);
        }
        (Draft::Number(typed), None) => number(typed, question, theme, area, buf),
    }
}

/// Numbered rows with the cursor on one of them.
fn list<'a>(
    asking: &Asking,
    say: impl Fn(usize) -> Option<&'a str>,
    (theme, spread): (&Theme, Spread),
    area: Rect,
    buf: &mut Buffer,
) {
    let under = cursor(asking);
    let rows = (area.y..area.bottom()).step_by(usize::from(spread.each));
    for (place, y) in (first(asking, spread, area)..).zip(rows) {
        let Some(words) = say(place) else {
            return;
        };
        let mut style = theme.text();
        if place == under {
            let sign = theme.sign(Sign::Cursor);
            text::put(buf, area.x + 1, y, sign, 1_u16, theme.focus());
            style = theme.cursor();
        }
        let number = (place + 1).to_string();
        text::put(buf, area.x + 3, y, &number, 2_u16, theme.dim());
        // Votes stand at the right; a narrow window cuts the words short of them.
        let votes = asking.counting.map_or(0, |_| NARROW + 1);
        let room = area.width.saturating_sub(7 + votes);
        let large = letters::large(words, room.into(), letters::HEIGHT);
        if let Some(large) = large.filter(|_| spread.large) {
            let wide = large.iter().map(|row| text::width(row)).max();
            let wide = text::cells_of(wide.unwrap_or(0));
            for (row, y) in large.iter().zip(y..area.bottom()) {
                text::put(buf, area.x + 6, y, &" ".repeat(wide.into()), room, style);
                text::put(buf, area.x + 6, y, row, room, style);
            }
            continue;
        }
        let words = text::fit(words, room.into());
        text::put(buf, area.x + 6, y, &words, room, style);
    }
}

/// The votes of the option under the cursor; of the others only that they were counted.
fn put_votes(
    session: &Session,
    asking: &Asking,
    counting: Counting,
    question: &Question,
    (theme, spread): (&Theme, Spread),
    area: Rect,
    buf: &mut Buffer,
) {
    let tally = votes::counted(&session.answers, asking.question, counting.round);
    let options = question.options.iter();
    let widest = options.map(|option| text::width(&option.say)).max();
    let beside = text::cells_of(widest.unwrap_or(0)).saturating_add(9);
    // Never over the words of an option, unless the window is that narrow.
    let x = VOTES.max(beside).min(area.width.saturating_sub(NARROW));
    let rows = (area.y..area.bottom()).step_by(usize::from(spread.each));
    for (option, y) in (first(asking, spread, area)..).zip(rows) {
        if option >= question.options.len() {
            return;
        }
        let count = tally.map_or(0, |tally| tally.of(option));
        let room = area.width.saturating_sub(x);
        let at = area.x + x;
        text::clear(buf, Rect::new(at, y, room, 1), theme.text());
        if option == counting.option {
            let used = text::put(buf, at, y, "hands ", room, theme.focus());
            let figure = if count > 0 || counting.typed {
                count.to_string()
            } else {
                String::new()
            };
            let used = used + text::put(buf, at + used, y, &figure, room - used, theme.focus());
            text::put_in(buf, area, (x + used, y), " ", theme.cursor());
        } else if count > 0 {
            text::put(buf, at, y, "counted", room, theme.dim());
        }
    }
}

/// What has been typed, and what may be.
fn number(typed: &str, question: &Question, theme: &Theme, area: Rect, buf: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let sign = theme.sign(Sign::Cursor);
    text::put(buf, area.x + 1, area.y, sign, 1_u16, theme.focus());
    let room = area.width.saturating_sub(5);
    let used = text::put(buf, area.x + 3, area.y, typed, room, theme.focus());
    text::put(buf, area.x + 3 + used, area.y, " ", 1_u16, theme.cursor());
    let below = area.y + 2.min(area.height - 1);
    if below > area.y {
        let words = expected(&question.number);
        text::put(buf, area.x + 3, below, words, room, theme.dim());
    }
}
