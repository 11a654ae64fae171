//! What several processes have recorded becomes one trace: one order, one set of ids, no waiting
//! for the dead.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use std::thread::sleep;
use std::time::{Duration, Instant};

use loopscope::probe::{Collector, Inbox, Recorder, Report};
use loopscope::trace::{
    Actor, Batch, Event, EventKind, JobId, Nanos, Outcome, ProcessId, TaskId, TaskRole, TextId,
    ThreadId, ThreadRole,
};

/// A parent that has started, and its two children.
struct Parent {
    recorder: Recorder,
    inbox: Inbox,
    collector: Collector,
    texts: Vec<String>,
    events: Vec<Event>,
}

const ONE: ProcessId = ProcessId(0);
const TWO: ProcessId = ProcessId(1);

impl Parent {
    fn new(works_for_us: bool) -> Self {
        let recorder = Recorder::new(1.0);
        let inbox = Inbox::default();
        for process in [ONE, TWO] {
            assert_eq!(recorder.new_process(), process);
            let report = Report::Started {
                process,
                pid: 100 + process.0,
                name: format!("process-{}", process.0 + 1),
                works_for_us,
                one_loop: !works_for_us,
            };
            inbox.send(&recorder, report);
        }
        recorder.start();
        Self {
            collector: Collector::joining(recorder.clone(), inbox.clone()),
            recorder,
            inbox,
            texts: Vec::new(),
            events: Vec::new(),
        }
    }

    fn hear(&self, process: ProcessId, texts: &[&str], events: &[(u64, EventKind)], upto: u64) {
        let batch = Batch {
            rows: Vec::new(),
            texts: texts.iter().map(ToString::to_string).collect(),
            events: events
                .iter()
                .map(|&(at, kind)| Event {
                    at: Nanos::from_millis(at),
                    kind,
                })
                .collect(),
            upto: Nanos::from_millis(upto),
        };
        self.inbox
            .send(&self.recorder, Report::Batch { process, batch });
    }

    fn scan(&mut self) -> Nanos {
        let batch = self.collector.scan();
        self.texts.extend(batch.texts);
        for event in &batch.events {
            let last = self.events.last().map_or(Nanos::ZERO, |last| last.at);
            assert!(last <= event.at, "never back: {event:?} after {last:?}");
            self.events.push(*event);
        }
        batch.upto
    }

    /// All that is left.
    fn finish(mut self) -> (Vec<Event>, Vec<String>) {
        let batch = self.collector.finish();
        self.texts.extend(batch.texts);
        self.events.extend(batch.events);
        (self.events, self.texts)
    }
}

fn beat(task: u32) -> EventKind {
    EventKind::Beat { task: TaskId(task) }
}

fn until(recorder: &Recorder, millis: u64) {
    while recorder.now() < Nanos::from_millis(millis) {
        sleep(Duration::from_millis(1));
    }
}

fn beats(events: &[Event]) -> Vec<(u64, u32)> {
    let beats = events.iter().filter_map(|event| match event.kind {
        EventKind::Beat { task } => {
            // To the nearest: a moment travels through a clock's ticks.
            Some(((event.at.0 + 500_000) / 1_000_000, task.0))
        }
        _ => None,
    });
    beats.collect()
}

#[test]
fn events_of_two_processes_come_in_the_order_of_their_moments() {
    let mut parent = Parent::new(false);
    until(&parent.recorder, 40);
    parent.hear(ONE, &[], &[(10, beat(5)), (30, beat(5))], 35);
    parent.scan();
    // The other one may still have something older to tell.
    assert_eq!(beats(&parent.events), []);
    parent.hear(TWO, &[], &[(20, beat(5)), (25, beat(5))], 35);
    parent.scan();
    let (events, _) = parent.finish();
    // Both call their task 5; here they are two.
    assert_eq!(beats(&events), [(10, 0), (20, 1), (25, 1), (30, 0)]);
    assert!(
        !events
            .iter()
            .any(|event| matches!(event.kind, EventKind::Late { .. }))
    );
}

#[test]
fn a_silent_process_is_left_behind_and_what_it_tells_then_is_late() {
    let mut parent = Parent::new(false);
    parent.hear(TWO, &[], &[(0, beat(9))], 1);
    let began = Instant::now();
    while parent.scan() < Nanos::from_millis(100) {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "held up for ever"
        );
        let now = parent.recorder.now().0 / 1_000_000;
        parent.hear(ONE, &[], &[(now, beat(5))], now);
        sleep(Duration::from_millis(5));
    }
    parent.hear(TWO, &[], &[(50, beat(9)), (60, beat(9))], 200);
    parent.scan();
    let (events, _) = parent.finish();
    let late = events.iter().find_map(|event| match event.kind {
        EventKind::Late { count, since, .. } => Some((count, since)),
        _ => None,
    });
    assert_eq!(late, Some((2, Nanos::from_millis(50))));
}

#[test]
fn threads_say_whose_they_are_and_tasks_which_loop_is_theirs() {
    let parent = Parent::new(false);
    let thread = ThreadId(3);
    let started = |name| EventKind::ThreadStarted {
        thread,
        role: ThreadRole::Loop,
        name: TextId(name),
    };
    let spawned = EventKind::TaskSpawned {
        task: TaskId(8),
        role: TaskRole::Accept,
        function: EventKind::NO_FUNCTION,
        parent: TaskId::NONE,
        name: TextId(1),
    };
    let pool = EventKind::ThreadStarted {
        thread: ThreadId(4),
        role: ThreadRole::Pool,
        name: TextId(2),
    };
    let events = [(0, started(0)), (1, spawned), (2, pool)];
    parent.hear(ONE, &["loop", "accept", "pool-1"], &events, 3);
    parent.hear(TWO, &["accept", "loop"], &[(0, started(1))], 3);
    let (events, texts) = parent.finish();
    let name = |id: TextId| texts[id.index()].as_str();
    let mut lanes = Vec::new();
    let mut homes = Vec::new();
    for event in &events {
        match event.kind {
            EventKind::ThreadStarted {
                thread, name: id, ..
            } => lanes.push((thread, name(id))),
            EventKind::ThreadOfProcess { thread, process } => homes.push((thread, process)),
            EventKind::TaskOnLoop { task, thread } => {
                assert_eq!((task, thread), (TaskId(0), lanes[0].0));
            }
            _ => {}
        }
    }
    lanes.sort_by_key(|lane| lane.1);
    let names: Vec<_> = lanes.iter().map(|lane| lane.1).collect();
    assert_eq!(names, ["process-1", "process-1 pool-1", "process-2"]);
    let home = |lane: usize| homes.iter().find(|home| home.0 == lanes[lane].0).unwrap().1;
    assert_eq!([home(0), home(1), home(2)], [ONE, ONE, TWO]);
}

/// Three jobs that the parent has queued.
fn queued(parent: &Parent) -> Vec<JobId> {
    let jobs: Vec<JobId> = (0..3).map(|_| parent.recorder.new_job()).collect();
    for &job in &jobs {
        parent.recorder.record(EventKind::JobQueued {
            job,
            parent: TaskId::NONE,
            name: parent.recorder.intern("job"),
            pool: EventKind::PROCESS_POOL,
        });
    }
    jobs
}

/// How jobs and processes ended, in order.
fn ends(events: &[Event]) -> Vec<(&'static str, i64)> {
    let ends = events.iter().filter_map(|event| match event.kind {
        EventKind::JobEnded {
            job,
            outcome: Outcome::Completed,
        } => Some(("completed", i64::from(job.0))),
        EventKind::JobEnded { job, .. } => Some(("cancelled", i64::from(job.0))),
        EventKind::ProcessEnded { status, .. } => Some(("process", i64::from(status))),
        _ => None,
    });
    ends.collect()
}

#[test]
fn a_childs_death_ends_the_jobs_that_it_had() {
    let parent = Parent::new(true);
    let jobs = queued(&parent);
    let started = |job| EventKind::JobStarted {
        job,
        thread: ThreadId(0),
    };
    let ended = EventKind::JobEnded {
        job: jobs[0],
        outcome: Outcome::Completed,
    };
    let output = EventKind::Output {
        actor: Actor::Job(jobs[1]),
        text: TextId(0),
    };
    let events = [
        (0, started(jobs[0])),
        (1, ended),
        (1, started(jobs[1])),
        (2, output),
    ];
    parent.hear(ONE, &["last words"], &events, 3);
    let death = Report::Ended {
        process: ONE,
        status: -9,
        // The third was on its way to the child.
        jobs: vec![jobs[1], jobs[2]],
    };
    parent.inbox.send(&parent.recorder, death);
    let (events, texts) = parent.finish();
    // The reason comes before what ends with it.
    let expected = [
        ("completed", 0),
        ("process", -9),
        ("cancelled", 1),
        ("cancelled", 2),
    ];
    assert_eq!(ends(&events), expected);
    assert!(texts.iter().any(|text| text == "last words"));
}

#[test]
fn a_child_reads_the_same_clock() {
    let parent = Recorder::new(20.0);
    parent.start();
    sleep(Duration::from_millis(30));
    let child = Recorder::new(20.0);
    child.start_at(parent.started_at().unwrap());
    // Its own start comes later and changes nothing.
    child.start();
    let apart = (0..20)
        .map(|_| {
            let (before, there) = (parent.now(), child.now());
            there.0.abs_diff(before.0)
        })
        .min()
        .unwrap();
    // A millisecond of wall time; the two are read at most microseconds apart.
    assert!(Nanos(apart) < Nanos::from_millis(20), "{apart} ns apart");
}
