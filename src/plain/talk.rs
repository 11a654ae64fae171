//! Reads a line, says what it leads to, and does it, until the input ends or one quits.

use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use signal_hook::consts::SIGINT;

use crate::app::failure::{Failure, Outcome};
use crate::app::open::open;
use crate::app::open::open::RunChoices;
use crate::app::serve::ask;
use crate::app::settings::settings::Settings;
use crate::export::narrate::narrator::Narrator;
use crate::export::text;
use crate::output;
use crate::plain::about;
use crate::plain::input::{Came, GLANCE, Input, Signals};
use crate::plain::state::{Action, Dialogue, Turn};
use loopscope_protocol::practice::Exercises;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::reply::{Hello, Reply, Slot};
use loopscope_protocol::request::{Client, Request};
use loopscope_timeline::Timeline;
use loopscope_trace::{Answers, Story, plain};
use loopscope_tui::settings::settings::Settings as Manner;

/// How long a stopped run may take to say its last words.
const PATIENCE: Duration = Duration::from_secs(2);

/// Talks until the input ends, one quits, or a signal comes.
pub(crate) fn talk(
    client: Client,
    choices: RunChoices,
    settings: &Settings,
    open: Option<Story>,
    first: Option<&str>,
) -> Outcome {
    practise(
        client,
        choices,
        settings,
        open,
        (first, Exercises::default()),
    )
}

/// The same, where exercises follow one another.
pub(crate) fn practise(
    client: Client,
    choices: RunChoices,
    settings: &Settings,
    open: Option<Story>,
    (first, exercises): (Option<&str>, Exercises),
) -> Outcome {
    if let Some(problems) = settings.problems() {
        output::say_problems(problems);
    }
    let mut talk = Talk {
        client,
        told: Vec::new(),
        choices,
        input: Input::open(),
        signals: Signals::listen(),
        runs: 0,
    };
    let outcome = talk.all(&settings.screen(), open, (first, exercises));
    let left = ask::leave(&talk.client);
    if let Some(sentence) = left.as_ref().and_then(|left| left.progress.as_ref()) {
        output::say(format!("loopscope: {sentence}"));
    }
    left.map_or(Ok(()), |left| left.recording)?;
    outcome
}

struct Talk {
    client: Client,
    /// Sentences that are to be said before the next line is asked for.
    told: Vec<String>,
    choices: RunChoices,
    input: Input,
    signals: Signals,
    runs: u32,
}

impl Talk {
    fn all(
        &mut self,
        settings: &Manner,
        open: Option<Story>,
        (first, exercises): (Option<&str>, Exercises),
    ) -> Outcome {
        let Hello { rows, progress, .. } = self.wait(Request::Hello, |reply| match reply {
            Reply::Hello(hello) => Ok(*hello),
            reply => Err(reply),
        })?;
        say(first
            .into_iter()
            .chain(progress.sentences.iter().map(String::as_str)))?;
        let mut dialogue = Dialogue::new(rows, progress);
        dialogue.asks = settings.asks;
        dialogue.exercises = exercises;
        dialogue.language = settings.language;
        let mut turn = match open {
            Some(story) => self.opened(&mut dialogue, story),
            None => Turn::say(dialogue.welcome()),
        };
        loop {
            say(&turn.lines)?;
            if let Some(what) = turn.remember {
                self.ask(Request::Remember(what))?;
            }
            while let Ok(reply) = self.client.replies.try_recv() {
                self.keep(reply);
            }
            say(std::mem::take(&mut self.told))?;
            turn = match turn.action {
                Some(Action::Quit) => return Ok(()),
                Some(action) => self.act(&mut dialogue, action)?,
                None => match self.line(dialogue.prompt())? {
                    Some(line) => dialogue.line(&line),
                    None => return Ok(()),
                },
            };
        }
    }

    fn ask(&self, request: Request) -> Outcome {
        self.client.requests.send(request).map_err(|_| gone())
    }

    /// Asks, and waits for the answer; what is told besides is said later.
    fn wait<T>(
        &mut self,
        request: Request,
        is: impl Fn(Reply) -> Result<T, Reply>,
    ) -> Result<T, Failure> {
        self.ask(request)?;
        loop {
            match is(self.client.replies.recv().map_err(|_| gone())?) {
                Ok(answer) => return Ok(answer),
                Err(reply) => self.keep(reply),
            }
        }
    }

    fn keep(&mut self, reply: Reply) {
        if let Reply::Notice(sentence) = reply {
            self.told.push(sentence);
        }
    }

    /// Prints a prompt and waits for a line; `None` at the end of input.
    fn line(&self, prompt: &str) -> Result<Option<String>, Failure> {
        output::text(&format!("{prompt}> "))?;
        let came = self.input.next(&self.signals);
        // Where what is typed is not shown, the answer begins on a line of its own all the same.
        if !self.input.echoes || !matches!(came, Came::Line(_)) {
            output::text("\n")?;
        }
        match came {
            Came::Line(line) => Ok(Some(line)),
            Came::End => Ok(None),
            Came::Signal(number) => Err(Failure::Signal(number)),
        }
    }

    fn act(&mut self, dialogue: &mut Dialogue, action: Action) -> Result<Turn, Failure> {
        match action {
            Action::Open(name) => {
                let opened = self.wait(Request::Open(name), |reply| match reply {
                    Reply::Opened(story) => Ok(story),
                    reply => Err(reply),
                })?;
                Ok(match opened {
                    Ok(story) => self.opened(dialogue, *story),
                    Err(problem) => dialogue.refused(about::mistakes(problem)),
                })
            }
            Action::Run { knobs, answers } => self.run(dialogue, knobs, answers),
            Action::Keep(answers) => {
                self.ask(Request::KeepAnswers(answers))?;
                Ok(Turn::default())
            }
            Action::Quit => Ok(Turn::default()),
        }
    }

    fn opened(&mut self, dialogue: &mut Dialogue, story: Story) -> Turn {
        let slowed = open::slowed(&story, &self.choices);
        let warnings = slowed
            .into_iter()
            .chain(open::really(&story, &self.choices));
        let warnings: Vec<String> = warnings.collect();
        let knobs = std::mem::take(&mut self.choices.knobs);
        let mut turn = dialogue.opened(story, &knobs);
        turn.lines.splice(0..0, warnings);
        turn
    }

    fn run(
        &mut self,
        dialogue: &mut Dialogue,
        knobs: Vec<(String, i64)>,
        answers: Answers,
    ) -> Result<Turn, Failure> {
        self.runs += 1;
        // What is shown is played.
        self.ask(Request::Language(dialogue.language))?;
        self.ask(Request::Run {
            slot: Slot::Only,
            number: self.runs,
            knobs,
            answers,
        })?;
        let mut going: Option<(Timeline, Teller)> = None;
        let mut stopped: Option<Instant> = None;
        while going.as_ref().is_none_or(|(run, _)| run.ended().is_none()) {
            match self.client.replies.recv_timeout(GLANCE) {
                Ok(Reply::Started { run, result, .. }) if run == self.runs => match result {
                    Ok(story) => {
                        let timeline = Timeline::new(*story);
                        let teller = Teller::new(&timeline, dialogue);
                        going = Some((timeline, teller));
                    }
                    Err(problem) => return Ok(dialogue.refused(problem)),
                },
                Ok(Reply::Batch { run, batch }) if run == self.runs => {
                    if let Some((timeline, teller)) = &mut going {
                        timeline.extend(batch);
                        teller.tell(timeline)?;
                    }
                }
                Ok(Reply::Ended { run, .. }) if run == self.runs => break,
                Ok(reply) => self.keep(reply),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            match (self.signals.take(), stopped) {
                (Some(SIGINT), None) => {
                    self.ask(Request::Stop)?;
                    say(["Stopped by Ctrl-C."])?;
                    stopped = Some(Instant::now());
                }
                (Some(number), _) => return Err(Failure::Signal(number)),
                (None, Some(since)) if since.elapsed() > PATIENCE => break,
                _ => {}
            }
        }
        Ok(match going {
            Some((timeline, _)) => dialogue.ended(&timeline),
            None => dialogue.refused(Problem::of("the run was stopped before it began")),
        })
    }
}

fn gone() -> Failure {
    Failure::Io("the application has ended".to_owned())
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

/// The first line where the terminal cannot draw.
pub(crate) const DUMB: &str = "This terminal cannot draw (TERM=dumb): loopscope speaks in lines.";

#[cfg(test)]
#[path = "../../tests/inside/plain/mod.rs"]
mod tests;
