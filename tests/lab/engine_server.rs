//! What a server does around a handler: dependencies, streams, background work, its end; and
//! clients with a mind of their own.

use crate::common::play;

use std::time::Duration;

use crate::common::play::{Played, begin_toml, respond, scenario, toml};
use loopscope::trace::{Actor, BlockKind, Client, EndReason, EventKind, Outcome, TaskRole};

fn server(functions: &str, clients: &str) -> String {
    format!("title = \"t\"\nasks = \"a\"\nshows = \"s\"\n{functions}\n{clients}\n")
}

fn answers(played: &Played) -> Vec<String> {
    played
        .events()
        .filter_map(|(_, event)| match event.kind {
            EventKind::RequestAnswered { text, .. } => Some(played.text(text).to_owned()),
            _ => None,
        })
        .collect()
}

fn printed(played: &Played) -> Vec<String> {
    played
        .events()
        .filter_map(|(_, event)| match event.kind {
            EventKind::ClientPrinted { text, .. } => Some(played.text(text).to_owned()),
            _ => None,
        })
        .collect()
}

const ONE: &str = "[[client]]\nname = \"c\"\nrequests = [{ route = \"/r\", at = \"0s\" }]\n";

#[test]
fn dependencies_run_first_where_fastapi_runs_them() {
    let source = server(
        "[[function]]\nname = \"check\"\nasync = false\nbody = [{ block = \"100ms\" }, { print = \"checked\" }]\n\
         [[function]]\nname = \"user\"\nbody = [{ sleep = \"50ms\" }, { print = \"user\" }]\n\
         [[function]]\nname = \"home\"\nroute = \"/r\"\ndepends = [\"check\", \"user\"]\nbody = [{ print = \"home\" }, { return = \"ok\" }]\n",
        ONE,
    );
    let played = toml(&source, 1.0);
    assert_eq!(played.output(), ["checked", "user", "home"]);
    assert_eq!(answers(&played), ["ok"], "what it returned");
    let actors: Vec<_> = played
        .events()
        .filter_map(|(_, event)| match event.kind {
            EventKind::Output { actor, .. } => Some(matches!(actor, Actor::Job(_))),
            _ => None,
        })
        .collect();
    assert_eq!(actors, [true, false, false]);
}

#[test]
fn a_stream_goes_out_piece_by_piece() {
    for (is_async, wait, jobs) in [("true", "sleep", 0), ("false", "block", 4)] {
        let source = server(
            &format!(
                "[[function]]\nname = \"pieces\"\nroute = \"/r\"\nasync = {is_async}\n\
                 body = [{{ repeat = 3, do = [{{ {wait} = \"100ms\" }}, {{ chunk = \"x\" }}] }}]\n"
            ),
            ONE,
        );
        let played = toml(&source, 2.0);
        let chunk = |kind: &EventKind| matches!(kind, EventKind::ResponseChunk { .. });
        assert_eq!(played.count(chunk), 3);
        for nth in 1..=3 {
            let after = played.at(played.nth(nth, chunk)) - 0.1 * nth as f64;
            assert!(after > -1e-6, "piece {nth} {after} s late");
        }
        let answered = played.nth(1, |kind| matches!(kind, EventKind::RequestAnswered { .. }));
        assert!(played.nth(3, chunk) < answered);
        assert_eq!(
            played.count(|kind| matches!(kind, EventKind::JobQueued { .. })),
            jobs,
            "one a piece, and one that finds the end"
        );
    }
}

#[test]
fn background_work_comes_after_the_answer() {
    let source = server(
        "[[function]]\nname = \"mail\"\nasync = false\nparams = [\"n\"]\nbody = [{ block = \"100ms\" }, { print = \"mail {n}\" }]\n\
         [[function]]\nname = \"log\"\nbody = [{ print = \"log\" }]\n\
         [[function]]\nname = \"home\"\nroute = \"/r\"\nbody = [{ background = \"mail(3)\" }, { background = \"log\" }, { print = \"home\" }, { respond = \"ok\" }]\n",
        ONE,
    );
    let played = toml(&source, 1.0);
    assert_eq!(played.output(), ["home", "mail 3", "log"]);
    let answered = played.nth(1, |kind| matches!(kind, EventKind::RequestAnswered { .. }));
    let spawned = played.nth(1, |kind| {
        matches!(
            kind,
            EventKind::TaskSpawned {
                role: TaskRole::Background,
                ..
            }
        )
    });
    assert!(answered < spawned);
}

#[test]
fn a_small_upload_is_read_on_the_loop_and_a_large_one_on_the_pool() {
    let source = server(
        "[[function]]\nname = \"up\"\nroute = \"/r\"\nbody = [{ read_file = \"10kB\" }, { read_file = \"3MB\" }, { respond = \"ok\" }]\n",
        ONE,
    );
    let played = toml(&source, 1.0);
    let readers: Vec<_> = played
        .events()
        .filter_map(|(_, event)| match event.kind {
            EventKind::BlockStarted {
                actor,
                kind: BlockKind::File,
                ..
            } => Some(matches!(actor, Actor::Job(_))),
            _ => None,
        })
        .collect();
    assert_eq!(readers, [false, true]);
}

#[test]
fn a_client_that_gives_up_gets_nothing_and_its_handler_goes_on() {
    for key in ["timeout", "leaves"] {
        let source = server(
            "[[function]]\nname = \"slow\"\nroute = \"/r\"\nbody = [{ sleep = \"400ms\" }, { print = \"done\" }, { respond = \"late\" }]\n",
            &format!(
                "[[client]]\nname = \"c\"\n{key} = \"200ms\"\nprints = \"answered\"\nrequests = [{{ route = \"/r\", at = \"0s\" }}]\n"
            ),
        );
        let played = toml(&source, 2.0);
        assert_eq!(played.output(), ["done"]);
        assert!(answers(&played).is_empty() && printed(&played).is_empty());
        let gave_up = played.nth(1, |kind| matches!(kind, EventKind::RequestGivenUp { .. }));
        assert!((0.2..0.4).contains(&played.at(gave_up)), "{key}");
    }
}

#[test]
fn a_shared_connection_carries_one_request_at_a_time() {
    let source = server(
        "[[function]]\nname = \"ping\"\nroute = \"/r\"\nbody = [{ print = \"Hello\" }, { sleep = \"200ms\" }, { print = \"bye\" }, { respond = \"pong\" }]\n",
        "[[client]]\nname = \"c\"\nconnection = \"shared\"\nrequests = [{ route = \"/r\", at = \"0s\" }, { route = \"/r\", at = \"10ms\" }]\n",
    );
    let played = toml(&source, 1.0);
    assert_eq!(played.output(), ["Hello", "bye", "Hello", "bye"]);
    let answered = played.nth(1, |kind| matches!(kind, EventKind::RequestAnswered { .. }));
    let second = played.nth(2, |kind| matches!(kind, EventKind::RequestSent { .. }));
    assert!(answered < second, "the client holds it back");
}

#[test]
fn a_client_prints_as_answers_come_or_in_the_order_in_which_it_asked() {
    for (prints, seen) in [
        ("answered", ["quick", "slow"]),
        ("in order", ["slow", "quick"]),
    ] {
        let source = server(
            "[[function]]\nname = \"slow\"\nroute = \"/s\"\nbody = [{ sleep = \"200ms\" }, { respond = \"slow\" }]\n\
             [[function]]\nname = \"quick\"\nroute = \"/q\"\nbody = [{ respond = \"quick\" }]\n",
            &format!(
                "[[client]]\nname = \"c\"\nprints = \"{prints}\"\nrequests = [{{ route = \"/s\", at = \"0s\" }}, {{ route = \"/q\", at = \"10ms\" }}]\n"
            ),
        );
        assert_eq!(printed(&toml(&source, 1.0)), seen, "{prints}");
    }
}

/// As uvicorn: a request and what comes after it end, a created task is cancelled, and jobs that
/// nobody awaits are lost (SIGTERM) or waited for (SIGINT).
#[test]
fn a_stopped_server_ends_what_it_serves_and_cancels_what_was_created() {
    for (how, jobs) in [("polite", 0), ("interrupt", 2)] {
        let source = server(
            "[runtime]\npool_threads = 2\n\
             [[function]]\nname = \"work\"\nasync = false\nbody = [{ block = \"800ms\" }, { print = \"job\" }]\n\
             [[function]]\nname = \"task\"\nbody = [{ sleep = \"20s\" }, { print = \"never\" }]\n\
             [[function]]\nname = \"mail\"\nbody = [{ sleep = \"200ms\" }, { print = \"mail\" }]\n\
             [[function]]\nname = \"home\"\nroute = \"/r\"\nbody = [\n\
               { spawn_blocking = \"work\", detach = true }, { spawn = \"task\", detach = true }, { background = \"mail\" }, { sleep = \"200ms\" }, { respond = \"ok\" } ]\n\
             [[function]]\nname = \"stopper\"\nbody = [{ stop = \"POLITE\" }]\n[[start]]\nrun = \"stopper\"\nat = \"100ms\"\n"
                .replace("POLITE", how)
                .as_str(),
            "[[client]]\nname = \"c\"\nrequests = [{ route = \"/r\", at = \"0s\" }, { route = \"/r\", at = \"0s\" }, { route = \"/r\", at = \"150ms\" }]\n",
        );
        let played = toml(&source, 2.0);
        assert_eq!(played.reason, Some(EndReason::Finished), "{how}");
        let mut lines = played.output();
        assert_eq!(lines.drain(..2).collect::<Vec<_>>(), ["mail", "mail"]);
        assert_eq!(lines, vec!["job"; jobs], "{how}");
        assert_eq!(answers(&played), ["ok", "ok"]);
        assert_eq!(
            played.count(|kind| matches!(kind, EventKind::RequestGivenUp { .. })),
            1,
            "the one that came too late"
        );
        let end = played.nth(1, |kind| matches!(kind, EventKind::RunEnded { .. }));
        let cancelled = |kind: &EventKind| {
            matches!(
                kind,
                EventKind::TaskEnded {
                    outcome: Outcome::Cancelled,
                    ..
                }
            )
        };
        assert!(played.nth(2, cancelled) < end, "{how}");
        assert!(played.at(end) < 5.0);
    }
}

#[test]
fn a_server_that_nobody_asks_ends_at_once_and_a_stopped_one_leaves_nothing() {
    let played = scenario()
        .function("home", true, vec![respond("ok")])
        .with(|scenario| scenario.story.clients.push(Client::default()))
        .play(1.0);
    assert_eq!(played.reason, Some(EndReason::Finished));

    let source = server(
        "limit = \"60min\"\n[[loop]]\nname = \"second\"\n[[pool]]\nname = \"io\"\nthreads = 1\n[[lock]]\nname = \"gate\"\nkind = \"std\"\n\
         [[function]]\nname = \"hour\"\nbody = [{ sleep = \"3000s\" }]\n\
         [[function]]\nname = \"hold\"\nasync = false\nbody = [{ lock = \"gate\", do = [{ block = \"3000s\" }] }]\n\
         [[function]]\nname = \"home\"\nroute = \"/r\"\nbody = [\n\
           { spawn_blocking = \"hold\", pool = \"io\", detach = true }, { spawn_blocking = \"hold\", detach = true }, { sleep = \"10ms\" }, { block_on = \"hour\", on = \"second\" } ]\n",
        ONE,
    );
    let run = begin_toml(&source, 1.0);
    std::thread::sleep(Duration::from_millis(100));
    run.stop();
    let stopped = std::time::Instant::now();
    let played = play::watch(run);
    assert!(stopped.elapsed() < Duration::from_secs(20));
    assert_eq!(played.reason, Some(EndReason::Stopped));
}
