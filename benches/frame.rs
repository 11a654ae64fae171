//! What a frame costs: milliseconds at 200x60 for traces of different lengths, and bytes on the
//! wire while a frame at 120x40 plays.
//!
//! `cargo bench --bench frame`

#[path = "../tests/common/mod.rs"]
mod common;

use std::hint::black_box;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use common::traces;
use loopscope::timeline::Timeline;
use loopscope::trace::{
    Actor, BlockKind, Event, EventKind, Language, Line, Listing, Nanos, Step, StepId, Story,
    TaskId, TaskRole, TextId, ThreadId, ThreadRole, Token, Trace, WakeCause,
};
use loopscope::tui::model::model::Model;
use loopscope::tui::model::screen::Screen;
use loopscope::tui::screens::stage::draw as stage;
use loopscope::tui::screens::view::draw as screen;
use loopscope::tui::session::playhead::{Mode, Playhead};
use loopscope::tui::session::session::{Run, Session};
use loopscope::tui::settings::panes::Panes;
use loopscope::tui::settings::settings::Settings;
use loopscope::tui::text::theme::{Palette, Theme};
use loopscope::tui::widgets::stage_view::StageView;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

/// Tasks that take turns in the long traces.
const TASKS: u32 = 8;

static NOBODY: loopscope::trace::Answers = loopscope::trace::Answers(Vec::new());

fn main() {
    for alive in [40, 50_000] {
        watched(alive);
    }
    println!("frame at 200x60, playhead in the middle and at the end");
    let requests = traces::plain_requests(common::stories::four_routes_sync(), 10_000, 40);
    let traces = [1_000, 100_000, 1_000_000].map(turns);
    for trace in traces.into_iter().chain([requests]) {
        let timeline = Timeline::from_trace(trace);
        let end = timeline.end();
        for at in [Nanos(end.0 / 2), end] {
            let moment = timeline.moment_at(at);
            let before = Instant::now();
            let world = timeline.world_at(moment);
            let seek = before.elapsed();
            let area = Rect::new(0, 0, 200, 60);
            let mut buf = Buffer::empty(area);
            let rounds = 20;
            let before = Instant::now();
            for _ in 0..rounds {
                let view = view(&timeline, &world, moment, &THEME);
                stage::draw(black_box(&view), area, &mut buf);
            }
            let frame = before.elapsed() / rounds;
            println!(
                "{:>9} events  at {:>8}s   frame {:>7.3} ms   seek {:>7.3} ms",
                timeline.trace().events.len(),
                at.hundredths(),
                frame.as_secs_f64() * 1e3,
                seek.as_secs_f64() * 1e3
            );
        }
    }
    wire();
}

/// A program that is watched with 100,000 lanes and 10,000 blocks, live at 120x40.
fn watched(alive: u32) {
    let trace = traces::watched(common::stories::blocking_sleep(), 100_000, alive);
    let mut session = Session::opened(trace.story.clone(), &[], 1.0);
    session.timeline = Timeline::from_trace(trace);
    session.run = Run::Number(1);
    session.playhead = Playhead::Edge;
    let mut model = Model::new(Vec::new(), Palette::Dark, &Settings::default());
    model.size = (120, 40);
    model.screen = Screen::Stage;
    let blocks = session.timeline.blocks().len();
    let lanes = session.timeline.lanes().len();
    model.session = Some(session);
    let area = Rect::new(0, 0, 120, 40);
    let mut buf = Buffer::empty(area);
    let rounds = 20;
    let before = Instant::now();
    for _ in 0..rounds {
        screen(black_box(&model), area, &mut buf);
    }
    let frame = before.elapsed() / rounds;
    println!(
        "watched, {lanes} lanes, {alive} tasks of them alive, {blocks} blocks, live at 120x40: frame {:>7.3} ms",
        frame.as_secs_f64() * 1e3
    );
}

const THEME: Theme = Theme {
    palette: Palette::Dark,
    ascii: false,
    color: true,
    on_light: false,
};

fn view<'a>(
    timeline: &'a Timeline,
    world: &'a loopscope::timeline::World,
    moment: loopscope::timeline::Moment,
    theme: &'a Theme,
) -> StageView<'a> {
    StageView {
        furthest: Nanos::ZERO,
        timeline,
        world,
        moment,
        language: Language::Python,
        theme,
        mode: Mode::Playing,
        play_speed: 1.0,
        play: "play 1x",
        panes: Panes::all(),
        selected: None,
        first_lane: 0,
        answers: &NOBODY,
        console: None,
        notice: None,
        own_requests: false,
        big: false,
        place: None,
        footer: &[],
        next: None,
        look: loopscope::tui::widgets::stage_view::Look::default(),
    }
}

/// Bytes that frames 33 ms apart send at 120x40.
fn wire() {
    let timeline = Timeline::from_trace(turns(10_000));
    let area = Rect::new(0, 0, 120, 40);
    let mut sizes = Vec::new();
    let options = TerminalOptions {
        viewport: Viewport::Fixed(area),
    };
    let written = Arc::new(AtomicUsize::new(0));
    let backend = CrosstermBackend::new(Counter(Arc::clone(&written)));
    let Ok(mut terminal) = Terminal::with_options(backend, options) else {
        println!("no terminal");
        return;
    };
    for frame in 0..90 {
        let moment = timeline.moment_at(Nanos::from_millis(frame * 33));
        let world = timeline.world_at(moment);
        let drawn = terminal.draw(|frame| {
            let view = view(&timeline, &world, moment, &THEME);
            stage::draw(&view, area, frame.buffer_mut());
        });
        if let Err(error) = drawn {
            println!("{error}");
            return;
        }
        sizes.push(written.swap(0, Ordering::Relaxed));
    }
    let later = &sizes[1..];
    println!(
        "bytes at 120x40: first frame {}, then at most {} and {} on average",
        sizes[0],
        later.iter().max().unwrap_or(&0),
        later.iter().sum::<usize>() / later.len()
    );
}

/// Counts what is written.
struct Counter(Arc<AtomicUsize>);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Tasks that take turns of 0.4 ms, each printing now and then; all within the first pages.
fn turns(events: usize) -> Trace {
    let mut trace = Trace::new(story());
    trace.texts = ["loop", "task", "turn"].map(Into::into).into();
    let mut push = |at: u64, kind| {
        trace.events.push(Event {
            at: Nanos(at),
            kind,
        });
    };
    let thread = ThreadId(0);
    let role = ThreadRole::Loop;
    let name = TextId(0);
    push(0, EventKind::ThreadStarted { thread, role, name });
    for task in 0..TASKS {
        push(
            0,
            EventKind::TaskSpawned {
                task: TaskId(task),
                role: TaskRole::Spawned,
                function: EventKind::NO_FUNCTION,
                parent: TaskId::NONE,
                name: TextId(1),
            },
        );
    }
    // Five seconds, however many events.
    let apart = 5_000_000_000 / events as u64;
    let mut at = apart;
    let mut turn = 0_u32;
    let mut count = TASKS as usize + 1;
    while count + 8 < events {
        let task = TaskId(turn % TASKS);
        let actor = Actor::Task(task);
        let step = StepId(turn % 2);
        let kind = BlockKind::Cpu;
        let by = WakeCause::Itself;
        for kind in [
            EventKind::PollStarted { task, thread },
            EventKind::StepEntered { actor, step },
            EventKind::BlockStarted {
                actor,
                thread,
                kind,
            },
            EventKind::BlockEnded { actor, thread },
            EventKind::Output {
                actor,
                text: TextId(2),
            },
            EventKind::Woken { task, by },
            EventKind::PollEnded { task, thread },
        ] {
            push(at, kind);
            at += apart;
            count += 1;
        }
        turn += 1;
    }
    trace.upto = Nanos(at);
    trace
}

fn story() -> Story {
    let line = |text: &str| {
        vec![Token {
            text: text.into(),
            ..Token::default()
        }]
    };
    let step = |key: &str, python: &str, number: u32| Step {
        key: key.into(),
        python: python.into(),
        line: Line {
            python: number,
            ..Line::default()
        },
        ..Step::default()
    };
    Story {
        title: "Eight tasks that take turns".into(),
        speed: 1.0,
        heartbeat: Nanos::from_millis(100),
        steps: vec![step("cpu", "compute(5)", 2), step("print", "print()", 3)],
        listings: vec![Listing {
            language: Language::Python,
            lines: ["async def turn():", "    compute(5)", "    print()"]
                .map(line)
                .into(),
        }],
        ..Story::default()
    }
}
