//! What is open and what runs, and how a run of it begins.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::mpsc::Sender;

use crate::app::failure::{Failure, problem};
use crate::app::files::editor::Edited;
use crate::app::files::places;
use crate::app::notes::offer;
use crate::app::open::open::{Opened, RunChoices};
use crate::app::open::{open, watch_file};
use crate::app::progress::keeper::Keeper;
use crate::app::run::going::Going;
use crate::app::run::live::What;
use crate::app::run::record::{Recordings, send_recorded};
use crate::app::run::stream::{Kept, Run, launch};
use crate::app::run::{console, many};
use crate::app::settings::settings::Settings;
use loopscope_lab::engine::{Extras, Program};
use loopscope_protocol::reply::{Half, Reply, Slot};
use loopscope_trace::Answers;

/// What is open, and what runs.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) replies: Sender<Reply>,
    pub(crate) opened: Option<Opened>,
    /// What was watched before the scenario that is open, and goes on.
    pub(crate) aside: Option<(Opened, Option<Going>)>,
    /// Columns and rows of the screen.
    pub(crate) size: Option<(u16, u16)>,
    pub(crate) going: Option<Going>,
    pub(crate) pair: Option<Pair>,
    pub(crate) many: Option<many::Many>,
    pub(crate) file: watch_file::File,
    /// What an editor has been started with last.
    pub(crate) edited: Option<Edited>,
    pub(crate) recordings: Recordings,
    pub(crate) console: console::Watched,
    pub(crate) notes: offer::Notes,
    /// The pace that was asked for since; the flags' own where none was.
    pub(crate) pace: Option<f64>,
}

impl App {
    /// Runs what is open in this slot; where it cannot, that is what is told.
    pub(crate) fn run(
        &mut self,
        slot: Slot,
        number: u32,
        knobs: Vec<(String, i64)>,
        answers: &Answers,
    ) {
        let begun = match slot.side() {
            Some(side) => self.run_half((slot, side), number, &knobs),
            None => self.run_only(number, knobs, answers),
        };
        if let Err(failure) = begun {
            self.tell(Reply::Started {
                slot,
                run: number,
                result: Err(problem(failure)),
            });
        }
    }

    fn run_only(
        &mut self,
        number: u32,
        mut knobs: Vec<(String, i64)>,
        answers: &Answers,
    ) -> Result<(), Failure> {
        self.freshen(&mut knobs)?;
        self.let_go();
        self.start(number, &self.with(&knobs), answers)
    }

    fn start(
        &mut self,
        number: u32,
        choices: &RunChoices,
        answers: &Answers,
    ) -> Result<(), Failure> {
        let what = match &self.opened {
            Some(Opened::Scenario(source)) => {
                let extras = Extras {
                    hold: self.config.watch.hold,
                    metrics: self.config.watch.metrics,
                    memory: self.config.watch.memory,
                    program: self.config.program.clone(),
                    delays: None,
                };
                What::Scenario(Box::new(open::prepared(source, choices)?), extras)
            }
            Some(Opened::Program(program)) => What::Program(program.clone()),
            Some(Opened::Recording { trace, .. }) => {
                send_recorded(trace, (Slot::Only, number), &self.replies);
                return Ok(());
            }
            None => return Err(Failure::Usage("open a scenario first".to_owned())),
        };
        let run = Run {
            slot: Slot::Only,
            number,
            what,
        };
        // What is recorded, and what waits for its end, is the program that is watched.
        let kept = self.aside.is_none().then(|| Kept {
            target: self.config.record.clone(),
            answers: answers.clone(),
            recordings: self.recordings.clone(),
        });
        self.going = Some(launch(run, self.replies.clone(), kept)?);
        Ok(())
    }
}

/// What else watches the runs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Watch {
    /// Where tokio-console may attach.
    pub(crate) console: Option<SocketAddr>,
    /// tokio-metrics counts too.
    pub(crate) metrics: bool,
    /// Bytes that a run may take; a gigabyte unless told.
    pub(crate) memory: Option<u64>,
    /// The last run's runtime is kept alive after its end.
    pub(crate) hold: bool,
}

/// How an asker is served.
#[derive(Clone)]
pub(crate) struct Config {
    /// What the flags say about runs.
    pub(crate) choices: RunChoices,
    /// Where runs are recorded to.
    pub(crate) record: Option<PathBuf>,
    /// What else watches.
    pub(crate) watch: Watch,
    /// Where the key for it opens tokio-console's listener.
    pub(crate) console_at: SocketAddr,
    /// What child processes are started from.
    pub(crate) program: Option<Program>,
    /// Said at the start.
    pub(crate) greeting: Option<String>,
    /// What is remembered beyond the end of the program.
    pub(crate) keeper: Keeper,
    /// The file of what is open is watched, and what becomes of it is told.
    pub(crate) follows: bool,
}

impl Config {
    /// For a command: it remembers nothing and watches no file.
    pub(crate) fn new(choices: RunChoices, record: Option<PathBuf>) -> Self {
        Self {
            choices,
            record,
            watch: Watch::default(),
            console_at: loopscope_probe::console::DEFAULT,
            program: places::program(),
            greeting: None,
            keeper: Keeper::default(),
            follows: false,
        }
    }

    /// For a person: as the settings say, and remembering.
    pub(crate) fn set(mut self, settings: &Settings) -> Self {
        self.console_at = settings.console();
        self.greeting = settings.sentence();
        self.keeper = Keeper::at_home();
        // The code is shown in it, and what is shown is played.
        self.choices.language = Some(settings.language());
        self
    }
}

/// What is compared, and the runs that go on.
pub(crate) struct Pair {
    halves: [Opened; 2],
    going: [Option<Going>; 2],
}

impl Pair {
    /// Finds both by what was typed.
    fn open(names: &[String; 2], choices: &RunChoices) -> Result<(Self, [Half; 2]), Failure> {
        let (left, right) = (
            open::open(&names[0], choices)?,
            open::open(&names[1], choices)?,
        );
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
        choices: &RunChoices,
        program: Option<&Program>,
        replies: &Sender<Reply>,
    ) -> Result<(), Failure> {
        let what = match self.halves.get(side) {
            Some(Opened::Scenario(source)) => {
                let extras = Extras {
                    program: program.cloned(),
                    ..Extras::default()
                };
                What::Scenario(Box::new(open::prepared(source, choices)?), extras)
            }
            Some(Opened::Program(program)) => What::Program(program.clone()),
            Some(Opened::Recording { trace, .. }) => {
                send_recorded(trace, (slot, number), replies);
                return Ok(());
            }
            None => return Err(Failure::Usage("there are two to compare".to_owned())),
        };
        let run = Run { slot, number, what };
        let going = launch(run, replies.clone(), None)?;
        self.stop_one(side);
        if let Some(place) = self.going.get_mut(side) {
            *place = Some(going);
        }
        Ok(())
    }

    /// Stops both.
    pub(crate) fn stop(&mut self) {
        self.stop_one(0);
        self.stop_one(1);
    }

    fn stop_one(&mut self, side: usize) {
        if let Some(going) = self.going.get_mut(side).and_then(Option::take) {
            going.stop();
        }
    }
}

impl App {
    /// Finds two that are compared; what runs is stopped.
    pub(crate) fn open_pair(&mut self, names: &[String; 2]) -> Result<[Half; 2], Failure> {
        self.let_go();
        let (pair, halves) = Pair::open(names, &self.config.choices)?;
        self.pair = Some(pair);
        self.notes.opened();
        Ok(halves)
    }

    /// Runs one of the two.
    pub(crate) fn run_half(
        &mut self,
        (slot, side): (Slot, usize),
        number: u32,
        knobs: &[(String, i64)],
    ) -> Result<(), Failure> {
        let (choices, program) = (self.with(knobs), self.config.program.as_ref());
        match &mut self.pair {
            Some(pair) => pair.run((slot, side), number, &choices, program, &self.replies),
            None => Err(Failure::Usage("nothing is compared".to_owned())),
        }
    }
}
