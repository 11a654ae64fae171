//! What is decided before anything is asked: by the flags, the settings and what was remembered.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::cli::args::Watch;
use crate::cli::prepare::Wish;
use crate::cli::progress::Keeper;
use crate::cli::settings::Settings;

/// How an asker is served.
#[derive(Clone)]
pub(in crate::cli) struct Config {
    /// What the flags say about runs.
    pub(in crate::cli) wish: Wish,
    /// Where runs are recorded to.
    pub(in crate::cli) record: Option<PathBuf>,
    /// What else watches.
    pub(in crate::cli) watch: Watch,
    /// Where the key for it opens tokio-console's listener.
    pub(super) console_at: SocketAddr,
    /// Said at the start.
    pub(super) greeting: Option<String>,
    /// What is remembered beyond the end of the program.
    pub(super) keeper: Keeper,
    /// The file of what is open is watched, and what becomes of it is told.
    pub(in crate::cli) follows: bool,
}

impl Config {
    /// For a command: it remembers nothing and watches no file.
    pub(in crate::cli) fn new(wish: Wish, record: Option<PathBuf>) -> Self {
        Self {
            wish,
            record,
            watch: Watch::default(),
            console_at: loopscope_probe::console::DEFAULT,
            greeting: None,
            keeper: Keeper::default(),
            follows: false,
        }
    }

    /// For somebody who sits before it: as the settings say, and remembering.
    pub(in crate::cli) fn set(mut self, settings: &Settings) -> Self {
        self.console_at = settings.console();
        self.greeting = settings.sentence();
        self.keeper = Keeper::at_home();
        self
    }
}
