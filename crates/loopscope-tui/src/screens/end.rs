//! The end of a run: the result, the reply to what was said, and the way on.

use super::stage::StageView;
use crate::layout::Size;
use crate::text;
use crate::widgets::frame;
use loopscope_timeline::explain;
use loopscope_trace::EndReason;

/// The rows in the caption's place: the result, then what to change in one's own code, and where the
/// real program does something else.
pub fn captions(view: &StageView, wide: usize, size: Size) -> Vec<String> {
    // The reply to what was said, or the answer, is what one came for: it may take a row more than
    // a caption, where there are some.
    let more = size >= Size::Compact || !view.answers.is_empty();
    let most = frame::caption_rows(size) + usize::from(more);
    let mut rows = text::wrap(&result(view), wide, most);
    if let Some(remedy) = view.timeline.story().remedy.as_deref()
        && size > Size::Small
    {
        let most = if size == Size::Medium { 1 } else { 2 };
        rows.extend(text::wrap(remedy, wide, most));
    }
    if let Some(differs) = view.timeline.story().differs.as_deref()
        && size > Size::Medium
    {
        let words = format!("Real Python differs: {differs}");
        rows.extend(text::wrap(&words, wide, 2));
    }
    rows
}

/// The result; a run that did not come to its own end says so first.
fn result(view: &StageView) -> String {
    let words = explain::result(view.timeline, view.answers);
    let at = view.timeline.end().hundredths();
    match view.timeline.ended() {
        Some(EndReason::Stopped) if !words.contains("stopped") => {
            format!("The run was stopped at {at}s. {words}")
        }
        Some(EndReason::Limit) if !words.contains("limit") => {
            let limit = view.timeline.story().limit.hundredths();
            format!("Unfinished: the run reached its limit of {limit}s. {words}")
        }
        _ => words,
    }
}
