//! The screen's own loop: messages in, frames out, on a plain thread; the presenter's page goes on when it has changed.
//!
//! It blocks on the channel while nothing moves, draws at most thirty frames a second, and is
//! generic over what it draws on, so that tests drive it without a terminal.

use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use crate::driver::typed::TypedAhead;
use crate::events::{Channel, Effect, ScreenEvent, Terminal};
use crate::model::model::{Model, Redraw};
use crate::notes::page;
use crate::settings::settings::Exit;
use crate::terminal::screen::Surface;
use crate::update::update::update;
use loopscope_protocol::notes::Page;
use loopscope_protocol::request::Request;

/// The least time between two pages of notes.
const NOTES: Duration = Duration::from_millis(100);

/// The notes that were shown last. Whatever changes them changes the frame as well, so they are
/// looked at again only after a frame.
#[derive(Default)]
pub(crate) struct Pages {
    last: Option<Page>,
    /// When they were looked at last.
    looked: Option<Instant>,
    /// No frame has been drawn since.
    pub(crate) seen: bool,
}

impl Pages {
    pub(crate) fn due(&self, now: Instant) -> Option<Instant> {
        (!self.seen).then(|| self.looked.map_or(now, |at| at + NOTES))
    }

    pub(crate) fn show(&mut self, model: &Model, requests: &Sender<Request>, now: Instant) {
        let page = page::page(model);
        if self.last.as_ref() != Some(&page) {
            // Fails only where the application has ended, and then no notes are read.
            let _ = requests.send(Request::ShowNotes(Box::new(page.clone())));
            self.last = Some(page);
        }
        self.looked = Some(now);
        self.seen = true;
    }
}

/// The most waiting messages that are taken in before the next frame.
const MOST_AT_ONCE: usize = 512;

/// Runs until a key or a signal quits, and then asks to leave. `first` is done before the first frame.
///
/// # Errors
/// Where the surface cannot be written to.
pub fn drive(
    model: &mut Model,
    surface: &mut dyn Surface,
    requests: &Sender<Request>,
    channel: &Channel,
    first: Vec<Effect>,
) -> io::Result<Exit> {
    let mut driver = Driver {
        surface,
        requests,
        typed: TypedAhead::default(),
        away: false,
    };
    let exit = driver.drive(model, channel, first);
    // Fails only where the application has ended before.
    let _ = requests.send(Request::Close);
    exit
}

/// When the next frame may be drawn; `None` while nothing has changed.
fn due(model: &Model, drawn: Option<Instant>, now: Instant) -> Option<Instant> {
    let pause = model.pause()?;
    Some(drawn.map_or(now, |at| at + pause))
}

/// The next message, or `None` when something is due first. With nothing due it sleeps.
fn wait(channel: &Channel, until: Option<Instant>) -> Option<ScreenEvent> {
    match until {
        None => channel.receiver.recv().ok(),
        Some(until) => {
            let left = until.saturating_duration_since(Instant::now());
            channel.receiver.recv_timeout(left).ok()
        }
    }
}

/// Everything that is not the model.
struct Driver<'a> {
    surface: &'a mut dyn Surface,
    requests: &'a Sender<Request>,
    typed: TypedAhead,
    /// The terminal was an editor's.
    away: bool,
}

impl Driver<'_> {
    fn drive(
        &mut self,
        model: &mut Model,
        channel: &Channel,
        first: Vec<Effect>,
    ) -> io::Result<Exit> {
        if let Some(exit) = self.carry_out(model, first)? {
            return Ok(exit);
        }
        let mut drawn: Option<Instant> = None;
        let mut ticked: Option<Instant> = None;
        let mut pages = Pages::default();
        loop {
            let now = Instant::now();
            // The first frame has what the screen was opened for.
            let opening = drawn.is_none() && self.typed.until().is_some();
            if !opening && due(model, drawn, now).is_some_and(|at| at <= now) {
                self.follow_size(model);
                self.surface.draw(model)?;
                model.redraw = Redraw::No;
                drawn = Some(now);
                pages.seen = false;
            }
            if pages.due(now).is_some_and(|at| at <= now) {
                pages.show(model, self.requests, now);
            }
            if std::mem::take(&mut self.away) {
                // Another program had the terminal: the view goes on from where it stood.
                ticked = None;
            }
            let pace = model.pace();
            ticked = pace.and(ticked.or(Some(now)));
            let next_tick = pace.zip(ticked).map(|(pace, at)| at + pace);
            let frame = due(model, drawn, now).filter(|_| !opening);
            let times = [frame, next_tick, pages.due(now), self.typed.until()];
            let waited = wait(channel, times.into_iter().flatten().min());
            if let Some(exit) = self.take(model, channel, waited)? {
                return Ok(exit);
            }
            if let (Some(at), Some(last), false) = (next_tick, ticked, self.away) {
                let now = Instant::now();
                if now >= at {
                    ticked = Some(now);
                    let elapsed = now - last;
                    if let Some(exit) = self.tell(model, ScreenEvent::Tick { elapsed })? {
                        return Ok(exit);
                    }
                }
            }
        }
    }

    /// Takes in what has come, `first` before all.
    fn take(
        &mut self,
        model: &mut Model,
        channel: &Channel,
        first: Option<ScreenEvent>,
    ) -> io::Result<Option<Exit>> {
        let mut taken = 0;
        let mut next = first;
        while let Some(message) = next {
            if let Some(exit) = self.tell(model, message)? {
                return Ok(Some(exit));
            }
            taken += 1;
            next = (taken < MOST_AT_ONCE)
                .then(|| channel.receiver.try_recv().ok())
                .flatten();
        }
        self.go_on(model)
    }

    /// Tells the model one thing and carries out all that follows from it.
    fn tell(&mut self, model: &mut Model, message: ScreenEvent) -> io::Result<Option<Exit>> {
        if self.typed.keeps(&message) {
            self.typed.waiting.push_back(message);
            return Ok(None);
        }
        if let ScreenEvent::Reply(reply) = &message {
            self.typed.answered(reply);
        }
        let effects = update(model, message);
        match self.carry_out(model, effects)? {
            None => self.go_on(model),
            exit => Ok(exit),
        }
    }

    /// Goes on with what was typed, where nothing more is awaited.
    fn go_on(&mut self, model: &mut Model) -> io::Result<Option<Exit>> {
        while let Some(message) = self.typed.next() {
            let effects = update(model, message);
            if let Some(exit) = self.carry_out(model, effects)? {
                return Ok(Some(exit));
            }
        }
        Ok(None)
    }

    fn carry_out(&mut self, model: &mut Model, effects: Vec<Effect>) -> io::Result<Option<Exit>> {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Ask(request) => {
                    self.typed.asked(&request);
                    if self.requests.send(request).is_err() {
                        model.say("the application has ended: nothing more can be opened or run");
                    }
                }
                Effect::Terminal(asked) => {
                    match asked {
                        Terminal::Suspend => self.surface.suspend()?,
                        Terminal::Copy(text) => self.surface.copy(&text)?,
                        Terminal::Repaint => self.surface.repaint()?,
                        Terminal::Edit(editing) => {
                            let outcome = self.surface.edit(&editing.command)?;
                            effects.extend(update(model, ScreenEvent::Edited(editing, outcome)));
                            self.away = true;
                        }
                    }
                    model.redraw = Redraw::Now;
                }
                Effect::Quit(exit) => return Ok(Some(exit)),
            }
        }
        Ok(None)
    }

    /// The size may have changed without a message: a signal can be lost.
    fn follow_size(&mut self, model: &mut Model) {
        let (columns, rows) = self.surface.size();
        if (columns, rows) != model.size {
            update(model, ScreenEvent::Resize { columns, rows });
        }
    }
}
