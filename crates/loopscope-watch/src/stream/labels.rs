//! The texts of a stream, in the forms in which all that follows reads them.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::source::files::{is_library, short_of_library, shown};
use crate::source::texts::Texts;

/// How many texts, and how many bytes of them, are kept; those that are told once make room for later ones.
const MOST: usize = 1 << 21;
const BYTES: usize = 256 << 20;
const ONCE: usize = 1 << 14;
/// From this number on a text is told once.
const FIRST_ONCE: u64 = 1 << 27;

/// A text in this form has its number behind it.
const PLACE: u64 = 1 << 40;
const ROUTE: u64 = 2 << 40;
const POOL_NAME: u64 = 3 << 40;
const FORM: u64 = !0 << 40;

/// The number of a place as a task or a job has it: `name|file|line|name`.
pub(crate) const fn place(text: u64) -> u64 {
    text | PLACE
}

/// The number of a request as others have it: `GET /|host`, without a host and a port.
pub(crate) const fn request(text: u64) -> u64 {
    text | ROUTE
}

/// The number of what tokio's pool is called.
pub(crate) const fn pool() -> u64 {
    POOL_NAME
}

/// The texts of one program.
#[derive(Debug)]
pub(crate) struct Labels {
    told: HashMap<u64, Arc<str>>,
    once: VecDeque<u64>,
    bytes: usize,
    places: HashMap<u64, Arc<str>>,
    /// Folders in which a relative path of a source file may begin, the most likely first.
    folders: Vec<PathBuf>,
    folder: String,
}

impl Labels {
    /// Those of a program that runs in a folder, and whose file is `program`: it lies below the folder in which it was built.
    pub(crate) fn new(folder: &str, program: &str) -> Self {
        let built = Path::new(program).ancestors().skip(1);
        let folders = Path::new(folder).ancestors().take(4).chain(built.take(6));
        Self {
            told: HashMap::new(),
            once: VecDeque::new(),
            bytes: 0,
            places: HashMap::new(),
            folders: folders.map(Path::to_owned).collect(),
            folder: folder.to_owned(),
        }
    }

    /// Adds a text. What is beyond all measure is left out.
    pub(crate) fn add(&mut self, number: u64, text: String) {
        if number & FORM != 0 || self.told.len() >= MOST || self.bytes + text.len() > BYTES {
            return;
        }
        self.bytes += text.len();
        if number >= FIRST_ONCE {
            self.once.push_back(number);
        }
        if let Some(before) = self.told.insert(number, text.into()) {
            self.bytes -= before.len();
        }
        if self.once.len() > ONCE
            && let Some(old) = self.once.pop_front()
            && let Some(text) = self.told.remove(&old)
        {
            self.bytes -= text.len();
        }
    }

    fn raw(&self, number: u64) -> Arc<str> {
        let text = self.told.get(&number);
        text.map_or_else(|| if number == 0 { "" } else { "?" }.into(), Arc::clone)
    }

    /// `file|line|name` as `name|file|line|name`, the file with its whole path.
    fn place(&self, text: &str) -> String {
        let mut parts = text.splitn(3, '|');
        let file = parts.next().unwrap_or_default();
        let line = parts.next().unwrap_or_default();
        let given = parts.next().unwrap_or_default();
        let path = self.path(file);
        let place = if is_library(&path, &[]) {
            of_library(short_of_library(&path), line)
        } else {
            of_own(shown(&path, &self.folder), line)
        };
        // The name of a job is that of its function, which says more only where it is none of the user's.
        let name = match given.rsplit_once("::{{closure}}") {
            _ if given.is_empty() => &place,
            Some((function, _)) if is_library(&path, &[]) => {
                function.trim_end_matches("::{{closure}}")
            }
            Some(_) => &place,
            None => given,
        };
        format!("{place}|{path}|{line}|{name}")
    }

    /// The whole path of a source file: the compiler has it from the folder of the workspace on.
    fn path(&self, file: &str) -> String {
        let path = Path::new(file);
        if path.is_absolute() {
            return file.to_owned();
        }
        let mut all = self.folders.iter().map(|folder| folder.join(path));
        let found = all.find(|path| path.is_file());
        found.map_or_else(|| file.to_owned(), |path| path.display().to_string())
    }
}

/// How long a place may be to stand there whole, without its line.
const WHOLE: usize = 14;

/// `src/main.rs:17`; of a longer path what tells it from others: `plain.rs:17`, `serve/mod.rs:17`.
fn of_own(path: &str, line: &str) -> String {
    let path = if path.len() > WHOLE { tail(path) } else { path };
    format!("{path}:{line}")
}

/// `axum serve/mod.rs:17` of `axum-0.8.9/src/serve/mod.rs`.
fn of_library(path: &str, line: &str) -> String {
    let name = path.split('/').next().unwrap_or(path);
    let name = name.rsplit_once('-').map_or(name, |(name, _)| name);
    format!("{name} {}:{line}", tail(path))
}

/// The name of a file, with its folder where many are called so.
fn tail(path: &str) -> &str {
    let mut parts = path.rsplitn(3, '/');
    let file = parts.next().unwrap_or(path);
    let folder = parts.next().unwrap_or_default();
    let is_common = matches!(file, "mod.rs" | "lib.rs" | "main.rs");
    let length = if is_common && !folder.is_empty() {
        folder.len() + 1 + file.len()
    } else {
        file.len()
    };
    &path[path.len() - length..]
}

impl Texts for Labels {
    fn get(&mut self, number: u64) -> Arc<str> {
        let text = self.raw(number & !FORM);
        match number & FORM {
            PLACE => {
                if let Some(known) = self.places.get(&number) {
                    return Arc::clone(known);
                }
                let place: Arc<str> = self.place(&text).into();
                self.places.insert(number, Arc::clone(&place));
                place
            }
            POOL_NAME => "blocking".into(),
            ROUTE => format!("{text}|").into(),
            _ => text,
        }
    }
}
