//! `loopscope present --check`: each scenario is run once, and each of its stops has to come.

use super::cue;
use crate::cli::failure::Failure;
use crate::cli::play::play;
use crate::cli::prepare::{self, Wish};
use crate::cli::signals::Signals;
use crate::cli::{Outcome, output, source};
use loopscope_lab::scenario::playlist::{Planned, Playlist};
use loopscope_timeline::{Moment, Timeline};
use loopscope_trace::{Batch, Clock};
use loopscope_tui::model::lecture::lane;

/// Says when each stop comes, and which never does.
pub(super) fn check(playlist: &Playlist, path: &str) -> Outcome {
    let signals = Signals::listen();
    let mut wrong = false;
    for (place, planned) in playlist.scenarios.iter().enumerate() {
        let timeline = run(planned, &signals)?;
        output::text(&format!("{} {}\n", place + 1, planned.story.id))?;
        if planned.stops.is_empty() {
            let count = timeline.cues().filter(|(_, at)| at.is_some()).count();
            let noun = if count == 1 { "note" } else { "notes" };
            output::text(&format!("  stops at the scenario's own {count} {noun}\n"))?;
        }
        let mut before = Moment::default();
        for (stop, (_, at)) in planned.stops.iter().zip(timeline.cues()) {
            let mut line = match at {
                Some(at) => format!("  {:>7}s  {}", at.at.hundredths(), stop.written),
                None => format!("  {path}:{}: never comes: {}", stop.line, stop.written),
            };
            wrong |= at.is_none();
            if at.is_some_and(|at| at < before) {
                line.push_str(", before the one above it");
            }
            before = at.unwrap_or(before);
            if let Some(only) = &stop.only
                && lane(&timeline, only).is_none()
            {
                wrong = true;
                line.push_str(&format!(", and nobody is called {only}"));
            }
            output::text(&format!("{line}\n"))?;
        }
        if let Some(only) = &planned.only
            && lane(&timeline, only).is_none()
        {
            wrong = true;
            output::text(&format!("  nobody is called {only}\n"))?;
        }
    }
    if wrong {
        Err(Failure::Quiet(3))
    } else {
        Ok(())
    }
}

/// What happens in a scenario, with the stops of the playlist; in computed time where that is
/// possible.
fn run(planned: &Planned, signals: &Signals) -> Result<Timeline, Failure> {
    let wish = Wish {
        knobs: planned.knobs.clone(),
        clock: Clock::Virtual,
        ..Wish::default()
    };
    let source = source::find(&planned.run)?;
    let scenario = prepare::scenario(&source, &wish)?;
    let timeline = play(scenario, signals)?;
    let trace = timeline.trace();
    let stops = planned.stops.iter();
    let cues = stops.map(|stop| cue(stop, &planned.story)).collect();
    let cues = Some(cues).filter(|_| !planned.stops.is_empty());
    let mut timeline = Timeline::with_cues(trace.story.clone(), cues);
    timeline.extend(Batch {
        texts: trace.texts.clone(),
        events: trace.events.clone(),
        upto: trace.upto,
    });
    Ok(timeline)
}
