//! Texts that are read, whichever screen they stand on: help, a problem, mistakes. Which lines they have, and what is
//! sought in them.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::model::model::Model;
use crate::model::prompt::{Prompt, PromptKind, Reading};
use crate::model::screen::Screen;
use crate::screens::over::{files, help};
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::{bars, footer, parts};

/// The lines of the text that is open, and where those in sight stand; `None` where none is open.
pub(crate) fn open(model: &Model, area: Rect) -> Option<(Vec<String>, Rect)> {
    match &model.screen {
        Screen::Help { over, .. } => Some(help::read(model, over.place(), area)),
        Screen::Problem { problem, .. } => Some(files::read_problem(problem, area)),
        Screen::Mistakes { problem, .. } => Some(files::read_mistakes(problem, area)),
        _ => None,
    }
}

/// The lines that have what is sought, also where it goes on in the line below.
pub(crate) fn hits(lines: &[String], sought: &str) -> Vec<usize> {
    if sought.is_empty() {
        return Vec::new();
    }
    let small: Vec<String> = lines.iter().map(|line| line.to_lowercase()).collect();
    let has = |place: &usize| {
        let line = &small[*place];
        let next = small.get(*place + 1).map_or("", |next| next.trim_start());
        line.contains(sought) || !next.contains(sought) && format!("{line} {next}").contains(sought)
    };
    (0..small.len()).filter(has).collect()
}

/// The line that one types words of the text into.
fn typed(model: &Model) -> Option<&Prompt> {
    let prompt = model.prompt.as_ref();
    prompt.filter(|prompt| prompt.kind == PromptKind::Lines)
}

/// The row between text and keys.
fn row(area: Rect) -> Rect {
    Rect::new(area.x, area.bottom().saturating_sub(2), area.width, 1)
}

/// Where the cursor stands: where one types, else at the first line.
pub(crate) fn cursor(model: &Model, area: Rect) -> Option<Position> {
    let (_, window) = open(model, area)?;
    match typed(model) {
        Some(prompt) => bars::prompt_cursor(prompt, row(area)),
        None => Some(Position::new(window.x + 1, window.y)),
    }
}

/// Draws over a text what was found in it, what is typed, and what is said.
pub(crate) fn draw_over(model: &Model, area: Rect, buf: &mut Buffer) {
    let (Some((_, window)), Some(reading)) = (open(model, area), model.screen.reading()) else {
        return;
    };
    let theme = &model.theme;
    mark(model, reading, window, buf);
    let row = row(area);
    let room = area.width.saturating_sub(2);
    if let Some(prompt) = typed(model) {
        let rows = Rect { height: 2, ..row };
        text::clear(buf, rows, theme.text());
        let wide = text::cells_of(text::width(&prompt.says)).min(area.width / 2);
        let left = Rect {
            width: area.width - wide - 1,
            ..row
        };
        bars::draw_prompt(theme, prompt, left, buf);
        text::put(buf, left.right(), row.y, &prompt.says, wide, theme.dim());
        let hints = footer::prompt_footer(prompt.kind, model.mode(), area.width >= 100);
        parts::footer(buf, area, theme, &hints);
    } else if let Some(notice) = &model.notice {
        text::clear(buf, row, theme.text());
        text::put(buf, row.x + 1, row.y, &notice.text, room, theme.focus());
    }
}

/// Marks what is sought where it is in sight, and the line in which it was found last.
fn mark(model: &Model, reading: &Reading, window: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let sought: Vec<char> = reading.sought.chars().collect();
    for (line, y) in (reading.first..).zip(window.top()..window.bottom()) {
        let here = reading.hit == Some(line);
        let style = if here { theme.cursor() } else { theme.focus() };
        let signs = (window.left()..window.right()).flat_map(|x| {
            let small = buf[(x, y)].symbol().to_lowercase();
            small.chars().map(|sign| (sign, x)).collect::<Vec<_>>()
        });
        let signs: Vec<(char, u16)> = signs.collect();
        if here {
            text::put(
                buf,
                window.x,
                y,
                theme.sign(Sign::Cursor),
                1_u16,
                theme.focus(),
            );
        }
        if sought.is_empty() {
            continue;
        }
        for found in signs.windows(sought.len()) {
            if found.iter().map(|(sign, _)| sign).eq(&sought) {
                for (_, x) in found {
                    buf[(*x, y)].set_style(style);
                }
            }
        }
    }
}
