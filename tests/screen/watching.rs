//! How long one watches each of our scenarios without a key: a short one is no flash, and a long one takes its time.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::common::traces;
use loopscope::protocol::reply::{Half, Reply, Slot};
use loopscope::protocol::request::Request;
use loopscope::trace::recording::read;
use loopscope::trace::{Batch, Clock, Nanos, Trace};
use loopscope::tui::events::{Effect, ScreenEvent};
use loopscope::tui::keys::key::{Key, KeyCode};
use loopscope::tui::model::model::Model;
use loopscope::tui::screens::view;
use loopscope::tui::session::compare::Head;
use loopscope::tui::session::playhead::Mode;
use loopscope::tui::settings::settings::{AutoStop, Settings};
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update::update;

/// One frame.
const FRAME: Duration = Duration::from_millis(33);

/// Every scenario of ours.
fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<PathBuf> = std::fs::read_dir(root)
        .expect("the scenarios")
        .flatten()
        .filter_map(|folder| std::fs::read_dir(folder.path()).ok())
        .flat_map(|folder| folder.flatten().map(|file| file.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    files.sort();
    files
}

/// Plays it on the computed clock; on the real one where it has no other.
fn recorded(file: &Path, folder: &Path) -> Trace {
    recorded_on(&["virtual", "real"], file, folder)
}

/// Plays it on the first of these clocks that it has.
fn recorded_on(clocks: &[&str], file: &Path, folder: &Path) -> Trace {
    let record = folder.join("run.jsonl");
    for clock in clocks {
        drop(std::fs::remove_file(&record));
        let run = Command::new(env!("CARGO_BIN_EXE_loopscope"))
            .arg("run")
            .arg(file)
            .args(["--json", "--clock", clock, "--record"])
            .arg(&record)
            .output()
            .expect("the program starts");
        if let (true, Ok(file)) = (run.status.success(), std::fs::File::open(&record)) {
            return read(std::io::BufReader::new(file))
                .expect("a recording")
                .trace;
        }
    }
    panic!("{} cannot be recorded", file.display());
}

fn key(model: &mut Model, character: char) -> Vec<Effect> {
    update(model, ScreenEvent::Key(Key::char(character)))
}

/// The model at the start of a run of this story.
fn started(trace: &Trace, clock: Clock) -> (Model, u32) {
    let mut model = Model::new(Vec::new(), Palette::Dark, &Settings::default());
    model.auto_stop = AutoStop::Off;
    let mut story = trace.story.clone();
    story.clock = clock;
    let opened = Reply::Opened(Ok(Box::new(story.clone())));
    update(&mut model, ScreenEvent::Reply(opened));
    let asked = key(&mut model, ' ');
    let run = asked.iter().find_map(|effect| match effect {
        Effect::Ask(Request::Run { number, .. }) => Some(*number),
        _ => None,
    });
    let run = run.expect("space runs");
    let result = Ok(Box::new(story));
    let slot = Slot::Only;
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Started { slot, run, result }),
    );
    (model, run)
}

/// How many seconds one watches until the end of it, and the most that the view was behind the run. The events come at
/// once, or as the run goes on.
fn watched(trace: &Trace, live: bool) -> (f64, f64) {
    let clock = if live { Clock::Real } else { Clock::Virtual };
    let (mut model, run) = started(trace, clock);
    let (mut texts, mut told, mut seconds, mut behind) =
        (Some(trace.texts.clone()), 0, 0.0, 0.0_f64);
    loop {
        let upto = match live {
            true => Nanos::from_secs_f64(seconds * trace.story.speed).min(trace.upto),
            false => trace.upto,
        };
        let to = match upto == trace.upto {
            true => trace.events.len(),
            false => trace.events.partition_point(|event| event.at <= upto),
        };
        let batch = Batch {
            rows: Vec::new(),
            texts: texts.take().unwrap_or_default(),
            events: trace.events[told..to.max(told)].to_vec(),
            upto,
        };
        told = to.max(told);
        update(&mut model, ScreenEvent::Reply(Reply::Batch { run, batch }));
        if model.mode() == Mode::Ended {
            return (seconds, behind);
        }
        assert!(seconds < 700.0, "{} never ends", trace.story.id);
        update(&mut model, ScreenEvent::Tick { elapsed: FRAME });
        seconds += FRAME.as_secs_f64();
        let session = model.session.as_ref().expect("a session");
        behind = behind.max(
            session
                .timeline
                .end()
                .since(session.here().at)
                .as_secs_f64(),
        );
    }
}

#[test]
fn every_scenario_can_be_watched_without_a_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut short = 0;
    for file in files() {
        let trace = recorded(&file, folder.path());
        let length = trace.upto.as_secs_f64();
        let own = length / trace.story.speed;
        for live in [false, true] {
            let (seconds, behind) = watched(&trace, live);
            let what = format!(
                "{} live {live}: {length}s, watched {seconds:.2}s",
                trace.story.id
            );
            println!("{what}, {behind:.2}s behind");
            if length < 2.99 {
                short += 1;
                assert!((5.0..=20.0).contains(&seconds), "{what}");
            } else {
                assert!((own - 0.5..=own + 4.0).contains(&seconds), "{what}");
            }
        }
    }
    assert!(short >= 20, "{short} short ones");
}

/// A scenario of ours, as it is recorded on a clock.
fn ours_on(clock: &str, id: &str) -> Trace {
    let folder = tempfile::tempdir().expect("a folder");
    let name = format!("-{id}.toml");
    let mut files = files().into_iter();
    let file = files.find(|file| file.to_string_lossy().ends_with(&name));
    recorded_on(&[clock], &file.expect("a file"), folder.path())
}

/// A scenario of ours that computes.
fn ours(id: &str) -> Trace {
    ours_on("virtual", id)
}

#[test]
fn a_story_of_a_few_milliseconds_is_watched_too() {
    let trace = ours_on("real", "budget");
    assert!(trace.upto < Nanos::from_secs(1), "{:?}", trace.upto);
    for live in [false, true] {
        let (seconds, _) = watched(&trace, live);
        assert!((5.0..=20.0).contains(&seconds), "{seconds}");
    }
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

/// The run of this trace after so many frames.
fn after(trace: &Trace, frames: usize) -> Model {
    let (mut model, run) = started(trace, Clock::Virtual);
    let batch = Batch {
        rows: Vec::new(),
        texts: trace.texts.clone(),
        events: trace.events.clone(),
        upto: trace.upto,
    };
    update(&mut model, ScreenEvent::Reply(Reply::Batch { run, batch }));
    for _ in 0..frames {
        update(&mut model, ScreenEvent::Tick { elapsed: FRAME });
    }
    model
}

#[test]
fn a_short_run_is_watched_slower_on_an_axis_that_fits_it() {
    let trace = ours("upload");
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut model = after(&trace, 100);
        model.size = (columns, rows);
        insta::assert_snapshot!(format!("slow-{columns}x{rows}"), drawn(&model));
    }
}

#[test]
fn moments_have_as_many_digits_as_the_axis_needs() {
    // Ten seconds become a quarter of a thousandth.
    let mut trace = traces::blocking_sleep();
    for event in &mut trace.events {
        event.at.0 /= 40_000;
    }
    trace.upto.0 /= 40_000;
    for size in [(80, 24), (120, 40)] {
        let mut model = after(&trace, 1_000);
        model.size = size;
        assert_eq!(model.mode(), Mode::Ended);
        let screen = drawn(&model);
        assert!(screen.contains("at ms printed"), "{screen}");
        for line in [
            "0.000 A Hello",
            "0.125 A bye",
            "0.125 B Hello",
            "0.250 B bye",
        ] {
            assert!(screen.contains(line), "{line} in {screen}");
        }
        assert!(
            screen.contains("ended") && screen.contains("0.000250s"),
            "{screen}"
        );
        assert!(screen.contains("took 250us"), "{screen}");
    }
}

#[test]
fn keys_overrule_how_a_short_run_is_watched() {
    let trace = ours("upload");
    let mut model = after(&trace, 30);
    assert!(
        drawn(&model).contains("play 1/30x, by itself"),
        "{}",
        drawn(&model)
    );
    key(&mut model, '>');
    let screen = drawn(&model);
    assert!(screen.contains("play 1/20x"), "{screen}");
    assert!(!screen.contains("by itself"), "{screen}");
    for _ in 0..3 {
        key(&mut model, '<');
    }
    assert!(drawn(&model).contains("play 1/200x"), "{}", drawn(&model));
    for _ in 0..20 {
        key(&mut model, '<');
    }
    assert!(
        drawn(&model).contains("play 1/100000x"),
        "{}",
        drawn(&model)
    );
    update(&mut model, ScreenEvent::Key(Key::plain(KeyCode::End)));
    assert_eq!(model.mode(), Mode::Ended);
    // The next run is watched slower again.
    key(&mut model, 'r');
    let run = model.runs;
    let result = Ok(Box::new(trace.story.clone()));
    let slot = Slot::Only;
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Started { slot, run, result }),
    );
    assert!(drawn(&model).contains("by itself"), "{}", drawn(&model));
}

#[test]
fn at_the_live_edge_end_shows_a_short_run_as_it_happens() {
    let trace = ours("upload");
    let (mut model, run) = started(&trace, Clock::Real);
    assert_eq!(model.mode(), Mode::Playing);
    update(&mut model, ScreenEvent::Key(Key::plain(KeyCode::End)));
    assert_eq!(model.mode(), Mode::Live);
    let batch = Batch {
        rows: Vec::new(),
        texts: trace.texts.clone(),
        events: trace.events.clone(),
        upto: trace.upto,
    };
    update(&mut model, ScreenEvent::Reply(Reply::Batch { run, batch }));
    assert_eq!(model.mode(), Mode::Ended);
}

#[test]
fn two_short_runs_are_compared_in_slow_motion() {
    let traces = ["next-id-race", "next-id-threads"].map(ours);
    for clock in [Clock::Virtual, Clock::Real] {
        let mut model = Model::new(Vec::new(), Palette::Dark, &Settings::default());
        model.auto_stop = AutoStop::Off;
        let stories = traces.each_ref().map(|trace| {
            let mut story = trace.story.clone();
            story.clock = clock;
            story
        });
        let halves = stories.clone().map(|story| Half::Scenario(Box::new(story)));
        let paired = ScreenEvent::Reply(Reply::Paired(Ok(Box::new(halves))));
        let mut effects = update(&mut model, paired);
        let mut seconds = 0.0;
        loop {
            for effect in std::mem::take(&mut effects) {
                let Effect::Ask(Request::Run { slot, number, .. }) = effect else {
                    continue;
                };
                let side = usize::from(slot == Slot::PAIR[1]);
                let result = Ok(Box::new(stories[side].clone()));
                let (run, trace) = (number, &traces[side]);
                update(
                    &mut model,
                    ScreenEvent::Reply(Reply::Started { slot, run, result }),
                );
                let batch = Batch {
                    rows: Vec::new(),
                    texts: trace.texts.clone(),
                    events: trace.events.clone(),
                    upto: trace.upto,
                };
                let batch = ScreenEvent::Reply(Reply::Batch { run, batch });
                effects.extend(update(&mut model, batch));
            }
            let compare = model.compare.as_ref().expect("two");
            if compare.head == Head::Edge && effects.is_empty() {
                break;
            }
            assert!(seconds < 60.0, "{:?}", compare.head);
            update(&mut model, ScreenEvent::Tick { elapsed: FRAME });
            seconds += FRAME.as_secs_f64();
            if (2.9..2.95).contains(&seconds) {
                assert!(drawn(&model).contains("by itself"), "{}", drawn(&model));
            }
        }
        assert!((5.0..=20.0).contains(&seconds), "{seconds}");
    }
}
