//! The reader of keys rests while another program has the terminal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use crate::common::alone::one_at_a_time;
use loopscope::tui::terminal::input::Rest;

#[test]
fn a_reader_that_rests_reads_nothing() {
    let _turn = one_at_a_time();
    let rest = Arc::new(Rest::default());
    let (read, over) = (
        Arc::new(AtomicU32::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let reader = std::thread::spawn({
        let (rest, read, over) = (Arc::clone(&rest), Arc::clone(&read), Arc::clone(&over));
        move || {
            while !over.load(Ordering::Relaxed) {
                rest.pause();
                read.fetch_add(1, Ordering::Relaxed);
                std::thread::yield_now();
            }
        }
    });
    for _ in 0..50 {
        rest.begin();
        let before = read.load(Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(1));
        assert_eq!(read.load(Ordering::Relaxed), before);
        rest.end();
    }
    over.store(true, Ordering::Relaxed);
    rest.end();
    reader.join().unwrap();
    assert!(read.load(Ordering::Relaxed) > 0);
}
