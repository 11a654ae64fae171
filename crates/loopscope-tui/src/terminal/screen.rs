//! What the screen is drawn on, and the real terminal as that: frames go out, in a palette that suits its background; an editor may have it in between.

use std::ffi::OsString;
use std::io;
use std::io::BufWriter;
use std::sync::mpsc::Sender;
use std::time::Duration;

use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use crossterm::{cursor, execute, queue};
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::{Terminal, TerminalOptions, Viewport};
use terminal_colorsaurus::{QueryOptions, ThemeMode, theme_mode};

use crate::events::ScreenEvent;
use crate::model::model::Model;
use crate::screens::view;
use crate::settings::settings::Settings;
use crate::terminal::state::{TerminalWriter, enter, leave};
use crate::terminal::{input, signals, state};
use crate::text::theme::{Palette, Theme};

/// What the screen is drawn on.
pub trait Surface {
    /// Columns and rows now.
    fn size(&mut self) -> (u16, u16);
    /// Draws a frame.
    ///
    /// # Errors
    /// Where it cannot be written to.
    fn draw(&mut self, model: &Model) -> io::Result<()>;
    /// Sets everything anew; the next frame paints every cell.
    ///
    /// # Errors
    /// Where it cannot be written to.
    fn repaint(&mut self) -> io::Result<()>;
    /// Stops the process and sets everything anew when it goes on.
    ///
    /// # Errors
    /// Where it cannot be written to.
    fn suspend(&mut self) -> io::Result<()>;
    /// Gives the terminal to this command, waits for its end, and sets everything anew: `Ok(Err(_))`
    /// says in one sentence what went wrong with the command.
    ///
    /// # Errors
    /// Where the terminal cannot be written to.
    fn edit(&mut self, _command: &[OsString]) -> io::Result<Result<(), String>> {
        Ok(Err("there is no terminal to edit on".to_owned()))
    }
    /// Copies a text to the clipboard. Some terminals ignore it, and none says so.
    ///
    /// # Errors
    /// Where it cannot be written to.
    fn copy(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }
}

/// How long the first frame may wait for the answer. A later answer arrives among the keys, where
/// the input filters it out.
const PATIENCE: Duration = Duration::from_millis(40);

/// What the terminal says, else what `COLORFGBG` says, else dark.
pub(crate) fn is_light() -> bool {
    let mut options = QueryOptions::default();
    options.timeout = PATIENCE;
    match theme_mode(options) {
        Ok(mode) => mode == ThemeMode::Light,
        Err(_) => std::env::var("COLORFGBG").is_ok_and(|value| names_light(&value)),
    }
}

/// `0;15`: the last number is the background's place among the sixteen colors.
fn names_light(value: &str) -> bool {
    matches!(value.rsplit(';').next(), Some("7" | "15"))
}

/// How everything is drawn. Asks the terminal for its background at most once, before the first frame, and not where no
/// background would be painted.
pub(crate) fn theme(settings: &Settings) -> Theme {
    let chosen = settings.palette();
    let asked = !matches!(chosen, Some(Palette::Mono | Palette::Projector));
    let on_light = asked && is_light();
    let auto = if on_light {
        Palette::Light
    } else {
        Palette::Dark
    };
    Theme {
        palette: chosen.unwrap_or(auto),
        ascii: settings.ascii,
        color: settings.color,
        on_light,
    }
}

/// The real terminal. Dropping it gives the terminal back.
pub(crate) struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<TerminalWriter>>>,
    input: input::Input,
    _signals: signals::Signals,
    _hook: signals::PanicHook,
    /// Whether the last frame left the cursor in sight.
    cursor: bool,
}

impl Screen {
    /// Takes the terminal over; keys, signals and panics arrive at `messages` from now on.
    ///
    /// # Errors
    /// Where the terminal refuses raw mode or cannot be written to.
    pub fn open(messages: &Sender<ScreenEvent>) -> io::Result<Self> {
        // Colors are decided by our theme; crossterm's own reading of NO_COLOR would also reset
        // bold and reverse between cells.
        crossterm::style::force_color_output(true);
        let hook = signals::PanicHook::install(messages.clone());
        let signals = signals::Signals::listen(messages.clone())?;
        enter()?;
        let input = input::Input::listen(messages.clone());
        #[cfg(debug_assertions)]
        signals::asked_for::elsewhere();
        let backend = CrosstermBackend::new(BufWriter::with_capacity(64 * 1024, TerminalWriter));
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
        })
    }
}

impl Screen {
    /// Lets `draw` fill a frame of this size, and sends what has changed; the terminal's own cursor
    /// is shown at `cursor`.
    ///
    /// # Errors
    /// Where it cannot be written to.
    pub(crate) fn paint(
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
        self.paint(model.size, view::cursor(model), |area, buf| {
            view::draw(model, area, buf);
            #[cfg(debug_assertions)]
            if model.notice.is_some() {
                signals::asked_for::here();
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
        state::stop();
        self.repaint()
    }

    fn edit(&mut self, command: &[OsString]) -> io::Result<Result<(), String>> {
        self.input.rest().begin();
        leave();
        let outcome = state::lend(command);
        // A signal that ends us leaves the terminal to the shell.
        let painted = if state::is_ending() {
            Ok(())
        } else {
            self.repaint()
        };
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
