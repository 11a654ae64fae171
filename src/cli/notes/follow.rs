//! Follows whoever presents: finds it, reads its pages, and waits for the next one when it ends.

use std::io::Write;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::line::{self, Lines, Wrong};
use super::place::{self, Presenter};
use loopscope_tui::keys::key::Key;
use loopscope_tui::notes::screen::Shown;

/// Between two looks for somebody who presents.
const GLANCE: Duration = Duration::from_millis(250);
/// How long a key may take; a screen that has been stopped reads none.
const PATIENCE: Duration = Duration::from_millis(200);

/// Whom to follow.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// Where to look.
    pub(super) folders: Vec<PathBuf>,
    /// This process only.
    pub(super) pid: Option<u32>,
}

/// The way back to the one who presents.
#[derive(Clone, Debug, Default)]
pub(super) struct Way(Arc<Mutex<Option<UnixStream>>>);

impl Way {
    fn set(&self, stream: Option<UnixStream>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = stream;
    }

    /// Passes a key on; `false` where nobody takes it.
    pub(super) fn press(&self, key: Key) -> bool {
        let way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let stream = way.as_ref();
        line::of_key(key)
            .zip(stream)
            .is_some_and(|(line, mut stream)| stream.write_all(&line).is_ok())
    }
}

/// Tells all pages and what there is to say in between, until `tell` wants no more.
pub(super) fn follow(wanted: &Wanted, way: &Way, mut tell: impl FnMut(Shown, String) -> bool) {
    let mut waiting = match wanted.pid {
        None => "Nobody presents yet. Open loopscope in another terminal, and its notes appear \
                 here."
            .to_owned(),
        Some(pid) => {
            format!(
                "No loopscope of the number {pid} presents. Its notes appear here when it does."
            )
        }
    };
    let mut said = None;
    // Whoever was not understood is not asked again.
    let mut strangers = Vec::new();
    loop {
        let mut all = place::presenters(&wanted.folders);
        all.retain(|one| wanted.pid.is_none_or(|pid| pid == one.pid));
        all.retain(|one| !strangers.contains(one));
        let mut connected = all
            .iter()
            .filter_map(|one| one.connect().ok().map(|stream| (one, stream)));
        if let Some((one, stream)) = connected.next() {
            let (pid, remark) = (one.pid, others(&all, one));
            drop(stream.set_write_timeout(Some(PATIENCE)));
            way.set(stream.try_clone().ok());
            let end = read(&stream, &remark, &mut tell);
            way.set(None);
            waiting = match end {
                End::Unwanted => return,
                End::Silent => waiting,
                End::Gone => format!(
                    "The loopscope that presented ({pid}) is gone. The notes of the next one appear here."
                ),
                End::Not(wrong) => {
                    strangers.push(one.clone());
                    not_understood(pid, &wrong)
                }
            };
        }
        if said.as_ref() != Some(&waiting) {
            if !tell(Shown::Waiting(waiting.clone()), String::new()) {
                return;
            }
            said = Some(waiting.clone());
        }
        std::thread::sleep(GLANCE);
    }
}

/// How it ended with one.
enum End {
    /// It was there and is no more.
    Gone,
    /// It had nothing to say.
    Silent,
    /// It speaks otherwise.
    Not(Wrong),
    /// Nobody wants to hear any more.
    Unwanted,
}

fn read(stream: &UnixStream, remark: &str, tell: &mut impl FnMut(Shown, String) -> bool) -> End {
    let mut end = End::Silent;
    let mut lines = Lines::long(stream);
    while let Some(line) = lines.next() {
        let (page, lecture, scenario) = match line::to_page(&line) {
            Ok(told) => told.parts(),
            Err(wrong) => return End::Not(wrong),
        };
        let shown = Shown::Page {
            page: Box::new(page),
            lecture,
            scenario,
        };
        if !tell(shown, remark.to_owned()) {
            return End::Unwanted;
        }
        end = End::Gone;
    }
    end
}

fn others(all: &[Presenter], one: &Presenter) -> String {
    let others = all.iter().filter(|other| *other != one);
    let pids: Vec<String> = others.map(|other| other.pid.to_string()).collect();
    match pids.as_slice() {
        [] => String::new(),
        [other] => format!(
            "{other} presents, too: --pid {other} follows it. This is {}.",
            one.pid
        ),
        [first, ..] => format!(
            "{} present, too: --pid {first} follows one. This is {}, the newest.",
            pids.join(", "),
            one.pid
        ),
    }
}

fn not_understood(pid: u32, wrong: &Wrong) -> String {
    match wrong {
        Wrong::Version(other) => format!(
            "The loopscope that presents ({pid}) has version {other} of these notes, and this one \
             has {}. Run the same loopscope in both terminals.",
            line::VERSION
        ),
        Wrong::Strange => format!(
            "What {pid} says is no page of notes, so it is left alone. Waiting for another one."
        ),
    }
}
