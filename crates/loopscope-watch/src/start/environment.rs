//! What a watched program finds in its environment.

use std::ffi::OsString;
use std::path::Path;

use crate::start::options::Options;

/// The signal that asks a thread for its call stack. The kernel never sends it and programs have no use for it; one in the
/// range of real-time signals cannot be sent by safe code.
pub(crate) const SIGNAL: rustix::process::Signal = signal();

#[cfg(target_os = "linux")]
const fn signal() -> rustix::process::Signal {
    rustix::process::Signal::STKFLT
}

#[cfg(not(target_os = "linux"))]
const fn signal() -> rustix::process::Signal {
    rustix::process::Signal::INFO
}

/// What is set, name and value.
pub(crate) fn environment(
    options: &Options,
    python: &Path,
    rings: &Path,
    socket: &Path,
) -> Vec<(OsString, OsString)> {
    let set = |name: &str| {
        let own = options.environment.iter().find(|(own, _)| own == name);
        own.map(|(_, value)| value.clone())
            .or_else(|| std::env::var_os(name))
    };
    let mut path = python.as_os_str().to_owned();
    if let Some(before) = set("PYTHONPATH").filter(|before| !before.is_empty()) {
        path.push(":");
        path.push(before);
    }
    let mut all = options.environment.clone();
    all.retain(|(name, _)| name != "PYTHONPATH");
    all.push(("PYTHONPATH".into(), path));
    all.push(("LOOPSCOPE_DIR".into(), rings.into()));
    all.push(("LOOPSCOPE_SOCKET".into(), socket.into()));
    all.push((
        "LOOPSCOPE_SIGNAL".into(),
        SIGNAL.as_raw().to_string().into(),
    ));
    if !options.arguments {
        all.push(("LOOPSCOPE_ARGUMENTS".into(), "0".into()));
    }
    if !options.output {
        all.push(("LOOPSCOPE_OUTPUT".into(), "0".into()));
    }
    all
}
