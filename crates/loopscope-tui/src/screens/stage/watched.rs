//! What the first row says of a program that is watched, and how it ended.

use crate::session::motion::play_words;
use crate::session::playhead::Mode;
use crate::widgets::scene::Scene;
use crate::widgets::stage_view::StageView;
use loopscope_timeline::{Process, explain};

/// How the stage stands to the run, what is watched, and what was lost.
pub(crate) fn facts(scene: &Scene, stands: Vec<String>) -> Vec<String> {
    let view = scene.view;
    let mut facts = stands;
    if view.look.stepped {
        let events = view.timeline.trace().events.len();
        facts.push(format!("event {} of {events}", view.moment.applied));
    }
    if view.mode != Mode::BeforeRun && view.play != play_words(1.0) {
        facts.push(view.play.to_owned());
    }
    let dropped = view.timeline.dropped() as usize;
    if dropped > 0 {
        facts.push(format!("{} lost", explain::number_of(dropped, "event")));
    }
    let all = &view.world.shared.processes;
    let alive: Vec<&Process> = all
        .iter()
        .filter(|process| process.ended.is_none())
        .collect();
    match alive[..] {
        [] => {}
        [only] => facts.push(format!("watching pid {}", only.pid)),
        [first, ..] => {
            let pids = alive.len();
            facts.push(format!("watching {pids} processes, pid {} on", first.pid));
        }
    }
    let runtime = view.watched().map(|watched| watched.runtime.clone());
    facts.extend(runtime.filter(|words| !words.is_empty()));
    facts
}

/// What stands in the caption's place at its end: how it ended, and who held the loop longest.
pub(crate) fn ended(view: &StageView) -> String {
    let (timeline, world) = (view.timeline, view.world);
    let first = format!("The program {}.", end(view));
    let Some(worst) = timeline.holders(world).into_iter().next() else {
        let no_loop = world.loops().next().is_none();
        let last = timeline.outputs().last().filter(|_| no_loop);
        let last = last.map(|line| timeline.trace().text(line.text).trim());
        return match last {
            Some(last) => format!("{first} It ran no event loop. Its last line: {last}"),
            None if no_loop => format!("{first} It ran no event loop."),
            None => format!("{first} Nothing held the loop."),
        };
    };
    let place = worst
        .step
        .and_then(|step| explain::line(timeline, step, view.language));
    let place = place.unwrap_or_else(|| "a place that was not seen".to_owned());
    let long = worst.longest.hundredths();
    let waited = match worst.waited.all() {
        0 => "nobody waited".to_owned(),
        1 => "one waited".to_owned(),
        count => format!("{count} waited"),
    };
    let helps = explain::remedy(timeline, &worst).words;
    format!(
        "{first} The loop was held longest at {place}, for {long}s: {waited}. What helps: {helps}."
    )
}

/// How the program ended: `ended with exit code 1`, `killed by signal 9`; `ended` where that is not known.
pub(crate) fn end(view: &StageView) -> String {
    let first = view.world.shared.processes.first();
    match first.and_then(|first| first.status) {
        Some(0) => "ended well".to_owned(),
        Some(status) if status < 0 => format!("killed by signal {}", status.unsigned_abs()),
        Some(status) => format!("ended with exit code {status}"),
        None => "ended".to_owned(),
    }
}
