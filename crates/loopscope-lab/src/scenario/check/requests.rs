//! What `[expect]` says of requests: `latency` of a route, `chunks` and when they come, what a client has `got`.

use std::collections::BTreeSet;

use loopscope_trace::{Client, ClientId, Expectation, FunctionId, GIVEN_UP, Got, Latency, Piece};

use crate::scenario::check::known::Known;
use crate::scenario::decode::record::Record;
use crate::scenario::model::expression::Text;
use crate::scenario::model::parts::deep;
use crate::scenario::model::step::Action;
use crate::scenario::resolve::program::Program;
use crate::scenario::text::finder::Finder;
use crate::scenario::text::words;

/// The part of `[expect]` that is about requests. With `facts`, what can never hold is said.
pub(crate) fn read(
    record: &Record,
    program: &Program,
    clients: &[Client],
    facts: Option<Known<'_>>,
    finder: &mut Finder<'_>,
) -> Expectation {
    let mut check = Check {
        program,
        clients,
        facts,
        finder,
    };
    Expectation {
        latency: check.each(record, "latency", "route", Check::latency),
        chunks: check.each(record, "chunks", "", Check::piece),
        got: check.each(record, "got", "client", Check::got),
        ..Expectation::default()
    }
}

struct Check<'a, 'f, 's> {
    program: &'a Program,
    clients: &'a [Client],
    facts: Option<Known<'a>>,
    finder: &'f mut Finder<'s>,
}

impl Check<'_, '_, '_> {
    /// The rows of a list, no two of them about the same `key`.
    fn each<T>(
        &mut self,
        record: &Record,
        list: &str,
        key: &str,
        read: fn(&mut Self, &Record) -> Option<T>,
    ) -> Vec<T> {
        let mut rows = Vec::new();
        let mut told: Vec<&str> = Vec::new();
        for row in record.rows(list) {
            if let Some(name) = row.text(key) {
                if told.contains(&name) {
                    let message = format!("`{}` stands here twice", words::short(name));
                    let help = "put both into one table";
                    self.finder.help("duplicate", row.at(key), message, help);
                }
                told.push(name);
            }
            rows.extend(read(self, row));
        }
        rows
    }

    fn latency(&mut self, row: &Record) -> Option<Latency> {
        let route = row.text("route")?;
        let function = self.program.route(route, row.at("route"), self.finder);
        let (median, longest) = (row.range("median"), row.range("longest"));
        if let Some((function, facts)) = function.zip(self.facts) {
            if !facts.planned.iter().any(|sent| sent.function == function) {
                let message = format!("no client sends a request to `{}`", words::short(route));
                let help = "choose a route of a request, or send one";
                self.never(row, "route", message, help);
            }
            if median.is_none() && longest.is_none() {
                let message = "neither a `median` nor a `longest` is expected".to_owned();
                let help = "say one of them, as in longest = \"1s\"";
                let place = row.span.clone();
                self.finder.help("missing", place, message, help);
            }
            for (key, range) in [("median", median), ("longest", longest)] {
                if range.is_some_and(|range| range.from > facts.limit) {
                    self.beyond(row, key, facts.limit);
                }
            }
            if let Some((median, longest)) = median.zip(longest)
                && median.from > longest.to
            {
                let message = "the median cannot be longer than the longest".to_owned();
                let help = "lower the `median`, or raise the `longest`";
                self.never(row, "median", message, help);
            }
        }
        Some(Latency {
            route: route.to_owned(),
            median,
            longest,
        })
    }

    fn piece(&mut self, row: &Record) -> Option<Piece> {
        let client = self.client(row);
        let (name, at, text) = (row.text("client")?, row.length("at")?, row.text("text")?);
        if let Some((client, facts)) = client.zip(self.facts) {
            let pieces = self.pieces(client, facts);
            let fixed = pieces.iter().filter_map(|piece| piece.words());
            let fixed: BTreeSet<&str> = fixed.collect();
            let open = pieces.iter().any(|piece| piece.words().is_none());
            if pieces.is_empty() {
                let asked = words::short(name);
                let message = format!("nothing that `{asked}` asks for is sent in pieces");
                let help = "expect it of a client that asks for a function with a `chunk`";
                self.never(row, "client", message, help);
            } else if !open && !fixed.contains(text) {
                let message = format!("no piece is `{}`", words::short(text));
                let help = words::suggest(text, &Vec::from_iter(fixed), "the pieces", "");
                self.never(row, "text", message, help);
            }
            if at.as_secs_f64() > facts.limit {
                self.beyond(row, "at", facts.limit);
            }
        }
        Some(Piece {
            client: name.to_owned(),
            at,
            text: text.to_owned(),
        })
    }

    fn got(&mut self, row: &Record) -> Option<Got> {
        let client = self.client(row);
        let (name, answers) = (row.text("client")?, row.lines("answers")?);
        if let Some((id, facts)) = client.zip(self.facts) {
            let planned = facts.planned.iter();
            let sent = planned.filter(|sent| sent.client == id).count();
            if sent != answers.len() {
                let sends = words::count(sent as u64, "request");
                let message = format!("`{}` sends {sends}", words::short(name));
                let listed = words::count(answers.len() as u64, "answer");
                let help = format!("say what it gets for each of them; here is {listed}");
                self.never(row, "answers", message, help);
            }
            let client = &self.clients[id.index()];
            let waits = client.timeout.is_none() && client.leaves.is_none();
            let mut given_up = answers.iter().filter(|(text, _)| text == GIVEN_UP);
            if let Some((_, place)) = given_up.next().filter(|_| waits && !self.says(GIVEN_UP)) {
                let message = format!("`{}` never gives up", words::short(name));
                let help = "it has no `timeout` and no `leaves`";
                self.finder
                    .help("cannot-hold", place.clone(), message, help);
            }
        }
        Some(Got {
            client: name.to_owned(),
            answers: answers.iter().map(|(text, _)| text.clone()).collect(),
        })
    }

    /// The client that the row names.
    fn client(&mut self, row: &Record) -> Option<ClientId> {
        let name = row.text("client")?;
        let names: Vec<&str> = self.clients.iter().map(|one| one.name.as_str()).collect();
        if let Some(place) = names.iter().position(|known| *known == name) {
            return Some(ClientId::from(place));
        }
        // A client whose name is wrong has been called wrong itself.
        if !names.contains(&"") {
            let message = format!("there is no client `{}`", words::short(name));
            let help = words::suggest(name, &names, "the clients", "add a [[client]]");
            self.finder
                .help("unknown-name", row.at("client"), message, help);
        }
        None
    }

    /// The pieces of all that a client asks for.
    fn pieces(&self, client: ClientId, facts: Known<'_>) -> Vec<&Text> {
        let planned = facts.planned.iter();
        let own = planned.filter(|sent| sent.client == client);
        let asked: BTreeSet<FunctionId> = own.map(|sent| sent.function).collect();
        let functions = asked.iter().map(|id| &self.program.functions[id.index()]);
        let steps = functions.flat_map(|function| deep(&function.body));
        let pieces = steps.filter_map(|step| match &step.action {
            Action::Chunk(text) => Some(text),
            _ => None,
        });
        pieces.collect()
    }

    /// Whether an answer may be this text, or may not be known before the run.
    fn says(&self, text: &str) -> bool {
        let mut functions = self.program.functions.iter();
        functions.any(|function| {
            deep(&function.body).iter().any(|step| match &step.action {
                Action::Respond(said) | Action::Return(Some(said)) | Action::Chunk(said) => {
                    said.words().is_none_or(|words| words == text)
                }
                _ => false,
            })
        })
    }

    fn beyond(&mut self, row: &Record, key: &str, limit: f64) {
        let help = format!("the run is stopped at {limit}s");
        self.never(row, key, "this can never be reached".to_owned(), help);
    }

    fn never(&mut self, row: &Record, key: &str, message: String, help: impl Into<String>) {
        self.finder.help("cannot-hold", row.at(key), message, help);
    }
}
