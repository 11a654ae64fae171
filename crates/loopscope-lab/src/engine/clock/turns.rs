//! Which thread has the next turn in computed time, when time moves on, and when the story is over.

use std::sync::Arc;

use parking_lot::MutexGuard;

use crate::engine::clock::participants::{Actor, State};
use crate::engine::clock::virtual_clock::VirtualClock;
use loopscope_trace::{EndReason, Nanos};

impl VirtualClock {
    /// Gives the turn away and waits for the next one; false if the story ended first.
    pub(crate) fn pass(&self, mut state: MutexGuard<'_, State>, me: Actor) -> bool {
        self.next(&mut state);
        let state = self.turn(state, me);
        state.ended.is_none()
    }

    /// Waits until it is this thread's turn, or the story has ended.
    pub(crate) fn turn<'a>(
        &self,
        mut state: MutexGuard<'a, State>,
        me: Actor,
    ) -> MutexGuard<'a, State> {
        let turn = Arc::clone(&state.actors[me].turn);
        while state.running != Some(me) && state.ended.is_none() {
            turn.wait(&mut state);
        }
        let until = state.actors[me].until.take();
        if let Some(key) = until {
            state.agenda.remove(&key);
        }
        state.actors[me].watches = false;
        state.actors[me].idle = false;
        state
    }

    /// Chooses whose turn it is.
    pub(crate) fn next(&self, state: &mut State) {
        state.running = None;
        while state.ended.is_none() {
            if let Some(actor) = state.ready.pop_front() {
                state.running = Some(actor);
                state.actors[actor].turn.notify_one();
                return;
            }
            if std::mem::take(&mut state.progress) {
                let slots = state.actors.iter().enumerate();
                let watching = slots.filter(|(_, slot)| slot.watches);
                let watching: Vec<_> = watching.map(|(actor, _)| actor).collect();
                state.ready.extend(watching);
            } else {
                self.move_on(state);
            }
        }
        for slot in &state.actors {
            slot.turn.notify_one();
        }
    }

    /// No thread can go on at this moment: the story is over, or time moves on to the next one.
    fn move_on(&self, state: &mut State) {
        if self.done.get().is_some_and(|done| done()) {
            return self.end(state, EndReason::Finished);
        }
        let idle = |own: &Actor| state.actors[*own].idle;
        let timer = state.timers.iter().find(|(_, (own, _))| idle(own));
        let timer = timer.map(|(key, _)| *key);
        let agenda = state.agenda.keys().next().copied();
        let next = match (timer, agenda) {
            (Some(timer), Some(agenda)) => timer.min(agenda).0,
            (one, other) => one.or(other).map_or(Nanos::MAX, |(at, _)| at),
        };
        if self.limit > Nanos::ZERO && next >= self.limit {
            state.now = state.now.max(self.limit);
            self.ticks.set(state.now);
            return self.end(state, EndReason::Limit);
        }
        if next == Nanos::MAX {
            // Each thread waits for another one, and nothing will ever happen.
            return self.end(state, EndReason::Limit);
        }
        state.now = next.max(state.now);
        self.ticks.set(state.now);
        state.due();
    }

    /// Ends the story in the middle: no thread gets another turn, and one that waits for a turn
    /// goes on to its own end.
    pub(crate) fn stop(&self) {
        let mut state = self.state.lock();
        if state.ended.is_none() {
            self.end(&mut state, EndReason::Stopped);
            for slot in &state.actors {
                slot.turn.notify_one();
            }
        }
    }

    fn end(&self, state: &mut State, reason: EndReason) {
        self.ticks.close();
        state.ended = Some(reason);
    }
}
