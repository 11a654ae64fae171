//! Everything round the panes but the first row: rules with titles, dividers, caption, legend, last row.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::keys::key::Hint;
use crate::layout::axis::Axis;
use crate::layout::plan::{Placed, Plan};
use crate::panes::draw as panes;
use crate::session::playhead::Mode;
use crate::settings::panes::{Columns, PaneId};
use crate::text::sign::Sign;
use crate::text::text;
use crate::text::theme::Theme;
use crate::widgets::parts;
use crate::widgets::scene::Scene;
use loopscope_timeline::State;
use loopscope_trace::Nanos;

/// Rules and dividers, joined where they meet.
pub(crate) fn rules(plan: &Plan, theme: &Theme, buf: &mut Buffer) {
    let dim = theme.dim();
    for rule in &plan.rules {
        parts::fill(buf, *rule, theme.rule(), dim);
    }
    let ruled = |x: u16, y: u16| {
        plan.rules
            .iter()
            .any(|rule| rule.y == y && x >= rule.left() && x < rule.right())
    };
    let barred = |x: u16, y: u16| {
        plan.bars
            .iter()
            .any(|bar| bar.x == x && y >= bar.top() && y < bar.bottom())
    };
    for bar in &plan.bars {
        for y in bar.top()..=bar.bottom() {
            let left = bar.x > 0 && ruled(bar.x - 1, y);
            let right = ruled(bar.x + 1, y);
            let up = y > 0 && barred(bar.x, y - 1);
            let down = barred(bar.x, y + 1);
            let sign = match (left, right, up, down) {
                (true, true, true, true) => Sign::Cross,
                (true, true, true, false) => Sign::TeeUp,
                (true, true, false, true) => Sign::TeeDown,
                (true, true, false, false) => Sign::Rule,
                (false, true, ..) => Sign::TeeRight,
                (true, false, ..) => Sign::TeeLeft,
                (false, false, ..) => Sign::Bar,
            };
            if y < bar.bottom() || left || right {
                text::put(buf, bar.x, y, theme.sign(sign), 1_u16, dim);
            }
        }
    }
}

/// A pane's title in the rule above it; the axis too, where it has one.
pub(crate) fn title(scene: &Scene, pane: &Placed, buf: &mut Buffer) {
    let theme = scene.view.theme;
    if pane.id == PaneId::PictureRow {
        return;
    }
    let Some(y) = pane.area.y.checked_sub(1) else {
        return;
    };
    let row = pane.id.row();
    let words = format!(" {} {} ", row.key, panes::title(scene, pane));
    let room = pane.area.width.saturating_sub(1);
    let focus = scene.view.look.focus;
    let style = if focus.is_some() && focus == row.digit() {
        theme.focus().reversed()
    } else {
        theme.title()
    };
    text::put(buf, pane.area.x + 1, y, &words, room, style);
    if row.columns == Columns::Axis {
        axis(scene, pane, y, buf);
    }
}

/// The ticks, and the playhead where it does not sit at the end of the ink.
fn axis(scene: &Scene, pane: &Placed, y: u16, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let area = pane.area;
    let axis = panes::axis(scene, pane);
    let moves = matches!(
        scene.view.mode,
        Mode::Paused | Mode::Playing | Mode::Recorded
    );
    let head = (moves && axis.cells > 0).then(|| axis.left + axis.cell(scene.now()));
    let said = said(scene, &axis);
    // A label with a hole reads as another label: it gives way to the playhead, and to what was
    // predicted.
    let free = |(x, label): &(u16, String)| {
        let end = *x + label.len() as u16;
        head.is_none_or(|head| head < *x || head >= end)
            && said.as_ref().is_none_or(|(from, words)| {
                let to = from + text::width(words) as u16;
                end < *from || *x > to
            })
    };
    for (x, label) in axis.ticks().into_iter().filter(free) {
        text::put_in(buf, area, (x - area.x, y), &label, theme.dim());
    }
    if let Some((x, words)) = &said {
        let room = area.right().saturating_sub(*x);
        text::put(buf, *x, y, words, room, theme.focus());
    }
    if let Some(x) = head {
        text::put(buf, x, y, theme.sign(Sign::Playhead), 1_u16, theme.focus());
    }
}

/// When it was predicted to be over, where the page reaches so far: a sign at its moment, and
/// words beside it. The prediction is the viewer's own, so it gives nothing away.
fn said(scene: &Scene, axis: &Axis) -> Option<(u16, String)> {
    let end = scene.view.look.predicted.end?;
    let page = axis.page;
    let last = page.from.0.saturating_add(page.length.0);
    if axis.cells == 0 || end < page.from || end.0 > last {
        return None;
    }
    let sign = scene.view.theme.sign(Sign::Said);
    let x = axis.left + axis.cell(end);
    let words = match scene.view.look.predicted.words {
        Some(length) if axis.cells >= 40 => format!("you said {length}"),
        _ => "you said".to_owned(),
    };
    let wide = text::width(&words) as u16 + 1;
    Some(if x >= axis.left + wide {
        (x - wide, format!("{words} {sign}"))
    } else {
        (x, format!("{sign} {words}"))
    })
}

/// The legend's row.
pub(crate) fn legend(scene: &Scene, area: Rect, buf: &mut Buffer) {
    const ROW: [(State, &str); 9] = [
        (State::Running, "running"),
        (State::Blocking, "blocking"),
        (State::Ready, "ready"),
        (State::Overdue, "overdue"),
        (State::Waiting, "waiting"),
        (State::Queued, "queued"),
        (State::OnPool, "on a pool thread"),
        (State::InBacklog, "in the backlog"),
        (State::Done, "done"),
    ];
    let theme = scene.view.theme;
    let mut x = area.x + 1;
    for (state, word) in ROW {
        let wide = 2 + word.len() as u16;
        if area.height == 0 || x + wide > area.right() {
            return;
        }
        let style = theme.state(state);
        text::put(buf, x, area.y, theme.glyph(state), 1_u16, style);
        text::put(buf, x + 2, area.y, word, wide, theme.dim());
        x += wide + 3;
    }
}

/// The sentence, broken at words.
pub(crate) fn caption(scene: &Scene, rows: &[String], plan: &Plan, buf: &mut Buffer) {
    let area = plan.caption;
    let style = if plan.sentence {
        scene.view.theme.focus()
    } else {
        scene.view.theme.text()
    };
    parts::put_rows(buf, area.inner(parts::SIDES), rows, style);
}

/// The last row: keys that are useful now. The menu's key stands at the right end; what does not
/// fit is left out from the end, except for help and menu.
pub(crate) fn footer(
    theme: &Theme,
    hints: &[Hint],
    next: Option<&str>,
    area: Rect,
    buf: &mut Buffer,
) {
    let mut parts: Vec<(String, String)> = Vec::new();
    if let Some(next) = next {
        parts.push(("Enter".into(), format!("next: {}", text::clean(next))));
    }
    let hints = hints
        .iter()
        .filter(|hint| next.is_none() || hint.key != "Enter");
    parts.extend(hints.map(|hint| (hint.key.to_owned(), hint.does.to_owned())));
    let wide = |part: &(String, String)| text::width(&part.0) + 1 + text::width(&part.1);
    let room = usize::from(area.width.saturating_sub(2));
    let all = |parts: &[(String, String)], gap: usize| {
        parts.iter().map(|part| wide(part) + gap).sum::<usize>() - gap
    };
    if next.is_some() && all(&parts, 2) > room && area.width < 60 {
        // Where it goes is said by the menu too.
        parts[0].1 = "next".into();
    }
    while parts.len() > 1 && all(&parts, 2) > room {
        let least = parts
            .iter()
            .rposition(|part| part.0 != "q" && part.0 != "?")
            .unwrap_or(parts.len() - 1);
        parts.remove(least);
    }
    if parts.is_empty() {
        return;
    }
    // The gap in front of the last one may be narrower than the others.
    let gap = if all(&parts, 3) <= room + 1 { 3 } else { 2 };
    let end = area.right().saturating_sub(1);
    let mut x = area.x + 1;
    for (place, part) in parts.iter().enumerate() {
        if place > 0 && place + 1 == parts.len() && part.0 == "q" {
            x = end.saturating_sub(wide(part) as u16);
        }
        x += text::put(buf, x, area.y, &part.0, end.saturating_sub(x), theme.key()) + 1;
        x += text::put(buf, x, area.y, &part.1, end.saturating_sub(x), theme.dim()) + gap;
    }
}

/// One sentence where nothing else fits.
pub(crate) fn too_small(theme: &Theme, area: Rect, buf: &mut Buffer, now: Nanos) {
    let sentence = format!(
        "loopscope needs 40 columns and 10 rows; this is {}x{}. {}s",
        area.width,
        area.height,
        now.hundredths()
    );
    parts::paragraph(buf, area, &sentence, theme.text());
}
