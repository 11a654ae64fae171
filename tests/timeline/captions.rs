//! What a caption says holds in the world of its moment, wherever the playhead stands.

use std::collections::BTreeMap;
use std::mem::{Discriminant, discriminant};
use std::sync::{Arc, OnceLock};

use crate::truth::Truth;
use loopscope::VOCABULARY;
use loopscope::engine::{self, Options};
use loopscope::library;
use loopscope::scenario::{Choices, Scenario, load};
use loopscope::timeline::explain::{self, Claim};
use loopscope::timeline::{Moment, Timeline, World};
use loopscope::trace::{Clock, EventKind, Language, Nanos, Trace, recording};

fn scenarios(clock: Clock) -> Vec<Scenario> {
    let choices = Choices {
        clock,
        ..Choices::default()
    };
    let all = library::all().into_iter();
    let loaded = all
        .map(|entry| load(&entry.source, &entry.file, &choices, &VOCABULARY).expect("it is right"));
    loaded.collect()
}

fn played(scenario: Scenario, speed: f64) -> Timeline {
    let mut trace = Trace::new(scenario.story.clone());
    let seed = scenario.story.seed;
    let run = engine::start(Arc::new(scenario), &Options { speed, seed }).expect("it starts");
    for batch in run.batches() {
        trace.extend(batch);
    }
    Timeline::from_trace(trace)
}

/// The moments at which a playhead that goes from event to event can stand, and one in between any two.
fn moments(timeline: &Timeline) -> Vec<Moment> {
    let events = &timeline.trace().events;
    let mut all = vec![Moment::default()];
    for (place, event) in events.iter().enumerate() {
        let applied = place + 1;
        all.push(Moment {
            at: event.at,
            applied,
        });
        let next = events.get(applied).map_or(timeline.end(), |next| next.at);
        let between = Nanos(event.at.0 + next.since(event.at).0 / 2);
        if between > event.at {
            all.push(Moment {
                at: between,
                applied,
            });
        }
    }
    all
}

fn says(timeline: &Timeline, world: &World) -> Vec<Claim> {
    explain::claims(timeline, world, Language::Python)
}

/// What is not true of what the captions of a run say: the moment, the sentence, and why.
fn untrue(timeline: &Timeline) -> Vec<String> {
    let events = &timeline.trace().events;
    let mut truth = Truth::new(timeline.trace());
    let mut world = World::new(timeline.story());
    let mut applied = 0;
    let mut wrong = Vec::new();
    let mut before = Vec::new();
    for moment in moments(timeline) {
        for event in &events[applied..moment.applied] {
            truth.happens(event);
        }
        applied = moment.applied;
        truth.advance(moment.at);
        timeline.seek(&mut world, moment);
        let claims = says(timeline, &world);
        let new = claims.iter().filter_map(|claim| truth.refute(claim)).next();
        if let Some(why) = new
            && claims != before
        {
            let sentence = explain::caption(timeline, &world, Language::Python);
            let id = &timeline.story().id;
            wrong.push(format!(
                "{id}, event {applied} at {}: {sentence} ({why})",
                moment.at.thousandths()
            ));
        }
        before = claims;
    }
    wrong
}

/// The runs of all scenarios that can be computed, each of them once.
pub(crate) fn computed() -> &'static [Timeline] {
    static RUNS: OnceLock<Vec<Timeline>> = OnceLock::new();
    RUNS.get_or_init(|| {
        let all = scenarios(Clock::Virtual).into_iter();
        let computed = all.filter(|scenario| engine::can_be_computed(&scenario.story));
        let run = |scenario: Scenario| {
            let speed = scenario.story.speed;
            played(scenario, speed)
        };
        computed.map(run).collect()
    })
}

#[test]
fn what_a_caption_says_is_true_at_every_event_of_a_computed_run() {
    let wrong = computed()
        .iter()
        .flat_map(|run| untrue(run).into_iter().take(3));
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_caption_says_is_true_at_every_event_on_the_clock_of_the_wall() {
    // Blocks, pools, locks, circles, streams, several threads of one loop.
    const SOME: [&str; 9] = ["02", "03", "13", "23", "37", "44", "45", "46", "52"];
    let mut wrong = Vec::new();
    for scenario in scenarios(Clock::Real) {
        if SOME.contains(&scenario.story.number.as_str()) {
            wrong.extend(untrue(&played(scenario, 20.0)).into_iter().take(3));
        }
    }
    for name in ["blocking-sleep", "cpu-loop", "spawn-blocking", "watched"] {
        let path = format!(
            "{}/tests/recordings/{name}.jsonl",
            env!("CARGO_MANIFEST_DIR")
        );
        let file = std::fs::read(path).expect("the recording is there");
        let read = recording::read(file.as_slice()).expect("it is whole");
        wrong.extend(untrue(&Timeline::from_trace(read.trace)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_caption_says_the_same_however_the_playhead_came_there() {
    for timeline in computed() {
        let moments = moments(timeline);
        let mut walked = World::new(timeline.story());
        let mut jumped = World::new(timeline.story());
        let mut said = BTreeMap::new();
        for (place, &moment) in moments.iter().enumerate() {
            timeline.seek(&mut walked, moment);
            if place % 17 == 0 || moment == timeline.last_moment() {
                said.insert(moment, says(timeline, &walked));
            }
        }
        // Home, End, and from the end backward.
        for &moment in [Moment::default(), timeline.last_moment()]
            .iter()
            .chain(said.keys().rev())
        {
            timeline.seek(&mut jumped, moment);
            let there = says(timeline, &jumped);
            let known = said.get(&moment);
            assert!(
                known.is_none_or(|known| *known == there),
                "{} at {moment:?}: {known:?}, {there:?}",
                timeline.story().id
            );
        }
    }
}

/// Each kind of claim that captions make is false at some other moment, and is found to be false there.
#[test]
fn each_kind_of_claim_can_be_refuted() {
    let mut open: BTreeMap<String, Discriminant<Claim>> = BTreeMap::new();
    let mut refuted = Vec::new();
    for timeline in computed() {
        let events = &timeline.trace().events;
        let mut world = World::new(timeline.story());
        let mut truth = Truth::new(timeline.trace());
        let mut made: Vec<Claim> = Vec::new();
        for (place, event) in events.iter().enumerate() {
            truth.happens(event);
            timeline.seek(&mut world, timeline.place_after(place));
            made.retain(|claim| {
                let wrong = truth.refute(claim).is_some();
                if wrong {
                    refuted.push(discriminant(claim));
                }
                !wrong
            });
            for claim in says(timeline, &world) {
                let kind = discriminant(&claim);
                let name = format!("{claim:?}");
                let name = name.split([' ', '(', '{']).next().unwrap_or_default();
                open.insert(name.to_owned(), kind);
                if !refuted.contains(&kind) && made.iter().all(|made| discriminant(made) != kind) {
                    made.push(claim);
                }
            }
        }
    }
    assert!(
        open.len() >= 18,
        "captions say too little: {:?}",
        open.keys()
    );
    open.retain(|_, kind| !refuted.contains(kind));
    // That all has ended stays true.
    open.remove("AllEnded");
    assert!(open.is_empty(), "never refuted: {:?}", open.keys());
}

/// A note ends with what it is about.
#[test]
fn no_note_stands_after_a_block_that_it_was_said_in() {
    let mut seen = 0;
    for timeline in computed() {
        let mut world = World::new(timeline.story());
        let mut held: BTreeMap<_, Nanos> = BTreeMap::new();
        let mut ended: Option<(Nanos, Nanos)> = None;
        for (place, event) in timeline.trace().events.iter().enumerate() {
            timeline.seek(&mut world, timeline.place_after(place));
            match event.kind {
                EventKind::BlockStarted { actor, thread, .. } => {
                    let is_loop = world.loops().any(|of| of.id == thread);
                    held.extend(is_loop.then_some((actor, event.at)));
                }
                EventKind::BlockEnded { actor, .. } => {
                    let long = Nanos::from_millis(100);
                    let since = held.remove(&actor);
                    let since = since.filter(|since| event.at.since(*since) >= long);
                    ended = since.map(|since| (since, event.at)).or(ended);
                }
                _ => {}
            }
            let Some((when, note)) = timeline.standing_note(&world) else {
                continue;
            };
            if let Some((_, end)) = ended {
                seen += 1;
                assert!(
                    when >= end,
                    "{}: {note} still stands at {}",
                    timeline.story().id,
                    event.at.thousandths()
                );
            }
        }
    }
    assert!(seen > 100, "{seen}");
}
