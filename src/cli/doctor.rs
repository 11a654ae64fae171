//! `loopscope doctor`: what this terminal, this build and this machine can do.

use std::fmt::Write;
use std::io;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use rustix::fs::{Access, access};
use terminal_colorsaurus::{QueryOptions, ThemeMode, theme_mode};

use crate::app::failure::Outcome;
use crate::app::files::places;
use crate::app::settings::settings::Settings;
use crate::cli::args::others::Look;
use crate::output;
use loopscope_trace::Detail;

/// One figure: its name, what it is, and what to do where it is not good.
struct Finding {
    name: &'static str,
    value: String,
    cure: Option<&'static str>,
}

/// Prints all findings.
pub(crate) fn doctor(look: &Look) -> Outcome {
    let findings = [
        version(),
        terminal(),
        size(),
        colors(),
        background(),
        characters(),
        detail(),
        tokio(),
        console(),
        cores(),
        cpu(),
        notes(),
        log_file(),
        in_force(look),
        folder("settings", places::config_dir()),
        folder("progress", places::state_dir()),
        folder("scenarios", places::data_dir()),
    ];
    let mut text = String::new();
    for Finding { name, value, cure } in findings {
        let _ = writeln!(text, "{name:<12} {value}");
        if let Some(cure) = cure {
            let _ = writeln!(text, "{:<12} -> {cure}", "");
        }
    }
    output::text(&text)
}

fn good(name: &'static str, value: impl Into<String>) -> Finding {
    Finding {
        name,
        value: value.into(),
        cure: None,
    }
}

fn bad(name: &'static str, value: impl Into<String>, cure: &'static str) -> Finding {
    Finding {
        name,
        value: value.into(),
        cure: Some(cure),
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn version() -> Finding {
    good("loopscope", env!("CARGO_PKG_VERSION"))
}

fn terminal() -> Finding {
    let term = variable("TERM").unwrap_or_else(|| "TERM is not set".to_owned());
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        bad(
            "terminal",
            format!("none here ({term})"),
            "run it in a terminal for the screen; `loopscope --plain` and --json need none",
        )
    } else if term == "dumb" {
        bad(
            "terminal",
            term,
            "loopscope speaks in lines here; the screen needs a terminal that can move its cursor",
        )
    } else {
        match variable("TERM_PROGRAM") {
            Some(program) => good("terminal", format!("{term}, {program}")),
            None => good("terminal", term),
        }
    }
}

fn size() -> Finding {
    match rustix::termios::tcgetwinsize(io::stdout()) {
        Ok(size) if size.ws_col > 0 => {
            let value = format!("{} columns, {} rows", size.ws_col, size.ws_row);
            if size.ws_col >= 80 && size.ws_row >= 24 {
                good("size", value)
            } else {
                bad("size", value, "80 by 24 shows all panes")
            }
        }
        _ => good("size", "unknown: no terminal"),
    }
}

fn colors() -> Finding {
    let depth = if anstyle_query::truecolor() {
        "16 million"
    } else if anstyle_query::term_supports_ansi_color() {
        match variable("TERM") {
            Some(term) if term.contains("256color") => "256",
            _ => "16",
        }
    } else {
        "none"
    };
    if anstyle_query::no_color() {
        bad(
            "colors",
            format!("{depth}, not used"),
            "NO_COLOR is set; --color always overrides it",
        )
    } else {
        good("colors", depth)
    }
}

fn background() -> Finding {
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        return good("background", "unknown: no terminal");
    }
    let mut options = QueryOptions::default();
    options.timeout = Duration::from_millis(300);
    match theme_mode(options) {
        Ok(ThemeMode::Dark) => good("background", "dark"),
        Ok(ThemeMode::Light) => good("background", "light"),
        Err(_) => bad(
            "background",
            "unknown: the terminal does not say",
            "--theme light or --theme dark sets it",
        ),
    }
}

fn characters() -> Finding {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(variable)
        .unwrap_or_else(|| "no locale".to_owned());
    let test = "█ ▓ ▒ ░ ■ ─ │ ╔ ╗ ► √ × ≠ 中 é";
    let utf8 = locale
        .to_ascii_lowercase()
        .replace('-', "")
        .contains("utf8");
    if utf8 {
        good("characters", format!("{test}  ({locale})"))
    } else {
        bad(
            "characters",
            format!("{test}  ({locale})"),
            "where these are not one sign each, use --ascii",
        )
    }
}

fn detail() -> Finding {
    match loopscope_lab::engine::detail() {
        Detail::Full => good("detail", "full: built with tokio_unstable"),
        Detail::Reduced => bad(
            "detail",
            "reduced detail: built without tokio_unstable",
            "build in the project's folder, with no RUSTFLAGS set",
        ),
    }
}

fn tokio() -> Finding {
    good("tokio", env!("LOOPSCOPE_TOKIO"))
}

/// Whether tokio-console could attach, and what it would cost.
fn console() -> Finding {
    use loopscope_probe::console::DEFAULT;

    if loopscope_lab::engine::detail() == Detail::Reduced {
        return bad(
            "console",
            "tokio-console cannot attach: built without tokio_unstable",
            "build in the project's folder, with no RUSTFLAGS set",
        );
    }
    match std::net::TcpListener::bind(DEFAULT) {
        Ok(_) => good(
            "console",
            format!(
                "tokio-console can attach with --console, at {DEFAULT}; a turn then costs some 0.3 us more"
            ),
        ),
        Err(_) => bad(
            "console",
            format!("{DEFAULT} is in use"),
            "end the program that listens there, or take --console=127.0.0.1:0",
        ),
    }
}

fn cores() -> Finding {
    match std::thread::available_parallelism() {
        Ok(cores) if cores.get() > 1 => good("cores", cores.to_string()),
        Ok(_) => bad(
            "cores",
            "1",
            "scenarios that need more are skipped by check",
        ),
        Err(_) => good("cores", "unknown"),
    }
}

fn cpu() -> Finding {
    let rate = loopscope_lab::engine::cpu_rate();
    good(
        "cpu",
        format!("{rate} turns of the computing loop in a millisecond"),
    )
}

/// Where a second terminal finds the notes of the one that presents: tried, not guessed.
fn notes() -> Finding {
    use crate::app::notes::follow;

    match follow::listen(&follow::folders()) {
        Ok((_, socket)) => {
            drop(std::fs::remove_file(&socket));
            let folder = socket.parent().unwrap_or(&socket);
            good("notes", format!("{}/PID.sock", folder.display()))
        }
        Err(error) => bad(
            "notes",
            format!(
                "no second terminal: {}",
                crate::app::failure::reason(&error)
            ),
            "let XDG_RUNTIME_DIR name a folder of your own",
        ),
    }
}

fn log_file() -> Finding {
    match places::log_file() {
        Some(path) => good("log", path.display().to_string()),
        None => good("log", "none: there is no home directory"),
    }
}

/// What is set otherwise than it comes.
fn in_force(look: &Look) -> Finding {
    let settings = Settings::load(look);
    let value = settings.unusual();
    match settings.sentence() {
        None => good("set", value),
        Some(sentence) => bad("set", format!("{value} ({sentence})"), "correct the file"),
    }
}

/// A folder of ours, and whether something can be put there.
fn folder(name: &'static str, path: Option<PathBuf>) -> Finding {
    let Some(path) = path else {
        return bad(
            name,
            "nowhere: there is no home directory",
            "set HOME to a folder of yours",
        );
    };
    let value = path.display().to_string();
    // What is not there yet is made where its nearest folder can be written.
    let nearest = path.ancestors().find(|folder| folder.exists());
    let writable =
        nearest.is_some_and(|folder| folder.is_dir() && access(folder, Access::WRITE_OK).is_ok());
    if writable {
        good(name, value)
    } else {
        bad(
            name,
            format!("{value}, which cannot be written"),
            "nothing is kept there; all else works",
        )
    }
}
