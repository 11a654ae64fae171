//! Child processes of this very program: a pool that works off jobs, or whole copies of the server.
//!
//! *In:* a scenario, and jobs. *Out:* news for the collector, and how each job ended.
//! *Invariant:* no child outlives its parent: a child ends itself at the end of its input, which
//! comes with the parent's death however it dies; an ended run kills what does not go.
//! *Absent on purpose:* what a job does, and the order of events.

mod child;
mod door;
mod ear;
mod fleet;
mod frame;
mod guest;
mod jobs;
mod step;
mod worker;

use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

pub use self::child::{COMMAND, use_program};
pub(super) use self::door::{Connection, accept};
pub(super) use self::fleet::drive;
pub use self::guest::serve;
pub(super) use self::step::perform;

use self::child::{Child, lock};
use self::frame::{Hello, Role, ToChild};
use self::jobs::{Desk, Ended, Job};
use super::{Options, StartError};
use crate::probe::{Inbox, News, Recorder};
use crate::scenario::{Action, Scenario, Step};
use crate::trace::{Flavor, JobId, Nanos, RuntimeShape, StepId};

/// How long all children together may take until they are ready.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a child that was told to go may take.
const GRACE: Duration = Duration::from_millis(30);
/// A copy of the server that has been silent for so long is not waited for at the run's end.
const SILENCE: Duration = Duration::from_millis(250);

/// The children of a run.
#[derive(Debug)]
pub(super) struct Children {
    recorder: Recorder,
    inbox: Inbox,
    hello: Hello,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    living: Vec<Living>,
    desk: Desk,
    /// The front door, until all copies of the server have it.
    door: Option<UnixListener>,
    ears: Vec<JoinHandle<()>>,
    started: u32,
    begun: Option<Duration>,
    closed: bool,
    failure: Option<String>,
}

#[derive(Debug)]
struct Living {
    child: Arc<Child>,
    ready: bool,
    /// How much of the story is not over there, as of `upto`.
    open: usize,
    upto: Nanos,
    heard: Instant,
}

impl Children {
    /// Starts the pool of child processes that a scenario with `process` steps needs.
    pub(super) fn pool(
        scenario: &Scenario,
        options: &Options,
        recorder: &Recorder,
        inbox: &Inbox,
    ) -> Result<Option<Arc<Self>>, StartError> {
        if !has_process_steps(scenario) {
            return Ok(None);
        }
        let many = match scenario.story.runtime.process_pool {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            many => many as usize,
        };
        let hello = hello(scenario, options, Role::Jobs);
        Self::start(hello, many, None, recorder, inbox).map(Some)
    }

    /// Starts the copies of a server that has several, and says where their door is.
    pub(super) fn servers(
        scenario: &Scenario,
        options: &Options,
        recorder: &Recorder,
        inbox: &Inbox,
    ) -> Result<(Arc<Self>, SocketAddr), StartError> {
        let (door, address) = door::open()?;
        let hello = hello(scenario, options, Role::Server);
        let many = scenario.story.runtime.processes as usize;
        let children = Self::start(hello, many, Some(door), recorder, inbox)?;
        // The last copy closes it, so that nobody knocks where nobody is.
        children.state().door = None;
        Ok((children, address))
    }

    /// Starts `many` children and waits until all are ready.
    fn start(
        hello: Hello,
        many: usize,
        door: Option<UnixListener>,
        recorder: &Recorder,
        inbox: &Inbox,
    ) -> Result<Arc<Self>, StartError> {
        let children = Arc::new(Self {
            recorder: recorder.clone(),
            inbox: inbox.clone(),
            hello,
            state: Mutex::new(State {
                door,
                ..State::default()
            }),
            changed: Condvar::new(),
        });
        let started = (0..many).try_for_each(|_| children.add());
        let outcome = match started {
            Ok(()) => children.wait_until_ready(many),
            Err(error) => Err(refusal(&error)),
        };
        if outcome.is_err() {
            children.close();
        }
        outcome.map(|()| children)
    }

    /// The run has begun: their clocks too.
    pub(super) fn begin(&self) {
        let Some(origin) = self.recorder.started_at() else {
            return;
        };
        let mut state = self.state();
        state.begun = Some(origin);
        for living in &state.living {
            // Whoever is gone is missed by its ear.
            let _ = living.child.tell(&ToChild::Begin { origin });
        }
    }

    /// Hands a job to the pool; `None` where there is no child any more.
    pub(super) fn submit(
        &self,
        job: JobId,
        step: StepId,
        name: String,
    ) -> Option<oneshot::Receiver<Ended>> {
        let mut state = self.state();
        if state.closed || state.living.is_empty() {
            return None;
        }
        let (done, end) = oneshot::channel();
        state.desk.add(Job {
            job,
            step,
            name,
            done,
        });
        state.dispatch();
        Some(end)
    }

    /// Takes a job out of the queue; false where it does not wait there (any more).
    pub(super) fn withdraw(&self, job: JobId) -> bool {
        self.state().desk.withdraw(job).is_some()
    }

    /// Kills the child that does the job.
    pub(super) fn kill(&self, job: JobId) {
        let mut state = self.state();
        if let Some(living) = state.desk.who(job).and_then(|id| state.find(id)) {
            living.child.kill();
        }
    }

    /// Whether nothing of the story is open in any of them, as of a moment after `since`.
    pub(super) fn quiet(&self, since: Nanos) -> bool {
        self.hello.role == Role::Jobs
            || self.state().living.iter().all(|living| {
                let over = living.open == 0 && living.upto > since;
                over || living.heard.elapsed() > SILENCE
            })
    }

    /// Ends all children: politely, and after a moment by force.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        for living in &state.living {
            living.child.let_go();
        }
        state = self.wait(state, GRACE, |state| state.living.is_empty());
        for living in &state.living {
            living.child.kill();
        }
        state = self.wait(state, PATIENCE, |state| state.living.is_empty());
        let ears = std::mem::take(&mut state.ears);
        let all = state.living.is_empty();
        drop(state);
        if all {
            for ear in ears {
                let _ = ear.join();
            }
        }
    }

    /// Starts one more child, and a thread that listens to it.
    fn add(self: &Arc<Self>) -> io::Result<()> {
        let id = self.recorder.new_process();
        let mut state = self.state();
        state.started += 1;
        let name = format!("process-{}", state.started);
        let door = state.door.as_ref().map(AsFd::as_fd);
        let (child, ear) = Child::start(id, name, &self.hello, door)?;
        let child = Arc::new(child);
        self.inbox.leave(
            &self.recorder,
            News::Started {
                process: id,
                pid: child.pid,
                name: child.name.clone(),
                works_for_us: self.hello.role == Role::Jobs,
                one_loop: self.hello.role == Role::Server
                    && self.hello.runtime.flavor == Flavor::CurrentThread,
            },
        );
        if let Some(origin) = state.begun {
            let _ = child.tell(&ToChild::Begin { origin });
        }
        state.living.push(Living {
            child: Arc::clone(&child),
            ready: false,
            open: 0,
            upto: Nanos::ZERO,
            heard: Instant::now(),
        });
        let own = Arc::clone(self);
        let listening = std::thread::Builder::new()
            .name("ear".to_owned())
            .spawn(move || ear::listen(&own, &child, ear));
        match listening {
            Ok(ear) => state.ears.push(ear),
            Err(error) => {
                if let Some(living) = state.living.pop() {
                    living.child.kill();
                    living.child.bury();
                }
                return Err(error);
            }
        }
        Ok(())
    }

    fn wait_until_ready(&self, many: usize) -> Result<(), StartError> {
        let ready = |state: &State| {
            let lost = state.living.len() < many || state.failure.is_some();
            lost || state.living.iter().all(|living| living.ready)
        };
        let state = self.wait(self.state(), PATIENCE, ready);
        if state.living.len() == many && state.living.iter().all(|living| living.ready) {
            return Ok(());
        }
        let reason = match &state.failure {
            Some(reason) => reason.clone(),
            None if state.living.len() < many => "it ended before it was ready".to_owned(),
            None => "it was not ready in time".to_owned(),
        };
        Err(StartError::Child {
            reason,
            cure: "run `loopscope doctor`, and see whether this program may start itself",
        })
    }

    fn wait<'a>(
        &self,
        state: MutexGuard<'a, State>,
        length: Duration,
        until: impl Fn(&State) -> bool,
    ) -> MutexGuard<'a, State> {
        let waited = self
            .changed
            .wait_timeout_while(state, length, |state| !until(state));
        match waited {
            Ok((state, _)) => state,
            Err(poisoned) => poisoned.into_inner().0,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

/// Why the system did not start a child, and what helps.
fn refusal(error: &io::Error) -> StartError {
    use rustix::io::Errno;

    let cure = match Errno::from_io_error(error) {
        Some(Errno::AGAIN) => "raise the limit on processes (`ulimit -u`), or ask for fewer",
        Some(Errno::MFILE | Errno::NFILE) => {
            "raise the limit on open files (`ulimit -n`), or ask for fewer"
        }
        Some(Errno::NOMEM) => "free some memory, or ask for fewer",
        _ => "see whether this program may start itself",
    };
    let text = error.to_string();
    let reason = text.split(" (os error").next().unwrap_or_default();
    StartError::Child {
        reason: reason.to_owned(),
        cure,
    }
}

fn hello(scenario: &Scenario, options: &Options, role: Role) -> Hello {
    let story = &scenario.story;
    Hello {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        role,
        source: story.source.clone(),
        id: story.id.clone(),
        number: story.number.clone(),
        knobs: story
            .knobs
            .iter()
            .map(|knob| (knob.name.clone(), knob.value))
            .collect(),
        runtime: RuntimeShape {
            processes: 1,
            ..story.runtime
        },
        speed: options.speed,
        seed: options.seed,
    }
}

fn has_process_steps(scenario: &Scenario) -> bool {
    fn any(body: &[Step]) -> bool {
        body.iter().any(|step| {
            matches!(step.action, Action::Process { .. })
                || step.action.bodies().into_iter().any(any)
        })
    }
    scenario
        .functions
        .iter()
        .any(|function| any(&function.body))
}
