//! Both sides of a comparison, and the bands of the panes they share.

use ratatui::layout::Rect;

use crate::layout::plan::Size;
use crate::model::model::Model;
use crate::panes::asked;
use crate::session::compare::{Compare, Head};
use crate::session::playhead::Mode;
use crate::widgets::scene::Scene;
use crate::widgets::stage_view::{Lanes, StageView, crowd};

/// More lanes of a side than this are folded.
const MOST_LANES: u16 = 8;

/// Rows of bands over time, and of the loop's lane.
const BANDS: u16 = 17;

/// The places of a frame; each band's rule is the row above it.
pub(crate) struct Bands {
    pub(crate) size: Size,
    pub(crate) code: Option<Rect>,
    pub(crate) output: Option<Rect>,
    /// Both sides' lanes.
    pub(crate) lanes: [Rect; 2],
    pub(crate) totals: Option<Rect>,
    pub(crate) caption: Rect,
    pub(crate) legend: Rect,
    pub(crate) footer: Rect,
}

impl Bands {
    pub(crate) fn of(compare: &Compare, views: [&StageView<'_>; 2], area: Rect) -> Self {
        let (wide, high) = (area.width, area.height);
        let size = size(wide, high);
        let row = |y: u16, rows: u16| Rect::new(area.x, area.y + y, wide, rows);
        let legend = u16::from(size == Size::Roomy);
        let caption = high - 1 - legend - 2;
        let air = u16::from(size == Size::Roomy);
        let mut y = 1;
        // The rule above the caption.
        let mut left = caption - 1 - y;
        let lanes = views.map(|view| wanted(view, size));
        let totals = 3.min(left.saturating_sub(7));
        left -= totals;
        // A rule, two names, at least the loop's lane of each.
        let least = 5;
        let full = 1 + lanes[0] + lanes[1] + 2;
        let code_rows = code_rows(compare, views, size, left.saturating_sub(least + 4));
        left -= code_rows;
        let output_rows = if size > Size::Small || left >= least + 4 {
            let want = (lines(views) + 3 + air).max(5);
            want.min(left.saturating_sub(full).max(4 + air))
        } else {
            0
        };
        left -= output_rows;
        let mut band = |rows: u16| {
            let place = row(y + 1, rows.saturating_sub(1));
            y += rows;
            (rows > 1).then_some(place)
        };
        let code = band(code_rows);
        let output = band(output_rows);
        let body = left.saturating_sub(1);
        let upper = body.div_ceil(2).min(lanes[0] + 1);
        let upper = upper.max(body.saturating_sub(lanes[1] + 1));
        let lanes = [row(y + 1, upper), row(y + 1 + upper, body - upper)];
        y += left;
        Self {
            size,
            code,
            output,
            lanes,
            totals: (totals > 1).then(|| row(y + 1, totals - 1)),
            caption: row(caption, 2),
            legend: row(high - 1 - legend, legend),
            footer: row(high - 1, 1),
        }
    }
}

const fn size(wide: u16, high: u16) -> Size {
    match (wide, high) {
        (..60, _) | (_, ..15) => Size::Small,
        (..120, _) | (_, ..36) => Size::Compact,
        _ => Size::Roomy,
    }
}

/// A side's lanes or bands, and the lane of its loop.
fn wanted(view: &StageView<'_>, size: Size) -> u16 {
    if crowd(view) {
        return BANDS;
    }
    let planned = view.timeline.story().planned.len() + 2;
    let lanes = Lanes::of(view).all().max(planned);
    let lanes = u16::try_from(lanes).unwrap_or(MOST_LANES).saturating_add(1);
    // The accept task gives way first.
    lanes.min(MOST_LANES) - u16::from(size < Size::Roomy)
}

/// Rows of the listings with their rule; none where they are hidden.
fn code_rows(compare: &Compare, views: [&StageView<'_>; 2], size: Size, most: u16) -> u16 {
    let roomy = size == Size::Roomy;
    if !compare.code.unwrap_or(roomy) || size == Size::Small {
        return 0;
    }
    let lines = views.map(|view| {
        let listing = view.timeline.story().listing(view.language);
        listing.map_or(0, |listing| listing.lines.len())
    });
    let lines = u16::try_from(lines[0].max(lines[1])).unwrap_or(60);
    (lines + 1 + 2 * u16::from(roomy)).min(most)
}

/// The most lines that either has printed; equal ones count once where they share a row.
fn lines(views: [&StageView<'_>; 2]) -> u16 {
    let lines = views.map(|view| match asked::texts(view).filter(|_| crowd(view)) {
        Some(texts) => texts.len(),
        None => view.timeline.outputs().len(),
    });
    u16::try_from(lines[0].max(lines[1])).unwrap_or(60)
}

/// Both sides at one moment.
pub(crate) struct Pair<'a> {
    pub(crate) model: &'a Model,
    pub(crate) compare: &'a Compare,
    pub(crate) scenes: [Scene<'a>; 2],
}

/// How the comparison stands to its runs.
pub(crate) fn mode(compare: &Compare) -> Mode {
    match compare.head {
        Head::Edge if compare.over() => Mode::Ended,
        Head::Edge => Mode::Live,
        Head::Paused(_) => Mode::Paused,
        Head::Playing(_) => Mode::Playing,
    }
}

impl Pair<'_> {
    /// What the two are called: their ids, or their titles where they have none.
    pub(crate) fn ids(&self) -> [&str; 2] {
        [0, 1].map(|side| self.compare.sides[side].name())
    }

    /// Whether there is room for air.
    pub(crate) fn roomy(&self) -> bool {
        self.scenes[0].size == Size::Roomy
    }
}
