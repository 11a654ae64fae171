//! From the arguments of the process to its exit code.

use std::process::ExitCode;

use clap::Parser;

use crate::app::failure::{Failure, Outcome};
use crate::app::files::places;
use crate::app::open::open::RunChoices;
use crate::app::serve::app::Config;
use crate::app::serve::serve::connect;
use crate::app::settings::settings::Settings;
use crate::cli::args::args::{Args, Command};
use crate::cli::args::run::explain;
use crate::cli::{check, doctor, present, print, quiz, run, stage, user, watch, write};
use crate::output;
use crate::plain::talk::{DUMB, talk};
use crate::vocabulary::VOCABULARY;

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    places::keep_panics();
    let outcome = match Args::try_parse() {
        Ok(args) => command(args),
        Err(error) => explain(&error),
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
    let choices = RunChoices::at(args.menu.pace, settings.clock());
    if args.menu.plain || output::wanted_by_itself() {
        let mut config = Config::new(choices.clone(), None).set(&settings);
        config.watch = stage::watched(args.watch.into(), &settings);
        let by_itself = !args.menu.plain;
        let client = connect(config)?;
        return talk(client, choices, &settings, None, by_itself.then_some(DUMB));
    }
    stage::menu(choices, args.watch.into(), &settings)
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
        Some(Command::Run(run)) => run::run(&run, run.watch.or(args.watch).into(), &look),
        Some(Command::Watch(args)) => watch::watch(&args, &look),
        Some(Command::Attach(args)) => watch::attach(&args, &look),
        Some(Command::List { json, next: true }) => print::next(json),
        Some(Command::List { json, .. }) => print::list(json),
        Some(Command::Check(check)) => check::check(&check),
        Some(Command::Replay(replay)) => run::replay(&replay, &look),
        Some(Command::Compare(pair)) => stage::compare(&pair, &look),
        Some(Command::Notes(args)) => stage::notes(&args, &look),
        Some(Command::Present(args)) => present::present(&args, &look),
        Some(Command::Quiz(args)) => quiz::quiz(&args, &look),
        Some(Command::Export(args)) => write::export(&args, &look),
        Some(Command::New { file, python: true }) => write::new_python(&file),
        Some(Command::New { file, .. }) => write::new(&file),
        Some(Command::Reset(args)) => user::reset(&args),
        Some(Command::Settings(args)) => user::settings(&args, &look),
        Some(Command::Schema) => print::schema(),
        Some(Command::Completions { shell }) => print::completions(shell),
        Some(Command::Man) => print::man(),
        Some(Command::Doctor) => doctor::doctor(&look),
        // Returns only where it was not started by loopscope.
        Some(Command::Worker) => Err(Failure::Usage(loopscope_lab::engine::serve(
            places::program().as_ref(),
            &VOCABULARY,
        ))),
    }
}
