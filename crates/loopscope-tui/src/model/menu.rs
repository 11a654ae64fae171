//! The list of scenarios: folders, cursor, filter, number jump.

use tui_input::{Input, InputRequest};

use crate::session::playhead::Mode;
use crate::session::session::{Run, Session};
use loopscope_protocol::menu::{MenuEntry, Practice, number};
use loopscope_protocol::practice;
use loopscope_protocol::search::found;
use loopscope_trace::Story;

/// Which side the arrows move in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// The folders.
    Folders,
    /// The scenarios.
    #[default]
    List,
}

/// The list of scenarios.
#[derive(Clone, Debug)]
pub struct Menu {
    entries: Vec<MenuEntry>,
    folders: Vec<String>,
    folder: usize,
    row: usize,
    digits: String,
    /// Which side the arrows move in.
    pub focus: Focus,
    /// What is sought, while `/` is open.
    pub filter: Option<Input>,
}

impl Menu {
    /// The cursor starts on number 02, where the story begins.
    pub(crate) fn new(entries: Vec<MenuEntry>) -> Self {
        let folders = folders_of(&entries);
        let mut menu = Self {
            entries,
            folders,
            folder: 0,
            row: 0,
            digits: String::new(),
            focus: Focus::List,
            filter: None,
        };
        menu.go_to_number(2);
        menu
    }

    /// Takes the rows anew; the cursor stays on its scenario where that is still there.
    pub(crate) fn replace(&mut self, entries: Vec<MenuEntry>) {
        let selected = self.selected().map(|entry| entry.id.clone());
        let folder = self.folders.get(self.folder).cloned();
        self.entries = entries;
        self.folders = folders_of(&self.entries);
        let mut folders = self.folders.iter();
        let place = folders.position(|title| Some(title) == folder.as_ref());
        self.folder = place.unwrap_or_default();
        let shown = self.shown();
        let mut rows = shown.iter();
        let row = rows.position(|entry| Some(&entry.id) == selected.as_ref());
        let last = shown.len().saturating_sub(1);
        self.row = row.unwrap_or_else(|| self.row.min(last));
    }

    /// Gives the row of each topic the id of its next exercise.
    pub(crate) fn number(&mut self, practice: &Practice) {
        number(&mut self.entries, practice);
    }

    /// All rows.
    pub(crate) fn entries(&self) -> &[MenuEntry] {
        &self.entries
    }

    /// The folders' titles.
    pub(crate) fn folders(&self) -> &[String] {
        &self.folders
    }

    /// The place of the open folder.
    pub(crate) fn folder(&self) -> usize {
        self.folder
    }

    /// The place of the cursor among what is shown.
    pub(crate) fn row(&self) -> usize {
        self.row
    }

    /// The scenarios on the right: what was found, the best first, or those of the open folder.
    pub fn shown(&self) -> Vec<&MenuEntry> {
        if let Some(sought) = self.sought() {
            return found(&self.entries, &sought, |entry| &entry.search);
        }
        let open = self.folders.get(self.folder);
        let inside = |entry: &&MenuEntry| open == Some(&entry.folder);
        self.entries.iter().filter(inside).collect()
    }

    /// The scenario under the cursor.
    pub fn selected(&self) -> Option<&MenuEntry> {
        self.shown().get(self.row).copied()
    }

    /// The scenario with this id; for any exercise of a topic that topic's row.
    pub(crate) fn find(&self, id: &str) -> Option<&MenuEntry> {
        let row = practice::parts(id).map(|(row, _)| row);
        let is_it = |entry: &&MenuEntry| match row {
            Some(row) => {
                entry.is_exercise() && practice::parts(&entry.id).is_some_and(|own| own.0 == row)
            }
            None => entry.id == id,
        };
        let own = self.entries.iter().find(|entry| entry.id == id);
        own.or_else(|| self.entries.iter().find(is_it))
    }

    /// How many scenarios there are, without the exercises.
    pub(crate) fn scenarios(&self) -> usize {
        let entries = self.entries.iter();
        entries.filter(|entry| !entry.is_exercise()).count()
    }

    /// Whether there is a scenario with this id.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.find(id).is_some()
    }

    /// The id of the scenario that follows in learning order.
    pub(crate) fn after(&self, id: &str) -> Option<&str> {
        let place = self.entries.iter().position(|entry| entry.id == id)?;
        self.entries.get(place + 1).map(|entry| entry.id.as_str())
    }

    /// The text that is sought; `None` while nothing is.
    pub(crate) fn sought(&self) -> Option<String> {
        let text = self.filter.as_ref()?.value().trim().to_owned();
        (!text.is_empty()).then_some(text)
    }

    /// Moves the cursor by `rows` rows, stopping at both ends.
    pub(crate) fn step(&mut self, by: isize) {
        self.digits.clear();
        match self.focus {
            Focus::Folders if self.sought().is_none() => self.step_folder(by),
            _ => self.row = moved(self.row, by, self.shown().len()),
        }
    }

    /// Opens another folder.
    pub(crate) fn step_folder(&mut self, by: isize) {
        self.digits.clear();
        self.filter = None;
        let before = self.folder;
        self.folder = moved(self.folder, by, self.folders.len());
        if self.folder != before {
            self.row = 0;
        }
    }

    /// Opens the folder at this place.
    pub(crate) fn open_folder(&mut self, place: usize) {
        if place < self.folders.len() {
            self.filter = None;
            self.focus = Focus::Folders;
            if self.folder != place {
                self.folder = place;
                self.row = 0;
            }
        }
    }

    /// Puts the cursor on a row of what is shown; true if it stood there already.
    pub(crate) fn point(&mut self, row: usize) -> bool {
        if row >= self.shown().len() {
            return false;
        }
        self.focus = Focus::List;
        let again = self.row == row;
        self.row = row;
        again
    }

    /// A digit: `1` goes to 01 at once and a following `2` to 12, so that nothing waits for time
    /// to run out. False where no scenario has the number.
    pub(crate) fn digit(&mut self, digit: u8) -> bool {
        let longer = format!("{}{digit}", self.digits);
        for digits in [longer, digit.to_string()] {
            let number = digits.parse().unwrap_or(u32::MAX);
            if self.go_to_number(number) {
                self.digits = digits;
                return true;
            }
            // `1` on the way to 19 goes to the first number that begins so.
            let mut entries = self.entries.iter();
            let begun = entries.find(|entry| entry.number.starts_with(&digits));
            let begun = begun.map(|entry| entry.id.clone());
            if begun.is_some_and(|id| digits == "0" || self.go_to(&id)) {
                self.digits = digits;
                return true;
            }
        }
        self.digits.clear();
        false
    }

    /// Puts the cursor on the scenario with this id.
    pub fn go_to(&mut self, id: &str) -> bool {
        let Some(entry) = self.find(id) else {
            return false;
        };
        let (folder, own) = (entry.folder.clone(), entry.id.clone());
        self.filter = None;
        // The next digit begins a number of its own.
        self.digits.clear();
        let place = self.folders.iter().position(|title| *title == folder);
        self.folder = place.unwrap_or_default();
        let row = self.shown().iter().position(|entry| entry.id == own);
        self.row = row.unwrap_or_default();
        true
    }

    /// Changes the text that is sought; the cursor goes to the best hit.
    pub(crate) fn seek(&mut self, request: InputRequest) {
        let before = self.sought();
        if let Some(input) = &mut self.filter {
            input.handle(request);
        }
        self.settle();
        if self.sought() != before {
            self.row = 0;
        }
    }

    /// The cursor keeps to what is shown after the filter has changed.
    pub(crate) fn settle(&mut self) {
        self.digits.clear();
        self.focus = Focus::List;
        self.row = self.row.min(self.shown().len().saturating_sub(1));
    }

    fn go_to_number(&mut self, number: u32) -> bool {
        let mut entries = self.entries.iter();
        let found = entries.find(|entry| entry.number.parse() == Ok(number));
        let id = found.map(|entry| entry.id.clone());
        id.is_some_and(|id| self.go_to(&id))
    }
}

/// The scenario with the knobs as they stand, where it is the one that is open.
pub(crate) fn told<'a>(session: Option<&'a Session>, entry: &MenuEntry) -> Option<&'a Story> {
    let open = session.filter(|session| session.run != Run::Recorded);
    open.map(Session::retold)
        .filter(|story| story.id == entry.id)
}

/// The way back to the run that was left.
pub(crate) fn left(session: &Session) -> String {
    let (name, end) = (session.name(), session.timeline.end().hundredths());
    match session.mode() {
        Mode::BeforeRun => format!("Esc goes back to {name}, before its run"),
        _ if session.over() => format!("Esc goes back to the run of {name}, ended at {end}s"),
        _ => format!("Esc goes back to the run of {name}, which goes on"),
    }
}

/// The folders' titles, in the order of their first rows.
fn folders_of(entries: &[MenuEntry]) -> Vec<String> {
    let mut folders: Vec<String> = Vec::new();
    for entry in entries {
        if !folders.contains(&entry.folder) {
            folders.push(entry.folder.clone());
        }
    }
    folders
}

/// `place + by` within a list of `count`.
fn moved(place: usize, by: isize, count: usize) -> usize {
    place.saturating_add_signed(by).min(count.saturating_sub(1))
}
