//! Carries requests over the socket that several server processes share.

use std::os::unix::net::SocketAddr;
use std::sync::mpsc::Sender;

use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::requests::command::Command;
use crate::engine::requests::incoming::{Incoming, WireRequest, connect, read_answer};
use loopscope_probe::Recorder;

/// Sends each request on a connection of its own, and waits for its answer there.
pub(crate) async fn carry(
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
        let wire = WireRequest {
            request,
            function: incoming.function,
            name: incoming.name,
        };
        let (clients, recorder) = (clients.clone(), recorder.clone());
        match connect(&address, &wire) {
            Ok(stream) => drop(tokio::spawn(async move {
                match read_answer(&stream).await {
                    None => drop(clients.send(Command::Lost(promise, open))),
                    // Recorded by the server already; here it only reaches the client.
                    Some(text) if promise.settle() => promise.notify(recorder.intern(&text)),
                    Some(_) => {}
                }
            })),
            // No server listens any more.
            Err(_) => drop(clients.send(Command::Lost(promise, open))),
        }
    }
}
