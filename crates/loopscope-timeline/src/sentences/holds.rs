//! Who holds a loop, and what helps, in words.

use crate::counts::capitalized;
use crate::sentences::remedy::remedy;
use crate::sentences::scene::Scene;
use crate::tracks::block::Holder;
use crate::words::{line, loop_words, place, step_text, thread_name, who};
use loopscope_trace::{Actor, BlockKind, StepId, ThreadId};

/// The longest text of a step that is repeated in a caption.
const LONGEST: usize = 40;

impl Scene<'_> {
    /// `A is inside time.sleep(5), line 5, and holds the loop's only thread.` Of a program that is watched: `GET /report
    /// (A) is inside time.sleep(5) (render.py:88, called from app.py:34) and holds the loop's only thread.`
    pub(crate) fn holds(
        &self,
        actor: Actor,
        thread: ThreadId,
        (step, from): (Option<StepId>, Option<StepId>),
        only: bool,
    ) -> String {
        let what = if only {
            "the loop's only thread".to_owned()
        } else if self.world.has_own_loops() {
            loop_words(self.timeline, thread)
        } else {
            format!("thread {}", thread_name(self.timeline, thread))
        };
        if self.timeline.story().watched.is_some() {
            return format!("{} holds {what}.", self.inside_of(actor, step, from));
        }
        let name = who(self.timeline, actor);
        match place(self.timeline, step, self.language) {
            Some(place) => format!("{name} is inside {place}, and holds {what}."),
            None => format!("{name} holds {what}."),
        }
    }

    /// `GET /report (A) is inside time.sleep(5) (render.py:88, called from app.py:34) and`; the name alone where no
    /// place is known.
    fn inside_of(&self, actor: Actor, step: Option<StepId>, from: Option<StepId>) -> String {
        let lane = self.timeline.lane_of(actor);
        let lane = lane.and_then(|lane| self.timeline.lane(lane));
        let name = match lane {
            Some(lane) if !lane.letter.is_empty() => format!("{} ({})", lane.name, lane.letter),
            _ => who(self.timeline, actor),
        };
        let line = |step| line(self.timeline, step, self.language);
        let text = step.and_then(|step| step_text(self.timeline, step, self.language));
        let text = text.filter(|text| text.chars().count() <= LONGEST);
        let called = from
            .and_then(line)
            .map(|line| format!("called from {line}"));
        match (text, step.and_then(line), called) {
            (Some(text), Some(at), Some(called)) => {
                format!("{name} is inside {text} ({at}, {called}) and")
            }
            (Some(text), Some(at), None) => format!("{name} is inside {text} ({at}) and"),
            (None, Some(at), Some(called)) => format!("{name} is at {at} ({called}) and"),
            (None, Some(at), None) => format!("{name} is at {at} and"),
            _ => name,
        }
    }

    /// `Make report a plain def, or hand the work to run_in_threadpool.`
    pub(crate) fn helps(&self, kind: BlockKind, step: Option<StepId>) -> String {
        let holders = self.timeline.holders(self.world);
        let holder = holders.into_iter().find(|holder| holder.step == step);
        let Some(holder) = holder.map(|holder| Holder { kind, ..holder }) else {
            return String::new();
        };
        let words = remedy(self.timeline, &holder).words;
        format!(" {}.", capitalized(&words))
    }
}
