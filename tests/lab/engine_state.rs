//! What functions share: values, variables, locks and channels, in tasks and in jobs.

use crate::common::play::{Played, toml};
use loopscope::trace::{
    Actor, BlockKind, EndReason, EventKind, LockId, Outcome, WaitOn, WakeCause,
};

/// A scenario whose one program is `main`, with tables before it.
fn program(tables: &str, body: &str) -> String {
    format!(
        "title = \"t\"\nasks = \"a\"\nshows = \"s\"\n{tables}\n[[function]]\nname = \"main\"\n\
         body = [\n{body}\n]\n[[start]]\nrun = \"main\"\nat = \"0s\"\n"
    )
}

fn locks(played: &Played) -> Vec<(&'static str, Actor)> {
    played
        .events()
        .filter_map(|(_, event)| match event.kind {
            EventKind::LockWanted { actor, .. } => Some(("wanted", actor)),
            EventKind::LockTaken { actor, .. } => Some(("taken", actor)),
            EventKind::LockReleased { actor, .. } => Some(("released", actor)),
            _ => None,
        })
        .collect()
}

#[test]
fn values_are_worked_out_when_their_step_is_reached() {
    let source = program(
        "[[variable]]\nname = \"id\"\ninitial = 1\n\
         [[function]]\nname = \"double\"\nparams = [\"n\"]\nbody = [{ return = \"{n + n}\" }]\n\
         [[function]]\nname = \"nap\"\nparams = [\"n\"]\nbody = [{ sleep = \"{n}ms\" }, { print = \"slept {n}\" }]\n",
        "{ read = \"id\", into = \"x\" }, { write = \"id\", value = \"{x + 41}\" },\n\
         { print = \"{x} {id} {{}}\" },\n\
         { call = \"double({x + 2})\", into = \"y\" }, { print = \"y is {y}\" },\n\
         { if = \"{y == 6}\", then = [{ print = \"six\" }], else = [{ print = \"not six\" }] },\n\
         { repeat = 5, do = [{ write = \"id\", value = \"{id - 1}\" }], until = \"{id < 41}\" },\n\
         { print = \"{id}\" }, { call = \"nap(200)\" },",
    );
    let played = toml(&source, 1.0);
    assert_eq!(
        played.output(),
        ["1 42 {}", "y is 6", "six", "40", "slept 200"]
    );
    assert!(played.at(played.nth(5, |kind| matches!(kind, EventKind::Output { .. }))) >= 0.2);
    let told: Vec<_> = played
        .events()
        .filter_map(|(_, event)| match event.kind {
            EventKind::VariableRead { value, .. } => Some(format!("r{}", played.text(value))),
            EventKind::VariableWritten { value, .. } => Some(format!("w{}", played.text(value))),
            _ => None,
        })
        .collect();
    assert_eq!(
        told,
        [
            "r1", "w42", "r42", "r42", "w41", "r41", "r41", "w40", "r40", "r40"
        ]
    );
}

#[test]
fn an_async_lock_is_given_in_the_order_in_which_it_was_wanted() {
    let source = program(
        "[[lock]]\nname = \"door\"\nkind = \"async\"\n\
         [[function]]\nname = \"enter\"\nparams = [\"n\"]\nbody = [{ lock = \"door\", do = [{ sleep = \"200ms\" }, { print = \"{n}\" }] }]\n",
        "{ gather = [\"enter(1)\", \"enter(2)\", \"enter(3)\"] },",
    );
    let played = toml(&source, 4.0);
    assert_eq!(played.output(), ["1", "2", "3"]);
    let names: Vec<_> = locks(&played).iter().map(|(what, _)| *what).collect();
    assert_eq!(
        names,
        [
            "wanted", "taken", "wanted", "wanted", "released", "taken", "released", "taken",
            "released"
        ]
    );
    let waits = |kind: &EventKind| matches!(kind, EventKind::Waiting { on: WaitOn::Lock(lock), .. } if *lock == LockId(0));
    assert_eq!(played.count(waits), 2, "the first found it free");
    let wakes = |kind: &EventKind| {
        matches!(
            kind,
            EventKind::Woken {
                by: WakeCause::Lock(_),
                ..
            }
        )
    };
    assert_eq!(played.count(wakes), 2);
}

#[test]
fn whoever_stops_wanting_a_lock_says_so() {
    let source = program(
        "[[lock]]\nname = \"door\"\nkind = \"async\"\n\
         [[function]]\nname = \"owner\"\nbody = [{ lock = \"door\", do = [{ sleep = \"400ms\" }] }]\n",
        "{ spawn = \"owner\", as = \"o\" }, { sleep = \"100ms\" },\n\
         { timeout = \"100ms\", do = [{ lock = \"door\", do = [{ print = \"mine\" }] }], else = [{ print = \"gave up\" }] },\n\
         { await = \"o\" },",
    );
    let played = toml(&source, 2.0);
    assert_eq!(played.output(), ["gave up"]);
    let seen = locks(&played);
    let names: Vec<_> = seen.iter().map(|(what, _)| *what).collect();
    assert_eq!(names, ["wanted", "taken", "wanted", "released", "released"]);
    assert_eq!(seen[2].1, seen[3].1, "the waiter lets go first");
}

#[test]
fn a_lock_of_threads_holds_the_thread_that_waits_for_it() {
    let source = program(
        "[[lock]]\nname = \"door\"\nkind = \"std\"\n\
         [[function]]\nname = \"work\"\nasync = false\nparams = [\"n\"]\nbody = [{ lock = \"door\", do = [{ block = \"200ms\" }, { print = \"{n}\" }] }]\n",
        "{ spawn_blocking = \"work(1)\", as = \"a\" }, { sleep = \"50ms\" },\n\
         { spawn_blocking = \"work(2)\", as = \"b\" }, { await = \"a\" }, { await = \"b\" },",
    );
    let played = toml(&source, 2.0);
    assert_eq!(played.output(), ["1", "2"]);
    played.nth(1, |kind| {
        matches!(
            kind,
            EventKind::BlockStarted {
                kind: BlockKind::Lock,
                actor: Actor::Job(_),
                ..
            }
        )
    });
    let names: Vec<_> = locks(&played).iter().map(|(what, _)| *what).collect();
    assert_eq!(
        names,
        ["wanted", "taken", "wanted", "released", "taken", "released"]
    );
}

#[test]
fn a_channel_keeps_all_and_a_slot_the_newest() {
    for (keep, seen) in [("all", &["1", "2", "3"][..]), ("newest", &["3"])] {
        let count = seen.len();
        let source = program(
            &format!("[[channel]]\nname = \"box\"\nkeep = \"{keep}\"\n"),
            &format!(
                "{{ send = \"box\", value = 1 }}, {{ send = \"box\", value = 2 }}, {{ send = \"box\", value = 3 }},\n\
                 {{ repeat = {count}, do = [{{ recv = \"box\", into = \"x\" }}, {{ print = \"{{x}}\" }}] }},"
            ),
        );
        let played = toml(&source, 4.0);
        assert_eq!(played.output(), seen, "{keep}");
        let sent = |kind: &EventKind| matches!(kind, EventKind::ChannelSent { .. });
        let received = |kind: &EventKind| matches!(kind, EventKind::ChannelReceived { .. });
        assert_eq!(played.count(sent), 3);
        assert_eq!(played.count(received), count);
    }
}

#[test]
fn a_worker_that_only_waits_for_values_keeps_no_run_open() {
    let source = program(
        "[[channel]]\nname = \"jobs\"\nkeep = \"all\"\n\
         [[function]]\nname = \"worker\"\nbody = [{ repeat = 1000, do = [{ recv = \"jobs\", into = \"n\" }, { sleep = \"300ms\" }, { print = \"did {n}\" }] }]\n",
        "{ spawn = \"worker\", detach = true }, { sleep = \"50ms\" },\n\
         { send = \"jobs\", value = 1 }, { send = \"jobs\", value = 2 }, { print = \"sent\" }, { sleep = \"1s\" },",
    );
    let played = toml(&source, 4.0);
    assert_eq!(played.output(), ["sent", "did 1", "did 2"]);
    assert_eq!(played.reason, Some(EndReason::Finished));
    let wakes = |kind: &EventKind| {
        matches!(
            kind,
            EventKind::Woken {
                by: WakeCause::Channel(_),
                ..
            }
        )
    };
    // The shutdown after the end may wake it once more.
    let events = played.trace.events.iter().map(|event| &event.kind);
    let told = events.take_while(|kind| !matches!(kind, EventKind::RunEnded { .. }));
    assert_eq!(
        told.filter(|kind| wakes(kind)).count(),
        1,
        "the second value was there already"
    );
}

#[test]
fn a_task_that_always_has_something_to_take_must_give_way() {
    let source = program(
        "[[channel]]\nname = \"jobs\"\nkeep = \"all\"\n\
         [[function]]\nname = \"other\"\nbody = [{ print = \"other\" }]\n",
        "{ repeat = 300, do = [{ send = \"jobs\", value = 1 }] },\n\
         { spawn = \"other\", as = \"o\" },\n\
         { repeat = 300, do = [{ recv = \"jobs\", into = \"n\" }] }, { print = \"all taken\" }, { await = \"o\" },",
    );
    let played = toml(&source, 1.0);
    assert_eq!(played.output(), ["other", "all taken"]);
    let turns = |kind: &EventKind| {
        matches!(
            kind,
            EventKind::Waiting {
                on: WaitOn::Turn,
                ..
            }
        )
    };
    assert_eq!(played.count(turns), 2, "128 a turn");
}

#[test]
fn tasks_that_wait_for_each_others_locks_are_cut_by_the_limit() {
    let source = program(
        "limit = \"1s\"\n[[lock]]\nname = \"a\"\nkind = \"async\"\n[[lock]]\nname = \"b\"\nkind = \"async\"\n\
         [[function]]\nname = \"one\"\nbody = [{ lock = \"a\", do = [{ sleep = \"100ms\" }, { lock = \"b\", do = [{ print = \"no\" }] }] }]\n\
         [[function]]\nname = \"two\"\nbody = [{ lock = \"b\", do = [{ sleep = \"100ms\" }, { lock = \"a\", do = [{ print = \"no\" }] }] }]\n",
        "{ gather = [\"one\", \"two\"] },",
    );
    let played = toml(&source, 4.0);
    assert_eq!(played.reason, Some(EndReason::Limit));
    assert!(played.output().is_empty());
    let cancelled = |kind: &EventKind| {
        matches!(
            kind,
            EventKind::TaskEnded {
                outcome: Outcome::Completed,
                ..
            }
        )
    };
    assert_eq!(played.count(cancelled), 0);
}

#[test]
fn permits_are_given_in_the_order_in_which_they_were_wanted() {
    let source = program(
        "[[semaphore]]\nname = \"slots\"\npermits = 2\n\
         [[function]]\nname = \"enter\"\nparams = [\"n\"]\nbody = [{ acquire = \"slots\", do = [{ print = \"{n} in\" }, { sleep = \"1s\" }] }]\n",
        "{ gather = [\"enter(0)\", \"enter(1)\", \"enter(2)\", \"enter(3)\", \"enter(4)\"] }, { print = \"end\" },",
    );
    let played = toml(&source, 10.0);
    let output = ["0 in", "1 in", "2 in", "3 in", "4 in", "end"];
    assert_eq!(played.output(), output);
    let lines = 0..output.len();
    let moments: Vec<f64> = lines
        .map(|nth| {
            let line = |kind: &EventKind| matches!(kind, EventKind::Output { .. });
            played.at(played.nth(nth + 1, line)).round()
        })
        .collect();
    assert_eq!(moments, [0.0, 0.0, 1.0, 1.0, 2.0, 3.0]);
}

/// A task that has a permit may want another one; a limit that ends the wait leaves it the first.
#[test]
fn who_gives_up_a_second_permit_keeps_the_first() {
    let source = program(
        "[[semaphore]]\nname = \"one\"\npermits = 1\n",
        "{ acquire = \"one\", do = [\n\
         { timeout = \"1s\", do = [{ acquire = \"one\", do = [{ print = \"twice\" }] }], else = [{ print = \"gave up\" }] },\n\
         { print = \"has it\" }] },",
    );
    let played = toml(&source, 10.0);
    assert_eq!(played.output(), ["gave up", "has it"]);
    let told: Vec<bool> = played
        .events()
        .filter_map(|(_, event)| match event.kind {
            EventKind::LockReleased { wanted, .. } => Some(wanted),
            _ => None,
        })
        .collect();
    assert_eq!(told, [true, false]);
}

#[test]
fn a_send_waits_while_there_is_no_room() {
    let worker = |name: &str, to: &str, from: &str| {
        format!(
            "[[function]]\nname = \"{name}\"\nbody = [\n\
             {{ send = \"{to}\", value = 0 }}, {{ print = \"{name} sent 0\" }},\n\
             {{ send = \"{to}\", value = 1 }}, {{ print = \"{name} sent 1\" }},\n\
             {{ recv = \"{from}\", into = \"v\" }}, {{ recv = \"{from}\", into = \"w\" }}]\n"
        )
    };
    let source = program(
        &format!(
            "limit = \"2s\"\n[[channel]]\nname = \"to_a\"\ncapacity = 1\n[[channel]]\nname = \"to_b\"\ncapacity = 1\n{}{}",
            worker("a", "to_b", "to_a"),
            worker("b", "to_a", "to_b")
        ),
        "{ gather = [\"a\", \"b\"] }, { print = \"all\" },",
    );
    let played = toml(&source, 10.0);
    assert_eq!(played.output(), ["a sent 0", "b sent 0"]);
    let waits = |kind: &EventKind| {
        matches!(
            kind,
            EventKind::Waiting {
                on: WaitOn::Room(_),
                ..
            }
        )
    };
    assert_eq!(played.count(waits), 2);
}

#[test]
fn a_dependency_that_yields_goes_on_when_the_answer_has_gone_out() {
    let source = "title = \"t\"\nasks = \"a\"\nshows = \"s\"\nlanguages = [\"python\"]\n\
         [[semaphore]]\nname = \"one\"\npermits = 1\nkind = \"std\"\n\
         [[function]]\nname = \"plain\"\nasync = false\nbody = [{ acquire = \"one\", do = [{ print = \"has\" }, { yield_request = true }, { print = \"gives back\" }] }]\n\
         [[function]]\nname = \"session\"\nbody = [{ print = \"opens\" }, { yield_request = true }, { sleep = \"1s\" }, { print = \"closes\" }]\n\
         [[function]]\nname = \"handler\"\nroute = \"/x\"\ndepends = [\"plain\", \"session\"]\nbody = [{ print = \"works\" }, { respond = \"done\" }]\n\
         [[client]]\nname = \"tab\"\nprints = \"answered\"\nrequests = [{ route = \"/x\", at = \"0s\" }]\n";
    let played = toml(source, 10.0);
    let output = ["has", "opens", "works", "closes", "gives back"];
    assert_eq!(played.output(), output);
}
