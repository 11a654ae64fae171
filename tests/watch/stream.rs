//! Real tokio programs with the one line: this binary starts itself as one of them.

use std::io::Read;
use std::os::unix::net::UnixListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use loopscope::probe;
use loopscope::trace::{EventKind, Outcome, TaskId, WakeCause};
use loopscope::watch::{Address, Exit, Join, Options, Watch};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::sleep;

use crate::written::Heard;

/// Says which program this binary is to be.
const WHICH: &str = "LOOPSCOPE_TEST_PROGRAM";
const PATIENCE: Duration = Duration::from_secs(60);

/// The programs that are watched; without its name in the environment it is none.
#[test]
#[ignore = "the program that the other tests watch"]
fn program() {
    let Ok(which) = env::var(WHICH) else { return };
    probe::install();
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_time();
    probe::watch_threads(&mut builder);
    let runtime = builder.build().expect("a runtime");
    match which.as_str() {
        "small" => runtime.block_on(small()),
        "block" => runtime.block_on(block()),
        "many" => runtime.block_on(many()),
        "again" => runtime.block_on(again()),
        "busy" => runtime.block_on(busy(400_000)),
        _ => runtime.block_on(endless()),
    }
    counts(&runtime);
}

/// What tokio itself has counted.
fn counts(runtime: &Runtime) {
    let metrics = runtime.metrics();
    // What the workers do last is counted when they go to sleep.
    thread::sleep(Duration::from_millis(50));
    let polls: u64 = (0..metrics.num_workers())
        .map(|worker| metrics.worker_poll_count(worker))
        .sum();
    println!("counted {polls} {} .", metrics.spawned_tasks_count());
}

async fn small() {
    let job = spawn_blocking(|| thread::sleep(Duration::from_millis(5)));
    let waits = tokio::spawn(async { drop(job.await) });
    let yields = tokio::spawn(async {
        for _ in 0..100 {
            yield_now().await;
        }
    });
    let mut all = vec![waits, yields];
    for _ in 0..50 {
        all.push(tokio::spawn(sleep(Duration::from_millis(3))));
    }
    let aborted = tokio::spawn(sleep(Duration::from_secs(60)));
    let panics = tokio::spawn(async { panic!("as it should") });
    for task in all {
        let _ = task.await;
    }
    let _ = panics.await;
    aborted.abort();
    let _ = aborted.await;
}

async fn block() {
    let blocks = tokio::spawn(async { thread::sleep(Duration::from_millis(400)) });
    let _ = blocks.await;
}

/// Blocks a worker again and again.
async fn again() {
    for _ in 0..200 {
        let blocks = tokio::spawn(async { thread::sleep(Duration::from_millis(200)) });
        let _ = blocks.await;
        sleep(Duration::from_millis(100)).await;
    }
}

async fn many() {
    let idle: Vec<_> = (0..10_000)
        .map(|_| tokio::spawn(sleep(Duration::from_secs(60))))
        .collect();
    for _ in 0..20 {
        let short: Vec<_> = (0..1_000).map(|_| tokio::spawn(async {})).collect();
        for task in short {
            let _ = task.await;
        }
    }
    drop(idle);
}

async fn busy(turns: u64) {
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            tokio::spawn(async move {
                for _ in 0..turns {
                    yield_now().await;
                }
            })
        })
        .collect();
    for task in tasks {
        let _ = task.await;
    }
}

/// As long as it is not ended.
async fn endless() {
    for _ in 0..4 {
        tokio::spawn(async {
            loop {
                for _ in 0..10 {
                    yield_now().await;
                }
                sleep(Duration::from_millis(2)).await;
            }
        });
    }
    sleep(PATIENCE * 5).await;
}

fn words() -> [String; 4] {
    let own = env::current_exe().expect("its path");
    let own = own.display().to_string();
    [
        own,
        "stream::program".into(),
        "--exact".into(),
        "--ignored".into(),
    ]
}

/// A program that is watched in a terminal of its own.
struct Played {
    watch: Watch,
    heard: Heard,
}

impl Played {
    fn start(which: &str) -> Self {
        let command = words().into_iter().chain(["--nocapture".to_owned()]);
        let mut options = Options::new(command.map(Into::into).collect());
        options.environment = vec![(WHICH.into(), which.into())];
        options.terminal = Some((200, 24));
        Self::of(options)
    }

    fn of(options: Options) -> Self {
        Self {
            watch: Watch::start(options).expect("it starts"),
            heard: Heard::default(),
        }
    }

    /// Listens until this is so; `false` where the program ended before.
    fn until(&mut self, is: impl Fn(&Heard) -> bool) -> bool {
        let start = Instant::now();
        while !is(&self.heard) {
            assert!(start.elapsed() < PATIENCE, "{:#?}", self.heard.last());
            match self.watch.batches().recv_timeout(PATIENCE) {
                Ok(batch) => self.heard.add(batch),
                Err(_) => return is(&self.heard),
            }
        }
        true
    }

    /// Polls and spawns as tokio itself has counted them.
    fn counted(&self) -> (usize, usize) {
        let written = String::from_utf8_lossy(&self.watch.written()).into_owned();
        let (_, counts) = written.rsplit_once("counted ").expect("it says them");
        let mut counts = counts
            .split_whitespace()
            .map(|count| count.parse().expect("a figure"));
        let mut next = || counts.next().expect("two");
        (next(), next())
    }
}

/// The tasks that were spawned, but not the future that the runtime runs: their ids, and the line in their names.
fn spawned(heard: &Heard) -> Vec<(TaskId, u32)> {
    let all = heard.events.iter().filter_map(|event| match event.kind {
        EventKind::TaskSpawned { task, name, .. } => Some((task, name)),
        _ => None,
    });
    let named = all.map(|(task, name)| {
        let name = &heard.texts[name.index()];
        let line = name
            .strip_prefix("stream.rs:")
            .unwrap_or_else(|| panic!("{name}"));
        (task, line.parse().expect("a line"))
    });
    let root = line_of("\"small\" => runtime.block_on(small())");
    named
        .filter(|(_, line)| *line < root || *line > root + 5)
        .collect()
}

/// The line of this file that holds a text first.
fn line_of(text: &str) -> u32 {
    let at = include_str!("stream.rs").find(text).expect("it is there");
    include_str!("stream.rs")[..at].matches('\n').count() as u32 + 1
}

fn count(heard: &Heard, is: impl Fn(&EventKind) -> bool) -> usize {
    heard.events.iter().filter(|event| is(&event.kind)).count()
}

#[test]
fn polls_and_spawns_are_those_that_tokio_counts() {
    let mut played = Played::start("small");
    played.until(|_| false);
    let heard = &played.heard;
    assert_eq!(played.watch.exit(), Some(Exit::Code(0)));
    let tasks = spawned(heard);
    let polls = count(
        heard,
        |kind| matches!(kind, EventKind::PollStarted { task, .. } if tasks.iter().any(|(own, _)| own == task)),
    );
    // A task that is cancelled is dropped in a turn of its own, which tokio counts, too.
    let cancelled = count(heard, |kind| {
        matches!(
            kind,
            EventKind::TaskEnded {
                outcome: Outcome::Cancelled,
                ..
            }
        )
    });
    assert_eq!(cancelled, 1, "{:#?}", heard.lines());
    assert_eq!((polls, tasks.len()), played.counted());
}

#[test]
fn ends_wakes_and_jobs_are_told() {
    let mut played = Played::start("small");
    played.until(|_| false);
    let heard = &played.heard;
    let ended = |outcome| {
        count(
            heard,
            |kind| matches!(kind, EventKind::TaskEnded { outcome: of, .. } if *of == outcome),
        )
    };
    let tasks = spawned(heard);
    assert_eq!(ended(Outcome::Panicked), 1);
    // The root, and all but the one that panicked and the one that was aborted.
    assert_eq!(ended(Outcome::Completed), tasks.len() - 1);
    let jobs = [
        count(heard, |kind| matches!(kind, EventKind::JobQueued { .. })),
        count(heard, |kind| matches!(kind, EventKind::JobStarted { .. })),
        count(heard, |kind| {
            matches!(
                kind,
                EventKind::JobEnded {
                    outcome: Outcome::Completed,
                    ..
                }
            )
        }),
    ];
    assert_eq!(jobs, [1, 1, 1]);
    assert_eq!(heard.fault(), None);
    let woken = |line: u32, is: fn(&WakeCause) -> bool| {
        let task = tasks
            .iter()
            .find(|(_, own)| *own == line)
            .expect("it was spawned")
            .0;
        count(
            heard,
            |kind| matches!(kind, EventKind::Woken { task: of, by } if *of == task && is(by)),
        )
    };
    let waits = line_of("let waits = tokio::spawn");
    assert_eq!(
        woken(waits, |by| matches!(by, WakeCause::Job(_))),
        1,
        "{:#?}",
        heard.lines()
    );
    let yields = line_of("let yields = tokio::spawn");
    // tokio wakes them a little later; on a busy machine much later.
    let itself = woken(yields, |by| *by == WakeCause::Itself);
    assert!(itself > 50, "{itself} of 100");
    assert!(count(heard, |kind| matches!(kind, EventKind::Parked { .. })) > 0);
}

#[test]
fn a_block_is_told_while_it_lasts() {
    let mut played = Played::start("block");
    let is_held = |kind: &EventKind| matches!(kind, EventKind::BlockStarted { .. });
    assert!(played.until(|heard| count(heard, is_held) > 0));
    let over = |heard: &Heard| count(heard, |kind| matches!(kind, EventKind::BlockEnded { .. }));
    assert_eq!(over(&played.heard), 0, "{:#?}", played.heard.lines());
    assert!(
        played.until(|heard| over(heard) == 1),
        "{:#?}",
        played.heard.lines()
    );
    let task = spawned(&played.heard)[0];
    assert_eq!(task.1, line_of("let blocks = tokio::spawn"));
}

#[test]
fn thousands_of_tasks_are_told_and_end() {
    let mut played = Played::start("many");
    played.until(|_| false);
    let heard = &played.heard;
    let lost = count(heard, |kind| matches!(kind, EventKind::Dropped { .. }));
    let spawned = count(heard, |kind| matches!(kind, EventKind::TaskSpawned { .. }));
    let ended = count(heard, |kind| matches!(kind, EventKind::TaskEnded { .. }));
    println!("{} events, {lost} times some were lost", heard.events.len());
    assert_eq!(ended, spawned);
    assert!(lost > 0 || spawned == 30_001, "{spawned}");
}

#[test]
fn it_may_be_killed_at_any_moment() {
    for wait in [0, 1, 500, 2_000] {
        let mut played = Played::start("endless");
        if wait > 0 {
            played.until(|heard| {
                count(heard, |kind| matches!(kind, EventKind::PollStarted { .. })) > wait
            });
        }
        played.watch.signal(9);
        played.until(|_| false);
        assert_eq!(played.watch.exit(), Some(Exit::Signal(9)));
        let heard = &played.heard;
        let ended = count(heard, |kind| {
            matches!(kind, EventKind::ProcessEnded { status: -9, .. })
        });
        assert_eq!(ended, usize::from(played.watch.heard()), "after {wait}");
        let (spawned, ended) = (
            count(heard, |kind| matches!(kind, EventKind::TaskSpawned { .. })),
            count(heard, |kind| matches!(kind, EventKind::TaskEnded { .. })),
        );
        assert_eq!(spawned, ended, "what was alive ended with it");
    }
}

fn child(which: &str, socket: &str) -> Child {
    let [own, rest @ ..] = words();
    let mut command = Command::new(own);
    command
        .args(rest)
        .env(WHICH, which)
        .env("LOOPSCOPE_SOCKET", socket);
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts")
}

/// One that never reads costs the program nothing but records.
#[test]
fn a_reader_that_never_reads_does_not_hold_the_program_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).expect("a socket");
    let mut child = child("busy", &path.display().to_string());
    let (mut stream, _) = listener.accept().expect("it comes");
    let began = Instant::now();
    while child.try_wait().expect("its state").is_none() {
        assert!(began.elapsed() < PATIENCE, "it waits for its reader");
        thread::sleep(Duration::from_millis(20));
    }
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).expect("what was under way");
    println!(
        "it ended after {:?}, {} bytes were under way",
        began.elapsed(),
        rest.len()
    );
    assert!(rest.len() < 64 << 20);
}

#[test]
fn one_that_waits_for_its_watcher_is_joined_and_joined_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    let address = Address::parse(&path.display().to_string()).expect("a path");
    let listens = format!("listen:{}", path.display());
    let mut first = child("endless", &listens);
    // What is alive already is told to one that comes later.
    thread::sleep(Duration::from_millis(300));
    let mut played = Played::of(Options::joining(Join::Address(address)));
    let polls = |heard: &Heard| count(heard, |kind| matches!(kind, EventKind::PollStarted { .. }));
    let spawns = |heard: &Heard| count(heard, |kind| matches!(kind, EventKind::TaskSpawned { .. }));
    assert!(played.until(|heard| polls(heard) > 1_000));
    assert_eq!(spawns(&played.heard), 5, "the root and four");
    first.kill().expect("killed");
    first.wait().expect("its end");
    let mut second = child("endless", &listens);
    assert!(played.until(|heard| spawns(heard) == 10 && polls(heard) > 5_000));
    let processes = count(&played.heard, |kind| {
        matches!(kind, EventKind::ProcessStarted { .. })
    });
    assert_eq!(processes, 2);
    // The watch leaves, the program goes on.
    played.watch.stop();
    played.until(|_| false);
    assert_eq!(second.try_wait().expect("its state"), None);
    second.kill().expect("killed");
    second.wait().expect("its end");
    assert!(fs::exists(&path).expect("looked up"));
}

/// The program as a user attaches to it: by the path of its socket, or by its port.
#[test]
fn attach_goes_to_an_address() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket").display().to_string();
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("its number").to_string();
    drop(free);
    for address in [path, port] {
        let mut program = child("again", &format!("listen:{address}"));
        let attached = Command::new(env!("CARGO_BIN_EXE_loopscope"))
            .args(["attach", &address, "--json", "--for", "3s"])
            .output()
            .expect("it runs");
        assert_eq!(program.try_wait().expect("its state"), None, "it goes on");
        program.kill().expect("killed");
        program.wait().expect("its end");
        let error = String::from_utf8_lossy(&attached.stderr);
        assert_eq!(attached.status.code(), Some(0), "{address}: {error}");
        let report: serde_json::Value =
            serde_json::from_slice(&attached.stdout).expect("an object");
        assert_eq!(report["command"], serde_json::json!([address]));
        let held = report["held"].as_array().expect("rows");
        assert!(held.iter().any(|row| row["kind"] == "sleep"), "{report}");
        let longest = report["held"][0]["longest"].as_f64().expect("a length");
        assert!(longest > 0.1, "{report}");
    }
}

#[test]
fn an_address_where_none_waits_is_told() {
    let attached = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(["attach", "/nowhere/socket", "--report", "--for", "100ms"])
        .output()
        .expect("it runs");
    let error = String::from_utf8_lossy(&attached.stderr);
    assert!(
        error.contains("no program waits at /nowhere/socket"),
        "{error}"
    );
    for wrong in ["0", "-1", "app", "10.0.0.1:80", "listen:x"] {
        let attached = Command::new(env!("CARGO_BIN_EXE_loopscope"))
            .args(["attach", "--report", "--", wrong])
            .output()
            .expect("it runs");
        assert_eq!(attached.status.code(), Some(2), "{wrong}");
    }
}
