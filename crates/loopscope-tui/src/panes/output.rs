//! What was printed, beside what was predicted; below it who asked, and who was answered.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::plan::Size;
use crate::panes::{asked, printed, shared};
use crate::session::playhead::Mode;
use crate::text::text;
use crate::widgets::scene::Scene;
use loopscope_timeline::OutputLine;

/// Columns of the table.
struct Columns {
    /// The line in the listing: where its figure ends.
    line: Option<u16>,
    /// What was predicted.
    said: Option<u16>,
    /// Columns for what was printed.
    printed: u16,
}

/// Draws the newest lines, and the requests where there is room.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let air = u16::from(scene.size == Size::Roomy && area.height > 8);
    let area = Rect::new(area.x, area.y + air, area.width, area.height - air);
    if scene.view.watched().is_some() {
        return printed::draw(scene, area, buf);
    }
    if scene.size <= Size::Medium {
        lines(scene, area, false, buf);
        return;
    }
    // What the functions share stands below, as long as the lines keep most of the room.
    let rows = shared::rows(scene).min(area.height / 3);
    let below = Rect::new(area.x, area.bottom() - rows, area.width, rows);
    shared::draw(scene, below, buf);
    let area = Rect {
        height: area.height - rows,
        ..area
    };
    if scene.crowd() {
        asked::draw_crowd(scene, area, buf);
        return;
    }
    let want = wanted(scene) + 1;
    let asked_want = asked::rows(scene);
    let start = start_of_asked(scene, area.height, want, asked_want);
    let (above, below) = match start {
        // A blank row between the two, where there is one to spare.
        Some(start) if start > want => (start - 1, start),
        Some(start) => (start, start),
        None => (area.height, area.height),
    };
    lines(
        scene,
        Rect {
            height: above,
            ..area
        },
        true,
        buf,
    );
    let rest = Rect::new(area.x, area.y + below, area.width, area.height - below);
    asked::draw(scene, rest, buf);
}

/// The row at which the requests begin: beside the threads where nothing needs more room.
fn start_of_asked(scene: &Scene, height: u16, want: u16, asked: u16) -> Option<u16> {
    if asked == 0 || height < 7 {
        return None;
    }
    let beside = if scene.size == Size::Roomy { 8 } else { 6 };
    if want + 1 + asked <= height {
        return Some(beside.max(want + 1).min(height - asked));
    }
    if want + asked <= height {
        return Some(want);
    }
    let least = asked.min((height / 2).saturating_sub(1).max(3));
    Some((height - least).max(beside.min(height - least)))
}

/// How many rows the lines would take.
fn wanted(scene: &Scene) -> u16 {
    let printed = scene.view.world.outputs + usize::from(goes_on(scene));
    let rows = printed.max(scene.view.look.predicted.lines.len()).max(1);
    u16::try_from(rows).unwrap_or(1_000).min(1_000)
}

/// Whether more may be printed.
fn goes_on(scene: &Scene) -> bool {
    scene.view.world.ended.is_none() && scene.view.mode != Mode::BeforeRun
}

fn columns(scene: &Scene, area: Rect) -> Columns {
    let said = !scene.view.look.predicted.lines.is_empty();
    let line = scene.size == Size::Roomy && area.width >= 46;
    let (line, said) = match (line, said, area.width) {
        (true, true, _) => (Some(25), Some(28)),
        (true, false, _) => (Some(area.width - 4), None),
        (false, true, 36..) => (None, Some(21)),
        _ => (None, None),
    };
    let end = match (line, said) {
        (Some(line), _) => line - 4,
        (None, Some(said)) => said - 1,
        (None, None) => area.width,
    };
    Columns {
        line,
        said,
        printed: end.saturating_sub(10),
    }
}

/// The lines: the newest stay in sight.
fn lines(scene: &Scene, area: Rect, heading: bool, buf: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let theme = scene.view.theme;
    let columns = columns(scene, area);
    let mut y = area.y;
    if heading && area.height > 1 {
        head(scene, &columns, area, buf);
        y += 1;
    }
    let rows = usize::from(area.bottom() - y);
    let outputs = scene.view.timeline.outputs();
    let printed = scene.view.world.outputs.min(outputs.len());
    let said = scene.view.look.predicted.lines;
    let more = usize::from(goes_on(scene));
    // What is printed next stays in sight too, unless a single row is all there is.
    let last = if rows == 1 { printed } else { printed + more };
    let first = if printed.max(said.len()) + more <= rows {
        0
    } else {
        last.saturating_sub(rows)
    };
    for (place, y) in (first..).zip(y..area.bottom()) {
        if let Some(line) = outputs.get(place).filter(|_| place < printed) {
            put_line(scene, line, &columns, (area, y), buf);
        } else if place == printed && more > 0 {
            let style = theme.dim();
            text::put_in(buf, area, (10, y), "…", style);
        }
        if let Some(x) = columns.said
            && let Some(words) = said.get(place)
        {
            let verdict = (place < printed).then(|| {
                let text = scene.view.timeline.trace().text(outputs[place].text);
                text == words
            });
            put_said(scene, words, verdict, (area, x, y), buf);
        }
    }
}

fn head(scene: &Scene, columns: &Columns, area: Rect, buf: &mut Buffer) {
    let style = scene.view.theme.dim();
    let mut put = |x: u16, words: &str| {
        let room = area.width.saturating_sub(x);
        text::put(buf, area.x + x, area.y, words, room, style);
    };
    put(4, scene.at_word());
    put(10, "printed");
    if let Some(line) = columns.line {
        put(line - 3, "line");
    }
    if let Some(said) = columns.said {
        put(said, "you said");
    }
}

/// One printed line.
fn put_line(
    scene: &Scene,
    line: &OutputLine,
    columns: &Columns,
    (area, y): (Rect, u16),
    buf: &mut Buffer,
) {
    let theme = scene.view.theme;
    let at = format!("{:>7}", scene.at(line.at));
    text::put_in(buf, area, (0, y), &at, theme.dim());
    let lane = line.lane.and_then(|lane| scene.view.timeline.lane(lane));
    let letter = lane.map_or("", |lane| scene.letter(lane));
    let letters = area.width.saturating_sub(8).min(3);
    let used = text::put(buf, area.x + 8, y, letter, letters, theme.focus());
    // Letters go on with AA after Z.
    let x = 9 + used.max(1);
    let words = scene.view.timeline.trace().text(line.text);
    let room = (columns.printed + 10).saturating_sub(x);
    let room = room.min(area.width.saturating_sub(x));
    let style = if scene.stands_back(line.lane) {
        theme.dim()
    } else {
        theme.text()
    };
    text::put(buf, area.x + x, y, words, room, style);
    if let Some(end) = columns.line
        && let Some(number) = scene.line(line.step)
    {
        let figure = number.to_string();
        let wide = figure.len() as u16;
        text::put(buf, area.x + end + 1 - wide, y, &figure, wide, theme.dim());
    }
}

/// A predicted line, and whether it was right once the line of its place has been printed.
fn put_said(
    scene: &Scene,
    words: &str,
    verdict: Option<bool>,
    (area, x, y): (Rect, u16, u16),
    buf: &mut Buffer,
) {
    let theme = scene.view.theme;
    let least = if columns_wide(area) { 10 } else { 9 };
    // Long lines take what is free behind the verdict, so that they can be told apart.
    let longest = scene
        .view
        .look
        .predicted
        .lines
        .iter()
        .map(|line| line.chars().count());
    let longest = u16::try_from(longest.max().unwrap_or(0)).unwrap_or(u16::MAX);
    let most = area.width.saturating_sub(x + 5).max(least);
    let verdict_at = x + longest.saturating_add(1).clamp(least, most);
    let room = verdict_at - x - 1;
    text::put(buf, area.x + x, y, words, room, theme.muted());
    if let Some(same) = verdict {
        let (word, style) = if same {
            ("same", theme.dim())
        } else {
            ("not", theme.focus())
        };
        let room = area.width.saturating_sub(verdict_at);
        text::put(buf, area.x + verdict_at, y, word, room, style);
    }
}

const fn columns_wide(area: Rect) -> bool {
    area.width >= 46
}
