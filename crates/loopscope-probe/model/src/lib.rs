//! Every order of the steps of a lane's writer and its reader, and every order in which memory may show them.
#![cfg(test)]

use lane::lane::Lane;
use lane::word::{Tag, Word};
use lane::writer::Writer;

/// The lane's files as they are; the atomics are loom's.
#[allow(dead_code, missing_docs)]
#[path = "../../src/lane"]
mod lane {
    pub mod atomic {
        pub use loom::sync::atomic::{AtomicU64, Ordering};
    }
    #[allow(clippy::module_inception)]
    #[path = "lane.rs"]
    pub mod lane;
    #[path = "word.rs"]
    pub mod word;
    #[path = "writer.rs"]
    pub mod writer;
}

fn new() -> (&'static Lane, Writer) {
    let lane = Box::leak(Box::<Lane>::default());
    (lane, Writer::new())
}

/// Records are whole, in order, and none is there twice, although the ring has fewer places than there are records.
#[test]
fn records_come_out_whole_and_in_order() {
    const COUNT: u32 = 6;
    loom::model(|| {
        let (lane, writer) = new();
        let thread = loom::thread::spawn(move || {
            writer.take(lane);
            for id in 1..=COUNT {
                writer.note(u64::from(id) * 10, Word::new(Tag::Wake, id, id));
            }
        });
        let mut seen = Vec::new();
        let mut drain = || {
            lane.drain(|at, word| {
                assert_eq!((at, word.more()), (u64::from(word.id()) * 10, word.id()));
                seen.push(word.id());
            });
        };
        drain();
        drain();
        thread.join().expect("it ends");
        drain();
        assert!(seen.windows(2).all(|two| two[0] < two[1]), "{seen:?}");
        assert_eq!(seen.len() as u64 + lane.lost(), COUNT.into());
    });
}

/// What is under way is the task and the moment of one poll, never of two; and what is over by then is in the ring.
#[test]
fn what_is_under_way_is_of_one_poll() {
    loom::model(|| {
        let (lane, writer) = new();
        let thread = loom::thread::spawn(move || {
            writer.take(lane);
            for task in 1..=3_u32 {
                writer.poll_begins(u64::from(task) * 10, task);
                writer.poll_ends(u64::from(task) * 10 + 1, false);
            }
        });
        let open = lane.open();
        let mut over = 0;
        lane.drain(|_, word| over = word.id());
        if let Some(open) = open {
            let task = open.task.expect("it never sleeps");
            assert_eq!(open.at, u64::from(task) * 10);
            // All polls before it have told that they are over.
            assert!(over + 1 >= task, "{over} is over, {task} under way");
        }
        thread.join().expect("it ends");
    });
}
