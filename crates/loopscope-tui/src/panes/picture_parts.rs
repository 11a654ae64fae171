//! Parts of the picture: loops side by side, and the roomy picture of one loop.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::panes::picture;
use crate::panes::picture::{Figures, Queue, held};
use crate::panes::pool;
use crate::text::text;
use crate::widgets::parts::boxed;
use crate::widgets::scene::Scene;
use crate::widgets::thread_row;
use loopscope_timeline::{State, Thread, explain};

/// Columns and rows that it needs.
pub(crate) const LEAST: (u16, u16) = (72, 11);

/// Draws it.
pub(crate) fn draw_roomy(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let figures = Figures::of(scene);
    let theme = scene.view.theme;
    let dim = theme.dim();
    let (left, y) = (area.x, area.y + 1);
    let columns = [
        (
            2,
            "backlog",
            explain::number_of(figures.backlog.count, "request"),
        ),
        (19, "ready", explain::number_of(figures.ready.count, "task")),
        (34, figures.heading(), loops(&figures)),
        (
            58,
            "waiting",
            explain::number_of(figures.waiting.count, "task"),
        ),
    ];
    for (x, heading, figure) in columns {
        text::put(buf, left + x, y, heading, 15_u16, dim);
        text::put(buf, left + x, y + 1, &figure, 18_u16, theme.text());
    }
    draw_queue(scene, &figures.backlog, (left + 2, y + 3, 10), buf);
    draw_queue(scene, &figures.ready, (left + 19, y + 3, 9), buf);
    let waiting = (left + 58, y + 3, area.width - 58);
    draw_queue(scene, &figures.waiting, waiting, buf);
    for (x, arrow) in [(13, "────→"), (29, "───→"), (54, "──→")] {
        text::put(buf, left + x, y + 3, arrow, 5_u16, dim);
    }
    draw_box(scene, &figures, (left + 34, y + 2), buf);
    for (x, y, sign) in [(22, y + 5, "▲"), (22, y + 6, "│")] {
        text::put(buf, left + x, y, sign, 1_u16, dim);
        text::put(buf, left + 64, y, "│", 1_u16, dim);
    }
    let back = "└────────── woken: timer, pool, client ───┘";
    text::put(buf, left + 22, y + 7, back, 43_u16, dim);
    let rows = area.bottom().saturating_sub(y + 9);
    let pool = Rect::new(left + 1, y + 9, area.width - 1, rows);
    pool::slots(scene, pool, buf);
}

impl Figures {
    /// What stands in the box while nothing has the loop.
    pub(crate) const fn idle(&self) -> &'static str {
        if self.loops == 0 { "none" } else { "free" }
    }
}

fn loops(figures: &Figures) -> String {
    let threads = explain::number_of(figures.loops, "thread");
    if figures.loops > 1 {
        return format!("{threads}, {} taken", figures.held.len());
    }
    match figures.held.first() {
        None if figures.loops == 0 => "none so far".to_owned(),
        None => format!("{threads}, free"),
        Some(held) if held.state == State::Blocking => format!("{threads}, held"),
        Some(_) => format!("{threads}, taken"),
    }
}

/// The glyph stands before the name; the time below it.
fn draw_queue(scene: &Scene, queue: &Queue, (x, y, wide): (u16, u16, u16), buf: &mut Buffer) {
    let theme = scene.view.theme;
    if queue.count == 0 {
        text::put(buf, x + 2, y, "none", wide, theme.dim());
        return;
    }
    let style = theme.state(queue.state);
    text::put(buf, x, y, theme.glyph(queue.state), 1_u16, style);
    let long = scene.length(queue.length);
    let (first, second) = match (queue.count, queue.state) {
        (1, State::Overdue) => (queue.name.clone(), format!("overdue {long}")),
        (1, State::Waiting) => (queue.name.clone(), "at an await".to_owned()),
        (1, _) => (queue.name.clone(), long),
        (count, State::Waiting | State::Overdue) if queue.overdue > 0 => {
            (format!("{count}"), format!("{} overdue", queue.overdue))
        }
        (count, State::Waiting) => (format!("{count}"), "at an await".to_owned()),
        (count, _) => (format!("{count}"), long),
    };
    text::put(buf, x + 2, y, &first, wide - 2, theme.text());
    text::put(buf, x + 2, y + 1, &second, wide - 2, style);
}

/// The box with who, the step, its line and its time.
fn draw_box(scene: &Scene, figures: &Figures, (x, y): (u16, u16), buf: &mut Buffer) {
    const SINGLE: [&str; 3] = ["┌─────────────────┐", "│", "└─────────────────┘"];
    const DOUBLE: [&str; 3] = ["╔═════════════════╗", "║", "╚═════════════════╝"];
    let theme = scene.view.theme;
    let Some(held) = figures.held.first() else {
        boxed(SINGLE, (x, y, 3), theme.dim(), buf);
        text::put(buf, x + 2, y + 1, figures.idle(), 15_u16, theme.text());
        return;
    };
    let (state, style) = (held.state, theme.state(held.state));
    let sides = match state {
        State::Blocking => DOUBLE,
        _ => SINGLE,
    };
    boxed(sides, (x, y, 3), style, buf);
    let who = format!("{} {}", theme.glyph(state), held.name);
    text::put(buf, x + 2, y + 1, &who, 15_u16, style);
    let lane = scene.lane_of(held.actor);
    let step = lane.and_then(|lane| scene.state(lane.id).2);
    let place = scene.view.watched().and_then(|_| scene.place(step));
    if let Some(written) = place.as_deref().or(scene.written(step)) {
        text::put(buf, x + 4, y + 2, written, 14_u16, style);
    }
    let long = scene.length(held.length);
    let words = match scene.line(step) {
        Some(line) if place.is_none() => format!("line {line}  {long}"),
        _ => long,
    };
    text::put(buf, x + 4, y + 3, &words, 14_u16, style);
}

/// Whether the picture has a row a loop.
pub(crate) fn fits(scene: &Scene) -> bool {
    scene.view.world.has_own_loops() && picture::loops(scene).count() > 1
}

/// Draws it: whose turn it is on each loop, who is ready for it, who waits; below it the backlog
/// and the pool.
pub(crate) fn draw_loops(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let wide = area.width >= 72;
    let columns: [u16; 4] = if wide {
        [2, 19, 45, 58]
    } else {
        [1, 12, 27, 34]
    };
    let mut y = area.y + u16::from(wide);
    let put = |buf: &mut Buffer, x: u16, y: u16, words: &str, style| {
        if y < area.bottom() {
            text::put_in(buf, area, (x, y), words, style);
        }
    };
    let headings = ["loop", "has the turn", "ready", "waiting"];
    for (x, words) in columns.into_iter().zip(headings) {
        put(buf, x, y, words, theme.dim());
    }
    let mut loops: Vec<&Thread> = picture::loops(scene).collect();
    loops.sort_by_key(|thread| thread_row::order(scene, thread.id));
    for thread in loops {
        y += 1 + u16::from(wide);
        if y + 2 >= area.bottom() {
            break;
        }
        put_loop(scene, thread, columns, (area, y), buf);
    }
    y += 2;
    let backlog = picture::backlog(scene);
    let (words, style) = match backlog.count {
        0 => ("none".to_owned(), theme.dim()),
        count => {
            let (glyph, long) = (theme.glyph(backlog.state), scene.length(backlog.length));
            (
                format!("{glyph} {count}  {long}"),
                theme.state(backlog.state),
            )
        }
    };
    if scene.view.timeline.story().is_server() {
        put(buf, columns[0], y, "backlog", theme.dim());
        put(buf, columns[1], y, &words, style);
        y += 1;
    }
    let pool = Rect::new(area.x, y, area.width, area.bottom().saturating_sub(y));
    pool::slots(scene, pool, buf);
}

fn put_loop(
    scene: &Scene,
    thread: &Thread,
    [name, turn, ready, waiting]: [u16; 4],
    (area, y): (Rect, u16),
    buf: &mut Buffer,
) {
    let theme = scene.view.theme;
    let put = |buf: &mut Buffer, x: u16, words: &str, most: u16, style| {
        let room = area.width.saturating_sub(x).min(most);
        text::put(buf, area.x + x, y, words, room, style);
    };
    let words = scene.view.timeline.trace().text(thread.name);
    put(buf, name, words, turn - name - 1, theme.text());
    let (words, style) = match held(scene, thread) {
        None if thread.ended => ("ended".to_owned(), theme.dim()),
        None => ("free".to_owned(), theme.text()),
        Some(held) => {
            let (glyph, long) = (theme.glyph(held.state), scene.length(held.length));
            (
                format!("{glyph} {} {long}", held.short),
                theme.state(held.state),
            )
        }
    };
    put(buf, turn, &words, ready - turn - 1, style);
    let (hungry, waits) = counts(scene, thread);
    let queues = [
        (ready, hungry, State::Ready),
        (waiting, waits, State::Waiting),
    ];
    for (x, count, state) in queues {
        let (words, style) = match count {
            0 => ("none".to_owned(), theme.dim()),
            count => (
                format!("{} {count}", theme.glyph(state)),
                theme.state(state),
            ),
        };
        put(buf, x, &words, 7, style);
    }
}

/// How many tasks could run on a loop, and how many of its tasks wait.
fn counts(scene: &Scene, thread: &Thread) -> (usize, usize) {
    let world = scene.view.world;
    let (mut hungry, mut waits) = (0, 0);
    for task in &world.tasks {
        if task.home == Some(thread.id) {
            hungry += usize::from(task.state.could_run());
            waits += usize::from(task.state == State::Waiting);
        }
    }
    (hungry, waits)
}
