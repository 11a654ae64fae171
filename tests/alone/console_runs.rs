//! Two hundred runs in one process with somebody attached: memory stays bounded.

#![cfg(tokio_unstable)]

use crate::common::alone::{in_a_process_of_its_own, one_at_a_time};
use loopscope::VOCABULARY;
use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::client::{Client, Row};
use loopscope::engine::{self, Options};
use loopscope::library;
use loopscope::probe::console::{Console, ConsoleError};
use loopscope::scenario::{Choices, load};

fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    kilobytes
        .and_then(|text| text.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

fn run() {
    let entry = library::find("blocking-sleep").expect("it works");
    let choices = Choices {
        speed: Some(1000.0),
        ..Choices::default()
    };
    let scenario = load(&entry.source, &entry.file, &choices, &VOCABULARY).expect("it works");
    let options = Options {
        speed: 1000.0,
        seed: 0,
    };
    let run = engine::start(Arc::new(scenario), &options).expect("it works");
    while run.batches().recv().is_ok() {}
}

/// Somebody who is attached until `stop`.
fn attach(address: String, stop: Arc<AtomicBool>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        // Its own runtime is of this process too.
        let _hidden = loopscope::probe::console::hide();
        let mut client = Client::attach(&address);
        let rows = client.until("a run", |rows| rows.iter().any(|row| row.polls() > 0));
        let ours = |row: &Row| row.kind == "task" && !row.name.is_empty();
        assert!(rows.iter().all(ours), "{rows:?}");
        assert!(rows.iter().all(|row| row.state() != ""));
        while !stop.load(Ordering::Relaxed) {
            client.next();
        }
    })
}

#[test]
fn two_hundred_runs_with_somebody_attached_stay_small() {
    let _turn = one_at_a_time();
    in_a_process_of_its_own(
        "console_runs::two_hundred_runs_with_somebody_attached_stay_small",
        || {
            let free: SocketAddr = "127.0.0.1:0".parse().expect("it works");
            let taken = std::net::TcpListener::bind(free).expect("it works");
            let address = taken.local_addr().expect("it works");
            assert_eq!(
                Console::open(address).expect_err("it is taken"),
                ConsoleError::InUse(address)
            );
            drop(taken);
            // What has failed may be tried again, and the second wish gets the same door.
            let console = Console::open(free).expect("it works");
            assert_eq!(
                Console::open(address).expect("it works").address(),
                console.address()
            );
            assert!(console.is_private() && console.serves());
            assert_eq!(console.attached(), 0);

            let stop = Arc::new(AtomicBool::new(false));
            let attached = attach(console.address().to_string(), Arc::clone(&stop));
            let began = Instant::now();
            while console.attached() == 0 {
                assert!(began.elapsed() < Duration::from_secs(20));
                std::thread::sleep(Duration::from_millis(10));
            }
            assert_eq!(console.attached(), 1);
            run();
            let before = memory();
            let mut most = before;
            for _ in 0..200 {
                run();
                most = most.max(memory());
            }
            println!(
                "{before} MB before, {most} MB at most, {:.1} s",
                began.elapsed().as_secs_f64()
            );
            stop.store(true, Ordering::Relaxed);
            attached.join().expect("it works");
            let began = Instant::now();
            while console.attached() > 0 {
                assert!(
                    began.elapsed() < Duration::from_secs(20),
                    "it is not seen to leave"
                );
                std::thread::sleep(Duration::from_millis(10));
            }
            assert!(most < before + 50, "{before} MB, then {most} MB");
        },
    );
}
