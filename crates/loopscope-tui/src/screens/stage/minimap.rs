//! The whole run in the rule above the caption: what was found, which part is shown, the playhead.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::layout::axis::{Axis, Page};
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::scene::Scene;
use loopscope_trace::Nanos;

/// Columns for the run's end, with a blank on either side.
const END: u16 = 11;

/// Columns for the run's start.
const START: u16 = 5;

/// The run on a row; `None` while the panes show all of it anyway.
fn axis(scene: &Scene, rule: Rect) -> Option<Axis> {
    let view = scene.view;
    let all = view.look.zoom.is_none() && scene.page.from == Nanos::ZERO;
    let end = view.timeline.end();
    if all || end == Nanos::ZERO || rule.width < 40 {
        return None;
    }
    let run = Page {
        from: Nanos::ZERO,
        length: end,
    };
    let wide = rule.width - START - END;
    Some(Axis {
        page: run,
        left: rule.x + START,
        cells: wide,
        columns: wide,
    })
}

/// The moment under a cell of the row.
pub(crate) fn moment(scene: &Scene, rule: Rect, column: u16, row: u16) -> Option<Nanos> {
    let here = Position::new(column, row);
    axis(scene, rule)
        .filter(|_| rule.contains(here))?
        .moment(column)
}

/// Draws it over the rule.
pub(crate) fn draw(scene: &Scene, rule: Rect, buf: &mut Buffer) {
    let Some(axis) = axis(scene, rule) else {
        return;
    };
    let theme = scene.view.theme;
    let end = scene.view.timeline.end();
    text::put(buf, rule.x + 1, rule.y, " 0s ", 4_u16, theme.dim());
    let label = format!(" {}s ", end.hundredths());
    let x = axis.left + axis.cells + 1;
    let room = rule.right().saturating_sub(x);
    text::put(
        buf,
        axis.left + axis.cells,
        rule.y,
        theme.rule(),
        1_u16,
        theme.dim(),
    );
    text::put(buf, x, rule.y, &label, room, theme.dim());
    for cell in 0..axis.cells {
        text::put(
            buf,
            axis.left + cell,
            rule.y,
            theme.rule(),
            1_u16,
            theme.dim(),
        );
    }
    marks(scene, &axis, rule.y, buf);
    window(scene, &axis, rule.y, buf);
    let x = axis.left + axis.cell(scene.now());
    text::put(
        buf,
        x,
        rule.y,
        theme.sign(Sign::Playhead),
        1_u16,
        theme.focus(),
    );
}

/// What was found so far: how long a loop was held, and when anything else showed.
fn marks(scene: &Scene, axis: &Axis, y: u16, buf: &mut Buffer) {
    let view = scene.view;
    let theme = view.theme;
    let seen = view.furthest.max(view.moment.at);
    let known = view.timeline.findings().iter();
    let known = known.take_while(|finding| finding.found <= seen);
    for finding in known.clone() {
        let Some(state) = finding.kind.on_map else {
            continue;
        };
        let last = axis.cell((finding.at + finding.length).min(seen));
        for cell in axis.cell(finding.at)..=last {
            let x = axis.left + cell;
            text::put(buf, x, y, theme.glyph(state), 1_u16, theme.state(state));
        }
    }
    for finding in known {
        let x = axis.left + axis.cell(finding.at);
        text::put(buf, x, y, theme.sign(Sign::Into), 1_u16, theme.focus());
    }
}

/// The part that the panes show, between two brackets.
fn window(scene: &Scene, axis: &Axis, y: u16, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let (first, last) = (axis.cell(scene.page.from), axis.cell(scene.page.end()));
    // Beside the cells that it spans: however short it is, the playhead in it stays in sight.
    for (x, sign) in [
        ((axis.left + first).saturating_sub(1), "["),
        (axis.left + last + 1, "]"),
    ] {
        text::put(buf, x, y, sign, 1_u16, theme.focus());
    }
}
