//! What the functions share at the playhead: variables with their values, locks, channels.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::plan::Size;
use crate::text::text;
use crate::widgets::scene::Scene;
use loopscope_timeline::{Channel, Lock, Variable};
use loopscope_trace::{Actor, Admits};

/// Values of a channel that are named.
const VALUES: usize = 8;
/// Owners of a semaphore that are named.
const OWNERS: usize = 3;

/// A row: what, what it is now, and a few words about it.
struct ValueRow {
    name: String,
    now: String,
    words: String,
}

/// How many rows it would take; none below the size of a small projector.
pub(crate) fn rows(scene: &Scene) -> u16 {
    if scene.size < Size::Compact {
        return 0;
    }
    u16::try_from(all(scene).len().min(16)).unwrap_or(16)
}

/// Draws as many rows as there are.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let all = all(scene);
    let room = usize::from(area.height);
    // Copies and channels change; what does not fit are the last ones.
    for (row, y) in all.iter().take(room).zip(area.y..) {
        let x = 3;
        let left = |used: u16| area.width.saturating_sub(used);
        let name = format!("{} =", row.name);
        let used = text::put(buf, area.x + x, y, &name, left(x), theme.dim());
        let x = x + used + 1;
        let used = text::put(buf, area.x + x, y, &row.now, left(x), theme.focus());
        let x = (x + used + 2).max(21);
        text::put(buf, area.x + x, y, &row.words, left(x), theme.muted());
    }
}

fn all(scene: &Scene) -> Vec<ValueRow> {
    let shared = &scene.view.world.shared;
    let variables = shared.variables().map(|one| variable(scene, one));
    let locks = shared.locks.iter().enumerate();
    let locks = locks.map(|(place, one)| lock(scene, place, one));
    let channels = shared.channels.iter().enumerate();
    let channels = channels.map(|(place, one)| channel(scene, place, one));
    variables.chain(locks).chain(channels).collect()
}

fn variable(scene: &Scene, variable: &Variable) -> ValueRow {
    let timeline = scene.view.timeline;
    let declared = timeline.story().variables.get(usize::from(variable.of));
    let now = match (variable.last, declared) {
        (Some(write), _) => timeline.trace().text(write.value),
        (None, Some(declared)) => declared.initial.as_str(),
        (None, None) => "?",
    };
    let process = variable
        .process
        .and_then(|process| scene.view.world.shared.processes.get(process.index()));
    let words = match (process, variable.last) {
        (Some(process), _) => timeline.trace().text(process.name).to_owned(),
        (None, Some(write)) => {
            let who = short(scene, write.actor);
            let line = scene.line(write.step);
            line.map_or(format!("by {who}"), |line| format!("by {who}, line {line}"))
        }
        (None, None) => String::new(),
    };
    ValueRow {
        name: text::clean(declared.map_or("?", |declared| declared.name.as_str())),
        now: text::clean(now),
        words,
    }
}

fn lock(scene: &Scene, place: usize, lock: &Lock) -> ValueRow {
    let declared = scene.view.timeline.story().locks.get(place);
    ValueRow {
        name: text::clean(declared.map_or("lock", |declared| declared.name.as_str())),
        now: match lock.owners.len() {
            0 => "free".to_owned(),
            _ => owners(scene, lock),
        },
        words: match lock.waiters.len() {
            0 => lock_words(lock).to_owned(),
            1 => format!("{} wants it", short(scene, lock.waiters[0].0)),
            count => format!("{count} want it"),
        },
    }
}

/// `A`, `A B`, `A B C +2`.
fn owners(scene: &Scene, lock: &Lock) -> String {
    let named = lock.owners.iter().take(OWNERS);
    let named: Vec<String> = named.map(|&(owner, _)| short(scene, owner)).collect();
    match lock.owners.len().saturating_sub(OWNERS) {
        0 => named.join(" "),
        more => format!("{} +{more}", named.join(" ")),
    }
}

/// What it is, and, where it is taken, who has what of it.
fn lock_words(lock: &Lock) -> &'static str {
    match (lock.admits, lock.owners.len()) {
        (Admits::One, 0) => "a lock",
        (Admits::One, _) => "has the lock",
        (Admits::Permits(_), 0) => "a semaphore",
        (Admits::Permits(_), 1) => "has a permit",
        (Admits::Permits(_), _) => "have permits",
        (Admits::Readers, 0) => "an rwlock",
        (Admits::Readers, 1) if lock.is_read => "reads",
        (Admits::Readers, _) if lock.is_read => "read",
        (Admits::Readers, _) => "writes",
    }
}

fn channel(scene: &Scene, place: usize, channel: &Channel) -> ValueRow {
    let timeline = scene.view.timeline;
    let declared = timeline.story().channels.get(place);
    let values = channel.values.iter().take(VALUES);
    let values: Vec<&str> = values.map(|&value| timeline.trace().text(value)).collect();
    let count = channel.values.len();
    ValueRow {
        name: text::clean(declared.map_or("channel", |declared| declared.name.as_str())),
        now: match count {
            0 => "empty".to_owned(),
            _ => text::clean(&values.join(" ")),
        },
        words: match (count, channel.replaced) {
            (0, 0) => "a channel".to_owned(),
            _ if channel.is_full() => "full".to_owned(),
            (1, 0) => String::new(),
            (count, 0) => format!("{count} in it"),
            (_, replaced) => format!("{replaced} replaced"),
        },
    }
}

fn short(scene: &Scene, actor: Actor) -> String {
    let lane = scene.lane_of(actor);
    lane.map_or_else(
        || "?".to_owned(),
        |lane| match scene.letter(lane) {
            "" => scene.short(lane),
            letter => letter.to_owned(),
        },
    )
}
