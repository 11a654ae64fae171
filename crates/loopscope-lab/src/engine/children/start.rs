//! Starts child processes, and waits until all are ready.

use std::os::fd::AsFd;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;
use std::{fs, io};

use loopscope_probe::{Inbox, Recorder, Report, set_thread_role};
use loopscope_trace::{Flavor, Nanos, RuntimeShape, Story, ThreadRole};
use parking_lot::{Condvar, Mutex};

use crate::engine::children::child::{Child, Hello, Role, ToChild};
use crate::engine::children::pool::{ChildState, Children, READY_TIMEOUT, State};
use crate::engine::children::reader;
use crate::engine::children::reader::{failure, refusal};
use crate::engine::options::{Options, Program, StartError};
use crate::scenario::model::scenario::Scenario;
use crate::scenario::model::step::Action;

/// Binds a listener whose address stands in no folder, and ends with it.
#[cfg(target_os = "linux")]
fn bind() -> io::Result<(UnixListener, SocketAddr)> {
    use std::os::linux::net::SocketAddrExt;

    static LISTENERS: AtomicU32 = AtomicU32::new(0);
    let nth = LISTENERS.fetch_add(1, Ordering::Relaxed);
    let name = format!("loopscope-{}-{nth}", std::process::id());
    let address = SocketAddr::from_abstract_name(name)?;
    Ok((UnixListener::bind_addr(&address)?, address))
}

/// Opens a listener in the folder for temporary files. The file outlives it, and is empty.
#[cfg(not(target_os = "linux"))]
fn bind() -> io::Result<(UnixListener, SocketAddr)> {
    static LISTENERS: AtomicU32 = AtomicU32::new(0);
    let nth = LISTENERS.fetch_add(1, Ordering::Relaxed);
    let name = format!("loopscope-{}-{nth}.sock", std::process::id());
    let path = std::env::temp_dir().join(name);
    let _ = std::fs::remove_file(&path);
    let address = SocketAddr::from_pathname(&path)?;
    Ok((UnixListener::bind_addr(&address)?, address))
}

impl Children {
    /// Starts the pool of child processes that a scenario with `process` steps needs.
    pub(crate) fn pool(
        scenario: &Scenario,
        (options, program): (&Options, Option<&Program>),
        recorder: &Recorder,
        inbox: &Inbox,
    ) -> Result<Option<Arc<Self>>, StartError> {
        if !scenario.has_step(|action| matches!(action, Action::Process { .. })) {
            return Ok(None);
        }
        let count = match scenario.story.runtime.process_pool {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            count => count as usize,
        };
        let hello = hello(scenario, options, Role::Jobs);
        Self::start(program, hello, count, None, recorder, inbox).map(Some)
    }

    /// Starts the copies of a server that has several, and says where they listen.
    pub(crate) fn servers(
        scenario: &Scenario,
        (options, program): (&Options, Option<&Program>),
        recorder: &Recorder,
        inbox: &Inbox,
    ) -> Result<(Arc<Self>, SocketAddr), StartError> {
        let (listener, address) = bind()?;
        let mut hello = hello(scenario, options, Role::Server);
        hello.store = stored(&scenario.story).map_err(|error| refusal(&error))?;
        let count = scenario.story.runtime.processes as usize;
        let children = Self::start(program, hello, count, Some(listener), recorder, inbox)?;
        // The last copy closes it, so that no client connects where no server is.
        children.state.lock().listener = None;
        Ok((children, address))
    }

    /// Starts `count` children and waits until all are ready.
    fn start(
        program: Option<&Program>,
        hello: Hello,
        count: usize,
        listener: Option<UnixListener>,
        recorder: &Recorder,
        inbox: &Inbox,
    ) -> Result<Arc<Self>, StartError> {
        let program = program.ok_or_else(|| failure("no program is given for it".to_owned()))?;
        let children = Arc::new(Self {
            program: program.clone(),
            recorder: recorder.clone(),
            inbox: inbox.clone(),
            hello,
            state: Mutex::new(State {
                listener,
                ..State::default()
            }),
            changed: Condvar::new(),
        });
        let started = (0..count).try_for_each(|_| children.add());
        let outcome = match started {
            Ok(()) => children.wait_until_ready(count),
            Err(error) => Err(refusal(&error)),
        };
        if outcome.is_err() {
            children.close();
        }
        outcome.map(|()| children)
    }

    /// Starts one more child, and a thread that reads from it.
    pub(crate) fn add(self: &Arc<Self>) -> io::Result<()> {
        let id = self.recorder.new_process();
        let mut state = self.state.lock();
        state.started += 1;
        let name = format!("process-{}", state.started);
        let listener = state.listener.as_ref().map(AsFd::as_fd);
        let (child, reader) = Child::start(&self.program, id, name, &self.hello, listener)?;
        let child = Arc::new(child);
        self.report_start(&child);
        if let Some(origin) = state.begun {
            let _ = child.send(&ToChild::Begin { origin });
        }
        state.alive.push(ChildState {
            child: Arc::clone(&child),
            ready: false,
            open: 0,
            upto: Nanos::ZERO,
            last_frame: Instant::now(),
        });
        let own = Arc::clone(self);
        let listening = std::thread::Builder::new()
            .name("reader".to_owned())
            .spawn(move || {
                set_thread_role(ThreadRole::Client);
                reader::read_all(&own, &child, reader);
            });
        match listening {
            Ok(reader) => state.readers.push(reader),
            Err(error) => {
                if let Some(alive) = state.alive.pop() {
                    alive.child.kill();
                    alive.child.wait();
                }
                return Err(error);
            }
        }
        Ok(())
    }

    fn report_start(&self, child: &Child) {
        let Hello { role, runtime, .. } = &self.hello;
        let started = Report::Started {
            process: child.id,
            pid: child.pid,
            name: child.name.clone(),
            works_for_us: *role == Role::Jobs,
            one_loop: *role == Role::Server && runtime.flavor == Flavor::CurrentThread,
        };
        self.inbox.send(&self.recorder, started);
    }

    fn wait_until_ready(&self, count: usize) -> Result<(), StartError> {
        let ready = |state: &State| {
            let lost = state.alive.len() < count || state.failure.is_some();
            lost || state.alive.iter().all(|alive| alive.ready)
        };
        let mut state = self.state.lock();
        self.wait(&mut state, READY_TIMEOUT, ready);
        if let Some(failure) = state.failure.take() {
            return Err(failure);
        }
        if state.alive.len() < count {
            return Err(failure("it ended before it was ready".to_owned()));
        }
        if state.alive.iter().all(|alive| alive.ready) {
            return Ok(());
        }
        Err(failure("it was not ready in time".to_owned()))
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
        store: None,
    }
}

/// The folder of the variables that lie in files, as they are before the run; none where none does.
fn stored(story: &Story) -> io::Result<Option<PathBuf>> {
    static FOLDERS: AtomicU32 = AtomicU32::new(0);
    let mut files = story.variables.iter().filter(|own| own.file).peekable();
    if files.peek().is_none() {
        return Ok(None);
    }
    let nth = FOLDERS.fetch_add(1, Ordering::Relaxed);
    let name = format!("loopscope-{}-{nth}.files", std::process::id());
    let folder = std::env::temp_dir().join(name);
    fs::create_dir_all(&folder)?;
    for own in files {
        fs::write(folder.join(&own.name), &own.initial)?;
    }
    Ok(Some(folder))
}

impl Drop for Children {
    fn drop(&mut self) {
        if let Some(folder) = &self.hello.store {
            // It is the system's directory for what is left behind.
            let _ = fs::remove_dir_all(folder);
        }
    }
}
