//! What outlives the program: which scenarios were seen, and how predictions came out.
//!
//! *In:* what the screen wants remembered. *Out:* `progress.toml` in the state folder, and at the
//! next start what it says. The file is always whole, two programs at once lose nothing of each
//! other, and only a thread of its own waits for the disk. *Absent:* a database, and anything about
//! the user but this. *Order:* text, store, keeper.

pub(crate) mod keeper;
pub(crate) mod store;
pub(crate) mod text;
