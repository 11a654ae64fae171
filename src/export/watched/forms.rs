//! The report of a watched program as lines that GitHub shows at their places, and as a JUnit file.

use std::fmt::Write as _;

use crate::export::watched::report::{HeldRow, WatchReport};
use crate::export::watched::text::{UNSEEN, seconds, waited};
use loopscope_timeline::explain::capitalized;
use loopscope_trace::xml;

/// A line a place: `::error file=app.py,line=7::…` where a block was too long, a warning where it was not.
pub(crate) fn github(report: &WatchReport) -> String {
    let mut text = String::new();
    for row in report.held.iter().filter(|row| !row.allowed) {
        let level = if row.too_long { "error" } else { "warning" };
        let place = row
            .place
            .as_deref()
            .and_then(|place| place.rsplit_once(':'));
        let place = place.map_or(String::new(), |(file, line)| {
            format!(" file={},line={line}", property(file))
        });
        // Writing to a string cannot fail.
        let _ = writeln!(text, "::{level}{place}::{}", message(&sentence(row)));
    }
    text
}

/// A test case a place, and one for the whole where no place held a loop too long.
pub(crate) fn junit(report: &WatchReport) -> String {
    let too_long = report.held.iter().filter(|row| row.too_long).count();
    let cases = report.held.len().max(1);
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "<testsuite name=\"loopscope\" tests=\"{cases}\" failures=\"{too_long}\" time=\"{:.3}\">",
        report.seconds
    );
    if report.held.is_empty() {
        text.push_str(
            "  <testcase classname=\"loopscope\" name=\"the loop was never held for long\"/>\n",
        );
    }
    for row in &report.held {
        let name = row.place.as_deref().unwrap_or(UNSEEN);
        let _ = write!(
            text,
            "  <testcase classname=\"{}\" name=\"{}\" time=\"{:.3}\"",
            xml(row.function.as_deref().unwrap_or("loopscope")),
            xml(name),
            row.longest
        );
        if row.too_long {
            let _ = writeln!(text, ">");
            let _ = writeln!(text, "    <failure message=\"{}\">", xml(&sentence(row)));
            for frame in &row.stack {
                let _ = writeln!(text, "{}", xml(frame));
            }
            text.push_str("    </failure>\n  </testcase>\n");
        } else {
            text.push_str("/>\n");
        }
    }
    text.push_str("</testsuite>\n");
    text
}

fn sentence(row: &HeldRow) -> String {
    let function = row.function.as_deref().unwrap_or("a callback");
    let times = match row.times {
        1 => String::new(),
        times => format!(" ({times} times, {} in all)", seconds(row.total)),
    };
    let waited = waited(row.waited).map_or(String::new(), |waited| format!(" {waited}"));
    format!(
        "{function} held the event loop for {}{times}.{waited} {}.",
        seconds(row.longest),
        capitalized(&row.remedy)
    )
}

/// A message in GitHub's lines: percent, and ends of lines, are written as their codes.
fn message(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
