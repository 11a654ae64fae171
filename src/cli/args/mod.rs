//! The flags: what clap reads.
//!
//! *In:* the words of a command line. *Out:* [`Args`], or one sentence for whoever typed them.
//! *Invariant:* every flag has one home, and one meaning in all commands. *Absent on purpose:* what
//! a command does.

mod look;
mod others;
mod run;
mod values;

use clap::{Parser, Subcommand};

pub(in crate::cli) use look::{Color, Look, Theme};
pub(in crate::cli) use others::{CheckArgs, CompareArgs, ReplayArgs};
pub(in crate::cli) use run::{ClockChoice, Form, Pace, RunArgs, Watch};
pub(in crate::cli) use values::{explain, knob, speed};

/// An oscilloscope for event loops, in the terminal.
///
/// Without a command it opens the menu. A scenario is one of ours (its id or its number, see
/// `loopscope list`) or a scenario file.
#[derive(Debug, Parser)]
#[command(name = "loopscope", version, max_term_width = 100)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    pub(in crate::cli) command: Option<Command>,
    #[command(flatten)]
    pub(in crate::cli) look: Look,
    #[command(flatten)]
    pub(in crate::cli) watch: Watch,
}

/// What may be asked.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Command {
    /// Run a scenario: on the stage, or with --plain or --json without a screen
    Run(RunArgs),
    /// List every scenario
    List {
        /// Print a JSON list of { id, number, folder, title, asks, path }
        #[arg(long)]
        json: bool,
    },
    /// Run scenarios and hold them against what they expect
    Check(CheckArgs),
    /// Show a recording: on the stage, or with --plain or --json without a screen
    Replay(ReplayArgs),
    /// Run two scenarios in lockstep on one axis, or show two recordings so
    Compare(CompareArgs),
    /// Write a scenario as a program that runs without loopscope, or a run as lines
    Export(crate::cli::export::ExportArgs),
    /// Print the JSON Schema of scenario files
    Schema,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
    /// Say what this terminal, this build and this machine can do
    Doctor,
    /// Be a child process of a run: loopscope calls itself so
    #[command(name = crate::engine::process::COMMAND, hide = true)]
    Worker,
}
