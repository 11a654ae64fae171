//! `loopscope notes`: the presenter's page, on a screen or as lines.

use std::fmt::Write;
use std::sync::mpsc::channel;

use super::follow::{Wanted, Way, follow};
use super::place;
use crate::cli::args::{Look, NotesArgs};
use crate::cli::failure::{Failure, reason};
use crate::cli::settings::Settings;
use crate::cli::{Outcome, output, stage};
use loopscope_trace::plain;
use loopscope_tui as tui;
use loopscope_tui::notes::screen::{Shown, clock};
use loopscope_tui::notes::watch::{WatchEvent, watch};
use loopscope_tui::notes::words::lines;
use loopscope_tui::settings::start::Exit;

/// Shows the notes of whoever presents.
pub(in crate::cli) fn notes(args: &NotesArgs, look: &Look) -> Outcome {
    let wanted = Wanted {
        folders: place::folders(),
        pid: args.pid,
    };
    if args.plain {
        as_lines(&wanted)
    } else {
        on_screen(wanted, &Settings::load(look).screen())
    }
}

fn on_screen(wanted: Wanted, settings: &tui::Settings) -> Outcome {
    stage::no_terminal().map_or(Ok(()), |why| {
        Err(Failure::Usage(format!(
            "{why}: `loopscope notes --plain` prints a line a change"
        )))
    })?;
    let (events, heard) = channel();
    let way = Way::default();
    let (own, told) = (way.clone(), events.clone());
    let following = move || {
        follow(&wanted, &own, |shown, remark| {
            told.send(WatchEvent::Notes(shown, remark)).is_ok()
        });
    };
    let failed = |error| Failure::Io(format!("the terminal fails: {}", reason(&error)));
    let thread = std::thread::Builder::new().name("follow".to_owned());
    thread.spawn(following).map_err(failed)?;
    let exit = watch(&events, &heard, &mut |key| way.press(key), settings).map_err(failed)?;
    match exit {
        Exit::Quit => Ok(()),
        Exit::Signal(number) => Err(Failure::Signal(number)),
    }
}

/// Prints what is new in each page, with the lecture's clock in front.
fn as_lines(wanted: &Wanted) -> Outcome {
    let mut outcome = Ok(());
    let mut before: Vec<String> = Vec::new();
    follow(wanted, &Way::default(), |shown, remark| {
        let (now, time) = match &shown {
            Shown::Waiting(sentence) => (vec![sentence.clone()], None),
            Shown::Page { page, lecture, .. } => {
                let remark = (!remark.is_empty()).then_some(remark);
                (
                    lines(page).into_iter().chain(remark).collect(),
                    Some(*lecture),
                )
            }
        };
        let mut text = String::new();
        for line in now.iter().filter(|line| !before.contains(line)) {
            let time = time.filter(|_| text.is_empty());
            let time = time.map_or(String::new(), |time| format!("[{}] ", clock(time)));
            let _ = writeln!(text, "{time}{}", plain(line));
        }
        before = now;
        if !text.is_empty() {
            outcome = output::text(&text);
        }
        outcome.is_ok()
    });
    outcome
}
