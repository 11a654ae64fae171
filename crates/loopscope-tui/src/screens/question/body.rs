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
use crate::widgets::bars;
use loopscope_trace::Question;

/// The column in which votes stand.
pub(crate) const VOTES: u16 = 50;

/// The columns of a count where the window is narrow.
const NARROW: u16 = 11;

/// How many rows it would take.
pub(crate) fn rows(session: &Session, asking: &Asking, question: &Question) -> u16 {
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
    text::cells_of(rows)
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
pub(crate) fn first(asking: &Asking, area: Rect) -> usize {
    let rows = usize::from(area.height);
    (cursor(asking) + 1).saturating_sub(rows)
}

/// Where the terminal's own cursor belongs: at the row under the cursor, or behind what is typed.
pub(crate) fn position(asking: &Asking, area: Rect) -> Option<Position> {
    if area.height == 0 {
        return None;
    }
    let typed = match (&asking.draft, asking.counting) {
        (Draft::Number(typed), None) => u16::try_from(typed.len()).ok()? + 2,
        _ => 0,
    };
    let row = cursor(asking) - first(asking, area).min(cursor(asking));
    let row = if asking.answered { 0 } else { row };
    let y = area.y + u16::try_from(row).ok()?;
    Some(Position::new(area.x + 1 + typed, y))
}

/// Draws it.
pub(crate) fn draw(
    session: &Session,
    asking: &Asking,
    question: &Question,
    theme: &Theme,
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
            list(asking, say, theme, area, buf);
            put_votes(session, asking, counting, question, theme, area, buf);
        }
        (Draft::Option(_), None) => list(asking, say, theme, area, buf),
        (Draft::Lines { lines, .. }, None) => {
            let line = |place: usize| lines.get(place).map(String::as_str);
            list(asking, line, theme, area, buf);
        }
        (Draft::Number(typed), None) => number(typed, question, theme, area, buf),
    }
}

/// Numbered rows with the cursor on one of them.
fn list<'a>(
    asking: &Asking,
    say: impl Fn(usize) -> Option<&'a str>,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let under = cursor(asking);
    for (place, y) in (first(asking, area)..).zip(area.y..area.bottom()) {
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
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let tally = votes::counted(&session.answers, asking.question, counting.round);
    let options = question.options.iter();
    let widest = options.map(|option| text::width(&option.say)).max();
    let beside = text::cells_of(widest.unwrap_or(0)).saturating_add(9);
    // Never over the words of an option, unless the window is that narrow.
    let x = VOTES.max(beside).min(area.width.saturating_sub(NARROW));
    for (option, y) in (first(asking, area)..).zip(area.y..area.bottom()) {
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
