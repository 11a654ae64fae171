//! Why bytes are not a recording.

/// Why bytes are not a recording.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A line is not what it should be.
    #[error("line {line}: {what}; {cure}")]
    Line {
        /// Counted from 1.
        line: u64,
        /// What is wrong.
        what: String,
        /// What to do about it.
        cure: String,
    },
    /// The bytes could not be read.
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

/// What is wrong with a line, and what to do about it.
pub(crate) type Fault = (String, &'static str);

/// `Ok` where `count` of `what` is not more than `most`.
pub(crate) fn within(
    what: &str,
    count: usize,
    most: usize,
    cure: &'static str,
) -> Result<(), Fault> {
    if count <= most {
        return Ok(());
    }
    Err((format!("more than {most} {what}"), cure))
}

/// The message of a JSON error without its line, which would be counted within the one line.
pub(crate) fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rfind(" at line ") {
        Some(end) => message[..end].to_owned(),
        None => message,
    }
}
