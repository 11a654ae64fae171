//! The values that a knob takes: by the keys, and in a sweep.

use loopscope::trace::Knob;
use loopscope::tui::session::explored::{turned, values};

fn knob(min: i64, default: i64, max: i64) -> Knob {
    Knob {
        name: "threads".to_owned(),
        value: default,
        default,
        min,
        max,
    }
}

#[test]
fn a_sweep_takes_round_values_about_the_usual_one() {
    let tens: Vec<i64> = (1..=10).map(|ten| ten * 10).collect();
    assert_eq!(values(&knob(1, 40, 200)), tens);
    assert_eq!(values(&knob(1, 2, 4)), [1, 2, 3, 4]);
    assert_eq!(values(&knob(0, 0, 1)), [0, 1]);
    assert_eq!(values(&knob(5, 5, 5)), [5]);
    assert_eq!(values(&knob(0, 0, 400)).last(), Some(&400));
}

#[test]
fn any_sweep_is_short_and_within_its_knob() {
    let ends = [-50, 0, 1, 7, 40, 999, 10_000, i64::MAX];
    let pairs = ends.iter().flat_map(|min| ends.map(|max| (*min, max)));
    let all = pairs.flat_map(|(min, max)| ends.map(|default| (min, default, max)));
    for (min, default, max) in all.filter(|(min, default, max)| min <= default && default <= max) {
        let values = values(&knob(min, default, max));
        assert!(values.is_sorted_by(|one, other| one < other), "{values:?}");
        assert!(
            (1..=12).contains(&values.len()),
            "{min} {default} {max}: {values:?}"
        );
        assert!(values.iter().all(|value| (min..=max).contains(value)));
        let all = max.abs_diff(min).saturating_add(1);
        assert!(
            values.len() >= 5 || values.len() as u64 == all,
            "{min} {default} {max}: {values:?}"
        );
    }
}

#[test]
fn every_value_of_a_turned_knob_leads_back() {
    let knob = knob(1, 40, 10_000);
    let mut value = knob.min;
    let mut presses = 0;
    while value < knob.max {
        let next = turned(&knob, value, true);
        assert!(next > value);
        assert_eq!(turned(&knob, next, false), value);
        value = next;
        presses += 1;
    }
    assert!(presses < 80, "{presses} presses");
    assert_eq!(turned(&knob, 47, true), 50);
    assert_eq!(turned(&knob, 47, false), 40);
}
