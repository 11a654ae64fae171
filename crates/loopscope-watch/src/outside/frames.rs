//! What faulthandler writes: a call stack, a line a frame.

/// How many frames are kept; the innermost come first.
const MOST: usize = 128;

/// A frame of a call stack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Frame {
    /// Its source file.
    pub file: String,
    /// The line in it, counted from 1.
    pub line: u32,
    /// Its function.
    pub function: String,
}

/// The frames of the last stack in what faulthandler wrote, the innermost first.
///
/// ```
/// let written = "Current thread 0x1 (most recent call first):\n  File \"so.py\", line 7 in ping\n";
/// let frames = loopscope_watch::outside::frames::parse(written);
/// assert_eq!((frames[0].line, frames[0].function.as_str()), (7, "ping"));
/// ```
pub fn parse(written: &str) -> Vec<Frame> {
    let mut frames = Vec::new();
    for line in written.lines() {
        if line.contains("(most recent call first)") {
            frames.clear();
        } else if frames.len() < MOST {
            frames.extend(frame(line).filter(|frame| !is_listener(&frame.file)));
        }
    }
    frames
}

/// Whether a file is one of those that listen inside the program: no frame of the program's own.
fn is_listener(file: &str) -> bool {
    file.rsplit('/').nth(1) == Some("loopscope")
}

/// `  File "/srv/app.py", line 7 in ping`; names of files may hold quotes.
fn frame(line: &str) -> Option<Frame> {
    let rest = line.strip_prefix("  File \"")?;
    let (file, rest) = rest.rsplit_once("\", line ")?;
    let (number, function) = rest.split_once(" in ")?;
    Some(Frame {
        file: file.to_owned(),
        line: number.parse().ok()?,
        function: function.to_owned(),
    })
}
