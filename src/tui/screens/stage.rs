//! The stage: what it is told. The drawing itself is still one line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::parts;
use crate::timeline::{LaneId, Moment, Timeline, World};
use crate::trace::{Choice, Language, Nanos};
use crate::tui::text;
use crate::tui::theme::Theme;
use crate::tui::view_parts::{Hint, Mode, Panes};

/// Everything that the stage is told.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is described where it comes from")]
pub struct StageView<'a> {
    pub timeline: &'a Timeline,
    pub world: &'a World,
    pub moment: Moment,
    pub language: Language,
    pub theme: &'a Theme,
    pub mode: Mode,
    pub play_speed: f64,
    pub panes: Panes,
    pub selected: Option<LaneId>,
    pub first_lane: usize,
    pub chosen: Option<&'a Choice>,
    pub console: Option<&'a str>,
    pub notice: Option<&'a str>,
    pub own_requests: bool,
    pub big: bool,
    pub footer: &'a [Hint],
    pub next: Option<&'a str>,
}

/// What a click hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A lane.
    Lane(LaneId),
    /// A moment on the axis.
    Time(Nanos),
    /// A pane's title.
    Pane(u8),
}

/// Draws the stage.
pub fn draw(view: &StageView<'_>, area: Rect, buf: &mut Buffer) {
    let words = format!(
        "{:?} {}s {}",
        view.mode,
        view.moment.at.hundredths(),
        view.notice.unwrap_or_default()
    );
    let title = &view.timeline.story().title;
    parts::heading(buf, area, view.theme, title, &words);
    text::put(
        buf,
        area.x + 1,
        area.y + 2,
        "the stage is drawn here",
        area.width,
        view.theme.dim(),
    );
    parts::footer(buf, area, view.theme, view.footer);
}

/// What lies under a cell.
pub fn hit(_view: &StageView<'_>, _area: Rect, _column: u16, _row: u16) -> Option<Hit> {
    None
}
