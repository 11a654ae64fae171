//! The axis of time, and the head that runs along it.

use std::time::Duration;

use loopscope::timeline::{Moment, Timeline};
use loopscope::trace::Nanos;
use loopscope::tui::layout::axis::{Axis, Page};
use loopscope::tui::session::playhead::{Playhead, next_speed};
use loopscope::tui::settings::settings::AutoStop;

fn labels(length: u64, columns: u16) -> Vec<String> {
    let page = Page {
        from: Nanos::ZERO,
        length: Nanos(length),
    };
    let ticks = Axis::new(page, 0, columns).ticks();
    ticks.into_iter().map(|(_, label)| label).collect()
}

#[test]
fn ticks_are_round_and_none_is_missing() {
    const SECOND: u64 = 1_000_000_000;
    assert_eq!(labels(SECOND, 25), ["0s", "0.5s", "1s"]);
    assert_eq!(labels(2 * SECOND, 27), ["0s", "0.5s", "1s", "1.5s", "2s"]);
    assert_eq!(labels(4 * SECOND, 27), ["0s", "1s", "2s", "3s", "4s"]);
    assert_eq!(labels(5 * SECOND, 27).len(), 6);
    assert_eq!(labels(8 * SECOND, 27), ["0s", "2s", "4s", "6s", "8s"]);
    assert_eq!(labels(16 * SECOND, 27), ["0s", "5s", "10s", "15s"]);
    assert_eq!(labels(160 * SECOND, 27), ["0s", "50s", "100s", "150s"]);
    assert_eq!(labels(5_000_000, 27)[1], "1ms");
    assert!(labels(u64::MAX, 7).len() < 4);
}

fn ten_seconds() -> Timeline {
    let mut timeline = Timeline::new(loopscope::trace::Story::default());
    timeline.extend(loopscope::trace::Batch {
        upto: Nanos::from_secs(10),
        ..Default::default()
    });
    timeline
}

#[test]
fn playing_ends_at_the_edge() {
    let timeline = ten_seconds();
    let start = Playhead::Playing(Moment::default());
    let half = start.ticked(Duration::from_secs(1), 5.0, &timeline, AutoStop::Off);
    assert_eq!(half.moment(&timeline).at, Nanos::from_secs(5));
    let end = half.ticked(Duration::from_secs(1), 5.0, &timeline, AutoStop::Off);
    assert_eq!(end, Playhead::Edge);
}

#[test]
fn space_goes_on_from_where_it_stands() {
    let timeline = ten_seconds();
    let paused = Playhead::Edge.toggled(&timeline, false);
    assert_eq!(paused, Playhead::Paused(timeline.last_moment()));
    assert_eq!(
        paused.toggled(&timeline, false),
        Playhead::Playing(timeline.last_moment())
    );
    assert_eq!(
        Playhead::Edge.toggled(&timeline, true),
        Playhead::Playing(Moment::default())
    );
}

#[test]
fn speeds_stop_at_both_ends() {
    assert!(next_speed(1.0, true) > 1.9);
    assert!(next_speed(1.0, false) < 0.6);
    assert!(next_speed(100.0, true) < 100.1);
    assert!(next_speed(0.01, false) < 0.006);
    assert!(next_speed(0.00001, false) > 0.000_009);
}
