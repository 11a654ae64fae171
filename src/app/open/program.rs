//! Makes a program of the user's own ready to be watched: what listens inside it is carried in this program.

use std::ffi::OsString;

use rust_embed::Embed;

use crate::app::failure::Failure;
use loopscope_protocol::request::Command;
use loopscope_watch::Options;

/// The Python files that listen inside a program.
#[derive(Embed)]
#[folder = "python/"]
#[include = "inject/*.py"]
#[include = "loopscope/*.py"]
struct Python;

/// How a command is watched. A Python file alone is run by `python3`.
pub(crate) fn options(command: Command) -> Result<Options, Failure> {
    let Some(first) = command.words.first() else {
        return Err(Failure::Usage(
            "there is no command to watch: write it behind `--`, as in `loopscope watch -- uvicorn app:app`".to_owned(),
        ));
    };
    let is_script = first.to_string_lossy().ends_with(".py");
    let python = is_script.then(|| OsString::from("python3"));
    let words = python.into_iter().chain(command.words.iter().cloned());
    Ok(Options {
        python: Python::iter()
            .filter_map(|path| Some((path.to_string(), Python::get(&path)?.data)))
            .collect(),
        terminal: command.terminal,
        threshold: command.threshold,
        output: command.output,
        arguments: command.arguments,
        ..Options::new(words.collect())
    })
}
