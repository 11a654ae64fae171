//! The output of many requests: equal lines that come together are counted.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Scene, output};
use crate::trace::{Nanos, TextId};
use crate::tui::text;
use crate::tui::view_parts::Mode;

/// Lines that are looked at for one frame.
const MOST: usize = 20_000;

/// Equal lines of one moment.
#[derive(Clone, Copy, Debug)]
struct Fold {
    at: Nanos,
    text: TextId,
    times: usize,
}

/// Draws the newest folds, and below them what was predicted.
pub fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let theme = scene.view.theme;
    let mut area = area;
    if let Some(words) = output::said_in_words(scene.view.chosen)
        && area.height > 2
    {
        let words = format!("you said  {}", text::clean(words));
        let room = area.width.saturating_sub(4);
        text::put(
            buf,
            area.x + 3,
            area.bottom() - 1,
            &words,
            room,
            theme.muted(),
        );
        area.height -= 1;
    }
    let mut y = area.y;
    if area.height > 1 {
        for (x, words) in [(4, "at"), (10, "printed"), (21, "times")] {
            text::put(
                buf,
                area.x + x,
                y,
                words,
                area.width.saturating_sub(x),
                theme.dim(),
            );
        }
        y += 1;
    }
    let rows = usize::from(area.bottom() - y);
    let more = scene.view.world.ended.is_none() && scene.view.mode != Mode::BeforeRun && rows > 1;
    let folds = folds(scene, rows - usize::from(more));
    for fold in folds {
        let at = format!("{:>6}", fold.at.hundredths());
        text::put(buf, area.x + 1, y, &at, 6_u16, theme.dim());
        let words = scene.view.timeline.trace().text(fold.text);
        text::put(buf, area.x + 10, y, words, 10_u16, theme.text());
        let times = format!("{:>5}", fold.times);
        text::put(
            buf,
            area.x + 21,
            y,
            &times,
            area.width.saturating_sub(21),
            theme.text(),
        );
        y += 1;
    }
    if more && y < area.bottom() {
        text::put(
            buf,
            area.x + 10,
            y,
            "…",
            area.width.saturating_sub(10),
            theme.dim(),
        );
    }
}

/// The newest `rows` folds, oldest first. Lines belong together while less than a twentieth of
/// a second lies between them.
fn folds(scene: &Scene, rows: usize) -> Vec<Fold> {
    let outputs = scene.view.timeline.outputs();
    let printed = &outputs[..scene.view.world.outputs.min(outputs.len())];
    let gap = Nanos::from_millis(50);
    let mut folds: Vec<Fold> = Vec::new();
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
        match folds[begin..]
            .iter_mut()
            .find(|fold| fold.text == line.text)
        {
            Some(fold) => {
                fold.times += 1;
                fold.at = line.at;
            }
            None => folds.push(Fold {
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
