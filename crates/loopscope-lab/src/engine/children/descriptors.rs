//! What a machine has for connections: file descriptors, memory, addresses.

use std::io;

use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What the machine lacks for a connection, and what helps; `None` for an error of another kind.
pub(crate) fn lacking(error: &io::Error) -> Option<String> {
    let error = Errno::from_io_error(error)?;
    Some(match error {
        Errno::MFILE => {
            let most = getrlimit(Resource::Nofile).current;
            let most = most.map_or_else(String::new, |most| format!("{most} "));
            format!(
                "none of the {most}file descriptors is free: raise `ulimit -n`, or send fewer at once"
            )
        }
        Errno::NFILE => "the system has no file descriptor left".to_owned(),
        Errno::NOBUFS | Errno::NOMEM => "the system has no memory for a connection".to_owned(),
        Errno::NOSPC => "the system can watch no more connections".to_owned(),
        Errno::ADDRNOTAVAIL => "no address is free for a connection".to_owned(),
        Errno::AGAIN => "no more connections fit before the server".to_owned(),
        _ => return None,
    })
}

/// Lets this process, and the children that it starts, open as many files as the system allows.
pub(crate) fn raise_descriptors() {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let raised = Rlimit {
            current: limit.maximum,
            ..limit
        };
        // Where it is refused, a request that finds none free says so.
        let _ = setrlimit(Resource::Nofile, raised);
    }
}
