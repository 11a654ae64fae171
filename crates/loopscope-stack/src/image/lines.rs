//! The functions and source lines of an address, those of inlined calls too.

use std::path::Path;

use addr2line::Loader;

/// A call that an address belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// The function, demangled, without the letters that only make it unique; empty where it is not known.
    pub(crate) function: String,
    /// The source file; empty where it is not known.
    pub(crate) file: String,
    /// The line in it, counted from 1; 0 where it is not known.
    pub(crate) line: u32,
}

/// The debug information of one file.
pub(crate) struct Lines(Loader);

impl Lines {
    /// `None` where the file cannot be read.
    pub(crate) fn open(path: &Path) -> Option<Self> {
        Loader::new(path).ok().map(Self)
    }

    /// The calls that an address of the file belongs to, the innermost first; one without a name where nothing is known.
    pub(crate) fn of(&self, address: u64) -> Vec<Line> {
        let mut found = Vec::new();
        if let Ok(mut frames) = self.0.find_frames(address) {
            while let Ok(Some(frame)) = frames.next() {
                let name = frame.function.as_ref().and_then(|name| {
                    let name = name.raw_name().ok()?;
                    Some(demangled(&name))
                });
                let place = frame.location.as_ref();
                found.push(Line {
                    function: name.unwrap_or_default(),
                    file: place.and_then(|at| at.file).unwrap_or("").to_owned(),
                    line: place.and_then(|at| at.line).unwrap_or(0),
                });
            }
        }
        // The outermost call may have a line and no name: the table of symbols has one.
        let symbol = || self.0.find_symbol(address).map(demangled);
        match found.last_mut() {
            Some(last) if last.function.is_empty() => last.function = symbol().unwrap_or_default(),
            Some(_) => {}
            None => found.push(Line {
                function: symbol().unwrap_or_default(),
                ..Line::default()
            }),
        }
        found
    }
}

fn demangled(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
}
