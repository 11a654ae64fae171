//! The rows of the story that events name: source files, functions, steps, call stacks. Each is told once.

use std::collections::HashMap;
use std::path::Path;

use loopscope_trace::{
    EventKind, FileId, Function, FunctionId, Language, LateRow, SourceFile, StackId, Step, StepId,
};

use crate::outside::frames::Frame;
use crate::source::files::{Files, is_library, shown};
use crate::translate::out::Out;

/// How many of each there may be, as recordings have it.
const FILES: usize = 2_000;
const FUNCTIONS: usize = 10_000;
const STEPS: usize = 200_000;
const STACKS: usize = 100_000;
/// How far the first line of a function is from its `def`: decorators stand between.
const DECORATORS: usize = 40;

/// The rows that were told.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) sources: Files,
    files: HashMap<String, (FileId, bool)>,
    /// By their place; and whether clients reach them.
    functions: HashMap<(FileId, u32, String), (FunctionId, bool)>,
    /// How many rows were handed on.
    function_rows: usize,
    steps: HashMap<(FileId, u32), StepId>,
    stacks: HashMap<Vec<StepId>, StackId>,
}

/// What is known of a place: `qualname|file|line|…` as the watched program tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// The name without those around it: `ping` of `main.<locals>.ping`.
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) line: u32,
    /// What stands behind the line.
    pub(crate) more: String,
}

impl Place {
    pub(crate) fn parse(text: &str) -> Self {
        let mut parts = text.splitn(4, '|');
        let name = parts.next().unwrap_or_default();
        let short = name.rsplit('.').next().unwrap_or(name);
        // A line stands for a function of Rust's, and has its dots in the name of the file.
        let short = if name.contains(':') { name } else { short };
        Self {
            name: if short.is_empty() { "?" } else { short }.to_owned(),
            file: parts.next().unwrap_or_default().to_owned(),
            line: parts.next().and_then(|line| line.parse().ok()).unwrap_or(0),
            more: parts.next().unwrap_or_default().to_owned(),
        }
    }
}

/// Whose files are whose: the folder a process runs in, and its folders of libraries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Roots {
    pub(crate) folder: String,
    pub(crate) prefix: Vec<String>,
}

impl Rows {
    fn file(&mut self, path: &str, roots: &Roots, out: &mut Out) -> Option<(FileId, bool)> {
        if let Some(&known) = self.files.get(path) {
            return Some(known);
        }
        if path.is_empty() || self.files.len() >= FILES {
            return None;
        }
        let library = is_library(path, &roots.prefix);
        let id = FileId::from(self.files.len());
        self.files.insert(path.to_owned(), (id, library));
        // Libraries would be most of a recording; their lines stand in the steps.
        let lines = if library {
            Vec::new()
        } else {
            let text = self.sources.text(path);
            text.lines().map(str::to_owned).collect()
        };
        out.row(LateRow::File(SourceFile {
            path: shown(path, &roots.folder).to_owned(),
            library,
            language: language(path),
            lines,
        }));
        Some((id, library))
    }

    /// The function that begins at the line, or that the line is in.
    pub(crate) fn function(
        &mut self,
        place: &Place,
        route: Option<&str>,
        roots: &Roots,
        out: &mut Out,
    ) -> Option<FunctionId> {
        let (file, _) = self.file(&place.file, roots, out)?;
        let (name, first, is_async) = match language(&place.file) {
            Language::Python => {
                let (first, is_async) = self.definition(place);
                (place.name.clone(), first, is_async)
            }
            Language::Rust => rust_function(&self.sources.text(&place.file), place),
        };
        let key = (file, first, name.clone());
        let route = route.filter(|route| !route.is_empty());
        // It may have been seen in a call stack before it was known that clients reach it.
        if let Some(&(known, is_route)) = self.functions.get(&key)
            && (is_route || route.is_none())
        {
            return Some(known);
        }
        if self.function_rows >= FUNCTIONS {
            return None;
        }
        let id = FunctionId::from(self.function_rows);
        self.function_rows += 1;
        self.functions.insert(key, (id, route.is_some()));
        out.row(LateRow::Function(Function {
            name,
            route: route.map(str::to_owned),
            is_async,
            file: Some(file),
            first,
            ..Function::default()
        }));
        Some(id)
    }

    /// The line of a function's `def`, and whether it is an `async` one. The line may be one of its decorators, or in it.
    fn definition(&mut self, place: &Place) -> (u32, bool) {
        let text = self.sources.text(&place.file);
        let lines: Vec<&str> = text.lines().collect();
        let from = (place.line as usize).saturating_sub(1);
        let defines = |line: &usize| {
            let code = lines[*line].trim_start();
            let code = code.strip_prefix("async ").unwrap_or(code).trim_start();
            let name = code.strip_prefix("def ").map(str::trim_start);
            name.and_then(|name| name.strip_prefix(place.name.as_str()))
                .is_some_and(|rest| rest.trim_start().starts_with(['(', '[']))
        };
        let below = from..lines.len().min(from + DECORATORS);
        let is_decorator = lines
            .get(from)
            .is_some_and(|line| line.trim_start().starts_with('@'));
        let found = if is_decorator {
            below.into_iter().find(defines)
        } else {
            (0..lines.len().min(from + 1)).rev().find(defines)
        };
        match found {
            Some(line) => (
                line as u32 + 1,
                lines[line].trim_start().starts_with("async "),
            ),
            None => (place.line, false),
        }
    }

    /// The step that stands for a line of a file.
    pub(crate) fn step(&mut self, place: &Place, roots: &Roots, out: &mut Out) -> Option<StepId> {
        let (file, _) = self.file(&place.file, roots, out)?;
        let key = (file, place.line);
        if let Some(&known) = self.steps.get(&key) {
            return Some(known);
        }
        if place.line == 0 || self.steps.len() >= STEPS {
            return None;
        }
        let function = self.function(place, None, roots, out)?;
        let id = StepId::from(self.steps.len());
        self.steps.insert(key, id);
        let mut step = Step {
            function,
            key: "line".to_owned(),
            file: Some(file),
            ..Step::default()
        };
        let text = self.sources.line(&place.file, place.line);
        match language(&place.file) {
            Language::Python => (step.line.python, step.python) = (place.line, text),
            Language::Rust => (step.line.rust, step.rust) = (place.line, text),
        }
        out.row(LateRow::Step(step));
        Some(id)
    }

    /// The step that stands for the line at which a function begins.
    pub(crate) fn first_step(
        &mut self,
        place: &Place,
        roots: &Roots,
        out: &mut Out,
    ) -> Option<StepId> {
        if language(&place.file) == Language::Rust {
            return self.step(place, roots, out);
        }
        let (line, _) = self.definition(place);
        let place = Place {
            line,
            ..place.clone()
        };
        self.step(&place, roots, out)
    }

    /// The stack of these frames, and the step of the user's own deepest line in it; else `before`, else the deepest.
    pub(crate) fn stack(
        &mut self,
        frames: &[Frame],
        before: Option<StepId>,
        roots: &Roots,
        out: &mut Out,
    ) -> Option<(StackId, StepId)> {
        let mut steps = Vec::new();
        let mut own = None;
        for frame in frames {
            let place = Place {
                name: frame.function.clone(),
                file: frame.file.clone(),
                line: frame.line,
                more: String::new(),
            };
            let Some(step) = self.step(&place, roots, out) else {
                continue;
            };
            if own.is_none() && !is_library(&frame.file, &roots.prefix) {
                own = Some(step);
            }
            steps.push(step);
        }
        // A deep stack is cut off before it comes to the user's own lines.
        let place = own.or(before).or_else(|| steps.first().copied())?;
        if let Some(&known) = self.stacks.get(&steps) {
            return Some((known, place));
        }
        if self.stacks.len() >= STACKS {
            return None;
        }
        let id = StackId::from(self.stacks.len());
        self.stacks.insert(steps.clone(), id);
        out.row(LateRow::Stack(steps));
        Some((id, place))
    }
}

/// The language of a source file.
fn language(path: &str) -> Language {
    if Path::new(path).extension().is_some_and(|end| end == "rs") {
        Language::Rust
    } else {
        Language::Python
    }
}

/// The name of the Rust function that a line is in, its first line, and whether it is an `async` one.
pub(crate) fn rust_function(text: &str, place: &Place) -> (String, u32, bool) {
    let lines = text.lines().take(place.line as usize).enumerate();
    let found = lines.filter_map(|(number, line)| {
        let code = line.trim_start();
        let (before, rest) = code.split_once("fn ")?;
        let words = before.split_whitespace();
        let is_head = words
            .clone()
            .all(|word| word.starts_with("pub") || word.ends_with(')') || FN_WORDS.contains(&word));
        let name = rest.split(['(', '<']).next()?.trim();
        let is_async = words.clone().any(|word| word == "async");
        is_head.then(|| (name.to_owned(), number as u32 + 1, is_async))
    });
    found
        .last()
        .unwrap_or_else(|| (place.name.clone(), place.line, false))
}

/// What may stand before `fn`.
const FN_WORDS: [&str; 5] = ["async", "const", "unsafe", "extern", "\"C\""];

/// A function as events of tasks name it.
pub(crate) fn short(function: Option<FunctionId>) -> u16 {
    function
        .and_then(|id| u16::try_from(id.0).ok())
        .unwrap_or(EventKind::NO_FUNCTION)
}
