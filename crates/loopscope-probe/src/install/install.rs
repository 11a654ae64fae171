//! The one line: whether the program is watched, and what is set then.

use std::env;

use tracing_core::subscriber::NoSubscriber;
use tracing_core::{Dispatch, Subscriber, dispatcher};

use crate::install::spans::{Spans, look_again};
use crate::install::watched::begin;
use crate::stream::address::{Address, VARIABLE};
use crate::stream::thread;

/// Lets a watcher see the tokio tasks of this program, if it runs under a watch: if `LOOPSCOPE_SOCKET` is set, as
/// `loopscope watch` sets it. Else it does nothing at all.
///
/// Put it first in `main`, before the runtime is built: then the future that the runtime runs for `main` is seen as well. The
/// calling thread waits at its end until the last records are written, two seconds at most while the watcher reads them.
///
/// It becomes the global subscriber of `tracing`; a program that has one of its own hands it to [`install_with`]. Tasks are
/// told by tokio where it is built with `--cfg tokio_unstable`. A second call does nothing. What cannot be done is said on
/// stderr, once.
pub fn install() {
    install_with(NoSubscriber::default());
}

/// Like [`install`], for a program with a subscriber of its own: spans and events go on to it, but for those of tokio's
/// tasks. Where the program is not watched, `others` alone becomes the global subscriber.
///
/// What looks for a subscriber by its type, as `tracing-opentelemetry` does from outside of it, does not find it while the
/// program is watched.
pub fn install_with<S: Subscriber + Send + Sync + 'static>(others: S) {
    let Some(value) = env::var_os(VARIABLE).filter(|value| !value.is_empty()) else {
        return alone(others);
    };
    let address = match Address::parse(&value.to_string_lossy()) {
        Ok(address) => address,
        Err(sentence) => {
            say(&sentence);
            return alone(others);
        }
    };
    let Some(texts) = begin() else { return };
    if let Err(error) = thread::start(address, texts, look_again) {
        say(&format!("not watched, there is no thread left: {error}"));
        return alone(others);
    }
    if !cfg!(tokio_unstable) {
        say(
            "tasks are not seen: build with RUSTFLAGS=\"--cfg tokio_unstable\", as `loopscope watch -- cargo run` does",
        );
    }
    set(Spans::new(texts, others));
}

/// Sets a subscriber, and says where there is one already.
fn set<S: Subscriber + Send + Sync + 'static>(subscriber: S) {
    if dispatcher::set_global_default(Dispatch::new(subscriber)).is_err() {
        say(
            "tasks are not seen: another subscriber of tracing is set already; hand it to loopscope_probe::install_with",
        );
    }
}

/// Sets the program's own subscriber, where it has one.
fn alone<S: Subscriber + Send + Sync + 'static>(others: S) {
    let none = std::any::TypeId::of::<S>() == std::any::TypeId::of::<NoSubscriber>();
    if !none && dispatcher::set_global_default(Dispatch::new(others)).is_err() {
        say("another subscriber of tracing is set already; the one of install_with is not used");
    }
}

fn say(sentence: &str) {
    eprintln!("loopscope: {sentence}");
}
