//! The timeline against hand-made traces.

mod common;

use common::traces;
use loopscope::trace::Nanos;

#[test]
fn the_hand_made_traces_are_in_order() {
    for trace in [
        traces::blocking_sleep(),
        traces::awaited_sleep(),
        traces::four_routes_sync(),
    ] {
        assert!(trace.events.is_sorted_by_key(|event| event.at));
        let cut = traces::cut(trace.clone(), Nanos::from_millis(1500));
        assert!(cut.events.len() < trace.events.len());
    }
}
