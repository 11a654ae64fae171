//! The listing, with a letter and a glyph at every line that a lane is in.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::plan::Size;
use crate::settings::panes::PaneId;
use crate::text::text;
use crate::widgets::parts;
use crate::widgets::scene::Scene;
use crate::widgets::source;
use crate::widgets::source::Text;
use loopscope_timeline::{Lane, State};
use loopscope_trace::{Nanos, Token};

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

/// Draws as many lines as fit, round the current one; below them the place in a library that holds the loop.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let Some(text) = source::text(scene) else {
        let words = match scene.view.watched() {
            Some(_) => "No file of the program's own has been seen yet.",
            None => "This recording has no listing.",
        };
        text::put_in(
            buf,
            area.inner(parts::SIDES),
            (0, area.y),
            words,
            theme.dim(),
        );
        return;
    };
    let area = without_inner(scene, area, buf);
    let marks = marks(scene, text);
    let (first, air) = window(scene, (text, &marks), area);
    let digits = text.len().to_string().len().max(2);
    let rows = usize::from(area.height.saturating_sub(air));
    let lines = text.lines(first, rows);
    for ((place, line), y) in (first..).zip(&lines).zip(area.y + air..area.bottom()) {
        let row = Rect::new(area.x, y, area.width, 1);
        let mark = marks.get(place).and_then(Option::as_ref);
        draw_line(scene, (place + 1, digits), line, mark, row, buf);
    }
}

/// Draws the place in a library that holds the loop into the last row; gives what is left above it.
fn without_inner(scene: &Scene, area: Rect, buf: &mut Buffer) -> Rect {
    let inner = source::inner(scene).filter(|_| area.height > 3);
    let Some(words) = inner else {
        return area;
    };
    let style = scene.view.theme.state(State::Blocking);
    let height = area.height - 1;
    let here = "◄ here";
    let room = usize::from(area.width).saturating_sub(3);
    // Where there is no room for both, the place says more.
    let words = match text::width(&words) + 2 + text::width(here) <= room {
        true => format!("{words}  {here}"),
        false => words,
    };
    text::put_in(buf, area, (3, area.y + height), &words, style);
    Rect { height, ..area }
}

/// The first line that is shown, and the rows of air above it.
fn window(scene: &Scene, (text, marks): (Text, &[Option<Mark>]), area: Rect) -> (usize, u16) {
    let lines = marks.len();
    let air = u16::from(scene.size == Size::Roomy && usize::from(area.height) > lines);
    let rows = usize::from(area.height.saturating_sub(air));
    let current = current(scene, text, marks);
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
    let text = source::text(scene).unwrap_or(Text::Listing(&[]));
    let marks = marks(scene, text);
    let area = Rect {
        height: rows(scene, area),
        ..area
    };
    let (first, air) = window(scene, (text, &marks), area);
    let rows = usize::from(area.height.saturating_sub(air));
    Shown {
        first,
        below: marks.len().saturating_sub(first + rows),
        followed: current(scene, text, &marks),
    }
}

/// The rows that lines of the text have.
fn rows(scene: &Scene, area: Rect) -> u16 {
    let inner = area.height > 3 && source::inner(scene).is_some();
    area.height - u16::from(inner)
}

/// The title, and how many lines are out of sight with the keys that lead there.
pub(crate) fn title(scene: &Scene, area: Rect) -> String {
    let language = scene.view.language;
    let name = source::text(scene).map(|text| text.name(language));
    let name = match (name, scene.view.watched()) {
        (Some(name), _) => format!("code  {name}"),
        (None, Some(_)) => "code".to_owned(),
        (None, None) => format!("code  {}", language.name()),
    };
    let shown = shown(scene, area);
    // In a narrow pane the title has no room for more.
    if area.width < 38 || (shown.first == 0 && shown.below == 0) {
        return name;
    }
    let chosen = scene.view.look.focus == PaneId::Code.row().digit();
    let key = |key| if chosen { key } else { "Tab" };
    match (shown.below, shown.first) {
        (0, above) => format!("{name}   {above} more above: {}", key("(")),
        (below, _) => format!("{name}   {below} more below: {}", key(")")),
    }
}

/// The row of each line that [`draw`] shows: its place in the text, and where it stands.
pub(crate) fn places(scene: &Scene, area: Rect) -> Vec<(usize, u16)> {
    let Some(text) = source::text(scene) else {
        return Vec::new();
    };
    let height = rows(scene, area);
    let (first, air) = window(scene, (text, &marks(scene, text)), Rect { height, ..area });
    let rows = area.y + air..area.y + height;
    (first..text.len()).zip(rows).collect()
}

/// The line that the most telling lane is in; of a file where none is, the line that the pane is about.
fn current(scene: &Scene, text: Text, marks: &[Option<Mark>]) -> Option<usize> {
    if let Text::File(..) = text {
        let line = source::focus(scene).and_then(|step| scene.line(Some(step)));
        return line.map(|line| line as usize - 1);
    }
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
        State::Failed => 6,
        State::Overdue => 5,
        State::Ready => 4,
        State::Queued => 3,
        State::Waiting => 2,
        _ => 1,
    }
}

/// Who is at which line.
fn marks(scene: &Scene, text: Text) -> Vec<Option<Mark>> {
    let mut marks: Vec<Option<Mark>> = vec![None; text.len()];
    for row in 0..scene.lanes.story().min(20_000) {
        let Some(lane) = scene.lanes.get(scene.view, row) else {
            break;
        };
        add(scene, text, lane, &mut marks);
    }
    marks
}

fn add<'a>(scene: &Scene<'a>, text: Text, lane: &'a Lane, marks: &mut [Option<Mark>]) {
    // Of many, most are over: nothing follows a final state, so nothing else has to be looked up.
    let last = lane.spans.last();
    if last.is_some_and(|last| last.state.is_final() && last.from <= scene.now()) {
        return;
    }
    let (state, since, step) = scene.state(lane.id);
    if state.is_final() || state == State::Unknown {
        return;
    }
    let story = scene.view.timeline.story();
    let step = step.filter(|step| story.step(*step).is_some_and(|step| text.holds(step)));
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
    (number, digits): (usize, usize),
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
    let digits = format!("{number:>digits$}");
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
