//! A tokio program that nothing of ours is in: what is told of it from outside.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use loopscope::timeline::{Holder, Timeline};
use loopscope::trace::{BlockKind, EndReason, EventKind, Language, Nanos};
use loopscope::watch::{Listener, now, story};

const THRESHOLD: Duration = Duration::from_millis(50);
/// How long each command of the program holds its thread.
const LONG: f64 = 0.8;

/// The program that is looked at: an example of the crate that looks, built once.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let built = Command::new(env!("CARGO"))
            .args([
                "build",
                "--offline",
                "--workspace",
                "--example",
                "tokio_program",
            ])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status();
        assert!(built.expect("cargo").success(), "the example is built");
        let own = std::env::current_exe().expect("a path");
        let profile = own.ancestors().nth(2).expect("a folder");
        profile.join("examples/tokio_program")
    })
}

/// The program while it runs.
struct Running {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Running {
    fn start(words: &[&str]) -> Self {
        Self::of(Command::new(program()).args(words))
    }

    fn of(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let input = child.stdin.take();
        let running = Self {
            child,
            input,
            lines,
        };
        assert_eq!(running.line(), "ready");
        running
    }

    fn line(&self) -> String {
        self.lines
            .recv_timeout(Duration::from_secs(30))
            .expect("it says something")
    }

    fn says(&mut self, command: &str) {
        let input = self.input.as_mut().expect("its input");
        writeln!(input, "{command}").expect("it reads");
    }

    /// Whether all of its threads go on: none of them is stopped or traced.
    fn goes_on(&self) -> bool {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("threads");
        let mut states = tasks.flatten().map(|task| {
            let stat = std::fs::read_to_string(task.path().join("stat")).unwrap_or_default();
            stat.rsplit(") ")
                .next()
                .unwrap_or("")
                .starts_with(['t', 'T'])
        });
        !states.any(|stopped| stopped)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        // What looks at it may have to take note of the end of its threads first: it is not waited for here.
        let _ = self.child.try_wait();
    }
}

/// A program and what is told of it.
struct Watched {
    running: Running,
    listener: Listener,
    timeline: Timeline,
    kinds: Vec<EventKind>,
}

impl Watched {
    fn start(words: &[&str]) -> Self {
        Self::of(Running::start(words))
    }

    fn of(running: Running) -> Self {
        let mut listener = Listener::new(PathBuf::new(), THRESHOLD, true);
        listener
            .join_native(running.child.id(), now())
            .expect("it may be looked into");
        Self {
            running,
            listener,
            timeline: Timeline::new(story("tokio_program", THRESHOLD)),
            kinds: Vec::new(),
        }
    }

    fn look(&mut self) {
        let batch = self.listener.look(now(), None);
        self.kinds
            .extend(batch.events.iter().map(|event| event.kind));
        self.timeline.extend(batch);
        std::thread::sleep(Duration::from_millis(4));
    }

    /// Looks while the program does this, until it says that it is done, and a little longer.
    fn does(&mut self, command: &str) {
        self.running.says(command);
        let start = Instant::now();
        loop {
            self.look();
            if let Ok(line) = self.running.lines.try_recv() {
                assert!(line.starts_with(command), "{line}");
                break;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "{command}");
        }
        for _ in 0..40 {
            self.look();
        }
    }

    fn holders(&self) -> Vec<Holder> {
        self.timeline.holders(self.timeline.live())
    }

    /// The only place that held a loop: its line, how often and how.
    fn holder(&self) -> (String, Holder) {
        let mut holders = self.holders();
        assert_eq!(holders.len(), 1, "{holders:#?}");
        let holder = holders.remove(0);
        let step = holder.step.expect("a place");
        let place = loopscope::timeline::explain::line(&self.timeline, step, Language::Python);
        (place.expect("a line"), holder)
    }
}

/// `tokio_program.rs:12` of the line that holds this text.
fn line_of(text: &str) -> String {
    let source = include_str!("../../crates/loopscope-stack/examples/tokio_program.rs");
    let line = source
        .lines()
        .position(|line| line.contains(text))
        .expect("the line is there");
    format!("tokio_program.rs:{}", line + 1)
}

fn is_long(length: Nanos) -> bool {
    (LONG - 0.2..LONG + 0.4).contains(&length.as_secs_f64())
}

#[test]
fn a_line_holds_a_worker_by_what_it_does() {
    for words in [&["named"][..], &["current"][..]] {
        let mut watched = Watched::start(words);
        for _ in 0..3 {
            watched.does("tick");
        }
        let cases = [
            ("sleep", "    std::thread::sleep(LONG);", BlockKind::Sleep),
            ("lock", "SHARED.lock() {", BlockKind::Lock),
            ("read", "reader.read(&mut byte)", BlockKind::File),
        ];
        for (command, text, kind) in cases {
            watched.timeline = Timeline::new(story("tokio_program", THRESHOLD));
            let Watched { running, .. } = watched;
            watched = Watched::of(running);
            watched.does(command);
            let mut holders = watched.holders();
            // On one thread what holds the lock for a moment is a block of its own.
            holders.retain(|holder| is_long(holder.longest));
            assert_eq!(
                holders.len(),
                1,
                "{command} {words:?}: {:#?}",
                watched.holders()
            );
            let step = holders[0].step.expect("a place");
            let place =
                loopscope::timeline::explain::line(&watched.timeline, step, Language::Python);
            assert!(
                place.expect("a line").ends_with(&line_of(text)),
                "{command}"
            );
            assert_eq!(holders[0].kind, kind, "{command}");
        }
    }
}

#[test]
fn a_computation_holds_a_worker_and_many_short_polls_do_not() {
    for words in [&[][..], &["current"][..]] {
        let mut watched = Watched::start(words);
        // How it counts its polls is learned while it does little.
        for _ in 0..6 {
            watched.does("tick");
        }
        // On one thread the count may stay unknown, and many short polls are one then: docs/watching.md says it.
        if words.is_empty() {
            watched.does("hurry");
            assert_eq!(watched.holders(), []);
        }
        watched.does("cpu");
        let (place, holder) = watched.holder();
        assert!(place.contains("tokio_program.rs:"), "{place}");
        assert_eq!(holder.kind, BlockKind::Cpu);
        assert!(is_long(holder.longest), "{holder:?}");
    }
}

#[test]
fn a_job_holds_no_worker() {
    let mut watched = Watched::start(&[]);
    watched.does("job");
    assert_eq!(watched.holders(), []);
    let started = watched
        .kinds
        .iter()
        .filter(|kind| matches!(kind, EventKind::JobStarted { .. }));
    assert_eq!(started.count(), 1);
    let ended = watched
        .kinds
        .iter()
        .filter(|kind| matches!(kind, EventKind::JobEnded { .. }));
    assert_eq!(ended.count(), 1);
}

#[test]
fn a_program_that_is_killed_has_ended() {
    let mut watched = Watched::start(&[]);
    watched.running.says("cpu");
    for _ in 0..30 {
        watched.look();
    }
    watched.running.child.kill().expect("it is killed");
    let start = Instant::now();
    while watched.running.child.try_wait().expect("its end").is_none() {
        watched.look();
        assert!(start.elapsed() < Duration::from_secs(10));
    }
    while !watched.listener.running().is_empty() {
        watched.look();
        assert!(start.elapsed() < Duration::from_secs(10));
    }
    let batch = watched.listener.finish(now(), None, EndReason::Finished);
    watched.timeline.extend(batch);
    let world = watched.timeline.live();
    assert_eq!(world.ended, Some(EndReason::Finished));
    // What went on then has ended with it.
    assert!(watched.holders().iter().all(|holder| !holder.open));
}

#[test]
fn a_process_that_runs_another_program_is_another_one() {
    let mut command = Command::new("sh");
    let program = program().display();
    command.args([
        "-c",
        &format!("exec 3<&0; {program} <&3 & wait $!; exec sleep 20"),
    ]);
    // The program itself is what is looked at; its end and the shell's next program are none of it.
    let mut running = Running::of(&mut command);
    let shell = running.child.id();
    let found = loopscope_stack::proc::family::descendants(shell);
    let tokio: Vec<u32> = found
        .iter()
        .copied()
        .filter(|pid| loopscope_stack::is_tokio(*pid))
        .collect();
    assert_eq!(tokio.len(), 1, "{found:?}");
    assert_ne!(tokio[0], shell);
    let mut listener = Listener::new(PathBuf::new(), THRESHOLD, true);
    listener.look_below(shell);
    let start = Instant::now();
    while !listener.running().contains(&tokio[0]) {
        listener.look(now(), None);
        assert!(start.elapsed() < Duration::from_secs(10));
    }
    drop(running.input.take());
    let _ = Command::new("kill").arg(tokio[0].to_string()).status();
    while !listener.running().is_empty() {
        listener.look(now(), None);
        std::thread::sleep(Duration::from_millis(4));
        assert!(start.elapsed() < Duration::from_secs(20));
    }
}

#[test]
fn a_program_goes_on_where_the_one_that_looks_is_killed() {
    let mut running = Running::start(&[]);
    for _ in 0..5 {
        let pid = running.child.id().to_string();
        let mut loopscope = Command::new(env!("CARGO_BIN_EXE_loopscope"))
            .args(["attach", &pid, "--report", "--threshold", "1ms"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        running.says("cpu");
        std::thread::sleep(Duration::from_millis(300));
        loopscope.kill().expect("it is killed");
        loopscope.wait().expect("it has ended");
        assert!(running.line().starts_with("cpu"));
        assert!(running.goes_on());
    }
}

#[test]
fn threads_may_end_while_they_are_looked_at() {
    let mut watched = Watched::start(&[]);
    let ends = Instant::now() + Duration::from_secs(2);
    while Instant::now() < ends {
        watched.running.says("threads");
        watched.look();
    }
    // It answers still.
    watched.running.says("tick");
    let start = Instant::now();
    loop {
        watched.look();
        match watched.running.lines.try_recv() {
            Ok(line) if line.starts_with("tick") => break,
            _ => assert!(start.elapsed() < Duration::from_secs(30)),
        }
    }
    assert!(watched.running.goes_on());
}

#[test]
fn signals_reach_a_program_that_is_looked_at() {
    let mut watched = Watched::start(&[]);
    watched.running.says("cpu");
    let pid = watched.running.child.id().to_string();
    // SIGCONT is ignored, SIGTERM ends it; a real-time signal ends it, too.
    for _ in 0..20 {
        let _ = Command::new("kill").args(["-CONT", &pid]).status();
        watched.look();
    }
    let _ = Command::new("kill").args(["-RTMIN+3", &pid]).status();
    let start = Instant::now();
    let status = loop {
        watched.look();
        if let Some(status) = watched.running.child.try_wait().expect("its end") {
            break status;
        }
        assert!(start.elapsed() < Duration::from_secs(10));
    };
    use std::os::unix::process::ExitStatusExt;
    assert_eq!(status.signal(), Some(37));
}

#[test]
fn who_may_not_look_is_told_why() {
    let mut listener = Listener::new(PathBuf::new(), THRESHOLD, true);
    let error = listener
        .join_native(u32::MAX >> 1, now())
        .expect_err("none has it");
    assert!(
        error.to_string().contains("no process has the number"),
        "{error}"
    );
}
