//! The program of a story: functions, steps, and the same text in each language.

use serde::{Deserialize, Serialize};

use crate::ids::{FileId, FunctionId};

/// A function of the scenario.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Function {
    /// Its name in both listings.
    pub name: String,
    /// Where clients reach it.
    pub route: Option<String>,
    /// `async def`, or a plain `def` that is dispatched to the pool.
    pub is_async: bool,
    /// What runs before it, for its sake, in this order.
    pub depends: Vec<FunctionId>,
    /// The source file that it stands in, where the program is watched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<FileId>,
    /// Its first line in that file, counted from 1; 0 where it is not known.
    #[serde(skip_serializing_if = "is_zero")]
    pub first: u32,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A step: where it stands, and how it is written there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Step {
    /// The function that it belongs to.
    pub function: FunctionId,
    /// Its key in the scenario file: `block`.
    pub key: String,
    /// Its line in each text, counted from 1; 0 where it has none.
    pub line: Line,
    /// How it is written in Python, without indent: `time.sleep(5)`.
    pub python: String,
    /// How it is written in Rust, without indent.
    pub rust: String,
    /// The source file that `line` counts in, where the program is watched; it has no listing then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<FileId>,
}

/// A source file of a program that is watched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SourceFile {
    /// Its path: relative to the folder in which the program was started where it lies below it.
    pub path: String,
    /// Whether it belongs to a library and not to the user's own program.
    pub library: bool,
    /// The language.
    pub language: Language,
    /// Its lines; empty where it could not be read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

impl SourceFile {
    /// The path as it is imported: `uvicorn/server.py` of a library, whatever folder it is installed in.
    pub fn short_path(&self) -> &str {
        if !self.library {
            return &self.path;
        }
        let mut folders = ["/site-packages/", "/dist-packages/"].into_iter();
        let installed = folders.find_map(|folder| Some(self.path.rsplit_once(folder)?.1));
        // Behind the version, where it is Python's own.
        let own = || Some(self.path.rsplit_once("/lib/python3.")?.1.split_once('/')?.1);
        // Behind the registry, and of the standard library behind the compiler's own folders.
        let fetched = || {
            let (_, below) = self.path.split_once("/registry/src/")?;
            Some(below.split_once('/')?.1)
        };
        let standard = || {
            let is_its = self.path.starts_with("/rustc/");
            Some(self.path.split_once("/library/").filter(|_| is_its)?.1)
        };
        let of_rust = || fetched().or_else(standard);
        installed
            .or_else(own)
            .or_else(of_rust)
            .unwrap_or(&self.path)
    }
}

impl Step {
    /// The longest pause that these steps name, in seconds; 0 where none takes time. `None` where no pause names its
    /// length, or there is no step.
    pub fn longest_pause(steps: &[Self]) -> Option<f64> {
        let waits =
            |step: &&Self| ["sleep", "block", "cpu", "timeout"].contains(&step.key.as_str());
        let named = steps.iter().filter(waits).filter_map(Self::named_seconds);
        let longest = named.fold(0.0_f64, f64::max);
        let unknown = steps.is_empty() || steps.iter().any(|step| waits(&step));
        (longest > 0.0 || !unknown).then_some(longest)
    }

    /// The seconds that it names in its listing: 5 of `time.sleep(5)`, 0.2 of `millis(200)`.
    pub fn named_seconds(&self) -> Option<f64> {
        let text = if self.python.is_empty() {
            &self.rust
        } else {
            &self.python
        };
        let (before, rest) = text.rsplit_once('(')?;
        let end = rest.find(|sign: char| !sign.is_ascii_digit() && sign != '.');
        let figure: f64 = rest[..end.unwrap_or(rest.len())].parse().ok()?;
        let units = [("millis", 1e-3), ("micros", 1e-6), ("nanos", 1e-9)];
        let unit = units.iter().find(|(name, _)| before.ends_with(name));
        Some(figure * unit.map_or(1.0, |(_, unit)| *unit)).filter(|seconds| *seconds > 0.0)
    }
}

/// The line of a step in each text, counted from 1; 0 where it has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Line {
    /// In the Python listing.
    pub python: u32,
    /// In the Rust listing.
    pub rust: u32,
    /// In the scenario file.
    pub toml: u32,
}

impl Line {
    /// The line in the listing of `language`.
    pub const fn of(self, language: Language) -> u32 {
        match language {
            Language::Python => self.python,
            Language::Rust => self.rust,
        }
    }
}

/// A language that a scenario is listed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// FastAPI or asyncio.
    #[default]
    Python,
    /// tokio.
    Rust,
}

impl Language {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::Rust => "Rust",
        }
    }
}

/// The scenario as a program text; every line at most 32 columns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Listing {
    /// The language.
    pub language: Language,
    /// Its lines, each a row of tokens (spaces included).
    pub lines: Vec<Vec<Token>>,
}

/// A piece of a line with one role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Token {
    /// What it is, for the theme.
    pub role: TokenRole,
    /// Its text.
    pub text: String,
}

/// What a token is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenRole {
    /// Names, operators, spaces.
    #[default]
    Plain,
    /// `async`, `def`, `await`, `fn` …
    Keyword,
    /// A called or defined function.
    Call,
    /// A string.
    Text,
    /// A number.
    Number,
    /// A comment.
    Comment,
}
