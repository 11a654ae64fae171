//! The text of the code pane: the listing of a scenario, or the file of a program that is watched.

use crate::text::python::Reader;
use crate::widgets::scene::Scene;
use loopscope_timeline::{Doing, LaneKind, explain};
use loopscope_trace::{FileId, Language, Nanos, SourceFile, Step, StepId, Story, Token};

/// The most lanes that are looked at for the one that ran last.
const MOST: usize = 512;

/// A text of lines.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Text<'a> {
    /// A listing.
    Listing(&'a [Vec<Token>]),
    /// A file.
    File(FileId, &'a SourceFile),
}

/// What the pane shows: the listing in the language of the view, else the file round who holds the loop, the selected
/// lane, or who ran last.
pub(crate) fn text<'a>(scene: &Scene<'a>) -> Option<Text<'a>> {
    let story = scene.view.timeline.story();
    if story.watched.is_none() {
        let listing = story.listing(scene.view.language)?;
        return Some(Text::Listing(&listing.lines));
    }
    let id = focus(scene).and_then(|step| story.step(step)?.file);
    let first = || story.files.iter().position(|file| !file.library);
    let id = id.or_else(|| first().map(FileId::from))?;
    Some(Text::File(id, story.files.get(id.index())?))
}

impl<'a> Text<'a> {
    /// How many lines it has.
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Listing(lines) => lines.len(),
            Self::File(_, file) => file.lines.len(),
        }
    }

    /// `rows` lines from the one at `first` on, in pieces.
    pub(crate) fn lines(self, first: usize, rows: usize) -> Vec<Vec<Token>> {
        let all = match self {
            Self::Listing(lines) => {
                return lines.iter().skip(first).take(rows).cloned().collect();
            }
            Self::File(_, file) => &file.lines,
        };
        let mut reader = Reader::default();
        let lines = all.iter().take(first + rows);
        let read = lines.map(|line| reader.line(&line.replace('\t', "    ")));
        read.skip(first).collect()
    }

    /// Whether a step stands in it.
    pub(crate) fn holds(self, step: &Step) -> bool {
        match self {
            Self::Listing(_) => true,
            Self::File(id, _) => step.file == Some(id),
        }
    }

    /// What stands in the title.
    pub(crate) fn name(self, language: Language) -> String {
        match self {
            Self::Listing(_) => language.name().to_owned(),
            Self::File(_, file) => file.path.clone(),
        }
    }
}

/// The place that the pane is about: where the loop is held, where the selected lane is, where a lane was last.
pub(crate) fn focus(scene: &Scene) -> Option<StepId> {
    let story = scene.view.timeline.story();
    let own = |step: &StepId| is_own(story, *step);
    let chosen = || scene.state(scene.view.selected?).2.filter(own);
    let held = held(scene).and_then(|doing| own_place(scene, doing));
    held.or_else(chosen).or_else(|| last(scene))
}

/// The turn that holds a loop.
pub(crate) fn held(scene: &Scene) -> Option<Doing> {
    let mut loops = scene.view.world.loops();
    loops.find_map(|thread| thread.doing.filter(|doing| doing.blocking.is_some()))
}

/// The place in the user's own files at which an actor holds its thread.
fn own_place(scene: &Scene, doing: Doing) -> Option<StepId> {
    let timeline = scene.view.timeline;
    let step = scene.view.world.step_of(doing.actor);
    let stack = doing.stack.map_or(&[][..], |id| timeline.trace().stack(id));
    let mut places = step.into_iter().chain(stack.iter().copied());
    places.find(|step| is_own(timeline.story(), *step))
}

/// The path of the file that is shown, and the line that the pane is about.
pub(crate) fn file_and_line(scene: &Scene) -> Option<(String, u32)> {
    let Text::File(_, file) = text(scene)? else {
        return None;
    };
    let line = focus(scene).and_then(|step| scene.line(Some(step)));
    Some((file.path.clone(), line.unwrap_or(1)))
}

fn is_own(story: &Story, step: StepId) -> bool {
    story.file_of(step).is_some_and(|file| !file.library)
}

/// Where one of the lanes was that did something last.
fn last(scene: &Scene) -> Option<StepId> {
    let story = scene.view.timeline.story();
    let count = scene.lanes.story();
    let rows = count.saturating_sub(MOST)..count;
    let lanes = rows.filter_map(|row| scene.lanes.get(scene.view, row));
    let places = lanes.filter_map(|lane| {
        let (_, since, step) = scene.state(lane.id);
        let job = matches!(lane.kind, LaneKind::Job(_));
        Some((since, !job, step.filter(|step| is_own(story, *step))?))
    });
    let last: Option<(Nanos, bool, StepId)> = places.max_by_key(|(since, task, _)| (*since, *task));
    last.map(|(_, _, step)| step)
}

/// The place in a library at which the loop is held, where the innermost call is not in the user's own files:
/// `httpx/_client.py:88  self.send(request)`.
pub(crate) fn inner(scene: &Scene) -> Option<String> {
    let timeline = scene.view.timeline;
    let doing = held(scene)?;
    let own = own_place(scene, doing)?;
    let inner = *timeline.trace().stack(doing.stack?).first()?;
    if inner == own {
        return None;
    }
    let line = explain::line(timeline, inner, scene.view.language)?;
    let written = explain::step_text(timeline, inner, scene.view.language).unwrap_or_default();
    Some(format!("{line}  {written}"))
}
