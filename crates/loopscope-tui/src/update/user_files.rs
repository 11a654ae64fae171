//! What happens to a person's own scenarios: edited, saved, reloaded, exported.

use crate::change::mistakes::{in_sight, mistaken};
use crate::change::opened::opened;
use crate::change::sweep::run;
use crate::events::{Effect, Terminal};
use crate::keys::action::Action;
use crate::keys::key::Place;
use crate::model::model::{Model, Opening, Redraw};
use crate::model::screen::{ExportPanel, Screen};
use crate::screens::over::files;
use crate::session::session::{Run, Session};
use crate::update::panels;
use loopscope_protocol::reply::{Editing, Export, Form, Offers, Reloaded, Reply};
use loopscope_protocol::request::Request;

/// Takes in what the world outside says.
pub fn heard(model: &mut Model, news: Reply) -> Vec<Effect> {
    model.redraw = Redraw::Now;
    match news {
        Reply::Listed(entries, go_to) => {
            model.menu.replace(entries);
            if let Some(id) = go_to {
                model.menu.go_to(&id);
            }
        }
        Reply::Edit(Err(problem)) => model.say(problem.sentence),
        Reply::Edit(Ok(editing)) => return vec![Effect::Terminal(Terminal::Edit(editing))],
        Reply::FileChanged if in_sight(&model.screen) => return ask(Request::Reload),
        Reply::FileChanged => model.stale = true,
        Reply::FileUnwatched(why) => model.say(why),
        Reply::Reloaded(Ok(Reloaded::Same)) => uncover(model),
        Reply::Reloaded(Ok(Reloaded::New(story))) => {
            let fits = model
                .session
                .as_ref()
                .map(|session| session.fitting(&story));
            let before = |session: &Session| session.run == Run::NotYet;
            model.prompt = None;
            if model.session.as_ref().is_none_or(before) {
                model.opening = Opening {
                    knobs: fits.unwrap_or_default(),
                    autoplay: false,
                    lecture: model.lecture().is_some(),
                };
                return opened(model, Ok(story));
            }
            if let Some(session) = &mut model.session {
                session.keep_what_fits(&story);
            }
            return run(model);
        }
        Reply::Reloaded(Err(problem)) => mistaken(model, problem),
        Reply::Offered(Ok(offers)) => open_export(model, offers),
        Reply::Offered(Err(problem)) => mistaken(model, problem),
        Reply::Exported(result) => {
            let said = match result {
                Ok(done) => vec![format!("wrote {}", done.path), done.next],
                Err(problem) => vec![problem.sentence],
            };
            if let Screen::Export { panel, .. } = &mut model.screen {
                panel.said = said;
            } else if let Some(sentence) = said.into_iter().next() {
                model.say(sentence);
            }
        }
        _ => {}
    }
    Vec::new()
}

/// `e`: an editor for what is open, or for the scenario under the cursor.
pub fn edit(model: &mut Model, place: Place) -> Vec<Effect> {
    match place {
        Place::Menu | Place::Problem => match model.menu.selected() {
            Some(entry) => ask(Request::Edit(Some(entry.id.clone()))),
            None => {
                model.say("nothing is found; Esc clears what is sought");
                Vec::new()
            }
        },
        _ => ask(Request::Edit(None)),
    }
}

/// `x`: what can be exported of what is open, or of the scenario under the cursor.
pub fn offer(model: &mut Model, place: Place) -> Vec<Effect> {
    let scenario = match place {
        Place::Menu => model.menu.selected().map(|entry| entry.id.clone()),
        _ => None,
    };
    if place == Place::Menu && scenario.is_none() {
        model.say("nothing is found; Esc clears what is sought");
        return Vec::new();
    }
    ask(Request::Offers(scenario))
}

/// Does what a key means while the mistakes of a file are shown.
pub fn mistakes(model: &mut Model, action: Action) -> Vec<Effect> {
    let last = files::last_mistake(model);
    let Screen::Mistakes { scroll, .. } = &mut model.screen else {
        return Vec::new();
    };
    match action {
        Action::Close => uncover(model),
        Action::RunAgain => {
            uncover(model);
            return run(model);
        }
        _ => *scroll = panels::scrolled(*scroll, last, action),
    }
    Vec::new()
}

/// Does what a key means while the export panel is open.
pub fn export(model: &mut Model, action: Action) -> Vec<Effect> {
    let Screen::Export { over, panel } = &mut model.screen else {
        return Vec::new();
    };
    let last = panel.offers.rows.len().saturating_sub(1);
    match action {
        Action::Up | Action::Down => {
            panel.said.clear();
            panel.selected = match action {
                Action::Up => panel.selected.saturating_sub(1),
                _ => (panel.selected + 1).min(last),
            };
        }
        Action::Close => {
            let below = std::mem::replace(&mut **over, Screen::Menu);
            model.screen = below;
        }
        // A second Enter on what has been written closes.
        Action::Go if !panel.said.is_empty() => return export(model, Action::Close),
        Action::Go => return write(model),
        _ => {}
    }
    Vec::new()
}

fn write(model: &mut Model) -> Vec<Effect> {
    let Screen::Export { over, panel } = &mut model.screen else {
        return Vec::new();
    };
    let Some(offer) = panel.offers.rows.get(panel.selected) else {
        return Vec::new();
    };
    if !offer.possible {
        panel.said = vec![offer.about.clone()];
        return Vec::new();
    }
    let (form, name) = (offer.form, panel.offers.name.clone());
    let session = model.session.as_ref().filter(|_| **over != Screen::Menu);
    ask(Request::Export(Export {
        scenario: session.is_none().then_some(name),
        form,
        knobs: session.map_or_else(Vec::new, |session| session.knobs.clone()),
        run: session
            .filter(|_| form == Form::Text)
            .map(|session| Box::new(session.timeline.trace().clone())),
    }))
}

fn open_export(model: &mut Model, mut offers: Offers) {
    let over = std::mem::replace(&mut model.screen, Screen::Menu);
    let ran = |session: &Session| session.run != Run::NotYet;
    let has_run = over != Screen::Menu && model.session.as_ref().is_some_and(ran);
    for offer in &mut offers.rows {
        if offer.form == Form::Text && !has_run {
            offer.possible = false;
            "a run as lines: run it first, and press x on the stage".clone_into(&mut offer.about);
        }
    }
    model.screen = Screen::Export {
        over: Box::new(over),
        panel: ExportPanel {
            offers,
            selected: 0,
            said: Vec::new(),
        },
    };
}

/// An editor has ended.
pub fn edited(model: &mut Model, editing: Editing, outcome: Result<(), String>) -> Vec<Effect> {
    let again = matches!(model.screen, Screen::Problem { .. });
    match outcome {
        Err(sentence) => model.say(sentence),
        Ok(()) if editing.copy => model.say(format!("this is your copy now: {}", editing.file)),
        Ok(()) => {}
    }
    if in_sight(&model.screen) {
        return ask(Request::Reload);
    }
    model.stale = true;
    if again {
        return vec![
            Effect::Ask(Request::List(Some(editing.id.clone()))),
            Effect::Ask(Request::Open(editing.id)),
        ];
    }
    ask(Request::List(Some(editing.id)))
}

/// Closes the panel of mistakes.
fn uncover(model: &mut Model) {
    if let Screen::Mistakes { over, .. } = &mut model.screen {
        let below = std::mem::replace(&mut **over, Screen::Stage);
        model.screen = below;
    }
}

fn ask(request: Request) -> Vec<Effect> {
    vec![Effect::Ask(request)]
}
