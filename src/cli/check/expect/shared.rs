//! Expectations of what requests got, and of what actors share at the end.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Run, between, count};
use loopscope_trace::Range;

/// How many requests were answered.
pub(super) fn requests(run: &Run<'_>) -> Vec<String> {
    let requests = run.list("requests").iter();
    let answered = requests.filter(|request| !request["response"].is_null());
    counted("requests answered", answered.count(), run.expect.requests)
}

/// How many requests their clients have given up.
pub(super) fn given_up(run: &Run<'_>) -> Vec<String> {
    let requests = run.list("requests").iter();
    let given_up = requests.filter(|request| request["given_up"].is_number());
    counted("requests given up", given_up.count(), run.expect.given_up)
}

/// How many different answers the requests got.
pub(super) fn distinct(run: &Run<'_>) -> Vec<String> {
    let requests = run.list("requests").iter();
    let answers = requests.filter_map(|request| request["response"].as_str());
    let answers: BTreeSet<&str> = answers.collect();
    counted("different answers", answers.len(), run.expect.distinct)
}

/// The last values of variables that are numbers.
pub(super) fn variables(run: &Run<'_>) -> Vec<String> {
    let held = run.expect.variables.iter().filter_map(|(name, range)| {
        let seen = &run.report["variables"][name];
        let sentence = format!("variable {name}");
        match seen.as_str() {
            Some(text) => Some(format!(
                "{sentence}: expected {}, seen {text:?}",
                between(*range, |figure| figure.to_string())
            )),
            None => count(&sentence, seen, *range),
        }
    });
    held.collect()
}

fn counted(name: &str, seen: usize, range: Option<Range>) -> Vec<String> {
    let failed = range.and_then(|range| count(name, &Value::from(seen), range));
    failed.into_iter().collect()
}
