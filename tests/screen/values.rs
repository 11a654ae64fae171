//! What each task has in hand: in its lane, and in a pane.

use std::sync::Arc;

use loopscope::VOCABULARY;
use loopscope::engine::{self, Options};
use loopscope::library;
use loopscope::scenario::{Choices, load};
use loopscope::trace::{Clock, Nanos, Trace};
use loopscope::tui::events::ScreenEvent;
use loopscope::tui::keys::key::{Key, KeyCode};
use loopscope::tui::model::model::Model;
use loopscope::tui::screens::view;
use loopscope::tui::session::playhead::Playhead;
use loopscope::tui::settings::settings::{Settings, Start};
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update::update;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// A computed run of one of ours, with so many requests where that is told, at a moment.
fn at(id: &str, requests: Option<i64>, millis: u64) -> Model {
    let entry = library::find(id).expect("one of ours");
    let choices = Choices {
        clock: Clock::Virtual,
        knobs: requests
            .map(|count| ("requests".to_owned(), count))
            .into_iter()
            .collect(),
        ..Choices::default()
    };
    let scenario = load(&entry.source, &entry.file, &choices, &VOCABULARY).expect("it is right");
    let mut trace = Trace::new(scenario.story.clone());
    let speed = scenario.story.speed;
    let run = engine::start(Arc::new(scenario), &Options { speed, seed: 0 }).expect("it starts");
    for batch in run.batches() {
        trace.extend(batch);
    }
    let mut model = Model::new(Vec::new(), Palette::Dark, &Settings::default());
    model.begin(Start::Recording {
        trace: Box::new(trace),
        autoplay: false,
    });
    let session = model.session.as_mut().expect("a session");
    let at = session.timeline.moment_at(Nanos::from_millis(millis));
    session.playhead = Playhead::Paused(at);
    model
}

fn press(model: &mut Model, key: char) {
    update(model, ScreenEvent::Key(Key::plain(KeyCode::Char(key))));
}

fn drawn(model: &mut Model, (columns, rows): (u16, u16)) -> String {
    model.size = (columns, rows);
    let area = Rect::new(0, 0, columns, rows);
    let mut buf = Buffer::empty(area);
    view::draw(model, area, &mut buf);
    let rows = (0..area.height).map(|y| {
        let row = (0..area.width).map(|x| buf[(x, y)].symbol());
        row.collect::<String>().trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}

/// Pictures with the pane open.
fn pictures(name: &str, mut model: Model) {
    press(&mut model, 'z');
    for size in SIZES {
        let picture = drawn(&mut model, size);
        insta::assert_snapshot!(format!("{name}-{}x{}", size.0, size.1), picture);
    }
}

#[test]
fn a_lost_update_is_seen() {
    pictures("race-half", at("next-id-race", Some(4), 50));
    pictures("race-end", at("next-id-race", Some(4), 150));
    pictures("race-many", at("next-id-race", None, 50));
}

#[test]
fn nothing_is_lost_under_a_lock() {
    pictures("lock", at("next-id-lock", None, 25));
}

#[test]
fn nothing_is_lost_without_an_await() {
    pictures("atomic", at("next-id-atomic", Some(4), 50));
}

#[test]
fn the_pane_gives_the_place_back() {
    let mut model = at("next-id-race", Some(4), 50);
    let before = drawn(&mut model, (80, 24));
    press(&mut model, 'z');
    assert_ne!(drawn(&mut model, (80, 24)), before);
    press(&mut model, 'z');
    assert_eq!(drawn(&mut model, (80, 24)), before);
}
