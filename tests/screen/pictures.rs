//! Menu, question, help and recorded runs at three sizes, as a person sees them.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use loopscope::protocol::reply::Reply;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use loopscope::protocol::menu::{Mark, MenuEntry};
use loopscope::protocol::practice::Tries;
use loopscope::scenario::practice::Topic;
use loopscope::timeline::Moment;
use loopscope::trace::{Nanos, Trace, recording};
use loopscope::tui::events::ScreenEvent;
use loopscope::tui::keys::key::{Key, KeyCode};
use loopscope::tui::model::model::Model;
use loopscope::tui::model::screen::Screen;
use loopscope::tui::screens::view;
use loopscope::tui::session::playhead::Playhead;
use loopscope::tui::session::session::Session;
use loopscope::tui::settings::settings::Settings;
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update::update;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const SIZES: [(u16, u16); 3] = [(40, 12), (80, 24), (120, 40)];

/// A run that really happened, at speed 1.
fn recorded(id: &str) -> Trace {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/recordings/{id}.jsonl"));
    let reading = recording::read(BufReader::new(File::open(path).unwrap())).unwrap();
    assert_eq!(reading.cut, None);
    reading.trace
}

fn menu() -> Model {
    let entry = |number: &str, id: &str, folder: &str, title: &str, asks: &str| MenuEntry {
        id: id.to_owned(),
        number: number.to_owned(),
        folder: folder.to_owned(),
        title: title.to_owned(),
        asks: asks.to_owned(),
        contrast: Some("awaited-sleep".to_owned()),
        story: (id == "blocking-sleep").then(|| Arc::new(crate::common::stories::blocking_sleep())),
        search: title.to_owned().into(),
    };
    let entries = vec![
        entry(
            "02",
            "blocking-sleep",
            "the loop",
            "time.sleep() inside async def",
            "Two requests reach one handler. Does the second wait for the first?",
        ),
        entry(
            "03",
            "awaited-sleep",
            "the loop",
            "await asyncio.sleep()",
            "The same two requests, but the handler awaits its sleep.",
        ),
        entry(
            "19",
            "four-routes-sync",
            "the pool",
            "100 requests, one plain def",
            "How long do 100 requests take?",
        ),
    ];
    Model::new(entries, Palette::Dark, &Settings::default())
}

fn press(model: &mut Model, code: KeyCode) {
    update(model, ScreenEvent::Key(Key::plain(code)));
}

/// The text of a frame; nothing in these stories is wider than a column.
fn frame(model: &Model) -> String {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let mut buffer = Buffer::empty(area);
    view::draw(model, area, &mut buffer);
    let row = |y| -> String { (0..area.width).map(|x| buffer[(x, y)].symbol()).collect() };
    (0..area.height)
        .map(|y| row(y).trim_end().to_owned() + "\n")
        .collect()
}

fn hold(name: &str, mut model: Model) {
    for (columns, rows) in SIZES {
        model.size = (columns, rows);
        insta::assert_snapshot!(format!("{name}-{columns}x{rows}"), frame(&model));
    }
}

/// The folder of exercises, some of them done, and what comes next.
fn practice() -> Model {
    let mut entries = menu().menu.shown().into_iter().cloned().collect::<Vec<_>>();
    entries.extend(Topic::ALL.map(|topic| MenuEntry {
        id: format!("practice-{}-1", topic.word()),
        folder: "practice".to_owned(),
        title: topic.title().to_owned(),
        asks: "A small program, drawn from a number: in which order do its lines come?".to_owned(),
        ..MenuEntry::default()
    }));
    let mut model = Model::new(entries, Palette::Dark, &Settings::default());
    model.marks.insert("blocking-sleep".to_owned(), Mark::Wrong);
    for (topic, right, wrong, next) in [("loop", 3, 1, 5), ("tokio", 12, 11, 24)] {
        let tries = Tries { right, wrong, next };
        model.practice.insert(format!("practice-{topic}"), tries);
    }
    model.menu.go_to("practice-blocking-1");
    model
}

#[test]
fn the_folder_of_exercises() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut model = practice();
        model.size = (columns, rows);
        insta::assert_snapshot!(format!("menu-practice-{columns}x{rows}"), frame(&model));
    }
}

#[test]
fn the_menu() {
    hold("menu", menu());
    let mut wide = menu();
    wide.size = (200, 60);
    insta::assert_snapshot!("menu-200x60", frame(&wide));
    let mut finding = menu();
    for letter in "/await".chars() {
        press(&mut finding, KeyCode::Char(letter));
    }
    hold("menu-find", finding);
}

#[test]
fn the_question() {
    let mut model = menu();
    let story = recorded("blocking-sleep").story;
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Opened(Ok(Box::new(story)))),
    );
    assert!(matches!(model.screen, Screen::Question(_)));
    hold("question", model);
}

#[test]
fn help_on_each_screen() {
    let mut model = menu();
    press(&mut model, KeyCode::Char('?'));
    hold("help-menu", model);
    let mut model = stage("blocking-sleep", 3_400);
    press(&mut model, KeyCode::Char('?'));
    hold("help-stage", model);
}

/// The stage with the playhead on a recorded run.
fn stage(id: &str, millis: u64) -> Model {
    let mut model = menu();
    let mut session = Session::recorded(recorded(id), 1.0);
    let at = Nanos::from_millis(millis);
    let moment: Moment = session.timeline.moment_at(at);
    assert_eq!(session.timeline.live().problems, 0, "{id} is legal");
    session.playhead = if at >= session.timeline.end() {
        Playhead::Edge
    } else {
        Playhead::Paused(moment)
    };
    session.furthest = at.min(session.timeline.end());
    model.session = Some(session);
    model.screen = Screen::Stage;
    model
}

#[test]
fn recorded_runs() {
    hold("blocking-sleep", stage("blocking-sleep", 3_400));
    hold("spawn-blocking", stage("spawn-blocking", 2_000));
    hold("cpu-loop", stage("cpu-loop", 2_000));
    hold("cpu-loop-end", stage("cpu-loop", 60_000));
}
