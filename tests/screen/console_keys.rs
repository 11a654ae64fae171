//! The keys C, y, m and T on the screen, without a terminal: (before, keys, after).

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::common::stories;
use loopscope::protocol::console::ConsoleState;
use loopscope::protocol::reply::{Reply, Slot};
use loopscope::protocol::request::Request;
use loopscope::trace::{Batch, Event, EventKind, Metric, Nanos, TaskId};
use loopscope::tui::events::{Effect, ScreenEvent, Terminal};
use loopscope::tui::keys::key::Key;
use loopscope::tui::model::model::Model;
use loopscope::tui::screens::view;
use loopscope::tui::settings::settings::Settings;
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update::update;

fn model() -> Model {
    Model::new(Vec::new(), Palette::Dark, &Settings::default())
}

fn press(model: &mut Model, key: char) -> Vec<Effect> {
    update(model, ScreenEvent::Key(Key::char(key)))
}

fn listening(address: &str, private: bool, attached: usize) -> ConsoleState {
    ConsoleState::Listening {
        address: address.to_owned(),
        private,
        attached,
    }
}

/// A run that has just begun.
fn running() -> Model {
    let mut model = model();
    let story = || Ok(Box::new(stories::blocking_sleep()));
    update(&mut model, ScreenEvent::Reply(Reply::Opened(story())));
    let effects = press(&mut model, ' ');
    let number = effects.iter().find_map(|effect| match effect {
        Effect::Ask(Request::Run { number, .. }) => Some(*number),
        _ => None,
    });
    let run = number.expect("space runs");
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Started {
            slot: Slot::Only,
            run,
            result: story(),
        }),
    );
    model
}

fn drawn(model: &mut Model, columns: u16, rows: u16) -> String {
    update(model, ScreenEvent::Resize { columns, rows });
    let area = Rect::new(0, 0, columns, rows);
    let mut buffer = Buffer::empty(area);
    view::draw(model, area, &mut buffer);
    let line = |y| {
        (0..columns)
            .map(|x| buffer[(x, y)].symbol())
            .collect::<String>()
    };
    (0..rows).map(line).collect::<Vec<_>>().join("\n")
}

fn said(model: &Model) -> &str {
    model
        .notice
        .as_ref()
        .map_or("", |notice| notice.text.as_str())
}

const LINE: &str = "tokio-console http://127.0.0.1:6669 --retain-for none";

#[test]
fn the_door_is_opened_by_a_key_and_its_line_is_copied_by_another() {
    for mut model in [model(), running()] {
        assert_eq!(press(&mut model, 'y'), []);
        assert!(
            said(&model).contains("C switches it on"),
            "{}",
            said(&model)
        );
        assert_eq!(press(&mut model, 'C'), [Effect::Ask(Request::Console)]);
        let state = listening("127.0.0.1:6669", true, 0);
        update(&mut model, ScreenEvent::Reply(Reply::ConsoleOpened(state)));
        assert!(said(&model).contains(LINE), "{}", said(&model));
        assert!(said(&model).contains("next run"), "{}", said(&model));
        assert_eq!(
            press(&mut model, 'y'),
            [Effect::Terminal(Terminal::Copy(LINE.to_owned()))]
        );
        assert!(said(&model).contains(LINE), "{}", said(&model));
    }
}

#[test]
fn the_status_row_says_how_the_door_stands() {
    let mut model = running();
    assert!(drawn(&mut model, 120, 40).contains("tokio-console off"));
    assert!(!drawn(&mut model, 80, 24).contains("tokio-console"));
    for (state, wide, narrow) in [
        (
            listening("127.0.0.1:6669", true, 0),
            "tokio-console 127.0.0.1:6669",
            "tokio-console :6669",
        ),
        (
            listening("127.0.0.1:6669", true, 2),
            "tokio-console 2 attached",
            "tokio-console 2 attached",
        ),
        (
            listening("0.0.0.0:1", false, 0),
            "OPEN TO THE NETWORK",
            "OPEN",
        ),
        (
            ConsoleState::Failed("in use".to_owned()),
            "tokio-console failed",
            "tokio-console failed",
        ),
    ] {
        update(&mut model, ScreenEvent::Reply(Reply::Console(state)));
        assert!(drawn(&mut model, 140, 40).contains(wide), "{wide}");
        assert!(drawn(&mut model, 80, 24).contains(narrow), "{narrow}");
    }
}

#[test]
fn a_failure_and_a_warning_are_said_in_full() {
    let mut model = running();
    let why =
        "tokio-console cannot attach: 127.0.0.1:6669 is in use; end the program that listens there";
    update(
        &mut model,
        ScreenEvent::Reply(Reply::ConsoleOpened(ConsoleState::Failed(why.to_owned()))),
    );
    assert_eq!(said(&model), why);
    update(
        &mut model,
        ScreenEvent::Reply(Reply::ConsoleOpened(listening("0.0.0.0:6669", false, 0))),
    );
    assert!(
        said(&model).contains("no loopback address"),
        "{}",
        said(&model)
    );
}

/// What a run with metrics would have told.
fn counted(model: &mut Model, run: u32) {
    let mut events = Vec::new();
    for sample in 0..50_u64 {
        let at = Nanos(sample * 100_000_000);
        let mut add = |metric, of, value| {
            events.push(Event {
                at,
                kind: EventKind::Metric { metric, of, value },
            });
        };
        for metric in Metric::ALL {
            add(metric, 0, sample * 7 % 1000);
        }
        add(Metric::Bucket, 9, sample);
        add(Metric::Forced, 0, u64::MAX);
    }
    let upto = Nanos(5_000_000_000);
    update(
        model,
        ScreenEvent::Reply(Reply::Batch {
            run,
            batch: Batch {
                rows: Vec::new(),
                texts: Vec::new(),
                events,
                upto,
            },
        }),
    );
}

#[test]
fn metrics_are_asked_for_and_shown_at_any_size() {
    let mut model = running();
    assert_eq!(
        press(&mut model, 'm'),
        [Effect::Ask(Request::Metrics(true))]
    );
    assert!(said(&model).contains("next run"), "{}", said(&model));
    assert!(drawn(&mut model, 80, 24).contains("none in this run"));
    counted(&mut model, 1);
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let screen = drawn(&mut model, columns, rows);
        for part in ["the runtime's own counts", "busy", "ours", "stand"] {
            assert!(screen.contains(part), "{columns}x{rows}: {part}\n{screen}");
        }
    }
    assert!(
        drawn(&mut model, 200, 60).contains("not parked"),
        "sentences where there is room"
    );
    for columns in 0..90 {
        for rows in [0, 1, 5, 9, 10, 15, 24, 30] {
            drawn(&mut model, columns, rows);
        }
    }
    assert_eq!(press(&mut model, 'm'), []);
    assert!(!drawn(&mut model, 80, 24).contains("own counts"));
}

#[test]
fn the_word_of_the_console_stands_beside_each_lane() {
    use loopscope::trace::{TaskRole, TextId};
    let mut model = running();
    let task = TaskId(0);
    let kinds = [
        EventKind::TaskSpawned {
            task,
            role: TaskRole::Heartbeat,
            function: EventKind::NO_FUNCTION,
            parent: TaskId::NONE,
            name: TextId(0),
        },
        EventKind::TaskAlias { task, tokio: 41 },
    ];
    let events = kinds.map(|kind| Event {
        at: Nanos::ZERO,
        kind,
    });
    let batch = Batch {
        rows: Vec::new(),
        texts: vec!["heartbeat".to_owned()],
        events: events.to_vec(),
        upto: Nanos(1_000_000_000),
    };
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Batch { run: 1, batch }),
    );
    assert!(!drawn(&mut model, 80, 24).contains("idle 41"));
    press(&mut model, 'T');
    let screen = drawn(&mut model, 80, 24);
    // Spawned and never polled: ready, and the console calls that idle.
    assert!(screen.contains("idle 41"), "{screen}");
    for columns in 40..90 {
        drawn(&mut model, columns, 10 + columns % 20);
    }
}
