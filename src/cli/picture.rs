//! `loopscope export --to svg`: the stage or a comparison as a picture, drawn by what draws the screen.

use crate::app::failure::Failure;
use crate::app::open::open::RunChoices;
use crate::app::serve::app::Config;
use crate::app::serve::{ask, serve};
use crate::app::settings::keys::{Color, Theme};
use crate::app::signals::Signals;
use crate::cli::args::others::{ExportArgs, Look};
use crate::cli::play::quiet;
use loopscope_protocol::reply::Half;
use loopscope_timeline::Timeline;
use loopscope_trace::{Clock, Language, Nanos, Trace};
use loopscope_tui::screens::picture;
use loopscope_tui::screens::picture::Shot;
use loopscope_tui::{Settings, ThemeChoice};

/// The picture that was asked for. Flags alone decide how it looks, and time is computed where it can be: the same command
/// gives the same file.
pub(crate) fn picture(args: &ExportArgs, look: &Look) -> Result<String, Failure> {
    let first = over(&args.target, &args.knobs, args)?;
    let second = args.shot.compare.as_ref();
    let second = second.map(|other| over(other, &[], args)).transpose()?;
    let at = args.shot.at.map(Nanos::from_secs_f64);
    let ends = [Some(&first), second.as_ref()];
    let end = ends.into_iter().flatten().map(Timeline::end).max();
    if let (Some(at), Some(end)) = (at, end)
        && at > end
    {
        return Err(Failure::Usage(format!(
            "--at {}: the run is over at {}; without --at the picture shows its end",
            written(at),
            written(end)
        )));
    }
    let shot = Shot {
        size: args.shot.size.unwrap_or((120, 40)),
        at,
        settings: settings(args, look),
    };
    let trace = |timeline: Timeline| -> Trace { timeline.trace().clone() };
    Ok(match second {
        Some(second) => picture::pair([trace(first), trace(second)], &shot),
        None => picture::stage(trace(first), &shot),
    })
}

/// A moment with as many figures as tell it from zero: `2.70s`, `80us`.
fn written(at: Nanos) -> String {
    if at < Nanos::from_millis(10) {
        format!("{}us", at.0 / 1_000)
    } else {
        format!("{}s", at.hundredths())
    }
}

/// The recording, or a run of the scenario to its end.
fn over(target: &str, knobs: &[(String, i64)], args: &ExportArgs) -> Result<Timeline, Failure> {
    let choices = RunChoices {
        speed: args.speed,
        language: args.language.map(Language::from),
        clock: Clock::Virtual,
        ..RunChoices::default()
    };
    let client = serve::connect(Config::new(choices, None))?;
    match ask::open_either(&client, target)? {
        Half::Recording(trace) => Ok(Timeline::from_trace(*trace)),
        Half::Scenario(_) => quiet(&client, knobs.to_vec(), &Signals::listen()),
    }
}

fn settings(args: &ExportArgs, look: &Look) -> Settings {
    Settings {
        theme: match look.theme {
            Some(Theme::Light) => ThemeChoice::Light,
            Some(Theme::Projector) => ThemeChoice::Projector,
            Some(Theme::Mono) => ThemeChoice::Mono,
            Some(Theme::Auto | Theme::Dark) | None => ThemeChoice::Dark,
        },
        ascii: look.ascii,
        color: look.color != Some(Color::Never),
        language: args.language.map_or(Language::Python, Language::from),
        ..Settings::default()
    }
}
