//! What a trace proves about those who share something or wait for one another.

use std::path::Path;

use crate::common::play::told;
use crate::common::stories;
use crate::common::traces::{ACCEPT, HEARTBEAT, LOOP, Play};
use loopscope::scenario::FileName;
use loopscope::timeline::{Finding, Timeline, explain};
use loopscope::trace::{
    Actor, BlockKind, ChannelId, EventKind, JobId, Language, LockId, Nanos, Outcome, ProcessId,
    RequestId, StepId, TaskId, TaskRole, ThreadId, ThreadRole, Trace, WaitOn, WakeCause,
};

const SECOND: u64 = 1_000_000;

fn play() -> Play {
    Play::server(stories::shared())
}

fn found(trace: Trace, kind: &str) -> (Timeline, Vec<Finding>) {
    let timeline = Timeline::from_trace(trace);
    assert_eq!(timeline.live().problems, 0, "the trace is legal");
    let all = timeline.findings().iter();
    let insights = all.filter(|insight| insight.kind.id == kind).cloned();
    let insights = insights.collect();
    (timeline, insights)
}

fn says(timeline: &Timeline, insight: &Finding) -> String {
    insight.sentence(timeline, Language::Python)
}

/// A task that reads and writes variable 0 in turns of its own.
struct Counter<'a> {
    play: &'a mut Play,
    task: TaskId,
}

impl Counter<'_> {
    fn spawned(play: &mut Play, at: u64, task: u32) -> Counter<'_> {
        let task = TaskId(task);
        play.spawn(
            at,
            task,
            TaskRole::Program,
            TaskId::NONE,
            &format!("main {}", task.0),
        );
        Counter { play, task }
    }

    fn turn(&mut self, at: u64, step: u32, read: Option<&str>, write: Option<&str>) {
        let (task, variable) = (self.task, 0);
        let actor = Actor::Task(task);
        self.play.poll_started(at, task);
        self.play.step(at + 1, actor, step);
        if let Some(read) = read {
            let value = self.play.text(read);
            let kind = EventKind::VariableRead {
                actor,
                variable,
                value,
            };
            self.play.push(at + 2, kind);
        }
        if let Some(write) = write {
            let value = self.play.text(write);
            let kind = EventKind::VariableWritten {
                actor,
                variable,
                value,
            };
            self.play.push(at + 3, kind);
        }
        self.play.waits(at + 4, task, WaitOn::Turn);
        self.play.poll_ended(at + 5, task);
    }
}

/// An actor asks for a lock.
fn wants(actor: Actor, lock: u16) -> EventKind {
    EventKind::LockWanted {
        actor,
        lock,
        reads: false,
    }
}

/// An actor gets a lock.
fn takes(actor: Actor, lock: u16) -> EventKind {
    EventKind::LockTaken {
        actor,
        lock,
        reads: false,
    }
}

/// An actor lets go of a lock.
fn releases(actor: Actor, lock: u16) -> EventKind {
    EventKind::LockReleased {
        actor,
        lock,
        wanted: false,
    }
}

#[test]
fn two_writes_from_one_read_lose_an_update() {
    let mut play = play();
    Counter::spawned(&mut play, 10, 2).turn(100, 0, Some("0"), None);
    Counter::spawned(&mut play, 10, 3).turn(200, 0, Some("0"), None);
    let counter = |play: &mut Play, task, at, write| {
        let task = TaskId(task);
        Counter { play, task }.turn(at, 2, None, Some(write));
    };
    counter(&mut play, 2, 300, "1");
    counter(&mut play, 3, 400, "1");
    let (timeline, found) = found(play.end(500), "lost-update");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].count, 1);
    let writers: Vec<Actor> = found[0].chain.iter().map(|link| link.actor).collect();
    assert_eq!(writers, [Actor::Task(TaskId(2)), Actor::Task(TaskId(3))]);
    assert_eq!(
        says(&timeline, &found[0]),
        "An update of one was lost: A wrote 1 (line 6), then B wrote 1 over it (line 6), from what it had read before A's write."
    );
    assert_eq!(timeline.live().shared.variables[0].writes, 2);
}

#[test]
fn reading_again_or_not_at_all_loses_nothing() {
    let mut play = play();
    Counter::spawned(&mut play, 10, 2).turn(100, 0, Some("0"), Some("1"));
    Counter::spawned(&mut play, 10, 3).turn(200, 0, Some("1"), Some("2"));
    Counter::spawned(&mut play, 10, 4).turn(300, 0, None, Some("9"));
    let (_, found) = found(play.end(500), "lost-update");
    assert_eq!(found, []);
}

/// A handler submits a task to its own loop and blocks the loop's thread for it.
fn facade(play: &mut Play, limit: u64) {
    let (a, c) = (TaskId(2), TaskId(3));
    let actor = Actor::Task(a);
    play.spawn(10, a, TaskRole::Program, TaskId::NONE, "main");
    play.poll_started(100, a);
    play.step(110, actor, 1);
    play.spawn(120, c, TaskRole::Spawned, a, "slow");
    let kind = BlockKind::Task;
    let (thread, step) = (LOOP, StepId(1));
    play.push(
        130,
        EventKind::BlockStarted {
            actor,
            thread,
            kind,
        },
    );
    play.push(131, EventKind::BlockedOn { actor, task: c });
    play.push(limit, EventKind::TimedOut { actor, step });
    play.push(limit + 1, EventKind::BlockEnded { actor, thread });
    play.task_ended(limit + 10, a);
    play.poll_started(limit + 30, c);
    play.task_ended(limit + 40, c);
}

#[test]
fn waiting_on_ones_own_loop_is_a_deadlock_found_at_once() {
    let mut play = play();
    facade(&mut play, 2 * SECOND + 200);
    let (timeline, found) = found(play.end(3 * SECOND), "deadlock");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].found, Nanos(131_000));
    assert!(!found[0].open, "the limit has cut it");
    assert_eq!(
        says(&timeline, &found[0]),
        "A holds its thread inside time.sleep(5), line 5 until B ends; B can run only on the loop, which A holds: none of them could go on (2.00s)."
    );
}

#[test]
fn waiting_on_another_loop_is_none() {
    let mut play = play();
    play.thread(0, ThreadId(2), ThreadRole::Loop, "loop-2");
    facade(&mut play, SECOND);
    for (task, thread) in [(ACCEPT, LOOP), (HEARTBEAT, LOOP)] {
        play.push(4, EventKind::TaskOnLoop { task, thread });
    }
    for (at, task, thread) in [(11, 2, LOOP), (121, 3, ThreadId(2))] {
        let task = TaskId(task);
        play.push(at, EventKind::TaskOnLoop { task, thread });
    }
    let (_, found) = found(play.end(3 * SECOND), "deadlock");
    assert_eq!(found, []);
}

#[test]
fn two_locks_in_two_orders_are_a_circle() {
    let mut play = play();
    let (a, b) = (TaskId(2), TaskId(3));
    for (task, at, first, second) in [(a, 100, 0, 1), (b, 200, 1, 0)] {
        let actor = Actor::Task(task);
        play.spawn(10, task, TaskRole::Program, TaskId::NONE, "main");
        play.poll_started(at, task);
        play.push(at + 1, wants(actor, first));
        play.push(at + 2, takes(actor, first));
        play.waits(at + 3, task, WaitOn::Turn);
        play.poll_ended(at + 4, task);
        play.poll_started(at + 1000, task);
        play.push(at + 1001, wants(actor, second));
        play.waits(at + 1002, task, WaitOn::Lock(LockId(second.into())));
        play.poll_ended(at + 1003, task);
    }
    let (timeline, found) = found(play.done(SECOND), "deadlock");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].found, Nanos(1_202_000));
    assert_eq!(
        says(&timeline, &found[0]),
        "B wants lock async, which A has; A wants lock std, which B has: none of them can go on."
    );
}

#[test]
fn a_job_goes_on_after_the_timeout() {
    let mut play = play();
    let (a, job, thread) = (TaskId(2), JobId(0), ThreadId(2));
    let (actor, step) = (Actor::Task(a), StepId(1));
    play.thread(5, thread, ThreadRole::Pool, "pool-1");
    play.spawn(10, a, TaskRole::Program, TaskId::NONE, "main");
    play.job_queued(100, a, 0);
    play.job(200, 2 * SECOND + 10, job, thread);
    play.wake(SECOND, a, WakeCause::Timer);
    play.poll_started(SECOND + 1, a);
    play.push(SECOND + 2, EventKind::TimedOut { actor, step });
    play.task_ended(SECOND + 10, a);
    let (timeline, found) = found(play.end(3 * SECOND), "outlived-timeout");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].actor, Some(Actor::Job(job)));
    assert_eq!(found[0].at, Nanos(1_000_002_000));
    assert_eq!(
        says(&timeline, &found[0]),
        "A stopped waiting at 1.00s: the timeout of time.sleep(5), line 5 ran out, and job of A went on for 1.00s."
    );
}

#[test]
fn a_handler_goes_on_after_its_client_has_given_up() {
    let mut play = play();
    let request = RequestId(0);
    play.beat(0);
    play.request(200, 0, 0, "/ping");
    play.accept(230, &[(0, TaskId(2), TaskRole::Handler, "tab 1 /ping")]);
    play.blocking_handler(300, TaskId(2), 0, 5 * SECOND);
    play.push(2 * SECOND, EventKind::RequestGivenUp { request });
    let (timeline, found) = found(play.end(6 * SECOND), "outlived-timeout");
    assert_eq!(found.len(), 1);
    assert_eq!(
        says(&timeline, &found[0]),
        "A's client stopped waiting at 2.00s, and the server went on with it for 3.00s."
    );
    assert!(
        timeline
            .live()
            .requests
            .get(0)
            .is_some_and(|request| request.given_up.is_some())
    );
}

/// Two threads take CPython's lock in turns of 5 ms.
fn two_counters(play: &mut Play) {
    let threads = [ThreadId(2), ThreadId(3)];
    for (place, thread) in threads.into_iter().enumerate() {
        let name = format!("pool-{}", place + 1);
        play.thread(5, thread, ThreadRole::Pool, &name);
    }
    let [one, two] = threads;
    play.push(10, EventKind::GilWanted { thread: one });
    play.push(11, EventKind::GilTaken { thread: one });
    play.push(12, EventKind::GilWanted { thread: two });
    for turn in 1..=50 {
        let at = turn * 5_000;
        let (from, to) = if turn % 2 == 1 {
            (one, two)
        } else {
            (two, one)
        };
        play.push(at, EventKind::GilReleased { thread: from });
        play.push(at, EventKind::GilTaken { thread: to });
        if turn < 49 {
            play.push(at + 1, EventKind::GilWanted { thread: from });
        }
    }
    // The last owner is `one`: turn 50 gave it the lock back.
    play.push(255_000, EventKind::GilReleased { thread: one });
}

#[test]
fn threads_that_want_cpythons_lock_wait() {
    let mut play = play();
    two_counters(&mut play);
    let (timeline, found) = found(play.end(SECOND), "gil-contention");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].count, 2);
    let waited = found[0].amount.as_secs_f64();
    assert!((0.24..0.26).contains(&waited), "{waited}");
    assert_eq!(found[0].length, Nanos(250_000_000 - 12_000));
    let [track] = timeline.gil_tracks() else {
        panic!("one process has one lock");
    };
    assert_eq!(track.spans.len(), 51);
    assert!(track.spans.iter().all(|span| span.to.is_some()));
    assert!(says(&timeline, &found[0]).starts_with("2 threads wanted CPython's lock while"));
}

#[test]
fn who_asked_first_and_is_served_later_was_overtaken() {
    let mut play = play();
    let lock = 1;
    let jobs = [0, 1, 2].map(JobId);
    for (place, job) in jobs.into_iter().enumerate() {
        let at = 10 + 20_000 * place as u64;
        let thread = ThreadId::from(place + 2);
        let name = play.text("work");
        play.thread(at, thread, ThreadRole::Pool, &format!("pool-{place}"));
        let parent = TaskId::NONE;
        play.push(
            at,
            EventKind::JobQueued {
                job,
                parent,
                name,
                pool: 0,
            },
        );
        play.push(at + 1, EventKind::JobStarted { job, thread });
        let actor = Actor::Job(job);
        play.push(at + 2, wants(actor, lock));
    }
    let [first, early, late] = jobs.map(Actor::Job);
    play.push(13, takes(first, lock));
    for (at, from, to) in [(300_000, first, late), (500_000, late, early)] {
        play.push(at, releases(from, lock));
        play.push(at + 1, takes(to, lock));
    }
    play.push(600_000, releases(early, lock));
    let (timeline, found) = found(play.end(SECOND), "unfair-lock");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].actor, Some(early));
    assert_eq!(
        says(&timeline, &found[0]),
        "work asked for lock std at 0.02s and was overtaken by work, who had asked later: it waited 0.47s."
    );
}

#[test]
fn a_killed_child_takes_its_work_along() {
    let mut play = play();
    let (process, thread, job) = (ProcessId(0), ThreadId(2), JobId(0));
    let (name, work) = (play.text("process-1"), play.text("work"));
    let pool = EventKind::PROCESS_POOL;
    let parent = TaskId::NONE;
    play.push(
        5,
        EventKind::ProcessStarted {
            process,
            pid: 4711,
            name,
        },
    );
    play.thread(6, thread, ThreadRole::Process, "process-1");
    play.push(7, EventKind::ThreadOfProcess { thread, process });
    play.push(
        8,
        EventKind::JobQueued {
            job,
            parent,
            name: work,
            pool,
        },
    );
    play.push(9, EventKind::JobStarted { job, thread });
    play.push(
        SECOND,
        EventKind::ProcessEnded {
            process,
            status: -9,
        },
    );
    let outcome = Outcome::Cancelled;
    play.push(SECOND + 10, EventKind::JobEnded { job, outcome });
    let (timeline, found) = found(play.end(2 * SECOND), "killed-process");
    assert_eq!(found.len(), 1);
    assert_eq!(
        says(&timeline, &found[0]),
        "process-1 was killed by signal 9 at 1.00s: work ended with it."
    );
    let report = loopscope::export::report(&timeline);
    assert_eq!(
        report.processes.iter().next().map(|row| row.status),
        Some(Some(-9))
    );
    assert_eq!(
        report.tasks.iter().last().map(|row| row.kind),
        Some("process")
    );
    assert!(timeline.live().threads[2].ended);
}

#[test]
fn a_coroutine_that_nobody_starts_is_created_and_never_polled() {
    let mut play = play();
    let (a, c) = (TaskId(2), TaskId(3));
    play.spawn(10, a, TaskRole::Program, TaskId::NONE, "main");
    play.poll_started(100, a);
    play.spawn(110, c, TaskRole::Coroutine, a, "say");
    let (task, outcome) = (c, Outcome::NeverPolled);
    play.push(120, EventKind::TaskEnded { task, outcome });
    play.task_ended(130, a);
    let (_, found) = found(play.end(200), "never-polled");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].actor, Some(Actor::Task(c)));
}

#[test]
fn a_coroutine_that_somebody_runs_in_place_is_none() {
    let mut play = play();
    let (a, c) = (TaskId(2), TaskId(3));
    play.spawn(10, a, TaskRole::Program, TaskId::NONE, "main");
    play.poll_started(100, a);
    play.spawn(110, c, TaskRole::Coroutine, a, "say");
    let (task, outcome) = (c, Outcome::Completed);
    play.push(120, EventKind::TaskEnded { task, outcome });
    play.task_ended(130, a);
    let (_, found) = found(play.end(200), "never-polled");
    assert_eq!(found, []);
}

#[test]
fn a_held_loop_harms_only_its_own_tasks() {
    let mut play = play();
    let second = ThreadId(2);
    play.thread(0, second, ThreadRole::Loop, "loop-2");
    let (a, b, c) = (TaskId(2), TaskId(3), TaskId(4));
    for (task, home) in [
        (ACCEPT, LOOP),
        (HEARTBEAT, LOOP),
        (a, LOOP),
        (b, LOOP),
        (c, second),
    ] {
        if task.0 > 1 {
            play.spawn(10, task, TaskRole::Program, TaskId::NONE, "main");
        }
        play.push(11, EventKind::TaskOnLoop { task, thread: home });
    }
    let actor = Actor::Task(a);
    play.poll_started(100, a);
    play.block(110, SECOND, actor, LOOP, BlockKind::Sleep);
    play.task_ended(SECOND + 10, a);
    // The other loop takes its own task late, because it was slow: nobody held it.
    let thread = second;
    play.push(500_000, EventKind::PollStarted { task: c, thread });
    let outcome = Outcome::Completed;
    play.push(500_010, EventKind::TaskEnded { task: c, outcome });
    play.push(500_011, EventKind::PollEnded { task: c, thread });
    play.poll_started(SECOND + 20, b);
    play.task_ended(SECOND + 30, b);
    let (timeline, blocked) = found(play.end(2 * SECOND), "blocked-loop");
    assert_eq!(blocked.len(), 1);
    let lane = |task| timeline.lane_of(Actor::Task(task));
    assert!(blocked[0].victims.contains(&lane(b).expect("it has one")));
    assert!(!blocked[0].victims.contains(&lane(c).expect("it has one")));
    let text = says(&timeline, &blocked[0]);
    assert!(
        text.starts_with("A held the first loop for 0.99s"),
        "{text}"
    );
    let starved: Vec<_> = timeline
        .findings()
        .iter()
        .filter(|one| one.kind.id == "starved")
        .collect();
    assert_eq!(starved.len(), 1);
    assert_eq!(starved[0].actor, Some(Actor::Task(b)));
}

#[test]
fn the_report_tells_variables_chunks_and_what_clients_print() {
    let mut play = play();
    Counter::spawned(&mut play, 10, 2).turn(100, 0, Some("0"), Some("7"));
    play.request(200, 0, 0, "/ping");
    play.accept(230, &[(0, TaskId(3), TaskRole::Handler, "tab 1 /ping")]);
    let (request, actor) = (RequestId(0), Actor::Task(TaskId(2)));
    for (at, text) in [(300, "a"), (400, "b")] {
        let text = play.text(text);
        play.push(at, EventKind::ResponseChunk { request, text });
    }
    let text = play.text("ab");
    play.push(500, EventKind::ClientPrinted { request, text });
    play.push(510, EventKind::RequestGivenUp { request });
    let value = play.text("stop");
    for (at, value) in [(600, value), (601, text)] {
        let channel = 1;
        play.push(
            at,
            EventKind::ChannelSent {
                actor,
                channel,
                value,
            },
        );
    }
    let (timeline, _) = found(play.end(700), "lost-update");
    let report = serde_json::to_value(loopscope::export::report(&timeline)).expect("it is data");
    assert_eq!(report["variables"]["one"], 7);
    assert_eq!(report["variables"]["two"], 0);
    assert_eq!(
        report["requests"][0]["chunks"],
        serde_json::json!(["a", "b"])
    );
    assert!(report["requests"][0]["given_up"].is_f64());
    assert_eq!(report["output"][0]["text"], "ab");
    assert_eq!(report["output"][0]["name"], "tab 1");
    assert_eq!(report["output"][0]["thread"], "clients");
    assert!(report["output"][0]["task"].is_null());
    let newest = &timeline.live().shared.channels[1];
    assert_eq!((newest.values.len(), newest.replaced), (1, 1));
}

#[test]
fn the_printed_story_tells_who_shares_what() {
    let mut play = play();
    let mut counter = Counter::spawned(&mut play, 10, 2);
    counter.turn(100, 0, Some("0"), Some("7"));
    two_counters(&mut play);
    let timeline = Timeline::from_trace(play.end(SECOND));
    let mut text = String::new();
    for index in 0..timeline.trace().events.len() {
        loopscope::export::text::push_event(&mut text, &timeline, index);
    }
    assert!(text.contains("A main 2        reads one: 0\n"), "{text}");
    assert!(text.contains("writes one = 7\n"), "{text}");
    // Its turns would fill pages; the finding tells them.
    assert!(!text.contains("CPython"), "{text}");
}

/// A reader that takes a value at 100 ms and then waits for a timer until `until`; values are put in at these times. `others`
/// says whether a second task waits for values, too.
fn reading(values: &[u64], until: u64, others: bool) -> Play {
    let mut play = play();
    let (reader, other, writer, channel) = (TaskId(2), TaskId(3), TaskId(4), 0);
    for (task, name) in [(reader, "reader"), (other, "other"), (writer, "writer")] {
        play.spawn(10, task, TaskRole::Program, TaskId::NONE, name);
    }
    let readers = if others {
        vec![reader, other]
    } else {
        vec![reader]
    };
    for (task, at) in readers.into_iter().zip([100, 200]) {
        play.poll_started(at, task);
        play.waits(at + 1, task, WaitOn::Channel(ChannelId(channel.into())));
        play.poll_ended(at + 2, task);
    }
    let value = play.text("job");
    for &at in values {
        play.poll_started(at - 1, writer);
        let actor = Actor::Task(writer);
        play.push(
            at,
            EventKind::ChannelSent {
                actor,
                channel,
                value,
            },
        );
        play.waits(at + 1, writer, WaitOn::Turn);
        play.poll_ended(at + 2, writer);
    }
    let actor = Actor::Task(reader);
    let received = EventKind::ChannelReceived {
        actor,
        channel,
        value,
    };
    let first = values[0] + 10;
    play.wake(
        values[0],
        reader,
        WakeCause::Channel(ChannelId(channel.into())),
    );
    play.poll_started(first, reader);
    play.push(first + 1, received);
    play.step(first + 2, actor, 1);
    play.waits_timer(first + 3, reader, until);
    play.poll_ended(first + 4, reader);
    play.wake(until, reader, WakeCause::Timer);
    play.poll_started(until + 1, reader);
    for _ in &values[1..] {
        play.push(until + 2, received);
    }
    play.task_ended(until + 3, reader);
    play
}

#[test]
fn values_lie_while_their_only_reader_awaits_something_else() {
    let play = reading(&[100_000, 200_000, 300_000], SECOND, false);
    let (timeline, found) = found(play.end(2 * SECOND), "head-of-line");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].count, 2);
    assert_eq!(found[0].found, Nanos(300_000_000));
    assert_eq!(
        says(&timeline, &found[0]),
        "Up to two values lay in channel all for 0.80s; meanwhile its only reader, A, waited inside time.sleep(5), line 5."
    );
    assert!(
        why(&timeline, 500_000, TaskId(2)).ends_with(
            " Up to two values lay in channel all for 0.30s so far; meanwhile its only reader, A, waited inside time.sleep(5), line 5."
        ),
    );
}

#[test]
fn values_that_are_taken_soon_or_may_be_taken_by_others_are_no_line() {
    for play in [
        reading(&[100_000, 950_000], SECOND, false),
        reading(&[100_000], SECOND, false),
        reading(&[100_000, 200_000], SECOND, true),
    ] {
        let (_, found) = found(play.end(2 * SECOND), "head-of-line");
        assert_eq!(found, []);
    }
}

/// What is answered to "why?" about a task.
fn why(timeline: &Timeline, micros: u64, task: TaskId) -> String {
    let world = timeline.world_at(timeline.moment_at(Nanos(micros * 1000)));
    let lane = timeline.lane_of(Actor::Task(task)).expect("it has a lane");
    explain::why(timeline, &world, lane, Language::Python).next
}

/// A task begins a timer of a second at these times; between them a task wakes it, or else its timer.
fn begun(at: &[u64], by: WakeCause) -> Play {
    let mut play = play();
    let task = TaskId(2);
    play.spawn(10, task, TaskRole::Program, TaskId::NONE, "main");
    for (place, &at) in at.iter().enumerate() {
        if place > 0 {
            play.wake(at - 1, task, by);
        }
        play.poll_started(at, task);
        play.step(at + 1, Actor::Task(task), 1);
        play.waits_timer(at + 2, task, at + 2 + SECOND);
        play.waits(at + 3, task, WaitOn::Futures(2));
        play.poll_ended(at + 4, task);
    }
    play
}

#[test]
fn a_timer_that_is_begun_anew_each_round_never_runs_out() {
    let other = WakeCause::Channel(ChannelId(0));
    let play = begun(&[100, 400_000, 800_000, 1_200_000, 1_600_000], other);
    let (timeline, found) = found(play.end(2 * SECOND + 200), "restarted-timer");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].count, 4);
    assert_eq!(found[0].found, Nanos(1_200_002_000));
    assert_eq!(
        says(&timeline, &found[0]),
        "A began a timer of 1.00s (time.sleep(5), line 5) anew 4 times within 2.00s before it could run out: something else came first each time, and 1.00s have to pass undisturbed."
    );
    assert!(why(&timeline, 1_300_200, TaskId(2)).contains("anew 3 times within 1.30s so far"));
}

#[test]
fn a_timer_that_runs_out_or_might_have_is_none_that_never_does() {
    let other = WakeCause::Channel(ChannelId(0));
    for play in [
        begun(&[100, 1_100_000, 2_200_000, 3_300_000], WakeCause::Timer),
        // Two begins prove nothing, and neither do three within the time of the first.
        begun(&[100, 600_000], other),
        begun(&[100, 300_000, 600_000], other),
    ] {
        let (_, found) = found(play.end(5 * SECOND), "restarted-timer");
        assert_eq!(found, []);
    }
}

/// A task keeps a future, which has asked for a lock before it did, and does not poll it; the lock is let go at 1s.
fn kept(polls: bool) -> Play {
    let mut play = play();
    let (owner, keeper, future) = (TaskId(2), TaskId(3), TaskId(4));
    let actor = Actor::Task(keeper);
    play.spawn(10, owner, TaskRole::Program, TaskId::NONE, "owner");
    play.spawn(11, keeper, TaskRole::Program, TaskId::NONE, "keeper");
    play.poll_started(20, owner);
    let lock = |actor| wants(actor, 0);
    play.push(21, lock(Actor::Task(owner)));
    play.push(
        22,
        EventKind::LockTaken {
            actor: Actor::Task(owner),
            lock: 0,
            reads: false,
        },
    );
    play.waits_timer(23, owner, SECOND);
    play.poll_ended(24, owner);
    play.poll_started(30, keeper);
    play.spawn(31, future, TaskRole::Coroutine, keeper, "future");
    play.push(32, EventKind::FuturePolled { actor, future });
    play.push(33, lock(actor));
    play.push(34, EventKind::FutureLeft { actor, future });
    play.step(35, actor, 1);
    play.push(36, lock(actor));
    play.waits(37, keeper, WaitOn::Lock(LockId(0)));
    play.poll_ended(38, keeper);
    play.wake(SECOND, owner, WakeCause::Timer);
    play.poll_started(SECOND + 1, owner);
    play.push(
        SECOND + 2,
        EventKind::LockReleased {
            actor: Actor::Task(owner),
            lock: 0,
            wanted: false,
        },
    );
    play.wake(SECOND + 3, keeper, WakeCause::Lock(LockId(0)));
    play.task_ended(SECOND + 4, owner);
    play.poll_ended(SECOND + 5, owner);
    play.poll_started(SECOND + 10, keeper);
    if polls {
        play.push(SECOND + 11, EventKind::FuturePolled { actor, future });
        play.push(SECOND + 12, takes(actor, 0));
    }
    play.poll_ended(SECOND + 20, keeper);
    play
}

#[test]
fn a_lock_that_a_future_was_handed_that_nothing_polls() {
    let (timeline, found) = found(kept(false).end(3 * SECOND + 100), "futurelock");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].at, Nanos(1_000_002_000));
    assert_eq!(
        says(&timeline, &found[0]),
        "Lock async was handed to C, a future that B keeps and does not poll while it waits inside time.sleep(5), line 5: nothing had it for 2.00s, though one waits for it."
    );
    let said = why(&timeline, 2_000_000, TaskId(3));
    assert!(
        said.contains("a future that B keeps and does not poll"),
        "{said}"
    );
}

#[test]
fn a_lock_that_a_polled_future_takes_is_no_futurelock() {
    let (_, found) = found(kept(true).end(3 * SECOND), "futurelock");
    assert_eq!(found, []);
}

/// A task keeps a future and awaits a timer of its own until 3s; it is woken in between, and does nothing.
fn stalls(by: WakeCause, acts: bool) -> Play {
    let mut play = play();
    let (keeper, future) = (TaskId(2), TaskId(3));
    let actor = Actor::Task(keeper);
    play.spawn(10, keeper, TaskRole::Program, TaskId::NONE, "keeper");
    play.poll_started(20, keeper);
    play.spawn(21, future, TaskRole::Coroutine, keeper, "future");
    play.push(22, EventKind::FuturePolled { actor, future });
    play.push(23, EventKind::FutureLeft { actor, future });
    play.step(24, actor, 1);
    play.waits_timer(25, keeper, 3 * SECOND);
    play.poll_ended(26, keeper);
    play.wake(SECOND, keeper, by);
    play.poll_started(SECOND + 1, keeper);
    if acts {
        play.step(SECOND + 2, actor, 1);
    }
    play.poll_ended(SECOND + 3, keeper);
    play
}

#[test]
fn a_future_that_could_go_on_and_is_not_polled_stands_still() {
    let play = stalls(WakeCause::Timer, false);
    let (timeline, found) = found(play.end(2 * SECOND), "stalled-future");
    assert_eq!(found.len(), 1);
    assert_eq!(
        says(&timeline, &found[0]),
        "One future of A was not polled while A waited inside time.sleep(5), line 5: what one of them waited for had come, and it stood still for 1.00s."
    );
}

#[test]
fn a_task_that_goes_on_or_is_handed_a_lock_lets_no_future_stand_still() {
    for play in [
        stalls(WakeCause::Timer, true),
        stalls(WakeCause::Lock(LockId(0)), false),
    ] {
        let (_, found) = found(play.end(2 * SECOND), "stalled-future");
        assert_eq!(found, []);
    }
}

/// A task gets ticks at these times, which were due at those; in microseconds.
fn ticking(ticks: &[(u64, u64)]) -> Play {
    let mut play = play();
    let task = TaskId(2);
    play.spawn(10, task, TaskRole::Program, TaskId::NONE, "main");
    play.poll_started(20, task);
    play.step(21, Actor::Task(task), 1);
    for &(at, due) in ticks {
        let due = Nanos(due * 1000);
        play.push(at, EventKind::Ticked { task, due });
    }
    play
}

#[test]
fn missed_ticks_that_come_together_are_a_burst() {
    let play = ticking(&[
        (100, 100),
        (450_000, 200_000),
        (450_100, 300_000),
        (450_200, 400_000),
        (500_000, 500_000),
    ]);
    let (timeline, found) = found(play.end(SECOND), "interval-burst");
    assert_eq!(found.len(), 1);
    assert_eq!(
        says(&timeline, &found[0]),
        "A got three ticks of an interval one right after the other inside time.sleep(5), line 5: the first of them was 0.25s late, and what was missed came in a burst."
    );
}

#[test]
fn ticks_that_are_late_one_by_one_are_no_burst() {
    for ticks in [
        // As Delay and Skip have it, and where each tick's work takes longer than a period.
        [(450_000, 200_000), (550_000, 550_000), (650_000, 650_000)],
        [(450_000, 200_000), (500_000, 500_000), (600_000, 600_000)],
        [(150_000, 100_000), (300_000, 200_000), (450_000, 300_000)],
    ] {
        let (_, found) = found(ticking(&ticks).end(SECOND), "interval-burst");
        assert_eq!(found, []);
    }
}

#[test]
fn a_slow_receiver_of_a_broadcast_loses_values() {
    let mut play = ticking(&[]);
    for (at, count) in [(100_000, 5), (200_000, 2)] {
        let (actor, channel) = (Actor::Task(TaskId(2)), 0);
        let lagged = EventKind::Lagged {
            actor,
            channel,
            count,
        };
        play.push(at, lagged);
    }
    let (timeline, found) = found(play.end(SECOND), "broadcast-lag");
    assert_eq!(found.len(), 1);
    let sentence = says(&timeline, &found[0]);
    assert!(
        sentence.starts_with("A has lost 7 values of channel all:"),
        "{sentence}"
    );
}

#[test]
fn a_value_whose_receiver_is_not_woken_is_found() {
    let (main, other) = (TaskId(2), TaskId(3));
    let lies = |woken: u64| {
        let mut play = play();
        play.spawn(10, main, TaskRole::Program, TaskId::NONE, "main");
        play.poll_started(100, main);
        play.waits(110, main, WaitOn::Channel(ChannelId(0)));
        play.poll_ended(120, main);
        play.spawn(199_000, other, TaskRole::Spawned, main, "other");
        play.poll_started(199_001, other);
        let value = play.text("a");
        let (actor, channel) = (Actor::Task(other), 0);
        let sent = EventKind::ChannelSent {
            actor,
            channel,
            value,
        };
        play.push(200_000, sent);
        play.poll_ended(200_001, other);
        play.wake(woken, main, WakeCause::Channel(ChannelId(0)));
        found(play.end(SECOND), "thread-unsafe")
    };
    assert_eq!(lies(200_002).1, []);
    assert_eq!(lies(250_000).1, []);
    let (timeline, found) = lies(900_000);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].length, Nanos::from_millis(700));
    let sentence = says(&timeline, &found[0]);
    assert!(
        sentence.contains("for 0.70s although a value lay there"),
        "{sentence}"
    );
}

/// A task on one of three threads wakes another one, holds its thread until `until`, and then `taker` begins it.
fn slot(until: u64, taker: ThreadId, gives_way: bool) -> Play {
    let mut play = play();
    let (a, b) = (TaskId(2), TaskId(3));
    for (place, name) in [(2, "loop-2"), (3, "loop-3")] {
        play.thread(0, ThreadId(place), ThreadRole::Loop, name);
    }
    play.spawn(10, a, TaskRole::Program, TaskId::NONE, "main");
    play.poll_started(100, a);
    play.step(101, Actor::Task(a), 1);
    play.spawn(110, b, TaskRole::Spawned, a, "child");
    if !gives_way {
        play.block(120, until, Actor::Task(a), LOOP, BlockKind::Sleep);
    }
    play.task_ended(if gives_way { 120 } else { until + 1 }, a);
    let (task, thread) = (b, taker);
    play.push(until + 10, EventKind::PollStarted { task, thread });
    let outcome = Outcome::Completed;
    play.push(until + 20, EventKind::TaskEnded { task, outcome });
    play.push(until + 21, EventKind::PollEnded { task, thread });
    play
}

#[test]
fn a_task_in_the_slot_of_a_held_thread_is_taken_by_no_other() {
    let (timeline, found) = found(slot(300_200, LOOP, false).end(SECOND), "lifo-slot");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].actor, Some(Actor::Task(TaskId(3))));
    assert_eq!(found[0].at, Nanos(110_000));
    assert_eq!(
        says(&timeline, &found[0]),
        "B lay in the LIFO slot of loop for 0.30s, while 2 other loop threads had nothing to do: A had put it there and went on to hold loop inside time.sleep(5), line 5, and no other thread takes from that slot."
    );
    assert!(why(&timeline, 200_200, TaskId(3)).contains("LIFO slot of loop for 0.20s so far"));
}

#[test]
fn a_task_that_another_thread_takes_or_whose_thread_was_free_lay_in_no_slot() {
    for play in [
        slot(300_000, ThreadId(2), false),
        slot(50_000, LOOP, false),
        slot(300_000, LOOP, true),
    ] {
        let (_, found) = found(play.end(SECOND), "lifo-slot");
        assert_eq!(found, []);
    }
}

/// The findings of a kind in a scenario without clients.
fn found_in(tables: &str, kind: &str) -> Vec<String> {
    let source = format!("title = \"t\"\nasks = \"a\"\nshows = \"s\"\n{tables}");
    let trace = told(&source, &FileName::from_path(Path::new("l.toml")));
    let (timeline, found) = found(trace, kind);
    found.iter().map(|one| says(&timeline, one)).collect()
}

#[test]
fn who_queues_for_a_permit_is_a_convoy() {
    let calls = |permits: u32| {
        format!(
            "[[semaphore]]\nname = \"slots\"\npermits = {permits}\n\
             [[function]]\nname = \"work\"\nbody = [{{ acquire = \"slots\", do = [{{ sleep = \"1s\" }}] }}]\n\
             [[function]]\nname = \"main\"\nbody = [{{ gather = [\"work\", \"work\", \"work\", \"work\", \"work\"] }}]\n\
             [[start]]\nrun = \"main\"\n"
        )
    };
    assert_eq!(
        found_in(&calls(2), "convoy"),
        [
            "All 2 permits of slots were taken for 2.00s; up to 3 tasks and jobs queued for one, and the longest wait was 2.00s."
        ]
    );
    assert!(found_in(&calls(5), "convoy").is_empty());
    assert!(found_in(&calls(2), "unfair-lock").is_empty());
}

#[test]
fn who_reads_again_behind_a_writer_waits_in_a_circle() {
    let again = |after: u32| {
        format!(
            "languages = [\"rust\"]\nlimit = \"3s\"\n[[rwlock]]\nname = \"config\"\n\
             [[function]]\nname = \"reader\"\nbody = [{{ read_lock = \"config\", do = [{{ sleep = \"1s\" }}, {{ read_lock = \"config\", do = [{{ print = \"again\" }}] }}] }}]\n\
             [[function]]\nname = \"writer\"\nbody = [{{ sleep = \"{after}ms\" }}, {{ write_lock = \"config\", do = [{{ print = \"writes\" }}] }}]\n\
             [[function]]\nname = \"main\"\nbody = [{{ gather = [\"reader\", \"writer\"] }}]\n\
             [[start]]\nrun = \"main\"\n"
        )
    };
    let circle = found_in(&again(500), "deadlock");
    assert_eq!(circle.len(), 1, "{circle:?}");
    assert!(circle[0].contains("wants rwlock config"), "{circle:?}");
    assert!(found_in(&again(1500), "deadlock").is_empty());
}

#[test]
fn who_waits_after_a_wake_up_that_was_not_kept_has_lost_it() {
    let late = |kind: &str, tell: &str, before: &str| {
        let language = if kind == "notify" { "rust" } else { "python" };
        format!(
            "languages = [\"{language}\"]\nlimit = \"3s\"\n[[event]]\nname = \"ready\"\nkind = \"{kind}\"\n[[variable]]\nname = \"done\"\ninitial = 0\n\
             [[function]]\nname = \"teller\"\nbody = [{{ sleep = \"100ms\" }}, {tell}]\n\
             [[function]]\nname = \"waiter\"\nbody = [{{ sleep = \"300ms\" }}, {before} {{ timeout = \"1s\", do = [{{ wait = \"ready\" }}] }}]\n\
             [[function]]\nname = \"main\"\nbody = [{{ gather = [\"teller\", \"waiter\"] }}]\n\
             [[start]]\nrun = \"main\"\n"
        )
    };
    let count = |kind, tell, before| found_in(&late(kind, tell, before), "lost-wake-up").len();
    let one = "{ notify = \"ready\" }";
    let all = "{ notify = \"ready\", all = true }";
    let lost = found_in(&late("notify", all, ""), "lost-wake-up");
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert!(
        lost[0].contains("waited 1.00s for event ready: B woke none"),
        "{lost:?}"
    );
    assert!(lost[0].contains("at 0.10s, 0.20s before"), "{lost:?}");
    assert_eq!(count("condition", one, ""), 1);
    assert_eq!(
        count("event", "{ set = \"ready\" }, { clear = \"ready\" }", ""),
        1
    );
    // It was kept.
    assert_eq!(count("notify", one, ""), 0);
    assert_eq!(count("event", "{ set = \"ready\" }", ""), 0);
    // Who has looked at what it stands for has not lost it.
    assert_eq!(
        count("condition", one, "{ read = \"done\", into = \"x\" },"),
        0
    );
    // It came when one waited.
    let later = "{ sleep = \"300ms\" }, { notify = \"ready\", all = true }";
    assert_eq!(count("notify", later, ""), 0);
}

#[test]
fn two_that_wait_for_room_wait_in_a_circle() {
    let worker = |name: &str, to: &str, from: &str| {
        format!(
            "[[function]]\nname = \"{name}\"\nbody = [{{ send = \"{to}\", value = 1 }}, {{ send = \"{to}\", value = 2 }}, {{ recv = \"{from}\" }}, {{ recv = \"{from}\" }}]\n"
        )
    };
    let both = |room: u32| {
        format!(
            "limit = \"2s\"\n[[channel]]\nname = \"a\"\ncapacity = {room}\n[[channel]]\nname = \"b\"\ncapacity = {room}\n{}{}\
             [[function]]\nname = \"main\"\nbody = [{{ gather = [\"left\", \"right\"] }}]\n[[start]]\nrun = \"main\"\n",
            worker("left", "b", "a"),
            worker("right", "a", "b")
        )
    };
    let circle = found_in(&both(1), "deadlock");
    assert_eq!(circle.len(), 1, "{circle:?}");
    assert!(circle[0].contains("for room in channel b"), "{circle:?}");
    assert!(found_in(&both(2), "deadlock").is_empty());
}
