//! How events change what actors have in hand.

use std::sync::Arc;

use crate::world::values::{LocalValue, Values};
use crate::world::world::World;
use loopscope_trace::{Actor, TextId};

impl World {
    /// What an actor has in hand; `None` where it never had anything.
    pub fn values_of(&self, actor: Actor) -> Option<&Values> {
        match actor {
            Actor::Task(id) => self.task(id)?.values.as_deref(),
            Actor::Job(id) => self.job(id)?.values.as_deref(),
        }
    }

    /// What an actor has in hand, to be changed.
    pub(crate) fn values(&mut self, actor: Actor) -> Option<&mut Values> {
        let values = match actor {
            Actor::Task(id) => &mut self.tasks.get_mut(id.index())?.values,
            Actor::Job(id) => &mut self.jobs.get_mut(id.index())?.values,
        };
        self.shared.in_hand = true;
        Some(Arc::make_mut(values.get_or_insert_default()))
    }

    pub(crate) fn local_set(&mut self, actor: Actor, (local, call): (u16, u8), value: TextId) {
        let at = self.now;
        let known = match actor {
            Actor::Task(id) => self.mentioned_task(id, false).is_some(),
            Actor::Job(id) => self.mentioned_job(id, false).is_some(),
        };
        if let Some(values) = self.values(actor).filter(|_| known) {
            values.set(LocalValue {
                local,
                call,
                value,
                at,
            });
        }
    }

    /// The calls of an actor that has ended are over.
    pub(crate) fn drop_locals(&mut self, actor: Actor) {
        let values = self.values_of(actor);
        if values.is_some_and(|values| !values.locals.is_empty())
            && let Some(values) = self.values(actor)
        {
            values.locals.clear();
        }
    }
}
