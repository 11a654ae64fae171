//! What is read of the kernel and of faulthandler, by examples that were stored.

use std::collections::HashSet;

use loopscope::watch::outside::connections::{listened, parse, waiting};
use loopscope::watch::outside::frames;
use loopscope::watch::outside::syscalls::{Held, held};
use loopscope::watch::outside::thread;

const TCP: &str = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000001 00:00000000 00000000     0        0 5093 1 00000000d9f1d1a5 100 0 0 10 0                      
   1: 0100007F:1F40 0100007F:D431 01 00000000:0000004E 00:00000000 00000000     0        0 0 1 0000000051bf0eac 20 4 31 10 -1                        
   2: 0100007F:1F40 0100007F:D430 01 00000000:00000000 00:00000000 00000000     0        0 7412 1 00000000b3bf0eac 20 4 30 10 -1                     
   3: 0100007F:1F40 0100007F:D42F 08 00000000:0000004F 00:00000000 00000000     0        0 7413 1 00000000b3bf0eac 20 4 30 10 -1                     
   4: 0100007F:D431 0100007F:1F40 01 00000000:00000000 00:00000000 00000000     0        0 9999 1 000000004b1f9d6a 20 4 30 10 -1                     
   5: 0100007F:2328 0100007F:D432 01 00000000:0000004E 00:00000000 00000000     0        0 0 1 0000000051bf0eac 20 4 31 10 -1                        
";

const TCP6: &str = "\
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:1F40 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5094 1 0000000000000000 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:1F40 0000000000000000FFFF00000100007F:D433 01 00000000:00000010 00:00000000 00000000     0        0 0 1 0000000000000000 20 4 30 10 -1
";

#[test]
#[cfg(target_endian = "little")]
fn connections_that_wait_are_found() {
    let sockets = parse(TCP);
    assert_eq!(sockets.len(), 6);
    let ports = listened(&sockets, &HashSet::from([5093]));
    assert_eq!(ports, HashSet::from([8000]));
    assert!(
        listened(&sockets, &HashSet::from([7412])).is_empty(),
        "what is no listener"
    );
    let found: Vec<_> = waiting(&sockets, &ports)
        .iter()
        .map(|waiting| (waiting.client.to_string(), waiting.is_accepted))
        .collect();
    let expected = [
        ("127.0.0.1:54321".to_owned(), false),
        ("127.0.0.1:54319".to_owned(), true),
    ];
    assert_eq!(found, expected);
    let sockets = parse(TCP6);
    let found = waiting(&sockets, &listened(&sockets, &HashSet::from([5094])));
    assert_eq!(
        found[0].client.to_string(),
        "127.0.0.1:54323",
        "as others name it"
    );
    for cut in 0..TCP.len() {
        parse(&TCP[..cut]);
    }
}

#[test]
fn stacks_are_read() {
    let written = "Current thread 0x00007f3a (most recent call first):\n  File \"/srv/old.py\", line 1 in old\n\n\
        Current thread 0x00007f3a [uvicorn] (most recent call first):\n  File \"/srv/a \"b\", line 2 in c.py\", line 7 in ping\n  \
        File \"/usr/lib/python3/site-packages/loopscope/asyncio_.py\", line 120 in turn\n  File \"<frozen runpy>\", line 88 in _run_code\n  ...\n";
    let frames = frames::parse(written);
    let found: Vec<_> = frames
        .iter()
        .map(|frame| (frame.file.as_str(), frame.line, frame.function.as_str()))
        .collect();
    let expected = [
        ("/srv/a \"b\", line 2 in c.py", 7, "ping"),
        ("<frozen runpy>", 88, "_run_code"),
    ];
    assert_eq!(found, expected);
    for cut in 0..written.len() {
        frames::parse(&written[..cut]);
    }
    let deep = "  File \"a.py\", line 1 in f\n".repeat(1_000);
    assert_eq!(frames::parse(&deep).len(), 128);
}

#[test]
fn system_calls_are_told_apart_on_both_architectures() {
    for (x86, arm, kind) in [
        (230, 115, Held::Sleep),
        (202, 98, Held::Lock),
        (0, 63, Held::Stream),
        (257, 56, Held::File),
        (45, 207, Held::Socket),
        (61, 260, Held::Process),
        (281, 22, Held::Poll),
    ] {
        assert_eq!(held(x86, "x86_64"), Some(kind));
        assert_eq!(held(arm, "aarch64"), Some(kind));
    }
    for nothing in [-1, 39, 100_000, i64::MAX] {
        assert_eq!(held(nothing, "x86_64"), None);
    }
    assert_eq!(held(202, "riscv64"), None);
}

#[test]
fn what_the_kernel_says_of_a_thread_is_read() {
    let status = "Name:\tpython3\nState:\tS (sleeping)\nSigBlk:\t0000000000000000\nSigCgt:\t0000000000008002\nvoluntary_ctxt_switches:\t25\n";
    let sleeping = thread::parse(
        status,
        "230 0x1 0x1 0x7ffd 0x0 0x0 0x0 0x7ffd 0x7f67\n",
        "980406 223668 2\n",
    );
    assert_eq!(
        sleeping.call.map(|call| (call.number, call.first)),
        Some((230, 1))
    );
    assert_eq!((sleeping.runs, sleeping.computed), (false, 980_406));
    assert_eq!(sleeping.handles >> 15 & 1, 1, "signal 16 has a handler");
    assert_eq!(sleeping.handles >> 8 & 1, 0, "signal 9 has none");
    let running = thread::parse("State:\tR (running)\n", "running\n", "");
    assert_eq!(
        (
            running.call,
            running.runs,
            running.computed,
            running.handles
        ),
        (None, true, 0, 0)
    );
    let no_call = thread::parse("State:\tD (disk sleep)\n", "-1 0x7ffd 0x7f67\n", "x");
    assert_eq!((no_call.call, no_call.runs), (None, false));
    assert_eq!(thread::parse("", "", "").call, None);
}
