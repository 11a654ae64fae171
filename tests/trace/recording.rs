//! Recordings: what is written can be read, and whatever else is read is an error with its line.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufReader, Read};

use loopscope::timeline::Timeline;
use loopscope::trace::recording::{ReadError, Reading, Writer, answers_line, limits, read, write};
use loopscope::trace::{
    Actor, Answer, Answered, Answers, Awaited, Batch, BlockKind, Client, ClientId, EndReason,
    Event, EventKind, Function, JobId, Lapse, Metric, Nanos, Outcome, ProcessId, RequestId,
    StackId, StepId, Story, Tally, TaskId, TaskRole, TextId, ThreadId, ThreadRole, Trace, WaitOn,
    WakeCause,
};
use proptest::prelude::*;

fn text_of(trace: &Trace) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(trace, &mut bytes).expect("a list takes everything");
    bytes
}

fn story() -> Story {
    Story {
        id: "made-up".to_owned(),
        title: "标题 🦀\t\"quoted\"".to_owned(),
        speed: 20.0,
        heartbeat: Nanos::from_millis(100),
        functions: vec![Function::default(); 2],
        steps: vec![loopscope::trace::Step::default(); 5],
        clients: vec![Client::default(); 3],
        ..Story::default()
    }
}

/// A trace with every kind of event.
#[expect(clippy::too_many_lines, reason = "one row a kind")]
fn rich(gaps: &[u32]) -> Trace {
    use EventKind as E;
    let task = TaskId(0);
    let thread = ThreadId(0);
    let actor = Actor::Task(task);
    let name = TextId(0);
    let job = JobId(0);
    let request = RequestId(0);
    let kinds = [
        E::ThreadStarted {
            thread,
            role: ThreadRole::Loop,
            name,
        },
        E::TaskSpawned {
            task,
            role: TaskRole::Program,
            function: E::NO_FUNCTION,
            parent: TaskId::NONE,
            name,
        },
        E::TaskSpawned {
            task: TaskId(1),
            role: TaskRole::Spawned,
            function: 1,
            parent: task,
            name,
        },
        E::Unparked { thread },
        E::PollStarted { task, thread },
        E::StepEntered {
            actor,
            step: StepId(4),
        },
        E::Output {
            actor,
            text: TextId(1),
        },
        E::BlockStarted {
            actor,
            thread,
            kind: BlockKind::Cpu,
        },
        E::BlockEnded { actor, thread },
        E::JobQueued {
            job,
            parent: task,
            name,
            pool: 0,
        },
        E::Waiting {
            task,
            on: WaitOn::Job(job),
        },
        E::Waiting {
            task,
            on: WaitOn::Tasks(2),
        },
        E::WaitingTimer {
            task,
            deadline: Nanos::MAX,
        },
        E::JobStarted { job, thread },
        E::JobEnded {
            job,
            outcome: Outcome::Cancelled,
        },
        E::Woken {
            task,
            by: WakeCause::Job(job),
        },
        E::Woken {
            task,
            by: WakeCause::Timer,
        },
        E::RequestSent {
            request,
            client: ClientId(2),
            route: name,
            live: true,
        },
        E::RequestSent {
            request: RequestId(1),
            client: ClientId::NONE,
            route: name,
            live: false,
        },
        E::RequestAccepted { request, task },
        E::RequestAnswered {
            request,
            text: name,
            status: 200,
        },
        E::RequestNamed {
            request,
            route: name,
        },
        E::RequestGivenUp { request },
        E::TaskNamed {
            task,
            role: TaskRole::Framework,
            function: 0,
            name,
        },
        E::TaskNamed {
            task,
            role: TaskRole::Callback,
            function: E::NO_FUNCTION,
            name,
        },
        E::Waiting {
            task,
            on: WaitOn::Named {
                what: Awaited::QueuePut,
                name,
            },
        },
        E::Stack {
            actor,
            stack: StackId(0),
        },
        E::PoolResized { pool: 0, size: 40 },
        E::Lapsed {
            task,
            lapse: Lapse::NeverRetrieved,
            text: name,
        },
        E::Lapsed {
            task: TaskId::NONE,
            lapse: Lapse::NeverAwaited,
            text: name,
        },
        E::ProcessStarted {
            process: ProcessId(0),
            pid: 4711,
            name,
        },
        E::ProcessPrinted {
            process: ProcessId(0),
            text: name,
        },
        E::Beat { task },
        E::TaskAlias { task, tokio: 7 },
        E::Metric {
            metric: Metric::Bucket,
            of: 3,
            value: u64::MAX,
        },
        E::Dropped {
            thread,
            count: 3,
            since: Nanos(1),
        },
        E::TaskEnded {
            task,
            outcome: Outcome::NeverPolled,
        },
        E::PollEnded { task, thread },
        E::RoleChanged {
            thread,
            role: ThreadRole::Pool,
        },
        E::Parked { thread },
        E::RunEnded {
            reason: EndReason::Limit,
        },
        E::ThreadEnded { thread },
    ];
    let mut at = 0;
    let mut trace = Trace::new(story());
    trace.texts = vec!["loop".to_owned(), "\u{0}\u{1b}[31m Ｈｅｌｌｏ".to_owned()];
    trace.stacks = vec![vec![StepId(4), StepId(0)]];
    for (place, kind) in kinds.into_iter().enumerate() {
        at += u64::from(gaps[place % gaps.len()]);
        trace.events.push(Event {
            at: Nanos(at),
            kind,
        });
    }
    trace.upto = Nanos(at + u64::from(gaps[0]));
    trace.answers = Answers(vec![
        Answered::default(),
        Answered {
            answers: vec![Answer::Option(3), Answer::Lines(trace.texts.clone())],
            tallies: vec![Tally(vec![0, 12, 7])],
        },
    ]);
    trace
}

fn sentence(bytes: &[u8]) -> String {
    match read(bytes) {
        Err(error) => error.to_string(),
        Ok(reading) => panic!("it was read: {reading:?}"),
    }
}

/// A recording of these lines after a header.
fn lines(lines: &[&str]) -> Vec<u8> {
    let mut text = "{\"loopscope\":1,\"story\":{}}\n".to_owned();
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    text.into_bytes()
}

#[test]
fn batches_written_live_are_the_trace() {
    let trace = rich(&[7]);
    let mut bytes = Vec::new();
    let mut writer = Writer::new(&mut bytes, &trace.story).unwrap();
    writer.answers(&Answers::default()).unwrap();
    let mut texts = trace.texts.clone();
    let mut rows = trace.batch().rows;
    for events in trace.events.chunks(4) {
        let upto = events.last().unwrap().at;
        let batch = Batch {
            rows: std::mem::take(&mut rows),
            texts: std::mem::take(&mut texts),
            events: events.to_vec(),
            upto,
        };
        writer.batch(&batch).unwrap();
        writer
            .batch(&Batch {
                upto,
                ..Batch::default()
            })
            .unwrap();
    }
    writer
        .batch(&Batch {
            upto: trace.upto,
            ..Batch::default()
        })
        .unwrap();
    writer.answers(&trace.answers).unwrap();
    writer.finish().unwrap();
    assert_eq!(read(&bytes[..]).unwrap(), Reading { trace, cut: None });
}

/// A recording of a program that is watched: what it is made of comes while it goes on.
fn watched() -> Vec<u8> {
    let file = r#"{"file":{"path":"app.py","lines":["import time","","time.sleep(1)"]}}"#;
    let header = r#"{"loopscope":1,"story":{"title":"python app.py","watched":{"command":"python app.py","threshold":50000000}}}"#;
    let lines = [
        header,
        file,
        r#"{"function":{"name":"main","is_async":true,"file":0,"first":1}}"#,
        r#"{"step":{"function":0,"key":"line","line":{"python":3},"python":"time.sleep(1)","file":0}}"#,
        r#"{"pool":{"name":"anyio","threads":40}}"#,
        r#"{"stack":[0,0]}"#,
        r#"{"text":"main"}"#,
        r#"{"at":0,"thread_started":{"thread":0,"role":"loop","name":0}}"#,
        r#"{"at":1,"task_spawned":{"task":0,"role":"program","function":0,"name":0}}"#,
        r#"{"at":2,"poll_started":{"task":0,"thread":0}}"#,
        r#"{"at":2,"step_entered":{"actor":{"task":0},"step":0}}"#,
        r#"{"at":2,"block_started":{"actor":{"task":0},"thread":0,"kind":"unknown"}}"#,
        r#"{"at":2,"stack":{"actor":{"task":0},"stack":0}}"#,
        r#"{"at":3,"pool_resized":{"pool":1,"size":8}}"#,
        r#"{"at":9,"run_ended":{"reason":"stopped"}}"#,
        r#"{"upto":9}"#,
    ];
    let mut text = lines.join("\n");
    text.push('\n');
    text.into_bytes()
}

#[test]
fn what_a_watched_program_is_made_of_comes_while_it_goes_on() {
    let trace = read(&watched()[..]).unwrap().trace;
    assert_eq!(trace.story.files[0].lines[2], "time.sleep(1)");
    let step = StepId(0);
    assert_eq!(trace.story.file_of(step).unwrap().path, "app.py");
    assert_eq!(trace.story.step(step).unwrap().line.python, 3);
    assert_eq!(trace.story.pools[0].threads, 40);
    assert_eq!(trace.stack(StackId(0)), [step, step]);
    // Written again it is the same, and its header has not grown.
    let again = text_of(&trace);
    assert_eq!(read(&again[..]).unwrap().trace, trace);
    let header = |bytes: &[u8]| bytes.iter().position(|byte| *byte == b'\n');
    assert!(header(&again).unwrap() < 1_000);
}

#[test]
fn a_late_row_that_names_what_is_not_there_is_told() {
    for (row, says) in [
        (
            r#"{"step":{"function":0}}"#,
            "line 2: function 0 is not known",
        ),
        (r#"{"function":{"file":3}}"#, "line 2: file 3 is not known"),
        (r#"{"stack":[1]}"#, "line 2: step 1 is not known"),
        (
            r#"{"at":0,"stack":{"actor":{"task":0},"stack":0}}"#,
            "line 2: stack 0 is not known",
        ),
    ] {
        let told = sentence(&lines(&[row]));
        assert!(told.starts_with(says), "{told}");
    }
}

#[test]
fn the_last_word_counts_wherever_it_stands() {
    let trace = rich(&[3]);
    let mut bytes = text_of(&trace);
    let late = Answers(vec![Answered {
        answers: vec![Answer::Number(1.5)],
        tallies: vec![Tally(vec![1, 2]), Tally(vec![0, 3])],
    }]);
    // Behind the end of the run, as hands are counted when it is over.
    bytes.extend(answers_line(&late).unwrap());
    let reading = read(&bytes[..]).unwrap();
    assert_eq!(reading.cut, None);
    assert_eq!(reading.trace.answers, late);
    assert_eq!(reading.trace.events, trace.events);
    // One that was cut takes nothing from the one before it.
    let cut = &bytes[..bytes.len() - 4];
    let reading = read(cut).unwrap();
    assert_eq!(reading.trace.answers, trace.answers);
    assert!(reading.cut.is_some());
}

#[test]
fn too_much_that_was_said_is_refused() {
    let said = |said: &str| sentence(&lines(&[&format!("{{\"answers\":[{said}]}}")]));
    let cases = [
        (
            r#"{"answers":[{"option":0},{"option":1},{"option":2}]}"#,
            "2 answers",
        ),
        (r#"{"hands":[[],[],[]]}"#, "2 tallies"),
        (
            &format!(r#"{{"hands":[[{}1]]}}"#, "1,".repeat(limits::OPTIONS)),
            "32 options",
        ),
        (r#"{"hands":[[-1]]}"#, "invalid value"),
        (r#"{"hand":[[1]]}"#, "unknown field"),
        (r#"{"answers":[{"guess":1}]}"#, "unknown variant"),
        (r#"{"answers":[{"number":1e999}]}"#, "out of range"),
    ];
    for (line, part) in cases {
        assert!(said(line).contains(part), "{line}: {}", said(line));
    }
    let many = "\"x\",".repeat(limits::ANSWER_LINES);
    let line = format!(r#"{{"answers":[{{"lines":[{many}"x"]}}]}}"#);
    assert!(said(&line).contains("1000 lines of an answer"));
    let rows = "{},".repeat(limits::STORY_LIST);
    assert!(said(&format!("{rows}{{}}")).contains("10000 questions"));
}

#[test]
fn line_ends_of_other_systems_and_a_mark_are_accepted() {
    let trace = rich(&[1, 2]);
    let text = String::from_utf8(text_of(&trace)).unwrap();
    let other = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(read(other.as_bytes()).unwrap().trace, trace);
    let bare = text.trim_end();
    assert_eq!(read(bare.as_bytes()).unwrap(), Reading { trace, cut: None });
}

#[test]
fn a_cut_tail_keeps_everything_before_it() {
    let trace = rich(&[1]);
    let bytes = text_of(&trace);
    let end = bytes.len() - "{\"upto\":31}\n".len();
    let reading = read(&bytes[..end - 9]).unwrap();
    assert_eq!(reading.trace.events, trace.events[..trace.events.len() - 1]);
    let cut = reading.cut.expect("a sentence");
    assert!(cut.contains("in the middle of line 47"), "{cut}");
    let early = read(&bytes[..bytes.len() / 2]).unwrap();
    assert!(early.cut.is_some());
}

#[test]
fn every_place_of_a_cut_is_told_from_a_whole() {
    let bytes = text_of(&rich(&[3]));
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let header = text.find('\n').unwrap();
    let ended = text.find("{\"reason\":\"limit\"}}").unwrap();
    for end in 0..bytes.len() {
        match read(&bytes[..end]) {
            Ok(reading) => assert!(end >= header && (reading.cut.is_some() || end > ended)),
            Err(error) => assert!(end < header, "at {end}: {error}"),
        }
    }
}

#[test]
fn mistakes_name_their_line_and_a_cure() {
    let cases: &[(&[&str], &str)] = &[
        (&[""], "line 2: column 0: EOF"),
        (&["{}"], "empty object"),
        (&["[]"], "invalid type"),
        (&["{\"at\":1}"], "line 2"),
        (&["{\"at\":-1,\"parked\":{\"thread\":0}}"], "invalid value"),
        (&["{\"at\":1.5,\"parked\":{\"thread\":0}}"], "invalid type"),
        (&["{\"at\":1,\"slept\":{}}"], "unknown variant `slept`"),
        (
            &["{\"at\":1,\"parked\":{\"thread\":0,\"why\":1}}"],
            "unknown field `why`",
        ),
        (
            &["{\"at\":1,\"parked\":{\"thread\":0},\"more\":1}"],
            "one thing too many",
        ),
        (
            &["{\"text\":\"a\"} {\"text\":\"b\"}"],
            "trailing characters",
        ),
        (
            &["{\"at\":1,\"parked\":{\"thread\":0}}"],
            "thread 0 is not known; introduce it",
        ),
        (
            &["{\"at\":1,\"thread_started\":{\"thread\":0,\"role\":\"loop\",\"name\":0}}"],
            "text 0 is not known",
        ),
        (
            &[
                "{\"text\":\"a\"}",
                "{\"at\":1,\"thread_started\":{\"thread\":1,\"role\":\"loop\",\"name\":0}}",
            ],
            "line 3: thread 1 is introduced before thread 0",
        ),
        (
            &["{\"upto\":5}", "{\"upto\":4}"],
            "line 3: time goes back from 5 to 4",
        ),
        (&["{\"upto\":99999999999999999999}"], "line 2"),
        (&["{\"upto\":18446744073709551615}"], "later than the limit"),
        (&["\u{0}\u{0}"], "expected value"),
    ];
    for (text, expected) in cases {
        let seen = sentence(&lines(text));
        let expected = if text[0].is_empty() {
            "line 2: the line ends too early"
        } else {
            expected
        };
        assert!(seen.contains(expected), "{text:?}: {seen}");
        assert!(seen.contains("; "), "no cure: {seen}");
    }
}

#[test]
fn wrong_headers_are_told_apart() {
    let cases: &[(&str, &str)] = &[
        ("", "line 1: the file is empty"),
        ("title = \"a scenario\"\n", "no recording"),
        ("{\"loopscope\":2,\"story\":{\"new\":1}}\n", "version 2"),
        ("{\"loopscope\":1}\n", "missing field `story`"),
        (
            "{\"loopscope\":1,\"story\":{\"titel\":1}}\n",
            "unknown field `titel`",
        ),
        (
            "{\"loopscope\":1,\"story\":{\"speed\":-1}}\n",
            "the speed is -1",
        ),
        (
            "{\"loopscope\":1,\"story\":{\"speed\":1e999}}\n",
            "number out of range",
        ),
        (
            "{\"loopscope\":1,\"story\":{\"speed\":null}}\n",
            "invalid type",
        ),
        (
            "{\"loopscope\":1,\"story\":{\"speed\":NaN}}\n",
            "no recording",
        ),
        (
            "{\"loopscope\":1,\"story\":{\"heartbeat\":5}}\n",
            "the heartbeat is 5 ns",
        ),
        (
            "{\"loopscope\":1,\"story\":{\"steps\":[{}]}}\n",
            "names function 0",
        ),
        ("{\"loopscope\":1,\"story\":{}}{}\n", "no recording"),
        ("\u{0}\n", "no recording"),
        ("{\"loopscope\":1,\"sto", "no recording"),
    ];
    for (text, expected) in cases {
        let seen = sentence(text.as_bytes());
        assert!(
            seen.starts_with("line 1: ") && seen.contains(expected),
            "{text:?}: {seen}"
        );
    }
}

#[test]
fn long_lists_of_a_story_are_refused() {
    let knobs = "{\"name\":\"\",\"value\":0,\"default\":0,\"min\":0,\"max\":0},".repeat(10_001);
    let text = format!(
        "{{\"loopscope\":1,\"story\":{{\"knobs\":[{}]}}}}\n",
        knobs.trim_end_matches(',')
    );
    assert!(sentence(text.as_bytes()).contains("10001 knobs, more than 10000"));
}

#[test]
fn deep_nesting_is_an_error() {
    let deep = "[".repeat(100_000);
    assert!(sentence(&lines(&[&format!("{{\"text\":{deep}}}")])).contains("line 2"));
    assert!(
        sentence(format!("{{\"loopscope\":1,\"story\":{deep}\n").as_bytes()).contains("line 1")
    );
}

#[test]
fn an_endless_line_is_never_held_in_memory() {
    let mut bytes = lines(&["{\"text\":\"a\"}"]);
    bytes.extend_from_slice(b"{\"text\":\"");
    let endless = BufReader::new((&bytes[..]).chain(std::io::repeat(b'x')));
    match read(endless) {
        Err(error) => assert!(
            error
                .to_string()
                .contains("line 3: the line is longer than 1048576"),
            "{error}"
        ),
        Ok(_) => panic!("it was read"),
    }
    let zeros = BufReader::new(std::io::repeat(0));
    assert!(
        read(zeros)
            .unwrap_err()
            .to_string()
            .contains("longer than 8388608")
    );
}

#[test]
fn bytes_that_are_no_text_are_an_error() {
    let mut bytes = lines(&[]);
    bytes.extend_from_slice(b"{\"text\":\"\xff\xfe\"}\n");
    assert!(sentence(&bytes).contains("line 2: column"));
}

#[test]
fn an_error_of_the_input_stays_one() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    assert!(matches!(
        read(BufReader::new(Broken)),
        Err(ReadError::Io(_))
    ));
}

#[test]
fn lost_events_may_leave_gaps_in_the_numbers() {
    let spawned = "{\"at\":1,\"task_spawned\":{\"task\":2,\"role\":\"program\",\"name\":0}}";
    let start = [
        "{\"text\":\"a\"}",
        "{\"at\":0,\"thread_started\":{\"thread\":0,\"role\":\"loop\",\"name\":0}}",
    ];
    assert!(sentence(&lines(&[start[0], start[1], spawned])).contains("task 2"));
    let lost = "{\"at\":1,\"dropped\":{\"thread\":0,\"count\":2,\"since\":0}}";
    let reading = read(&lines(&[start[0], start[1], lost, spawned])[..]).unwrap();
    assert_eq!(reading.trace.events.len(), 3);
    let far = spawned.replace("\"task\":2", "\"task\":4000000000");
    assert!(sentence(&lines(&[start[0], start[1], lost, &far])).contains("task 4000000000"));
}

#[test]
fn what_the_documentation_shows_can_be_read() {
    let page = include_str!("../../docs/recording.md");
    let example = block(page, "jsonl");
    let reading = read(example.as_bytes()).unwrap();
    assert_eq!(reading.cut, None);
    assert_eq!(reading.trace.events.len(), 12);
    assert_eq!(reading.trace.story.speed, 1.0);
    let names = include_str!("../../crates/loopscope-trace/src/event/kind.rs");
    for kind in kinds(names) {
        assert!(
            page.contains(&format!("| `{kind}` |")),
            "{kind} is not documented"
        );
    }
    assert!(page.contains("8 MiB") && limits::HEADER_BYTES == 8 << 20);
    assert!(page.contains("20 million events") && limits::EVENTS == 20_000_000);
    let python = std::process::Command::new("python3")
        .args(["-c", block(page, "python")])
        .output();
    if let Ok(output) = python {
        let reading = read(&output.stdout[..]).unwrap();
        assert_eq!((reading.cut, reading.trace.events.len()), (None, 11));
    }
}

fn block<'a>(page: &'a str, language: &str) -> &'a str {
    let start = page.split_once(&format!("```{language}\n")).unwrap().1;
    start.split_once("```").unwrap().0
}

/// The names of all kinds of event, as a recording writes them.
fn kinds(source: &str) -> Vec<String> {
    let body = source.split_once("pub enum EventKind {").unwrap().1;
    let body = body.split_once("\n}\n").unwrap().0;
    let variants = body.lines().filter_map(|line| {
        let name = line.strip_prefix("    ")?.split([' ', '{', ',']).next()?;
        let first = name.chars().next()?;
        first.is_ascii_uppercase().then(|| {
            let mut snake = String::new();
            for letter in name.chars() {
                if letter.is_ascii_uppercase() && !snake.is_empty() {
                    snake.push('_');
                }
                snake.push(letter.to_ascii_lowercase());
            }
            snake
        })
    });
    variants.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(
        gaps in proptest::collection::vec(0_u32..2_000_000_000, 1..40),
        texts in proptest::collection::vec(".*", 2..20),
        title in ".*",
        speed in 0.001_f64..10_000.0,
    ) {
        let mut trace = rich(&gaps);
        trace.texts = texts;
        trace.story.title = title;
        trace.story.speed = speed;
        let reading = read(&text_of(&trace)[..]).unwrap();
        prop_assert_eq!(reading, Reading { trace, cut: None });
    }

    #[test]
    fn altered_bytes_never_panic(
        places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        end in any::<prop::sample::Index>(),
    ) {
        let mut bytes = text_of(&rich(&[5, 0, 9]));
        for (place, byte) in places {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        bytes.truncate(end.index(bytes.len()) + 1);
        is_kept_or_refused(&bytes)?;
    }

    #[test]
    fn altered_figures_and_lines_never_panic(
        figures in proptest::collection::vec((any::<prop::sample::Index>(), b'0'..=b'9'), 0..12),
        moves in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..4),
    ) {
        let mut bytes = text_of(&rich(&[5, 0, 900_000_000]));
        let header = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        let digits: Vec<_> = (header..bytes.len()).filter(|place| bytes[*place].is_ascii_digit()).collect();
        for (place, digit) in figures {
            bytes[digits[place.index(digits.len())]] = digit;
        }
        let text = String::from_utf8(bytes).unwrap();
        let mut lines: Vec<_> = text.lines().collect();
        for (from, to) in moves {
            let line = lines.remove(1 + from.index(lines.len() - 1));
            lines.insert(1 + to.index(lines.len()), line);
        }
        // The times are given anew, so that more than the order of times is tried.
        let timed: Vec<_> = lines.iter().enumerate().map(|(at, line)| retimed(line, at)).collect();
        is_kept_or_refused(timed.join("\n").as_bytes())?;
    }
}

fn retimed(line: &str, at: usize) -> String {
    match line
        .strip_prefix("{\"at\":")
        .and_then(|rest| rest.split_once(','))
    {
        Some((_, rest)) => format!("{{\"at\":{},{rest}", at * 50_000_000),
        None if line.starts_with("{\"upto\"") => format!("{{\"upto\":{}}}", at * 50_000_000),
        None => line.to_owned(),
    }
}

/// Whatever can be read keeps the law, and nothing behind it panics either.
fn is_kept_or_refused(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Ok(reading) = read(bytes) else {
        return Ok(());
    };
    let events = &reading.trace.events;
    prop_assert!(events.is_sorted_by_key(|event| event.at));
    prop_assert!(
        events
            .last()
            .is_none_or(|event| event.at <= reading.trace.upto)
    );
    let again = read(&text_of(&reading.trace)[..]).unwrap();
    prop_assert_eq!(&again.trace, &reading.trace);
    let timeline = Timeline::from_trace(reading.trace);
    let middle = timeline.moment_at(Nanos(timeline.end().0 / 2));
    let world = timeline.world_at(middle);
    prop_assert!(world.now <= timeline.end());
    Ok(())
}

/// Prints how fast a recording is opened; run it by hand, in release.
#[test]
#[ignore = "a measurement, not a proof"]
fn speed_of_opening() {
    let mut trace = rich(&[10]);
    let (task, thread) = (TaskId(0), ThreadId(0));
    trace.events.truncate(20);
    for number in 0..1_000_000_u64 {
        let at = Nanos(1_000_000_000 + number * 1_000);
        let kind = match number % 3 {
            0 => EventKind::PollStarted { task, thread },
            1 => EventKind::Woken {
                task,
                by: WakeCause::Timer,
            },
            _ => EventKind::PollEnded { task, thread },
        };
        trace.events.push(Event { at, kind });
    }
    trace.upto = Nanos(u64::MAX >> 8).min(Nanos(3_000_000_000));
    let bytes = text_of(&trace);
    let began = std::time::Instant::now();
    let count = read(&bytes[..]).unwrap().trace.events.len();
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{count} events, {:.2} million a second",
        count as f64 / seconds / 1e6
    );
}

#[test]
fn what_is_longer_than_anyone_reads_is_cut_with_a_mark() {
    let read_back = |characters: usize| {
        let name = "é".repeat(characters);
        let header = format!(r#"{{"loopscope":1,"story":{{"clients":[{{"name":"{name}"}}]}}}}"#);
        let lines = format!("{header}\n{{\"text\":\"{name}\"}}\n");
        let trace = read(lines.as_bytes()).unwrap().trace;
        (trace.story.clients[0].name.clone(), trace.texts[0].clone())
    };
    let (client, text) = read_back(limits::TEXT);
    assert_eq!(text, "é".repeat(limits::TEXT), "as long as it may be");
    assert!(client.ends_with("é… (2,000 characters)"), "{client}");
    assert_eq!(client.chars().count(), limits::NAME);
    let (_, text) = read_back(300_000);
    assert!(text.ends_with("é… (300,000 characters)"));
    assert_eq!(text.chars().count(), limits::TEXT);
    assert_eq!(loopscope::trace::short(&text, limits::TEXT), text);
    assert_eq!(loopscope::trace::short("tab 1", 5), "tab 1");
}
