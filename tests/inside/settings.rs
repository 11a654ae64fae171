//! The file held against the table: right values, all mistakes at once, who wins.

use super::*;

fn of(text: &str) -> Settings {
    Settings::of(text, Path::new("settings.toml"))
}

const PLAIN: Overrides = Overrides {
    theme: None,
    ascii: false,
    reduced_motion: false,
    color: None,
};

#[test]
fn an_empty_file_is_the_defaults_of_the_screen() {
    let settings = of("");
    assert_eq!(settings.screen(), tui::Settings::default());
    assert!(
        settings.sentence().is_none() && settings.clock() == Clock::Real && !settings.metrics()
    );
    assert_eq!(settings.console(), loopscope_probe::console::DEFAULT);
    assert_eq!(settings.unusual(), "all as they come");
}

#[test]
fn every_value_arrives() {
    let settings = of(
        "theme = \"light\"\nascii = true\ncolor = \"never\"\nlanguage = \"rust\"\n\
        play_speed = 0.5\nbig = true\nasks = false\nauto_stop = \"notes\"\nreduced_motion = true\n\
        instant = true\nmetrics = true\nmemory = 256\nconsole = \"127.0.0.1:7000\"\n",
    );
    assert_eq!(settings.problems(), None);
    let expected = tui::Settings {
        theme: ThemeChoice::Light,
        ascii: true,
        color: false,
        language: Language::Rust,
        play_speed: 0.5,
        big: true,
        asks: false,
        auto_stop: AutoStop::Notes,
        reduced_motion: true,
    };
    assert_eq!(settings.screen(), expected);
    assert!(settings.clock() == Clock::Virtual && settings.metrics());
    assert_eq!(settings.memory(), 256 * 1024 * 1024);
    assert_eq!(settings.console().port(), 7000);
    // A row that nobody reads would pass unseen: each one differs from its default here.
    assert_eq!(settings.unusual().split(", ").count(), KEYS.len());
}

#[test]
fn all_mistakes_are_named_and_the_rest_holds() {
    let text = "teme = \"light\"\nascii = \"yes\"\nplay_speed = 1000\nauto_stop = \"note\"\n\
        big = true\nconsole = \"here\"\n";
    let settings = of(text);
    let problems = settings.problems().unwrap();
    let lines: Vec<usize> = problems.list.iter().map(|found| found.line).collect();
    assert_eq!(lines, [1, 2, 3, 4, 6]);
    let shown = problems.render(false);
    for words in [
        "the settings have no key `teme`",
        "did you mean `theme`?",
        "`ascii` must be true or false, not a string",
        "`play_speed` goes from 0.01 to 100",
        "did you mean `notes`?",
        "`console` is no address",
        "settings.toml:2:9",
    ] {
        assert!(shown.contains(words), "no {words:?} in\n{shown}");
    }
    let screen = settings.screen();
    assert!(screen.big && !screen.ascii);
    assert_eq!(screen.theme, ThemeChoice::Auto);
    assert!(settings.sentence().unwrap().contains("5 mistakes"));
}

#[test]
fn what_is_no_toml_hides_nothing_else() {
    for wrong in ["ascii = = true", "ascii = yes", "ascii", "ascii = \"no"] {
        let settings = of(&format!("big = true\n{wrong}\nasks = false\n"));
        let problems = &settings.problems().unwrap().list;
        assert_eq!((problems.len(), problems[0].line), (1, 2), "{problems:?}");
        let screen = settings.screen();
        assert!(screen.big && !screen.asks && !screen.ascii, "{wrong}");
    }
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let source = |settings: &Settings, key: &str| {
        let place = KEYS.iter().position(|row| row.key == key).unwrap();
        settings.values[place].1.clone()
    };
    let text = "color = \"always\"\ntheme = \"dark\"\n";
    let mut settings = of(text);
    settings.hear(&PLAIN, true);
    assert_eq!(source(&settings, "color"), Source::File(1));
    let mut settings = of(text);
    settings.hear(&PLAIN, false);
    assert_eq!(settings.color(), Color::Never);
    let look = Overrides {
        theme: Some(Theme::Mono),
        ascii: true,
        reduced_motion: true,
        color: Some(Color::Always),
    };
    let mut settings = of(text);
    settings.hear(&look, false);
    assert_eq!(settings.color(), Color::Always);
    assert_eq!(source(&settings, "theme"), Source::Asked("--theme"));
    let asked = Source::Asked("--reduced-motion");
    assert_eq!(source(&settings, "reduced_motion"), asked);
    assert_eq!(settings.screen().theme, ThemeChoice::Mono);
    assert!(settings.screen().ascii);
}

#[test]
fn the_written_file_is_right_and_changes_nothing() {
    let text = crate::cli::user::text();
    assert_eq!(of(&text).screen(), tui::Settings::default());
    // Without the marks it is a file of the same values.
    let set: String = text
        .lines()
        .filter_map(|line| line.strip_prefix("# ").filter(|line| line.contains(" = ")))
        .map(|line| format!("{line}\n"))
        .collect();
    let settings = of(&set);
    assert_eq!(settings.problems(), None, "{set}");
    assert_eq!(settings.screen(), tui::Settings::default());
    let said = |(_, source): &(Value, Source)| matches!(source, Source::File(_));
    assert!(settings.values.iter().all(said), "{set}");
}

#[test]
fn the_documentation_has_a_row_for_each() {
    const PAGE: &str = include_str!("../../docs/settings.md");

    let rows: Vec<&str> = PAGE
        .lines()
        .filter(|line| line.starts_with("| `") && !line.starts_with("| `$"))
        .collect();
    assert_eq!(rows.len(), KEYS.len());
    for (row, line) in KEYS.iter().zip(rows) {
        let mut cells = line.split('|').map(str::trim).skip(1);
        assert_eq!(cells.next(), Some(format!("`{}`", row.key).as_str()));
        let values = cells.next().unwrap_or_default();
        let default = row.kind.default().toml();
        assert!(values.starts_with(&format!("`{default}`")), "{line}");
        if let crate::app::settings::keys::Kind::Words(all) = row.kind {
            for word in all() {
                assert!(
                    values.contains(&format!("`\"{word}\"`")),
                    "no {word} in {line}"
                );
            }
        }
    }
}
