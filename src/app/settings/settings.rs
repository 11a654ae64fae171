//! What a user has set once and for all: `settings.toml` in the configuration folder.
//!
//! *In:* the file, the environment, and the flags, which win in this order. *Out:* each value in
//! force, and who says so. *Invariant:* a wrong line never stops a lecture: it is named, and the
//! default stands for it. *Absent on purpose:* writing the file, save once, where there is none.

use std::fs::File;
use std::io::Read;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::app::failure::reason;
use crate::app::files::places;
use crate::app::settings::keys::Overrides;
use crate::app::settings::keys::{Color, KEYS, Theme, Value};
use crate::app::settings::settings;
use loopscope_lab::engine::MEMORY;
use loopscope_lab::scenario::Problems;
use loopscope_lab::scenario::flat::Flat;
use loopscope_trace::{Clock, Language};
use loopscope_tui as tui;
use loopscope_tui::settings::settings::{AutoStop, ThemeChoice};

/// Whether the environment has nothing against color (`NO_COLOR`, `TERM`).
pub(crate) fn color_is_wanted() -> bool {
    !anstyle_query::no_color() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// The file's name.
pub(crate) const FILE: &str = "settings.toml";

/// A file of settings is never this large.
const MOST_BYTES: u64 = 256 * 1024;

/// Who says a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// It is not set: the default.
    Default,
    /// The file, in this line.
    File(usize),
    /// A flag or a variable of the environment.
    Asked(&'static str),
}

/// All values in force.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Where the file is, or would be.
    pub(crate) path: Option<PathBuf>,
    /// In the order of [`KEYS`].
    pub(crate) values: Vec<(Value, Source)>,
    /// The mistakes of the file.
    pub(crate) problems: Option<Problems>,
    /// Why the file could not be read.
    pub(crate) unread: Option<String>,
}

impl Settings {
    /// Reads the file of the user, and holds it against the environment and the flags.
    pub(crate) fn load(look: impl Into<Overrides>) -> Self {
        let path = places::config_dir().map(|folder| folder.join(FILE));
        let mut settings = match path.as_deref().map(read) {
            None | Some(Ok(None)) => Self::of("", Path::new(FILE)),
            Some(Ok(Some(text))) => Self::of(&text, path.as_deref().unwrap_or(Path::new(FILE))),
            Some(Err(why)) => Self {
                unread: Some(why),
                ..Self::of("", Path::new(FILE))
            },
        };
        settings.path = path;
        settings.hear(&look.into(), settings::color_is_wanted());
        settings
    }

    /// The values of a text.
    fn of(text: &str, path: &Path) -> Self {
        let mut flat = Flat::read(text);
        let names: Vec<&str> = KEYS.iter().map(|row| row.key).collect();
        flat.allow("the settings", &names);
        let values = KEYS
            .iter()
            .map(|row| match row.kind.read(row.key, &mut flat) {
                Some(value) => (value, Source::File(flat.line(row.key).unwrap_or(0))),
                None => (row.kind.default(), Source::Default),
            })
            .collect();
        Self {
            path: None,
            values,
            problems: flat.finish(&path.display().to_string()),
            unread: None,
        }
    }

    /// Flags win over the environment, and that over the file.
    fn hear(&mut self, look: &Overrides, environment_wants_color: bool) {
        if let Some(theme) = look.theme {
            self.set("theme", theme.word().to_owned(), "--theme");
        }
        if look.ascii {
            self.put("ascii", Value::Flag(true), "--ascii");
        }
        if look.reduced_motion {
            self.put("reduced_motion", Value::Flag(true), "--reduced-motion");
        }
        if let Some(color) = look.color {
            self.set("color", color.word().to_owned(), "--color");
        } else if !environment_wants_color {
            let variable = if anstyle_query::no_color() {
                "NO_COLOR"
            } else {
                "TERM=dumb"
            };
            self.set("color", "never".to_owned(), variable);
        }
    }

    fn set(&mut self, key: &str, word: String, who: &'static str) {
        self.put(key, Value::Word(word), who);
    }

    fn put(&mut self, key: &str, value: Value, who: &'static str) {
        if let Some(place) = KEYS.iter().position(|row| row.key == key) {
            self.values[place] = (value, Source::Asked(who));
        }
    }

    fn value(&self, key: &str) -> Option<&Value> {
        let place = KEYS.iter().position(|row| row.key == key)?;
        Some(&self.values[place].0)
    }

    fn flag(&self, key: &str) -> bool {
        matches!(self.value(key), Some(Value::Flag(true)))
    }

    fn word(&self, key: &str) -> &str {
        match self.value(key) {
            Some(Value::Word(word)) => word,
            _ => "",
        }
    }

    /// Whether to use color: always, never, or as the environment says.
    pub(crate) fn color(&self) -> Color {
        let said = self.word("color");
        let color = Color::ALL.into_iter().find(|color| color.word() == said);
        color.unwrap_or(Color::Auto)
    }

    /// The language of the code and of runs at the start.
    pub(crate) fn language(&self) -> Language {
        match self.word("language") {
            "rust" => Language::Rust,
            _ => Language::Python,
        }
    }

    /// With this language, where a flag names one.
    pub(crate) fn told_in(mut self, language: Option<Language>) -> Self {
        if let Some(language) = language {
            self.set("language", language.name().to_lowercase(), "--language");
        }
        self
    }

    /// The clock of runs unless told otherwise.
    pub(crate) fn clock(&self) -> Clock {
        if self.flag("instant") {
            Clock::Virtual
        } else {
            Clock::Real
        }
    }

    /// tokio-metrics counts from the first run on.
    pub(crate) fn metrics(&self) -> bool {
        self.flag("metrics")
    }

    /// Bytes that a run may take.
    pub(crate) fn memory(&self) -> u64 {
        match self.value("memory") {
            Some(Value::Number(megabytes)) => (*megabytes * 1024.0 * 1024.0) as u64,
            _ => MEMORY,
        }
    }

    /// Where the key for it opens tokio-console's listener.
    pub(crate) fn console(&self) -> SocketAddr {
        match self.value("console") {
            Some(Value::Address(address)) => *address,
            _ => loopscope_probe::console::DEFAULT,
        }
    }

    /// What the screen gets.
    pub(crate) fn screen(&self) -> tui::Settings {
        let said = self.word("theme");
        let theme = Theme::ALL.into_iter().find(|theme| theme.word() == said);
        let theme = theme.unwrap_or(Theme::Auto);
        tui::Settings {
            theme: match theme {
                Theme::Auto => ThemeChoice::Auto,
                Theme::Dark => ThemeChoice::Dark,
                Theme::Light => ThemeChoice::Light,
                Theme::Projector => ThemeChoice::Projector,
                Theme::Mono => ThemeChoice::Mono,
            },
            ascii: self.flag("ascii"),
            color: match self.color() {
                Color::Auto => settings::color_is_wanted(),
                Color::Always => true,
                Color::Never => false,
            },
            language: self.language(),
            play_speed: match self.value("play_speed") {
                Some(Value::Number(speed)) => *speed,
                _ => 1.0,
            },
            big: self.flag("big"),
            asks: self.flag("asks"),
            auto_stop: match self.word("auto_stop") {
                "notes" => AutoStop::Notes,
                "all" => AutoStop::All,
                _ => AutoStop::Off,
            },
            reduced_motion: self.flag("reduced_motion"),
        }
    }

    /// What is wrong with the file, in one sentence for the screen.
    pub(crate) fn sentence(&self) -> Option<String> {
        if let Some(why) = &self.unread {
            return Some(format!("{FILE} {why}: the defaults stand"));
        }
        let count = self.problems.as_ref()?.list.len();
        let mistakes = match count {
            1 => "a mistake: the default stands".to_owned(),
            count => format!("{count} mistakes: defaults stand"),
        };
        Some(format!("{FILE} has {mistakes}; see `loopscope settings`"))
    }

    /// What is wrong with the file, with its lines.
    pub(crate) fn problems(&self) -> Option<&Problems> {
        self.problems.as_ref()
    }

    /// The values that are not the default, in a few words.
    pub(crate) fn unusual(&self) -> String {
        let rows = KEYS.iter().zip(&self.values);
        let words: Vec<String> = rows
            .filter(|(row, (value, _))| *value != row.kind.default())
            .map(|(row, (value, _))| format!("{} = {}", row.key, value.toml()))
            .collect();
        if words.is_empty() {
            "all as they come".to_owned()
        } else {
            words.join(", ")
        }
    }
}

/// The file's text; `None` where there is none.
fn read(path: &Path) -> Result<Option<String>, String> {
    let refused = |why: String| format!("cannot be read ({why})");
    let meta = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refused(reason(&error))),
        Ok(meta) => meta,
    };
    // Opening a pipe waits for a writer at its other end.
    if !meta.is_file() {
        return Err(refused("it is no file".to_owned()));
    }
    if meta.len() > MOST_BYTES {
        return Err(refused(format!(
            "it is larger than {} KiB",
            MOST_BYTES / 1024
        )));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes))
        .map_err(|error| refused(reason(&error)))?;
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| refused("it is not UTF-8 text".to_owned()))
}

#[cfg(test)]
#[path = "../../../tests/inside/settings.rs"]
mod tests;
