//! Finds the first bracket that is never closed.

/// An opening bracket without its closing one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Open {
    /// The byte at which it stands.
    pub(crate) at: usize,
    /// `[` or `{`.
    pub(crate) bracket: char,
    /// The byte of the bracket that closes something further out, where there is one.
    pub(crate) before: Option<usize>,
}

impl Open {
    /// What is missing.
    pub(crate) fn closing(self) -> char {
        if self.bracket == '{' { '}' } else { ']' }
    }
}

/// The first bracket of `text` that is never closed; strings and comments are jumped over.
pub(crate) fn first_open(text: &str) -> Option<Open> {
    let bytes = text.as_bytes();
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'#' => at += bytes[at..].iter().take_while(|b| **b != b'\n').count(),
            b'"' | b'\'' => at += string(&bytes[at..]),
            b'[' | b'{' => {
                open.push((at, *byte as char));
                at += 1;
            }
            b']' | b'}' => {
                let opener = if *byte == b']' { '[' } else { '{' };
                match open.pop() {
                    Some((_, bracket)) if bracket == opener => {}
                    Some((place, bracket)) => {
                        return Some(Open {
                            at: place,
                            bracket,
                            before: Some(at),
                        });
                    }
                    None => return None,
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
    open.last().map(|(at, bracket)| Open {
        at: *at,
        bracket: *bracket,
        before: None,
    })
}

/// The length of the string that `bytes` begins with; one on a single line ends with its line.
fn string(bytes: &[u8]) -> usize {
    let quote = bytes[0];
    let long = bytes.starts_with(&[quote; 3]);
    let mut at = if long { 3 } else { 1 };
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' => at += 2,
            b'\n' if !long => return at,
            _ if long && bytes[at..].starts_with(&[quote; 3]) => return at + 3,
            byte if !long && *byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    at.min(bytes.len())
}
