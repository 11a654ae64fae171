//! The one table of settings: what may be set, to what, and what it means.

use std::net::{SocketAddr, ToSocketAddrs};

use crate::app::settings::keys;
use loopscope_lab::scenario::flat::Flat;

/// Reads an address: an IP and a port, or `localhost` and a port.
pub(crate) fn address(text: &str) -> Result<SocketAddr, String> {
    let help = "an address is an IP and a port, such as 127.0.0.1:6669";
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    // Other names could ask the network and make the start wait.
    let local = text
        .strip_prefix("localhost:")
        .and_then(|port| port.parse::<u16>().ok());
    local
        .and_then(|port| ("localhost", port).to_socket_addrs().ok()?.next())
        .ok_or_else(|| help.to_owned())
}

/// A setting.
pub(crate) struct Row {
    pub(crate) key: &'static str,
    pub(crate) kind: Kind,
    /// A sentence for the file and the documentation.
    pub(crate) say: &'static str,
}

/// What a setting may be, and what it is where it is not set.
pub(crate) enum Kind {
    Flag(bool),
    Number {
        least: f64,
        most: f64,
        default: f64,
    },
    /// The first one is the default.
    Words(fn() -> Vec<String>),
    Address,
}

/// The value of a setting.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Flag(bool),
    Number(f64),
    Word(String),
    Address(SocketAddr),
}

/// In the order of the file.
// table
pub(crate) const KEYS: &[Row] = &[
    Row {
        key: "theme",
        kind: Kind::Words(theme_words),
        say: "The colors of the screen; auto asks the terminal for its background.",
    },
    Row {
        key: "ascii",
        kind: Kind::Flag(false),
        say: "Draw with ASCII characters only.",
    },
    Row {
        key: "color",
        kind: Kind::Words(color_words),
        say: "Whether to use color at all; auto heeds NO_COLOR.",
    },
    Row {
        key: "language",
        kind: Kind::Words(|| ["python", "rust"].map(str::to_owned).into()),
        say: "The language of the code at the start; c shows the other one.",
    },
    Row {
        key: "play_speed",
        kind: Kind::Number {
            least: 0.01,
            most: 100.0,
            default: 1.0,
        },
        say: "How fast one watches at the start: 0.5 is half the pace of the run.",
    },
    Row {
        key: "big",
        kind: Kind::Flag(false),
        say: "Start with the big layout, for a projector; b switches it.",
    },
    Row {
        key: "asks",
        kind: Kind::Flag(true),
        say: "Ask for a prediction before a scenario is run.",
    },
    Row {
        key: "auto_stop",
        kind: Kind::Words(|| ["off", "notes", "all"].map(str::to_owned).into()),
        say: "Where the view stops by itself: nowhere, at each note, or at each note, finding and \
              printed line.",
    },
    Row {
        key: "reduced_motion",
        kind: Kind::Flag(false),
        say: "Draw nothing that only moves: figures and a playing view change once a second.",
    },
    Row {
        key: "instant",
        kind: Kind::Flag(false),
        say: "Run on the virtual clock: time is computed, nobody sleeps; i in the menu switches it.",
    },
    Row {
        key: "metrics",
        kind: Kind::Flag(false),
        say: "Let tokio-metrics count, too; it costs more than our recorder.",
    },
    Row {
        key: "memory",
        kind: Kind::Number {
            least: 16.0,
            most: 65536.0,
            default: 1024.0,
        },
        say: "Megabytes that a run may take; one that needs more is ended, and says so.",
    },
    Row {
        key: "console",
        kind: Kind::Address,
        say: "Where the key C lets tokio-console attach.",
    },
];

impl Kind {
    /// The value where none is set.
    pub(crate) fn default(&self) -> Value {
        match self {
            Self::Flag(flag) => Value::Flag(*flag),
            Self::Number { default, .. } => Value::Number(*default),
            Self::Words(all) => Value::Word(all().into_iter().next().unwrap_or_default()),
            Self::Address => Value::Address(loopscope_probe::console::DEFAULT),
        }
    }

    /// What the file says, if it says it and that is right.
    pub(crate) fn read(&self, key: &str, flat: &mut Flat<'_>) -> Option<Value> {
        match self {
            Self::Flag(_) => flat.flag(key).map(Value::Flag),
            Self::Number { least, most, .. } => flat.number(key, *least, *most).map(Value::Number),
            Self::Words(all) => {
                let all = all();
                let known: Vec<&str> = all.iter().map(String::as_str).collect();
                flat.one_of(key, &known).map(Value::Word)
            }
            Self::Address => {
                let text = flat.text(key)?;
                match keys::address(&text) {
                    Ok(address) => Some(Value::Address(address)),
                    Err(help) => {
                        flat.refuse(key, format!("`{key}` is no address"), Some(help));
                        None
                    }
                }
            }
        }
    }

    /// What it may be, in a few words.
    pub(crate) fn may_be(&self) -> String {
        match self {
            Self::Flag(_) => "true or false".to_owned(),
            Self::Number { least, most, .. } => format!("{least} to {most}"),
            Self::Words(all) => {
                let quoted = all().into_iter().map(|word| format!("\"{word}\""));
                quoted.collect::<Vec<_>>().join(", ")
            }
            Self::Address => "an IP and a port; port 0 takes a free one".to_owned(),
        }
    }
}

impl Value {
    /// As it stands in the file.
    pub(crate) fn toml(&self) -> String {
        match self {
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Word(word) => format!("\"{word}\""),
            Self::Address(address) => format!("\"{address}\""),
        }
    }
}

/// A palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    Auto,
    Dark,
    Light,
    Projector,
    Mono,
}

/// When to use color.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

impl Theme {
    /// All, the default first.
    pub(crate) const ALL: [Self; 5] = [
        Self::Auto,
        Self::Dark,
        Self::Light,
        Self::Projector,
        Self::Mono,
    ];

    /// The word for it, in the file and behind the flag.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Projector => "projector",
            Self::Mono => "mono",
        }
    }
}

impl Color {
    /// All, the default first.
    pub(crate) const ALL: [Self; 3] = [Self::Auto, Self::Always, Self::Never];

    /// The word for it, in the file and behind the flag.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

fn theme_words() -> Vec<String> {
    Theme::ALL.map(|theme| theme.word().to_owned()).into()
}

fn color_words() -> Vec<String> {
    Color::ALL.map(|color| color.word().to_owned()).into()
}

/// What the flags say about settings; they win over the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Overrides {
    pub(crate) theme: Option<Theme>,
    pub(crate) ascii: bool,
    pub(crate) reduced_motion: bool,
    pub(crate) color: Option<Color>,
}
