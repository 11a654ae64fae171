//! What helps against a block, in the words of the frameworks, and which scenario shows it in small.

use crate::moments::timeline::Timeline;
use crate::tracks::block::Holder;
use loopscope_trace::{BlockKind, Language, StackId};

/// What to do about a place that holds a loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// What to do, in one sentence.
    pub words: String,
    /// The id of the scenario that shows the same in small.
    pub scenario: &'static str,
}

/// A library that waits for a socket or a file where it is called, by a part of its files' paths, and what to take
/// instead of it.
// table
const INSTEAD: &[(&str, &str)] = &[
    ("/requests/", "httpx.AsyncClient for requests"),
    ("/urllib3/", "httpx.AsyncClient for urllib3"),
    ("/urllib/", "httpx.AsyncClient for urllib"),
    ("/http/client", "httpx.AsyncClient for http.client"),
    (
        "/httpx/",
        "httpx.AsyncClient for httpx's synchronous client",
    ),
    (
        "/psycopg2/",
        "psycopg's AsyncConnection or asyncpg for psycopg2",
    ),
    ("/psycopg/", "psycopg's AsyncConnection for its Connection"),
    ("/pymysql/", "aiomysql for pymysql"),
    ("/MySQLdb/", "aiomysql for MySQLdb"),
    ("/pymongo/", "pymongo's AsyncMongoClient for MongoClient"),
    ("/redis/", "redis.asyncio for redis"),
    ("/boto", "aioboto3 for boto3"),
    ("/sqlite3", "aiosqlite for sqlite3"),
    (
        "/sqlalchemy/",
        "sqlalchemy.ext.asyncio for its synchronous engine",
    ),
    ("/smtplib", "aiosmtplib for smtplib"),
    ("/paramiko/", "asyncssh for paramiko"),
    ("/ureq-", "reqwest for ureq"),
    ("/src/blocking/", "reqwest's Client for its blocking one"),
    ("/postgres-", "tokio-postgres for postgres"),
    ("/rusqlite-", "tokio-rusqlite or sqlx for rusqlite"),
    ("/diesel-", "diesel-async for diesel"),
    ("/redis-", "redis's aio connection for its synchronous one"),
];

/// What helps against a place that held a loop.
pub fn remedy(timeline: &Timeline, holder: &Holder) -> Remedy {
    let place = Place::of(timeline, holder);
    if place.imports() {
        return Remedy {
            words: "it imports a module for the first time: import it at the head of a file, before the loop begins".to_owned(),
            scenario: scenario(holder.kind),
        };
    }
    if place.is_rust() {
        return Remedy {
            words: of_tokio(&place, holder.kind),
            scenario: scenario(holder.kind),
        };
    }
    let words = match holder.kind {
        BlockKind::Sleep => format!("await asyncio.sleep() instead; or {}", place.pool()),
        BlockKind::Cpu => format!(
            "a thread would only share CPython's lock: compute it in a process ({}), or in parts with an await between them",
            "loop.run_in_executor with a ProcessPoolExecutor"
        ),
        BlockKind::Native => format!(
            "C code that keeps CPython's lock stops every thread: do less of it at once, or do it in a process; where it lets go of the lock, {}",
            place.pool()
        ),
        BlockKind::Lock | BlockKind::Task => {
            format!(
                "take asyncio.Lock where only tasks ask for it; or {}",
                place.pool()
            )
        }
        BlockKind::File => format!("{}; or take anyio.open_file", place.pool()),
        BlockKind::Socket => match place.instead() {
            Some(instead) => format!("take {instead}; or {}", place.pool()),
            None => format!("take a client that can be awaited; or {}", place.pool()),
        },
        BlockKind::Process => format!(
            "asyncio.create_subprocess_exec instead of subprocess; or {}",
            place.pool()
        ),
        BlockKind::Unknown => match place.instead() {
            Some(instead) => format!("take {instead}; or {}", place.pool()),
            None => place.pool(),
        },
    };
    Remedy {
        words,
        scenario: scenario(holder.kind),
    }
}

/// What helps in a tokio program.
fn of_tokio(place: &Place, kind: BlockKind) -> String {
    const POOL: &str = "hand the work to tokio::task::spawn_blocking";
    match kind {
        BlockKind::Sleep => format!("await tokio::time::sleep() instead; or {POOL}"),
        BlockKind::Cpu | BlockKind::Native => format!(
            "{POOL} or to threads of your own and await its end; or compute in parts with tokio::task::yield_now().await between them"
        ),
        BlockKind::Lock | BlockKind::Task => format!(
            "hold such a lock for a moment only, and take tokio::sync::Mutex where it is held for longer; or {POOL}"
        ),
        BlockKind::File => format!("take tokio::fs instead of std::fs; or {POOL}"),
        BlockKind::Process => {
            format!("take tokio::process instead of std::process; or {POOL}")
        }
        BlockKind::Socket | BlockKind::Unknown => match place.instead() {
            Some(instead) => format!("take {instead}; or {POOL}"),
            None if kind == BlockKind::Socket => {
                format!("take a client that can be awaited, as tokio::net; or {POOL}")
            }
            None => POOL.to_owned(),
        },
    }
}

/// The scenario that shows such a block in small.
const fn scenario(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Cpu => "cpu-loop",
        BlockKind::Native => "large-json",
        BlockKind::Lock | BlockKind::Task => "sync-facade-deadlock",
        BlockKind::File => "upload",
        BlockKind::Sleep | BlockKind::Socket | BlockKind::Process | BlockKind::Unknown => {
            "blocking-sleep"
        }
    }
}

/// Where a block is.
struct Place<'a> {
    timeline: &'a Timeline,
    stack: Option<StackId>,
    /// The function that holds the loop, and whether clients reach it by a route.
    function: Option<(&'a str, bool)>,
}

impl<'a> Place<'a> {
    fn of(timeline: &'a Timeline, holder: &Holder) -> Self {
        let story = timeline.story();
        let own = timeline.own_function(holder);
        let function = own.and_then(|id| story.function(id));
        Self {
            timeline,
            stack: holder.stack,
            function: function.map(|row| (row.name.as_str(), row.route.is_some())),
        }
    }

    /// Whether it stands in a Rust program.
    fn is_rust(&self) -> bool {
        let trace = self.timeline.trace();
        let frames = self.stack.map_or(&[][..], |stack| trace.stack(stack));
        let file = frames.first().and_then(|step| trace.story.file_of(*step));
        file.is_some_and(|file| file.language == Language::Rust)
    }

    /// How the work comes to a thread of the pool.
    fn pool(&self) -> String {
        match self.function {
            Some((name, true)) => {
                format!("make {name} a plain def; or hand the work to run_in_threadpool")
            }
            _ => "hand the work to asyncio.to_thread".to_owned(),
        }
    }

    /// Whether a module is imported there.
    fn imports(&self) -> bool {
        let trace = self.timeline.trace();
        let frames = self.stack.map_or(&[][..], |stack| trace.stack(stack));
        let mut paths = frames.iter().filter_map(|step| trace.story.file_of(*step));
        paths.any(|file| file.path.contains("importlib._bootstrap"))
    }

    /// A library in the stack that has something to take instead of it.
    fn instead(&self) -> Option<&'static str> {
        let trace = self.timeline.trace();
        let frames = trace.stack(self.stack?).iter();
        let paths = frames.filter_map(|step| trace.story.file_of(*step));
        let mut rows = paths.filter_map(|file| {
            let mut rows = INSTEAD.iter();
            rows.find(|(part, _)| file.path.contains(part))
        });
        rows.next_back().map(|(_, instead)| *instead)
    }
}
