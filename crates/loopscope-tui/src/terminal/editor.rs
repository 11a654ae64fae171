//! Another program has the terminal: the person's editor.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use rustix::termios::{QueueSelector, tcflush};

/// Starts the program with the terminal that we have just given back, and waits for its end.
///
/// # Errors
/// One sentence, where it could not be started or says itself that it failed.
pub fn run(command: &[OsString]) -> Result<(), String> {
    let Some((program, words)) = command.split_first() else {
        return Err("no editor is named: set EDITOR".to_owned());
    };
    let name = program.to_string_lossy();
    let status = Command::new(program).args(words).status();
    // What was typed for an editor that is gone is nothing that we were told.
    let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    let status = status.map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::NotFound => "there is no such program",
            io::ErrorKind::PermissionDenied => "it is no program that may be run",
            _ => "the system refuses",
        };
        format!("{name} cannot be started: {why}; set EDITOR to another one")
    })?;
    match (status.code(), status.signal()) {
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
