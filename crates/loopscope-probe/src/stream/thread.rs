//! The thread of the stream: it looks at the lanes, writes, and rests.

use std::cell::RefCell;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, Thread};
use std::time::Duration;
use std::{env, io, process};

use crate::stream::address::Address;
use crate::stream::link::Link;
use crate::stream::scan::Scanner;
use crate::stream::texts::Texts;
use crate::stream::wire::{self, HELLO, VERSION};

/// Between two looks where something happens, and where nothing does.
const PERIOD: Duration = Duration::from_millis(10);
const REST: Duration = Duration::from_millis(20);
/// How long the end of the program may take for the sake of its last records.
const LAST: Duration = Duration::from_secs(2);

/// Where the thread is with its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Looks,
    Ends,
    Ended,
}

type Shared = Arc<(Mutex<State>, Condvar)>;

/// Waits at the end of its thread, and so of the program, until the last records are written.
struct End {
    shared: Shared,
    thread: Thread,
}

impl Drop for End {
    fn drop(&mut self) {
        let (state, changed) = &*self.shared;
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        *state = State::Ends;
        self.thread.unpark();
        let _ = changed.wait_timeout_while(state, LAST, |state| *state != State::Ended);
    }
}

thread_local! {
    static END: RefCell<Option<End>> = const { RefCell::new(None) };
}

/// Starts the thread, which calls `besides` at each look. At the end of the calling one, usually that of `main`, what is left
/// is written.
pub(crate) fn start(address: Address, texts: &'static Texts, besides: fn()) -> io::Result<()> {
    let shared: Shared = Arc::new((Mutex::new(State::Looks), Condvar::new()));
    let own = Arc::clone(&shared);
    let thread = thread::Builder::new()
        .name("loopscope".to_owned())
        .spawn(move || run(Link::new(address), texts, besides, &own))?;
    let thread = thread.thread().clone();
    let _ = END.try_with(|end| end.replace(Some(End { shared, thread })));
    Ok(())
}

fn run(mut link: Link, texts: &Texts, besides: fn(), (state, changed): &(Mutex<State>, Condvar)) {
    let mut scanner = Scanner::new();
    let began = scanner.time.now();
    loop {
        let now = *state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut tells = false;
        // What a slow reader has not taken stays in the lanes.
        if !link.is_full() || now == State::Ends {
            // Who comes now is told first what is alive, then what has happened since.
            if link.connect() {
                link.add(&hello(began));
                link.add(scanner.introduce(texts));
            }
            let frame;
            (frame, tells) = scanner.scan(texts);
            if link.is_up() {
                link.add(frame);
            }
        }
        if now == State::Ends {
            link.flush(LAST);
            *state.lock().unwrap_or_else(PoisonError::into_inner) = State::Ended;
            changed.notify_all();
            return;
        }
        link.write();
        besides();
        thread::park_timeout(if tells { PERIOD } else { REST });
    }
}

/// Who tells: the version, the process, since when, how much is seen, where it runs, and its command.
fn hello(began: u64) -> Vec<u8> {
    let mut frame = vec![HELLO];
    let figures = [
        VERSION.into(),
        process::id().into(),
        std::os::unix::process::parent_id().into(),
        began,
        u64::from(cfg!(tokio_unstable)),
    ];
    for figure in figures {
        wire::figure(&mut frame, figure);
    }
    let folder = env::current_dir().unwrap_or_default();
    let program = env::current_exe().unwrap_or_default();
    let texts = [folder.into_os_string(), program.into_os_string()];
    for text in texts.into_iter().chain(env::args_os().take(64)) {
        let text = text.to_string_lossy();
        wire::figure(&mut frame, text.len() as u64);
        frame.extend_from_slice(text.as_bytes());
    }
    frame
}
