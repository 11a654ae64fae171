//! Findings of a time that is kept no more: how many there were of each kind at each place.

use crate::findings::log::finding::{Finding, Kind};
use loopscope_trace::{Nanos, StepId};

/// So many groups at most: texts of exceptions may all be different.
const MOST: usize = 256;

/// Findings of one kind at one place, of a time of which nothing else is kept.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// What was found.
    pub kind: &'static Kind,
    /// The step of those that it was about.
    pub step: Option<StepId>,
    /// How many there were.
    pub times: u32,
    /// Since when the first was the case.
    pub first: Nanos,
    /// Since when the last was.
    pub last: Nanos,
    /// How long the longest was the case.
    pub longest: Nanos,
    /// The longest in one sentence with its numbers.
    pub sentence: String,
}

/// Counts one more finding; `sentence` says it with its numbers.
pub(crate) fn add(all: &mut Vec<Earlier>, finding: &Finding, sentence: impl Fn() -> String) {
    let is_full = all.len() >= MOST;
    let same = |known: &&mut Earlier| {
        let here = known.kind == finding.kind && known.step == finding.step;
        // What has no place is told apart by its words.
        here && (is_full || known.step.is_some() || known.sentence == sentence())
    };
    let Some(known) = all.iter_mut().find(same) else {
        all.push(Earlier {
            kind: finding.kind,
            step: finding.step,
            times: 1,
            first: finding.at,
            last: finding.at,
            longest: finding.length,
            sentence: sentence(),
        });
        return;
    };
    known.times = known.times.saturating_add(1);
    known.last = known.last.max(finding.at);
    if finding.length > known.longest {
        known.longest = finding.length;
        known.sentence = sentence();
    }
}
