//! Lines of at most 32 columns: a longer one is broken where its writer said, then cut.

use loopscope_trace::{Language, Listing, StepId, Token};
use unicode_width::UnicodeWidthStr;

use crate::scenario::listing::tokens;
use crate::scenario::text::words::head;

/// The widest line of a listing, so that it fits beside the lanes on 80 columns.
pub const COLUMNS: usize = 32;

/// The step that is written, and how deep it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At {
    pub(crate) step: StepId,
    pub(crate) level: usize,
}

impl At {
    pub(crate) const fn new(step: StepId, level: usize) -> Self {
        Self { step, level }
    }
}

/// A listing while it is written.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) language: Language,
    /// What a length is divided by, as it is written: ` / 20`.
    pub(crate) pace: String,
    /// Too long a line is cut; in a file that is run it is not.
    cut: bool,
    /// A line was too long.
    pub(crate) was_cut: bool,
    /// The columns of one level.
    pub(crate) unit: usize,
    lines: Vec<Vec<Token>>,
    /// Each step's line, counted from 1, and its words.
    pub(crate) steps: Vec<(StepId, u32, String)>,
}

impl Page {
    pub(crate) fn new(language: Language, unit: usize) -> Self {
        Self {
            language,
            pace: String::new(),
            cut: true,
            was_cut: false,
            unit,
            lines: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// The page of a file that is run, where lengths may be divided.
    pub(crate) fn whole(mut self, pace: String) -> Self {
        self.cut = false;
        self.pace = pace;
        self
    }

    /// An empty line, unless the page is empty or has one already.
    pub(crate) fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(Vec::new());
        }
    }

    /// How many lines there are.
    pub(crate) fn length(&self) -> usize {
        self.lines.len()
    }

    /// The number of the first line after the first `skipped` that holds `text`, else of the last.
    pub(crate) fn find(&self, skipped: usize, text: &str) -> u32 {
        let lines = self.lines.iter().skip(skipped);
        let found = lines.map(|line| {
            let words = line.iter().map(|token| token.text.as_str());
            words.collect::<String>()
        });
        let place = found.into_iter().position(|line| line.contains(text));
        let line = place.map_or(self.lines.len(), |at| skipped + at + 1);
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// How many columns are left at `level`.
    pub(crate) fn room(&self, level: usize) -> usize {
        COLUMNS.saturating_sub(level * self.unit)
    }

    /// Writes a line; the number of the line, counted from 1.
    pub(crate) fn line(&mut self, level: usize, text: &str) -> u32 {
        let indent = (level * self.unit).min(COLUMNS / 2);
        self.was_cut |= text.width() > COLUMNS - indent;
        let text = match self.cut {
            true => head(text, COLUMNS - indent),
            false => text.to_owned(),
        };
        let mut tokens = tokens::of(self.language, &text);
        if indent > 0 {
            tokens.insert(0, tokens::plain(&" ".repeat(indent)));
        }
        self.lines.push(tokens);
        u32::try_from(self.lines.len()).unwrap_or(u32::MAX)
    }

    /// Writes `whole` if it fits, else `parts`, of which all but the ends stand one level deeper.
    /// The number of the first line.
    pub(crate) fn either(&mut self, level: usize, whole: &str, parts: &[&str]) -> u32 {
        if whole.width() <= self.room(level) || parts.is_empty() {
            return self.line(level, whole);
        }
        let first = self.line(level, parts[0]);
        for part in &parts[1..] {
            let closing = part.starts_with([')', '}', ']', '-']);
            self.line(if closing { level } else { level + 1 }, part);
        }
        first
    }

    /// A call with its arguments: in one line, or broken after the opening bracket, or an argument
    /// a line; too long an assignment is broken after its sign. The number of the first line.
    pub(crate) fn call(&mut self, level: usize, open: &str, args: &[String], close: &str) -> u32 {
        let all = args.join(", ");
        let whole = format!("{open}{all}{close}");
        if whole.width() <= self.room(level) || args.is_empty() {
            return self.broken(level, &whole);
        }
        let python = self.language == Language::Python;
        if open.width() > self.room(level)
            && let Some((left, right)) = open.split_once(" = ")
        {
            let first = self.line(
                level,
                &format!("{left} ={}", if python { " (" } else { "" }),
            );
            self.call(level + 1, right, args, close);
            if python {
                self.line(level, ")");
            }
            return first;
        }
        let first = self.line(level, open);
        let hanging = all.width() + close.width() <= self.room(level + 1);
        // Rust closes its brackets on a line of their own.
        if python && hanging {
            self.line(level + 1, &format!("{all}{close}"));
            return first;
        }
        if let [only] = args {
            self.broken(level + 1, only);
        } else {
            for arg in args {
                self.broken(level + 1, &format!("{arg},"));
            }
        }
        self.line(level, close);
        first
    }

    /// A line; too long a one is broken after its sign, inside its brackets, or before its last
    /// point. The number of the first line.
    pub(crate) fn broken(&mut self, level: usize, text: &str) -> u32 {
        if text.width() <= self.room(level) {
            return self.line(level, text);
        }
        let rust = self.language == Language::Rust;
        if let (true, Some((left, right))) = (rust, text.split_once(" = ")) {
            let first = self.line(level, &format!("{left} ="));
            self.broken(level + 1, right);
            return first;
        }
        let point = text.find(".await").or_else(|| text.rfind('.'));
        if let (true, Some(at)) = (rust, point.filter(|at| *at > 0)) {
            let first = self.line(level, &text[..at]);
            self.line(level + 1, &text[at..]);
            return first;
        }
        match (text.find('('), text.rfind(')')) {
            (Some(open), Some(close)) if open + 1 < close => {
                let first = self.line(level, &text[..=open]);
                self.line(level + 1, &text[open + 1..close]);
                self.line(level, &text[close..]);
                first
            }
            _ => self.line(level, text),
        }
    }

    /// Writes a step that is one line; too long a one is broken.
    pub(crate) fn simple(&mut self, at: At, words: &str) {
        let line = self.broken(at.level, words);
        self.mark(at, line, words);
    }

    /// Writes the line of a step whose bodies follow.
    pub(crate) fn heading(&mut self, at: At, words: &str) {
        let line = self.line(at.level, words);
        self.mark(at, line, words);
    }

    /// Writes a step that is one call, as [`Self::call`] does.
    pub(crate) fn calling(&mut self, at: At, open: &str, args: &[String], close: &str) {
        let line = self.call(at.level, open, args, close);
        self.mark(at, line, &format!("{open}{}{close}", args.join(", ")));
    }

    /// Notes that the step is written in line `line` as `words`.
    pub(crate) fn mark(&mut self, at: At, line: u32, words: &str) {
        self.steps.push((at.step, line, words.to_owned()));
    }

    pub(crate) fn listing(self) -> Listing {
        Listing {
            language: self.language,
            lines: self.lines,
        }
    }
}
