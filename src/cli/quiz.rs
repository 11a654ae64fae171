//! `loopscope quiz`: exercises, one after the other, on the screen, in lines, or as files.

use serde::Serialize;

use crate::app::failure::{Failure, Outcome};
use crate::app::library::find;
use crate::app::open::open::RunChoices;
use crate::app::progress::keeper::Keeper;
use crate::app::serve::app::Config;
use crate::app::serve::{ask, serve};
use crate::app::settings::settings::Settings;
use crate::cli::args::others::{Look, QuizArgs};
use crate::cli::stage;
use crate::output;
use crate::plain::talk::practise;
use crate::practice::exercise;
use loopscope_lab::scenario::practice::Topic;
use loopscope_protocol::practice::Exercises;
use loopscope_tui::settings::settings::Start;

/// An exercise, as `--json` has it.
#[derive(Serialize)]
struct Row {
    id: String,
    topic: &'static str,
    seed: u64,
    /// The scenario file.
    toml: String,
}

/// Shows exercises, or prints them.
pub(crate) fn quiz(args: &QuizArgs, look: &Look) -> Outcome {
    let first = args.seed.unwrap_or_else(|| next(args.topic));
    if args.print || args.json {
        return print(args, first);
    }
    if !args.plain {
        output::no_terminal().map_or(Ok(()), |why| {
            Err(Failure::Usage(format!(
                "{why}: `loopscope quiz --plain` asks in lines, --print prints the scenario file, --json a list"
            )))
        })?;
    }
    let settings = Settings::load(look);
    let choices = RunChoices {
        clock: settings.clock(),
        ..RunChoices::default()
    };
    let mut config = Config::new(choices.clone(), None).set(&settings);
    config.follows = !args.plain;
    let client = serve::connect(config)?;
    let story = ask::open(&client, &named(args.topic, first))?;
    let mixed = args.topic.is_none();
    if args.plain {
        let exercises = Exercises {
            mixed,
            left: args.count,
            next: None,
        };
        return practise(client, choices, &settings, Some(story), (None, exercises));
    }
    let start = Start::Exercise {
        story: Box::new(story),
        mixed,
        count: args.count,
    };
    stage::open(client, start, &settings)
}

fn print(args: &QuizArgs, first: u64) -> Outcome {
    let numbers = (0..u64::from(args.count.unwrap_or(1))).map(|more| first.wrapping_add(more));
    let rows = numbers.map(|seed| {
        let topic = args.topic.unwrap_or_else(|| mixed(seed));
        let id = named(Some(topic), seed);
        Ok(Row {
            toml: find::find(&id)?.text,
            topic: topic.word(),
            id,
            seed,
        })
    });
    let rows = rows.collect::<Result<Vec<Row>, Failure>>()?;
    if args.json {
        return output::json(&rows);
    }
    let texts: Vec<&str> = rows.iter().map(|row| row.toml.as_str()).collect();
    output::text(&texts.join("\n"))
}

/// The id of an exercise.
fn named(topic: Option<Topic>, seed: u64) -> String {
    let topic = topic.unwrap_or_else(|| mixed(seed));
    format!("{}-{seed}", exercise::row_of(topic))
}

/// The topic of a number where each exercise is of another one.
fn mixed(seed: u64) -> Topic {
    let count = Topic::ALL.len() as u64;
    let place = (seed % count + count - 1) % count;
    let topic = Topic::ALL.get(usize::try_from(place).unwrap_or_default());
    topic.copied().unwrap_or(Topic::Loop)
}

/// The number behind all that were practised: of the topic, or of all.
fn next(topic: Option<Topic>) -> u64 {
    let progress = Keeper::at_home().read();
    let row = topic.map(exercise::row_of);
    let tries = progress.practice.iter();
    let tries = tries.filter(|(own, _)| row.as_ref().is_none_or(|row| row == *own));
    tries.map(|(_, tries)| tries.next).max().unwrap_or(1)
}
