//! The stage over a program of the user's own that is watched.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use loopscope::protocol::reply::{Reply, Slot};
use loopscope::protocol::request::Request;
use loopscope::trace::{Batch, Nanos, TokenRole, Trace, recording};
use loopscope::tui::events::{Effect, ScreenEvent};
use loopscope::tui::keys::key::{Key, KeyCode};
use loopscope::tui::model::model::Model;
use loopscope::tui::model::screen::Screen;
use loopscope::tui::screens::view;
use loopscope::tui::session::playhead::Playhead;
use loopscope::tui::session::session::Session;
use loopscope::tui::settings::settings::{Exit, Settings, Start};
use loopscope::tui::text::python::Reader;
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update::update;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// A FastAPI program under uvicorn that really ran: `time.sleep(2)` in a function that an async handler calls.
fn recorded() -> Trace {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/watched.jsonl");
    let reading = recording::read(BufReader::new(File::open(path).unwrap())).unwrap();
    assert_eq!(reading.cut, None);
    reading.trace
}

fn replayed() -> Model {
    let mut model = Model::new(Vec::new(), Palette::Dark, &Settings::default());
    model.begin(Start::Recording {
        trace: Box::new(recorded()),
        autoplay: false,
    });
    model
}

fn go_to(model: &mut Model, at: Nanos) {
    let session: &mut Session = model.session.as_mut().unwrap();
    session.playhead = Playhead::Paused(session.timeline.moment_at(at));
}

fn frame(model: &mut Model, (columns, rows): (u16, u16)) -> String {
    update(model, ScreenEvent::Resize { columns, rows });
    let area = Rect::new(0, 0, columns, rows);
    let mut buf = Buffer::empty(area);
    view::draw(model, area, &mut buf);
    let row = |y: u16| -> String { (0..columns).map(|x| buf[(x, y)].symbol()).collect() };
    let rows: Vec<String> = (0..rows).map(|y| row(y).trim_end().to_owned()).collect();
    rows.join("\n")
}

fn key(model: &mut Model, character: char) -> Vec<Effect> {
    update(model, ScreenEvent::Key(Key::char(character)))
}

fn ctrl_c(model: &mut Model) -> Vec<Effect> {
    let key = Key {
        control: true,
        ..Key::char('c')
    };
    update(model, ScreenEvent::Key(key))
}

#[test]
fn who_holds_the_loop_is_seen_with_file_line_victims_and_remedy() {
    let mut model = replayed();
    go_to(&mut model, Nanos::from_millis(4_800));
    for (columns, rows) in SIZES {
        let frame = frame(&mut model, (columns, rows));
        insta::assert_snapshot!(format!("own-program-held-{columns}x{rows}"), frame);
    }
    key(&mut model, 'S');
    for (columns, rows) in SIZES {
        let frame = frame(&mut model, (columns, rows));
        insta::assert_snapshot!(format!("own-program-stack-{columns}x{rows}"), frame);
    }
}

#[test]
fn a_program_that_has_ended_says_how() {
    let mut model = replayed();
    model.session.as_mut().unwrap().playhead = Playhead::Edge;
    for (columns, rows) in SIZES {
        let frame = frame(&mut model, (columns, rows));
        insta::assert_snapshot!(format!("own-program-ended-{columns}x{rows}"), frame);
    }
}

#[test]
fn no_word_of_scenarios_is_said_of_a_program() {
    const WORDS: [&str; 9] = [
        "knob",
        "predict",
        "heartbeat",
        " 1x",
        "vote",
        "contrast",
        "compare",
        "tokio",
        "scenario",
    ];
    let mut model = replayed();
    let end = model.session.as_ref().unwrap().timeline.end();
    let mut frames = Vec::new();
    for step in 0..=end.0 / 500_000_000 {
        go_to(&mut model, Nanos(step * 500_000_000));
        for size in SIZES {
            frames.push(frame(&mut model, size));
        }
    }
    for frame in frames {
        for word in WORDS {
            assert!(!frame.contains(word), "{word} in\n{frame}");
        }
    }
}

#[test]
fn a_key_that_makes_no_sense_says_why_and_is_not_in_the_help() {
    let mut model = replayed();
    go_to(&mut model, Nanos::from_secs(4));
    for (character, why) in [
        ('K', "a program of your own has no knobs"),
        ('s', "requests come from the program's own clients"),
        ('v', "there is nothing to compare this program with"),
    ] {
        key(&mut model, character);
        let frame = frame(&mut model, (80, 24));
        assert!(frame.contains(why), "{character}:\n{frame}");
    }
    key(&mut model, '?');
    let help = frame(&mut model, (120, 200));
    assert!(
        help.contains("all lanes") || help.contains("framework's own"),
        "{help}"
    );
    for word in ["knob", "Versus", "100 times", "heartbeat  "] {
        assert!(!help.contains(word), "{word} in\n{help}");
    }
}

#[test]
fn what_is_a_frameworks_own_is_folded_until_a_key_shows_it() {
    let mut model = replayed();
    go_to(&mut model, Nanos::from_millis(4_800));
    let folded = frame(&mut model, (120, 40));
    assert!(folded.contains("of uvicorn's own"), "{folded}");
    assert!(!folded.contains("serve "), "{folded}");
    key(&mut model, 'H');
    let all = frame(&mut model, (120, 60));
    assert!(!all.contains("of uvicorn's own"), "{all}");
    assert!(all.contains("serve "), "{all}");
}

/// A program whose run has begun, and the number of that.
fn live() -> (Model, u32) {
    let mut model = Model::new(Vec::new(), Palette::Dark, &Settings::default());
    let story = recorded().story;
    let opened = Reply::Opened(Ok(Box::new(story.clone())));
    update(&mut model, ScreenEvent::Reply(opened));
    let asked = key(&mut model, ' ');
    let number = asked.iter().find_map(|effect| match effect {
        Effect::Ask(Request::Run { number, .. }) => Some(*number),
        _ => None,
    });
    let run = number.expect("a run is asked for");
    let started = Reply::Started {
        slot: Slot::Only,
        run,
        result: Ok(Box::new(story)),
    };
    // Its terminal is as large as the screen.
    let effects = update(&mut model, ScreenEvent::Reply(started));
    assert!(
        effects.contains(&Effect::Ask(Request::Resize(80, 24))),
        "{effects:?}"
    );
    (model, run)
}

#[test]
fn a_program_goes_on_while_the_same_is_shown_in_small() {
    let (mut model, run) = live();
    let batch = recorded().batch();
    let end = batch.upto;
    let cut = batch.events.partition_point(|event| event.at.0 < end.0 / 2);
    let (early, late) = batch.events.split_at(cut);
    let batch = Batch {
        upto: early[cut - 1].at,
        events: early.to_vec(),
        ..batch.clone()
    };
    let middle = batch.upto;
    update(&mut model, ScreenEvent::Reply(Reply::Batch { run, batch }));
    let effects = key(&mut model, 'M');
    let [Effect::Ask(Request::Open(scenario))] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!(scenario, "blocking-sleep");
    let story = Box::new(crate::common::stories::blocking_sleep());
    update(&mut model, ScreenEvent::Reply(Reply::Opened(Ok(story))));
    let small = frame(&mut model, (120, 40));
    assert!(small.contains("your program goes on meanwhile"), "{small}");
    let size = update(
        &mut model,
        ScreenEvent::Resize {
            columns: 100,
            rows: 30,
        },
    );
    assert_eq!(size, [Effect::Ask(Request::Resize(100, 30))]);
    let batch = Batch {
        events: late.to_vec(),
        upto: end,
        ..Batch::default()
    };
    update(&mut model, ScreenEvent::Reply(Reply::Batch { run, batch }));
    assert!(model.session.as_ref().unwrap().timeline.end() < middle);
    let effects = key(&mut model, 'q');
    assert!(
        effects.contains(&Effect::Ask(Request::Return)),
        "{effects:?}"
    );
    assert_eq!(model.session.as_ref().unwrap().timeline.end(), end);
    assert_eq!(model.screen, Screen::Stage);
}

#[test]
fn ctrl_c_asks_the_program_to_end_and_quits_the_second_time() {
    let (mut model, run) = live();
    let batch = Batch {
        upto: Nanos::from_secs(1),
        ..Batch::default()
    };
    update(&mut model, ScreenEvent::Reply(Reply::Batch { run, batch }));
    assert_eq!(ctrl_c(&mut model), [Effect::Ask(Request::Signal(2))]);
    assert_eq!(ctrl_c(&mut model), [Effect::Quit(Exit::Quit)]);
    // The key for what holds the loop has nothing to show yet, and says so.
    update(&mut model, ScreenEvent::Key(Key::plain(KeyCode::Enter)));
    let frame = frame(&mut model, (120, 40));
    assert!(
        frame.contains("nothing has held the loop so far"),
        "{frame}"
    );
}

#[test]
fn python_is_read_whole_and_its_strings_go_on_over_lines() {
    const LINES: [&str; 8] = [
        r#"async def f(x: int = 0x1F, y="a # b"):  # why"#,
        r#"    """Says 'no'"#,
        "    async def is no keyword here # nor a comment",
        r#"    end""" ; return rb'\'' + f"{x!r}""#,
        r#"    über = print (1_000.5e3, 'open"#,
        "",
        "if x:return\tNone",
        "    lambda_ = \u{1f600}",
    ];
    let mut reader = Reader::default();
    let read: Vec<_> = LINES.iter().map(|line| reader.line(line)).collect();
    for (line, tokens) in LINES.iter().zip(&read) {
        let all: String = tokens.iter().map(|token| token.text.as_str()).collect();
        assert_eq!(all, *line);
    }
    let of = |line: usize, role: TokenRole| -> Vec<&str> {
        let tokens = read[line].iter().filter(|token| token.role == role);
        tokens.map(|token| token.text.as_str()).collect()
    };
    assert_eq!(of(0, TokenRole::Keyword), ["async", "def"]);
    assert_eq!(of(0, TokenRole::Call), ["f"]);
    assert_eq!(of(0, TokenRole::Number), ["0x1F"]);
    assert_eq!(of(0, TokenRole::Text), ["\"a # b\""]);
    assert_eq!(of(0, TokenRole::Comment), ["# why"]);
    assert_eq!(of(2, TokenRole::Text), [LINES[2]]);
    assert_eq!(of(3, TokenRole::Keyword), ["return"]);
    assert_eq!(
        of(3, TokenRole::Text),
        ["    end\"\"\"", r"rb'\''", "f\"{x!r}\""]
    );
    assert_eq!(of(4, TokenRole::Text), ["'open"]);
    assert_eq!(of(6, TokenRole::Keyword), ["if", "return", "None"]);
}
