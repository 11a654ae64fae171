//! A watch while it goes on: looks, until the program has ended or is left.

use std::sync::mpsc::Sender;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use loopscope_trace::{Batch, EndReason};
use rustix::process::{Pid, Signal, kill_process};

use crate::listen::{Listener, now};
use crate::start::folder::PrivateFolder;
use crate::start::options::{Join, Options};
use crate::start::program::{Exit, Program};

/// Between two looks where something happens, and where nothing does.
const PACE: Duration = Duration::from_millis(10);
const REST: Duration = Duration::from_millis(20);
/// The same where a program is looked at from outside, which says nothing by itself.
const OUTSIDE: Duration = Duration::from_millis(5);
/// How long after an interrupt a program is asked again to end, and after that ended.
const ASKED: Duration = Duration::from_secs(3);
pub(crate) const ENDED: Duration = Duration::from_secs(6);
/// What the watch and its thread share.
pub(crate) struct Shared {
    pub(crate) program: Program,
    /// Since when it is asked to end, and how long it has.
    pub(crate) stopping: Option<(Instant, Duration)>,
    pub(crate) asked_again: bool,
    pub(crate) pids: Vec<u32>,
    pub(crate) heard: bool,
    /// What there is to say about what was found, and whether there was anything.
    pub(crate) notes: Vec<String>,
    pub(crate) noted: bool,
    pub(crate) exit: Option<Exit>,
}

pub(crate) fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Looks until the program has ended. Its folder is removed at the end.
pub(crate) fn listen(
    mut listener: Listener,
    shared: &Mutex<Shared>,
    batches: &Sender<Batch>,
    (folder, options): (PrivateFolder, Options),
) {
    let pid = lock(shared).program.pid();
    match options.join {
        // That it may be looked into was seen; where it has ended since, its end is told.
        Some(Join::Process(pid)) => drop(listener.join_native(pid, now())),
        Some(Join::Address(_)) => {}
        None => listener.look_below(pid),
    }
    let start = Instant::now();
    loop {
        let began = Instant::now();
        if options
            .length
            .is_some_and(|length| start.elapsed() >= length)
        {
            let mut shared = lock(shared);
            if shared.stopping.is_none() {
                shared.stopping = Some((began, ENDED));
                shared.program.signal(Signal::INT);
            }
        }
        let exit = press(&mut lock(shared), &listener.running());
        let status = exit.map(|exit| (pid, status(exit)));
        let moment = now();
        let batch = match status {
            None => listener.look(moment, None),
            Some(_) => {
                // What its last processes wrote may take a look to be seen as whole.
                let batch = listener.look(moment, status);
                let _ = batches.send(batch);
                let reason = if lock(shared).stopping.is_some() {
                    EndReason::Stopped
                } else {
                    EndReason::Finished
                };
                listener.finish(now(), status, reason)
            }
        };
        {
            let mut shared = lock(shared);
            shared.pids = listener.running();
            shared.heard = listener.found_any();
            let notes = listener.notes();
            shared.noted |= !notes.is_empty();
            shared.notes.extend(notes);
        }
        // One who hears nothing any more still wants the program ended: its drop does that.
        let pace = match batch.events.is_empty() {
            _ if listener.is_busy() => OUTSIDE,
            true => REST,
            false => PACE,
        };
        let _ = batches.send(batch);
        if exit.is_some() {
            drop(folder);
            lock(shared).exit = exit;
            return;
        }
        thread::sleep(pace.saturating_sub(began.elapsed()));
    }
}

/// How the program ended, if it has. One that is asked to end and does not is asked again, and then ended with all that
/// it started.
fn press(shared: &mut Shared, running: &[u32]) -> Option<Exit> {
    let exit = shared.program.ended();
    if let (None, Some((since, patience))) = (exit, shared.stopping) {
        if since.elapsed() > patience {
            shared.program.signal(Signal::KILL);
            for pid in running
                .iter()
                .filter_map(|&pid| Pid::from_raw(i32::try_from(pid).ok()?))
            {
                let _ = kill_process(pid, Signal::KILL);
            }
        } else if since.elapsed() > ASKED.min(patience / 2) && !shared.asked_again {
            shared.asked_again = true;
            shared.program.signal(Signal::TERM);
        }
    }
    exit
}

/// An exit code, or, below zero, a signal.
const fn status(exit: Exit) -> i32 {
    match exit {
        Exit::Code(code) => code,
        Exit::Signal(signal) => -signal,
    }
}
