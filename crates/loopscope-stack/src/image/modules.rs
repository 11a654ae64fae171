//! The executable and the libraries of a process.

use std::collections::HashMap;
use std::fs::{self, File};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::PathBuf;
use std::sync::Arc;

use framehop::{Module, Unwinder};
use object::read::ReadCache;

use crate::arch::{Cache, Unwinding};
use crate::image::lines::{Line, Lines};
use crate::image::object::Linked;
use crate::proc::maps::{self, Mapping};

/// How many addresses are remembered with their lines.
const REMEMBERED: usize = 1 << 16;
/// The largest `[vdso]` that is read, in bytes.
const VDSO: u64 = 1 << 16;

/// All that is mapped into a process and may be run.
pub(crate) struct Modules {
    pub(crate) unwinder: Unwinding,
    pub(crate) cache: Cache,
    files: Vec<Image>,
    known: HashMap<u64, Arc<[Line]>>,
}

/// A file that is mapped.
struct Image {
    from: u64,
    to: u64,
    bias: u64,
    /// Where it can be read; `None` for what is no file.
    path: Option<PathBuf>,
    has_symbols: bool,
    has_lines: bool,
    /// Read when it is first asked for.
    lines: Option<Option<Lines>>,
}

impl Modules {
    /// What is mapped into the process now.
    pub(crate) fn read(pid: u32, memory: &File) -> std::io::Result<Self> {
        let text = fs::read_to_string(format!("/proc/{pid}/maps"))?;
        let mappings = maps::parse(&text);
        let mut modules = Self {
            unwinder: Unwinding::new(),
            cache: Cache::new(),
            files: Vec::new(),
            known: HashMap::new(),
        };
        for mapping in mappings.iter().filter(|mapping| mapping.executable) {
            let whole = whole(&mappings, mapping);
            modules.add(pid, memory, mapping, whole);
        }
        Ok(modules)
    }

    fn add(&mut self, pid: u32, memory: &File, mapping: &Mapping, (from, to): (u64, u64)) {
        if self
            .files
            .iter()
            .any(|file| (file.from..file.to).contains(&mapping.from))
        {
            return;
        }
        let (linked, path) = if mapping.path == "[vdso]" {
            let mut bytes = vec![0; (to - from).min(VDSO) as usize];
            let count = memory.read_at(&mut bytes, from).unwrap_or(0);
            bytes.truncate(count);
            (Linked::read(bytes.as_slice()), None)
        } else if let Some(path) = readable(pid, mapping) {
            let Ok(file) = File::open(&path) else { return };
            (Linked::read(&ReadCache::new(file)), Some(path))
        } else {
            return;
        };
        let Ok(linked) = linked else { return };
        let bias = linked.bias(mapping.from, mapping.offset);
        self.files.push(Image {
            from,
            to,
            bias,
            path,
            has_symbols: linked.has_symbols,
            has_lines: linked.has_lines,
            lines: None,
        });
        let module = Module::new(mapping.path.clone(), from..to, bias, linked.sections);
        self.unwinder.add_module(module);
    }

    /// Whether something that can be run lies at the address.
    pub(crate) fn has(&self, address: u64) -> bool {
        self.files
            .iter()
            .any(|file| (file.from..file.to).contains(&address))
    }

    /// Whether the executable has symbols, and whether it has lines. It is mapped first.
    pub(crate) fn is_named(&self) -> (bool, bool) {
        let executable = self.files.first();
        executable.map_or((false, false), |file| {
            (file.has_symbols || file.has_lines, file.has_lines)
        })
    }

    /// The calls that an address belongs to, the innermost first; empty where nothing is mapped there.
    pub(crate) fn lines(&mut self, address: u64) -> Arc<[Line]> {
        if let Some(known) = self.known.get(&address) {
            return Arc::clone(known);
        }
        let image = self
            .files
            .iter_mut()
            .find(|file| (file.from..file.to).contains(&address));
        let lines: Arc<[Line]> =
            image.map_or_else(|| Arc::from([]), |image| image.lines(address).into());
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(address, Arc::clone(&lines));
        lines
    }
}

impl Image {
    fn lines(&mut self, address: u64) -> Vec<Line> {
        let Some(path) = &self.path else {
            return vec![Line::default()];
        };
        let lines = self.lines.get_or_insert_with(|| Lines::open(path));
        match lines {
            Some(lines) => lines.of(address.wrapping_sub(self.bias)),
            None => vec![Line::default()],
        }
    }
}

/// All that is mapped of a mapping's file around it.
fn whole(mappings: &[Mapping], one: &Mapping) -> (u64, u64) {
    let same = |mapping: &&Mapping| mapping.path == one.path && mapping.inode == one.inode;
    let all = || mappings.iter().filter(same);
    let from = all().map(|mapping| mapping.from).min();
    let to = all().map(|mapping| mapping.to).max();
    match (from, to) {
        (Some(from), Some(to)) if !one.path.is_empty() => (from, to),
        _ => (one.from, one.to),
    }
}

/// Where the file of a mapping can be read: by its path as the process sees it, or as the process holds it, where it was
/// removed or replaced since.
fn readable(pid: u32, mapping: &Mapping) -> Option<PathBuf> {
    if !mapping.path.starts_with('/') {
        return None;
    }
    let is_it = |path: &PathBuf| {
        path.metadata()
            .is_ok_and(|file| file.is_file() && file.ino() == mapping.inode)
    };
    let range = format!("{:x}-{:x}", mapping.from, mapping.to);
    let ways = [
        // By its own path first: debug information that lies beside it is found so.
        PathBuf::from(&mapping.path),
        PathBuf::from(format!("/proc/{pid}/root{}", mapping.path)),
        PathBuf::from(format!("/proc/{pid}/exe")),
        PathBuf::from(format!("/proc/{pid}/map_files/{range}")),
    ];
    ways.into_iter().find(is_it)
}
