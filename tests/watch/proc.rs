//! What is read of `/proc`, and what of a stack: texts as kernels and compilers write them.

use loopscope_stack::meaning::name::{krate, short};
use loopscope_stack::meaning::owner::{Owner, owner, root};
use loopscope_stack::meaning::work::work;
use loopscope_stack::proc::thread::{Call, Ran, call, ran};
use loopscope_stack::proc::{family, maps, rights};
use loopscope_stack::{Doing, Frame, Role};

#[test]
fn mappings() {
    let text = "\
55d0c0a00000-55d0c0a42000 r--p 00000000 fe:00 5892572                    /srv/my app (deleted)
55d0c0a42000-55d0c0b00000 r-xp 00041000 fe:00 5892572                    /srv/my app (deleted)
55d0c1a00000-55d0c1b00000 rw-p 00000000 00:00 0                          [heap]
7eff112bc000-7eff112be000 r-xp 00000000 00:00 0                          [vdso]
7eff11300000-7eff11400000 rw-p 00000000 00:00 0 
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
this is none
";
    let all = maps::parse(text);
    let paths: Vec<&str> = all.iter().map(|mapping| mapping.path.as_str()).collect();
    let app = "/srv/my app (deleted)";
    assert_eq!(paths, [app, app, "[heap]", "[vdso]", "", "[vsyscall]"]);
    assert_eq!((all[1].offset, all[1].inode), (0x41000, 5_892_572));
    let run: Vec<bool> = all.iter().map(|mapping| mapping.executable).collect();
    assert_eq!(run, [false, true, false, true, false, true]);
}

#[test]
fn threads() {
    assert_eq!(call("running\n"), Some(Call::Runs));
    let sleeps = "230 0x1 0x0 0x7ffc1 0x0 0x0 0x0 0x7ffc8d10 0x7f5d10ec\n";
    let waits = Call::Waits {
        number: 230,
        first: 1,
        sp: 0x7ffc_8d10,
        pc: 0x7f5d_10ec,
    };
    assert_eq!(call(sleeps), Some(waits));
    let outside = Call::Waits {
        number: -1,
        first: 0,
        sp: 0x10,
        pc: 0x20,
    };
    // In a fault there is no call, and no arguments.
    assert_eq!(call("-1 0x10 0x20\n"), Some(outside));
    for wrong in ["", "0", "running on", "1 x y", "1 0x1 0x2 0x3z"] {
        assert_eq!(call(wrong), None, "{wrong:?}");
    }
    let three = Ran {
        on: 12,
        waited: 3,
        times: 7,
    };
    assert_eq!(ran("12 3 7\n"), Some(three));
    assert_eq!(ran("12 3\n"), None);
}

#[test]
fn processes() {
    let stat = "71 (my (odd) name) S 12 71 71 0 -1 4194304";
    let member = family::parse(stat).expect("a process");
    assert_eq!((member.pid, member.parent, member.is_over), (71, 12, false));
    assert!(family::parse("72 (x) Z 12 0").is_some_and(|member| member.is_over));
    assert_eq!(family::parse("72 x Z 12"), None);
    assert_eq!(
        rights::user("Name:\tx\nUid:\t1000\t1001\t1000\t1000\n"),
        Some(1001)
    );
    assert!(family::descendants(std::process::id()).contains(&std::process::id()));
}

#[test]
fn names() {
    let cases = [
        ("app::handler::{{closure}}", "handler", "app"),
        ("app::handler::{closure#0}", "handler", "app"),
        ("<app::Api<T> as tower::Service<R>>::call", "call", "app"),
        ("<&mut app::Api>::call::<u8>", "call", "app"),
        (
            "poll<app::main::{async_fn_env#0}, std::sync::Arc<()>>",
            "poll",
            "poll",
        ),
        (
            "core::ops::function::FnOnce::call_once",
            "call_once",
            "core",
        ),
        ("{closure#0}", "?", ""),
        ("", "?", ""),
    ];
    for (function, name, of) in cases {
        assert_eq!(
            (short(function).as_str(), krate(function)),
            (name, of),
            "{function}"
        );
    }
}

#[test]
fn owners() {
    let package = |name: &str| Owner::Package(name.to_owned());
    let registry = "/c/registry/src/index-6f17d22bba15001f";
    let cases = [
        (
            format!("{registry}/tokio-1.54.1/src/runtime/park.rs"),
            package("tokio"),
        ),
        (
            format!("{registry}/axum-0.9.0-rc.1/src/serve.rs"),
            package("axum"),
        ),
        (
            format!("{registry}/md-5-0.10.6/src/lib.rs"),
            package("md-5"),
        ),
        (
            "/ci/git/checkouts/h2-3f2d/1a2b3c4/src/lib.rs".to_owned(),
            package("h2"),
        ),
        (
            "/rustc/5980/library/core/src/ops/function.rs".to_owned(),
            Owner::Std,
        ),
        (
            "/t/lib/rustlib/src/rust/library/std/src/io.rs".to_owned(),
            Owner::Std,
        ),
        ("/w/registry/src/main.rs".to_owned(), Owner::User),
        ("src/main.rs".to_owned(), Owner::User),
        (String::new(), Owner::Unknown),
    ];
    for (path, whose) in cases {
        assert_eq!(owner(&path), whose, "{path}");
    }
    let file = format!("{registry}/bat-0.25.0/src/bin/bat/main.rs");
    assert_eq!(root(&file), Some(format!("{registry}/bat-0.25.0").as_str()));
}

/// Frames from the innermost out: `function file`.
fn frames(lines: &[&str]) -> Vec<Frame> {
    let frame = |line: &&str| {
        let (function, file) = line.split_once(' ').unwrap_or((line, ""));
        let file = file.replace("tokio:", "/c/registry/src/i/tokio-1.54.1/src/");
        Frame {
            function: function.to_owned(),
            owner: match owner(&file) {
                Owner::Unknown if function.starts_with("tokio::") => {
                    Owner::Package("tokio".to_owned())
                }
                Owner::Unknown => Owner::Std,
                known => known,
            },
            file,
            line: 1,
            sp: 0,
        }
    };
    lines.iter().map(frame).collect()
}

const POLL: &str = "poll tokio:runtime/task/raw.rs";
const WORKER: &str = "run tokio:runtime/scheduler/multi_thread/worker.rs";
const POOL: &str = "run tokio:runtime/blocking/pool.rs";

#[test]
#[expect(clippy::too_many_lines, reason = "one row a stack")]
fn what_a_thread_does_is_told_by_the_outermost_frame_below_its_loop() {
    let cases: &[(&[&str], Role, Doing)] = &[
        (
            &[
                "nanosleep",
                "app::h /w/src/main.rs",
                POLL,
                WORKER,
                POLL,
                POOL,
            ],
            Role::Worker,
            Doing::Poll,
        ),
        // A task that blocks on another runtime holds its worker all the same.
        (
            &[
                "park tokio:runtime/park.rs",
                "block_on tokio:runtime/park.rs",
                POLL,
                WORKER,
                POLL,
                POOL,
            ],
            Role::Worker,
            Doing::Poll,
        ),
        (
            &[
                "epoll_wait",
                "park_internal tokio:runtime/scheduler/multi_thread/worker.rs",
                WORKER,
                POLL,
                POOL,
            ],
            Role::Worker,
            Doing::Parked,
        ),
        (
            &[
                "next_task tokio:runtime/scheduler/multi_thread/worker.rs",
                WORKER,
                POLL,
                POOL,
            ],
            Role::Worker,
            Doing::Between,
        ),
        (&["syscall", POOL], Role::Pool, Doing::Parked),
        (
            &["nanosleep", "app::work /w/src/main.rs", POLL, POOL],
            Role::Pool,
            Doing::Job,
        ),
        (
            &[
                "epoll_wait",
                "park tokio:runtime/scheduler/current_thread/mod.rs",
                "block_on tokio:runtime/scheduler/current_thread/mod.rs",
                "app::main /w/src/main.rs",
            ],
            Role::CurrentThread,
            Doing::Parked,
        ),
        (
            &[
                "read",
                "app::main /w/src/main.rs",
                "block_on tokio:runtime/scheduler/current_thread/mod.rs",
                "app::main /w/src/main.rs",
            ],
            Role::CurrentThread,
            Doing::Poll,
        ),
        (
            &[
                "syscall",
                "park tokio:runtime/park.rs",
                "block_on tokio:runtime/park.rs",
                "app::main /w/src/main.rs",
            ],
            Role::BlockOn,
            Doing::Parked,
        ),
        (
            &["read", "app::main /w/src/main.rs"],
            Role::Other,
            Doing::Outside,
        ),
        (
            &[
                "nanosleep",
                "app::h /w/src/main.rs",
                "block_in_place tokio:runtime/scheduler/multi_thread/worker.rs",
                "app::h /w/src/main.rs",
                POLL,
                WORKER,
                POLL,
                POOL,
            ],
            Role::Pool,
            Doing::Job,
        ),
        // Functions without files, as in a program without lines.
        (
            &[
                "syscall",
                "tokio::runtime::scheduler::multi_thread::park::Parker::park",
                "tokio::runtime::scheduler::multi_thread::worker::run",
            ],
            Role::Worker,
            Doing::Parked,
        ),
        (&[], Role::Other, Doing::Outside),
    ];
    for (lines, role, doing) in cases {
        let found = work(&frames(lines));
        assert_eq!((found.role, found.doing), (*role, *doing), "{lines:#?}");
    }
    let frames = frames(&[
        "sleep /rustc/1/library/std/src/t.rs",
        "app::inner /w/src/a.rs",
        "app::outer /w/src/b.rs",
        POLL,
        WORKER,
    ]);
    let found = work(&frames);
    assert_eq!((found.place, found.polled), (Some(1), Some(2)));
}
