//! The walk over the steps of a function, which is the same in every language.
// One arm a step: a table

use crate::scenario::listing::language::{Calls, Shared, Steps, Values};
use crate::scenario::listing::page::{At, Page};
use crate::scenario::listing::program::{Program, child};
use crate::scenario::model::expression::{Call, Expression, Length};
use crate::scenario::model::parts::{self, deep};
use crate::scenario::model::scenario::{self, Function, is_used};
use crate::scenario::model::step::{Action, FOREVER, Step, Work};

/// Writes one function; `L` is what its language keeps in mind meanwhile.
#[derive(Debug)]
pub(crate) struct Writer<'a, 'p, L> {
    pub(crate) program: &'a Program<'a>,
    pub(crate) page: &'p mut Page,
    pub(crate) function: &'a Function,
    /// How many bodies for a child process have been written.
    pub(crate) children: usize,
    pub(crate) own: L,
}

impl<L> Writer<'_, '_, L>
where
    Self: Values + Calls + Shared + Steps,
{
    pub(crate) fn body(&mut self, steps: &[Step], level: usize) {
        if steps.is_empty() {
            self.nothing(level);
        }
        for step in steps {
            self.step(step, level);
        }
    }

    // table
    #[expect(clippy::too_many_lines, reason = "one arm a step")]
    fn step(&mut self, step: &Step, level: usize) {
        let (at, phrases) = (At::new(step.id, level), Self::PHRASES);
        match &step.action {
            Action::Print(text) => self.print(at, text),
            Action::Sleep(length) => self.lasting(at, phrases.sleep, length),
            Action::Block(length) => self.lasting(at, phrases.block, length),
            Action::Cpu { length, keeps_gil } => {
                let words = if *keeps_gil {
                    phrases.native
                } else {
                    phrases.cpu
                };
                self.lasting(at, words, length);
            }
            Action::Yield => self.page.simple(at, phrases.gives_way),
            Action::YieldRequest => self.page.simple(at, phrases.yields),
            Action::SpawnBlocking {
                work,
                pool,
                name,
                detach,
            } => self.spawn_blocking(at, work, *pool, (name.as_deref(), *detach)),
            Action::Process {
                work,
                limit,
                otherwise,
            } => self.process(at, work, limit.as_ref().zip(Some(otherwise.as_slice()))),
            Action::Spawn { call, name, on } => {
                let kept = Self::kept(Some(name.as_str()).filter(|name| self.uses(name)));
                self.spawn(at, call, &kept, *on);
            }
            Action::Await { name, into, shield } => {
                self.wait(at, (name, *shield), into.as_deref());
            }
            Action::Call { call, into } => {
                let fails = self.program.call_fails(call);
                let around = match (self.program.is_async(call.function), fails) {
                    (true, false) => phrases.awaited,
                    (true, true) => phrases.awaited_or_fails,
                    (false, false) => phrases.called,
                    (false, true) => phrases.called_or_fails,
                };
                self.calling(at, &Self::kept(into.as_deref()), call, around);
            }
            Action::Create { call, name } => self.create(at, call, name.as_deref()),
            Action::Gather {
                calls,
                into,
                keeps_errors,
            } => self.gather(at, calls, (into, *keeps_errors)),
            Action::Group(calls) => self.group(at, calls),
            Action::Raise(text) => self.raise(at, text),
            Action::Try {
                body,
                into,
                otherwise,
            } => self.attempt(at, body, into.as_deref(), otherwise),
            Action::Join { calls, into } => self.join(at, calls, into),
            Action::AsCompleted { calls, into, body } => {
                self.as_completed(at, calls, into.as_deref(), body);
            }
            Action::Buffered {
                calls,
                most,
                unordered,
                into,
                body,
            } => self.buffered(at, (calls, *most, *unordered), into.as_deref(), body),
            Action::Interval {
                name,
                period,
                missed,
            } => self.interval(at, name, period, *missed),
            Action::Tick { name, .. } => self.tick(at, name),
            Action::Subscribe(channel) => self.subscribe(at, *channel),
            Action::ReceiveEach {
                channel,
                into,
                lost,
            } => self.receive_each(at, *channel, into.as_deref(), lost.as_deref()),
            Action::Select { arms, biased } => self.select(at, arms, *biased),
            Action::Timeout {
                limit,
                body,
                otherwise,
            } => self.timeout(at, limit, body, otherwise),
            Action::Lock { lock, reads, body } => self.lock(at, (*lock, *reads), body),
            Action::Read { variable, into } => {
                let value = self.value(&Expression::Variable(*variable));
                let words = format!("{}{value}{}", Self::kept(Some(into)), phrases.end);
                self.page.simple(at, &words);
            }
            Action::Write { variable, value } => self.write(at, *variable, value),
            Action::Notify { event, how } => self.notify(at, *event, *how),
            Action::WaitFor(event) => self.wait_for(at, *event),
            Action::Send {
                channel,
                value,
                is_unsafe,
            } => self.send(at, *channel, value, *is_unsafe),
            Action::Receive { channel, into } => {
                let name = Self::shared(self.program.channel(*channel));
                let (kept, (before, after)) = (Self::kept(into.as_deref()), phrases.received);
                self.page
                    .simple(at, &format!("{kept}{before}{name}{after}"));
            }
            Action::BlockOn {
                call,
                on,
                into,
                limit,
                otherwise,
            } => {
                let limit = limit.as_ref().zip(Some(otherwise.as_slice()));
                self.block_on(at, (call, *on), into.as_deref(), limit);
            }
            Action::Background(call) => self.background(at, call),
            Action::Chunk(text) => self.chunk(at, text),
            Action::ReadFile(bytes) => self.read_file(at, *bytes),
            Action::Abort(name) => {
                let words = format!("{}{}", Self::named(name), phrases.aborted);
                self.page.simple(at, &words);
            }
            Action::BlockInPlace(body) => {
                let (open, close) = phrases.in_place;
                self.page.simple(at, open);
                self.inside(body, level, close);
            }
            Action::If {
                condition,
                then,
                otherwise,
            } => self.choice(at, condition, then, otherwise),
            Action::Repeat { times, until, body } => self.repeat(at, *times, until.as_ref(), body),
            Action::Stop { polite } => {
                let ((before, after), polite) = (phrases.stop, *polite);
                let signal = if polite { "SIGTERM" } else { "SIGINT" };
                self.page.simple(at, &format!("{before}{signal}{after}"));
            }
            Action::Respond(text) => self.leave(at, Some(text)),
            Action::Return(text) => self.leave(at, text.as_ref()),
        }
    }

    fn lasting(&mut self, at: At, (open, close): (&str, &str), length: &Length) {
        let args = [self.length(length)];
        self.page.calling(at, open, &args, close);
    }

    /// A call, after what its result goes into.
    pub(crate) fn calling(
        &mut self,
        at: At,
        kept: &str,
        call: &Call,
        (before, after): (&str, &str),
    ) {
        let name = Self::named(self.program.name(call.function));
        let (open, args) = (format!("{kept}{before}{name}("), self.arguments(call));
        self.page.calling(at, &open, &args, after);
    }

    fn choice(&mut self, at: At, condition: &Expression, then: &[Step], otherwise: &[Step]) {
        let words = format!("if {}{}", self.value(condition), Self::PHRASES.opens);
        self.page.heading(at, &words);
        self.body(then, at.level + 1);
        if !otherwise.is_empty() {
            self.page.line(at.level, Self::PHRASES.otherwise);
            self.body(otherwise, at.level + 1);
        }
        self.closing(at.level, Self::PHRASES.closes);
    }

    fn repeat(&mut self, at: At, times: u32, until: Option<&Expression>, body: &[Step]) {
        let phrases = Self::PHRASES;
        let words = match (times, phrases.times) {
            (FOREVER, _) => phrases.forever.to_owned(),
            (times, (before, after)) => format!("{before}{times}{after}"),
        };
        self.page.heading(at, &words);
        self.body(body, at.level + 1);
        if let Some(until) = until {
            let words = format!("if {}{}", self.value(until), phrases.opens);
            self.page.line(at.level + 1, &words);
            self.page.line(at.level + 2, phrases.leaves_loop);
            self.closing(at.level + 1, phrases.closes);
        }
        self.closing(at.level, phrases.closes);
    }

    /// A body and what ends it.
    pub(crate) fn inside(&mut self, body: &[Step], level: usize, close: Option<&str>) {
        self.body(body, level + 1);
        self.closing(level, close);
    }

    fn closing(&mut self, level: usize, close: Option<&str>) {
        if let Some(close) = close {
            self.page.line(level, close);
        }
    }

    /// Bodies that a child process runs are functions of their own.
    pub(crate) fn for_children(&mut self) {
        for step in deep(&self.function.body) {
            if let Action::Process {
                work: Work::Inline(steps),
                ..
            } = &step.action
            {
                let name = child(&self.function.name, self.children + 1);
                self.children += usize::from(self.for_child(&name, steps));
            }
        }
        self.children = 0;
    }

    /// `f(1, "a")`
    pub(crate) fn invoked(&self, call: &Call) -> String {
        let name = Self::named(self.program.name(call.function));
        format!("{name}({})", self.arguments(call).join(", "))
    }

    pub(crate) fn all_invoked(&self, calls: &[Call]) -> Vec<String> {
        calls.iter().map(|call| self.invoked(call)).collect()
    }
}

impl<L> Writer<'_, '_, L> {
    /// Whether `wanted` holds for a step of the function.
    pub(crate) fn has(&self, wanted: impl Fn(&Action) -> bool) -> bool {
        parts::any(&self.function.body, wanted)
    }

    /// Whether an error may leave a body of the function.
    pub(crate) fn fails(&self, body: &[Step]) -> bool {
        scenario::fails(self.program.functions, self.function, body)
    }

    /// Whether an error may come out of what is awaited under a name.
    pub(crate) fn awaiting_fails(&self, task: &str) -> bool {
        scenario::started_fails(self.program.functions, self.function, task)
    }

    /// Whether later steps wait for this task or job, or abort it.
    pub(crate) fn uses(&self, task: &str) -> bool {
        is_used(self.function, task)
    }
}
