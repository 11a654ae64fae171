//! `loopscope replay`: a recording on the stage, as lines, or as a report.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use super::args::{Look, ReplayArgs};
use super::failure::{Failure, reason, say};
use super::{Outcome, output, run, stage};
use crate::timeline::Timeline;
use crate::trace::file::{self, ReadError, Reading};

/// Shows a recording in the form that was asked for.
pub(super) fn replay(args: &ReplayArgs, look: &Look) -> Outcome {
    output::keep_color(look.color);
    let screen = !args.form.plain && !args.form.json;
    if screen {
        stage::demand_terminal()?;
    }
    let Reading { trace, cut } = read(&args.file)?;
    if let Some(cut) = cut {
        say(format!("loopscope: {}: {cut}", args.file.display()));
    }
    if screen {
        return stage::recording(trace, args.autoplay, look);
    }
    let timeline = Timeline::from_trace(trace);
    if args.form.plain {
        run::lines(&timeline, 0)?;
    }
    run::result(&timeline, args.form)
}

fn read(path: &Path) -> Result<Reading, Failure> {
    let shown = path.display();
    let refused =
        |error: std::io::Error| Failure::Io(format!("{shown} cannot be read: {}", reason(&error)));
    let input = File::open(path).map_err(refused)?;
    if input.metadata().map_err(refused)?.is_dir() {
        return Err(Failure::Io(format!(
            "{shown} is a folder: name a recording in it"
        )));
    }
    file::read(BufReader::with_capacity(256 * 1024, input)).map_err(|error| match error {
        ReadError::Io(error) => refused(error),
        error @ ReadError::Line { .. } => Failure::Invalid(format!("{shown}, {error}")),
    })
}
