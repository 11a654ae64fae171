//! The words that a scenario file or a playlist may name, taken from the crates that own them.

use loopscope_lab::scenario::Vocabulary;
use loopscope_timeline::FINDINGS as KINDS;
use loopscope_tui::settings::panes::TABLE;

/// Every kind of finding, and every pane, in the order in which diagnostics list them.
pub const VOCABULARY: Vocabulary = Vocabulary {
    findings: &FINDINGS,
    panes: &PANES,
};

const FINDINGS: [&str; KINDS.len()] = {
    let mut ids = [""; KINDS.len()];
    let mut at = 0;
    while at < ids.len() {
        ids[at] = KINDS[at].id;
        at += 1;
    }
    ids
};

/// The rows of the table of panes that have a word; the others are forms of one of them.
const PANES: [&str; with_words()] = {
    let mut words = [""; with_words()];
    let (mut row, mut at) = (0, 0);
    while row < TABLE.len() {
        if !TABLE[row].word.is_empty() {
            words[at] = TABLE[row].word;
            at += 1;
        }
        row += 1;
    }
    words
};

const fn with_words() -> usize {
    let (mut row, mut count) = (0, 0);
    while row < TABLE.len() {
        count += !TABLE[row].word.is_empty() as usize;
        row += 1;
    }
    count
}
