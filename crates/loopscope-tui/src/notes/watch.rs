//! The presenter's second terminal: its own loop, with the terminal's usual guard.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use crate::events::ScreenEvent;
use crate::keys::action::{Action, meant};
use crate::keys::key::{Key, Place};
use crate::notes::screen;
use crate::notes::screen::Shown;
use crate::settings::settings::{Exit, Settings};
use crate::terminal::screen::{Screen, Surface, theme};
use crate::text::theme::Theme;

/// The clocks in the first row tick so often.
const SECOND: Duration = Duration::from_secs(1);

/// How long a sentence about a key stays.
const NOTICE: Duration = Duration::from_secs(4);

/// A hang-up, for a terminal that is gone.
const HANG_UP: i32 = 1;

/// What the reader's screen hears.
#[derive(Clone, Debug, PartialEq)]
pub enum WatchEvent {
    /// From its own terminal.
    Terminal(ScreenEvent),
    /// From the screen that presents, or about it; the sentence stays above the last row.
    Notes(Shown, String),
}

/// The reader's screen.
struct Reader<'a> {
    shown: Shown,
    /// What is known about the screen that presents.
    remark: String,
    /// Said about a key, and until when.
    notice: Option<(String, Instant)>,
    arrived: Instant,
    theme: Theme,
    size: (u16, u16),
    /// Passes a key on; `false` where no screen takes it.
    press: &'a mut dyn FnMut(Key) -> bool,
}

/// Takes over the terminal and shows what arrives, until a key or a signal quits.
///
/// # Errors
/// Where the terminal cannot be written to or set up.
pub fn watch(
    events: &Sender<WatchEvent>,
    heard: &Receiver<WatchEvent>,
    press: &mut dyn FnMut(Key) -> bool,
    settings: &Settings,
) -> io::Result<Exit> {
    let (sender, messages) = channel();
    let theme = theme(settings);
    let mut surface = Screen::open(&sender)?;
    let events = events.clone();
    std::thread::Builder::new()
        .name("terminal".to_owned())
        .spawn(move || {
            for message in messages {
                if events.send(WatchEvent::Terminal(message)).is_err() {
                    break;
                }
            }
        })?;
    let mut reader = Reader {
        shown: Shown::Waiting(String::new()),
        remark: String::new(),
        notice: None,
        arrived: Instant::now(),
        theme,
        size: surface.size(),
        press,
    };
    loop {
        let mut next = match heard.recv_timeout(SECOND) {
            Ok(one) => Some(one),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return Ok(Exit::Quit),
        };
        // After a stop of this process many pages wait; only the last one is of use.
        while let Some(one) = next {
            if let Some(exit) = reader.take(one, &mut surface)? {
                return Ok(exit);
            }
            next = heard.try_recv().ok();
        }
        reader.draw(&mut surface)?;
    }
}

impl Reader<'_> {
    fn take(&mut self, heard: WatchEvent, surface: &mut Screen) -> io::Result<Option<Exit>> {
        match heard {
            WatchEvent::Notes(shown, remark) => {
                self.shown = shown;
                self.remark = remark;
                self.arrived = Instant::now();
            }
            WatchEvent::Terminal(ScreenEvent::Key(key)) => return self.key(key, surface),
            WatchEvent::Terminal(ScreenEvent::Resize { columns, rows }) => {
                self.size = (columns, rows)
            }
            WatchEvent::Terminal(ScreenEvent::Resumed) => surface.repaint()?,
            WatchEvent::Terminal(ScreenEvent::Suspend) => surface.suspend()?,
            WatchEvent::Terminal(ScreenEvent::Signal(number)) => {
                return Ok(Some(Exit::Signal(number)));
            }
            WatchEvent::Terminal(ScreenEvent::InputLost) => return Ok(Some(Exit::Signal(HANG_UP))),
            WatchEvent::Terminal(_) => {}
        }
        Ok(None)
    }

    fn key(&mut self, key: Key, surface: &mut Screen) -> io::Result<Option<Exit>> {
        self.notice = None;
        match meant(Place::Notes, key) {
            Some(Action::Quit) => return Ok(Some(Exit::Quit)),
            Some(Action::Repaint) => surface.repaint()?,
            Some(Action::Suspend) => surface.suspend()?,
            Some(Action::Theme) => self.switch_theme(),
            Some(_) if !(self.press)(key) => self.say("nobody presents: there is nothing to steer"),
            _ => {}
        }
        Ok(None)
    }

    fn switch_theme(&mut self) {
        if self.theme.color {
            self.theme.palette = self.theme.palette.next().0;
        } else {
            self.say("colors are switched off: there is only the mono theme");
        }
    }

    fn say(&mut self, words: &str) {
        self.notice = Some((words.to_owned(), Instant::now() + NOTICE));
    }

    fn draw(&mut self, surface: &mut Screen) -> io::Result<()> {
        self.size = surface.size();
        self.notice.take_if(|(_, until)| *until <= Instant::now());
        let mut shown = self.shown.clone();
        if let Shown::Page {
            lecture, scenario, ..
        } = &mut shown
        {
            let since = self.arrived.elapsed();
            *lecture += since;
            *scenario = scenario.map(|scenario| scenario + since);
        }
        let notice = self.notice.as_ref().map(|(words, _)| words.as_str());
        let remark = notice.unwrap_or(&self.remark);
        surface.paint(self.size, None, |area, buf| {
            screen::draw(&shown, remark, &self.theme, area, buf);
        })
    }
}
