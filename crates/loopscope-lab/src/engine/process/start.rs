//! Starting children, and what to say where that fails.

use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Instant;

use super::child::Child;
use super::frame::{Hello, Role, ToChild};
use super::{Children, Living, PATIENCE, State, door, ear};
use crate::engine::{Options, StartError};
use crate::scenario::{Action, Scenario};
use loopscope_probe::{Inbox, News, Recorder, set_thread_role};
use loopscope_trace::{Flavor, Nanos, RuntimeShape, ThreadRole};

impl Children {
    /// Starts the pool of child processes that a scenario with `process` steps needs.
    pub(in crate::engine) fn pool(
        scenario: &Scenario,
        options: &Options,
        recorder: &Recorder,
        inbox: &Inbox,
    ) -> Result<Option<Arc<Self>>, StartError> {
        if !scenario.has_step(|action| matches!(action, Action::Process { .. })) {
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
    pub(in crate::engine) fn servers(
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

    /// Starts one more child, and a thread that listens to it.
    pub(super) fn add(self: &Arc<Self>) -> io::Result<()> {
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
            .spawn(move || {
                set_thread_role(ThreadRole::Client);
                ear::listen(&own, &child, ear);
            });
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
        let mut state = self.wait(self.state(), PATIENCE, ready);
        if let Some(failure) = state.failure.take() {
            return Err(failure);
        }
        if state.living.len() < many {
            return Err(failure("it ended before it was ready".to_owned()));
        }
        if state.living.iter().all(|living| living.ready) {
            return Ok(());
        }
        Err(failure("it was not ready in time".to_owned()))
    }
}

/// Why a child that the system did start cannot be used.
pub(super) const fn failure(reason: String) -> StartError {
    StartError::Child {
        reason,
        cure: "run `loopscope doctor`, and see whether this program may start itself",
    }
}

/// Why the system did not start a child, and what helps.
pub(super) fn refusal(error: &io::Error) -> StartError {
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
