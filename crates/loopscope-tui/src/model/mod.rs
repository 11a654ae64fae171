//! MODEL: everything that the screen knows.
//!
//! *In:* what `change` and `update` write. *Out:* what `screens` draw. *Invariant:* exactly one screen is open;
//! nothing here reads a clock or a file. *Absent:* how anything looks.
//! In order: menu, prompt, said, screen, model, lecture.

pub mod lecture;
pub mod menu;
pub mod model;
pub mod prompt;
pub mod said;
pub mod screen;
