//! Real Python programs, where `python3` is there: nothing but asyncio.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{fs, io};

use loopscope::trace::{Actor, BlockKind, Event, EventKind, LateRow, Outcome, TaskId};
use loopscope::watch::{Exit, Options, Watch, WatchError};

use crate::written::Heard;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("python")
}

/// The Python files, where they and a Python are there to run.
fn python() -> Option<Vec<(String, std::borrow::Cow<'static, [u8]>)>> {
    let there = Command::new("python3")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    let mut files = Vec::new();
    for folder in ["inject", "loopscope"] {
        add(&root().join(folder), &mut files).ok()?;
    }
    if !there {
        println!("without python3 nothing is tested here");
    }
    there.then_some(files)
}

fn add(
    folder: &Path,
    files: &mut Vec<(String, std::borrow::Cow<'static, [u8]>)>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "py") {
            let name = path
                .strip_prefix(root())
                .expect("it is below")
                .display()
                .to_string();
            files.push((name, fs::read(&path)?.into()));
        }
    }
    Ok(())
}

/// A program that is watched in a terminal of its own.
struct Played {
    folder: tempfile::TempDir,
    watch: Watch,
    heard: Heard,
}

impl Played {
    /// `None` where there is no Python.
    fn start(program: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("app.py"), program).expect("a program");
        let mut options = Options::new(vec!["python3".into(), "app.py".into()]);
        options.python = python()?;
        options.folder = Some(folder.path().to_owned());
        options.terminal = Some((80, 24));
        Some(Self {
            watch: Watch::start(options).expect("it starts"),
            folder,
            heard: Heard::default(),
        })
    }

    /// Listens until this is so, or the program has ended.
    fn until(&mut self, is: impl Fn(&Heard) -> bool) -> bool {
        let start = Instant::now();
        while !is(&self.heard) {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "{:#?}",
                self.heard.lines()
            );
            match self.watch.batches().recv_timeout(Duration::from_secs(60)) {
                Ok(batch) => self.heard.add(batch),
                Err(_) => return is(&self.heard),
            }
        }
        true
    }

    fn play_on(&mut self) {
        self.until(|_| false);
    }

    /// The line of the user's at which an actor is held that is held by this.
    fn line_of(&self, kind: BlockKind) -> Option<u32> {
        let blocked = self.heard.events.iter().find_map(|event| match event.kind {
            EventKind::BlockStarted {
                actor, kind: of, ..
            } if of == kind => Some((event.at, actor)),
            _ => None,
        });
        let (at, by) = blocked?;
        let mut steps = self
            .heard
            .events
            .iter()
            .filter(|event| event.at <= at)
            .rev();
        let step = steps.find_map(|event| match event.kind {
            EventKind::StepEntered { actor, step } if actor == by => Some(step),
            _ => None,
        })?;
        let mut rows = self.heard.rows.iter().filter_map(|row| match row {
            LateRow::Step(step) => Some(step.line.python),
            _ => None,
        });
        rows.nth(step.index())
    }
}

fn blocks(heard: &Heard) -> impl Iterator<Item = (&Event, Actor, BlockKind)> {
    heard.events.iter().filter_map(|event| match event.kind {
        EventKind::BlockStarted { actor, kind, .. } => Some((event, actor, kind)),
        _ => None,
    })
}

#[test]
fn a_sleep_in_a_coroutine_is_a_block_at_its_line() {
    let Some(mut played) = Played::start(
        "import asyncio, time\n\nasync def ping():\n    await asyncio.sleep(0.01)\n    time.sleep(1.5)\n\nasyncio.run(ping())\n",
    ) else {
        return;
    };
    let seen = played.until(|heard| blocks(heard).next().is_some());
    assert!(seen, "{:#?}", played.heard.lines());
    let ended = |heard: &Heard| {
        heard
            .events
            .iter()
            .any(|event| matches!(event.kind, EventKind::TaskEnded { .. }))
    };
    assert!(!ended(&played.heard), "it was told while it lasted");
    assert_eq!(played.line_of(BlockKind::Sleep), Some(5));
    let turn = played
        .heard
        .events
        .iter()
        .rev()
        .find(|event| matches!(event.kind, EventKind::PollStarted { .. }));
    let (block, actor, _) = blocks(&played.heard).next().expect("a block");
    assert_eq!(
        block.at,
        turn.expect("a turn").at,
        "from the beginning of its turn"
    );
    assert_eq!(actor, Actor::Task(TaskId(0)));
    played.play_on();
    assert_eq!(
        blocks(&played.heard).count(),
        1,
        "{:#?}",
        played.heard.lines()
    );
    assert_eq!(played.watch.exit(), Some(Exit::Code(0)));
    assert!(ended(&played.heard));
}

#[test]
fn a_computation_and_a_pool_are_told_apart() {
    let program = "import asyncio, time\n\ndef slow():\n    time.sleep(0.6)\n\nasync def main():\n    job = asyncio.create_task(asyncio.to_thread(slow))\n    \
        await asyncio.sleep(0.05)\n    end = time.monotonic() + 0.5\n    n = 0\n    while time.monotonic() < end:\n        n += 1\n    await job\n    print('over', n > 0)\n\nasyncio.run(main())\n";
    let Some(mut played) = Played::start(program) else {
        return;
    };
    played.play_on();
    let all = played.heard.lines().join("\n");
    let job = blocks(&played.heard).find(|(_, actor, _)| matches!(actor, Actor::Job(_)));
    assert_eq!(
        job.map(|(_, _, kind)| kind),
        Some(BlockKind::Sleep),
        "{all}"
    );
    let task = blocks(&played.heard).find(|(_, actor, _)| matches!(actor, Actor::Task(_)));
    assert_eq!(task.map(|(_, _, kind)| kind), Some(BlockKind::Cpu), "{all}");
    let line = played.line_of(BlockKind::Cpu);
    assert!(matches!(line, Some(11 | 12)), "{line:?}\n{all}");
    assert_eq!(played.line_of(BlockKind::Sleep), Some(4), "{all}");
    assert!(all.contains(r#""text":"over True""#), "{all}");
    // A viewer that follows learns from when on there is such a pool, before the first job for it.
    let place = |what: &str| all.find(what).unwrap_or_else(|| panic!("{what}: {all}"));
    assert!(place(r#"{"pool_resized":{"pool":1,"#) < place(r#""job_queued""#));
    assert!(
        all.contains(r#""outcome":"completed""#) && !all.contains("panicked"),
        "{all}"
    );
}

#[test]
fn a_program_that_is_killed_has_told_all_until_then() {
    let Some(mut played) = Played::start(
        "import asyncio, os, signal\n\nasync def main():\n    print('here')\n    await asyncio.sleep(0.05)\n    os.kill(os.getpid(), signal.SIGKILL)\n\nasyncio.run(main())\n",
    ) else {
        return;
    };
    played.play_on();
    assert_eq!(played.watch.exit(), Some(Exit::Signal(9)));
    let all = played.heard.lines().join("\n");
    assert!(all.contains(r#""text":"here""#), "{all}");
    assert!(all.contains(r#""status":-9"#), "{all}");
    let waits = played
        .heard
        .events
        .iter()
        .any(|event| matches!(event.kind, EventKind::WaitingTimer { .. }));
    assert!(waits, "{all}");
    assert!(!played.heard.events.iter().any(|event| matches!(
        event.kind,
        EventKind::TaskEnded {
            outcome: Outcome::Completed,
            ..
        }
    )));
}

#[test]
fn a_connection_that_is_not_accepted_waits_in_the_backlog() {
    let program = "import asyncio, time\n\nasync def serve(reader, writer):\n    await reader.read(1)\n    time.sleep(1.5)\n    writer.close()\n\n\
        async def main():\n    server = await asyncio.start_server(serve, '127.0.0.1', 0)\n    print('port', server.sockets[0].getsockname()[1])\n    await asyncio.sleep(3)\n\nasyncio.run(main())\n";
    let Some(mut played) = Played::start(program) else {
        return;
    };
    let port = |heard: &Heard| {
        heard
            .texts
            .iter()
            .find_map(|text| text.strip_prefix("port ")?.parse::<u16>().ok())
    };
    assert!(played.until(|heard| port(heard).is_some()));
    let port = port(&played.heard).expect("a port");
    let connect = || std::net::TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    let mut first = connect();
    std::io::Write::write_all(&mut first, b"x").expect("sent");
    assert!(played.until(|heard| blocks(heard).any(|(_, _, kind)| kind == BlockKind::Sleep)));
    let second = connect();
    let name = format!(":{}", second.local_addr().expect("its own end").port());
    let sent = |heard: &Heard| {
        let sent = |event: &Event| matches!(event.kind, EventKind::RequestSent { route, .. } if heard.texts[route.index()] == name);
        heard.events.iter().any(sent)
    };
    let held = |heard: &Heard| {
        !heard
            .events
            .iter()
            .any(|event| matches!(event.kind, EventKind::BlockEnded { .. }))
    };
    assert!(
        played.until(sent) && held(&played.heard),
        "{:#?}",
        played.heard.lines()
    );
    played.play_on();
    let all = played.heard.lines().join("\n");
    assert!(all.contains(r#""text":"accepted""#), "{all}");
}

#[test]
fn a_program_is_stopped_started_again_and_leaves_nothing_behind() {
    let Some(mut played) =
        Played::start("import asyncio\nprint('up', flush=True)\nasyncio.run(asyncio.sleep(60))\n")
    else {
        return;
    };
    let runs = |heard: &Heard| {
        heard
            .events
            .iter()
            .any(|event| matches!(event.kind, EventKind::Parked { .. }))
    };
    assert!(played.until(runs));
    let pid = played.watch.pid();
    assert_eq!(played.watch.pids(), [pid]);
    played.watch.restart().expect("it starts again");
    assert_ne!(played.watch.pid(), pid);
    assert!(!Path::new(&format!("/proc/{pid}")).exists());
    played.heard = Heard::default();
    assert!(played.until(runs));
    let written = String::from_utf8_lossy(&played.watch.written()).into_owned();
    assert!(written.contains("up"), "{written}");
    let pid = played.watch.pid();
    played.watch.stop();
    played.play_on();
    assert!(played.watch.exit().is_some());
    assert!(!Path::new(&format!("/proc/{pid}")).exists());
    let Played { folder, watch, .. } = played;
    drop(watch);
    drop(folder);
}

#[test]
fn what_cannot_be_started_is_said_with_a_cure() {
    let nothing = Watch::start(Options::new(Vec::new()));
    assert!(matches!(nothing, Err(WatchError::NoCommand)));
    for terminal in [None, Some((80, 24))] {
        let mut options = Options::new(vec!["no-such-program-anywhere".into()]);
        options.terminal = terminal;
        let error = Watch::start(options).expect_err("none").to_string();
        assert!(
            error.contains("no-such-program-anywhere") && error.contains("check its name"),
            "{error}"
        );
        // A file that is no program.
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("app.py"), "").expect("a file");
        let mut options = Options::new(vec!["./app.py".into()]);
        options.folder = Some(folder.path().to_owned());
        options.terminal = terminal;
        assert!(Watch::start(options).is_err());
    }
}
