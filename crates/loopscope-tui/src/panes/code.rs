//! The listing, with a letter and a glyph at every line that a lane is in.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::plan::Size;
use crate::settings::panes::PaneId;
use crate::text::text;
use crate::widgets::parts;
use crate::widgets::scene::Scene;
use loopscope_timeline::{Lane, State};
use loopscope_trace::{Language, Nanos, Token};

/// Who is at a line.
#[derive(Clone, Debug, Default)]
struct Mark {
    /// How many lanes.
    count: usize,
    /// Letters of the first two.
    letters: String,
    /// The state with the most ink among them, and since when.
    state: State,
    since: Nanos,
}

/// Draws as many lines as fit, round the current one.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let story = scene.view.timeline.story();
    let Some(listing) = story.listing(scene.view.language) else {
        let words = "This recording has no listing.";
        let style = scene.view.theme.dim();
        text::put_in(buf, area.inner(parts::SIDES), (0, area.y), words, style);
        return;
    };
    let marks = marks(scene, listing.lines.len());
    let (first, air) = window(scene, &marks, area);
    let lines = listing.lines.iter().zip(&marks).enumerate().skip(first);
    for ((place, (line, mark)), y) in lines.zip(area.y + air..area.bottom()) {
        let row = Rect::new(area.x, y, area.width, 1);
        draw_line(scene, place + 1, line, mark.as_ref(), row, buf);
    }
}

/// The first line that is shown, and the rows of air above it.
fn window(scene: &Scene, marks: &[Option<Mark>], area: Rect) -> (usize, u16) {
    let lines = marks.len();
    let air = u16::from(scene.size == Size::Roomy && usize::from(area.height) > lines);
    let rows = usize::from(area.height.saturating_sub(air));
    let current = current(marks);
    let chosen = scene.view.look.code_first;
    let chosen = chosen.filter(|(_, followed)| *followed == current);
    let first = chosen.map_or_else(|| first_line(current, rows), |(first, _)| first);
    (first.min(lines.saturating_sub(rows)), air)
}

/// What scrolling starts from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    /// The first line in sight.
    pub(crate) first: usize,
    /// The lines below the last one in sight.
    pub(crate) below: usize,
    /// The line that is followed.
    pub(crate) followed: Option<usize>,
}

/// Which lines are in sight.
pub(crate) fn shown(scene: &Scene, area: Rect) -> Shown {
    let story = scene.view.timeline.story();
    let listing = story.listing(scene.view.language);
    let lines = listing.map_or(0, |listing| listing.lines.len());
    let marks = marks(scene, lines);
    let (first, air) = window(scene, &marks, area);
    let rows = usize::from(area.height.saturating_sub(air));
    Shown {
        first,
        below: lines.saturating_sub(first + rows),
        followed: current(&marks),
    }
}

/// The title, and how many lines are out of sight with the keys that lead there.
pub(crate) fn title(scene: &Scene, area: Rect) -> String {
    let name = match scene.view.language {
        Language::Python => "code  Python",
        Language::Rust => "code  Rust",
    };
    let shown = shown(scene, area);
    // In a narrow pane the title has no room for more.
    if area.width < 38 || (shown.first == 0 && shown.below == 0) {
        return name.to_owned();
    }
    let chosen = scene.view.look.focus == PaneId::Code.row().digit();
    let key = |key| if chosen { key } else { "Tab" };
    match (shown.below, shown.first) {
        (0, above) => format!("{name}   {above} more above: {}", key("(")),
        (below, _) => format!("{name}   {below} more below: {}", key(")")),
    }
}

/// The row of each line that [`draw`] shows: its place in the listing, and where it stands.
pub(crate) fn places(scene: &Scene, area: Rect) -> Vec<(usize, u16)> {
    let story = scene.view.timeline.story();
    let Some(listing) = story.listing(scene.view.language) else {
        return Vec::new();
    };
    let (first, air) = window(scene, &marks(scene, listing.lines.len()), area);
    let rows = area.y + air..area.bottom();
    (first..listing.lines.len()).zip(rows).collect()
}

/// The line that the most telling lane is in.
fn current(marks: &[Option<Mark>]) -> Option<usize> {
    let marked = marks.iter().enumerate();
    let ranked = marked.filter_map(|(place, mark)| Some((rank(mark.as_ref()?.state), place)));
    let most = ranked.max_by_key(|(rank, place)| (*rank, std::cmp::Reverse(*place)));
    most.map(|(_, place)| place)
}

/// Keeps the current line in sight.
fn first_line(current: Option<usize>, rows: usize) -> usize {
    current.unwrap_or(0).saturating_sub(rows / 2)
}

/// How much a state claims the eye.
const fn rank(state: State) -> u8 {
    match state {
        State::Blocking => 9,
        State::Running => 8,
        State::OnPool => 7,
        State::Panicked => 6,
        State::Overdue => 5,
        State::Ready => 4,
        State::Queued => 3,
        State::Waiting => 2,
        _ => 1,
    }
}

/// Who is at which line.
fn marks(scene: &Scene, lines: usize) -> Vec<Option<Mark>> {
    let mut marks: Vec<Option<Mark>> = vec![None; lines];
    for row in 0..scene.lanes.story().min(20_000) {
        let Some(lane) = scene.lanes.get(scene.view, row) else {
            break;
        };
        add(scene, lane, &mut marks);
    }
    marks
}

fn add<'a>(scene: &Scene<'a>, lane: &'a Lane, marks: &mut [Option<Mark>]) {
    // Of many, most are over: nothing follows a final state, so nothing else has to be looked up.
    let last = lane.spans.last();
    if last.is_some_and(|last| last.state.is_final() && last.from <= scene.now()) {
        return;
    }
    let (state, since, step) = scene.state(lane.id);
    if state.is_final() || state == State::Unknown {
        return;
    }
    let slot = scene
        .line(step)
        .and_then(|line| marks.get_mut(line as usize - 1));
    let Some(slot) = slot else {
        return;
    };
    let mark = slot.get_or_insert_default();
    if mark.count == 0 || rank(state) > rank(mark.state) {
        (mark.state, mark.since) = (state, since);
    }
    mark.count += 1;
    if mark.count <= 2 {
        mark.letters.push_str(scene.letter(lane));
    }
}

fn draw_line(
    scene: &Scene,
    number: usize,
    line: &[Token],
    mark: Option<&Mark>,
    row: Rect,
    buf: &mut Buffer,
) {
    let theme = scene.view.theme;
    let roomy = scene.size == Size::Roomy;
    // Columns: who, glyph, number, text.
    let (glyph_at, number_at, text_at) = if roomy { (3, 4, 8) } else { (2, 3, 6) };
    let end = row.right();
    let room = |x: u16| end.saturating_sub(x);
    let digits = format!("{number:>2}");
    let text_at = text_at + digits.len() as u16 - 2;
    let number_style = if mark.is_some() {
        theme.text()
    } else {
        theme.dim()
    };
    let x = row.x + number_at;
    text::put(buf, x, row.y, &digits, room(x), number_style);
    let mut x = row.x + text_at;
    for token in line {
        x += text::put(buf, x, row.y, &token.text, room(x), theme.token(token.role));
    }
    let Some(mark) = mark else {
        return;
    };
    let style = theme.state(mark.state);
    let who = if mark.count <= 2 && text::width(&mark.letters) == mark.count {
        mark.letters.clone()
    } else {
        mark.count.to_string()
    };
    let wide = (text::width(&who) as u16).min(glyph_at);
    let lead = 2_u16.saturating_sub(wide);
    text::put(buf, row.x + lead, row.y, &who, glyph_at, style);
    let glyph = theme.glyph(mark.state);
    text::put(buf, row.x + glyph_at, row.y, glyph, 1_u16, style);
    if roomy && mark.count == 1 {
        let x = (x + 2).max(row.x + 30);
        let long = scene.length(scene.now().since(mark.since));
        if text::width(&long) as u16 <= room(x) {
            text::put(buf, x, row.y, &long, room(x), style);
        }
    }
}
