//! Many runs: a thread plays them one after the other and counts.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use crate::app::failure::Failure;
use crate::app::files::places;
use crate::app::library::source::Source;
use crate::app::open::open;
use crate::app::open::open::RunChoices;
use loopscope_lab::engine;
use loopscope_lab::engine::{Extras, Options};
use loopscope_protocol::reply::Reply;
use loopscope_timeline::{Sample, Spread, Timeline};
use loopscope_trace::Clock;

/// How often the thread looks whether it is to stop, and at most says what all came to.
const GLANCE: Duration = Duration::from_millis(20);

/// Runs are hurried to at least this speed: one wants to see how they differ, not to wait.
const HURRY: f64 = 20.0;

/// Many runs that go on; dropping it stops them.
pub(crate) struct Many(Arc<AtomicBool>);

impl Drop for Many {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Runs a scenario `times` times, and tells what all runs so far came to.
pub(crate) fn count(
    source: &Source,
    choices: &RunChoices,
    (number, times, hurry): (u32, u32, bool),
    replies: Sender<Reply>,
) -> Result<Many, Failure> {
    // A key wants to see what the machine makes of it.
    let clock = if hurry { Clock::Real } else { choices.clock };
    let choices = RunChoices {
        clock,
        ..choices.clone()
    };
    let each = (0..times).map(|run| seeded(&choices, run)).collect();
    let mut all = Spread::default();
    let mut told: Option<Instant> = None;
    begin(source, each, hurry, move |came| {
        if let Came::To(timeline) = came {
            all.add(timeline);
            if let (Some(load), Ok(cores)) = (load_average(), available_parallelism()) {
                all.add_load(load, cores.get());
            }
        }
        let over = matches!(came, Came::AllToAnEnd);
        // Each time all that was counted is handed on: no oftener than one can look.
        if !over && told.is_some_and(|told| told.elapsed() < GLANCE) {
            return;
        }
        told = Some(Instant::now());
        let counted = Reply::Counted {
            run: number,
            spread: Box::new(all.clone()),
            over,
        };
        // Fails only when the asker has gone.
        let _ = replies.send(counted);
    })
}

/// Runs a scenario once with each of these choices, by the virtual clock where it can be computed,
/// and tells what each run came to.
pub(crate) fn sweep(
    source: &Source,
    each: Vec<RunChoices>,
    number: u32,
    replies: Sender<Reply>,
) -> Result<Many, Failure> {
    let computed = |choices| RunChoices {
        clock: Clock::Virtual,
        ..choices
    };
    let each = each.into_iter().map(computed).collect();
    begin(source, each, true, move |came| {
        let point = match came {
            Came::To(timeline) => Sample::of(timeline),
            Came::ToNothing => None,
            Came::AllToAnEnd => return,
        };
        // Fails only when the asker has gone.
        let _ = replies.send(Reply::Swept { run: number, point });
    })
}

/// How many programs want a core, on average over a minute; `None` where the system does not tell.
fn load_average() -> Option<f64> {
    let told = fs::read_to_string("/proc/loadavg").ok()?;
    told.split_whitespace().next()?.parse().ok()
}

/// What a run came to.
enum Came<'a> {
    To(&'a Timeline),
    /// It could not be run with such values.
    ToNothing,
    /// No more runs will come.
    AllToAnEnd,
}

/// Begins to run a scenario once with each of these choices, one after the other.
fn begin(
    source: &Source,
    each: Vec<RunChoices>,
    hurry: bool,
    mut tell: impl FnMut(Came<'_>) + Send + 'static,
) -> Result<Many, Failure> {
    let stopped = Arc::new(AtomicBool::new(false));
    let own = Arc::clone(&stopped);
    let source = source.clone();
    std::thread::Builder::new()
        .name("many".to_owned())
        .spawn(move || {
            for choices in &each {
                match one(&source, choices, hurry, &own) {
                    Ok(Some(timeline)) => tell(Came::To(&timeline)),
                    Ok(None) => break,
                    Err(_) => tell(Came::ToNothing),
                }
            }
            tell(Came::AllToAnEnd);
        })
        .map_err(|error| Failure::Io(format!("no thread for the runs: {error}")))?;
    Ok(Many(stopped))
}

/// One run to its end; `None` where it was stopped.
fn one(
    source: &Source,
    choices: &RunChoices,
    hurry: bool,
    stopped: &AtomicBool,
) -> Result<Option<Timeline>, Failure> {
    let mut scenario = open::prepared(source, choices)?;
    if hurry && scenario.story.clock == Clock::Real {
        let hurried = RunChoices {
            speed: Some(choices.speed.unwrap_or(1.0).max(HURRY)),
            ..choices.clone()
        };
        scenario = open::prepared(source, &hurried)?;
    }
    let options = Options {
        speed: scenario.story.speed,
        seed: scenario.story.seed,
    };
    let mut timeline = Timeline::new(scenario.story.clone());
    let extras = Extras {
        program: places::program(),
        delays: choices.delays,
        ..Extras::default()
    };
    let run = engine::start_with(Arc::new(scenario), &options, extras)?;
    loop {
        match run.batches().recv_timeout(GLANCE) {
            Ok(batch) => timeline.extend(batch),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(Some(timeline)),
        }
        if stopped.load(Ordering::Relaxed) {
            return Ok(None);
        }
    }
}

/// Each run makes random choices of its own, and the same ones whenever it is repeated. Where time is computed
/// all but the first one let threads go on in another order at one moment.
pub(crate) fn seeded(choices: &RunChoices, run: u32) -> RunChoices {
    RunChoices {
        seed: choices.seed.wrapping_add(u64::from(run)),
        delays: (run > 0).then_some(choices.seed.wrapping_add(u64::from(run))),
        ..choices.clone()
    }
}
