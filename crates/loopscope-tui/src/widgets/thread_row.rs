//! A row of a thread or a lane: its name, its ticks, its turns.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::axis::Axis;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::scene::Scene;
use crate::widgets::strip::{Run, open};
use crate::widgets::turns::{Content, alike, crowded, inks};
use loopscope_timeline::{State, ThreadSpan, ThreadTrack};
use loopscope_trace::{Actor, Nanos, TaskId, ThreadId, ThreadRole};

/// Which cells hold a tick of the heartbeat.
pub(crate) fn beat_cells(scene: &Scene, axis: &Axis, task: Option<TaskId>) -> Vec<bool> {
    let timeline = scene.view.timeline;
    let beats = task.map(|task| timeline.beats_of(task));
    let beats = beats.as_deref().unwrap_or_else(|| timeline.beats());
    let seen = beats.partition_point(|beat| *beat <= scene.now());
    let beats = &beats[..seen];
    (0..axis.cells)
        .map(|cell| {
            let first = beats.partition_point(|beat| *beat < axis.start(cell));
            let last = cell + 1 == axis.cells;
            beats
                .get(first)
                .is_some_and(|beat| last || *beat < axis.start(cell + 1))
        })
        .collect()
}

/// The ticks of the heartbeat.
pub(crate) fn draw_beats(scene: &Scene, axis: &Axis, beats: &[bool], y: u16, buf: &mut Buffer) {
    let theme = scene.view.theme;
    for (cell, _) in beats.iter().enumerate().filter(|beat| *beat.1) {
        let x = axis.left + cell as u16;
        text::put(buf, x, y, theme.sign(Sign::Beat), 1_u16, theme.text());
    }
}

/// A name in front of a strip.
pub(crate) fn put_name(
    scene: &Scene,
    name: &str,
    style: ratatui::style::Style,
    area: Rect,
    y: u16,
    buf: &mut Buffer,
) {
    let (x, strip) = scene.names(area.width);
    let wide = strip.saturating_sub(x + 1 + scene.says());
    text::put(buf, area.x + x, y, name, wide, style);
}

/// How many threads of the pools in use are busy, of how many.
pub(crate) fn figures(scene: &Scene) -> (u32, u32) {
    let pool = scene.view.world.pools_in_use();
    (pool.busy, pool.threads)
}

/// The tracks of the threads that have this role now.
pub(crate) fn of_role<'a>(
    scene: &Scene<'a>,
    role: ThreadRole,
) -> impl Iterator<Item = &'a ThreadTrack> {
    let view = scene.view;
    view.timeline.thread_tracks().iter().filter(move |track| {
        view.world
            .threads
            .get(track.thread.index())
            .is_some_and(|thread| thread.role == role)
    })
}

/// The loops' tracks by their names: a thread's first event comes when it likes.
pub(crate) fn loops<'a>(scene: &Scene<'a>) -> Vec<&'a ThreadTrack> {
    let mut tracks: Vec<&ThreadTrack> = of_role(scene, ThreadRole::Loop).collect();
    tracks.sort_by_key(|track| order(scene, track.thread));
    tracks
}

/// `loop` comes before `loop-2`, and that before `loop-10`.
pub(crate) fn order<'a>(scene: &Scene<'a>, thread: ThreadId) -> (usize, &'a str) {
    let thread = scene.view.world.thread(thread);
    let name = thread.map_or("", |thread| scene.view.timeline.trace().text(thread.name));
    (name.len(), name)
}

/// The loop's lane where the threads have no pane of their own.
pub(crate) fn loop_lane(scene: &Scene, axis: &Axis, area: Rect, y: u16, buf: &mut Buffer) {
    match loops(scene).first() {
        Some(track) => draw_track(scene, track, axis, area, y, buf),
        None => put_name(scene, "loop", scene.view.theme.text(), area, y, buf),
    }
}

pub(crate) fn draw_track(
    scene: &Scene,
    track: &ThreadTrack,
    axis: &Axis,
    area: Rect,
    y: u16,
    buf: &mut Buffer,
) {
    let theme = scene.view.theme;
    let threads = &scene.view.world.threads;
    let Some(thread) = threads.get(track.thread.index()) else {
        return;
    };
    let name = scene.view.timeline.trace().text(thread.name);
    put_name(scene, name, theme.text(), area, y, buf);
    let inks = inks(scene, track, axis);
    let mut start = 0;
    while start < inks.len() {
        let (ink, span) = inks[start];
        let crowded = start + crowded(&inks[start..]);
        if crowded > start {
            draw_crowded(
                scene,
                track,
                axis,
                (start, crowded, y),
                &inks,
                thread.role,
                buf,
            );
            start = crowded;
            continue;
        }
        let end = start + alike(&inks[start..]);
        let run = (start as u16, end as u16, y);
        draw_run(scene, track, axis, run, (ink, span), thread.role, buf);
        for (cell, (ink, _)) in inks.iter().enumerate().take(end).skip(start + 1) {
            // Within one turn, plain running and holding look different.
            if let Content::Busy(_, held) = ink
                && ink != &inks[start].0
            {
                let state = busy_state(thread.role, *held);
                let x = axis.left + cell as u16;
                if buf[(x, y)].symbol() == theme.glyph(busy_state(thread.role, !held)) {
                    text::put(buf, x, y, theme.glyph(state), 1_u16, theme.state(state));
                }
            }
        }
        start = end;
    }
}

/// More turns than this are counted, and not looked at one by one.
const COUNTED: usize = 1_000;

/// How many turns one sees, and how long they are in words.
fn lengths_of(scene: &Scene, spans: &[ThreadSpan]) -> (usize, String) {
    let now = scene.now();
    let lengths = spans
        .iter()
        .map(|span| span.to.unwrap_or(now).min(now).since(span.from));
    let mut lengths: Vec<Nanos> = lengths.collect();
    // What takes no part of a cell is not what one sees.
    let longest = lengths.iter().max().copied().unwrap_or_default();
    lengths.retain(|length| length.0 * 10 >= longest.0.max(1));
    let turns = lengths.len();
    // One that goes on may be shorter than it will be.
    let ended = lengths.iter().take(turns.saturating_sub(1).max(1));
    let (least, most) = (ended.clone().min(), ended.max());
    let label = match (least, most) {
        (Some(least), Some(most)) if scene.length(*least) == scene.length(*most) => {
            format!("{turns} turns of {}", scene.length(*most))
        }
        (Some(least), Some(most)) => {
            let (least, most) = (scene.length(*least), scene.length(*most));
            format!("{turns} turns of {least} to {most}")
        }
        _ => String::new(),
    };
    (turns, label)
}

/// Many short turns as one run: how many there are, and how long each is.
fn draw_crowded(
    scene: &Scene,
    track: &ThreadTrack,
    axis: &Axis,
    (start, end, y): (usize, usize, u16),
    inks: &[(Content, usize)],
    role: ThreadRole,
    buf: &mut Buffer,
) {
    let theme = scene.view.theme;
    let held = matches!(inks[start].0, Content::Busy(_, true));
    let state = busy_state(role, held);
    let now = scene.now();
    let from = axis.start(start as u16);
    // The last cell goes on to the playhead.
    let to = match end == inks.len() {
        true => now.min(axis.page.end()),
        false => axis.start(end as u16).min(now),
    };
    let spans = &track.spans;
    let first = spans.partition_point(|span| span.to.is_some_and(|end| end <= from));
    let last = first + spans[first..].partition_point(|span| span.from < to);
    let look = (theme.glyph(state), theme.state(state));
    let run = Run::on(axis, (start as u16, end as u16, y), look, to == now);
    let (turns, label) = match &spans[first..last] {
        few if few.len() <= COUNTED => lengths_of(scene, few),
        many => (many.len(), format!("{} turns", many.len())),
    };
    let short = format!("{turns} turns");
    run.draw([label.as_str(), short.as_str()], buf);
}

const fn busy_state(role: ThreadRole, held: bool) -> State {
    match (role, held) {
        (ThreadRole::Loop, true) => State::Blocking,
        (ThreadRole::Loop, false) => State::Running,
        (ThreadRole::Pool | ThreadRole::Client | ThreadRole::Process, _) => State::OnPool,
    }
}

/// A run of cells: the letter, the glyph, and what is being done where it fits.
fn draw_run(
    scene: &Scene,
    track: &ThreadTrack,
    axis: &Axis,
    cells: (u16, u16, u16),
    (ink, span): (Content, usize),
    role: ThreadRole,
    buf: &mut Buffer,
) {
    let theme = scene.view.theme;
    let letter = |actor: Actor| scene.lane_of(actor).map(|lane| scene.letter(lane));
    let turn = track.spans.get(span);
    let goes_on = turn.is_some_and(|turn| open(turn, scene.now()));
    let mut run = Run::on(axis, cells, (" ", theme.dim()), goes_on);
    match ink {
        Content::Free if role == ThreadRole::Loop => run.draw(["the loop is free", "free"], buf),
        Content::Free => {}
        Content::Turn(actor) => {
            // Two letters in one cell are none.
            let one = |sign: &&str| text::width(sign) == 1;
            let running = theme.glyph(State::Running);
            let sign = letter(actor).filter(one).unwrap_or(running);
            text::put(buf, run.x, run.y, sign, 1_u16, theme.text());
        }
        Content::Busy(actor, held) => {
            let state = busy_state(role, held);
            run.glyph = theme.glyph(state);
            let lane = scene.lane_of(actor).map(|lane| lane.id);
            run.style = if scene.stands_back(lane) {
                theme.dim()
            } else {
                theme.state(state)
            };
            let step = turn.and_then(|turn| turn.step);
            run.draw(scene.written(step), buf);
            let fits = |letter: &&str| (1..=usize::from(run.wide)).contains(&text::width(letter));
            if let Some(letter) = letter(actor).filter(fits) {
                text::put(buf, run.x, run.y, letter, run.wide.min(2), run.style);
            }
        }
    }
}
