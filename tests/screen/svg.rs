//! Pictures for slides hold what the screen holds, each letter in its place.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::common::play;
use loopscope::scenario::FileName;
use loopscope::trace::{Nanos, Trace};
use loopscope::tui::model::model::Model;
use loopscope::tui::model::screen::Screen;
use loopscope::tui::screens::picture::{self, Shot};
use loopscope::tui::screens::view;
use loopscope::tui::session::playhead::Playhead;
use loopscope::tui::session::session::{Run, Session};
use loopscope::tui::settings::settings::{Settings, ThemeChoice};
use loopscope::tui::text::theme::Palette;

/// Letters that XML and fonts make trouble of.
const TEXT: &str = r#"
title = "a < b && \"c\" > d, 漢字"
[[function]]
name = "main"
async = true
body = [
  { print = "<b> & 漢字 \"quoted\"" },
  { sleep = "300ms" },
  { print = "wide 漢 and narrow" },
]
[[start]]
run = "main"
"#;

/// The picture's letters, row by row, each where its piece says that it stands.
fn letters(svg: &str, (columns, rows): (u16, u16)) -> Vec<String> {
    let mut grid = vec![vec![" ".to_owned(); usize::from(columns)]; usize::from(rows)];
    for piece in svg.split("<text ").skip(1) {
        let number = |name: &str| -> usize {
            let (_, rest) = piece
                .split_once(&format!(" {name}=\""))
                .unwrap_or(("", piece));
            let rest = rest.strip_prefix(&format!("{name}=\"")).unwrap_or(rest);
            rest.split('"').next().unwrap().parse().unwrap()
        };
        let (x, y) = ((number("x") - 8) / 8, (number("y") - 8) / 16);
        let text = piece
            .split_once('>')
            .unwrap()
            .1
            .split("</text>")
            .next()
            .unwrap();
        let text = text.replace("&lt;", "<").replace("&gt;", ">");
        let text = text.replace("&quot;", "\"").replace("&amp;", "&");
        let mut at = x;
        for letter in text.chars() {
            grid[y][at] = letter.to_string();
            let width = loopscope::tui::text::text::width(&letter.to_string());
            at += width;
        }
        assert_eq!((at - x) * 8, number("textLength"), "{text}");
    }
    grid.iter().map(|row| row.concat()).collect()
}

fn shown(trace: &Trace, at: Option<Nanos>, settings: &Settings, size: (u16, u16)) -> Vec<String> {
    let mut model = Model::new(Vec::new(), Palette::Dark, settings);
    model.size = size;
    let mut session = Session::recorded(trace.clone(), 1.0);
    session.run = Run::Number(1);
    session.playhead = match at {
        Some(at) => Playhead::Paused(session.timeline.moment_at(at)),
        None => Playhead::Edge,
    };
    session.furthest = session.here().at;
    model.session = Some(session);
    model.screen = Screen::Stage;
    // A wide letter fills two cells, of which the second holds a space in neither.
    view::rows(&model)
}

#[test]
fn a_picture_holds_each_letter_of_the_frame_in_its_place() {
    let trace = play::told(TEXT, &FileName::default());
    for size in [(80, 24), (120, 40), (200, 60)] {
        for at in [Some(Nanos::from_millis(100)), None] {
            for theme in [ThemeChoice::Dark, ThemeChoice::Light, ThemeChoice::Mono] {
                let settings = Settings {
                    theme,
                    ..Settings::default()
                };
                let svg = picture::stage(trace.clone(), &Shot { size, at, settings });
                assert_eq!(letters(&svg, size), shown(&trace, at, &settings, size));
                assert_eq!(svg.matches('<').count(), svg.matches('>').count());
                let heading = &svg[..600];
                assert!(
                    heading.contains("a &lt; b &amp;&amp; &quot;c&quot; &gt; d"),
                    "{heading}"
                );
            }
        }
    }
}

#[test]
fn each_theme_stands_on_its_own_paper() {
    let trace = play::told(TEXT, &FileName::default());
    let paper = |theme, color| {
        let settings = Settings {
            theme,
            color,
            ..Settings::default()
        };
        let shot = Shot {
            size: (80, 24),
            at: None,
            settings,
        };
        let svg = picture::stage(trace.clone(), &shot);
        let rect = svg.split("<rect ").nth(1).unwrap();
        let fill = rect.split("fill=\"").nth(1).unwrap();
        fill.split('"').next().unwrap().to_owned()
    };
    assert_eq!(paper(ThemeChoice::Dark, true), "#121212");
    for theme in [
        ThemeChoice::Light,
        ThemeChoice::Projector,
        ThemeChoice::Mono,
    ] {
        assert_eq!(paper(theme, true), "#ffffff");
    }
    assert_eq!(paper(ThemeChoice::Dark, false), "#ffffff");
}
