//! The flags of the commands that look at runs: check, replay, compare, notes.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::run::{Form, Pace};

/// The flags of `check`.
#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct CheckArgs {
    /// Scenarios, scenario files, or folders of them; all of ours where none is given
    #[arg(value_name = "FILE|DIR")]
    pub(in crate::cli) targets: Vec<String>,
    /// Print a JSON list of { id, ok, failures, clock, seconds }
    #[arg(long)]
    pub(in crate::cli) json: bool,
    #[command(flatten)]
    pub(in crate::cli) pace: Pace,
}

/// The flags of `replay`.
#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct ReplayArgs {
    /// A recording
    pub(in crate::cli) file: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) form: Form,
    /// Begin at once
    #[arg(long)]
    pub(in crate::cli) autoplay: bool,
}

/// The flags of `compare`.
#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct CompareArgs {
    /// A scenario's id or number, a scenario file, or a recording
    #[arg(value_name = "A")]
    pub(in crate::cli) left: String,
    /// Another one
    #[arg(value_name = "B")]
    pub(in crate::cli) right: String,
    #[command(flatten)]
    pub(in crate::cli) pace: Pace,
}

/// The flags of `notes`.
#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct NotesArgs {
    /// Print each change as lines; no screen
    #[arg(long)]
    pub(in crate::cli) plain: bool,
    /// Follow the loopscope of this process number instead of the newest
    #[arg(long, value_name = "N")]
    pub(in crate::cli) pid: Option<u32>,
}

/// The flags of `present`.
#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct PresentArgs {
    /// A playlist; "The blocked loop in 20 minutes" where none is given
    #[arg(value_name = "PLAYLIST")]
    pub(in crate::cli) playlist: Option<PathBuf>,
    /// Open no screen: say whether every scenario loads, and when each stop comes
    #[arg(long, conflicts_with_all = ["autoplay", "again"])]
    pub(in crate::cli) check: bool,
    /// Go on without a key, as inside slides: each note stands for as long as one reads it
    #[arg(long)]
    pub(in crate::cli) autoplay: bool,
    /// Begin again behind the last scenario
    #[arg(long = "loop")]
    pub(in crate::cli) again: bool,
}
