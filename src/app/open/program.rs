//! Makes a program of the user's own ready to be watched: what listens inside it is carried in this program.

use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rust_embed::Embed;
use tempfile::TempDir;

use crate::app::failure::Failure;
use loopscope_protocol::request::{Command, Target, Visit};
use loopscope_trace::Story;
use loopscope_watch::{Address, Join, Options};

/// How much of a program is kept at least, unless told.
pub(crate) const KEEP: Duration = Duration::from_secs(600);
/// What a comment of a program begins with that says what it is sent.
const SENT: &str = "# loopscope: ";
/// The methods that such a comment may name.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
/// How many requests a program is sent at most.
const MOST: u32 = 1_000;
/// How much of a file is read.
const LONGEST: u64 = 1_000_000;

/// The Python files that listen inside a program.
#[derive(Embed)]
#[folder = "python/"]
#[include = "inject/*.py"]
#[include = "loopscope/*.py"]
struct Python;

/// A program of the user's own, and how it is watched.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) options: Options,
    /// How much of it is kept at least.
    pub(crate) keep: Duration,
    /// What it is sent as soon as it listens.
    pub(crate) requests: Vec<Visit>,
    /// Whether it is asked to end once all of these are answered.
    pub(crate) until_answered: bool,
    /// The file that it is, where the command is a Python file; and its text when it was read last.
    pub(crate) file: Option<(PathBuf, String)>,
    /// The folder that it stands in, where it was made of a scenario.
    pub(crate) of_scenario: Option<Arc<TempDir>>,
    /// Whether the file says what it is sent, and not the asker.
    says_itself: bool,
}

impl Program {
    /// A Python file alone is run by `python3`; what it is sent may stand in it, unless the command says.
    pub(crate) fn of(command: Command) -> Result<Self, Failure> {
        let Some(first) = command.words.first() else {
            return Err(Failure::Usage(
                "there is no command to watch: write it behind `--`, as in `loopscope watch -- uvicorn app:app`".to_owned(),
            ));
        };
        let is_script = first.to_string_lossy().ends_with(".py");
        let file = is_script
            .then(|| PathBuf::from(first))
            .filter(|path| path.is_file());
        let python = is_script.then(|| OsString::from("python3"));
        let words = python.into_iter().chain(command.words.iter().cloned());
        let options = Options {
            python: Python::iter()
                .filter_map(|path| Some((path.to_string(), Python::get(&path)?.data)))
                .collect(),
            terminal: command.terminal,
            join: command.attach.map(join),
            length: command.length,
            threshold: command.threshold,
            output: command.output,
            arguments: command.arguments,
            ..Options::new(words.collect())
        };
        let mut program = Self {
            options,
            keep: command.keep,
            says_itself: command.requests.is_empty(),
            requests: command.requests,
            until_answered: command.until_answered,
            of_scenario: None,
            file: file.map(|path| (path, String::new())),
        };
        program.read_again();
        Ok(program)
    }

    /// Columns and rows of its terminal, where it has one.
    pub(crate) fn resize(&mut self, size: Option<(u16, u16)>) {
        if self.options.terminal.is_some() && size.is_some() {
            self.options.terminal = size;
        }
    }

    /// What is known of it before it begins.
    pub(crate) fn story(&self) -> Story {
        loopscope_watch::story(&self.options.title(), self.options.threshold)
    }

    /// Reads its file again; whether it was saved with another text since.
    pub(crate) fn read_again(&mut self) -> bool {
        let Some((path, text)) = &mut self.file else {
            return false;
        };
        // One that is not there for a moment is being saved.
        let Ok(now) = read(path) else {
            return false;
        };
        if now == *text {
            return false;
        }
        *text = now;
        if self.says_itself {
            self.requests = said_in(text);
        }
        true
    }

    /// Why nothing was heard of it, in one sentence.
    pub(crate) fn unheard(&self) -> String {
        match &self.options.join {
            Some(Join::Process(pid)) => {
                return format!("process {pid} had ended before anything was seen of it");
            }
            Some(Join::Address(address)) => {
                return format!(
                    "no program waits at {address}: start one that calls `loopscope_probe::install()` with LOOPSCOPE_SOCKET=listen:{address}"
                );
            }
            None => {}
        }
        let words: Vec<_> = self
            .options
            .command
            .iter()
            .map(|word| word.to_string_lossy())
            .collect();
        let first = words.first().map_or("", AsRef::as_ref);
        let name = first.rsplit('/').next().unwrap_or(first);
        let why = match words.iter().skip(1).find_map(|word| isolates(word)) {
            Some(letter) if name.starts_with("python") => {
                format!("python -{letter} reads no PYTHONPATH or no `site`, by which it is reached")
            }
            _ if name.starts_with("python") => {
                "its Python is none that can be watched (CPython 3.9 or newer), or could not write where the watch keeps its files".to_owned()
            }
            _ => format!(
                "`{name}` is no Python program, or its Python runs with -I, -E or -S, in a container, or with an environment of its own; and no tokio program was seen"
            ),
        };
        format!("no Python program began to listen: {why}")
    }
}

fn join(target: Target) -> Join {
    match target {
        Target::Process(pid) => Join::Process(pid),
        Target::Path(path) => Join::Address(Address::Path(path)),
        Target::Port(port) => Join::Address(Address::Port(port)),
    }
}

/// The letter of a flag of `python` that keeps what listens out: `I` of `-I` and of `-uI`.
fn isolates(word: &str) -> Option<char> {
    let flags = word
        .strip_prefix('-')
        .filter(|flags| !flags.starts_with('-'))?;
    // Behind these stands a value, and behind `-c` and `-m` the program's own words.
    let own = flags.split(['c', 'm', 'W', 'X']).next()?;
    own.chars().find(|letter| "IES".contains(*letter))
}

fn read(path: &Path) -> std::io::Result<String> {
    let mut text = Vec::new();
    fs::File::open(path)?.take(LONGEST).read_to_end(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// What a program says that it is sent: comments such as `# loopscope: GET /ping x2`.
fn said_in(text: &str) -> Vec<Visit> {
    let said = text
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix(SENT));
    let mut visits: Vec<Visit> = said.filter_map(|words| visit(words).ok()).collect();
    let mut left = MOST;
    visits.retain(|visit| {
        let fits = visit.times <= left;
        left = left.saturating_sub(visit.times);
        fits
    });
    visits
}

/// Reads `GET /ping x2`.
pub(crate) fn visit(text: &str) -> Result<Visit, String> {
    let wrong = || {
        format!(
            "{text:?} is no request: it has a method, a path and how many at once, such as `GET /ping x2` (at most {MOST})"
        )
    };
    let mut words = text.split_whitespace();
    let method = words
        .next()
        .filter(|method| METHODS.contains(method))
        .ok_or_else(wrong)?;
    let path = words.next().filter(|path| path.starts_with('/'));
    let path = path.ok_or_else(wrong)?;
    let times = words.next().map_or(Ok(1), |times| {
        let times = times.strip_prefix('x').and_then(|times| times.parse().ok());
        times
            .filter(|times| (1..=MOST).contains(times))
            .ok_or_else(wrong)
    })?;
    if words.next().is_some() || text.chars().any(char::is_control) {
        return Err(wrong());
    }
    Ok(Visit {
        method: method.to_owned(),
        path: path.to_owned(),
        times,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_a_method_a_path_and_a_number() {
        let of = |method: &str, path: &str, times| Visit {
            method: method.to_owned(),
            path: path.to_owned(),
            times,
        };
        assert_eq!(visit("GET /ping x2"), Ok(of("GET", "/ping", 2)));
        assert_eq!(visit("POST /a?b=c"), Ok(of("POST", "/a?b=c", 1)));
        for wrong in [
            "",
            "GET",
            "/ping",
            "get /ping",
            "GET ping",
            "GET /ping 2",
            "GET /ping x0",
            "GET /ping x1001",
            "GET /ping x2 more",
            "GET /a\r\nHost:b",
        ] {
            assert!(visit(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn comments_say_what_is_sent() {
        let text = "# loopscope: GET /a x2\n  # loopscope: POST /b\nx = 1  # loopscope: allow\n# loopscope: allow\n";
        let said = said_in(text);
        assert_eq!(said.len(), 2);
        assert_eq!(said[1].path, "/b");
    }

    #[test]
    fn flags_that_isolate() {
        assert_eq!(isolates("-I"), Some('I'));
        assert_eq!(isolates("-uE"), Some('E'));
        for other in [
            "-u",
            "--I",
            "app.py",
            "-mSomething",
            "-cIES",
            "-Werror::E",
            "-XI",
        ] {
            assert_eq!(isolates(other), None, "{other}");
        }
    }
}
