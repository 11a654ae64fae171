//! A task held a loop for 100 ms of scenario time or longer.

use crate::findings::finding::{Finding, Kind};
use crate::words::figures::{list, seconds};
use crate::words::names::{Naming, inside, label, own_loop, who};
use crate::world::state::State;
use loopscope_trace::Actor;

pub(crate) static KIND: Kind = Kind {
    id: "blocked-loop",
    word: "blocked loop",
    row_word: "blocked loop",
    symptoms: "blocked loop, blocking, serial, serialized, one after the other, hangs, freezes, timeout",
    runs_did: "had a blocked loop",
    on_map: Some(State::Blocking),
    sentence: |names, finding, language| {
        let meanwhile = match finding.count {
            // A task that wanted one of several loops may have got another.
            0 if names.has_several_loops() => String::new(),
            0 => "; nobody else wanted it".to_owned(),
            _ => format!("; meanwhile {} could not run", victims(names, finding)),
        };
        format!(
            "{} held {} for {}{}{}{meanwhile}.",
            holder(names, finding),
            held(names, finding.actor),
            seconds(finding.length),
            finding.so_far(),
            inside(names, finding.step, language)
        )
    },
    short: |_, finding, row| format!("{}, {}{}", row.who, row.length, finding.and_counting()),
};

/// What the actor of a finding is called.
pub(crate) fn holder(names: Naming, finding: &Finding) -> String {
    let actor = finding.actor.map(|actor| who(names, actor));
    actor.unwrap_or_else(|| "somebody".to_owned())
}

/// `the loop`, `loop-2`, or `one of 3 loop threads` where they share their tasks.
pub(crate) fn held(names: Naming, actor: Option<Actor>) -> String {
    let own = actor.and_then(|actor| own_loop(names, actor));
    own.unwrap_or_else(|| {
        if names.has_several_loops() {
            format!("one of {} loop threads", names.world().loops().count())
        } else {
            "the loop".to_owned()
        }
    })
}

/// `accept, heartbeat and B`.
pub(crate) fn victims(names: Naming, finding: &Finding) -> String {
    let lanes = finding.victims.iter();
    let mut words: Vec<&str> = lanes.map(|&lane| label(names, lane)).collect();
    // Requests first: they are what a reader knows.
    let is_letter = |name: &&str| name.chars().all(|letter| letter.is_ascii_uppercase());
    words.sort_by_key(|name| !is_letter(name));
    list(&words, finding.count as usize)
}
