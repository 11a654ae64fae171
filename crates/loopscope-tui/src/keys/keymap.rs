//! From a key to what it does, and from the table of actions to the last row.

use crate::keys::action::{Action, Binding, Press, TABLE};
use crate::keys::key::{Key, KeyCode, Place};

/// What `key` does at `place`; `None` for a key without a meaning there.
pub fn action(place: Place, key: Key) -> Option<Action> {
    bindings(place).find_map(|row| {
        row.keys
            .iter()
            .find(|(press, _)| is(*press, key))
            .map(|(press, action)| match (press, digit(key)) {
                (Press::AnyDigit, Some(digit)) => Action::Digit(digit),
                _ => *action,
            })
    })
}

/// The rows that work at `place`, in the order of the help page.
pub fn bindings(place: Place) -> impl Iterator<Item = &'static Binding> {
    TABLE.iter().filter(move |row| row.at.contains(&place))
}

fn is(press: Press, key: Key) -> bool {
    if key.alt {
        return false;
    }
    match press {
        Press::Char(character) => !key.control && key.code == KeyCode::Char(character),
        Press::Control(character) => key.control && key.code == KeyCode::Char(character),
        Press::Key(code) => !key.control && key.code == code,
        Press::AnyDigit => !key.control && digit(key).is_some(),
    }
}

fn digit(key: Key) -> Option<u8> {
    match key.code {
        KeyCode::Char(character) => character
            .to_digit(10)
            .and_then(|digit| u8::try_from(digit).ok()),
        _ => None,
    }
}
