//! From a message to a changed model and effects.

use crate::change::opened::{arrived, give_up, opened, started};
use crate::change::{compare_open, opened, present, questions, sweep};
use crate::events::{Effect, Message, Terminal};
use crate::model::model::{Model, Redraw};
use crate::model::screen::Screen;
use crate::session::session::Session;
use crate::session::votes::Votes;
use crate::settings::settings::Exit;
use crate::update::{compare, keys, menu, panels, prompt, question, stage, user_files, votes};
use loopscope_protocol::reply::Reply;
use loopscope_protocol::request::Request;

/// A hang-up, for a terminal that is gone.
const HANG_UP: i32 = 1;

/// Takes one message in.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let before = model
        .session
        .as_ref()
        .map(Session::here)
        .unwrap_or_default();
    let was_menu = model.screen == Screen::Menu;
    let mut effects = take(model, message);
    questions::settle(model);
    opened::reveal_votes(model);
    if effects.contains(&Effect::Ask(Request::Stop)) {
        // What is starting is not to be shown any more.
        effects.extend(give_up(model));
    }
    if model.screen == Screen::Menu && !was_menu {
        // The person's own scenarios may be others by now.
        effects.push(Effect::Ask(Request::List(None)));
    }
    if let Some(session) = &mut model.session {
        session.settle(before);
    }
    present::settle(model);
    model.tell_next();
    effects
}

// table
fn take(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => keys::pressed(model, key),
        Message::Mouse(mouse) => keys::moved(model, mouse),
        Message::Paste(text) => {
            menu::pasted(model, &text);
            prompt::pasted(model, &text);
            question::pasted(model, &text);
            Vec::new()
        }
        Message::Resize { columns, rows } => {
            model.size = (columns, rows);
            model.redraw = Redraw::Now;
            Vec::new()
        }
        Message::Tick { elapsed } => {
            stage::ticked(model, elapsed);
            compare::ticked(model, elapsed);
            present::ticked(model, elapsed)
        }
        Message::Edited(editing, outcome) => user_files::edited(model, editing, outcome),
        Message::Reply(reply) => answered(model, reply),
        Message::Panicked(sentence) => {
            model.say(sentence);
            Vec::new()
        }
        Message::Suspend => vec![Effect::Terminal(Terminal::Suspend)],
        Message::Resumed => vec![Effect::Terminal(Terminal::Repaint)],
        Message::Signal(number) => vec![Effect::Quit(Exit::Signal(number))],
        Message::InputLost => vec![Effect::Quit(Exit::Signal(HANG_UP))],
    }
}

/// Takes in what the application tells.
// table
#[expect(clippy::too_many_lines, reason = "an arm a reply")]
fn answered(model: &mut Model, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::Batch { run, batch } => {
            let mut batch = Some(batch);
            let mut effects = compare::arrived(model, run, &mut batch);
            if let Some(batch) = batch {
                effects.extend(arrived(model, run, batch));
            }
            effects
        }
        Reply::Counted { run, spread, over } => {
            compare_open::counted(model, run, *spread, over);
            Vec::new()
        }
        Reply::Turned(result) => {
            sweep::turned(model, result);
            Vec::new()
        }
        Reply::Swept { run, point } => {
            sweep::swept(model, run, point);
            Vec::new()
        }
        Reply::Paired(result) => compare_open::paired(model, result),
        Reply::Votes {
            question,
            round,
            tally,
        } => {
            let votes = Votes {
                question,
                round,
                tally,
            };
            votes::arrived(model, votes)
        }
        Reply::Opened(result) => opened(model, result),
        Reply::Started { slot, run, result } => match slot.side() {
            Some(side) => compare::started(model, side, run, result),
            None => started(model, run, result),
        },
        news @ (Reply::Listed(..)
        | Reply::Edit(_)
        | Reply::FileChanged
        | Reply::FileUnwatched(_)
        | Reply::Reloaded(_)
        | Reply::Offered(_)
        | Reply::Exported(_)) => user_files::heard(model, news),
        Reply::Sent(went_out) => {
            stage::sent(model, went_out);
            Vec::new()
        }
        Reply::Console(state) => {
            panels::console_changed(model, state);
            Vec::new()
        }
        Reply::ConsoleOpened(state) => {
            panels::console_opened(model, state);
            Vec::new()
        }
        Reply::Notice(sentence) => {
            model.tell(sentence);
            Vec::new()
        }
        Reply::NotesKey(key) => keys::pressed(model, key.into()),
        // Asked for by commands and lines alone.
        Reply::Hello(_)
        | Reply::OpenedEither(_)
        | Reply::Recorded(_)
        | Reply::Ended { .. }
        | Reply::Program(_)
        | Reply::Closed(_) => Vec::new(),
    }
}
