//! Two runs on one clock: drawn from fixed traces at every size, and moved through as one.

use std::time::Duration;

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::common::{play, traces};
use loopscope::library;
use loopscope::protocol::menu::MenuEntry;
use loopscope::protocol::problem::Problem;
use loopscope::protocol::reply::{Half, Reply};
use loopscope::protocol::request::Request;
use loopscope::trace::{Nanos, Trace};
use loopscope::tui::events::{Effect, ScreenEvent};
use loopscope::tui::keys::key::{Key, KeyCode};
use loopscope::tui::model::model::Model;
use loopscope::tui::model::screen::Screen;
use loopscope::tui::screens::view;
use loopscope::tui::session::compare::Head;
use loopscope::tui::settings::settings::Settings;
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update;

fn entry(id: &str, contrast: Option<&str>) -> MenuEntry {
    MenuEntry {
        id: id.to_owned(),
        number: "02".to_owned(),
        folder: "the loop".to_owned(),
        title: id.to_owned(),
        contrast: contrast.map(str::to_owned),
        ..MenuEntry::default()
    }
}

/// A screen on which both recordings stand side by side.
fn compared(columns: u16, rows: u16) -> Model {
    of_traces(
        [traces::blocking_sleep(), traces::awaited_sleep()],
        columns,
        rows,
    )
}

fn of_traces(halves: [Trace; 2], columns: u16, rows: u16) -> Model {
    let entries = vec![
        entry("blocking-sleep", Some("awaited-sleep")),
        entry("awaited-sleep", None),
    ];
    let mut model = Model::new(entries, Palette::Dark, &Settings::default());
    model.size = (columns, rows);
    let halves = halves.map(|trace| Half::Recording(Box::new(trace)));
    tell(
        &mut model,
        ScreenEvent::Reply(Reply::Paired(Ok(Box::new(halves)))),
    );
    model
}

fn tell(model: &mut Model, message: ScreenEvent) -> Vec<Effect> {
    update::update(model, message)
}

fn press(model: &mut Model, keys: &str) {
    for key in keys.chars() {
        let code = match key {
            '→' => KeyCode::Right,
            '←' => KeyCode::Left,
            '^' => KeyCode::Home,
            '$' => KeyCode::End,
            key => KeyCode::Char(key),
        };
        tell(model, ScreenEvent::Key(Key::plain(code)));
    }
}

fn stand(model: &mut Model, at: Nanos) {
    if let Some(both) = &mut model.compare {
        both.head = Head::Paused(at);
        both.follow();
    }
}

fn now(model: &Model) -> Nanos {
    model.compare.as_ref().map_or(Nanos::MAX, |both| both.now())
}

fn drawn(model: &Model) -> String {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let mut buf = Buffer::empty(area);
    view::draw(model, area, &mut buf);
    let row = |y| (0..area.width).map(move |x| (x, y));
    let rows = (0..area.height).map(|y| {
        let text: String = row(y).map(|cell| buf[cell].symbol()).collect();
        text.trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}

#[test]
fn both_stand_on_one_axis_at_three_sizes() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut model = compared(columns, rows);
        stand(&mut model, Nanos::from_millis(5_600));
        insta::assert_snapshot!(format!("compare-{columns}x{rows}"), drawn(&model));
        press(&mut model, "$");
        insta::assert_snapshot!(format!("compare-end-{columns}x{rows}"), drawn(&model));
    }
}

#[test]
fn many_requests_are_bands_over_time_at_three_sizes() {
    let halves = ["four-routes-slowest", "four-routes-async-sleep"].map(|id| {
        let entry = library::find(id).expect("one of ours");
        play::told(&entry.source, &entry.file)
    });
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut model = of_traces(halves.clone(), columns, rows);
        stand(&mut model, Nanos::from_millis(2_500));
        insta::assert_snapshot!(format!("many-{columns}x{rows}"), drawn(&model));
        press(&mut model, "$");
        insta::assert_snapshot!(format!("many-end-{columns}x{rows}"), drawn(&model));
    }
}

#[test]
fn bands_and_lanes_stand_below_one_axis() {
    let entry = library::find("four-routes-slowest").expect("one of ours");
    let many = play::told(&entry.source, &entry.file);
    for columns in [60, 80, 120, 200] {
        let mut model = of_traces([traces::blocking_sleep(), many.clone()], columns, 30);
        stand(&mut model, Nanos::from_millis(2_500));
        let frame = drawn(&model);
        let held = |row: &&str| row.starts_with(" loop ") && row.contains('A');
        let begin = |row: &str| row.chars().position(|sign| sign == 'A');
        let begins: Vec<_> = frame.lines().filter(held).map(begin).collect();
        assert_eq!(begins.len(), 2, "{frame}");
        assert_eq!(begins[0], begins[1], "{frame}");
    }
}

#[test]
fn lines_are_marked_where_they_stand_beside_other_ones() {
    for at in (0..=10_100).step_by(50) {
        let mut model = compared(80, 24);
        stand(&mut model, Nanos::from_millis(at));
        let frame = drawn(&model);
        let rows = frame
            .lines()
            .skip(3)
            .take_while(|row| !row.contains("tasks"));
        let mut seen = [0, 0];
        for row in rows {
            let halves: Vec<&str> = row.split('│').collect();
            let line = |half: &&str| {
                half.chars()
                    .skip(8)
                    .take(20)
                    .collect::<String>()
                    .trim()
                    .to_owned()
            };
            let [left, right] = [0, 1].map(|side| halves.get(side).map(line).unwrap_or_default());
            seen[0] += usize::from(!left.is_empty());
            seen[1] += usize::from(!right.is_empty());
            let text = |line: &str| line.get(2..).unwrap_or_default().to_owned();
            assert!(!row.contains('≠') || text(&left) != text(&right), "{frame}");
        }
        assert!(
            at == 0 || seen.iter().all(|lines| *lines > 0),
            "{at} {frame}"
        );
    }
}

#[test]
fn the_end_says_how_much_longer_one_took() {
    let mut model = compared(120, 40);
    press(&mut model, "$");
    let frame = drawn(&model);
    assert!(
        frame.contains("blocking-sleep took 2.0× as long"),
        "{frame}"
    );
    assert!(frame.contains('≠'), "{frame}");
}

#[test]
fn x_writes_the_comparison_as_a_picture() {
    let mut model = compared(120, 40);
    stand(&mut model, Nanos::from_millis(5_600));
    let effects = tell(&mut model, ScreenEvent::Key(Key::char('x')));
    let [Effect::Ask(Request::Export(export))] = &effects[..] else {
        panic!("{effects:?}");
    };
    let picture = export.drawn.as_ref().expect("a picture");
    assert_eq!(picture.name, "blocking-sleep-and-awaited-sleep");
    assert!(picture.svg.contains("in the backlog 4.98s"));
    assert_eq!(model.screen, Screen::Compare);
}

#[test]
fn every_key_that_the_last_row_offers_answers() {
    let mut model = compared(120, 40);
    press(&mut model, "$");
    for key in [' ', '.', ',', 'n', 'N', 'w', 'r', '1', '<', '>'] {
        press(&mut model, &key.to_string());
        assert_eq!(model.screen, Screen::Compare, "{key}");
    }
    press(&mut model, "q");
    assert_eq!(model.screen, Screen::Menu);
}

#[test]
fn the_menu_compares_with_what_a_scenario_goes_with_or_with_any() {
    let mut model = compared(80, 24);
    press(&mut model, "q");
    model.menu.go_to("blocking-sleep");
    let wish = tell(&mut model, ScreenEvent::Key(Key::char('v')));
    let pair = ["blocking-sleep".to_owned(), "awaited-sleep".to_owned()];
    assert!(
        wish.contains(&Effect::Ask(Request::OpenPair(pair))),
        "{wish:?}"
    );
    model.menu.go_to("awaited-sleep");
    let wish = tell(&mut model, ScreenEvent::Key(Key::char('v')));
    assert!(wish.is_empty(), "it goes with none: {wish:?}");
    model.menu.go_to("blocking-sleep");
    let wish = tell(&mut model, ScreenEvent::Key(Key::char('v')));
    let pair = ["awaited-sleep".to_owned(), "blocking-sleep".to_owned()];
    assert!(
        wish.contains(&Effect::Ask(Request::OpenPair(pair))),
        "{wish:?}"
    );
}

#[test]
fn what_cannot_be_found_is_a_problem_and_no_comparison() {
    let mut model = compared(80, 24);
    let problem = Problem {
        sentence: "no scenario is called x".to_owned(),
        details: Vec::new(),
        ..Problem::default()
    };
    tell(&mut model, ScreenEvent::Reply(Reply::Paired(Err(problem))));
    assert!(matches!(model.screen, Screen::Problem { .. }));
    assert!(drawn(&model).contains("no scenario is called x"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_keys_leave_both_sides_at_the_same_moment(
        keys in "[→←.,nN<> ^$w1]{0,40}",
        ticks in 0_u64..4_000,
    ) {
        let mut model = compared(80, 24);
        press(&mut model, &keys);
        tell(&mut model, ScreenEvent::Tick { elapsed: Duration::from_millis(ticks) });
        let both = model.compare.clone().expect("it is still there");
        for side in &both.sides {
            let here = side.here();
            let end = side.timeline.end();
            // One that has ended earlier stands at its end.
            prop_assert_eq!(here.at.min(end), both.now().min(end));
        }
        drawn(&model);
    }

    #[test]
    fn forward_and_back_are_a_round_trip(steps in 1_usize..30) {
        let mut model = compared(80, 24);
        press(&mut model, "^");
        let mut places = vec![now(&model)];
        for _ in 0..steps {
            press(&mut model, "→");
            if matches!(model.compare.as_ref().expect("there").head, Head::Edge) {
                break;
            }
            places.push(now(&model));
        }
        let last = places.last().copied().expect("one");
        stand(&mut model, last);
        for place in places.iter().rev().skip(1) {
            press(&mut model, "←");
            prop_assert_eq!(now(&model), *place);
        }
    }
}
