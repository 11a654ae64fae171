//! The table of keys: none means two things, and each useful one is named in the last row.

use std::collections::HashSet;

use loopscope::tui::keys::action::Action;
use loopscope::tui::keys::action::{bindings, meant};
use loopscope::tui::keys::key::{Key, KeyCode, Place};
use loopscope::tui::session::playhead::Mode;
use loopscope::tui::widgets::footer::{footer, useful};

#[test]
fn no_key_means_two_things_at_one_place() {
    for place in Place::ALL {
        let mut seen = HashSet::new();
        for (press, _) in bindings(place).flat_map(|row| row.keys) {
            assert!(seen.insert(*press), "{press:?} twice at {place:?}");
        }
    }
}

#[test]
fn every_useful_key_is_in_the_table() {
    for place in Place::ALL {
        for mode in [Mode::BeforeRun, Mode::Live, Mode::Paused, Mode::Ended] {
            assert_eq!(
                footer(place, mode, false).len(),
                useful(place, mode).len(),
                "{place:?} {mode:?}"
            );
        }
    }
}

#[test]
fn ctrl_c_quits_everywhere() {
    let key = Key {
        code: KeyCode::Char('c'),
        control: true,
        alt: false,
    };
    for place in Place::ALL {
        assert_eq!(meant(place, key), Some(Action::Quit));
    }
}
