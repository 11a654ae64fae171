//! Builds small scenarios by hand and plays them, for tests of the engine.
#![allow(dead_code, missing_docs, reason = "shared by several test binaries")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use loopscope::VOCABULARY;
use loopscope::engine::{self, Options, Run, Summary};
use loopscope::scenario::{
    Action, ArmFuture, Call, Choices, Expression, FileName, Function, Length, Operator, Part,
    Scenario, Start, Step, Text, Work, load,
};
use loopscope::trace::{
    Actor, Batch, Client, ClientId, Clock, EndReason, Event, EventKind, Flavor, FunctionId,
    Language, Nanos, Planned, RequestId, RuntimeShape, StepId, Story, TaskId, TextId, ThreadRole,
    Trace,
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
    pub fn function(self, name: &str, is_async: bool, body: Vec<Action>) -> Self {
        self.function_of(name, is_async, &[], body)
    }

    /// A function with parameters.
    pub fn function_of(
        mut self,
        name: &str,
        is_async: bool,
        params: &[&str],
        body: Vec<Action>,
    ) -> Self {
        let id = FunctionId::from(self.scenario.functions.len());
        let mut body: Vec<Step> = body.into_iter().map(step).collect();
        self.number(&mut body);
        self.scenario.functions.push(Function {
            id,
            name: name.into(),
            route: Some(format!("/{name}")),
            is_async,
            params: params.iter().map(|&param| param.to_owned()).collect(),
            depends: Vec::new(),
            on: None,
            body,
            fails: false,
            encode: None,
        });
        self.scenario
            .story
            .functions
            .push(loopscope::trace::Function {
                name: name.into(),
                route: Some(format!("/{name}")),
                is_async,
                ..Default::default()
            });
        self
    }

    /// Numbers the steps, nested ones after their parent.
    fn number(&mut self, body: &mut [Step]) {
        for step in body {
            step.id = StepId(self.steps);
            self.steps += 1;
            for body in bodies(&mut step.action) {
                self.number(body);
            }
        }
    }

    pub fn request(mut self, client: &str, function: u32, at: Nanos) -> Self {
        let id = ClientId::from(self.scenario.story.clients.len());
        self.scenario.story.clients.push(Client {
            name: client.into(),
            ..Client::default()
        });
        self.scenario.story.planned.push(Planned {
            at,
            client: id,
            function: FunctionId(function),
            ..Planned::default()
        });
        self
    }

    pub fn start(mut self, function: u32, at: Nanos) -> Self {
        self.scenario.starts.push(Start {
            call: call(function),
            at,
            on: None,
            is_main: false,
        });
        self
    }

    /// Changes the scenario by hand.
    pub fn with(mut self, change: impl FnOnce(&mut Scenario)) -> Self {
        change(&mut self.scenario);
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

    /// Plays it on the computed clock where it has one: the same on every machine.
    pub fn play(mut self, speed: f64) -> Played {
        self.scenario.story.clock = Clock::Virtual;
        self.play_really(speed)
    }

    /// Plays it on the clock of the wall.
    pub fn play_really(self, speed: f64) -> Played {
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

fn bodies(action: &mut Action) -> Vec<&mut Vec<Step>> {
    match action {
        Action::SpawnBlocking {
            work: Work::Inline(body),
            ..
        }
        | Action::AsCompleted { body, .. }
        | Action::Buffered { body, .. }
        | Action::Lock { body, .. }
        | Action::Repeat { body, .. }
        | Action::BlockInPlace(body) => vec![body],
        Action::Process {
            work: Work::Inline(body),
            otherwise,
            ..
        }
        | Action::Timeout {
            body, otherwise, ..
        } => vec![body, otherwise],
        Action::Process { otherwise, .. } | Action::BlockOn { otherwise, .. } => vec![otherwise],
        Action::If {
            then, otherwise, ..
        } => vec![then, otherwise],
        Action::Select { arms, .. } => arms
            .iter_mut()
            .flat_map(|arm| {
                let own = match &mut arm.future {
                    ArmFuture::Body(body) => Some(body),
                    ArmFuture::ByRef { .. } => None,
                };
                own.into_iter().chain([&mut arm.then])
            })
            .collect(),
        _ => Vec::new(),
    }
}

pub fn steps(body: Vec<Action>) -> Vec<Step> {
    body.into_iter().map(step).collect()
}

/// A text; `{name}` in it is a local or a parameter.
pub fn text(text: &str) -> Text {
    let mut parts = Vec::new();
    for (place, piece) in text.split(['{', '}']).enumerate() {
        if place % 2 == 1 {
            parts.push(Part::Value(local(piece)));
        } else if !piece.is_empty() {
            parts.push(Part::Words(piece.to_owned()));
        }
    }
    Text(parts)
}

pub fn print(words: &str) -> Action {
    Action::Print(text(words))
}

pub fn respond(words: &str) -> Action {
    Action::Respond(text(words))
}

pub fn block(length: Nanos) -> Action {
    Action::Block(Length::Fixed(length))
}

pub fn sleep(length: Nanos) -> Action {
    Action::Sleep(Length::Fixed(length))
}

pub fn cpu(length: Nanos) -> Action {
    Action::Cpu {
        length: Length::Fixed(length),
        keeps_gil: false,
    }
}

pub fn inline(body: Vec<Action>) -> Action {
    Action::SpawnBlocking {
        work: Work::Inline(steps(body)),
        pool: None,
        name: None,
        detach: false,
    }
}

pub fn repeat(times: u32, body: Vec<Action>) -> Action {
    Action::Repeat {
        times,
        until: None,
        body: steps(body),
    }
}

pub fn call(function: u32) -> Call {
    call_with(function, Vec::new())
}

pub fn call_with(function: u32, arguments: Vec<Expression>) -> Call {
    Call {
        function: FunctionId(function),
        arguments,
    }
}

/// Calls a function in place.
pub fn run(function: u32) -> Action {
    Action::Call {
        call: call(function),
        into: None,
    }
}

pub fn gather(functions: &[u32]) -> Action {
    Action::Gather {
        calls: functions.iter().map(|&function| call(function)).collect(),
        into: Vec::new(),
        keeps_errors: false,
    }
}

pub fn spawn(function: u32, name: &str) -> Action {
    Action::Spawn {
        call: call(function),
        name: name.into(),
        on: None,
    }
}

pub fn wait(name: &str) -> Action {
    Action::Await {
        shield: false,
        name: name.into(),
        into: None,
    }
}

pub fn local(name: &str) -> Expression {
    Expression::Local(name.into())
}

pub fn number(number: i64) -> Expression {
    Expression::Integer(number)
}

pub fn binary(left: Expression, operator: Operator, right: Expression) -> Expression {
    Expression::Binary(Box::new(left), operator, Box::new(right))
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
    let deadline = Instant::now() + Duration::from_secs(20);
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

/// Plays a scenario file's text on the computed clock where it has one: the same on every machine.
pub fn toml(source: &str, speed: f64) -> Played {
    watch(begin(source, speed, Clock::Virtual, None))
}

/// A computed run of a scenario file's text, with the story that it tells.
pub fn told(source: &str, file: &FileName) -> Trace {
    let choices = Choices {
        clock: Clock::Virtual,
        ..Choices::default()
    };
    let scenario =
        load(source, file, &choices, &VOCABULARY).unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut trace = toml(source, scenario.story.speed).trace;
    trace.story = scenario.story;
    trace
}

/// Plays a scenario file's text by the rules of a language.
pub fn toml_in(source: &str, language: Language, clock: Clock, speed: f64) -> Played {
    watch(begin(source, speed, clock, Some(language)))
}

/// Begins a run of a scenario file's text on the clock of the wall.
pub fn begin_toml(source: &str, speed: f64) -> Run {
    begin(source, speed, Clock::Real, None)
}

fn begin(source: &str, speed: f64, clock: Clock, language: Option<Language>) -> Run {
    let choices = Choices {
        speed: Some(speed),
        clock,
        ..Choices::default()
    };
    let mut scenario = load(source, &FileName::default(), &choices, &VOCABULARY)
        .unwrap_or_else(|problems| panic!("{problems:?}"));
    scenario.story.language = language.or(scenario.story.language);
    let options = Options { speed, seed: 0 };
    engine::start(Arc::new(scenario), &options).expect("starts")
}
