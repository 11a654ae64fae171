//! What a loop calls back: each function a lane of its own, each call a turn of it.

use loopscope_trace::{EventKind, TaskRole, ThreadRole, WakeCause};

use crate::source::texts::Texts;
use crate::translate::rows::Place;
use crate::translate::state::Runs;
use crate::translate::translator::{At, Translator};

impl Translator {
    pub(super) fn callback_begins(&mut self, at: At, label: u64, texts: &mut dyn Texts) {
        self.stop(at);
        let thread = self.thread_id(at, ThreadRole::Loop);
        if !self.processes[at.process].callbacks.contains_key(&label) {
            let place = Place::parse(&texts.get(label));
            let accepts = place.name.to_ascii_lowercase().contains("accept");
            let (role, name) = if accepts {
                (TaskRole::Accept, "accept".to_owned())
            } else {
                (TaskRole::Callback, place.name.clone())
            };
            let lane = self.new_task(at, role, None, &name, &place);
            self.processes[at.process].callbacks.insert(label, lane);
        }
        let process = &mut self.processes[at.process];
        process.threads.entry(at.thread).or_default().runs = Some(Runs::Callback(label));
        let Some(lane) = process.callbacks.get_mut(&label) else {
            return;
        };
        let (id, role) = (lane.id, lane.role);
        if !std::mem::replace(&mut lane.ready, false) {
            let by = if role == TaskRole::Accept {
                WakeCause::Client
            } else {
                WakeCause::Unknown
            };
            self.out.event(at.moment, EventKind::Woken { task: id, by });
        }
        self.out
            .event(at.moment, EventKind::PollStarted { task: id, thread });
    }

    pub(super) fn callback_ends(&mut self, at: At, label: u64, texts: &mut dyn Texts) {
        let runs = self.processes[at.process]
            .threads
            .get(&at.thread)
            .and_then(|thread| thread.runs);
        if runs != Some(Runs::Callback(label)) {
            self.callback_begins(at, label, texts);
        }
        self.stop(at);
    }
}
