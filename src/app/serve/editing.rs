//! A scenario in the user's editor: one of ours gives way to the user's copy of it, where something was changed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::app::failure::{Failure, problem};
use crate::app::files::editor::Edited;
use crate::app::files::{atomic, editor, places};
use crate::app::library::{find, source, user};
use crate::app::open::open::Opened;
use crate::app::serve::app::App;
use loopscope_lab::scenario::FileName;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::reply::{Editing, Reply};

impl App {
    /// What to start for editing this scenario, or what is open.
    pub(crate) fn edit_scenario(&mut self, id: Option<&str>) -> Result<Editing, Problem> {
        let edited = match id {
            Some(id) => match user::find(id) {
                Some(path) => own(path),
                None => {
                    let none = |_| Problem::of(format!("no scenario is called {id}"));
                    let ours = find::find(id).map_err(none)?;
                    copied(&ours.file, &ours.text).map_err(problem)?
                }
            },
            None => self.own_file()?,
        };
        let command = editor::command(&edited.path).map_err(Problem::of);
        let editing = command.map(|command| Editing {
            command,
            id: user::id_of(&edited.path).unwrap_or_default(),
        });
        self.edited = Some(edited);
        if editing.is_err() {
            self.take_back();
        }
        editing
    }

    /// The editor has ended: a copy in which nothing was changed goes again.
    pub(crate) fn editor_ended(&mut self) {
        let copy = self.edited.as_ref().filter(|edited| edited.copy);
        let Some(path) = copy.map(|edited| edited.path.clone()) else {
            return;
        };
        let sentence = match self.take_back() {
            true => "nothing was changed: there is no copy".to_owned(),
            false => format!("this is your copy now: {}", places::short(&path)),
        };
        self.tell(Reply::Notice(sentence));
    }

    /// Removes a copy that was made for an editor and says what it said; whether there was one. What is open goes on
    /// as it was read: an editor that still has the file may save it later.
    fn take_back(&mut self) -> bool {
        let Some(Edited {
            path,
            fresh: Some(text),
            ..
        }) = self.edited.take()
        else {
            return false;
        };
        let same = source::read(&path).is_ok_and(|now| now.text == text);
        let gone = same && fs::remove_file(&path).is_ok();
        if gone && self.is_open(&path) {
            self.file.gone = true;
        }
        gone
    }

    fn is_open(&self, path: &Path) -> bool {
        matches!(&self.opened, Some(Opened::Scenario(source)) if source.origin.as_deref() == Some(path))
    }

    /// The file of what is open; one of ours gives way to the person's copy of it.
    fn own_file(&mut self) -> Result<Edited, Problem> {
        let source = match &self.opened {
            Some(Opened::Scenario(source)) => source,
            Some(Opened::Recording { .. }) => {
                return Err(Problem::of(
                    "this is a recording: there is no file to edit; x exports its scenario",
                ));
            }
            Some(Opened::Program { .. }) => {
                return Err(Problem::of("no line of the program is selected"));
            }
            None => return Err(Problem::of("nothing is open")),
        };
        if let Some(path) = &source.origin {
            let path = path.clone();
            // A copy that was taken back: it is made again, as it is open.
            let text = source.text.clone();
            let again = self.file.gone && atomic::create(&path, text.as_bytes()).is_ok();
            return Ok(Edited {
                fresh: again.then_some(text),
                copy: again,
                path,
            });
        }
        let edited = copied(&source.file, &source.text).map_err(problem)?;
        // A copy that says the same is no other scenario: what runs goes on.
        let mut copy = user::named(&edited.path, source.text.clone());
        let same = user::copied(&source.file, &source.text);
        if source::read(&edited.path).is_ok_and(|now| now.text == same) {
            copy.text = same;
        }
        self.opened = Some(Opened::Scenario(copy));
        self.follow_opened();
        Ok(edited)
    }
}

/// What to start for editing a line of a file that is no scenario.
pub(crate) fn edit_at(path: &str, line: u32) -> Result<Editing, Problem> {
    let command = editor::command_at(Path::new(path), line).map_err(Problem::of)?;
    Ok(Editing {
        command,
        id: String::new(),
    })
}

fn own(path: PathBuf) -> Edited {
    Edited {
        path,
        fresh: None,
        copy: false,
    }
}

/// The person's copy of one of ours; an earlier one stays as it is.
fn copied(file: &FileName, text: &str) -> Result<Edited, Failure> {
    let (path, made) = user::copy(file, text)?;
    Ok(Edited {
        path,
        fresh: made.then(|| user::copied(file, text)),
        copy: true,
    })
}
