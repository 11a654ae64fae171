//! What a timeline offers: lanes, threads, output, accounts, findings, notes.

use crate::findings::log::finding::Finding;
use crate::moments::moment::{Cue, Moment, When};
use crate::moments::timeline::Timeline;
use crate::tracks::accounts::{Hold, Peaks, Times};
use crate::tracks::alive::Candidates;
use crate::tracks::census::Census;
use crate::tracks::lane_state::state_of;
use crate::tracks::metrics::Metrics;
use crate::tracks::threads::{GilTrack, ThreadTrack};
use crate::tracks::track::{Chunk, Lane, LaneId, LaneKind, OutputLine, Touch};
use crate::world::state::State;
use crate::world::world::World;
use loopscope_trace::{Actor, Anchor, EndReason, JobId, Nanos, RequestId, StepId, TaskId};

impl Timeline {
    /// The live edge as a place to seek to.
    pub fn last_moment(&self) -> Moment {
        Moment {
            at: self.end(),
            applied: self.trace.events.len(),
        }
    }

    /// The lanes, in the order in which they appeared.
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes.all
    }

    /// The lanes that may be alive at a moment, and the newest of those that are over.
    pub fn lanes_near(&self, at: Nanos) -> Candidates {
        let seen = self.lanes.all.partition_point(|lane| lane.from <= at);
        self.lanes.alive_at(seen)
    }

    /// How many lanes of the program's own had appeared at a moment and were over; a framework's tasks do not count.
    pub fn lanes_over(&self, at: Nanos) -> usize {
        let lanes = &self.lanes;
        let counts = [&lanes.requests, &lanes.tasks, &lanes.jobs].map(|census| census.at(at));
        let states = State::ALL.into_iter().filter(|state| state.is_final());
        let over = states.map(|state| {
            counts
                .iter()
                .map(|counts| counts[state as usize] as usize)
                .sum::<usize>()
        });
        over.sum()
    }

    /// A lane.
    pub fn lane(&self, id: LaneId) -> Option<&Lane> {
        self.lanes.all.get(id.0 as usize)
    }

    /// The lane in which an actor is drawn.
    pub fn lane_of(&self, actor: Actor) -> Option<LaneId> {
        self.lanes.of(actor)
    }

    /// The lane of a request.
    pub fn lane_of_request(&self, request: RequestId) -> Option<LaneId> {
        self.lanes.of_request(request)
    }

    /// How many requests were in which state over time; of a story without requests, how many of its own tasks.
    pub fn census(&self) -> &Census {
        if self.live.requests.is_empty() {
            &self.lanes.tasks
        } else {
            &self.lanes.requests
        }
    }

    /// State, since when, and step of a lane in `world`; unknown since the start where `world` is
    /// of a moment before the lane appeared.
    pub fn lane_state(&self, lane: LaneId, world: &World) -> (State, Nanos, Option<StepId>) {
        self.lane(lane)
            .map_or((State::Unknown, Nanos::ZERO, None), |lane| {
                state_of(lane.kind, world)
            })
    }

    /// Whether what a lane shows is there by the events of `world`: several may share its moment.
    pub fn is_there(&self, lane: LaneId, world: &World) -> bool {
        self.lane(lane).is_some_and(|lane| match lane.kind {
            LaneKind::Task(id) => world.task(id).is_some(),
            LaneKind::Request(id) => world.request(id).is_some(),
            LaneKind::Job(id) => world.job(id).is_some(),
        })
    }

    /// What the threads did, in the order in which they appeared.
    pub fn thread_tracks(&self) -> &[ThreadTrack] {
        &self.threads
    }

    /// All printed lines.
    pub fn outputs(&self) -> &[OutputLine] {
        &self.outputs
    }

    /// All ticks of the first loop's heartbeat.
    pub fn beats(&self) -> &[Nanos] {
        &self.beats
    }

    /// All ticks of a heartbeat: further loops have their own.
    pub fn beats_of(&self, task: TaskId) -> std::borrow::Cow<'_, [Nanos]> {
        if self.live.beats.task == Some(task) {
            return std::borrow::Cow::Borrowed(&self.beats);
        }
        let ticks = self.more_beats.iter();
        ticks
            .filter(|&&(other, _)| other == task)
            .map(|&(_, at)| at)
            .collect()
    }

    /// How long a task was in which state, up to the live edge.
    pub fn times_of_task(&self, task: TaskId) -> Times {
        self.accounts.of_task(task, self.settled())
    }

    /// How long a job was in which state, up to the live edge.
    pub fn times_of_job(&self, job: JobId) -> Times {
        self.accounts.of_job(job, self.settled())
    }

    /// The highest counts so far.
    pub fn peaks(&self) -> Peaks {
        self.accounts.peaks
    }

    /// How often and how long each step slept or computed, by step; may be shorter than the steps.
    pub fn holds(&self) -> &[Hold] {
        &self.accounts.holds
    }

    /// The moment until which things change: the live edge, or the end of the run.
    pub fn settled(&self) -> Nanos {
        let ended = self.ended().and_then(|_| self.changes.last().copied());
        ended.unwrap_or(self.live.now)
    }

    /// When the last of the story's own tasks and jobs ended; none has ended where it is `None`.
    pub fn last_end(&self) -> Option<Nanos> {
        let tasks = self.live.tasks.iter().filter(|task| task.role.is_story());
        let tasks = tasks.filter_map(|task| task.ended);
        let jobs = self.live.jobs.iter().filter_map(|job| job.ended);
        tasks.chain(jobs).max()
    }

    /// From the first request or start to [`Self::last_end`].
    pub fn elapsed(&self) -> Option<Nanos> {
        let requests = self.live.requests.iter().map(|request| request.sent);
        let tasks = self.live.tasks.iter().filter(|task| task.role.is_story());
        let first = requests.chain(tasks.map(|task| task.spawned)).min()?;
        Some(self.last_end()?.since(first))
    }

    /// Whether the run ended before its limit because nothing in it could go on.
    pub fn came_to_rest(&self) -> bool {
        let limit = self.story().limit;
        self.ended() == Some(EndReason::Limit) && limit > Nanos::ZERO && self.end() < limit
    }

    /// The last note whose anchor has happened at the moment of `world`, and when it happened.
    pub fn note_at(&self, world: &World) -> Option<(Nanos, &str)> {
        let here = Moment {
            at: world.now,
            applied: world.applied,
        };
        let (when, cue) = self.notes.last_before(here)?;
        Some((when.at, self.notes.sentence(cue)?))
    }

    /// The same, as long as what it was said about goes on: until what was found is over, or a block
    /// of a loop that it was said before or in, and until another line is printed.
    pub fn standing_note(&self, world: &World) -> Option<(Nanos, &str)> {
        let here = Moment {
            at: world.now,
            applied: world.applied,
        };
        let (when, cue) = self.notes.last_before(here)?;
        let place = self.stops.partition_point(|stop| stop.at < when);
        let later = self.stops.get(place + 1..).unwrap_or_default().iter();
        let mut later = later.take_while(|stop| stop.from <= here);
        let found = match &self.notes.cue(cue)?.when {
            When::Anchor(Anchor::Insight { kind, .. }) => Some(kind.as_str()),
            _ => None,
        };
        let over = |finding: &Finding| {
            let end = finding.at + finding.length;
            let is_its = found == Some(finding.kind.id) && finding.found == when.at;
            let holds = finding.kind.on_map == Some(State::Blocking);
            !finding.open && when.at < end && end <= here.at && (is_its || holds)
        };
        let known = self.findings();
        let known = &known[..known.partition_point(|finding| finding.found <= here.at)];
        let stands = !later.any(|stop| stop.prints) && !known.iter().any(over);
        stands.then(|| Some((when.at, self.notes.sentence(cue)?)))?
    }

    /// What is said and when, in its order of the list; no moment where it has not come.
    pub fn cues(&self) -> impl Iterator<Item = (&Cue, Option<Moment>)> {
        self.notes.all()
    }

    /// The place, in the list of what is said, of the last that had come at `moment`.
    pub fn cue_at(&self, moment: Moment) -> Option<usize> {
        self.notes.last_before(moment).map(|(_, cue)| cue)
    }

    /// All notes that have been said, and when, in this order.
    pub fn notes_said(&self) -> impl Iterator<Item = (Moment, &str)> {
        let said = self.notes.said.iter();
        said.filter_map(|(when, cue)| Some((*when, self.notes.sentence(*cue)?)))
    }

    /// Who had CPython's lock (a model): a row for each process that uses it; empty without it.
    pub fn gil_tracks(&self) -> &[GilTrack] {
        &self.gils
    }

    /// The runtime's own counts.
    pub const fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Pieces of streamed answers, in order.
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// The reads and writes of a lane up to the moment of `world`, in order.
    pub fn touches_at(&self, lane: LaneId, world: &World) -> &[Touch] {
        let all = self.touches.get(&lane).map_or(&[][..], Vec::as_slice);
        let past = all.partition_point(|touch| (touch.event as usize) < world.applied);
        &all[..past]
    }

    /// The pieces of one answer, in order.
    pub fn chunks_of(&self, request: RequestId) -> impl Iterator<Item = &Chunk> {
        let chunks = self.chunks.iter();
        chunks.filter(move |chunk| chunk.request == request)
    }

    /// The note that is said at the stop that `moment` is at.
    pub fn note_said_at(&self, moment: Moment) -> Option<&Cue> {
        let stop = self.stop_at(moment)?;
        let (when, note) = self.notes.last_before(moment)?;
        let here = when >= stop.from;
        here.then(|| self.notes.cue(note))?
    }

    /// Notes that the trace has already reached after `moment`, in the order in which they are said.
    pub fn notes_after(&self, moment: Moment) -> impl Iterator<Item = (Moment, &Cue)> {
        let said = &self.notes.said;
        let first = said.partition_point(|(when, _)| *when <= moment);
        let later = said[first..].iter();
        later.filter_map(|(when, note)| Some((*when, self.notes.cue(*note)?)))
    }

    /// Notes whose moment the trace has not reached, in the order of the file. When it will come,
    /// and whether, only the run can say.
    pub fn notes_waiting(&self) -> impl Iterator<Item = &Cue> {
        let over = self.ended().is_some();
        let waiting = self.notes.pending.iter().filter(move |_| !over);
        waiting.filter_map(|(note, _)| self.notes.cue(*note))
    }

    /// How many stops have been recorded after `moment`.
    pub fn stops_after(&self, moment: Moment) -> usize {
        self.stops.len() - self.stops.partition_point(|stop| stop.at <= moment)
    }
}
