//! Several loops that do not share their tasks as a picture: a row a loop.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::panes::pool;
use crate::text::text;
use crate::widgets::scene::Scene;
use crate::widgets::thread_row;
use loopscope_timeline::{State, Thread};
use loopscope_trace::{Nanos, ThreadRole};

/// Whether the picture has a row a loop.
pub(crate) fn fits(scene: &Scene) -> bool {
    let world = scene.view.world;
    let loops = world.threads.iter();
    let loops = loops.filter(|thread| thread.role == ThreadRole::Loop);
    world.has_own_loops() && loops.count() > 1
}

/// Draws it: whose turn it is on each loop, who is ready for it, who waits; below it the backlog
/// and the pool.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
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
            text::put(
                buf,
                area.x + x,
                y,
                words,
                area.width.saturating_sub(x),
                style,
            );
        }
    };
    for (x, words) in columns
        .into_iter()
        .zip(["loop", "has the turn", "ready", "waiting"])
    {
        put(buf, x, y, words, theme.dim());
    }
    let threads = scene.view.world.threads.iter();
    let loops = threads.filter(|thread| thread.role == ThreadRole::Loop);
    let mut loops: Vec<&Thread> = loops.collect();
    loops.sort_by_key(|thread| thread_row::order(scene, thread.id));
    for thread in loops {
        y += 1 + u16::from(wide);
        if y + 2 >= area.bottom() {
            break;
        }
        put_loop(scene, thread, columns, (area, y), buf);
    }
    y += 2;
    let backlog = &scene.view.world.backlog;
    let (words, style) = match backlog.front() {
        None => ("none".to_owned(), theme.dim()),
        Some(first) => {
            let request = scene.view.world.request(*first);
            let since = request.map_or(Nanos::ZERO, |request| request.sent);
            let long = scene.length(scene.now().since(since));
            let style = theme.state(State::InBacklog);
            let glyph = theme.glyph(State::InBacklog);
            (format!("{glyph} {}  {long}", backlog.len()), style)
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
    let (words, style) = match thread.doing {
        None if thread.ended => ("ended".to_owned(), theme.dim()),
        None => ("free".to_owned(), theme.text()),
        Some(doing) => {
            let state = match doing.blocking {
                Some(_) => State::Blocking,
                None => State::Running,
            };
            let since = doing.blocking.map_or(doing.since, |(_, since)| since);
            let lane = scene.lane_of(doing.actor);
            let who = lane.map_or_else(|| "?".to_owned(), |lane| scene.short(lane));
            let long = scene.length(scene.now().since(since));
            let glyph = theme.glyph(state);
            (format!("{glyph} {who} {long}"), theme.state(state))
        }
    };
    put(buf, turn, &words, ready - turn - 1, style);
    let (hungry, waits) = counts(scene, thread);
    for (x, count, state) in [
        (ready, hungry, State::Ready),
        (waiting, waits, State::Waiting),
    ] {
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
