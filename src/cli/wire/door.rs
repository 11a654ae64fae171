//! Watches tokio-console's door for the asker: a reply each time that its state changes.

use std::net::SocketAddr;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use crate::cli::console::Door;
use loopscope_protocol::console::ConsoleState;
use loopscope_protocol::reply::Reply;

/// How long an attached client may go unnoticed.
const GLANCE: Duration = Duration::from_millis(200);

/// The door, and whether somebody watches it.
#[derive(Debug, Default)]
pub(super) struct Watched {
    door: Door,
}

impl Watched {
    /// Opens the door where an address is given and it is not open yet; gives its state.
    pub(super) fn look(
        &mut self,
        address: Option<SocketAddr>,
        replies: &Sender<Reply>,
    ) -> ConsoleState {
        if !matches!(self.door, Door::Open(_)) && address.is_some() {
            self.door = Door::open(address);
            let state = self.door.state();
            if matches!(self.door, Door::Open(_)) {
                watch(self.door.clone(), state, replies.clone());
            }
        }
        self.door.state()
    }
}

/// Ends with the asker, whose channel then has no other end.
fn watch(door: Door, mut known: ConsoleState, replies: Sender<Reply>) {
    // Without the thread the figure stands still, and nothing else is lost.
    drop(
        thread::Builder::new()
            .name("door".to_owned())
            .spawn(move || {
                loop {
                    thread::sleep(GLANCE);
                    let state = door.state();
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
