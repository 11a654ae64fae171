//! From a message to a changed model and effects.

use crate::change::opened::{arrived, give_up, opened, started, windowed};
use crate::change::{aside, compare_open, opened, present, questions, sweep};
use crate::events::{Effect, ScreenEvent, Terminal};
use crate::model::model::{Model, Redraw};
use crate::model::prompt::PromptKind;
use crate::model::screen::Screen;
use crate::session::session::Session;
use crate::session::votes::Votes;
use crate::settings::settings::Exit;
use crate::update::{compare, keys, menu, panels, prompt, question, stage, user_files};
use loopscope_protocol::reply::Reply;
use loopscope_protocol::request::Request;

/// A hang-up, for a terminal that is gone.
const HANG_UP: i32 = 1;

/// Takes one message in.
pub fn update(model: &mut Model, message: ScreenEvent) -> Vec<Effect> {
    let before = model
        .session
        .as_ref()
        .map(Session::here)
        .unwrap_or_default();
    let was_menu = model.screen == Screen::Menu;
    take(model, message);
    if model.screen.reading().is_none() {
        // What was typed was for a text that is gone.
        model.prompt.take_if(|line| line.kind == PromptKind::Lines);
    }
    questions::settle(model);
    opened::reveal_votes(model);
    if model.effects.contains(&Effect::Ask(Request::Stop)) {
        // What is starting is not to be shown any more.
        give_up(model);
    }
    if model.screen == Screen::Menu && !was_menu {
        // The person's own scenarios may be others by now.
        model.ask(Request::List(None));
        sweep::tell_turned(model);
    }
    if let Some(session) = &mut model.session {
        session.settle(before);
    }
    opened::end_notice_of_block(model);
    present::settle(model);
    model.announce_next();
    std::mem::take(&mut model.effects)
}

// table
fn take(model: &mut Model, message: ScreenEvent) {
    match message {
        ScreenEvent::Key(key) => keys::pressed(model, key),
        ScreenEvent::Mouse(mouse) => keys::moved(model, mouse),
        ScreenEvent::Paste(text) => {
            menu::pasted(model, &text);
            prompt::pasted(model, &text);
            question::pasted(model, &text);
        }
        ScreenEvent::Resize { columns, rows } => {
            model.size = (columns, rows);
            model.redraw = Redraw::Now;
            aside::tell_size(model);
        }
        ScreenEvent::Tick { elapsed } => {
            stage::ticked(model, elapsed);
            compare::ticked(model, elapsed);
            present::ticked(model, elapsed)
        }
        ScreenEvent::Edited(editing, outcome) => user_files::edited(model, editing, outcome),
        ScreenEvent::Reply(reply) => answered(model, reply),
        ScreenEvent::Panicked(sentence) => model.say(sentence),
        ScreenEvent::Suspend => model.effects.push(Effect::Terminal(Terminal::Suspend)),
        ScreenEvent::Resumed => model.effects.push(Effect::Terminal(Terminal::Repaint)),
        ScreenEvent::Signal(number) => model.effects.push(Effect::Quit(Exit::Signal(number))),
        ScreenEvent::InputLost => model.effects.push(Effect::Quit(Exit::Signal(HANG_UP))),
    }
}

/// Takes in what the application tells.
// table
fn answered(model: &mut Model, reply: Reply) {
    match reply {
        Reply::Batch { run, batch } => {
            let mut batch = Some(batch);
            compare::arrived(model, run, &mut batch);
            if let Some(batch) = batch {
                arrived(model, run, batch);
            }
        }
        Reply::Windowed {
            run,
            from,
            timeline,
        } => windowed(model, run, from, *timeline),
        Reply::Counted { run, spread, over } => compare_open::counted(model, run, *spread, over),
        Reply::Turned(result) => sweep::turned(model, result),
        Reply::Swept { run, point } => sweep::swept(model, run, point),
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
            question::votes_arrived(model, votes)
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
        | Reply::Exported(_)) => user_files::take_reply(model, news),
        Reply::Sent(went_out) => stage::sent(model, went_out),
        Reply::Console(state) => panels::console_changed(model, state),
        Reply::ConsoleOpened(state) => panels::console_opened(model, state),
        Reply::Notice(sentence) => model.announce(sentence),
        Reply::NotesKey(key) => keys::pressed(model, key.into()),
        // Asked for by commands and lines alone.
        Reply::Hello(_)
        | Reply::OpenedEither(_)
        | Reply::Recorded(_)
        | Reply::Ended { .. }
        | Reply::Program(_)
        | Reply::Closed(_) => {}
    }
}
