//! The step language: what it says becomes the model that the engine plays, and what it cannot
//! mean is refused.

use std::path::Path;

use loopscope::VOCABULARY;
use loopscope::scenario::{
    self, Action, Choices, Expression, FOREVER, FileName, Function, Length, Operator, Part,
    Problems, Scenario, Step, Value, Work, schema,
};
use loopscope::trace::{Anchor, Keep, Language, LockKind, LoopId, Nanos, Prints};

fn load(source: &str) -> Result<Scenario, Problems> {
    let file = FileName::from_path(Path::new("l.toml"));
    scenario::load(source, &file, &Choices::default(), &VOCABULARY)
}

fn every_step() -> Scenario {
    load(include_str!("../language/every_step.toml"))
        .unwrap_or_else(|problems| panic!("{problems}"))
}

fn function<'s>(scenario: &'s Scenario, name: &str) -> &'s Function {
    let mut functions = scenario.functions.iter();
    functions
        .find(|function| function.name == name)
        .expect("the function is there")
}

/// The first step of a function, bodies included, whose action `pick` knows.
fn first<'s, T>(body: &'s [Step], pick: &impl Fn(&'s Action) -> Option<T>) -> Option<T> {
    body.iter().find_map(|step| {
        let inner = || {
            let bodies = step.action.bodies();
            bodies.into_iter().find_map(|body| first(body, pick))
        };
        pick(&step.action).or_else(inner)
    })
}

#[test]
fn every_step_of_the_table_is_read() {
    let scenario = every_step();
    let used: Vec<&str> = scenario
        .story
        .steps
        .iter()
        .map(|step| step.key.as_str())
        .collect();
    // Those that only one language has stand in a file of that language.
    let others = [
        include_str!("../language/python_steps.toml"),
        include_str!("../language/rust_steps.toml"),
    ];
    let others = others.map(|source| load(source).unwrap_or_else(|problems| panic!("{problems}")));
    let steps = others.iter().flat_map(|scenario| &scenario.story.steps);
    let elsewhere: Vec<&str> = steps.map(|step| step.key.as_str()).collect();
    for key in schema::steps() {
        let written = used.contains(&key) || elsewhere.contains(&key);
        assert!(written, "no function of the files has `{key}`");
    }
    // What is written is played: none is left out on the way.
    fn count(body: &[Step]) -> usize {
        let inner = |step: &Step| step.action.bodies().into_iter().map(count).sum::<usize>();
        body.iter().map(|step| 1 + inner(step)).sum()
    }
    let bodies = scenario
        .functions
        .iter()
        .map(|function| count(&function.body));
    assert_eq!(bodies.sum::<usize>(), used.len());
    // A line for each step, in the order of the file.
    assert!(scenario.story.steps.iter().all(|step| step.line.toml > 0));
    assert!(scenario.story.steps.is_sorted_by_key(|step| step.line.toml));
}

#[test]
fn what_functions_share_is_in_the_story() {
    let story = every_step().story;
    let names: Vec<&str> = story.variables.iter().map(|known| &*known.name).collect();
    assert_eq!(names, ["id", "state"]);
    assert_eq!(story.variables[1].initial, "new");
    assert_eq!(story.channels[0].keep, Keep::All);
    assert_eq!(story.channels[1].keep, Keep::Newest);
    assert_eq!(story.locks[0].kind, LockKind::Async);
    assert_eq!(story.locks[1].kind, LockKind::Std);
    assert_eq!(story.pools[0].threads, 10);
    assert_eq!(story.loops, ["second"]);
    assert_eq!(story.max_speed, Some(5.0));
    assert!(story.differs.is_some());
    assert_eq!(story.languages, [Language::Rust, Language::Python]);
    assert_eq!(story.listings[0].language, Language::Rust);
    assert!(story.runtime.gil && story.runtime.eager_driver_handoff);
    assert_eq!(story.runtime.process_pool, 2);
}

#[test]
fn clients_and_notes_are_in_the_story() {
    let story = every_step().story;
    let client = &story.clients[0];
    assert_eq!(client.timeout, Some(Nanos::from_secs(30)));
    assert_eq!(client.leaves, Some(Nanos::from_secs(40)));
    assert_eq!(client.prints, Some(Prints::InOrder));
    let shared: Vec<bool> = story.planned.iter().map(|sent| sent.shared).collect();
    assert_eq!(shared, [true, false, false]);
    let moments: Vec<&Anchor> = story.notes.iter().map(|note| &note.when).collect();
    assert_eq!(moments[0], &Anchor::GivenUp { nth: 1 });
    let variable = "id".to_owned();
    assert_eq!(moments[1], &Anchor::Written { variable, nth: 1 });
    assert_eq!(moments[2], &Anchor::Chunk { nth: 2 });
    assert_eq!(story.expect.variables.len(), 2);
    assert_eq!(story.expect.given_up.map(|range| range.to), Some(3.0));
}

#[test]
fn calls_hand_over_arguments() {
    let scenario = every_step();
    let handler = function(&scenario, "handler");
    assert_eq!(handler.depends.len(), 2);
    let call = first(&handler.body, &|action| match action {
        Action::SpawnBlocking {
            work: Work::Function(call),
            pool: Some(_),
            ..
        } => Some(call),
        _ => None,
    })
    .expect("a job with a pool");
    assert!(matches!(call.arguments[..], [Expression::Integer(3)]));
    // The knob's value, and the sum.
    let spawned = first(&handler.body, &|action| match action {
        Action::Spawn { call, name, .. } if name == "one" => Some(call),
        _ => None,
    });
    let arguments = &spawned.expect("a task").arguments;
    assert!(matches!(&arguments[0], Expression::Text(text) if text == "a"));
    assert!(matches!(arguments[1], Expression::Integer(1)));
    let called = first(&handler.body, &|action| match action {
        Action::Call { call, into } => Some((call, into)),
        _ => None,
    });
    let (call, into) = called.expect("a call");
    assert!(matches!(call.arguments[..], [Expression::Integer(2)]));
    assert_eq!(into.as_deref(), Some("p"));
}

#[test]
fn loops_limits_and_endless_repeats() {
    let scenario = every_step();
    let (on, limit, otherwise) = first(
        &function(&scenario, "handler").body,
        &|action| match action {
            Action::BlockOn {
                on,
                limit,
                otherwise,
                ..
            } => Some((*on, limit, otherwise)),
            _ => None,
        },
    )
    .expect("a block_on");
    assert_eq!(on, Some(LoopId(0)));
    assert!(matches!(limit, Some(Length::Fixed(length)) if *length == Nanos::from_secs(2)));
    assert_eq!(otherwise.len(), 1);
    assert_eq!(function(&scenario, "on_second").on, Some(LoopId(0)));
    let starts: Vec<Option<LoopId>> = scenario.starts.iter().map(|start| start.on).collect();
    assert_eq!(starts, [None, None, Some(LoopId(0))]);
    let times = first(
        &function(&scenario, "worker").body,
        &|action| match action {
            Action::Repeat { times, until, .. } => Some((*times, until.is_some())),
            _ => None,
        },
    );
    assert_eq!(times, Some((FOREVER, true)));
    let length = first(&function(&scenario, "slow").body, &|action| match action {
        Action::Sleep(length) => Some(length),
        _ => None,
    });
    assert!(matches!(
        length,
        Some(Length::Of { value: Expression::Local(name), unit }) if name == "n" && *unit == Nanos::from_secs(1)
    ));
}

/// A file with one start that does `body`.
fn with(body: &str) -> String {
    format!(
        r#"
title = "t {{k + 1}} {{'a' + k}} {{k - 5}} {{k == 3}} {{{{k}}}} {{}}"
limit = "10s"
[[knob]]
name = "k"
default = 3
min = 0
max = 9
[[variable]]
name = "id"
initial = 0
[[channel]]
name = "jobs"
[[lock]]
name = "turn"
[[function]]
name = "work"
body = [{{ sleep = "1s" }}, {{ return = "{{k}}" }}]
[[function]]
name = "plain_work"
async = false
body = [{{ block = "1s" }}]
[[function]]
name = "main"
body = [
  {{ send = "jobs", value = 1 }},
{body}
]
[[start]]
run = "main"
"#
    )
}

fn said(body: &str) -> Vec<String> {
    match load(&with(body)) {
        Ok(_) => Vec::new(),
        Err(problems) => {
            let list = problems.list.into_iter();
            list.map(|found| found.message).collect()
        }
    }
}

#[test]
fn expressions_of_knobs_are_worked_out_in_the_file() {
    let scenario = load(&with("")).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(scenario.story.title, "t 4 a3 -2 1 {k} {}");
}

#[test]
fn expressions_keep_their_shape() {
    let body = r#"{ read = "id", into = "x" }, { print = "a {x + 1 - k}!" }, { write = "id", value = "{x}{x}" }, { write = "id", value = "7" }, { write = "id", value = "{7}" },"#;
    let scenario = load(&with(body)).unwrap_or_else(|problems| panic!("{problems}"));
    let main = &function(&scenario, "main").body;
    let Action::Print(text) = &main[2].action else {
        panic!("{:?}", main[2]);
    };
    let [Part::Words(before), Part::Value(value), Part::Words(after)] = &text.0[..] else {
        panic!("{text:?}");
    };
    assert_eq!((before.as_str(), after.as_str()), ("a ", "!"));
    // From left to right: (x + 1) - 3.
    let Expression::Binary(sum, Operator::Subtract, three) = value else {
        panic!("{value:?}");
    };
    assert!(matches!(**sum, Expression::Binary(_, Operator::Add, _)));
    assert!(matches!(**three, Expression::Integer(3)));
    let written: Vec<&Expression> = main[3..]
        .iter()
        .map(|step| match &step.action {
            Action::Write { value, .. } => value,
            other => panic!("{other:?}"),
        })
        .collect();
    // Two values side by side are a string, however it begins.
    let Expression::Binary(front, Operator::Add, _) = written[0] else {
        panic!("{:?}", written[0]);
    };
    assert!(
        matches!(&**front, Expression::Binary(empty, Operator::Add, _)
        if matches!(&**empty, Expression::Text(text) if text.is_empty()))
    );
    assert!(matches!(written[1], Expression::Text(text) if text == "7"));
    assert!(matches!(written[2], Expression::Integer(7)));
}

#[test]
fn every_pair_of_values_has_a_result() {
    let (three, a) = (Value::Integer(3), Value::Text("a".to_owned()));
    let text = |text: &str| Value::Text(text.to_owned());
    let rows = [
        (Operator::Add, &three, &three, Value::Integer(6)),
        (Operator::Add, &three, &a, text("3a")),
        (Operator::Add, &a, &three, text("a3")),
        (Operator::Subtract, &a, &three, Value::Integer(-3)),
        (Operator::Equal, &three, &a, Value::Integer(0)),
        (Operator::NotEqual, &three, &a, Value::Integer(1)),
        (Operator::Less, &three, &a, Value::Integer(1)),
        (Operator::GreaterOrEqual, &a, &a, Value::Integer(1)),
        (Operator::Greater, &three, &three, Value::Integer(0)),
        (Operator::LessOrEqual, &three, &three, Value::Integer(1)),
    ];
    for (operator, left, right, result) in rows {
        assert_eq!(
            operator.apply(left, right),
            result,
            "{left} {operator:?} {right}"
        );
    }
    let most = Value::Integer(i64::MAX);
    assert_eq!(Operator::Add.apply(&most, &three), most);
    assert!(three.holds() && a.holds());
    assert!(!Value::Integer(0).holds() && !text("").holds());
}

#[test]
fn a_local_has_a_value_where_every_way_has_made_it() {
    let uses = r#"{ print = "{x}" },"#;
    let makes = r#"{ read = "id", into = "x" }"#;
    let good = [
        format!("{makes}, {uses}"),
        format!(r#"{{ lock = "turn", do = [{makes}] }}, {uses}"#),
        format!(r#"{{ repeat = 2, do = [{makes}] }}, {uses}"#),
        format!(r#"{{ if = "{{id}}", then = [{makes}], else = [{makes}] }}, {uses}"#),
        format!(r#"{{ if = "{{id}}", then = [{makes}], else = [{{ return = true }}] }}, {uses}"#),
        format!(
            r#"{{ timeout = "1s", do = [{makes}, {{ sleep = "1s" }}], else = [{{ return = true }}] }}, {uses}"#
        ),
        format!(r#"{{ select = [{{ do = [{makes}] }}, {{ do = [{makes}] }}] }}, {uses}"#),
        format!(r#"{{ repeat = 2, do = [{makes}], until = "{{x == 1}}" }},"#),
        format!(r#"{makes}, {{ spawn_blocking = [{{ print = "{{x}}" }}] }},"#),
        format!("{makes}, {makes}, {uses}"),
    ];
    for body in good {
        assert_eq!(said(&body), Vec::<String>::new(), "{body}");
    }
    let bad = [
        format!(r#"{{ if = "{{id}}", then = [{makes}] }}, {uses}"#),
        format!(r#"{{ timeout = "1s", do = [{makes}] }}, {uses}"#),
        format!(
            r#"{{ select = [{{ do = [{makes}] }}, {{ do = [{{ sleep = "1s" }}] }}] }}, {uses}"#
        ),
        format!(r#"{{ spawn_blocking = [{makes}] }}, {uses}"#),
        format!(r#"{{ block_on = "work", into = "x", limit = "1s" }}, {uses}"#),
    ];
    for body in bad {
        assert_eq!(said(&body), ["`x` may have no value here"], "{body}");
    }
    assert_eq!(said(&format!("{uses} {makes},")), ["there is no value `x`"]);
}

#[test]
fn a_task_is_awaited_once_on_each_way() {
    let spawn = r#"{ spawn = "work", as = "t" }, "#;
    let wait = r#"{ await = "t" }"#;
    let good = [
        format!("{spawn}{wait},"),
        format!(r#"{spawn}{{ timeout = "1s", do = [{wait}] }},"#),
        format!(r#"{spawn}{{ lock = "turn", do = [{wait}] }},"#),
        format!(r#"{spawn}{{ if = "{{id}}", then = [{wait}], else = [{wait}] }},"#),
        format!(r#"{spawn}{{ abort = "t" }},"#),
        format!(r#"{spawn}{{ abort = "t" }}, {wait},"#),
        format!(r#"{{ repeat = 2, do = [{spawn}{wait}] }},"#),
        r#"{ spawn_blocking = "plain_work", as = "t" }, { await = "t" },"#.to_owned(),
        r#"{ spawn_blocking = "plain_work", as = "t", detach = true }, { abort = "t" },"#
            .to_owned(),
        r#"{ create = "work", as = "t" },"#.to_owned(),
        r#"{ create = "work", as = "t" }, { await = "t", into = "r" }, { print = "{r}" },"#
            .to_owned(),
    ];
    for body in good {
        assert_eq!(said(&body), Vec::<String>::new(), "{body}");
    }
    let bad = [
        (
            format!("{spawn}{wait}, {wait},"),
            "the task `t` has been awaited already",
        ),
        (
            format!(r#"{spawn}{{ if = "{{id}}", then = [{wait}] }}, {wait},"#),
            "the task `t` has been awaited already",
        ),
        (
            format!(r#"{spawn}{{ repeat = 2, do = [{wait}] }}, {wait},"#),
            "the task `t` would be awaited in each round",
        ),
        (
            r#"{ create = "work", as = "t" }, { abort = "t" },"#.to_owned(),
            "the coroutine `t` has never been started",
        ),
    ];
    for (body, message) in bad {
        assert_eq!(said(&body), [message], "{body}");
    }
}

/// What is only known while the scenario runs must not be taken for impossible.
#[test]
fn expectations_that_may_hold_are_accepted() {
    let ends = |expect: &str| {
        let body = r#"{ if = "{id}", then = [{ print = "maybe" }] }, { read = "id", into = "x" }, { print = "x is {x}" },"#;
        let mut source = with(body);
        source.push_str(expect);
        load(&source)
            .map(|_| ())
            .map_err(|problems| problems.to_string())
    };
    assert_eq!(ends("[expect]\noutput = [\"x is 0\"]"), Ok(()));
    assert_eq!(ends("[expect]\noutput = [\"maybe\", \"x is 0\"]"), Ok(()));
    let fixed = |lines: &str| {
        let body = r#"{ if = "{id}", then = [{ print = "maybe" }] }, { print = "sure" },"#;
        load(&(with(body) + &format!("[expect]\noutput = {lines}"))).is_ok()
    };
    assert!(fixed("[\"sure\"]") && fixed("[\"maybe\", \"sure\"]"));
    assert!(!fixed("[\"maybe\", \"maybe\"]") && !fixed("[\"other\"]"));
}

/// The reference shows each step once: what stands there must be right.
#[test]
fn the_examples_of_the_reference_are_right() {
    let page = schema::markdown(&VOCABULARY);
    let rows = page.lines().filter(|line| line.ends_with("}` |"));
    let shown: Vec<(&str, &str)> = rows
        .filter_map(|line| {
            let key = line.strip_prefix("| `")?.split_once('`')?.0;
            let example = line.strip_suffix("` |")?.rsplit_once("| `")?.1;
            Some((key, example))
        })
        .collect();
    let keys: Vec<&str> = shown.iter().map(|(key, _)| *key).collect();
    assert_eq!(keys, schema::steps().collect::<Vec<_>>());
    for (key, example) in shown {
        let source = example_file(key, example);
        load(&source).unwrap_or_else(|problems| panic!("{problems}"));
    }
}

/// A file with a handler that does `example`, and all that the examples name.
#[expect(clippy::too_many_lines, reason = "the text of a file")]
fn example_file(key: &str, example: &str) -> String {
    let before = match key {
        "await" | "abort" => r#"{ spawn = "work", as = "job" },"#,
        "tick" => r#"{ interval = "100ms", as = "ticks" },"#,
        "if" | "write" => r#"{ read = "id", into = "x" },"#,
        _ => "",
    };
    let after = if key == "spawn" {
        r#", { await = "job" }"#
    } else {
        ""
    };
    let languages = match key {
        "buffered" | "interval" | "tick" | "subscribe" | "read_lock" | "write_lock" | "notify" => {
            r#"languages = ["rust"]"#
        }
        "yield_request" | "wait" | "set" | "clear" => r#"languages = ["python"]"#,
        _ => "",
    };
    // What lets a request be served stands in a dependency of the handler.
    let (depends, first, example) = match key {
        "yield_request" => (r#"depends = ["session"]"#, example, r#"{ yield = true }"#),
        _ => ("", r#"{ yield = true }"#, example),
    };
    format!(
        r#"
title = "t"
{languages}
[runtime]
loop = "multi_thread"
[[variable]]
name = "id"
initial = 0
[[channel]]
name = "jobs"
[[channel]]
name = "news"
broadcast = 4
[[lock]]
name = "turn"
[[semaphore]]
name = "slots"
permits = 2
[[rwlock]]
name = "config"
[[event]]
name = "ready"
[[event]]
name = "changed"
kind = "notify"
[[loop]]
name = "second"
[[function]]
name = "session"
body = [{first}]
[[function]]
name = "work"
body = [{{ sleep = "1s" }}]
[[function]]
name = "slow"
body = [{{ send = "jobs", value = 1 }}]
[[function]]
name = "quick"
body = [{{ yield = true }}]
[[function]]
name = "fetch"
params = ["n"]
body = [{{ return = "{{n}}" }}]
[[function]]
name = "write_log"
async = false
body = [{{ block = "1s" }}]
[[function]]
name = "page"
route = "/"
{depends}
body = [{before} {example}{after}]
[[client]]
name = "c"
requests = [{{ route = "/" }}]
"#
    )
}
