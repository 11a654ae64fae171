//! Below the list: what the scenario under the cursor asks, what it goes with, the run that was left.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::model::model::Model;
use crate::screens::common::parts;
use crate::screens::menu::places::Places;
use crate::session::playhead::Mode;
use crate::text::sign::Sign;
use crate::text::text;
use loopscope_protocol::console::ConsoleState;

/// Draws the rule with the name of the scenario under the cursor, and what stands below it.
pub(crate) fn draw(model: &Model, places: &Places, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let entry = model.menu.selected();
    let title = entry.map_or_else(String::new, |entry| {
        format!("{} {}", entry.number, entry.id).trim().to_owned()
    });
    let tee = (places.folders.width > 0).then_some((places.folders.width, Sign::TeeUp, ""));
    parts::rule(buf, area, places.rule, theme, &title, tee);
    let mut rows = places.asks;
    if let Some(notice) = &model.notice {
        // What is asked comes back: meanwhile the sentence may take all of the room.
        let said = text::wrap(&notice.text, rows.width.into(), rows.height.into());
        rows.height -= u16::try_from(said.len()).unwrap_or(0).min(rows.height);
        for (words, y) in said.iter().zip(rows.bottom()..) {
            text::put(buf, rows.x, y, words, rows.width, theme.muted());
        }
    }
    let mut used = 0;
    if let Some(entry) = entry {
        let asks = Rect {
            height: rows.height.min(2),
            ..rows
        };
        used = parts::paragraph(buf, asks, &entry.asks, theme.text());
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
}

/// The run that was left.
fn last_line(model: &Model) -> Option<String> {
    let Some(session) = &model.session else {
        // Nothing else stands there yet, and it should be seen that it is on.
        return (model.console != ConsoleState::Off).then(|| model.console.sentence());
    };
    let story = session.timeline.story();
    let end = session.timeline.end().hundredths();
    let name = if story.id.is_empty() {
        &story.title
    } else {
        &story.id
    };
    Some(match session.mode() {
        Mode::BeforeRun => format!("space goes back to {name}, before its run"),
        _ if session.over() => format!("space goes back to the run of {name}, ended at {end}s"),
        _ => format!("space goes back to the run of {name}, which goes on"),
    })
}
