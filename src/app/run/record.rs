//! Writes a recording beside its place and moves it there when it is complete.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;
use std::{fs, io};

use parking_lot::Mutex;
use tempfile::TempPath;

use crate::app::failure::{Failure, reason};
use crate::app::files::atomic;
use crate::app::run::pipe;
use crate::app::run::pipe::Pipe;
use loopscope_protocol::reply::{Reply, Slot};
use loopscope_trace::recording::{Writer, answers_line};
use loopscope_trace::{Answers, Batch, Story, Trace};

/// A recording that is being written. Where it cannot even begin, the run does not either; the
/// first later error ends the writing and is kept: the run goes on without its recording, and says
/// so in the end.
pub(crate) struct Recorder {
    target: PathBuf,
    /// Where it is written until it is complete; `None` for pipes and devices.
    beside: Option<TempPath>,
    writer: io::Result<Writer<BufWriter<Box<dyn Write + Send>>>>,
}

impl Recorder {
    /// Begins a recording, with what people have said of the story already.
    ///
    /// A pipe is waited for until it has a reader, or the run is stopped.
    pub(crate) fn start(
        target: &Path,
        story: &Story,
        answers: &Answers,
        stopped: Arc<AtomicBool>,
    ) -> Result<Self, Failure> {
        let refused = |error| refused(target, &error);
        if target.is_dir() {
            return Err(refused(io::ErrorKind::IsADirectory.into()));
        }
        let (file, beside): (Box<dyn Write + Send>, _) = if is_plain_place(target) {
            let (file, path) = atomic::beside(target).map_err(refused)?.into_parts();
            (Box::new(file), Some(path))
        } else if pipe::is_pipe(target) {
            (
                Box::new(Pipe::open(target, stopped).map_err(refused)?),
                None,
            )
        } else {
            (Box::new(File::create(target).map_err(refused)?), None)
        };
        let writer = Writer::new(BufWriter::new(file), story).map_err(refused)?;
        let mut recorder = Self {
            target: target.to_owned(),
            beside,
            writer: Ok(writer),
        };
        if !answers.is_empty() {
            recorder.answers(answers);
        }
        Ok(recorder)
    }

    /// Adds what people have said so far.
    pub(crate) fn answers(&mut self, answers: &Answers) {
        if let Ok(writer) = &mut self.writer
            && let Err(error) = writer.answers(answers)
        {
            self.writer = Err(error);
        }
    }

    /// Adds a batch.
    pub(crate) fn batch(&mut self, batch: &Batch) {
        if let Ok(writer) = &mut self.writer
            && let Err(error) = writer.batch(batch)
        {
            self.writer = Err(error);
        }
    }

    /// Ends the recording and puts it in its place. What it gives takes what is said afterwards.
    pub(crate) fn finish(self) -> Result<Finished, Failure> {
        let takes_more = self.beside.is_some();
        let done = self.writer.and_then(Writer::finish);
        let done = done.and_then(|()| match self.beside {
            Some(beside) => Ok(beside.persist(&self.target)?),
            None => Ok(()),
        });
        done.map_err(|error| refused(&self.target, &error))?;
        Ok(Finished {
            takes_more,
            target: self.target,
        })
    }
}

/// A recording that is complete and in its place.
#[derive(Debug)]
pub(crate) struct Finished {
    target: PathBuf,
    /// It is a file, and no pipe that has long been read.
    takes_more: bool,
}

impl Finished {
    /// Puts what people have said behind its last line. The line goes out in one piece, and what
    /// did not go out whole is taken back, so that the recording can be read at every moment.
    pub(crate) fn answers(&self, answers: &Answers) -> Result<(), Failure> {
        if !self.takes_more {
            return Ok(());
        }
        let line = answers_line(answers);
        let done = line.and_then(|line| append(&self.target, &line));
        done.map_err(|error| refused(&self.target, &error))
    }
}

/// Puts a line behind the last whole line of a file that is there.
fn append(target: &Path, line: &[u8]) -> io::Result<()> {
    let mut file = File::options().read(true).write(true).open(target)?;
    let end = whole_lines(&mut file)?;
    file.set_len(end)?;
    file.seek(SeekFrom::Start(end))?;
    let written = file.write_all(line);
    if written.is_err() {
        file.set_len(end)?;
    }
    written
}

/// Where the last whole line of a file ends.
fn whole_lines(file: &mut File) -> io::Result<u64> {
    let mut end = file.seek(SeekFrom::End(0))?;
    let mut last = [0];
    while end > 0 {
        file.seek(SeekFrom::Start(end - 1))?;
        file.read_exact(&mut last)?;
        if last == *b"\n" {
            break;
        }
        end -= 1;
    }
    if end == 0 {
        // Something else was put into its place meanwhile.
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(end)
}

fn refused(target: &Path, error: &io::Error) -> Failure {
    Failure::Io(format!(
        "the recording {} cannot be written: {}",
        target.display(),
        reason(error)
    ))
}

/// Refuses a recording that would take the place of the scenario that it is made of.
pub(crate) fn keep_apart(target: Option<&Path>, scenario: &Path) -> Result<(), Failure> {
    let place = |path: &Path| fs::canonicalize(path).ok();
    match target {
        Some(target) if place(target).is_some() && place(target) == place(scenario) => {
            Err(Failure::Usage(format!(
                "--record {}: that is the scenario itself; name another file",
                target.display()
            )))
        }
        _ => Ok(()),
    }
}

/// Whether a file can be moved there: not over a pipe or a device.
fn is_plain_place(target: &Path) -> bool {
    fs::metadata(target).map_or(true, |meta| meta.is_file())
}

/// A recording arrives as a run does: at once.
pub(crate) fn send_recorded(trace: &Trace, (slot, run): (Slot, u32), replies: &Sender<Reply>) {
    let started = Reply::Started {
        slot,
        run,
        result: Ok(Box::new(trace.story.clone())),
    };
    let batch = trace.batch();
    let ended = Reply::Ended {
        run,
        recording: Ok(()),
        exit: None,
    };
    for reply in [started, Reply::Batch { run, batch }, ended] {
        // Fails only where the asker has gone.
        let _ = replies.send(reply);
    }
}

/// The threads that forward runs and finish their recordings; the last one waits for the others.
#[derive(Clone, Default)]
pub(crate) struct Recordings {
    pub(crate) last: Arc<Mutex<Option<JoinHandle<()>>>>,
    pub(crate) failed: Arc<Mutex<Option<Failure>>>,
}

impl Recordings {
    /// Waits for the last run to end, and says what went wrong with its recording.
    pub(crate) fn settle(self) -> Result<(), Failure> {
        if let Some(thread) = self.last.lock().take() {
            drop(thread.join());
        }
        self.failed.lock().take().map_or(Ok(()), Err)
    }
}
