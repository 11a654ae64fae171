//! What a flag's value must be, and what a wrong one is told.

use std::error::Error as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::output;

/// The fastest run: faster ones are shorter than the timer's tick.
const FASTEST: f64 = 10_000.0;
/// The slowest run.
const SLOWEST: f64 = 0.001;

pub(in crate::cli) fn speed(text: &str) -> Result<f64, String> {
    let speed: f64 = text.parse().unwrap_or(f64::NAN);
    if (SLOWEST..=FASTEST).contains(&speed) {
        Ok(speed)
    } else {
        Err(format!(
            "a speed is a number from {SLOWEST} to {FASTEST}, such as 20"
        ))
    }
}

pub(in crate::cli) fn seed(text: &str) -> Result<u64, &'static str> {
    text.parse()
        .map_err(|_| "a seed is a whole number from 0 to 18446744073709551615")
}

pub(in crate::cli) fn knob(text: &str) -> Result<(String, i64), String> {
    let wish = "a knob is set by its name and a whole number, such as requests=10";
    let (name, value) = text.split_once('=').ok_or(wish)?;
    let value = value.trim().parse().map_err(|_| wish)?;
    match name.trim() {
        "" => Err(wish.to_owned()),
        name => Ok((name.to_owned(), value)),
    }
}

/// Says what clap has to say: help on stdout, a wrong value as one sentence.
pub(in crate::cli) fn explain(error: &clap::Error) -> Outcome {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            output::text(&error.render().to_string())
        }
        ErrorKind::ValueValidation => Err(Failure::Usage(wrong_value(error))),
        _ => {
            let text = error.render().to_string();
            Err(Failure::Usage(
                text.trim_start_matches("error: ").trim_end().to_owned(),
            ))
        }
    }
}

fn wrong_value(error: &clap::Error) -> String {
    let part = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.as_str(),
        _ => "",
    };
    let flag = part(ContextKind::InvalidArg)
        .split_whitespace()
        .next()
        .unwrap_or("");
    let reason = error
        .source()
        .map_or_else(|| "is not valid".to_owned(), ToString::to_string);
    format!("{flag} {}: {reason}", part(ContextKind::InvalidValue))
}
