//! The list of scenarios: folders on the left, one folder or what was found on the right.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::keys::key::Place;
use crate::model::menu::Focus;
use crate::model::model::Model;
use crate::screens::menu::places;
use crate::screens::menu::places::{MARK, Places, places};
use crate::session::playhead::Mode;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::parts::Words;
use crate::widgets::{footer, parts};
use loopscope_protocol::menu::{Mark, MenuEntry};

/// Draws the menu.
pub(crate) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let places = places(model, area);
    let count = model.menu.entries().len();
    let right = match area.width {
        0..60 => format!("{count} scenarios"),
        _ => {
            let runs = if model.instant {
                "virtual clock"
            } else {
                "real runs"
            };
            format!("{count} scenarios   {} seen   {runs}", model.seen())
        }
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
    places::draw(model, &places, area, buf);
    parts::last_row(buf, area, theme, hints(model, area));
}

fn list_title(model: &Model) -> String {
    match &model.menu.filter {
        Some(input) => format!("/ {}_   {} found", input.value(), model.menu.shown().len()),
        None => {
            let folders = model.menu.folders();
            folders
                .get(model.menu.folder())
                .cloned()
                .unwrap_or_default()
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
    footer::footer(Place::Menu, Mode::BeforeRun, area.width >= 100)
        .into_iter()
        .map(|hint| match &numbers {
            Some(numbers) if hint.key == "1-9" => (numbers.clone().into(), hint.does),
            _ => (hint.key.into(), hint.does),
        })
        .collect()
}

pub(crate) fn folders(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    for (place, title) in model.menu.folders().iter().enumerate() {
        let y = area.y + u16::try_from(place).unwrap_or(u16::MAX);
        if y >= area.bottom() {
            break;
        }
        let open = place == model.menu.folder() && model.menu.filter.is_none();
        let style = match (open, model.menu.focus) {
            (true, Focus::Folders) => theme.cursor(),
            (true, Focus::List) => theme.focus(),
            (false, _) => theme.muted(),
        };
        if open {
            text::put(buf, area.x + 1, y, theme.sign(Sign::Cursor), 1u16, style);
        }
        let inside = |entry: &&MenuEntry| entry.folder == *title;
        let entries = model.menu.entries().iter().filter(inside);
        let seen = entries
            .clone()
            .filter(|entry| model.marks.contains_key(&entry.id))
            .count();
        let figure = format!("{seen}/{:>2}", entries.count());
        let figure_width = u16::try_from(figure.len()).unwrap_or(0);
        let at = area.right().saturating_sub(figure_width + 1);
        text::put(
            buf,
            area.x + 3,
            y,
            title,
            at.saturating_sub(area.x + 4),
            style,
        );
        text::put(buf, at, y, &figure, figure_width, theme.dim());
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
    for (row, entry) in shown
        .iter()
        .enumerate()
        .skip(places.first)
        .take(usize::from(area.height))
    {
        let y = area.y + u16::try_from(row - places.first).unwrap_or(u16::MAX);
        let under = row == model.menu.row();
        let style = match (under, model.menu.focus) {
            (true, Focus::List) => theme.cursor(),
            (true, Focus::Folders) => theme.focus(),
            (false, _) => theme.text(),
        };
        if under {
            text::put(
                buf,
                area.x + 1,
                y,
                theme.sign(Sign::Cursor),
                1u16,
                theme.focus(),
            );
        }
        text::put(buf, area.x + 3, y, &entry.number, 3u16, theme.dim());
        text::put(buf, from, y, &entry.title, room.saturating_sub(1), style);
        if let Some((sign, words)) = model.marks.get(&entry.id).map(|mark| marked(*mark)) {
            let x = from + room;
            text::put(buf, x, y, theme.sign(sign), 1u16, theme.muted());
            if mark == MARK {
                text::put(buf, x + 2, y, words, mark - 2, theme.muted());
            }
        }
    }
    if shown.is_empty() {
        let words = if model.menu.entries().is_empty() {
            "there are no scenarios"
        } else {
            "nothing is found"
        };
        text::put_in(buf, area, (3, area.y), words, theme.muted());
    }
}

fn marked(mark: Mark) -> (Sign, &'static str) {
    let sign = match mark {
        Mark::Seen => Sign::Seen,
        Mark::Right => Sign::Good,
        Mark::Wrong => Sign::Bad,
    };
    (sign, mark.words())
}
