//! An answer is held against the run, and the sentence says what was right.

use crate::common::{stories, traces};
use loopscope::timeline::{Timeline, Verdict, explain, prediction, verdict};
use loopscope::trace::{
    Actor, Answer, Answered, Answers, BlockKind, Choice, Event, EventKind, How, JobId, Knob, Nanos,
    Quantity, Question, TaskId, TaskRole, ThreadId, ThreadRole, Trace, WakeCause,
};

/// The trace that prints Hello bye Hello bye and takes 10 s, with this question alone.
fn asked(question: Question) -> Trace {
    let mut trace = traces::blocking_sleep();
    trace.story.questions = vec![question];
    trace
}

fn lines(words: &str) -> Vec<String> {
    words.split(' ').map(str::to_owned).collect()
}

fn order(known: &[(&str, &str)]) -> Question {
    let option = |(words, reply): &(&str, &str)| Choice {
        say: (*words).to_owned(),
        reply: Some((*reply).to_owned()),
        lines: lines(words),
        ..Choice::default()
    };
    Question {
        how: How::Order,
        lines: lines("bye bye Hello Hello"),
        options: known.iter().map(option).collect(),
        ..Question::default()
    }
}

fn number(quantity: Quantity, known: &[(f64, bool)]) -> Question {
    let option = |(number, right): &(f64, bool)| Choice {
        say: format!("{number}"),
        reply: (!right).then(|| "That is another story.".to_owned()),
        right: *right,
        number: Some(*number),
        ..Choice::default()
    };
    Question {
        how: How::Number,
        number: quantity,
        options: known.iter().map(option).collect(),
        ..Question::default()
    }
}

/// Right or not, the sentence and the reply.
fn worth(trace: Trace, answer: Answer) -> (Option<bool>, String, Option<String>) {
    let timeline = Timeline::from_trace(trace);
    let Verdict {
        right,
        sentence,
        reply,
        ..
    } = verdict(&timeline, 0, &answer).expect("there is such a question");
    (right, sentence, reply.map(str::to_owned))
}

fn result(trace: Trace, answers: &[Answer]) -> String {
    let said = Answered {
        answers: answers.to_vec(),
        ..Answered::default()
    };
    explain::result(&Timeline::from_trace(trace), &Answers(vec![said]))
}

#[test]
fn an_order_is_held_line_by_line() {
    let question = order(&[("Hello Hello bye bye", "That is what await does.")]);
    let worth = |words: &str| worth(asked(question.clone()), Answer::Lines(lines(words)));
    let (right, sentence, reply) = worth("Hello bye Hello bye");
    assert_eq!((right, reply), (Some(true), None));
    assert_eq!(sentence, "It was Hello bye Hello bye: all as you said.");
    let (right, sentence, reply) = worth("Hello Hello bye bye");
    assert_eq!(right, Some(false));
    assert_eq!(sentence, "It was Hello bye Hello bye: 2 of your 4 lines.");
    assert_eq!(reply.as_deref(), Some("That is what await does."));
    let (right, sentence, reply) = worth("bye bye Hello Hello");
    assert_eq!((right, reply), (Some(false), None));
    assert_eq!(
        sentence,
        "It was Hello bye Hello bye: 2 of your 4 lines. Your first line was bye; Hello was printed."
    );
    let (_, sentence, _) = worth("Hello bye Hello bye bye");
    assert!(
        sentence.ends_with("4 of your 5 lines. Your fifth line was bye; no such line came."),
        "{sentence}"
    );
    assert!(worth("Hello").1.contains("1 of your 1 lines, and 3 more"));
}

#[test]
fn the_line_that_differs_is_counted_in_ordinals() {
    let mut trace = asked(order(&[]));
    let prints = |event: &Event| matches!(event.kind, EventKind::Output { .. });
    let last = trace.events.iter().rposition(prints).expect("it prints");
    let more = vec![trace.events[last]; 120];
    trace.events.splice(last..last, more);
    let mut seen = lines("Hello bye Hello");
    seen.resize(124, "bye".to_owned());
    let sentences = [
        (2, "second"),
        (11, "11th"),
        (21, "21st"),
        (22, "22nd"),
        (23, "23rd"),
    ];
    for (place, ordinal) in sentences
        .into_iter()
        .chain([(111, "111th"), (112, "112th")])
    {
        let mut wrong = seen.clone();
        wrong[place - 1] = "never".to_owned();
        let (_, sentence, _) = worth(trace.clone(), Answer::Lines(wrong));
        let said = format!("Your {ordinal} line was never");
        assert!(sentence.contains(&said), "{sentence}");
    }
}

#[test]
fn nothing_is_right_before_the_run_is_over() {
    let mut trace = asked(order(&[]));
    let half = trace.events.len() / 2;
    trace.events.truncate(half);
    trace.upto = trace.events[half - 1].at;
    let timeline = Timeline::from_trace(trace);
    let answer = Answer::Lines(lines("Hello Hello bye bye"));
    let found = verdict(&timeline, 0, &answer).expect("a verdict");
    assert_eq!(found.right, None);
    let same: Vec<_> = found.lines.iter().map(|line| line.same).collect();
    assert_eq!(same[0], Some(true));
    assert_eq!(same[3], None, "{same:?}");
}

#[test]
fn an_elapsed_time_is_right_when_it_is_near() {
    let question = number(Quantity::Elapsed, &[(5.0, false), (10.0, true)]);
    let worth = |said| worth(asked(question.clone()), Answer::Number(said));
    let (right, sentence, reply) = worth(5.0);
    assert_eq!(right, Some(false));
    assert!(
        sentence.starts_with("You said 5s: it took 10"),
        "{sentence}"
    );
    assert_eq!(reply.as_deref(), Some("That is another story."));
    for (said, right) in [(9.6, true), (10.4, true), (9.4, false), (10.6, false)] {
        assert_eq!(worth(said).0, Some(right), "{said}");
    }
    let (right, sentence, reply) = worth(10.0);
    assert_eq!((right, reply), (Some(true), None));
    assert!(sentence.starts_with("You said 10s, and it took 10"));
    assert_eq!(prediction::figure(&Quantity::Elapsed, 0.025), "0.025s");
}

#[test]
fn slack_is_for_durations_alone() {
    let near = |one, other, slack| Quantity::Elapsed.near(one, other, slack);
    assert!(near(10.0, 10.5, 0.0) && near(10.5, 10.0, 0.0), "5 %");
    assert!(!near(10.0, 10.6, 0.05) && !near(10.6, 10.0, 0.05));
    assert!(near(0.1, 0.14, 0.05) && !near(0.1, 0.16, 0.05), "50 ms");
    assert!(!near(0.1, 0.14, 0.0));
    // A run that is hurried a hundredfold has 3 s of slack, and 38 lines are still not 40.
    assert!(near(30.0, 33.0, 3.0));
    for counted in [Quantity::Lines, Quantity::Variable("hits".to_owned())] {
        assert!(!counted.near(38.0, 40.0, 3.0) && counted.near(40.0, 40.0, 0.0));
    }
}

#[test]
fn a_short_run_may_differ_by_50_ms() {
    let worth = |said| {
        let mut trace = asked(number(Quantity::Elapsed, &[]));
        for event in &mut trace.events {
            event.at = Nanos(event.at.0 / 100);
        }
        trace.upto = Nanos(trace.upto.0 / 100);
        worth(trace, Answer::Number(said)).0
    };
    assert_eq!((worth(0.14), worth(0.17)), (Some(true), Some(false)));
}

#[test]
fn counts_must_be_the_same() {
    let question = number(Quantity::Lines, &[(4.0, true), (3.0, false)]);
    let worth = |said| worth(asked(question.clone()), Answer::Number(said));
    assert_eq!(worth(4.0).0, Some(true));
    assert_eq!(worth(4.0).1, "You said 4 lines, and 4 were printed.");
    assert_eq!(worth(5.0).0, Some(false));
    assert_eq!(worth(1.0).1, "You said 1 line: 4 were printed.");
    assert!(worth(3.0).2.is_some());
}

#[test]
fn with_a_knob_turned_only_the_run_decides() {
    let turned = |question| {
        let mut trace = asked(question);
        trace.story.knobs = vec![Knob {
            name: "seconds".into(),
            value: 2,
            default: 5,
            min: 1,
            max: 9,
        }];
        trace
    };
    let question = order(&[("Hello Hello bye bye", "That is what await does.")]);
    let answer = Answer::Lines(lines("Hello Hello bye bye"));
    let (right, sentence, reply) = worth(turned(question), answer);
    assert_eq!((right, reply), (Some(false), None));
    assert!(sentence.ends_with("Your second line was Hello; bye was printed."));
    let words = Question {
        options: vec![Choice {
            say: "never".into(),
            right: true,
            ..Choice::default()
        }],
        ..Question::default()
    };
    let found = worth(turned(words), Answer::Option(0));
    assert_eq!(found, (None, "You said never.".to_owned(), None));
}

#[test]
fn the_second_answer_counts_and_the_first_is_told() {
    let question = order(&[("Hello Hello bye bye", "That is what await does.")]);
    let first = Answer::Lines(lines("Hello Hello bye bye"));
    let second = Answer::Lines(lines("Hello bye Hello bye"));
    let said = result(asked(question.clone()), &[first.clone(), second.clone()]);
    assert!(
        said.starts_with(
            "It was Hello bye Hello bye: all as you said. First you said Hello Hello bye bye. "
        ),
        "{said}"
    );
    let said = result(asked(question.clone()), &[second.clone(), first]);
    assert!(said.contains("2 of your 4 lines. First you said Hello bye Hello bye. That is"));
    let said = result(asked(question), &[second.clone(), second]);
    assert!(!said.contains("First"), "{said}");
}

#[test]
fn the_answer_itself_is_for_who_was_right_or_said_nothing() {
    let shows = traces::blocking_sleep().story.shows;
    assert!(!shows.is_empty());
    let question = number(Quantity::Elapsed, &[(5.0, false)]);
    let said = |answers: &[Answer]| result(asked(question.clone()), answers);
    assert!(said(&[]).contains(&shows));
    assert!(said(&[Answer::Number(10.0)]).contains(&shows));
    assert!(!said(&[Answer::Number(5.0)]).contains(&shows));
    // Asked for the time, one is told it once.
    assert_eq!(said(&[Answer::Number(5.0)]).matches("took").count(), 1);
}

#[test]
fn an_answer_without_its_question_is_worth_nothing() {
    let timeline = Timeline::from_trace(asked(order(&[])));
    assert!(verdict(&timeline, 7, &Answer::Number(1.0)).is_none());
    assert!(verdict(&timeline, 0, &Answer::Option(9)).is_none());
}

/// A request whose handler computes for 5 s by its own clock, and for `seconds` by that of the wall.
fn computing(seconds: u64) -> Timeline {
    let mut play = traces::Play::server(stories::blocking_sleep());
    let (task, end) = (TaskId(2), seconds * 1_000_000);
    play.request(10, 0, 0, "/ping");
    play.accept(20, &[(0, task, TaskRole::Handler, "tab 1 /ping")]);
    play.poll_started(100, task);
    play.step(100, Actor::Task(task), 1);
    play.block(100, end, Actor::Task(task), ThreadId(0), BlockKind::Cpu);
    play.answered(end + 10, 0, "pong");
    play.task_ended(end + 20, task);
    Timeline::from_trace(play.end(end + 100))
}

#[test]
fn a_busy_machine_is_told_and_no_prediction_suffers_by_it() {
    let free = computing(5);
    assert_eq!(loopscope::timeline::busy(&free), None);
    assert!(!explain::result(&free, &Answers::default()).contains("machine"));
    let busy = computing(9);
    let words = explain::result(&busy, &Answers::default());
    assert!(
        words.contains("took 9.00s; on a free machine 5.00s."),
        "{words}"
    );
    assert!(
        words.contains("The machine was busy: 5.00s of computing took 8.99s."),
        "{words}"
    );
}

/// A loop that rests until a beat is due at 1 s, and is woken so many milliseconds later; `works` while a job has a thread.
fn woken_late(millis: u64, works: bool) -> Timeline {
    let mut play = traces::Play::server(stories::blocking_sleep());
    let (beat, thread) = (TaskId(1), ThreadId(0));
    play.poll_started(10, beat);
    play.push(15, EventKind::Beat { task: beat });
    play.waits_timer(20, beat, 1_000_000);
    play.poll_ended(20, beat);
    if works {
        play.job_queued(30, TaskId(0), 0);
        play.thread(31, ThreadId(1), ThreadRole::Pool, "pool-1");
        let (job, thread) = (JobId(0), ThreadId(1));
        play.push(32, EventKind::JobStarted { job, thread });
    }
    play.push(40, EventKind::Parked { thread });
    let at = 1_000_000 + millis * 1_000;
    play.push(at, EventKind::Unparked { thread });
    play.wake(at, beat, WakeCause::Timer);
    Timeline::from_trace(play.end(at + 100))
}

#[test]
fn a_beat_that_a_resting_loop_notices_late_shows_a_busy_machine() {
    let late = woken_late(80, false);
    let busy = loopscope::timeline::busy(&late).expect("it was late");
    assert!(
        (busy.late - 0.08).abs() < 1e-9 && busy.took == 0.0,
        "{busy:?}"
    );
    let words = explain::result(&late, &Answers::default());
    assert!(words.contains("noticed 0.08s late"), "{words}");
    assert!(!words.contains("on a free machine"), "{words}");
    assert_eq!(loopscope::timeline::busy(&woken_late(5, false)), None);
    // The run's own job may be why.
    assert_eq!(loopscope::timeline::busy(&woken_late(80, true)), None);
}

#[test]
fn a_computed_run_says_what_a_busy_machine_bends() {
    let mut busy = computing(9);
    busy.compare_with_computed(Nanos::from_secs(4));
    let words = explain::result(&busy, &Answers::default());
    assert!(
        words.contains("took 9.00s; on a free machine 4.00s."),
        "{words}"
    );
    let mut free = computing(5);
    free.compare_with_computed(Nanos::from_secs(4));
    let words = explain::result(&free, &Answers::default());
    assert!(!words.contains("free machine"), "{words}");
}

#[test]
fn many_runs_name_the_load_where_time_was_waited_for() {
    let mut spread = loopscope::timeline::Spread {
        pace: Some(20.0),
        ..Default::default()
    };
    assert_eq!(spread.how(), "at 20x");
    spread.add_load(3.4, 2);
    spread.add_load(0.5, 2);
    assert_eq!(spread.how(), "at 20x, load 3.4 on 2 cores");
    spread.pace = None;
    assert_eq!(spread.how(), "on the virtual clock");
}
