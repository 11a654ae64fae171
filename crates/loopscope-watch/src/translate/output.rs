//! What the program prints, and what goes wrong in it without an error that anyone gets.

use std::borrow::Cow;

use loopscope_trace::{Actor, EventKind, Lapse, TaskId, plain};

use crate::source::files::shown;
use crate::translate::rows::Place;
use crate::translate::translator::{At, Translator};

impl Translator {
    /// A line of a task or of a job, where one is known.
    pub(super) fn printed(&mut self, at: At, (task, job): (u64, u64), line: &str) {
        if !self.output {
            return;
        }
        let id = self.process_id(at);
        let process = &self.processes[at.process];
        let job = process
            .jobs
            .get(&job)
            .filter(|_| job != 0)
            .map(|job| Actor::Job(job.id));
        let task = process
            .tasks
            .get(&task)
            .filter(|_| task != 0)
            .map(|task| Actor::Task(task.id));
        let text = self.out.line(&plain(&uncolored(line)));
        let kind = match job.or(task) {
            Some(actor) => EventKind::Output { actor, text },
            None => EventKind::ProcessPrinted { process: id, text },
        };
        self.out.event(at.moment, kind);
    }

    /// Something that the process does not tell from now on.
    pub(super) fn unheard(&mut self, at: At, text: &str) {
        let process = self.process_id(at);
        for line in text.lines() {
            let line = format!("not watched from here on: {line}");
            let text = self.out.text(&plain(&line));
            let kind = EventKind::ProcessPrinted { process, text };
            self.out.event(at.moment, kind);
        }
    }

    /// Something went wrong: `what|file|line`.
    pub(super) fn failed(&mut self, at: At, task: u64, sort: u64, text: &str) {
        let lapse = match sort {
            1 => Lapse::NeverAwaited,
            2 => Lapse::NeverRetrieved,
            3 => Lapse::NotKept,
            4 => Lapse::Raised,
            _ => return,
        };
        let process = &self.processes[at.process];
        let id = process
            .tasks
            .get(&task)
            .map_or(TaskId::NONE, |task| task.id);
        // What failed may hold the sign that parts it from its place.
        let mut parts = text.rsplitn(3, '|');
        let line = parts.next().unwrap_or_default();
        let file = parts.next().unwrap_or_default();
        let what = parts.next().unwrap_or(text);
        let place = Place {
            file: file.to_owned(),
            ..Place::default()
        };
        let text = if place.file.is_empty() {
            what.to_owned()
        } else {
            format!(
                "{what} at {}:{line}",
                shown(&place.file, &process.roots.folder)
            )
        };
        let text = self.out.text(&plain(&text));
        self.out.event(
            at.moment,
            EventKind::Lapsed {
                task: id,
                lapse,
                text,
            },
        );
    }
}

/// A line without the sequences by which a terminal is told colors and places: `ESC [ … m`, `ESC ] … BEL`.
fn uncolored(line: &str) -> Cow<'_, str> {
    const ESCAPE: char = '\u{1b}';
    if !line.contains(ESCAPE) {
        return Cow::Borrowed(line);
    }
    let mut text = String::with_capacity(line.len());
    let mut rest = line.chars().peekable();
    while let Some(sign) = rest.next() {
        if sign != ESCAPE {
            text.push(sign);
            continue;
        }
        match rest.next() {
            // Up to its last byte, which is a letter or one of a few signs.
            Some('[') => while rest.next().is_some_and(|sign| !('@'..='~').contains(&sign)) {},
            // Up to a bell or the start of ESC \.
            Some(']') => {
                while rest
                    .next()
                    .is_some_and(|sign| sign != '\u{7}' && sign != ESCAPE)
                {}
                rest.next_if_eq(&'\\');
            }
            // The sign of a set of letters follows.
            Some('(' | ')') => drop(rest.next()),
            _ => {}
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::uncolored;

    #[test]
    fn codes_of_a_terminal_are_no_part_of_a_line() {
        for (line, text) in [
            ("plain", "plain"),
            ("\u{1b}[32mINFO\u{1b}[0m:  up", "INFO:  up"),
            ("\u{1b}[38;5;208mhot\u{1b}[m", "hot"),
            ("\u{1b}]0;title\u{7}after", "after"),
            ("\u{1b}]8;;http://a\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
            ("\u{1b}(Bascii", "ascii"),
            ("cut \u{1b}[3", "cut "),
            ("cut \u{1b}", "cut "),
        ] {
            assert_eq!(uncolored(line), text, "{line:?}");
        }
    }
}
