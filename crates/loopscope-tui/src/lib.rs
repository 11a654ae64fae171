//! 5b ON SCREEN: a timeline becomes frames, and keys become wishes.
//!
//! *In:* keys, a [`port::Port`], and the batches that it sends. *Out:* frames.
//! *Invariant:* `update` does no I/O and `view` changes nothing. *Absent on purpose:* tokio, the
//! engine, files: whatever the screen wants from outside goes through the port.

pub mod action;
pub mod axis;
pub mod driver;
pub mod effect;
pub mod keymap;
pub mod layout;
pub mod message;
pub mod model;
pub mod notes;
pub mod own;
pub mod playhead;
pub mod port;
pub mod presenting;
pub mod screens;
pub mod settings;
mod terminal;
pub mod text;
pub mod theme;
pub mod update;
pub mod view;
pub mod view_parts;
pub mod widgets;
pub mod zoom;

pub use settings::{AutoStop, Exit, Settings, Start, ThemeChoice};

use driver::{Channel, Surface};
use effect::Effect;
use model::Model;
use port::Port;

/// Takes over the terminal until somebody quits.
///
/// # Errors
/// Where the terminal cannot be written to or set up.
pub fn run(mut port: Box<dyn Port>, start: Start, settings: Settings) -> std::io::Result<Exit> {
    let channel = Channel::default();
    port.listen(channel.sender.clone());
    let palette = terminal::palette(&settings);
    let mut model = Model::new(port.menu(), palette, &settings);
    model.instant = port.instant(None);
    for sentence in model.know(port.progress()) {
        // By the channel, so that it is said after the start's own wishes.
        drop(channel.sender.send(message::Message::Tell(sentence)));
    }
    let opened = model.begin(start);
    let first = std::iter::once(Effect::Console { open: false })
        .chain(opened)
        .collect();
    let mut screen = terminal::Screen::open(&channel.sender)?;
    model.size = screen.size();
    port.offer_notes(channel.sender.clone());
    driver::drive(&mut model, &mut screen, port.as_mut(), &channel, first)
}
