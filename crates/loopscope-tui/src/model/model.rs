//! Everything that the screen knows, and the sentences that it says.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::events::Effect;
use crate::keys::key::Place;
use crate::model::menu::Menu;
use crate::model::prompt::{Prompt, Reading};
use crate::model::said::{Notice, SaidOnce};
use crate::model::screen::{Autoplay, Presenting, Screen};
use crate::session::compare::Compare;
use crate::session::explored;
use crate::session::explored::Explored;
use crate::session::playhead::Mode;
use crate::session::session::Session;
use crate::settings::settings::{AutoStop, Settings};
use crate::text::theme::{Palette, Theme};
use loopscope_protocol::console::ConsoleState;
use loopscope_protocol::menu::{Mark, MenuEntry, Practice, Progress};
use loopscope_protocol::practice::Exercises;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::request::Request;
use loopscope_trace::{Batch, Language, Nanos};

/// Whether a frame is needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Redraw {
    /// Nothing has changed.
    No,
    /// A figure has.
    Figures,
    /// Something has.
    #[default]
    Now,
}

/// How long a sentence stays in the caption's place.
const NOTICE: Duration = Duration::from_secs(4);

/// Everything that the screen knows.
#[derive(Clone, Debug)]
pub struct Model {
    /// Columns and rows.
    pub size: (u16, u16),
    /// What is open.
    pub screen: Screen,
    /// The list of scenarios.
    pub menu: Menu,
    /// The scenario that was opened last, and its run.
    pub session: Option<Session>,
    /// What was compared last.
    pub compare: Option<Compare>,
    /// Many runs that are counted, or were last.
    pub many: Option<explored::Many>,
    /// What the next scenario that is chosen in the menu is to be compared with.
    pub versus: Option<String>,
    /// How everything looks.
    pub theme: Theme,
    /// The listing's language.
    pub language: Language,
    /// How fast one watches at the start of each run.
    pub play_speed: f64,
    /// The big layout.
    pub big: bool,
    /// Where the view stops by itself.
    pub auto_stop: AutoStop,
    /// The playlist, and where one is in it.
    pub presenting: Option<Presenting>,
    /// The view goes on by itself; keys are not needed.
    pub autoplay: Option<Autoplay>,
    /// Nothing moves that only moves.
    pub reduced_motion: bool,
    /// A scenario that is opened asks its question first.
    pub asks: bool,
    /// Runs from now on compute their time.
    pub instant: bool,
    /// The file of what is open may have changed since it was last in sight.
    pub stale: bool,
    /// A sentence in the caption's place.
    pub notice: Option<Notice>,
    /// Sentences that come once, and wait until the one that stands has been read.
    pub unread: VecDeque<String>,
    /// A line on the stage that one types into.
    pub prompt: Option<Prompt>,
    /// The row in which the left button went down on a time pane: dragging on scrubs there.
    pub drag_row: Option<u16>,
    /// What runs came to, for the plot beside the knobs.
    pub explored: Explored,
    /// What is remembered, by the scenario's id.
    pub marks: BTreeMap<String, Mark>,
    /// How exercises came out, by topic.
    pub practice: Practice,
    /// What follows the exercise that is open.
    pub exercises: Exercises,
    /// What has been said once.
    pub said_once: SaidOnce,
    /// Values of knobs and autoplay for the scenario that is being opened.
    pub opening: Opening,
    /// The run that was asked for and has not begun.
    pub starting: Option<Starting>,
    /// The number of the newest run.
    pub runs: u32,
    /// Whether a frame is needed.
    pub redraw: Redraw,
    /// The live edge that was drawn last.
    pub shown: Nanos,
    /// Whether tokio-console can attach.
    pub console: ConsoleState,
    /// What is watched, while a scenario is open that shows in small what held its loop.
    pub(crate) aside: Option<Box<Session>>,
    /// The run of a program that was asked to end.
    pub(crate) asked_to_end: Option<u32>,
    /// What is to be done outside, in its order.
    pub(crate) effects: Vec<Effect>,
}

/// A run that was asked for and has not begun; what it follows is shown until then.
#[derive(Clone, Debug, PartialEq)]
pub struct Starting {
    /// The number that it was given.
    pub number: u32,
    /// What the run before has handed on meanwhile: shown only where this one cannot begin.
    pub late: Vec<(u32, Batch)>,
}

/// How the next scenario is opened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Opening {
    /// Values of knobs.
    pub knobs: Vec<(String, i64)>,
    /// Runs at once.
    pub autoplay: bool,
    /// It stands in the playlist, at the place where one is.
    pub lecture: bool,
}

impl Model {
    /// The model before the first message.
    pub fn new(entries: Vec<MenuEntry>, palette: Palette, settings: &Settings) -> Self {
        Self {
            size: (80, 24),
            screen: Screen::Menu,
            menu: Menu::new(entries),
            session: None,
            compare: None,
            many: None,
            versus: None,
            theme: Theme {
                palette,
                ascii: settings.ascii,
                color: settings.color,
                on_light: false,
            },
            language: settings.language,
            play_speed: settings.play_speed,
            big: settings.big,
            auto_stop: settings.auto_stop,
            presenting: None,
            autoplay: None,
            reduced_motion: settings.reduced_motion,
            asks: settings.asks,
            instant: false,
            stale: false,
            notice: None,
            unread: VecDeque::new(),
            prompt: None,
            drag_row: None,
            explored: Explored::default(),
            marks: BTreeMap::new(),
            practice: Practice::new(),
            exercises: Exercises::default(),
            said_once: SaidOnce::default(),
            opening: Opening::default(),
            starting: None,
            runs: 0,
            redraw: Redraw::Now,
            shown: Nanos::ZERO,
            console: ConsoleState::Off,
            aside: None,
            asked_to_end: None,
            effects: Vec::new(),
        }
    }

    /// Takes in what is known from earlier; gives what is to be said about it.
    pub(crate) fn restore(&mut self, progress: Progress) -> Vec<String> {
        self.marks = progress.marks;
        self.practice = progress.practice;
        self.menu.number(&self.practice);
        if let Some(last) = progress.last {
            self.menu.go_to(&last);
        }
        progress.sentences
    }

    /// Where keys go.
    pub fn place(&self) -> Place {
        let line = self.prompt.as_ref();
        if line.is_some_and(|line| self.screen.takes(line.kind)) {
            Place::Prompt
        } else {
            self.screen.place()
        }
    }

    /// How the stage stands to its run.
    pub fn mode(&self) -> Mode {
        self.session.as_ref().map_or(Mode::BeforeRun, Session::mode)
    }

    /// Asks the application, once the message has been taken in.
    pub(crate) fn ask(&mut self, request: Request) {
        self.effects.push(Effect::Ask(request));
    }

    /// Says what went wrong: a sentence, or a panel over what is open, which stays as it is.
    pub(crate) fn show_problem(&mut self, problem: Problem) {
        if problem.details.is_empty() {
            return self.say(problem.sentence);
        }
        if !self.screen.shows_scenario() {
            self.screen = Screen::problem(problem);
            return;
        }
        while !matches!(self.screen, Screen::Stage | Screen::Question(_)) {
            self.screen.uncover();
        }
        self.screen.cover(|over| Screen::Mistakes {
            over,
            problem,
            reading: Reading::default(),
        });
    }

    /// Says a sentence for some seconds.
    pub(crate) fn say(&mut self, text: impl Into<String>) {
        self.clear_notice();
        if let Some(notice) = self.notice.take() {
            self.unread.push_front(notice.text);
        }
        self.set_notice(text.into(), false);
    }

    /// Says a sentence that no key asked for and that comes once: it waits its turn, and stays
    /// until its time is over or a key is pressed.
    pub(crate) fn announce(&mut self, text: String) {
        self.unread.push_back(text);
        self.announce_next();
    }

    /// The next sentence that waits is said, where none stands.
    pub(crate) fn announce_next(&mut self) {
        if self.notice.is_none()
            && let Some(text) = self.unread.pop_front()
        {
            self.set_notice(text, true);
        }
    }

    /// Takes back what was said about something that is over; what comes once stays.
    pub(crate) fn clear_notice(&mut self) {
        self.notice.take_if(|notice| !notice.once);
    }

    /// Says a sentence that is true only while a loop is held at the live edge.
    pub(crate) fn say_of_block(&mut self, text: &str) {
        self.say(text);
        if let Some(notice) = &mut self.notice {
            notice.of_block = true;
        }
    }

    fn set_notice(&mut self, text: String, once: bool) {
        self.notice = Some(Notice {
            text,
            left: NOTICE,
            once,
            of_block: false,
        });
        self.redraw = Redraw::Now;
    }
}
