//! The question before the run: the code, what will happen, and the answers to choose from.
//!
//! *In:* the model and a story. *Out:* cells. *Invariant:* nothing here hints at the answer.
//! *Absent on purpose:* notes, captions, and whatever the run will show.

mod happens;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::parts;
use crate::timeline::Timeline;
use crate::trace::{Language, Story};
use crate::tui::action::Place;
use crate::tui::keymap;
use crate::tui::model::{Model, Screen};
use crate::tui::text;
use crate::tui::theme::Sign;
use crate::tui::view_parts::{Hint, Mode};

/// Where everything stands.
struct Places {
    /// The listing; no rows where there is no room.
    code: Rect,
    /// The requests and the runtime; no columns where there is no room.
    happens: Rect,
    /// The rule above the question.
    rule: u16,
    /// The question.
    ask: Rect,
    /// The answers.
    options: Rect,
    /// The rule above the caption.
    end: u16,
}

/// The question and its answers come first; code and requests get what is left.
fn places(story: &Story, language: Language, area: Rect) -> Places {
    let options = story
        .questions
        .first()
        .map_or(0, |question| question.options.len());
    let options = u16::try_from(options).unwrap_or(u16::MAX);
    let caption = if area.height >= 20 { 3 } else { 1 };
    let end = area.bottom().saturating_sub(caption + 1);
    let roomy = area.height >= 20;
    // Rule, question in two rows at most, answers, and air where there is some.
    let asked = options
        .saturating_add(3)
        .saturating_add(if roomy { 2 } else { 0 })
        .min(end.saturating_sub(area.y + 1));
    let lines = story
        .listing(language)
        .map_or(0, |listing| listing.lines.len());
    let wanted = u16::try_from(lines).unwrap_or(u16::MAX).max(7);
    let above = end.saturating_sub(area.y + 2 + asked).min(wanted);
    let left = match area.width {
        0..60 => area.width,
        60..100 => 38,
        _ => 46,
    };
    let top = area.y + 2;
    let rule = if above == 0 { area.y + 1 } else { top + above };
    let first = rule + 1 + u16::from(roomy);
    let answers = first + 2;
    Places {
        code: Rect::new(area.x, top, left, above),
        happens: Rect::new(
            (area.x + left + 1).min(area.right()),
            top,
            area.width.saturating_sub(left + 1),
            above,
        ),
        rule,
        ask: Rect::new(area.x + 1, first, area.width.saturating_sub(2), 2),
        options: Rect::new(area.x, answers, area.width, end.saturating_sub(answers)),
        end,
    }
}

/// The answer under a cell.
pub fn hit(model: &Model, column: u16, row: u16) -> Option<usize> {
    let story = model.session.as_ref()?.timeline.story();
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let places = places(story, story.shown_in(model.language), area);
    let place = usize::from(row.checked_sub(places.options.y)?);
    let options = story.questions.first()?.options.len();
    (places.options.contains(Position::new(column, row)) && place < options).then_some(place)
}

/// Where the cursor stands: at the chosen answer.
pub fn cursor(model: &Model, choice: usize, timeline: &Timeline, area: Rect) -> Option<Position> {
    let story = timeline.story();
    let options = places(story, story.shown_in(model.language), area).options;
    let y = options.y + u16::try_from(choice).ok()?;
    (y < options.bottom()).then(|| Position::new(area.x + 1, y))
}

/// Draws the question.
pub fn draw(model: &Model, choice: usize, timeline: &Timeline, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let story = timeline.story();
    let places = places(story, story.shown_in(model.language), area);
    parts::heading(buf, area, theme, &story.title, "before the run   0.00s");
    above(model, story, &places, area, buf);
    if let Some(question) = story.questions.first() {
        parts::paragraph(buf, places.ask, &question.ask, theme.focus());
        for (place, option) in question.options.iter().enumerate() {
            let y = places.options.y + u16::try_from(place).unwrap_or(u16::MAX);
            if y >= places.options.bottom() {
                break;
            }
            let style = if place == choice {
                text::put(
                    buf,
                    area.x + 1,
                    y,
                    theme.sign(Sign::Cursor),
                    1u16,
                    theme.focus(),
                );
                theme.cursor()
            } else {
                theme.text()
            };
            let number = (place + 1).to_string();
            text::put(buf, area.x + 3, y, &number, 1u16, theme.dim());
            text::put(
                buf,
                area.x + 6,
                y,
                &option.say,
                area.width.saturating_sub(7),
                style,
            );
        }
    }
    parts::rule(buf, area, places.end, theme, "", None);
    if area.height >= 12 {
        let usual = if story.is_as_written() {
            "Choose first, then watch: that is what makes it stick."
        } else {
            "The knobs are not as in the file: the answers were written for other numbers."
        };
        let words = model.notice.as_ref().map_or(usual, |notice| &notice.text);
        if places.end + 1 < area.bottom() - 1 {
            text::put(
                buf,
                area.x + 1,
                places.end + 1,
                words,
                area.width.saturating_sub(2),
                theme.dim(),
            );
        }
    }
    parts::footer(buf, area, theme, &hints(model, story, area));
}

fn hints(model: &Model, story: &Story, area: Rect) -> Vec<Hint> {
    let options = story
        .questions
        .first()
        .map_or(0, |question| question.options.len());
    let mut hints = keymap::footer(model.screen.place(), Mode::BeforeRun, area.width >= 100);
    if matches!(model.screen, Screen::Question { .. }) {
        debug_assert_eq!(model.screen.place(), Place::Question);
        if let Some(first) = hints.first_mut() {
            first.key = ["", "1", "1-2", "1-3", "1-4", "1-5", "1-6"]
                .get(options)
                .copied()
                .unwrap_or("1-9");
        }
    }
    hints
}

fn above(model: &Model, story: &Story, places: &Places, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let language = match story.shown_in(model.language) {
        Language::Python => "code  Python",
        Language::Rust => "code  Rust",
    };
    let asked = "your prediction";
    if places.code.height == 0 {
        parts::rule(buf, area, places.rule, theme, asked, None);
        return;
    }
    let two = places.happens.width > 0;
    let column = places.code.width;
    let down = two.then_some((column, Sign::TeeDown, "what happens"));
    parts::rule(buf, area, area.y + 1, theme, language, down);
    code(model, story, places.code, buf);
    if two {
        let rows = places.code.y..places.code.bottom();
        parts::divider(buf, area, column, rows, theme);
        happens::draw(story, places.happens, theme, buf);
    }
    let up = two.then_some((column, Sign::TeeUp, ""));
    parts::rule(buf, area, places.rule, theme, asked, up);
}

fn code(model: &Model, story: &Story, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let Some(listing) = story.listing(story.shown_in(model.language)) else {
        return;
    };
    for (place, line) in listing
        .lines
        .iter()
        .enumerate()
        .take(usize::from(area.height))
    {
        let y = area.y + u16::try_from(place).unwrap_or(u16::MAX);
        let number = format!("{:>5}", place + 1);
        let mut x = area.x + text::put(buf, area.x, y, &number, area.width, theme.dim()) + 1;
        for token in line {
            let room = area.right().saturating_sub(x);
            x += text::put(buf, x, y, &token.text, room, theme.token(token.role));
        }
    }
    if listing.lines.len() > usize::from(area.height) {
        let y = area.bottom() - 1;
        text::clear(buf, Rect::new(area.x, y, area.width, 1), theme.dim());
        let more = listing.lines.len() + 1 - usize::from(area.height);
        let words = format!("      … {more} more lines");
        text::put(buf, area.x, y, &words, area.width, theme.dim());
    }
}
