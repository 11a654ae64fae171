//! What stands in a screen's place: a problem with its details.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::keys::place::Place;
use crate::model::model::Model;
use crate::screens::common::{footer, parts};
use crate::session::playhead::Mode;
use crate::text::text;
use loopscope_protocol::problem::Problem;

/// Draws why a scenario could not be opened.
pub(crate) fn problem(model: &Model, problem: &Problem, scroll: u16, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    parts::heading(buf, area, theme, &problem.sentence, "");
    parts::rule(buf, area, area.y + 1, theme, "", None);
    let rows = usize::from(area.height.saturating_sub(4));
    let details = problem.details.iter().skip(usize::from(scroll)).take(rows);
    for (row, line) in details.enumerate() {
        let y = area.y + 2 + u16::try_from(row).unwrap_or(u16::MAX);
        text::put(
            buf,
            area.x + 1,
            y,
            line,
            area.width.saturating_sub(2),
            theme.text(),
        );
    }
    if let Some(notice) = &model.notice {
        let y = area.bottom().saturating_sub(3);
        let row = Rect::new(area.x, y, area.width, 1);
        text::clear(buf, row, theme.text());
        let room = area.width.saturating_sub(2);
        text::put(buf, area.x + 1, y, &notice.text, room, theme.focus());
    }
    parts::rule(buf, area, area.bottom().saturating_sub(2), theme, "", None);
    let hints = footer::footer(Place::Problem, Mode::BeforeRun, area.width >= 100);
    parts::footer(buf, area, theme, &hints);
}
