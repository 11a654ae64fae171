//! The engine really runs: small scenarios, built by hand, on real threads.

#[path = "common/play.rs"]
mod play;

use loopscope::scenario::Action;
use loopscope::trace::{EndReason, EventKind, Nanos};
use play::{millis, print, respond, scenario, secs};

fn ping(hold: Action) -> Vec<Action> {
    vec![print("Hello"), hold, print("bye"), respond("pong")]
}

fn two_tabs(is_async: bool, body: Vec<Action>) -> play::Builder {
    scenario()
        .function("ping", is_async, body)
        .request("tab 1", 0, Nanos::ZERO)
        .request("tab 2", 0, millis(20))
}

#[test]
fn a_blocking_sleep_keeps_the_second_request_out() {
    let played = two_tabs(true, ping(Action::Block(secs(5)))).play(20.0);
    println!("{}", played.dump());
    assert_eq!(played.output(), ["Hello", "bye", "Hello", "bye"]);
    assert_eq!(played.reason, Some(EndReason::Finished));
    let elapsed = played.elapsed();
    assert!((9.99..11.5).contains(&elapsed), "{elapsed}");

    let first = played.task_of(0);
    let ended = played.nth(
        1,
        |kind| matches!(kind, EventKind::TaskEnded { task, .. } if *task == first),
    );
    let accepted = played.nth(2, |kind| matches!(kind, EventKind::RequestAccepted { .. }));
    assert!(accepted > ended, "accepted while the loop was held");
    let sent = played.nth(2, |kind| matches!(kind, EventKind::RequestSent { .. }));
    assert!(
        (0.015..1.0).contains(&played.at(sent)),
        "the client is no part of the loop"
    );

    let bye = played.nth(2, |kind| matches!(kind, EventKind::Output { .. }));
    let hello = played.nth(3, |kind| matches!(kind, EventKind::Output { .. }));
    let between = played
        .events()
        .filter(|(place, event)| {
            (bye..hello).contains(place) && matches!(event.kind, EventKind::Beat { .. })
        })
        .count();
    assert_eq!(between, 1, "one beat between A and B\n{}", played.dump());
}
