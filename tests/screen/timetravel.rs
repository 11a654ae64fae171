//! Going back and forth in a run: zoom, pan, undo, a typed time, finds, causes, the map of the run.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::common::traces;
use loopscope::timeline::{Moment, Timeline, World};
use loopscope::trace::{
    Actor, Event, EventKind, Lock, LockId, Nanos, Story, TaskId, TaskRole, TextId, ThreadId,
    ThreadRole, Trace, WaitOn, WakeCause, recording,
};
use loopscope::tui::events::ScreenEvent;
use loopscope::tui::keys::key::{Key, KeyCode, Mouse, MouseKind};
use loopscope::tui::layout::axis::Page;
use loopscope::tui::model::model::Model;
use loopscope::tui::model::screen::Screen;
use loopscope::tui::screens::view;
use loopscope::tui::session::playhead::Playhead;
use loopscope::tui::session::session::Session;
use loopscope::tui::settings::settings::{Settings, Start};
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::prompt::time;
use loopscope::tui::update::update::update;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const SIZES: [(u16, u16); 3] = [(40, 12), (80, 24), (120, 40)];

/// A run that really happened, at speed 1.
fn recorded(id: &str) -> Trace {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/recordings/{id}.jsonl"));
    let reading = recording::read(BufReader::new(File::open(path).unwrap())).unwrap();
    reading.trace
}

/// The stage with a trace whose playhead stands at a moment.
fn stage(trace: Trace, millis: u64) -> Model {
    let mut model = Model::new(Vec::new(), Palette::Dark, &Settings::default());
    let mut session = Session::recorded(trace, 1.0);
    let at = Nanos::from_millis(millis);
    session.playhead = Playhead::Paused(session.timeline.moment_at(at));
    session.furthest = session.timeline.end();
    model.session = Some(session);
    model.screen = Screen::Stage;
    model
}

fn blocking(millis: u64) -> Model {
    stage(traces::blocking_sleep(), millis)
}

fn session(model: &Model) -> &Session {
    model.session.as_ref().unwrap()
}

fn at(model: &Model) -> f64 {
    session(model).here().at.as_secs_f64()
}

/// Words are keys by their names, everything else is typed.
fn press(model: &mut Model, keys: &str) {
    for word in keys.split_whitespace() {
        let code = match word {
            "Enter" => KeyCode::Enter,
            "Esc" => KeyCode::Esc,
            "Tab" => KeyCode::Tab,
            "BackTab" => KeyCode::BackTab,
            "Backspace" => KeyCode::Backspace,
            "left" => KeyCode::Left,
            "right" => KeyCode::Right,
            "up" => KeyCode::Up,
            "down" => KeyCode::Down,
            "Home" => KeyCode::Home,
            "End" => KeyCode::End,
            _ => {
                for letter in word.chars() {
                    update(model, ScreenEvent::Key(Key::char(letter)));
                }
                continue;
            }
        };
        update(model, ScreenEvent::Key(Key::plain(code)));
    }
}

fn point(model: &mut Model, kind: MouseKind, column: u16, row: u16) {
    update(model, ScreenEvent::Mouse(Mouse { kind, column, row }));
}

fn frame(model: &Model) -> String {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let mut buffer = Buffer::empty(area);
    view::draw(model, area, &mut buffer);
    let row = |y| -> String { (0..area.width).map(|x| buffer[(x, y)].symbol()).collect() };
    (0..area.height)
        .map(|y| row(y).trim_end().to_owned() + "\n")
        .collect()
}

fn notice(model: &Model) -> &str {
    model.notice.as_ref().map_or("", |notice| &notice.text)
}

fn hold(name: &str, mut model: Model) {
    for (columns, rows) in SIZES {
        model.size = (columns, rows);
        insta::assert_snapshot!(format!("{name}-{columns}x{rows}"), frame(&model));
    }
}

#[test]
fn the_map_of_the_run_shows_where_one_looks() {
    let mut model = stage(recorded("blocking-sleep"), 3_400);
    press(&mut model, "+ +");
    hold("map", model);
}

#[test]
fn why_is_answered_beside_the_lanes() {
    let mut model = stage(recorded("blocking-sleep"), 3_400);
    press(&mut model, "w");
    hold("why", model.clone());
    press(&mut model, "Enter");
    hold("why-cause", model);
    let mut model = stage(recorded("spawn-blocking"), 2_000);
    press(&mut model, "down w");
    hold("why-job", model);
}

#[test]
fn a_time_and_a_line_are_asked_for_below() {
    let mut model = stage(recorded("blocking-sleep"), 3_400);
    press(&mut model, "g 4,2");
    hold("go-to", model.clone());
    press(&mut model, "Backspace Backspace x Enter");
    hold("go-to-wrong", model);
    let mut model = stage(recorded("blocking-sleep"), 3_400);
    press(&mut model, "/ bye Enter");
    hold("find", model);
}

#[test]
fn the_cause_is_followed_and_left_again() {
    let mut model = blocking(3_400);
    // The second request is in the backlog; accept is ready; A holds the loop.
    press(&mut model, "down down w");
    let seen = |model: &Model| {
        let session = session(model);
        let lane = session.timeline.lane(session.selected.unwrap()).unwrap();
        lane.name.to_string()
    };
    assert_eq!(seen(&model), "tab 2");
    press(&mut model, "Enter");
    assert_eq!(seen(&model), "accept");
    press(&mut model, "Enter");
    assert_eq!(seen(&model), "tab 1");
    // And A runs because accept has let it in, at the start.
    press(&mut model, "Enter");
    assert_eq!(seen(&model), "accept");
    assert!(at(&model) < 0.001);
    press(&mut model, "Backspace Backspace Backspace");
    assert_eq!(seen(&model), "tab 2");
    assert!((at(&model) - 3.4).abs() < 1e-9);
    press(&mut model, "Backspace");
    assert!(notice(&model).starts_with("this is where you began"));
    press(&mut model, "u");
    assert_eq!(notice(&model), "there is no jump to take back");
    press(&mut model, "Esc");
    assert!(session(&model).trail.is_none());
    assert_eq!(model.screen, Screen::Stage);
}

#[test]
fn times_are_typed_in_many_ways_and_wrong_ones_answered() {
    let model = blocking(3_400);
    let session = session(&model);
    let millis = |typed: &str| time(typed, session).map(|at| at.0 / 1_000_000);
    assert_eq!(millis("5"), Ok(5_000));
    assert_eq!(millis(" 5.25s "), Ok(5_250));
    assert_eq!(millis("5,25"), Ok(5_250));
    assert_eq!(millis("340ms"), Ok(340));
    assert_eq!(millis("0:07.5"), Ok(7_500));
    assert_eq!(millis("+1"), Ok(4_400));
    assert_eq!(millis("-400 ms"), Ok(3_000));
    assert_eq!(millis("50%"), Ok(session.timeline.end().0 / 2_000_000));
    assert_eq!(millis("100%"), Ok(session.timeline.end().0 / 1_000_000));
    for (typed, part) in [
        ("", "type a time"),
        ("soon", "is no time"),
        ("1e3", "is no time"),
        ("inf", "is no time"),
        ("--1", "is no time"),
        ("-4", "begins at"),
        ("99", "ended at 10.01s"),
        ("999999999999999999999999", "ended at"),
    ] {
        let why = time(typed, session).unwrap_err();
        assert!(why.contains(part), "{typed}: {why}");
    }
}

#[test]
fn finds_go_round_and_select_the_lane() {
    let mut model = blocking(3_400);
    press(&mut model, "/ bye Enter");
    assert!((at(&model) - 5.0).abs() < 0.1, "{}", at(&model));
    press(&mut model, "Enter");
    assert!((at(&model) - 10.0).abs() < 0.1);
    press(&mut model, "down");
    assert!((at(&model) - 5.0).abs() < 0.1);
    press(&mut model, "up");
    assert!((at(&model) - 10.0).abs() < 0.1);
    let lane = session(&model).selected;
    assert_eq!(
        session(&model)
            .timeline
            .lane(lane.unwrap())
            .unwrap()
            .letter
            .as_str(),
        "B"
    );
    // A lane is found by its name; what is typed is no key.
    press(&mut model, "Esc / q Esc u u u u");
    assert_eq!(model.screen, Screen::Stage);
    assert!((at(&model) - 3.4).abs() < 1e-9);
    press(&mut model, "/ heartb Enter");
    assert!(at(&model) < 0.001);
}

#[test]
fn the_arrows_move_by_what_the_chosen_pane_shows() {
    let mut model = blocking(0);
    model.size = (120, 40);
    let texts = |model: &Model| session(model).world().outputs;
    // Tasks, threads, found, code, loop, output.
    press(&mut model, "Home Tab Tab");
    assert_eq!(session(&model).focus, Some(6));
    press(&mut model, "right");
    let world = session(&model).world().into_owned();
    assert_eq!(session(&model).timeline.findings_at(&world).len(), 1);
    press(&mut model, "BackTab BackTab BackTab Home");
    assert_eq!(session(&model).focus, Some(3));
    for printed in 1..=4 {
        press(&mut model, "right");
        assert_eq!(texts(&model), printed);
    }
    press(&mut model, "left");
    assert_eq!(texts(&model), 3);
    press(&mut model, "BackTab Home right");
    assert_eq!(session(&model).focus, Some(2));
    let polls = |model: &Model| -> u32 {
        let world = session(model).world();
        world.tasks.iter().map(|task| task.polls).sum()
    };
    let before = polls(&model);
    press(&mut model, "right right");
    assert_eq!(polls(&model), before + 2);
    press(&mut model, "left");
    assert_eq!(polls(&model), before + 1);
}

#[test]
fn only_the_selected_lane_is_shown() {
    let mut model = blocking(3_400);
    press(&mut model, "down o");
    let drawn = frame(&model);
    assert!(drawn.contains("A tab 1   "), "{drawn}");
    assert!(!drawn.contains("accept    "), "{drawn}");
    press(&mut model, "down");
    assert!(frame(&model).contains("B tab 2   >>"));
    press(&mut model, "o");
    assert!(frame(&model).contains("accept    "));
    press(&mut model, "o Esc");
    assert_eq!(model.screen, Screen::Stage);
    // In a crowd, too: one lane in place of a hundred cells.
    let mut model = stage(traces::four_routes_sync(), 500);
    assert!(!frame(&model).contains("A load"));
    press(&mut model, "down o");
    assert!(frame(&model).contains("A load"), "{}", frame(&model));
}

#[test]
fn the_mouse_seeks_scrubs_and_zooms() {
    let mut model = blocking(3_400);
    let row = 16;
    point(&mut model, MouseKind::Press, 55, row);
    let clicked = at(&model);
    assert!(clicked > 1.0 && (clicked - 3.4).abs() > 0.1, "{clicked}");
    // Scrubbing goes on in the row in which it began.
    for column in 56..60 {
        let before = at(&model);
        point(&mut model, MouseKind::Drag, column, 3);
        assert!(at(&model) > before);
    }
    press(&mut model, "u");
    assert!((at(&model) - 3.4).abs() < 1e-9, "one drag is one jump");
    let whole = session(&model).page();
    point(&mut model, MouseKind::ScrollUp, 60, row);
    let close = session(&model).page();
    assert_eq!(close.length.0 * 2, whole.length.0);
    point(&mut model, MouseKind::ScrollRight, 60, row);
    assert!(session(&model).page().from > close.from);
    point(&mut model, MouseKind::ScrollLeft, 60, row);
    point(&mut model, MouseKind::ScrollDown, 60, row);
    assert_eq!(session(&model).page(), whole);
    // The map of the run is a time pane, too.
    press(&mut model, "+");
    let rule = u16::try_from(
        frame(&model)
            .lines()
            .position(|row| row.contains(" 0s "))
            .unwrap(),
    );
    point(&mut model, MouseKind::Press, 40, rule.unwrap());
    assert!((at(&model) - 5.0).abs() < 0.6, "{}", at(&model));
}

#[test]
fn keys_that_cannot_move_say_why() {
    let mut model = blocking(3_400);
    press(&mut model, "u");
    assert_eq!(notice(&model), "there is no jump to take back");
    press(&mut model, "-");
    assert_eq!(notice(&model), "the whole run is in sight");
    press(&mut model, "(");
    assert_eq!(notice(&model), "nothing is before");
    press(&mut model, ")");
    assert_eq!(notice(&model), "nothing later has happened yet");
    for _ in 0..40 {
        press(&mut model, "+");
    }
    assert_eq!(notice(&model), "this is as close as it goes");
    press(&mut model, "f");
    assert_eq!(session(&model).zoom, None);
}

#[test]
fn a_page_that_the_playhead_leaves_follows_it() {
    let mut model = blocking(200);
    press(&mut model, "+ + + End");
    let page = session(&model).page();
    assert!(page.holds(session(&model).here().at), "{page:?}");
    press(&mut model, "Home");
    assert!(session(&model).page().holds(Nanos::ZERO));
}

#[test]
fn a_stop_says_what_it_is() {
    let mut model = blocking(0);
    press(&mut model, "n");
    assert_eq!(notice(&model), "A prints Hello");
    // Here a note of the scenario says it.
    press(&mut model, "n");
    assert_eq!(notice(&model), "");
    assert!(frame(&model).contains("The loop is"), "{}", frame(&model));
    press(&mut model, "n");
    assert!(notice(&model).starts_with("found: accept could run and had no turn for 0.10s"));
}

#[test]
fn forty_lines_at_one_moment_are_one_stop() {
    let timeline = Timeline::from_trace(traces::four_routes_sync());
    let mut stops = 0;
    let mut moment = Moment::default();
    while let Some(next) = timeline.next_stop(moment) {
        moment = next;
        stops += 1;
    }
    assert_eq!(timeline.outputs().len(), 200);
    // Three waves: where one ends the next begins. What was found falls together with them.
    assert!((4..8).contains(&stops), "{stops}");
}

/// Two tasks that each have a lock and want the other's.
fn deadlock() -> Trace {
    let locks = ["left", "right"].map(|name| Lock {
        name: name.to_owned(),
        ..Lock::default()
    });
    let mut trace = Trace::new(Story {
        locks: locks.into(),
        ..Story::default()
    });
    trace.texts = ["loop", "one", "two"].map(Into::into).into();
    let thread = ThreadId(0);
    let mut at = 0;
    let mut push = |kind| {
        trace.events.push(Event {
            at: Nanos(at),
            kind,
        });
        at += 1_000_000;
    };
    push(EventKind::ThreadStarted {
        thread,
        role: ThreadRole::Loop,
        name: TextId(0),
    });
    for task in 0..2_u16 {
        push(EventKind::TaskSpawned {
            task: TaskId(task.into()),
            role: TaskRole::Program,
            function: EventKind::NO_FUNCTION,
            parent: TaskId::NONE,
            name: TextId(1 + u32::from(task)),
        });
    }
    for (task, lock, has) in [(0, 0, true), (1, 1, true), (0, 1, false), (1, 0, false)] {
        let (task, actor) = (TaskId(task), Actor::Task(TaskId(task)));
        push(EventKind::PollStarted { task, thread });
        push(EventKind::LockWanted {
            actor,
            lock,
            reads: false,
        });
        if has {
            push(EventKind::LockTaken {
                actor,
                lock,
                reads: false,
            });
            let by = WakeCause::Itself;
            push(EventKind::Woken { task, by });
        } else {
            let on = WaitOn::Lock(LockId(lock.into()));
            push(EventKind::Waiting { task, on });
        }
        push(EventKind::PollEnded { task, thread });
    }
    trace.upto = Nanos(at);
    trace
}

#[test]
fn a_deadlock_leads_round_and_round() {
    let mut model = stage(deadlock(), 60_000);
    press(&mut model, "End down w");
    let lane = |model: &Model| session(model).selected.unwrap();
    let first = lane(&model);
    let drawn = frame(&model);
    assert!(drawn.contains("Enter: B, which has lock right"), "{drawn}");
    press(&mut model, "Enter");
    assert_ne!(lane(&model), first);
    let drawn = frame(&model);
    assert!(drawn.contains("Enter: A, which has lock left"), "{drawn}");
    press(&mut model, "Enter");
    assert_eq!(lane(&model), first);
}

fn any_page() -> impl Strategy<Value = (Page, Nanos)> {
    let second = 1_000_000_000_u64;
    (5 * second..500 * second, 0.0_f64..=1.0, 0_u64..100 * second).prop_map(
        |(length, part, from)| {
            let at = from + (length as f64 * part) as u64;
            let page = Page {
                from: Nanos(from),
                length: Nanos(length),
            };
            (page, Nanos(at))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(200)
    })]

    #[test]
    fn zooming_in_and_out_again_is_where_one_was((page, at) in any_page(), times in 1_u32..9) {
        let whole = Page { from: Nanos::ZERO, length: Nanos(page.end().0 * 4) };
        let mut now = page;
        for _ in 0..times {
            let closer = now.closer(at);
            prop_assert!(closer.holds(at) && closer.length < now.length);
            now = closer;
        }
        for _ in 0..times {
            now = now.wider(at, whole);
            prop_assert!(now.holds(at));
        }
        // What halving loses is far less than a cell.
        let lost = page.from.0.abs_diff(now.from.0) + page.length.0.abs_diff(now.length.0);
        prop_assert!(lost < 1 << (times + 2), "{page:?} {now:?}");
    }

    #[test]
    fn panning_there_and_back_is_where_one_was((page, _) in any_page(), times in 1_usize..20) {
        let whole = Page { from: Nanos::ZERO, length: Nanos(page.end().0 * 8) };
        let later = (0..times).fold(page, |page, _| page.panned(true, whole));
        prop_assert!(later.end() <= whole.end());
        let back = (0..times).fold(later, |page, _| page.panned(false, whole));
        prop_assert_eq!(back, page);
    }

    #[test]
    fn undo_takes_back_every_jump(
        jumps in prop::collection::vec(0_usize..8, 1..30),
        start in 0_u64..10_000,
    ) {
        let mut model = blocking(start);
        let here = (session(&model).playhead, session(&model).zoom);
        let mut places = vec![here];
        for jump in jumps {
            let keys = ["n", "N", "Home", "End", "n n", "/ bye Enter Esc", "g 50% Enter", "g 1 Enter"];
            for key in [keys[jump]].iter().flat_map(|keys| {
                if keys.starts_with(['/', 'g']) { vec![*keys] } else { keys.split(' ').collect() }
            }) {
                press(&mut model, key);
                let place = (session(&model).playhead, session(&model).zoom);
                if place != *places.last().unwrap() {
                    places.push(place);
                }
            }
        }
        while let Some(place) = places.pop() {
            prop_assert_eq!((session(&model).playhead, session(&model).zoom), place);
            if !places.is_empty() {
                press(&mut model, "u");
            }
        }
        press(&mut model, "u");
        prop_assert_eq!(notice(&model), "there is no jump to take back");
    }

    #[test]
    fn what_is_on_the_stage_is_the_world_at_the_playhead(
        keys in prop::collection::vec(0_usize..9, 1..40),
    ) {
        let mut model = blocking(3_400);
        for key in keys {
            press(&mut model, ["left", "right", ",", ".", "n", "N", "Home", "Tab", "u"][key]);
            let session = session(&model);
            let here = session.here();
            let mut folded = World::new(session.timeline.story());
            for event in &session.timeline.trace().events[..here.applied] {
                folded.apply(event);
            }
            folded.advance(here.at);
            prop_assert_eq!(&*session.world(), &folded);
        }
    }
}

/// The caption and the status of a frame.
fn told(model: &Model) -> (String, String) {
    let frame = frame(model);
    let rows: Vec<&str> = frame.lines().collect();
    let caption = rows[rows.len() - 3..rows.len() - 1].join("");
    (rows[0].to_owned(), caption.trim().to_owned())
}

#[test]
fn a_step_by_one_event_stays_paused_and_says_what_happened() {
    let mut model = blocking(0);
    model.size = (80, 24);
    press(&mut model, "Home");
    let all = session(&model).timeline.trace().events.len();
    let mut woken = 0;
    for event in 1..=all {
        press(&mut model, ".");
        let (status, caption) = told(&model);
        assert!(status.contains("paused"), "{status}");
        assert!(
            status.contains(&format!("event {event} of {all}")),
            "{status}"
        );
        // While the heartbeat has the loop, nothing says that it is free.
        let world = session(&model).world();
        let taken = world.loops().any(|thread| thread.doing.is_some());
        assert!(!taken || !caption.contains("loop is free"), "{caption}");
        woken += usize::from(caption.starts_with("woken: the heartbeat, by its timer."));
    }
    assert!(woken > 0);
    // Nothing comes after the last one: it stays there.
    press(&mut model, ".");
    assert_eq!(
        notice(&model),
        "this was the last event; End shows the end of the run"
    );
    press(&mut model, ",");
    assert!(
        told(&model)
            .0
            .contains(&format!("event {} of {all}", all - 1))
    );
    press(&mut model, "left");
    assert!(
        !told(&model).0.contains("event"),
        "this was no step by an event"
    );
}

#[test]
fn before_its_first_event_a_lane_is_not_there_and_nothing_was_lost() {
    let entry = loopscope::library::find("blocking-sleep").expect("one of ours");
    let trace = crate::common::play::told(&entry.source, &entry.file);
    let mut model = Model::new(Vec::new(), Palette::Dark, &Settings::default());
    model.begin(Start::Recording {
        trace: Box::new(trace),
        autoplay: false,
    });
    let press = |model: &mut Model, code| {
        update(model, ScreenEvent::Key(Key::plain(code)));
        view::rows(model).join("\n")
    };
    press(&mut model, KeyCode::End);
    let lanes = model.session.as_ref().map(|it| it.timeline.lanes().len());
    for lane in 0..lanes.unwrap_or_default() {
        press(&mut model, KeyCode::Home);
        let start = press(&mut model, KeyCode::Char('f'));
        assert!(!start.contains("accept"), "{start}");
        let session = model.session.as_mut().expect("a session");
        session.selected = session.timeline.lanes().get(lane).map(|lane| lane.id);
        let asked = press(&mut model, KeyCode::Char('w'));
        assert!(asked.contains("does not exist yet"), "{asked}");
        for _ in 0..60 {
            let stepped = press(&mut model, KeyCode::Char('.'));
            assert!(!stepped.contains("lost"), "{stepped}");
        }
        press(&mut model, KeyCode::Esc);
    }
}
