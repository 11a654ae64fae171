//! What a language writes differently: names and values, and work that is handed on.

use loopscope_trace::{ChannelId, LockId, LoopId, NamedEventId, Notice, PoolId, VariableId};

use crate::scenario::listing::page::At;
use crate::scenario::model::expression::{Call, Expression, Length, Text};
use crate::scenario::model::step::{Arm, Missed, Step, Work};

/// What stands before and after the parts of a step.
pub(crate) struct Phrases {
    pub(crate) sleep: (&'static str, &'static str),
    pub(crate) block: (&'static str, &'static str),
    pub(crate) cpu: (&'static str, &'static str),
    /// Computing in C code that keeps CPython's lock.
    pub(crate) native: (&'static str, &'static str),
    pub(crate) gives_way: &'static str,
    /// A dependency lets its request be served.
    pub(crate) yields: &'static str,
    /// An async function that is called, and a plain one or one that is only made a coroutine.
    pub(crate) awaited: (&'static str, &'static str),
    pub(crate) called: (&'static str, &'static str),
    /// The same where an error may leave the function.
    pub(crate) awaited_or_fails: (&'static str, &'static str),
    pub(crate) called_or_fails: (&'static str, &'static str),
    pub(crate) received: (&'static str, &'static str),
    pub(crate) aborted: &'static str,
    pub(crate) stop: (&'static str, &'static str),
    pub(crate) in_place: (&'static str, Option<&'static str>),
    pub(crate) forever: &'static str,
    pub(crate) times: (&'static str, &'static str),
    pub(crate) leaves_loop: &'static str,
    /// What begins a body, goes on with the other one, and ends it.
    pub(crate) opens: &'static str,
    pub(crate) otherwise: &'static str,
    pub(crate) closes: Option<&'static str>,
    /// The end of a line.
    pub(crate) end: &'static str,
}

/// A limit, and what is done where the time ran out.
pub(crate) type Limit<'a> = Option<(&'a Length, &'a [Step])>;

/// How a language writes names and values.
pub(crate) trait Values {
    /// A name, also where it is a word of the language.
    fn named(name: &str) -> String;

    /// The name of what functions share.
    fn shared(name: &str) -> String;

    /// What gives a result to a local, where it goes into one.
    fn kept(into: Option<&str>) -> String;

    /// A value that is looked at.
    fn value(&self, value: &Expression) -> String;

    /// One a parameter.
    fn arguments(&self, call: &Call) -> Vec<String>;

    fn length(&self, length: &Length) -> String;
}

/// How a language writes work that is handed on, and functions side by side.
pub(crate) trait Calls {
    /// `name`: what later steps call the job, and whether it is left running.
    fn spawn_blocking(
        &mut self,
        at: At,
        work: &Work,
        pool: Option<PoolId>,
        name: (Option<&str>, bool),
    );

    fn process(&mut self, at: At, work: &Work, limit: Limit<'_>);

    fn spawn(&mut self, at: At, call: &Call, kept: &str, on: Option<LoopId>);

    /// `name`: what is awaited, and whether it goes on where the waiter is cancelled.
    fn wait(&mut self, at: At, name: (&str, bool), into: Option<&str>);

    fn create(&mut self, at: At, call: &Call, name: Option<&str>);

    /// `into`: the locals that get the results, and whether errors are results, too.
    fn gather(&mut self, at: At, calls: &[Call], into: (&[String], bool));

    fn group(&mut self, at: At, calls: &[Call]);

    fn join(&mut self, at: At, calls: &[Call], into: &[String]);

    fn block_on(
        &mut self,
        at: At,
        call: (&Call, Option<LoopId>),
        into: Option<&str>,
        limit: Limit<'_>,
    );

    fn background(&mut self, at: At, call: &Call);
}

/// How a language writes the steps on what functions share.
pub(crate) trait Shared {
    fn write(&mut self, at: At, variable: VariableId, value: &Expression);

    /// Puts a value into a channel; past the loop where `is_unsafe`.
    fn send(&mut self, at: At, channel: ChannelId, value: &Expression, is_unsafe: bool);

    /// Sets, clears or notifies an event.
    fn notify(&mut self, at: At, event: NamedEventId, how: Notice);

    fn wait_for(&mut self, at: At, event: NamedEventId);

    /// Owns a lock, to read where that is told.
    fn lock(&mut self, at: At, lock: (LockId, bool), body: &[Step]);
}

/// How a language writes the other steps that are not alike in all.
pub(crate) trait Steps {
    const PHRASES: Phrases;

    fn print(&mut self, at: At, text: &Text);

    fn chunk(&mut self, at: At, text: &Text);

    fn read_file(&mut self, at: At, bytes: u64);

    /// Leaves the function.
    fn leave(&mut self, at: At, text: Option<&Text>);

    /// An error leaves what is around it.
    fn raise(&mut self, at: At, text: &Text);

    /// A body, and what is done where an error leaves it, which goes into a local.
    fn attempt(&mut self, at: At, body: &[Step], into: Option<&str>, otherwise: &[Step]);

    fn timeout(&mut self, at: At, limit: &Length, body: &[Step], otherwise: &[Step]);

    fn select(&mut self, at: At, arms: &[Arm], biased: bool);

    fn as_completed(&mut self, at: At, calls: &[Call], into: Option<&str>, body: &[Step]);

    /// `calls`: what, how many at once, and whether results come as they are there.
    fn buffered(&mut self, at: At, calls: (&[Call], u32, bool), into: Option<&str>, body: &[Step]);

    fn interval(&mut self, at: At, name: &str, period: &Length, missed: Missed);

    fn tick(&mut self, at: At, name: &str);

    fn subscribe(&mut self, at: At, channel: ChannelId);

    fn receive_each(&mut self, at: At, of: ChannelId, into: Option<&str>, lost: Option<&str>);

    /// What stands in a body without a step.
    fn nothing(&mut self, level: usize);

    /// The body of a job that a child process runs, as a function of its own; false where it needs none.
    fn for_child(&mut self, name: &str, body: &[Step]) -> bool;
}
