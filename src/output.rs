//! Writes results to stdout; a reader who leaves ends the program quietly.

use std::borrow::Cow;
use std::io::{BufRead, BufWriter, IsTerminal, Write};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;
use std::{io, thread};

use serde::Serialize;

use crate::app::failure::{Failure, Outcome};
use crate::app::settings::keys::Color;
use crate::app::settings::settings::color_is_wanted;
use crate::app::signals::Signals;
use loopscope_lab::scenario::Problems;
use loopscope_protocol::request::{Client, Request};
use loopscope_trace::{plain, steers};

/// Says something on stderr; that it cannot be written is no failure.
pub(crate) fn say(text: impl AsRef<str>) {
    say_styled(&shown(text.as_ref()));
}

/// Says something that has colors of our own.
fn say_styled(text: &str) {
    let text = text.trim_end_matches('\n');
    drop(writeln!(io::stderr().lock(), "{text}"));
}

/// Says what is wrong in a file, with its lines.
pub(crate) fn say_problems(problems: &Problems) {
    if color_on_stderr() {
        say_styled(&problems.render(true));
    } else {
        say(problems.render(false));
    }
}

/// Writes lines. What could steer a terminal in them is replaced: names of files, the environment
/// and recordings are not ours.
pub(crate) fn text(text: &str) -> Outcome {
    bytes(shown(text).as_bytes())
}

/// Writes the text of a file as it is, but to a terminal as lines.
pub(crate) fn file(content: &str) -> Outcome {
    if io::stdout().is_terminal() {
        return text(content);
    }
    bytes(content.as_bytes())
}

/// Lines that cannot steer a terminal.
fn shown(text: &str) -> Cow<'_, str> {
    let harmful = |c: char| steers(c) && c != '\n' && c != '\t';
    if !text.contains(harmful) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace(harmful, "\u{fffd}"))
}

/// Writes texts one after the other, as [`text`] would.
pub(crate) fn texts(texts: impl IntoIterator<Item = String>) -> Outcome {
    let mut out = BufWriter::new(io::stdout().lock());
    texts
        .into_iter()
        .try_for_each(|text| out.write_all(shown(&text).as_bytes()))
        .and_then(|()| out.flush())
        .map_err(|error| Failure::stdout(&error))
}

/// Writes a JSON value and a newline as it is made; what could steer a terminal is escaped.
pub(crate) fn json(value: &impl Serialize) -> Outcome {
    let mut out = Escaping(BufWriter::new(io::stdout().lock()));
    serde_json::to_writer_pretty(&mut out, value)
        .map_err(io::Error::from)
        .and_then(|()| out.write_all(b"\n"))
        .and_then(|()| out.flush())
        .map_err(|error| Failure::stdout(&error))
}

/// Takes a JSON text, and writes by its number what could steer a terminal.
struct Escaping<W>(W);

impl<W: Write> Write for Escaping<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        // Strings come in whole characters; between them there is only ASCII.
        let text = str::from_utf8(piece).map_err(|_| io::ErrorKind::InvalidData)?;
        let mut rest = text;
        let harmful = |c: char| steers(c) && c != '\n';
        while let Some(place) = rest.find(harmful) {
            let (before, after) = rest.split_at(place);
            self.0.write_all(before.as_bytes())?;
            let mut signs = after.chars();
            if let Some(sign) = signs.next() {
                write!(self.0, "\\u{:04x}", u32::from(sign))?;
            }
            rest = signs.as_str();
        }
        self.0.write_all(rest.as_bytes())?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Writes bytes.
pub(crate) fn bytes(bytes: &[u8]) -> Outcome {
    let mut out = io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(|error| Failure::stdout(&error))
}

/// What `--color` says, for the one place that has no flags: the last words on stderr.
static COLOR: AtomicU8 = AtomicU8::new(0);

/// Keeps what `--color` says.
pub(crate) fn keep_color(color: Color) {
    let number = match color {
        Color::Auto => 0,
        Color::Always => 1,
        Color::Never => 2,
    };
    COLOR.store(number, Ordering::Relaxed);
}

/// Whether stderr gets color.
fn color_on_stderr() -> bool {
    match COLOR.load(Ordering::Relaxed) {
        1 => true,
        2 => false,
        _ => io::stderr().is_terminal() && color_is_wanted(),
    }
}

/// Why there is no screen to draw on; `None` where there is one.
pub(crate) fn no_terminal() -> Option<&'static str> {
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        Some("this is not a terminal")
    } else if crate::output::is_dumb() {
        Some("this terminal cannot draw (TERM=dumb)")
    } else {
        None
    }
}

/// Refuses where there is no screen to draw on; `instead` is the command that needs none.
pub(crate) fn demand_terminal(instead: &str) -> Outcome {
    demand_terminal_or(&format!(
        "`loopscope --plain` is the menu in lines, `loopscope {instead} --plain` prints a line an event, --json a report"
    ))
}

/// The same; `instead` says in words what needs none.
pub(crate) fn demand_terminal_or(instead: &str) -> Outcome {
    match no_terminal() {
        Some(why) => Err(Failure::Usage(format!("{why}: {instead}"))),
        None => Ok(()),
    }
}

/// How often signals are looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// Waits for a line on stdin or for a signal, and then ends the run. Gives the signal. Where stdin
/// has ended already, no key can come from there, and only a signal counts.
pub(crate) fn keep(client: &Client, signals: &Signals) -> Option<i32> {
    let keyboard = io::stdin().is_terminal();
    let how = if keyboard {
        "Enter or Ctrl-C"
    } else {
        "a line on stdin or SIGTERM"
    };
    say(format!(
        "loopscope: the run is over and its runtime is held; {how} ends it"
    ));
    let (pressed, presses) = channel();
    // Reading cannot be interrupted, so it has a thread that the end of the process takes along.
    let reader = thread::Builder::new()
        .name("stdin".to_owned())
        .spawn(move || {
            let mut line = String::new();
            if io::stdin()
                .lock()
                .read_line(&mut line)
                .is_ok_and(|read| read > 0)
            {
                let _ = pressed.send(());
            } else {
                // Kept, so that the end of stdin is not taken for a key.
                thread::park();
                drop(pressed);
            }
        });
    let ended = loop {
        match presses.recv_timeout(GLANCE) {
            Ok(()) => break None,
            Err(RecvTimeoutError::Disconnected) if reader.is_ok() => break None,
            Err(RecvTimeoutError::Disconnected) => thread::sleep(GLANCE),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(signal) = signals.seen() {
            break Some(signal);
        }
    };
    // Fails only where the run is gone with its application.
    let _ = client.requests.send(Request::Stop);
    ended
}

/// Whether two people's ends are there, and a terminal between them that cannot draw.
pub(crate) fn wanted_by_itself() -> bool {
    is_dumb() && io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Whether the terminal says that it cannot draw.
pub(crate) fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

impl Failure {
    /// Says it on stderr.
    pub(crate) fn tell(&self) {
        match self {
            Self::Quiet(_) | Self::Expectation | Self::Signal(_) => {}
            Self::Scenario(problems) => say_problems(problems),
            Self::Refused(problem) if !problem.colored.is_empty() => {
                if color_on_stderr() {
                    say_styled(&problem.colored);
                } else {
                    say(problem.details.join("\n"));
                }
            }
            Self::Refused(problem) => Self::Io(problem.sentence.clone()).tell(),
            Self::Usage(text) | Self::Invalid(text) | Self::Io(text) => {
                let lines = text.lines().map(plain).collect::<Vec<_>>();
                say(format!("loopscope: {}", lines.join("\n")));
            }
        }
    }
}
