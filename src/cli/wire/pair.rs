//! Two at once: what is compared is loaded, and run on two runtimes of its own.

use std::path::Path;
use std::sync::mpsc::Sender;

use super::forward::{Going, Run, Word, launch};
use super::start::send_recorded;
use super::{App, Opened};
use crate::cli::failure::Failure;
use crate::cli::prepare::{self, Wish};
use crate::cli::program;
use crate::cli::{replay, source};
use loopscope_lab::engine::Extras;
use loopscope_protocol::reply::{Half, Reply, Slot};

/// What is compared, and the runs that go on.
pub(super) struct Pair {
    halves: [Opened; 2],
    going: [Option<Going>; 2],
}

impl Pair {
    /// Finds both by what was typed.
    fn open(names: &[String; 2], wish: &Wish) -> Result<(Self, [Half; 2]), Failure> {
        let (left, right) = (open(&names[0], wish)?, open(&names[1], wish)?);
        let pair = Self {
            halves: [left.0, right.0],
            going: [None, None],
        };
        Ok((pair, [left.1, right.1]))
    }

    /// Runs one of the two.
    fn run(
        &mut self,
        (slot, side): (Slot, usize),
        number: u32,
        wish: &Wish,
        replies: &Sender<Reply>,
    ) -> Result<(), Failure> {
        let source = match self.halves.get(side) {
            Some(Opened::Scenario(source)) => source,
            Some(Opened::Recording(trace)) => {
                send_recorded(trace, (slot, number), replies);
                return Ok(());
            }
            None => return Err(Failure::Usage("there are two to compare".to_owned())),
        };
        let run = Run {
            slot,
            number,
            scenario: prepare::scenario(source, wish)?,
            extras: Extras {
                program: program::own(),
                ..Extras::default()
            },
        };
        let going = launch(run, replies.clone(), None)?;
        self.stop_one(side);
        if let Some(place) = self.going.get_mut(side) {
            *place = Some(going);
        }
        Ok(())
    }

    /// Stops both.
    pub(super) fn stop(&mut self) {
        self.stop_one(0);
        self.stop_one(1);
    }

    fn stop_one(&mut self, side: usize) {
        if let Some(going) = self.going.get_mut(side).and_then(Option::take) {
            drop(going.words.send(Word::Stop));
        }
    }
}

impl App {
    /// Finds two that are compared; what runs is stopped.
    pub(super) fn open_pair(&mut self, names: &[String; 2]) -> Result<[Half; 2], Failure> {
        self.let_go();
        let (pair, halves) = Pair::open(names, &self.config.wish)?;
        self.pair = Some(pair);
        self.notes.opened();
        Ok(halves)
    }

    /// Runs one of the two.
    pub(super) fn run_half(
        &mut self,
        (slot, side): (Slot, usize),
        number: u32,
    ) -> Result<(), Failure> {
        let wish = self.with(&[]);
        match &mut self.pair {
            Some(pair) => pair.run((slot, side), number, &wish, &self.replies),
            None => Err(Failure::Usage("nothing is compared".to_owned())),
        }
    }
}

/// A scenario by its id, or a file: a scenario, or a recording.
fn open(name: &str, wish: &Wish) -> Result<(Opened, Half), Failure> {
    let path = Path::new(name);
    if path.is_file() && is_recording(path) {
        let trace = replay::read(path)?.trace;
        let half = Half::Recording(Box::new(trace.clone()));
        return Ok((Opened::Recording(Box::new(trace)), half));
    }
    let source = source::find(name)?;
    let story = prepare::scenario(&source, wish)?.story;
    Ok((Opened::Scenario(source), Half::Scenario(Box::new(story))))
}

/// Whether a file begins as recordings do.
fn is_recording(path: &Path) -> bool {
    use std::io::Read;

    const BEGIN: &[u8] = b"{\"loopscope\"";
    let mut begin = [0; BEGIN.len()];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut begin));
    read.is_ok() && begin == BEGIN
}
