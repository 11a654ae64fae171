//! Reads a line, says what it leads to, and grants its wish: until somebody has had enough.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use signal_hook::consts::SIGINT;

use super::about;
use super::dialogue::{Dialogue, Turn, Want};
use super::input::{Came, GLANCE, Input, Signals};
use crate::cli::Outcome;
use crate::cli::failure::{self, Failure};
use crate::cli::output;
use crate::cli::prepare::{self, Wish};
use crate::cli::progress::Keeper;
use crate::cli::settings::Settings;
use crate::cli::source;
use crate::cli::wire::Desk;
use crate::export::narrate::Narrator;
use crate::export::text;
use loopscope_protocol::problem::Problem;
use loopscope_timeline::Timeline;
use loopscope_trace::Answers;
use loopscope_trace::plain;
use loopscope_tui::message::Message;
use loopscope_tui::port::Port;
use loopscope_tui::settings::settings::Settings as Manner;

/// How long a stopped run may take to say its last words.
const PATIENCE: Duration = Duration::from_secs(2);

/// Talks until the input ends, somebody quits, or a signal comes.
pub(super) fn talk(
    desk: Desk,
    wish: &Wish,
    settings: &Settings,
    open: Option<&str>,
    first: Option<&str>,
) -> Outcome {
    if let Some(problems) = settings.problems() {
        failure::say(problems.render(output::color_on_stderr()));
    }
    let keeper = Keeper::at_home();
    let desk = desk.set(settings).remembering(keeper.clone());
    let recordings = desk.recordings();
    let (tells, told) = channel();
    let mut talk = Talk {
        desk,
        tells,
        told,
        wish: wish.clone(),
        input: Input::open(),
        signals: Signals::listen(),
        runs: 0,
    };
    let outcome = talk.all(&settings.screen(), open, first);
    drop(talk);
    if let Some(sentence) = keeper.settle() {
        failure::say(format!("loopscope: {sentence}"));
    }
    recordings.settle()?;
    outcome
}

struct Talk {
    desk: Desk,
    /// Where the desk says what it could not do.
    tells: Sender<Message>,
    told: Receiver<Message>,
    wish: Wish,
    input: Input,
    signals: Signals,
    runs: u32,
}

impl Talk {
    fn all(&mut self, settings: &Manner, open: Option<&str>, first: Option<&str>) -> Outcome {
        let progress = self.desk.progress();
        say(first
            .into_iter()
            .chain(progress.sentences.iter().map(String::as_str)))?;
        let mut dialogue = Dialogue::new(self.desk.menu(), progress);
        dialogue.asks = settings.asks;
        dialogue.language = settings.language;
        let mut turn = match open {
            Some(name) => dialogue.open(name),
            None => Turn::say(dialogue.welcome()),
        };
        loop {
            say(&turn.lines)?;
            if let Some(what) = turn.remember {
                self.desk.remember(what, self.tells.clone());
            }
            for message in self.told.try_iter() {
                if let Message::Tell(sentence) = message {
                    say([sentence])?;
                }
            }
            turn = match turn.wish {
                Some(Want::Quit) => return Ok(()),
                Some(wish) => self.grant(&mut dialogue, wish)?,
                None => match self.ask(dialogue.prompt())? {
                    Some(line) => dialogue.line(&line),
                    None => return Ok(()),
                },
            };
        }
    }

    /// Prints a prompt and waits for a line; `None` at the end of input.
    fn ask(&self, prompt: &str) -> Result<Option<String>, Failure> {
        output::text(&format!("{prompt}> "))?;
        let came = self.input.next(&self.signals);
        // Where nobody sees what is typed, the answer begins on a line of its own all the same.
        if !self.input.echoes || !matches!(came, Came::Line(_)) {
            output::text("\n")?;
        }
        match came {
            Came::Line(line) => Ok(Some(line)),
            Came::End => Ok(None),
            Came::Signal(number) => Err(Failure::Signal(number)),
        }
    }

    fn grant(&mut self, dialogue: &mut Dialogue, wish: Want) -> Result<Turn, Failure> {
        match wish {
            Want::Open(name) => Ok(match self.desk.open(&name) {
                Ok(story) => {
                    let slowed = prepare::slowed(&story, &self.wish);
                    let warnings = slowed
                        .into_iter()
                        .chain(prepare::really(&story, &self.wish));
                    let knobs = std::mem::take(&mut self.wish.knobs);
                    let mut turn = dialogue.opened(story, &knobs);
                    turn.lines.splice(0..0, warnings);
                    turn
                }
                Err(problem) => dialogue.refused(self.mistakes(&name).unwrap_or(problem)),
            }),
            Want::Run { knobs, answers } => self.run(dialogue, &knobs, &answers),
            Want::Keep(answers) => {
                self.desk.keep_answers(&answers);
                Ok(Turn::default())
            }
            Want::Quit => Ok(Turn::default()),
        }
    }

    /// The mistakes of a file as sentences; the screen's diagnostics are drawn.
    fn mistakes(&self, name: &str) -> Option<Problem> {
        let source = source::find(name).ok()?;
        match prepare::scenario(&source, &self.wish) {
            Err(Failure::Scenario(problems)) => Some(about::mistakes(&problems)),
            _ => None,
        }
    }

    fn run(
        &mut self,
        dialogue: &mut Dialogue,
        knobs: &[(String, i64)],
        answers: &Answers,
    ) -> Result<Turn, Failure> {
        self.runs += 1;
        let (messages, arrived) = channel();
        let story = match self.desk.run(self.runs, knobs, answers, messages) {
            Ok(story) => story,
            Err(problem) => return Ok(dialogue.refused(problem)),
        };
        let mut timeline = Timeline::new(story);
        let mut teller = Teller::new(&timeline, dialogue);
        let mut stopped: Option<Instant> = None;
        while timeline.ended().is_none() {
            match arrived.recv_timeout(GLANCE) {
                Ok(Message::Batch { run, batch }) if run == self.runs => {
                    timeline.extend(batch);
                    teller.tell(&timeline)?;
                }
                Err(RecvTimeoutError::Disconnected) => break,
                _ => {}
            }
            match (self.signals.take(), stopped) {
                (Some(SIGINT), None) => {
                    self.desk.stop();
                    say(["Stopped by Ctrl-C."])?;
                    stopped = Some(Instant::now());
                }
                (Some(number), _) => return Err(Failure::Signal(number)),
                (None, Some(since)) if since.elapsed() > PATIENCE => break,
                _ => {}
            }
        }
        Ok(dialogue.ended(&timeline))
    }
}

/// Tells a run in sentences, or every event where that was asked for.
enum Teller {
    Sentences(Box<Narrator>),
    Events(text::Writer),
}

impl Teller {
    fn new(timeline: &Timeline, dialogue: &Dialogue) -> Self {
        if dialogue.all {
            return Self::Events(text::Writer::default());
        }
        Self::Sentences(Box::new(Narrator::new(timeline, dialogue.language)))
    }

    fn tell(&mut self, timeline: &Timeline) -> Outcome {
        match self {
            Self::Sentences(narrator) => say(narrator.news(timeline)),
            Self::Events(writer) => output::text(&writer.news(timeline)),
        }
    }
}

/// Prints lines, none of which can steer a terminal; nothing where there are none.
fn say<L: AsRef<str>>(lines: impl IntoIterator<Item = L>) -> Outcome {
    let mut text = String::new();
    for line in lines {
        text.push_str(&plain(line.as_ref()));
        text.push('\n');
    }
    if text.is_empty() {
        return Ok(());
    }
    output::text(&text)
}
