//! Zoom and pan: the stretch of time that all time panes show, as two numbers.

use crate::layout::axis::Page;
use loopscope_trace::Nanos;

/// No page is shorter: finer than this, a clock tells nothing.
const LEAST: u64 = 10_000;

/// A pan moves by this part of the page.
const PART: u64 = 4;

impl Page {
    /// Half as long, with `at` in the same cell; a moment outside comes to the middle.
    #[must_use]
    pub fn closer(self, at: Nanos) -> Self {
        let length = self.length.0 / 2;
        if length < LEAST {
            return self;
        }
        let before = if self.holds(at) {
            at.since(self.from).0 / 2
        } else {
            length / 2
        };
        Self {
            from: at.since(Nanos(before)),
            length: Nanos(length),
        }
    }

    /// Twice as long, with `at` in the same cell, within `whole`.
    #[must_use]
    pub fn wider(self, at: Nanos, whole: Self) -> Self {
        let length = self.length.0.saturating_mul(2);
        if length >= whole.length.0 {
            return whole;
        }
        let before = if self.holds(at) {
            at.since(self.from).0.saturating_mul(2)
        } else {
            length / 2
        };
        let from = at.since(Nanos(before)).0;
        Self {
            from: Nanos(from.min(whole.length.0 - length)),
            length: Nanos(length),
        }
    }

    /// The stretch before or after, a part of the page away, within `whole`.
    #[must_use]
    pub fn panned(self, later: bool, whole: Self) -> Self {
        let by = self.length.0 / PART;
        let most = whole.length.0.saturating_sub(self.length.0);
        let from = if later {
            self.from.0.saturating_add(by).min(most.max(self.from.0))
        } else {
            self.from.0.saturating_sub(by)
        };
        Self {
            from: Nanos(from),
            ..self
        }
    }

    /// The page as many lengths away as it takes to show `at`.
    #[must_use]
    pub(crate) fn following(self, at: Nanos) -> Self {
        let length = self.length.0.max(1);
        let from = if at < self.from {
            let pages = self.from.since(at).0.div_ceil(length);
            self.from.0.saturating_sub(pages.saturating_mul(length))
        } else if self.holds(at) {
            self.from.0
        } else {
            let pages = at.since(self.from).0 / length;
            self.from.0 + pages * length
        };
        Self {
            from: Nanos(from),
            ..self
        }
    }

    /// Whether a moment is on the page, its two ends included.
    pub const fn holds(self, at: Nanos) -> bool {
        self.from.0 <= at.0 && at.0 <= self.from.0.saturating_add(self.length.0)
    }

    /// The first moment after it.
    pub const fn end(self) -> Nanos {
        Nanos(self.from.0.saturating_add(self.length.0))
    }
}
