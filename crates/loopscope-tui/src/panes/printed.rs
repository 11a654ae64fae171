//! What a program that is watched printed and answered, the newest last; below it the requests without an answer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::text::text;
use crate::widgets::scene::Scene;
use loopscope_timeline::{LaneId, Request};
use loopscope_trace::Nanos;

/// Where the words begin, behind the time and the letter.
const WORDS: u16 = 12;

/// The most lines and answers that are looked at for one frame.
const MOST: usize = 200;

/// A row.
struct Row {
    at: Option<Nanos>,
    lane: Option<LaneId>,
    words: String,
    /// What stands at the right end: how long an answer took.
    long: String,
    /// It is not over.
    open: bool,
}

/// Draws as many of them as fit.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let height = usize::from(area.height);
    let open = open(scene);
    let below = open.len().min(height / 2);
    let mut rows = printed(scene);
    rows.extend(answered(scene));
    rows.sort_by_key(|row| row.at);
    let above = height - below;
    let first = rows.len().saturating_sub(above);
    // Those that have waited longest come first.
    let all = rows.iter().skip(first).chain(open.iter().take(below));
    for (row, y) in all.zip(area.y..area.bottom()) {
        put(scene, row, area, y, buf);
    }
    if rows.is_empty() && open.is_empty() && height > 0 {
        let words = "nothing yet";
        text::put_in(buf, area, (4, area.y), words, scene.view.theme.dim());
    }
}

fn printed(scene: &Scene) -> Vec<Row> {
    let timeline = scene.view.timeline;
    let outputs = timeline.outputs();
    let known = &outputs[..scene.view.world.outputs.min(outputs.len())];
    let last = known[known.len().saturating_sub(MOST)..].iter();
    last.map(|line| Row {
        at: Some(line.at),
        lane: line.lane,
        words: without_colors(timeline.trace().text(line.text)),
        long: String::new(),
        open: false,
    })
    .collect()
}

/// A line without the sequences that colour it in a terminal of its own.
fn without_colors(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let mut words = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|sign: char| sign.is_ascii_alphabetic());
        words.push_str(end.map_or("", |end| &part[end + 1..]));
    }
    words
}

fn answered(scene: &Scene) -> Vec<Row> {
    let requests = &scene.view.world.requests;
    let last = requests.from(requests.len().saturating_sub(MOST));
    let over = last.filter_map(|request| Some((request, request.answered.or(request.given_up)?)));
    over.map(|(request, at)| {
        let route = scene.view.timeline.trace().text(request.route);
        let words = match (request.answered, request.status) {
            (None, _) => format!("gave up {route}"),
            (Some(_), 0) => format!("ok  {route}"),
            (Some(_), status) => format!("{status} {route}"),
        };
        Row {
            at: Some(at),
            lane: scene.view.timeline.lane_of_request(request.id),
            words,
            long: long(at.since(request.sent)),
            open: false,
        }
    })
    .collect()
}

fn open(scene: &Scene) -> Vec<Row> {
    let requests = &scene.view.world.requests;
    let last = requests.from(requests.len().saturating_sub(MOST));
    let waits = |request: &&Request| {
        request.answered.is_none() && request.given_up.is_none() && request.refused.is_none()
    };
    last.filter(waits)
        .map(|request| Row {
            at: None,
            lane: scene.view.timeline.lane_of_request(request.id),
            words: format!("    {}", scene.view.timeline.trace().text(request.route)),
            long: format!("not for {}", long(scene.now().since(request.sent))),
            open: true,
        })
        .collect()
}

/// `12ms`, `4.5s`.
fn long(length: Nanos) -> String {
    match length.0 / 1_000_000 {
        millis @ ..1_000 => format!("{millis}ms"),
        millis => format!("{}.{}s", millis / 1_000, millis % 1_000 / 100),
    }
}

fn put(scene: &Scene, row: &Row, area: Rect, y: u16, buf: &mut Buffer) {
    let theme = scene.view.theme;
    if let Some(at) = row.at {
        text::put_in(
            buf,
            area,
            (0, y),
            &format!("{:>7}", scene.at(at)),
            theme.dim(),
        );
    }
    let lane = row.lane.and_then(|lane| scene.view.timeline.lane(lane));
    let letter = lane.map_or("", |lane| scene.letter(lane));
    text::put_in(buf, area, (8, y), letter, theme.focus());
    let style = match (scene.stands_back(row.lane), row.open) {
        (true, _) => theme.dim(),
        (false, true) => theme.muted(),
        (false, false) => theme.text(),
    };
    let wide = text::width(&row.long);
    let end = usize::from(area.width).saturating_sub(wide + 1);
    let room = end.saturating_sub(usize::from(WORDS) + usize::from(wide > 0));
    text::put_in(buf, area, (WORDS, y), &text::fit(&row.words, room), style);
    if wide > 0 {
        let x = u16::try_from(end).unwrap_or(area.width);
        text::put_in(buf, area, (x, y), &row.long, style);
    }
}
