//! The one entrance: what screen, lines and commands ask, and what they are told.
//!
//! *In:* requests. *Out:* stories, batches, recordings as files. *Invariant:* everything that is
//! open, runs or is kept belongs to one thread, and whoever asks it never waits; the last run is
//! the recording that stays. *Absent on purpose:* what a batch means.

pub(super) mod ask;
pub(super) mod config;
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
mod recordings;
mod start;
#[cfg(test)]
mod tests;
mod watch;

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender, channel};

use super::failure::Failure;
use super::record;
use super::replay;
use super::source::{self, Source};
use super::{prepare, prepare::Wish};
use config::Config;
use forward::{Going, Word};
use loopscope_protocol::reply::{Hello, Left, Recorded, Reply};
use loopscope_protocol::request::{Client, Request};
use loopscope_trace::recording::Reading;
use loopscope_trace::{Clock, Story, Trace};
use problem::problem;
use recordings::Recordings;

/// What is open, and what runs.
struct App {
    config: Config,
    replies: Sender<Reply>,
    opened: Option<Opened>,
    going: Option<Going>,
    pair: Option<pair::Pair>,
    many: Option<many::Many>,
    file: own::File,
    recordings: Recordings,
    console: door::Watched,
    notes: notes::Notes,
    /// The pace that was asked for since; the flags' own where none was.
    pace: Option<f64>,
}

enum Opened {
    Scenario(Source),
    Recording(Box<Trace>),
}

/// Begins to serve one asker, on a thread of its own.
pub(super) fn connect(config: Config) -> Result<Client, Failure> {
    let (requests, asked) = channel();
    let (replies, told) = channel();
    let app = App {
        config,
        replies,
        opened: None,
        going: None,
        pair: None,
        many: None,
        file: own::File::default(),
        recordings: Recordings::default(),
        console: door::Watched::default(),
        notes: notes::Notes::default(),
        pace: None,
    };
    std::thread::Builder::new()
        .name("app".to_owned())
        .spawn(move || app.serve(&asked))
        .map_err(|error| Failure::Io(format!("no thread for the application: {error}")))?;
    Ok(Client {
        requests,
        replies: told,
    })
}

impl App {
    /// Answers until somebody leaves, or has gone.
    fn serve(mut self, asked: &Receiver<Request>) {
        for request in asked {
            if request == Request::Leave {
                break;
            }
            self.answer(request);
        }
        self.leave();
    }

    fn tell(&self, reply: Reply) {
        // Fails only where the asker has gone; then its requests end too.
        let _ = self.replies.send(reply);
    }

    // table
    #[expect(clippy::too_many_lines, reason = "an arm a request")]
    fn answer(&mut self, request: Request) {
        match request {
            Request::Hello => {
                let hello = self.hello();
                self.tell(Reply::Hello(Box::new(hello)));
            }
            Request::List(go_to) => self.tell(Reply::Listed(menu::rows(), go_to)),
            Request::Open(name) => {
                let story = self.open(&name).map(Box::new).map_err(problem);
                let opened = story.is_ok();
                self.tell(Reply::Opened(story));
                if opened {
                    self.follow_opened();
                }
            }
            Request::OpenPair(names) => {
                let halves = self.open_pair(&names).map(Box::new).map_err(problem);
                self.tell(Reply::Paired(halves));
            }
            Request::OpenRecording(path) => {
                let recorded = self.open_recording(&path).map(Box::new).map_err(problem);
                self.tell(Reply::Recorded(recorded));
            }
            Request::Turn(knobs) => {
                let story = self.turned(&knobs).map(Box::new).map_err(problem);
                self.tell(Reply::Turned(story));
            }
            Request::Reload => {
                let reloaded = self.reload_opened();
                self.tell(Reply::Reloaded(reloaded));
            }
            Request::Run {
                slot,
                number,
                knobs,
                answers,
            } => self.run(slot, number, knobs, &answers),
            Request::RunMany {
                number,
                times,
                knobs,
                hurry,
            } => {
                let wish = self.with(&knobs);
                if let Some(Opened::Scenario(source)) = &self.opened {
                    let replies = self.replies.clone();
                    self.many = many::count(source, &wish, (number, times, hurry), replies).ok();
                }
            }
            Request::RunEach { number, knobs } => {
                let wishes = knobs.iter().map(|knobs| self.with(knobs)).collect();
                if let Some(Opened::Scenario(source)) = &self.opened {
                    self.many = many::sweep(source, wishes, number, self.replies.clone()).ok();
                }
            }
            Request::SendRequest => {
                let sent = self.going.as_ref().is_some_and(|going| {
                    going.takes_requests
                        && going.alive.load(Ordering::Relaxed)
                        && going.words.send(Word::Send).is_ok()
                });
                self.tell(Reply::Sent(sent));
            }
            Request::KeepAnswers(answers) => {
                if let Some(going) = &self.going {
                    going.keep(&answers);
                }
            }
            Request::Stop => self.stop(),
            Request::Pace(speed) => self.pace = speed,
            Request::VirtualTime(on) => {
                self.config.wish.clock = if on { Clock::Virtual } else { Clock::Real };
            }
            Request::Metrics(on) => self.config.watch.metrics = on,
            Request::Console => {
                let address = self.config.watch.console.or(Some(self.config.console_at));
                let state = self.console.look(address, &self.replies);
                self.tell(Reply::ConsoleOpened(state));
            }
            Request::OfferNotes => {
                self.notes
                    .offer(self.replies.clone(), self.opened.is_some());
            }
            Request::ShowNotes(page) => self.notes.show(*page),
            Request::Remember(what) => {
                let replies = self.replies.clone();
                let tell = move |sentence| replies.send(Reply::Tell(sentence)).is_ok();
                self.config.keeper.remember(what, tell);
            }
            Request::Edit(scenario) => {
                let editing = self.edit_scenario(scenario.as_deref());
                self.tell(Reply::Edit(editing));
            }
            Request::Offers(scenario) => {
                self.tell(Reply::Offered(self.offers_of(scenario.as_deref())));
            }
            Request::Export(export) => self.tell(Reply::Exported(self.export_file(&export))),
            Request::Leave => {}
        }
    }

    fn hello(&mut self) -> Hello {
        let mut progress = self.config.keeper.read();
        progress.sentences.extend(self.config.greeting.take());
        let address = self.config.watch.console;
        Hello {
            rows: menu::rows(),
            progress,
            virtual_time: self.config.wish.clock == Clock::Virtual,
            console: self.console.look(address, &self.replies),
        }
    }

    fn open(&mut self, name: &str) -> Result<Story, Failure> {
        self.let_go();
        let source = source::find(name)?;
        let story = prepare::scenario(&source, &self.with(&[]))?.story;
        record::keep_apart(self.config.record.as_deref(), Path::new(&source.file.path))?;
        self.opened = Some(Opened::Scenario(source));
        self.notes.opened();
        Ok(story)
    }

    fn open_recording(&mut self, path: &Path) -> Result<Recorded, Failure> {
        self.let_go();
        let Reading { trace, cut } = replay::read(path)?;
        self.opened = Some(Opened::Recording(Box::new(trace.clone())));
        Ok(Recorded {
            trace,
            cut: cut.map(|cut| cut.to_string()),
        })
    }

    fn turned(&self, knobs: &[(String, i64)]) -> Result<Story, Failure> {
        match &self.opened {
            Some(Opened::Scenario(source)) => {
                prepare::scenario(source, &self.with(knobs)).map(|scenario| scenario.story)
            }
            _ => Err(Failure::Usage("open a scenario first".to_owned())),
        }
    }

    /// What a run with these knobs is to be.
    fn with(&self, knobs: &[(String, i64)]) -> Wish {
        Wish {
            knobs: knobs.to_vec(),
            speed: self.pace.or(self.config.wish.speed),
            ..self.config.wish.clone()
        }
    }

    /// Stops all that runs, also what is starting.
    fn stop(&mut self) {
        if let Some(going) = &self.going {
            drop(going.words.send(Word::Stop));
        }
        self.many = None;
        if let Some(pair) = &mut self.pair {
            pair.stop();
        }
    }

    /// Stops what runs, and hears no more of what people say about it.
    fn let_go(&mut self) {
        self.stop();
        self.going = None;
    }

    /// Completes what is to be completed, and says so.
    fn leave(mut self) {
        self.let_go();
        let progress = self.config.keeper.settle();
        let recording = self.recordings.clone().settle().map_err(problem);
        let replies = self.replies.clone();
        // Viewers of the notes are sent home before the last word.
        drop(self);
        let _ = replies.send(Reply::Left(Box::new(Left {
            progress,
            recording,
        })));
    }
}
