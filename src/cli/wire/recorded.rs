//! A recording arrives on the screen as a run does: at once.

use std::sync::mpsc::Sender;

use loopscope_trace::{Batch, Story, Trace};
use loopscope_tui::message::Message;

/// Sends all of it under the number of a run, and gives its story.
pub(super) fn send_recorded(trace: &Trace, run: u32, messages: &Sender<Message>) -> Story {
    let batch = Batch {
        texts: trace.texts.clone(),
        events: trace.events.clone(),
        upto: trace.upto,
    };
    drop(messages.send(Message::Batch { run, batch }));
    trace.story.clone()
}
