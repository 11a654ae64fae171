//! Questions: three manners, a second answer, hands, the reveal, and why; as (before, keys, after)
//! and as pictures.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use loopscope::protocol::request::Request;
use std::time::Duration;

use crate::common::{stories, traces};
use loopscope::protocol::menu::{Mark, MenuEntry};
use loopscope::protocol::reply::{Reply, Round, Slot};
use loopscope::trace::{Answer, Answers, Batch, Nanos, Story, Tally, Trace};
use loopscope::tui::events::Effect;
use loopscope::tui::events::ScreenEvent;
use loopscope::tui::keys::key::Place;
use loopscope::tui::keys::key::{Key, KeyCode, Mouse, MouseKind};
use loopscope::tui::model::model::Model;
use loopscope::tui::model::screen::Screen;
use loopscope::tui::screens::view;
use loopscope::tui::session::playhead::Mode;
use loopscope::tui::session::session::Session;
use loopscope::tui::session::votes;

use loopscope::tui::settings::settings::Settings;
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update::update;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const SIZES: [(u16, u16); 3] = [(60, 15), (80, 24), (120, 40)];

fn entry(id: &str, title: &str) -> MenuEntry {
    MenuEntry {
        id: id.to_owned(),
        folder: "the loop".to_owned(),
        title: title.to_owned(),
        story: None,
        search: title.to_owned().into(),
        ..MenuEntry::default()
    }
}

fn empty(settings: &Settings) -> Model {
    let entries = vec![
        entry("blocking-sleep", "time.sleep() inside async def"),
        entry("awaited-sleep", "await asyncio.sleep()"),
    ];
    Model::new(entries, Palette::Dark, settings)
}

fn opened(story: Story) -> Model {
    let mut model = empty(&Settings::default());
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Opened(Ok(Box::new(story)))),
    );
    model
}

/// Presses keys with a space between; a run that is wished for begins with the story at hand.
fn press(model: &mut Model, keys: &str) -> Vec<Effect> {
    let mut all = Vec::new();
    for word in keys.split(' ') {
        let effects = update(model, ScreenEvent::Key(key(word)));
        for effect in &effects {
            if let Effect::Ask(Request::Run { number, .. }) = effect {
                let session = model.session.as_ref().unwrap();
                let story = Box::new(session.timeline.story().clone());
                let started = ScreenEvent::Reply(Reply::Started {
                    slot: Slot::Only,
                    run: *number,
                    result: Ok(story),
                });
                update(model, started);
            }
        }
        all.extend(effects);
    }
    all
}

fn key(word: &str) -> Key {
    Key::plain(match word {
        "space" => KeyCode::Char(' '),
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "Back" => KeyCode::Backspace,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "End" => KeyCode::End,
        "PgDn" => KeyCode::PageDown,
        _ => KeyCode::Char(word.chars().next().unwrap()),
    })
}

/// What happens up to this many milliseconds.
fn play(model: &mut Model, upto: u64) {
    let trace = traces::blocking_sleep();
    let session = model.session.as_ref().unwrap();
    let done = session.timeline.trace().events.len();
    let upto = Nanos::from_millis(upto);
    let last = trace.events.partition_point(|event| event.at <= upto);
    let texts = if session.timeline.trace().texts.is_empty() {
        trace.texts.clone()
    } else {
        Vec::new()
    };
    let batch = Batch {
        rows: Vec::new(),
        texts,
        events: trace.events[done.min(last)..last].to_vec(),
        upto: upto.min(trace.upto),
    };
    let run = model.runs;
    update(model, ScreenEvent::Reply(Reply::Batch { run, batch }));
}

const END: u64 = 60_000;

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

fn session(model: &Model) -> &Session {
    model.session.as_ref().unwrap()
}

fn answers(model: &Model, question: usize) -> Vec<Answer> {
    let said = session(model).answers.of(question);
    said.map_or_else(Vec::new, |said| said.answers.clone())
}

fn lines(words: &str) -> Answer {
    Answer::Lines(words.split(' ').map(str::to_owned).collect())
}

fn notice(model: &Model) -> &str {
    model
        .notice
        .as_ref()
        .map_or("", |notice| notice.text.as_str())
}

fn place(model: &Model) -> Place {
    model.screen.place()
}

#[test]
fn four_keys_lead_from_the_menu_to_the_first_reveal() {
    let mut model = empty(&Settings::default());
    let keys = "Enter 2 Enter";
    let mut pressed = 0;
    for word in keys.split(' ') {
        let effects = press(&mut model, word);
        pressed += 1;
        if effects.contains(&Effect::Ask(Request::Open("blocking-sleep".into()))) {
            let story = Box::new(stories::with_why());
            update(&mut model, ScreenEvent::Reply(Reply::Opened(Ok(story))));
        }
    }
    play(&mut model, END);
    let drawn = frame(&model);
    assert!(
        drawn.contains("you said") && drawn.contains("same"),
        "{drawn}"
    );
    assert_eq!(session(&model).predicted_right(), Some(true));
    assert!(pressed <= 4);
}

#[test]
fn lines_are_carried_by_arrows_and_digits() {
    for keys in [
        "down down left",
        "j j left",
        "down right",
        "j j k right",
        "down 3",
        "down down 2",
    ] {
        let mut model = opened(stories::ordered());
        assert_eq!(place(&model), Place::Order);
        press(&mut model, keys);
        press(&mut model, "Enter");
        assert_eq!(answers(&model, 0), [lines("Hello bye Hello bye")], "{keys}");
        assert_eq!(model.mode(), Mode::Live);
    }
    let mut model = opened(stories::ordered());
    press(&mut model, "9");
    assert_eq!(notice(&model), "there are 4 lines");
    // Neither end is passed, and no line is lost.
    press(&mut model, "left up down down down down right Enter");
    assert_eq!(answers(&model, 0), [lines("Hello Hello bye bye")]);
}

#[test]
fn a_number_that_cannot_be_read_stays_and_says_what_is_expected() {
    let mut model = opened(stories::timed());
    assert_eq!(place(&model), Place::Number);
    for (keys, words) in [
        ("Enter", "type a length of time: 5, 0.5, 5s or 500ms"),
        (
            "1 . . 5 Enter",
            "1..5 is no number here; expected is a length of time",
        ),
    ] {
        assert_eq!(press(&mut model, keys), []);
        assert!(notice(&model).starts_with(words), "{}", notice(&model));
        assert_eq!(place(&model), Place::Number);
    }
    assert_eq!(answers(&model, 0), []);
    press(&mut model, "Back Back Back 0 s Enter");
    assert_eq!(answers(&model, 0), [Answer::Number(10.0)]);
    play(&mut model, END);
    assert_eq!(model.marks.get("blocking-sleep"), Some(&Mark::Right));
}

#[test]
fn digits_and_units_are_typed_and_letters_keep_their_meaning() {
    let mut model = opened(stories::timed());
    press(&mut model, "5 0 0 m s");
    assert!(frame(&model).contains("500ms"));
    press(&mut model, "c");
    assert!(frame(&model).contains("code  Rust"));
    update(&mut model, ScreenEvent::Paste("0".to_owned()));
    press(&mut model, "Back Enter");
    assert_eq!(answers(&model, 0), [Answer::Number(0.5)]);
}

#[test]
fn several_questions_are_asked_one_after_another() {
    let mut model = opened(stories::two_questions());
    assert_eq!(press(&mut model, "down right Enter"), []);
    assert_eq!(place(&model), Place::Number);
    let effects = press(&mut model, "1 0 Enter");
    let [Effect::Ask(Request::Run { answers, .. })] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(answers.0.len(), 2);
    assert_eq!(session(&model).predicted_lines().len(), 4);
    assert_eq!(session(&model).predicted_end(), Some(Nanos::from_secs(10)));
}

#[test]
fn space_runs_without_a_guess_and_escape_leaves_the_stage_at_its_start() {
    let mut model = opened(stories::two_questions());
    let effects = press(&mut model, "space");
    assert!(
        matches!(&effects[..], [Effect::Ask(Request::Run { answers, .. })] if answers.is_empty())
    );
    let mut model = opened(stories::ordered());
    assert_eq!(press(&mut model, "Esc"), []);
    assert_eq!(
        (&model.screen, model.mode()),
        (&Screen::Stage, Mode::BeforeRun)
    );
}

#[test]
fn without_questions_by_setting_the_stage_opens_at_once_and_p_still_asks() {
    let settings = Settings {
        asks: false,
        ..Settings::default()
    };
    let mut model = empty(&settings);
    let story = Box::new(stories::blocking_sleep());
    update(&mut model, ScreenEvent::Reply(Reply::Opened(Ok(story))));
    assert_eq!(
        (&model.screen, model.mode()),
        (&Screen::Stage, Mode::BeforeRun)
    );
    press(&mut model, "p");
    assert_eq!(place(&model), Place::Question);
}

#[test]
fn another_answer_stands_beside_the_first_and_the_run_goes_on_from_where_it_stood() {
    let mut model = opened(stories::with_why());
    press(&mut model, "1 Enter");
    play(&mut model, 3_400);
    press(&mut model, "space p");
    assert_eq!(place(&model), Place::Question);
    let effects = press(&mut model, "2 Enter");
    assert!(
        matches!(&effects[..], [Effect::Ask(Request::KeepAnswers(_))]),
        "{effects:?}"
    );
    assert_eq!(
        (&model.screen, model.mode()),
        (&Screen::Stage, Mode::Playing)
    );
    assert_eq!(session(&model).here().at, Nanos::from_millis(3_400));
    assert_eq!(answers(&model, 0), [Answer::Option(0), Answer::Option(1)]);
    // A third one takes the second's place; the first one again is no second.
    press(&mut model, "p 4 Enter");
    assert_eq!(answers(&model, 0), [Answer::Option(0), Answer::Option(3)]);
    press(&mut model, "p 1 Enter");
    assert_eq!(answers(&model, 0), [Answer::Option(0)]);
    // The same again changes nothing.
    assert_eq!(press(&mut model, "p Enter"), []);
}

#[test]
fn a_question_in_the_middle_of_what_happens_stops_the_view_meanwhile() {
    let mut model = opened(stories::with_why());
    press(&mut model, "1 Enter");
    play(&mut model, 1_000);
    press(&mut model, "p");
    play(&mut model, 4_000);
    let elapsed = Duration::from_secs(1);
    update(&mut model, ScreenEvent::Tick { elapsed });
    assert_eq!(session(&model).here().at, Nanos::from_secs(1));
    assert!(frame(&model).contains("the run waits at   1.00s"));
    press(&mut model, "Esc");
    update(&mut model, ScreenEvent::Tick { elapsed });
    assert_eq!(session(&model).here().at, Nanos::from_secs(2));
}

#[test]
fn asked_again_at_the_end_it_runs_again() {
    let mut model = opened(stories::with_why());
    press(&mut model, "1 Enter");
    play(&mut model, END);
    let effects = press(&mut model, "p 2 Enter");
    assert!(
        matches!(&effects[..], [Effect::Ask(Request::Run { number: 2, .. })]),
        "{effects:?}"
    );
    assert_eq!(answers(&model, 0).len(), 2);
}

fn counted(model: &Model, round: Round) -> Vec<u32> {
    let tally = votes::counted(&session(model).answers, 0, round);
    tally.map_or_else(Vec::new, |tally| tally.0.clone())
}

#[test]
fn hands_are_typed_hidden_and_counted_a_second_time() {
    let mut model = opened(stories::with_why());
    press(&mut model, "h");
    assert_eq!(place(&model), Place::Votes);
    assert!(frame(&model).contains("hands before the discussion"));
    press(
        &mut model,
        "1 8 down 1 2 Back Back 1 0 down down 2 up up 9 h",
    );
    assert_eq!(place(&model), Place::Question);
    assert_eq!(counted(&model, Round::Before), [18, 9, 0, 2]);
    let drawn = frame(&model);
    assert!(drawn.contains("hands 29, hidden"), "{drawn}");
    assert!(!drawn.contains("18"), "{drawn}");
    press(&mut model, "h");
    assert!(frame(&model).contains("hands after the discussion"));
    press(&mut model, "down 2 8 Esc");
    assert!(frame(&model).contains("hands 29, then 28, hidden"));
    // A mistake in the first count is corrected there.
    press(&mut model, "h Tab");
    assert!(frame(&model).contains("hands before the discussion"));
    press(&mut model, "down 1 0 Enter");
    assert_eq!(counted(&model, Round::Before), [18, 10, 0, 2]);
    assert_eq!(counted(&model, Round::After), [0, 28, 0, 0]);
}

#[test]
fn votes_from_elsewhere_go_the_same_way_as_typed_ones() {
    let mut typed = opened(stories::with_why());
    press(&mut typed, "h 1 8 down 1 0 Enter");
    let mut arrived = opened(stories::with_why());
    let votes = |hands: &[u32]| {
        ScreenEvent::Reply(Reply::Votes {
            question: 0,
            round: Round::Before,
            tally: Tally(hands.to_vec()),
        })
    };
    assert_eq!(update(&mut arrived, votes(&[18, 10])), []);
    assert_eq!(frame(&typed), frame(&arrived));
    press(&mut arrived, "2 Enter");
    let kept = update(&mut arrived, votes(&[1, 2, 3]));
    let [Effect::Ask(Request::KeepAnswers(Answers(said)))] = &kept[..] else {
        panic!("{kept:?}");
    };
    assert_eq!(said[0].tallies, [Tally(vec![1, 2, 3, 0])]);
    assert_eq!(update(&mut arrived, votes(&[1, 2, 3])), []);
}

#[test]
fn hands_need_something_to_choose_from() {
    let mut story = stories::ordered();
    press(&mut opened(story.clone()), "h");
    story.questions[0].options.clear();
    let mut model = opened(story);
    press(&mut model, "h");
    assert_eq!(place(&model), Place::Order);
    assert!(notice(&model).starts_with("hands are counted for answers to choose from"));
}

/// A class that was counted twice, at the end of the run.
fn class() -> Model {
    let mut model = opened(stories::with_why());
    press(&mut model, "h 1 8 down 1 0 down 2 Enter 1 Enter");
    play(&mut model, 3_400);
    press(&mut model, "space p h 4 down 2 6 Enter 2 Enter End");
    play(&mut model, END);
    model
}

#[test]
fn hands_are_shown_at_the_end_once_by_themselves_and_never_before() {
    let mut model = opened(stories::with_why());
    press(&mut model, "h 1 8 down 1 0 down 2 Enter 1 Enter");
    play(&mut model, 9_000);
    press(&mut model, "h");
    assert_eq!(
        notice(&model),
        "the hands are hidden until the end of the run"
    );
    let model = class();
    assert_eq!(model.mode(), Mode::Ended);
    assert!(frame(&model).contains("30 before the discussion, 30 after it"));
    for keys in ["h", "Esc"] {
        let mut model = model.clone();
        press(&mut model, keys);
        assert_eq!(model.screen, Screen::Stage);
        assert!(!frame(&model).contains("before the discussion"), "{keys}");
        press(&mut model, "h");
        assert!(frame(&model).contains("before the discussion"), "{keys}");
    }
    let mut model = opened(stories::with_why());
    press(&mut model, "1 Enter");
    play(&mut model, END);
    press(&mut model, "h");
    assert!(notice(&model).starts_with("no hands were counted"));
}

#[test]
fn a_recording_shows_the_hands_too() {
    let trace = Trace {
        story: stories::with_why(),
        answers: session(&class()).answers.clone(),
        ..traces::blocking_sleep()
    };
    let mut model = empty(&Settings::default());
    model.session = Some(Session::recorded(trace, 1.0));
    model.screen = Screen::Stage;
    assert!(!frame(&model).contains("before the discussion"));
    press(&mut model, "End");
    assert!(frame(&model).contains("30 before the discussion, 30 after it"));
}

#[test]
fn why_is_asked_after_the_run_and_its_reply_comes_at_once() {
    for on in ["Enter", "PgDn"] {
        let mut model = opened(stories::with_why());
        press(&mut model, "1 Enter");
        play(&mut model, END);
        assert!(
            frame(&model).contains("Enter why did it?"),
            "{}",
            frame(&model)
        );
        press(&mut model, on);
        assert_eq!(place(&model), Place::Question);
        let effects = press(&mut model, "3 Enter");
        assert!(
            matches!(&effects[..], [Effect::Ask(Request::KeepAnswers(_))]),
            "{effects:?}"
        );
        assert_eq!(place(&model), Place::Answered);
        let drawn = frame(&model);
        assert!(
            drawn.contains("An async def never goes to the pool."),
            "{drawn}"
        );
        assert!(
            drawn.contains("√ 1  A held the loop's only thread"),
            "{drawn}"
        );
        assert_eq!(
            press(&mut model, on),
            [Effect::Ask(Request::Open("awaited-sleep".into()))]
        );
        assert_eq!(answers(&model, 1), [Answer::Option(2)]);
    }
}

#[test]
fn whoever_closes_the_why_is_not_asked_again() {
    let mut model = opened(stories::with_why());
    press(&mut model, "1 Enter");
    play(&mut model, END);
    press(&mut model, "Enter Esc");
    assert_eq!(model.screen, Screen::Stage);
    assert!(frame(&model).contains("next: awaited-sleep"));
    assert_eq!(
        press(&mut model, "Enter"),
        [Effect::Ask(Request::Open("awaited-sleep".into()))]
    );
    press(&mut model, "r");
    play(&mut model, END);
    assert!(frame(&model).contains("Enter why did it?"));
}

#[test]
fn without_a_guess_the_why_is_told_all_the_same() {
    let mut model = opened(stories::with_why());
    press(&mut model, "1 Enter");
    play(&mut model, END);
    press(&mut model, "Enter h 3 down 5 Enter space");
    assert_eq!(place(&model), Place::Answered);
    assert_eq!(answers(&model, 1), []);
    let drawn = frame(&model);
    assert!(
        drawn.contains("It is: A held the loop's only thread."),
        "{drawn}"
    );
}

#[test]
fn a_click_points_at_an_option_a_line_and_a_count() {
    let click = |model: &mut Model, row| {
        let kind = MouseKind::Press;
        let column = 10;
        update(model, ScreenEvent::Mouse(Mouse { kind, column, row }));
    };
    let row = |model: &Model, words: &str| -> u16 {
        let drawn = frame(model);
        let found = drawn.lines().position(|line| line.contains(words));
        u16::try_from(found.unwrap()).unwrap()
    };
    let mut model = opened(stories::with_why());
    let third = row(&model, " 3  Hello Hello");
    click(&mut model, third);
    press(&mut model, "h");
    click(&mut model, third);
    press(&mut model, "7 Enter Enter");
    assert_eq!(answers(&model, 0), [Answer::Option(2)]);
    assert_eq!(counted(&model, Round::Before), [0, 0, 7, 0]);
    let mut model = opened(stories::ordered());
    let third = row(&model, " 3  bye");
    click(&mut model, third);
    press(&mut model, "left Enter");
    assert_eq!(answers(&model, 0), [lines("Hello bye Hello bye")]);
}

#[test]
fn pictures_of_the_question() {
    hold("question-order", {
        let mut model = opened(stories::ordered());
        press(&mut model, "down down left");
        model
    });
    hold("question-number", {
        let mut model = opened(stories::timed());
        press(&mut model, "1 0 s");
        model
    });
    hold("question-hands", {
        let mut model = opened(stories::with_why());
        press(&mut model, "h 1 8 down 1 0");
        model
    });
    hold("question-hidden", {
        let mut model = opened(stories::with_why());
        press(&mut model, "h 1 8 down 1 0 down 2 Enter");
        model
    });
    hold("question-again", {
        let mut model = opened(stories::with_why());
        press(&mut model, "h 1 8 down 1 0 down 2 Enter 1 Enter");
        play(&mut model, 3_400);
        press(&mut model, "space p h 4 down 2 6 Enter 2");
        model
    });
}

#[test]
fn pictures_of_the_reveal() {
    hold("reveal-hands", class());
    hold("reveal-hands-once", {
        let mut model = opened(stories::with_why());
        press(&mut model, "h 1 8 down 1 0 down 2 Enter 1 Enter");
        play(&mut model, END);
        model
    });
    hold("reveal-order", {
        let mut model = opened(stories::ordered());
        press(&mut model, "down 4 Enter");
        play(&mut model, 6_000);
        model
    });
    for (name, at) in [("reveal-number", 3_400), ("reveal-number-end", END)] {
        hold(name, {
            let mut model = opened(stories::timed());
            press(&mut model, "5 Enter");
            play(&mut model, at);
            model.notice = None;
            model
        });
    }
}

#[test]
fn pictures_of_why() {
    let why = |keys: &str| {
        let mut model = opened(stories::with_why());
        press(&mut model, "1 Enter");
        play(&mut model, END);
        press(&mut model, keys);
        model
    };
    hold("why", why("Enter"));
    hold("why-told", why("Enter 2 Enter"));
    hold(
        "why-hands",
        why("Enter h 4 down 1 2 down 7 Enter h 2 5 down 1 Enter 1 Enter"),
    );
}

#[test]
fn bars_have_a_twin_in_ascii() {
    let mut model = class();
    model.theme.ascii = true;
    let drawn = frame(&model);
    assert!(drawn.is_ascii(), "{drawn}");
    insta::assert_snapshot!("reveal-hands-ascii-80x24", drawn);
}

#[test]
fn b_makes_question_and_options_large() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut model = opened(stories::blocking_sleep());
        model.size = (columns, rows);
        press(&mut model, "b");
        insta::assert_snapshot!(format!("question-big-{columns}x{rows}"), frame(&model));
        // A click finds the option where it stands.
        press(&mut model, "down");
        let second = view::cursor(&model).unwrap();
        press(&mut model, "up");
        assert_ne!(view::cursor(&model), Some(second));
        let click = Mouse {
            kind: MouseKind::Press,
            column: 8,
            row: second.y,
        };
        update(&mut model, ScreenEvent::Mouse(click));
        assert_eq!(view::cursor(&model), Some(second), "{columns}x{rows}");
    }
}
