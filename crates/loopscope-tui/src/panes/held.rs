//! Who held the loop of a program that is watched, the longest block first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::panes::found;
use crate::settings::panes::PaneId;
use crate::text::text;
use crate::widgets::scene::Scene;
use loopscope_timeline::{Holder, Victims, explain};
use loopscope_trace::{Nanos, StepId};

/// What stands in the rule.
pub(crate) fn title(scene: &Scene) -> String {
    let threshold = scene.view.watched().map(|watched| watched.threshold);
    let threshold = threshold.unwrap_or_default().0 / 1_000_000;
    format!("who held the loop   longer than {threshold}ms")
}

/// Draws a row a place, and what else was found where there is room below.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let holders = scene.view.timeline.holders(scene.view.world);
    if area.height == 0 {
        return;
    }
    if holders.is_empty() {
        let words = "nothing so far";
        text::put_in(buf, area, (3, area.y), words, theme.dim());
        return;
    }
    let columns = Columns::of(area.width);
    columns.heading(area, theme.dim(), buf);
    let room = usize::from(area.height - 1);
    let chosen = scene.view.look.held.min(holders.len() - 1);
    let first = (chosen + 1).saturating_sub(room);
    let marked = is_chosen(scene);
    let shown = holders.iter().enumerate().skip(first);
    let mut y = area.y + 1;
    for ((place, holder), row) in shown.zip(area.y + 1..area.bottom()) {
        let style = match (marked && place == chosen, holder.open) {
            (true, _) => theme.cursor(),
            (false, true) => theme.state(loopscope_timeline::State::Blocking),
            (false, false) => theme.text(),
        };
        columns.row(scene, holder, (area, row), style, buf);
        y = row + 1;
    }
    let rest = Rect::new(area.x, y, area.width, area.bottom().saturating_sub(y));
    if rest.height > 1 {
        found::draw_others(scene, rest, buf);
    }
}

/// Whether arrows and Enter go to the list.
pub(crate) fn is_chosen(scene: &Scene) -> bool {
    let look = &scene.view.look;
    look.focus == PaneId::Found.row().digit() || scene.view.panes.shows(PaneId::Stack)
}

/// Where each column of the list begins; those that are `None` have no room.
struct Columns {
    times: u16,
    waited: Option<u16>,
    code: Option<u16>,
}

impl Columns {
    const fn of(width: u16) -> Self {
        match width {
            ..70 => Self {
                times: 22,
                waited: None,
                code: None,
            },
            70..110 => Self {
                times: 26,
                waited: Some(53),
                code: None,
            },
            110..160 => Self {
                times: 26,
                waited: Some(55),
                code: Some(84),
            },
            160.. => Self {
                times: 40,
                waited: Some(69),
                code: Some(110),
            },
        }
    }

    fn heading(&self, area: Rect, style: Style, buf: &mut Buffer) {
        let words = "times   longest     total";
        text::put_in(buf, area, (3, area.y), "worst first", style);
        text::put_in(buf, area, (self.times, area.y), words, style);
        if let Some(x) = self.waited {
            text::put_in(buf, area, (x, area.y), "who waited most", style);
        }
    }

    fn row(
        &self,
        scene: &Scene,
        holder: &Holder,
        (area, y): (Rect, u16),
        style: Style,
        buf: &mut Buffer,
    ) {
        let room = usize::from(self.times.saturating_sub(4));
        let name = text::fit(&place(scene, holder.step), room);
        text::put_in(buf, area, (3, y), &name, style);
        let (longest, total) = (long(holder.longest), long(holder.total));
        let figures = format!("{:>5} {longest:>9} {total:>9}", holder.times);
        text::put_in(buf, area, (self.times, y), &figures, style);
        if let Some(x) = self.waited {
            let room = usize::from(self.code.unwrap_or(area.width).saturating_sub(x + 1));
            let words = text::fit(&waited(holder), room);
            text::put_in(buf, area, (x, y), &words, style);
        }
        if let Some(x) = self.code {
            let words = text::fit(&doing(scene, holder), usize::from(area.width - x));
            text::put_in(buf, area, (x, y), &words, style);
        }
    }
}

/// A length in seconds with two decimals.
fn long(length: Nanos) -> String {
    format!("{}s", length.hundredths())
}

/// Where it stands, or that this was not seen.
pub(crate) fn place(scene: &Scene, step: Option<StepId>) -> String {
    let line = step.and_then(|step| explain::line(scene.view.timeline, step, scene.view.language));
    line.unwrap_or_else(|| "a place not seen".to_owned())
}

/// `14 requests, 9 in the backlog`, `3 tasks`.
fn waited(holder: &Holder) -> String {
    let Victims {
        requests,
        connections,
        tasks,
    } = holder.waited;
    let out = match connections {
        0 => String::new(),
        count if count == requests => " in the backlog".to_owned(),
        count => format!(", {count} in the backlog"),
    };
    let mut words = Vec::new();
    if requests > 0 {
        words.push(format!("{}{out}", explain::number_of(requests, "request")));
    }
    if tasks > 0 {
        words.push(explain::number_of(tasks, "task"));
    }
    if words.is_empty() {
        return "nobody".to_owned();
    }
    words.join(", ")
}

/// What was done there and in which function: `time.sleep(5) in render`.
fn doing(scene: &Scene, holder: &Holder) -> String {
    let timeline = scene.view.timeline;
    let Some(step) = holder.step else {
        return String::new();
    };
    let written = explain::step_text(timeline, step, scene.view.language).unwrap_or_default();
    let function = timeline.story().function_of(step);
    match function.map(|function| &function.name) {
        Some(name) if written.is_empty() => format!("in {name}"),
        Some(name) => format!("{written} in {name}"),
        None => written.to_owned(),
    }
}
