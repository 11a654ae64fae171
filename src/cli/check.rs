//! `loopscope check`: runs scenarios and holds them, and their questions, against what they expect.
//!
//! *In:* scenarios, files, folders. *Out:* a line a scenario, or a JSON list. *Invariant:* a verdict
//! comes from the report of a run alone. *Absent on purpose:* running two at a time, which would
//! bend the times that are to be proved.

use std::time::Instant;

use serde::Serialize;

use crate::app::check::{expect, questions, run, targets};
use crate::app::failure::{Failure, Outcome};
use crate::app::library::source::Source;
use crate::app::open::prepare;
use crate::app::open::prepare::RunChoices;
use crate::cli::args::others::CheckArgs;
use crate::cli::play::play;
use crate::output;
use crate::output::Signals;
use loopscope_lab::scenario::Scenario;
use loopscope_trace::Clock;

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
    let wish = RunChoices::at(args.pace, Clock::Virtual);
    let signals = Signals::listen();
    let mut verdicts = Vec::new();
    let mut interrupted = None;
    for target in targets::all(&args.targets)? {
        let verdict = match one(target, &wish, &signals) {
            Ok(verdict) => verdict,
            Err(failure) => {
                interrupted = Some(failure);
                break;
            }
        };
        if !args.json {
            output::text(&line(&verdict, wish.clock))?;
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

/// Checks one scenario; fails only on a signal.
fn one(target: targets::Target, wish: &RunChoices, signals: &Signals) -> Result<Verdict, Failure> {
    let began = Instant::now();
    let mut verdict = Verdict {
        id: target.name,
        ok: false,
        failures: Vec::new(),
        clock: wish.clock,
        seconds: 0.0,
        skipped: None,
        code: 0,
    };
    match target
        .source
        .and_then(|source| prove(&source, wish, signals))
    {
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
            verdict.failures = mistakes(&failure);
            failure.tell();
        }
    }
    verdict.seconds = began.elapsed().as_secs_f64();
    Ok(verdict)
}

enum Proof {
    Held(Vec<String>, Clock),
    Skipped(String),
}

fn prove(source: &Source, wish: &RunChoices, signals: &Signals) -> Result<Proof, Failure> {
    let mut scenario = prepare::scenario(source, wish)?;
    if let Some(why) = prepare::slowed(&scenario.story, wish) {
        crate::output::say(&why);
    }
    // Unless told, a proof is as quick as the file allows.
    if let (None, Some(speed)) = (wish.speed, scenario.story.max_speed) {
        let speed = Some(speed);
        scenario = prepare::scenario(
            source,
            &RunChoices {
                speed,
                ..wish.clone()
            },
        )?;
    }
    if let Some(why) = too_few_cores(&scenario) {
        return Ok(Proof::Skipped(why));
    }
    let expect = scenario.story.expect.clone();
    let clock = scenario.story.clock;
    let timeline = play(scenario, signals)?;
    let mut failures = expect::failures(&expect, &timeline);
    let slack = run::SLACK * timeline.story().speed;
    failures.extend(questions::failures(&timeline, slack));
    Ok(Proof::Held(failures, clock))
}

fn too_few_cores(scenario: &Scenario) -> Option<String> {
    let needed = scenario.story.expect.needs_cores? as usize;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (cores < needed).then(|| format!("it needs {needed} cores, this machine has {cores}"))
}

/// The mistakes of a scenario that could not be run, a sentence each.
fn mistakes(failure: &Failure) -> Vec<String> {
    match failure {
        Failure::Scenario(problems) => problems
            .list
            .iter()
            .map(|one| {
                format!(
                    "{}:{}:{}: {}",
                    problems.path, one.line, one.column, one.message
                )
            })
            .collect(),
        Failure::Usage(text) | Failure::Invalid(text) | Failure::Io(text) => vec![text.clone()],
        Failure::Refused(problem) => vec![problem.sentence.clone()],
        Failure::Quiet(_) | Failure::Expectation | Failure::Signal(_) => Vec::new(),
    }
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
