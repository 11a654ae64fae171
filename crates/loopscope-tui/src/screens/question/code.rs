//! Lines of code beside a question, and which of them it is about.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::model::model::Model;
use crate::text::text;
use loopscope_timeline::explain;
use loopscope_trace::{Function, Listing, Question, Story, Token};

/// Draws a listing with its numbers from its start; where it is longer, how many lines more there are.
pub(crate) fn whole(model: &Model, story: &Story, area: Rect, buf: &mut Buffer) {
    let listing = story.listing(story.shown_in(model.language));
    let lines = listing.map_or(0, |listing| listing.lines.len());
    let below = lines.saturating_sub(area.height.into());
    draw(model, story, ((0, below), ""), area, buf);
}

/// The same from a line on, with so many below the last row; `key` says how to get there.
pub(crate) fn draw(
    model: &Model,
    story: &Story,
    ((first, below), key): ((usize, usize), &str),
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = &model.theme;
    let Some(listing) = story.listing(story.shown_in(model.language)) else {
        return;
    };
    let lines = listing.lines.iter().enumerate().skip(first);
    for ((place, line), y) in lines.zip(area.top()..area.bottom()) {
        let number = format!("{:>5}", place + 1);
        let mut x = area.x + text::put(buf, area.x, y, &number, area.width, theme.dim()) + 1;
        for token in line {
            let room = area.right().saturating_sub(x);
            x += text::put(buf, x, y, &token.text, room, theme.token(token.role));
        }
    }
    if below > 0 && area.height > 0 {
        let y = area.bottom() - 1;
        text::clear(buf, Rect::new(area.x, y, area.width, 1), theme.dim());
        let more = explain::number_of(below + 1, "more line");
        text::put(
            buf,
            area.x,
            y,
            &format!("      … {more}{key}"),
            area.width,
            theme.dim(),
        );
    }
}

/// The line of code that is to be first in sight: that of the function that is asked about, where it would not be
/// in sight otherwise. That is the one whose name or route the question has, else the one that clients ask for first.
pub(crate) fn asked_about(
    story: &Story,
    question: &Question,
    listing: &Listing,
    rows: usize,
) -> usize {
    let text = |line: &Vec<Token>| {
        line.iter()
            .map(|token| token.text.as_str())
            .collect::<String>()
    };
    let lines: Vec<String> = listing.lines.iter().map(text).collect();
    let named = |function: &&Function| {
        let route = function.route.as_deref().unwrap_or_default();
        let has = |name: &str| name.len() > 1 && question.ask.contains(name);
        has(&function.name) || has(route)
    };
    let first = story.planned.first();
    let first = first.and_then(|planned| story.functions.get(planned.function.index()));
    let Some(function) = story.functions.iter().find(named).or(first) else {
        return 0;
    };
    let begins = [
        format!("def {}(", function.name),
        format!("fn {}(", function.name),
    ];
    let is_its = |line: &String| begins.iter().any(|begin| line.contains(begin.as_str()));
    let Some(mut from) = lines.iter().position(is_its) else {
        return 0;
    };
    let inside = |line: &&String| line.starts_with([' ', ')']) || line.is_empty() || *line == "}";
    let to = from + 1 + lines[from + 1..].iter().take_while(inside).count();
    if to <= rows {
        return 0;
    }
    while from > 0 && lines[from - 1].starts_with(['@', '#']) {
        from -= 1;
    }
    from
}
