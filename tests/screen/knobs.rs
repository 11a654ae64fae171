//! Knobs: turned, typed, run with, swept over, and what the runs came to as a plot.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::common::{stories, traces};
use loopscope::protocol::menu::MenuEntry;
use loopscope::protocol::reply::{Reply, Slot};
use loopscope::protocol::request::Request;
use loopscope::timeline::{Sample, Timeline, Timing};
use loopscope::trace::{Batch, Clock, Knob, Nanos, Story};
use loopscope::tui::events::{Effect, ScreenEvent};
use loopscope::tui::keys::key::{Key, KeyCode};
use loopscope::tui::model::model::Model;
use loopscope::tui::model::screen::Screen;
use loopscope::tui::screens::view;
use loopscope::tui::settings::settings::Settings;
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update::update;

/// `four-routes-sync` with its knobs standing like this.
fn story(requests: i64, threads: i64) -> Story {
    let knob = |name: &str, value, default, max| Knob {
        name: name.to_owned(),
        value,
        default,
        min: 1,
        max,
    };
    Story {
        knobs: vec![
            knob("requests", requests, 100, 1000),
            knob("threads", threads, 40, 200),
        ],
        ..stories::four_routes_sync()
    }
}

fn model() -> Model {
    let mut model = Model::new(Vec::new(), Palette::Dark, &Settings::default());
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Opened(Ok(Box::new(story(100, 40))))),
    );
    model
}

/// Presses keys; a run that is wished for starts, and has happened at once.
fn press(model: &mut Model, keys: &[KeyCode]) -> Vec<Effect> {
    let mut all = Vec::new();
    for code in keys {
        let effects = update(model, ScreenEvent::Key(Key::plain(*code)));
        for effect in &effects {
            if let Effect::Ask(Request::Run { number, knobs, .. }) = effect {
                happen(model, *number, knobs);
            }
        }
        all.extend(effects);
    }
    all
}

fn happen(model: &mut Model, run: u32, knobs: &[(String, i64)]) {
    let (requests, threads) = (knobs[0].1, knobs[1].1);
    let story = story(requests, threads);
    let result = Ok(Box::new(story.clone()));
    update(
        model,
        ScreenEvent::Reply(Reply::Started {
            slot: Slot::Only,
            run,
            result,
        }),
    );
    let count = |value: i64| u32::try_from(value).expect("a small number");
    let trace = traces::plain_requests(story, count(requests), count(threads));
    let batch = Batch {
        rows: Vec::new(),
        texts: trace.texts,
        events: trace.events,
        upto: trace.upto,
    };
    update(model, ScreenEvent::Reply(Reply::Batch { run, batch }));
}

fn digits(words: &str) -> Vec<KeyCode> {
    words.chars().map(KeyCode::Char).collect()
}

fn values(model: &Model) -> Vec<i64> {
    let session = model.session.as_ref().expect("a session");
    session.knobs.iter().map(|knob| knob.1).collect()
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

#[test]
fn a_knob_is_turned_typed_and_put_back() {
    let mut model = model();
    press(&mut model, &[KeyCode::Char('K'), KeyCode::Down]);
    let mut after = |keys: &[KeyCode]| {
        press(&mut model, keys);
        values(&model)[1]
    };
    assert_eq!(after(&[KeyCode::Right]), 50);
    assert_eq!(after(&[KeyCode::Left, KeyCode::Left]), 30);
    assert_eq!(after(&digits("125")), 125);
    assert_eq!(after(&[KeyCode::Backspace]), 12);
    assert_eq!(after(&[KeyCode::Backspace, KeyCode::Backspace]), 40);
    assert_eq!(after(&[KeyCode::End]), 200);
    assert_eq!(after(&[KeyCode::Home]), 1);
    // A new number begins after any other key.
    assert_eq!(after(&digits("7")), 7);
    assert_eq!(after(&digits("3000")), 200);
    assert_eq!(after(&[KeyCode::Backspace]), 20);
    assert_eq!(after(&[KeyCode::Up, KeyCode::Down, KeyCode::Char('0')]), 1);
    assert_eq!(values(&model)[0], 100);
}

#[test]
fn the_knobs_stay_open_over_the_run_and_each_run_is_a_point() {
    let mut model = model();
    press(&mut model, &[KeyCode::Char('K'), KeyCode::Down]);
    for (typed, took) in [("40", "3.00s"), ("50", "2.00s"), ("100", "1.00s")] {
        press(&mut model, &digits(typed));
        press(&mut model, &[KeyCode::Enter]);
        assert!(matches!(model.screen, Screen::Knobs { .. }));
        let screen = drawn(&model);
        assert!(screen.contains(&format!("● {typed} threads")), "{screen}");
        assert!(screen.contains(took), "{took}\n{screen}");
    }
    assert_eq!(model.explored.of("four-routes-sync").len(), 3);
    press(&mut model, &[KeyCode::Esc]);
    assert_eq!(model.screen, Screen::Stage);
}

fn entry(id: &str) -> MenuEntry {
    MenuEntry {
        id: id.to_owned(),
        number: "19".to_owned(),
        folder: "the pool".to_owned(),
        title: "100 requests".to_owned(),
        asks: "How long for 100 requests on 40 threads?".to_owned(),
        contrast: Some("another".to_owned()),
        ..MenuEntry::default()
    }
}

#[test]
fn turned_knobs_hold_in_the_menu_and_when_it_is_opened_again() {
    let mut model = model();
    let entries = vec![entry("another"), entry("four-routes-sync")];
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Listed(entries, Some("four-routes-sync".to_owned()))),
    );
    let asked = |effects: &[Effect], what: &str| {
        let mut all = effects.iter().filter(|effect| match effect {
            Effect::Ask(Request::Turn(_)) => what == "turn",
            Effect::Ask(Request::Open(_)) => what == "open",
            _ => false,
        });
        all.next().is_some()
    };
    let retold = || Story {
        title: "100 requests at once".to_owned(),
        asks: "How long for 100 requests on 5 threads?".to_owned(),
        ..story(100, 5)
    };
    // A run with 40, then the knob is turned: the next run is what the menu tells of.
    press(
        &mut model,
        &[KeyCode::Char('K'), KeyCode::Enter, KeyCode::Down],
    );
    press(&mut model, &digits("5"));
    press(&mut model, &[KeyCode::Esc]);
    assert!(asked(&press(&mut model, &[KeyCode::Char('q')]), "turn"));
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Turned(Ok(Box::new(retold())))),
    );
    let menu = drawn(&model);
    assert!(
        menu.contains("How long for 100 requests on 5 threads?"),
        "{menu}"
    );
    assert!(menu.contains("┴─ threads 5 ─"), "{menu}");
    assert!(menu.contains("100 requests at once"), "{menu}");
    // The run that was left is what it was.
    let session = model.session.as_ref().expect("a session");
    assert_eq!(session.timeline.story().knobs[1].value, 40);
    // The one beside it is as in its file.
    press(&mut model, &[KeyCode::Up]);
    let menu = drawn(&model);
    assert!(
        menu.contains("How long for 100 requests on 40 threads?"),
        "{menu}"
    );
    // Opened again, the knobs stand as they stood.
    press(&mut model, &[KeyCode::Down]);
    assert!(asked(&press(&mut model, &[KeyCode::Enter]), "open"));
    let fresh = ScreenEvent::Reply(Reply::Opened(Ok(Box::new(story(100, 40)))));
    assert!(asked(&update(&mut model, fresh), "turn"));
    assert_eq!(values(&model), [100, 5]);
    // Another one begins as in its file.
    press(
        &mut model,
        &[KeyCode::Char('q'), KeyCode::Up, KeyCode::Enter],
    );
    let fresh = ScreenEvent::Reply(Reply::Opened(Ok(Box::new(story(100, 40)))));
    update(&mut model, fresh);
    assert_eq!(values(&model), [100, 40]);
}

#[test]
fn a_sweep_makes_points_and_esc_stops_it() {
    let mut model = model();
    press(&mut model, &[KeyCode::Char('K'), KeyCode::Down]);
    let wishes = press(&mut model, &[KeyCode::Char('S')]);
    let (run, each) = wishes
        .iter()
        .find_map(|wish| match wish {
            Effect::Ask(Request::RunEach { number, knobs }) => Some((*number, knobs.clone())),
            _ => None,
        })
        .expect("a sweep is wished for");
    let threads: Vec<i64> = each.iter().map(|knobs| knobs[1].1).collect();
    assert_eq!(threads, (1..=10).map(|ten| ten * 10).collect::<Vec<i64>>());
    assert!(drawn(&model).contains("sweep: run 1 of 10; Esc stops it"));
    let point = |knobs: &[(String, i64)]| Sample {
        knobs: knobs.to_vec(),
        elapsed: Nanos::from_millis(1_000 * 100_u64.div_ceil(knobs[1].1.unsigned_abs())),
        timing: Timing::Computed,
    };
    for knobs in &each[..9] {
        let point = Some(point(knobs));
        update(&mut model, ScreenEvent::Reply(Reply::Swept { run, point }));
    }
    let wishes = press(&mut model, &[KeyCode::Esc]);
    assert_eq!(wishes, [Effect::Ask(Request::Stop)]);
    assert!(matches!(model.screen, Screen::Knobs { .. }));
    // What was still on its way is dropped.
    let late = Some(point(&each[9]));
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Swept { run, point: late }),
    );
    assert_eq!(model.explored.of("four-routes-sync").len(), 9);
    press(&mut model, &[KeyCode::Esc]);
    assert!(matches!(model.screen, Screen::Question(_)));
}

#[test]
fn a_hundred_requests_are_a_staircase_over_the_threads() {
    for (columns, rows) in [(80, 24), (120, 40), (60, 15)] {
        let mut model = model();
        model.size = (columns, rows);
        press(&mut model, &[KeyCode::Char('K'), KeyCode::Down]);
        for ten in 1..=10 {
            press(&mut model, &digits(&(ten * 10).to_string()));
            press(&mut model, &[KeyCode::Enter]);
        }
        // Other numbers of requests are not like the others.
        press(&mut model, &[KeyCode::Up]);
        press(&mut model, &digits("80"));
        press(&mut model, &[KeyCode::Enter, KeyCode::Backspace]);
        press(&mut model, &[KeyCode::Down]);
        insta::assert_snapshot!(format!("staircase-{columns}x{rows}"), drawn(&model));
        model.theme.ascii = true;
        let ascii = drawn(&model);
        assert!(ascii.is_ascii(), "{ascii}");
    }
}

#[test]
fn what_is_asked_follows_knobs_that_are_turned_before_the_run() {
    let mut model = model();
    press(&mut model, &[KeyCode::Char('K')]);
    press(&mut model, &digits("80"));
    let wishes = press(&mut model, &[KeyCode::Esc]);
    let knobs = vec![("requests".to_owned(), 80), ("threads".to_owned(), 40)];
    assert_eq!(wishes, [Effect::Ask(Request::Turn(knobs))]);
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Turned(Ok(Box::new(story(80, 40))))),
    );
    assert_eq!(values(&model), [80, 40]);
    let screen = drawn(&model);
    assert!(
        screen.contains("the answers were written for other numbers"),
        "{screen}"
    );
    press(&mut model, &[KeyCode::Char('1'), KeyCode::Enter]);
    let session = model.session.as_ref().expect("a session");
    assert_eq!(session.predicted_right(), None);
    // After the run, turning changes the next one only, and the question says so.
    press(&mut model, &[KeyCode::Char('K'), KeyCode::Right]);
    assert!(press(&mut model, &[KeyCode::Esc, KeyCode::Char('p')]).is_empty());
    assert!(drawn(&model).contains("the knobs were turned since"));
}

#[test]
fn only_a_run_that_came_to_its_own_end_is_a_point() {
    let whole = traces::plain_requests(story(100, 40), 100, 40);
    let point = Sample::of(&Timeline::from_trace(whole.clone())).expect("a point");
    assert_eq!(point.timing, Timing::Real);
    assert_eq!(point.value("threads"), Some(40));
    let cut = traces::cut(whole.clone(), Nanos::from_millis(1_500));
    assert_eq!(Sample::of(&Timeline::from_trace(cut)), None);
    let mut hurried = whole.clone();
    hurried.story.speed = 20.0;
    let mut computed = whole;
    computed.story.clock = Clock::Virtual;
    let timing = |trace| Sample::of(&Timeline::from_trace(trace)).map(|point| point.timing);
    assert_eq!(timing(hurried), Some(Timing::Hurried));
    assert_eq!(timing(computed), Some(Timing::Computed));
}

#[test]
fn requests_of_ones_own_make_no_point() {
    let mut model = model();
    let wishes = update(&mut model, ScreenEvent::Key(Key::char(' ')));
    let Some(Effect::Ask(Request::Run { number, knobs, .. })) = wishes.first().cloned() else {
        panic!("a run is wished for: {wishes:?}");
    };
    let result = Ok(Box::new(story(100, 40)));
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Started {
            slot: Slot::Only,
            run: number,
            result,
        }),
    );
    update(&mut model, ScreenEvent::Reply(Reply::Sent(true)));
    let trace = traces::plain_requests(story(100, 40), 100, 40);
    let batch = Batch {
        rows: Vec::new(),
        texts: trace.texts,
        events: trace.events,
        upto: trace.upto,
    };
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Batch { run: number, batch }),
    );
    assert!(
        model.explored.of("four-routes-sync").is_empty(),
        "{knobs:?}"
    );
}
