//! The list of events as a pane: marked, gone through, narrowed.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::common::traces;
use loopscope::trace::Nanos;
use loopscope::tui::events::ScreenEvent;
use loopscope::tui::keys::key::{Key, KeyCode, Mouse, MouseKind};
use loopscope::tui::model::model::Model;
use loopscope::tui::screens::view;
use loopscope::tui::session::playhead::Playhead;
use loopscope::tui::settings::settings::{Settings, Start};
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update::update;

/// The recording at 3.40 s, with the list open.
fn listing() -> Model {
    let mut model = Model::new(Vec::new(), Palette::Dark, &Settings::default());
    model.begin(Start::Recording {
        trace: Box::new(traces::blocking_sleep()),
        autoplay: false,
    });
    let session = model.session.as_mut().expect("a session");
    let at = session.timeline.moment_at(Nanos::from_millis(3_400));
    session.playhead = Playhead::Paused(at);
    press(&mut model, &[KeyCode::Char('E')]);
    model
}

fn press(model: &mut Model, keys: &[KeyCode]) {
    for code in keys {
        update(model, ScreenEvent::Key(Key::plain(*code)));
    }
}

fn drawn(model: &Model) -> String {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let mut buf = Buffer::empty(area);
    view::draw(model, area, &mut buf);
    let rows = (0..area.height).map(|y| {
        let row = (0..area.width).map(|x| buf[(x, y)].symbol());
        row.collect::<String>().trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}

/// How many events have happened at the playhead.
fn applied(model: &Model) -> usize {
    model.session.as_ref().expect("a session").here().applied
}

#[test]
fn the_list_ends_where_one_has_been() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut model = listing();
        model.size = (columns, rows);
        insta::assert_snapshot!(format!("events-{columns}x{rows}"), drawn(&model));
    }
}

#[test]
fn enter_goes_to_the_event_under_the_cursor_and_undo_comes_back() {
    let mut model = listing();
    let before = applied(&model);
    press(&mut model, &[KeyCode::Up, KeyCode::Up, KeyCode::Up]);
    assert_eq!(applied(&model), before);
    press(&mut model, &[KeyCode::Enter]);
    assert_eq!(applied(&model), before - 3);
    let screen = drawn(&model);
    assert!(
        screen.contains(&format!("event {} of", before - 3)),
        "{screen}"
    );
    press(&mut model, &[KeyCode::Char(','), KeyCode::Char('.')]);
    assert_eq!(applied(&model), before - 3);
    press(&mut model, &[KeyCode::Char('u')]);
    assert_eq!(applied(&model), before);
}

#[test]
fn the_list_is_narrowed_to_what_is_typed() {
    let mut model = listing();
    press(&mut model, &[KeyCode::Char('/')]);
    press(
        &mut model,
        &"prints".chars().map(KeyCode::Char).collect::<Vec<_>>(),
    );
    let screen = drawn(&model);
    assert!(screen.contains("with prints"), "{screen}");
    let shown = screen.lines().filter(|line| line.contains("prints Hello"));
    assert_eq!(shown.count(), 1, "{screen}");
    // Enter keeps it and goes nowhere; then the cursor goes through what is left.
    let before = applied(&model);
    press(&mut model, &[KeyCode::Enter]);
    assert_eq!(applied(&model), before);
    press(&mut model, &[KeyCode::Up, KeyCode::Enter]);
    let screen = drawn(&model);
    assert!(screen.contains("A prints Hello"), "{screen}");
    // Esc clears what is narrowed, then closes the list.
    press(&mut model, &[KeyCode::Esc]);
    assert!(!drawn(&model).contains("with prints"));
    assert!(drawn(&model).contains("E events"));
    press(&mut model, &[KeyCode::Esc]);
    assert!(!drawn(&model).contains("E events"));
}

#[test]
fn the_wheel_moves_the_cursor_of_the_list() {
    let mut model = listing();
    let before = applied(&model);
    let turn = |model: &mut Model, kind| {
        let (column, row) = (40, 18);
        update(model, ScreenEvent::Mouse(Mouse { kind, column, row }));
    };
    for _ in 0..3 {
        turn(&mut model, MouseKind::ScrollUp);
    }
    turn(&mut model, MouseKind::ScrollDown);
    assert_eq!(applied(&model), before);
    press(&mut model, &[KeyCode::Enter]);
    assert_eq!(applied(&model), before - 2);
}

#[test]
fn nothing_is_listed_before_the_run() {
    let mut model = Model::new(Vec::new(), Palette::Dark, &Settings::default());
    let story = traces::blocking_sleep().story;
    let opened = loopscope::protocol::reply::Reply::Opened(Ok(Box::new(story)));
    update(&mut model, ScreenEvent::Reply(opened));
    press(&mut model, &[KeyCode::Esc, KeyCode::Char('E')]);
    assert!(
        drawn(&model).contains("nothing has happened yet"),
        "{}",
        drawn(&model)
    );
}
