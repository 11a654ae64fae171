//! The front door of a server with several processes: one listener that all of them inherit.
//!
//! The kernel keeps the backlog and decides who wakes first; whoever wakes takes all that wait.

use std::future::poll_fn;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::UnboundedReceiver;

use super::child::lock;
use super::frame;
use crate::engine::client::Command;
use crate::engine::server::{self, Incoming};
use crate::engine::stage::Stage;
use loopscope_probe::{Recorder, TaskCell};
use loopscope_trace::{FunctionId, RequestId, WaitOn};

/// A request as it travels through the door.
#[derive(Debug, Serialize, Deserialize)]
struct Knock {
    request: RequestId,
    function: FunctionId,
    name: String,
}

/// The way back to whoever asked. Dropped without an answer, it tells the client just that.
#[derive(Debug)]
pub(in crate::engine) struct Connection(Mutex<Option<UnixStream>>);

impl Connection {
    /// Sends the answer, once.
    pub(in crate::engine) fn answer(&self, text: &str) {
        if let Some(mut stream) = lock(&self.0).take() {
            // Whoever has stopped waiting need not hear it.
            let _ = frame::write(&mut stream, &text);
        }
    }
}

/// Opens a door that nobody else can find in a folder; its address ends with it.
#[cfg(target_os = "linux")]
pub(super) fn open() -> io::Result<(UnixListener, SocketAddr)> {
    use std::os::linux::net::SocketAddrExt;
    use std::sync::atomic::{AtomicU32, Ordering};

    static DOORS: AtomicU32 = AtomicU32::new(0);
    let nth = DOORS.fetch_add(1, Ordering::Relaxed);
    let name = format!("loopscope-{}-{nth}", std::process::id());
    let address = SocketAddr::from_abstract_name(name)?;
    Ok((UnixListener::bind_addr(&address)?, address))
}

/// Opens a door in the folder for temporary files. The file outlives it, and is empty.
#[cfg(not(target_os = "linux"))]
pub(super) fn open() -> io::Result<(UnixListener, SocketAddr)> {
    use std::sync::atomic::{AtomicU32, Ordering};

    static DOORS: AtomicU32 = AtomicU32::new(0);
    let nth = DOORS.fetch_add(1, Ordering::Relaxed);
    let name = format!("loopscope-{}-{nth}.sock", std::process::id());
    let path = std::env::temp_dir().join(name);
    let _ = std::fs::remove_file(&path);
    let address = SocketAddr::from_pathname(&path)?;
    Ok((UnixListener::bind_addr(&address)?, address))
}

/// The clients' side: each request of the agenda knocks on a connection of its own.
pub(in crate::engine) async fn carry(
    mut requests: UnboundedReceiver<Incoming>,
    address: SocketAddr,
    clients: Sender<Command>,
    recorder: Recorder,
) {
    while let Some(incoming) = requests.recv().await {
        let Incoming {
            request,
            open,
            promise,
            ..
        } = incoming;
        let Some(promise) = promise else { continue };
        let knock = Knock {
            request,
            function: incoming.function,
            name: incoming.name,
        };
        let (clients, recorder) = (clients.clone(), recorder.clone());
        match knocked(&address, &knock) {
            Ok(stream) => drop(tokio::spawn(async move {
                match answer(&stream).await {
                    None => drop(clients.send(Command::Lost(promise, open))),
                    // Told by the server already; here it only reaches the client.
                    Some(text) if promise.settle() => promise.tell(recorder.intern(&text)),
                    Some(_) => {}
                }
            })),
            // Nobody is left behind the door.
            Err(_) => drop(clients.send(Command::Lost(promise, open))),
        }
    }
}

fn knocked(address: &SocketAddr, knock: &Knock) -> io::Result<tokio::net::UnixStream> {
    let mut stream = UnixStream::connect_addr(address)?;
    frame::write(&mut stream, knock)?;
    stream.set_nonblocking(true)?;
    tokio::net::UnixStream::from_std(stream)
}

/// The answer; `None` where the connection ends before.
async fn answer(stream: &tokio::net::UnixStream) -> Option<String> {
    let line = line(stream).await.ok()??;
    serde_json::from_slice(&line).ok()
}

/// The first line that comes over a connection; `None` where it ends before.
async fn line(stream: &tokio::net::UnixStream) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        stream.readable().await?;
        match stream.try_read(&mut buffer) {
            Ok(0) => return Ok(None),
            Ok(many) => line.extend_from_slice(&buffer[..many]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        if line.ends_with(b"\n") {
            return Ok(Some(line));
        }
    }
}

/// The server's side in a child process: the accept task at the inherited listener.
pub(in crate::engine) async fn accept(stage: Arc<Stage>, me: Arc<TaskCell>, door: OwnedFd) {
    let listener = UnixListener::from(door);
    let listener = listener
        .set_nonblocking(true)
        .and_then(|()| tokio::net::UnixListener::from_std(listener));
    let Ok(listener) = listener else {
        // A door that cannot be watched is no door; the parent sees that nobody serves.
        std::process::exit(1);
    };
    loop {
        let mut told = false;
        let knocked = poll_fn(|context| {
            let polled = listener.poll_accept(context);
            if polled.is_pending() && !told {
                told = true;
                me.waits_for(WaitOn::Backlog);
            }
            polled
        });
        if let Ok((stream, _)) = knocked.await {
            // The client writes right after it has connected, so this is no wait to speak of.
            if let Ok(Some(line)) = line(&stream).await {
                let_in(&stage, &line, stream);
            }
        }
    }
}

fn let_in(stage: &Arc<Stage>, line: &[u8], stream: tokio::net::UnixStream) {
    let Ok(knock) = serde_json::from_slice::<Knock>(line) else {
        return;
    };
    let stream = stream.into_std().and_then(|stream| {
        stream.set_nonblocking(false)?;
        Ok(stream)
    });
    server::dispatch(
        stage,
        Incoming {
            request: knock.request,
            function: knock.function,
            name: knock.name,
            open: stage.open.begin(),
            connection: stream
                .ok()
                .map(|stream| Connection(Mutex::new(Some(stream)))),
            promise: None,
        },
    );
}
