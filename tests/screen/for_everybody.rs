//! Nothing is said by color alone, every palette can be read, and the cursor stands where one is.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::common::traces::{self, Play};
use crate::common::{shared, stories};
use loopscope::protocol::menu::{Mark, MenuEntry};
use loopscope::protocol::problem::Problem;
use loopscope::protocol::reply::{Reply, Slot};
use loopscope::timeline::{LaneKind, Spread, State, Timeline};
use loopscope::trace::{
    Batch, EventKind, Knob, Nanos, Outcome, Story, TaskId, TaskRole, ThreadId, Trace,
};
use loopscope::tui::events::ScreenEvent;
use loopscope::tui::keys::key::{Key, KeyCode};
use loopscope::tui::model::model::Model;
use loopscope::tui::model::screen::Screen;
use loopscope::tui::screens::view;
use loopscope::tui::session::explored::Many;
use loopscope::tui::settings::settings::Settings;
use loopscope::tui::settings::settings::Start;
use loopscope::tui::text::sign::Sign;
use loopscope::tui::text::theme::{Palette, Theme};
use loopscope::tui::update::update::update;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

/// Of each way to draw without color: the palette, and whether only ASCII is sent.
const WAYS: [(Palette, bool); 3] = [
    (Palette::Dark, true),
    (Palette::Mono, false),
    (Palette::Mono, true),
];

const SECOND: u64 = 1_000_000;
const TASK: TaskId = TaskId(2);

/// A program in which the lane of one request, or of a coroutine, is in this state since `since`
/// microseconds, and still is a moment later.
fn in_state(state: State, since: u64) -> Trace {
    let mut story = stories::blocking_sleep();
    story.runtime.pool_threads = 1;
    if state == State::OnPool || state == State::Queued {
        // Its first request is on the only pool thread, the second is queued.
        return traces::plain_requests(story, 2, 1);
    }
    let mut play = Play::server(story);
    play.beat(0);
    let accepted = [(0, TASK, TaskRole::Handler, "tab 1 /ping")];
    let ends = |play: &mut Play, outcome| {
        play.push(
            since,
            EventKind::TaskEnded {
                task: TASK,
                outcome,
            },
        );
    };
    if state == State::Created {
        play.spawn(since, TASK, TaskRole::Coroutine, TaskId::NONE, "coro");
        return play.done(since + 10 * SECOND);
    }
    let begins = if state == State::InBacklog {
        since
    } else {
        100
    };
    play.request(begins, 0, 0, "/ping");
    match state {
        State::InBacklog => {}
        State::Ready => play.accept(since - 2, &accepted),
        _ => play.accept(200, &accepted),
    }
    match state {
        State::Overdue => play.sleep_begins(300, TASK, since),
        State::Waiting => play.sleep_begins(since - 30, TASK, since + 20 * SECOND),
        State::Running => play.poll_started(since, TASK),
        State::Blocking => play.blocking_handler(since - 30, TASK, 0, since + 20 * SECOND),
        State::Done => play.blocking_handler(300, TASK, 0, since - 20),
        State::Cancelled => {
            play.sleep_begins(300, TASK, since + 20 * SECOND);
            ends(&mut play, Outcome::Cancelled);
        }
        State::Failed => {
            play.poll_started(300, TASK);
            ends(&mut play, Outcome::Panicked);
            play.poll_ended(since + 1, TASK);
        }
        State::Unknown => {
            play.poll_started(300, TASK);
            let (thread, count) = (ThreadId(0), 9);
            let kind = EventKind::Dropped {
                thread,
                count,
                since: Nanos::ZERO,
            };
            play.push(since, kind);
        }
        _ => {}
    }
    play.done(since + 10 * SECOND)
}

/// A model that looks at `trace` at `at`.
fn looking(trace: Trace, at: Nanos, (palette, ascii): (Palette, bool), size: (u16, u16)) -> Model {
    let settings = Settings {
        ascii,
        ..Settings::default()
    };
    let mut model = Model::new(Vec::new(), palette, &settings);
    model.size = size;
    let trace = traces::cut(trace, at);
    model.begin(Start::Recording {
        trace: Box::new(trace),
        autoplay: false,
    });
    update(&mut model, ScreenEvent::Key(Key::plain(KeyCode::End)));
    model.notice = None;
    model
}

fn buffer(model: &Model) -> Buffer {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let mut buf = Buffer::empty(area);
    view::draw(model, area, &mut buf);
    buf
}

/// The signs alone: no color, no bold, no reverse.
fn drawn(model: &Model) -> String {
    let buf = buffer(model);
    let rows = (0..buf.area.height).map(|y| {
        let row = (0..buf.area.width).map(|x| buf[(x, y)].symbol());
        row.collect::<String>().trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}

/// The strip of the lane that is in `state`, without the figures.
fn strip(state: State, length: u64, way: (Palette, bool), size: (u16, u16)) -> String {
    let since = match state {
        State::OnPool | State::Queued => 400,
        _ => SECOND,
    };
    let at = Nanos((since + length) * 1000);
    let model = looking(in_state(state, since), at, way, size);
    let session = model.session.as_ref().unwrap();
    let timeline = &session.timeline;
    let world = session.world();
    let lanes = timeline.lanes().iter().filter(|lane| {
        let added = matches!(lane.kind, LaneKind::Task(task) if task.0 < 2);
        !added && timeline.lane_state(lane.id, &world).0 == state
    });
    let names: Vec<String> = lanes
        .map(|lane| format!("{} {}", lane.letter, lane.name))
        // A long name is cut.
        .map(|name| name.trim().chars().take(7).collect())
        .collect();
    assert!(
        !names.is_empty(),
        "nobody is {state:?}: {:?}",
        timeline.lanes()
    );
    let screen = drawn(&model);
    let rows = screen.lines().skip(2);
    let strips = rows.filter_map(|row| {
        let name = names.iter().find_map(|name| {
            let place = row.rfind(name.as_str())?;
            Some(place + name.len())
        })?;
        let strip: String = row[name..]
            .chars()
            .filter(|sign| !sign.is_ascii_digit())
            .collect();
        // In the output and among what was asked the name stands too, with no strip.
        row[..name]
            .contains(['│', '|'])
            .then_some(strip.trim().to_owned())
    });
    strips
        .filter(|strip| !strip.is_empty())
        .last()
        .unwrap_or_else(|| panic!("no lane of {names:?} in\n{screen}"))
}

/// Both ends of a strip's news: the sign of its last cell, and its words.
fn last(strip: &str) -> char {
    strip.chars().last().unwrap()
}

#[test]
fn every_state_looks_different_without_color() {
    for way in WAYS {
        // So short that there is room for a single sign.
        let signs: Vec<_> = State::ALL
            .map(|state| (state, last(&strip(state, 20_000, way, (80, 24)))))
            .into();
        for (place, (one, sign)) in signs.iter().enumerate() {
            for (two, other) in &signs[place + 1..] {
                assert_ne!(sign, other, "{one:?} and {two:?} in {way:?}");
            }
            assert!(!way.1 || sign.is_ascii(), "{one:?}");
        }
    }
}

#[test]
fn every_state_that_lasts_says_its_word() {
    for way in WAYS {
        for state in State::ALL {
            let length = match state {
                State::OnPool | State::Queued => SECOND * 9 / 10,
                _ => 4 * SECOND,
            };
            let strip = strip(state, length, way, (200, 60));
            // As the strip has it: in fewer words where that is enough.
            let word = match state {
                State::InBacklog => "backlog",
                State::OnPool => "pool",
                state => state.word(),
            };
            assert!(strip.contains(word), "{state:?} in {way:?}: {strip}");
        }
    }
}

#[test]
fn the_heartbeat_has_a_sign_that_no_state_has() {
    for (palette, ascii) in WAYS {
        let theme = Theme {
            palette,
            ascii,
            color: palette != Palette::Mono,
            on_light: false,
        };
        for state in State::ALL {
            assert_ne!(theme.sign(Sign::Beat), theme.glyph(state), "{state:?}");
        }
    }
}

#[test]
fn a_held_loop_has_another_box_than_a_free_one() {
    for way in WAYS {
        let trace = traces::blocking_sleep();
        let held = looking(trace.clone(), Nanos::from_millis(3_400), way, (80, 24));
        let free = looking(trace, Nanos::from_millis(30_000), way, (80, 24));
        let corner = |model: &Model| {
            let screen = drawn(model);
            let row = screen.lines().nth(3).unwrap().to_owned();
            row.chars().skip(39).collect::<String>().trim().to_owned()
        };
        assert_ne!(corner(&held), corner(&free), "{way:?}");
        assert!(drawn(&free).contains("free"), "{way:?}");
    }
}

/// A menu in which each mark occurs, and the cursor stands on the first row.
fn menu(way: (Palette, bool)) -> Model {
    let settings = Settings {
        ascii: way.1,
        ..Settings::default()
    };
    let entries = ["one", "two", "three", "four"].map(|id| MenuEntry {
        id: id.to_owned(),
        number: "01".to_owned(),
        folder: "the loop".to_owned(),
        title: "A title".to_owned(),
        ..MenuEntry::default()
    });
    let mut model = Model::new(entries.into(), way.0, &settings);
    for (id, mark) in [
        ("two", Mark::Seen),
        ("three", Mark::Right),
        ("four", Mark::Wrong),
    ] {
        model.marks.insert(id.to_owned(), mark);
    }
    model
}

#[test]
fn marks_and_the_row_under_the_cursor_have_signs() {
    for way in WAYS {
        for size in [(80, 24), (40, 12)] {
            let mut model = menu(way);
            model.size = size;
            model.menu.go_to("one");
            let screen = drawn(&model);
            let mut rows: Vec<&str> = screen
                .lines()
                .filter(|row| row.contains("A title"))
                .collect();
            assert_eq!(rows.len(), 4, "{screen}");
            rows.sort_unstable();
            rows.dedup();
            assert_eq!(rows.len(), 4, "in {way:?}:\n{screen}");
            let before = drawn(&model);
            update(&mut model, ScreenEvent::Key(Key::plain(KeyCode::Down)));
            assert_ne!(
                drawn(&model).lines().nth(2),
                before.lines().nth(2),
                "{way:?}"
            );
        }
    }
}

#[test]
fn bars_of_different_length_have_different_figures_and_signs() {
    for way in WAYS {
        let mut spread = Spread::default();
        for (trace, times) in [(traces::blocking_sleep(), 3), (traces::awaited_sleep(), 1)] {
            let timeline = Timeline::from_trace(trace);
            (0..times).for_each(|_| spread.add(&timeline));
        }
        let mut model = menu(way);
        model.many = Some(Many {
            spread,
            over: true,
            ..Many::default()
        });
        model.screen = Screen::Many;
        let screen = drawn(&model);
        let bar = |words: &str| {
            let mut rows = screen.lines().filter(|row| row.ends_with(words));
            let row = rows
                .next()
                .unwrap_or_else(|| panic!("no {words} in\n{screen}"));
            let row = row.trim_end_matches(words).trim().to_owned();
            let (figure, ink) = row.split_once(' ').unwrap();
            (figure.to_owned(), ink.trim().chars().count())
        };
        let (blocked, awaited) = (bar("Hello bye Hello bye"), bar("Hello Hello bye bye"));
        assert_eq!([blocked.0.as_str(), awaited.0.as_str()], ["3", "1"]);
        assert!(
            blocked.1 > 2 * awaited.1 && awaited.1 > 0,
            "{way:?}\n{screen}"
        );
    }
}

#[test]
fn what_came_as_predicted_and_what_did_not_differ_in_words() {
    for way in WAYS {
        let mut model = looking(
            traces::blocking_sleep(),
            Nanos::from_millis(30_000),
            way,
            (80, 24),
        );
        model
            .session
            .as_mut()
            .unwrap()
            .answer_with(0, loopscope::trace::Answer::Option(0));
        let screen = drawn(&model);
        assert!(
            screen.contains("same") && screen.contains("not"),
            "{screen}"
        );
    }
}

#[test]
fn the_signs_of_the_plot_and_of_marks_differ_from_one_another() {
    for (palette, ascii) in WAYS {
        let theme = Theme {
            palette,
            ascii,
            color: true,
            on_light: false,
        };
        for group in [
            &[Sign::Live, Sign::Point, Sign::Simulated, Sign::Slot][..],
            &[Sign::Good, Sign::Bad, Sign::Seen][..],
        ] {
            for (place, one) in group.iter().enumerate() {
                for two in &group[place + 1..] {
                    assert_ne!(theme.sign(*one), theme.sign(*two), "{one:?} and {two:?}");
                }
            }
        }
    }
}

/// Red, green and blue of one of the fixed colors: a cube of six steps, then a scale of greys.
fn rgb(number: u8) -> [f64; 3] {
    let step = |place: u8| match place {
        0 => 0.0,
        place => f64::from(55 + 40 * place),
    };
    match number {
        0..16 => panic!("{number} is whatever the terminal makes of it"),
        16..232 => {
            let number = number - 16;
            [step(number / 36), step(number / 6 % 6), step(number % 6)]
        }
        _ => [f64::from(8 + 10 * (u16::from(number) - 232)); 3],
    }
}

/// As the accessibility guidelines of the web define it: from 1, the same, to 21.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let light = |color: [f64; 3]| {
        let linear = color.map(|part| {
            let part = part / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05
    };
    let (one, other) = (light(one), light(other));
    one.max(other) / one.min(other)
}

/// Mono is left out: it sends no colors, so the terminal's own text and background stand, which are
/// the user's choice. Where a palette has no paper of its own, the backgrounds that it is made for
/// are held against it.
#[test]
fn every_palette_can_be_read() {
    let grey = |part: f64| [part; 3];
    for (palette, on_light, papers) in [
        (Palette::Dark, false, vec![grey(0.0), grey(30.0)]),
        (Palette::Dark, true, Vec::new()),
        (Palette::Light, true, vec![grey(255.0), grey(245.0)]),
        (Palette::Light, false, Vec::new()),
        (Palette::Projector, false, Vec::new()),
    ] {
        let theme = Theme {
            palette,
            ascii: false,
            color: true,
            on_light,
        };
        let inks = theme.colors().unwrap();
        let papers = inks.paper.map_or(papers, |paper| vec![rgb(paper)]);
        assert!(!papers.is_empty());
        let projected = palette == Palette::Projector;
        for paper in papers {
            for (what, ink, least) in [
                ("text", inks.text, 7.0),
                ("accent", inks.accent, if projected { 7.0 } else { 6.0 }),
                ("muted", inks.muted, if projected { 7.0 } else { 4.5 }),
                ("dim", inks.dim, if projected { 7.0 } else { 4.5 }),
            ] {
                let found = contrast(rgb(ink), paper);
                assert!(
                    found >= least,
                    "{palette:?}: {what} {found:.2} on {paper:?}"
                );
            }
        }
    }
    assert!((contrast(grey(0.0), grey(255.0)) - 21.0).abs() < 1e-9);
    assert!((contrast(grey(118.0), grey(255.0)) - 4.54).abs() < 0.01);
}

#[test]
fn a_palette_for_another_background_brings_its_own() {
    for (palette, on_light, paints) in [
        (Palette::Dark, false, false),
        (Palette::Dark, true, true),
        (Palette::Light, true, false),
        (Palette::Light, false, true),
    ] {
        let at = Nanos::from_millis(3_400);
        let mut model = looking(traces::blocking_sleep(), at, (palette, false), (120, 40));
        model.theme.on_light = on_light;
        let buf = buffer(&model);
        let painted = |cell: &&ratatui::buffer::Cell| cell.bg != Color::Reset;
        let count = buf.content().iter().filter(painted).count();
        let all = if paints { buf.content().len() } else { 0 };
        assert_eq!(
            count, all,
            "{palette:?} where the terminal is light: {on_light}"
        );
    }
}

#[test]
fn only_one_ink_is_a_color_and_the_projector_paints_every_cell() {
    let mut model = looking(
        traces::blocking_sleep(),
        Nanos::from_millis(3_400),
        (Palette::Projector, false),
        (120, 40),
    );
    let check = |model: &Model| {
        let theme = &model.theme;
        let inks = theme.colors().unwrap();
        let known = [inks.text, inks.muted, inks.dim, inks.accent].map(Color::Indexed);
        let buf = buffer(model);
        for cell in buf.content() {
            assert_eq!(cell.bg, Color::Indexed(inks.paper.unwrap()), "{cell:?}");
            assert!(known.contains(&cell.fg), "{cell:?}");
        }
        for grey in [inks.text, inks.muted, inks.dim] {
            let [red, green, blue] = rgb(grey);
            assert!(red == green && green == blue, "{grey} is no grey");
        }
    };
    check(&model);
    update(&mut model, ScreenEvent::Key(Key::char('?')));
    check(&model);
    let mut model = menu((Palette::Projector, false));
    check(&model);
    update(&mut model, ScreenEvent::Key(Key::char('/')));
    check(&model);
}

#[test]
fn the_theme_key_goes_round_all_four() {
    let mut model = menu((Palette::Dark, false));
    let after = std::iter::repeat_with(|| {
        update(&mut model, ScreenEvent::Key(Key::char('t')));
        model.theme.palette
    });
    let after: Vec<_> = after.take(4).collect();
    let all = [
        Palette::Light,
        Palette::Projector,
        Palette::Mono,
        Palette::Dark,
    ];
    assert_eq!(after, all);
}

fn knob() -> Story {
    let knob = |name: &str| Knob {
        name: name.to_owned(),
        value: 4,
        default: 4,
        min: 1,
        max: 9,
    };
    Story {
        knobs: vec![knob("requests"), knob("threads")],
        ..stories::blocking_sleep()
    }
}

/// What stands under the terminal's cursor, and whether it is drawn as selected.
fn under(model: &Model) -> Option<(String, String)> {
    let at = view::cursor(model)?;
    let buf = buffer(model);
    let row: String = (0..buf.area.width)
        .map(|x| buf[(x, at.y)].symbol())
        .collect();
    Some((buf[at].symbol().to_owned(), row))
}

#[test]
fn the_cursor_stands_where_one_is() {
    for size in [(80, 24), (120, 40), (60, 15), (40, 12), (200, 60), (40, 10)] {
        let press =
            |model: &mut Model, code| drop(update(model, ScreenEvent::Key(Key::plain(code))));
        let mut model = menu((Palette::Dark, false));
        model.size = size;
        for code in [KeyCode::Down, KeyCode::Down, KeyCode::Tab, KeyCode::Tab] {
            press(&mut model, code);
            assert_eq!(under(&model).unwrap().0, "►", "menu {size:?}");
        }
        update(
            &mut model,
            ScreenEvent::Reply(Reply::Opened(Ok(Box::new(knob())))),
        );
        for code in [KeyCode::Down, KeyCode::Char('1')] {
            press(&mut model, code);
            assert_eq!(under(&model).unwrap().0, "►", "question {size:?}");
        }
        press(&mut model, KeyCode::Char('K'));
        for (code, name) in [(KeyCode::Down, "threads"), (KeyCode::Up, "requests")] {
            press(&mut model, code);
            let (sign, row) = under(&model).unwrap();
            assert!(sign == "►" && row.contains(name), "knobs {size:?}: {row}");
        }
        press(&mut model, KeyCode::Char('?'));
        assert_eq!(view::cursor(&model).unwrap().y, 2);
        let problem = Problem {
            sentence: "no".to_owned(),
            details: vec!["line 1".to_owned()],
            ..Problem::default()
        };
        update(&mut model, ScreenEvent::Reply(Reply::Opened(Err(problem))));
        assert!(matches!(model.screen, Screen::Problem { .. }));
        assert_eq!(under(&model).unwrap().0, "l");
    }
}

#[test]
fn the_cursor_follows_the_selected_lane_and_what_is_typed() {
    let mut seen = 0;
    for size in [(80, 24), (120, 40), (200, 60), (60, 15)] {
        let way = (Palette::Dark, false);
        let mut model = looking(shared::two_loops(), Nanos::from_millis(1_500), way, size);
        assert_eq!(view::cursor(&model), None, "nothing is selected");
        for _ in 0..3 {
            update(&mut model, ScreenEvent::Key(Key::plain(KeyCode::Down)));
            let session = model.session.as_ref().unwrap();
            let lane = session.timeline.lane(session.selected.unwrap()).unwrap();
            let first = if lane.letter.is_empty() {
                &*lane.name
            } else {
                lane.letter.as_str()
            };
            let buf = buffer(&model);
            let Some(at) = view::cursor(&model) else {
                // It stands nowhere only where its lane has no room.
                let reverse = ratatui::style::Modifier::REVERSED;
                let drawn = |cell: &ratatui::buffer::Cell| cell.modifier.contains(reverse);
                assert!(!buf.content().iter().any(drawn), "{size:?}");
                continue;
            };
            seen += 1;
            assert!(first.starts_with(buf[at].symbol()), "{size:?}: {first}");
            // The selected name is drawn in reverse, and no cell left of it is.
            let reverse = ratatui::style::Modifier::REVERSED;
            assert!(buf[at].modifier.contains(reverse), "{size:?}");
            assert!(
                !buf[(at.x - 1, at.y)].modifier.contains(reverse),
                "{size:?}"
            );
        }
        update(&mut model, ScreenEvent::Key(Key::char('g')));
        for letter in "3.4".chars() {
            update(&mut model, ScreenEvent::Key(Key::char(letter)));
        }
        let at = view::cursor(&model).unwrap();
        let buf = buffer(&model);
        assert_eq!(buf[(at.x - 1, at.y)].symbol(), "4");
        let reverse = ratatui::style::Modifier::REVERSED;
        assert!(buf[at].modifier.contains(reverse), "{size:?}");
    }
    assert!(seen >= 9, "{seen} lanes were in sight");
}

#[test]
fn reduced_motion_moves_once_a_second_and_answers_keys_at_once() {
    use loopscope::tui::model::model::Redraw;
    use std::time::Duration;
    let settings = Settings {
        reduced_motion: true,
        ..Settings::default()
    };
    for (settings, figure, tick) in [(settings, 1_000, 1_000), (Settings::default(), 33, 33)] {
        let mut model = Model::new(Vec::new(), Palette::Dark, &settings);
        let mut trace = traces::blocking_sleep();
        let story = Box::new(std::mem::take(&mut trace.story));
        update(
            &mut model,
            ScreenEvent::Reply(Reply::Opened(Ok(story.clone()))),
        );
        update(&mut model, ScreenEvent::Key(Key::char(' ')));
        let (run, result) = (model.runs, Ok(story));
        update(
            &mut model,
            ScreenEvent::Reply(Reply::Started {
                slot: Slot::Only,
                run,
                result,
            }),
        );
        model.redraw = Redraw::No;
        let cut = traces::cut(trace, Nanos::from_millis(900));
        let batch = Batch {
            rows: Vec::new(),
            texts: cut.texts,
            events: cut.events,
            upto: cut.upto,
        };
        update(&mut model, ScreenEvent::Reply(Reply::Batch { run, batch }));
        assert_eq!(model.pause(), Some(Duration::from_millis(figure)));
        for key in [',', ' '] {
            model.redraw = Redraw::No;
            update(&mut model, ScreenEvent::Key(Key::char(key)));
            assert_eq!(model.pause(), Some(Duration::from_millis(33)));
        }
        assert_eq!(model.pace(), Some(Duration::from_millis(tick)));
    }
}

#[test]
fn timelines_in_each_state_are_lawful() {
    for state in State::ALL {
        let timeline = Timeline::from_trace(in_state(state, SECOND));
        assert!(!timeline.lanes().is_empty(), "{state:?}");
    }
}
