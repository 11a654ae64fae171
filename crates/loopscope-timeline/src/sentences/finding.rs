//! One finding as one sentence with its numbers.

use crate::findings::finding::{Insight, InsightKind};
use crate::moments::timeline::Timeline;
use crate::sentences::proved;
use crate::words::words::{self, counted, inside, list, seconds, who};
use loopscope_trace::{Actor, Language};

/// One finding as one sentence with its numbers.
// table
#[expect(clippy::too_many_lines, reason = "an exhaustive match of the kinds")]
pub fn insight(timeline: &Timeline, insight: &Insight, language: Language) -> String {
    let name = insight
        .actor
        .map_or_else(|| "somebody".to_owned(), |actor| who(timeline, actor));
    let inside = inside(timeline, insight.step, language);
    let length = seconds(insight.length);
    let so_far = if insight.open { " so far" } else { "" };
    let victims = victims(timeline, insight);
    match insight.kind {
        InsightKind::BlockedLoop => {
            let meanwhile = match insight.count {
                // Whoever wanted one of several may have got another.
                0 if several(timeline) => String::new(),
                0 => "; nobody else wanted it".to_owned(),
                _ => format!("; meanwhile {victims} could not run"),
            };
            let held = held(timeline, insight.actor);
            format!("{name} held {held} for {length}{so_far}{inside}{meanwhile}.")
        }
        InsightKind::NeverYields => format!(
            "{name} went on for {length}{so_far} without stopping at an await; meanwhile {victims} could not run."
        ),
        InsightKind::Starved => {
            let holder = insight.held_by.map_or_else(String::new, |(actor, step)| {
                let place = words::inside(timeline, step, language);
                let place = match place.as_str() {
                    "" => place,
                    place => format!(",{place}"),
                };
                format!(
                    ": {} held {}{place}",
                    who(timeline, actor),
                    held(timeline, Some(actor))
                )
            });
            let others = match insight.count {
                0 | 1 => String::new(),
                count => format!(
                    ", and so could {}",
                    counted(count as usize - 1, "other task", "other tasks")
                ),
            };
            format!("{name} could run and had no turn for {length}{so_far}{others}{holder}.")
        }
        InsightKind::SaturatedPool => {
            let pool = pool_threads(timeline, insight);
            let jobs = counted(insight.count as usize, "job", "jobs");
            // Found at once: its length says nothing yet.
            let taken = match insight.length.hundredths().as_str() {
                "0.00" if insight.open => String::new(),
                _ => format!(" for {length}{so_far}"),
            };
            format!("All of the {pool} were taken{taken}; up to {jobs} queued for one.").replace(
                "All of the one pool thread were",
                "The only pool thread was",
            )
        }
        InsightKind::LostUpdate => proved::lost_update(timeline, insight, language),
        InsightKind::Deadlock => proved::deadlock(timeline, insight, language),
        InsightKind::OutlivedTimeout => proved::outlived(timeline, insight, language),
        InsightKind::GilContention => proved::gil(timeline, insight),
        InsightKind::UnfairLock => proved::unfair(timeline, insight),
        InsightKind::KilledProcess => proved::killed(timeline, insight),
        InsightKind::NeverPolled => match insight.count {
            0 | 1 => format!("{name} ended without a single turn: nothing of it ever ran."),
            count => {
                format!("{count} tasks ended without a single turn: nothing of them ever ran.")
            }
        },
    }
}

/// `40 pool threads`, `10 threads of pool heavy`.
fn pool_threads(timeline: &Timeline, insight: &Insight) -> String {
    let story = timeline.story();
    let named = insight.of.and_then(|of| of.checked_sub(1));
    match named.and_then(|place| story.pools.get(place as usize)) {
        Some(pool) => {
            let threads = counted(pool.threads as usize, "thread", "threads");
            format!("{threads} of pool {}", pool.name)
        }
        None => {
            let threads = timeline.live().pool.threads;
            counted(threads as usize, "pool thread", "pool threads")
        }
    }
}

fn several(timeline: &Timeline) -> bool {
    timeline.live().loops().nth(1).is_some()
}

/// `the loop`, `loop-2`, or `one of 3 loop threads` where they share their tasks.
fn held(timeline: &Timeline, actor: Option<Actor>) -> String {
    let own = actor.and_then(|actor| proved::own_loop(timeline, actor));
    own.unwrap_or_else(|| {
        if several(timeline) {
            format!("one of {} loop threads", timeline.live().loops().count())
        } else {
            "the loop".to_owned()
        }
    })
}

/// `accept, heartbeat and B`.
fn victims(timeline: &Timeline, insight: &Insight) -> String {
    let mut names: Vec<&str> = insight
        .victims
        .iter()
        .map(|&lane| crate::words::words::label(timeline, lane))
        .collect();
    // Requests first: they are what a reader knows.
    let is_letter = |name: &&str| name.chars().all(|letter| letter.is_ascii_uppercase());
    names.sort_by_key(|name| !is_letter(name));
    list(&names, insight.count as usize)
}
