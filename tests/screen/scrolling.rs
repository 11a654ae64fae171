//! All code can be reached, on the stage and beside the question; threads that have no room are counted, and the one of
//! the selected lane is in sight.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::common::{stories, traces};
use loopscope::protocol::reply::Reply;
use loopscope::trace::{Function, Listing, Nanos, Story, Token, Trace};
use loopscope::tui::events::ScreenEvent;
use loopscope::tui::keys::key::{Key, KeyCode, Mouse, MouseKind};
use loopscope::tui::model::model::Model;
use loopscope::tui::screens::view;
use loopscope::tui::session::playhead::Playhead;
use loopscope::tui::settings::settings::{Settings, Start};
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update::update;

fn press(model: &mut Model, keys: &str) {
    for character in keys.chars() {
        let code = match character {
            '\t' => KeyCode::Tab,
            character => KeyCode::Char(character),
        };
        update(model, ScreenEvent::Key(Key::plain(code)));
    }
}

fn wheel(model: &mut Model, kind: MouseKind, column: u16, row: u16) {
    update(model, ScreenEvent::Mouse(Mouse { kind, column, row }));
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

/// The listing of a story with these many more lines at its end.
fn longer(story: &mut Story, more: usize) {
    for listing in &mut story.listings {
        for number in 0..more {
            let text = format!("more_{number} = 0");
            listing.lines.push(vec![Token {
                text,
                ..Token::default()
            }]);
        }
    }
}

fn stage(trace: Trace, millis: u64) -> Model {
    let mut model = Model::new(Vec::new(), Palette::Dark, &Settings::default());
    let trace = Box::new(trace);
    model.begin(Start::Recording {
        trace,
        autoplay: false,
    });
    let session = model.session.as_mut().expect("a session");
    let at = session.timeline.moment_at(Nanos::from_millis(millis));
    session.playhead = Playhead::Paused(at);
    model
}

#[test]
fn the_code_of_the_stage_is_scrolled_and_follows_the_running_line_again() {
    let mut trace = traces::blocking_sleep();
    longer(&mut trace.story, 40);
    let mut model = stage(trace, 3_400);
    let screen = drawn(&model);
    assert!(screen.contains("more below: Tab"), "{screen}");
    assert!(screen.contains("time.sleep(5)"), "{screen}");
    // The wheel over the code scrolls it, and over the lanes it does not.
    for _ in 0..3 {
        wheel(&mut model, MouseKind::ScrollDown, 10, 4);
    }
    let screen = drawn(&model);
    assert!(screen.contains("more_3 = 0"), "{screen}");
    assert!(!screen.contains("   5     time.sleep(5)"), "{screen}");
    for _ in 0..40 {
        wheel(&mut model, MouseKind::ScrollDown, 10, 4);
    }
    let screen = drawn(&model);
    assert!(
        screen.contains("more_39 = 0") && screen.contains("more above: Tab"),
        "{screen}"
    );
    // Another line runs: it is followed again.
    let session = model.session.as_mut().expect("a session");
    session.playhead = Playhead::Paused(session.timeline.moment_at(Nanos::ZERO));
    update(&mut model, ScreenEvent::Key(Key::plain(KeyCode::Right)));
    assert!(!drawn(&model).contains("more_39 = 0"), "{}", drawn(&model));
}

#[test]
fn keys_scroll_the_code_while_it_is_chosen() {
    let mut trace = traces::blocking_sleep();
    longer(&mut trace.story, 40);
    let mut model = stage(trace, 3_400);
    let session = model.session.as_mut().expect("a session");
    session.focus = Some(1);
    assert!(drawn(&model).contains("more below: )"), "{}", drawn(&model));
    press(&mut model, ")))");
    assert!(drawn(&model).contains("more_4 = 0"), "{}", drawn(&model));
    press(&mut model, "((((((");
    assert!(
        drawn(&model).contains("    1 app = FastAPI()"),
        "{}",
        drawn(&model)
    );
    assert!(
        drawn(&model).contains("this is the start of the code"),
        "{}",
        drawn(&model)
    );
    // With another pane chosen they pan.
    let session = model.session.as_mut().expect("a session");
    session.focus = None;
    press(&mut model, ")");
    assert!(
        drawn(&model).contains("    1 app = FastAPI()"),
        "{}",
        drawn(&model)
    );
}

/// A question about the second of two functions, of which each is longer than there is room for.
fn asked() -> Model {
    let mut story = traces::blocking_sleep().story;
    let line = |text: &str| {
        vec![Token {
            text: text.to_owned(),
            ..Token::default()
        }]
    };
    let mut lines = Vec::new();
    for name in ["first", "second"] {
        lines.push(line(&format!("@app.get(\"/{name}\")")));
        lines.push(line(&format!("async def {name}():")));
        lines.extend((0..30).map(|number| line(&format!("    {name}_{number}()"))));
    }
    let language = story.listings[0].language;
    story.listings = vec![Listing { language, lines }];
    story.functions = ["first", "second"]
        .map(|name| Function {
            name: name.to_owned(),
            route: Some(format!("/{name}")),
            ..Function::default()
        })
        .to_vec();
    story.planned.truncate(1);
    story.questions[0].ask = "What does /second answer?".to_owned();
    let mut model = Model::new(Vec::new(), Palette::Dark, &Settings::default());
    let opened = Reply::Opened(Ok(Box::new(story)));
    update(&mut model, ScreenEvent::Reply(opened));
    model
}

#[test]
fn the_code_beside_a_question_begins_with_what_is_asked_about_and_is_scrolled() {
    let mut model = asked();
    let screen = drawn(&model);
    assert!(screen.contains("@app.get(\"/second\")"), "{screen}");
    assert!(!screen.contains("first_0()"), "{screen}");
    assert!(screen.contains("more lines below: )"), "{screen}");
    for _ in 0..20 {
        press(&mut model, ")");
    }
    assert!(drawn(&model).contains("second_29()"), "{}", drawn(&model));
    for _ in 0..40 {
        press(&mut model, "(");
    }
    assert!(
        drawn(&model).contains("@app.get(\"/first\")"),
        "{}",
        drawn(&model)
    );
    wheel(&mut model, MouseKind::ScrollDown, 10, 4);
    assert!(
        !drawn(&model).contains("@app.get(\"/first\")"),
        "{}",
        drawn(&model)
    );
}

#[test]
fn threads_without_room_are_counted_and_the_selected_one_is_in_sight() {
    let mut story = stories::four_routes_sync();
    story.planned.truncate(5);
    let trace = traces::plain_requests(story, 5, 5);
    let mut model = stage(trace, 500);
    let screen = drawn(&model);
    assert!(screen.contains("more below"), "{screen}");
    let session = model.session.as_ref().expect("a session");
    let world = session.world().into_owned();
    let busy = world.threads.iter();
    let busy: Vec<_> = busy
        .filter_map(|thread| Some((thread.name, thread.doing?.actor)))
        .map(|(name, actor)| {
            let name = session.timeline.trace().text(name).to_owned();
            (name, session.timeline.lane_of(actor).expect("a lane"))
        })
        .collect();
    assert_eq!(busy.len(), 5);
    let mut hidden = 0;
    for (name, lane) in busy {
        let row = format!("\u{2502} {name} ");
        hidden += usize::from(!screen.contains(&row));
        model.session.as_mut().expect("a session").selected = Some(lane);
        let screen = drawn(&model);
        assert!(screen.contains(&row), "{name} in\n{screen}");
    }
    assert!(hidden > 1, "{hidden}");
}

#[test]
fn scrolled_code_and_threads_stand_in_a_large_window() {
    let mut story = stories::four_routes_sync();
    story.planned.truncate(12);
    longer(&mut story, 60);
    let mut model = stage(traces::plain_requests(story, 12, 40), 500);
    model.size = (200, 60);
    press(&mut model, "\t");
    while model.session.as_ref().expect("a session").focus != Some(1) {
        press(&mut model, "\t");
    }
    press(&mut model, "))))");
    let session = model.session.as_mut().expect("a session");
    let last = session.timeline.lanes().last().map(|lane| lane.id);
    session.selected = last;
    insta::assert_snapshot!("scrolled-200x60", drawn(&model));
}
