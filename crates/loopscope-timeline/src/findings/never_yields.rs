//! A task never stopped at an await for 100 ms while others were ready.

use crate::findings::blocked_loop::{holder, victims};
use crate::findings::finding::Kind;
use crate::words::figures::seconds;
use crate::world::state::State;

pub(crate) static KIND: Kind = Kind {
    id: "never-yields",
    word: "never yields",
    row_word: "never yields",
    symptoms: "never yields, busy loop, cpu-bound",
    runs_did: "had at least one finding of the kind never-yields",
    on_map: Some(State::Blocking),
    sentence: |names, finding, _| {
        format!(
            "{} went on for {}{} without stopping at an await; meanwhile {} could not run.",
            holder(names, finding),
            seconds(finding.length),
            finding.so_far(),
            victims(names, finding)
        )
    },
    short: |_, finding, row| format!("{}, {}{}", row.who, row.length, finding.and_counting()),
};
