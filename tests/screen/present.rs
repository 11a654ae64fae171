//! A lecture without a terminal: stops, the large sentence, panes one by one, two buttons, autoplay.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use loopscope::protocol::reply::{Reply, Slot};
use loopscope::protocol::request::Request;
use std::time::Duration;

use crate::common::{stories, traces};
use loopscope::protocol::problem::Problem;
use loopscope::timeline::{Cue, When};
use loopscope::trace::{Anchor, Batch, Nanos, Trace};
use loopscope::tui::driver::open;
use loopscope::tui::events::Effect;
use loopscope::tui::events::ScreenEvent;
use loopscope::tui::keys::key::{Key, KeyCode};
use loopscope::tui::model::lecture;
use loopscope::tui::model::model::Model;
use loopscope::tui::model::screen::{self, Screen};
use loopscope::tui::screens::stage::stage_view;
use loopscope::tui::screens::view;

use loopscope::tui::session::playhead::Mode;
use loopscope::tui::session::playhead::Playhead;
use loopscope::tui::settings::panes::Panes;
use loopscope::tui::settings::settings::Start;
use loopscope::tui::settings::settings::{AutoStop, Settings};
use loopscope::tui::settings::settings::{Item, PlannedStop, Playlist};
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update::update;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn model() -> Model {
    Model::new(Vec::new(), Palette::Dark, &Settings::default())
}

fn stop(when: When, say: &str) -> PlannedStop {
    PlannedStop {
        cue: Cue {
            when,
            say: say.to_owned(),
        },
        panes: None,
        only: None,
        notes: None,
    }
}

fn hello() -> When {
    When::Anchor(Anchor::Output {
        text: Some("Hello".to_owned()),
        nth: 1,
    })
}

/// Two scenarios; the first has three stops of its own.
fn lecture() -> Playlist {
    let stops = vec![
        PlannedStop {
            notes: Some("Wait for them.".to_owned()),
            ..stop(hello(), "One Hello.")
        },
        PlannedStop {
            panes: Some(Panes::called(["output", "tasks"])),
            only: Some("A".to_owned()),
            ..stop(
                When::At(Nanos::from_secs(2)),
                "Nobody is there to let the second one in.",
            )
        },
        stop(When::Anchor(Anchor::End), ""),
    ];
    let first = Item {
        run: "blocking-sleep".to_owned(),
        id: "blocking-sleep".to_owned(),
        panes: Some(Panes::called(["output"])),
        speed: Some(5.0),
        stops,
        ..Item::default()
    };
    let second = Item {
        run: "again".to_owned(),
        id: "again".to_owned(),
        big: Some(true),
        ask: Some(false),
        ..Item::default()
    };
    Playlist {
        title: "Two in a row".to_owned(),
        items: vec![first, second],
    }
}

fn begin(autoplay: bool, again: bool) -> Model {
    let mut model = model();
    let playlist = Box::new(lecture());
    let effects = open::begin(
        &mut model,
        Start::Present {
            playlist,
            autoplay,
            again,
        },
    );
    answer(&mut model, effects);
    model
}

/// Answers as a port would whose runs have happened at once; gives what was wished for.
fn answer(model: &mut Model, effects: Vec<Effect>) -> Vec<Effect> {
    let mut all = effects;
    let mut place = 0;
    while let Some(effect) = all.get(place).cloned() {
        place += 1;
        let more = match effect {
            Effect::Ask(Request::Open(_)) => {
                let story = Box::new(stories::blocking_sleep());
                update(model, ScreenEvent::Reply(Reply::Opened(Ok(story))))
            }
            Effect::Ask(Request::Run { number: run, .. }) => {
                let result = Ok(Box::new(stories::blocking_sleep()));
                let mut more = update(
                    model,
                    ScreenEvent::Reply(Reply::Started {
                        slot: Slot::Only,
                        run,
                        result,
                    }),
                );
                more.extend(update(
                    model,
                    ScreenEvent::Reply(Reply::Batch {
                        run,
                        batch: whole(&traces::blocking_sleep()),
                    }),
                ));
                more
            }
            _ => Vec::new(),
        };
        all.extend(more);
    }
    all
}

fn whole(trace: &Trace) -> Batch {
    Batch {
        rows: Vec::new(),
        texts: trace.texts.clone(),
        events: trace.events.clone(),
        upto: trace.upto,
    }
}

fn press(model: &mut Model, code: KeyCode) -> Vec<Effect> {
    let effects = update(model, ScreenEvent::Key(Key::plain(code)));
    answer(model, effects)
}

fn key(model: &mut Model, key: char) -> Vec<Effect> {
    press(model, KeyCode::Char(key))
}

/// Lets time go by until the view stands.
fn watch(model: &mut Model) {
    for _ in 0..10_000 {
        if !matches!(
            model.session.as_ref().unwrap().playhead,
            Playhead::Playing(_)
        ) {
            return;
        }
        let elapsed = Duration::from_millis(33);
        let effects = update(model, ScreenEvent::Tick { elapsed });
        answer(model, effects);
    }
    panic!("it never stands");
}

fn at(model: &Model) -> f64 {
    model.session.as_ref().unwrap().here().at.as_secs_f64()
}

fn notice(model: &Model) -> &str {
    let notice = model.notice.as_ref();
    notice.map_or("", |notice| notice.text.as_str())
}

fn panes(model: &Model) -> Panes {
    model.session.as_ref().unwrap().panes
}

fn frame(model: &mut Model, (width, height): (u16, u16)) -> String {
    model.size = (width, height);
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    view::draw(model, area, &mut buffer);
    let row = |y: u16| -> String { (0..width).map(|x| buffer[(x, y)].symbol()).collect() };
    let rows: Vec<String> = (0..height).map(|y| row(y).trim_end().to_owned()).collect();
    rows.join("\n")
}

/// A run of `blocking-sleep` that stands at its first note.
fn at_a_note(big: bool, say: &str) -> Model {
    let mut model = model();
    model.big = big;
    let mut trace = traces::blocking_sleep();
    trace.story.notes[0].say = say.to_owned();
    let start = Start::Recording {
        trace: Box::new(trace),
        autoplay: false,
    };
    assert!(open::begin(&mut model, start).is_empty());
    model.auto_stop = AutoStop::Notes;
    let timeline = &model.session.as_ref().unwrap().timeline;
    let note = timeline.next_note(Default::default()).unwrap();
    model.session.as_mut().unwrap().playhead = Playhead::Paused(note);
    update(&mut model, ScreenEvent::Resumed);
    model
}

#[test]
fn a_key_turns_where_the_view_stops_by_itself() {
    let mut model = at_a_note(false, "A note.");
    let mut turn = || {
        key(&mut model, 'a');
        (model.auto_stop, notice(&model).to_owned())
    };
    assert_eq!(turn().0, AutoStop::All);
    let (off, says) = turn();
    assert_eq!(
        (off, says.as_str()),
        (AutoStop::Off, "no longer stops by itself")
    );
    let (notes, says) = turn();
    assert_eq!(notes, AutoStop::Notes);
    assert!(says.contains("at each note"), "{says}");
}

#[test]
fn at_notes_only_the_view_passes_what_is_printed() {
    let mut model = at_a_note(false, "A note.");
    key(&mut model, 'N');
    key(&mut model, 'N');
    press(&mut model, KeyCode::Home);
    key(&mut model, ' ');
    watch(&mut model);
    // The first Hello is printed at 0.00s.
    assert!((0.09..0.2).contains(&at(&model)), "{}", at(&model));
    assert_eq!(model.mode(), Mode::Recorded);
    assert!(frame(&mut model, (80, 24)).contains("A note."));
    key(&mut model, ' ');
    watch(&mut model);
    assert!(at(&model) > 1.0, "space goes on");
}

#[test]
fn two_buttons_carry_a_whole_lecture() {
    let mut model = begin(false, false);
    assert!(matches!(model.screen, Screen::Question { .. }));
    let on = |model: &mut Model| {
        press(model, KeyCode::PageDown);
        watch(model);
    };
    on(&mut model);
    // All came at once: the view stands at the first stop.
    assert!(at(&model) < 0.1, "{}", at(&model));
    assert_eq!(panes(&model), Panes::called(["output"]));
    assert!(frame(&mut model, (80, 24)).contains("1 of 2"));
    let cue = lecture::position(&model);
    assert_eq!(cue.place, Some((1, 2)));
    assert_eq!(cue.here.unwrap().notes.unwrap(), "Wait for them.");
    assert!(cue.next.unwrap().say.starts_with("Nobody"));
    let page = loopscope::tui::notes::page::page(&model);
    assert_eq!(page.own, ["Wait for them."]);
    assert_eq!(page.notes, ["One Hello."]);

    on(&mut model);
    assert!((1.99..2.01).contains(&at(&model)), "{}", at(&model));
    assert_eq!(panes(&model), Panes::called(["output", "tasks"]));
    assert!(model.session.as_ref().unwrap().only, "A stands alone");

    // While it plays, the button skips to the next stop.
    press(&mut model, KeyCode::PageDown);
    assert_eq!(model.mode(), Mode::Playing);
    press(&mut model, KeyCode::PageDown);
    assert_eq!(model.mode(), Mode::Paused);
    assert!(at(&model) > 9.0);
    assert!(!model.session.as_ref().unwrap().only);
    on(&mut model);
    assert_eq!(model.mode(), Mode::Ended);

    // Back over the stops to the question, and forth again.
    press(&mut model, KeyCode::PageUp);
    press(&mut model, KeyCode::PageUp);
    assert!((1.99..2.01).contains(&at(&model)), "{}", at(&model));
    for _ in 0..3 {
        press(&mut model, KeyCode::PageUp);
    }
    assert!(matches!(model.screen, Screen::Question { .. }));
    press(&mut model, KeyCode::PageUp);
    assert_eq!(notice(&model), "this is the first one of the playlist");
    press(&mut model, KeyCode::PageDown);
    press(&mut model, KeyCode::End);
    let wishes = press(&mut model, KeyCode::PageDown);
    for wish in [Request::Open("again".to_owned()), Request::Pace(None)] {
        assert!(wishes.contains(&Effect::Ask(wish)), "{wishes:?}");
    }

    // The second one asks nothing, is big, and is the last.
    assert_eq!(model.screen, Screen::Stage);
    assert_eq!((model.mode(), model.big), (Mode::BeforeRun, true));
    press(&mut model, KeyCode::PageDown);
    press(&mut model, KeyCode::End);
    press(&mut model, KeyCode::PageDown);
    assert!(
        notice(&model).contains("the last one"),
        "{}",
        notice(&model)
    );
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.screen, Screen::Stage, "a stray Esc ends no lecture");
}

#[test]
fn a_scenario_that_is_gone_ends_no_lecture() {
    let mut model = begin(false, false);
    let problem = Problem {
        sentence: "b.toml cannot be read: No such file or directory".to_owned(),
        details: Vec::new(),
        ..Problem::default()
    };
    update(&mut model, ScreenEvent::Reply(Reply::Opened(Err(problem))));
    assert!(frame(&mut model, (80, 24)).contains("b.toml cannot be read"));
    let effects = press(&mut model, KeyCode::PageDown);
    assert!(
        effects.contains(&Effect::Ask(Request::Open("again".to_owned()))),
        "{effects:?}"
    );
    let gone = Problem {
        sentence: "again is gone".to_owned(),
        details: Vec::new(),
        ..Problem::default()
    };
    update(&mut model, ScreenEvent::Reply(Reply::Opened(Err(gone))));
    press(&mut model, KeyCode::PageDown);
    assert!(frame(&mut model, (80, 24)).contains("this is the last one of the playlist"));
}

#[test]
fn the_playlist_waits_while_one_looks_at_something_else() {
    let mut model = begin(false, false);
    key(&mut model, 'l');
    assert_eq!(model.presenting.as_ref().unwrap().at, 1);
    key(&mut model, 'L');
    assert_eq!(model.presenting.as_ref().unwrap().at, 0);
    press(&mut model, KeyCode::PageDown);
    key(&mut model, 'q');
    assert_eq!(model.screen, Screen::Menu);
    key(&mut model, 'l');
    assert_eq!(model.screen, Screen::Stage, "back to the run that was left");
    // Something else was opened from the menu: the playlist stays where it is.
    model.opening = Default::default();
    answer(
        &mut model,
        vec![Effect::Ask(Request::Open("other".to_owned()))],
    );
    assert!(model.lecture().is_none());
    assert!(!frame(&mut model, (80, 24)).contains("1 of 2"));
    key(&mut model, 'l');
    assert_eq!(model.lecture().unwrap().at, 0);
    let mut alone = at_a_note(false, "A note.");
    key(&mut alone, 'l');
    assert!(notice(&alone).contains("no playlist"));
}

#[test]
fn without_a_hand_at_the_keys_it_goes_on_by_itself() {
    let mut model = begin(true, false);
    assert_eq!(
        model.screen,
        Screen::Stage,
        "nobody could answer a question"
    );
    let second = Duration::from_secs(1);
    let mut opened = Vec::new();
    let mut stood = 0;
    for _ in 0..200 {
        stood += usize::from(model.mode() == Mode::Paused);
        let elapsed = second;
        let effects = update(&mut model, ScreenEvent::Tick { elapsed });
        let effects = answer(&mut model, effects);
        opened.extend(
            effects
                .into_iter()
                .filter(|wish| matches!(wish, Effect::Ask(Request::Open(_)))),
        );
    }
    assert_eq!(opened, [Effect::Ask(Request::Open("again".to_owned()))]);
    // Two seconds at each sentence at least.
    assert!(stood >= 2 * 3, "{stood}");
    assert_eq!(model.mode(), Mode::Ended);
    assert_eq!(model.autoplay, None, "at the end it stays");
    assert!(model.pace().is_none(), "and nothing moves any more");
}

#[test]
fn a_loop_begins_again() {
    let mut model = begin(true, true);
    let mut opened = 0;
    for _ in 0..400 {
        let elapsed = Duration::from_secs(1);
        let effects = update(&mut model, ScreenEvent::Tick { elapsed });
        let effects = answer(&mut model, effects);
        opened += effects
            .iter()
            .filter(|wish| matches!(wish, Effect::Ask(Request::Open(_))))
            .count();
    }
    assert!(opened > 4, "{opened}");
}

#[test]
fn a_sentence_is_read_before_it_goes() {
    assert_eq!(screen::reading("Short."), Duration::from_secs(2));
    assert_eq!(screen::reading(&"x".repeat(100)), Duration::from_secs(6));
}

#[test]
fn panes_come_one_by_one_in_the_order_of_teaching() {
    let mut model = at_a_note(false, "A note.");
    model.session.as_mut().unwrap().panes = Panes::none().toggle(3);
    let mut seen = Vec::new();
    for _ in 0..6 {
        key(&mut model, 'd');
        seen.push(notice(&model).to_owned());
    }
    assert_eq!(
        seen[..4],
        ["with tasks", "with loop", "with code", "with threads"]
    );
    assert!(seen[4].starts_with("with found"), "{}", seen[4]);
    assert_eq!(seen[5], "all panes are on");
    for _ in 0..6 {
        key(&mut model, 'D');
    }
    assert_eq!(notice(&model), "the last pane stays");
    assert_eq!(panes(&model), Panes::called(["output"]));
}

#[test]
fn every_choice_of_panes_fills_the_window() {
    for big in [false, true] {
        let mut model = at_a_note(big, "A note.");
        for bits in 1..64_u8 {
            let chosen = (1..=6).filter(|pane| bits & (1 << (pane - 1)) != 0);
            let all = chosen.fold(Panes::none(), Panes::toggle);
            model.session.as_mut().unwrap().panes = all;
            for size in [(80, 24), (120, 40), (60, 15)] {
                let frame = frame(&mut model, size);
                let rows: Vec<&str> = frame.lines().collect();
                let ruled = rows.iter().filter(|row| row.contains('─')).count();
                assert!(ruled >= 1, "{big} {bits:b} {size:?}\n{frame}");
                let shown = stage_view::panes(&model);
                assert!(!shown.is_empty(), "{big} {bits:b} {size:?}\n{frame}");
                if size != (60, 15) {
                    let asked = |pane: &u8| all.show(*pane);
                    assert!(shown.iter().all(asked), "{big} {bits:b} {size:?}\n{frame}");
                }
            }
        }
    }
}

#[test]
fn the_sentence_stands_alone_and_covers_nothing() {
    let short = "Nobody lets it in.";
    let long = "The loop is inside time.sleep: it cannot even look at the second request, and nobody \
                can see that the heartbeat's timer has run out long ago.";
    assert!((140..=150).contains(&long.len()), "{}", long.len());
    for (name, say) in [("short", short), ("long", long)] {
        for size in SIZES {
            let mut model = at_a_note(true, say);
            let text = frame(&mut model, size);
            assert!(text.contains("paused") && text.contains("0.1"), "{text}");
            assert!(text.contains("loop "), "the loop's lane\n{text}");
            assert!(text.contains("Hello"), "the last line of output\n{text}");
            insta::assert_snapshot!(format!("sentence-{name}-{}x{}", size.0, size.1), text);
            // In ASCII there are no half blocks: plain words.
            model.theme.ascii = true;
            let text = frame(&mut model, size);
            let words: Vec<&str> = text.split_whitespace().collect();
            let said: Vec<&str> = say.split_whitespace().collect();
            assert!(words.windows(said.len()).any(|some| some == said), "{text}");
            assert!(text.is_ascii(), "{text}");
        }
    }
}

#[test]
fn a_lecture_is_drawn() {
    for size in SIZES {
        let mut model = begin(false, false);
        press(&mut model, KeyCode::PageDown);
        let name = format!("lecture-output-{}x{}", size.0, size.1);
        insta::assert_snapshot!(name, frame(&mut model, size));
        press(&mut model, KeyCode::PageDown);
        watch(&mut model);
        let name = format!("lecture-tasks-{}x{}", size.0, size.1);
        insta::assert_snapshot!(name, frame(&mut model, size));
        key(&mut model, 'o');
        key(&mut model, 'd');
        model.notice = None;
        let name = format!("lecture-loop-{}x{}", size.0, size.1);
        insta::assert_snapshot!(name, frame(&mut model, size));
    }
}

#[test]
fn before_the_run_the_next_stop_is_the_playlists_own() {
    let mut model = begin(false, false);
    let told_anew = ScreenEvent::Reply(Reply::Turned(Ok(Box::new(stories::blocking_sleep()))));
    for message in [None, Some(told_anew)] {
        if let Some(message) = message {
            update(&mut model, message);
        }
        let next = lecture::position(&model).next.unwrap();
        assert_eq!(next.say, "One Hello.");
        assert_eq!(next.notes.as_deref(), Some("Wait for them."));
    }
}
