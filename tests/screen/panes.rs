//! The panes about what functions share, about several loops and about CPython's lock.

use crate::common::shared;
use loopscope::timeline::{Timeline, explain};
use loopscope::trace::{Language, Nanos, Trace};
use loopscope::tui::screens::stage::draw as stage;
use loopscope::tui::session::playhead::Mode;
use loopscope::tui::settings::panes::Panes;
use loopscope::tui::text::theme::Theme;
use loopscope::tui::widgets::stage_view::Look;
use loopscope::tui::widgets::stage_view::StageView;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (60, 15)];

/// The stage at the live edge as rows of text.
fn frame(timeline: &Timeline, mode: Mode, (width, height): (u16, u16)) -> String {
    let moment = timeline.last_moment();
    let world = timeline.world_at(moment);
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    let view = StageView {
        furthest: Nanos::ZERO,
        timeline,
        world: &world,
        moment,
        language: Language::Python,
        theme: &Theme::default(),
        mode,
        play_speed: 1.0,
        play: "play 1x",
        panes: Panes::all(),
        selected: None,
        first_lane: 0,
        answers: &loopscope::trace::Answers::default(),
        console: None,
        notice: None,
        own_requests: false,
        big: false,
        place: None,
        footer: &[],
        next: None,
        look: Look::default(),
    };
    stage::draw(&view, area, &mut buf);
    let row = |y: u16| -> String { (0..width).map(|x| buf[(x, y)].symbol()).collect() };
    let rows: Vec<String> = (0..height).map(|y| row(y).trim_end().to_owned()).collect();
    rows.join("\n")
}

fn snapshots(name: &str, trace: Trace, mode: Mode) {
    let timeline = Timeline::from_trace(trace);
    assert_eq!(timeline.live().problems, 0, "{name} is legal");
    for (width, height) in SIZES {
        let frame = frame(&timeline, mode, (width, height));
        insta::assert_snapshot!(format!("{name}-{width}x{height}"), frame);
    }
}

#[test]
fn what_is_shared_is_shown() {
    snapshots("sharing", shared::sharing(), Mode::Live);
}

#[test]
fn the_end_says_where_the_real_program_differs() {
    snapshots("sharing-end", shared::sharing(), Mode::Ended);
}

#[test]
fn each_loop_has_a_row() {
    snapshots("two-loops", shared::two_loops(), Mode::Live);
}

#[test]
fn a_circle_is_said_as_long_as_it_lasts() {
    snapshots("circle", shared::circle(), Mode::Live);
    let timeline = Timeline::from_trace(shared::circle());
    let caption = explain::caption(&timeline, timeline.live(), Language::Python);
    assert!(
        caption.starts_with("A holds its thread inside time.sleep(5), line 5"),
        "{caption}"
    );
    assert!(caption.chars().count() <= 150, "{caption}");
}
