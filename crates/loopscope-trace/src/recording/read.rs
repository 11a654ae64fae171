//! Reads a recording line by line; everything that cannot be trusted is an error with its line.

use std::fmt;
use std::io::{BufRead, Read};

use crate::event::kind::{Event, EventKind};
use crate::ids::Nanos;
use crate::recording::check::{Checker, Fault, ReadError, within, without_place};
use crate::recording::header::{header, shorten_row as shorten};
use crate::recording::{limits, said};
use crate::story::late::LateRow;
use crate::story::question::Answers;
use crate::text::shortened;
use crate::trace::Trace;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// What was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The trace.
    pub trace: Trace,
    /// Why the end is missing, in one sentence, where the recording was cut off.
    pub cut: Option<String>,
}

/// Reads a recording.
///
/// Where the very end is missing (a line cut in the middle, no end of the run), everything before
/// it is given, and [`Reading::cut`] says so.
///
/// # Errors
/// Where a line is no line of a recording, breaks the law of a trace, or goes beyond a limit.
pub fn read(mut input: impl BufRead) -> Result<Reading, ReadError> {
    let mut lines = Lines::default();
    let mut reader = match lines.next(&mut input, limits::HEADER_BYTES)? {
        None => return Err(lines.fault((
            "the file is empty".to_owned(),
            "a recording begins with a header line; `loopscope run SCENARIO --record FILE` writes one",
        ))),
        Some(line) => {
            let story = header(without_mark(line)).map_err(|fault| lines.fault(fault))?;
            Reader::new(Trace::new(story))
        }
    };
    loop {
        let Some(line) = lines.next(&mut input, limits::LINE_BYTES)? else {
            return Ok(reader.finish(None, lines.number));
        };
        match reader.line(line) {
            Ok(()) => {}
            Err(Stop::Cut) if !lines.ended => {
                return Ok(reader.finish(Some(lines.number), lines.number));
            }
            Err(Stop::Cut) => {
                return Err(lines.fault((
                    "the line ends too early".to_owned(),
                    "write each object on one line",
                )));
            }
            Err(Stop::Fault(fault)) => return Err(lines.fault(fault)),
        }
    }
}

/// Why a line was not taken.
enum Stop {
    /// It ends in the middle.
    Cut,
    /// It is wrong.
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

const SHORTER: &str = "record a shorter run";

/// The trace so far.
struct Reader {
    trace: Trace,
    checker: Checker,
    text_bytes: usize,
    run_ended: bool,
}

impl Reader {
    fn new(trace: Trace) -> Self {
        Self {
            checker: Checker::new(&trace.story),
            trace,
            text_bytes: 0,
            run_ended: false,
        }
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Stop> {
        let line = serde_json::from_slice(line).map_err(|error| {
            if error.is_eof() {
                Stop::Cut
            } else {
                Stop::Fault((
                    format!("column {}: {}", error.column(), without_place(&error)),
                    "docs/recording.md lists every line",
                ))
            }
        })?;
        match line {
            Line::Event(event) => {
                self.checker.event(&event)?;
                within(
                    "events",
                    self.trace.events.len() + 1,
                    limits::EVENTS,
                    SHORTER,
                )?;
                self.run_ended |= matches!(event.kind, EventKind::RunEnded { .. });
                self.trace.events.push(event);
            }
            Line::Text(text) => {
                self.text_bytes += text.len();
                within("texts", self.trace.texts.len() + 1, limits::TEXTS, SHORTER)?;
                within(
                    "bytes of text",
                    self.text_bytes,
                    limits::TEXT_BYTES,
                    SHORTER,
                )?;
                self.checker.text();
                self.trace.texts.push(shortened(text, limits::TEXT));
            }
            Line::Late(mut row) => {
                self.checker.late(&row)?;
                shorten(&mut row);
                self.trace.add(row);
            }
            Line::Upto(at) => self.checker.upto(at)?,
            Line::Answers(answers) => {
                said::answers(&answers)?;
                self.trace.answers = answers;
            }
        }
        Ok(())
    }

    fn finish(mut self, cut_in: Option<u64>, lines: u64) -> Reading {
        self.trace.upto = self.checker.end();
        let cut = match cut_in {
            Some(line) => Some(format!(
                "the recording ends in the middle of line {line}: everything before it was read"
            )),
            None if !self.run_ended => Some(format!(
                "the recording ends after line {lines}, before its run did: everything in it was read"
            )),
            None => None,
        };
        Reading {
            trace: self.trace,
            cut,
        }
    }
}

/// The lines of a file, never more than a limit of one in memory.
#[derive(Default)]
struct Lines {
    buffer: Vec<u8>,
    number: u64,
    /// Whether the last line had its newline.
    ended: bool,
}

impl Lines {
    /// The next line without its end; `None` after the last one.
    fn next(&mut self, input: &mut impl BufRead, most: usize) -> Result<Option<&[u8]>, ReadError> {
        self.buffer.clear();
        let limit = u64::try_from(most).unwrap_or(u64::MAX);
        let read = input
            .by_ref()
            .take(limit)
            .read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        self.ended = self.buffer.last() == Some(&b'\n');
        if !self.ended && read == most {
            return Err(self.fault((
                format!("the line is longer than {most} bytes"),
                "this is no recording of loopscope",
            )));
        }
        let line = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }

    fn fault(&self, (what, cure): Fault) -> ReadError {
        ReadError::Line {
            line: self.number.max(1),
            what,
            cure: cure.to_owned(),
        }
    }
}

/// Some editors begin a file with a byte-order mark.
fn without_mark(line: &[u8]) -> &[u8] {
    line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line)
}

/// What a line says.
#[derive(Debug, PartialEq)]
pub(crate) enum Line {
    /// The next row of the side table.
    Text(String),
    /// Something happened.
    Event(Event),
    /// The next row of the story, or of the stacks.
    Late(LateRow),
    /// Nothing before this moment follows.
    Upto(Nanos),
    /// What people said about the story; the last such line counts.
    Answers(Answers),
}

/// The key that a line begins with. Since it comes first, a line is read in one pass.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Key {
    At,
    Text,
    Upto,
    Answers,
    File,
    Function,
    Step,
    Pool,
    Stack,
    Runtime,
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LineVisitor)
    }
}

struct LineVisitor;

impl<'de> Visitor<'de> for LineVisitor {
    type Value = Line;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object that begins with `at`, `text`, `upto` or `answers`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
        let line = match map.next_key::<Key>()? {
            Some(Key::At) => {
                let at = map.next_value()?;
                let kind = EventKind::deserialize(MapAccessDeserializer::new(&mut map))?;
                Line::Event(Event { at, kind })
            }
            Some(Key::Text) => Line::Text(map.next_value()?),
            Some(Key::Upto) => Line::Upto(map.next_value()?),
            Some(Key::Answers) => Line::Answers(map.next_value()?),
            Some(Key::File) => Line::Late(LateRow::File(map.next_value()?)),
            Some(Key::Function) => Line::Late(LateRow::Function(map.next_value()?)),
            Some(Key::Step) => Line::Late(LateRow::Step(map.next_value()?)),
            Some(Key::Pool) => Line::Late(LateRow::Pool(map.next_value()?)),
            Some(Key::Stack) => Line::Late(LateRow::Stack(map.next_value()?)),
            Some(Key::Runtime) => Line::Late(LateRow::Runtime(map.next_value()?)),
            None => return Err(A::Error::custom("an empty object")),
        };
        match map.next_key::<IgnoredAny>()? {
            None => Ok(line),
            Some(_) => Err(A::Error::custom("one thing too many on this line")),
        }
    }
}
