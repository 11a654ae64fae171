//! Hand-made stories: what `scenario` would build from three of the files.
#![allow(dead_code, reason = "no test binary needs all of it")]

use loopscope::trace::{
    Anchor, Channel, Choice, Client, ClientId, Expectation, Function, FunctionId, How, Keep,
    Language, Line, Listing, Lock, LockKind, NamedPool, Nanos, Note, Planned, Question, Range,
    RuntimeShape, Step, Story, Token, TokenRole, Variable,
};

const BLOCKING_SOURCE: &str = r#"title = "time.sleep() inside async def"
asks  = "Two requests reach one handler. Does the second wait for the first?"
shows = "A blocking call holds the loop's only thread, so nobody else can start."
contrast = "awaited-sleep"

[[function]]
name  = "ping"
route = "/ping"
async = true
body  = [
  { print = "Hello" },
  { block = "5s" },
  { print = "bye" },
  { respond = "pong" },
]

[[client]]
name = "tab 1"
requests = [ { route = "/ping", at = "0s" } ]

[[client]]
name = "tab 2"
requests = [ { route = "/ping", at = "20ms" } ]
"#;

/// The story of `blocking-sleep`, as the drawings show it.
#[allow(clippy::too_many_lines, reason = "a table")]
pub fn blocking_sleep() -> Story {
    Story {
        id: "blocking-sleep".into(),
        number: "02".into(),
        title: "time.sleep() inside async def".into(),
        asks: "Two requests reach one handler. Does the second wait for the first?".into(),
        shows: "A blocking call holds the loop's only thread, so nobody else can start.".into(),
        remedy: Some("Await the asynchronous call, or write a plain def.".into()),
        contrast: Some("awaited-sleep".into()),
        source: BLOCKING_SOURCE.into(),
        functions: vec![function("ping", "/ping", true)],
        steps: vec![
            step(
                "print",
                [4, 3, 11],
                "print(\"Hello\")",
                "println!(\"Hello\");",
            ),
            step(
                "block",
                [5, 4, 12],
                "time.sleep(5)",
                "thread::sleep(secs(5));",
            ),
            step("print", [6, 5, 13], "print(\"bye\")", "println!(\"bye\");"),
            step("respond", [7, 6, 14], "return \"pong\"", "\"pong\".into()"),
        ],
        listings: vec![
            python(
                "@app.get(\"/ping\")|async def ping():|    print(\"Hello\")|    time.sleep(5)|    print(\"bye\")|    return \"pong\"",
            ),
            rust(
                "// GET /ping|async fn ping() -> String {|    println!(\"Hello\");|    thread::sleep(secs(5));|    println!(\"bye\");|    \"pong\".into()|}",
            ),
        ],
        notes: vec![
            Note {
                when: Anchor::Insight {
                    kind: "blocked-loop".into(),
                    nth: 1,
                },
                say: "The loop is stuck in time.sleep: it cannot even look at the second request."
                    .into(),
            },
            Note {
                when: Anchor::Accepted { nth: 2 },
                say: "Only now is the second request let in.".into(),
            },
        ],
        questions: vec![Question {
            ask: "In which order are the four lines printed?".into(),
            options: vec![
                choice(
                    "Hello Hello bye bye",
                    Some("Yours is what await does; time.sleep never gives the thread back."),
                    &["Hello", "Hello", "bye", "bye"],
                ),
                Choice {
                    right: true,
                    ..choice(
                        "Hello bye Hello bye",
                        None,
                        &["Hello", "bye", "Hello", "bye"],
                    )
                },
                choice(
                    "Hello Hello, then never a bye",
                    Some("A sleeping thread wakes up by itself: each bye comes."),
                    &["Hello", "Hello"],
                ),
                choice(
                    "another order on every run",
                    Some("One thread, one order: there is nobody who could come between."),
                    &[],
                ),
            ],
            ..Question::default()
        }],
        expect: Expectation {
            output: Some(["Hello", "bye", "Hello", "bye"].map(Into::into).into()),
            elapsed: Some(Range {
                from: 10.0,
                to: 10.0,
            }),
            insights: vec!["blocked-loop".into()],
            ..Expectation::default()
        },
        ..two_tabs()
    }
}

/// `blocking-sleep`, asked about once more after the run.
pub fn with_why() -> Story {
    let mut story = blocking_sleep();
    story.questions.push(Question {
        ask: "Why was B let in only after 5 seconds?".into(),
        after: true,
        options: vec![
            Choice {
                right: true,
                ..choice("A held the loop's only thread", None, &[])
            },
            choice(
                "B's timer had not run out",
                Some("B had no timer yet: it was not even let in."),
                &[],
            ),
            choice(
                "the pool had no thread left",
                Some("An async def never goes to the pool."),
                &[],
            ),
        ],
        ..Question::default()
    });
    story
}

/// `blocking-sleep` with its lines to be put into order.
pub fn ordered() -> Story {
    let mut story = with_why();
    let question = &mut story.questions[0];
    question.ask = "Put the four lines into the order in which they are printed.".into();
    question.how = How::Order;
    question.lines = ["Hello", "Hello", "bye", "bye"].map(Into::into).into();
    question.options.retain(|option| !option.lines.is_empty());
    story
}

/// `blocking-sleep`, asked for how long it takes.
pub fn timed() -> Story {
    let mut story = with_why();
    let question = &mut story.questions[0];
    question.ask = "After how many seconds are both answered?".into();
    question.how = How::Number;
    let number = |say: &str, number, right, reply: Option<&str>| Choice {
        right,
        number: Some(number),
        ..choice(say, reply, &[])
    };
    question.options = vec![
        number(
            "5s",
            5.0,
            false,
            Some("That is what await does: both sleep at the same time."),
        ),
        number("10s", 10.0, true, None),
    ];
    story
}

/// `blocking-sleep` with two questions before the run: the order, then how long.
pub fn two_questions() -> Story {
    let mut story = ordered();
    story.questions.insert(1, timed().questions.remove(0));
    story
}

/// The story of `awaited-sleep`.
pub fn awaited_sleep() -> Story {
    let blocking = blocking_sleep();
    let mut steps = blocking.steps;
    steps[1] = step(
        "sleep",
        [5, 4, 12],
        "await asyncio.sleep(5)",
        "sleep(secs(5)).await;",
    );
    Story {
        id: "awaited-sleep".into(),
        number: "03".into(),
        title: "await asyncio.sleep()".into(),
        shows: "An await gives the thread back, so both sleep at the same time.".into(),
        remedy: None,
        contrast: Some("blocking-sleep".into()),
        source: blocking.source.replace("block =", "sleep ="),
        steps,
        listings: vec![
            python(
                "@app.get(\"/ping\")|async def ping():|    print(\"Hello\")|    await asyncio.sleep(5)|    print(\"bye\")|    return \"pong\"",
            ),
            rust(
                "// GET /ping|async fn ping() -> String {|    println!(\"Hello\");|    sleep(secs(5)).await;|    println!(\"bye\");|    \"pong\".into()|}",
            ),
        ],
        notes: vec![],
        expect: Expectation {
            output: Some(["Hello", "Hello", "bye", "bye"].map(Into::into).into()),
            elapsed: Some(Range { from: 5.0, to: 5.0 }),
            no_insights: vec!["*".into()],
            ..Expectation::default()
        },
        ..blocking_sleep()
    }
}

/// The story of `four-routes-sync`: 100 requests at once, a plain handler, 40 pool threads.
#[allow(clippy::too_many_lines, reason = "a table")]
pub fn four_routes_sync() -> Story {
    Story {
        id: "four-routes-sync".into(),
        number: "19".into(),
        title: "100 requests, one plain def".into(),
        asks: "100 requests reach a plain handler that sleeps for 1 s. How long do they take?"
            .into(),
        shows: "The pool has 40 threads: 40, 40, then 20.".into(),
        remedy: Some("Await an asynchronous call, or give the pool more threads.".into()),
        contrast: Some("pool-of-100".into()),
        functions: vec![function("sync", "/sync", false)],
        steps: vec![
            step(
                "print",
                [4, 3, 8],
                "print(\"begin\")",
                "println!(\"begin\");",
            ),
            step(
                "block",
                [5, 4, 8],
                "time.sleep(1)",
                "thread::sleep(secs(1));",
            ),
            step("print", [6, 5, 8], "print(\"end\")", "println!(\"end\");"),
            step("respond", [7, 6, 8], "return \"ok\"", "\"ok\".into()"),
        ],
        listings: vec![
            python(
                "@app.get(\"/sync\")|def sync():|    print(\"begin\")|    time.sleep(1)|    print(\"end\")|    return \"ok\"",
            ),
            rust(
                "// GET /sync|fn sync() -> String {|    println!(\"begin\");|    thread::sleep(secs(1));|    println!(\"end\");|    \"ok\".into()|}",
            ),
        ],
        clients: vec![Client {
            name: "load".into(),
            ..Client::default()
        }],
        planned: (0..100)
            .map(|_| Planned {
                at: Nanos::ZERO,
                client: ClientId(0),
                function: FunctionId(0),
                ..Planned::default()
            })
            .collect(),
        questions: vec![Question {
            ask: "After how long is the last of the 100 answered?".into(),
            options: vec![
                choice(
                    "1s for all 100",
                    Some("There is a thread for 40 of them; the others are queued."),
                    &[],
                ),
                Choice {
                    right: true,
                    ..choice("3s", None, &[])
                },
                choice(
                    "100s",
                    Some("They do not sleep one after the other: 40 do at a time."),
                    &[],
                ),
            ],
            ..Question::default()
        }],
        expect: Expectation {
            elapsed: Some(Range { from: 3.0, to: 3.0 }),
            insights: vec!["saturated-pool".into()],
            ..Expectation::default()
        },
        ..two_tabs()
    }
}

/// The story of `blocking-sleep` with two variables, locks, channels and pools.
pub fn shared() -> Story {
    let names = ["one", "two"];
    Story {
        variables: names
            .map(|name| Variable {
                name: name.into(),
                initial: "0".into(),
                file: false,
            })
            .into(),
        locks: [LockKind::Async, LockKind::Std]
            .map(|kind| Lock {
                name: format!("{kind:?}").to_lowercase(),
                kind,
                ..Lock::default()
            })
            .into(),
        channels: [Keep::All, Keep::Newest]
            .map(|keep| Channel {
                name: format!("{keep:?}").to_lowercase(),
                keep,
                ..Channel::default()
            })
            .into(),
        pools: names
            .map(|name| NamedPool {
                name: name.into(),
                threads: 2,
            })
            .into(),
        ..blocking_sleep()
    }
}

fn two_tabs() -> Story {
    let planned = |client, millis| Planned {
        at: Nanos::from_millis(millis),
        client: ClientId(client),
        function: FunctionId(0),
        ..Planned::default()
    };
    Story {
        speed: 1.0,
        limit: Nanos::from_secs(60),
        heartbeat: Nanos::from_millis(100),
        runtime: RuntimeShape::default(),
        clients: ["tab 1", "tab 2"]
            .map(|name| Client {
                name: name.into(),
                ..Client::default()
            })
            .into(),
        planned: vec![planned(0, 0), planned(1, 20)],
        ..Story::default()
    }
}

fn function(name: &str, route: &str, is_async: bool) -> Function {
    Function {
        name: name.into(),
        route: Some(route.into()),
        is_async,
        ..Function::default()
    }
}

fn step(key: &str, [python, rust, toml]: [u32; 3], in_python: &str, in_rust: &str) -> Step {
    Step {
        function: FunctionId(0),
        key: key.into(),
        line: Line { python, rust, toml },
        python: in_python.into(),
        rust: in_rust.into(),
        ..Step::default()
    }
}

fn choice(say: &str, reply: Option<&str>, lines: &[&str]) -> Choice {
    Choice {
        say: say.into(),
        reply: reply.map(Into::into),
        right: false,
        lines: lines.iter().map(ToString::to_string).collect(),
        ..Choice::default()
    }
}

/// FastAPI: the first line is always the same.
fn python(lines: &str) -> Listing {
    listing(Language::Python, &format!("app = FastAPI()|{lines}"))
}

fn rust(lines: &str) -> Listing {
    listing(Language::Rust, lines)
}

fn listing(language: Language, lines: &str) -> Listing {
    Listing {
        language,
        lines: lines.split('|').map(tokens).collect(),
    }
}

/// Splits a line into tokens with plausible roles.
fn tokens(line: &str) -> Vec<Token> {
    const KEYWORDS: [&str; 6] = ["async", "def", "fn", "await", "return", "let"];
    let mut tokens: Vec<Token> = Vec::new();
    let mut push = |role, text: &str| {
        if !text.is_empty() {
            tokens.push(Token {
                role,
                text: text.into(),
            });
        }
    };
    if line.trim_start().starts_with("//") {
        push(TokenRole::Comment, line);
        return tokens;
    }
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '!';
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let (role, length) = if first == '"' {
            let end = rest[1..].find('"').map_or(rest.len(), |place| place + 2);
            (TokenRole::Text, end)
        } else if word(first) {
            let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
            let role = match &rest[..end] {
                text if KEYWORDS.contains(&text) => TokenRole::Keyword,
                text if text.bytes().all(|byte| byte.is_ascii_digit()) => TokenRole::Number,
                _ if rest[end..].starts_with('(') => TokenRole::Call,
                _ => TokenRole::Plain,
            };
            (role, end)
        } else {
            let end = rest.find(|c| word(c) || c == '"').unwrap_or(rest.len());
            (TokenRole::Plain, end)
        };
        push(role, &rest[..length]);
        rest = &rest[length..];
    }
    tokens
}
