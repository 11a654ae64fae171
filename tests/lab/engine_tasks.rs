//! Tasks together and one inside another: results, coroutines, `select`, `timeout`, `abort`,
//! `block_on`, further loops and pools.

use std::collections::BTreeMap;

use crate::common::play::{self, Played, toml};
use loopscope::trace::{
    Actor, BlockKind, EndReason, EventKind, JobId, Outcome, TaskId, TaskRole, ThreadId, ThreadRole,
    WaitOn, WakeCause,
};

/// A scenario whose one program is `main`, with functions that sleep and answer.
fn program(tables: &str, body: &str) -> String {
    format!(
        "title = \"t\"\nasks = \"a\"\nshows = \"s\"\n{tables}\n\
         [[function]]\nname = \"slow\"\nbody = [{{ sleep = \"400ms\" }}, {{ return = \"slow\" }}]\n\
         [[function]]\nname = \"quick\"\nbody = [{{ sleep = \"200ms\" }}, {{ return = \"quick\" }}]\n\
         [[function]]\nname = \"main\"\nbody = [\n{body}\n]\n[[start]]\nrun = \"main\"\nat = \"0s\"\n"
    )
}

fn task(played: &Played, wanted: &str) -> TaskId {
    let found = played.events().find_map(|(_, event)| match event.kind {
        EventKind::TaskSpawned { task, name, .. } if played.text(name) == wanted => Some(task),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no task {wanted}\n{}", played.dump()))
}

fn outcome(played: &Played, wanted: TaskId) -> Option<Outcome> {
    played.events().find_map(|(_, event)| match event.kind {
        EventKind::TaskEnded { task, outcome } if task == wanted => Some(outcome),
        _ => None,
    })
}

#[test]
fn results_come_in_call_order_or_as_they_end() {
    let source = program(
        "",
        "{ gather = [\"slow\", \"quick\"], into = [\"a\", \"b\"] }, { print = \"{a} {b}\" },\n\
         { as_completed = [\"slow\", \"quick\"], into = \"x\", do = [{ print = \"{x}\" }] },\n\
         { join = [\"slow\", \"quick\"], into = [\"c\", \"d\"] }, { print = \"{c} {d}\" },",
    );
    let played = toml(&source, 4.0);
    assert_eq!(
        played.output(),
        ["slow quick", "quick", "slow", "slow quick"]
    );
    // Two gathered, two as completed; what is joined is no task.
    let spawned = |kind: &EventKind| {
        matches!(
            kind,
            EventKind::TaskSpawned {
                role: TaskRole::Spawned,
                ..
            }
        )
    };
    assert_eq!(played.count(spawned), 4);
    let main = task(&played, "main");
    let timers = |kind: &EventKind| matches!(kind, EventKind::Woken { task, by: WakeCause::Timer } if *task == main);
    assert_eq!(played.count(timers), 2, "each branch's own timer woke it");
}

#[test]
fn a_coroutine_runs_where_it_is_awaited_or_never() {
    let source = program(
        "[[function]]\nname = \"say\"\nbody = [{ print = \"said\" }, { sleep = \"50ms\" }, { return = \"7\" }]\n",
        "{ create = \"say\" }, { create = \"say\", as = \"later\" }, { create = \"say\", as = \"forgotten\" },\n\
         { print = \"made\" }, { await = \"later\", into = \"x\" }, { print = \"{x}\" },",
    );
    let played = toml(&source, 1.0);
    assert_eq!(played.output(), ["made", "said", "7"]);
    let ends: Vec<_> = played
        .events()
        .filter_map(|(_, event)| match event.kind {
            EventKind::TaskSpawned {
                task,
                role: TaskRole::Coroutine,
                ..
            } => outcome(&played, task),
            _ => None,
        })
        .collect();
    assert_eq!(
        ends,
        [
            Outcome::NeverPolled,
            Outcome::Completed,
            Outcome::NeverPolled
        ]
    );
    // The first is dropped at once, the last with its function.
    let never = |kind: &EventKind| {
        matches!(
            kind,
            EventKind::TaskEnded {
                outcome: Outcome::NeverPolled,
                ..
            }
        )
    };
    let made = played.nth(1, |kind| matches!(kind, EventKind::Output { .. }));
    assert!(played.nth(1, never) < made && made < played.nth(2, never));
    assert_eq!(
        played.summary.hooks.spawns, played.summary.tokio.spawns,
        "no task of tokio's"
    );
}

#[test]
fn the_loser_of_a_select_is_dropped_where_it_stands() {
    let source = program(
        "[[lock]]\nname = \"door\"\nkind = \"async\"\n",
        "{ select = [\n\
           { do = [{ lock = \"door\", do = [{ sleep = \"500ms\" }, { print = \"never\" }] }] },\n\
           { do = [{ sleep = \"100ms\" }, { print = \"won\" }] },\n\
         ] },\n\
         { lock = \"door\", do = [{ print = \"free\" }] },",
    );
    let played = toml(&source, 1.0);
    assert_eq!(played.output(), ["won", "free"]);
    let releases = |kind: &EventKind| matches!(kind, EventKind::LockReleased { .. });
    assert_eq!(played.count(releases), 2);
    played.nth(1, |kind| {
        matches!(
            kind,
            EventKind::Waiting {
                on: WaitOn::Futures(2),
                ..
            }
        )
    });
}

#[test]
fn a_timeout_gives_up_on_a_thread_and_the_thread_goes_on() {
    let source = program(
        "",
        "{ timeout = \"200ms\", do = [\n\
           { spawn_blocking = [{ block = \"1200ms\" }, { print = \"thread done\" }] }, { print = \"never\" },\n\
         ], else = [{ print = \"timeout\" }] },\n\
         { timeout = \"200ms\", do = [{ block = \"400ms\" }, { print = \"whole\" }], else = [{ print = \"never\" }] },",
    );
    let played = toml(&source, 2.0);
    assert_eq!(played.output(), ["timeout", "whole", "thread done"]);
    let out = played.nth(1, |kind| matches!(kind, EventKind::TimedOut { .. }));
    assert_eq!(
        played.count(|kind| matches!(kind, EventKind::TimedOut { .. })),
        1
    );
    assert!((0.2..0.45).contains(&played.at(out)), "{}", played.at(out));
    let ended = played.nth(1, |kind| matches!(kind, EventKind::JobEnded { .. }));
    assert!(out < ended && played.at(ended) >= 1.2);
    // What woke it was its timer, not the job that it waited for.
    let main = task(&played, "main");
    let woken = played.nth(
        1,
        |kind| matches!(kind, EventKind::Woken { task, .. } if *task == main),
    );
    assert!(matches!(
        played.trace.events[woken].kind,
        EventKind::Woken {
            by: WakeCause::Timer,
            ..
        }
    ));
}

#[test]
fn abort_reaches_a_task_and_a_queued_job_but_no_running_one() {
    let source = program(
        "[runtime]\npool_threads = 1\n\
         [[function]]\nname = \"work\"\nasync = false\nparams = [\"n\"]\nbody = [{ block = \"300ms\" }, { print = \"job {n}\" }]\n",
        "{ spawn = \"slow\", as = \"t\" }, { spawn_blocking = \"work(1)\", as = \"a\" }, { spawn_blocking = \"work(2)\", as = \"b\" },\n\
         { sleep = \"100ms\" }, { abort = \"t\" }, { abort = \"a\" }, { abort = \"b\" },\n\
         { await = \"t\" }, { await = \"a\" }, { await = \"b\" }, { print = \"end\" },",
    );
    let played = toml(&source, 2.0);
    assert_eq!(played.output(), ["job 1", "end"]);
    assert_eq!(
        outcome(&played, task(&played, "t")),
        Some(Outcome::Cancelled)
    );
    let ends: BTreeMap<_, _> = played
        .events()
        .filter_map(|(_, event)| match event.kind {
            EventKind::JobEnded { job, outcome } => Some((job, outcome)),
            _ => None,
        })
        .collect();
    // Whether the queued one is told to be over at once, or when its thread would be free, is open.
    assert_eq!(
        ends,
        BTreeMap::from([
            (JobId(0), Outcome::Completed),
            (JobId(1), Outcome::Cancelled)
        ])
    );
    assert_eq!(
        played.count(|kind| matches!(kind, EventKind::JobStarted { .. })),
        1
    );
}

#[test]
fn another_loops_task_is_waited_for_on_this_thread() {
    let source = program(
        "[[loop]]\nname = \"second\"\n",
        "{ block_on = \"slow\", on = \"second\", into = \"x\" }, { print = \"{x}\" },\n\
         { block_on = \"slow\", on = \"second\", limit = \"100ms\", else = [{ print = \"too long\" }] },",
    );
    let played = toml(&source, 2.0);
    assert_eq!(played.output(), ["slow", "too long"]);
    assert_eq!(played.reason, Some(EndReason::Finished));
    let mut loops = played.thread_names(ThreadRole::Loop);
    loops.sort();
    assert_eq!(loops, ["loop", "loop-2"]);
    let blocks = |kind: &EventKind| {
        matches!(
            kind,
            EventKind::BlockStarted {
                kind: BlockKind::Task,
                ..
            }
        )
    };
    assert_eq!(played.count(blocks), 2);
    let first = played.nth(1, blocks);
    assert!(matches!(
        played.trace.events[first + 1].kind,
        EventKind::BlockedOn { task: of, .. } if of == task(&played, "slow")
    ));
    // Every task says on which loop it is, right after it was spawned.
    let mut on: Vec<ThreadId> = Vec::new();
    for (place, event) in played.events() {
        if let EventKind::TaskSpawned { task, .. } = event.kind {
            let EventKind::TaskOnLoop { task: of, thread } = played.trace.events[place + 1].kind
            else {
                panic!("{}", played.dump());
            };
            assert_eq!(of, task);
            on.push(thread);
        }
    }
    on.dedup();
    assert!(on.len() > 1, "{on:?}");
    assert_eq!(
        played.summary.hooks.spawns, played.summary.tokio.spawns,
        "both loops are watched"
    );
}

#[test]
fn waiting_on_ones_own_loop_never_ends_and_is_cut() {
    let source = program(
        "limit = \"1s\"\n",
        "{ block_on = \"slow\" }, { print = \"never\" },",
    );
    let played = toml(&source, 4.0);
    assert_eq!(played.reason, Some(EndReason::Limit));
    assert!(played.output().is_empty());
    played.nth(1, |kind| {
        matches!(
            kind,
            EventKind::BlockedOn {
                actor: Actor::Task(_),
                ..
            }
        )
    });
}

#[test]
fn a_pool_of_ones_own_has_its_own_threads_and_queue() {
    let source = program(
        "[[pool]]\nname = \"io\"\nthreads = 2\n\
         [[function]]\nname = \"work\"\nasync = false\nbody = [{ block = \"200ms\" }]\n",
        "{ repeat = 4, do = [{ spawn_blocking = \"work\", pool = \"io\", detach = true }] },\n\
         { spawn_blocking = \"work\" },",
    );
    let played = toml(&source, 2.0);
    assert_eq!(played.pool_names(), ["pool io-1", "pool io-2", "pool-1"]);
    let queued: Vec<_> = played
        .events()
        .filter_map(|(_, event)| match event.kind {
            EventKind::JobQueued { pool, .. } => Some(pool),
            _ => None,
        })
        .collect();
    assert_eq!(queued, [1, 1, 1, 1, 0]);
    let ended = played.nth(5, |kind| matches!(kind, EventKind::JobEnded { .. }));
    assert!(played.at(ended) >= 0.4, "two after two");
}

#[test]
fn a_block_in_place_hands_the_loop_to_another_thread() {
    let source = program(
        "[runtime]\nloop = \"multi_thread\"\nworker_threads = 1\n",
        "{ spawn = \"quick\", as = \"q\" }, { block_in_place = [{ block = \"600ms\" }, { print = \"free\" }] },\n\
         { await = \"q\", into = \"x\" }, { print = \"{x}\" },",
    );
    let played = toml(&source, 2.0);
    assert_eq!(played.output(), ["free", "quick"]);
    let quick = task(&played, "q");
    let ended = played.nth(
        1,
        |kind| matches!(kind, EventKind::TaskEnded { task, .. } if *task == quick),
    );
    let freed = played.nth(1, |kind| matches!(kind, EventKind::BlockEnded { .. }));
    assert!(ended < freed, "it ran on another thread meanwhile");
    let changes: Vec<_> = played
        .events()
        .filter_map(|(_, event)| match event.kind {
            EventKind::RoleChanged { role, .. } => Some(role),
            _ => None,
        })
        .collect();
    // One thread leaves the loop and another one takes it on; either may be told first.
    for role in [ThreadRole::Pool, ThreadRole::Loop] {
        assert!(changes[..2].contains(&role), "{changes:?}");
    }
}

/// Everything at once, and all of it is seen: the hooks told as much as tokio counted itself.
#[test]
fn the_trace_agrees_with_tokios_own_counters_whatever_is_used() {
    let source = program(
        "[[loop]]\nname = \"second\"\n[[pool]]\nname = \"io\"\nthreads = 2\n\
         [[lock]]\nname = \"door\"\nkind = \"async\"\n[[lock]]\nname = \"gate\"\nkind = \"std\"\n\
         [[channel]]\nname = \"box\"\nkeep = \"all\"\n[[channel]]\nname = \"slot\"\nkeep = \"newest\"\n\
         [[variable]]\nname = \"id\"\ninitial = 0\n\
         [[function]]\nname = \"inside\"\nbody = [{ lock = \"door\", do = [{ yield = true }, { write = \"id\", value = \"{id + 1}\" }] }]\n\
         [[function]]\nname = \"feeder\"\nbody = [{ repeat = 20, do = [{ send = \"box\", value = 1 }, { send = \"slot\", value = 1 }, { yield = true }] }]\n\
         [[function]]\nname = \"server\"\nroute = \"/s\"\nbody = [{ background = \"inside\" }, { chunk = \"a\" }, { sleep = \"20ms\" }, { chunk = \"b\" }]\n\
         [[function]]\nname = \"plain\"\nroute = \"/p\"\nasync = false\nbody = [{ lock = \"gate\", do = [{ block = \"20ms\" }] }, { respond = \"ok\" }]\n\
         [[client]]\nname = \"c\"\nrequests = [{ route = \"/s\", times = 5 }, { route = \"/p\", times = 5 }]\n",
        "{ gather = [\"inside\", \"inside\", \"inside\"] }, { join = [\"inside\", \"quick\"] },\n\
         { spawn = \"feeder\", as = \"f\" }, { repeat = 20, do = [{ recv = \"box\" }] },\n\
         { select = [{ do = [{ recv = \"slot\" }] }, { do = [{ sleep = \"50ms\" }] }] }, { await = \"f\" },\n\
         { timeout = \"20ms\", do = [{ sleep = \"1s\" }] }, { spawn = \"slow\", as = \"s\" }, { yield = true }, { abort = \"s\" }, { await = \"s\" },\n\
         { as_completed = [\"slow\", \"quick\"], do = [{ yield = true }] }, { create = \"slow\" },\n\
         { spawn = \"quick\", as = \"there\", on = \"second\" }, { await = \"there\" }, { block_on = \"quick\", on = \"second\" },\n\
         { spawn_blocking = [{ cpu = \"5ms\" }], pool = \"io\" }, { read_file = \"10kB\" }, { read_file = \"2MB\" },",
    );
    let played = play::watch(play::begin_toml(&source, 1.0));
    assert_eq!(played.reason, Some(EndReason::Finished));
    let (hooks, tokio) = (played.summary.hooks, played.summary.tokio);
    assert_eq!(
        (hooks.spawns, hooks.ends, hooks.polls),
        (tokio.spawns, tokio.spawns, tokio.polls),
        "{}",
        played.dump()
    );
    assert_eq!((hooks.dropped, tokio.alive), (0, 0));
}
