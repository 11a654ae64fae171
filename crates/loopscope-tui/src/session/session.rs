//! A scenario that was opened: its run, and where one looks.

use crate::layout::axis::Page;
use crate::session::events::EventList;
use crate::session::motion::Motion;
use crate::session::playhead::{Mode, Playhead};
use crate::settings::panes::Panes;
use loopscope_timeline::{Cue, LaneId, Moment, Timeline, World};
use loopscope_trace::{Answers, Nanos, Story, ThreadRole, Trace};

/// Where the events come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// From nowhere yet.
    NotYet,
    /// From the run with this number.
    Number(u32),
    /// From a file.
    Recorded,
}

/// A scenario that was opened.
#[derive(Clone, Debug)]
pub struct Session {
    /// What has happened so far.
    pub timeline: Timeline,
    /// Where the events come from.
    pub run: Run,
    /// Where one looks.
    pub playhead: Playhead,
    /// How fast one watches.
    pub play_speed: f64,
    /// Whether it is watched more slowly by itself.
    pub(crate) motion: Motion,
    /// Which panes are shown.
    pub panes: Panes,
    /// The selected lane.
    pub selected: Option<LaneId>,
    /// The first lane that is shown.
    pub first_lane: usize,
    /// The page of time that keys have chosen; the usual one where it is `None`.
    pub zoom: Option<Page>,
    /// Where one was, and what one saw, before each jump.
    pub jumps: Vec<(Playhead, Option<Page>)>,
    /// The pane by which the arrows move, by its digit; the tasks where it is `None`.
    pub focus: Option<u8>,
    /// Only the selected lane is shown.
    pub only: bool,
    /// Lanes of a framework's own tasks are shown too, where the program is watched.
    pub all_lanes: bool,
    /// The row that is chosen among those who held the loop.
    pub held: usize,
    /// Each finding has a row of its own, also where equal ones share one.
    pub ungrouped: bool,
    /// The moment to which a step by one event has led.
    pub stepped: Option<Moment>,
    /// While the answer to "why?" is open: the lanes and moments that were followed so far.
    pub trail: Option<Vec<(Option<LaneId>, Playhead)>>,
    /// The world that was looked at last, to seek from.
    pub seen: World,
    /// The furthest moment that the playhead has been at in this run.
    pub furthest: Nanos,
    /// What was said about the story's questions.
    pub answers: Answers,
    /// The question whose votes lie over the end of the run.
    pub vote_bars: Option<usize>,
    /// The end has been looked at: votes have been shown by themselves.
    pub revealed: bool,
    /// How many questions about why have been answered or closed.
    pub passed: usize,
    /// A key on the stage has sent requests into this run.
    pub own_requests: bool,
    /// What is to be said in place of the story's own notes.
    pub cues: Option<Vec<Cue>>,
    /// The list of events.
    pub events: EventList,
    /// The first line of code that keys have chosen, and the line that was followed then; it is followed again once
    /// it is another one. Before the run there is none.
    pub code_first: Option<(usize, Option<usize>)>,
    /// The knobs' values for the next run.
    pub knobs: Vec<(String, i64)>,
    /// The story with these values, where the one of the timeline was run with others.
    pub(crate) retold: Option<Box<Story>>,
    /// Its end has been remembered.
    pub marked: bool,
}

impl Session {
    /// A scenario that has not been run.
    pub fn opened(story: Story, knobs: &[(String, i64)], play_speed: f64) -> Self {
        let knobs = story
            .knobs
            .iter()
            .map(|knob| {
                let given = knobs.iter().find(|(name, _)| *name == knob.name);
                (knob.name.clone(), given.map_or(knob.value, |given| given.1))
            })
            .collect();
        let panes = Panes::of(&story);
        Self {
            seen: World::new(&story),
            timeline: Timeline::new(story),
            run: Run::NotYet,
            playhead: Playhead::Paused(Moment::default()),
            play_speed,
            motion: Motion::at(1.0),
            panes,
            selected: None,
            first_lane: 0,
            furthest: Nanos::ZERO,
            zoom: None,
            jumps: Vec::new(),
            focus: None,
            only: false,
            all_lanes: false,
            held: 0,
            ungrouped: false,
            stepped: None,
            trail: None,
            answers: Answers::default(),
            vote_bars: None,
            revealed: false,
            passed: 0,
            own_requests: false,
            cues: None,
            events: EventList::default(),
            code_first: None,
            knobs,
            retold: None,
            marked: false,
        }
    }

    /// A trace that was read from a file, at its start.
    pub fn recorded(trace: Trace, play_speed: f64) -> Self {
        let mut session = Self::opened(Story::default(), &[], play_speed);
        session.answers = trace.answers.clone();
        session.timeline = Timeline::from_trace(trace);
        session.seen = World::new(session.timeline.story());
        session.run = Run::Recorded;
        session.playhead = Playhead::Paused(Moment::default());
        session.motion = Motion::at(play_speed);
        // What a program of one's own does is never slowed down.
        session.motion.by_itself &= session.timeline.story().watched.is_none();
        session.panes = Panes::of(session.timeline.story());
        session.settle_slow();
        session
    }

    /// A run that is over, at its end.
    pub(crate) fn ended(run: Trace) -> Self {
        let mut session = Self::recorded(run, 1.0);
        session.run = Run::Number(1);
        session.playhead = Playhead::Edge;
        session
    }

    /// Begins anew with a run's story: the panes, the prediction and the knobs stay.
    pub(crate) fn restart(&mut self, number: u32, story: Story) {
        if self.timeline.story().source != story.source {
            self.keep_what_fits(&story);
        }
        self.timeline = Timeline::with_cues(story, self.cues.clone());
        self.run = Run::Number(number);
        self.playhead = Playhead::Edge;
        self.motion.slow = None;
        self.events = EventList::default();
        self.code_first = None;
        self.selected = None;
        self.first_lane = 0;
        self.zoom = None;
        self.jumps.clear();
        self.only = false;
        self.held = 0;
        self.stepped = None;
        self.trail = None;
        self.seen = World::new(self.timeline.story());
        self.furthest = Nanos::ZERO;
        self.own_requests = false;
        self.marked = false;
        self.retold = None;
        self.vote_bars = None;
        self.revealed = false;
        self.passed = 0;
    }

    /// Tells the same scenario with other numbers, before anything has run.
    pub(crate) fn reset_story(&mut self, story: Story) {
        self.seen = World::new(&story);
        self.timeline = Timeline::with_cues(story, self.cues.clone());
    }

    /// Says this in place of the story's own notes, from now on: nothing has run.
    pub(crate) fn replace_notes(&mut self, cues: Vec<Cue>) {
        self.cues = Some(cues);
        self.reset_story(self.timeline.story().clone());
    }

    /// What it is called: its id, or its title where it has none.
    pub(crate) fn name(&self) -> &str {
        let story = self.timeline.story();
        if story.id.is_empty() {
            &story.title
        } else {
            &story.id
        }
    }

    /// The moment that is looked at.
    pub fn here(&self) -> Moment {
        self.playhead.moment(&self.timeline)
    }

    /// Whether nothing more will arrive.
    pub(crate) fn over(&self) -> bool {
        self.run == Run::Recorded || self.timeline.ended().is_some()
    }

    /// The playhead that moves on from here; at the end of what is over it stays there.
    pub(crate) fn onward(&self) -> Playhead {
        let here = self.here();
        if self.over() && here >= self.timeline.last_moment() {
            Playhead::Edge
        } else {
            Playhead::Playing(here)
        }
    }

    /// Whether a run goes on.
    pub(crate) fn runs(&self) -> bool {
        matches!(self.run, Run::Number(_)) && !self.over()
    }

    /// How the stage stands to the run.
    pub(crate) fn mode(&self) -> Mode {
        match (self.run, self.playhead) {
            (Run::NotYet, _) => Mode::BeforeRun,
            (_, Playhead::Edge) if self.over() => Mode::Ended,
            (_, Playhead::Edge) => Mode::Live,
            (_, Playhead::Playing(_)) => Mode::Playing,
            (Run::Recorded, Playhead::Paused(_)) => Mode::Recorded,
            (_, Playhead::Paused(_)) => Mode::Paused,
        }
    }

    /// How long, in scenario time, a loop's thread has been held without a break at the live edge.
    pub(crate) fn held_for(&self) -> Nanos {
        let world = self.timeline.live();
        world
            .threads
            .iter()
            .filter(|thread| thread.role == ThreadRole::Loop)
            .filter_map(|thread| thread.doing?.blocking)
            .map(|(_, since)| world.now.since(since))
            .max()
            .unwrap_or_default()
    }
}
