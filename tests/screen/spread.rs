//! Many runs of one scenario: counted, drawn, and printed.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::common::traces;
use loopscope::export::spread;
use loopscope::protocol::reply::Reply;
use loopscope::protocol::request::Request;
use loopscope::timeline::{Spread, Timeline};
use loopscope::trace::EventKind;
use loopscope::tui::events::{Effect, ScreenEvent};
use loopscope::tui::keys::key::{Key, KeyCode};
use loopscope::tui::model::model::Model;
use loopscope::tui::model::screen::Screen;
use loopscope::tui::screens::view;
use loopscope::tui::settings::settings::{Settings, Start};
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update;

/// Three runs that block and two that await.
fn five() -> Spread {
    let mut all = Spread::default();
    for _ in 0..3 {
        all.add(&Timeline::from_trace(traces::blocking_sleep()));
    }
    for _ in 0..2 {
        all.add(&Timeline::from_trace(traces::awaited_sleep()));
    }
    all
}

#[test]
fn orders_lengths_and_findings_are_counted() {
    let all = five();
    assert_eq!(all.runs, 5);
    let orders = all.by_count();
    assert_eq!(orders[0].1, 3);
    assert_eq!(orders[0].0, ["Hello", "bye", "Hello", "bye"]);
    assert_eq!(orders[1].1, 2);
    assert_eq!(all.insights.get("blocked-loop"), Some(&3));
    let [least, median, most] = all.lengths().expect("five lengths");
    assert!(least < 5.1 && median > 9.9 && most > 9.9);
    assert!(
        all.sentences()
            .contains(&"5 runs printed their lines in 2 different orders.".to_owned())
    );
}

#[test]
fn the_report_and_the_chart_say_the_same() {
    let trace = traces::blocking_sleep();
    let report = spread::report(&trace.story, &five());
    assert_eq!(report.times, 5);
    assert_eq!(report.orders[0].runs, 3);
    let text = spread::text(&report);
    assert!(text.contains("3  ##################  "), "{text}");
    assert!(text.contains("3 of 5 runs had a blocked loop."), "{text}");
}

#[test]
fn runs_that_print_nothing_have_no_orders() {
    let mut trace = traces::blocking_sleep();
    let prints = |kind: &EventKind| matches!(kind, EventKind::Output { .. });
    trace.events.retain(|event| !prints(&event.kind));
    let mut all = Spread::default();
    all.add(&Timeline::from_trace(trace.clone()));
    assert!(all.is_silent() && !five().is_silent());
    let text = spread::text(&spread::report(&trace.story, &all));
    assert!(text.contains("None of 1 runs printed a line."), "{text}");
    assert!(!text.contains("orders"), "{text}");
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
fn a_key_counts_and_the_chart_stands_at_three_sizes() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut model = Model::new(Vec::new(), Palette::Dark, &Settings::default());
        model.size = (columns, rows);
        let mut trace = traces::blocking_sleep();
        let story = std::mem::take(&mut trace.story);
        model.begin(Start::Scenario {
            story: Box::new(story.clone()),
            knobs: Vec::new(),
            autoplay: false,
        });
        update::update(
            &mut model,
            ScreenEvent::Reply(Reply::Opened(Ok(Box::new(story)))),
        );
        let key = |code| ScreenEvent::Key(Key::plain(code));
        update::update(&mut model, key(KeyCode::Esc));
        let wishes = update::update(&mut model, key(KeyCode::Char('R')));
        let number = wishes.iter().find_map(|wish| match wish {
            Effect::Ask(Request::RunMany { number, times, .. }) => Some((*number, *times)),
            _ => None,
        });
        let (run, times) = number.expect("many runs are wished for");
        assert_eq!(times, 100);
        let spread = Box::new(five());
        update::update(
            &mut model,
            ScreenEvent::Reply(Reply::Counted {
                run,
                spread,
                over: true,
            }),
        );
        insta::assert_snapshot!(format!("spread-{columns}x{rows}"), drawn(&model));
        update::update(&mut model, key(KeyCode::Esc));
        assert_eq!(model.screen, Screen::Stage);
    }
}
