//! Functions: their names and routes, to which everything else refers.

use std::ops::Range as Span;

use super::body::Bodies;
use super::diagnostic::Finder;
use super::names::Names;
use super::place::{Ground, Place};
use super::record::{Record, StepRecord};
use super::scope::Own;
use super::{Function, words};
use loopscope_trace::{self as trace, Flavor, FunctionId};

/// A function as the others see it.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) route: Option<String>,
    pub(super) is_async: bool,
    pub(super) params: Vec<String>,
    /// The step by which it answers, where it has one: only a request may run it then.
    answers: Option<&'static str>,
}

/// The functions of a file, and where each of their steps stands.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub(super) declared: Vec<Declared>,
    pub(super) functions: Vec<Function>,
    pub(super) steps: Vec<trace::Step>,
    pub(super) spans: Vec<Span<usize>>,
    pub(super) names: Names,
    pub(super) flavor: Flavor,
    /// A function's name could not be read: a name that resolves to nothing may be that one.
    unnamed: bool,
}

/// The most functions of a file; it also bounds how deep the checks of calls go.
const MAX_FUNCTIONS: usize = 200;

impl Program {
    pub(super) fn read(
        rows: &[Record],
        names: Names,
        flavor: Flavor,
        finder: &mut Finder<'_>,
    ) -> Self {
        let mut program = Self {
            names,
            flavor,
            ..Self::default()
        };
        if let Some(row) = rows.get(MAX_FUNCTIONS) {
            let message = format!("a scenario has at most {MAX_FUNCTIONS} functions");
            finder.add("limit", row.span.clone(), message);
        }
        let rows = &rows[..rows.len().min(MAX_FUNCTIONS)];
        for row in rows {
            program.declare(row, finder);
        }
        for (at, row) in rows.iter().enumerate() {
            let function = program.body(at, row, finder);
            program.functions.push(function);
        }
        program
    }

    fn body(&mut self, at: usize, row: &Record, finder: &mut Finder<'_>) -> Function {
        let declared = self.declared[at].clone();
        let depends = row.calls("depends").iter();
        let depends = depends
            .filter_map(|call| self.outer_call(call, finder))
            .collect();
        let on = row
            .text("on")
            .and_then(|name| self.names.on(name, row.at("on"), finder));
        if !declared.is_async && row.get("on").is_some() {
            let message = "a plain function runs on the pool, not on a loop".to_owned();
            let help = "leave `on` out, or make the function async";
            finder.help("plain", row.at("on"), message, help);
        }
        if declared.route.is_none() && row.get("depends").is_some() {
            let message = "no request reaches this function: nothing runs before it".to_owned();
            let help = "give the function a route, or leave `depends` out";
            finder.help("no-route", row.at("depends"), message, help);
        }
        let mut bodies = Bodies {
            program: self,
            finder,
            function: FunctionId::from(at),
            started: Vec::new(),
            barrier: 0,
            known: declared.params.clone(),
            own: Vec::new(),
            leaving: false,
        };
        for (name, span) in row.lines("params").unwrap_or_default() {
            bodies.claim(name, Own::Param, span.clone());
        }
        let place = Place {
            ground: if declared.is_async {
                Ground::Async
            } else {
                Ground::Plain
            },
            route: declared.route.is_some(),
            round: false,
        };
        let body = bodies.body(row.steps("body").unwrap_or_default(), place);
        Function {
            id: FunctionId::from(at),
            name: declared.name,
            route: declared.route,
            is_async: declared.is_async,
            params: declared.params,
            depends,
            on,
            body,
        }
    }

    fn declare(&mut self, row: &Record, finder: &mut Finder<'_>) {
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
    pub(super) fn function(
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
    pub(super) fn route(
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

    pub(super) fn is_async(&self, id: FunctionId) -> bool {
        self.declared
            .get(id.index())
            .is_some_and(|function| function.is_async)
    }
}

/// The step by which a body answers a request, where it does.
fn answers(steps: &[StepRecord]) -> Option<&'static str> {
    steps.iter().find_map(|step| {
        let own = matches!(step.row.key, "respond" | "chunk").then_some(step.row.key);
        own.or_else(|| step.record.bodies().into_iter().find_map(answers))
    })
}
