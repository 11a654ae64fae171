//! Events that tasks wait for: asyncio's `Event` and `Condition`, tokio's `Notify`.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use loopscope_trace::{NamedEventKind, Notice};
use parking_lot::Mutex;

use crate::engine::state::open::Open;

/// An event of the story.
#[derive(Debug)]
pub(crate) struct NamedEvent {
    kind: NamedEventKind,
    waits: Mutex<Waits>,
}

/// Who waits, who is woken and has not gone on yet, and what is kept for who comes.
#[derive(Debug, Default)]
struct Waits {
    /// It is set, or has a permit.
    is_kept: bool,
    number: u64,
    waiting: VecDeque<(u64, Waker)>,
    woken: BTreeMap<u64, Woken>,
}

/// A waiter that was woken: it keeps the run open until it goes on.
#[derive(Debug)]
struct Woken {
    /// It alone was to be woken.
    alone: bool,
    _open: Open,
}

impl NamedEvent {
    pub(crate) fn new(event: &loopscope_trace::NamedEvent) -> Self {
        Self {
            kind: event.kind,
            waits: Mutex::default(),
        }
    }

    /// Sets, clears or notifies it; `tell` is told how many that wakes and whether it is kept.
    pub(crate) fn notify(
        &self,
        how: Notice,
        open: impl Fn() -> Open,
        tell: impl FnOnce(u16, bool),
    ) {
        let mut waits = self.waits.lock();
        let all = waits.waiting.len();
        let (count, kept) = match how {
            Notice::Set => (all, true),
            Notice::Cleared => (0, false),
            Notice::All => (all, false),
            // There is room for one permit.
            Notice::One => {
                let keeps = self.kind == NamedEventKind::Notify && all == 0;
                (all.min(1), keeps && !waits.is_kept)
            }
        };
        match how {
            Notice::Cleared => waits.is_kept = false,
            _ => waits.is_kept |= kept,
        }
        tell(u16::try_from(count).unwrap_or(u16::MAX), kept);
        let woken = waits.wake(count, how == Notice::One, open);
        drop(waits);
        woken.into_iter().for_each(Waker::wake);
    }

    /// Whether who waits now passes at once.
    pub(crate) fn is_kept(&self) -> bool {
        self.waits.lock().is_kept
    }

    /// Waits for it; `open` keeps the run open for one whose wake-up is passed on.
    pub(crate) fn wait<F: Fn() -> Open>(&self, open: F) -> Wait<'_, F> {
        Wait {
            event: self,
            number: None,
            open,
        }
    }
}

impl Waits {
    fn wake(&mut self, count: usize, alone: bool, open: impl Fn() -> Open) -> Vec<Waker> {
        let first: Vec<(u64, Waker)> = self.waiting.drain(..count).collect();
        let woken = first.iter().map(|(number, _)| {
            let _open = open();
            (*number, Woken { alone, _open })
        });
        self.woken.extend(woken);
        first.into_iter().map(|(_, waker)| waker).collect()
    }
}

/// A wait for an event.
pub(crate) struct Wait<'a, F: Fn() -> Open> {
    event: &'a NamedEvent,
    /// Its place among those who wait, once it does.
    number: Option<u64>,
    open: F,
}

impl<F: Fn() -> Open + Unpin> Future for Wait<'_, F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let mut waits = this.event.waits.lock();
        let Some(number) = this.number else {
            if waits.is_kept {
                waits.is_kept = this.event.kind == NamedEventKind::Event;
                return Poll::Ready(());
            }
            waits.number += 1;
            let number = waits.number;
            waits.waiting.push_back((number, cx.waker().clone()));
            this.number = Some(number);
            return Poll::Pending;
        };
        if let Some(woken) = waits.woken.remove(&number) {
            this.number = None;
            drop(waits);
            drop(woken);
            return Poll::Ready(());
        }
        let mut waiting = waits.waiting.iter_mut();
        if let Some((_, waker)) = waiting.find(|(other, _)| *other == number) {
            waker.clone_from(cx.waker());
        }
        Poll::Pending
    }
}

impl<F: Fn() -> Open> Drop for Wait<'_, F> {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        let mut waits = self.event.waits.lock();
        waits.waiting.retain(|(other, _)| *other != number);
        let woken = waits.woken.remove(&number);
        let mut next = Vec::new();
        // tokio hands a wake-up on that came too late; asyncio does not.
        if woken.as_ref().is_some_and(|woken| woken.alone)
            && self.event.kind == NamedEventKind::Notify
        {
            let count = waits.waiting.len().min(1);
            waits.is_kept |= count == 0;
            next = waits.wake(count, true, &self.open);
        }
        drop(waits);
        next.into_iter().for_each(Waker::wake);
        drop(woken);
    }
}
