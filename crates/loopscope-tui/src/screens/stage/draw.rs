//! The stage: a run at one moment, in as many panes as there is room for.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::plan;
use crate::layout::plan::{Needs, Plan, Size, room};
use crate::panes::{draw as panes, grid, threads};
use crate::screens::stage::{frame, status, watched};
use crate::session::look::standing_note;
use crate::session::playhead::Mode;
use crate::settings::panes::PaneId;
use crate::text::text;
use crate::widgets::scene::Scene;
use crate::widgets::stage_view::{Lanes, StageView, crowd};
use crate::widgets::{bars, letters};
use loopscope_timeline::explain;

/// The rows in the caption's place: the result, then what to change in one's own code, and where the
/// real program does something else.
pub(crate) fn ended(view: &StageView, wide: usize, size: Size) -> Vec<String> {
    if view.watched().is_some() {
        return text::wrap(&watched::ended(view), wide, most_rows(view, size));
    }
    // The reply to what was said, or the answer, is what one came for: it may take a row more than
    // a caption, where there are some.
    let more = size >= Size::Compact || !view.answers.is_empty();
    let most = caption_rows(size) + usize::from(more);
    let mut rows = text::wrap(&explain::result(view.timeline, view.answers), wide, most);
    if let Some(remedy) = view.timeline.story().remedy.as_deref()
        && size > Size::Small
    {
        let most = if size == Size::Medium { 1 } else { 2 };
        rows.extend(text::wrap(remedy, wide, most));
    }
    if let Some(differs) = view.timeline.story().differs.as_deref()
        && size > Size::Medium
    {
        let words = format!("Real Python differs: {differs}");
        rows.extend(text::wrap(&words, wide, 2));
    }
    rows
}

/// The rows of the band with the sentence of the stop at which one stands, air included: large
/// letters where they fit into the room that the sentence may take, else bold ones. `None` where
/// none is said, or where the window is too small for a band.
pub(crate) fn band(view: &StageView, wide: usize, size: Size, height: u16) -> Option<Vec<String>> {
    let presents = view.big || view.place.is_some();
    let stands = matches!(view.mode, Mode::Paused | Mode::Recorded)
        && view.timeline.stands_at_note(view.moment);
    let free = view.notice.is_none() && view.look.why.is_none() && view.look.prompt.is_none();
    if !presents || !stands || !free || size == Size::Small {
        return None;
    }
    let (_, words) = view.timeline.note_at(view.world)?;
    let most = usize::from(room(size, height)).saturating_sub(2);
    let large = letters::large(words, wide, most).filter(|_| !view.theme.ascii);
    let rows = large.unwrap_or_else(|| text::wrap(words, wide, most));
    let air = || std::iter::once(String::new());
    Some(air().chain(rows).chain(air()).collect())
}

/// The caption: a notice, the question before the run, the result after it, else what goes on.
pub(crate) fn words(view: &StageView, wide: usize, size: Size) -> Vec<String> {
    let rows = most_rows(view, size);
    if let Some(notice) = view.notice {
        return text::wrap(notice, wide, rows);
    }
    if let Some(why) = view.look.why.filter(|_| size == Size::Small) {
        return text::wrap(&why.now, wide, rows);
    }
    match view.mode {
        Mode::BeforeRun => text::wrap(&view.timeline.story().asks, wide, rows),
        Mode::Ended => ended(view, wide, size),
        Mode::Live | Mode::Playing | Mode::Paused | Mode::Recorded => {
            let (timeline, world) = (view.timeline, view.world);
            let note = standing_note(timeline, world, view.play_speed);
            let words = match note {
                _ if view.look.stepped => explain::stepped(timeline, world, view.language),
                Some(note) => note.to_owned(),
                None if view.watched().is_some() => {
                    let room = rows * wide.saturating_sub(RAGGED);
                    explain::caption_in(timeline, world, view.language, room)
                }
                None => explain::caption(timeline, world, view.language),
            };
            text::wrap(&words, wide, rows)
        }
    }
}

/// Columns at the end of a row that a word may leave empty.
const RAGGED: usize = 8;

/// The lines of a file that are worth a row.
const FILE_LINES: usize = 12;

/// The same of a view: places in files take more words than lines of a listing.
fn most_rows(view: &StageView, size: Size) -> usize {
    let more = view.watched().is_some() && size >= Size::Compact;
    caption_rows(size) + usize::from(more)
}

/// How many rows a caption may take at a size.
pub(crate) const fn caption_rows(size: Size) -> usize {
    match size {
        Size::Small => 4,
        Size::Medium => 3,
        Size::Compact | Size::Roomy => 2,
    }
}

/// The places of everything, and the caption's rows; `None` where nothing fits.
pub(crate) fn arrange(view: &StageView, area: Rect) -> Option<(Plan, Vec<String>)> {
    let story = view.timeline.story();
    let crowd = crowd(view);
    let listing = story.listing(view.language);
    // A file is longer than any pane; so much round its line is enough.
    let lines = match story.watched {
        Some(_) => FILE_LINES,
        None => listing.map_or(0, |listing| listing.lines.len()),
    };
    let seen = Lanes::of(view).all();
    let added = 2;
    let mut needs = Needs {
        panes: view.panes,
        big: view.big,
        why: view.look.why.is_some(),
        watched: story.watched.is_some(),
        crowd,
        code: rows(lines),
        lanes: rows(seen.max(story.planned.len().min(12) + added)),
        threads: threads::rows(view),
        gil: story.runtime.gil,
        grid: rows(grid::rows(
            view.world.requests.len().max(story.planned.len()),
        )),
        caption: 2,
        above: 0,
        sentence: false,
    };
    let plan = plan::plan(area, &needs)?;
    let wide = usize::from(area.width.saturating_sub(2));
    let band = band(view, wide, plan.size, area.height);
    needs.sentence = band.is_some();
    let caption = band.unwrap_or_else(|| words(view, wide, plan.size));
    // Of a program that goes on for long, the panes shall not move with each sentence.
    let least = view.watched().map_or(0, |_| most_rows(view, plan.size));
    needs.caption = rows(caption.len().max(least));
    if let Some(votes) = &view.look.vote_bars {
        // The code and the loop have done their work.
        needs.panes = needs.panes.without(PaneId::Code).without(PaneId::Picture);
        let plan = plan::plan(area, &needs)?;
        let free = plan.rules[0].y.saturating_sub(plan.status.bottom());
        needs.above = bars::height(votes, free);
    }
    Some((plan::plan(area, &needs)?, caption))
}

pub(crate) fn rows(count: usize) -> u16 {
    // More than any window has.
    u16::try_from(count).unwrap_or(10_000).min(10_000)
}

/// Draws the stage into `area`, whatever its size.
pub fn draw(view: &StageView, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    text::clear(buf, area, view.theme.text());
    let Some((plan, caption)) = arrange(view, area) else {
        frame::too_small(view.theme, area, buf, view.moment.at);
        view.theme.finish(area, buf);
        return;
    };
    let scene = Scene::new(view, &plan);
    frame::rules(&plan, view.theme, buf);
    status::draw(&scene, plan.status, buf);
    for pane in &plan.panes {
        frame::title(&scene, pane, buf);
        panes::draw(&scene, pane, buf);
    }
    status::draw_minimap(&scene, plan.rules[0], buf);
    if let Some(votes) = &view.look.vote_bars {
        bars::panel(votes, view.theme, plan.above, buf);
    }
    match view.look.prompt {
        Some(line) => bars::draw_prompt(view.theme, line, plan.caption, buf),
        None => frame::caption(&scene, &caption, &plan, buf),
    }
    frame::legend(&scene, plan.legend, buf);
    let plain = view.look.why.is_none() && view.look.prompt.is_none();
    let next = view.next.filter(|_| view.mode == Mode::Ended && plain);
    frame::footer(view.theme, view.footer, next, plan.footer, buf);
    view.theme.finish(area, buf);
}
