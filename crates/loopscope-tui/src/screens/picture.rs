//! A frame as a picture: what is on the screen now, or what a run that is over looks like at a moment.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::model::model::Model;
use crate::model::screen::Screen;
use crate::screens::view;
use crate::session::compare::{Compare, Head};
use crate::session::playhead::Playhead;
use crate::session::session::{Run, Session};
use crate::settings::settings::Settings;
use crate::text::svg::svg;
use loopscope_protocol::reply::Half;
use loopscope_timeline::Timeline;
use loopscope_trace::{Nanos, Trace};

/// How the picture of a run looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shot {
    /// Columns and rows of the frame.
    pub size: (u16, u16),
    /// The moment that is looked at; the end where it is `None`, and where the run is shorter.
    pub at: Option<Nanos>,
    /// How a screen looks; there is no terminal to ask, so `auto` is dark.
    pub settings: Settings,
}

/// The stage over a run that is over, as an SVG file.
pub fn stage(run: Trace, shot: &Shot) -> String {
    let mut model = model(shot);
    let mut session = Session::ended(run);
    let timeline = &session.timeline;
    session.playhead = match shot.at {
        Some(at) if at < timeline.end() => Playhead::Paused(timeline.moment_at(at)),
        _ => Playhead::Edge,
    };
    session.furthest = session.here().at;
    session.seen = session.timeline.world_at(session.here());
    let title = title(&session.timeline, shot.at);
    model.session = Some(session);
    model.screen = Screen::Stage;
    draw(&model, &model.screen, &title)
}

/// Two runs that are over, side by side on one clock, as an SVG file.
pub fn pair(runs: [Trace; 2], shot: &Shot) -> String {
    let mut model = model(shot);
    let mut compare = Compare::new(runs.map(|run| Half::Recording(Box::new(run))), 1.0);
    for side in &mut compare.sides {
        side.run = Run::Number(1);
    }
    compare.head = shot.at.map_or(Head::Edge, Head::Paused);
    compare.follow();
    let [left, right] = &compare.sides;
    let title = format!(
        "{}, compared with {}",
        title(&left.timeline, None),
        title(&right.timeline, shot.at)
    );
    model.compare = Some(compare);
    model.screen = Screen::Compare;
    draw(&model, &model.screen, &title)
}

/// What is on the screen now, without what lies over it, as an SVG file.
pub(crate) fn now(model: &Model) -> String {
    let mut which = &model.screen;
    while let Some(below) = which.below() {
        which = below;
    }
    let title = match (which, &model.session) {
        (Screen::Stage | Screen::Question(_), Some(session)) => {
            title(&session.timeline, Some(session.here().at))
        }
        _ => "loopscope".to_owned(),
    };
    draw(model, which, &title)
}

fn model(shot: &Shot) -> Model {
    let palette = shot.settings.palette().unwrap_or_default();
    let mut model = Model::new(Vec::new(), palette, &shot.settings);
    model.size = shot.size;
    model
}

fn title(timeline: &Timeline, at: Option<Nanos>) -> String {
    let title = &timeline.story().title;
    match at {
        Some(at) => format!("{title}, {:.2}s", at.as_secs_f64()),
        None => title.clone(),
    }
}

fn draw(model: &Model, which: &Screen, title: &str) -> String {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let mut buf = Buffer::empty(area);
    view::draw_screen(model, which, area, &mut buf);
    svg(&buf, &model.theme, title)
}
