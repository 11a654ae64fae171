//! Where one is in the dialogue: what is open, what has been said, what is asked next.

use crate::plain::state::{Action, Dialogue, Opened, Place, Turn};
use crate::plain::{about, list, question, reveal};
use loopscope_protocol::menu;
use loopscope_protocol::menu::{MenuEntry, Progress, Remember, exercise_after, number};
use loopscope_protocol::path;
use loopscope_protocol::practice;
use loopscope_protocol::practice::Exercises;
use loopscope_protocol::problem::Problem;
use loopscope_timeline::Timeline;
use loopscope_trace::{Answers, Language, Question, Story};

impl Dialogue {
    /// An empty line leads to what comes next; at a first start to 02, where the story begins.
    pub(crate) fn new(mut menu: Vec<MenuEntry>, progress: Progress) -> Self {
        number(&mut menu, &progress.practice);
        let find = |is: &dyn Fn(&MenuEntry) -> bool| menu.iter().find(|entry| is(entry));
        let last = find(&|entry| Some(&entry.id) == progress.last.as_ref());
        let second = find(&|entry| entry.number == "02");
        let path = path::next(&menu, &progress.marks, progress.last.as_deref());
        let path = path.filter(|_| !progress.marks.is_empty());
        let why = path.map_or_else(String::new, |next| next.why.words());
        let path = path.map(|next| next.entry);
        let next = path.or(last).or(second).or(menu.first());
        Self {
            next: next.map(|entry| entry.id.clone()),
            why,
            marks: progress.marks,
            practice: progress.practice,
            exercises: Exercises::default(),
            menu,
            place: Place::Menu,
            open: None,
            language: Language::default(),
            all: false,
            asks: true,
        }
    }

    /// The first lines.
    pub(crate) fn welcome(&self) -> Vec<String> {
        let mut lines = vec!["loopscope, an oscilloscope for event loops, in lines.".to_owned()];
        lines.extend(list::folders(self));
        lines
    }

    /// What stands in front of a typed line.
    pub(crate) fn prompt(&self) -> &'static str {
        let question = |place| self.open.as_ref()?.story.questions.get(place);
        match self.place {
            Place::Menu => "Menu",
            Place::Before(place) if question(place).is_some() => "Your prediction",
            Place::Before(_) => "Ready",
            Place::Why(_) => "Your reason",
            Place::End => "What next",
        }
    }

    /// Opens a scenario by its id, number or path.
    pub(crate) fn open(&self, name: &str) -> Turn {
        Turn::action(Vec::new(), Action::Open(name.to_owned()))
    }

    /// The scenario that was asked for is here.
    pub(crate) fn opened(&mut self, story: Story, knobs: &[(String, i64)]) -> Turn {
        let mut lines = about::scenario(&story, self.language);
        let exercise = exercise_after(&self.menu, &story.id, self.exercises.mixed);
        self.why = String::new();
        self.next = match exercise {
            Some(_) => {
                self.exercises.follow(exercise);
                self.exercises.next.clone()
            }
            None => list::after(&self.menu, &story.id),
        };
        let given = |name: &str| knobs.iter().find(|knob| knob.0 == name).map(|knob| knob.1);
        let knobs = story.knobs.iter();
        self.open = Some(Opened {
            knobs: knobs
                .map(|knob| (knob.name.clone(), given(&knob.name).unwrap_or(knob.value)))
                .collect(),
            answers: Answers::default(),
            story,
        });
        lines.extend(self.ask_from(0));
        let id = self.open.as_ref().map(|open| open.story.id.clone());
        let listed = id.filter(|id| self.menu.iter().any(|entry| entry.id == *id));
        Turn {
            remember: listed.map(Remember::Opened),
            ..Turn::say(lines)
        }
    }

    /// What was asked for cannot be had.
    pub(crate) fn refused(&mut self, problem: Problem) -> Turn {
        let mut lines = vec![format!("{}.", problem.sentence.trim_end_matches('.'))];
        lines.extend(problem.details);
        Turn::say(lines)
    }

    /// The run is over.
    pub(crate) fn ended(&mut self, timeline: &Timeline) -> Turn {
        let Some(open) = &mut self.open else {
            return Turn::default();
        };
        open.story = timeline.story().clone();
        let mut lines = reveal::lines(timeline, &open.answers);
        let remember = reveal::mark(timeline, &open.answers);
        if let Some(Remember::Ended { scenario, mark, .. }) = &remember {
            menu::ended(scenario, *mark, &mut self.marks, &mut self.practice);
            number(&mut self.menu, &self.practice);
        }
        let open = &open.story;
        if practice::parts(&open.id).is_none() {
            // Behind a file that is not in the list nothing follows by itself.
            let listed = self.menu.iter().any(|entry| entry.id == open.id);
            let next = path::next(&self.menu, &self.marks, Some(&open.id)).filter(|_| listed);
            let contrast = open.contrast.as_ref();
            let contrast = contrast.filter(|id| self.menu.iter().any(|entry| entry.id == **id));
            (self.next, self.why) = match next {
                Some(next) => (Some(next.entry.id.clone()), next.why.words()),
                None => (contrast.cloned(), String::new()),
            };
        }
        lines.extend(self.why_from(0));
        Turn {
            remember,
            ..Turn::say(lines)
        }
    }

    /// A question of the open scenario.
    pub(crate) fn question(&self, place: usize) -> Option<&Question> {
        self.open.as_ref()?.story.questions.get(place)
    }

    /// Goes to the next question before the run, from `first` on, and asks it.
    pub(crate) fn ask_from(&mut self, first: usize) -> Vec<String> {
        let count = self
            .open
            .as_ref()
            .map_or(0, |open| open.story.questions.len());
        let is_asked = |place: &usize| self.question(*place).is_some_and(|asked| !asked.after);
        let next = (first..count).find(is_asked).filter(|_| self.asks);
        self.place = Place::Before(next.unwrap_or(count));
        match self.question(next.unwrap_or(count)) {
            Some(asked) => question::lines(asked),
            None if first == 0 => {
                vec!["An empty line runs it; ? says what else can be typed.".into()]
            }
            None => Vec::new(),
        }
    }

    /// Goes to the next question after the run, from `first` on, and asks it; else to the end.
    pub(crate) fn why_from(&mut self, first: usize) -> Vec<String> {
        let count = self
            .open
            .as_ref()
            .map_or(0, |open| open.story.questions.len());
        let is_asked = |place: &usize| self.question(*place).is_some_and(|asked| asked.after);
        let next = (first..count).find(is_asked).filter(|_| self.asks);
        if let Some(place) = next
            && let Some(asked) = self.question(place)
        {
            let lines = question::lines(asked);
            self.place = Place::Why(place);
            return lines;
        }
        self.place = Place::End;
        reveal::ways_on(self)
    }
}
