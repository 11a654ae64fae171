#![doc = include_str!("README.md")]

pub mod trace;

pub mod scenario;

pub mod probe;

pub mod engine;

pub mod timeline;

pub mod export;

pub mod tui;

pub mod cli;
