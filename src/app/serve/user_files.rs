//! The user's own scenarios: a file read again, exports.

use crate::app::failure::{Failure, problem};
use crate::app::files::{atomic, places};
use crate::app::library::source::Source;
use crate::app::library::{find, source};
use crate::app::open::open;
use crate::app::open::open::Opened;
use crate::app::open::open::RunChoices;
use crate::app::serve::app::App;
use loopscope_protocol::export::{Export, Exported, Form, Offer, Offers};
use loopscope_protocol::problem::Problem;
use loopscope_protocol::reply::{Reloaded, Reply};
use loopscope_timeline::Timeline;
use loopscope_trace::{Language, Story};

impl App {
    /// The file of what has been opened is watched, where the asker wants to know.
    pub(crate) fn follow_opened(&mut self) {
        let path = match &self.opened {
            Some(Opened::Scenario(source)) => source.origin.as_deref(),
            Some(Opened::Program(program)) => program.file.as_ref().map(|(path, _)| path.as_path()),
            _ => return,
        };
        if self.config.follows {
            self.file.follow(path, &self.replies);
        }
    }

    /// The story of what is watched, where its file was saved with another text.
    fn program_again(&mut self) -> Option<Story> {
        let Some(Opened::Program(program)) = &mut self.opened else {
            return None;
        };
        program.read_again().then(|| program.story())
    }

    /// Reads the file of what is open again; what was read last stays where it is wrong.
    fn read_again(&mut self) -> Result<Option<Story>, Failure> {
        let Some(Opened::Scenario(known)) = &self.opened else {
            return Ok(self.program_again());
        };
        let Some(path) = known.origin.clone() else {
            return Ok(None);
        };
        if !known.may_differ() {
            self.file.gone = false;
            self.file.refused = None;
            return Ok(None);
        }
        let now = match source::read(&path) {
            Ok(now) => now,
            Err(_) if !path.exists() => {
                if std::mem::replace(&mut self.file.gone, true) {
                    return Ok(None);
                }
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                return Err(Failure::Io(format!(
                    "{name} is gone: the scenario goes on as it was read last"
                )));
            }
            Err(failure) => return Err(failure),
        };
        self.file.gone = false;
        if now.text == known.text {
            self.file.refused = None;
            return Ok(None);
        }
        // The name stays what it was when it was opened.
        let now = Source {
            text: now.text,
            read: now.read,
            ..known.clone()
        };
        let choices = RunChoices {
            knobs: Vec::new(),
            ..self.config.choices.clone()
        };
        match open::prepared(&now, &choices) {
            Ok(scenario) => {
                self.file.refused = None;
                self.opened = Some(Opened::Scenario(now));
                Ok(Some(scenario.story))
            }
            Err(failure) => {
                self.file.refused = Some(now.text);
                Err(failure)
            }
        }
    }

    /// Before a run: a file that was changed is read, but mistakes that have been shown already
    /// do not keep the last good version from running.
    pub(crate) fn freshen(&mut self, knobs: &mut Vec<(String, i64)>) -> Result<(), Failure> {
        let known = self.file.refused.clone();
        match self.read_again() {
            Ok(Some(story)) => {
                knobs.retain(|(name, value)| {
                    let mut own = story.knobs.iter();
                    let own = own.find(|knob| knob.name == *name);
                    own.is_some_and(|knob| (knob.min..=knob.max).contains(value))
                });
                Ok(())
            }
            Err(failure @ Failure::Scenario(_)) if known != self.file.refused => Err(failure),
            Err(Failure::Io(sentence)) => {
                // It may be the only word of it: not every folder can be watched.
                if self.config.follows {
                    self.tell(Reply::Notice(sentence));
                }
                Ok(())
            }
            Ok(None) | Err(_) => Ok(()),
        }
    }

    pub(crate) fn reload_opened(&mut self) -> Result<Reloaded, Problem> {
        match self.read_again().map_err(problem)? {
            Some(story) => Ok(Reloaded::New(Box::new(story))),
            None => Ok(Reloaded::Same),
        }
    }

    /// What is exported: a scenario of the menu, or what is open.
    fn exported(&self, id: Option<&str>) -> Result<Source, Failure> {
        match (id, &self.opened) {
            (Some(id), _) => find::find(id),
            (None, Some(Opened::Scenario(source))) => Ok(source.clone()),
            (None, Some(Opened::Recording { path, trace })) => open::source_of(&trace.story, path),
            (None, Some(Opened::Program { .. })) => Err(Failure::Usage(
                "a program that is watched is no scenario: `--record FILE` keeps its run"
                    .to_owned(),
            )),
            (None, None) => Err(Failure::Usage("nothing is open".to_owned())),
        }
    }

    pub(crate) fn offers_of(&self, id: Option<&str>) -> Result<Offers, Problem> {
        let source = self.exported(id);
        let name = match (&source, &self.opened) {
            (Ok(source), _) => source.file.id.clone(),
            (Err(_), Some(Opened::Recording { trace, .. })) if id.is_none() => {
                open::name(&trace.story)
            }
            _ => return Err(source.map_or_else(problem, |_| Problem::default())),
        };
        let folder = std::env::current_dir().unwrap_or_default();
        let row = |form, about: &str| {
            let refused = match form {
                Form::Text | Form::Svg => None,
                Form::Python | Form::Rust => program(&source, form, &[]).err(),
            };
            Offer {
                form,
                file: atomic::free(&folder, &name, end(form)),
                possible: refused.is_none(),
                about: refused.unwrap_or_else(|| about.to_owned()),
            }
        };
        Ok(Offers {
            folder: places::short(&folder),
            rows: vec![
                row(Form::Python, "a program for Python 3.11 or newer"),
                row(Form::Rust, "one main.rs on tokio alone"),
                row(Form::Text, "the run on the screen as lines"),
                row(Form::Svg, "the stage as a picture, as it stands"),
            ],
            name,
        })
    }

    pub(crate) fn export_file(&self, export: &Export) -> Result<Exported, Problem> {
        let (name, text) = match (export.form, &export.run, &export.drawn) {
            (Form::Text, Some(run), _) => {
                let name = open::name(&run.story);
                (name, open::lines_of(&Timeline::from_trace((**run).clone())))
            }
            (Form::Svg, _, Some(drawn)) => (drawn.name.clone(), drawn.svg.clone()),
            (Form::Text | Form::Svg, ..) => return Err(Problem::of("nothing has been run yet")),
            (form @ (Form::Python | Form::Rust), ..) => {
                let source = self.exported(export.scenario.as_deref());
                let text = program(&source, form, &export.knobs).map_err(Problem::of)?;
                (source.map_err(problem)?.file.id, text)
            }
        };
        let folder = std::env::current_dir().unwrap_or_default();
        let file = atomic::create_free(&folder, &name, end(export.form), &text).map_err(problem)?;
        let next = match export.form {
            Form::Python => format!("run it: python3 {file}"),
            Form::Rust => format!(
                "run it: as src/main.rs of a cargo project; {file} begins with its Cargo.toml"
            ),
            Form::Text => format!("read it: less {file}"),
            Form::Svg => "open it with a browser, or put it on a slide".to_owned(),
        };
        let path = places::short(&folder.join(&file));
        Ok(Exported { path, next })
    }
}

impl App {
    /// What is open as a program; of a recording with the knobs as they stood, unless others are
    /// given.
    pub(crate) fn program(
        &self,
        language: Language,
        mut knobs: Vec<(String, i64)>,
    ) -> Result<String, Failure> {
        if let Some(Opened::Recording { trace, .. }) = &self.opened {
            for knob in &trace.story.knobs {
                if !knobs.iter().any(|(name, _)| *name == knob.name) {
                    knobs.push((knob.name.clone(), knob.value));
                }
            }
        }
        let source = self.exported(None)?;
        open::program_of(&source, knobs, self.config.choices.speed, language)
    }
}

fn program(
    source: &Result<Source, Failure>,
    form: Form,
    knobs: &[(String, i64)],
) -> Result<String, String> {
    let language = match form {
        Form::Rust => Language::Rust,
        _ => Language::Python,
    };
    let said = |failure: &Failure| match failure {
        Failure::Usage(text) | Failure::Invalid(text) | Failure::Io(text) => text.clone(),
        _ => "the file has mistakes".to_owned(),
    };
    let source = source.as_ref().map_err(said)?;
    open::program_of(source, knobs.to_vec(), None, language).map_err(|failure| said(&failure))
}

const fn end(form: Form) -> &'static str {
    match form {
        Form::Python => "py",
        Form::Rust => "rs",
        Form::Text => "txt",
        Form::Svg => "svg",
    }
}
