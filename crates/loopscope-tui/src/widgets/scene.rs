//! What every pane draws from: the view of the stage, and what follows from it at one size.

use crate::layout::axis::{Axis, Page};
use crate::layout::plan::{Plan, Size};
use crate::text::text;
use crate::widgets::stage_view::{Lanes, StageView, crowd};
use loopscope_timeline::{Lane, LaneId, LaneKind, State, explain};
use loopscope_trace::{Actor, Nanos, StepId};

/// On a page that is shorter, moments and short lengths are told in microseconds.
pub(crate) const FINE: Nanos = Nanos::from_millis(20);

/// On a shorter page hundredths of a second are more than a cell.
const SHORT: Nanos = Nanos::from_secs(1);

/// A timer that is late by less is not called overdue.
pub(crate) const LATE: Nanos = Nanos::from_millis(5);

/// What the widgets draw from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'a> {
    /// What the stage was told.
    pub view: &'a StageView<'a>,
    /// How much each pane may tell.
    pub size: Size,
    /// One blank row between what is left.
    pub spread: bool,
    /// The page of time.
    pub page: Page,
    /// The lanes.
    pub lanes: Lanes,
    /// Strips begin no further left: so those of two panes stand below each other.
    pub least_names: u16,
}

impl<'a> Scene<'a> {
    /// The scene of a view, laid out by `plan`.
    pub(crate) fn new(view: &'a StageView<'a>, plan: &Plan) -> Self {
        Self {
            view,
            size: plan.size,
            spread: plan.spread,
            page: view
                .look
                .zoom
                .or(view.look.fitting)
                .unwrap_or_else(|| Page::at(view.timeline, view.moment.at, view.furthest)),
            lanes: Lanes::of(view),
            least_names: 0,
        }
    }

    /// The playhead.
    pub(crate) fn now(&self) -> Nanos {
        self.view.moment.at
    }

    /// Columns of names before a strip, and the first column of a name, for a pane of `width`.
    pub(crate) fn names(&self, width: u16) -> (u16, u16) {
        let (x, strip) = match (self.size, width) {
            (Size::Roomy, 100..) => (2, 20),
            (Size::Roomy, 60..) => (2, 12),
            (Size::Compact, 90..) => (1, 19),
            _ => (1, 11),
        };
        // Routes are longer than the names of clients.
        let routes = match (self.view.watched(), width) {
            (Some(_), 60..) => 8,
            (Some(_), _) => 3,
            (None, _) => 0,
        };
        let strip = strip + routes + self.says() + self.processes();
        (x, strip.max(self.least_names))
    }

    /// Columns behind a lane's name for the process that its loop belongs to.
    fn processes(&self) -> u16 {
        let mut loops = self.view.world.loops();
        match loops.any(|thread| thread.process.is_some()) {
            true => 3,
            false => 0,
        }
    }

    /// `B tab 2 p2`: the name of a lane, and the process that its loop belongs to.
    pub(crate) fn full_name(&self, lane: &Lane) -> String {
        let world = self.view.world;
        let task = match lane.kind {
            LaneKind::Task(task) => Some(task),
            LaneKind::Request(request) => world.request(request).and_then(|it| it.task),
            LaneKind::Job(job) => world.job(job).and_then(|job| job.parent),
        };
        let home = task.and_then(|task| world.task(task)?.home);
        let process = home.and_then(|home| world.thread(home)?.process);
        let name = self.name(lane);
        match process {
            Some(process) => format!("{name} p{}", process.index() + 1),
            None => name,
        }
    }

    /// Columns between a name and its strip for the word of tokio-console.
    pub(crate) fn says(&self) -> u16 {
        if self.view.panes.says() { 14 } else { 0 }
    }

    /// The axis of a pane's strips.
    pub(crate) fn axis(&self, area: ratatui::layout::Rect) -> Axis {
        let (_, strip) = self.names(area.width);
        let strip = strip.min(area.width);
        Axis::new(self.page, area.x + strip, area.width - strip)
    }

    /// State, since when, and step of a lane at the playhead.
    pub(crate) fn state(&self, lane: LaneId) -> (State, Nanos, Option<StepId>) {
        self.view.timeline.lane_state(lane, self.view.world)
    }

    /// `A tab 1`, `accept`.
    pub(crate) fn name(&self, lane: &Lane) -> String {
        if lane.letter.is_empty() {
            text::clean(&lane.name)
        } else {
            format!("{} {}", lane.letter, text::clean(&lane.name))
        }
    }

    /// A lane's letter; a job has that of the task that handed it to the pool.
    pub(crate) fn letter(&self, lane: &'a Lane) -> &'a str {
        let parent = match lane.kind {
            LaneKind::Job(job) if lane.letter.is_empty() => self.view.world.job(job),
            _ => None,
        };
        let parent = parent
            .and_then(|job| job.parent)
            .and_then(|task| self.lane_of(Actor::Task(task)));
        parent.map_or(lane.letter.as_str(), |parent| parent.letter.as_str())
    }

    /// `A`, else `accept`.
    pub(crate) fn short(&self, lane: &Lane) -> String {
        if lane.letter.is_empty() {
            text::clean(&lane.name)
        } else {
            lane.letter.to_string()
        }
    }

    /// The lane of an actor, if it has one.
    pub(crate) fn lane_of(&self, actor: Actor) -> Option<&'a Lane> {
        let timeline = self.view.timeline;
        timeline.lane(timeline.lane_of(actor)?)
    }

    /// The lane of the step that `actor` is in: how it is written, without comment.
    pub(crate) fn written(&self, step: Option<StepId>) -> Option<&'a str> {
        let step = self.view.timeline.story().step(step?)?;
        let story = self.view.timeline.story();
        let text = match story.language_of(step, self.view.language) {
            loopscope_trace::Language::Python => &step.python,
            loopscope_trace::Language::Rust => &step.rust,
        };
        (!text.is_empty()).then_some(text)
    }

    /// The line of a step in the listing on the screen; `None` where it has none.
    pub(crate) fn line(&self, step: Option<StepId>) -> Option<u32> {
        let step = self.view.timeline.story().step(step?)?;
        let story = self.view.timeline.story();
        let line = step.line.of(story.language_of(step, self.view.language));
        (line > 0).then_some(line)
    }

    /// Where a step stands: `line 5` of the listing on the screen, `app.py:34` of a program that is watched.
    pub(crate) fn place(&self, step: Option<StepId>) -> Option<String> {
        explain::line(self.view.timeline, step?, self.view.language)
    }

    /// Whether the story's requests or tasks are too many for lanes.
    pub(crate) fn crowd(&self) -> bool {
        crowd(self.view)
    }

    /// A moment in a list, with as many digits as the axis needs: `3.40`, `0.034`, `0.123` of a millisecond.
    pub(crate) fn at(&self, at: Nanos) -> String {
        match self.page.length {
            page if page < FINE => Nanos(at.0.saturating_mul(1_000)).thousandths(),
            page if page < SHORT => at.thousandths(),
            _ => at.hundredths(),
        }
    }

    /// The same with its unit, where that is not the second.
    pub(crate) fn at_unit(&self, at: Nanos) -> String {
        let unit = if self.page.length < FINE { "ms" } else { "" };
        format!("{}{unit}", self.at(at))
    }

    /// What stands above moments.
    pub(crate) fn at_word(&self) -> &'static str {
        if self.page.length < FINE {
            "at ms"
        } else {
            "at"
        }
    }

    /// A moment with its unit, in seconds: `3.40s`, `0.034s`, `0.000123s`.
    pub(crate) fn seconds(&self, at: Nanos) -> String {
        match self.page.length {
            page if page < FINE => {
                format!(
                    "{}.{:06}s",
                    at.0 / 1_000_000_000,
                    at.0 % 1_000_000_000 / 1_000
                )
            }
            page if page < SHORT => format!("{}s", at.thousandths()),
            _ => format!("{}s", at.hundredths()),
        }
    }

    /// A length as it is written: `3.40s`.
    pub(crate) fn length(&self, length: Nanos) -> String {
        if self.page.length < FINE && length < Nanos::from_millis(1) {
            format!("{}us", length.0 / 1_000)
        } else if self.page.length < SHORT {
            format!("{}s", length.thousandths())
        } else {
            format!("{}s", length.hundredths())
        }
    }
}

impl Scene<'_> {
    /// The same in so many columns: whole seconds where no more has room.
    pub(crate) fn length_in(&self, length: Nanos, columns: usize) -> String {
        let long = self.length(length);
        match text::width(&long) <= columns {
            true => long,
            false => format!("{}s", length.0 / 1_000_000_000),
        }
    }

    /// Whether a lane stands back, because only another one is looked at.
    pub(crate) fn stands_back(&self, lane: Option<LaneId>) -> bool {
        self.view.look.only && lane != self.view.selected
    }
}
