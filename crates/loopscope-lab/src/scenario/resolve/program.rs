//! Functions: their names and routes, to which everything else refers.

use std::ops::Range as Span;

use loopscope_trace as trace;
use loopscope_trace::{Flavor, FunctionId};

use crate::scenario::decode::record::{CallText, Record, StepRecord, Tree};
use crate::scenario::model::expression::{Call, Expression, Value};
use crate::scenario::model::scenario::Function;
use crate::scenario::model::step::Step;
use crate::scenario::resolve::names::Names;
use crate::scenario::schema::row::Fact;
use crate::scenario::schema::steps;
use crate::scenario::text::finder::Finder;
use crate::scenario::text::words;

/// A function as the others see it.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    pub(crate) name: String,
    pub(crate) route: Option<String>,
    pub(crate) is_async: bool,
    pub(crate) params: Vec<String>,
    /// The step by which it answers, where it has one: only a request may run it then.
    pub(crate) answers: Option<&'static str>,
}

/// The functions of a file, and where each of their steps stands.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) declared: Vec<Declared>,
    pub(crate) functions: Vec<Function>,
    pub(crate) steps: Vec<trace::Step>,
    pub(crate) spans: Vec<Span<usize>>,
    pub(crate) names: Names,
    pub(crate) flavor: Flavor,
    /// A function's name could not be read: a name that resolves to nothing may be that one.
    pub(crate) unnamed: bool,
}

/// The most functions of a file; it also bounds how deep the checks of calls go.
pub(crate) const MAX_FUNCTIONS: usize = 200;

impl Program {
    pub(crate) fn declare(&mut self, row: &Record, finder: &mut Finder<'_>) {
        let name = row.text("name").unwrap_or_default();
        self.unnamed |= name.is_empty();
        if let Some((message, help)) = words::reserved(name) {
            finder.help("bad-name", row.at("name"), message, help);
        }
        if !name.is_empty() && self.declared.iter().any(|other| other.name == name) {
            let message = format!("there is a function `{name}` already");
            finder.help("duplicate", row.at("name"), message, "give it another name");
        } else if let Some(what) = self.names.what(name) {
            let message = format!("`{name}` is the name of a {what} already");
            finder.help("duplicate", row.at("name"), message, "give it another name");
        }
        let route = row.text("route").map(str::to_owned);
        if route.is_some() && self.declared.iter().any(|other| other.route == route) {
            let message = format!(
                "there is a function at `{}` already",
                words::short(row.text("route").unwrap_or_default())
            );
            finder.help(
                "duplicate",
                row.at("route"),
                message,
                "give it another route",
            );
        }
        self.declared.push(Declared {
            name: name.to_owned(),
            route,
            is_async: row.flag("async").unwrap_or(true),
            params: row
                .lines("params")
                .unwrap_or_default()
                .iter()
                .map(|(name, _)| name.clone())
                .collect(),
            answers: row.get("route").and(row.steps("body")).and_then(answers),
        });
        if row.get("route").is_some() && !row.lines("params").unwrap_or_default().is_empty() {
            let message = "a request passes no arguments".to_owned();
            let help = "leave `params` out, or call another function with them";
            finder.help("arguments", row.at("params"), message, help);
        }
    }

    /// The function called `name`, for another function or a start to run; says so where there is
    /// none, or where it is one that answers requests.
    pub(crate) fn function(
        &self,
        name: &str,
        span: Span<usize>,
        finder: &mut Finder<'_>,
    ) -> Option<FunctionId> {
        let names: Vec<&str> = self
            .declared
            .iter()
            .map(|function| function.name.as_str())
            .filter(|name| !name.is_empty())
            .collect();
        if let Some(at) = self.declared.iter().position(|known| known.name == name) {
            if let Some(step) = self.declared[at].answers {
                let message = format!("`{name}` answers a request: only a client can ask for it");
                let help = format!("move what both need into a function without `{step}`");
                finder.help("answers", span, message, help);
            }
            return Some(FunctionId::from(at));
        }
        if !self.unnamed || words::closest(name, names.iter().copied()).is_some() {
            let message = format!("there is no function `{}`", words::short(name));
            let help = words::suggest(name, &names, "the functions", "declare it in [[function]]");
            finder.help("unknown-function", span, message, help);
        }
        None
    }

    /// The function that clients reach at `route`; says so where there is none.
    pub(crate) fn route(
        &self,
        route: &str,
        span: Span<usize>,
        finder: &mut Finder<'_>,
    ) -> Option<FunctionId> {
        let known = |known: &Declared| known.route.as_deref() == Some(route);
        if let Some(at) = self.declared.iter().position(known) {
            return Some(FunctionId::from(at));
        }
        let routes: Vec<&str> = self
            .declared
            .iter()
            .filter_map(|function| function.route.as_deref())
            .collect();
        let message = format!("no function has the route `{}`", words::short(route));
        let help = words::suggest(
            route,
            &routes,
            "the routes",
            "give a function this route: route = \"/ping\"",
        );
        finder.help("unknown-route", span, message, help);
        None
    }

    /// Whether this is true of a step.
    pub(crate) fn is(&self, step: &Step, fact: Fact) -> bool {
        let known = self.steps.get(step.id.index());
        known.is_some_and(|known| steps::is(&known.key, fact))
    }

    pub(crate) fn is_async(&self, id: FunctionId) -> bool {
        self.declared
            .get(id.index())
            .is_some_and(|function| function.is_async)
    }
}

/// The step by which a body answers a request, where it does.
fn answers(steps: &[StepRecord]) -> Option<&'static str> {
    steps.iter().find_map(|step| {
        let answers_itself = step.row.facts.contains(&Fact::Answers);
        let own = answers_itself.then_some(step.row.key);
        own.or_else(|| step.record.bodies().into_iter().find_map(answers))
    })
}

impl Program {
    /// Says so where a call has too many arguments, or too few.
    pub(crate) fn counts(&self, function: FunctionId, call: &CallText, finder: &mut Finder<'_>) {
        let Some(declared) = self.declared.get(function.index()) else {
            return;
        };
        let (takes, gets) = (declared.params.len(), call.arguments.len());
        if takes == gets {
            return;
        }
        let span = match call.arguments.get(takes) {
            Some((_, span)) => span.clone(),
            None => call.span.clone(),
        };
        let message = format!(
            "`{}` takes {}, not {gets}",
            call.name,
            words::count(takes as u64, "argument"),
        );
        let help = if takes == 0 {
            format!(
                "write \"{}\", or give the function params = [\"x\"]",
                call.name
            )
        } else {
            format!("write \"{}({})\"", call.name, declared.params.join(", "))
        };
        finder.help("arguments", span, message, help);
    }

    /// A call from outside of any function: its arguments are known from the file.
    pub(crate) fn outer_call(&self, call: &CallText, finder: &mut Finder<'_>) -> Option<Call> {
        let function = self.function(&call.name, call.span.clone(), finder);
        let mut arguments = Vec::new();
        for (tree, _) in &call.arguments {
            match tree {
                Tree::Value(Value::Integer(number)) => arguments.push(Expression::Integer(*number)),
                Tree::Value(Value::Text(text)) => arguments.push(Expression::Text(text.clone())),
                tree => {
                    for (name, span) in tree.names() {
                        let message = format!("`{}` has no value here", words::short(name));
                        let help = "use a number, a 'string' or a knob";
                        finder.help("unknown-name", span.clone(), message, help);
                    }
                    arguments.push(Expression::Integer(0));
                }
            }
        }
        let function = function?;
        self.counts(function, call, finder);
        Some(Call {
            function,
            arguments,
        })
    }
}
