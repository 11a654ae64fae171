//! Builds small scenarios by hand and plays them, for tests of the engine.
#![allow(dead_code, missing_docs, reason = "shared by several test binaries")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use loopscope::engine::{self, Options, Run, Summary};
use loopscope::scenario::{Action, Function, Scenario, Start, Step, Work};
use loopscope::trace::{
    Actor, Batch, Client, ClientId, EndReason, Event, EventKind, Flavor, FunctionId, Nanos,
    Planned, RequestId, RuntimeShape, StepId, Story, TaskId, TextId, ThreadRole, Trace,
};

/// A scenario under construction.
pub struct Builder {
    pub scenario: Scenario,
    steps: u32,
}

pub fn scenario() -> Builder {
    let story = Story {
        id: "by-hand".into(),
        speed: 1.0,
        heartbeat: Nanos::from_millis(100),
        limit: Nanos::from_secs(600),
        runtime: RuntimeShape::default(),
        ..Story::default()
    };
    let scenario = Scenario {
        story,
        ..Scenario::default()
    };
    Builder { scenario, steps: 0 }
}

impl Builder {
    pub fn function(mut self, name: &str, is_async: bool, body: Vec<Action>) -> Self {
        let id = FunctionId::from(self.scenario.functions.len());
        let body = self.body(body);
        self.scenario.functions.push(Function {
            id,
            name: name.into(),
            route: Some(format!("/{name}")),
            is_async,
            body,
        });
        self.scenario
            .story
            .functions
            .push(loopscope::trace::Function {
                name: name.into(),
                route: Some(format!("/{name}")),
                is_async,
            });
        self
    }

    fn body(&mut self, actions: Vec<Action>) -> Vec<Step> {
        actions
            .into_iter()
            .map(|action| {
                let id = StepId(self.steps);
                self.steps += 1;
                let action = match action {
                    Action::Repeat { times, body } => Action::Repeat {
                        times,
                        body: self.body(body.into_iter().map(|step| step.action).collect()),
                    },
                    Action::SpawnBlocking {
                        work: Work::Inline(body),
                        detach,
                    } => Action::SpawnBlocking {
                        work: Work::Inline(
                            self.body(body.into_iter().map(|step| step.action).collect()),
                        ),
                        detach,
                    },
                    other => other,
                };
                Step { id, action }
            })
            .collect()
    }

    pub fn request(mut self, client: &str, function: u32, at: Nanos) -> Self {
        let id = ClientId::from(self.scenario.story.clients.len());
        self.scenario.story.clients.push(Client {
            name: client.into(),
        });
        self.scenario.story.planned.push(Planned {
            at,
            client: id,
            function: FunctionId(function),
        });
        self
    }

    pub fn start(mut self, function: u32, at: Nanos) -> Self {
        self.scenario.starts.push(Start {
            function: FunctionId(function),
            at,
        });
        self
    }

    pub fn limit(mut self, limit: Nanos) -> Self {
        self.scenario.story.limit = limit;
        self
    }

    pub fn multi_thread(mut self, workers: u32) -> Self {
        self.scenario.story.runtime.flavor = Flavor::MultiThread;
        self.scenario.story.runtime.worker_threads = workers;
        self
    }

    pub fn pool(mut self, threads: u32) -> Self {
        self.scenario.story.runtime.pool_threads = threads;
        self
    }

    pub fn begin(self, speed: f64) -> Run {
        engine::start(Arc::new(self.scenario), &Options { speed, seed: 0 }).expect("starts")
    }

    pub fn play(self, speed: f64) -> Played {
        watch(self.begin(speed))
    }
}

/// A step without an id; [`Builder`] numbers it.
pub fn step(action: Action) -> Step {
    Step {
        id: StepId(0),
        action,
    }
}

pub fn print(text: &str) -> Action {
    Action::Print(text.into())
}

pub fn respond(text: &str) -> Action {
    Action::Respond(text.into())
}

pub fn inline(body: Vec<Action>) -> Action {
    Action::SpawnBlocking {
        work: Work::Inline(body.into_iter().map(step).collect()),
        detach: false,
    }
}

pub fn millis(millis: u64) -> Nanos {
    Nanos::from_millis(millis)
}

pub fn secs(seconds: u64) -> Nanos {
    Nanos::from_secs(seconds)
}

/// A run that is over.
pub struct Played {
    pub trace: Trace,
    pub summary: Summary,
    pub reason: Option<EndReason>,
}

/// Reads all batches of a run and checks the law of order on the way.
pub fn watch(run: Run) -> Played {
    let mut trace = Trace::new(Story::default());
    let mut upto = Nanos::ZERO;
    while let Ok(batch) = run.batches().recv_timeout(Duration::from_secs(60)) {
        upto = obeys(&batch, upto);
        trace.extend(batch);
    }
    let deadline = Instant::now() + Duration::from_secs(5);
    let summary = loop {
        if let Some(summary) = run.tally() {
            break summary;
        }
        assert!(Instant::now() < deadline, "the run never summed up");
        std::thread::sleep(Duration::from_millis(1));
    };
    let reason = trace.events.iter().find_map(|event| match event.kind {
        EventKind::RunEnded { reason } => Some(reason),
        _ => None,
    });
    Played {
        trace,
        summary,
        reason,
    }
}

/// The law: nothing before the last `upto`, in order, nothing after this one.
pub fn obeys(batch: &Batch, mut last: Nanos) -> Nanos {
    for event in &batch.events {
        assert!(event.at >= last, "{event:?} before {last:?}");
        last = event.at;
    }
    assert!(batch.upto >= last);
    batch.upto
}

impl Played {
    pub fn events(&self) -> impl Iterator<Item = (usize, &Event)> {
        self.trace.events.iter().enumerate()
    }

    pub fn text(&self, id: TextId) -> &str {
        self.trace.text(id)
    }

    pub fn output(&self) -> Vec<String> {
        self.events()
            .filter_map(|(_, event)| match event.kind {
                EventKind::Output { text, .. } => Some(self.text(text).to_owned()),
                _ => None,
            })
            .collect()
    }

    /// The place of the nth event that `wanted` accepts, counted from 1.
    pub fn nth(&self, nth: usize, wanted: impl Fn(&EventKind) -> bool) -> usize {
        self.events()
            .filter(|(_, event)| wanted(&event.kind))
            .nth(nth - 1)
            .unwrap_or_else(|| panic!("no such event in {:#?}", self.trace.events))
            .0
    }

    pub fn count(&self, wanted: impl Fn(&EventKind) -> bool) -> usize {
        self.events()
            .filter(|(_, event)| wanted(&event.kind))
            .count()
    }

    pub fn at(&self, place: usize) -> f64 {
        self.trace.events[place].at.as_secs_f64()
    }

    pub fn task_of(&self, request: u32) -> TaskId {
        self.events()
            .find_map(|(_, event)| match event.kind {
                EventKind::RequestAccepted { request: of, task } if of == RequestId(request) => {
                    Some(task)
                }
                _ => None,
            })
            .expect("accepted")
    }

    /// The last end of a task or job of the story, in seconds.
    pub fn elapsed(&self) -> f64 {
        let answered = self
            .events()
            .filter(|(_, event)| {
                matches!(
                    event.kind,
                    EventKind::RequestAnswered { .. } | EventKind::JobEnded { .. }
                )
            })
            .map(|(_, event)| event.at.as_secs_f64());
        answered.fold(0.0, f64::max)
    }

    pub fn thread_names(&self, wanted: ThreadRole) -> Vec<String> {
        self.events()
            .filter_map(|(_, event)| match event.kind {
                EventKind::ThreadStarted { role, name, .. } if role == wanted => {
                    Some(self.text(name).to_owned())
                }
                _ => None,
            })
            .collect()
    }

    pub fn pool_names(&self) -> Vec<String> {
        let mut names = self.thread_names(ThreadRole::Pool);
        names.sort();
        names
    }

    pub fn dump(&self) -> String {
        use std::fmt::Write as _;
        let mut out = String::new();
        for (_, event) in self.events() {
            let text = match event.kind {
                EventKind::Output { text, .. } => self.text(text),
                EventKind::TaskSpawned { name, .. } => self.text(name),
                EventKind::ThreadStarted { name, .. } => self.text(name),
                _ => "",
            };
            let _ = writeln!(
                out,
                "{:9.4} {:?} {text}",
                event.at.as_secs_f64(),
                event.kind
            );
        }
        out
    }
}

/// Whether an event is a poll start of `task`.
pub fn polls(task: TaskId) -> impl Fn(&EventKind) -> bool {
    move |kind| matches!(kind, EventKind::PollStarted { task: of, .. } if *of == task)
}

/// Whether an event says that `actor` prints.
pub fn prints(actor: Actor) -> impl Fn(&EventKind) -> bool {
    move |kind| matches!(kind, EventKind::Output { actor: of, .. } if *of == actor)
}
