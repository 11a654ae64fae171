//! What will happen: the requests that are sent, and the runtime that meets them.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::text::text;
use crate::text::theme::Theme;
use loopscope_trace::{Flavor, FunctionId, Nanos, Story};

/// Draws the requests with their moments, and the runtime.
pub(crate) fn draw(story: &Story, area: Rect, theme: &Theme, buf: &mut Buffer) {
    // In a low window the requests come first.
    let shape = if area.height >= 6 {
        shape(story)
    } else {
        Vec::new()
    };
    let air = u16::from(!shape.is_empty());
    let sentences = u16::try_from(shape.len()).unwrap_or(0) + air;
    let room = usize::from(area.height.saturating_sub(sentences));
    let mut rows = Vec::new();
    if story.is_server() {
        rows.push(("    at    asks".to_owned(), theme.dim()));
        let asks = asks(story, room.saturating_sub(1).max(1));
        rows.extend(asks.into_iter().map(|row| (row, theme.text())));
    } else {
        rows.push((" A program that starts by itself.".to_owned(), theme.text()));
    }
    if air > 0 {
        rows.push((String::new(), theme.text()));
    }
    rows.extend(
        shape
            .into_iter()
            .map(|sentence| (format!(" {sentence}"), theme.text())),
    );
    for (place, (row, style)) in rows.iter().enumerate().take(usize::from(area.height)) {
        let y = area.y + u16::try_from(place).unwrap_or(u16::MAX);
        text::put(buf, area.x, y, row, area.width, *style);
    }
}

/// A row for each request; where they are too many, one for each moment and route.
fn asks(story: &Story, rows: usize) -> Vec<String> {
    let route = |function: FunctionId| {
        story
            .function(function)
            .and_then(|function| function.route.as_deref())
            .unwrap_or("?")
    };
    if story.planned.len() <= rows {
        return story
            .planned
            .iter()
            .enumerate()
            .map(|(place, planned)| {
                let client = story
                    .clients
                    .get(planned.client.index())
                    .map_or("client", |client| client.name.as_str());
                let at = planned.at.hundredths();
                let letter = letter(place);
                format!("{at:>7} {letter} {client}  GET {}", route(planned.function))
            })
            .collect();
    }
    let mut groups: BTreeMap<(Nanos, FunctionId), usize> = BTreeMap::new();
    for planned in &story.planned {
        *groups.entry((planned.at, planned.function)).or_default() += 1;
    }
    let mut out: Vec<String> = groups
        .iter()
        .map(|((at, function), count)| {
            let at = at.hundredths();
            format!("{at:>7} {count} requests  GET {}", route(*function))
        })
        .collect();
    if out.len() > rows {
        let more = out.len() - rows + 1;
        out.truncate(rows.saturating_sub(1));
        out.push(format!("        … {more} more"));
    }
    out
}

/// A, B … Z, then nothing: the stage numbers them.
fn letter(place: usize) -> char {
    u8::try_from(place)
        .ok()
        .filter(|place| *place < 26)
        .map_or(' ', |place| char::from(b'A' + place))
}

/// The runtime in sentences, in short: the pane is half a small screen wide.
fn shape(story: &Story) -> Vec<String> {
    let shape = &story.runtime;
    let threads = |count: u32| {
        if count == 1 {
            "1 thread".to_owned()
        } else {
            format!("{count} threads")
        }
    };
    let mut out = vec![match shape.flavor {
        Flavor::CurrentThread => "One loop, one thread.".to_owned(),
        Flavor::MultiThread => format!("A loop on {}.", threads(shape.worker_threads)),
    }];
    out.push(format!("Pool: {}.", threads(shape.pool_threads)));
    if shape.processes > 1 {
        out.push(format!("{} processes.", shape.processes));
    }
    out
}
