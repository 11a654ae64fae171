//! What the screen asks of the world outside; `cli/wire` answers.

use std::sync::mpsc::Sender;

use crate::message::Message;
use loopscope_protocol::console::ConsoleState;
use loopscope_protocol::menu::{MenuEntry, Progress, Remember};
use loopscope_protocol::notes::Page;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::reply::Half;
use loopscope_protocol::user_files::{Editing, Export, Exported, Offers, Reloaded};
use loopscope_trace::{Answers, Story};

/// What the screen asks for. Batches of a run arrive as [`crate::message::Message::Batch`] on the sender.
pub trait Port {
    /// Where the world outside tells what happens by itself, such as a file that was saved; called
    /// once, before anything else.
    fn listen(&mut self, _messages: Sender<Message>) {}
    /// All scenarios in learning order.
    fn menu(&mut self) -> Vec<MenuEntry>;
    /// Loads a scenario (an id or a path) and gives its story; nothing runs yet.
    ///
    /// # Errors
    /// Where there is no such scenario or its file has mistakes.
    fn open(&mut self, scenario: &str) -> Result<Story, Problem>;
    /// Runs the opened scenario with these knobs; a run that goes on is stopped first. The number
    /// comes back with each message of the run, so that a late one of an older run is ignored.
    ///
    /// # Errors
    /// Where the runtime cannot be started or a knob's value does not fit.
    fn run(
        &mut self,
        number: u32,
        knobs: &[(String, i64)],
        answers: &Answers,
        messages: Sender<Message>,
    ) -> Result<Story, Problem>;
    /// Keeps what was said with the recording of the run that was begun last.
    fn keep_answers(&mut self, _answers: &Answers) {}
    /// Runs the opened scenario `times` times, one after the other, until it is stopped; each count
    /// arrives as [`crate::message::Message::Counted`].
    fn run_many(
        &mut self,
        _number: u32,
        _times: u32,
        _knobs: &[(String, i64)],
        _messages: Sender<Message>,
    ) {
    }
    /// Gives the story of the opened scenario with these knobs; nothing runs.
    ///
    /// # Errors
    /// Where a knob's value does not fit.
    fn turned(&mut self, _knobs: &[(String, i64)]) -> Result<Story, Problem> {
        Err(Problem {
            sentence: "nothing can be turned here".to_owned(),
            details: Vec::new(),
        })
    }
    /// Runs the opened scenario once with each of these values of its knobs, one after the other,
    /// until it is stopped: by the virtual clock where it can be computed, else hurried. What each
    /// run came to arrives as [`crate::message::Message::Swept`].
    fn run_each(
        &mut self,
        _number: u32,
        _knobs: &[Vec<(String, i64)>],
        _messages: Sender<Message>,
    ) {
    }
    /// Loads two scenarios or recordings (ids or paths) that are to be compared; nothing runs yet.
    ///
    /// # Errors
    /// Where one of them cannot be found or has mistakes.
    fn open_pair(&mut self, _names: &[String; 2]) -> Result<[Half; 2], Problem> {
        Err(Problem::of("nothing can be compared here"))
    }
    /// Runs the half of the pair that stands at place `side`, like [`Port::run`].
    ///
    /// # Errors
    /// Where the runtime cannot be started.
    fn run_half(
        &mut self,
        _side: usize,
        _number: u32,
        _messages: Sender<Message>,
    ) -> Result<Story, Problem> {
        Err(Problem::of("nothing can be compared here"))
    }
    /// What to start for editing a scenario, by its id or as it is open: the person's own file, or
    /// the person's copy of one of ours, which is made where there is none. Such a copy takes the
    /// place of what is open; a run goes on.
    ///
    /// # Errors
    /// Where there is no file, no place for a copy, or no editor.
    fn edit(&mut self, _scenario: Option<&str>) -> Result<Editing, Problem> {
        Err(Problem::of("nothing can be edited here"))
    }
    /// Reads the file of the opened scenario again, and keeps what it says where it is right.
    ///
    /// # Errors
    /// Where the file has mistakes or is gone; what was read before stays, and can be run.
    fn reload(&mut self) -> Result<Reloaded, Problem> {
        Ok(Reloaded::Same)
    }
    /// What a scenario, by its id or as it is open, can be exported to; nothing is written yet.
    ///
    /// # Errors
    /// Where it cannot be found or has mistakes.
    fn offers(&mut self, _scenario: Option<&str>) -> Result<Offers, Problem> {
        Err(Problem::of("nothing can be exported here"))
    }
    /// Writes a new file.
    ///
    /// # Errors
    /// Where there is nothing to write, or it cannot be written.
    fn export(&mut self, _export: &Export) -> Result<Exported, Problem> {
        Err(Problem::of("nothing can be exported here"))
    }
    /// What is known from earlier runs of the program; asked once, before the first frame.
    fn progress(&mut self) -> Progress {
        Progress::default()
    }
    /// Keeps something beyond the end of the program; returns at once. Where that cannot be done,
    /// one [`crate::message::Message::Tell`] says so.
    fn remember(&mut self, _what: Remember, _messages: Sender<Message>) {}
    /// Sends one more real request into the run.
    fn send_request(&mut self) -> bool;
    /// Stops the run, if one goes on; returns at once.
    fn stop(&mut self);
    /// Scenarios that are opened from now on run at so many scenario seconds in a wall second; at
    /// the pace that they would have anyway where it is `None`.
    fn pace(&mut self, _speed: Option<f64>) {}
    /// Whether runs from now on compute their time; `on` decides it first.
    fn instant(&mut self, on: Option<bool>) -> bool {
        on.unwrap_or(false)
    }
    /// Whether tokio-metrics counts in the runs from now on; `on` decides it first.
    fn metrics(&mut self, on: Option<bool>) -> bool {
        on.unwrap_or(false)
    }
    /// Lets other terminals show the notes of this screen from now on, where that can be done; the
    /// few keys that they pass on arrive as [`crate::message::Message::Key`] on the sender.
    fn offer_notes(&mut self, _messages: Sender<Message>) {}
    /// The notes have changed. Called at most ten times a second, and never waits.
    fn show_notes(&mut self, _page: &Page) {}
    /// How tokio-console's door stands; `open` opens it first, for the runs from now on. Changes
    /// arrive as [`crate::message::Message::Console`] on the sender.
    fn console(&mut self, _open: bool, _messages: Sender<Message>) -> ConsoleState {
        ConsoleState::Off
    }
}
