//! What many runs came to.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::keys::key::Place;
use crate::model::model::Model;
use crate::session::explored::{Many, TIMES};
use crate::text::text;
use crate::widgets::{footer, parts};
use loopscope_timeline::{Spread, State, explain};

/// A row of a chart: how many runs, and of what.
type Bar = (u32, String);

/// Draws many runs.
pub(crate) fn draw(model: &Model, many: &Many, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let spread = &many.spread;
    let how = if many.over {
        explain::number_of(spread.runs as usize, "run")
    } else {
        format!("{} of {TIMES} runs", spread.runs)
    };
    let how = match spread.runs {
        0 => how,
        _ => format!("{how} {}", spread.how()),
    };
    parts::heading(buf, area, theme, &many.title, &how);
    parts::rule(buf, area, area.y + 1, theme, "many runs", None);
    let end = area.bottom().saturating_sub(2);
    let mut y = area.y + 2;
    let wide = usize::from(area.width.saturating_sub(2));
    let mut put = |y: u16, words: &str, style| {
        if y < end {
            text::put(buf, area.x + 1, y, words, wide, style);
        }
    };
    if spread.runs == 0 {
        put(y, "The first run goes on.", theme.dim());
        y += 1;
    } else {
        for sentence in spread.sentences() {
            put(y, &sentence, theme.text());
            y += 1;
        }
    }
    if let Some([least, median, most]) = spread.lengths() {
        let words = format!("They took {least:.2}s to {most:.2}s, in the middle {median:.2}s.");
        put(y, &words, theme.dim());
        y += 1;
    }
    let charts = charts(spread);
    let room = end.saturating_sub(y);
    let each = room / u16::try_from(charts.len()).unwrap_or(1).max(1);
    for (title, rows) in charts {
        let chart = Rect::new(area.x, y, area.width, each.min(end.saturating_sub(y)));
        y += bars(model, &title, &rows, spread.runs, chart, buf);
    }
    parts::rule(buf, area, end, theme, "", None);
    footer::draw(Place::Many, theme, area, buf);
}

/// The orders of the lines, and the values of each variable at the end, with how often each came.
fn charts(spread: &Spread) -> Vec<(String, Vec<Bar>)> {
    let orders = spread.by_count().into_iter();
    let orders = orders.map(|(lines, count)| (count, lines.join(" ")));
    let mut charts = Vec::new();
    if !spread.is_silent() {
        charts.push(("orders of the lines".to_owned(), orders.collect()));
    }
    for (name, values) in &spread.variables {
        let rows = values.iter().map(|(value, count)| (*count, value.clone()));
        let mut rows: Vec<Bar> = rows.collect();
        rows.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        charts.push((format!("{name} at the end"), rows));
    }
    charts
}

/// A chart under its rule; how many rows it took.
fn bars(model: &Model, title: &str, rows: &[Bar], runs: u32, area: Rect, buf: &mut Buffer) -> u16 {
    let theme = &model.theme;
    if area.height < 2 || rows.is_empty() {
        return 0;
    }
    parts::rule(buf, area, area.y, theme, title, None);
    let room = usize::from(area.height - 1);
    let fits = if rows.len() > room {
        room - 1
    } else {
        rows.len()
    };
    let longest = area.width / 3;
    let mut y = area.y + 1;
    for (count, words) in &rows[..fits] {
        let figure = format!("{count:>5}");
        text::put(buf, area.x + 1, y, &figure, 5_u16, theme.text());
        let cells = u64::from(*count) * u64::from(longest);
        let cells = cells.div_ceil(u64::from(runs.max(1)));
        let cells = u16::try_from(cells).unwrap_or(longest);
        let bar = Rect::new(area.x + 7, y, cells, 1);
        parts::fill(buf, bar, theme.glyph(State::Running), theme.text());
        let x = area.x + 8 + longest;
        let left = area.right().saturating_sub(x + 1);
        text::put(buf, x, y, words, left, theme.text());
        y += 1;
    }
    if fits < rows.len() {
        let more = format!("and {} more", rows.len() - fits);
        text::put(buf, area.x + 7, y, &more, longest, theme.dim());
        y += 1;
    }
    y - area.y
}
