//! Writes results to stdout; a reader who leaves ends the program quietly.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU8, Ordering};

use serde::Serialize;

use super::Outcome;
use super::args::Color;
use super::failure::Failure;

/// Writes a text.
pub(super) fn text(text: &str) -> Outcome {
    bytes(text.as_bytes())
}

/// Writes a JSON value and a newline.
pub(super) fn json(value: &impl Serialize) -> Outcome {
    let mut bytes = serde_json::to_vec_pretty(value)
        .map_err(|error| Failure::Io(format!("the output cannot be written: {error}")))?;
    bytes.push(b'\n');
    self::bytes(&bytes)
}

/// Writes bytes.
pub(super) fn bytes(bytes: &[u8]) -> Outcome {
    let mut out = io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(|error| Failure::stdout(&error))
}

/// What `--color` says, for the one place that has no flags: the last words on stderr.
static COLOR: AtomicU8 = AtomicU8::new(0);

/// Keeps what `--color` says.
pub(super) fn keep_color(color: Color) {
    let number = match color {
        Color::Auto => 0,
        Color::Always => 1,
        Color::Never => 2,
    };
    COLOR.store(number, Ordering::Relaxed);
}

/// Whether stderr gets color.
pub(super) fn color_on_stderr() -> bool {
    match COLOR.load(Ordering::Relaxed) {
        1 => true,
        2 => false,
        _ => io::stderr().is_terminal() && wanted(),
    }
}

/// Whether the environment has nothing against color (`NO_COLOR`, `TERM`).
pub(super) fn wanted() -> bool {
    !anstyle_query::no_color() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}
