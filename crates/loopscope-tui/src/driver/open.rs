//! Opens the screen: the terminal, the application's replies, and the loop between them.

use std::sync::mpsc::{Receiver, Sender};
use std::{io, thread};

use crate::driver::drive;
use crate::events::{Channel, Effect, ScreenEvent};
use crate::model::model::Model;
use crate::settings::settings::{Exit, Settings, Start};
use crate::terminal::screen;
use crate::terminal::screen::Surface;
use crate::update::update::update;
use loopscope_protocol::reply::{Closed, Hello, Reply};
use loopscope_protocol::request::{Client, Request};

/// What is known when the screen has been left.
#[derive(Debug)]
pub struct Outcome {
    /// Why it was left, or why there was none.
    pub exit: io::Result<Exit>,
    /// What became of recordings and progress; `None` where the application has ended before.
    pub left: Option<Closed>,
    /// Sentences that came too late for the screen.
    pub late: Vec<String>,
}

/// Takes over the terminal until a key or a signal quits, and waits until the application has left: then
/// recordings are whole.
pub fn open(client: Client, start: Start, settings: Settings) -> Outcome {
    let Client { requests, replies } = client;
    let channel = Channel::default();
    let hello = hello(&requests, &replies, &channel.sender);
    let events = channel.sender.clone();
    let forward = thread::Builder::new()
        .name("replies".to_owned())
        .spawn(move || forward(&replies, &events));
    let forward = match forward {
        Ok(forward) => forward,
        Err(error) => {
            return Outcome {
                exit: Err(error),
                left: None,
                late: Vec::new(),
            };
        }
    };
    let exit = on_screen(hello, &requests, &channel, start, settings);
    // The screen asks to leave by itself, where it was there.
    let _ = requests.send(Request::Close);
    let mut sentences: Vec<String> = channel
        .receiver
        .try_iter()
        .filter_map(sentence_of)
        .collect();
    drop(channel);
    let (left, late) = forward.join().unwrap_or_default();
    sentences.extend(late);
    Outcome {
        exit,
        left,
        late: sentences,
    }
}

/// What is known at the start; what else was told before is left for the screen.
fn hello(
    requests: &Sender<Request>,
    replies: &Receiver<Reply>,
    events: &Sender<ScreenEvent>,
) -> Hello {
    let _ = requests.send(Request::Hello);
    for reply in replies {
        match reply {
            Reply::Hello(hello) => return *hello,
            reply => drop(events.send(ScreenEvent::Reply(reply))),
        }
    }
    Hello::default()
}

/// Passes replies on until the last one; gives that, and the sentences that came too late.
fn forward(
    replies: &Receiver<Reply>,
    events: &Sender<ScreenEvent>,
) -> (Option<Closed>, Vec<String>) {
    let mut late = Vec::new();
    for reply in replies {
        if let Reply::Closed(left) = reply {
            return (Some(*left), late);
        }
        if let Err(back) = events.send(ScreenEvent::Reply(reply)) {
            late.extend(sentence_of(back.0));
        }
    }
    (None, late)
}

fn sentence_of(message: ScreenEvent) -> Option<String> {
    match message {
        ScreenEvent::Reply(Reply::Notice(sentence)) => Some(sentence),
        _ => None,
    }
}

fn on_screen(
    hello: Hello,
    requests: &Sender<Request>,
    channel: &Channel,
    start: Start,
    settings: Settings,
) -> io::Result<Exit> {
    let theme = screen::theme(&settings);
    let mut model = Model::new(hello.rows, theme.palette, &settings);
    model.theme = theme;
    model.instant = hello.virtual_time;
    for sentence in model.restore(hello.progress) {
        // By the channel, so that it is said after the start's own sentences.
        drop(
            channel
                .sender
                .send(ScreenEvent::Reply(Reply::Notice(sentence))),
        );
    }
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Console(hello.console)),
    );
    let first = begin(&mut model, start);
    let mut screen = screen::Screen::open(&channel.sender)?;
    model.size = screen.size();
    let _ = requests.send(Request::OfferNotes);
    drive::drive(&mut model, &mut screen, requests, channel, first)
}

/// Goes where the command line wants to start; what was opened for it arrives as if it had been
/// asked for here.
pub fn begin(model: &mut Model, start: Start) -> Vec<Effect> {
    let opened = match &start {
        Start::Scenario { story, .. } | Start::Exercise { story, .. } => {
            Some(Reply::Opened(Ok(story.clone())))
        }
        Start::Pair(halves) => Some(Reply::Paired(Ok(halves.clone()))),
        Start::Menu | Start::Present { .. } | Start::Recording { .. } => None,
    };
    model.begin(start);
    match opened {
        Some(reply) => update(model, ScreenEvent::Reply(reply)),
        None => std::mem::take(&mut model.effects),
    }
}
