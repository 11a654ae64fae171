//! A scenario as the text of one file that runs alone.

use loopscope_trace::Language;

use crate::scenario::export::{python, rust};
use crate::scenario::listing::program::Program;
use crate::scenario::model::scenario::Scenario;

/// The program of a scenario in a language.
///
/// # Errors
/// A sentence that says why there is none.
pub fn export(scenario: &Scenario, language: Language) -> Result<String, String> {
    let story = &scenario.story;
    let name = match language {
        Language::Python => "Python",
        Language::Rust => "Rust",
    };
    if story.listing(language).is_none() {
        return Err(format!(
            "this scenario has no {name} form: it is about the other language"
        ));
    }
    let program = Program::new(story, &scenario.functions, &scenario.starts);
    match language {
        Language::Python => Ok(python::write(&program)),
        Language::Rust if program.runtime().processes > 1 => Err(
            "this scenario runs in several worker processes: it is exported to Python only"
                .to_owned(),
        ),
        Language::Rust => Ok(rust::write(&program)),
    }
}

/// The Python program of a scenario, for one who watches it: its lines come without the moments, which are seen anyway.
///
/// # Errors
/// Where the scenario has no Python form.
pub fn export_to_watch(scenario: &Scenario) -> Result<String, String> {
    let told = export(scenario, Language::Python)?;
    let mut text = String::new();
    for line in told.lines().filter(|line| !line.contains(END)) {
        let (indent, words) = line.split_at(line.len() - line.trim_start().len());
        let line = if line.contains(LINE) {
            "    builtins.print(line, flush=True)"
        } else {
            line
        };
        text.push_str(line);
        text.push('\n');
        if !indent.is_empty() && (words == SET || words.starts_with(SLEPT)) {
            text.push_str(&format!("{indent}builtins.print({BEGINS:?}, flush=True)\n"));
        }
    }
    Ok(text)
}

/// What such a program prints at the moment from which its story counts: server and clients are ready then.
pub const BEGINS: &str = "loopscope: begins";

/// How the exported program sets that moment, and how it waits for it where its workers know it beforehand.
const SET: &str = "began = time.monotonic()";
const SLEPT: &str = "time.sleep(began - ";

/// How a line of output is printed in the exported program, and the line behind the last one.
const LINE: &str = "builtins.print(f\"{at:9.3f}s  {line}\\n\"";
const END: &str = "s  (end)\"";
