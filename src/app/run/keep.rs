//! Of a program that is watched without an end, only the last stretch is kept.

use std::time::Duration;

use loopscope_protocol::reply::Reply;
use loopscope_timeline::Timeline;
use loopscope_trace::{Batch, Nanos, Story, Stretch, Window};

/// How many events are kept at most, however short the time in which they happened.
const MOST: usize = 1_000_000;

/// What the asker sees of a run, and what it will see once that has become too long.
pub(crate) struct Keep {
    run: u32,
    story: Story,
    /// How long the stretch is at least.
    length: Nanos,
    window: Window,
    /// What the asker sees; the whole run as long as there is none.
    shown: Option<Stretch>,
    from: Nanos,
    events: usize,
    next: Option<Next>,
}

/// A trace that has begun and is not long enough yet.
struct Next {
    stretch: Stretch,
    timeline: Timeline,
    from: Nanos,
    events: usize,
}

impl Keep {
    pub(crate) fn new(run: u32, story: Story, length: Duration) -> Self {
        Self {
            run,
            story,
            length: length.into(),
            window: Window::default(),
            shown: None,
            from: Nanos::ZERO,
            events: 0,
            next: None,
        }
    }

    /// What the asker is told of a batch: the batch, or, where what it sees has become too long, all that it sees from
    /// now on.
    pub(crate) fn tell(&mut self, batch: Batch) -> Reply {
        self.window.add(&batch);
        self.events += batch.events.len();
        if let Some(next) = &mut self.next {
            let own = next.stretch.batch(&self.window, &batch);
            next.events += own.events.len();
            next.timeline.extend(own);
        }
        let upto = batch.upto;
        if self.is_long(
            self.next.as_ref().map(|next| (next.from, next.events)),
            upto,
        ) && let Some(next) = self.next.take()
        {
            (self.from, self.events) = (next.from, next.events);
            self.shown = Some(next.stretch);
            return Reply::Windowed {
                run: self.run,
                from: next.from,
                timeline: Box::new(next.timeline),
            };
        }
        if self.next.is_none() && self.is_long(Some((self.from, self.events)), upto) {
            self.next = Some(self.begin(upto));
        }
        let batch = match &mut self.shown {
            Some(shown) => shown.batch(&self.window, &batch),
            None => batch,
        };
        Reply::Batch {
            run: self.run,
            batch,
        }
    }

    fn is_long(&self, since: Option<(Nanos, usize)>, upto: Nanos) -> bool {
        since.is_some_and(|(from, events)| upto.since(from) >= self.length || events >= MOST / 2)
    }

    fn begin(&self, upto: Nanos) -> Next {
        let (stretch, first) = self.window.begin(upto);
        let mut timeline = Timeline::new(self.story.clone());
        let events = first.events.len();
        timeline.extend(first);
        Next {
            stretch,
            timeline,
            from: upto,
            events,
        }
    }
}
