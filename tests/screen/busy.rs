//! A run on a machine that others use is computed once more, and judged by that.

use loopscope::protocol::reply::{Reply, Slot};
use loopscope::protocol::request::Request;
use loopscope::timeline::explain;
use loopscope::timeline::{Sample, Timing};
use loopscope::trace::{
    Actor, Answers, Batch, BlockKind, Nanos, TaskId, TaskRole, ThreadId, Trace,
};
use loopscope::tui::events::{Effect, ScreenEvent};
use loopscope::tui::keys::key::Key;
use loopscope::tui::model::model::Model;
use loopscope::tui::settings::settings::Settings;
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update::update;

use crate::common::{stories, traces};

/// A handler that computes for 5 s by its own clock, and for `seconds` by that of the wall.
fn computing(seconds: u64) -> Trace {
    let mut play = traces::Play::server(stories::blocking_sleep());
    let (task, end) = (TaskId(2), seconds * 1_000_000);
    play.request(10, 0, 0, "/ping");
    play.accept(20, &[(0, task, TaskRole::Handler, "tab 1 /ping")]);
    play.poll_started(100, task);
    play.step(100, Actor::Task(task), 1);
    play.block(100, end, Actor::Task(task), ThreadId(0), BlockKind::Cpu);
    play.answered(end + 10, 0, "pong");
    play.task_ended(end + 20, task);
    play.end(end + 100)
}

/// The stage after this run, and the computed run that it asks for.
fn after(trace: Trace) -> (Model, Option<u32>) {
    let mut model = Model::new(Vec::new(), Palette::Dark, &Settings::default());
    let story = || Ok(Box::new(stories::blocking_sleep()));
    update(&mut model, ScreenEvent::Reply(Reply::Opened(story())));
    update(&mut model, ScreenEvent::Key(Key::char(' ')));
    let (run, slot) = (model.runs, Slot::Only);
    let started = Reply::Started {
        slot,
        run,
        result: story(),
    };
    update(&mut model, ScreenEvent::Reply(started));
    let batch = Batch {
        rows: Vec::new(),
        texts: trace.texts,
        events: trace.events,
        upto: trace.upto,
    };
    let effects = update(&mut model, ScreenEvent::Reply(Reply::Batch { run, batch }));
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Ask(Request::RunEach { number, knobs }) if knobs.len() == 1 => Some(*number),
        _ => None,
    });
    (model, asked)
}

fn says(model: &Model) -> String {
    let session = model.session.as_ref().expect("a session");
    explain::result(&session.timeline, &Answers::default())
}

#[test]
fn a_run_on_a_busy_machine_is_computed_once() {
    let (mut model, asked) = after(computing(9));
    let run = asked.expect("it is computed");
    let point = |timing| Sample {
        knobs: Vec::new(),
        elapsed: Nanos::from_secs(4),
        timing,
    };
    // What was waited for suffers by the others, too.
    let (mut other, again) = after(computing(9));
    let swept = Reply::Swept {
        run: again.expect("it is computed"),
        point: Some(point(Timing::Hurried)),
    };
    update(&mut other, ScreenEvent::Reply(swept));
    assert!(
        says(&other).contains("free machine 5.00s"),
        "{}",
        says(&other)
    );
    let swept = || Reply::Swept {
        run,
        point: Some(point(Timing::Computed)),
    };
    let effects = update(&mut model, ScreenEvent::Reply(swept()));
    assert!(says(&model).contains("took 9.00s; on a free machine 4.00s"));
    let again = |effect: &Effect| matches!(effect, Effect::Ask(Request::RunEach { .. }));
    assert!(!effects.iter().any(again), "once is enough");
}

#[test]
fn a_run_on_a_free_machine_is_not() {
    assert_eq!(after(computing(5)).1, None);
}
