//! Words of a file that are decided outside this crate.

/// What a file may name although nothing here knows it; a file is held against these words.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary {
    /// The kinds of findings: `blocked-loop`.
    pub findings: &'static [&'static str],
    /// The panes of the screen: `output`.
    pub panes: &'static [&'static str],
}
