//! SCREENS: the model becomes a frame, a room a screen.
//!
//! *In:* the model. *Out:* cells, and what lies under a click. *Absent:* what keys do.
//! In order: common, stage, compare, knobs, menu, question, over, view.

pub mod common;
pub mod compare;
pub(crate) mod knobs;
pub(crate) mod menu;
pub(crate) mod over;
pub(crate) mod question;
pub mod stage;
pub mod view;
