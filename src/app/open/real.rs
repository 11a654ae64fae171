//! Makes the exported Python program of a scenario ready to be watched beside our own run of it.

use std::ffi::OsString;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use crate::app::failure::{Failure, reason};
use crate::app::open::program::{KEEP, Program};
use loopscope_lab::scenario;
use loopscope_lab::scenario::Scenario;
use loopscope_protocol::request;

/// The Python that runs it.
const PYTHON: &str = "python3";

/// What an exported program may import, by what it says where it does.
const PACKAGES: [(&str, &str); 3] = [
    ("from fastapi ", "fastapi"),
    ("import uvicorn", "uvicorn"),
    ("import httpx", "httpx"),
];

/// From which length on a turn of it is a block: shorter than what any scenario's block is.
const THRESHOLD: Duration = Duration::from_millis(20);

/// The exported program of a scenario, in a folder of its own.
pub(crate) fn program(scenario: &Scenario) -> Result<Program, Failure> {
    let text = scenario::export_to_watch(scenario).map_err(Failure::Usage)?;
    demand(&text)?;
    let unwritten = |error: std::io::Error| {
        Failure::Io(format!("the program cannot be written: {}", reason(&error)))
    };
    let folder = TempDir::with_prefix("loopscope-").map_err(unwritten)?;
    let file = format!("{}.py", scenario.story.id);
    fs::write(folder.path().join(&file), text).map_err(unwritten)?;
    let command = request::Command {
        words: vec![OsString::from(PYTHON), OsString::from(&file)],
        attach: None,
        length: None,
        threshold: THRESHOLD,
        keep: KEEP,
        output: true,
        arguments: true,
        terminal: Some((120, 40)),
        requests: Vec::new(),
        until_answered: false,
    };
    let mut program = Program::of(command)?;
    program.options.folder = Some(folder.path().to_owned());
    program.of_scenario = Some(Arc::new(folder));
    Ok(program)
}

/// Whether Python is there with all that the program imports.
fn demand(text: &str) -> Result<(), Failure> {
    let needed = PACKAGES.iter().filter(|(says, _)| text.contains(says));
    let needed: Vec<&str> = needed.map(|(_, package)| *package).collect();
    let mut checks = vec!["import sys".to_owned()];
    checks.push("sys.version_info >= (3, 11) or print('Python 3.11')".to_owned());
    checks.push("from importlib.util import find_spec".to_owned());
    let missing = needed
        .iter()
        .map(|package| format!("find_spec('{package}') or print('{package}')"));
    checks.extend(missing);
    let asked = Command::new(PYTHON)
        .args(["-c", &checks.join("; ")])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let Ok(told) = asked else {
        return Err(Failure::Usage(
            "python3 is not found: install Python 3.11 or newer, or activate its environment first"
                .to_owned(),
        ));
    };
    let told = String::from_utf8_lossy(&told.stdout);
    let missing: Vec<&str> = told.lines().collect();
    if missing.is_empty() {
        return Ok(());
    }
    if missing.contains(&"Python 3.11") {
        return Err(Failure::Usage(
            "python3 is older than 3.11: activate an environment with a newer one first".to_owned(),
        ));
    }
    Err(Failure::Usage(format!(
        "python3 is without {}: in an environment of its own, `python3 -m pip install {}` installs what is missing",
        missing.join(", "),
        missing.join(" ")
    )))
}
