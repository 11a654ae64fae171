//! The list of events: when, who, what; the one at the playhead is marked.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::session::events::known;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::scene::{FINE, Scene};
use loopscope_timeline::explain;

/// Columns of who an event is about.
const WHO: u16 = 14;

/// What stands in the rule: what the list is narrowed to, and how many events are in it.
pub(crate) fn title(scene: &Scene) -> String {
    let view = scene.view;
    let all = known(view.timeline, view.moment, view.furthest);
    let Some(list) = view.look.events else {
        return "events".to_owned();
    };
    match list.filter.as_str() {
        "" => format!("events   {all}"),
        filter => format!("events   {} of {all} with {filter}", list.len(all)),
    }
}

/// Draws those round the cursor.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let view = scene.view;
    let theme = view.theme;
    let Some(list) = view.look.events else {
        return;
    };
    let rows = list.len(known(view.timeline, view.moment, view.furthest));
    if rows == 0 {
        let words = match list.filter.as_str() {
            "" => "nothing yet",
            _ => "no event so far is so; / narrows the list to something else",
        };
        text::put_in(buf, area, (4, area.y), words, theme.dim());
        return;
    }
    let room = usize::from(area.height);
    let current = list.current(view.moment).min(rows - 1);
    let first = current
        .saturating_sub(room / 2)
        .min(rows.saturating_sub(room));
    let here = view.moment.applied.checked_sub(1);
    for (row, y) in (first..rows).zip(area.y..area.bottom()) {
        let Some(event) = list.event(row) else {
            return;
        };
        let at = view.timeline.place_after(event).at;
        let (who, what) = explain::event_parts(view.timeline, event, view.language);
        if Some(event) == here {
            let sign = theme.sign(Sign::Cursor);
            text::put_in(buf, area, (1, y), sign, theme.focus());
        }
        let style = match (list.cursor == Some(event), Some(event) == here) {
            (true, _) => theme.cursor(),
            (false, true) => theme.focus(),
            (false, false) => theme.text(),
        };
        let at = match scene.page.length < FINE {
            true => scene.at_unit(at),
            false => at.thousandths(),
        };
        let at = format!("{at:>9}");
        text::put(buf, area.x + 3, y, &at, 9_u16, theme.dim());
        let who = text::fit(&text::clean(&who), usize::from(WHO));
        text::put_in(buf, area, (14, y), &who, style);
        text::put_in(buf, area, (15 + WHO, y), &text::clean(&what), style);
    }
}
