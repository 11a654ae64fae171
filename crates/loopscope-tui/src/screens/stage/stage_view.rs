//! From the model to what the stage is told; what lies under a cell of it, and where the cursor stands.

use ratatui::layout::{Position, Rect};

use crate::keys::key::{Hint, Place};
use crate::model::model::Model;
use crate::model::prompt::{Prompt, PromptKind};
use crate::model::screen::Presenting;
use crate::panes::code;
use crate::panes::draw as panes;
use crate::screens::stage::draw::arrange;
use crate::screens::stage::status;
use crate::session::playhead::Mode;
use crate::session::session::{Run, Session};
use crate::session::votes::VoteBars;
use crate::settings::panes::{Columns, PaneId};
use crate::widgets::footer;
use crate::widgets::footer::EndOffers;
use crate::widgets::scene::Scene;
use crate::widgets::stage_view::{Lanes, Look, Predicted, StageView};
use crate::widgets::watched::WatchedLanes;
use crate::widgets::{bars, rows, source};
use loopscope_protocol::console::ConsoleState;
use loopscope_timeline::explain;
use loopscope_timeline::explain::Why;
use loopscope_timeline::{LaneId, World};
use loopscope_trace::{Language, Nanos};

/// Builds what the stage is told.
pub(crate) fn with_stage<T>(
    model: &Model,
    session: &Session,
    area: Rect,
    then: impl FnOnce(&StageView<'_>) -> T,
) -> T {
    let timeline = &session.timeline;
    let language = timeline.story().shown_in(model.language);
    let mode = session.mode();
    let moment = session.here();
    let world = session.world();
    let why = why(session, &world, language);
    let wide = area.width >= 100;
    let console = (model.console != ConsoleState::Off).then(|| model.console.words(wide));
    let words = session.predicted_words();
    let types = model.place() == Place::Prompt;
    let line = model.prompt.as_ref().filter(|_| types);
    let prompt = line.filter(|line| line.kind != PromptKind::Lines);
    let next = model.next_words();
    let footer = footer(model, session, (prompt, why.as_ref()), wide);
    let watched = timeline.story().watched.is_some();
    let watched = watched.then(|| WatchedLanes::of(timeline, &world, moment, session.all_lanes));
    let same = watched.as_ref().and_then(|_| same_in_small(model, session));
    then(&StageView {
        timeline,
        world: &world,
        moment,
        language,
        theme: &model.theme,
        mode,
        play_speed: session.watched(),
        play: &session.watched_in_words(),
        panes: session.panes,
        selected: session.selected,
        first_lane: session.first_lane,
        furthest: session.furthest.max(moment.at),
        answers: &session.answers,
        console: console.as_deref(),
        notice: model.notice.as_ref().map(|notice| notice.text.as_str()),
        own_requests: session.own_requests,
        big: model.big,
        place: model.lecture().map(Presenting::place),
        footer: &footer,
        next: next.as_deref().filter(|_| session.next_why().is_none()),
        look: Look {
            zoom: session.zoom,
            fitting: session.fitting_page(),
            focus: session.focus,
            only: session.only,
            code_first: session.code_first,
            events: Some(&session.events),
            ungrouped: session.ungrouped,
            stepped: session.stands_at_event(),
            why: why.as_ref(),
            prompt,
            predicted: predicted(session, words.as_deref()),
            watched: watched.as_ref(),
            held: session.held,
            same: same.as_deref(),
            vote_bars: vote_bars(session),
        },
    })
}

fn predicted<'a>(session: &'a Session, words: Option<&'a str>) -> Predicted<'a> {
    Predicted {
        lines: session.predicted_lines(),
        words,
        end: session.predicted_end(),
    }
}

/// The scenario that shows in small what held the loop at the chosen place: its number and title.
fn same_in_small(model: &Model, session: &Session) -> Option<String> {
    let shown = session.panes.shows(PaneId::Stack);
    let id = session.remedy().filter(|_| shown)?.scenario;
    let entry = model.menu.entries().iter().find(|entry| entry.id == id)?;
    Some(format!("{} {}", entry.number, entry.title))
}

/// The answer to "why?" about the selected lane, while it is open.
fn why(session: &Session, world: &World, language: Language) -> Option<Why> {
    session.trail.as_ref()?;
    let lane = session.selected?;

    let mut why = explain::why(&session.timeline, world, lane, language);
    let called = explain::console(&session.timeline, lane, world)
        .and_then(|(word, number)| Some(format!(" tokio-console: task {}, {word}.", number?)));
    why.now += &called.unwrap_or_default();
    Some(why)
}

/// The last row: what is useful now.
fn footer(
    model: &Model,
    session: &Session,
    (prompt, why): (Option<&Prompt>, Option<&Why>),
    wide: bool,
) -> Vec<Hint> {
    let mode = session.mode();
    if let Some(line) = prompt {
        footer::prompt_footer(line.kind, mode, wide)
    } else if why.is_some() {
        let mut hints = footer::why_footer(mode, wide);
        let leads = why.is_some_and(|why| why.cause.is_some());
        hints.retain(|hint| leads || hint.key != "Enter");
        hints
    } else if session.is_watched() && !session.lists_events() {
        let stack = session.panes.shows(PaneId::Stack);
        footer::watched_footer(mode, wide, stack, session.run == Run::Recorded)
    } else if session.lists_events() {
        footer::events_footer(mode, wide)
    } else {
        let end = EndOffers {
            knobs: !session.timeline.story().knobs.is_empty(),
            votes: !session.counted().is_empty(),
            why: session.next_why().is_some(),
        };
        let mut hints = footer::stage_footer(mode, wide, end);
        // Where nobody listens there is nothing to send to.
        let listens = session.timeline.story().is_server();
        hints.retain(|hint| listens || hint.key != "s");
        if model.lecture().is_some() {
            footer::lecture_footer(hints, mode, wide)
        } else {
            hints
        }
    }
}

/// The votes that lie over the end of the run.
fn vote_bars(session: &Session) -> Option<VoteBars<'_>> {
    let place = session
        .vote_bars
        .filter(|_| session.mode() == Mode::Ended)?;
    VoteBars::of(session, place)
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

/// The digits of the panes that have room in `area`, in their order.
pub(crate) fn digits(view: &StageView, area: Rect) -> Vec<u8> {
    let plan = arrange(view, area).map(|(plan, _)| plan);
    let panes = plan.iter().flat_map(|plan| &plan.panes);
    let mut digits: Vec<u8> = panes.filter_map(|pane| pane.id.row().digit()).collect();
    digits.sort_unstable();
    digits
}

/// Where the cursor stands: where one types, else at the selected lane.
pub(crate) fn cursor(view: &StageView, area: Rect) -> Option<Position> {
    let (plan, _) = arrange(view, area)?;
    if let Some(line) = view.look.prompt {
        return bars::prompt_cursor(line, plan.caption);
    }
    let pane = plan.panes.iter().find(|pane| pane.id == PaneId::Lanes)?;
    let scene = Scene::new(view, &plan);
    rows::place_of(&scene, pane.area, view.selected?)
}

/// What lies at a column and a row of `area`.
pub fn hit(view: &StageView, area: Rect, column: u16, row: u16) -> Option<Hit> {
    let (plan, _) = arrange(view, area)?;
    let scene = Scene::new(view, &plan);
    if let Some(at) = status::moment(&scene, plan.rules[0], column, row) {
        return Some(Hit::Time(at));
    }
    let pane = plan.panes.iter().find(|pane| {
        let titled = pane.id != PaneId::PictureRow;
        let top = pane.area.y - u16::from(titled);
        let whole = Rect::new(
            pane.area.x,
            top,
            pane.area.width,
            pane.area.height + u16::from(titled),
        );
        whole.contains(Position::new(column, row))
    })?;
    let shown = pane.id.row();
    let moment = panes::axis(&scene, pane)
        .moment(column)
        .filter(|_| shown.columns != Columns::Plain)
        .map(Hit::Time);
    if row < pane.area.y {
        let on_axis = moment.filter(|_| shown.columns == Columns::Axis);
        return on_axis.or(Some(Hit::Pane(shown.digit().unwrap_or_default())));
    }
    let lane = if pane.id == PaneId::Lanes {
        rows::lane_at(&scene, pane.area, row).map(Hit::Lane)
    } else {
        None
    };
    moment.or(lane)
}

/// The lines of code that are in sight; `None` where no code is, or where `at` is a cell of another pane.
pub(crate) fn code_shown(model: &Model, at: Option<Position>) -> Option<code::Shown> {
    let session = model.session.as_ref()?;
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    with_stage(model, session, area, |view| {
        let (plan, _) = arrange(view, area)?;
        let pane = plan.panes.iter().find(|pane| pane.id == PaneId::Code)?;
        let under = at.is_none_or(|at| pane.area.contains(at));
        under.then(|| code::shown(&Scene::new(view, &plan), pane.area))
    })
}

/// The file and the line that the code is about, where a program is watched.
pub(crate) fn code_line(model: &Model) -> Option<(String, u32)> {
    let session = model.session.as_ref()?;
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    with_stage(model, session, area, |view| {
        let (plan, _) = arrange(view, area)?;
        source::file_and_line(&Scene::new(view, &plan))
    })
}

/// What lies under a cell of the stage.
pub(crate) fn stage_hit(model: &Model, column: u16, row: u16) -> Option<Hit> {
    let session = model.session.as_ref()?;
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    with_stage(model, session, area, |view| hit(view, area, column, row))
}

/// The lanes in the order of the screen, and whether each is still alive at the playhead.
pub(crate) fn lane_order(model: &Model) -> Vec<(LaneId, bool)> {
    let Some(session) = &model.session else {
        return Vec::new();
    };
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    with_stage(model, session, area, |view| {
        let lanes = Lanes::of(view);
        (0..lanes.all())
            .filter_map(|row| lanes.get(view, row))
            .map(|lane| {
                let (state, _, _) = view.timeline.lane_state(lane.id, view.world);
                (lane.id, !state.is_final())
            })
            .collect()
    })
}

/// The digits of the panes on the screen, in their order.
pub fn panes(model: &Model) -> Vec<u8> {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let session = model.session.as_ref();
    session.map_or_else(Vec::new, |session| {
        with_stage(model, session, area, |view| digits(view, area))
    })
}
