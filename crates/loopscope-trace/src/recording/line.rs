//! One line after the header: a text, an event, what people said, or how far the trace is complete.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::event::kind::{Event, EventKind};
use crate::ids::time::Nanos;
use crate::story::answer::Answers;

/// What a line says.
#[derive(Debug, PartialEq)]
pub(crate) enum Line {
    /// The next row of the side table.
    Text(String),
    /// Something happened.
    Event(Event),
    /// Nothing before this moment follows.
    Upto(Nanos),
    /// What people said about the story; the last such line counts.
    Answers(Answers),
}

/// The key that a line begins with. Since it comes first, a line is read in one pass.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Key {
    At,
    Text,
    Upto,
    Answers,
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LineVisitor)
    }
}

struct LineVisitor;

impl<'de> Visitor<'de> for LineVisitor {
    type Value = Line;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object that begins with `at`, `text`, `upto` or `answers`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
        let line = match map.next_key::<Key>()? {
            Some(Key::At) => {
                let at = map.next_value()?;
                let kind = EventKind::deserialize(MapAccessDeserializer::new(&mut map))?;
                Line::Event(Event { at, kind })
            }
            Some(Key::Text) => Line::Text(map.next_value()?),
            Some(Key::Upto) => Line::Upto(map.next_value()?),
            Some(Key::Answers) => Line::Answers(map.next_value()?),
            None => return Err(A::Error::custom("an empty object")),
        };
        match map.next_key::<IgnoredAny>()? {
            None => Ok(line),
            Some(_) => Err(A::Error::custom("one thing too many on this line")),
        }
    }
}
