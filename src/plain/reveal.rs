//! What is said after a run: the result, the prediction beside it, hands, and the ways on.

use crate::plain::state::Dialogue;
use crate::plain::{list, question};
use loopscope_protocol::menu::{Mark, MenuEntry, Remember};
use loopscope_protocol::practice;
use loopscope_timeline as timeline;
use loopscope_timeline::{Timeline, explain, prediction};
use loopscope_trace::{Answer, Answered, Answers, EndReason, Question};

/// A prediction of more lines is told only where it differs.
const LINES: usize = 12;

/// The result and all that follows from it, up to what is asked next.
pub(crate) fn lines(timeline: &Timeline, answers: &Answers) -> Vec<String> {
    let story = timeline.story();
    let mut out = vec!["The result.".to_owned()];
    out.extend(sentences(&explain::result(timeline, answers)));
    for (place, asked) in story.questions.iter().enumerate() {
        if let Some(said) = answers.of(place).filter(|_| !asked.after) {
            let answer = said.answer();
            out.extend(
                answer
                    .into_iter()
                    .flat_map(|it| line_by_line(timeline, place, it)),
            );
            out.extend(hands(timeline, place, said));
        }
    }
    if let Some(remedy) = &story.remedy {
        out.push(format!("What to change: {remedy}"));
    }
    if let Some(differs) = &story.differs {
        out.push(format!("Real Python differs: {differs}"));
    }
    out
}

/// How this run came out, to be remembered; nothing where it did not come to its own end.
pub(crate) fn mark(timeline: &Timeline, answers: &Answers) -> Option<Remember> {
    let story = timeline.story();
    if timeline.ended()? == EndReason::Stopped {
        return None;
    }
    let asked = story.questions.iter().enumerate();
    let asked = asked.filter(|(_, asked)| !asked.after);
    let said = |place: usize| answers.of(place)?.answer();
    let verdicts = asked.clone().filter_map(|(place, _)| {
        let answer = said(place)?;
        Some(timeline::verdict(timeline, place, answer).and_then(|verdict| verdict.right))
    });
    let right = prediction::all_right(verdicts);
    let first = asked.clone().next();
    Some(Remember::Ended {
        scenario: story.id.clone(),
        mark: match right {
            None => Mark::Seen,
            Some(true) => Mark::Right,
            Some(false) => Mark::Wrong,
        },
        prediction: first
            .and_then(|(place, asked)| Some(prediction::in_words(asked, said(place)?))),
    })
}

/// The predicted lines beside the printed ones.
fn line_by_line(timeline: &Timeline, question: usize, answer: &Answer) -> Vec<String> {
    let Some(verdict) = timeline::verdict(timeline, question, answer) else {
        return Vec::new();
    };
    let predicted = verdict.lines;
    if predicted.is_empty() {
        return Vec::new();
    }
    let printed = timeline.outputs().iter();
    let printed: Vec<&str> = printed
        .map(|line| timeline.trace().text(line.text))
        .collect();
    let count = predicted.len().max(printed.len());
    let mut out = Vec::new();
    for place in 0..count {
        let number = place + 1;
        let line = match (predicted.get(place), printed.get(place)) {
            (Some(yours), _) if yours.same == Some(true) && count > LINES => continue,
            (Some(yours), _) if yours.same == Some(true) => {
                format!("Line {number} was {}, as you said.", yours.text)
            }
            (Some(yours), Some(real)) => {
                format!("Line {number} was {real}; you said {}.", yours.text)
            }
            (None, Some(real)) => format!("Line {number} was {real}; you said nothing."),
            (Some(yours), None) => format!("Line {number} never came; you said {}.", yours.text),
            (None, None) => continue,
        };
        if out.len() >= 2 * LINES {
            out.push(format!("And so on, {count} lines in all."));
            break;
        }
        out.push(line);
    }
    out
}

/// Hands of both rounds, answer by answer.
fn hands(timeline: &Timeline, question: usize, said: &Answered) -> Vec<String> {
    let Some(asked) = timeline.story().questions.get(question) else {
        return Vec::new();
    };
    if said.tallies.is_empty() {
        return Vec::new();
    }
    let rounds = match said.tallies.len() {
        1 => "Hands:".to_owned(),
        _ => "Hands, before and after you talked it over:".to_owned(),
    };
    let mut out = vec![rounds];
    for (place, option) in asked.options.iter().enumerate() {
        let counts: Vec<String> = said
            .tallies
            .iter()
            .map(|tally| tally.of(place).to_string())
            .collect();
        // With other numbers than the file's, another one may be right: the run says which.
        let option_said = Answer::Option(place);
        let came = timeline::verdict(timeline, question, &option_said);
        let came = came.and_then(|verdict| verdict.right) == Some(true);
        let right = if came { ", the right one" } else { "" };
        let counts = counts.join(", then ");
        out.push(format!("{}. {}: {counts}{right}", place + 1, option.say));
    }
    out
}

/// What is said to an answer after the run.
pub(crate) fn reply(asked: &Question, answer: &Answer) -> Vec<String> {
    let Some(choice) = asked.option_of(answer) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    if choice.right {
        out.push("That is why.".to_owned());
    }
    out.extend(choice.reply.clone());
    if !choice.right {
        let right = asked.options.iter().position(|option| option.right);
        if let Some(place) = right {
            let words = question::words(asked, &Answer::Option(place));
            out.push(format!("The answer is {words}."));
        }
    }
    out
}

/// Where one can go from here.
pub(crate) fn ways_on(dialogue: &Dialogue) -> Vec<String> {
    let Some(open) = &dialogue.open else {
        return Vec::new();
    };
    let find = |id: &String| dialogue.menu.iter().find(|entry| entry.id == *id);
    let mut out = Vec::new();
    let with = open.story.contrast.as_ref().and_then(find);
    let next = dialogue.next.as_ref().and_then(find);
    if let Some(id) = dialogue
        .next
        .as_ref()
        .filter(|id| practice::parts(id).is_some())
    {
        out.push(format!("Next is {id}: n or an empty line opens it."));
    }
    let next = next.filter(|next| !next.is_exercise());
    let same = |with: &&MenuEntry| next.is_some_and(|next| next.id == with.id);
    if let Some(with) = with.filter(|with| !same(with)) {
        out.push(format!("It goes with {}: v opens it.", list::called(with)));
    }
    if let Some(next) = next {
        let (called, why) = (list::called(next), &dialogue.why);
        let key = if with.is_some_and(|with| same(&with)) {
            "v"
        } else {
            "n"
        };
        out.push(format!(
            "Next is {called}{why}. {key} or an empty line opens it."
        ));
    }
    let knobs = match open.knobs.first() {
        Some((name, value)) => format!(", {name}={value} with another number turns a knob"),
        None => String::new(),
    };
    out.push(format!(
        "again runs it once more, ask asks again{knobs}, n is the next one, m the menu, ? help, q quits."
    ));
    out
}

/// One sentence a line. A full stop within a name or a figure is followed by no space.
fn sentences(text: &str) -> impl Iterator<Item = String> {
    let all = text.split_inclusive(". ");
    all.map(|sentence| sentence.trim_end().to_owned())
        .filter(|sentence| !sentence.is_empty())
}
