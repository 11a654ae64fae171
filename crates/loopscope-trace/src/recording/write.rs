//! Writes a recording, whole or batch by batch while a run goes on.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use crate::event::kind::{Batch, Event};
use crate::ids::Nanos;
use crate::recording::limits::VERSION;
use crate::story::late::LateRow;
use crate::story::question::Answers;
use crate::story::story::Story;
use crate::trace::Trace;

/// Writes a whole trace.
///
/// # Errors
/// Those of `out`.
pub fn write(trace: &Trace, out: &mut impl Write) -> io::Result<()> {
    let (story, rows) = parted(trace);
    let mut writer = Writer::new(out, &story)?;
    if !trace.answers.0.is_empty() {
        writer.answers(&trace.answers)?;
    }
    writer.lines(&trace.texts, &rows, &trace.events)?;
    writer.upto = trace.upto;
    writer.finish()
}

/// The story, and what does not stand in the header: the stacks, and of a program that is watched all that was found
/// out while it went on, which may be more than a header takes.
fn parted(trace: &Trace) -> (Cow<'_, Story>, Vec<LateRow>) {
    let stacks = trace.stacks.iter().cloned().map(LateRow::Stack);
    if trace.story.watched.is_none() {
        return (Cow::Borrowed(&trace.story), stacks.collect());
    }
    let mut story = trace.story.clone();
    let files = std::mem::take(&mut story.files);
    let files = files.into_iter().map(LateRow::File);
    let functions = std::mem::take(&mut story.functions);
    let functions = functions.into_iter().map(LateRow::Function);
    let steps = std::mem::take(&mut story.steps);
    let steps = steps.into_iter().map(LateRow::Step);
    let pools = std::mem::take(&mut story.pools);
    let pools = pools.into_iter().map(LateRow::Pool);
    let rows = files.chain(functions).chain(steps).chain(pools);
    (Cow::Owned(story), rows.chain(stacks).collect())
}

/// What people said, as a whole line: it may also be put behind a recording that is complete.
///
/// # Errors
/// Where it cannot be written as JSON.
pub fn answers_line(answers: &Answers) -> io::Result<Vec<u8>> {
    #[derive(Serialize)]
    struct Line<'a> {
        answers: &'a Answers,
    }
    let mut line = serde_json::to_vec(&Line { answers })?;
    line.push(b'\n');
    Ok(line)
}

/// Writes a recording while its run goes on.
#[derive(Debug)]
pub struct Writer<W: Write> {
    out: W,
    buffer: Vec<u8>,
    upto: Nanos,
}

#[derive(Serialize)]
struct Header<'a> {
    loopscope: u64,
    story: &'a Story,
}

impl<W: Write> Writer<W> {
    /// Begins a recording with its story.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn new(mut out: W, story: &Story) -> io::Result<Self> {
        let mut buffer = serde_json::to_vec(&Header {
            loopscope: VERSION,
            story,
        })?;
        buffer.push(b'\n');
        out.write_all(&buffer)?;
        out.flush()?;
        Ok(Self {
            out,
            buffer,
            upto: Nanos::ZERO,
        })
    }

    /// Adds a batch. What it says is on its way to the file when this returns, so that a recording
    /// that is cut off later holds it.
    ///
    /// # Errors
    /// Those of the output.
    pub fn batch(&mut self, batch: &Batch) -> io::Result<()> {
        self.upto = self.upto.max(batch.upto);
        if batch.texts.is_empty() && batch.rows.is_empty() && batch.events.is_empty() {
            // Only time has passed; the next line with an event says so too.
            return Ok(());
        }
        self.lines(&batch.texts, &batch.rows, &batch.events)?;
        self.out.flush()
    }

    /// Adds what people have said so far: a later line takes the place of this one.
    ///
    /// # Errors
    /// Those of the output.
    pub fn answers(&mut self, answers: &Answers) -> io::Result<()> {
        self.out.write_all(&answers_line(answers)?)?;
        self.out.flush()
    }

    /// Ends the recording.
    ///
    /// # Errors
    /// Those of the output.
    pub fn finish(mut self) -> io::Result<()> {
        writeln!(self.out, "{{\"upto\":{}}}", self.upto.0)?;
        self.out.flush()
    }

    fn lines(&mut self, texts: &[String], rows: &[LateRow], events: &[Event]) -> io::Result<()> {
        self.buffer.clear();
        for text in texts {
            self.buffer.extend_from_slice(b"{\"text\":");
            serde_json::to_writer(&mut self.buffer, text)?;
            self.buffer.extend_from_slice(b"}\n");
            self.drain_if_large()?;
        }
        for row in rows {
            serde_json::to_writer(&mut self.buffer, row)?;
            self.buffer.push(b'\n');
            self.drain_if_large()?;
        }
        for event in events {
            write!(self.buffer, "{{\"at\":{},", event.at.0)?;
            let start = self.buffer.len();
            serde_json::to_writer(&mut self.buffer, &event.kind)?;
            // The kind is an object of its own; its opening brace has been written before `at`.
            self.buffer.remove(start);
            self.buffer.push(b'\n');
            self.upto = self.upto.max(event.at);
            self.drain_if_large()?;
        }
        self.out.write_all(&self.buffer)
    }

    fn drain_if_large(&mut self) -> io::Result<()> {
        if self.buffer.len() > 64 * 1024 {
            self.out.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }
}
