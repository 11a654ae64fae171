//! One set of ids, which does not grow with what has ended.

use loopscope::probe::{Collector, Recorder};
use loopscope::trace::{EventKind, Outcome, TaskId, TaskRole, WaitOn};

#[test]
fn what_ended_long_ago_is_no_longer_named() {
    let recorder = Recorder::new(1.0);
    recorder.start();
    let mut collector = Collector::new(recorder.clone());
    let name = recorder.intern("task");
    let mut events = Vec::new();
    let tasks: Vec<TaskId> = (0..20_000).map(|_| recorder.new_task()).collect();
    for (number, &task) in tasks.iter().enumerate() {
        recorder.record(EventKind::TaskSpawned {
            task,
            role: TaskRole::Spawned,
            function: EventKind::NO_FUNCTION,
            parent: TaskId::NONE,
            name,
        });
        // The last one lives on, and so does the second.
        if number != 1 && number != 19_999 {
            let outcome = Outcome::Completed;
            recorder.record(EventKind::TaskEnded { task, outcome });
        }
        if number % 1_000 == 0 {
            events.extend(collector.scan().events);
        }
    }
    for on in [0, 1, 2, 19_998] {
        recorder.record(EventKind::Waiting {
            task: tasks[19_999],
            on: WaitOn::Task(tasks[on]),
        });
    }
    events.extend(collector.finish().events);
    let awaited: Vec<TaskId> = events
        .iter()
        .filter_map(|event| match event.kind {
            EventKind::Waiting {
                task: TaskId(19_999),
                on: WaitOn::Task(on),
            } => Some(on),
            _ => None,
        })
        .collect();
    let expected = [TaskId::NONE, TaskId(1), TaskId::NONE, TaskId(19_998)];
    assert_eq!(awaited, expected);
    let spawned = |kind: &EventKind| matches!(kind, EventKind::TaskSpawned { .. });
    let spawned = events.iter().filter(|event| spawned(&event.kind)).count();
    assert_eq!(spawned, 20_000);
}
