//! TERMINAL: taken over and given back, painted, and read. Nothing else names crossterm.
//!
//! *In:* a model, keys, signals. *Out:* bytes and messages. *Invariant:* the terminal is given back once, whatever ends
//! the program. *Absent:* `ratatui::init`, whose panic hook tears the screen down when any thread panics; a
//! scenario's tasks may panic on purpose. In order: state, signals, input, screen.

pub mod input;
pub mod screen;
pub mod signals;
pub mod state;
