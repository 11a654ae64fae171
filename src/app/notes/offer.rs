//! Offers the notes of this screen at a socket: a thread a viewer, the newest page only.

use std::io::Write;
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, MutexGuard};

use crate::app::notes::line::{Lines, PageLine};
use crate::app::notes::{follow, line};
use loopscope_protocol::notes::Page;
use loopscope_protocol::reply::Reply;

/// More viewers than this are turned away: each has its threads.
const VIEWERS: usize = 8;

/// After a failure to accept, such as too many open files.
const REST: Duration = Duration::from_millis(200);

/// The open offer; dropping it takes the socket away and sends the viewers home.
struct Offer {
    broadcast: Arc<Broadcast>,
    socket: PathBuf,
}

/// What the screen writes and the viewers' threads read.
#[derive(Default)]
struct Broadcast {
    shown: Mutex<Latest>,
    changed: Condvar,
    viewers: AtomicUsize,
}

#[derive(Default)]
struct Latest {
    page: Option<Arc<Page>>,
    /// Grows with each page.
    number: u64,
    /// When the lecture and its scenario began.
    lecture: Option<Instant>,
    scenario: Option<Instant>,
    over: bool,
}

impl Offer {
    /// Opens it in the first of the folders that can have it; `None` where none can: a screen
    /// without notes is a whole screen.
    fn open(folders: &[PathBuf], replies: Sender<Reply>) -> Option<Self> {
        let (listener, socket) = follow::listen(folders).ok()?;
        let broadcast = Arc::new(Broadcast::default());
        broadcast.lock().lecture = Some(Instant::now());
        let own = Arc::clone(&broadcast);
        let offer = Self { broadcast, socket };
        let accept = move || own.accept(&listener, &replies);
        let thread = std::thread::Builder::new().name("notes".to_owned());
        thread.spawn(accept).ok()?;
        Some(offer)
    }
}

/// The notes of a screen, offered or not.
#[derive(Default)]
pub(crate) struct Notes(Option<Offer>);

impl Notes {
    /// Offers them from now on; the lecture's clock begins, and the scenario's where one is open.
    pub(crate) fn offer(&mut self, replies: Sender<Reply>, opened: bool) {
        self.0 = Offer::open(&follow::folders(), replies);
        if opened {
            self.opened();
        }
    }

    /// A scenario has been opened: its clock begins.
    pub(crate) fn opened(&self) {
        if let Some(offer) = &self.0 {
            offer.broadcast.lock().scenario = Some(Instant::now());
        }
    }

    /// The page that viewers see from now on.
    pub(crate) fn show(&self, page: Page) {
        let Some(Offer { broadcast, .. }) = &self.0 else {
            return;
        };
        let mut shown = broadcast.lock();
        shown.page = Some(Arc::new(page));
        shown.number += 1;
        drop(shown);
        broadcast.changed.notify_all();
    }
}

impl Drop for Offer {
    fn drop(&mut self) {
        self.broadcast.lock().over = true;
        self.broadcast.changed.notify_all();
        // The accepting thread sleeps until a viewer comes.
        drop(UnixStream::connect(&self.socket));
        drop(std::fs::remove_file(&self.socket));
    }
}

impl Broadcast {
    fn lock(&self) -> MutexGuard<'_, Latest> {
        self.shown.lock()
    }

    fn accept(self: &Arc<Self>, listener: &UnixListener, replies: &Sender<Reply>) {
        loop {
            let viewer = listener.accept();
            if self.lock().over {
                return;
            }
            match viewer {
                Ok((viewer, _)) => self.admit(viewer, replies),
                Err(_) => std::thread::sleep(REST),
            }
        }
    }

    /// Two threads for a viewer: what it reads may stop for as long as it likes, and its keys
    /// arrive nevertheless. Where there is no thread or no room, the viewer is not let in.
    fn admit(self: &Arc<Self>, viewer: UnixStream, replies: &Sender<Reply>) {
        if self.viewers.load(Ordering::Relaxed) >= VIEWERS {
            return;
        }
        let Ok(input) = viewer.try_clone() else {
            return;
        };
        self.viewers.fetch_add(1, Ordering::Relaxed);
        let gone = Arc::new(AtomicUsize::new(0));
        let (told, heard) = (Arc::clone(self), Arc::clone(self));
        let (left, leaves) = (Arc::clone(&gone), gone);
        let replies = replies.clone();
        let tell = move || {
            told.tell(&viewer, &left);
            drop(viewer.shutdown(Shutdown::Both));
            told.viewers.fetch_sub(1, Ordering::Relaxed);
        };
        let hear = move || {
            hear(&input, &replies);
            drop(input.shutdown(Shutdown::Both));
            leaves.store(1, Ordering::Relaxed);
            // Under the lock, so that the other thread cannot miss it between look and sleep.
            drop(heard.lock());
            heard.changed.notify_all();
        };
        let spawn = |name: &str| std::thread::Builder::new().name(name.to_owned());
        if spawn("notes-out").spawn(tell).is_err() {
            self.viewers.fetch_sub(1, Ordering::Relaxed);
            return;
        }
        // Without this thread the viewer sees pages and cannot steer.
        drop(spawn("notes-in").spawn(hear));
    }

    /// Sends the newest page whenever it is another one, until the viewer or the screen has gone.
    fn tell(&self, mut viewer: &UnixStream, left: &AtomicUsize) {
        let mut sent = 0;
        loop {
            let mut shown = self.lock();
            while shown.number == sent && !shown.over && left.load(Ordering::Relaxed) == 0 {
                self.changed.wait(&mut shown);
            }
            if shown.over || left.load(Ordering::Relaxed) > 0 {
                return;
            }
            sent = shown.number;
            let page = shown.page.clone();
            let lasted = |since: Option<Instant>| since.map(|since| since.elapsed());
            let (lecture, scenario) = (lasted(shown.lecture), lasted(shown.scenario));
            drop(shown);
            // The lock is not held while a viewer that has stopped reading is waited for.
            let Some(page) = page else { continue };
            let told = PageLine::new(Page::clone(&page), lecture.unwrap_or_default(), scenario);
            let line = line::of(&told).unwrap_or_default();
            if viewer.write_all(&line).is_err() {
                return;
            }
        }
    }
}

/// Passes keys on; the first line that is none ends it.
fn hear(viewer: &UnixStream, replies: &Sender<Reply>) {
    let mut lines = Lines::short(viewer);
    while let Some(line) = lines.next() {
        let Some(key) = line::to_key(&line) else {
            return;
        };
        if replies.send(Reply::NotesKey(key)).is_err() {
            return;
        }
    }
}
