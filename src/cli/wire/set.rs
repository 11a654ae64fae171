//! What lies on a desk before its screen opens, by the flags, the settings and what was remembered.

use super::{Desk, Opened};
use crate::cli::args::Watch;
use crate::cli::progress::Keeper;
use crate::cli::settings::Settings;
use loopscope_trace::Trace;

impl Desk {
    /// A desk whose runs are watched by others too.
    pub(in crate::cli) fn watched(mut self, watch: Watch) -> Self {
        self.watch = watch;
        self
    }

    /// A desk as the user has set it.
    pub(in crate::cli) fn set(mut self, settings: &Settings) -> Self {
        self.door_at = settings.console();
        self.greeting = settings.sentence();
        self
    }

    /// A desk that remembers beyond its own end.
    pub(in crate::cli) fn remembering(mut self, keeper: Keeper) -> Self {
        self.keeper = keeper;
        self
    }

    /// A desk on which a recording lies: to run it is to play it again.
    pub(in crate::cli) fn with_recording(mut self, trace: &Trace) -> Self {
        self.opened = Some(Opened::Recording(Box::new(trace.clone())));
        self
    }
}
