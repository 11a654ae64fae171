//! What happens to a person's own scenarios: edited, saved, reloaded, exported.

use crate::change::opened::opened;
use crate::change::sweep::{kept_knobs, run};
use crate::events::{Effect, Terminal};
use crate::keys::action::Action;
use crate::keys::key::Place;
use crate::model::model::{Model, Opening, Redraw};
use crate::model::screen::{ExportPanel, Screen};
use crate::screens::picture;
use crate::session::session::{Run, Session};
use crate::update::{own_program, scroll};
use loopscope_protocol::export::{Drawn, Export, Form, Offers};
use loopscope_protocol::reply::{Editing, Reloaded, Reply};
use loopscope_protocol::request::Request;
use loopscope_trace::Story;

/// Takes in what the world outside says.
pub(crate) fn take_reply(model: &mut Model, news: Reply) {
    model.redraw = Redraw::Now;
    match news {
        Reply::Listed(entries, go_to) => {
            model.menu.replace(entries);
            model.menu.number(&model.practice);
            if let Some(id) = go_to {
                model.menu.go_to(&id);
            }
        }
        Reply::Edit(Err(problem)) => model.say(problem.sentence),
        Reply::Edit(Ok(editing)) => model
            .effects
            .push(Effect::Terminal(Terminal::Edit(editing))),
        Reply::FileChanged if model.screen.shows_scenario() => model.ask(Request::Reload),
        Reply::FileChanged => model.stale = true,
        Reply::FileUnwatched(why) => model.say(why),
        Reply::Reloaded(Ok(Reloaded::Same)) => model.screen.uncover(),
        Reply::Reloaded(Ok(Reloaded::New(story))) => reloaded(model, story),
        Reply::Reloaded(Err(problem)) => model.show_problem(problem),
        Reply::Offered(Ok(offers)) => open_export(model, offers),
        Reply::Offered(Err(problem)) => model.show_problem(problem),
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
}

/// The file has changed: a run that was there is run again, with the knobs that still fit.
fn reloaded(model: &mut Model, story: Box<Story>) {
    model.prompt = None;
    match &mut model.session {
        Some(session) if session.run != Run::NotYet => {
            session.keep_what_fits(&story);
            run(model);
        }
        session => {
            let fits = session.as_ref().map(|session| session.fitting(&story));
            model.opening = Opening {
                knobs: fits.unwrap_or_default(),
                autoplay: false,
                lecture: model.lecture().is_some(),
            };
            opened(model, Ok(story));
        }
    }
}

/// `e`: an editor for what is open, or for the scenario under the cursor.
pub(crate) fn edit(model: &mut Model, place: Place) {
    match place {
        Place::Menu | Place::Problem => match model.menu.selected() {
            Some(entry) => model.ask(Request::Edit(Some(entry.id.clone()))),
            None => {
                model.say("nothing is found; Esc clears what is sought");
            }
        },
        _ => model.ask(Request::Edit(None)),
    }
}

/// `x`: what can be exported of what is open, or of the scenario under the cursor.
pub(crate) fn offer(model: &mut Model, place: Place) {
    let scenario = match place {
        Place::Menu => model.menu.selected().map(|entry| entry.id.clone()),
        Place::Compare => return picture_of_both(model),
        _ => None,
    };
    if place == Place::Menu && scenario.is_none() {
        model.say("nothing is found; Esc clears what is sought");
        return;
    }
    model.ask(Request::Offers(scenario))
}

/// `x` in a comparison: there is one thing that it can become.
fn picture_of_both(model: &mut Model) {
    let Some(compare) = &model.compare else {
        return;
    };
    let [left, right] = &compare.sides;
    let drawn = Drawn {
        name: format!("{}-and-{}", left.name(), right.name()),
        svg: picture::now(model),
    };
    model.ask(Request::Export(Export {
        scenario: None,
        form: Form::Svg,
        knobs: Vec::new(),
        run: None,
        drawn: Some(drawn),
    }));
}

/// Does what a key means while the mistakes of a file are shown.
pub(crate) fn mistakes(model: &mut Model, action: Action) {
    match action {
        Action::Close => model.screen.uncover(),
        Action::RunAgain => {
            model.screen.uncover();
            run(model);
        }
        _ => {
            scroll::text(model, action);
        }
    }
}

/// Does what a key means while the export panel is open.
pub(crate) fn export(model: &mut Model, action: Action) {
    let Screen::Export { panel, .. } = &mut model.screen else {
        return;
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
        // A second Enter on what has been written closes.
        Action::Go if panel.said.is_empty() => write(model),
        Action::Close | Action::Go => model.screen.uncover(),
        _ => {}
    }
}

fn write(model: &mut Model) {
    let Screen::Export { over, panel } = &mut model.screen else {
        return;
    };
    let Some(offer) = panel.offers.rows.get(panel.selected) else {
        return;
    };
    if !offer.possible {
        panel.said = vec![offer.about.clone()];
        return;
    }
    let (form, name) = (offer.form, panel.offers.name.clone());
    let on_stage = **over != Screen::Menu;
    let drawn = (form == Form::Svg && on_stage).then(|| Drawn {
        name: name.clone(),
        svg: picture::now(model),
    });
    let session = model.session.as_ref().filter(|_| on_stage);
    let knobs = session.map(|session| session.knobs.clone());
    let knobs = knobs.unwrap_or_else(|| kept_knobs(model, &name));
    model.ask(Request::Export(Export {
        scenario: session.is_none().then_some(name),
        form,
        knobs,
        run: session
            .filter(|_| form == Form::Text)
            .map(|session| Box::new(session.timeline.trace().clone())),
        drawn,
    }))
}

fn open_export(model: &mut Model, mut offers: Offers) {
    let ran = |session: &Session| session.run != Run::NotYet;
    let in_sight = model.screen != Screen::Menu;
    let has_run = in_sight && model.session.as_ref().is_some_and(ran);
    for offer in &mut offers.rows {
        if offer.form == Form::Svg && !in_sight {
            offer.possible = false;
            "a picture of the stage: open it first, and press x there".clone_into(&mut offer.about);
        }
        if offer.form == Form::Text && !has_run {
            offer.possible = false;
            "a run as lines: run it first, and press x on the stage".clone_into(&mut offer.about);
        }
    }
    model.screen.cover(|over| Screen::Export {
        over,
        panel: ExportPanel {
            offers,
            ..ExportPanel::default()
        },
    });
}

/// An editor has ended.
pub(crate) fn edited(model: &mut Model, editing: Editing, outcome: Result<(), String>) {
    let again = matches!(model.screen, Screen::Problem { .. });
    if let Err(sentence) = outcome {
        model.say(sentence);
    }
    model.ask(Request::EditorEnded);
    if own_program::is_watched(model) {
        return;
    }
    if model.screen.shows_scenario() {
        return model.ask(Request::Reload);
    }
    model.stale = true;
    if again {
        model.ask(Request::List(Some(editing.id.clone())));
        return model.ask(Request::Open(editing.id));
    }
    model.ask(Request::List(Some(editing.id)));
}
