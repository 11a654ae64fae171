//! What watching costs: one run of the same turns, bare, with our recorder, with tokio-metrics'
//! `TaskMonitor` and with console-subscriber's layer, side by side.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use console_subscriber::ConsoleLayer;
use loopscope::probe::{Announcement, Collector, Recorder, spawn, watch};
use loopscope::trace::TaskRole;
use tokio::runtime::{Builder, Runtime};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Turns in one measurement: three records each still fit into a ring of 64 Ki.
const TURNS: u32 = 20_000;
/// Measurements of each kind, taken in turns, so that a slow moment hits all alike.
const ROUNDS: usize = 101;

/// Wakes itself so many times: nothing but turns.
struct Turns(u32);

impl Future for Turns {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.0 == 0 {
            return Poll::Ready(());
        }
        self.0 -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

fn builder() -> Builder {
    Builder::new_current_thread()
}

fn time(run: impl FnOnce()) -> f64 {
    let began = Instant::now();
    run();
    began.elapsed().as_nanos() as f64 / f64::from(TURNS)
}

fn turns<F>(runtime: &Runtime, future: F) -> f64
where
    F: Future<Output = ()> + Send + 'static,
{
    time(|| {
        let _ = runtime.block_on(runtime.spawn(future));
    })
}

/// One kind of watching: measures one round, in nanoseconds a turn.
type Kind = (&'static str, Box<dyn FnMut() -> f64>);

fn bare() -> Kind {
    let runtime = builder().build().expect("a runtime");
    (
        "bare tokio",
        Box::new(move || turns(&runtime, Turns(TURNS))),
    )
}

fn ours(wakes: bool) -> Kind {
    let recorder = Recorder::new(1.0);
    recorder.start();
    let mut collector = Collector::new(recorder.clone());
    let mut builder = builder();
    watch(&mut builder, &recorder);
    let runtime = builder.build().expect("a runtime");
    let name = if wakes {
        "loopscope, turns and wakes"
    } else {
        "loopscope, turns only"
    };
    let measure = move || {
        let taken = if wakes {
            let announcement = Announcement::new(TaskRole::Spawned, recorder.intern("turns"));
            time(|| {
                let (_, handle) = spawn(&recorder, runtime.handle(), announcement, "turns", |_| {
                    Turns(TURNS)
                });
                let _ = runtime.block_on(handle);
            })
        } else {
            turns(&runtime, Turns(TURNS))
        };
        // Emptied between the rounds; in a run the collector does so every two milliseconds.
        std::thread::sleep(Duration::from_micros(300));
        let events = collector.scan().events.len();
        assert!(events >= 2 * TURNS as usize, "only {events} events");
        assert_eq!(collector.tally().dropped, 0);
        taken
    };
    (name, Box::new(measure))
}

fn task_monitor() -> Kind {
    let runtime = builder().build().expect("a runtime");
    let monitor = tokio_metrics::TaskMonitor::new();
    let measure = move || turns(&runtime, monitor.instrument(Turns(TURNS)));
    ("tokio-metrics TaskMonitor", Box::new(measure))
}

fn console() -> Kind {
    let (layer, server) = ConsoleLayer::builder()
        .server_addr(([127, 0, 0, 1], 0))
        .build();
    // Served off the observed runtime, as it should be.
    std::thread::spawn(move || {
        let runtime = builder().enable_all().build().expect("a runtime");
        let _ = runtime.block_on(server.serve());
    });
    // Before the runtime is built, and only while this kind is measured.
    let guard = tracing_subscriber::registry().with(layer).set_default();
    let runtime = builder().build().expect("a runtime");
    let measure = move || {
        let _installed = &guard;
        turns(&runtime, Turns(TURNS))
    };
    ("console-subscriber", Box::new(measure))
}

/// The tenth part that was fastest, at its upper end: what else this machine does only adds.
fn settled(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 10]
}

fn main() {
    // `cargo test --benches` only wants to know that it starts.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let mut kinds = [bare(), ours(false), ours(true), task_monitor()];
    let mut samples = vec![Vec::new(); kinds.len()];
    for _ in 0..ROUNDS {
        for ((_, measure), taken) in kinds.iter_mut().zip(&mut samples) {
            taken.push(measure());
        }
    }
    let mut rows: Vec<(&str, f64)> = kinds
        .iter()
        .zip(samples)
        .map(|((name, _), taken)| (*name, settled(taken)))
        .collect();
    let (name, mut measure) = console();
    rows.push((name, settled((0..ROUNDS).map(|_| measure()).collect())));

    let bare = rows[0].1;
    let (turns, wakes) = (rows[1].1 - bare, rows[2].1 - bare);
    println!(
        "{:<28} {:>9} {:>8} {:>9} {:>9}",
        "", "ns a turn", "its cost", "/ turns", "/ wakes"
    );
    for (name, taken) in &rows {
        let cost = taken - bare;
        let (by_turns, by_wakes) = (cost / turns, cost / wakes);
        println!("{name:<28} {taken:>9.1} {cost:>8.1} {by_turns:>9.2} {by_wakes:>9.2}");
    }
    println!("/ turns, / wakes: the cost beside that of our recorder's two rows");
    let aims = [
        ("turns only: at most 25 ns", turns <= 25.0),
        ("turns and wakes: at most 50 ns", wakes <= 50.0),
        (
            "4 times cheaper than the TaskMonitor",
            rows[3].1 - bare >= 4.0 * wakes,
        ),
        (
            "10 times cheaper than the console",
            rows[4].1 - bare >= 10.0 * wakes,
        ),
    ];
    for (aim, met) in aims {
        println!("{} {aim}", if met { "met   " } else { "missed" });
    }
}
