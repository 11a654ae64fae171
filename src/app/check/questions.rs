//! Holds a scenario's questions against its run: what is called right must be so, and nothing else.

use loopscope_timeline::{Timeline, prediction, verdict};
use loopscope_trace::{Answer, Choice, Expectation, How, Question};

/// What the file says about its questions that the run does not, a sentence each. Reasons, and
/// options in words, no run can prove. `slack` is what a moment may differ by, in scenario seconds.
pub(crate) fn failures(timeline: &Timeline, slack: f64) -> Vec<String> {
    let questions = timeline.story().questions.iter().enumerate();
    let before = questions.filter(|(_, question)| !question.after);
    let failures = before.flat_map(|(place, question)| {
        let name = format!("question {}", place + 1);
        let said = all(timeline, place, question, slack);
        said.into_iter().map(move |said| format!("{name}: {said}"))
    });
    failures.collect()
}

fn all(timeline: &Timeline, place: usize, question: &Question, slack: f64) -> Vec<String> {
    let mut failures = Vec::new();
    let printed = printed(timeline);
    match question.how {
        How::Choose => {}
        How::Order => failures.extend(order(question, &printed)),
        How::Number => {
            if prediction::measured(timeline, &question.number).is_none() {
                failures.push("the run gives no such number".to_owned());
            }
        }
    }
    let open = order_is_open(&timeline.story().expect);
    for (nth, option) in question.options.iter().enumerate() {
        let came = if open && !option.lines.is_empty() {
            Some(sorted(&printed) == sorted(&texts(&option.lines)))
        } else {
            verdict(timeline, place, &Answer::Option(nth)).and_then(|verdict| verdict.right)
        };
        let came = came.map(|came| came || option.right && near(timeline, question, option, slack));
        let say = &option.say;
        let seen = seen(timeline, question, &printed);
        match (came, option.right) {
            (Some(true), false) => {
                failures.push(format!(
                    "{say:?} is not marked right, and so it was: {seen}"
                ));
            }
            (Some(false), true) => {
                failures.push(format!("{say:?} is marked right, but it was {seen}"));
            }
            _ => {}
        }
    }
    failures
}

/// The lines to be put into order are those that are printed, and they stand in another one.
fn order(question: &Question, printed: &[&str]) -> Option<String> {
    let lines = texts(&question.lines);
    if sorted(&lines) != sorted(printed) {
        return Some(format!(
            "its lines are not those that are printed: {}",
            lines_in_words(printed)
        ));
    }
    (lines == printed).then(|| "its lines stand in the right order at first".to_owned())
}

/// Only which lines come is fixed, not in which order.
const fn order_is_open(expect: &Expectation) -> bool {
    expect.output.is_none() && expect.output_any_order.is_some()
}

/// On the real clock a right duration may differ by what the machine takes now and then.
fn near(timeline: &Timeline, question: &Question, option: &Choice, slack: f64) -> bool {
    let both = prediction::measured(timeline, &question.number).zip(option.number);
    both.is_some_and(|(seen, said)| question.number.near(seen, said, slack))
}

fn printed(timeline: &Timeline) -> Vec<&str> {
    let lines = timeline.outputs().iter();
    lines.map(|line| timeline.trace().text(line.text)).collect()
}

fn texts(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

fn sorted<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let mut lines = lines.to_vec();
    lines.sort_unstable();
    lines
}

fn seen(timeline: &Timeline, question: &Question, printed: &[&str]) -> String {
    let measured = prediction::measured(timeline, &question.number);
    match measured.filter(|_| question.how == How::Number) {
        Some(number) => prediction::figure(&question.number, number),
        None => lines_in_words(printed),
    }
}

fn lines_in_words(printed: &[&str]) -> String {
    const MOST: usize = 12;
    let mut words = prediction::together(&printed[..printed.len().min(MOST)]);
    if printed.len() > MOST {
        words.push_str(&format!(" … ({} lines)", printed.len()));
    }
    words
}
