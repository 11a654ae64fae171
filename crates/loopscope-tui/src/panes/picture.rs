//! The loop as a picture: backlog → ready → the loop → waiting, and the pool below, also for a small window.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::panes::pool;
use crate::text::text;
use crate::widgets::parts::boxed;
use crate::widgets::scene::{LATE, Scene};
use crate::widgets::thread_row;
use loopscope_timeline::{State, Thread};
use loopscope_trace::{Actor, Nanos, TaskId, ThreadRole};

/// One of the places in which requests and tasks stand in line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue {
    /// How many.
    pub count: usize,
    /// The name of the only one.
    pub name: String,
    /// The state of the only one, else of the place.
    pub state: State,
    /// How long the first has been there.
    pub length: Nanos,
    /// How many of them are overdue.
    pub overdue: usize,
}

/// The actor that has a loop.
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    /// `A`, else the task's name.
    pub short: String,
    /// `A tab 1`.
    pub name: String,
    /// Running, or blocking where the thread is not given back.
    pub state: State,
    /// How long.
    pub length: Nanos,
    /// The task.
    pub actor: Actor,
}

/// The figures of the picture.
#[derive(Clone, Debug)]
pub(crate) struct Figures {
    /// Requests in the backlog.
    pub backlog: Queue,
    /// Tasks that could run.
    pub ready: Queue,
    /// Tasks at an await, overdue ones too.
    pub waiting: Queue,
    /// What has a loop, of each loop that is taken.
    pub held: Vec<Holder>,
    /// How many loops there are.
    pub loops: usize,
}

/// The loops' threads.
pub(crate) fn loops<'a>(scene: &Scene<'a>) -> impl Iterator<Item = &'a Thread> + Clone {
    let threads = scene.view.world.threads.iter();
    threads.filter(|thread| thread.role == ThreadRole::Loop)
}

impl Figures {
    /// The figures at the playhead.
    pub fn of(scene: &Scene) -> Self {
        let loops = loops(scene);
        Self {
            backlog: backlog(scene),
            ready: ready(scene),
            waiting: waiting(scene),
            held: loops.clone().filter_map(|one| held(scene, one)).collect(),
            loops: loops
                .count()
                .max(usize::from(scene.view.watched().is_none())),
        }
    }

    /// The title over the box.
    pub const fn heading(&self) -> &'static str {
        if self.loops > 1 {
            "the loops"
        } else {
            "the loop"
        }
    }
}

/// What has this loop; `None` while it is free.
pub(crate) fn held(scene: &Scene, thread: &Thread) -> Option<Holder> {
    let doing = thread.doing?;
    let lane = scene.lane_of(doing.actor);
    let unknown = || "?".to_owned();
    let (state, since) = match doing.blocking {
        Some((_, since)) => (State::Blocking, since),
        None => (State::Running, doing.since),
    };
    Some(Holder {
        short: lane.map_or_else(unknown, |lane| scene.short(lane)),
        name: lane.map_or_else(unknown, |lane| scene.name(lane)),
        state,
        length: scene.now().since(since),
        actor: doing.actor,
    })
}

pub(crate) fn backlog(scene: &Scene) -> Queue {
    let (world, timeline) = (scene.view.world, scene.view.timeline);
    let first = world.backlog.front();
    let request = first.and_then(|first| world.requests.get(first.index()));
    let lane = first.and_then(|first| timeline.lane(timeline.lane_of_request(*first)?));
    Queue {
        count: world.backlog.len(),
        name: lane.map_or_else(|| "?".into(), |lane| scene.name(lane)),
        state: State::InBacklog,
        length: request.map_or(Nanos::ZERO, |request| scene.now().since(request.sent)),
        overdue: 0,
    }
}

fn ready(scene: &Scene) -> Queue {
    let world = scene.view.world;
    let first = world.ready.front();
    let task = first.and_then(|first| world.tasks.get(first.index()));
    Queue {
        count: world.ready.len(),
        name: first.map_or_else(String::new, |first| task_name(scene, *first)),
        state: State::Ready,
        length: task.map_or(Nanos::ZERO, |task| scene.now().since(task.since)),
        overdue: 0,
    }
}

fn waiting(scene: &Scene) -> Queue {
    let now = scene.now();
    let mut queue = Queue {
        state: State::Waiting,
        ..Queue::default()
    };
    let tasks = scene.view.world.tasks.iter();
    for task in tasks.filter(|task| matches!(task.state, State::Waiting | State::Overdue)) {
        // Each timer is late by a moment; it is news when that lasts.
        let late = task.deadline.map_or(Nanos::ZERO, |due| now.since(due));
        let overdue = task.state == State::Overdue && late >= LATE;
        queue.count += 1;
        queue.overdue += usize::from(overdue);
        if queue.count == 1 {
            queue.name = task_name(scene, task.id);
            (queue.state, queue.length) = match overdue {
                true => (State::Overdue, late),
                false => (State::Waiting, now.since(task.since)),
            };
        }
    }
    queue
}

fn task_name(scene: &Scene, task: TaskId) -> String {
    let lane = scene.lane_of(Actor::Task(task));
    lane.map_or_else(|| "?".into(), |lane| scene.name(lane))
}

/// Draws the picture for 41 columns.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    if area.width < 41 || area.height < 6 {
        return draw_row(scene, Rect { height: 1, ..area }, buf);
    }
    let figures = Figures::of(scene);
    let (dim, y) = (scene.view.theme.dim(), area.y);
    let heading = figures.heading();
    let headings = ["backlog", "ready", heading, "waiting"];
    for (x, words) in [1, 11, 21, 32].into_iter().zip(headings) {
        text::put(buf, area.x + x, y, words, 9_u16, dim);
    }
    let below = y + if figures.held.is_empty() { 3 } else { 4 };
    // Figures first: beside a free loop they stand where the way back would go up.
    woken((area.x, below), dim, buf);
    draw_queue(scene, &figures.backlog, (area.x + 1, y + 2, 7), buf);
    draw_queue(scene, &figures.ready, (area.x + 11, y + 2, 7), buf);
    draw_queue(scene, &figures.waiting, (area.x + 32, y + 2, 9), buf);
    for x in [9, 19, 30] {
        text::put(buf, area.x + x, y + 2, "→", 1_u16, dim);
    }
    draw_box(scene, &figures, (area.x + 21, y + 1), buf);
    let pool = scene.view.world.pools_in_use();
    // A figure stands in the last row; slots take the two above it.
    let used = pool.busy + pool.queued > 0;
    let top = if used { below } else { y + 4 } + 2;
    let rows = area.bottom().saturating_sub(top);
    pool::slots(scene, Rect::new(area.x, top, area.width, rows), buf);
}

/// What stands in a place: nothing, one task with its name and time, or a count.
fn draw_queue(scene: &Scene, queue: &Queue, (x, y, wide): (u16, u16, u16), buf: &mut Buffer) {
    let theme = scene.view.theme;
    let (first, second) = match (queue.count, queue.state) {
        (0, _) => (("none".to_owned(), theme.dim()), None),
        (1, state) => {
            let words = match state {
                State::Waiting | State::Overdue => state.word().to_owned(),
                _ => scene.length_in(queue.length, usize::from(wide - 1)),
            };
            let words = format!("{} {words}", theme.glyph(state));
            ((queue.name.clone(), theme.text()), Some((words, state)))
        }
        (count, state) => {
            let kind = match state {
                State::Overdue => State::Waiting,
                state => state,
            };
            let words = format!("{} {}", theme.glyph(kind), count - queue.overdue);
            let second = if queue.overdue > 0 {
                let words = format!("{} {}", theme.glyph(State::Overdue), queue.overdue);
                Some((words, State::Overdue))
            } else {
                let long = scene.length_in(queue.length, usize::from(wide - 1));
                (state != State::Waiting).then(|| (format!("  {long}"), state))
            };
            ((words, theme.state(kind)), second)
        }
    };
    text::put(buf, x, y, &first.0, wide, first.1);
    if let Some((words, state)) = second {
        text::put(buf, x, y + 1, &words, wide + 1, theme.state(state));
    }
}

/// The box: single while the loop is free, double while something holds it.
fn draw_box(scene: &Scene, figures: &Figures, (x, y): (u16, u16), buf: &mut Buffer) {
    let theme = scene.view.theme;
    let Some(held) = figures.held.first() else {
        boxed(["┌──────┐", "│", "└──────┘"], (x, y, 1), theme.dim(), buf);
        text::put(buf, x + 2, y + 1, figures.idle(), 4_u16, theme.text());
        return;
    };
    let blocks = |held: &Holder| held.state == State::Blocking;
    let (sides, state) = if figures.held.iter().any(blocks) {
        (["╔══════╗", "║", "╚══════╝"], State::Blocking)
    } else {
        (["┌──────┐", "│", "└──────┘"], State::Running)
    };
    let style = theme.state(state);
    boxed(sides, (x, y, 2), style, buf);
    let who = if figures.loops > 1 {
        format!("{}/{}", figures.held.len(), figures.loops)
    } else {
        text::fit(&held.short, 4)
    };
    let gap = if text::width(&who) > 3 { "" } else { " " };
    let words = format!("{gap}{}{gap}{who}", theme.glyph(state));
    text::put(buf, x + 1, y + 1, &words, 6_u16, style);
    let long = format!("{:>6}", scene.length_in(held.length, 6));
    text::put(buf, x + 1, y + 2, &long, 6_u16, style);
}

/// The way back from waiting to ready.
fn woken((x, y): (u16, u16), dim: Style, buf: &mut Buffer) {
    text::put(buf, x + 13, y, "▲", 1_u16, dim);
    text::put(buf, x + 36, y, "│", 1_u16, dim);
    text::put(buf, x + 13, y + 1, "└─────── woken ────────┘", 24_u16, dim);
}

/// The picture in one row: `backlog 1  ready 1  loop A ▓ 3.40s  waiting 1  pool 0/40`.
pub(crate) fn draw_row(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let figures = Figures::of(scene);
    let theme = scene.view.theme;
    let (turn, turn_style) = match figures.held.first() {
        None => ("loop free".to_owned(), theme.text()),
        Some(held) => {
            let (glyph, long) = (theme.glyph(held.state), scene.length(held.length));
            let words = format!("loop {} {glyph} {long}", held.short);
            (words, theme.state(held.state))
        }
    };
    let (busy, threads) = thread_row::figures(scene);
    let queued = match scene.view.world.pools_in_use().queued {
        0 => String::new(),
        queued => format!(" +{queued}"),
    };
    let backlog = format!("backlog {}", figures.backlog.count);
    let ready = format!("ready {}", figures.ready.count);
    let waiting = format!("waiting {}", figures.waiting.count);
    let pool = format!("pool {busy}/{threads}{queued}");
    let mut x = area.x + 1;
    for (words, style) in [
        (backlog, theme.state(State::InBacklog)),
        (ready, theme.state(State::Ready)),
        (turn, turn_style),
        (waiting, theme.dim()),
        (pool, theme.text()),
    ] {
        let room = area.right().saturating_sub(x);
        if text::width(&words) > usize::from(room) {
            return;
        }
        x += text::put(buf, x, area.y, &words, room, style) + 2;
    }
}
