//! The palette to draw with; the terminal is asked for its background at most once.

use std::time::Duration;

use terminal_colorsaurus::{QueryOptions, ThemeMode, theme_mode};

use crate::settings::settings::{Settings, ThemeChoice};
use crate::text::theme;

/// How long the first frame may wait for the answer. A later answer arrives among the keys, where
/// the input filters it out.
const PATIENCE: Duration = Duration::from_millis(40);

/// What the terminal says, else what `COLORFGBG` says, else dark.
pub(crate) fn is_light() -> bool {
    let mut options = QueryOptions::default();
    options.timeout = PATIENCE;
    match theme_mode(options) {
        Ok(mode) => mode == ThemeMode::Light,
        Err(_) => std::env::var("COLORFGBG").is_ok_and(|value| names_light(&value)),
    }
}

/// `0;15`: the last number is the background's place among the sixteen colors.
fn names_light(value: &str) -> bool {
    matches!(value.rsplit(';').next(), Some("7" | "15"))
}

/// The palette to draw with. Asks the terminal at most once, before the first frame.
pub(crate) fn palette(settings: &Settings) -> theme::Palette {
    if !settings.color {
        return theme::Palette::Mono;
    }
    match settings.theme {
        ThemeChoice::Mono => theme::Palette::Mono,
        ThemeChoice::Dark => theme::Palette::Dark,
        ThemeChoice::Light => theme::Palette::Light,
        ThemeChoice::Projector => theme::Palette::Projector,
        ThemeChoice::Auto if is_light() => theme::Palette::Light,
        ThemeChoice::Auto => theme::Palette::Dark,
    }
}
