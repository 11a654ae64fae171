//! The terminal: taken over and given back, painted, and read. Nothing else names crossterm.
//!
//! *In:* a [`Model`], keys, signals. *Out:* bytes, [`Message`]s. *Invariant:* the terminal is given
//! back once, whatever ends the program. *Absent on purpose:* `ratatui::init`, whose panic hook
//! tears the screen down when any thread panics; a scenario's tasks may panic on purpose.

mod background;
mod editor;
mod input;
mod panic;
mod rest;
mod signals;

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
};
use crossterm::{cursor, execute, queue};
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::driver::Surface;
use super::message::Message;
use super::model::Model;
use super::settings::{Settings, ThemeChoice};
use super::{theme, view};

/// Whether the terminal is ours at this moment.
static UP: AtomicBool = AtomicBool::new(false);
/// Whether another program has it meanwhile, and gives it back to us.
static LENT: AtomicBool = AtomicBool::new(false);

/// The real terminal. Dropping it gives the terminal back.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Gate>>>,
    input: input::Input,
    _signals: signals::Signals,
    _hook: panic::Hook,
    /// Whether the last frame left the cursor in sight.
    cursor: bool,
    /// A test wants a panic on this thread in the middle of a frame.
    panics: bool,
}

impl Screen {
    /// Takes the terminal over; keys, signals and panics arrive at `messages` from now on.
    ///
    /// # Errors
    /// Where the terminal refuses raw mode or cannot be written to.
    pub fn open(messages: &Sender<Message>) -> io::Result<Self> {
        // Colors are decided by our theme; crossterm's own reading of NO_COLOR would also reset
        // bold and reverse between cells.
        crossterm::style::force_color_output(true);
        let hook = panic::Hook::install(messages.clone());
        let signals = signals::Signals::listen(messages.clone())?;
        enter()?;
        let input = input::Input::listen(messages.clone());
        let wanted = panic::wanted();
        if wanted.as_deref() == Some("run") {
            let panics = || panic!("wanted by LOOPSCOPE_PANIC");
            std::thread::Builder::new()
                .name("pool-1".to_owned())
                .spawn(panics)?;
        }
        let backend = CrosstermBackend::new(BufWriter::with_capacity(64 * 1024, Gate));
        let terminal = Terminal::with_options(
            backend,
            TerminalOptions {
                viewport: Viewport::Fixed(area().unwrap_or(Rect::new(0, 0, 80, 24))),
            },
        )
        .inspect_err(|_| leave())?;
        Ok(Self {
            terminal,
            input,
            _signals: signals,
            _hook: hook,
            cursor: false,
            panics: wanted.as_deref() == Some("ui"),
        })
    }
}

impl Screen {
    /// Lets `draw` fill a frame of this size, and sends what has changed; the terminal's own cursor
    /// is shown at `cursor`.
    ///
    /// # Errors
    /// Where it cannot be written to.
    pub fn paint(
        &mut self,
        (columns, rows): (u16, u16),
        cursor: Option<Position>,
        draw: impl FnOnce(Rect, &mut Buffer),
    ) -> io::Result<()> {
        // The viewport is fixed and follows the size by hand: a full-screen one asks on each frame,
        // and where the size is 0x0 the answer is sought by starting another program.
        let area = Rect::new(0, 0, columns, rows);
        if self.terminal.get_frame().area() != area {
            self.terminal.resize(area)?;
        }
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        if self.cursor {
            // Shown again at its place: it shall not run along with the cells that are written.
            queue!(self.terminal.backend_mut(), cursor::Hide)?;
        }
        self.cursor = cursor.is_some();
        self.terminal.draw(|frame| {
            draw(frame.area(), frame.buffer_mut());
            if let Some(at) = cursor {
                frame.set_cursor_position(at);
            }
        })?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        io::Write::flush(self.terminal.backend_mut())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

impl Surface for Screen {
    fn size(&mut self) -> (u16, u16) {
        area()
            .or_else(|| Some(self.terminal.get_frame().area()))
            .map_or((0, 0), |area| (area.width, area.height))
    }

    fn draw(&mut self, model: &Model) -> io::Result<()> {
        let panics = self.panics && model.notice.is_some();
        self.paint(model.size, view::cursor(model), |area, buf| {
            view::draw(model, area, buf);
            if panics {
                panic!("wanted by LOOPSCOPE_PANIC");
            }
        })
    }

    fn repaint(&mut self) -> io::Result<()> {
        // The shell may have had the terminal in between: everything is set anew.
        leave();
        enter()?;
        // Not `clear`, which asks the terminal for the cursor and waits for the answer.
        let area = self.terminal.get_frame().area();
        self.terminal.resize(area)
    }

    fn suspend(&mut self) -> io::Result<()> {
        leave();
        signals::stop_this_process();
        self.repaint()
    }

    fn edit(&mut self, command: &[OsString]) -> io::Result<Result<(), String>> {
        self.input.rest().begin();
        LENT.store(true, Ordering::SeqCst);
        leave();
        let outcome = editor::run(command);
        LENT.store(false, Ordering::SeqCst);
        let painted = self.repaint();
        self.input.rest().end();
        painted.map(|()| outcome)
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        let copy = crossterm::clipboard::CopyToClipboard::to_clipboard_from(text);
        execute!(self.terminal.backend_mut(), copy)
    }
}

/// The terminal's size now; `None` where it has no answer.
fn area() -> Option<Rect> {
    let size = crossterm::terminal::window_size().ok()?;
    Some(Rect::new(0, 0, size.columns, size.rows))
}

/// Takes the terminal over; does nothing while it is ours.
fn enter() -> io::Result<()> {
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
fn leave() {
    if !UP.swap(false, Ordering::SeqCst) {
        return;
    }
    // A terminal that has gone away cannot be restored, and nobody can be told.
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
struct Gate;

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

/// The palette to draw with. Asks the terminal at most once, before the first frame.
pub fn palette(settings: &Settings) -> theme::Palette {
    if !settings.color {
        return theme::Palette::Mono;
    }
    match settings.theme {
        ThemeChoice::Mono => theme::Palette::Mono,
        ThemeChoice::Dark => theme::Palette::Dark,
        ThemeChoice::Light => theme::Palette::Light,
        ThemeChoice::Projector => theme::Palette::Projector,
        ThemeChoice::Auto if background::is_light() => theme::Palette::Light,
        ThemeChoice::Auto => theme::Palette::Dark,
    }
}
