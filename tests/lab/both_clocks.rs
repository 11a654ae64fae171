//! The computed clock tells what the real one does: small scenarios at random, played on both, print their lines in
//! the same order and have the same findings wherever an order is decided by something.
//!
//! `LOOPSCOPE_SEEDS=0..500 cargo test --test lab both_clocks -- --nocapture` plays more of them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use loopscope::VOCABULARY;
use loopscope::engine::{self, Extras, Options};
use loopscope::scenario::practice::Small;
use loopscope::scenario::{Choices, FileName, Scenario, load};
use loopscope::timeline::{Finding, Timeline};
use loopscope::trace::{Clock, EventKind, Language, Trace};

use crate::common::alone::measured;

/// Where the seeds of more scenarios stand.
const SEEDS: &str = "LOOPSCOPE_SEEDS";
/// As few as the normal suite has time for.
const FEW: Range<u64> = 0..40;
/// How many play at the same time: they sleep nearly all the time.
const AT_ONCE: u64 = 4;
/// Computed runs that differ only where nothing decides an order.
const RACES: u64 = 6;

/// How often a scenario that has differed is played again.
const AGAIN: u32 = 3;

/// What is held: the lines in order, and each finding's kind with all whom it names.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    lines: Vec<String>,
    findings: BTreeSet<(&'static str, BTreeSet<String>)>,
}

fn seen(trace: Trace) -> Seen {
    let timeline = Timeline::from_trace(trace);
    let world = timeline.live();
    assert_eq!((world.dropped, world.problems), (0, 0), "nothing is lost");
    let events = timeline.trace().events.iter();
    let lines = events.filter_map(|event| match event.kind {
        EventKind::Output { text, .. } => Some(timeline.trace().text(text).to_owned()),
        _ => None,
    });
    let named = |finding: &Finding| {
        let victims = finding.victims.iter().copied().chain(finding.lane);
        victims
            .filter_map(|lane| timeline.lane(lane))
            .map(|lane| format!("{} {}", lane.letter, lane.name))
            .collect()
    };
    Seen {
        lines: lines.collect(),
        findings: timeline
            .findings()
            .iter()
            .map(|finding| (finding.kind.id, named(finding)))
            .collect(),
    }
}

fn scenario(source: &str, language: Language, clock: Clock) -> Arc<Scenario> {
    let choices = Choices {
        clock,
        ..Choices::default()
    };
    let loaded = load(source, &FileName::default(), &choices, &VOCABULARY);
    let mut scenario = loaded.unwrap_or_else(|problems| panic!("{problems}\n{source}"));
    scenario.story.language = Some(language);
    Arc::new(scenario)
}

fn play(scenario: &Arc<Scenario>, delays: Option<u64>) -> Seen {
    let options = Options {
        speed: 1.0,
        seed: delays.unwrap_or(0),
    };
    let extras = Extras {
        delays,
        ..Extras::default()
    };
    let run = engine::start_with(Arc::clone(scenario), &options, extras).expect("it starts");
    let mut trace = Trace::new(scenario.story.clone());
    for batch in run.batches() {
        trace.extend(batch);
    }
    seen(trace)
}

/// What the computed clock tells of a scenario; nothing where an order in it is decided by nothing, or by what steps
/// cost on a real machine.
fn computed(small: &Small, language: Language) -> Option<Seen> {
    let computed = |source: &str| scenario(source, language, Clock::Virtual);
    let free = computed(&small.toml());
    let told = play(&free, None);
    let decided = (0..RACES).all(|seed| {
        let costly = computed(&small.toml_with_costs(seed));
        play(&free, Some(seed)) == told && play(&costly, Some(seed)) == told
    });
    decided.then_some(told)
}

/// How a real run differs from what was told, if it does.
fn difference(source: &str, language: Language, told: &Seen) -> Result<(), String> {
    let really = play(&scenario(source, language, Clock::Real), None);
    if really == *told {
        return Ok(());
    }
    Err(format!("told   {told:?}\nreally {really:?}"))
}

/// Plays the scenarios of these seeds: those that differ, and how many were held.
fn differing(seeds: Range<u64>) -> (Vec<(u64, Language)>, u64) {
    let (next, held) = (AtomicU64::new(seeds.start), AtomicU64::new(0));
    let mut all = std::thread::scope(|scope| {
        let one = || {
            let mut differ = Vec::new();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= seeds.end {
                    return differ;
                }
                let (small, language) = (Small::drawn(seed), language_of(seed));
                let source = small.toml();
                let Some(told) = computed(&small, language) else {
                    continue;
                };
                held.fetch_add(1, Ordering::Relaxed);
                if difference(&source, language, &told).is_err() {
                    differ.push((seed, language));
                }
            }
        };
        let threads: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(one)).collect();
        let ended = threads.into_iter().map(|thread| thread.join());
        ended
            .flat_map(|all| all.expect("it plays"))
            .collect::<Vec<_>>()
    });
    all.sort_by_key(|(seed, _)| *seed);
    (all, held.into_inner())
}

/// Both in turn.
fn language_of(seed: u64) -> Language {
    match seed % 2 {
        0 => Language::Python,
        _ => Language::Rust,
    }
}

fn wanted() -> Range<u64> {
    let wanted = std::env::var(SEEDS).ok();
    let ends = wanted.as_deref().and_then(|seeds| seeds.split_once(".."));
    ends.map_or(FEW, |(from, to)| {
        from.parse().expect("a seed")..to.parse().expect("a seed")
    })
}

#[test]
fn small_scenarios_go_alike_on_both_clocks() {
    let seeds = wanted();
    let (differ, held) = differing(seeds.clone());
    println!(
        "{held} of {seeds:?} decide each order; {} differ",
        differ.len()
    );
    assert!(
        held * 5 > seeds.end - seeds.start,
        "too few decide each order: {held}"
    );
    // A machine with other work puts things off: what differs has to differ each time, and in peace, too.
    let again = |&(seed, language): &(u64, Language)| {
        let small = Small::drawn(seed);
        let told = computed(&small, language).expect("it was decided before");
        difference(&small.toml(), language, &told)
            .map_err(|how| format!("seed {seed}, {language:?}\n{}\n{how}", small.toml()))
    };
    let each_time = |one: &&(u64, Language)| (0..AGAIN).all(|_| again(one).is_err());
    let differ: Vec<_> = differ.iter().filter(each_time).collect();
    measured(|| differ.iter().try_for_each(|one| again(one)));
}

#[test]
fn a_seed_draws_the_same_scenario_each_time() {
    for seed in FEW {
        let one = Small::drawn(seed);
        assert_eq!(one, Small::drawn(seed));
        assert_ne!(one, Small::drawn(seed + 1));
        scenario(&one.toml(), Language::Python, Clock::Virtual);
    }
}
