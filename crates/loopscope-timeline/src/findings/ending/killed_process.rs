//! A child process was ended by a signal, or ended with an exit code that is not 0.

use crate::counts::{list, seconds};
use crate::findings::log::detector::{self, LONG, Log, Now};
use crate::findings::log::finding::Kind;
use crate::words::{label, process_name};
use loopscope_trace::{Actor, EventKind, Nanos, Outcome, ProcessId, ThreadId};

pub(crate) static KIND: Kind = Kind {
    id: "killed-process",
    word: "child killed",
    row_word: "child killed",
    symptoms: "killed, sigkill, exit code, broken process pool, oom",
    runs_did: "had at least one finding of the kind killed-process",
    on_map: None,
    sentence: |names, finding, _| {
        let id = ProcessId(finding.of.unwrap_or(u32::MAX));
        let process = names.world().shared.processes.get(id.index());
        let how = match process.and_then(|process| process.status) {
            Some(status @ ..0) => format!("was killed by signal {}", status.unsigned_abs()),
            Some(status) => format!("ended with exit code {status}"),
            None => "ended".to_owned(),
        };
        let lanes = finding.victims.iter();
        let lanes: Vec<&str> = lanes.map(|&lane| label(names, lane)).collect();
        let others = match finding.count {
            0 => "nothing was open there".to_owned(),
            count => format!("{} ended with it", list(&lanes, count as usize)),
        };
        let (process, at) = (process_name(names, id), seconds(finding.at));
        format!("{process} {how} at {at}: {others}.")
    },
    short: |_, finding, _| format!("{} ended with it", finding.count),
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector;

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        if let EventKind::ProcessEnded { process, status } = event
            && !matches!(status, 0 | EventKind::STATUS_UNKNOWN)
        {
            found(now, process, log);
        }
    }
}

fn found(now: Now, process: ProcessId, log: &mut Log) {
    let Now { world, lanes } = now;
    let of_child = |thread: Option<ThreadId>| {
        let thread = thread.and_then(|thread| world.thread(thread));
        thread.is_some_and(|thread| thread.process == Some(process))
    };
    // The parent may have told the ends of the child's work right before the child's own.
    let with_it = |ended: Option<Nanos>, outcome| {
        ended.is_none_or(|at| world.now.since(at) <= LONG && outcome == Some(Outcome::Cancelled))
    };
    let jobs = world.jobs.iter();
    let jobs = jobs.filter(|job| of_child(job.thread) && with_it(job.ended, job.outcome));
    let mut actors: Vec<Actor> = jobs.map(|job| Actor::Job(job.id)).collect();
    let tasks = world.tasks.iter().filter(|task| task.role.is_story());
    let tasks = tasks.filter(|task| of_child(task.home) && with_it(task.ended, task.outcome));
    actors.extend(tasks.map(|task| Actor::Task(task.id)));
    let first = actors.first().copied();
    let lane = first.and_then(|actor| lanes.of(actor));
    let finding = log.open_at(now, &KIND, world.now, first, lane);
    log.all[finding].of = Some(process.0);
    for lane in actors.iter().filter_map(|&actor| lanes.of(actor)) {
        log.join(finding, lane, world.now);
    }
    log.close(finding, world.now);
}
