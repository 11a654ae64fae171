//! Whether the terminal is ours: taken over and given back.

use std::io;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, execute};

/// Whether the terminal is ours at this moment.
pub(crate) static UP: AtomicBool = AtomicBool::new(false);

/// Whether another program has it meanwhile, and gives it back to us.
pub(crate) static LENT: AtomicBool = AtomicBool::new(false);

/// Takes the terminal over; does nothing while it is ours.
pub(crate) fn enter() -> io::Result<()> {
    if UP.swap(true, Ordering::SeqCst) {
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
    if !UP.swap(false, Ordering::SeqCst) {
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
pub(crate) struct Gate;

impl Write for Gate {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if UP.load(Ordering::SeqCst) {
            io::stdout().write(bytes)
        } else {
            Ok(bytes.len())
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if UP.load(Ordering::SeqCst) {
            io::stdout().flush()
        } else {
            Ok(())
        }
    }
}
