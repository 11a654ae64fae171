#![doc = include_str!("../README.md")]

pub mod console;
pub mod export;
pub mod menu;
pub mod notes;
pub mod path;
pub mod practice;
pub mod problem;
pub mod reply;
pub mod request;
pub mod search;
