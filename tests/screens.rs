//! The stage from fixed traces, at every size, held against the drawings of the guide.

mod common;

use common::traces;
use loopscope::timeline::{Moment, Timeline};
use loopscope::trace::{Choice, Language, Nanos, Trace};
use loopscope::tui::screens::stage::{self, StageView};
use loopscope::tui::theme::{Palette, Theme};
use loopscope::tui::view_parts::{Hint, Mode, Panes};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A frame as rows of text.
fn rows(buf: &Buffer) -> Vec<String> {
    let area = buf.area;
    (area.top()..area.bottom())
        .map(|y| {
            let mut row = String::new();
            let mut hidden = 0;
            for x in area.left()..area.right() {
                if hidden > 0 {
                    hidden -= 1;
                    continue;
                }
                let symbol = buf[(x, y)].symbol();
                row.push_str(symbol);
                hidden = loopscope::tui::text::width(symbol).saturating_sub(1);
            }
            row
        })
        .collect()
}

/// What a test draws.
struct Stage<'a> {
    timeline: &'a Timeline,
    theme: Theme,
    mode: Mode,
    at: Nanos,
    chosen: Option<&'a Choice>,
    next: Option<&'a str>,
    big: bool,
    panes: Panes,
}

const FOOTER: [Hint; 8] = [
    Hint {
        key: "space",
        does: "pause",
    },
    Hint {
        key: ", .",
        does: "step",
    },
    Hint {
        key: "n",
        does: "next",
    },
    Hint {
        key: "s",
        does: "send",
    },
    Hint {
        key: "w",
        does: "why",
    },
    Hint {
        key: "v",
        does: "compare",
    },
    Hint {
        key: "?",
        does: "keys",
    },
    Hint {
        key: "q",
        does: "menu",
    },
];

impl<'a> Stage<'a> {
    fn new(timeline: &'a Timeline, mode: Mode, at: Nanos) -> Self {
        Self {
            timeline,
            theme: Theme::default(),
            mode,
            at,
            chosen: None,
            next: None,
            big: false,
            panes: Panes::all(),
        }
    }

    fn with<T>(&self, then: impl FnOnce(&StageView) -> T) -> T {
        let moment = if self.mode == Mode::BeforeRun {
            Moment::default()
        } else {
            self.timeline.moment_at(self.at)
        };
        let world = self.timeline.world_at(moment);
        then(&StageView {
            timeline: self.timeline,
            world: &world,
            moment,
            language: Language::Python,
            theme: &self.theme,
            mode: self.mode,
            play_speed: 1.0,
            panes: self.panes,
            selected: None,
            first_lane: 0,
            chosen: self.chosen,
            console: None,
            notice: None,
            own_requests: false,
            big: self.big,
            footer: &FOOTER,
            next: self.next,
        })
    }

    fn draw(&self, width: u16, height: u16) -> Buffer {
        let area = Rect::new(0, 0, width, height);
        let mut buf = Buffer::empty(area);
        self.with(|view| stage::draw(view, area, &mut buf));
        buf
    }

    fn text(&self, width: u16, height: u16) -> String {
        rows(&self.draw(width, height)).join("\n")
    }
}

fn millis(millis: u64) -> Nanos {
    Nanos::from_millis(millis)
}

#[test]
fn show() {
    let timeline = Timeline::from_trace(traces::blocking_sleep());
    let choice = timeline.story().questions[0].options[0].clone();
    let mut stage = Stage::new(&timeline, Mode::Live, Nanos(3_404_500_000));
    stage.chosen = Some(&choice);
    for (w, h) in [(80, 24), (120, 40), (60, 15), (40, 10), (40, 12), (200, 60)] {
        println!("{}", stage.text(w, h));
    }
    stage.mode = Mode::Ended;
    stage.at = timeline.end();
    stage.next = Some("awaited-sleep");
    println!("{}", stage.text(80, 24));
    let timeline = Timeline::from_trace(traces::four_routes_sync());
    let choice = timeline.story().questions[0].options[0].clone();
    let mut stage = Stage::new(&timeline, Mode::Live, Nanos(500_000_000));
    stage.chosen = Some(&choice);
    println!("{}", stage.text(80, 24));
    stage.at = millis(1500);
    println!("{}", stage.text(120, 40));
    let _ = (Palette::Dark, Trace::default());
}
