//! Presenter notes: the page of each screen, how it is drawn, and two real terminals.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::common::alone::one_at_a_time;
use crate::common::terminal;

use std::io::{Read, Write};
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::common::terminal::Terminal;
use crate::common::traces;
use loopscope::protocol::menu::MenuEntry;
use loopscope::protocol::notes::Page;
use loopscope::protocol::reply::{Half, Reply};
use loopscope::timeline::Moment;
use loopscope::trace::{Answer, Nanos, Tally, Trace};
use loopscope::tui::events::ScreenEvent;
use loopscope::tui::keys::key::{Key, KeyCode};
use loopscope::tui::model::model::Model;
use loopscope::tui::notes::page::lines;
use loopscope::tui::notes::page::page;
use loopscope::tui::notes::screen;
use loopscope::tui::notes::screen::Shown;
use loopscope::tui::session::playhead::Playhead;
use loopscope::tui::session::session::Session;
use loopscope::tui::settings::settings::Settings;
use loopscope::tui::settings::settings::Start;
use loopscope::tui::text::theme::{Palette, Theme};
use loopscope::tui::update::update::update;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use rustix::process::Signal;

fn model() -> Model {
    let entry = |number: &str, id: &str, title: &str, asks: &str, contrast: &str| MenuEntry {
        id: id.to_owned(),
        number: number.to_owned(),
        folder: "the loop".to_owned(),
        title: title.to_owned(),
        asks: asks.to_owned(),
        contrast: Some(contrast.to_owned()),
        ..MenuEntry::default()
    };
    let asks = "Two requests reach one handler. Does the second wait for the first?";
    let entries = vec![
        entry(
            "02",
            "blocking-sleep",
            "time.sleep() inside async def",
            asks,
            "awaited-sleep",
        ),
        entry(
            "03",
            "awaited-sleep",
            "await asyncio.sleep()",
            "The same two requests, but the handler awaits its sleep.",
            "blocking-sleep",
        ),
    ];
    Model::new(entries, Palette::Dark, &Settings::default())
}

/// The model with a recording at a moment.
fn recorded(trace: Trace, at: Option<u64>) -> Model {
    let mut model = model();
    let recording = Start::Recording {
        trace: Box::new(trace),
        autoplay: false,
    };
    model.begin(recording);
    let session = model.session.as_mut().unwrap();
    session.playhead = match at {
        Some(millis) => Playhead::Paused(session.timeline.moment_at(Nanos::from_millis(millis))),
        None => Playhead::Edge,
    };
    model
}

fn drawn(shown: &Shown, remark: &str, theme: &Theme, (columns, rows): (u16, u16)) -> String {
    let area = Rect::new(0, 0, columns, rows);
    let mut buffer = Buffer::empty(area);
    screen::draw(shown, remark, theme, area, &mut buffer);
    let row = |y| -> String { (0..columns).map(|x| buffer[(x, y)].symbol()).collect() };
    (0..rows)
        .map(|y| row(y).trim_end().to_owned() + "\n")
        .collect()
}

fn shown(page: Page) -> Shown {
    Shown::Page {
        page: Box::new(page),
        lecture: Duration::from_secs(3725),
        scenario: Some(Duration::from_secs(185)),
    }
}

fn hold(name: &str, page: Page) {
    for size in [(80, 24), (60, 15), (120, 40)] {
        let picture = drawn(&shown(page.clone()), "", &Theme::default(), size);
        insta::assert_snapshot!(format!("{name}-{}x{}", size.0, size.1), picture);
    }
    insta::assert_snapshot!(format!("{name}-lines"), lines(&page).join("\n"));
}

#[test]
fn the_menu() {
    let _turn = one_at_a_time();
    hold("menu", page(&model()));
}

#[test]
fn the_question_with_what_the_class_does_not_see() {
    let _turn = one_at_a_time();
    let mut model = model();
    let story = traces::blocking_sleep().story;
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Opened(Ok(Box::new(story)))),
    );
    let session = model.session.as_mut().unwrap();
    session.answers.of_mut(0).tallies = vec![Tally(vec![19, 9, 2]), Tally(vec![6, 22, 0, 2])];
    let page = page(&model);
    assert_eq!(page.place, "question");
    let right: Vec<bool> = page.questions[0]
        .options
        .iter()
        .map(|it| it.right)
        .collect();
    assert_eq!(right.iter().filter(|right| **right).count(), 1);
    assert_eq!(page.questions[0].votes, [30, 30]);
    hold("question", page);
}

#[test]
fn a_moment_of_a_recording() {
    let _turn = one_at_a_time();
    hold(
        "paused",
        page(&recorded(traces::blocking_sleep(), Some(3402))),
    );
}

#[test]
fn the_end() {
    let _turn = one_at_a_time();
    let mut model = recorded(traces::blocking_sleep(), None);
    let session = model.session.as_mut().unwrap();
    session.answers.of_mut(0).answers = vec![Answer::Option(0)];
    let page = page(&model);
    assert!(page.remedies.len() == 1 && page.then.contains("awaited-sleep"));
    hold("end", page);
}

#[test]
fn two_that_are_compared() {
    let _turn = one_at_a_time();
    let mut model = model();
    let traces = [traces::blocking_sleep(), traces::awaited_sleep()];
    let halves = traces.map(|trace| Half::Recording(Box::new(trace)));
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Paired(Ok(Box::new(halves)))),
    );
    for _ in 0..3 {
        update(&mut model, ScreenEvent::Key(Key::char('n')));
    }
    let page = page(&model);
    assert_eq!((page.place.as_str(), page.captions.len()), ("compare", 2));
    hold("compare", page);
}

#[test]
fn waiting_in_ascii_and_without_color() {
    let _turn = one_at_a_time();
    let theme = Theme {
        palette: Palette::Mono,
        ascii: true,
        color: false,
        on_light: false,
    };
    let waiting = Shown::Waiting("Nobody presents yet.".to_owned());
    let picture = drawn(&waiting, "a remark", &theme, (80, 24));
    assert!(picture.is_ascii());
    insta::assert_snapshot!("waiting", picture);
    let model = recorded(traces::blocking_sleep(), Some(3402));
    assert!(drawn(&shown(page(&model)), "", &theme, (80, 24)).is_ascii());
}

#[test]
fn no_page_is_too_large_and_no_window_too_small() {
    let _turn = one_at_a_time();
    let full = page(&recorded(traces::blocking_sleep(), Some(3402)));
    let mut crowded = page(&recorded(traces::blocking_sleep(), None));
    crowded.notes = vec!["word ".repeat(400)];
    for columns in [1, 39, 40, 80, 200] {
        for rows in [1, 9, 10, 24, 60] {
            let picture = drawn(&shown(full.clone()), "", &Theme::default(), (columns, rows));
            let lines: Vec<&str> = picture.lines().collect();
            let bare = |pair: &[&str]| pair.iter().all(|line| line.starts_with('─'));
            assert!(
                !lines.windows(2).any(bare),
                "a heading over nothing:\n{picture}"
            );
            drawn(
                &shown(crowded.clone()),
                "",
                &Theme::default(),
                (columns, rows),
            );
        }
    }
}

/// Live, only the file says what comes; what has been recorded after the playhead is no secret.
#[test]
fn the_future_of_a_live_run_is_not_looked_into() {
    let _turn = one_at_a_time();
    let whole = traces::blocking_sleep();
    let notes = whole.story.notes.clone();
    let mut model = model();
    model.session = Some(Session::opened(whole.story.clone(), &[], 1.0));
    let waits = page(&recorded(whole, Some(0)));
    assert!(waits.next[0].when.starts_with("next stop, at 0."));
    model.screen = loopscope::tui::model::screen::Screen::Stage;
    let before = page(&model);
    assert_eq!(before.next.len(), 1);
    assert_eq!(before.next[0].when, "next note, first blocked-loop");
    assert_eq!(before.next[0].say, notes[0].say);
}

#[test]
fn a_turned_knob_makes_no_answer_right() {
    let _turn = one_at_a_time();
    let mut story = traces::blocking_sleep().story;
    story.knobs = vec![loopscope::trace::Knob {
        name: "requests".to_owned(),
        value: 3,
        default: 2,
        min: 1,
        max: 9,
    }];
    let mut model = model();
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Opened(Ok(Box::new(story)))),
    );
    let page = page(&model);
    assert!(page.questions[0].options.iter().all(|option| !option.right));
    assert!(page.questions[0].answer.as_ref().unwrap().contains("knobs"));
}

#[test]
fn the_page_follows_the_playhead() {
    let _turn = one_at_a_time();
    let mut model = recorded(traces::blocking_sleep(), Some(0));
    let mut notes = Vec::new();
    for _ in 0..40 {
        notes.extend(page(&model).notes);
        update(&mut model, ScreenEvent::Key(Key::char('n')));
        let here = model.session.as_ref().unwrap().here();
        if here == model.session.as_ref().unwrap().timeline.last_moment() {
            break;
        }
        assert_ne!(here, Moment::default());
    }
    notes.extend(page(&model).notes);
    notes.dedup();
    let story = traces::blocking_sleep().story;
    let said: Vec<String> = story.notes.into_iter().map(|note| note.say).collect();
    assert_eq!(notes, said);
    update(&mut model, ScreenEvent::Key(Key::plain(KeyCode::Home)));
    assert!(page(&model).notes.is_empty());
}

// Two terminals.

fn sockets(home: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(home.join("loopscope"))
        .into_iter()
        .flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn the_second_terminal_follows_and_steers() {
    let _turn = one_at_a_time();
    let home = tempfile::tempdir().unwrap();
    let mut notes = Terminal::at_home(home.path(), &["notes"], &[]);
    notes.sees("Nobody presents yet");
    let mut class = Terminal::at_home(home.path(), &["run", "blocking-sleep"], &[]);
    notes.sees("question: before the run");
    notes.sees("Hello bye Hello bye   √ right");
    notes.sees("next note, first blocked-loop");
    // The class sees none of it.
    assert!(!class.contents().contains("right"));
    let socket = sockets(home.path()).pop().unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(
        (mode(&socket), mode(socket.parent().unwrap())),
        (0o600, 0o700)
    );

    class.press("2\r");
    notes.sees("stage: live");
    notes.sees("The loop is inside time.sleep");
    notes.press(" ");
    class.sees("paused");
    notes.sees("stage: paused");
    notes.press("\u{1b}[5~");
    notes.sees("stage: paused 0.");
    // Other keys stay here.
    notes.press("vc");
    notes.press(" ");
    notes.sees("stage: playing");
    class.press("\u{1b}[F");
    notes.sees("stage: ended");
    notes.sees("Two sleeps of 5s, one after the other");
    notes.sees("next: 03 awaited-sleep");

    class.signal(Signal::KILL);
    notes.sees("is gone");
    // Until somebody asks how it ended, the system keeps its number.
    class.ends();
    let began = Instant::now();
    while !sockets(home.path()).is_empty() {
        assert!(began.elapsed() < terminal::PATIENCE, "its socket stays");
        std::thread::sleep(Duration::from_millis(10));
    }
    notes.press(" ");
    notes.sees("nobody presents");
    notes.press("q");
    assert!(notes.ends().success());
    notes.is_given_back();
}

#[test]
fn garbage_half_lines_and_sleepers_harm_nobody_else() {
    let _turn = one_at_a_time();
    let home = tempfile::tempdir().unwrap();
    let mut class = Terminal::at_home(home.path(), &["run", "blocking-sleep"], &[]);
    class.sees("In which order");
    let socket = sockets(home.path()).pop().unwrap();
    let connect = || UnixStream::connect(&socket).unwrap();
    // Reads nothing, for as long as all this lasts.
    let _sleeper = connect();
    let mut half = connect();
    half.write_all(b"{\"notes\":1,\"ke").unwrap();
    let mut garbage = connect();
    garbage.write_all(b"\xff\xfe no line of ours\n").unwrap();
    let mut other = connect();
    other
        .write_all(b"{\"notes\":1,\"key\":\"quit\"}\n")
        .unwrap();
    for mut left in [garbage, other] {
        left.set_read_timeout(Some(terminal::PATIENCE)).unwrap();
        // It is sent what there is, and then its end.
        left.read_to_end(&mut Vec::new()).unwrap();
    }
    half.write_all(b"y\":\"space\"}\n").unwrap();
    class.sees("live");
    let mut notes = Terminal::at_home(home.path(), &["notes", "--ascii"], &[("NO_COLOR", "1")]);
    notes.sees("stage: live");
    class.press("q");
    notes.sees("- menu -");
    class.press("q");
    assert!(class.ends().success());
    assert!(sockets(home.path()).is_empty(), "the socket stays");
    notes.sees("is gone");
    notes.signal(Signal::TERM);
    notes.ends();
    notes.is_given_back();
}

#[test]
fn another_version_says_so() {
    let _turn = one_at_a_time();
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("loopscope");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let own = std::process::id();
    let listener = UnixListener::bind(folder.join(format!("{own}.sock"))).unwrap();
    let mut notes = Terminal::at_home(home.path(), &["notes"], &[]);
    let (mut viewer, _) = listener.accept().unwrap();
    viewer.write_all(b"{\"notes\":9,\"what\":[]}\n").unwrap();
    notes.sees("has version 9 of these notes");
    notes.press("q");
    assert!(notes.ends().success());
}

#[test]
fn plain_lines_for_a_screen_reader() {
    let _turn = one_at_a_time();
    let home = tempfile::tempdir().unwrap();
    let mut class = Terminal::at_home(home.path(), &["run", "blocking-sleep"], &[]);
    class.sees("In which order");
    let notes = Terminal::at_home(home.path(), &["notes", "--plain"], &[("TERM", "dumb")]);
    notes.sees("2 Hello bye Hello bye (right)");
    class.press(" ");
    notes.sees("note: The loop is inside time.sleep");
    class.press(" ");
    notes.sees("paused");
    let said = notes.contents();
    assert_eq!(
        said.matches("question: In which order").count(),
        1,
        "{said}"
    );
}
