//! Answers what the screen asks: the library, the engine and recordings behind one port.
//!
//! *In:* the screen's wishes. *Out:* stories, batches on the screen's channel, recordings as files.
//! *Invariant:* no wish blocks the screen, and the last run is the recording that stays.
//! *Absent on purpose:* what a batch means.

mod door;
mod forward;
#[cfg(test)]
mod keys;
mod many;
mod menu;
mod notes;
mod own;
mod pair;
mod problem;
mod recorded;
mod set;
mod start;
#[cfg(test)]
mod tests;
mod watch;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;

use super::args::Watch;
use super::failure::Failure;
use super::prepare::{self, Wish};
use super::progress::Keeper;
use super::source::{self, Source};
pub(super) use forward::Recordings;
use forward::{Going, Word};
use loopscope_protocol::console::ConsoleState;
use loopscope_protocol::menu::{MenuEntry, Progress, Remember};
use loopscope_protocol::notes::Page;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::reply::Half;
use loopscope_protocol::user_files::{Editing, Export, Exported, Offers, Reloaded};
use loopscope_trace::{Answers, Clock, Story, Trace};
use loopscope_tui::message::Message;
use loopscope_tui::port::Port;
pub(super) use pair::find_pair;
use problem::problem;

/// The port: what is open, and the run that goes on.
pub(super) struct Desk {
    wish: Wish,
    record: Option<PathBuf>,
    opened: Option<Opened>,
    going: Option<Going>,
    pair: Option<pair::Pair>,
    many: Option<many::Many>,
    file: own::File,
    recordings: Recordings,
    keeper: Keeper,
    watch: Watch,
    door: door::Watched,
    /// Where the key for it opens the door.
    door_at: SocketAddr,
    /// What the screen is told at its start.
    greeting: Option<String>,
    notes: notes::Notes,
    /// The pace that the screen asks for.
    pace: Option<f64>,
}

enum Opened {
    Scenario(Source),
    Recording(Box<Trace>),
}

impl Desk {
    /// A desk on which nothing lies yet.
    pub(super) fn new(wish: Wish, record: Option<PathBuf>) -> Self {
        Self {
            wish,
            record,
            opened: None,
            going: None,
            pair: None,
            many: None,
            file: own::File::default(),
            recordings: Recordings::default(),
            keeper: Keeper::default(),
            watch: Watch::default(),
            door: door::Watched::default(),
            door_at: loopscope_probe::console::DEFAULT,
            greeting: None,
            notes: notes::Notes::default(),
            pace: None,
        }
    }

    /// Stops what runs, and hears no more of what people say about it.
    fn let_go(&mut self) {
        self.stop();
        self.going = None;
    }

    /// What to wait for after the screen has closed.
    pub(super) fn recordings(&self) -> Recordings {
        self.recordings.clone()
    }
}

impl Port for Desk {
    fn listen(&mut self, messages: Sender<Message>) {
        self.file.listen(messages);
    }

    fn edit(&mut self, scenario: Option<&str>) -> Result<Editing, Problem> {
        self.edit_scenario(scenario)
    }

    fn reload(&mut self) -> Result<Reloaded, Problem> {
        self.reload_opened()
    }

    fn offers(&mut self, scenario: Option<&str>) -> Result<Offers, Problem> {
        self.offers_of(scenario)
    }

    fn export(&mut self, export: &Export) -> Result<Exported, Problem> {
        self.export_file(export)
    }

    fn menu(&mut self) -> Vec<MenuEntry> {
        menu::rows()
    }

    fn open(&mut self, scenario: &str) -> Result<Story, Problem> {
        self.let_go();
        let source = source::find(scenario).map_err(problem)?;
        let story = prepare::scenario(&source, &self.with(&[]))
            .map_err(problem)?
            .story;
        self.file.follow(&source);
        self.opened = Some(Opened::Scenario(source));
        self.notes.opened();
        Ok(story)
    }

    fn run(
        &mut self,
        number: u32,
        knobs: &[(String, i64)],
        answers: &Answers,
        messages: Sender<Message>,
    ) -> Result<Story, Problem> {
        let mut knobs = knobs.to_vec();
        self.freshen(&mut knobs).map_err(problem)?;
        self.let_go();
        self.start(number, &self.with(&knobs), answers, messages)
            .map_err(problem)
    }

    fn keep_answers(&mut self, answers: &Answers) {
        if let Some(going) = &self.going {
            going.keep(answers);
        }
    }

    fn run_many(
        &mut self,
        number: u32,
        times: u32,
        knobs: &[(String, i64)],
        messages: Sender<Message>,
    ) {
        let wish = self.with(knobs);
        if let Some(Opened::Scenario(source)) = &self.opened {
            self.many = many::count(source, &wish, (number, times), messages).ok();
        }
    }

    fn turned(&mut self, knobs: &[(String, i64)]) -> Result<Story, Problem> {
        let scenario = match &self.opened {
            Some(Opened::Scenario(source)) => prepare::scenario(source, &self.with(knobs)),
            _ => Err(Failure::Usage("open a scenario first".to_owned())),
        };
        scenario.map(|scenario| scenario.story).map_err(problem)
    }

    fn run_each(&mut self, number: u32, knobs: &[Vec<(String, i64)>], messages: Sender<Message>) {
        let wishes = knobs.iter().map(|knobs| self.with(knobs)).collect();
        if let Some(Opened::Scenario(source)) = &self.opened {
            self.many = many::sweep(source, wishes, number, messages).ok();
        }
    }

    fn open_pair(&mut self, names: &[String; 2]) -> Result<[Half; 2], Problem> {
        self.let_go();
        let (pair, halves) = pair::Pair::open(names, &self.wish).map_err(problem)?;
        self.pair = Some(pair);
        self.notes.opened();
        Ok(halves)
    }

    fn run_half(
        &mut self,
        side: usize,
        number: u32,
        messages: Sender<Message>,
    ) -> Result<Story, Problem> {
        let wish = self.with(&[]);
        match &mut self.pair {
            Some(pair) => pair.run(side, number, &wish, messages).map_err(problem),
            None => Err(problem(Failure::Usage("nothing is compared".to_owned()))),
        }
    }

    fn progress(&mut self) -> Progress {
        let mut progress = self.keeper.read();
        progress.sentences.extend(self.greeting.take());
        progress
    }

    fn remember(&mut self, what: Remember, messages: Sender<Message>) {
        let tell = move |sentence| messages.send(Message::Tell(sentence)).is_ok();
        self.keeper.remember(what, tell);
    }

    fn send_request(&mut self) -> bool {
        self.going.as_ref().is_some_and(|going| {
            going.takes_requests
                && going.alive.load(Ordering::Relaxed)
                && going.words.send(Word::Send).is_ok()
        })
    }

    fn console(&mut self, open: bool, messages: Sender<Message>) -> ConsoleState {
        let wanted = self.watch.console;
        let address = wanted.or(open.then_some(self.door_at));
        self.door.look(address, messages)
    }

    fn offer_notes(&mut self, messages: Sender<Message>) {
        self.notes.offer(messages, self.opened.is_some());
    }

    fn show_notes(&mut self, page: &Page) {
        self.notes.show(page);
    }

    fn pace(&mut self, speed: Option<f64>) {
        self.pace = speed;
    }

    fn instant(&mut self, on: Option<bool>) -> bool {
        if let Some(on) = on {
            self.wish.clock = if on { Clock::Virtual } else { Clock::Real };
        }
        self.wish.clock == Clock::Virtual
    }

    fn metrics(&mut self, on: Option<bool>) -> bool {
        self.watch.metrics = on.unwrap_or(self.watch.metrics);
        self.watch.metrics
    }

    fn stop(&mut self) {
        if let Some(going) = &self.going {
            drop(going.words.send(Word::Stop));
        }
        self.many = None;
        if let Some(pair) = &mut self.pair {
            pair.stop();
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.let_go();
    }
}
