//! Who asked and who was answered; and the output of many requests, equal lines counted.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::layout::plan::Size;
use crate::session::playhead::Mode;
use crate::text::text;
use crate::widgets::scene::Scene;
use crate::widgets::stage_view::StageView;
use loopscope_timeline::{Request, explain};
use loopscope_trace::{Nanos, TextId};

/// How many rows the table would take; none without requests.
pub(crate) fn rows(scene: &Scene) -> u16 {
    let count = if scene.view.mode == Mode::BeforeRun {
        scene.view.timeline.story().planned.len()
    } else {
        scene.view.world.requests.len()
    };
    let said = usize::from(scene.view.look.predicted.words.is_some());
    match count {
        0 if scene.view.timeline.story().is_server() => 2,
        0 => said as u16,
        count => u16::try_from(count + 1 + said).unwrap_or(1_000).min(1_000),
    }
}

/// Draws the newest requests that fit; before the run, those that will be sent.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let mut area = area;
    if let Some(words) = scene.view.look.predicted.words
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
    for (x, words) in [(4, scene.at_word()), (10, "asked"), (head, "answered")] {
        text::put_in(buf, area, (x, area.y), words, dim);
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
        let at = format!("{:>7}", scene.at(planned.at));
        text::put(buf, area.x, y, &at, 7_u16, theme.dim());
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
    let at = format!("{:>7}", scene.at(request.sent));
    text::put(buf, area.x, y, &at, 7_u16, theme.dim());
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
    let pieces = explain::number_of(request.chunks as usize, "piece");
    if request.refused.is_some() {
        return ("refused".to_owned(), theme.focus());
    }
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

/// Lines that are looked at for one frame.
const MOST: usize = 20_000;

/// Equal lines of one moment.
#[derive(Clone, Copy, Debug)]
struct EqualLines {
    at: Nanos,
    text: TextId,
    times: usize,
}

/// Draws the newest equal lines, and below them what was predicted.
pub(crate) fn draw_crowd(scene: &Scene, area: Rect, buf: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let theme = scene.view.theme;
    let put = |buf: &mut Buffer, x: u16, y: u16, words: &str, style: Style| {
        let room = area.width.saturating_sub(x + 1);
        text::put(buf, area.x + x, y, words, room, style);
    };
    let mut bottom = area.bottom();
    if let Some(words) = scene.view.look.predicted.words
        && area.height > 2
    {
        bottom -= 1;
        // Rather no margin than no end.
        let long = text::width(words) + 14 > usize::from(area.width);
        let (x, gap) = if long { (1, "") } else { (3, " ") };
        let words = format!("you said {gap}{words}");
        put(buf, x, bottom, &words, theme.muted());
    }
    let more = scene.view.world.ended.is_none() && scene.view.mode != Mode::BeforeRun;
    let head = u16::from(bottom > area.y + 1);
    let rows = usize::from(bottom - area.y - head);
    let more = more && rows > 1;
    let rows = rows - usize::from(more);
    let mut folds = folds(scene, rows + 1);
    if folds.len() > rows {
        // Not all moments have room: each text with its first and last moment has.
        let wide = area.width >= 36;
        if let Some(texts) = wide.then(|| texts(scene.view)).flatten() {
            let height = bottom - area.y;
            return draw_texts(scene, &texts, Rect { height, ..area }, buf);
        }
        folds.remove(0);
    }
    if head > 0 {
        for (x, words) in [(4, scene.at_word()), (10, "printed"), (21, "times")] {
            put(buf, x, area.y, words, theme.dim());
        }
    }
    let mut y = area.y + head;
    for fold in folds {
        let at = format!("{:>7}", scene.at(fold.at));
        put(buf, 0, y, &at, theme.dim());
        let words = scene.view.timeline.trace().text(fold.text);
        put(buf, 10, y, &text::fit(words, 10), theme.text());
        put(buf, 21, y, &format!("{:>5}", fold.times), theme.text());
        y += 1;
    }
    if more && y < bottom {
        put(buf, 10, y, "…", theme.dim());
    }
}

/// A text, how often it was printed, when first and when last.
pub(crate) struct Text {
    text: TextId,
    times: usize,
    first: Nanos,
    last: Nanos,
}

/// More different texts than this are not counted one by one.
const TEXTS: usize = 40;

/// All texts so far by the newest line of each; `None` where there are too many.
pub(crate) fn texts(view: &StageView) -> Option<Vec<Text>> {
    let outputs = view.timeline.outputs();
    let printed = &outputs[..view.world.outputs.min(outputs.len())];
    let mut texts: Vec<Text> = Vec::new();
    for line in printed {
        let place = texts.iter().position(|text| text.text == line.text);
        match place {
            Some(place) => {
                texts[place].times += 1;
                texts[place].last = line.at;
            }
            None if texts.len() == TEXTS => return None,
            None => texts.push(Text {
                text: line.text,
                times: 1,
                first: line.at,
                last: line.at,
            }),
        }
    }
    texts.sort_by_key(|text| text.last);
    Some(texts)
}

/// Draws each text once, the newest last.
pub(crate) fn draw_texts(scene: &Scene, texts: &[Text], area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let put = |buf: &mut Buffer, x: u16, y: u16, words: &str, style: Style| {
        let room = area.width.saturating_sub(x + 1);
        text::put(buf, area.x + x, y, words, room, style);
    };
    type Column = (&'static str, u16, fn(&Text) -> Nanos);
    const BOTH: [Column; 2] = [("first", 27, |it| it.first), ("last", 36, |it| it.last)];
    const LAST: [Column; 1] = [("last", 27, |it| it.last)];
    let columns: &[Column] = match area.width {
        ..36 => &[],
        36..46 => &LAST,
        _ => &BOTH,
    };
    let (printed, long) = if area.width < 36 { (1, 10) } else { (4, 16) };
    put(buf, printed, area.y, "printed", theme.dim());
    put(buf, printed + long + 1, area.y, "times", theme.dim());
    for (words, x, _) in columns {
        put(buf, *x, area.y, &format!("{words:>8}"), theme.dim());
    }
    let rows = usize::from(area.height.saturating_sub(1));
    let first = texts.len().saturating_sub(rows);
    for (line, y) in texts[first..].iter().zip(area.y + 1..) {
        let words = scene.view.timeline.trace().text(line.text);
        put(
            buf,
            printed,
            y,
            &text::fit(words, usize::from(long)),
            theme.text(),
        );
        let times = format!("{:>6}", line.times);
        put(buf, printed + long, y, &times, theme.text());
        for (_, x, moment) in columns {
            let at = format!("{:>8}", scene.at_unit(moment(line)));
            put(buf, *x, y, &at, theme.dim());
        }
    }
}

/// The newest `rows` of them, oldest first. Lines belong together while less than a twentieth of
/// a second lies between them.
fn folds(scene: &Scene, rows: usize) -> Vec<EqualLines> {
    let outputs = scene.view.timeline.outputs();
    let printed = &outputs[..scene.view.world.outputs.min(outputs.len())];
    let gap = Nanos::from_millis(50);
    let mut folds: Vec<EqualLines> = Vec::new();
    let mut begin = 0;
    let mut later: Option<Nanos> = None;
    for line in printed.iter().rev().take(MOST) {
        if later.is_some_and(|later| later.since(line.at) > gap) {
            if folds.len() >= rows {
                break;
            }
            begin = folds.len();
        }
        later = Some(line.at);
        let mut same = folds[begin..].iter_mut();
        match same.find(|fold| fold.text == line.text) {
            Some(fold) => {
                fold.times += 1;
                fold.at = line.at;
            }
            None => folds.push(EqualLines {
                at: line.at,
                text: line.text,
                times: 1,
            }),
        }
    }
    folds.sort_by_key(|fold| fold.at);
    let first = folds.len().saturating_sub(rows);
    folds.split_off(first)
}
