//! What `update` wishes for, and the one place where a wish is carried out.

use std::sync::mpsc::Sender;

use crate::message::Message;
use crate::own;
use crate::port::Port;
use crate::settings::start::Exit;
use loopscope_protocol::menu::Remember;
use loopscope_trace::Answers;

/// A wish of `update`: the only way in which a key reaches the world outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Load this scenario.
    Open(String),
    /// Run the opened scenario under this number with these knobs.
    Run {
        /// Given back with each message of the run.
        number: u32,
        /// Names and values.
        knobs: Vec<(String, i64)>,
        /// What was said before it, for its recording.
        answers: Answers,
    },
    /// What was said has changed: for the recording of the run that was begun last.
    KeepAnswers(Answers),
    /// Run the opened scenario many times and count.
    RunMany {
        /// Given back with each count.
        number: u32,
        /// How often.
        times: u32,
        /// Names and values of knobs.
        knobs: Vec<(String, i64)>,
    },
    /// Give the opened scenario's story with these knobs.
    Turn(Vec<(String, i64)>),
    /// Run the opened scenario once with each of these values of its knobs.
    RunEach {
        /// Given back with each run's point.
        number: u32,
        /// For each run the names and values of its knobs.
        knobs: Vec<Vec<(String, i64)>>,
    },
    /// Load two scenarios or recordings that are to be compared.
    OpenPair([String; 2]),
    /// Run one half of the pair.
    RunHalf {
        /// Which.
        side: usize,
        /// Given back with each message of the run.
        number: u32,
    },
    /// Keep this beyond the program's end.
    Remember(Remember),
    /// Run what is opened from now on at this pace; at its own where it is `None`.
    Pace(Option<f64>),
    /// Send one more request into the run.
    SendRequest,
    /// Stop the run.
    Stop,
    /// Ask how tokio-console's door stands, or open it.
    Console {
        /// Open it.
        open: bool,
    },
    /// Let the runs from now on count for themselves, or no longer.
    Metrics(bool),
    /// Let the runs from now on compute their time, or no longer.
    Instant(bool),
    /// Something about the person's own scenarios.
    Own(own::Wish),
    /// Hand this text to the terminal's clipboard.
    Copy(String),
    /// Paint every cell again.
    Repaint,
    /// Stop the process, as Ctrl-Z does.
    Suspend,
    /// Leave the screen.
    Quit(Exit),
}

/// What became of a wish.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Nothing more to say.
    Done,
    /// An answer that `update` is to hear.
    Answer(Message),
    /// The surface is asked for it, not the port.
    Surface(Effect),
    /// The loop ends.
    Quit(Exit),
}

/// Asks the port; what concerns the terminal is handed back.
// table
#[expect(clippy::too_many_lines, reason = "an arm a wish")]
pub fn perform(effect: Effect, port: &mut dyn Port, messages: &Sender<Message>) -> Outcome {
    match effect {
        Effect::Open(scenario) => {
            Outcome::Answer(Message::Opened(port.open(&scenario).map(Box::new)))
        }
        Effect::Run {
            number,
            knobs,
            answers,
        } => {
            let story = port.run(number, &knobs, &answers, messages.clone());
            Outcome::Answer(Message::Started {
                run: number,
                result: story.map(Box::new),
            })
        }
        Effect::KeepAnswers(answers) => {
            port.keep_answers(&answers);
            Outcome::Done
        }
        Effect::RunMany {
            number,
            times,
            knobs,
        } => {
            port.run_many(number, times, &knobs, messages.clone());
            Outcome::Done
        }
        Effect::Turn(knobs) => Outcome::Answer(Message::Turned(port.turned(&knobs).map(Box::new))),
        Effect::RunEach { number, knobs } => {
            port.run_each(number, &knobs, messages.clone());
            Outcome::Done
        }
        Effect::OpenPair(names) => {
            Outcome::Answer(Message::Paired(port.open_pair(&names).map(Box::new)))
        }
        Effect::RunHalf { side, number } => Outcome::Answer(Message::HalfStarted {
            side,
            run: number,
            result: port.run_half(side, number, messages.clone()).map(Box::new),
        }),
        Effect::Remember(what) => {
            port.remember(what, messages.clone());
            Outcome::Done
        }
        Effect::SendRequest => Outcome::Answer(Message::Sent(port.send_request())),
        Effect::Stop => {
            port.stop();
            Outcome::Done
        }
        Effect::Console { open } => {
            let state = port.console(open, messages.clone());
            Outcome::Answer(if open {
                Message::ConsoleOpened(state)
            } else {
                Message::Console(state)
            })
        }
        Effect::Instant(on) => {
            port.instant(Some(on));
            Outcome::Done
        }
        Effect::Pace(speed) => {
            port.pace(speed);
            Outcome::Done
        }
        Effect::Metrics(on) => {
            port.metrics(Some(on));
            Outcome::Done
        }
        Effect::Own(wish) => own::perform(wish, port),
        surface @ (Effect::Repaint | Effect::Suspend | Effect::Copy(_)) => {
            Outcome::Surface(surface)
        }
        Effect::Quit(exit) => {
            port.stop();
            Outcome::Quit(exit)
        }
    }
}
