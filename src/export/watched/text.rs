//! The report of a watched program in sentences.

use std::fmt::Write as _;

use crate::export::watched::report::{FrameRow, HeldRow, WaitedRow, WatchReport};
use loopscope_timeline::explain::{capitalized, number_of};
use loopscope_trace::plain;

/// A block of which no call stack was seen.
pub(crate) const UNSEEN: &str = "a turn that was not seen in time";
/// A block whose function is known, and not its line.
const NO_LINE: &str = "a line that is not known";
/// How many lines the callers take at most.
const CALLERS: usize = 12;

/// The report as lines of text.
pub(crate) fn text(report: &WatchReport) -> String {
    let mut text = String::new();
    let ended = match report.exit {
        Some(0) => "it ended well".to_owned(),
        Some(code) if code > 128 => format!("it was ended by signal {}", code - 128),
        Some(code) => format!("it ended with exit code {code}"),
        None => "it goes on".to_owned(),
    };
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "{}: watched for {}, {ended}.",
        plain(&report.command.join(" ")),
        seconds(report.seconds)
    );
    if !report.heard {
        text.push_str("Nothing is known of its loop.\n");
        return text;
    }
    if report.held.is_empty() {
        let _ = writeln!(text, "No turn held the loop for long.");
    } else {
        let _ = writeln!(text, "Who held the loop, the longest block first:");
    }
    let (seen, unseen): (Vec<_>, Vec<_>) = report.held.iter().partition(|row| row.place.is_some());
    for row in seen.into_iter().chain(unseen) {
        held(&mut text, row);
    }
    let lag = (report.lag.median, report.lag.p99, report.lag.longest);
    if let (Some(median), Some(p99), Some(longest)) = lag {
        let _ = writeln!(
            text,
            "\nWho could run waited {} for a turn in half of all cases, {} in 99 of 100, {} at most.",
            seconds(median),
            seconds(p99),
            seconds(longest)
        );
    }
    for pool in report.pools.iter().filter(|pool| pool.busy > 0) {
        let size = pool.size.map_or("?".to_owned(), |size| size.to_string());
        let _ = writeln!(
            text,
            "Pool {}: at most {} of {size} threads busy, {} queued.",
            plain(&pool.name),
            pool.busy,
            pool.queued
        );
    }
    found(&mut text, report);
    if report.dropped > 0 {
        let lost = number_of(report.dropped as usize, "event");
        let _ = writeln!(
            text,
            "{lost} were lost: the program was faster than what reads it."
        );
    }
    text
}

/// What was found; what held the loop has been told.
fn found(text: &mut String, report: &WatchReport) {
    let others = report.findings.iter();
    for finding in others.filter(|finding| finding.kind != "blocked-loop") {
        let at = seconds(finding.at);
        let times = match finding.times {
            1 => String::new(),
            times => format!(" ({times} times in all; the longest is told)"),
        };
        let _ = writeln!(text, "{at}: {}{times}", plain(&finding.text));
    }
}

fn held(text: &mut String, row: &HeldRow) {
    let function = row.function.as_deref().unwrap_or("");
    // Without debug information a function is known, and no line of it.
    let unseen = if function.is_empty() { UNSEEN } else { NO_LINE };
    let place = row.place.as_deref().unwrap_or(unseen);
    let within = if function.is_empty() {
        String::new()
    } else {
        format!(" in {function}")
    };
    let times = match row.times {
        1 => "once".to_owned(),
        times => format!("{times} times, {} in all", seconds(row.total)),
    };
    let allowed = if row.allowed { ", allowed" } else { "" };
    let _ = writeln!(
        text,
        "\n  {}{}: {}{}, {times}{allowed}",
        plain(place),
        plain(&within),
        seconds(row.longest),
        does(row.kind)
    );
    if !row.code.is_empty() {
        let _ = writeln!(text, "    {}", plain(&row.code));
    }
    if let Some(waited) = waited(row.waited) {
        let _ = writeln!(text, "    {waited}");
    }
    callers(text, row);
    if row.place.is_none() {
        return;
    }
    let _ = writeln!(text, "    {}.", capitalized(&row.remedy));
    let _ = writeln!(
        text,
        "    The same in small: loopscope run {}",
        row.scenario
    );
}

/// Who called, the user's own with their lines, libraries folded.
fn callers(text: &mut String, row: &HeldRow) {
    // The place itself has been told.
    let place = row.place.as_deref();
    let is_place =
        |frame: &FrameRow| frame.library.is_none() && frame.text.split(' ').next() == place;
    let frames = row.frames.iter().filter(|frame| !is_place(frame));
    let frames: Vec<&FrameRow> = frames.collect();
    let runs = frames.chunk_by(|one, next| one.library.is_some() && next.library.is_some());
    for frames in runs.take(CALLERS) {
        let mut packages: Vec<&str> = Vec::new();
        for package in frames.iter().filter_map(|frame| frame.library.as_deref()) {
            if !packages.contains(&package) {
                packages.push(package);
            }
        }
        // Writing to a string cannot fail.
        let _ = match frames {
            [frame] if packages.is_empty() => writeln!(text, "    from {}", plain(&frame.text)),
            frames => writeln!(
                text,
                "    … {} of {}",
                number_of(frames.len(), "frame"),
                plain(&packages.join(", "))
            ),
        };
    }
}

/// ` asleep`, ` computing`.
fn does(kind: &str) -> &'static str {
    match kind {
        "sleep" => " asleep",
        "cpu" => " computing",
        "c-call" => " in C code that keeps CPython's lock",
        "lock" => " waiting for a lock",
        "file" => " at a file",
        "socket" => " waiting for a socket",
        "process" => " waiting for another process",
        _ => "",
    }
}

/// `3 requests waited, 2 of them in the backlog; 1 task waited.`
pub(crate) fn waited(row: WaitedRow) -> Option<String> {
    let mut parts = Vec::new();
    if row.requests > 0 {
        let of_them = match row.connections {
            0 => String::new(),
            count if count == row.requests => ", not even accepted".to_owned(),
            count => format!(", {count} of them not even accepted"),
        };
        parts.push(format!(
            "{} waited{of_them}",
            number_of(row.requests, "request")
        ));
    }
    if row.tasks > 0 {
        parts.push(format!("{} waited", number_of(row.tasks, "task")));
    }
    (!parts.is_empty()).then(|| format!("{}.", parts.join("; ")))
}

/// `3.00s`, `0.3ms`.
pub(crate) fn seconds(length: f64) -> String {
    if length < 0.01 {
        format!("{:.1}ms", length * 1e3)
    } else {
        format!("{length:.2}s")
    }
}
