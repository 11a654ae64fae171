//! A small tokio program that holds its threads on demand, one command a line of its input. The tests look into it.
//!
//! `tokio_program [current] [named]`: one thread or two workers; threads with a name of the program's own.

use std::io::{BufRead, Read, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

static SHARED: Mutex<u64> = Mutex::new(0);

/// How long each command holds its thread.
const LONG: Duration = Duration::from_millis(800);

async fn asleep() {
    std::thread::sleep(LONG);
}

async fn computes() {
    spin(LONG);
}

fn spin(length: Duration) {
    let start = Instant::now();
    let mut sum = 0_u64;
    while start.elapsed() < length {
        for number in 0..1000 {
            sum = std::hint::black_box(sum.wrapping_mul(31).wrapping_add(number));
        }
    }
}

async fn locks() {
    if let Ok(mut shared) = SHARED.lock() {
        *shared += 1;
    }
}

async fn reads() {
    let Ok((mut reader, writer)) = std::io::pipe() else {
        return;
    };
    std::thread::spawn(move || {
        std::thread::sleep(LONG);
        drop(writer);
    });
    let mut byte = [0];
    let _ = reader.read(&mut byte);
}

async fn queues() {
    let _ = tokio::task::spawn_blocking(|| std::thread::sleep(LONG)).await;
}

/// Many short polls, one right behind the other: none of them is long.
async fn hurries() {
    let start = Instant::now();
    while start.elapsed() < LONG {
        spin(Duration::from_micros(300));
        tokio::task::yield_now().await;
    }
}

fn holds_the_lock() {
    std::thread::spawn(|| {
        let guard = SHARED.lock();
        std::thread::sleep(LONG);
        drop(guard);
    });
    std::thread::sleep(Duration::from_millis(50));
}

async fn serve(mut commands: UnboundedReceiver<String>) {
    while let Some(command) = commands.recv().await {
        let began = Instant::now();
        let task = match command.as_str() {
            "sleep" => tokio::spawn(asleep()),
            "cpu" => tokio::spawn(computes()),
            "lock" => {
                holds_the_lock();
                tokio::spawn(locks())
            }
            "read" => tokio::spawn(reads()),
            "job" => tokio::spawn(queues()),
            "hurry" => tokio::spawn(hurries()),
            "threads" => {
                for _ in 0..8 {
                    std::thread::spawn(|| spin(Duration::from_micros(200)));
                }
                continue;
            }
            "tick" => tokio::spawn(async { tokio::time::sleep(Duration::from_millis(1)).await }),
            _ => continue,
        };
        let _ = task.await;
        println!("{command} {}", began.elapsed().as_millis());
        let _ = std::io::stdout().flush();
    }
}

fn main() {
    let has = |word: &str| std::env::args().any(|given| given == word);
    let mut builder = if has("current") {
        Builder::new_current_thread()
    } else {
        Builder::new_multi_thread()
    };
    builder.worker_threads(2).enable_all();
    if has("named") {
        builder.thread_name("my-own");
    }
    let Ok(runtime) = builder.build() else {
        return;
    };
    let (sender, commands) = unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    println!("ready");
    runtime.block_on(serve(commands));
}
