//! Bars of votes, and the line that one types into.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::model::prompt::Prompt;
use crate::session::votes::VoteBars;
use crate::text::sign::Sign;
use crate::text::text;
use crate::text::theme::Theme;
use crate::widgets::parts;
use loopscope_protocol::reply::Round;
use loopscope_trace::Tally;

/// Columns of a figure.
const FIGURE: u16 = 5;

/// The column in which an option's words begin.
const SAY: u16 = 6;

/// A longer bar tells no more.
const LONGEST: u16 = 50;

/// Rows that are left below the panel; fewer are none.
const BELOW: u16 = 5;

/// How everything stands in a row.
struct Columns {
    /// Where the option's words begin, and their columns.
    say: (u16, u16),
    /// The same of `right`, `you`.
    word: (u16, u16),
    /// The same of `before`, `after`.
    round: (u16, u16),
    /// The same of the bar.
    bar: (u16, u16),
}

/// How many rows the options take: one for each count that there is.
pub(crate) fn rows(votes: &VoteBars) -> u16 {
    let options = text::cells_of(votes.question.options.len());
    options.saturating_mul(u16::try_from(counts(votes).len()).unwrap_or(1).max(1))
}

/// The counts that there are.
fn counts<'a>(votes: &VoteBars<'a>) -> Vec<(Round, &'a Tally)> {
    let both = [(Round::Before, votes.before), (Round::After, votes.after)];
    both.into_iter()
        .filter_map(|(round, tally)| Some((round, tally?)))
        .collect()
}

/// Draws the options with their votes; where two rows for each have no room, the last count has
/// the bar and the first one its figure.
pub(crate) fn draw(votes: &VoteBars, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let mut counts = counts(votes);
    let before = (rows(votes) > area.height && counts.len() > 1).then(|| counts.remove(0).1);
    let most = counts.iter().flat_map(|(_, tally)| &tally.0).max();
    let most = most.copied().unwrap_or(0).max(1);
    let each = u16::try_from(counts.len()).unwrap_or(1).max(1);
    let columns = columns(votes, area, before.is_some(), counts.len());
    for (place, option) in votes.question.options.iter().enumerate() {
        let y = area
            .y
            .saturating_add(text::cells_of(place).saturating_mul(each));
        let left = area.bottom().saturating_sub(y).min(each);
        if left == 0 {
            break;
        }
        let right = votes.is_right(place);
        let style = if right { theme.focus() } else { theme.text() };
        let mut put = |x: u16, y: u16, words: &str, room: u16, style| {
            text::put(buf, area.x + x, y, words, room, style);
        };
        put(1, y, mark(votes, place, theme), 1, theme.focus());
        put(3, y, &(place + 1).to_string(), 2, theme.dim());
        let said = text::wrap(&option.say, usize::from(columns.say.1), usize::from(left));
        for (row, y) in said.iter().zip(y..) {
            put(columns.say.0, y, row, columns.say.1, style);
        }
        let (x, room) = columns.word;
        put(x, y, &word(votes, place), room, style);
        for ((round, tally), y) in counts.iter().zip(y..y + left) {
            let was = before.map(|before| before.of(place));
            let count = (*round, tally.of(place), was, most);
            bar(count, &columns, theme, (area, y), buf);
        }
    }
}

/// One bar: its round, its length and its figure.
fn bar(
    (round, count, was, most): (Round, u32, Option<u32>, u32),
    columns: &Columns,
    theme: &Theme,
    (area, y): (Rect, u16),
    buf: &mut Buffer,
) {
    let (x, room) = columns.round;
    text::put(buf, area.x + x, y, round.word(), room, theme.dim());
    let (sign, style) = match round {
        Round::Before => (Sign::VotesBefore, theme.muted()),
        Round::After => (Sign::VotesAfter, theme.text()),
    };
    let (mut x, room) = columns.bar;
    let cells = u64::from(count) * u64::from(room) / u64::from(most);
    // A single vote is seen, too.
    let cells = u16::try_from(cells)
        .unwrap_or(room)
        .max(u16::from(count > 0));
    let filled = Rect::new(area.x + x, y, cells.min(room), 1);
    parts::fill(buf, filled, theme.sign(sign), style);
    x += cells.min(room) + u16::from(cells > 0);
    let figure = match was {
        Some(was) => format!("{was}, then {count}"),
        None => count.to_string(),
    };
    text::put_in(buf, area, (x, y), &figure, theme.focus());
}

/// The options get the columns that they need, as long as bars of a readable length are left.
fn columns(votes: &VoteBars, area: Rect, both: bool, counts: usize) -> Columns {
    let options = &votes.question.options;
    let wide = |words: &str| text::cells_of(text::width(words));
    let word = (0..options.len()).map(|place| wide(&word(votes, place)));
    let word = word.max().unwrap_or(0);
    let longest = options.iter().map(|option| wide(&option.say)).max();
    let round = if counts > 1 && area.width >= 60 { 7 } else { 0 };
    let figure = match (counts, both) {
        (0, _) => 0,
        (_, false) => FIGURE,
        (_, true) => FIGURE + 6,
    };
    let least = match (counts, area.width) {
        (0, _) => 0,
        (_, 60..) if !both => 10,
        _ => 5,
    };
    let room = area
        .width
        .saturating_sub(SAY + 1 + word + 1 + round + figure + 1);
    let say = longest.unwrap_or(0).min(room.saturating_sub(least));
    let bar = room.saturating_sub(say).min(LONGEST);
    let word_at = SAY + say + 1;
    let round_at = word_at + word + 1;
    Columns {
        say: (SAY, say),
        word: (word_at, word),
        round: (round_at, round),
        bar: (round_at + round, bar),
    }
}

/// The sign of an option: it came so, or it was said and came otherwise.
fn mark(votes: &VoteBars, place: usize, theme: &Theme) -> &'static str {
    if votes.is_right(place) {
        theme.sign(Sign::Good)
    } else if votes.said[0] == Some(place) {
        theme.sign(Sign::Bad)
    } else {
        " "
    }
}

/// `right`, `you`, `right, you first`.
fn word(votes: &VoteBars, place: usize) -> String {
    let [last, first] = votes.said;
    let you = match (last == Some(place), first == Some(place), first) {
        (true, _, None) => "you",
        (true, _, Some(_)) => "you then",
        (false, true, _) => "you first",
        (false, false, _) => "",
    };
    match (votes.is_right(place), you) {
        (true, "") => "right".to_owned(),
        (true, you) => format!("right, {you}"),
        (false, you) => you.to_owned(),
    }
}

/// How many of `free` rows the panel takes: its title, the question with a blank row where there
/// is room for both, the options.
pub(crate) fn height(votes: &VoteBars, free: u16) -> u16 {
    let options = text::cells_of(votes.question.options.len());
    let wanted = [rows(votes).saturating_add(4), rows(votes).saturating_add(1)];
    let fits = wanted
        .into_iter()
        .find(|wanted| wanted.saturating_add(BELOW) <= free);
    let fits = fits.or(wanted.into_iter().find(|wanted| *wanted <= free));
    let height = fits.unwrap_or_else(|| options.saturating_add(1).min(free));
    if height.saturating_add(BELOW) > free {
        free
    } else {
        height
    }
}

/// Above the panes, in place of code and loop: what was printed and when stays in sight.
pub(crate) fn panel(votes: &VoteBars, theme: &Theme, area: Rect, buf: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let room = area.width.saturating_sub(2);
    parts::fill(buf, Rect { height: 1, ..area }, theme.rule(), theme.dim());
    let title = format!(" {} ", title(votes));
    text::put(buf, area.x + 1, area.y, &title, room, theme.title());
    let spare = (area.height - 1).saturating_sub(rows(votes));
    let head = if spare >= 2 { 2 } else { 0 };
    if head > 0 {
        let ask = &votes.question.ask;
        text::put(buf, area.x + 1, area.y + 1, ask, room, theme.focus());
    }
    let top = area.y + 1 + head;
    let below = Rect::new(area.x, top, area.width, area.height - 1 - head);
    draw(votes, theme, below, buf);
}

/// `h hands: 30 before the discussion, 29 after it`.
fn title(votes: &VoteBars) -> String {
    let all = |tally: Option<&Tally>| tally.map(Tally::all);
    match (all(votes.before), all(votes.after)) {
        (Some(before), Some(after)) => {
            format!("h hands: {before} before the discussion, {after} after it")
        }
        (Some(before), None) => format!("h hands: {before}"),
        (None, Some(after)) => format!("h hands: {after} after the discussion"),
        (None, None) => "h hands".to_owned(),
    }
}

/// The first column of what has been typed, its columns, and how much of it is scrolled away.
fn places(prompt: &Prompt, area: Rect) -> (u16, u16, usize) {
    let room = area.width.saturating_sub(2);
    let title = u16::try_from(text::width(prompt.title())).unwrap_or(room);
    let x = area.x + 2 + title.min(room);
    let wide = area.right().saturating_sub(x + 2);
    (x, wide, prompt.input.visual_scroll(usize::from(wide)))
}

/// Where the next letter will stand.
pub(crate) fn prompt_cursor(prompt: &Prompt, area: Rect) -> Option<Position> {
    let (x, wide, scroll) = places(prompt, area);
    let cursor = prompt.input.visual_cursor().saturating_sub(scroll);
    let at = x + u16::try_from(cursor).unwrap_or(wide).min(wide);
    (at < area.right() && area.height > 0).then(|| Position::new(at, area.y))
}

/// Draws what has been typed with its cursor, and below it what came of it.
pub(crate) fn draw_prompt(theme: &Theme, prompt: &Prompt, area: Rect, buf: &mut Buffer) {
    let room = area.width.saturating_sub(2);
    text::put(buf, area.x + 1, area.y, prompt.title(), room, theme.focus());
    let (x, wide, scroll) = places(prompt, area);
    let typed: String = prompt.input.value().chars().skip(scroll).collect();
    text::put(buf, x, area.y, &typed, wide, theme.text());
    if let Some(at) = prompt_cursor(prompt, area) {
        buf[at].set_style(theme.cursor());
    }
    let below = Rect::new(area.x + 1, area.y + 1, room, area.height - 1);
    parts::paragraph(buf, below, &prompt.says, theme.dim());
}
