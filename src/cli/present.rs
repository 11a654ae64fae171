//! `loopscope present`: a playlist on the stage, or the proof that it can be shown.
//!
//! *In:* the path of a playlist. *Out:* the screen, or a line a stop. *Invariant:* the screen opens
//! only where every scenario of the playlist loads. *Absent on purpose:* the playlist's grammar.

use std::path::{Path, PathBuf};

use crate::app::failure::{Failure, Outcome};
use crate::app::library::{find, source};
use crate::app::open::open;
use crate::app::open::open::RunChoices;
use crate::app::serve::app::Config;
use crate::app::serve::{ask, serve};
use crate::app::signals::Signals;
use crate::cli::args::others::{Look, PresentArgs};
use crate::cli::play::quiet;
use crate::cli::stage;
use crate::output;
use crate::vocabulary::VOCABULARY;
use loopscope_lab::scenario::playlist;
use loopscope_lab::scenario::playlist::{At, Found, Planned, Refused, Stop};
use loopscope_protocol::request::Client;
use loopscope_timeline::{Cue, Moment, Timeline, When};
use loopscope_trace::{Anchor, Clock, Story};
use loopscope_tui::model::lecture::lane;
use loopscope_tui::settings::panes::Panes;
use loopscope_tui::settings::settings::{AutoStop, Item, PlannedStop, Playlist};

/// The lecture that is always there.
const READY: &str = include_str!("../../lectures/the-blocked-loop.toml");

/// Its path, as diagnostics would show it.
const READY_PATH: &str = "lectures/the-blocked-loop.toml";

/// Shows a playlist, or checks it.
pub(crate) fn present(args: &PresentArgs, look: &Look) -> Outcome {
    let (text, path) = match &args.playlist {
        Some(path) => (
            source::text(path, "playlist", "name a playlist in it")?,
            path.clone(),
        ),
        None => (READY.to_owned(), PathBuf::from(READY_PATH)),
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let shown = path.display().to_string();
    let mut find = |run: &str, knobs: &[(String, i64)]| find(run, knobs, folder);
    let playlist = playlist::load(&text, &shown, &VOCABULARY, &mut find)
        .map_err(|problems| Failure::Scenario(Box::new(problems)))?;
    if args.check {
        return proved(&playlist, &shown);
    }
    let playlist = Playlist {
        title: playlist.title,
        items: playlist.scenarios.into_iter().map(item).collect(),
    };
    stage::present(playlist, args.autoplay, args.again, look)
}

/// What opens a scenario of a playlist: an id as it is, a file as seen from the playlist's folder.
fn name(run: &str, folder: &Path) -> String {
    let is_path = run.ends_with(".toml") || run.contains('/');
    if is_path && Path::new(run).is_relative() {
        folder.join(run).display().to_string()
    } else {
        run.to_owned()
    }
}

fn find(run: &str, knobs: &[(String, i64)], folder: &Path) -> Result<Found, Refused> {
    let run = name(run, folder);
    let choices = RunChoices {
        knobs: knobs.to_vec(),
        ..RunChoices::default()
    };
    let source = find::find(&run).map_err(refused)?;
    let scenario = open::prepared(&source, &choices).map_err(refused)?;
    Ok(Found {
        run,
        story: scenario.story,
    })
}

/// Why a scenario cannot be shown, in the words of the file that wants it.
fn refused(failure: Failure) -> Refused {
    match failure {
        Failure::Scenario(problems) => {
            let count = problems.list.len();
            let noun = if count == 1 { "mistake" } else { "mistakes" };
            let first = problems.list.first();
            let first = first.map(|found| format!("line {}: {}", found.line, found.message));
            Refused {
                message: format!("{} has {count} {noun}", problems.path),
                help: Some(format!(
                    "{}; `loopscope check {}` shows all",
                    first.unwrap_or_default(),
                    problems.path
                )),
            }
        }
        Failure::Usage(text) | Failure::Invalid(text) | Failure::Io(text) => {
            match text.split_once(": ") {
                Some((message, help)) => Refused {
                    message: message.to_owned(),
                    help: Some(help.to_owned()),
                },
                None => Refused {
                    message: text,
                    help: None,
                },
            }
        }
        Failure::Refused(_) | Failure::Quiet(_) | Failure::Expectation | Failure::Signal(_) => {
            Refused {
                message: "this scenario cannot be read".to_owned(),
                help: None,
            }
        }
    }
}

/// A scenario as the screen is told.
fn item(planned: Planned) -> Item {
    let story = &planned.story;
    Item {
        id: story.id.clone(),
        title: story.title.clone(),
        panes: panes(&planned.panes),
        auto_stop: planned.auto_stop.as_deref().map(|word| match word {
            "off" => AutoStop::Off,
            "all" => AutoStop::All,
            _ => AutoStop::Notes,
        }),
        stops: planned
            .stops
            .iter()
            .map(|stop| shown(stop, story))
            .collect(),
        run: planned.run,
        knobs: planned.knobs,
        speed: planned.speed,
        big: planned.big,
        ask: planned.ask,
        only: planned.only,
        notes: planned.notes,
    }
}

fn panes(words: &[String]) -> Option<Panes> {
    let any = !words.is_empty();
    any.then(|| Panes::called(words.iter().map(String::as_str)))
}

fn shown(stop: &Stop, story: &Story) -> PlannedStop {
    PlannedStop {
        cue: cue(stop, story),
        panes: panes(&stop.panes),
        only: stop.only.clone(),
        notes: stop.notes.clone(),
    }
}

/// What is said at a stop; where it says nothing itself, what the scenario's note says there.
fn cue(stop: &Stop, story: &Story) -> Cue {
    let note = |anchor: &Anchor| {
        let note = story.notes.iter().find(|note| note.when == *anchor);
        note.map(|note| note.say.clone())
    };
    let (when, own) = match &stop.at {
        At::Anchor(anchor) => (When::Anchor(anchor.clone()), note(anchor)),
        At::Time(at) => (When::At(*at), None),
    };
    Cue {
        when,
        say: stop.say.clone().or(own).unwrap_or_default(),
    }
}

/// Says when each stop comes, and which never does.
pub(crate) fn proved(playlist: &playlist::Playlist, path: &str) -> Outcome {
    let signals = Signals::listen();
    // In computed time where that is possible.
    let choices = RunChoices {
        clock: Clock::Virtual,
        ..RunChoices::default()
    };
    let client = serve::connect(Config::new(choices, None))?;
    let mut wrong = false;
    for (place, planned) in playlist.scenarios.iter().enumerate() {
        let timeline = run(&client, planned, &signals)?;
        output::text(&format!("{} {}\n", place + 1, planned.story.id))?;
        if planned.stops.is_empty() {
            let count = timeline.cues().filter(|(_, at)| at.is_some()).count();
            let noun = if count == 1 { "note" } else { "notes" };
            output::text(&format!("  stops at the scenario's own {count} {noun}\n"))?;
        }
        let mut before = Moment::default();
        for (stop, (_, at)) in planned.stops.iter().zip(timeline.cues()) {
            let mut line = match at {
                Some(at) => format!("  {:>7}s  {}", at.at.hundredths(), stop.written),
                None => format!("  {path}:{}: never comes: {}", stop.line, stop.written),
            };
            wrong |= at.is_none();
            if at.is_some_and(|at| at < before) {
                line.push_str(", before the one above it");
            }
            before = at.unwrap_or(before);
            if let Some(only) = &stop.only
                && lane(&timeline, only).is_none()
            {
                wrong = true;
                line.push_str(&format!(", and nobody is called {only}"));
            }
            output::text(&format!("{line}\n"))?;
        }
        if let Some(only) = &planned.only
            && lane(&timeline, only).is_none()
        {
            wrong = true;
            output::text(&format!("  nobody is called {only}\n"))?;
        }
    }
    if wrong {
        Err(Failure::Quiet(3))
    } else {
        Ok(())
    }
}

/// What happens in a scenario, with the stops of the playlist.
fn run(client: &Client, planned: &Planned, signals: &Signals) -> Result<Timeline, Failure> {
    ask::open(client, &planned.run)?;
    let timeline = quiet(client, planned.knobs.clone(), signals)?;
    let trace = timeline.trace();
    let stops = planned.stops.iter();
    let cues = stops.map(|stop| cue(stop, &planned.story)).collect();
    let cues = Some(cues).filter(|_| !planned.stops.is_empty());
    let mut timeline = Timeline::with_cues(trace.story.clone(), cues);
    timeline.extend(trace.batch());
    Ok(timeline)
}
