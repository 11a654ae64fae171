//! How many events a second become a timeline, and how long seeking takes: `cargo bench --bench fold`.

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::Instant;

use common::{stories, traces};
use loopscope::timeline::{Timeline, World};
use loopscope::trace::{Batch, Nanos};

/// A plain request is about so many events.
const EVENTS_A_REQUEST: u32 = 24;

fn main() {
    println!(
        "{:>9}  {:>12}  {:>12}  {:>12}  {:>9}",
        "events", "fold alone", "timeline", "live, 2 ms", "one seek"
    );
    for events in [10_000_u32, 100_000, 1_000_000] {
        let requests = events / EVENTS_A_REQUEST;
        let trace = traces::plain_requests(stories::four_routes_sync(), requests, 40);
        let count = trace.events.len();

        let begin = Instant::now();
        let mut world = World::default();
        for event in &trace.events {
            world.apply(event);
        }
        let fold = rate(count, begin);

        let copy = trace.clone();
        let begin = Instant::now();
        let timeline = Timeline::from_trace(copy);
        let whole = rate(count, begin);
        assert_eq!(timeline.live().applied, world.applied);

        let mut live = Timeline::new(trace.story.clone());
        let mut batches = Vec::new();
        let mut rest = trace.events.as_slice();
        let mut upto = Nanos::ZERO;
        while !rest.is_empty() {
            upto += Nanos::from_millis(2);
            let (now, later) = rest.split_at(rest.partition_point(|event| event.at <= upto));
            batches.push(Batch {
                rows: Vec::new(),
                texts: Vec::new(),
                events: now.to_vec(),
                upto,
            });
            rest = later;
        }
        let begin = Instant::now();
        for batch in batches {
            live.extend(batch);
        }
        let lived = rate(count, begin);

        let end = timeline.end();
        let begin = Instant::now();
        let seeks = 20_u32;
        for part in 0..seeks {
            let at = Nanos(end.0 / u64::from(seeks) * u64::from(part));
            std::hint::black_box(timeline.world_at(timeline.moment_at(at)));
        }
        let seek = begin.elapsed() / seeks;
        println!("{count:>9}  {fold:>12}  {whole:>12}  {lived:>12}  {seek:>9.1?}");
    }
}

/// Millions of events a second.
fn rate(count: usize, begin: Instant) -> String {
    let seconds = begin.elapsed().as_secs_f64();
    format!("{:.1} M/s", count as f64 / seconds / 1e6)
}
