//! Whether the terminal is ours; signals and panics, after which it is given back.

use std::io;
use std::io::Write;
use std::panic::PanicHookInfo;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::Duration;

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, execute};
use signal_hook::consts::signal::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::{Handle, Signals as Caught};

use crate::events::ScreenEvent;

/// Whether the terminal is ours at this moment.
pub(crate) static IS_OURS: AtomicBool = AtomicBool::new(false);

/// Whether another program has it meanwhile, and gives it back to us.
pub(crate) static IS_LENT: AtomicBool = AtomicBool::new(false);

/// Takes the terminal over; does nothing while it is ours.
pub(crate) fn enter() -> io::Result<()> {
    if IS_OURS.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    let taken = crossterm::terminal::enable_raw_mode().and_then(|()| {
        execute!(
            io::stdout(),
            EnterAlternateScreen,
            EnableMouseCapture,
            EnableBracketedPaste,
            // Beside our own signs a line is enough, and nothing shall blink.
            cursor::SetCursorStyle::SteadyUnderScore,
            cursor::Hide
        )
    });
    taken.inspect_err(|_| leave())
}

/// Gives the terminal back; does nothing unless it is ours, so that a panic's text is not painted
/// over by a second restoring.
pub(crate) fn leave() {
    if !IS_OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    // A terminal that has gone away cannot be restored, and there is no place to say so.
    let _ = execute!(
        io::stdout(),
        EndSynchronizedUpdate,
        DisableBracketedPaste,
        DisableMouseCapture,
        cursor::SetCursorStyle::DefaultUserShape,
        cursor::Show,
        LeaveAlternateScreen
    );
    let _ = crossterm::terminal::disable_raw_mode();
}

/// Standard output while the terminal is ours, nothing otherwise: what a frame's buffer still holds
/// when the screen is left in the middle of it must not land on the shell's screen.
#[derive(Debug)]
pub(crate) struct TerminalWriter;

impl Write for TerminalWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if IS_OURS.load(Ordering::SeqCst) {
            io::stdout().write(bytes)
        } else {
            Ok(bytes.len())
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if IS_OURS.load(Ordering::SeqCst) {
            io::stdout().flush()
        } else {
            Ok(())
        }
    }
}

/// Listens until it is dropped.
#[derive(Debug)]
pub(crate) struct Signals {
    handle: Handle,
}

impl Signals {
    /// Starts the thread that waits for signals.
    pub(crate) fn listen(messages: Sender<ScreenEvent>) -> io::Result<Self> {
        let mut caught = Caught::new([SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT])?;
        let handle = caught.handle();
        std::thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                let mut asked = false;
                for signal in caught.forever() {
                    let lent = IS_LENT.load(Ordering::SeqCst);
                    let message = match signal {
                        // Keys of an editor mean the editor. Its Ctrl-Z stops us too, or no shell
                        // would notice.
                        SIGINT | SIGQUIT | SIGCONT if lent => continue,
                        SIGTSTP if lent => {
                            stop_this_process();
                            continue;
                        }
                        SIGCONT => ScreenEvent::Resumed,
                        SIGTSTP => ScreenEvent::Suspend,
                        _ if asked => {
                            // The screen did not answer, perhaps because nothing reads what it
                            // writes: end as if the signal had never been caught.
                            leave();
                            let _ = signal_hook::low_level::emulate_default_handler(signal);
                            return;
                        }
                        ends => {
                            asked = true;
                            ScreenEvent::Signal(ends)
                        }
                    };
                    if messages.send(message).is_err() {
                        return;
                    }
                }
            })?;
        Ok(Self { handle })
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.handle.close();
    }
}

/// Stops the process until it is continued. SIGSTOP, because a SIGTSTP that a process sends
/// itself is dropped where no shell watches its group.
pub(crate) fn stop_this_process() {
    let process = rustix::process::getpid();
    if rustix::process::kill_process(process, rustix::process::Signal::STOP).is_ok() {
        // The signal may reach another thread of the process first.
        std::thread::sleep(Duration::from_millis(5));
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
