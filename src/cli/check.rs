//! `loopscope check`: runs scenarios and holds them, and their questions, against what they expect.
//!
//! *In:* scenarios, files, folders. *Out:* a line a scenario, or a JSON list. *Invariant:* a verdict
//! comes from the report of a run alone. *Absent on purpose:* running two at a time, which would
//! bend the times that are to be proved.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;

use crate::app::check::{expect, questions, run};
use crate::app::failure::{Failure, Outcome, problem, reason};
use crate::app::library::{ours, user};
use crate::app::open::open;
use crate::app::open::open::RunChoices;
use crate::app::serve::app::Config;
use crate::app::serve::{ask, serve};
use crate::app::signals::Signals;
use crate::cli::args::others::CheckArgs;
use crate::cli::play::{many, quiet};
use crate::output;
use loopscope_lab::scenario::FileName;
use loopscope_protocol::problem::{Mistake, Problem};
use loopscope_protocol::request::Client;
use loopscope_trace::{Clock, Language, Story};

/// What became of one scenario.
#[derive(Debug, Serialize)]
struct Verdict {
    id: String,
    ok: bool,
    failures: Vec<String>,
    /// How time passed.
    clock: Clock,
    /// Wall seconds that it took.
    seconds: f64,
    /// Why it was not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<String>,
    #[serde(skip)]
    code: u8,
}

/// Checks all targets, one after the other.
pub(crate) fn check(args: &CheckArgs) -> Outcome {
    let choices = RunChoices {
        language: args.language.map(Language::from),
        ..RunChoices::at(args.pace, Clock::Virtual)
    };
    let names = targets(&args.targets)?;
    let prover = Prover {
        client: serve::connect(Config::new(choices.clone(), None))?,
        signals: Signals::listen(),
        choices,
    };
    let mut verdicts = Vec::new();
    let mut interrupted = None;
    for name in names {
        let verdict = match prover.verdict(name) {
            Ok(verdict) => verdict,
            Err(failure) => {
                interrupted = Some(failure);
                break;
            }
        };
        if !args.json {
            output::text(&line(&verdict, prover.choices.clock))?;
        }
        verdicts.push(verdict);
    }
    if args.json {
        output::json(&verdicts)?;
    }
    if let Some(failure) = interrupted {
        return Err(failure);
    }
    match verdicts.iter().map(|verdict| verdict.code).max() {
        None | Some(0) => Ok(()),
        Some(1) => Err(Failure::Expectation),
        Some(code) => Err(Failure::Quiet(code)),
    }
}

enum Proof {
    Held(Vec<String>, Clock),
    Skipped(String),
}

/// Asks for one run after the other.
struct Prover {
    client: Client,
    signals: Signals,
    choices: RunChoices,
}

impl Prover {
    /// Checks one scenario; fails only on a signal.
    fn verdict(&self, name: String) -> Result<Verdict, Failure> {
        let began = Instant::now();
        let mut verdict = Verdict {
            id: name,
            ok: false,
            failures: Vec::new(),
            clock: self.choices.clock,
            seconds: 0.0,
            skipped: None,
            code: 0,
        };
        let story = ask::open(&self.client, &verdict.id);
        if let Ok(story) = &story {
            verdict.id.clone_from(&story.id);
        }
        match story.and_then(|story| self.prove(&story)) {
            Ok(Proof::Held(failures, clock)) => {
                verdict.clock = clock;
                verdict.ok = failures.is_empty();
                verdict.code = u8::from(!verdict.ok);
                verdict.failures = failures;
            }
            Ok(Proof::Skipped(why)) => {
                verdict.ok = true;
                verdict.skipped = Some(why);
            }
            Err(failure @ Failure::Signal(_)) => return Err(failure),
            Err(failure) => {
                verdict.code = failure.code();
                failure.tell();
                let problem = problem(failure);
                if !problem.path.is_empty() {
                    let path = Path::new(&problem.path);
                    let id = user::id_of(path);
                    verdict.id = id.unwrap_or_else(|| FileName::from_path(path).id);
                }
                verdict.failures = mistakes(problem);
            }
        }
        verdict.seconds = began.elapsed().as_secs_f64();
        Ok(verdict)
    }

    /// Runs what is open, and holds it against what it expects.
    fn prove(&self, story: &Story) -> Result<Proof, Failure> {
        if let Some(why) = open::slowed(story, &self.choices) {
            output::say(&why);
        }
        if let Some(why) = open::otherwise_told(story, &self.choices) {
            output::say(&why);
        }
        if let Some(why) = too_few_cores(story) {
            return Ok(Proof::Skipped(why));
        }
        // Unless told, a proof is as quick as the file allows.
        let pace = self.choices.speed.or(story.max_speed);
        ask::pace(&self.client, pace)?;
        let timeline = quiet(&self.client, Vec::new(), &self.signals)?;
        let ran = timeline.story();
        let mut failures = expect::failures(&ran.expect, &timeline);
        failures.extend(questions::failures(&timeline, run::SLACK * ran.speed));
        if failures.is_empty() {
            failures.extend(self.race(ran)?);
        }
        Ok(Proof::Held(failures, ran.clock))
    }

    /// Why an order of lines is not proved by a computed run, which chooses one where nothing decides it.
    fn race(&self, ran: &Story) -> Result<Option<String>, Failure> {
        let Some(told) = ran.expect.output.as_ref() else {
            return Ok(None);
        };
        if ran.clock != Clock::Virtual || told.len() < 2 {
            return Ok(None);
        }
        let all = many(&self.client, &[], RACES, &self.signals)?;
        Ok(expect::undecided(&all.orders, told))
    }
}

/// How often a computed run is played with delays that change an order only where nothing decides it.
const RACES: u32 = 8;

fn too_few_cores(story: &Story) -> Option<String> {
    let needed = story.expect.needs_cores? as usize;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (cores < needed).then(|| format!("it needs {needed} cores, this machine has {cores}"))
}

/// Why a scenario could not be run, a sentence for each mistake.
fn mistakes(problem: Problem) -> Vec<String> {
    let Problem { path, mistakes, .. } = problem;
    if mistakes.is_empty() {
        return vec![problem.sentence];
    }
    let place = |one: Mistake| format!("{path}:{}:{}: {}", one.line, one.column, one.message);
    mistakes.into_iter().map(place).collect()
}

fn line(verdict: &Verdict, asked: Clock) -> String {
    let word = match (verdict.code, &verdict.skipped) {
        (0, Some(_)) => "skipped",
        (0, None) => "ok",
        (1, _) => "failed",
        _ => "invalid",
    };
    let mut text = format!("{word:8}{:7.2}s  {}", verdict.seconds, verdict.id);
    if verdict.clock == Clock::Real && asked == Clock::Virtual && verdict.code == 0 {
        text.push_str(" (on the real clock)");
    }
    if let Some(why) = &verdict.skipped {
        text.push_str(": ");
        text.push_str(why);
    }
    text.push('\n');
    // The mistakes of a file have been shown on stderr, with the lines that they are about.
    let shown = verdict.failures.iter().filter(|_| verdict.code == 1);
    for failure in shown {
        text.push_str("         ");
        text.push_str(failure);
        text.push('\n');
    }
    text
}

/// How deep folders are looked into.
const DEPTH: usize = 8;

/// The names of all scenarios that were meant, as they are opened by; all of ours where none was named.
fn targets(names: &[String]) -> Result<Vec<String>, Failure> {
    if names.is_empty() {
        return Ok(ours::all().into_iter().map(|entry| entry.file.id).collect());
    }
    let mut targets = Vec::new();
    for name in names {
        let path = Path::new(name);
        if !path.is_dir() {
            targets.push(name.clone());
            continue;
        }
        let mut files = Vec::new();
        collect(path, DEPTH, &mut files)
            .map_err(|error| Failure::Io(format!("{name} cannot be read: {}", reason(&error))))?;
        if files.is_empty() {
            return Err(Failure::Usage(format!(
                "{name} has no scenario files (*.toml)"
            )));
        }
        targets.extend(files.iter().map(|file| file.to_string_lossy().into_owned()));
    }
    Ok(targets)
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        // Links are not followed, so that a folder that holds itself ends.
        let kind = entry.file_type()?;
        if kind.is_dir() && depth > 0 {
            collect(&path, depth - 1, files)?;
        } else if kind.is_file() && path.extension().is_some_and(|end| end == "toml") {
            files.push(path);
        }
    }
    Ok(())
}
