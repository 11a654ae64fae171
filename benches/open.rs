//! What a recording costs by its length: to open it, to seek in it, to draw a frame at 200x60.
//!
//! `cargo bench --bench open`

#[path = "../tests/common/mod.rs"]
mod common;

use std::hint::black_box;
use std::time::{Duration, Instant};

use common::{stories, traces};
use loopscope::timeline::{Moment, Timeline};
use loopscope::trace::{
    Actor, Event, EventKind, Language, Nanos, StepId, TaskId, TaskRole, TextId, ThreadId,
    ThreadRole, Trace, WakeCause, recording,
};
use loopscope::tui::layout::axis::Page;
use loopscope::tui::screens::stage::draw as stage;
use loopscope::tui::session::playhead::Mode;
use loopscope::tui::settings::panes::Panes;
use loopscope::tui::text::theme::{Palette, Theme};
use loopscope::tui::widgets::stage_view::Look;
use loopscope::tui::widgets::stage_view::StageView;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A plain request is about so many events.
const EVENTS_A_REQUEST: u32 = 24;
/// Moments that are sought in each trace.
const SEEKS: u64 = 400;
/// Moments that are drawn, each usual and zoomed in.
const FRAMES: u64 = 12;

const THEME: Theme = Theme {
    palette: Palette::Dark,
    ascii: false,
    color: true,
    on_light: false,
};

fn main() {
    println!(
        "{:<22} {:>9}  {:>9} {:>9}  {:>9} {:>9}  {:>9} {:>9}",
        "trace", "events", "open", "a event", "seek", "worst", "frame", "worst"
    );
    for events in [10_000_u32, 100_000, 1_000_000] {
        let requests = events / EVENTS_A_REQUEST;
        let story = stories::four_routes_sync();
        measure(
            "requests to a pool",
            &traces::plain_requests(story, requests, 40),
        );
        measure("8 tasks in turns", &turns(events, 8));
        measure("all tasks all the time", &turns(events, events / 50));
    }
}

fn measure(name: &str, trace: &Trace) {
    let count = trace.events.len();
    let mut bytes = Vec::new();
    recording::write(trace, &mut bytes).expect("memory takes everything");
    let begin = Instant::now();
    let reading = recording::read(bytes.as_slice()).expect("it was just written");
    let timeline = Timeline::from_trace(reading.trace);
    let open = begin.elapsed();
    assert_eq!(timeline.live().applied, count);
    drop(bytes);

    let moments = scattered(timeline.end(), SEEKS);
    let seeks = each(&moments, |at| {
        let moment: Moment = timeline.moment_at(at);
        let begin = Instant::now();
        black_box(timeline.world_at(moment));
        begin.elapsed()
    });
    let frames = each(&scattered(timeline.end(), FRAMES), |at| {
        let whole = Page::whole(&timeline, timeline.end());
        let usual = draw(&timeline, at, None);
        let close = (0..8).fold(whole, |page, _| page.closer(at));
        usual
            .max(draw(&timeline, at, Some(whole)))
            .max(draw(&timeline, at, Some(close)))
    });
    println!(
        "{name:<22} {count:>9}  {:>6.1} ms {:>6.0} ns  {:>6.3} ms {:>6.3} ms  {:>6.3} ms {:>6.3} ms",
        open.as_secs_f64() * 1e3,
        open.as_secs_f64() * 1e9 / count as f64,
        seeks.0,
        seeks.1,
        frames.0,
        frames.1,
    );
}

/// The time of one frame, the best of a few: what others do on this machine is not meant.
fn draw(timeline: &Timeline, at: Nanos, zoom: Option<Page>) -> Duration {
    let moment = timeline.moment_at(at);
    let world = timeline.world_at(moment);
    let area = Rect::new(0, 0, 200, 60);
    let mut buf = Buffer::empty(area);
    let view = StageView {
        furthest: timeline.end(),
        timeline,
        world: &world,
        moment,
        language: Language::Python,
        theme: &THEME,
        mode: Mode::Paused,
        play_speed: 1.0,
        play: "play 1x",
        panes: Panes::all(),
        selected: None,
        first_lane: 0,
        answers: &loopscope::trace::Answers::default(),
        console: None,
        notice: None,
        own_requests: false,
        big: false,
        place: None,
        footer: &[],
        next: None,
        look: Look {
            zoom,
            ..Look::default()
        },
    };
    let frames = (0..3).map(|_| {
        let begin = Instant::now();
        stage::draw(black_box(&view), area, &mut buf);
        begin.elapsed()
    });
    frames.min().unwrap_or_default()
}

/// Mean and worst, in milliseconds.
fn each(moments: &[Nanos], measure: impl FnMut(Nanos) -> Duration) -> (f64, f64) {
    let times: Vec<Duration> = moments.iter().copied().map(measure).collect();
    let all: Duration = times.iter().sum();
    let worst = times.iter().max().copied().unwrap_or_default();
    let mean = all.as_secs_f64() * 1e3 / times.len() as f64;
    (mean, worst.as_secs_f64() * 1e3)
}

/// Moments all over a run, in no order.
fn scattered(end: Nanos, count: u64) -> Vec<Nanos> {
    let part = end.0 / count;
    (0..count)
        .map(|place| Nanos(place * 7_919 % count * part + part / 2))
        .collect()
}

/// Tasks that take turns, each waking the next: with many of them, every one of a few events
/// touches another task, which is the worst that can happen to worlds that share what stands still.
fn turns(events: u32, tasks: u32) -> Trace {
    let mut trace = Trace::new(stories::blocking_sleep());
    trace.texts = ["loop", "task", "turn"].map(Into::into).into();
    let thread = ThreadId(0);
    let apart = 10_000_000_000 / u64::from(events);
    let mut at = 0;
    let mut push = |kind| {
        trace.events.push(Event {
            at: Nanos(at),
            kind,
        });
        at += apart;
    };
    push(EventKind::ThreadStarted {
        thread,
        role: ThreadRole::Loop,
        name: TextId(0),
    });
    for task in 0..tasks {
        push(EventKind::TaskSpawned {
            task: TaskId(task),
            role: TaskRole::Spawned,
            function: EventKind::NO_FUNCTION,
            parent: TaskId::NONE,
            name: TextId(1),
        });
    }
    let mut turn = 0;
    while tasks + turn * 5 + 5 < events {
        let task = TaskId(turn % tasks);
        let actor = Actor::Task(task);
        let step = StepId(turn % 3);
        push(EventKind::PollStarted { task, thread });
        push(EventKind::StepEntered { actor, step });
        if turn.is_multiple_of(16) {
            push(EventKind::Output {
                actor,
                text: TextId(2),
            });
        }
        push(EventKind::Woken {
            task,
            by: WakeCause::Itself,
        });
        push(EventKind::PollEnded { task, thread });
        turn += 1;
    }
    trace.upto = Nanos(at);
    trace
}
