//! The sentence of a stop, large enough for the last row of the room.

use super::stage::StageView;
use crate::layout::Size;
use crate::text;
use crate::view_parts::Mode;
use crate::widgets::letters;

/// The rows of the band with the sentence of the stop at which one stands, air included: large
/// letters where they fit into the room that the sentence may take, else bold ones. `None` where
/// none is said, or where the window is too small for a band.
pub fn band(view: &StageView, wide: usize, size: Size, height: u16) -> Option<Vec<String>> {
    let presents = view.big || view.place.is_some();
    let stands = matches!(view.mode, Mode::Paused | Mode::Recorded)
        && view.timeline.stands_at_note(view.moment);
    let free = view.notice.is_none() && view.look.why.is_none() && view.look.prompt.is_none();
    if !presents || !stands || !free || size == Size::Small {
        return None;
    }
    let (_, words) = view.timeline.note_at(view.world)?;
    let most = usize::from(room(size, height)).saturating_sub(2);
    let large = letters::large(words, wide, most).filter(|_| !view.theme.ascii);
    let rows = large.unwrap_or_else(|| text::wrap(words, wide, most));
    let air = || std::iter::once(String::new());
    Some(air().chain(rows).chain(air()).collect())
}

/// So many rows may the sentence take: half of what there is, where the panes are small anyway.
pub const fn room(size: Size, height: u16) -> u16 {
    match size {
        Size::Small => 4,
        Size::Medium => height / 2,
        Size::Compact | Size::Roomy => {
            let quarter = height / 4;
            if quarter < 6 { 6 } else { quarter }
        }
    }
}
