//! A process that tells what it does, by a ring or by a stream; or that is looked at from outside.

use crate::merge::fact::Fact;
use crate::merge::side::Side;
use crate::native::side::Side as Native;
use crate::ring::head::Head;
use crate::source::files::Files;
use crate::source::texts::Texts;
use crate::stream::process::Stream;

/// A process that tells what it does.
pub(crate) enum Teller {
    Ring(Box<Side>),
    /// With whether the watch has gone to it, and not it to the watch.
    Stream(Box<Stream>, bool),
    /// It tells nothing by itself.
    Native(Box<Native>),
}

impl Teller {
    /// Whose process it is.
    pub(crate) const fn head(&self) -> &Head {
        match self {
            Self::Ring(side) => &side.ring.head,
            Self::Stream(stream, _) => &stream.head,
            Self::Native(native) => native.head(),
        }
    }

    /// The texts that its facts name.
    pub(crate) fn texts(&mut self) -> &mut dyn Texts {
        match self {
            Self::Ring(side) => &mut side.ring.texts,
            Self::Stream(stream, _) => &mut stream.labels,
            Self::Native(native) => native.texts(),
        }
    }

    /// Whether it still runs, as far as is known.
    pub(crate) const fn is_alive(&self) -> bool {
        match self {
            Self::Ring(side) => side.is_alive(),
            Self::Stream(stream, _) => stream.is_alive(),
            Self::Native(native) => native.is_alive(),
        }
    }

    /// It began to tell.
    pub(crate) fn joined(&self) -> Fact {
        match self {
            Self::Ring(side) => side.joined(),
            Self::Stream(stream, _) => stream.joined(),
            Self::Native(native) => native.joined(),
        }
    }

    /// Adds what happened up to `now`. Returns the moment from which on something may still come; `None` where that is not
    /// known just now. `last`: it is the last look, or the program that was started has ended.
    pub(crate) fn look(
        &mut self,
        now: u64,
        last: bool,
        files: &mut Files,
        out: &mut Vec<Fact>,
    ) -> Option<u64> {
        match self {
            Self::Ring(side) => side.look(now, last, files, out),
            Self::Stream(stream, _) => stream.look(now, last, files, out),
            Self::Native(native) => Some(native.look(now, last, out)),
        }
    }
}
