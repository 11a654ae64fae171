//! `loopscope export`: a scenario as a program, or a run as lines, in a file or on stdout.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::app::failure::{Failure, Outcome, reason};
use crate::app::files::{atomic, places};
use crate::app::library::{ours, user};
use crate::app::open::open::RunChoices;
use crate::app::open::open::lines_of;
use crate::app::serve::app::Config;
use crate::app::serve::{ask, serve};
use crate::app::signals::Signals;
use crate::cli::args::others::{ExportArgs, Look, Target};
use crate::cli::args::run::Form;
use crate::cli::picture;
use crate::cli::play::{played, quiet};
use crate::output;
use crate::output::say;
use loopscope_lab::scenario::FileName;
use loopscope_protocol::reply::Half;
use loopscope_protocol::request::Client;
use loopscope_trace::Language;

/// Writes what was asked for.
pub(crate) fn export(args: &ExportArgs, look: &Look) -> Outcome {
    if let (Some(flag), false) = (args.shot.given(), args.to == Target::Svg) {
        return Err(Failure::Usage(format!(
            "{flag} is for a picture: write it behind --to svg"
        )));
    }
    let text = match args.to {
        Target::Python => program(args, Language::Python)?,
        Target::Rust => program(args, Language::Rust)?,
        Target::Text => lines(args)?,
        Target::Svg => picture::picture(args, look)?,
        Target::Chrome | Target::Cast => {
            return Err(Failure::Usage(
                "--to chrome and cast are not available yet: choose python, rust, text or svg"
                    .to_owned(),
            ));
        }
    };
    match &args.output {
        None => output::file(&text),
        Some(path) => write(path, &text, args.force),
    }
}

/// The application with what is exported open in it.
fn opened(args: &ExportArgs) -> Result<(Client, Half), Failure> {
    let choices = RunChoices {
        speed: args.speed,
        language: args.language.map(Language::from),
        ..RunChoices::default()
    };
    let client = serve::connect(Config::new(choices, None))?;
    let opened = ask::open_either(&client, &args.target)?;
    Ok((client, opened))
}

fn program(args: &ExportArgs, language: Language) -> Result<String, Failure> {
    let (client, _) = opened(args)?;
    ask::program(&client, language, &args.knobs)
}

/// A run of the scenario, or the recorded one, as lines.
fn lines(args: &ExportArgs) -> Result<String, Failure> {
    let (client, opened) = opened(args)?;
    let timeline = match opened {
        Half::Recording(trace) => played(*trace, Form::default())?,
        Half::Scenario(_) => quiet(&client, args.knobs.clone(), &Signals::listen())?,
    };
    Ok(lines_of(&timeline))
}

/// Writes the file, and says what became of one that was there: it is replaced only when told, and
/// never through a link.
fn write(path: &Path, text: &str, force: bool) -> Outcome {
    let shown = path.display();
    let there = fs::symlink_metadata(path).ok();
    if there.as_ref().is_some_and(fs::Metadata::is_symlink) {
        return Err(Failure::Usage(format!(
            "{shown} is a link, and stays as it is: name the file itself"
        )));
    }
    let is_file = there.as_ref().is_some_and(fs::Metadata::is_file);
    let written = match (&there, force) {
        (Some(_), false) if is_file => {
            return Err(Failure::Usage(format!(
                "{shown} is there already, and stays as it is: --force replaces it"
            )));
        }
        (None, _) if !folder(path).is_dir() => Err(ErrorKind::NotFound.into()),
        (None, _) => atomic::create(path, text.as_bytes()),
        (Some(_), _) if is_file => atomic::write(path, text.as_bytes()),
        // A pipe or a device takes it as it comes.
        (Some(_), _) => fs::write(path, text),
    };
    written.map_err(|error| refused(path, &error))?;
    let done = if is_file { "replaced" } else { "wrote" };
    say(format!("{done} {shown} ({} lines)", text.lines().count()));
    Ok(())
}

/// The folder that a file is in.
fn folder(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    folder.unwrap_or(Path::new("."))
}

/// What the files say.
const FIRST: &str = include_str!("first.toml");
const FIRST_PYTHON: &str = include_str!("first.py");

/// Writes the file, and says what to do next.
pub(crate) fn new(name: &Path) -> Outcome {
    let path = target(name)?;
    atomic::create(&path, FIRST.as_bytes()).map_err(|error| refused(&path, &error))?;
    let run = match user::id_of(&path) {
        Some(id) => quoted(&id),
        None => quoted(&path.display().to_string()),
    };
    output::text(&format!(
        "wrote {}\n\n\
         loopscope run {run}      opens it: e edits it there, each save runs it again\n\
         loopscope check {run}    proves what it expects\n",
        path.display()
    ))
}

/// Writes a Python program that can be watched, and says what to do next.
pub(crate) fn new_python(name: &Path) -> Outcome {
    let path = with_end(name, "py")?;
    let run = quoted(&path.display().to_string());
    let program = FIRST_PYTHON.replace("FILE", &run);
    atomic::create(&path, program.as_bytes()).map_err(|error| refused(&path, &error))?;
    output::text(&format!(
        "wrote {}\n\n\
         loopscope watch {run}             opens it: it is sent what its comments say, each save runs it again\n\
         loopscope watch --report {run}    runs it once, and tells who held the loop\n",
        path.display()
    ))
}

/// A name alone goes to the person's own scenarios, a path to where it says.
fn target(name: &Path) -> Result<PathBuf, Failure> {
    let file = with_end(name, "toml")?;
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    if folder.is_some() {
        return Ok(file);
    }
    let id = FileName::from_path(&file).id;
    if let Some(ours) = ours::find(&id) {
        return Err(Failure::Usage(format!(
            "{id} is one of ours, {:?}: choose another name",
            ours.title
        )));
    }
    match places::data_dir() {
        Some(folder) => Ok(folder.join(file)),
        None => Err(Failure::Usage(format!(
            "there is no home to keep it in: `loopscope new ./{}` puts it here",
            file.display()
        ))),
    }
}

/// The file that is meant, with this end, in a folder that is there.
fn with_end(name: &Path, end: &str) -> Result<PathBuf, Failure> {
    let shown = name.display();
    let file = if name.extension().is_some_and(|own| own == end) {
        name.to_owned()
    } else {
        let mut whole = name.as_os_str().to_owned();
        whole.push(".");
        whole.push(end);
        PathBuf::from(whole)
    };
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let odd = stem.is_empty() || stem.starts_with(['.', '-']) || stem.contains(char::is_control);
    if odd || name.file_name().is_none() || shown.to_string().ends_with('/') {
        return Err(Failure::Usage(format!(
            "{shown:?} names no file: `loopscope new my-first` makes one"
        )));
    }
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(Failure::Io(format!(
            "{} is no folder: make it first, or name the file alone",
            folder.display()
        )));
    }
    Ok(file)
}

fn refused(path: &Path, error: &std::io::Error) -> Failure {
    let shown = path.display();
    if error.kind() == ErrorKind::AlreadyExists {
        return Failure::Usage(format!(
            "{shown} is there already, and stays as it is: choose another name"
        ));
    }
    Failure::Io(format!("{shown} cannot be written: {}", reason(error)))
}

/// A name as a shell reads it back.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,".contains(c);
    if text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
