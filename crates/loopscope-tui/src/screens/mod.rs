//! SCREENS: the model becomes a frame, a room a screen.
//!
//! *In:* the model. *Out:* cells, and what lies under a click. *Absent:* what keys do.
//! In order: stage, compare, question, preview, menu_layout, menu, over, view, picture.

pub mod compare;
pub(crate) mod menu;
pub(crate) mod menu_layout;
pub(crate) mod over;
pub mod picture;
pub(crate) mod preview;
pub(crate) mod question;
pub mod stage;
pub mod view;
