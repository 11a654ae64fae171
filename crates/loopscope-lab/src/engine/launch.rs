//! The run's own threads: its loops, the clients, and the supervisor.

use std::io;
use std::os::unix::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::agenda::Agenda;
use super::client::{self, Command, Ways};
use super::runtime::{self, Counters, Drive};
use super::setup::Set;
use super::signal::Signal;
use super::stage::Stage;
use super::supervise::Supervisor;
use super::{Extras, Run, StartError, process};
use loopscope_probe::{Collector, Inbox};
use loopscope_trace::{Flavor, ThreadRole};

/// Starts the run's own threads: the loops, the clients, and the supervisor.
pub(super) fn launch(
    set: Set,
    door: Option<SocketAddr>,
    extras: Extras,
    inbox: Inbox,
) -> Result<Run, StartError> {
    let (clients, commands) = mpsc::channel();
    let launched = threads(set, door, extras, inbox, (&clients, commands));
    if launched.is_err() {
        // Where a thread is missing, those that are there must not wait for it.
        let _ = clients.send(Command::End);
    }
    launched
}

fn threads(
    set: Set,
    door: Option<SocketAddr>,
    extras: Extras,
    inbox: Inbox,
    (clients, commands): (&Sender<Command>, Receiver<Command>),
) -> Result<Run, StartError> {
    let Set {
        stage,
        runtime,
        further,
    } = set;
    stage.tell_its_end();
    let (requests, backlog) = tokio::sync::mpsc::unbounded_channel();
    let (halt_loop, halted) = oneshot::channel();
    let drive = Drive {
        stage: Arc::clone(&stage),
        backlog,
        clients: clients.clone(),
        halted,
        open: stage.open.begin(),
    };
    let further = further.drive(&stage)?;
    let ways = Ways {
        commands,
        tell: clients.clone(),
        backlog: requests,
    };
    let client_thread = play_clients(&stage, ways)?;
    let loop_thread = drive_loop(runtime, drive, door)?;
    let (sender, batches) = mpsc::channel();
    let asked = Arc::new(Signal::default());
    let summary = Arc::default();
    let over = Arc::new(AtomicBool::new(false));
    let supervisor = Supervisor {
        collector: Collector::joining(stage.recorder.clone(), inbox),
        children: stage.children.clone(),
        batches: sender,
        asked: Arc::clone(&asked),
        halt: Arc::clone(&stage.halt),
        stage: stage.world.is_some().then(|| Arc::clone(&stage)),
        halt_loop,
        open: stage.open.clone(),
        limit: stage.scenario.story.limit,
        clients: clients.clone(),
        client_thread,
        loop_thread,
        further,
        stopped: Arc::clone(&stage.stopping.over),
        summary: Arc::clone(&summary),
        over: Arc::clone(&over),
        hold: extras.hold,
        sampler: extras.metrics.then(|| stage.sampler()),
    };
    let run = Run {
        batches,
        clients: clients.clone(),
        asked,
        open: stage.open.clone(),
        first: stage.first_planned(),
        summary,
        over,
    };
    supervise(supervisor)?;
    Ok(run)
}

fn supervise(supervisor: Supervisor) -> io::Result<()> {
    let room = room_for_a_job()?;
    thread::Builder::new()
        .name("collector".to_owned())
        .spawn(move || supervisor.run())?;
    drop(room);
    Ok(())
}

/// A thread that is there until the sender is dropped. A pool that gets not even one thread would
/// never do a job, and the run never end: better not to begin.
fn room_for_a_job() -> io::Result<Sender<()>> {
    let (sender, dropped) = mpsc::channel::<()>();
    thread::Builder::new().spawn(move || dropped.recv())?;
    Ok(sender)
}

fn play_clients(stage: &Arc<Stage>, ways: Ways) -> io::Result<JoinHandle<()>> {
    let agenda = Agenda::new(stage);
    let own = Arc::clone(stage);
    thread::Builder::new()
        .name("clients".to_owned())
        .spawn(move || {
            runtime::enter_run_thread(ThreadRole::Client);
            client::play(&own, agenda, &ways);
        })
}

fn drive_loop(
    runtime: Runtime,
    drive: Drive,
    door: Option<SocketAddr>,
) -> io::Result<JoinHandle<Counters>> {
    // Several workers poll on threads of their own; then this one only waits for the end.
    let name = match drive.stage.scenario.story.runtime.flavor {
        Flavor::CurrentThread => "loop",
        Flavor::MultiThread => "root",
    };
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || match door {
            Some(door) => process::drive(runtime, drive, door),
            None => runtime::drive(runtime, drive),
        })
}
