//! Futures that are only polled while the next one is asked for (`buffered`), and ticks that come whether anything waits
//! for them or not (`interval`).

use std::collections::{BTreeMap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task;
use std::task::{Poll, Wake, Waker};

use loopscope_probe::Coroutine;
use loopscope_trace::{EventKind, Nanos, TaskId, WaitOn};
use parking_lot::Mutex;

use crate::engine::steps::context::Context;
use crate::engine::steps::frame::{Frame, Ticks};
use crate::engine::steps::group::count;
use crate::engine::steps::job::Flow;
use crate::engine::steps::task::coroutine;
use crate::scenario::model::expression::{Call, Value};
use crate::scenario::model::step::{Missed, Step};

type Made = Coroutine<(Flow, Value)>;

/// How many futures are polled at once, and whether each result comes as it is there.
#[derive(Clone, Copy)]
pub(crate) struct Buffer {
    pub(crate) most: usize,
    pub(crate) unordered: bool,
}

/// Does a body for each result of futures that this task polls while it waits for the next result, and only then.
pub(crate) async fn buffered(
    cx: &Context,
    (calls, buffer): (&[Call], Buffer),
    into: Option<&String>,
    body: &[Step],
    frame: &Frame,
) -> Flow {
    let waiting = calls.iter().map(|call| coroutine(cx, call, frame));
    let mut futures = Futures::new(waiting.collect(), buffer);
    loop {
        futures.tell(|future| cx.polls(future));
        let next = poll_fn(|context| {
            let next = futures.poll(cx, context);
            if next.is_pending() {
                cx.waits_for(WaitOn::Futures(count(futures.polled.len())));
            }
            next
        });
        let Some((flow, value)) = next.await else {
            return Flow::Continue;
        };
        if flow == Flow::Halted {
            return flow;
        }
        futures.tell(|future| cx.leaves(future));
        cx.put(frame, into, value);
        let flow = cx.run(body, frame).await;
        if flow != Flow::Continue {
            return flow;
        }
    }
}

/// Futures of one task, as `FuturesUnordered` has them: those that were woken are polled, in the order of their wakes.
struct Futures {
    /// What has not been polled yet.
    waiting: VecDeque<Made>,
    /// What has not ended, by its place.
    polled: BTreeMap<usize, (Made, Arc<Place>)>,
    /// Results that have to wait for those before them.
    ended: BTreeMap<usize, (Flow, Value)>,
    woken: Arc<Woken>,
    buffer: Buffer,
    /// How many were polled, and how many results have been handed on.
    begun: usize,
    handed: usize,
}

/// The places of futures that were woken, in order.
#[derive(Default)]
struct Woken {
    places: Mutex<VecDeque<usize>>,
    task: Mutex<Option<Waker>>,
}

/// Wakes one of the futures.
struct Place {
    place: usize,
    is_queued: AtomicBool,
    woken: Arc<Woken>,
}

impl Wake for Place {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.is_queued.swap(true, Ordering::AcqRel) {
            self.woken.places.lock().push_back(self.place);
        }
        let task = self.woken.task.lock().clone();
        if let Some(task) = task {
            task.wake();
        }
    }
}

impl Futures {
    fn new(waiting: VecDeque<Made>, buffer: Buffer) -> Self {
        Self {
            waiting,
            polled: BTreeMap::new(),
            ended: BTreeMap::new(),
            woken: Arc::default(),
            buffer,
            begun: 0,
            handed: 0,
        }
    }

    fn tell(&self, mut tell: impl FnMut(TaskId)) {
        for (future, _) in self.polled.values() {
            tell(future.id());
        }
    }

    /// Takes so many into the buffer as have room there. A result that waits for others has its place there, too.
    fn fill(&mut self, cx: &Context) {
        while self.polled.len() + self.ended.len() < self.buffer.most {
            let Some(future) = self.waiting.pop_front() else {
                return;
            };
            cx.polls(future.id());
            let place = Arc::new(Place {
                place: self.begun,
                is_queued: AtomicBool::new(true),
                woken: Arc::clone(&self.woken),
            });
            self.woken.places.lock().push_back(self.begun);
            self.polled.insert(self.begun, (future, place));
            self.begun += 1;
        }
    }

    /// The next result; nothing where none is left.
    fn poll(
        &mut self,
        cx: &Context,
        context: &mut task::Context<'_>,
    ) -> Poll<Option<(Flow, Value)>> {
        self.fill(cx);
        *self.woken.task.lock() = Some(context.waker().clone());
        if let Some(next) = self.ended.remove(&self.handed) {
            self.handed += 1;
            return Poll::Ready(Some(next));
        }
        let (all, mut polled) = (self.polled.len(), 0);
        loop {
            let Some(place) = self.woken.places.lock().pop_front() else {
                let is_over = self.polled.is_empty() && self.waiting.is_empty();
                return if is_over {
                    Poll::Ready(None)
                } else {
                    Poll::Pending
                };
            };
            let Some((future, waker)) = self.polled.get_mut(&place) else {
                continue;
            };
            waker.is_queued.store(false, Ordering::Release);
            let waker = Waker::from(Arc::clone(waker));
            let own = Pin::new(future).poll(&mut task::Context::from_waker(&waker));
            match own {
                Poll::Ready(ended) => {
                    self.polled.remove(&place);
                    if self.buffer.unordered || place == self.handed {
                        self.handed += 1;
                        return Poll::Ready(Some(ended));
                    }
                    self.ended.insert(place, ended);
                }
                Poll::Pending => {
                    polled += 1;
                    // When each has had its turn, others than these futures get theirs.
                    if polled == all {
                        context.waker().wake_by_ref();
                        return Poll::Pending;
                    }
                }
            }
        }
    }
}

/// Later than this a tick was missed, as tokio has it.
const LATE: Nanos = Nanos::from_millis(5);

/// Makes an interval, whose first tick is due at once.
pub(crate) fn interval(cx: &Context, name: &str, period: Nanos, missed: Missed, frame: &Frame) {
    let due = cx.state.host.now();
    let ticks = Ticks {
        due,
        // tokio panics where it is nothing.
        period: period.max(Nanos(1)),
        missed,
    };
    frame.set_ticks(name, ticks);
}

/// Waits for the next tick of an interval. One that is due was missed, and comes at once.
pub(crate) async fn tick(cx: &Context, name: &str, frame: &Frame) {
    let Some(ticks) = frame.ticks(name) else {
        return;
    };
    let host = &cx.state.host;
    let mut timer = host.sleep_until(ticks.due);
    let mut is_told = false;
    poll_fn(|context| {
        let over = timer.as_mut().poll(context);
        if over.is_pending() && !std::mem::replace(&mut is_told, true) {
            cx.waits_for_timer(ticks.due);
        }
        over
    })
    .await;
    let now = host.now();
    cx.state.recorder.record(EventKind::Ticked {
        task: cx.task(),
        due: ticks.due,
    });
    frame.set_ticks(name, ticks.after(now, LATE));
}
