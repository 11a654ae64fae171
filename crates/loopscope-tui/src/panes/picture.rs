//! The loop as a picture: backlog → ready → the loop → waiting, and the pool below.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::panes::pool;
use crate::text::text;
use crate::widgets::figures::{Figures, Queue};
use crate::widgets::scene::Scene;
use crate::widgets::thread_row;
use loopscope_timeline::State;

/// Draws the picture for 41 columns.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    if area.width < 41 || area.height < 6 {
        draw_row(scene, Rect { height: 1, ..area }, buf);
        return;
    }
    let figures = Figures::of(scene);
    let theme = scene.view.theme;
    let (dim, y) = (theme.dim(), area.y);
    let heading = if figures.loops > 1 {
        "the loops"
    } else {
        "the loop"
    };
    for (x, words) in [
        (1, "backlog"),
        (11, "ready"),
        (21, heading),
        (32, "waiting"),
    ] {
        text::put(buf, area.x + x, y, words, 9_u16, dim);
    }
    let taken = !figures.held.is_empty();
    let below = y + if taken { 4 } else { 3 };
    // Figures first: beside a free loop they stand where the way back would go up.
    woken(scene, (area.x, below), buf);
    draw_queue(scene, &figures.backlog, (area.x + 1, y + 2, 7), buf);
    draw_queue(scene, &figures.ready, (area.x + 11, y + 2, 7), buf);
    draw_queue(scene, &figures.waiting, (area.x + 32, y + 2, 9), buf);
    for x in [9, 19, 30] {
        text::put(buf, area.x + x, y + 2, "→", 1_u16, dim);
    }
    let world = scene.view.world;
    draw_box(scene, &figures, (area.x + 21, y + 1), buf);
    let pool = world.pools_in_use();
    let pool = pool.busy + pool.queued > 0;
    // A figure stands in the last row; slots take the two above it.
    let below = if pool { below } else { y + 4 };
    let pool = Rect::new(
        area.x,
        below + 2,
        area.width,
        area.bottom().saturating_sub(below + 2),
    );
    pool::slots(scene, pool, buf);
}

/// What stands in a place: nothing, one task with its name and time, or a count.
fn draw_queue(scene: &Scene, queue: &Queue, (x, y, wide): (u16, u16, u16), buf: &mut Buffer) {
    let theme = scene.view.theme;
    let style = theme.state(queue.state);
    match (queue.count, queue.state) {
        (0, _) => {
            text::put(buf, x, y, "none", wide, theme.dim());
        }
        (1, State::Waiting) => {
            text::put(buf, x, y, &queue.name, wide, theme.text());
            let words = format!("{} waiting", theme.glyph(queue.state));
            text::put(buf, x, y + 1, &words, wide, style);
        }
        (1, State::Overdue) => {
            text::put(buf, x, y, &queue.name, wide, theme.text());
            let words = format!("{} overdue", theme.glyph(queue.state));
            text::put(buf, x, y + 1, &words, wide, style);
        }
        (1, _) => {
            text::put(buf, x, y, &queue.name, wide, theme.text());
            let long = scene.length(queue.length);
            let words = format!("{} {long}", theme.glyph(queue.state));
            text::put(buf, x, y + 1, &words, wide + 1, style);
        }
        (count, state) => {
            let kind = if state == State::Overdue {
                State::Waiting
            } else {
                state
            };
            let words = format!("{} {}", theme.glyph(kind), count - queue.overdue);
            text::put(buf, x, y, &words, wide, theme.state(kind));
            if queue.overdue > 0 {
                let words = format!("{} {}", theme.glyph(State::Overdue), queue.overdue);
                text::put(buf, x, y + 1, &words, wide, theme.state(State::Overdue));
            } else if state != State::Waiting {
                let words = format!("  {}", scene.length(queue.length));
                text::put(buf, x, y + 1, &words, wide + 1, style);
            }
        }
    }
}

/// The box: single while the loop is free, double while something holds it.
fn draw_box(scene: &Scene, figures: &Figures, (x, y): (u16, u16), buf: &mut Buffer) {
    let theme = scene.view.theme;
    let Some(held) = figures.held.first() else {
        boxed(["┌──────┐", "│", "└──────┘"], (x, y, 1), theme.dim(), buf);
        text::put(buf, x + 2, y + 1, "free", 4_u16, theme.text());
        return;
    };
    let (sides, state) = if figures.blocked() {
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
    let lead = if text::width(&who) > 3 { "" } else { " " };
    let gap = if text::width(&who) > 3 { "" } else { " " };
    let words = format!("{lead}{}{gap}{who}", theme.glyph(state));
    text::put(buf, x + 1, y + 1, &words, 6_u16, style);
    let long = format!("{:>6}", scene.length(held.length));
    text::put(buf, x + 1, y + 2, &long, 6_u16, style);
}

/// A box with `rows` rows inside: its top, its side, its bottom.
pub(crate) fn boxed(
    [top, side, bottom]: [&str; 3],
    (x, y, rows): (u16, u16, u16),
    style: Style,
    buf: &mut Buffer,
) {
    let wide = text::width(top) as u16;
    text::put(buf, x, y, top, wide, style);
    for row in 1..=rows {
        text::put(buf, x, y + row, side, 1_u16, style);
        text::put(buf, x + wide - 1, y + row, side, 1_u16, style);
    }
    text::put(buf, x, y + rows + 1, bottom, wide, style);
}

/// The way back from waiting to ready.
fn woken(scene: &Scene, (x, y): (u16, u16), buf: &mut Buffer) {
    let dim = scene.view.theme.dim();
    text::put(buf, x + 13, y, "▲", 1_u16, dim);
    text::put(buf, x + 36, y, "│", 1_u16, dim);
    text::put(buf, x + 13, y + 1, "└─────── woken ────────┘", 24_u16, dim);
}

/// The picture in one row: `backlog 1  ready 1  loop A ▓ 3.40s  waiting 1  pool 0/40`.
pub(crate) fn draw_row(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let figures = Figures::of(scene);
    let theme = scene.view.theme;
    let held = figures.held.first();
    let (state, words) = match held {
        None => (State::Waiting, "loop free".to_owned()),
        Some(held) => {
            let state = if held.blocking {
                State::Blocking
            } else {
                State::Running
            };
            let long = scene.length(held.length);
            (
                state,
                format!("loop {} {} {long}", held.short, theme.glyph(state)),
            )
        }
    };
    let (busy, threads) = thread_row::figures(scene);
    let pool = scene.view.world.pools_in_use();
    let queued = if pool.queued > 0 {
        format!(" +{}", pool.queued)
    } else {
        String::new()
    };
    let parts = [
        (
            format!("backlog {}", figures.backlog.count),
            theme.state(State::InBacklog),
        ),
        (
            format!("ready {}", figures.ready.count),
            theme.state(State::Ready),
        ),
        (
            words,
            if held.is_some() {
                theme.state(state)
            } else {
                theme.text()
            },
        ),
        (format!("waiting {}", figures.waiting.count), theme.dim()),
        (format!("pool {busy}/{threads}{queued}"), theme.text()),
    ];
    let mut x = area.x + 1;
    for (words, style) in parts {
        let room = area.right().saturating_sub(x);
        if text::width(&words) > usize::from(room) {
            return;
        }
        x += text::put(buf, x, area.y, &words, room, style) + 2;
    }
}
