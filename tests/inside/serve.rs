//! The entrance as whoever asks uses it: a menu, a story, a run that talks, a recording that stays.

#[path = "serve_keys.rs"]
mod keys;

use std::path::Path;
use std::time::{Duration, Instant};

use super::*;
use crate::app::library::find;
use crate::app::serve::ask;
use loopscope_lab::engine::Program;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::reply::Slot;
use loopscope_trace::{Answer, Answers, EndReason, EventKind, Tally, recording};

/// Whoever asks in these tests.
struct Asker(Client);

impl Asker {
    fn of(config: Config) -> Self {
        Self(connect(config).unwrap())
    }

    fn hurried(record: Option<&Path>) -> Self {
        let wish = RunChoices {
            speed: Some(50.0),
            ..RunChoices::default()
        };
        Self::of(Config::new(wish, record.map(Path::to_owned)))
    }

    fn ask(&self, request: Request) {
        self.0.requests.send(request).unwrap();
    }

    fn open(&self, name: &str) -> Result<Story, Failure> {
        ask::open(&self.0, name)
    }

    fn ask_run(&self, number: u32, knobs: &[(String, i64)], answers: Answers) {
        self.ask(Request::Run {
            slot: Slot::Only,
            number,
            knobs: knobs.to_vec(),
            answers,
        });
    }

    /// Runs, and waits until it has begun.
    fn run(&self, number: u32, knobs: &[(String, i64)], answers: Answers) -> Result<Story, String> {
        self.ask_run(number, knobs, answers);
        loop {
            if let Reply::Started { run, result, .. } = self.next()
                && run == number
            {
                return result.map(|story| *story).map_err(|why| why.sentence);
            }
        }
    }

    fn next(&self) -> Reply {
        self.0
            .replies
            .recv_timeout(Duration::from_secs(10))
            .unwrap()
    }

    fn send_request(&self) -> bool {
        self.ask(Request::SendRequest);
        loop {
            if let Reply::Sent(sent) = self.next() {
                return sent;
            }
        }
    }

    fn leave(self) -> Result<(), Problem> {
        ask::leave(&self.0).unwrap().recording
    }
}

/// A program that takes its time, and then ends without a word.
fn slow_child(folder: &Path) -> Program {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join("slow-child");
    std::fs::write(&path, "#!/bin/sh\nsleep 2\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    Program(path)
}

#[test]
fn answers_come_while_a_child_is_slow_to_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(RunChoices::default(), None);
    config.program = Some(slow_child(folder.path()));
    let asker = Asker::of(config);
    asker.open("workers").unwrap();
    asker.ask_run(1, &[], Answers::default());
    asker.ask(Request::Hello);
    assert!(matches!(asker.next(), Reply::Hello(_)));
    asker.ask(Request::Turn(Vec::new()));
    assert!(matches!(asker.next(), Reply::Turned(Ok(_))));
    let started = asker.next();
    assert!(
        matches!(started, Reply::Started { result: Err(_), .. }),
        "{started:?}"
    );
}

/// All events of a run until it says that it is over; `act` is called after each message.
fn events_of(asker: &Asker, run: u32, mut act: impl FnMut(usize)) -> Vec<EventKind> {
    let began = Instant::now();
    let mut events = Vec::new();
    while !events
        .iter()
        .any(|kind| matches!(kind, EventKind::RunEnded { .. }))
    {
        assert!(began.elapsed() < Duration::from_secs(20), "the run goes on");
        if let Reply::Batch { run: number, batch } = asker.next()
            && number == run
        {
            events.extend(batch.events.iter().map(|event| event.kind));
        }
        act(events.len());
    }
    events
}

fn answered(events: &[EventKind]) -> usize {
    let is_answer = |kind: &&EventKind| matches!(kind, EventKind::RequestAnswered { .. });
    events.iter().filter(is_answer).count()
}

#[test]
fn the_menu_and_a_story() {
    let desk = Asker::hurried(None);
    let menu = find::rows();
    assert!(menu.len() >= 6);
    assert!(
        menu.iter()
            .any(|entry| entry.search.rank("time.sleep").is_some())
    );
    let story = desk.open("blocking-sleep").unwrap();
    assert_eq!((story.id.as_str(), story.speed), ("blocking-sleep", 50.0));
    assert_eq!(desk.open("02").unwrap().id, story.id);
}

#[test]
fn a_wrong_wish_is_a_sentence() {
    let desk = Asker::hurried(None);
    let Failure::Refused(problem) = desk.open("bloking-sleep").unwrap_err() else {
        panic!("it is refused");
    };
    assert_eq!(problem.code, 2);
    assert!(problem.sentence.contains("did you mean blocking-sleep?"));
    assert!(desk.run(1, &[], Answers::default()).is_err());
    desk.open("awaited-sleep").unwrap();
    let knobs = [("nothing".to_owned(), 1)];
    assert!(desk.run(1, &knobs, Answers::default()).is_err());
    assert!(!desk.send_request());
}

#[test]
fn a_run_answers_one_more_request() {
    let desk = Asker::hurried(None);
    desk.open("awaited-sleep").unwrap();
    desk.run(7, &[], Answers::default()).unwrap();
    let mut sent = false;
    let events = events_of(&desk, 7, |_| {
        if !sent {
            sent = true;
            desk.ask(Request::SendRequest);
        }
    });
    assert!(sent);
    assert_eq!(answered(&events), 3);
}

#[test]
fn the_last_run_is_the_recording_that_stays() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("run.jsonl");
    let desk = Asker::hurried(Some(&target));
    desk.open("blocking-sleep").unwrap();
    desk.run(1, &[], Answers::default()).unwrap();
    // The first run is stopped by the second.
    desk.run(2, &[], Answers::default()).unwrap();
    events_of(&desk, 2, |_| {});
    desk.leave().unwrap();
    let bytes = std::fs::read(&target).unwrap();
    let reading = recording::read(&bytes[..]).unwrap();
    assert_eq!(
        (reading.cut, reading.trace.ended()),
        (None, Some(EndReason::Finished))
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    let desk = Asker::hurried(None);
    ask::open_recording(&desk.0, &target).unwrap();
    let story = desk.run(3, &[], Answers::default()).unwrap();
    assert_eq!(story, reading.trace.story);
    assert_eq!(
        events_of(&desk, 3, |_| {}).len(),
        reading.trace.events.len()
    );
}

#[test]
fn a_stopped_run_ends_at_once() {
    let desk = Asker::of(Config::new(RunChoices::default(), None));
    desk.open("blocking-sleep").unwrap();
    desk.run(1, &[], Answers::default()).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    let began = Instant::now();
    desk.ask(Request::Stop);
    assert!(
        began.elapsed() < Duration::from_millis(50),
        "stop returns at once"
    );
    let events = events_of(&desk, 1, |_| {});
    let stopped = EventKind::RunEnded {
        reason: EndReason::Stopped,
    };
    assert!(events.contains(&stopped));
    assert!(began.elapsed() < Duration::from_secs(2));
}

/// What was said before, during and after a run is in its recording, and the last word counts.
#[test]
fn what_people_say_is_kept_with_the_recording() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("said.jsonl");
    let said = |option, hands: &[u32]| {
        let mut answers = Answers::default();
        answers.of_mut(0).answers.push(Answer::Option(option));
        answers.of_mut(0).tallies.push(Tally(hands.to_vec()));
        answers
    };
    let kept = |wanted: &Answers| {
        let began = Instant::now();
        loop {
            let bytes = std::fs::read(&place).unwrap_or_default();
            if let Ok(reading) = recording::read(&bytes[..])
                && reading.trace.answers == *wanted
            {
                assert_eq!(reading.cut, None);
                return bytes;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "it is not kept");
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    let desk = Asker::hurried(Some(&place));
    desk.open("awaited-sleep").unwrap();
    desk.run(1, &[], said(0, &[1])).unwrap();
    desk.ask(Request::KeepAnswers(said(1, &[1, 2])));
    events_of(&desk, 1, |_| ());
    let bytes = kept(&said(1, &[1, 2]));
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.lines().nth(1).unwrap().starts_with("{\"answers\""));
    // When it is over, hands are still counted.
    desk.ask(Request::KeepAnswers(said(1, &[0, 3])));
    kept(&said(1, &[0, 3]));
    // Half a line, as a crash would leave it, is taken away by the next word.
    let half = std::fs::read(&place).unwrap();
    std::fs::write(&place, [&half[..], b"{\"answers\":[{\"ha"].concat()).unwrap();
    desk.ask(Request::KeepAnswers(said(2, &[5])));
    kept(&said(2, &[5]));
    // A sweep over a knob stops whatever runs, and ends no discussion.
    desk.ask(Request::Stop);
    desk.ask(Request::KeepAnswers(said(0, &[7])));
    kept(&said(0, &[7]));
    desk.leave().unwrap();
}

/// A recording that somebody has taken away is one sentence, and nothing else is touched.
#[test]
fn what_is_said_about_a_recording_that_is_gone_is_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("gone.jsonl");
    let desk = Asker::hurried(Some(&place));
    desk.open("awaited-sleep").unwrap();
    desk.run(1, &[], Answers::default()).unwrap();
    events_of(&desk, 1, |_| ());
    let began = Instant::now();
    while !place.exists() {
        assert!(began.elapsed() < Duration::from_secs(20), "no recording");
        std::thread::sleep(Duration::from_millis(10));
    }
    std::fs::write(&place, "mine").unwrap();
    desk.ask(Request::KeepAnswers(Answers::default()));
    let problem = desk.leave().unwrap_err();
    assert_eq!(problem.code, 4);
    assert!(problem.sentence.contains("gone.jsonl"));
    assert_eq!(std::fs::read_to_string(&place).unwrap(), "mine");
}

#[test]
fn a_file_that_is_gone_when_it_is_run_again_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    let ours = find::find("awaited-sleep").unwrap();
    std::fs::write(&file, ours.text).unwrap();
    let mut config = Config::new(RunChoices::default(), None);
    config.follows = true;
    let desk = Asker::of(config);
    desk.open(file.to_str().unwrap()).unwrap();
    std::fs::remove_file(&file).unwrap();
    for sentence in [true, false] {
        desk.ask_run(1, &[], Answers::default());
        let mut said = 0;
        loop {
            match desk.next() {
                Reply::Notice(_) => said += 1,
                Reply::Started { result, .. } => {
                    result.unwrap();
                    break;
                }
                _ => {}
            }
        }
        assert_eq!(said, usize::from(sentence));
    }
}
