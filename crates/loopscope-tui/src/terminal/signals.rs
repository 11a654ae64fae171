//! Signals and panics: those that end the program become messages, so that the terminal is given back first.

use std::io;
use std::panic::PanicHookInfo;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;

use signal_hook::consts::signal::{
    SIGABRT, SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGSYS, SIGTERM, SIGTRAP, SIGTSTP,
    SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU, SIGXFSZ,
};
use signal_hook::iterator::{Handle, Signals as Caught};

use crate::events::ScreenEvent;
use crate::terminal::state::{IS_LENT, IS_OURS, ask_to_stop, end, leave};

/// Whose default is the end of the process. SIGPIPE is ignored already, and faults of the program's own
/// cannot be caught.
const ENDS: &[i32] = &[
    SIGABRT, SIGALRM, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGSYS, SIGTERM, SIGTRAP, SIGUSR1, SIGUSR2,
    SIGVTALRM, SIGXCPU, SIGXFSZ,
];

/// The same, which only Linux has: SIGSTKFLT, SIGIO, SIGPWR, and the numbered ones.
fn linux_only() -> Vec<i32> {
    if !cfg!(target_os = "linux") {
        return Vec::new();
    }
    // Some of the first are the C library's own.
    let first = if cfg!(target_env = "musl") { 35 } else { 34 };
    [16, 29, 30].into_iter().chain(first..=64).collect()
}

/// Whether the one who started this process wants a signal to do nothing: SIGHUP by `nohup`, SIGXFSZ so that a
/// limit of files is an error of the write. Where the system does not tell, none is.
pub fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

/// Whether it is caught. A script ignores SIGINT and SIGQUIT for whatever it puts into the background: that
/// says nothing about a program with a terminal.
fn is_caught(signal: i32) -> bool {
    matches!(signal, SIGINT | SIGQUIT) || !is_ignored(signal)
}

/// Listens until it is dropped.
#[derive(Debug)]
pub(crate) struct Signals {
    handle: Handle,
}

impl Signals {
    /// Starts the thread that waits for signals.
    pub(crate) fn listen(messages: Sender<ScreenEvent>) -> io::Result<Self> {
        let ends = ENDS.iter().filter(|&&signal| is_caught(signal));
        let mut caught = Caught::new(ends.chain(&[SIGTSTP, SIGCONT]))?;
        let handle = caught.handle();
        for signal in linux_only().into_iter().filter(|&signal| is_caught(signal)) {
            // Not every machine has each of them.
            let _ = handle.add_signal(signal);
        }
        std::thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                let mut asked = false;
                for signal in caught.forever() {
                    let message = match signal {
                        // The editor has been stopped or continued, and we with it.
                        SIGCONT if IS_LENT.load(Ordering::SeqCst) => continue,
                        SIGTSTP if ask_to_stop() => continue,
                        SIGCONT => ScreenEvent::Resumed,
                        SIGTSTP => ScreenEvent::Suspend,
                        _ if asked => {
                            // The screen did not answer, perhaps because nothing reads what it
                            // writes: end as if the signal had never been caught.
                            leave();
                            end_at_once(signal);
                            return;
                        }
                        ends => {
                            asked = true;
                            ScreenEvent::Signal(ends)
                        }
                    };
                    let ends = matches!(message, ScreenEvent::Signal(_));
                    if messages.send(message).is_err() {
                        return;
                    }
                    if ends {
                        end(signal);
                    }
                }
            })?;
        Ok(Self { handle })
    }
}

/// Ends the process as the signal would have.
fn end_at_once(signal: i32) {
    let _ = signal_hook::low_level::emulate_default_handler(signal);
    // It knows some and not all.
    signal_hook::low_level::exit(128 + signal);
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.handle.close();
    }
}

type Previous = Arc<dyn Fn(&PanicHookInfo<'_>) + Send + Sync + 'static>;

/// Our hook; dropping it puts the former one back.
pub(crate) struct PanicHook {
    previous: Previous,
}

impl PanicHook {
    /// Installs the hook for a screen that is drawn by the calling thread.
    pub(crate) fn install(messages: Sender<ScreenEvent>) -> Self {
        let previous: Previous = Arc::from(std::panic::take_hook());
        let screen = std::thread::current().id();
        let former = Arc::clone(&previous);
        std::panic::set_hook(Box::new(move |info| {
            let ours = IS_OURS.load(Ordering::SeqCst) || IS_LENT.load(Ordering::SeqCst);
            if std::thread::current().id() == screen || !ours {
                leave();
                former(info);
            } else {
                // A scenario's tasks may panic on purpose. The default hook would write across the
                // frame; the screen says it instead.
                let _ = messages.send(ScreenEvent::Panicked(sentence(info)));
            }
        }));
        Self { previous }
    }
}

impl Drop for PanicHook {
    fn drop(&mut self) {
        // The hook cannot be changed by a thread that panics, and the process ends then anyway.
        if !std::thread::panicking() {
            let previous = Arc::clone(&self.previous);
            std::panic::set_hook(Box::new(move |info| previous(info)));
        }
    }
}

fn sentence(info: &PanicHookInfo<'_>) -> String {
    let what = info
        .payload_as_str()
        .and_then(|text| text.lines().next())
        .unwrap_or("no message");
    let thread = std::thread::current();
    format!("{} panicked: {what}", thread.name().unwrap_or("a thread"))
}

/// Panics that the tests of this file ask for, by `LOOPSCOPE_PANIC`. No release build has them.
#[cfg(debug_assertions)]
pub(crate) mod asked_for {
    const WHY: &str = "wanted by LOOPSCOPE_PANIC";

    fn by(word: &str) -> bool {
        std::env::var("LOOPSCOPE_PANIC").is_ok_and(|wanted| wanted == word)
    }

    /// `ui`: on the thread that draws, in the middle of a frame.
    pub(crate) fn here() {
        assert!(!by("ui"), "{WHY}");
    }

    /// `run`: on another thread.
    pub(crate) fn elsewhere() {
        if by("run") {
            let thread = std::thread::Builder::new().name("pool-1".to_owned());
            drop(thread.spawn(|| panic!("{WHY}")));
        }
    }
}
