//! The thread that reads the terminal and puts keys into our own words; it rests while another program has the terminal.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossterm::event;
use crossterm::event::{
    Event, KeyCode as Code, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent,
    MouseEventKind,
};

use crate::events::ScreenEvent;
use crate::keys::key::{Key, KeyCode, Mouse, MouseKind};

/// How long the reader may go on after its keys are no longer taken.
const GLANCE: Duration = Duration::from_millis(500);

/// Reads until it is dropped.
#[derive(Debug)]
pub(crate) struct Input {
    over: Arc<AtomicBool>,
    rest: Arc<Rest>,
}

impl Input {
    /// Starts the thread.
    pub(crate) fn listen(messages: Sender<ScreenEvent>) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let rest = Arc::new(Rest::default());
        let (seen, resting) = (Arc::clone(&over), Arc::clone(&rest));
        let spawned = std::thread::Builder::new().name("input".to_owned()).spawn({
            let messages = messages.clone();
            move || read(&messages, &seen, &resting)
        });
        if spawned.is_err() {
            // Without a reader no key could ever quit.
            let _ = messages.send(ScreenEvent::InputLost);
        }
        Self { over, rest }
    }

    /// Lets it rest, so that another program gets the keys.
    pub(crate) fn rest(&self) -> &Rest {
        &self.rest
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        self.rest.end();
    }
}

fn read(messages: &Sender<ScreenEvent>, over: &AtomicBool, rest: &Rest) {
    let mut filter = Filter::default();
    while !over.load(Ordering::Relaxed) {
        rest.pause();
        let event = match event::poll(GLANCE) {
            Ok(false) => {
                filter = Filter::default();
                continue;
            }
            Ok(true) => event::read(),
            Err(problem) => Err(problem),
        };
        let message = match event {
            Ok(event) => translate(event).filter(|message| filter.passes(message)),
            Err(problem) if problem.kind() == std::io::ErrorKind::Interrupted => None,
            Err(_) => Some(ScreenEvent::InputLost),
        };
        let Some(message) = message else { continue };
        let last = message == ScreenEvent::InputLost;
        if messages.send(message).is_err() || last {
            return;
        }
    }
}

/// Holds back a late answer to the question for the background (`ESC ] 11 ; … ESC \`), which would
/// otherwise be taken for keys. Nothing else begins with Alt and `]`.
#[derive(Debug, Default)]
struct Filter {
    /// Characters that may still belong to the answer; zero outside.
    left: u8,
}

impl Filter {
    fn passes(&mut self, message: &ScreenEvent) -> bool {
        let ScreenEvent::Key(key) = message else {
            return true;
        };
        if key.alt && key.code == KeyCode::Char(']') {
            self.left = 40;
            return false;
        }
        if self.left == 0 {
            return true;
        }
        let ends = (key.alt && key.code == KeyCode::Char('\\'))
            || (key.control && key.code == KeyCode::Char('g'));
        self.left = if ends { 0 } else { self.left - 1 };
        false
    }
}

fn translate(event: Event) -> Option<ScreenEvent> {
    match event {
        Event::Key(key) => translate_key(key).map(ScreenEvent::Key),
        Event::Mouse(mouse) => translate_mouse(mouse).map(ScreenEvent::Mouse),
        Event::Paste(text) => Some(ScreenEvent::Paste(text)),
        Event::Resize(columns, rows) => Some(ScreenEvent::Resize { columns, rows }),
        Event::FocusGained | Event::FocusLost => None,
    }
}

fn translate_key(key: KeyEvent) -> Option<Key> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let code = match key.code {
        Code::Char(character) => KeyCode::Char(character),
        Code::Enter => KeyCode::Enter,
        Code::Esc => KeyCode::Esc,
        Code::Tab => KeyCode::Tab,
        Code::BackTab => KeyCode::BackTab,
        Code::Backspace => KeyCode::Backspace,
        Code::Delete => KeyCode::Delete,
        Code::Left => KeyCode::Left,
        Code::Right => KeyCode::Right,
        Code::Up => KeyCode::Up,
        Code::Down => KeyCode::Down,
        Code::Home => KeyCode::Home,
        Code::End => KeyCode::End,
        Code::PageUp => KeyCode::PageUp,
        Code::PageDown => KeyCode::PageDown,
        _ => return None,
    };
    Some(Key {
        code,
        control: key.modifiers.contains(KeyModifiers::CONTROL),
        alt: key.modifiers.contains(KeyModifiers::ALT),
    })
}

fn translate_mouse(mouse: MouseEvent) -> Option<Mouse> {
    let shift = mouse.modifiers.contains(KeyModifiers::SHIFT);
    let kind = match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => MouseKind::Press,
        MouseEventKind::Drag(MouseButton::Left) => MouseKind::Drag,
        MouseEventKind::ScrollUp if shift => MouseKind::ScrollLeft,
        MouseEventKind::ScrollDown if shift => MouseKind::ScrollRight,
        MouseEventKind::ScrollLeft => MouseKind::ScrollLeft,
        MouseEventKind::ScrollRight => MouseKind::ScrollRight,
        MouseEventKind::ScrollUp => MouseKind::ScrollUp,
        MouseEventKind::ScrollDown => MouseKind::ScrollDown,
        _ => return None,
    };
    Some(Mouse {
        kind,
        column: mouse.column,
        row: mouse.row,
    })
}

/// How long one waits for a reader that does not answer: it may be over.
const PATIENCE: Duration = Duration::from_secs(2);

/// How the reader stands.
#[derive(Debug, Default)]
struct State {
    /// It is to rest.
    wanted: bool,
    /// It reads nothing.
    rests: bool,
}

/// Between the screen and the reader.
#[derive(Debug, Default)]
pub struct Rest {
    state: Mutex<State>,
    changed: Condvar,
}

impl Rest {
    /// Makes the reader rest; returns when it reads no more.
    pub fn begin(&self) {
        self.lock().wanted = true;
        // The reader sleeps until the terminal has something for it. A new size is such a thing.
        let process = rustix::process::getpid();
        let _ = rustix::process::kill_process(process, rustix::process::Signal::WINCH);
        let until = |state: &mut State| !state.rests;
        drop(
            self.changed
                .wait_timeout_while(self.lock(), PATIENCE, until),
        );
    }

    /// Lets the reader go on.
    pub fn end(&self) {
        self.lock().wanted = false;
        self.changed.notify_all();
    }

    /// The reader's side: returns at once unless it is to rest.
    pub fn pause(&self) {
        let mut state = self.lock();
        if !state.wanted {
            return;
        }
        state.rests = true;
        self.changed.notify_all();
        let waited = self.changed.wait_while(state, |state| state.wanted);
        waited.unwrap_or_else(PoisonError::into_inner).rests = false;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
