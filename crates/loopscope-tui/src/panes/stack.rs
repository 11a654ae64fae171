//! The call stack of who held the loop, what helps, and which scenario shows it in small.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::plan::Size;
use crate::panes::held::place;
use crate::text::text;
use crate::widgets::scene::Scene;
use loopscope_timeline::{Holder, explain};
use loopscope_trace::{StepId, Story};

/// The title over a call stack.
pub(crate) fn title(scene: &Scene) -> String {
    match holder(scene) {
        Some(holder) => format!("the stack   {}", place(scene, holder.step)),
        None => "the stack".to_owned(),
    }
}

/// The row of the list that is chosen.
fn holder(scene: &Scene) -> Option<Holder> {
    let holders = scene.view.timeline.holders(scene.view.world);
    let last = holders.len().checked_sub(1)?;
    holders.into_iter().nth(scene.view.look.held.min(last))
}

/// Draws the call stack of the longest block at the chosen place, what helps, and which scenario shows it in small.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let Some(holder) = holder(scene) else {
        text::put_in(
            buf,
            area,
            (3, area.y),
            "nothing has held the loop so far",
            theme.dim(),
        );
        return;
    };
    let remedy = explain::remedy(scene.view.timeline, &holder);
    let wide = usize::from(area.width.saturating_sub(14));
    let mut helps = text::wrap(&sentence(&remedy.words), wide, 3);
    let same = scene.view.look.same.unwrap_or(remedy.scenario);
    let below = helps.len() as u16 + 1;
    let air = u16::from(scene.size == Size::Roomy && area.height > 14);
    let frames = frames(scene, area.width, &holder);
    let room = usize::from(area.height.saturating_sub(below + air));
    let rows = frames.iter().take(room);
    let mut y = area.y + air;
    for (words, own) in rows {
        let style = if *own { theme.text() } else { theme.dim() };
        text::put_in(
            buf,
            area,
            (3, y),
            &text::fit(words, usize::from(area.width - 4)),
            style,
        );
        y += 1;
    }
    y = (y + air).min(area.bottom().saturating_sub(below));
    text::put_in(buf, area, (3, y), "helps", theme.dim());
    for words in helps.drain(..) {
        text::put_in(buf, area, (13, y), &words, theme.text());
        y += 1;
    }
    text::put_in(buf, area, (3, y), "M", theme.key());
    let words = format!("the same in small: {same}");
    text::put_in(buf, area, (13, y), &words, theme.text());
}

/// The frames of a call stack, the innermost first, and whether each is in the user's own files; those of libraries
/// that stand together are one row.
fn frames(scene: &Scene, width: u16, holder: &Holder) -> Vec<(String, bool)> {
    let timeline = scene.view.timeline;
    let story = timeline.story();
    let Some(stack) = holder.stack.map(|stack| timeline.trace().stack(stack)) else {
        return vec![(
            "no call stack was seen: it was over too soon".to_owned(),
            false,
        )];
    };
    let is_own = |step: &StepId| story.file_of(*step).is_some_and(|file| !file.library);
    let mut rows = Vec::new();
    for (nth, group) in stack.chunk_by(|a, b| is_own(a) == is_own(b)).enumerate() {
        // The innermost call says what holds the loop, wherever it is.
        let folds = !group.first().is_some_and(is_own);
        let shown = if folds {
            usize::from(nth == 0)
        } else {
            group.len()
        };
        for step in &group[..shown.min(group.len())] {
            rows.push((frame(scene, width, *step, rows.is_empty()), true));
        }
        let folded = group.len() - shown.min(group.len());
        if folded > 0 {
            let whose = libraries(story, &group[shown.min(group.len())..]);
            let words = explain::number_of(folded, "frame");
            rows.push((format!("… {words} of {whose}"), false));
        }
    }
    rows
}

/// `app.py:34            report          pdf = render(rows)`.
fn frame(scene: &Scene, width: u16, step: StepId, innermost: bool) -> String {
    let timeline = scene.view.timeline;
    let function = timeline.story().function_of(step);
    let name = function.map_or("", |function| &function.name);
    let written = explain::step_text(timeline, step, scene.view.language).unwrap_or_default();
    let here = if innermost { "  ◄ here" } else { "" };
    let (wide, long) = if width < 100 { (18, 12) } else { (28, 18) };
    let place = text::fit(&place(scene, Some(step)), wide);
    let name = text::fit(name, long);
    format!("{place:<wide$}  {name:<long$}  {written}{here}")
}

/// The first libraries that frames belong to: `fastapi, starlette and others`.
fn libraries(story: &Story, frames: &[StepId]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for file in frames.iter().filter_map(|step| story.file_of(*step)) {
        let path = file.short_path();
        let name = match path.split_once('/') {
            Some((folder, _)) if !folder.is_empty() => folder,
            _ => "Python",
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names[..] {
        [] => "libraries".to_owned(),
        [only] => only.to_owned(),
        [first, second] => format!("{first} and {second}"),
        [first, second, ..] => format!("{first}, {second} and others"),
    }
}

fn sentence(words: &str) -> String {
    let mut signs = words.chars();
    let first = signs.next().map(|first| first.to_uppercase());
    let all: String = first.into_iter().flatten().chain(signs).collect();
    format!("{all}.")
}
