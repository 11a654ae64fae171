//! The flags: what clap reads.
//!
//! *In:* the words of a command line. *Out:* [`Args`], or one sentence about what is wrong with them.
//! *Invariant:* every flag has one home, and one meaning in all commands. *Absent on purpose:* what
//! a command does.

use clap::{Parser, Subcommand};

use crate::cli::args::others::{
    CheckArgs, CompareArgs, Look, NotesArgs, PresentArgs, QuizArgs, ReplayArgs,
};
use crate::cli::args::run::{MenuArgs, RunArgs, WatchArgs};
use crate::cli::args::watch::{AttachArgs, WatchProgramArgs};

/// An oscilloscope for event loops, in the terminal.
///
/// Without a command it opens the menu: choose a scenario, Enter opens it. A scenario is one of ours
/// (its id or its number, see `loopscope list`) or a scenario file; `loopscope help COMMAND` says
/// more of a command.
#[derive(Debug, Parser)]
#[command(name = "loopscope", version, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) look: Look,
    #[command(flatten)]
    pub(crate) watch: WatchArgs,
    #[command(flatten)]
    pub(crate) menu: MenuArgs,
}

/// What may be asked.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a scenario: on the stage, or with --plain or --json without a screen
    ///
    /// Times are shown in scenario seconds, whatever the speed and the clock.
    Run(RunArgs),
    /// Watch a program of your own: an asyncio or a tokio program, unchanged
    ///
    /// Who holds the loop at which line, who waits because of it, and what helps. `loopscope watch --
    /// uvicorn app:app` opens the stage; with --report the program keeps the terminal, its exit code is
    /// ours, and sentences at its end say who held the loop. See docs/watching.md.
    Watch(WatchProgramArgs),
    /// Watch a tokio program that runs already, unchanged, or where it waits for its watcher
    ///
    /// By its process: which worker is held, at which line, and by what. The program goes on when loopscope ends,
    /// however it ends. `loopscope attach PID --report --json --for 2s` has no screen. `loopscope attach
    /// 127.0.0.1:7000` goes to one with the line `loopscope_probe::install()` that was started with
    /// LOOPSCOPE_SOCKET=listen:127.0.0.1:7000, and to the next one there. See docs/watching.md.
    Attach(AttachArgs),
    /// List every scenario
    List {
        /// Print a JSON list of { id, number, folder, title, asks, path }
        #[arg(long)]
        json: bool,
        /// Only what comes next, and why, by what was seen and predicted
        #[arg(long)]
        next: bool,
    },
    /// Run scenarios and hold them against what they expect
    ///
    /// A line a scenario: ok, failed (and what was expected), skipped, or invalid. The exit code is
    /// 1 where an expectation failed, and 3 where a file is wrong.
    Check(CheckArgs),
    /// Show a recording: on the stage, or with --plain or --json without a screen
    Replay(ReplayArgs),
    /// Show two scenarios or recordings side by side, on one clock
    ///
    /// Scenarios are run for it. The screen has both codes, both outputs and all lanes on one axis,
    /// and says how long each took and which lines differ.
    Compare(CompareArgs),
    /// Show presenter notes in a second terminal: they follow the loopscope that presents
    ///
    /// The note at the playhead, the next stop, the question with its right answer and the reply to
    /// each wrong one, hands counted, and a timer. PgDn, PgUp, space and n are passed on to the
    /// screen that presents.
    Notes(NotesArgs),
    /// Show the scenarios of a playlist one after the other: a lecture
    ///
    /// The two buttons of a presenter's remote carry all of it. Without a playlist: the blocked loop
    /// in 20 minutes. A playlist is a file of yours, see docs/presenting.md.
    Present(PresentArgs),
    /// Practise: small programs drawn from a number, each with a question of which its run is the judge
    ///
    /// In which order do the lines come, or how long does it take? The same number gives the same
    /// exercise: `--topic pool --seed 7` is `loopscope run practice-pool-7`.
    Quiz(QuizArgs),
    /// Write a scenario as a program that runs without loopscope, or a run as lines
    ///
    /// A program prints what the screen prints, with the moments. A recording is exported as the
    /// scenario that it was made of, with its knobs as they stood.
    Export(crate::cli::args::others::ExportArgs),
    /// Write a first scenario of your own: it runs as it is, and says what each of its parts does
    ///
    /// A name alone (`loopscope new my-first`) goes to your own scenarios, which stand in the menu
    /// beside ours; a path (`loopscope new ./my-first.toml`) goes where it says. A file that is
    /// there stays as it is. With --python it is a small FastAPI server in this folder, for
    /// `loopscope watch`.
    New {
        /// Write a Python program, to be watched, instead of a scenario
        #[arg(long)]
        python: bool,
        /// The new file
        file: std::path::PathBuf,
    },
    /// Forget which scenarios were seen, and how predictions came out
    ///
    /// It asks first, and says what it has removed.
    Reset(crate::cli::args::others::ResetArgs),
    /// Say what is set, and who says so: the file, a flag, or nobody
    ///
    /// The settings file is no must; a wrong line in it is named, and its default stands.
    Settings(crate::cli::args::others::SettingsArgs),
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
    #[command(name = loopscope_lab::engine::COMMAND, hide = true)]
    Worker,
}
