//! When the threads of a runtime sleep: hooks in its builder, which are stable.

use tokio::runtime::Builder;

use crate::install::watched::{texts, thread_name};
use crate::lane::lanes::{self, now};

/// Lets the watcher of [`install`](crate::install) see when the threads of the runtime that `builder` will build have nothing
/// to do. It takes the hooks of parking threads; where the program is not watched it takes none.
pub fn watch_threads(builder: &mut Builder) -> &mut Builder {
    if texts().is_none() {
        return builder;
    }
    builder.on_thread_park(|| lanes::with(thread_name, |writer| writer.sleep_begins(now())));
    builder.on_thread_unpark(|| lanes::with(thread_name, |writer| writer.sleep_ends(now())))
}
