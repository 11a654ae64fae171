//! Which file of a crate imports which: every `use` and every path in the code, followed to the file
//! that defines what it names. What only hands on is looked through.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, words};

/// Names that are handed on from file to file more often than this are in a ring.
const DEEPEST: usize = 16;

/// The files of one crate, and what each of them defines and imports.
pub struct Crate {
    files: Vec<File>,
    /// From a module's path to its file.
    modules: BTreeMap<Vec<String>, usize>,
}

struct File {
    name: String,
    /// The path of its module.
    module: Vec<String>,
    code: String,
    is_face: bool,
    defines: BTreeSet<String>,
    /// What it has besides modules and imports and, where it says that it is a table, rows.
    more: BTreeSet<String>,
    /// From a name to the path that a `use` has it from, and whether others see it here.
    uses: BTreeMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
    /// The files below it, as its documentation has them.
    order: Option<Vec<String>>,
    /// Inline modules: their names and where their bodies are.
    inline: Vec<(String, usize, usize)>,
}

/// What a path leads to.
struct Found {
    file: usize,
    /// It is the module itself, and nothing in it.
    whole: bool,
    /// A face handed it on.
    through: Option<usize>,
}

impl Crate {
    /// Reads the files of a crate; their names are paths below its `src`.
    pub fn new(sources: &[&Source]) -> Self {
        let files: Vec<File> = sources.iter().map(|source| File::new(source)).collect();
        let modules = files
            .iter()
            .enumerate()
            .map(|(place, file)| (file.module.clone(), place))
            .collect();
        Self { files, modules }
    }

    /// From each file to those that it imports.
    pub fn edges(&self) -> BTreeMap<String, BTreeSet<String>> {
        let name = |place: usize| self.files[place].name.clone();
        (0..self.files.len())
            .map(|from| {
                let found = self.imports(from);
                let whole_face = |found: &Found| found.whole && self.files[found.file].is_face;
                let to = found.iter().filter(|(_, found)| !whole_face(found));
                let to = to.map(|(_, found)| found.file).filter(|&to| to != from);
                (name(from), to.map(name).collect())
            })
            .collect()
    }

    /// From each room to those that its files import from: a folder, or a file beside the folders.
    pub fn rooms(&self) -> BTreeMap<String, BTreeSet<String>> {
        let room = |name: &str| {
            name.rsplit_once('/')
                .map_or(name, |(room, _)| room)
                .to_owned()
        };
        let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        // What a face hands on is no import of its room.
        let faces: BTreeSet<&str> = self
            .files
            .iter()
            .filter(|file| file.is_face && file.defines.is_empty())
            .map(|file| file.name.as_str())
            .collect();
        for (from, to) in self.edges() {
            if faces.contains(from.as_str()) {
                continue;
            }
            let from = room(&from);
            let to = to.iter().map(|to| room(to)).filter(|to| *to != from);
            rooms.entry(from.clone()).or_default().extend(to);
        }
        rooms
    }

    /// Imports that name a face where they could name the file that defines.
    pub fn through_faces(&self) -> Vec<String> {
        let mut faults = BTreeSet::new();
        for (from, file) in self.files.iter().enumerate() {
            if file.is_face {
                continue;
            }
            for (path, found) in self.imports(from) {
                let Some(face) = found.through.filter(|&face| face != from) else {
                    continue;
                };
                faults.insert(format!(
                    "{}: {} is of {}, and not of {}",
                    file.name,
                    path.join("::"),
                    self.files[found.file].name,
                    self.files[face].name,
                ));
            }
        }
        faults.into_iter().collect()
    }

    /// Rooms whose face does not tell the order of its files, and imports that run back up in it.
    pub fn orders(&self) -> Vec<String> {
        let edges = self.edges();
        let rooms = self
            .files
            .iter()
            .filter(|file| file.name.ends_with("mod.rs"));
        rooms
            .flat_map(|face| match &face.order {
                Some(order) => back_up(face, order, &edges),
                None => vec![format!("{}: tells no order of its files", face.name)],
            })
            .collect()
    }

    /// Faces that define something. One that says that it is a table may hold that of its room.
    pub fn full_faces(&self) -> Vec<String> {
        let faces = self.files.iter().filter(|file| file.is_face);
        faces
            .filter(|file| !file.more.is_empty())
            .map(|file| {
                let names: Vec<&str> = file.more.iter().map(String::as_str).take(5).collect();
                format!("{}: a face that defines {}", file.name, names.join(", "))
            })
            .collect()
    }

    /// All paths of a file that lead into the crate.
    fn imports(&self, from: usize) -> Vec<(Vec<String>, Found)> {
        let file = &self.files[from];
        let mut found = Vec::new();
        for (place, path) in paths(&file.code) {
            let base = file.module_at(place);
            if let Some(to) = self.resolve(from, &base, &path, 0) {
                found.push((path, to));
            }
        }
        found
    }

    /// Follows a path that stands in `from`, in the module `base`.
    fn resolve(&self, from: usize, base: &[String], path: &[String], deep: usize) -> Option<Found> {
        let file = &self.files[from];
        let first = path.first()?;
        if deep > DEEPEST {
            return None;
        }
        match first.as_str() {
            "crate" => self.walk(path[1..].to_vec(), deep),
            "self" => self.walk([base, &path[1..]].concat(), deep),
            "super" => {
                let mut rest = path;
                let mut base = base;
                while rest.first().is_some_and(|word| word == "super") {
                    rest = &rest[1..];
                    base = &base[..base.len().checked_sub(1)?];
                }
                self.walk([base, rest].concat(), deep)
            }
            _ => {
                if let Some(known) = file.uses.get(first) {
                    if known.first() == Some(first) && known.len() == 1 {
                        return None;
                    }
                    let whole = [known, &path[1..]].concat();
                    return self.resolve(from, &file.module, &whole, deep + 1);
                }
                let below = [&file.module[..], std::slice::from_ref(first)].concat();
                let known = self.modules.contains_key(&below);
                known.then(|| self.walk([&file.module[..], path].concat(), deep))?
            }
        }
    }

    /// Follows a path from the root of the crate.
    fn walk(&self, path: Vec<String>, deep: usize) -> Option<Found> {
        let length = (0..=path.len())
            .rev()
            .find(|&length| self.modules.contains_key(&path[..length]))?;
        let place = self.modules[&path[..length]];
        let (file, rest) = (&self.files[place], &path[length..]);
        let here = |whole| Found {
            file: place,
            whole,
            through: None,
        };
        let Some(name) = rest.first() else {
            return Some(here(true));
        };
        if file.defines.contains(name) {
            return Some(here(false));
        }
        let own = std::slice::from_ref(name);
        let handed = if file.uses.contains_key(name) {
            self.resolve(place, &file.module, rest, deep + 1)
        } else {
            file.globs.iter().find_map(|glob| {
                let whole = [&glob[..], own].concat();
                let found = self.resolve(place, &file.module, &whole, deep + 1)?;
                let there = &self.files[found.file];
                there.defines.contains(name).then_some(found)
            })
        };
        let foreign = file.uses.contains_key(name) && handed.is_none();
        if foreign {
            return None;
        }
        let through = file.is_face.then_some(place);
        Some(handed.map_or_else(
            || here(false),
            |found| Found {
                through: through.or(found.through),
                ..found
            },
        ))
    }
}

impl File {
    fn new(source: &Source) -> Self {
        let mut module: Vec<String> = source.inner().split('/').map(str::to_owned).collect();
        let last = module.pop().unwrap_or_default();
        let last = last.trim_end_matches(".rs");
        if !matches!(last, "mod" | "lib") {
            module.push(last.to_owned());
        }
        let code = source.code.clone();
        let (mut uses, mut globs) = (BTreeMap::new(), Vec::new());
        for (_, tree) in use_trees(&code) {
            for (path, alias) in leaves(&tree) {
                match alias.as_str() {
                    "*" => globs.push(path),
                    _ => drop(uses.insert(alias, path)),
                }
            }
        }
        let top = top_level(&code);
        Self {
            order: order(&source.text),
            is_face: source.is_face() || declares_modules(&top),
            defines: definitions(&top, &KINDS),
            more: beyond_a_face(&top, source.is_table()),
            inline: inline_modules(&code),
            name: source.inner().to_owned(),
            module,
            code,
            uses,
            globs,
        }
    }

    /// The module that a place of the code is in.
    fn module_at(&self, place: usize) -> Vec<String> {
        let mut module = self.module.clone();
        let around = self.inline.iter();
        let around = around.filter(|(_, open, close)| (*open..*close).contains(&place));
        module.extend(around.map(|(name, ..)| name.clone()));
        module
    }
}

/// The names behind `In order:` in the header of a face.
fn order(text: &str) -> Option<Vec<String>> {
    let header: Vec<&str> = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .collect();
    let header = header.join(" ").replace("*Order:*", "In order:");
    let (_, rest) = header.split_once("In order:")?;
    let rest = rest.split(". ").next().unwrap_or(rest);
    let names = rest.split(|letter| !is_word(letter)).map(str::to_owned);
    Some(names.filter(|name| !name.is_empty()).collect())
}

/// What a face leaves out of its order, and which imports in its room do not keep it.
fn back_up(
    face: &File,
    order: &[String],
    edges: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<String> {
    let room = face.name.trim_end_matches("mod.rs");
    let place = |name: &str| {
        let child = name.strip_prefix(room)?.split('/').next()?;
        let child = child.trim_end_matches(".rs");
        let place = order.iter().position(|known| known == child);
        Some((child.to_owned(), place))
    };
    let mut faults = BTreeSet::new();
    for (from, to) in edges.iter().filter(|(from, _)| **from != face.name) {
        let Some((child, own)) = place(from) else {
            continue;
        };
        let Some(own) = own else {
            faults.insert(format!("{}: {child} is not in its order", face.name));
            continue;
        };
        for to in to {
            if place(to).is_some_and(|(_, there)| there.is_some_and(|there| there > own)) {
                faults.insert(format!(
                    "{from}: {to} stands behind it in the order of {room}"
                ));
            }
        }
    }
    let known = |name: &&String| {
        let file = format!("{room}{name}.rs");
        let below = format!("{room}{name}/");
        edges
            .keys()
            .any(|one| *one == file || one.starts_with(&below))
    };
    let lost = order.iter().filter(|name| !known(name));
    faults.extend(
        lost.map(|name| format!("{}: its order has {name}, which is not there", face.name)),
    );
    faults.into_iter().collect()
}

/// Files or rooms that import one another: each ring with all that are in it.
pub fn circles(edges: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let reach = |from: &String| {
        let mut seen: BTreeSet<&String> = BTreeSet::new();
        let mut next: Vec<&String> = edges.get(from).into_iter().flatten().collect();
        while let Some(name) = next.pop() {
            if seen.insert(name) {
                next.extend(edges.get(name).into_iter().flatten());
            }
        }
        seen
    };
    let reached: BTreeMap<&String, BTreeSet<&String>> =
        edges.keys().map(|name| (name, reach(name))).collect();
    let mut rings = BTreeSet::new();
    for (name, seen) in &reached {
        if seen.contains(name) {
            let back = |other: &&&String| reached.get(**other).is_some_and(|to| to.contains(name));
            let ring: Vec<String> = seen.iter().filter(back).map(|one| (*one).clone()).collect();
            rings.insert(ring);
        }
    }
    rings.into_iter().collect()
}

/// Each circle as text: what is in it, and a line for each arrow within it.
pub fn told(what: &str, edges: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let ring = |ring: Vec<String>| {
        let within = |from: &String| {
            let to: Vec<&str> = edges[from]
                .iter()
                .filter(|to| ring.contains(to))
                .map(String::as_str)
                .collect();
            format!("\n        {from} -> {}", to.join(" "))
        };
        let arrows: String = ring.iter().map(within).collect();
        format!("{what} in a circle: {}{arrows}", ring.len())
    };
    circles(edges).into_iter().map(ring).collect()
}

/// The code without the bodies of anything.
fn top_level(code: &str) -> String {
    let mut depth = 0_usize;
    let mut top = String::with_capacity(code.len());
    for letter in code.chars() {
        match letter {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                top.push(' ');
            }
            _ if depth == 0 => top.push(letter),
            _ => {}
        }
    }
    top
}

/// Whether a file has others below it.
fn declares_modules(top: &str) -> bool {
    words(top, "mod").any(|place| {
        let rest = top[place + 3..].trim_start();
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        // Tests that lie elsewhere make no face of a file.
        end.is_some_and(|end| end > 0 && &rest[..end] != "tests" && rest[end..].starts_with(';'))
    })
}

/// The words that a definition begins with.
const KINDS: [&str; 9] = [
    "fn",
    "struct",
    "enum",
    "union",
    "trait",
    "type",
    "const",
    "static",
    "macro_rules",
];

/// What a face must not have: definitions, implementations and calls of macros. A table may have
/// statics and calls of macros: both are lists of rows.
fn beyond_a_face(top: &str, is_table: bool) -> BTreeSet<String> {
    let mut more = definitions(top, &KINDS);
    more.extend(words(top, "impl").map(|_| "impl".to_owned()));
    if is_table {
        for row in definitions(top, &["static"]) {
            more.remove(&row);
        }
    } else {
        more.extend(macro_calls(top));
    }
    more
}

/// The macros that are called at the top of a file, those of attributes left out.
fn macro_calls(top: &str) -> BTreeSet<String> {
    let mut depth = 0_usize;
    let mut calls = BTreeSet::new();
    for (place, letter) in top.char_indices() {
        match letter {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            '!' if depth == 0 => {
                let before = top[..place].trim_end_matches(is_word);
                calls.insert(top[before.len()..place].to_owned());
            }
            _ => {}
        }
    }
    calls.remove("");
    calls
}

/// The names of what is defined at the top of a file by one of these words.
fn definitions(top: &str, kinds: &[&str]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for kind in kinds {
        // A lifetime is no static.
        let starts = words(top, kind).filter(|&place| !top[..place].ends_with('\''));
        for place in starts {
            let rest = top[place + kind.len()..].trim_start_matches(['!', ' ', '\n']);
            let rest = rest.strip_prefix("mut ").unwrap_or(rest);
            let name: String = rest.chars().take_while(|&letter| is_word(letter)).collect();
            if !name.is_empty() && !KINDS.contains(&name.as_str()) {
                names.insert(name);
            }
        }
    }
    names
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Modules with a body in the file itself.
fn inline_modules(code: &str) -> Vec<(String, usize, usize)> {
    let modules = words(code, "mod").filter_map(|place| {
        let open = place + code[place..].find(['{', ';'])?;
        let name = code[place + 3..open].trim();
        if !code[open..].starts_with('{') || !name.chars().all(is_word) {
            return None;
        }
        let mut depth = 0_usize;
        let close = code[open..].char_indices().find_map(|(at, letter)| {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(open + at)
        })?;
        Some((name.to_owned(), open, close))
    });
    modules.collect()
}

/// What stands behind each `use`, and where.
fn use_trees(code: &str) -> Vec<(usize, String)> {
    words(code, "use")
        .filter_map(|place| {
            let rest = &code[place + 3..];
            // `impl A + use<'_>` imports nothing.
            if rest.trim_start().starts_with('<') {
                return None;
            }
            let tree = &rest[..rest.find(';')?];
            Some((place, tree.split_whitespace().collect::<Vec<_>>().join(" ")))
        })
        .collect()
}

/// The paths of a tree of imports, and the name that each has here; `*` for all that is there.
fn leaves(tree: &str) -> Vec<(Vec<String>, String)> {
    let tree = tree.trim();
    if let Some(open) = tree.find('{') {
        let head = segments(tree[..open].trim().trim_end_matches("::"));
        let inner = tree[open + 1..].trim_end().trim_end_matches('}');
        let close = tree.rfind('}').unwrap_or(tree.len());
        let inner = tree.get(open + 1..close).unwrap_or(inner);
        return split(inner)
            .iter()
            .flat_map(|part| leaves(part))
            .map(|(path, alias)| {
                let own = path == ["self"];
                let alias = if own && alias == "self" {
                    head.last().cloned().unwrap_or_default()
                } else {
                    alias
                };
                let path = if own { Vec::new() } else { path };
                ([&head[..], &path].concat(), alias)
            })
            .collect();
    }
    let (path, alias) = tree
        .split_once(" as ")
        .map_or((tree, None), |(path, alias)| (path, Some(alias.trim())));
    let mut path = segments(path);
    match path.last().cloned() {
        None => Vec::new(),
        Some(last) if last == "*" => {
            path.pop();
            vec![(path, last)]
        }
        Some(last) => vec![(path, alias.map_or(last, str::to_owned))],
    }
}

fn segments(path: &str) -> Vec<String> {
    path.split("::")
        .map(|word| word.trim().trim_start_matches("r#").to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

/// Splits at the commas that are in no braces.
fn split(text: &str) -> Vec<String> {
    let (mut depth, mut parts) = (0_usize, vec![String::new()]);
    for letter in text.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// All paths of the code, imports first, and where each stands.
fn paths(code: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    for (place, tree) in use_trees(code) {
        found.extend(leaves(&tree).into_iter().map(|(path, _)| (place, path)));
    }
    let mut at = 0;
    while let Some(step) = code[at..].find("::") {
        let middle = at + step;
        let head = code[..middle].rfind(|letter| !is_word(letter));
        let start = head.map_or(0, |before| {
            before + code[before..].chars().next().map_or(1, char::len_utf8)
        });
        let mut end = middle;
        while let Some(rest) = code[end..].strip_prefix("::") {
            let word = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
            if word == 0 {
                break;
            }
            end += 2 + word;
        }
        if start < middle && end > middle {
            found.push((start, segments(&code[start..end])));
        }
        at = end.max(middle + 2);
    }
    found
}
