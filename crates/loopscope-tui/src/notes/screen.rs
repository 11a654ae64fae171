//! The page as cells: what is said now on top, and as much of the rest as there is room for.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::keys::key::Place;
use crate::notes::page;
use crate::session::playhead::Mode;
use crate::text::sign::Sign;
use crate::text::text;
use crate::text::theme::Theme;
use crate::widgets::{footer, parts};
use loopscope_protocol::notes::{Asked, Page};

/// The least window.
const LEAST: (u16, u16) = (40, 10);

/// What stands on the screen of the notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// No screen presents: a sentence that says so.
    Waiting(String),
    /// A screen presents.
    Page {
        /// What there is to say.
        page: Box<Page>,
        /// Since the lecture began.
        lecture: Duration,
        /// Since the scenario was opened.
        scenario: Option<Duration>,
    },
}

/// Draws it. `remark` is a sentence above the last row.
pub fn draw(shown: &Shown, remark: &str, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    text::clear(buf, area, theme.text());
    if area.width < LEAST.0 || area.height < LEAST.1 {
        parts::too_small(buf, area, theme);
    } else {
        match shown {
            Shown::Waiting(sentence) => waiting(sentence, theme, area, buf),
            Shown::Page {
                page,
                lecture,
                scenario,
            } => {
                let inner = Rect {
                    height: area.height - 2 - u16::from(!remark.is_empty()),
                    ..area
                };
                heading(page, *lecture, *scenario, theme, inner, buf);
                body(page, theme, inner, buf);
            }
        }
        foot(remark, theme, area, buf);
    }
    theme.finish(area, buf);
}

fn waiting(sentence: &str, theme: &Theme, area: Rect, buf: &mut Buffer) {
    parts::heading(buf, area, theme, "loopscope notes", "");
    parts::rule(buf, area, area.y + 1, theme, "waiting", None);
    let room = Rect::new(area.x + 1, area.y + 3, area.width - 2, area.height - 6);
    parts::paragraph(buf, room, sentence, theme.text());
}

fn foot(remark: &str, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let rule = area.bottom() - 2 - u16::from(!remark.is_empty());
    parts::rule(buf, area, rule, theme, "", None);
    if !remark.is_empty() {
        let room = area.width - 2;
        text::put(buf, area.x + 1, rule + 1, remark, room, theme.muted());
    }
    let hints = footer::footer(Place::Notes, Mode::Live, area.width >= 100);
    parts::footer(buf, area, theme, &hints);
}

/// The scenario on the left, the two clocks on the right.
fn heading(
    page: &Page,
    lecture: Duration,
    scenario: Option<Duration>,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let left = format!("{}  {}", page.number, page.title);
    // In the menu no scenario is open, whatever was open before.
    let scenario = scenario.filter(|_| page.playhead.is_some());
    let lasted = scenario.map_or(String::new(), |it| format!("   scenario {}", clock(it)));
    let place = match page.lecture.as_str() {
        "" => String::new(),
        place => format!("{place}   "),
    };
    let right = format!("{place}lecture {}{lasted}", clock(lecture));
    parts::heading(buf, area, theme, left.trim(), &right);
}

/// `3:05`, `1:02:03`.
pub fn clock(length: Duration) -> String {
    let seconds = length.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// A row of the page.
enum PageRow {
    Rule(String),
    Words(String, u16, Style),
    Empty,
}

/// Rows in the most generous way that has room; what does not fit even then is cut at the end.
fn body(page: &Page, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let room = usize::from(area.height.saturating_sub(1));
    let ways = (0..=3)
        .rev()
        .map(|ease| rows(page, theme, area.width, ease));
    let mut last = Vec::new();
    for rows in ways {
        last = rows;
        if last.len() <= room {
            break;
        }
    }
    last.truncate(room);
    // A heading over nothing says nothing.
    while matches!(last.last(), Some(PageRow::Rule(_) | PageRow::Empty)) && last.len() > 1 {
        last.pop();
    }
    for (row, y) in last.iter().zip(area.top() + 1..area.bottom()) {
        match row {
            PageRow::Rule(title) => parts::rule(buf, area, y, theme, title, None),
            PageRow::Words(words, indent, style) => {
                let room = area.width.saturating_sub(indent + 1);
                text::put(buf, area.x + indent, y, words, room, *style);
            }
            PageRow::Empty => {}
        }
    }
}

/// All rows of a page; `ease` from 0 to 3 says how much room there is.
fn rows(page: &Page, theme: &Theme, width: u16, ease: usize) -> Vec<PageRow> {
    let mut put = Rows {
        rows: Vec::new(),
        width,
    };
    let stand = page.playhead.as_ref().map(|stand| stand.words());
    let title = stand.map_or(page.place.clone(), |it| format!("{}: {it}", page.place));
    put.rows.push(PageRow::Rule(title));
    for own in &page.own {
        put.words(own, 1, 3 + ease, theme.text());
    }
    for note in &page.notes {
        put.words(note, 1, 2 + ease, theme.focus());
    }
    if !page.notes.is_empty() && ease > 1 {
        put.rows.push(PageRow::Empty);
    }
    // Beside a note, what goes on can be left to the other screen; the result cannot.
    let alone = !page.remedies.is_empty() || page.notes.is_empty();
    for caption in &page.captions {
        let most = if alone { 2 + ease } else { ease };
        put.words(caption, 1, most, theme.text());
    }
    for remedy in &page.remedies {
        put.words(remedy, 1, 1 + ease / 2, theme.muted());
    }
    // Before the run the class looks at the question; afterwards what comes next matters more.
    let asks = page.place.starts_with("question");
    if asks {
        put.questions(page, theme, ease);
    }
    put.ahead(page, theme, ease);
    if !asks {
        put.questions(page, theme, ease);
    }
    put.rows
}

struct Rows {
    rows: Vec<PageRow>,
    width: u16,
}

impl Rows {
    fn words(&mut self, words: &str, indent: u16, most: usize, style: Style) {
        let wide = usize::from(self.width.saturating_sub(indent + 1));
        let rows = text::wrap(words, wide, most).into_iter();
        self.rows
            .extend(rows.map(|row| PageRow::Words(row, indent, style)));
    }

    /// What comes next, in this run and after it.
    fn ahead(&mut self, page: &Page, theme: &Theme, ease: usize) {
        if page.next.is_empty() && page.then.is_empty() {
            return;
        }
        let title = match page.left.as_str() {
            "" => "ahead".to_owned(),
            left => format!("ahead: {left}"),
        };
        self.rows.push(PageRow::Rule(title));
        for ahead in page.next.iter().take(1 + ease) {
            if ease > 1 {
                self.words(&ahead.when, 1, 1, theme.dim());
                self.words(&ahead.say, 3, ease, theme.text());
            } else {
                let both = format!("{}: {}", ahead.when, ahead.say);
                self.words(&both, 1, 1 + ease, theme.text());
            }
        }
        self.words(&page.then, 1, 1, theme.text());
    }

    fn questions(&mut self, page: &Page, theme: &Theme, ease: usize) {
        for asked in &page.questions {
            self.question(asked, theme, ease);
        }
    }

    fn question(&mut self, asked: &Asked, theme: &Theme, ease: usize) {
        let kind = if asked.after { "why" } else { "the question" };
        let hands = page::counted(&asked.votes);
        let title = hands.map_or(kind.to_owned(), |hands| format!("{kind}: {hands}"));
        self.rows.push(PageRow::Rule(title));
        self.words(&asked.ask, 1, 1 + ease / 2, theme.focus());
        if let Some(answer) = &asked.answer {
            let answer = format!("{} {answer}", theme.sign(Sign::Good));
            self.words(&answer, 1, 1 + ease, theme.focus());
        }
        for (place, option) in asked.options.iter().enumerate() {
            let mut row = format!("{}  {}", place + 1, option.say);
            if option.right {
                row = format!("{row}   {} right", theme.sign(Sign::Good));
            }
            if let Some(hands) = page::counted(&option.votes) {
                row = format!("{row}   {hands}");
            }
            let style = if option.right {
                theme.focus()
            } else {
                theme.text()
            };
            self.words(&row, 3, 1, style);
            if let Some(reply) = &option.reply {
                self.words(reply, 6, ease, theme.muted());
            }
        }
        if let Some(said) = page::said(asked) {
            self.words(&said, 1, 1, theme.dim());
        }
    }
}
