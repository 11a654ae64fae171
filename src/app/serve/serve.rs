//! The one entrance: what screen, lines and commands ask, and what they are told.
//!
//! *In:* requests. *Out:* stories, batches, recordings as files. *Invariant:* everything that is
//! open, runs or is kept belongs to one thread, and an asker never waits; the last run is
//! the recording that stays. *Absent on purpose:* what a batch means.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, channel};

use crate::app::failure::{Failure, problem};
use crate::app::library::find;
use crate::app::notes::offer;
use crate::app::open::open::{Opened, RunChoices};
use crate::app::open::{open, watch_file};
use crate::app::run::going::Word;
use crate::app::run::record::Recordings;
use crate::app::run::{console, many, record};
use crate::app::serve::app::{App, Config};
use crate::app::serve::editing::edit_at;
use loopscope_protocol::reply::{Closed, Half, Hello, Recorded, Reply};
use loopscope_protocol::request::{Client, Request};
use loopscope_trace::recording::Reading;
use loopscope_trace::{Clock, Story};

/// Begins to serve one asker, on a thread of its own.
pub(crate) fn connect(config: Config) -> Result<Client, Failure> {
    let (requests, asked) = channel();
    let (replies, told) = channel();
    let app = App {
        config,
        replies,
        opened: None,
        aside: None,
        size: None,
        going: None,
        pair: None,
        many: None,
        file: watch_file::File::default(),
        edited: None,
        recordings: Recordings::default(),
        console: console::Watched::default(),
        notes: offer::Notes::default(),
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
    /// Answers until the asker leaves, or has gone.
    fn serve(mut self, asked: &Receiver<Request>) {
        for request in asked {
            if request == Request::Close {
                break;
            }
            self.answer(request);
        }
        self.leave();
    }

    pub(crate) fn tell(&self, reply: Reply) {
        // Fails only where the asker has gone; then its requests end too.
        let _ = self.replies.send(reply);
    }

    // table
    #[expect(clippy::too_many_lines, reason = "an arm a request")]
    pub(crate) fn answer(&mut self, request: Request) {
        match request {
            Request::Hello => {
                let hello = self.hello();
                self.tell(Reply::Hello(Box::new(hello)));
            }
            Request::List(go_to) => self.tell(Reply::Listed(find::rows(), go_to)),
            Request::Open(name) => {
                let story = self.open(&name).map(Box::new).map_err(problem);
                let opened = story.is_ok();
                self.tell(Reply::Opened(story));
                if opened {
                    self.follow_opened();
                }
            }
            Request::OpenEither(name) => {
                let half = self.open_either(&name).map(Box::new).map_err(problem);
                self.tell(Reply::OpenedEither(half));
            }
            Request::OpenPair(names) => {
                let halves = self.open_pair(&names).map(Box::new).map_err(problem);
                self.tell(Reply::Paired(halves));
            }
            Request::OpenRecording(path) => {
                let recorded = self.open_recording(&path).map(Box::new).map_err(problem);
                self.tell(Reply::Recorded(recorded));
            }
            Request::Watch(command) => {
                let story = self.watch(command).map(Box::new).map_err(problem);
                self.tell(Reply::Opened(story));
            }
            Request::Signal(number) => {
                if let Some(going) = &self.going {
                    let _ = going.words.send(Word::Signal(number));
                }
            }
            Request::Resize(columns, rows) => self.resize(columns, rows),
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
                let choices = self.with(&knobs);
                if let Some(Opened::Scenario(source)) = &self.opened {
                    let replies = self.replies.clone();
                    self.many = many::count(source, &choices, (number, times, hurry), replies).ok();
                }
            }
            Request::RunEach { number, knobs } => {
                let all_choices = knobs.iter().map(|knobs| self.with(knobs)).collect();
                if let Some(Opened::Scenario(source)) = &self.opened {
                    self.many = many::sweep(source, all_choices, number, self.replies.clone()).ok();
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
                self.config.choices.clock = if on { Clock::Virtual } else { Clock::Real };
            }
            Request::Language(language) => self.config.choices.language = Some(language),
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
                let tell = move |sentence| replies.send(Reply::Notice(sentence)).is_ok();
                self.config.keeper.remember(what, tell);
            }
            Request::Edit(scenario) => {
                let editing = self.edit_scenario(scenario.as_deref());
                self.tell(Reply::Edit(editing));
            }
            Request::EditAt { path, line } => self.tell(Reply::Edit(edit_at(&path, line))),
            Request::Return => self.reopen(),
            Request::EditorEnded => self.editor_ended(),
            Request::Offers(scenario) => {
                self.tell(Reply::Offered(self.offers_of(scenario.as_deref())));
            }
            Request::Export(export) => self.tell(Reply::Exported(self.export_file(&export))),
            Request::Program { language, knobs } => {
                let text = self.program(language, knobs).map_err(problem);
                self.tell(Reply::Program(text));
            }
            Request::Close => {}
        }
    }

    pub(crate) fn hello(&mut self) -> Hello {
        let mut progress = self.config.keeper.read();
        progress.sentences.extend(self.config.greeting.take());
        let address = self.config.watch.console;
        Hello {
            rows: find::rows(),
            progress,
            virtual_time: self.config.choices.clock == Clock::Virtual,
            console: self.console.look(address, &self.replies),
        }
    }

    pub(crate) fn open(&mut self, name: &str) -> Result<Story, Failure> {
        if !matches!(self.opened, Some(Opened::Program(_))) {
            self.let_go();
        }
        let source = find::find(name)?;
        let story = open::prepared(&source, &self.with(&[]))?.story;
        record::keep_apart(self.config.record.as_deref(), Path::new(&source.file.path))?;
        self.open_over(Opened::Scenario(source));
        self.notes.opened();
        Ok(story)
    }

    pub(crate) fn open_recording(&mut self, path: &Path) -> Result<Recorded, Failure> {
        self.let_go();
        let Reading { trace, cut } = open::read(path)?;
        self.opened = Some(Opened::Recording {
            path: path.display().to_string(),
            trace: Box::new(trace.clone()),
        });
        Ok(Recorded {
            trace,
            cut: cut.map(|cut| cut.to_string()),
        })
    }

    fn open_either(&mut self, name: &str) -> Result<Half, Failure> {
        self.let_go();
        let (opened, half) = open::open(name, &self.with(&[]))?;
        self.opened = Some(opened);
        Ok(half)
    }

    pub(crate) fn turned(&self, knobs: &[(String, i64)]) -> Result<Story, Failure> {
        match &self.opened {
            Some(Opened::Scenario(source)) => {
                open::prepared(source, &self.with(knobs)).map(|scenario| scenario.story)
            }
            _ => Err(Failure::Usage("open a scenario first".to_owned())),
        }
    }

    /// What a run with these knobs is to be.
    pub(crate) fn with(&self, knobs: &[(String, i64)]) -> RunChoices {
        RunChoices {
            knobs: knobs.to_vec(),
            speed: self.pace.or(self.config.choices.speed),
            ..self.config.choices.clone()
        }
    }

    /// Stops all that runs, also what is starting.
    pub(crate) fn stop(&mut self) {
        if let Some(going) = &self.going {
            going.stop();
        }
        self.many = None;
        if let Some(pair) = &mut self.pair {
            pair.stop();
        }
    }

    /// Stops what runs, and hears no more of what people say about it.
    pub(crate) fn let_go(&mut self) {
        self.stop();
        self.going = None;
    }

    /// Completes what is to be completed, and says so.
    pub(crate) fn leave(mut self) {
        self.let_go();
        if let Some((_, Some(going))) = &self.aside {
            going.stop();
        }
        let progress = self.config.keeper.settle();
        let recording = self.recordings.clone().settle().map_err(problem);
        let replies = self.replies.clone();
        // Viewers of the notes are sent home before the last word.
        drop(self);
        let _ = replies.send(Reply::Closed(Box::new(Closed {
            progress,
            recording,
        })));
    }
}

#[cfg(test)]
#[path = "../../../tests/inside/serve.rs"]
mod tests;
