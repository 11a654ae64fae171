//! What a language writes differently: names and values, and work that is handed on.

use loopscope_trace::{LoopId, PoolId};

use crate::scenario::listing::page::At;
use crate::scenario::model::expression::{Call, Expression, Length};
use crate::scenario::model::step::{Step, Work};

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

    fn gather(&mut self, at: At, calls: &[Call], into: &[String]);

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
