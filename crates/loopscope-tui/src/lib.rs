//! 5b ON SCREEN: a timeline becomes frames, and keys become requests.
//!
//! *In:* keys, replies of the application. *Out:* frames.
//! *Invariant:* `update` does no I/O and `view` changes nothing. *Absent on purpose:* tokio, the
//! engine, files: whatever the screen wants from outside is asked of the application.

pub mod change;
pub mod driver;
pub mod effect;
pub mod keys;
pub mod layout;
pub mod message;
pub mod model;
pub mod notes;
pub mod open;
pub(crate) mod panes;
pub mod screens;
pub mod session;
pub mod settings;
pub mod terminal;
pub mod text;
pub(crate) mod typed;
pub mod update;
pub mod widgets;

pub use open::{Over, open};
pub use settings::settings::{AutoStop, Settings, ThemeChoice};
pub use settings::start::{Exit, Start};
