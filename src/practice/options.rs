//! Wrong answers, each of them from a run in which one thing goes another way, and what is said to them.

use crate::practice::play::{Came, play, scenario};
use loopscope_lab::scenario::practice::{Change, Small};
use loopscope_timeline::Finding;
use loopscope_trace::{Language, Quantity};

/// What a run with one thing changed came to.
pub(crate) struct Other {
    pub(crate) change: Change,
    pub(crate) came: Came,
}

/// All runs with one thing changed that come to their ends.
pub(crate) fn others(small: &Small, language: Language) -> Vec<Other> {
    let plain = small.toml();
    let each = Change::ALL.into_iter().filter_map(|change| {
        let text = Some(small.changed(change)).filter(|text| *text != plain)?;
        let came = play(scenario(&text, language).as_ref()?, None)?;
        Some(Other { change, came })
    });
    each.collect()
}

/// Those that print another order than `real`, no order twice.
pub(crate) fn orders<'a>(real: &Came, others: &'a [Other]) -> Vec<&'a Other> {
    distinct(others.iter(), |one| one.same_order(real), Came::same_order)
}

/// Those that come to another number than `real`, no number twice.
pub(crate) fn numbers<'a>(real: &Came, others: &'a [Other], quantity: &Quantity) -> Vec<&'a Other> {
    /// Twice what an answer may be off, so that no answer is near two of them.
    const APART: f64 = 0.1;
    let near = |one: &Came, other: &Came| {
        if *quantity != Quantity::Elapsed {
            return one.number(quantity) == other.number(quantity);
        }
        let apart = (one.elapsed - other.elapsed).abs();
        quantity.near(one.elapsed, other.elapsed, APART)
            || apart <= APART * one.elapsed.max(other.elapsed)
    };
    let shorter = |other: &&Other| other.change != Change::Equal;
    let others = others.iter().filter(shorter);
    distinct(others, |one| near(one, real), near)
}

fn distinct<'a>(
    others: impl Iterator<Item = &'a Other>,
    is_real: impl Fn(&Came) -> bool,
    same: impl Fn(&Came, &Came) -> bool,
) -> Vec<&'a Other> {
    let mut kept: Vec<&Other> = Vec::new();
    for other in others {
        let known = kept.iter().any(|one| same(&one.came, &other.came));
        if !known && !is_real(&other.came) {
            kept.push(other);
        }
    }
    kept
}

/// The reply to an answer that is what the other run did.
pub(crate) fn reply(real: &Came, other: &Other) -> String {
    let because = missing(real, &other.came).or_else(|| earlier(real, &other.came));
    let change = other.change;
    format!(
        "That is what a run gives in which {change}. {}",
        because.unwrap_or_default()
    )
    .trim_end()
    .to_owned()
}

/// What was found in the real run, and not in the other one.
fn missing(real: &Came, other: &Came) -> Option<String> {
    let kept = |kind: &str| {
        let mut found = other.timeline.findings().iter();
        found.any(|finding| finding.kind.id == kind)
    };
    let mut found = real.timeline.findings().iter();
    let finding = found.find(|finding| !kept(finding.kind.id))?;
    sentence(real, finding)
}

/// A finding's sentence, where it is the same in both languages.
pub(crate) fn sentence(real: &Came, finding: &Finding) -> Option<String> {
    // The step is written another way in each of them, and stands in another line.
    let mut chain = finding.chain.clone();
    chain.iter_mut().for_each(|link| link.step = None);
    let finding = Finding {
        chain,
        step: None,
        held_by: finding.held_by.map(|(actor, _)| (actor, None)),
        ..finding.clone()
    };
    let [python, rust] = [Language::Python, Language::Rust]
        .map(|language| finding.sentence(&real.timeline, language));
    (python == rust).then_some(python)
}

/// Which line of the real run came before one that the other run has at its place.
fn earlier(real: &Came, other: &Came) -> Option<String> {
    let mut places = real.lines.iter().zip(other.texts());
    let ((came, at), said) = places.find(|((came, _), said)| came != said)?;
    let later = real.lines.iter().find(|(text, _)| text == said);
    let at = at.hundredths();
    Some(match later {
        None => format!("Here the line {said} never comes."),
        Some((_, then)) if then.hundredths() == at => {
            format!("Here {came} comes before {said}, both at {at}s.")
        }
        Some((_, then)) => format!(
            "Here {came} comes at {at}s, and {said} at {}s.",
            then.hundredths()
        ),
    })
}
