//! Who asked, and who was answered.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::pane::Size;
use crate::session::playhead::Mode;
use crate::text::text;
use crate::widgets::scene::Scene;
use crate::widgets::stage_view;
use loopscope_timeline::Request;
use loopscope_trace::Nanos;

/// How many rows the table would take; none without requests.
pub(crate) fn rows(scene: &Scene) -> u16 {
    let count = if scene.view.mode == Mode::BeforeRun {
        scene.view.timeline.story().planned.len()
    } else {
        scene.view.world.requests.len()
    };
    let said = usize::from(stage_view::said_in_words(scene.view).is_some());
    match count {
        0 if scene.view.timeline.story().is_server() => 2,
        0 => said as u16,
        count => u16::try_from(count + 1 + said).unwrap_or(1_000).min(1_000),
    }
}

/// Draws the newest requests that fit; before the run, those that will be sent.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let mut area = area;
    if let Some(words) = stage_view::said_in_words(scene.view)
        && area.height > 0
    {
        let words = format!("you said  {}", text::clean(words));
        let y = area.bottom() - 1;
        let room = area.width.saturating_sub(4);
        text::put(buf, area.x + 3, y, &words, room, scene.view.theme.muted());
        area.height -= 1;
    }
    if area.height < 2 || !scene.view.timeline.story().is_server() {
        return;
    }
    let dim = scene.view.theme.dim();
    let head = if scene.size == Size::Roomy { 22 } else { 21 };
    for (x, words) in [(4, "at"), (10, "asked"), (head, "answered")] {
        text::put(
            buf,
            area.x + x,
            area.y,
            words,
            area.width.saturating_sub(x),
            dim,
        );
    }
    if scene.view.mode == Mode::BeforeRun {
        planned(scene, area, buf);
        return;
    }
    let requests = &scene.view.world.requests;
    let room = usize::from(area.height - 1);
    let first = requests.len().saturating_sub(room);
    for (request, y) in requests.from(first).zip(area.y + 1..) {
        put_request(scene, request, area, y, buf);
    }
}

/// Requests that will be sent: when, by whom, where to.
fn planned(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let story = scene.view.timeline.story();
    let theme = scene.view.theme;
    for (planned, y) in story.planned.iter().zip(area.y + 1..area.bottom()) {
        let at = format!("{:>6}", planned.at.hundredths());
        text::put(buf, area.x + 1, y, &at, 6_u16, theme.dim());
        let client = story.clients.get(planned.client.index());
        let name = client.map_or("?", |client| client.name.as_str());
        text::put(buf, area.x + 10, y, name, 10_u16, theme.text());
    }
}

fn put_request(scene: &Scene, request: &Request, area: Rect, y: u16, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let timeline = scene.view.timeline;
    let lane = timeline
        .lane_of_request(request.id)
        .and_then(|lane| timeline.lane(lane));
    let at = format!("{:>6}", request.sent.hundredths());
    text::put(buf, area.x + 1, y, &at, 6_u16, theme.dim());
    if let Some(lane) = lane {
        text::put(buf, area.x + 8, y, &lane.letter, 1_u16, theme.focus());
        text::put(buf, area.x + 10, y, &lane.name, 10_u16, theme.text());
    }
    let x = if scene.size == Size::Roomy { 23 } else { 21 };
    let room = area.width.saturating_sub(x);
    let (words, style) = answer(scene, request);
    text::put(buf, area.x + x, y, &words, room, style);
}

fn answer(scene: &Scene, request: &Request) -> (String, ratatui::style::Style) {
    let theme = scene.view.theme;
    let long = |to: Nanos| scene.length(to.since(request.sent));
    let pieces = match request.chunks {
        1 => "1 piece".to_owned(),
        count => format!("{count} pieces"),
    };
    match (request.answered, request.given_up) {
        (answered, Some(at)) if answered.is_none_or(|answered| at <= answered) => {
            (format!("gave up {:>6}", long(at)), theme.focus())
        }
        (Some(at), _) if request.chunks > 0 => (format!("{}, {pieces}", long(at)), theme.text()),
        (None, _) if request.chunks > 0 => (format!("{pieces} so far"), theme.muted()),
        (Some(at), _) => (format!("after {:>6}", long(at)), theme.text()),
        (None, _) => {
            let end = scene.now();
            (format!("not for {}", long(end)), theme.muted())
        }
    }
}
