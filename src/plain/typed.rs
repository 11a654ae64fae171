//! What a typed line means where one is: `(state, line)` becomes lines and an action.

use crate::plain::question::{Heard, hear};
use crate::plain::state::{Action, Dialogue, Place, Turn};
use crate::plain::{about, list, question, reveal};
use loopscope_protocol::practice;
use loopscope_protocol::reply::Round;
use loopscope_tui::session::votes;
use loopscope_tui::session::votes::Votes;

/// Said where nothing follows.
const LAST: &str = "That was the last one; q quits.";

impl Dialogue {
    /// A line was typed.
    pub(crate) fn line(&mut self, typed: &str) -> Turn {
        let typed = typed.trim();
        let lower = typed.to_lowercase();
        let is_path = typed.ends_with(".toml") && !typed.starts_with("/ ");
        if let Some(sought) = typed.strip_prefix('/').filter(|_| !is_path) {
            self.place = Place::Menu;
            return Turn::say(list::found(self, sought.trim()));
        }
        match lower.as_str() {
            "q" | "quit" | "exit" => return Turn::action(Vec::new(), Action::Quit),
            "?" | "h" | "help" => return Turn::say(list::help(self)),
            "words" => return Turn::say(list::words()),
            "m" | "menu" => {
                self.place = Place::Menu;
                return Turn::say(list::folders(self));
            }
            "all" | "short" => return self.tell_all(lower == "all"),
            _ => {}
        }
        if self.place == Place::Menu {
            return self.at_menu(typed, &lower);
        }
        self.at_scenario(typed, &lower)
    }

    fn at_menu(&mut self, typed: &str, lower: &str) -> Turn {
        if typed.is_empty() {
            return self.open_or(self.next.clone(), LAST);
        }
        if let Some(entry) = list::entry(&self.menu, typed) {
            return self.open(&entry.id);
        }
        match list::folder(&self.menu, lower) {
            Some(folder) => Turn::say(list::scenarios(self, &folder)),
            None => self.path_or_lost(typed),
        }
    }

    fn at_scenario(&mut self, typed: &str, lower: &str) -> Turn {
        let Some(open) = &mut self.open else {
            self.place = Place::Menu;
            return Turn::default();
        };
        let ended = self.place == Place::End;
        let goes_with = open.story.contrast.clone();
        let mut words = lower.split_whitespace();
        match words.next().unwrap_or("") {
            "c" | "code" => {
                self.language = about::other(&open.story, self.language);
                return Turn::say(about::code(&open.story, self.language));
            }
            "k" | "knobs" => return Turn::say(about::knobs(&open.story, &open.knobs)),
            "again" | "r" | "run" if ended || lower == "run" => return self.run(Vec::new()),
            "ask" | "p" if ended => return Turn::say(self.ask_from(0)),
            "v" | "with" => return self.open_or(goes_with, "Nothing goes with this scenario."),
            "n" | "next" => {
                return self.open_or(self.next.clone(), LAST);
            }
            "hands" => return self.hands(lower),
            _ => {}
        }
        if let Some((name, value)) = typed.split_once('=') {
            return self.turn_knob(name.trim(), value.trim());
        }
        match self.place {
            Place::Before(place) => self.predicts(place, typed),
            Place::Why(place) => self.reasons(place, typed),
            Place::End if typed.is_empty() => {
                let next = self.next.clone().or(goes_with);
                self.open_or(next, LAST)
            }
            Place::End | Place::Menu => match list::entry(&self.menu, typed) {
                Some(entry) => self.open(&entry.id),
                None => self.path_or_lost(typed),
            },
        }
    }

    /// A line at a question before the run.
    fn predicts(&mut self, place: usize, typed: &str) -> Turn {
        let Some(open) = &mut self.open else {
            return Turn::default();
        };
        let Some(asked) = open.story.questions.get(place) else {
            return match typed {
                "" => self.run(Vec::new()),
                _ => self.lost(typed),
            };
        };
        if typed.is_empty() {
            return self.run(Vec::new());
        }
        let (first, typed) = match typed.strip_prefix("first ") {
            Some(rest) => (true, rest),
            None => (false, typed),
        };
        match hear(asked, typed) {
            Heard::Answer(answer) => {
                let mut lines = vec![question::you_said(asked, &answer)];
                let said = &mut open.answers.of_mut(place).answers;
                keep(said, answer, first);
                if first {
                    lines.push("Kept as your first answer: talk it over, and answer again.".into());
                    return Turn::say(lines);
                }
                lines.extend(self.ask_from(place + 1));
                match self.place {
                    Place::Before(next) if self.question(next).is_none() => self.run(lines),
                    _ => Turn::say(lines),
                }
            }
            Heard::Wrong(sentence) => Turn::sentence(sentence),
            Heard::Nothing => {
                let how = question::how(asked);
                Turn::sentence(format!(
                    "\"{}\" is no answer. {how} ? is help.",
                    short(typed)
                ))
            }
        }
    }

    /// A line at a question after the run.
    fn reasons(&mut self, place: usize, typed: &str) -> Turn {
        let Some(open) = &mut self.open else {
            return Turn::default();
        };
        let Some(asked) = open.story.questions.get(place) else {
            return Turn::default();
        };
        if typed.is_empty() {
            return Turn::say(self.why_from(place + 1));
        }
        match hear(asked, typed) {
            Heard::Answer(answer) => {
                let mut lines = vec![question::you_said(asked, &answer)];
                lines.extend(reveal::reply(asked, &answer));
                keep(&mut open.answers.of_mut(place).answers, answer, false);
                let answers = open.answers.clone();
                lines.extend(self.why_from(place + 1));
                Turn::action(lines, Action::Keep(answers))
            }
            Heard::Wrong(sentence) => Turn::sentence(sentence),
            Heard::Nothing => {
                let how = question::how(asked);
                Turn::sentence(format!(
                    "\"{}\" is no answer. {how} ? is help.",
                    short(typed)
                ))
            }
        }
    }

    /// `hands 3 12 8 7`: the votes for each option.
    fn hands(&mut self, typed: &str) -> Turn {
        let place = match self.place {
            Place::Before(place) | Place::Why(place) => place,
            Place::End | Place::Menu => 0,
        };
        let Some(open) = &mut self.open else {
            return Turn::default();
        };
        let Some(asked) = open.story.questions.get(place) else {
            return Turn::sentence("There is no question to count hands for.");
        };
        match question::hands(asked, typed) {
            Ok(tally) => {
                let all = tally.all();
                let round = match votes::counted(&open.answers, place, Round::Before) {
                    None => Round::Before,
                    Some(_) => Round::After,
                };
                let votes = Votes {
                    question: place,
                    round,
                    tally,
                };
                votes::take(&mut open.answers, &open.story, votes);
                let counted = format!("{all} hands counted, {} the discussion.", round.word());
                match self.place {
                    Place::Before(_) => {
                        Turn::sentence(format!("{counted} They are told at the result."))
                    }
                    // The run is over: its recording hears of it now or never.
                    _ => Turn::action(vec![counted], Action::Keep(open.answers.clone())),
                }
            }
            Err(sentence) => Turn::sentence(sentence),
        }
    }

    fn turn_knob(&mut self, name: &str, value: &str) -> Turn {
        let Some(open) = &mut self.open else {
            return Turn::default();
        };
        match about::turned(&open.story, name, value) {
            Ok(value) => {
                let mine = open.knobs.iter_mut().filter(|knob| knob.0 == name);
                mine.for_each(|knob| knob.1 = value);
                Turn::sentence(format!("{name} is {value} from the next run on."))
            }
            Err(sentence) => Turn::sentence(sentence),
        }
    }

    fn tell_all(&mut self, all: bool) -> Turn {
        self.all = all;
        Turn::sentence(if all {
            "From the next run on every event is a line; `short` takes that back."
        } else {
            "From the next run on the run is told in sentences; `all` tells every event."
        })
    }

    fn run(&mut self, mut lines: Vec<String>) -> Turn {
        let Some(open) = &self.open else {
            return Turn::say(lines);
        };
        lines.push("It runs. Ctrl-C stops it.".to_owned());
        let action = Action::Run {
            knobs: open.knobs.clone(),
            answers: open.answers.clone(),
        };
        Turn::action(lines, action)
    }

    fn open_or(&self, id: Option<String>, instead: &str) -> Turn {
        id.map_or_else(|| Turn::sentence(instead), |id| self.open(&id))
    }

    /// A file of one's own opens by its path, an exercise by its name.
    fn path_or_lost(&self, typed: &str) -> Turn {
        if typed.ends_with(".toml") || practice::parts(typed).is_some() {
            return self.open(typed);
        }
        self.lost(typed)
    }

    fn lost(&self, typed: &str) -> Turn {
        let short = short(typed);
        Turn::sentence(format!(
            "\"{short}\" means nothing here; ? says what can be typed."
        ))
    }
}

/// As much of what was typed as one wants to hear again.
fn short(typed: &str) -> String {
    typed.chars().take(40).collect()
}

/// Keeps at most two: the first one, and the last one.
fn keep<T>(all: &mut Vec<T>, new: T, first: bool) {
    all.truncate(usize::from(!first));
    all.push(new);
}
