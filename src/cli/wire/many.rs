//! Many runs behind the screen: a thread plays them one after the other and counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender};
use std::time::Duration;

use crate::cli::failure::Failure;
use crate::cli::prepare::{self, Wish};
use crate::cli::source::Source;
use crate::cli::spread::seeded;
use crate::engine::{self, Options};
use crate::timeline::{Spread, Timeline};
use crate::tui::message::Message;

/// How often the thread looks whether it is to stop.
const GLANCE: Duration = Duration::from_millis(20);
/// Runs are hurried to at least this speed: one wants to see how they differ, not to wait.
const HURRY: f64 = 20.0;

/// Many runs that go on; dropping it stops them.
pub(super) struct Many(Arc<AtomicBool>);

impl Drop for Many {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Begins to count.
pub(super) fn begin(
    source: &Source,
    wish: &Wish,
    (number, times): (u32, u32),
    messages: Sender<Message>,
) -> Result<Many, Failure> {
    let stopped = Arc::new(AtomicBool::new(false));
    let own = Arc::clone(&stopped);
    let source = source.clone();
    let wish = wish.clone();
    std::thread::Builder::new()
        .name("many".to_owned())
        .spawn(move || {
            let mut spread = Spread::default();
            for run in 0..times {
                match one(&source, &seeded(&wish, run), &own) {
                    Ok(Some(timeline)) => spread.add(&timeline),
                    _ => break,
                }
                tell(&messages, number, &spread, false);
            }
            tell(&messages, number, &spread, true);
        })
        .map_err(|error| Failure::Io(format!("no thread for the runs: {error}")))?;
    Ok(Many(stopped))
}

fn tell(messages: &Sender<Message>, run: u32, spread: &Spread, over: bool) {
    let spread = Box::new(spread.clone());
    // Fails only when the screen has closed.
    let _ = messages.send(Message::Counted { run, spread, over });
}

/// One run to its end; `None` where it was stopped.
fn one(source: &Source, wish: &Wish, stopped: &AtomicBool) -> Result<Option<Timeline>, Failure> {
    let hurried = Wish {
        speed: Some(wish.speed.unwrap_or(1.0).max(HURRY)),
        ..wish.clone()
    };
    let scenario = prepare::scenario(source, &hurried)?;
    let options = Options {
        speed: scenario.story.speed,
        seed: scenario.story.seed,
    };
    let mut timeline = Timeline::new(scenario.story.clone());
    let run = engine::start(Arc::new(scenario), &options)?;
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
