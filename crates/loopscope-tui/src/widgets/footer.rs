//! From the table of keys to the last row: what is useful now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::keys::action::Action;
use crate::keys::action::bindings;
use crate::keys::key::{Hint, Place};
use crate::model::prompt::PromptKind;
use crate::session::playhead::Mode;
use crate::text::theme::Theme;
use crate::widgets::parts;

/// The keys of the stage while the answer to "why?" is open.
pub(crate) fn why_footer(mode: Mode, wide: bool) -> Vec<Hint> {
    const KEYS: [Action; 8] = [
        Action::Offer,
        Action::Back,
        Action::Up,
        Action::Close,
        Action::EventBack,
        Action::MomentBack,
        Action::Help,
        Action::ToMenu,
    ];
    let hints = KEYS
        .iter()
        .filter_map(|action| hint(Place::Stage, *action, mode, wide));
    hints
        .map(|hint| match hint.key {
            "Enter" => Hint {
                does: "its cause",
                ..hint
            },
            _ => hint,
        })
        .collect()
}

/// The keys of the stage while the list of events is shown.
pub(crate) fn events_footer(mode: Mode, wide: bool) -> Vec<Hint> {
    const KEYS: [(Action, &str); 8] = [
        (Action::Up, "event"),
        (Action::Offer, "go there"),
        (Action::Find, "only some"),
        (Action::EventBack, "step"),
        (Action::Play, ""),
        (Action::Close, "close"),
        (Action::Help, "keys"),
        (Action::ToMenu, "menu"),
    ];
    let hints = KEYS.iter().filter_map(|(action, does)| {
        let hint = hint(Place::Stage, *action, mode, wide)?;
        let does = if does.is_empty() { hint.does } else { does };
        Some(Hint { does, ..hint })
    });
    hints.collect()
}

/// The keys of the stage over a program that is watched; `stack`: while a call stack is shown.
pub(crate) fn watched_footer(mode: Mode, wide: bool, stack: bool, recorded: bool) -> Vec<Hint> {
    let keys: &[Action] = match mode {
        _ if stack => &[
            Action::Up,
            Action::InSmall,
            Action::Edit,
            Action::Close,
            Action::Play,
            Action::Help,
            Action::ToMenu,
        ],
        Mode::Ended => &[
            Action::Offer,
            Action::RunAgain,
            Action::MomentBack,
            Action::Edit,
            Action::Export,
            Action::Help,
            Action::ToMenu,
        ],
        _ => &[
            Action::Play,
            Action::MomentBack,
            Action::NextStop,
            Action::Why,
            Action::Offer,
            Action::Edit,
            Action::RunAgain,
            Action::AllLanes,
            Action::Help,
            Action::ToMenu,
        ],
    };
    // What was recorded cannot be started.
    let keys = keys
        .iter()
        .filter(|action| !(recorded && **action == Action::RunAgain));
    let hints = keys.filter_map(|action| {
        let hint = hint(Place::Stage, *action, mode, wide)?;
        let does = match action {
            Action::Up => "place",
            Action::Offer if wide => "the line's stack",
            Action::Offer => "stack",
            Action::Edit if wide => "edit the line",
            Action::ToMenu => "quit",
            Action::RunAgain => "start again",
            _ => hint.does,
        };
        Some(Hint { does, ..hint })
    });
    hints.collect()
}

/// Six to eight keys that are useful at `place` now, first the most useful one.
pub fn footer(place: Place, mode: Mode, wide: bool) -> Vec<Hint> {
    useful(place, mode)
        .iter()
        .filter_map(|action| hint(place, *action, mode, wide))
        .collect()
}

/// The same for a line that one types into.
pub(crate) fn prompt_footer(kind: PromptKind, mode: Mode, wide: bool) -> Vec<Hint> {
    let mut hints = footer(Place::Prompt, mode, wide);
    // There is but one time.
    hints.retain(|hint| kind != PromptKind::Time || hint.key != "↑ ↓");
    let keeps = matches!(kind, PromptKind::Events | PromptKind::Lines);
    for hint in hints.iter_mut().filter(|hint| keeps && hint.key == "Enter") {
        hint.does = "keep it";
    }
    hints
}

/// What the stage's last row depends on besides the mode; all of it concerns the end of a run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct EndOffers {
    /// The scenario has knobs: they are offered once it has been run.
    pub knobs: bool,
    /// Votes were counted.
    pub votes: bool,
    /// It is still to be asked why it came so: before anything else.
    pub why: bool,
}

/// The same for the stage.
pub(crate) fn stage_footer(mode: Mode, wide: bool, end: EndOffers) -> Vec<Hint> {
    let mut hints = footer(Place::Stage, mode, wide);
    if mode != Mode::Ended {
        return hints;
    }
    if let Some(first) = hints.first_mut().filter(|_| end.why) {
        first.does = "why did it?";
    }
    if end.votes {
        hints.splice(1..1, hint(Place::Stage, Action::Votes, mode, wide));
    }
    if end.knobs {
        let place = hints.iter().position(|hint| hint.key == "?").unwrap_or(0);
        hints.splice(place..place, hint(Place::Stage, Action::Knobs, mode, wide));
    }
    hints
}

/// The same in a lecture: the presenter's button comes first, and the playlist's keys stand there.
pub(crate) fn lecture_footer(mut hints: Vec<Hint>, mode: Mode, wide: bool) -> Vec<Hint> {
    if mode != Mode::Ended {
        hints.splice(0..0, hint(Place::Stage, Action::On, mode, wide));
    }
    let place = hints.iter().position(|hint| hint.key == "?").unwrap_or(0);
    hints.splice(
        place..place,
        hint(Place::Stage, Action::NextScenario, mode, wide),
    );
    hints
}

/// The actions whose keys the last row names at a place, the most useful first.
// table
#[rustfmt::skip]
pub fn useful(place: Place, mode: Mode) -> &'static [Action] {
    use Action as A;
    match (place, mode) {
        (Place::Stage, Mode::BeforeRun) => &[A::Play, A::AskAgain, A::Knobs, A::Code, A::Help, A::ToMenu],
        (Place::Stage, Mode::Live) => &[A::Play, A::EventForward, A::NextStop, A::Send, A::Why, A::Versus, A::Help, A::ToMenu],
        (Place::Stage, Mode::Ended) => &[A::Offer, A::Versus, A::RunAgain, A::MomentBack, A::Help, A::ToMenu],
        (Place::Stage, _) => &[A::Play, A::EventForward, A::MomentBack, A::NextStop, A::Why, A::Last, A::ZoomIn, A::GoTo, A::Help, A::ToMenu],
        (Place::Many, _) => &[A::RunMany, A::Close, A::Help, A::ToMenu],
        (Place::Compare, _) => &[A::Play, A::EventForward, A::MomentBack, A::NextStop, A::Switch, A::Versus, A::RunAgain, A::Help, A::ToMenu],
        (Place::Menu, _) => &[A::Up, A::FolderBack, A::Open, A::Digit(0), A::Find, A::OnPath, A::Versus, A::Help],
        (Place::Question, _) => &[A::Digit(0), A::RunChosen, A::RunPlain, A::Votes, A::Help, A::ToMenu],
        (Place::Order, _) => &[A::Up, A::CarryUp, A::RunChosen, A::RunPlain, A::Votes, A::Help, A::ToMenu],
        (Place::Number, _) => &[A::RunChosen, A::RunPlain, A::Erase, A::Votes, A::Help, A::ToMenu],
        (Place::Votes, _) => &[A::Digit(0), A::Up, A::Switch, A::Close, A::Erase, A::Help, A::ToMenu],
        (Place::Answered, _) => &[A::GoOn, A::Close, A::Code, A::Help, A::ToMenu],
        (Place::Help, _) => &[A::Up, A::PageDown, A::Find, A::Close],
        (Place::Knobs, _) => &[A::RunAgain, A::Less, A::Digit(0), A::Sweep, A::Up, A::Help, A::Close],
        (Place::Problem, _) => &[A::Up, A::Find, A::Edit, A::Close, A::ToMenu],
        (Place::Mistakes, _) => &[A::Up, A::Find, A::Edit, A::RunAgain, A::Close, A::ToMenu],
        (Place::Export, _) => &[A::Up, A::Go, A::Close],
        (Place::Prompt, _) => &[A::Go, A::Up, A::Close],
        (Place::Notes, _) => &[A::NextStop, A::PreviousStop, A::Play, A::Theme, A::Quit],
    }
}

fn hint(place: Place, action: Action, mode: Mode, wide: bool) -> Option<Hint> {
    let row = bindings(place).find(|row| row.keys.iter().any(|(_, does)| *does == action))?;
    let does = match (action, mode) {
        (Action::Play | Action::On, Mode::BeforeRun) => "run",
        (Action::Play, Mode::Paused | Mode::Recorded) => "play",
        (Action::Play, Mode::Ended) => "replay",
        (Action::Versus, Mode::Ended) if place == Place::Stage => "compare with it",
        (Action::MomentBack, Mode::Ended) => "back",
        (Action::Last, _) if place == Place::Stage => "end",
        _ if wide => row.long,
        _ => row.word,
    };
    let key = match (action, mode) {
        (Action::MomentBack, Mode::Ended) => "←",
        (Action::Last, _) if place == Place::Stage => "End",
        _ => row.written,
    };
    Some(Hint { key, does })
}

/// Draws the last row of what lies over another screen, or fills the window by itself.
pub(crate) fn draw(place: Place, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let hints = footer(place, Mode::BeforeRun, area.width >= 100);
    parts::footer(buf, area, theme, &hints);
}
