//! Findings about what actors share, and about those who wait for one another, as sentences.

use crate::findings::finding::{Insight, Link, Want};
use crate::moments::timeline::Timeline;
use crate::sentences::shared::{lock, pool_name, process_name, thread_name};
use crate::words::words::{counted, inside, label, line, list, place, seconds, who};
use loopscope_trace::{Actor, Language, ProcessId, ThreadId};

/// `Updates of id were lost 47 times: first A wrote 1 (line 8), then B wrote 1 over it (line 8),
/// though it had read what was there before A.`
pub(crate) fn lost_update(timeline: &Timeline, insight: &Insight, language: Language) -> String {
    let of = insight.of.unwrap_or(u32::MAX);
    let variable = timeline.story().variables.get(of as usize);
    let variable = variable.map_or("a variable", |variable| variable.name.as_str());
    let times = match insight.count {
        0 | 1 => "An update".to_owned(),
        count => format!("{count} updates"),
    };
    let verb = if insight.count > 1 { "were" } else { "was" };
    let write = |link: &Link| {
        let value = match link.want {
            Want::Wrote(value) => timeline.trace().text(value),
            _ => "something",
        };
        (value, at_line(timeline, link, language))
    };
    let [before, after] = insight.chain.as_slice() else {
        return format!("{times} of {variable} {verb} lost.");
    };
    let (old, old_line) = write(before);
    let (new, new_line) = write(after);
    let (first, second) = (who(timeline, before.actor), who(timeline, after.actor));
    let colon = if insight.count > 1 { ": first" } else { ":" };
    format!(
        "{times} of {variable} {verb} lost{colon} {first} wrote {old}{old_line}, then {second} wrote {new} over it{new_line}, from what it had read before {first}'s write."
    )
}

/// ` (line 8)`, where the listing shows it.
fn at_line(timeline: &Timeline, link: &Link, language: Language) -> String {
    let line = link.step.and_then(|step| line(timeline, step, language));
    line.map_or(String::new(), |line| format!(" (line {line})"))
}

/// `A holds loop until C ends, inside f.result(), line 9; C can run only on loop, which A holds.`
pub(crate) fn deadlock(timeline: &Timeline, insight: &Insight, language: Language) -> String {
    let links = links(timeline, insight, language);
    let end = if insight.open {
        "none of them can ever go on"
    } else {
        "none of them could go on"
    };
    let length = if insight.open {
        // It will last; how long it has lasted says nothing.
        String::new()
    } else {
        format!(" ({})", seconds(insight.length))
    };
    format!("{}: {end}{length}.", links.join("; "))
}

/// Who of a circle waits for whom, a clause each.
pub(crate) fn links(timeline: &Timeline, insight: &Insight, language: Language) -> Vec<String> {
    let chain = &insight.chain;
    let next = |place: usize| {
        let link = chain.get((place + 1) % chain.len().max(1));
        link.map_or_else(|| "somebody".to_owned(), |link| who(timeline, link.actor))
    };
    let links = chain.iter().enumerate().map(|(at, link)| {
        let name = who(timeline, link.actor);
        let next = next(at);
        let inside = inside(timeline, link.step, language);
        match link.want {
            Want::Blocks(_) => format!("{name} holds its thread{inside} until {next} ends"),
            Want::Task(_) | Want::Job(_) => format!("{name} waits{inside} for {next}"),
            Want::Loop(thread) => {
                let thread = loop_name(timeline, thread);
                format!("{name} can run only on {thread}, which {next} holds")
            }
            Want::Lock(of) if link.actor == chain[(at + 1) % chain.len()].actor => {
                format!(
                    "{name} wants {}{inside}, which it has itself",
                    lock(timeline, of.into())
                )
            }
            Want::Lock(of) => {
                format!(
                    "{name} wants {}{inside}, which {next} has",
                    lock(timeline, of.into())
                )
            }
            Want::Pool(of) => format!(
                "{name} is queued for {}, where {next} has a thread",
                pool_name(timeline, of)
            ),
            Want::Wrote(_) => format!("{name} wrote"),
        }
    });
    links.collect()
}

fn loop_name(timeline: &Timeline, thread: ThreadId) -> String {
    if timeline.live().loops().nth(1).is_some() {
        loop_words(timeline, thread)
    } else {
        "the loop".to_owned()
    }
}

/// `A's timeout ran out at 1.00s, and job of A went on for 1.00s.`
pub(crate) fn outlived(timeline: &Timeline, insight: &Insight, language: Language) -> String {
    let at = seconds(insight.at);
    let length = seconds(insight.length);
    let so_far = if insight.open { " so far" } else { "" };
    let names: Vec<&str> = insight
        .victims
        .iter()
        .map(|&lane| label(timeline, lane))
        .collect();
    let all = list(&names, insight.count as usize);
    let Some((awaiter, step)) = insight.held_by else {
        return match insight.count {
            0 | 1 => format!(
                "{all}'s client stopped waiting at {at}, and the server went on with it for {length}{so_far}."
            ),
            _ => format!(
                "The clients of {all} stopped waiting, the first at {at}; the server went on with them for {length}{so_far}."
            ),
        };
    };
    let inside = match place(timeline, step, language) {
        Some(place) if place.starts_with("line ") => format!(" at {place}"),
        Some(place) => format!(" of {place}"),
        None => String::new(),
    };
    let awaiter = who(timeline, awaiter);
    match insight.count {
        0 | 1 => {
            let name = insight.actor.map(|actor| who(timeline, actor));
            let name = name.unwrap_or_else(|| "its work".to_owned());
            format!(
                "{awaiter} stopped waiting at {at}: the timeout{inside} ran out, and {name} went on for {length}{so_far}."
            )
        }
        _ => format!(
            "{awaiter} and others stopped waiting, the first at {at}; {all} went on for {length}{so_far}."
        ),
    }
}

/// `3 threads wanted CPython's lock while another one had it: they waited 4.20s in all (model).`
pub(crate) fn gil(timeline: &Timeline, insight: &Insight) -> String {
    let threads = counted(insight.count as usize, "thread", "threads");
    let threads = match insight.count {
        1 => "One thread".to_owned(),
        _ => threads,
    };
    let amount = seconds(insight.amount);
    let they = if insight.count == 1 { "it" } else { "they" };
    let so_far = if insight.open { " so far" } else { "" };
    let model = if timeline.story().runtime.gil {
        " (model)"
    } else {
        ""
    };
    format!(
        "{threads} wanted CPython's lock while another one had it: {they} waited {amount} in all{so_far}{model}."
    )
}

/// `A asked for lock tickets at 0.10s and was overtaken 3 times, first by B: it waited 1.20s.`
pub(crate) fn unfair(timeline: &Timeline, insight: &Insight) -> String {
    let name = insight.actor.map(|actor| who(timeline, actor));
    let name = name.unwrap_or_else(|| "Somebody".to_owned());
    let of = lock(timeline, insight.of.unwrap_or(u32::MAX));
    let by = insight.held_by.map(|(actor, _)| who(timeline, actor));
    let by = by.unwrap_or_else(|| "somebody".to_owned());
    let times = match insight.count {
        0 | 1 => format!("by {by}, who had asked later"),
        count => format!("{count} times by who had asked later, first by {by}"),
    };
    let verb = if insight.open { "has waited" } else { "waited" };
    format!(
        "{name} asked for {of} at {} and was overtaken {times}: it {verb} {}.",
        seconds(insight.at),
        seconds(insight.length)
    )
}

/// `process-1 was killed by signal 9 at 1.00s: job of A ended with it.`
pub(crate) fn killed(timeline: &Timeline, insight: &Insight) -> String {
    let id = ProcessId(insight.of.unwrap_or(u32::MAX));
    let process = timeline.live().shared.processes.get(id.index());
    let how = match process.and_then(|process| process.status) {
        Some(status @ ..0) => format!("was killed by signal {}", status.unsigned_abs()),
        Some(status) => format!("ended with exit code {status}"),
        None => "ended".to_owned(),
    };
    let names: Vec<&str> = insight
        .victims
        .iter()
        .map(|&lane| label(timeline, lane))
        .collect();
    let others = match insight.count {
        0 => "nothing was open there".to_owned(),
        count => format!("{} ended with it", list(&names, count as usize)),
    };
    format!(
        "{} {how} at {}: {others}.",
        process_name(timeline, id),
        seconds(insight.at)
    )
}

/// The only loop that can run an actor, where loops do not share their tasks.
pub(crate) fn own_loop(timeline: &Timeline, actor: Actor) -> Option<String> {
    let Actor::Task(id) = actor else {
        return None;
    };
    let home = timeline.live().task(id)?.home?;
    Some(loop_words(timeline, home))
}

/// `the first loop`, `loop-2`, `the loop of process-1`.
pub(crate) fn loop_words(timeline: &Timeline, id: ThreadId) -> String {
    let process = timeline.live().thread(id).and_then(|thread| thread.process);
    let name = thread_name(timeline, id);
    match process {
        Some(process) => format!("the loop of {}", process_name(timeline, process)),
        None if name == "loop" => "the first loop".to_owned(),
        None => name,
    }
}
