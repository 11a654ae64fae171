//! Questions for the presenter: with the answers, the replies and the votes.

use crate::session::session::Session;
use loopscope_protocol::notes::{Asked, Offered};
use loopscope_timeline::prediction::{figure, in_words};
use loopscope_trace::{How, Quantity, Question, Range, Said, Story, Tally};

/// The questions that are asked before the run, or those after it, once it has `ended`; where
/// there are none of these, the ones before stay in sight.
pub(crate) fn questions(session: &Session, ended: bool) -> Vec<Asked> {
    let story = session.timeline.story();
    let of = |after: bool| -> Vec<Asked> {
        let all = story.questions.iter().enumerate();
        all.filter(|(_, question)| question.after == after)
            .map(|(place, question)| asked(story, question, session.answers.of(place)))
            .collect()
    };
    let whys = if ended { of(true) } else { Vec::new() };
    if whys.is_empty() { of(false) } else { whys }
}

/// The question at this place in the story.
pub(crate) fn one(session: &Session, place: usize) -> Option<Asked> {
    let story = session.timeline.story();
    let question = story.questions.get(place)?;
    Some(asked(story, question, session.answers.of(place)))
}

fn asked(story: &Story, question: &Question, said: Option<&Said>) -> Asked {
    let hands: &[Tally] = said.map_or(&[], |said| &said.hands);
    // With other numbers than the file's, another answer may be right; which one is not known.
    let known = story.is_as_written();
    let options = question.options.iter().enumerate();
    let options = options.map(|(place, option)| Offered {
        say: option.say.clone(),
        right: option.right && known,
        reply: option.reply.clone(),
        hands: hands.iter().map(|tally| tally.of(place)).collect(),
    });
    let answers = said.map_or(&[][..], |said| &said.answers);
    Asked {
        ask: question.ask.clone(),
        after: question.after,
        options: options.collect(),
        answer: if known {
            answer(story, question)
        } else {
            Some("the knobs are turned: the file's answer may not hold".to_owned())
        },
        said: answers.iter().map(|it| in_words(question, it)).collect(),
        hands: hands.iter().map(Tally::all).collect(),
    }
}

/// What is right, where it is no option: what the file expects of the run.
fn answer(story: &Story, question: &Question) -> Option<String> {
    let expect = &story.expect;
    let number = |of: Option<Range>| {
        let of = of?;
        let [from, to] = [of.from, of.to].map(|it| figure(&question.number, it));
        Some(if from == to {
            from
        } else {
            format!("{from} to {to}")
        })
    };
    match (&question.how, &question.number) {
        (How::Choose, _) => None,
        (How::Order, _) => expect.output.as_ref().map(|lines| lines.join(", ")),
        (How::Number, Quantity::Elapsed) => number(expect.elapsed),
        (How::Number, Quantity::Lines) => {
            let lines = expect.output.as_ref().or(expect.output_any_order.as_ref());
            lines.map(|lines| lines.len().to_string())
        }
        (How::Number, Quantity::Variable(name)) => {
            let known = expect.variables.iter().find(|(known, _)| known == name);
            number(known.map(|(_, range)| *range))
        }
    }
}
