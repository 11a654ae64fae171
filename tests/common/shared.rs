//! Hand-made traces of those who share something.
#![allow(dead_code, reason = "no test binary needs all of it")]

use loopscope::trace::{
    Actor, BlockKind, EventKind, JobId, RequestId, RuntimeShape, TaskId, TaskRole, ThreadId,
    ThreadRole, Trace, WakeCause,
};

use super::stories;
use super::traces::{ACCEPT, HEARTBEAT, LOOP, Play};

const SECOND: u64 = 1_000_000;

/// Three requests: two jobs compute under CPython's lock and share a variable, a lock and two
/// channels; the third one streams. One client gives up.
pub fn sharing() -> Trace {
    let mut story = stories::shared();
    story.runtime = RuntimeShape {
        gil: true,
        ..story.runtime
    };
    story.differs = Some("the lock there is given to whoever comes first.".into());
    let mut play = Play::server(story);
    play.beat(0);
    for (request, at) in [(0, 200), (1, 20_000)] {
        let task = TaskId(2 + request);
        play.request(at, request, request, "/ping");
        play.accept(at + 30, &[(request, task, TaskRole::Dispatch, "ping")]);
        play.job_queued(at + 100, task, request);
    }
    let jobs = [0, 1].map(JobId);
    let threads = [2, 3].map(ThreadId);
    for (place, (job, thread)) in jobs.into_iter().zip(threads).enumerate() {
        let at = 300 + 20_000 * place as u64;
        play.thread(at, thread, ThreadRole::Pool, &format!("pool-{}", place + 1));
        play.push(at + 10, EventKind::JobStarted { job, thread });
        let actor = Actor::Job(job);
        play.block(at + 20, 3 * SECOND, actor, thread, BlockKind::Cpu);
        play.push(at + 21, EventKind::GilWanted { thread });
    }
    in_turns(&mut play, threads);
    let [a, b] = jobs.map(Actor::Job);
    share(&mut play, a, b);
    let request = RequestId(1);
    play.push(2_500_000, EventKind::RequestGivenUp { request });
    for (at, text) in [(1_000_000, "one"), (2_000_000, "two")] {
        let (text, request) = (play.text(text), RequestId(0));
        play.push(at, EventKind::ResponseChunk { request, text });
    }
    for tick in 1..=30 {
        play.beat_after(tick * 100_000 + 100);
    }
    play.done(3 * SECOND)
}

/// The lock goes back and forth, 300 ms a turn.
fn in_turns(play: &mut Play, [one, two]: [ThreadId; 2]) {
    play.push(322, EventKind::GilTaken { thread: one });
    let mut owner = one;
    for turn in 1..10 {
        let at = turn * 300_000;
        let next = if owner == one { two } else { one };
        play.push(at, EventKind::GilReleased { thread: owner });
        play.push(at + 1, EventKind::GilTaken { thread: next });
        play.push(at + 2, EventKind::GilWanted { thread: owner });
        owner = next;
    }
}

fn share(play: &mut Play, a: Actor, b: Actor) {
    for (at, actor, value) in [(600_000, a, "1"), (900_000, b, "2")] {
        let (variable, value) = (0, play.text(value));
        play.push(
            at,
            EventKind::VariableWritten {
                actor,
                variable,
                value,
            },
        );
    }
    for (at, actor) in [(700_000, a), (800_000, b)] {
        play.push(
            at,
            EventKind::LockWanted {
                actor,
                lock: 1,
                reads: false,
            },
        );
    }
    play.push(
        700_001,
        EventKind::LockTaken {
            actor: a,
            lock: 1,
            reads: false,
        },
    );
    for (at, value) in [(100_000, "ink"), (200_000, "pen")] {
        let value = play.text(value);
        for channel in [0, 1] {
            let actor = a;
            play.push(
                at,
                EventKind::ChannelSent {
                    actor,
                    channel,
                    value,
                },
            );
        }
    }
}

/// Two loops of one task each: the first one holds its thread and waits for the second one's.
pub fn two_loops() -> Trace {
    let mut play = Play::server(stories::shared());
    let second = ThreadId(2);
    play.thread(0, second, ThreadRole::Loop, "loop-2");
    let (a, b) = (TaskId(2), TaskId(3));
    play.beat(0);
    play.spawn(200, a, TaskRole::Program, TaskId::NONE, "main");
    play.poll_started(300, a);
    play.spawn(310, b, TaskRole::Spawned, a, "f");
    for (at, task, thread) in [
        (1, ACCEPT, LOOP),
        (1, HEARTBEAT, LOOP),
        (201, a, LOOP),
        (311, b, second),
    ] {
        play.push(at, EventKind::TaskOnLoop { task, thread });
    }
    let (actor, thread) = (Actor::Task(a), LOOP);
    play.step(312, actor, 1);
    let kind = BlockKind::Task;
    play.push(
        313,
        EventKind::BlockStarted {
            actor,
            thread,
            kind,
        },
    );
    play.push(314, EventKind::BlockedOn { actor, task: b });
    let thread = second;
    play.push(400, EventKind::PollStarted { task: b, thread });
    play.waits_timer(410, b, SECOND);
    play.push(420, EventKind::PollEnded { task: b, thread });
    play.wake(SECOND + 400, b, WakeCause::Timer);
    play.request(500_000, 0, 0, "/ping");
    play.done(SECOND / 2 + 200_000)
}

/// A task waits for its own loop, and a coroutine that nobody starts.
pub fn circle() -> Trace {
    let mut play = Play::server(stories::shared());
    let (a, b, c) = (TaskId(2), TaskId(4), TaskId(3));
    let (actor, thread) = (Actor::Task(a), LOOP);
    play.beat(0);
    play.spawn(200, a, TaskRole::Program, TaskId::NONE, "main");
    play.poll_started(300, a);
    play.spawn(305, c, TaskRole::Coroutine, a, "say");
    play.spawn(310, b, TaskRole::Spawned, a, "f");
    play.step(312, actor, 1);
    let kind = BlockKind::Task;
    play.push(
        313,
        EventKind::BlockStarted {
            actor,
            thread,
            kind,
        },
    );
    play.push(314, EventKind::BlockedOn { actor, task: b });
    play.done(2 * SECOND)
}
