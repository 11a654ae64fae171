//! Reads the functions of a file: their heads first, then their bodies.

use loopscope_trace::{Flavor, FunctionId};

use crate::scenario::decode::record::Record;
use crate::scenario::model::scenario::Function;
use crate::scenario::resolve::bodies::{Bodies, Own};
use crate::scenario::resolve::names::Names;
use crate::scenario::resolve::place::{Ground, Place};
use crate::scenario::resolve::program::{MAX_FUNCTIONS, Program};
use crate::scenario::text::finder::Finder;

impl Program {
    pub(crate) fn read(
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
}
