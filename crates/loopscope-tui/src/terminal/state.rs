//! Whether the terminal is ours, or another program's: an editor is a job of its own, which gets the keys, stops and ends by itself, and is ended with us.

use std::ffi::OsString;
use std::io;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::Duration;

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, execute};
use nix::sys::signal::{SigSet, Signal as Blocked};
use rustix::process::{
    Pid, Signal, WaitOptions, WaitStatus, getpgrp, kill_process_group, test_kill_process_group,
    waitpid,
};
use rustix::termios::{
    OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr, tcsetpgrp,
};

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
    reset();
    let _ = crossterm::terminal::disable_raw_mode();
}

/// Switches off what a program on the whole screen switches on.
pub(crate) fn reset() {
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

/// The process group that has the terminal; 0 while none has it.
static GROUP: AtomicI32 = AtomicI32::new(0);

/// Whether a signal has asked us to end.
static ENDING: AtomicBool = AtomicBool::new(false);

/// How often one looks whether a group has ended, and how many times before it is killed.
const GLANCE: (Duration, u32) = (Duration::from_millis(10), 100);

/// Whether a signal has asked us to end.
pub(crate) fn is_ending() -> bool {
    ENDING.load(Ordering::SeqCst)
}

/// Notes that a signal wants us to end, and lets it end the program that has the terminal as well.
pub(crate) fn end(signal: i32) {
    ENDING.store(true, Ordering::SeqCst);
    if let Some(group) = group() {
        pass_on(
            group,
            Signal::from_named_raw(signal).unwrap_or(Signal::TERM),
        );
        finish(group);
    }
}

/// Asks the program that has the terminal to stop; `false` where none has it.
pub(crate) fn ask_to_stop() -> bool {
    let group = group();
    group.map(|group| kill_process_group(group, Signal::TSTP));
    group.is_some()
}

/// Stops the process and all others of its group until they are continued. SIGSTOP, because
/// a SIGTSTP that a process sends itself is dropped where no shell watches its group.
pub(crate) fn stop() {
    if kill_process_group(getpgrp(), Signal::STOP).is_ok() {
        // The signal may reach another thread of the process first.
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Starts the program with the terminal that we have just given back, and waits for its end.
///
/// # Errors
/// One sentence, where it could not be started or says itself that it failed.
pub(crate) fn lend(command: &[OsString]) -> Result<(), String> {
    let Some((program, words)) = command.split_first() else {
        return Err("no editor is named: set EDITOR".to_owned());
    };
    let name = program.to_string_lossy();
    let modes = tcgetattr(io::stdin()).ok();
    IS_LENT.store(true, Ordering::SeqCst);
    let child = Command::new(program).args(words).process_group(0).spawn();
    let status = child.map(|child| wait(Pid::from_child(&child), modes.as_ref()));
    // What was typed for an editor that is gone is nothing that we were told.
    let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    IS_LENT.store(false, Ordering::SeqCst);
    let status = status.map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::NotFound => "there is no such program",
            io::ErrorKind::PermissionDenied => "it is no program that may be run",
            _ => "the system refuses",
        };
        format!("{name} cannot be started: {why}; set EDITOR to another one")
    })?;
    let Some(status) = status else {
        return Ok(());
    };
    match (status.exit_status(), status.terminating_signal()) {
        (Some(0), _) => Ok(()),
        (Some(code), _) => Err(format!(
            "{name} failed with exit code {code}; the scenario goes on with what is in its file"
        )),
        (None, signal) => Err(format!(
            "{name} was ended by signal {}; the scenario goes on with what is in its file",
            signal.unwrap_or_default()
        )),
    }
}

/// Lends the terminal to the program until it has ended; then the terminal is ours, in `modes`. `None`
/// where the system does not tell how it ended.
fn wait(program: Pid, modes: Option<&Termios>) -> Option<WaitStatus> {
    GROUP.store(program.as_raw_nonzero().get(), Ordering::SeqCst);
    give(program);
    if is_ending() {
        // The signal came before there was a group to pass it on to.
        pass_on(program, Signal::TERM);
    }
    let status = loop {
        let waited = rustix::io::retry_on_intr(|| waitpid(Some(program), WaitOptions::UNTRACED));
        match waited {
            Ok(Some((_, status))) if status.stopped() => let_stop(program, modes),
            Ok(Some((_, status))) => break Some(status),
            Ok(None) => {}
            Err(_) => break None,
        }
    };
    if is_ending() {
        finish(program);
    }
    GROUP.store(0, Ordering::SeqCst);
    take_back(modes);
    if status.is_none_or(|status| status.signaled()) {
        // It could not put things back itself.
        reset();
    }
    status
}

/// It was stopped, as by Ctrl-Z: we stop too, so that the shell notices, and go on together.
fn let_stop(program: Pid, modes: Option<&Termios>) {
    let its = tcgetattr(io::stdin()).ok();
    take_back(modes);
    stop();
    if let Some(its) = &its {
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, its);
    }
    give(program);
}

/// From now on keys go to this group. It may have been stopped for reading before.
fn give(group: Pid) {
    let _ = tcsetpgrp(io::stdin(), group);
    let _ = kill_process_group(group, Signal::CONT);
}

/// From now on keys come to us.
fn take_back(modes: Option<&Termios>) {
    // Whoever changes a terminal from the background is stopped by SIGTTOU, unless it is blocked.
    let output = SigSet::from(Blocked::SIGTTOU);
    let blocked = output.thread_block();
    let _ = tcsetpgrp(io::stdin(), getpgrp());
    if let Some(modes) = modes {
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, modes);
    }
    if blocked.is_ok() {
        let _ = output.thread_unblock();
    }
}

fn group() -> Option<Pid> {
    Pid::from_raw(GROUP.load(Ordering::SeqCst))
}

fn pass_on(group: Pid, signal: Signal) {
    let _ = kill_process_group(group, signal);
    // What is stopped would not notice.
    let _ = kill_process_group(group, Signal::CONT);
}

/// Waits until a group that was asked to end has ended; one that does not is killed.
fn finish(group: Pid) {
    let (glance, most) = GLANCE;
    for _ in 0..most {
        if test_kill_process_group(group).is_err() {
            return;
        }
        std::thread::sleep(glance);
    }
    let _ = kill_process_group(group, Signal::KILL);
}
