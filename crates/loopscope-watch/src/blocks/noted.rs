//! By what a thread was seen to be held, look by look.

use loopscope_trace::BlockKind;

use crate::blocks::kind::seen;
use crate::outside::thread::Look;

/// What was seen of a thread since the last sample.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    /// The look before, and when it was.
    before: Option<(u64, Look)>,
    /// How often it was seen held by what.
    seen: Vec<(BlockKind, u32)>,
}

impl Noted {
    /// Notes a look.
    pub(crate) fn note(&mut self, pid: u32, now: u64, found: Look) {
        let computed = self.before.map_or(found.runs, |(then, before)| {
            found.computed.saturating_sub(before.computed) * 2 > now.saturating_sub(then)
        });
        self.before = Some((now, found));
        let kind = seen(pid, &found, computed);
        match self.seen.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => self.seen.push((kind, 1)),
        }
    }

    /// What it was seen held by most often since this was asked before; of two the later one.
    pub(crate) fn kind(&mut self) -> BlockKind {
        let kind = self
            .seen
            .iter()
            .max_by_key(|(_, count)| *count)
            .map(|(kind, _)| *kind);
        self.seen.clear();
        kind.unwrap_or(BlockKind::Unknown)
    }
}
