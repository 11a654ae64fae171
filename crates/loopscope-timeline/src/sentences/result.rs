//! The end of a run: what was printed, against what was said, and what it took.

use crate::counts::{capital, counted, seconds};
use crate::findings::waiting::lost_update;
use crate::moments::timeline::Timeline;
use crate::runs::load;
use crate::runs::prediction::{self, Verdict};
use crate::sentences::unfinished::last_step;
use loopscope_trace::{Answers, EndReason, Nanos, Quantity, StepId, TextId};

/// The end screen's sentences: the result, the reply to what was said before the run, and the
/// time that it took, all from the trace. What was said about the reasons stands beside its own
/// question, not here.
pub fn result(timeline: &Timeline, answers: &Answers) -> String {
    let mut told = answered(timeline, answers).into_iter();
    let first = told.next();
    let mut parts = Vec::new();
    let about_lines = first
        .as_ref()
        .is_some_and(|told| !told.verdict.lines.is_empty());
    // A bare list of lines answers only who has not said anything about it.
    if !about_lines && prediction::few_lines(timeline) {
        parts.extend(prediction::printed_lines(timeline).map(|said| format!("{said}.")));
    }
    let is_right = first.as_ref().and_then(|told| told.verdict.right);
    let knows_elapsed = first.as_ref().is_some_and(|told| told.elapsed);
    let said_something = first.is_some();
    parts.extend(first.into_iter().flat_map(Judged::sentences));
    parts.extend(
        stopped(timeline)
            .or_else(|| lost(timeline))
            .or_else(|| took(timeline).filter(|_| !knows_elapsed)),
    );
    parts.extend(slowed(timeline));
    parts.extend(refused(timeline));
    parts.extend(given_up(timeline));
    // Who said nothing, or was right, gets the answer itself.
    let is_answer = !said_something || is_right == Some(true);
    if is_answer && timeline.story().is_as_written() && !timeline.story().shows.is_empty() {
        parts.push(timeline.story().shows.clone());
    }
    parts.extend(told.flat_map(Judged::sentences));
    if !timeline.story().is_as_written() {
        let words = "The knobs are turned: what the file says of its own numbers is left out.";
        parts.push(words.to_owned());
    }
    parts.join(" ")
}

/// A question that was answered before the run, and what the answer is worth.
struct Judged<'a> {
    /// What the answer that counts is worth.
    verdict: Verdict<'a>,
    /// What was said at first, where that was something else.
    first: Option<String>,
    /// The question is how long it takes, and the run has said so.
    elapsed: bool,
}

impl Judged<'_> {
    fn sentences(self) -> impl Iterator<Item = String> {
        let first = self.first.map(|first| format!("First you said {first}."));
        let reply = self.verdict.reply.map(str::to_owned);
        [Some(self.verdict.sentence), first, reply]
            .into_iter()
            .flatten()
    }
}

/// What was said before the run, by question: the second answer counts.
fn answered<'a>(timeline: &'a Timeline, answers: &'a Answers) -> Vec<Judged<'a>> {
    let questions = timeline.story().questions.iter().enumerate();
    let told = questions.filter(|(_, question)| !question.after);
    let told = told.filter_map(|(place, question)| {
        let said = answers.of(place)?;
        let answer = said.answer()?;
        let verdict = prediction::verdict(timeline, place, answer)?;
        let first = said.first_answer().filter(|first| *first != answer);
        Some(Judged {
            first: first.map(|first| prediction::in_words(question, first)),
            elapsed: question.number == Quantity::Elapsed && verdict.measured.is_some(),
            verdict,
        })
    });
    told.collect()
}

/// `The limit stopped it at 2.00s: 2 tasks had not ended.`
fn stopped(timeline: &Timeline) -> Option<String> {
    let who = match timeline.ended()? {
        EndReason::Finished => return None,
        EndReason::Limit if timeline.came_to_rest() => "Nothing could go on",
        EndReason::Limit => "The limit stopped it",
        EndReason::Stopped => "It was stopped",
        EndReason::Steps => "Steps that take no time stopped it",
        EndReason::Memory => "It needed more memory than it may take and was stopped",
    };
    let world = timeline.live();
    let tasks = world.tasks.iter().filter(|task| task.role.is_story());
    let left = tasks.filter(|task| task.ended.is_none()).count();
    let left = match left {
        0 => String::new(),
        left => format!(": {} had not ended", counted(left, "task", "tasks")),
    };
    let last = match timeline.ended()? {
        EndReason::Steps | EndReason::Memory => last_step(timeline),
        _ => None,
    };
    let last = last.map_or(String::new(), |last| format!(", in {last}"));
    let at = seconds(timeline.settled());
    Some(format!("{who} at {at}{last}{left}."))
}

/// `3.40s`; `250us` where hundredths of a second would tell nothing.
fn close(length: Nanos) -> String {
    match length.0 {
        1..1_000_000 => format!("{}us", length.0 / 1_000),
        1_000_000..5_000_000 => format!("{}s", length.thousandths()),
        _ => seconds(length),
    }
}

/// `Two sleeps of 5s took 10.01s.`
fn took(timeline: &Timeline) -> Option<String> {
    // The same figure as the clock of a run that begins at once.
    let (elapsed, end) = (timeline.elapsed()?, timeline.last_end()?);
    let begins_at_once = end.since(elapsed) < Nanos::from_millis(50);
    let mut total = close(if begins_at_once { end } else { elapsed });
    if let Some(free) = load::on_a_free_machine(timeline) {
        total = format!("{total}; on a free machine {}", seconds(free));
    }
    let sleeps = timeline.holds();
    let mut used = sleeps.iter().enumerate().filter(|(_, hold)| hold.count > 0);
    let (step, hold) = used.next()?;
    let nominal = nominal(timeline, step);
    let mean = hold.total.as_secs_f64() / f64::from(hold.count);
    // The figure in the listing is said only where the run really took it.
    let is_true = |nominal: f64| mean >= nominal * 0.98 && mean <= nominal * 1.1 + 0.05;
    match nominal.filter(|&nominal| used.next().is_none() && is_true(nominal)) {
        Some(nominal) => {
            let kind = if hold.computes {
                "computation"
            } else {
                "sleep"
            };
            let plural = if hold.count == 1 { "" } else { "s" };
            let count = capital(hold.count);
            Some(format!(
                "{count} {kind}{plural} of {nominal}s took {total}."
            ))
        }
        None => Some(format!("It took {total}.")),
    }
}

/// `The machine was busy: 0.40s of computing took 0.78s.`
fn slowed(timeline: &Timeline) -> Option<String> {
    let busy = load::busy(timeline)?;
    let [alone, took] = [busy.alone, busy.took].map(|it| seconds(Nanos::from_secs_f64(it)));
    if busy.took <= busy.alone {
        let late = seconds(Nanos::from_secs_f64(busy.late));
        return Some(format!(
            "The machine was busy: a timer of the resting loop was noticed {late} late, and lengths are longer by such delays."
        ));
    }
    Some(format!(
        "The machine was busy: {alone} of computing took {took}."
    ))
}

/// The seconds that a step names.
fn nominal(timeline: &Timeline, step: usize) -> Option<f64> {
    timeline.story().step(StepId::from(step))?.named_seconds()
}

/// `49 updates of id were lost: it is 1 at the end.`
fn lost(timeline: &Timeline) -> Option<String> {
    let mut all = timeline.findings().iter();
    let finding = all.find(|finding| *finding.kind == lost_update::KIND)?;
    let of = finding.of? as usize;
    let name = &timeline.story().variables.get(of)?.name;
    let variable = timeline.live().shared.variables.get(of)?;
    let value = variable.last.map_or(TextId::NONE, |write| write.value);
    let value = timeline.trace().text(value);
    Some(match finding.count {
        1 => format!("One update of {name} was lost: it is {value} at the end."),
        count => format!("{count} updates of {name} were lost: it is {value} at the end."),
    })
}

/// `4 of 6 requests were refused: no file descriptor is free …`; `None` where none was.
pub fn refused(timeline: &Timeline) -> Option<String> {
    let requests = &timeline.live().requests;
    let mut refused = requests.iter().filter_map(|it| it.refused);
    let why = timeline.trace().text(refused.next()?);
    let count = refused.count() + 1;
    let verb = if count == 1 { "was" } else { "were" };
    let all = requests.len();
    Some(format!("{count} of {all} requests {verb} refused: {why}."))
}

/// `4 of 6 requests were given up by their clients.`
fn given_up(timeline: &Timeline) -> Option<String> {
    let requests = &timeline.live().requests;
    let given_up = requests.iter().filter(|it| it.given_up.is_some()).count();
    match (given_up, requests.len()) {
        (0, _) => None,
        (1, 1) => Some("Its client gave the request up.".to_owned()),
        (1, all) => Some(format!("One of {all} requests was given up by its client.")),
        (count, all) => Some(format!(
            "{count} of {all} requests were given up by their clients."
        )),
    }
}
