//! All keys of the screen below, and the words of the states, on one page that scrolls.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::keys::action::bindings;
use crate::keys::key::Place;
use crate::keys::watched;
use crate::model::model::Model;
use crate::session::session::Session;
use crate::settings::panes;
use crate::text::text;
use crate::text::theme::Theme;
use crate::widgets::{footer, parts};
use loopscope_timeline::State;

/// The five that are taken for one another, with one example that runs through all.
#[rustfmt::skip]
const ALIKE: [(State, &str); 5] = [
    (State::InBacklog, "B knocks while A holds the loop: nobody lets it in."),
    (State::Ready, "B was let in, and A holds the loop again."),
    (State::Overdue, "B's sleep is over, and A still holds the loop."),
    (State::Queued, "B wants a pool thread, and all of them are taken."),
    (State::Waiting, "B sleeps at an await: even a free loop would not help."),
];

/// Words that are no states.
#[rustfmt::skip]
const WORDS: [(&str, &str); 8] = [
    ("accept", "The server's own task that lets requests in."),
    ("heartbeat", "A small task that loopscope adds: it beats every 0.1 s. No beat means that nobody else can run either."),
    ("loop", "One thread that runs tasks in turn."),
    ("pool thread", "A thread for blocking work: plain def, spawn_blocking."),
    ("poll", "One turn of a task: from where it left off to its next await."),
    ("stop", "A note, a finding or a printed line worth a pause."),
    ("play 1x", "How fast you watch."),
    ("paused 3.40s of 7.12s", "You look at 3.40s; the run has reached 7.12s."),
];

/// The lines of the page as text, and where they stand.
pub(crate) fn read(model: &Model, below: Place, area: Rect) -> (Vec<String>, Rect) {
    let lines = page(model, below, area.width).into_iter();
    let text = |line: HelpLine| {
        let pieces = line.into_iter().map(|(_, words, _)| words);
        pieces.collect::<Vec<_>>().join(" ")
    };
    (lines.map(text).collect(), window(area))
}

/// The rows between the first rule and the last.
pub(crate) fn window(area: Rect) -> Rect {
    Rect::new(
        area.x,
        area.y + 2,
        area.width,
        area.height.saturating_sub(4),
    )
}

/// Draws the page.
pub(crate) fn draw(model: &Model, below: Place, first: usize, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let lines = page(model, below, area.width);
    let window = window(area);
    let first = first.min(lines.len().saturating_sub(usize::from(window.height)));
    let last = (first + usize::from(window.height)).min(lines.len());
    let right = format!("{}-{last} of {}", first + 1, lines.len());
    parts::heading(
        buf,
        area,
        theme,
        &format!("keys and words: {}", name(below)),
        &right,
    );
    parts::rule(buf, area, area.y + 1, theme, "", None);
    for (row, line) in lines[first..last].iter().enumerate() {
        let y = window.y + u16::try_from(row).unwrap_or(u16::MAX);
        for (column, words, style) in line {
            let room = area.width.saturating_sub(*column);
            text::put(buf, area.x + *column, y, words, room, *style);
        }
    }
    parts::rule(buf, area, area.bottom().saturating_sub(2), theme, "", None);
    footer::draw(Place::Help, theme, area, buf);
}

fn name(place: Place) -> &'static str {
    match place {
        Place::Menu => "menu",
        Place::Question | Place::Order | Place::Number | Place::Answered => "question",
        Place::Votes => "hands",
        Place::Stage => "stage",
        Place::Compare => "comparison",
        Place::Many => "many runs",
        Place::Help => "help",
        Place::Knobs => "knobs",
        Place::Problem => "problem",
        Place::Prompt => "input",
        Place::Notes => "notes",
        Place::Mistakes => "mistakes",
        Place::Export => "export",
    }
}

/// A line: pieces with their columns.
type HelpLine = Vec<(u16, String, Style)>;

fn page(model: &Model, place: Place, columns: u16) -> Vec<HelpLine> {
    let theme = &model.theme;
    let session = model.session.as_ref().filter(|_| place == Place::Stage);
    let is_watched = session.is_some_and(Session::is_watched);
    let mut out = Vec::new();
    for row in bindings(place) {
        let Some(help) = watched::help(row, is_watched) else {
            continue;
        };
        let key = (1, with_panes(row.written), theme.key());
        let help = with_panes(help);
        entry(&mut out, vec![key], 12, &help, theme.text(), columns);
    }
    heading(&mut out, "Taken for one another", theme);
    for (state, example) in ALIKE {
        named(&mut out, state, theme, columns);
        entry(&mut out, Vec::new(), 21, example, theme.dim(), columns);
    }
    heading(&mut out, "The other states", theme);
    let alike = |state: &State| ALIKE.iter().any(|(known, _)| known == state);
    let others = State::ALL.into_iter().filter(|state| !alike(state));
    for state in others.filter(|state| *state != State::Unknown) {
        named(&mut out, state, theme, columns);
    }
    heading(&mut out, "Words", theme);
    // A program that is watched has no heartbeat of ours.
    let words = WORDS.into_iter();
    for (word, sentence) in words.filter(|(word, _)| !is_watched || *word != "heartbeat") {
        let word = (1, word.to_owned(), theme.focus());
        let indent = if word.1.len() > 18 { 24 } else { 21 };
        entry(
            &mut out,
            vec![word],
            indent,
            sentence,
            theme.text(),
            columns,
        );
    }
    out
}

/// Words of the table of keys with what the table of panes says.
fn with_panes(words: &str) -> String {
    let taught: Vec<&str> = panes::taught().map(|pane| pane.word).collect();
    let last = panes::taught().filter_map(panes::Pane::digit).max();
    words
        .replace("{panes}", &taught.join(", "))
        .replace("{last}", &last.unwrap_or_default().to_string())
}

fn heading(out: &mut Vec<HelpLine>, words: &str, theme: &Theme) {
    out.push(Vec::new());
    out.push(vec![(1, words.to_owned(), theme.focus())]);
}

fn named(out: &mut Vec<HelpLine>, state: State, theme: &Theme, columns: u16) {
    let sign = (1, theme.glyph(state).to_owned(), theme.state(state));
    let word = (3, state.word().to_owned(), theme.focus());
    entry(
        out,
        vec![sign, word],
        21,
        state.help(),
        theme.text(),
        columns,
    );
}

/// A sentence beside what it explains; below it where the window is narrow.
fn entry(
    out: &mut Vec<HelpLine>,
    head: HelpLine,
    indent: u16,
    sentence: &str,
    style: Style,
    columns: u16,
) {
    let beside = columns >= 60 || indent <= 12;
    let indent = if beside { indent } else { 3 };
    let room = usize::from(columns.saturating_sub(indent + 1));
    let mut rows = text::wrap(sentence, room, 9).into_iter();
    let mut first = head;
    if (beside || first.is_empty())
        && let Some(row) = rows.next()
    {
        first.push((indent, row, style));
    }
    out.push(first);
    out.extend(rows.map(|row| vec![(indent, row, style)]));
}
