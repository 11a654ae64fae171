//! Signals become messages; a second signal to end ends the process at once.

use std::io;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::time::Duration;

use signal_hook::consts::signal::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::{Handle, Signals as Caught};

use crate::events::message::Message;
use crate::terminal::state::{LENT, leave};

/// Listens until it is dropped.
#[derive(Debug)]
pub(crate) struct Signals {
    handle: Handle,
}

impl Signals {
    /// Starts the thread that waits for signals.
    pub fn listen(messages: Sender<Message>) -> io::Result<Self> {
        let mut caught = Caught::new([SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT])?;
        let handle = caught.handle();
        std::thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                let mut asked = false;
                for signal in caught.forever() {
                    let lent = LENT.load(Ordering::SeqCst);
                    let message = match signal {
                        // Keys of an editor mean the editor. Its Ctrl-Z stops us too, or no shell
                        // would notice.
                        SIGINT | SIGQUIT | SIGCONT if lent => continue,
                        SIGTSTP if lent => {
                            stop_this_process();
                            continue;
                        }
                        SIGCONT => Message::Resumed,
                        SIGTSTP => Message::Suspend,
                        _ if asked => {
                            // The screen did not answer, perhaps because nothing reads what it
                            // writes: end as if the signal had never been caught.
                            leave();
                            let _ = signal_hook::low_level::emulate_default_handler(signal);
                            return;
                        }
                        ends => {
                            asked = true;
                            Message::Signal(ends)
                        }
                    };
                    if messages.send(message).is_err() {
                        return;
                    }
                }
            })?;
        Ok(Self { handle })
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.handle.close();
    }
}

/// Stops the process until it is continued. SIGSTOP, because a SIGTSTP that a process sends
/// itself is dropped where no shell watches its group.
pub(crate) fn stop_this_process() {
    let process = rustix::process::getpid();
    if rustix::process::kill_process(process, rustix::process::Signal::STOP).is_ok() {
        // The signal may reach another thread of the process first.
        std::thread::sleep(Duration::from_millis(5));
    }
}
