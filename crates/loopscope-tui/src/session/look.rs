//! How one looks at a run, what was predicted of it, and what came of that.

use std::borrow::Cow;

use crate::layout::axis::Page;
use crate::session::events::known;
use crate::session::playhead::Playhead;
use crate::session::session::{Run, Session};
use crate::session::votes;
use crate::settings::panes::PaneId;
use loopscope_timeline as timeline;
use loopscope_timeline::prediction::{all_right, in_words, predicted};
use loopscope_timeline::{Timeline, World};
use loopscope_trace::{Answer, Nanos, Quantity, Question};

/// The most jumps that can be taken back.
const MOST_JUMPS: usize = 100;

/// How long a note stands in the caption's place, in seconds of watching.
const NOTE_SECONDS: f64 = 3.0;

/// The note that was said last, for as long as one needs to read it, and no longer than it is about
/// what goes on.
pub(crate) fn standing_note<'a>(
    timeline: &'a Timeline,
    world: &World,
    play_speed: f64,
) -> Option<&'a str> {
    let (when, say) = timeline.standing_note(world)?;
    let pace = play_speed * timeline.story().speed;
    let read = Nanos::from_secs_f64(NOTE_SECONDS * pace);
    (world.now.since(when) <= read).then_some(say)
}

impl Session {
    /// The page of time that is shown.
    pub fn page(&self) -> Page {
        self.zoom.unwrap_or_else(|| self.usual_page())
    }

    fn usual_page(&self) -> Page {
        if let Some(page) = self.fitting_page() {
            return page;
        }
        let at = self.here().at;
        Page::at(&self.timeline, at, self.furthest.max(at))
    }

    /// The page on which all that was seen so far has room.
    pub(crate) fn whole(&self) -> Page {
        let furthest = self.furthest.max(self.here().at);
        let fitting = self.fitting_page().filter(|page| page.reaches(furthest));
        fitting.unwrap_or_else(|| Page::whole(&self.timeline, furthest))
    }

    /// Shows `page`; where that is the usual one, it goes on growing by itself.
    pub(crate) fn look_at(&mut self, page: Page) {
        self.zoom = Some(page).filter(|page| *page != self.usual_page());
    }

    /// Stands one event on, or one back; where there is none it stays where it is.
    pub(crate) fn step(&mut self, forward: bool) {
        let here = self.here();
        let to = match forward {
            true => self.timeline.next_event(here),
            false => self.timeline.previous_event(here),
        };
        if let Some(to) = to {
            self.playhead = Playhead::Paused(to);
            self.stepped = Some(to);
        }
    }

    /// Whether keys go to the list of events.
    pub(crate) fn lists_events(&self) -> bool {
        self.panes.shows(PaneId::Events) && self.trail.is_none() && self.run != Run::NotYet
    }

    /// Moves the cursor in the list of events.
    pub(crate) fn step_in_events(&mut self, by: isize) {
        let here = self.here();
        let known = known(&self.timeline, here, self.furthest);
        self.events.step(by, here, known);
    }

    /// Whether a step by one event has led here.
    pub(crate) fn stands_at_event(&self) -> bool {
        matches!(self.playhead, Playhead::Paused(here) if self.stepped == Some(here))
    }

    /// The note that stands at the playhead.
    pub(crate) fn standing_note(&self) -> Option<&str> {
        standing_note(&self.timeline, &self.world(), self.watched())
    }

    /// Moves the playhead by more than a step; `Self::undo` takes it back.
    pub(crate) fn jump(&mut self, to: Playhead) {
        if to == self.playhead {
            return;
        }
        if self.jumps.len() == MOST_JUMPS {
            self.jumps.remove(0);
        }
        self.jumps.push((self.playhead, self.zoom));
        self.playhead = to;
    }

    /// Takes the last jump back; `false` where there is none.
    pub(crate) fn undo(&mut self) -> bool {
        let Some((playhead, zoom)) = self.jumps.pop() else {
            return false;
        };
        self.playhead = match playhead {
            Playhead::Playing(moment) => Playhead::Paused(moment),
            other => other,
        };
        self.zoom = zoom;
        true
    }

    /// The world at the playhead.
    pub fn world(&self) -> Cow<'_, World> {
        let here = self.here();
        if self.playhead == Playhead::Edge && self.run != Run::NotYet {
            Cow::Borrowed(self.timeline.live())
        } else if self.seen.applied == here.applied
            && self.seen.now == here.at.min(self.timeline.end())
        {
            Cow::Borrowed(&self.seen)
        } else {
            Cow::Owned(self.timeline.world_at(here))
        }
    }

    /// Keeps the world at the playhead, so that it is sought once and not with every frame; a page
    /// that the playhead has left follows it.
    pub(crate) fn settle(&mut self, before: loopscope_timeline::Moment) {
        let here = self.here();
        self.furthest = self.furthest.max(here.at);
        if here != before {
            self.zoom = self.zoom.map(|page| page.following(here.at));
        }
        if self.playhead != Playhead::Edge {
            self.timeline.seek(&mut self.seen, here);
        }
    }
}

impl Session {
    fn questions(&self) -> impl Iterator<Item = (usize, &Question)> {
        self.timeline.story().questions.iter().enumerate()
    }

    /// The place of the first question that is asked before a run.
    pub(crate) fn first_question(&self) -> Option<usize> {
        let mut before = self.questions().filter(|(_, question)| !question.after);
        before.next().map(|(place, _)| place)
    }

    /// The place of the next question that is asked before a run.
    pub(crate) fn question_after(&self, place: usize) -> Option<usize> {
        let before = self.questions().filter(|(_, question)| !question.after);
        let mut places = before.map(|(place, _)| place);
        places.find(|next| *next > place)
    }

    /// The place of the question about why that is still to be asked, once the end is seen.
    pub(crate) fn next_why(&self) -> Option<usize> {
        let mut after = self.questions().filter(|(_, question)| question.after);
        after.nth(self.passed).map(|(place, _)| place)
    }

    /// How many questions about why are still to be asked, the one that is open among them.
    pub(crate) fn whys_left(&self) -> usize {
        let after = self.questions().filter(|(_, question)| question.after);
        after.count().saturating_sub(self.passed)
    }

    /// The question about why at this place need not be asked again.
    pub(crate) fn pass_why(&mut self, place: usize) {
        let upto = self.questions().take(place + 1);
        let passed = upto.filter(|(_, question)| question.after).count();
        let is_why = self.timeline.story().questions.get(place);
        if is_why.is_some_and(|question| question.after) {
            self.passed = self.passed.max(passed);
        }
    }

    /// Whether one stands within a run that has begun, and not at its end.
    pub(crate) fn stands_in_the_middle(&self) -> bool {
        self.run != Run::NotYet && !(self.over() && self.playhead == Playhead::Edge)
    }

    /// Keeps an answer: another one than the first stands beside it, and the newest of those
    /// counts. Gives whether anything has changed.
    pub fn answer_with(&mut self, question: usize, answer: Answer) -> bool {
        let answers = &mut self.answers.of_mut(question).answers;
        if answers.last() == Some(&answer) {
            return false;
        }
        answers.truncate(1);
        // Who comes back to the first answer has no second one.
        if answers.first() != Some(&answer) {
            answers.push(answer);
        }
        true
    }

    /// Takes the answers to a question back; counted votes stay.
    pub(crate) fn take_back(&mut self, question: usize) {
        if self.answers.of(question).is_some() {
            self.answers.of_mut(question).answers.clear();
        }
    }

    /// The place of the option that was chosen before the run.
    pub fn chosen(&self) -> Option<usize> {
        match self.answers.of(self.first_question()?)?.answer()? {
            Answer::Option(place) => Some(*place),
            Answer::Lines(_) | Answer::Number(_) => None,
        }
    }

    /// The answers that stand to the questions asked before a run.
    fn predictions(&self) -> impl Iterator<Item = (&Question, &Answer)> {
        let before = self.questions().filter(|(_, question)| !question.after);
        before.filter_map(|(place, question)| {
            let answer = self.answers.of(place)?.answer()?;
            Some((question, answer))
        })
    }

    /// The lines of output that were predicted, in their order.
    pub fn predicted_lines(&self) -> &[String] {
        let mut all = self
            .predictions()
            .map(|(question, answer)| predicted(question, answer));
        all.find(|lines| !lines.is_empty()).unwrap_or_default()
    }

    /// What was predicted in words, where it predicts no lines.
    pub(crate) fn predicted_words(&self) -> Option<String> {
        let mut all = self.predictions();
        all.find(|(question, answer)| predicted(question, answer).is_empty())
            .map(|(question, answer)| in_words(question, answer))
    }

    /// What was predicted first of all, in words, for the list of what was seen.
    pub(crate) fn prediction_in_words(&self) -> Option<String> {
        let place = self.first_question()?;
        let question = self.timeline.story().questions.get(place)?;
        Some(in_words(question, self.answers.of(place)?.answer()?))
    }

    /// When it will be over, where that was predicted.
    pub fn predicted_end(&self) -> Option<Nanos> {
        let mut all = self.predictions();
        all.find_map(|(question, answer)| match answer {
            Answer::Number(seconds) if question.number == Quantity::Elapsed => {
                Some(Nanos::from_secs_f64(*seconds))
            }
            _ => None,
        })
    }

    /// The questions asked before the run for which votes were counted.
    pub(crate) fn counted(&self) -> Vec<usize> {
        let before = self.questions().filter(|(_, question)| !question.after);
        let places = before.map(|(place, _)| place);
        places
            .filter(|place| votes::any(&self.answers, *place))
            .collect()
    }

    /// Whether what was predicted came true, by the run: all of it. `None` without a prediction, or
    /// where it cannot be said.
    pub fn predicted_right(&self) -> Option<bool> {
        let before = self.questions().filter(|(_, question)| !question.after);
        let answered = before.filter_map(|(place, _)| {
            let answer = self.answers.of(place)?.answer()?;
            Some(self.came(place, answer))
        });
        all_right(answered)
    }

    /// Whether it came as an answer to this question says; `None` where it cannot be said.
    pub(crate) fn came(&self, question: usize, answer: &Answer) -> Option<bool> {
        let story = self.timeline.story();
        if self.own_requests {
            // The question was about the run without them: only the file can say.
            let option = story.questions.get(question)?.option_of(answer)?;
            return story.is_as_written().then_some(option.right);
        }
        timeline::verdict(&self.timeline, question, answer)?.right
    }
}
