//! The child's side: reads what it is for, records what it does, and ends with its input.

use std::fs::File;
use std::io::{self, BufReader};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout};

use super::Children;
use super::child::lock;
use super::frame::{self, Hello, Order, Role, ToChild, ToParent};
use super::worker;
use crate::engine::cx::Cx;
use crate::engine::frame::Frame;
use crate::engine::jobs::{self, Body};
use crate::engine::runtime::Place;
use crate::engine::setup::{self, Set, Time};
use crate::engine::stage::Stage;
use crate::engine::{Extras, Options};
use crate::scenario::{Action, Choices, FileName, Scenario, Step, Work, load};
use loopscope_probe::{Collector, Inbox, Recorder, set_thread_role};
use loopscope_trace::{Flavor, StepId, TaskId, ThreadRole};

/// Between two looks at the rings.
const PERIOD: Duration = Duration::from_millis(2);
/// The longest silence of a child that is well.
const SIGN_OF_LIFE: Duration = Duration::from_millis(20);

/// Where frames to the parent are written.
#[derive(Clone, Debug)]
pub(super) struct Mouth(Arc<Mutex<File>>);

impl Mouth {
    /// Says something. A parent that does not listen is gone, and then so is this process.
    pub(super) fn say(&self, frame: &ToParent) {
        if frame::write(&mut *lock(&self.0), frame).is_err() {
            std::process::exit(0);
        }
    }
}

/// Plays a child process: the body of the hidden command. Returns only where it was not started by
/// a loopscope of the same version, with a sentence.
///
/// # Errors
/// The sentence.
pub fn serve() -> String {
    let wrong = "this command is for loopscope itself: it starts its child processes by it";
    let Ok(input) = rustix::io::dup(rustix::stdio::stdin()) else {
        return wrong.to_owned();
    };
    let mut control = BufReader::new(File::from(input));
    let Ok(Some(ToChild::Hello(hello))) = frame::read(&mut control) else {
        return wrong.to_owned();
    };
    match greeted(&hello, control) {
        Ok(never) => match never {},
        Err(error) => format!("the child process cannot go on: {error}"),
    }
}

/// Does not return but for an error: the end of the input ends the process.
fn greeted(hello: &Hello, mut control: BufReader<File>) -> io::Result<std::convert::Infallible> {
    let out = File::from(rustix::io::dup(rustix::stdio::stdout())?);
    let mouth = Mouth(Arc::new(Mutex::new(out)));
    let door = match hello.role {
        Role::Server => Some(rustix::io::dup(rustix::stdio::stderr())?),
        Role::Jobs => None,
    };
    mute()?;
    let begin = match prepare(hello, &mouth, door) {
        Ok(begin) => begin,
        Err(failed) => {
            mouth.say(&failed);
            std::process::exit(1);
        }
    };
    mouth.say(&ToParent::Ready);
    while let Ok(Some(frame)) = frame::read(&mut control) {
        // Nobody receives only where the process is on its way out.
        let _ = begin.send(frame);
    }
    // At once, whatever its threads do: this is how no child outlives its parent.
    std::process::exit(0);
}

/// Whatever is printed by accident must not end up among the frames, nor in the listener.
fn mute() -> io::Result<()> {
    let nowhere = File::options().read(true).write(true).open("/dev/null")?;
    dup2_stdin(&nowhere)?;
    dup2_stdout(&nowhere)?;
    dup2_stderr(&nowhere)?;
    Ok(())
}

/// Builds the stage; a thread of its own waits for the frames that follow.
fn prepare(
    hello: &Hello,
    mouth: &Mouth,
    door: Option<std::os::fd::OwnedFd>,
) -> Result<mpsc::Sender<ToChild>, ToParent> {
    let scenario = understood(hello)?;
    let options = Options {
        speed: hello.speed,
        seed: hello.seed,
    };
    let inbox = Inbox::default();
    let recorder = Recorder::new(hello.speed);
    let scenario = Arc::new(scenario);
    let (children, place) = match hello.role {
        Role::Jobs => (None, Place::Alone),
        Role::Server => {
            let children = Children::pool(&scenario, &options, &recorder, &inbox);
            (
                children.map_err(|error| failed(error.to_string()))?,
                Place::Worker,
            )
        }
    };
    let extras = Extras::default();
    let set = setup::stage(
        scenario,
        &options,
        extras,
        Time::real(recorder),
        children,
        place,
    )
    .map_err(|error| refused(&error))?;
    let (sender, frames) = mpsc::channel();
    let mouth = mouth.clone();
    let start = |name: &str, body: Box<dyn FnOnce() + Send>| {
        thread::Builder::new()
            .name(name.to_owned())
            .spawn(body)
            .map(drop)
            .map_err(|error| refused(&error))
    };
    match door {
        None => start(
            "process",
            Box::new(move || work(set, &frames, &mouth, inbox)),
        )?,
        Some(door) => start(
            "frames",
            Box::new(move || worker::serve(set, door, &frames, &mouth, inbox)),
        )?,
    }
    Ok(sender)
}

/// The scenario that the parent plays.
fn understood(hello: &Hello) -> Result<Scenario, ToParent> {
    let file = FileName {
        id: hello.id.clone(),
        number: hello.number.clone(),
        ..FileName::default()
    };
    let choices = Choices {
        knobs: hello.knobs.clone(),
        speed: Some(hello.speed),
        seed: hello.seed,
        ..Choices::default()
    };
    let mut scenario = load(&hello.source, &file, &choices)
        .map_err(|_| failed("it cannot read the scenario that its parent could read".to_owned()))?;
    scenario.story.runtime = hello.runtime;
    if hello.role == Role::Jobs {
        // Nothing is polled here.
        scenario.story.runtime.flavor = Flavor::CurrentThread;
    }
    Ok(scenario)
}

const fn failed(reason: String) -> ToParent {
    ToParent::Failed {
        reason,
        errno: None,
    }
}

fn refused(error: &io::Error) -> ToParent {
    ToParent::Failed {
        reason: error.to_string(),
        errno: error.raw_os_error(),
    }
}

/// Hands on what this process records, for ever.
pub(super) fn report(stage: Arc<Stage>, inbox: Inbox, mouth: Mouth) {
    let started = thread::Builder::new()
        .name("report".to_owned())
        .spawn(move || {
            let mut collector = Collector::in_child(stage.recorder.clone(), inbox);
            let mut said = Instant::now();
            loop {
                let batch = collector.scan();
                // After the scan: nothing that is open now can have been closed before it.
                let open = stage.open.get();
                if !batch.events.is_empty() || said.elapsed() >= SIGN_OF_LIFE {
                    said = Instant::now();
                    mouth.say(&ToParent::Batch { batch, open });
                }
                thread::sleep(PERIOD);
            }
        });
    if started.is_err() {
        std::process::exit(1);
    }
}

/// A pool's child: one job after the other, on this thread.
fn work(set: Set, frames: &Receiver<ToChild>, mouth: &Mouth, inbox: Inbox) {
    set_thread_role(ThreadRole::Process);
    let stage = set.stage;
    // Its own lane from the start, so that an idle child is seen too.
    let _ = stage.recorder.thread();
    while let Ok(frame) = frames.recv() {
        match frame {
            ToChild::Hello(_) => {}
            ToChild::Begin { origin } => {
                stage.recorder.start_at(origin);
                report(Arc::clone(&stage), inbox.clone(), mouth.clone());
            }
            ToChild::Work(order) => {
                let job = order.job;
                perform(&stage, order);
                mouth.say(&ToParent::Done { job });
            }
        }
    }
}

fn perform(stage: &Arc<Stage>, order: Order) {
    let Some(work) = find(&stage.scenario, order.step) else {
        return;
    };
    let _held = stage.gil.as_deref().map(crate::engine::gil::Gil::hold);
    let body = match work {
        Work::Inline(body) => Body::Inline(body.clone()),
        Work::Function(call) => Body::Function(call.function),
    };
    let frame = Frame::with(order.locals);
    jobs::here(stage, order.job, |job| {
        let cx = Cx::for_guest(Arc::clone(stage), job, TaskId::NONE, &order.name);
        jobs::perform(&cx, &body, &frame)
    });
}

/// The work of a `process` step.
fn find(scenario: &Scenario, step: StepId) -> Option<&Work> {
    fn within(body: &[Step], id: StepId) -> Option<&Work> {
        body.iter().find_map(|step| match &step.action {
            Action::Process { work, .. } if step.id == id => Some(work),
            action => action
                .bodies()
                .into_iter()
                .find_map(|body| within(body, id)),
        })
    }
    scenario
        .functions
        .iter()
        .find_map(|function| within(&function.body, step))
}
