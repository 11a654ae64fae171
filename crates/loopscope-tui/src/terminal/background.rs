//! Whether the terminal's background is light: asked once, with little patience.

use std::time::Duration;

use terminal_colorsaurus::{QueryOptions, ThemeMode, theme_mode};

/// How long the first frame may wait for the answer. A later answer arrives among the keys, where
/// the input filters it out.
const PATIENCE: Duration = Duration::from_millis(40);

/// What the terminal says, else what `COLORFGBG` says, else dark.
pub fn is_light() -> bool {
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
