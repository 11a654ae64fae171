//! The port as the screen uses it: a menu, a story, a run that talks, a recording that stays.

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::*;
use loopscope_trace::{Answer, Answers, EndReason, EventKind, Tally, recording};

fn hurried(record: Option<&Path>) -> Desk {
    let wish = Wish {
        speed: Some(50.0),
        ..Wish::default()
    };
    Desk::new(wish, record.map(Path::to_owned))
}

/// All events of a run until it says that it is over; `act` is called after each message.
fn events_of(messages: &Receiver<Message>, run: u32, mut act: impl FnMut(usize)) -> Vec<EventKind> {
    let began = Instant::now();
    let mut events = Vec::new();
    while !events
        .iter()
        .any(|kind| matches!(kind, EventKind::RunEnded { .. }))
    {
        assert!(began.elapsed() < Duration::from_secs(20), "the run goes on");
        if let Ok(Message::Batch { run: number, batch }) =
            messages.recv_timeout(Duration::from_secs(5))
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
    let mut desk = hurried(None);
    let menu = desk.menu();
    assert!(menu.len() >= 6);
    assert!(menu.iter().any(|entry| entry.search.contains("time.sleep")));
    let story = desk.open("blocking-sleep").unwrap();
    assert_eq!((story.id.as_str(), story.speed), ("blocking-sleep", 50.0));
    assert_eq!(desk.open("02").unwrap().id, story.id);
}

#[test]
fn a_wrong_wish_is_a_sentence() {
    let mut desk = hurried(None);
    let problem = desk.open("bloking-sleep").unwrap_err();
    assert!(problem.sentence.contains("did you mean blocking-sleep?"));
    let (sender, _messages) = channel();
    assert!(
        desk.run(1, &[], &Answers::default(), sender.clone())
            .is_err()
    );
    desk.open("awaited-sleep").unwrap();
    let knobs = [("nothing".to_owned(), 1)];
    assert!(desk.run(1, &knobs, &Answers::default(), sender).is_err());
    assert!(!desk.send_request());
}

#[test]
fn a_run_answers_one_more_request() {
    let mut desk = hurried(None);
    desk.open("awaited-sleep").unwrap();
    let (sender, messages) = channel();
    desk.run(7, &[], &Answers::default(), sender).unwrap();
    let mut sent = false;
    let events = events_of(&messages, 7, |_| {
        if !sent {
            sent = desk.send_request();
        }
    });
    assert!(sent);
    assert_eq!(answered(&events), 3);
}

#[test]
fn the_last_run_is_the_recording_that_stays() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("run.jsonl");
    let mut desk = hurried(Some(&target));
    desk.open("blocking-sleep").unwrap();
    let (sender, messages) = channel();
    desk.run(1, &[], &Answers::default(), sender.clone())
        .unwrap();
    // The first run is stopped by the second.
    desk.run(2, &[], &Answers::default(), sender).unwrap();
    events_of(&messages, 2, |_| {});
    let recordings = desk.recordings();
    drop(desk);
    recordings.settle().unwrap();
    let bytes = std::fs::read(&target).unwrap();
    let reading = recording::read(&bytes[..]).unwrap();
    assert_eq!(
        (reading.cut, reading.trace.ended()),
        (None, Some(EndReason::Finished))
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    let mut desk = hurried(None).with_recording(&reading.trace);
    let (sender, messages) = channel();
    let story = desk.run(3, &[], &Answers::default(), sender).unwrap();
    assert_eq!(story, reading.trace.story);
    assert_eq!(
        events_of(&messages, 3, |_| {}).len(),
        reading.trace.events.len()
    );
}

#[test]
fn a_stopped_run_ends_at_once() {
    let mut desk = Desk::new(Wish::default(), None);
    desk.open("blocking-sleep").unwrap();
    let (sender, messages) = channel();
    desk.run(1, &[], &Answers::default(), sender).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    let began = Instant::now();
    desk.stop();
    assert!(
        began.elapsed() < Duration::from_millis(50),
        "stop returns at once"
    );
    let events = events_of(&messages, 1, |_| {});
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
        answers.of_mut(0).hands.push(Tally(hands.to_vec()));
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
    let mut desk = hurried(Some(&place));
    desk.open("awaited-sleep").unwrap();
    let (sender, messages) = channel();
    desk.run(1, &[], &said(0, &[1]), sender).unwrap();
    desk.keep_answers(&said(1, &[1, 2]));
    events_of(&messages, 1, |_| ());
    let bytes = kept(&said(1, &[1, 2]));
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.lines().nth(1).unwrap().starts_with("{\"answers\""));
    // When it is over, hands are still counted.
    desk.keep_answers(&said(1, &[0, 3]));
    kept(&said(1, &[0, 3]));
    // Half a line, as a crash would leave it, is taken away by the next word.
    let half = std::fs::read(&place).unwrap();
    std::fs::write(&place, [&half[..], b"{\"answers\":[{\"ha"].concat()).unwrap();
    desk.keep_answers(&said(2, &[5]));
    kept(&said(2, &[5]));
    // A sweep over a knob stops whatever runs, and ends no discussion.
    desk.stop();
    desk.keep_answers(&said(0, &[7]));
    kept(&said(0, &[7]));
    let recordings = desk.recordings();
    drop(desk);
    recordings.settle().unwrap();
}

/// A recording that somebody has taken away is one sentence, and nothing else is touched.
#[test]
fn what_is_said_about_a_recording_that_is_gone_is_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("gone.jsonl");
    let mut desk = hurried(Some(&place));
    desk.open("awaited-sleep").unwrap();
    let (sender, messages) = channel();
    desk.run(1, &[], &Answers::default(), sender).unwrap();
    events_of(&messages, 1, |_| ());
    let began = Instant::now();
    while !place.exists() {
        assert!(began.elapsed() < Duration::from_secs(20), "no recording");
        std::thread::sleep(Duration::from_millis(10));
    }
    std::fs::write(&place, "mine").unwrap();
    desk.keep_answers(&Answers::default());
    let recordings = desk.recordings();
    drop(desk);
    let failure = recordings.settle().unwrap_err();
    assert!(matches!(failure, Failure::Io(text) if text.contains("gone.jsonl")));
    assert_eq!(std::fs::read_to_string(&place).unwrap(), "mine");
}

#[test]
fn a_file_that_is_gone_when_it_is_run_again_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    let ours = source::find("awaited-sleep").unwrap();
    std::fs::write(&file, ours.text).unwrap();
    let mut desk = Desk::new(Wish::default(), None);
    desk.open(file.to_str().unwrap()).unwrap();
    // From here on, so that no watcher is faster.
    let (told, sentences) = channel();
    desk.listen(told);
    std::fs::remove_file(&file).unwrap();
    for sentence in [true, false] {
        let (messages, _batches) = channel();
        desk.run(1, &[], &Answers::default(), messages).unwrap();
        let said = sentences.try_iter().count();
        assert_eq!(said, usize::from(sentence));
    }
}
