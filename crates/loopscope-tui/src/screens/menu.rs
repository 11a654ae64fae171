//! The menu: folders on the left, one folder or what was found on the right, and below the list what is asked.
//!
//! *Invariant:* what is asked is shown, what the run shows is not.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::keys::key::Place;
use crate::model::menu;
use crate::model::menu::Focus;
use crate::model::model::Model;
use crate::screens::menu_layout::{Places, places};
use crate::screens::preview;
use crate::session::explored::not_as_written;
use crate::session::playhead::Mode;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::parts::Words;
use crate::widgets::{footer, parts};
use loopscope_protocol::console::ConsoleState;
use loopscope_protocol::menu::{Mark, MenuEntry};
use loopscope_protocol::path::Next;
use loopscope_protocol::practice;
use loopscope_protocol::practice::Tries;
use loopscope_timeline::explain;

/// Columns of a mark in words: `× predicted wrong`.
const MARK: u16 = 17;

/// Draws the rule with the name of the scenario under the cursor, and what stands below it.
fn draw_below(model: &Model, places: &Places, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let entry = model.menu.selected();
    let title = entry.map_or_else(String::new, |it| format!("{} {}", it.number, it.id));
    let story = entry.and_then(|entry| menu::told(model.session.as_ref(), entry));
    let knobs = story.map_or_else(String::new, |story| not_as_written(&story.knobs));
    let left = places.folders.width;
    // A long name goes over the end of the divider, where nothing else stands there.
    let fits = text::width(&title) + 5 <= usize::from(left) || !knobs.is_empty();
    let tee = (left > 0 && fits).then_some((left, Sign::TeeUp, knobs.as_str()));
    parts::rule(buf, area, places.rule, theme, title.trim(), tee);
    let mut rows = places.asks;
    if let Some(notice) = &model.notice {
        // What is asked comes back: meanwhile the sentence may take all of the room.
        let said = text::wrap(&notice.text, rows.width.into(), rows.height.into());
        rows.height -= text::cells_of(said.len()).min(rows.height);
        let below = Rect {
            y: rows.bottom(),
            height: area.bottom() - rows.bottom(),
            ..rows
        };
        parts::put_rows(buf, below, &said, theme.muted());
    }
    let mut used = 0;
    if let Some(entry) = entry {
        let asks = Rect {
            height: rows.height.min(2),
            ..rows
        };
        let words = story.map_or(&entry.asks, |story| &story.asks);
        used = parts::paragraph(buf, asks, words, theme.text());
    }
    let goes = rows.y + 2.max(used);
    if let Some(other) = entry
        .and_then(|entry| entry.contrast.as_deref())
        .and_then(|id| model.menu.find(id))
        .filter(|_| goes < rows.bottom() && places.asks.height >= 4)
    {
        let words = format!(
            "Goes with {} {}: v runs the two side by side.",
            other.number, other.id
        );
        text::put(buf, rows.x, goes, &words, rows.width, theme.dim());
    }
    if rows.height >= 4
        && let Some(words) = last_line(model)
    {
        let y = rows.bottom() - 1;
        text::put(buf, rows.x, y, &words, rows.width, theme.muted());
    }
    if rows.height >= 5
        && let Some(next) = model.next()
    {
        let Next { entry, why } = next;
        let name = format!("{} {}", entry.number, entry.id);
        let what = format!("{}{}", name.trim(), why.words());
        let mut words = format!("Next (n): {what}");
        if text::width(&words) > usize::from(rows.width) {
            words = format!("Next: {what}");
        }
        let y = rows.bottom() - 2;
        text::put(buf, rows.x, y, &words, rows.width, theme.dim());
    }
}

/// The run that was left.
fn last_line(model: &Model) -> Option<String> {
    let Some(session) = &model.session else {
        // Nothing else stands there yet, and it should be seen that it is on.
        return (model.console != ConsoleState::Off).then(|| model.console.sentence());
    };
    Some(menu::left(session))
}

/// Draws the menu.
pub(crate) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let places = places(model, area);
    let count = model.menu.scenarios();
    let runs = match model.instant {
        true => "virtual clock",
        false => "real runs",
    };
    let all = explain::number_of(count, "scenario");
    let right = match area.width {
        0..60 => all,
        _ => format!("{all}   {} seen   {runs}", model.seen()),
    };
    parts::heading(buf, area, theme, "loopscope", &right);
    let list_title = list_title(model);
    if places.folders.width > 0 {
        let left = places.folders.width;
        let tee = Some((left, Sign::TeeDown, list_title.as_str()));
        parts::rule(buf, area, area.y + 1, theme, "folders", tee);
        parts::divider(buf, area, left, area.y + 2..places.rule, theme);
        folders(model, places.folders, buf);
    } else {
        parts::rule(buf, area, area.y + 1, theme, &list_title, None);
    }
    scenarios(model, &places, buf);
    preview::draw(model, places.preview, buf);
    draw_below(model, &places, area, buf);
    parts::last_row(buf, area, theme, hints(model, area));
}

fn list_title(model: &Model) -> String {
    match &model.menu.filter {
        Some(input) => format!("/ {}_   {} found", input.value(), model.menu.shown().len()),
        None => {
            let open = model.menu.folders().get(model.menu.folder());
            open.cloned().unwrap_or_default()
        }
    }
}

fn hints(model: &Model, area: Rect) -> Vec<Words<'static>> {
    if model.menu.filter.is_some() {
        return vec![
            ("↑ ↓".into(), "choose"),
            ("Enter".into(), "open"),
            ("Esc".into(), "clear"),
        ];
    }
    let numbers = model.menu.entries().iter();
    let highest = numbers.filter_map(|entry| entry.number.parse::<u32>().ok());
    let numbers = highest.max().map(|highest| format!("1-{highest}"));
    let wide = area.width >= 100;
    footer::footer(Place::Menu, Mode::BeforeRun, wide)
        .into_iter()
        // In a narrow row the line above tells it.
        .filter(|hint| wide || hint.key != "n")
        .map(|hint| match &numbers {
            Some(numbers) if hint.key == "1-9" => (numbers.clone().into(), hint.does),
            _ => (hint.key.into(), hint.does),
        })
        .collect()
}

fn folders(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let folders = model.menu.folders().iter().enumerate();
    for ((place, title), y) in folders.zip(area.top()..area.bottom()) {
        let open = place == model.menu.folder() && model.menu.filter.is_none();
        let style = match (open, model.menu.focus) {
            (true, Focus::Folders) => theme.cursor(),
            (true, Focus::List) => theme.focus(),
            (false, _) => theme.muted(),
        };
        if open {
            text::put(buf, area.x + 1, y, theme.sign(Sign::Cursor), 1_u16, style);
        }
        let inside = |entry: &&MenuEntry| entry.folder == *title;
        let entries = model.menu.entries().iter().filter(inside);
        let marked = |entry: &&MenuEntry| {
            model.marks.contains_key(&entry.id) || tries(model, entry).is_some()
        };
        let seen = entries.clone().filter(marked).count();
        let figure = format!("{seen}/{:>2}", entries.count());
        let wide = text::cells_of(figure.len());
        let at = area.right().saturating_sub(wide + 1);
        let room = at.saturating_sub(area.x + 4);
        text::put(buf, area.x + 3, y, title, room, style);
        text::put(buf, at, y, &figure, wide, theme.dim());
    }
}

fn scenarios(model: &Model, places: &Places, buf: &mut Buffer) {
    let theme = &model.theme;
    let area = places.list;
    let shown = model.menu.shown();
    // The words of a mark give way to its sign where the title needs the room.
    let mark = if area.width >= 50 { MARK } else { 1 };
    let from = area.x + 7;
    let room = area
        .right()
        .saturating_sub(from + mark + u16::from(mark == 1));
    let rows = shown.iter().enumerate().skip(places.first);
    for ((row, entry), y) in rows.zip(area.top()..area.bottom()) {
        let under = row == model.menu.row();
        let style = match (under, model.menu.focus) {
            (true, Focus::List) => theme.cursor(),
            (true, Focus::Folders) => theme.focus(),
            (false, _) => theme.text(),
        };
        if under {
            let sign = theme.sign(Sign::Cursor);
            text::put(buf, area.x + 1, y, sign, 1_u16, theme.focus());
        }
        text::put(buf, area.x + 3, y, &entry.number, 3_u16, theme.dim());
        let title =
            menu::told(model.session.as_ref(), entry).map_or(&entry.title, |story| &story.title);
        text::put(buf, from, y, title, room.saturating_sub(1), style);
        if let Some((sign, words)) = model.marks.get(&entry.id).map(|mark| marked(*mark)) {
            let x = from + room;
            text::put(buf, x, y, theme.sign(sign), 1_u16, theme.muted());
            if mark == MARK {
                text::put(buf, x + 2, y, words, mark - 2, theme.muted());
            }
        }
        if let Some(tries) = tries(model, entry) {
            let words = tries.words().unwrap_or_default();
            let short = format!(
                "{}/{}",
                tries.right,
                tries.right.saturating_add(tries.wrong)
            );
            let (words, x) = match mark == MARK {
                true => (words, from + room + 2),
                false => (short, area.right().saturating_sub(7)),
            };
            text::put(buf, x, y, &words, MARK - 2, theme.muted());
        }
    }
    if shown.is_empty() {
        let none = model.menu.entries().is_empty();
        let words = if none {
            "there are no scenarios"
        } else {
            "nothing is found"
        };
        text::put_in(buf, area, (3, area.y), words, theme.muted());
    }
}

/// How the exercises of a topic came out, where one was predicted.
fn tries(model: &Model, entry: &MenuEntry) -> Option<Tries> {
    let (row, _) = practice::parts(&entry.id).filter(|_| entry.is_exercise())?;
    let tries = model.practice.get(row).copied();
    tries.filter(|tries| tries.words().is_some())
}

fn marked(mark: Mark) -> (Sign, &'static str) {
    let sign = match mark {
        Mark::Seen => Sign::Seen,
        Mark::Right => Sign::Good,
        Mark::Wrong => Sign::Bad,
    };
    (sign, mark.words())
}
