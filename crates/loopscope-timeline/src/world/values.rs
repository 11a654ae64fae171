//! What a task or a job has in hand: its locals, and what it last saw and wrote of what is shared.

use crate::world::shared::{Variable, Write};
use loopscope_trace::{Nanos, TextId};

/// What an actor has in hand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// The locals that have a value, of the calls that are open, in the order of first writing.
    pub locals: Vec<LocalValue>,
    /// The variables that it has touched, in the order of first touching.
    pub touched: Vec<Touched>,
}

/// A local that has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalValue {
    /// Its place among the locals of the story.
    pub local: u16,
    /// Which of the calls that the actor has open.
    pub call: u8,
    /// What it holds.
    pub value: TextId,
    /// When it got it.
    pub at: Nanos,
}

/// What an actor has seen and written of a variable.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Touched {
    /// The variable's place in the story.
    pub of: u16,
    /// Its last read: when, and what it saw.
    pub read: Option<(Nanos, TextId)>,
    /// Its last write: when, and what.
    pub wrote: Option<(Nanos, TextId)>,
    /// How often the variable had been written at its last read, until it writes.
    pub(crate) seen: Option<u32>,
    /// What its last write wiped out: the write of another one, since its read.
    pub over: Option<Write>,
}

impl Touched {
    /// The write of another one since its read, as long as it has not written itself.
    pub fn since(&self, variable: &Variable) -> Option<Write> {
        let writes = self.seen?;
        variable.last.filter(|_| variable.writes > writes)
    }
}

impl Values {
    /// The memory that a copy of the world takes for it.
    pub(crate) const BYTES: usize =
        size_of::<Self>() + 4 * (size_of::<LocalValue>() + size_of::<Touched>());

    /// What it has seen and written of a variable.
    pub fn of(&self, variable: u16) -> Option<&Touched> {
        self.touched.iter().find(|touched| touched.of == variable)
    }

    pub(crate) fn touch(&mut self, of: u16) -> &mut Touched {
        let known = self.touched.iter().position(|touched| touched.of == of);
        let place = known.unwrap_or_else(|| {
            self.touched.push(Touched {
                of,
                ..Touched::default()
            });
            self.touched.len() - 1
        });
        &mut self.touched[place]
    }

    pub(crate) fn set(&mut self, local: LocalValue) {
        let same = |other: &LocalValue| (other.local, other.call) == (local.local, local.call);
        match self.locals.iter().position(same) {
            Some(place) if local.value.is_none() => {
                self.locals.remove(place);
            }
            Some(place) => self.locals[place] = local,
            None if local.value.is_none() => {}
            None => self.locals.push(local),
        }
    }
}
