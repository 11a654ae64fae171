//! The output of many requests: equal lines that come together are counted.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::session::playhead::Mode;
use crate::text::text;
use crate::widgets::scene::Scene;
use crate::widgets::stage_view;
use loopscope_trace::{Nanos, TextId};

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
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let theme = scene.view.theme;
    let put = |buf: &mut Buffer, x: u16, y: u16, words: &str, style: Style| {
        let room = area.width.saturating_sub(x + 1);
        text::put(buf, area.x + x, y, words, room, style);
    };
    let mut bottom = area.bottom();
    if let Some(words) = stage_view::said_in_words(scene.view)
        && area.height > 2
    {
        bottom -= 1;
        // Rather no margin than no end.
        let long = text::width(words) + 14 > usize::from(area.width);
        let (x, gap) = if long { (1, "") } else { (3, " ") };
        let words = format!("you said {gap}{words}");
        put(buf, x, bottom, &words, theme.muted());
    }
    let mut y = area.y;
    if bottom > y + 1 {
        for (x, words) in [(4, "at"), (10, "printed"), (21, "times")] {
            put(buf, x, y, words, theme.dim());
        }
        y += 1;
    }
    let rows = usize::from(bottom - y);
    let more = scene.view.world.ended.is_none() && scene.view.mode != Mode::BeforeRun && rows > 1;
    for fold in folds(scene, rows - usize::from(more)) {
        put(
            buf,
            1,
            y,
            &format!("{:>6}", fold.at.hundredths()),
            theme.dim(),
        );
        let words = scene.view.timeline.trace().text(fold.text);
        put(buf, 10, y, &text::fit(words, 10), theme.text());
        put(buf, 21, y, &format!("{:>5}", fold.times), theme.text());
        y += 1;
    }
    if more && y < bottom {
        put(buf, 10, y, "…", theme.dim());
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
