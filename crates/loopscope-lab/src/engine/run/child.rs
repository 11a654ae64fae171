//! The child's side: reads what it is for, works, and ends with its input.

use std::fs::File;
use std::io::BufReader;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, mpsc};
use std::{io, thread};

use loopscope_probe::{Inbox, Recorder, set_thread_role};
use loopscope_trace::{Flavor, StepId, ThreadRole};
use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout};

use crate::engine::children::child::{self, Hello, ProcessJob, Role, ToChild, ToParent};
use crate::engine::children::pool::Children;
use crate::engine::clock::gil::Gil;
use crate::engine::options::{Extras, Options, Program};
use crate::engine::run::copy::{self, Writer, report};
use crate::engine::run::runtime::Place;
use crate::engine::run::setup::{self, Prepared, Time};
use crate::engine::state::run_state::RunState;
use crate::engine::steps::context::Context;
use crate::engine::steps::frame::Frame;
use crate::engine::steps::spawn_blocking::{self, Body};
use crate::engine::steps::{interpret, job};
use crate::scenario::files::scenario::load;
use crate::scenario::model::scenario::{Choices, FileName, Scenario, all_steps};
use crate::scenario::model::step::{Action, Work};
use crate::scenario::schema::row::Vocabulary;

/// Plays a child process: the body of the hidden command. Returns only where it was not started by
/// a loopscope of the same version, with a sentence that says so. `program` is started where the
/// child has child processes itself.
pub fn serve(program: Option<&Program>, vocabulary: &Vocabulary) -> String {
    let wrong = "this command is for loopscope itself: it starts its child processes by it";
    let Ok(input) = rustix::io::dup(rustix::stdio::stdin()) else {
        return wrong.to_owned();
    };
    let mut control = BufReader::new(File::from(input));
    let Ok(Some(ToChild::Hello(hello))) = child::read(&mut control) else {
        return wrong.to_owned();
    };
    match play(&hello, control, program, vocabulary) {
        Ok(never) => match never {},
        Err(error) => format!("the child process cannot go on: {error}"),
    }
}

/// Does not return but for an error: the end of the input ends the process.
fn play(
    hello: &Hello,
    mut control: BufReader<File>,
    program: Option<&Program>,
    vocabulary: &Vocabulary,
) -> io::Result<std::convert::Infallible> {
    let out = File::from(rustix::io::dup(rustix::stdio::stdout())?);
    let writer = Writer::from(out);
    let listener = match hello.role {
        Role::Server => Some(rustix::io::dup(rustix::stdio::stderr())?),
        Role::Jobs => None,
    };
    detach_stdio()?;
    let begin = match prepare(hello, program, vocabulary, &writer, listener) {
        Ok(begin) => begin,
        Err(failed) => {
            writer.write(&failed);
            std::process::exit(1);
        }
    };
    writer.write(&ToParent::Ready);
    while let Ok(Some(frame)) = child::read(&mut control) {
        // There is no receiver only where the process is on its way out.
        let _ = begin.send(frame);
    }
    // At once, whatever its threads do: this is how no child outlives its parent.
    std::process::exit(0);
}

/// Whatever is printed by accident must not end up among the frames, nor in the listener.
fn detach_stdio() -> io::Result<()> {
    let nowhere = File::options().read(true).write(true).open("/dev/null")?;
    dup2_stdin(&nowhere)?;
    dup2_stdout(&nowhere)?;
    dup2_stderr(&nowhere)?;
    Ok(())
}

/// Builds the run; a thread of its own waits for the frames that follow.
fn prepare(
    hello: &Hello,
    program: Option<&Program>,
    vocabulary: &Vocabulary,
    writer: &Writer,
    listener: Option<std::os::fd::OwnedFd>,
) -> Result<mpsc::Sender<ToChild>, ToParent> {
    let scenario = load_scenario(hello, vocabulary)?;
    let options = Options {
        speed: hello.speed,
        seed: hello.seed,
    };
    let inbox = Inbox::default();
    let recorder = Recorder::new(hello.speed);
    let scenario = Arc::new(scenario);
    let (children, place) = match hello.role {
        Role::Jobs => (Ok(None), Place::Alone),
        Role::Server => {
            let children = Children::pool(&scenario, (&options, program), &recorder, &inbox);
            (children, Place::Copy)
        }
    };
    let children = children.map_err(|error| failed(error.to_string()))?;
    let time = Time::real(recorder);
    let set = setup::build(
        scenario,
        &options,
        &Extras::default(),
        time,
        children,
        place,
    )
    .map_err(|error| refused(&error))?;
    if let Some(folder) = &hello.store {
        set.state.values.store_in(&set.state.scenario.story, folder);
    }
    let (sender, frames) = mpsc::channel();
    let writer = writer.clone();
    let name = if listener.is_some() {
        "frames"
    } else {
        "process"
    };
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || match listener {
            None => work(set, &frames, &writer, inbox),
            Some(listener) => copy::serve(set, listener, &frames, &writer, inbox),
        })
        .map_err(|error| refused(&error))?;
    Ok(sender)
}

/// The scenario that the parent plays.
fn load_scenario(hello: &Hello, vocabulary: &Vocabulary) -> Result<Scenario, ToParent> {
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
    let mut scenario = load(&hello.source, &file, &choices, vocabulary)
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

/// A pool's child: one job after the other, on this thread.
fn work(set: Prepared, frames: &Receiver<ToChild>, writer: &Writer, inbox: Inbox) {
    set_thread_role(ThreadRole::Process);
    let state = set.state;
    // Its own lane from the start, so that an idle child is seen too.
    let _ = state.recorder.thread();
    while let Ok(frame) = frames.recv() {
        match frame {
            ToChild::Hello(_) => {}
            ToChild::Begin { origin } => {
                state.recorder.start_at(origin);
                report(Arc::clone(&state), inbox.clone(), writer.clone());
            }
            ToChild::Work(order) => {
                let job = order.job;
                perform(&state, order);
                writer.write(&ToParent::Done { job });
            }
        }
    }
}

fn perform(state: &Arc<RunState>, order: ProcessJob) {
    let Some(work) = find(&state.scenario, order.step) else {
        return;
    };
    let _held = state.gil.as_deref().map(Gil::hold);
    let body = match work {
        Work::Inline(body) => Body::Inline(body.clone()),
        Work::Function(call) => Body::Function(call.function),
    };
    let steps = &state.scenario.story.steps;
    let inline = steps.get(order.step.index()).map(|step| step.function);
    let function = match &body {
        Body::Inline(_) => inline.unwrap_or_default(),
        Body::Function(function) => *function,
    };
    let frame = Frame::with(function, order.locals);
    job::here(state, order.job, |job| {
        let cx = Context::for_process_job(Arc::clone(state), job, &order.name, interpret::play);
        spawn_blocking::perform(&cx, &body, &frame)
    });
}

/// The work of a `process` step.
fn find(scenario: &Scenario, id: StepId) -> Option<&Work> {
    all_steps(&scenario.functions).find_map(|step| match &step.action {
        Action::Process { work, .. } if step.id == id => Some(work),
        _ => None,
    })
}
