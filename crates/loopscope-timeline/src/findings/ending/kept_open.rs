//! The main of a program has returned, and threads that cannot be cancelled keep it open.

use crate::counts::{list, seconds};
use crate::findings::log::detector::{self, LONG, Log, Now};
use crate::findings::log::finding::Kind;
use crate::findings::waiting::needs::main;
use crate::words::{label, who};
use crate::world::entries::Job;
use loopscope_trace::{Actor, EventKind, Nanos, TaskId};

pub(crate) static KIND: Kind = Kind {
    id: "kept-open",
    word: "kept open",
    row_word: "kept open",
    symptoms: "program does not exit, hangs at exit, waits for threads, shutdown_default_executor",
    runs_did: "waited for threads after main had ended",
    on_map: None,
    sentence: |names, finding, _| {
        let at = seconds(finding.at);
        let length = format!("{}{}", seconds(finding.length), finding.so_far());
        let lanes = finding.victims.iter();
        let lanes: Vec<&str> = lanes.map(|&lane| label(names, lane)).collect();
        let jobs = match lanes.is_empty() {
            true => "its jobs".to_owned(),
            false => list(&lanes, finding.count as usize),
        };
        let main = finding.held_by.map(|(main, _)| who(names, main));
        let main = main.unwrap_or_else(|| "main".to_owned());
        format!(
            "{main} ended at {at}, and the program was kept open for {length} by {jobs}: what runs on a thread cannot be cancelled."
        )
    },
    short: |_, finding, row| {
        format!(
            "by {}, for {}{}",
            row.who,
            row.length,
            finding.and_counting()
        )
    },
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    main: Option<Main>,
    finding: Option<usize>,
}

/// The main that has returned.
#[derive(Clone, Copy, Debug)]
struct Main {
    task: TaskId,
    at: Nanos,
    /// Whether it has not been looked at yet who goes on.
    pending: bool,
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        match event {
            EventKind::TaskEnded { task, .. } if self.main.is_none() => {
                let main = main(now.world).filter(|main| main.id == task);
                self.main = main.map(|main| Main {
                    task: main.id,
                    at: now.world.now,
                    pending: true,
                });
            }
            EventKind::JobEnded { .. } => {
                if let Some(finding) = self.finding.filter(|_| running(now).next().is_none()) {
                    log.close(finding, now.world.now);
                }
            }
            _ => {}
        }
    }

    fn due(&mut self) -> Option<Nanos> {
        let main = self.main.filter(|main| main.pending)?;
        Some(main.at + LONG)
    }

    fn fire(&mut self, now: Now, log: &mut Log) {
        let Some(main) = &mut self.main else { return };
        main.pending = false;
        let Some(first) = running(now).next() else {
            return;
        };
        let finding = log.open(now, &KIND, main.at, Actor::Job(first.id));
        log.all[finding].held_by = Some((Actor::Task(main.task), None));
        for job in running(now) {
            if let Some(lane) = now.lanes.of(Actor::Job(job.id)) {
                log.join(finding, lane, now.world.now);
            }
        }
        self.finding = Some(finding);
    }
}

/// The jobs that have not ended.
fn running<'a>(now: Now<'a>) -> impl Iterator<Item = &'a Job> {
    now.world.jobs.iter().filter(|job| job.ended.is_none())
}
