//! The stage from fixed traces, at every size, held against the drawings of the guide.

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::common;
use crate::common::traces;
use loopscope::timeline::{Moment, State, Timeline};
use loopscope::trace::{Answer, Answers, Choice, Language, Nanos, Story};
use loopscope::tui::keys::key::Hint;
use loopscope::tui::screens::stage::stage_view::Hit;
use loopscope::tui::screens::stage::{draw as stage, stage_view};
use loopscope::tui::session::playhead::Mode;
use loopscope::tui::settings::panes::Panes;
use loopscope::tui::text::sign::Sign;
use loopscope::tui::text::theme::{Palette, Theme};
use loopscope::tui::widgets::stage_view::{Look, Predicted, StageView};

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
                hidden = loopscope::tui::text::text::width(symbol).saturating_sub(1);
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
    footer: &'a [Hint],
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

const FOOTER_WIDE: [Hint; 10] = [
    Hint {
        key: "space",
        does: "pause",
    },
    Hint {
        key: ", .",
        does: "step",
    },
    Hint {
        key: "← →",
        does: "moment",
    },
    Hint {
        key: "n",
        does: "next stop",
    },
    Hint {
        key: "s",
        does: "send a request",
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
        key: "c",
        does: "Rust",
    },
    Hint {
        key: "k",
        does: "knobs",
    },
    Hint {
        key: "?",
        does: "keys",
    },
];

const FOOTER_ENDED: [Hint; 4] = [
    Hint {
        key: "v",
        does: "compare with it",
    },
    Hint {
        key: "r",
        does: "run again",
    },
    Hint {
        key: "←",
        does: "back",
    },
    Hint {
        key: "q",
        does: "menu",
    },
];

const FOOTER_CROWD: [Hint; 8] = [
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
        key: "k",
        does: "knobs",
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
            footer: &FOOTER,
        }
    }

    fn with<T>(&self, then: impl FnOnce(&StageView) -> T) -> T {
        let moment = if self.mode == Mode::BeforeRun {
            Moment::default()
        } else {
            self.timeline.moment_at(self.at)
        };
        let world = self.timeline.world_at(moment);
        let questions = &self.timeline.story().questions;
        let options = questions.first().map_or(&[][..], |first| &first.options);
        let said = options
            .iter()
            .position(|option| Some(option) == self.chosen);
        let mut answers = Answers::default();
        answers.of_mut(0).answers = said.map(Answer::Option).into_iter().collect();
        then(&StageView {
            furthest: Nanos::ZERO,
            timeline: self.timeline,
            world: &world,
            moment,
            language: Language::Python,
            theme: &self.theme,
            mode: self.mode,
            play_speed: 1.0,
            play: "play 1x",
            panes: self.panes,
            selected: None,
            first_lane: 0,
            answers: &answers,
            console: None,
            notice: None,
            own_requests: false,
            big: self.big,
            place: None,
            footer: self.footer,
            next: self.next,
            look: Look {
                predicted: self.predicted(),
                ..Default::default()
            },
        })
    }

    fn predicted(&self) -> Predicted<'_> {
        let lines = self.chosen.map_or(&[][..], |choice| &choice.lines);
        let words = self.chosen.filter(|_| lines.is_empty());
        Predicted {
            lines,
            words: words.map(|choice| choice.say.as_str()),
            end: None,
        }
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

/// Cells that differ from a drawing on purpose: row, the columns, and why.
type Apart = (usize, std::ops::Range<usize>, &'static str);

/// Holds a frame against a drawing of the guide, cell by cell.
fn hold(name: &str, drawing: &str, frame: &Buffer, apart: &[Apart]) {
    let mut wrong = String::new();
    let expected: Vec<&str> = drawing.lines().collect();
    let drawn = rows(frame);
    assert_eq!(expected.len(), drawn.len(), "{name} has another height");
    for (y, (expected, drawn)) in expected.iter().zip(&drawn).enumerate() {
        let expected: Vec<char> = expected.chars().collect();
        let drawn: Vec<char> = drawn.chars().collect();
        assert_eq!(expected.len(), drawn.len(), "{name}, row {y}");
        let tolerated = |x: usize| {
            apart
                .iter()
                .any(|(row, at, _)| *row == y && at.contains(&x))
        };
        let differs = |x: &usize| expected[*x] != drawn[*x] && !tolerated(*x);
        if (0..expected.len()).any(|x| differs(&x)) {
            let show = |cells: &[char]| cells.iter().collect::<String>();
            let places: Vec<usize> = (0..expected.len()).filter(differs).collect();
            wrong += &format!(
                "row {y}, columns {places:?}\n  guide |{}|\n  frame |{}|\n",
                show(&expected),
                show(&drawn)
            );
        }
    }
    assert!(wrong.is_empty(), "{name}:\n{wrong}");
}

fn blocking() -> (Timeline, Choice) {
    let timeline = Timeline::from_trace(traces::blocking_sleep());
    let choice = timeline.story().questions[0].options[0].clone();
    (timeline, choice)
}

/// 3.40 s, late enough in that hundredth for all figures of the drawings to be reached.
const BLOCKED: Nanos = Nanos(3_404_500_000);

#[test]
fn blocked_at_80x24_is_as_drawn() {
    let (timeline, choice) = blocking();
    let mut stage = Stage::new(&timeline, Mode::Live, BLOCKED);
    stage.chosen = Some(&choice);
    let drawing = include_str!("../drawings/blocked-80x24.txt");
    hold("blocked-80x24", drawing, &stage.draw(80, 24), &[]);
}

#[test]
fn blocked_at_120x40_is_as_drawn() {
    let (timeline, choice) = blocking();
    let mut stage = Stage::new(&timeline, Mode::Live, BLOCKED);
    stage.chosen = Some(&choice);
    stage.footer = &FOOTER_WIDE;
    let drawing = include_str!("../drawings/blocked-120x40.txt");
    hold("blocked-120x40", drawing, &stage.draw(120, 40), &[]);
}

#[test]
fn the_end_is_as_drawn() {
    let (_, choice) = blocking();
    let mut trace = traces::blocking_sleep();
    // The drawing has no remedy; with one, its rows push the rule above it up.
    trace.story.remedy = None;
    let timeline = Timeline::from_trace(trace);
    let mut stage = Stage::new(&timeline, Mode::Ended, timeline.end());
    stage.chosen = Some(&choice);
    stage.next = Some("awaited-sleep");
    stage.footer = &FOOTER_ENDED;
    let drawing = include_str!("../drawings/ended-80x24.txt");
    let why = "the loop was held until the very end, so its last cell is inked";
    hold(
        "ended-80x24",
        drawing,
        &stage.draw(80, 24),
        &[(16, 79..80, why)],
    );
}

#[test]
fn a_hundred_requests_are_as_drawn() {
    let timeline = Timeline::from_trace(traces::four_routes_sync());
    let choice = timeline.story().questions[0].options[0].clone();
    let mut stage = Stage::new(&timeline, Mode::Live, Nanos(504_000_000));
    stage.chosen = Some(&choice);
    stage.footer = &FOOTER_CROWD;
    let drawing = include_str!("../drawings/requests-80x24.txt");
    // Rule 9: the first page of a story that sleeps for 1 s is 1 s.
    let page = "the drawing shows a page of 2 s, the rule asks for one of 1 s";
    let apart = [
        (15, 52..80, page),
        (16, 57..65, page),
        (17, 57..65, page),
        (18, 50..80, page),
        (
            22,
            0..80,
            "the caption says one thing, the pool; the picture shows the free loop",
        ),
    ];
    hold("requests-80x24", drawing, &stage.draw(80, 24), &apart);
}

/// The moments of `blocking-sleep` that a lecture stops at.
fn scenes(timeline: &Timeline) -> [(&'static str, Mode, Nanos); 4] {
    [
        ("before", Mode::BeforeRun, Nanos::ZERO),
        ("early", Mode::Live, Nanos(50_000_000)),
        ("blocked", Mode::Paused, BLOCKED),
        ("done", Mode::Ended, timeline.end()),
    ]
}

#[test]
fn the_stage_at_each_size() {
    let (timeline, choice) = blocking();
    for (scene, mode, at) in scenes(&timeline) {
        let mut stage = Stage::new(&timeline, mode, at);
        stage.chosen = Some(&choice);
        for (width, height) in [(40, 12), (60, 15), (80, 24), (120, 40), (200, 60)] {
            let name = format!("stage-{scene}-{width}x{height}");
            insta::assert_snapshot!(name, stage.text(width, height));
        }
    }
}

#[test]
fn the_stage_made_big_and_in_ascii() {
    let (timeline, choice) = blocking();
    let mut stage = Stage::new(&timeline, Mode::Live, BLOCKED);
    stage.chosen = Some(&choice);
    stage.theme.ascii = true;
    insta::assert_snapshot!("stage-ascii-80x24", stage.text(80, 24));
    insta::assert_snapshot!("stage-ascii-120x40", stage.text(120, 40));
    stage.theme.ascii = false;
    stage.big = true;
    insta::assert_snapshot!("stage-big-80x24", stage.text(80, 24));
    insta::assert_snapshot!("stage-big-120x40", stage.text(120, 40));
}

#[test]
fn an_awaited_sleep() {
    let timeline = Timeline::from_trace(traces::awaited_sleep());
    let stage = Stage::new(&timeline, Mode::Live, millis(2_500));
    insta::assert_snapshot!("awaited-80x24", stage.text(80, 24));
    let stage = Stage::new(&timeline, Mode::Ended, timeline.end());
    insta::assert_snapshot!("awaited-done-120x40", stage.text(120, 40));
}

#[test]
fn a_hundred_requests_at_each_size() {
    let timeline = Timeline::from_trace(traces::four_routes_sync());
    for (scene, at) in [("first", 504), ("second", 1_500), ("last", 2_500)] {
        let stage = Stage::new(&timeline, Mode::Live, millis(at));
        for (width, height) in [(40, 12), (80, 24), (120, 40)] {
            let name = format!("requests-{scene}-{width}x{height}");
            insta::assert_snapshot!(name, stage.text(width, height));
        }
    }
}

#[test]
fn ten_thousand_requests_say_what_a_cell_stands_for() {
    let story = common::stories::four_routes_sync();
    let timeline = Timeline::from_trace(traces::plain_requests(story, 10_000, 40));
    let stage = Stage::new(&timeline, Mode::Live, millis(1_500));
    let text = stage.text(80, 24);
    assert!(text.contains("a cell is 50 requests"), "{text}");
    assert!(text.contains("10000  sent"), "{text}");
}

/// A story in Chinese, with emoji, combining marks, and everything that must not be sent.
fn foreign() -> Story {
    let mut story = common::stories::blocking_sleep();
    story.title = "在 async def 里调用 time.sleep() 👩‍👩‍👧‍👦".into();
    story.asks = "两个请求到达同一个处理函数。第二个要等第一个吗？".into();
    story.clients[0].name = "标签一".into();
    story.clients[1].name = "e\u{301}te\u{301} 🚀🚀".into();
    let line = &mut story.listings[0].lines[3];
    line.truncate(1);
    line[0].text = "    print(\"你好，世界 👋🏽\u{202E}\u{1b}[31m\t\")".into();
    story.steps[1].python = "time.sleep(五秒)".into();
    story
}

#[test]
fn every_script_keeps_its_columns() {
    let mut trace = traces::blocking_sleep();
    trace.story = foreign();
    for text in &mut trace.texts {
        *text = match text.as_str() {
            "Hello" => "你好，世界你好，世界".into(),
            "bye" => "bye\u{1b}]0;x\u{7}\u{200B}".into(),
            other => other.into(),
        };
    }
    let timeline = Timeline::from_trace(trace);
    let stage = Stage::new(&timeline, Mode::Ended, timeline.end());
    for (width, height) in [(40, 12), (60, 15), (80, 24), (120, 40)] {
        let frame = stage.draw(width, height);
        let plain = Stage::new(&blocking().0, Mode::Ended, timeline.end()).draw(width, height);
        // The result below takes a row more here.
        let body = (0..height).find(|y| width >= 38 && frame[(38, *y)].symbol() == "┴");
        for y in 0..height {
            for x in 0..width {
                let symbol = frame[(x, y)].symbol();
                assert!(!symbol.contains(char::is_control), "{symbol:?}");
                // Dividers stand where they stand without any of this.
                if plain[(x, y)].symbol() == "│" && x == 38 && body.is_none_or(|end| y < end) {
                    assert_eq!(symbol, "│", "column {x}, row {y} at {width}x{height}");
                }
            }
        }
        for row in rows(&frame) {
            assert_eq!(
                loopscope::tui::text::text::width(&row),
                usize::from(width),
                "{row}"
            );
        }
        insta::assert_snapshot!(format!("scripts-{width}x{height}"), rows(&frame).join("\n"));
    }
}

#[test]
fn ascii_means_ascii() {
    let mut trace = traces::blocking_sleep();
    trace.story = foreign();
    let timeline = Timeline::from_trace(trace);
    for (_, mode, at) in scenes(&timeline) {
        let mut stage = Stage::new(&timeline, mode, at);
        stage.theme.ascii = true;
        for (width, height) in [(20, 5), (40, 12), (60, 15), (80, 24), (120, 40), (200, 60)] {
            let text = stage.text(width, height);
            assert!(text.is_ascii(), "{text}");
        }
    }
}

const STATES: [State; 13] = [
    State::InBacklog,
    State::Created,
    State::Ready,
    State::Overdue,
    State::Queued,
    State::Running,
    State::Blocking,
    State::OnPool,
    State::Waiting,
    State::Done,
    State::Cancelled,
    State::Failed,
    State::Unknown,
];

/// What the themes may send besides ASCII: all of it is in WGL4.
const WGL4: &str = "○◊▒░█▓■□─·×¤│┬┴├┤┼┌┐└┘═║╔╗╚╝←→↑↓▲▼►●…≠√¶";

#[test]
fn states_differ_without_color_and_in_ascii() {
    for (palette, ascii) in [
        (Palette::Dark, false),
        (Palette::Light, false),
        (Palette::Mono, false),
        (Palette::Mono, true),
    ] {
        let theme = Theme {
            palette,
            ascii,
            color: palette != Palette::Mono,
            on_light: false,
        };
        for (place, one) in STATES.iter().enumerate() {
            let glyph = theme.glyph(*one);
            assert_eq!(glyph.chars().count(), 1);
            assert!(!ascii || glyph.is_ascii());
            for two in &STATES[place + 1..] {
                assert_ne!(glyph, theme.glyph(*two), "{one:?} and {two:?}");
            }
        }
    }
}

#[test]
fn glyphs_are_in_every_font() {
    let theme = Theme::default();
    let known = |sign: char| sign.is_ascii() || WGL4.contains(sign);
    for state in STATES {
        assert!(theme.glyph(state).chars().all(known), "{state:?}");
    }
    for &sign in Sign::ALL {
        let glyph = theme.sign(sign);
        assert!(
            glyph.chars().all(known) && glyph.chars().count() == 1,
            "{sign:?}"
        );
        let plain = Theme {
            ascii: true,
            ..theme
        }
        .sign(sign);
        assert!(plain.is_ascii() && plain.len() == 1, "{sign:?}");
    }
    let (timeline, choice) = blocking();
    for (_, mode, at) in scenes(&timeline) {
        let mut stage = Stage::new(&timeline, mode, at);
        stage.chosen = Some(&choice);
        for (width, height) in [(20, 5), (40, 12), (60, 15), (80, 24), (120, 40), (200, 60)] {
            let text = stage.text(width, height);
            let strange: Vec<char> = text.chars().filter(|sign| !known(*sign)).collect();
            assert!(
                strange.is_empty() || strange.iter().all(|sign| *sign == '\n'),
                "{strange:?}"
            );
        }
    }
}

#[test]
fn no_color_sends_no_color() {
    let (timeline, _) = blocking();
    let mut stage = Stage::new(&timeline, Mode::Live, BLOCKED);
    stage.theme.color = false;
    let frame = stage.draw(120, 40);
    let plain = [ratatui::style::Color::Reset];
    assert!(
        frame
            .content
            .iter()
            .all(|cell| plain.contains(&cell.fg) && plain.contains(&cell.bg))
    );
}

#[test]
fn only_what_holds_the_loop_has_the_accent() {
    let (timeline, _) = blocking();
    let accent = Theme::default().accent().fg;
    let inked = |at: Nanos| {
        let frame = Stage::new(&timeline, Mode::Live, at).draw(80, 24);
        frame
            .content
            .iter()
            .filter(|cell| Some(cell.fg) == accent)
            .count()
    };
    assert!(inked(BLOCKED) > 40);
    let free = Timeline::from_trace(traces::awaited_sleep());
    let frame = Stage::new(&free, Mode::Live, millis(2_500)).draw(80, 24);
    assert!(frame.content.iter().all(|cell| Some(cell.fg) != accent));
}

#[test]
fn the_axis_gives_nothing_away() {
    let (timeline, _) = blocking();
    let axis = |at: u64| {
        let text = Stage::new(&timeline, Mode::Live, millis(at)).text(80, 24);
        text.lines()
            .find(|row| row.contains("4 tasks"))
            .map(str::to_owned)
    };
    assert_eq!(axis(10), axis(4_990));
    assert!(axis(4_990).is_some_and(|row| row.ends_with("5s")));
    assert!(axis(5_100).is_some_and(|row| row.ends_with("10s")));
}

#[test]
fn before_the_run_nothing_is_told() {
    let (timeline, _) = blocking();
    let stage = Stage::new(&timeline, Mode::BeforeRun, Nanos::ZERO);
    for (width, height) in [(40, 12), (60, 15), (80, 24), (120, 40), (200, 60)] {
        let text = stage.text(width, height);
        for word in ["blocking", "10.0", "Only now", "Await the"] {
            let legend = height >= 40 && word == "blocking";
            assert!(legend || !text.contains(word), "{word}:\n{text}");
        }
    }
}

#[test]
fn the_mouse_finds_lanes_times_and_panes() {
    let (timeline, _) = blocking();
    let stage = Stage::new(&timeline, Mode::Paused, BLOCKED);
    let area = Rect::new(0, 0, 80, 24);
    let at = |column, row| stage.with(|view| stage_view::hit(view, area, column, row));
    let first = timeline
        .lanes()
        .iter()
        .find(|lane| lane.letter.as_str() == "A")
        .map(|lane| lane.id);
    assert_eq!(at(42, 10), first.map(Hit::Lane));
    assert_eq!(at(62, 10), Some(Hit::Time(Nanos::from_secs(2))));
    assert_eq!(at(62, 9), Some(Hit::Time(Nanos::from_secs(2))));
    assert_eq!(at(3, 1), Some(Hit::Pane(1)));
    assert_eq!(at(3, 5), None);
    assert_eq!(at(3, 23), None);
    assert_eq!(at(500, 500), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_size_and_no_moment_is_too_much(
        width in 0_u16..250,
        height in 0_u16..80,
        at in 0_u64..12_000,
        crowd in any::<bool>(),
        big in any::<bool>(),
        hidden in 0_u8..64,
        mode in 0_usize..6,
        column in 0_u16..260,
        row in 0_u16..90,
    ) {
        let trace = if crowd { traces::four_routes_sync() } else { traces::blocking_sleep() };
        let timeline = Timeline::from_trace(trace);
        let modes = [
            Mode::BeforeRun,
            Mode::Live,
            Mode::Playing,
            Mode::Paused,
            Mode::Ended,
            Mode::Recorded,
        ];
        let mut stage = Stage::new(&timeline, modes[mode], millis(at));
        stage.big = big;
        for digit in 1..=6 {
            if hidden & (1 << (digit - 1)) != 0 {
                stage.panes = stage.panes.toggle(digit);
            }
        }
        let frame = stage.draw(width, height);
        prop_assert_eq!(frame.area, Rect::new(0, 0, width, height));
        let area = frame.area;
        stage.with(|view| stage_view::hit(view, area, column, row));
    }
}
