//! The end of a task: its last turn, the drop of its future and the end itself are told one by one, and are one turn.

use crate::stream::told::{CONTINUED, Told, tag};

/// How long after its last turn a future is dropped that has come to its end.
const AT_ONCE: u64 = 50_000;

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    /// Its moment.
    pub(crate) at: u64,
    /// As the stream has it: 1 completed, 2 cancelled, 3 by a panic.
    pub(crate) how: u64,
}

/// For each poll that is a task's last one how that ended, and which records are told by it.
pub(crate) fn ends(records: &[Told]) -> (Vec<Option<End>>, Vec<bool>) {
    let mut ends = vec![None; records.len()];
    let mut is_part = vec![false; records.len()];
    // The poll before, of the thread.
    let mut before: Option<usize> = None;
    for place in 0..records.len() {
        let told = &records[place];
        match told.tag {
            tag::POLL => {}
            tag::SLEEP | tag::THREAD => {
                before = None;
                continue;
            }
            _ => continue,
        }
        let dropped = records.get(place + 1).filter(|next| {
            told.flags & CONTINUED != 0 && next.tag == tag::END && next.id == told.id
        });
        let Some(next) = dropped else {
            before = Some(place);
            continue;
        };
        let end = End {
            at: next.at,
            how: next.more,
        };
        is_part[place + 1] = true;
        let last = before.take().filter(|&before| {
            let poll = &records[before];
            poll.id == told.id && told.at.saturating_sub(poll.at + poll.more) < AT_ONCE
        });
        if let Some(last) = last {
            is_part[place] = true;
            ends[last] = Some(end);
        } else {
            ends[place] = Some(end);
        }
    }
    (ends, is_part)
}
