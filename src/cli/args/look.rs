//! How the screen looks: the same flags for every command.

use clap::{Args as ClapArgs, ValueEnum};

/// How the screen looks; the same for every command.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(in crate::cli) struct Look {
    /// The colors of the screen; auto unless told or set
    #[arg(long, global = true, value_name = "T")]
    pub(in crate::cli) theme: Option<Theme>,
    /// Draw with ASCII characters only
    #[arg(long, global = true)]
    pub(in crate::cli) ascii: bool,
    /// Move nothing that only moves: figures and the playing view change once a second
    #[arg(long, global = true)]
    pub(in crate::cli) reduced_motion: bool,
    /// Whether to use color at all; auto unless told or set
    #[arg(long, global = true, value_name = "WHEN")]
    pub(in crate::cli) color: Option<Color>,
}

/// A palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Theme {
    Auto,
    Dark,
    Light,
    Projector,
    Mono,
}

/// When to use color.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Color {
    Auto,
    Always,
    Never,
}
