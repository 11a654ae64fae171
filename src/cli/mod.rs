//! 6 WHO ASKS: flags and files become calls of the layers above.
//!
//! *In:* arguments. *Out:* an exit code. *Invariant:* stdout carries results only, and whatever
//! goes wrong is one sentence on stderr with its own exit code. *Absent on purpose:* anything that
//! another layer could do.

mod args;
mod atomic;
mod check;
mod compare;
mod console;
mod doctor;
mod editor;
mod export;
mod failure;
mod fresh;
mod hold;
mod list;
mod log;
mod new;
mod notes;
mod output;
mod own;
mod places;
mod plain;
mod play;
mod prepare;
mod present;
mod print;
mod program;
mod progress;
mod record;
mod replay;
mod reset;
mod run;
mod settings;
mod signals;
mod source;
mod spread;
mod stage;
mod wire;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use failure::Failure;
use prepare::Wish;
use settings::Settings;

use crate::vocabulary::VOCABULARY;

/// What a command gives back where nothing failed.
type Outcome = Result<(), Failure>;

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    log::keep_panics();
    let outcome = match Args::try_parse() {
        Ok(args) => command(args),
        Err(error) => args::explain(&error),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell();
            ExitCode::from(failure.code())
        }
    }
}

/// The menu: in lines where that was asked for, or where nothing else can be shown.
fn menu(args: &Args) -> Outcome {
    let settings = Settings::load(&args.look);
    let wish = Wish::at(args.menu.pace, settings.clock());
    if args.menu.plain || plain::wanted_by_itself() {
        return plain::menu(wish, args.watch, &settings, !args.menu.plain);
    }
    stage::menu(wish, args.watch, &settings)
}

fn command(args: Args) -> Outcome {
    let look = args.look;
    if !matches!(args.command, Some(Command::Worker)) {
        output::keep_color(Settings::load(&look).color());
    }
    if let (Some(flag), Some(command)) = (args.watch.given(), &args.command)
        && !matches!(command, Command::Run(_))
    {
        return Err(Failure::Usage(format!(
            "{flag} is for the menu and for `loopscope run SCENARIO`"
        )));
    }
    if let (Some(flag), Some(_)) = (args.menu.given(), &args.command) {
        return Err(Failure::Usage(format!(
            "{flag} before a command is for the menu: write it behind the command, as in `loopscope run SCENARIO --plain --ask`"
        )));
    }
    match args.command {
        None => menu(&args),
        Some(Command::Run(run)) => run::run(&run, run.watch.or(args.watch), &look),
        Some(Command::List { json }) => list::list(json),
        Some(Command::Check(check)) => check::check(&check),
        Some(Command::Replay(replay)) => replay::replay(&replay, &look),
        Some(Command::Compare(pair)) => compare::compare(&pair, &look),
        Some(Command::Notes(args)) => notes::notes(&args, &look),
        Some(Command::Present(args)) => present::present(&args, &look),
        Some(Command::Export(args)) => export::export(&args),
        Some(Command::New { file }) => new::new(&file),
        Some(Command::Reset(args)) => reset::reset(&args),
        Some(Command::Settings(args)) => settings::settings(&args, &look),
        Some(Command::Schema) => print::schema(),
        Some(Command::Completions { shell }) => print::completions(shell),
        Some(Command::Man) => print::man(),
        Some(Command::Doctor) => doctor::doctor(&look),
        // Returns only where nobody of ours has called.
        Some(Command::Worker) => Err(Failure::Usage(loopscope_lab::engine::serve(
            program::own().as_ref(),
            &VOCABULARY,
        ))),
    }
}
