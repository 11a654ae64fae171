//! Writes a recording, whole or batch by batch while a run goes on.

use std::io::{self, Write};

use serde::Serialize;

use crate::event::kind::{Batch, Event};
use crate::ids::Nanos;
use crate::recording::limits::VERSION;
use crate::story::question::Answers;
use crate::story::story::Story;
use crate::trace::Trace;

/// Writes a whole trace.
///
/// # Errors
/// Those of `out`.
pub fn write(trace: &Trace, out: &mut impl Write) -> io::Result<()> {
    let mut writer = Writer::new(out, &trace.story)?;
    if !trace.answers.0.is_empty() {
        writer.answers(&trace.answers)?;
    }
    writer.lines(&trace.texts, &trace.events)?;
    writer.upto = trace.upto;
    writer.finish()
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
        if batch.texts.is_empty() && batch.events.is_empty() {
            // Only time has passed; the next line with an event says so too.
            return Ok(());
        }
        self.lines(&batch.texts, &batch.events)?;
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

    fn lines(&mut self, texts: &[String], events: &[Event]) -> io::Result<()> {
        self.buffer.clear();
        for text in texts {
            self.buffer.extend_from_slice(b"{\"text\":");
            serde_json::to_writer(&mut self.buffer, text)?;
            self.buffer.extend_from_slice(b"}\n");
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
