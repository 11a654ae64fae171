//! Hand-made traces with the event order that the engine has, for screens, exports and laws.
#![allow(dead_code, reason = "no test binary needs all of it")]

use loopscope::trace::{
    Actor, BlockKind, ClientId, EndReason, Event, EventKind, JobId, Nanos, Outcome, RequestId,
    StepId, Story, TaskId, TaskRole, TextId, ThreadId, ThreadRole, Trace, WaitOn, WakeCause,
    Watched,
};

use super::stories;

/// The loop's thread in these traces.
pub const LOOP: ThreadId = ThreadId(0);
/// The clients' thread in these traces.
pub const CLIENTS: ThreadId = ThreadId(1);
/// The accept task in these traces.
pub const ACCEPT: TaskId = TaskId(0);
/// The heartbeat task in these traces.
pub const HEARTBEAT: TaskId = TaskId(1);

/// Two requests, 20 ms apart, to a handler that sleeps on the thread for 5 s; 10.01 s in all.
pub fn blocking_sleep() -> Trace {
    let mut play = Play::server(stories::blocking_sleep());
    play.beat(0);
    play.request(200, 0, 0, "/ping");
    play.accept(230, &[(0, TaskId(2), TaskRole::Handler, "tab 1 /ping")]);
    play.request(20_000, 1, 1, "/ping");
    play.blocking_handler(300, TaskId(2), 0, 5_004_200);
    play.beat_after(5_004_300);
    play.accept(
        5_004_500,
        &[(1, TaskId(3), TaskRole::Handler, "tab 2 /ping")],
    );
    play.blocking_handler(5_004_600, TaskId(3), 1, 10_010_100);
    play.beat_after(10_010_300);
    play.end(10_010_600)
}

/// The same with an awaited sleep; 5.02 s in all.
pub fn awaited_sleep() -> Trace {
    let mut play = Play::server(stories::awaited_sleep());
    play.beat(0);
    play.request(200, 0, 0, "/ping");
    play.accept(230, &[(0, TaskId(2), TaskRole::Handler, "tab 1 /ping")]);
    play.sleep_begins(300, TaskId(2), 5_000_340);
    play.request(20_000, 1, 1, "/ping");
    play.accept(20_030, &[(1, TaskId(3), TaskRole::Handler, "tab 2 /ping")]);
    play.sleep_begins(20_100, TaskId(3), 5_020_140);
    for tick in 1..=50 {
        play.beat_after(tick * 100_000 + 100);
    }
    play.sleep_ends(5_001_000, TaskId(2), 0);
    play.sleep_ends(5_021_000, TaskId(3), 1);
    play.end(5_021_300)
}

/// 100 requests at once to a plain handler that sleeps for 1 s, 40 pool threads: waves of 40, 40
/// and 20; 3.01 s in all.
pub fn four_routes_sync() -> Trace {
    plain_requests(stories::four_routes_sync(), 100, 40)
}

/// So many requests at once to the plain handler of `four-routes-sync`, on so many pool threads.
pub fn plain_requests(story: Story, requests: u32, pool_threads: u32) -> Trace {
    let mut play = Play::server(story);
    play.beat(0);
    let mut accepted = Vec::new();
    for request in 0..requests {
        let at = 200 + u64::from(request);
        let route = play.text("/sync");
        play.push(
            at,
            EventKind::RequestSent {
                request: RequestId(request),
                client: ClientId(0),
                route,
                live: false,
            },
        );
        accepted.push((
            request,
            TaskId(2 + request),
            TaskRole::Dispatch,
            "load /sync",
        ));
    }
    play.wake(200, ACCEPT, WakeCause::Client);
    play.accept(200 + u64::from(requests), &accepted);
    let polled = 300 + 5 * u64::from(requests);
    for request in 0..requests {
        play.job_queued(
            polled + u64::from(request) * 5,
            TaskId(2 + request),
            request,
        );
    }
    let mut free = vec![0_u64; pool_threads as usize];
    for request in 0..requests {
        let (slot, _) = free
            .iter()
            .enumerate()
            .min_by_key(|(place, until)| (**until, *place))
            .expect("a pool has threads");
        let thread = ThreadId(2 + u32::try_from(slot).expect("few threads"));
        let first = free[slot] == 0;
        let begin = free[slot].max(polled + u64::from(request) * 5) + 60;
        if first {
            let name = play.text(&format!("pool-{}", slot + 1));
            let role = ThreadRole::Pool;
            play.push(begin - 10, EventKind::ThreadStarted { thread, role, name });
        }
        // Jobs of one wave end some microseconds apart, so that the loop takes them in turn.
        let end = begin + 1_001_000 + u64::from(request % pool_threads) * 10;
        play.job(begin, end, JobId(request), thread);
        play.job_answered(end + 4, TaskId(2 + request), JobId(request), request);
        free[slot] = end;
    }
    let last = free.iter().max().copied().unwrap_or_default();
    for tick in 1..=last / 100_000 {
        play.beat_after(tick * 100_000 + 100);
    }
    play.end(last + 500)
}

/// The part of `trace` until `at`, as a live run would have handed it on.
pub fn cut(mut trace: Trace, at: Nanos) -> Trace {
    trace.events.retain(|event| event.at <= at);
    trace.upto = at;
    trace
}

/// Writes events at moments of microseconds; `done` sorts them.
#[derive(Debug, Default)]
pub struct Play {
    story: Story,
    texts: Vec<String>,
    events: Vec<Event>,
}

impl Play {
    /// A loop with an accept task and a heartbeat, both polled once (the beat is the caller's).
    pub fn server(story: Story) -> Self {
        let mut play = Self {
            story,
            ..Self::default()
        };
        play.thread(0, LOOP, ThreadRole::Loop, "loop");
        play.thread(0, CLIENTS, ThreadRole::Client, "clients");
        play.spawn(0, ACCEPT, TaskRole::Accept, TaskId::NONE, "accept");
        play.spawn(0, HEARTBEAT, TaskRole::Heartbeat, TaskId::NONE, "heartbeat");
        play.poll_started(1, ACCEPT);
        play.waits(2, ACCEPT, WaitOn::Backlog);
        play.poll_ended(3, ACCEPT);
        play
    }

    /// An event at so many microseconds.
    pub fn push(&mut self, micros: u64, kind: EventKind) {
        self.events.push(Event {
            at: Nanos(micros * 1000),
            kind,
        });
    }

    /// The id of a text.
    pub fn text(&mut self, text: &str) -> TextId {
        let place = self.texts.iter().position(|known| known == text);
        place.map_or_else(
            || {
                self.texts.push(text.into());
                TextId::from(self.texts.len() - 1)
            },
            TextId::from,
        )
    }

    /// The trace: events in order of time, and of their writing where times are equal.
    pub fn done(mut self, upto_micros: u64) -> Trace {
        self.events.sort_by_key(|event| event.at);
        Trace {
            story: self.story,
            texts: self.texts,
            events: self.events,
            upto: Nanos(upto_micros * 1000),
            ..Trace::default()
        }
    }

    /// The end of the run, and the trace.
    pub fn end(mut self, micros: u64) -> Trace {
        let reason = EndReason::Finished;
        self.push(micros, EventKind::RunEnded { reason });
        self.done(micros + 100)
    }

    /// A thread begins.
    pub fn thread(&mut self, at: u64, thread: ThreadId, role: ThreadRole, name: &str) {
        let name = self.text(name);
        self.push(at, EventKind::ThreadStarted { thread, role, name });
    }

    /// A task is spawned.
    pub fn spawn(&mut self, at: u64, task: TaskId, role: TaskRole, parent: TaskId, name: &str) {
        let name = self.text(name);
        let function = if role.is_story() {
            0
        } else {
            EventKind::NO_FUNCTION
        };
        self.push(
            at,
            EventKind::TaskSpawned {
                task,
                role,
                function,
                parent,
                name,
            },
        );
    }

    /// The loop begins a turn of the task.
    pub fn poll_started(&mut self, at: u64, task: TaskId) {
        self.push(at, EventKind::PollStarted { task, thread: LOOP });
    }

    /// The turn is over.
    pub fn poll_ended(&mut self, at: u64, task: TaskId) {
        self.push(at, EventKind::PollEnded { task, thread: LOOP });
    }

    /// The task is about to wait.
    pub fn waits(&mut self, at: u64, task: TaskId, on: WaitOn) {
        self.push(at, EventKind::Waiting { task, on });
    }

    /// The task is about to wait for a timer.
    pub fn waits_timer(&mut self, at: u64, task: TaskId, deadline: u64) {
        let deadline = Nanos(deadline * 1000);
        self.push(at, EventKind::WaitingTimer { task, deadline });
    }

    /// The task may run again.
    pub fn wake(&mut self, at: u64, task: TaskId, by: WakeCause) {
        self.push(at, EventKind::Woken { task, by });
    }

    /// An actor enters a step.
    pub fn step(&mut self, at: u64, actor: Actor, step: u32) {
        let step = StepId(step);
        self.push(at, EventKind::StepEntered { actor, step });
    }

    /// An actor enters a print step and prints.
    pub fn print(&mut self, at: u64, actor: Actor, step: u32, text: &str) {
        self.step(at, actor, step);
        let text = self.text(text);
        self.push(at + 1, EventKind::Output { actor, text });
    }

    /// An actor enters a block step and holds its thread.
    pub fn block(&mut self, from: u64, to: u64, actor: Actor, thread: ThreadId, kind: BlockKind) {
        self.step(from - 1, actor, 1);
        self.push(
            from,
            EventKind::BlockStarted {
                actor,
                thread,
                kind,
            },
        );
        self.push(to, EventKind::BlockEnded { actor, thread });
    }

    /// The heartbeat is polled and beats; it wants to beat again at the next tenth of a second.
    pub fn beat(&mut self, at: u64) {
        let at = at + 5;
        self.poll_started(at, HEARTBEAT);
        self.push(at + 1, EventKind::Beat { task: HEARTBEAT });
        let next = (at / 100_000 + 1) * 100_000;
        self.waits_timer(at + 2, HEARTBEAT, next);
        self.poll_ended(at + 3, HEARTBEAT);
    }

    /// The heartbeat's timer wakes it, and it beats.
    pub fn beat_after(&mut self, at: u64) {
        self.wake(at, HEARTBEAT, WakeCause::Timer);
        self.beat(at);
    }

    /// A client sends a request and wakes the accept task.
    pub fn request(&mut self, at: u64, request: u32, client: u32, route: &str) {
        let route = self.text(route);
        self.push(
            at,
            EventKind::RequestSent {
                request: RequestId(request),
                client: ClientId(client),
                route,
                live: false,
            },
        );
        self.wake(at + 1, ACCEPT, WakeCause::Client);
    }

    /// The accept task is polled and lets requests in: (request, its task, role, name).
    pub fn accept(&mut self, at: u64, requests: &[(u32, TaskId, TaskRole, &str)]) {
        self.poll_started(at, ACCEPT);
        let mut now = at;
        for &(request, task, role, name) in requests {
            now += 2;
            self.spawn(now, task, role, ACCEPT, name);
            let request = RequestId(request);
            self.push(now + 1, EventKind::RequestAccepted { request, task });
        }
        self.waits(now + 2, ACCEPT, WaitOn::Backlog);
        self.poll_ended(now + 3, ACCEPT);
    }

    /// A handler's only turn: Hello, a block that ends at `to`, bye, pong.
    pub fn blocking_handler(&mut self, from: u64, task: TaskId, request: u32, to: u64) {
        let actor = Actor::Task(task);
        self.poll_started(from, task);
        self.print(from + 10, actor, 0, "Hello");
        self.block(from + 30, to, actor, LOOP, BlockKind::Sleep);
        self.print(to + 10, actor, 2, "bye");
        self.step(to + 15, actor, 3);
        self.answered(to + 16, request, "pong");
        self.task_ended(to + 20, task);
    }

    /// A handler's first turn: Hello, then an awaited sleep.
    pub fn sleep_begins(&mut self, from: u64, task: TaskId, deadline: u64) {
        let actor = Actor::Task(task);
        self.poll_started(from, task);
        self.print(from + 10, actor, 0, "Hello");
        self.step(from + 20, actor, 1);
        self.waits_timer(from + 30, task, deadline);
        self.poll_ended(from + 40, task);
    }

    /// A handler's second turn: bye, pong.
    pub fn sleep_ends(&mut self, at: u64, task: TaskId, request: u32) {
        let actor = Actor::Task(task);
        self.wake(at, task, WakeCause::Timer);
        self.poll_started(at + 10, task);
        self.print(at + 20, actor, 2, "bye");
        self.step(at + 25, actor, 3);
        self.answered(at + 26, request, "pong");
        self.task_ended(at + 30, task);
    }

    /// A response goes out.
    pub fn answered(&mut self, at: u64, request: u32, text: &str) {
        let text = self.text(text);
        let request = RequestId(request);
        self.push(
            at,
            EventKind::RequestAnswered {
                request,
                text,
                status: 0,
            },
        );
    }

    /// A task ends in its last turn.
    pub fn task_ended(&mut self, at: u64, task: TaskId) {
        let outcome = Outcome::Completed;
        self.push(at, EventKind::TaskEnded { task, outcome });
        self.poll_ended(at + 1, task);
    }

    /// A dispatch task's first turn: a job for the pool.
    pub fn job_queued(&mut self, at: u64, task: TaskId, job: u32) {
        let name = self.text("sync");
        let job = JobId(job);
        self.poll_started(at, task);
        let parent = task;
        self.push(
            at + 1,
            EventKind::JobQueued {
                job,
                parent,
                name,
                pool: 0,
            },
        );
        self.waits(at + 2, task, WaitOn::Job(job));
        self.poll_ended(at + 3, task);
    }

    /// A job on a pool thread: begin, a block, end.
    pub fn job(&mut self, from: u64, to: u64, job: JobId, thread: ThreadId) {
        let actor = Actor::Job(job);
        self.push(from, EventKind::JobStarted { job, thread });
        self.print(from + 1, actor, 0, "begin");
        self.block(from + 5, to - 10, actor, thread, BlockKind::Sleep);
        self.print(to - 8, actor, 2, "end");
        self.step(to - 4, actor, 3);
        let outcome = Outcome::Completed;
        self.push(to, EventKind::JobEnded { job, outcome });
    }

    /// The dispatch task's last turn: the job is over, the answer goes out.
    pub fn job_answered(&mut self, at: u64, task: TaskId, job: JobId, request: u32) {
        self.wake(at, task, WakeCause::Job(job));
        self.poll_started(at + 1, task);
        self.answered(at + 2, request, "ok");
        self.task_ended(at + 3, task);
    }
}

/// A program that is watched, and still runs: a request and a task of its own five times a second, each ended soon
/// but for the last `alive` tasks; every fifth request holds the loop, at one of the story's steps, and makes others wait.
pub fn watched(mut story: Story, lanes: u32, alive: u32) -> Trace {
    const BEAT: u64 = 200_000;
    story.watched = Some(Watched {
        command: "uvicorn app:app".to_owned(),
        threshold: Nanos::from_millis(50),
        ..Watched::default()
    });
    let steps = u32::try_from(story.steps.len()).unwrap_or(1);
    let mut play = Play::server(story);
    let pairs = lanes / 2;
    for pair in 0..pairs {
        let at = u64::from(pair) * BEAT + 10;
        let (handler, own) = (TaskId(2 + 2 * pair), TaskId(3 + 2 * pair));
        play.request(at, pair, 0, "/ping");
        play.accept(at + 2, &[(pair, handler, TaskRole::Handler, "ping")]);
        play.spawn(at + 10, own, TaskRole::Spawned, handler, "own");
        play.poll_started(at + 20, handler);
        play.step(at + 21, Actor::Task(handler), pair / 5 % steps);
        if pair % 5 == 0 {
            let kind = BlockKind::Sleep;
            let actor = Actor::Task(handler);
            play.push(
                at + 22,
                EventKind::BlockStarted {
                    actor,
                    thread: LOOP,
                    kind,
                },
            );
            play.push(
                at + 150_000,
                EventKind::BlockEnded {
                    actor,
                    thread: LOOP,
                },
            );
        }
        play.answered(at + 150_001, pair, "pong");
        play.task_ended(at + 150_002, handler);
        play.poll_started(at + 150_010, own);
        if pair + alive < pairs {
            play.task_ended(at + 150_020, own);
        } else {
            play.waits_timer(at + 150_020, own, u64::from(pairs + 1) * BEAT);
            play.poll_ended(at + 150_021, own);
        }
    }
    play.done(u64::from(pairs) * BEAT)
}
