//! What a recording may hold at most, so that no file can exhaust the memory.

/// The version of the format; a reader accepts no other.
pub const VERSION: u64 = 1;
/// The longest header line, in bytes, its end included.
pub const HEADER_BYTES: usize = 8 * 1024 * 1024;
/// The longest other line, in bytes, its end included.
pub const LINE_BYTES: usize = 1024 * 1024;
/// The most events.
pub const EVENTS: usize = 20_000_000;
/// The most texts.
pub const TEXTS: usize = 2_000_000;
/// The most bytes of all texts together.
pub const TEXT_BYTES: usize = 256 * 1024 * 1024;
/// The most characters that are kept of a text, and of a step as it is written; the others are cut.
pub const TEXT: usize = 2_000;
/// The most characters that are kept of a name in the story.
pub const NAME: usize = 200;
/// The most tasks, jobs, requests or threads, each.
pub const THINGS: u32 = 1_000_000;
/// The latest moment, in nanoseconds: a thousand days of scenario time.
pub const LATEST: u64 = 86_400_000_000_000_000;
/// The most functions, knobs, notes, questions or listings of a story; the most variables, channels,
/// locks, events, pools or loops.
pub const STORY_LIST: usize = 10_000;
/// The most steps, clients, planned requests or listing lines of a story, expected lines, and options
/// and lines of questions.
pub const STORY_LONG_LIST: usize = 200_000;
/// The most pieces of all listing lines of a story.
pub const TOKENS: usize = 500_000;
/// The most places of all call stacks together.
pub const PLACES: usize = 2_000_000;
/// The most answers, and the most tallies, to one question.
pub const SAID: usize = 2;
/// The most options that votes are counted for.
pub const OPTIONS: usize = 32;
/// The most lines of an answer.
pub const ANSWER_LINES: usize = 1_000;
/// The shortest heartbeat, in nanoseconds; zero stands for none.
pub const HEARTBEAT: u64 = 1_000_000;
/// How many ids may be missing after events were lost.
pub const LOST_IDS: u32 = 65_536;
