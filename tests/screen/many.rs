//! Many requests: their states over time, and what is equal told once.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::common::play;
use loopscope::library;
use loopscope::trace::{Nanos, Trace};
use loopscope::tui::events::ScreenEvent;
use loopscope::tui::keys::key::{Key, KeyCode};
use loopscope::tui::model::model::Model;
use loopscope::tui::model::screen::Screen;
use loopscope::tui::screens::view;
use loopscope::tui::session::playhead::Playhead;
use loopscope::tui::session::session::{Run, Session};
use loopscope::tui::settings::settings::Settings;
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update::update;

/// A computed run of one of ours.
fn run(id: &str) -> Trace {
    let entry = library::find(id).unwrap();
    play::told(&entry.source, &entry.file)
}

fn looking(trace: &Trace, at: Option<u64>, size: (u16, u16)) -> Model {
    let mut model = Model::new(Vec::new(), Palette::Dark, &Settings::default());
    model.size = size;
    let mut session = Session::recorded(trace.clone(), 1.0);
    session.run = Run::Number(1);
    session.playhead = match at {
        Some(seconds) => Playhead::Paused(session.timeline.moment_at(Nanos::from_secs(seconds))),
        None => Playhead::Edge,
    };
    session.furthest = session.here().at;
    model.session = Some(session);
    model.screen = Screen::Stage;
    model
}

fn drawn(model: &Model) -> String {
    let rows = view::rows(model);
    let rows = rows.iter().map(|row| row.trim_end());
    rows.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_hundred_blocks_are_told_as_what_they_are() {
    let trace = run("four-routes-slowest");
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        for (name, at) in [("middle", Some(200)), ("end", None)] {
            let frame = drawn(&looking(&trace, at, (columns, rows)));
            insta::assert_snapshot!(format!("slowest-{name}-{columns}x{rows}"), frame);
        }
    }
}

#[test]
fn equal_findings_share_a_row_until_they_are_opened() {
    let mut model = looking(&run("four-routes-slowest"), Some(200), (120, 40));
    assert!(drawn(&model).contains("blocked loop ×40  5.00s each, line 5"));
    model.session.as_mut().unwrap().focus = Some(6);
    let enter = || ScreenEvent::Key(Key::plain(KeyCode::Enter));
    update(&mut model, enter());
    let opened = drawn(&model);
    assert!(!opened.contains("×40"), "{opened}");
    assert!(
        opened.contains("195.00  blocked loop  AN, line 5, 5.00s"),
        "{opened}"
    );
    update(&mut model, enter());
    assert!(drawn(&model).contains("×40"));
}
