//! Ids given for other ids, and forgotten a while after what they stand for has ended.

use std::collections::{BTreeMap, HashMap, VecDeque};

/// How many others end after an id before it is forgotten. What has ended is still named for a
/// while: by the end of its last turn, by what it wakes, by the task that awaits it.
const KEPT: usize = 16 * 1024;

/// No id.
const NONE: u32 = u32::MAX;

/// The ids given for others. Its size follows what is alive, not what has ever been.
#[derive(Debug, Default)]
pub(crate) struct IdMap {
    ids: HashMap<u32, u32>,
    ended: VecDeque<u32>,
    /// The forgotten ids in runs without a gap: the last of each, by the first.
    forgotten: BTreeMap<u32, u32>,
}

impl IdMap {
    /// The id that was given for `id`; `new` makes it where it is named for the first time. None
    /// for one that has been forgotten.
    pub(crate) fn get(&mut self, id: u32, new: impl FnOnce() -> u32) -> u32 {
        if let Some(&given) = self.ids.get(&id) {
            return given;
        }
        let run = self.forgotten.range(..=id).next_back();
        if id == NONE || run.is_some_and(|(_, &last)| id <= last) {
            return NONE;
        }
        let given = new();
        self.ids.insert(id, given);
        given
    }

    /// What `id` stands for has ended.
    pub(crate) fn end(&mut self, id: u32) {
        self.ended.push_back(id);
        if self.ended.len() > KEPT
            && let Some(id) = self.ended.pop_front()
        {
            self.forget(id);
        }
    }

    fn forget(&mut self, id: u32) {
        if self.ids.remove(&id).is_none() {
            return;
        }
        let before = self.forgotten.range(..id).next_back();
        let first = match before {
            Some((&first, &last)) if last + 1 == id => first,
            _ => id,
        };
        let last = self.forgotten.remove(&(id + 1)).unwrap_or(id);
        self.forgotten.insert(first, last);
    }
}
