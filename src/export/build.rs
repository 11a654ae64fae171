//! Fills the report from a timeline, and from nothing else.

use crate::export::parts;
use crate::export::report::{
    Heartbeat, InsightRow, OutputRow, Peak, Report, RequestRow, TaskRow, ThreadRow, WithRow,
};
use crate::export::rows::Rows;
use loopscope_timeline::{
    Beats, Finding, Job, OutputLine, Request, State, Task, Thread, Timeline, Times, YOU, explain,
};
use loopscope_trace::{
    Actor, EndReason, EventKind, Language, Nanos, Outcome, StepId, TaskRole, TextId, ThreadRole,
};

/// The report of a run as far as it is known.
pub fn report(timeline: &Timeline) -> Report<'_> {
    let (story, world) = (timeline.story(), timeline.live());
    let peaks = timeline.peaks();
    Report {
        format: 1,
        scenario: &story.id,
        title: &story.title,
        clock: story.clock,
        speed: story.speed,
        language: story.language,
        seed: story.seed,
        outcome: match timeline.ended() {
            Some(EndReason::Finished) => "finished",
            Some(EndReason::Stopped) => "stopped",
            Some(EndReason::Limit | EndReason::Steps | EndReason::Memory) | None => "unfinished",
        },
        why: explain::unfinished(timeline),
        elapsed: timeline.elapsed().map(Nanos::as_secs_f64),
        output: Rows::new(|| {
            let lines = timeline.outputs().iter();
            lines.map(|line| output_row(timeline, line))
        }),
        requests: Rows::new(|| {
            let requests = world.requests.iter();
            requests.map(|request| request_row(timeline, request))
        }),
        tasks: Rows::new(|| {
            let tasks = world.tasks.iter().map(|task| task_row(timeline, task));
            tasks.chain(world.jobs.iter().map(|job| job_row(timeline, job)))
        }),
        threads: Rows::new(|| {
            let threads = world.threads.iter();
            threads.map(|thread| thread_row(timeline, thread))
        }),
        peak: Peak {
            pool_threads: peaks.pool_threads,
            pool_queue: peaks.pool_queue,
            ready: peaks.ready,
            backlog: peaks.backlog,
            tasks: peaks.tasks,
        },
        heartbeat: heartbeat(timeline),
        insights: Rows::new(|| {
            let findings = timeline.findings().iter();
            findings.map(|finding| insight_row(timeline, finding))
        }),
        variables: parts::variables(timeline),
        processes: parts::processes(timeline),
        answers: parts::answers(timeline),
        metrics: timeline.metrics().report(timeline.story()),
        events: timeline.trace().events.len(),
        dropped: world.dropped,
        late: world.late,
        problems: world.problems,
    }
}

fn seconds(at: Option<Nanos>) -> Option<f64> {
    at.map(Nanos::as_secs_f64)
}

fn text(timeline: &Timeline, id: TextId) -> &str {
    timeline.trace().text(id)
}

/// Tasks come first, jobs after them, so that one number names one row.
fn row(timeline: &Timeline, actor: Actor) -> usize {
    match actor {
        Actor::Task(id) => id.index(),
        Actor::Job(id) => timeline.live().tasks.len() + id.index(),
    }
}

fn output_row<'a>(timeline: &'a Timeline, line: &OutputLine) -> OutputRow<'a> {
    let world = timeline.live();
    let name = line.actor.and_then(|actor| match actor {
        Actor::Task(id) => world.task(id).map(|task| task.name),
        Actor::Job(id) => world.job(id).map(|job| job.name),
    });
    let request = line.request.and_then(|request| world.request(request));
    let mut threads = world.threads.iter();
    let thread = match request {
        Some(_) => threads.find(|thread| thread.role == ThreadRole::Client),
        None => line.thread.and_then(|thread| world.thread(thread)),
    };
    OutputRow {
        at: line.at.as_secs_f64(),
        task: line
            .actor
            .filter(|_| name.is_some())
            .map(|actor| row(timeline, actor)),
        name: request.map_or_else(
            || text(timeline, name.unwrap_or(TextId::NONE)),
            |request| client(timeline, request),
        ),
        thread: thread.map(|thread| text(timeline, thread.name)),
        text: text(timeline, line.text),
    }
}

fn request_row<'a>(timeline: &'a Timeline, request: &Request) -> RequestRow<'a> {
    let world = timeline.live();
    let task = request.task.and_then(|task| world.task(task));
    let started = task.and_then(|task| match (task.role, task.job) {
        (TaskRole::Dispatch, Some(job)) => world.job(job)?.started,
        (TaskRole::Dispatch, None) => None,
        _ => task.started,
    });
    // All are looked through for those of the request.
    let streamed = Some(request.id).filter(|_| request.chunks > 0);
    let chunks = move || {
        let streamed = streamed.into_iter();
        streamed.flat_map(|request| timeline.chunks_of(request))
    };
    RequestRow {
        client: client(timeline, request),
        route: text(timeline, request.route),
        sent: request.sent.as_secs_f64(),
        accepted: seconds(request.accepted),
        started: seconds(started),
        finished: seconds(request.answered),
        response: request.response.map(|response| text(timeline, response)),
        chunks: Rows::new(move || chunks().map(|chunk| text(timeline, chunk.text))),
        chunk_moments: Rows::new(move || chunks().map(|chunk| chunk.at.as_secs_f64())),
        given_up: seconds(request.given_up),
        refused: request.refused.map(|refused| text(timeline, refused)),
        live: request.live,
    }
}

fn client<'a>(timeline: &'a Timeline, request: &Request) -> &'a str {
    match timeline.story().clients.get(request.client.index()) {
        _ if request.live => YOU,
        Some(client) => &client.name,
        None => "client",
    }
}

fn task_row<'a>(timeline: &'a Timeline, task: &Task) -> TaskRow<'a> {
    let times = timeline.times_of_task(task.id);
    TaskRow {
        id: row(timeline, Actor::Task(task.id)),
        name: text(timeline, task.name),
        kind: "task",
        role: match task.role {
            TaskRole::Accept => "accept",
            TaskRole::Heartbeat => "heartbeat",
            TaskRole::Handler => "handler",
            TaskRole::Dispatch => "dispatch",
            TaskRole::Program => "program",
            TaskRole::Spawned => "spawned",
            TaskRole::Coroutine => "coroutine",
            TaskRole::Background => "background",
            TaskRole::Callback => "callback",
            TaskRole::Framework => "framework",
        },
        parent: task.parent.map(|parent| row(timeline, Actor::Task(parent))),
        outcome: outcome(task.state, task.outcome, task.polls > 0),
        created: task.spawned.as_secs_f64(),
        ended: seconds(task.ended),
        polls: task.polls,
        ..empty_row(&times)
    }
}

fn job_row<'a>(timeline: &'a Timeline, job: &Job) -> TaskRow<'a> {
    let times = timeline.times_of_job(job.id);
    TaskRow {
        id: row(timeline, Actor::Job(job.id)),
        name: text(timeline, job.name),
        kind: match job.pool {
            EventKind::PROCESS_POOL => "process",
            _ => "job",
        },
        role: "job",
        parent: job.parent.map(|parent| row(timeline, Actor::Task(parent))),
        outcome: outcome(job.state, job.outcome, true),
        created: job.queued.as_secs_f64(),
        ended: seconds(job.ended),
        polls: 0,
        ..empty_row(&times)
    }
}

/// A row with times only.
fn empty_row(times: &Times) -> TaskRow<'static> {
    TaskRow {
        id: 0,
        name: "",
        kind: "task",
        role: "task",
        parent: None,
        outcome: "unfinished",
        created: 0.0,
        ended: None,
        polls: 0,
        running: times.running.as_secs_f64(),
        blocking: times.blocking.as_secs_f64(),
        ready: times.ready.as_secs_f64(),
        overdue: times.overdue.as_secs_f64(),
        queued: times.queued.as_secs_f64(),
        waiting: (times.waiting + times.created).as_secs_f64(),
        unknown: times.unknown.as_secs_f64(),
    }
}

fn outcome(state: State, outcome: Option<Outcome>, polled: bool) -> &'static str {
    match outcome {
        Some(Outcome::NeverPolled) => "never polled",
        Some(Outcome::Cancelled) if !polled => "never polled",
        Some(Outcome::Completed) => "done",
        Some(Outcome::Cancelled) => "cancelled",
        Some(Outcome::Panicked) => "panicked",
        Some(Outcome::Failed) => "failed",
        None if state == State::Done => "done",
        None => "unfinished",
    }
}

fn thread_row<'a>(timeline: &'a Timeline, thread: &Thread) -> ThreadRow<'a> {
    let open = thread
        .doing
        .map(|doing| timeline.settled().since(doing.since));
    ThreadRow {
        name: text(timeline, thread.name),
        role: match thread.role {
            ThreadRole::Loop => "loop",
            ThreadRole::Pool => "pool",
            ThreadRole::Client => "client",
            ThreadRole::Process => "process",
        },
        process: thread
            .process
            .and_then(|process| timeline.live().shared.processes.get(process.index()))
            .map(|process| text(timeline, process.name)),
        busy: (thread.busy + open.unwrap_or_default()).as_secs_f64(),
    }
}

fn heartbeat(timeline: &Timeline) -> Heartbeat {
    let period = timeline.story().heartbeat;
    let end = timeline.last_end().unwrap_or_else(|| timeline.settled());
    let world = timeline.live();
    // Each loop of its own has a heartbeat of its own.
    let beats = || std::iter::once(&world.beats).chain(&world.more_beats);
    let seen = |beats: &Beats| {
        let ticks = beats.task.map(|task| timeline.beats_of(task));
        ticks.map_or(0, |ticks| ticks.partition_point(|&beat| beat <= end))
    };
    let hearts = u64::try_from(beats().count()).unwrap_or(1);
    let longest = beats().map(|beats| beats.longest_gap).max();
    Heartbeat {
        expected: end.0.checked_div(period.0).unwrap_or(0) * hearts,
        seen: beats().map(seen).sum(),
        longest_gap: longest
            .filter(|_| period > Nanos::ZERO)
            .unwrap_or_default()
            .as_secs_f64(),
    }
}

fn insight_row(timeline: &Timeline, insight: &Finding) -> InsightRow {
    let line_of = |step: Option<StepId>| Some(timeline.story().step(step?)?.line);
    InsightRow {
        kind: insight.kind.id,
        at: insight.at.as_secs_f64(),
        seconds: insight.length.as_secs_f64(),
        task: insight.actor.map(|actor| row(timeline, actor)),
        step: insight.step.map(|step| step.0),
        line: line_of(insight.step),
        count: insight.count,
        with: insight
            .chain
            .iter()
            .map(|link| WithRow {
                task: row(timeline, link.actor),
                step: link.step.map(|step| step.0),
                line: line_of(link.step),
            })
            .collect(),
        text: insight.sentence(timeline, Language::Python),
    }
}
