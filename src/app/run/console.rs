//! `--console`: opens tokio-console's listener, and says how it stands.

use std::net::SocketAddr;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use loopscope_probe::console::{Console, ConsoleError};
use loopscope_protocol::console::ConsoleState;
use loopscope_protocol::reply::Reply;

/// The listener as the command line and the screen see it.
#[derive(Clone, Debug, Default)]
pub(crate) enum Listener {
    /// It was not asked for.
    #[default]
    Shut,
    /// Open.
    Open(Console),
    /// It could not be opened.
    Failed(ConsoleError),
}

impl Listener {
    /// Opens it, if it was asked for. A failure is kept: the scenario runs all the same.
    pub(crate) fn open(address: Option<SocketAddr>) -> Self {
        match address.map(Console::open) {
            None => Self::Shut,
            Some(Ok(console)) => Self::Open(console),
            Some(Err(error)) => Self::Failed(error),
        }
    }

    /// How it stands now.
    pub(crate) fn state(&self) -> ConsoleState {
        match self {
            Self::Shut => ConsoleState::Off,
            Self::Failed(error) => ConsoleState::Failed(error.to_string()),
            Self::Open(console) if !console.serves() => {
                ConsoleState::Failed(ConsoleError::Ended.to_string())
            }
            Self::Open(console) => ConsoleState::Listening {
                address: console.address().to_string(),
                private: console.is_private(),
                attached: console.attached(),
            },
        }
    }
}

/// How long an attached client may go unnoticed.
const GLANCE: Duration = Duration::from_millis(200);

/// The listener, and whether its state is told.
#[derive(Debug, Default)]
pub(crate) struct Watched {
    listener: Listener,
}

impl Watched {
    /// Opens the listener where an address is given and it is not open yet; gives its state.
    pub(crate) fn look(
        &mut self,
        address: Option<SocketAddr>,
        replies: &Sender<Reply>,
    ) -> ConsoleState {
        if !matches!(self.listener, Listener::Open(_)) && address.is_some() {
            self.listener = Listener::open(address);
            let state = self.listener.state();
            if matches!(self.listener, Listener::Open(_)) {
                watch(self.listener.clone(), state, replies.clone());
            }
        }
        self.listener.state()
    }
}

/// Ends with the asker, whose channel then has no other end.
fn watch(listener: Listener, mut known: ConsoleState, replies: Sender<Reply>) {
    // Without the thread the figure stands still, and nothing else is lost.
    drop(
        thread::Builder::new()
            .name("listener".to_owned())
            .spawn(move || {
                loop {
                    thread::sleep(GLANCE);
                    let state = listener.state();
                    if state != known {
                        known = state.clone();
                        if replies.send(Reply::Console(state)).is_err() {
                            return;
                        }
                    }
                }
            }),
    );
}
