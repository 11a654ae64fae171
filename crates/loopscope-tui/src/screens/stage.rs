//! The stage: a run at one moment, in as many panes as there is room for.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{end, sentence};
use crate::layout::{self, Kind, Needs, Pane, Plan, Size};
use crate::text;
use crate::theme::Theme;
use crate::view_parts::{Hint, Look, Mode, Panes};
use crate::widgets::{
    Lanes, Scene, bars, code, crowd, found, frame, grid, lanes, metrics, minimap, output, picture,
    picture_loops, picture_roomy, pool, prompt, status, threads, why,
};
use loopscope_timeline::explain;
use loopscope_timeline::{LaneId, Moment, Timeline, World};
use loopscope_trace::{Answers, Language, Nanos};

/// So long, in seconds of watching, a note stands in the caption's place.
const NOTE_SECONDS: f64 = 3.0;

/// Everything that the stage shows; it keeps nothing and reads no clock.
#[derive(Clone, Copy, Debug)]
pub struct StageView<'a> {
    /// The run.
    pub timeline: &'a Timeline,
    /// The world at the playhead.
    pub world: &'a World,
    /// The playhead.
    pub moment: Moment,
    /// Of the listing.
    pub language: Language,
    /// How everything looks.
    pub theme: &'a Theme,
    /// How the stage stands to the run.
    pub mode: Mode,
    /// How fast one watches.
    pub play_speed: f64,
    /// Which panes are shown.
    pub panes: Panes,
    /// The lane that keys go to.
    pub selected: Option<LaneId>,
    /// How many lanes are scrolled away.
    pub first_lane: usize,
    /// The furthest moment that the playhead has been at: the time axis never shrinks again.
    pub furthest: Nanos,
    /// What was said about the story's questions.
    pub answers: &'a Answers,
    /// tokio-console's state, where it is on.
    pub console: Option<&'a str>,
    /// A sentence that takes the caption's place for some seconds.
    pub notice: Option<&'a str>,
    /// Requests were sent by a key.
    pub own_requests: bool,
    /// The small layout on purpose.
    pub big: bool,
    /// Which scenario of how many, in a lecture.
    pub place: Option<(usize, usize)>,
    /// The last row.
    pub footer: &'a [Hint],
    /// The scenario that the end screen offers.
    pub next: Option<&'a str>,
    /// How one looks at the run.
    pub look: Look<'a>,
}

/// What lies under the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A lane.
    Lane(LaneId),
    /// A moment on the time axis.
    Time(Nanos),
    /// A pane.
    Pane(u8),
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
        draw_pane(&scene, pane, buf);
    }
    minimap::draw(&scene, plan.rules[0], buf);
    if let Some(hands) = &view.look.hands {
        bars::panel(hands, view.theme, plan.above, buf);
    }
    match view.look.prompt {
        Some(line) => prompt::draw(&scene, line, plan.caption, buf),
        None => frame::caption(&scene, &caption, &plan, buf),
    }
    frame::legend(&scene, plan.legend, buf);
    let plain = view.look.why.is_none() && view.look.prompt.is_none();
    let next = view.next.filter(|_| view.mode == Mode::Ended && plain);
    frame::footer(view.theme, view.footer, next, plan.footer, buf);
    view.theme.finish(area, buf);
}

fn draw_pane(scene: &Scene, pane: &Pane, buf: &mut Buffer) {
    let area = pane.area;
    match pane.kind {
        Kind::Code => code::draw(scene, area, buf),
        Kind::Picture => {
            let (wide, high) = picture_roomy::LEAST;
            if area.width >= 41 && area.height >= 6 && picture_loops::fits(scene) {
                picture_loops::draw(scene, area, buf);
            } else if area.width >= wide && area.height >= high {
                picture_roomy::draw(scene, area, buf);
            } else {
                picture::draw(scene, area, buf);
            }
        }
        Kind::PictureRow => picture::draw_row(scene, area, buf),
        Kind::Output => output::draw(scene, area, buf),
        Kind::Lanes => lanes::draw(scene, area, buf),
        Kind::Grid => grid::draw(scene, area, buf),
        Kind::Threads => threads::draw(scene, area, buf),
        Kind::Pool => pool::draw(scene, area, buf),
        Kind::Found => found::draw(scene, area, buf),
        Kind::Metrics => metrics::draw(scene, area, buf),
        Kind::Why => why::draw(scene, area, buf),
    }
}

/// The places of everything, and the caption's rows; `None` where nothing fits.
fn arrange(view: &StageView, area: Rect) -> Option<(Plan, Vec<String>)> {
    let story = view.timeline.story();
    let crowd = crowd(view);
    let listing = story.listing(view.language);
    let seen = Lanes::of(view).all();
    let added = 2;
    let mut needs = Needs {
        panes: view.panes,
        big: view.big,
        why: view.look.why.is_some(),
        crowd,
        code: rows(listing.map_or(0, |listing| listing.lines.len())),
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
    let plan = layout::plan(area, &needs)?;
    let wide = usize::from(area.width.saturating_sub(2));
    let band = sentence::band(view, wide, plan.size, area.height);
    needs.sentence = band.is_some();
    let caption = band.unwrap_or_else(|| captions(view, wide, plan.size));
    needs.caption = rows(caption.len());
    if let Some(hands) = &view.look.hands {
        // The code and the loop have done their work.
        needs.panes = needs.panes.without(1).without(2);
        let plan = layout::plan(area, &needs)?;
        let free = plan.rules[0].y.saturating_sub(plan.status.bottom());
        needs.above = bars::height(hands, free);
    }
    Some((layout::plan(area, &needs)?, caption))
}

fn rows(count: usize) -> u16 {
    // More than any window has.
    u16::try_from(count).unwrap_or(10_000).min(10_000)
}

/// The caption: a notice, the question before the run, the result after it, else what goes on.
fn captions(view: &StageView, wide: usize, size: Size) -> Vec<String> {
    let rows = frame::caption_rows(size);
    if let Some(notice) = view.notice {
        return text::wrap(notice, wide, rows);
    }
    if let Some(why) = view.look.why.filter(|_| size == Size::Small) {
        return text::wrap(&why.now, wide, rows);
    }
    match view.mode {
        Mode::BeforeRun => text::wrap(&view.timeline.story().asks, wide, rows),
        Mode::Ended => end::captions(view, wide, size),
        Mode::Live | Mode::Playing | Mode::Paused | Mode::Recorded => {
            let words = note(view).map_or_else(
                || explain::caption(view.timeline, view.world, view.language),
                str::to_owned,
            );
            text::wrap(&words, wide, rows)
        }
    }
}

/// The note that was said last, for as long as one needs to read it.
fn note<'a>(view: &StageView<'a>) -> Option<&'a str> {
    let (when, say) = view.timeline.note_at(view.world)?;
    let pace = view.play_speed * view.timeline.story().speed;
    let read = Nanos::from_secs_f64(NOTE_SECONDS * pace);
    (view.world.now.since(when) <= read).then_some(say)
}

/// The digits of the panes that have room in `area`, in their order.
pub fn digits(view: &StageView, area: Rect) -> Vec<u8> {
    let plan = arrange(view, area).map(|(plan, _)| plan);
    let panes = plan.iter().flat_map(|plan| &plan.panes);
    let mut digits: Vec<u8> = panes.map(|pane| pane.kind.digit()).collect();
    digits.retain(|digit| *digit > 0);
    digits.sort_unstable();
    digits
}

/// Where the cursor stands: where one types, else at the selected lane.
pub fn cursor(view: &StageView, area: Rect) -> Option<Position> {
    let (plan, _) = arrange(view, area)?;
    if let Some(line) = view.look.prompt {
        return prompt::cursor(line, plan.caption);
    }
    let pane = plan.panes.iter().find(|pane| pane.kind == Kind::Lanes)?;
    let scene = Scene::new(view, &plan);
    crate::widgets::rows::place_of(&scene, pane.area, view.selected?)
}

/// What lies at a column and a row of `area`.
pub fn hit(view: &StageView, area: Rect, column: u16, row: u16) -> Option<Hit> {
    let (plan, _) = arrange(view, area)?;
    let scene = Scene::new(view, &plan);
    if let Some(at) = minimap::moment(&scene, plan.rules[0], column, row) {
        return Some(Hit::Time(at));
    }
    let pane = plan.panes.iter().find(|pane| {
        let titled = pane.kind != Kind::PictureRow;
        let top = pane.area.y - u16::from(titled);
        let whole = Rect::new(
            pane.area.x,
            top,
            pane.area.width,
            pane.area.height + u16::from(titled),
        );
        whole.contains(Position::new(column, row))
    })?;
    let timed = matches!(pane.kind, Kind::Lanes | Kind::Pool | Kind::Threads);
    let moment = scene
        .axis(pane.area)
        .moment(column)
        .filter(|_| timed)
        .map(Hit::Time);
    if row < pane.area.y {
        let on_axis = moment.filter(|_| pane.kind != Kind::Threads);
        return on_axis.or(Some(Hit::Pane(pane.kind.digit())));
    }
    let lane = if pane.kind == Kind::Lanes {
        crate::widgets::rows::lane_at(&scene, pane.area, row).map(Hit::Lane)
    } else {
        None
    };
    moment.or(lane)
}
