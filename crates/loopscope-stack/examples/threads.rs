//! Prints what the threads of a running tokio program do: `cargo run -p loopscope-stack --example threads -- PID`.

use loopscope_stack::Process;
use loopscope_stack::proc::thread::{Thread, all};

fn main() {
    let pid = std::env::args().nth(1).and_then(|word| word.parse().ok());
    let Some(pid) = pid else {
        eprintln!("usage: threads PID");
        return;
    };
    let mut process = match Process::open(pid) {
        Ok(process) => process,
        Err(error) => {
            eprintln!("{error}");
            return;
        }
    };
    let verbose = std::env::args().any(|word| word == "--stack");
    for tid in all(pid) {
        let Some(thread) = Thread::open(pid, tid) else {
            continue;
        };
        let Some(call) = thread.call() else {
            continue;
        };
        let Some(look) = process.look(tid, call) else {
            println!("{tid} {}: not seen", thread.name);
            continue;
        };
        let place = look.work.place.map(|at| &look.frames[at]);
        let place = place.map_or(String::new(), |frame| {
            format!(" at {}:{}", frame.file, frame.line)
        });
        println!(
            "{tid} {}: {:?}, {:?}{place}; {} calls{}, looked {:?}, stopped {:?}",
            thread.name,
            look.work.role,
            look.work.doing,
            look.frames.len(),
            if look.whole { "" } else { ", cut off" },
            look.took,
            look.stopped
        );
        if verbose {
            for frame in &look.frames {
                println!(
                    "    {} {}:{} {:?}",
                    frame.function, frame.file, frame.line, frame.owner
                );
            }
        }
    }
}
