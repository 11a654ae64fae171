//! Which pane goes where, at each of the four sizes.

use ratatui::layout::Rect;

use crate::layout::pane::{Kind, Needs, Pane, Size};
use crate::layout::plan::Plan;

impl Plan {
    /// From 80x24 on.
    pub(crate) fn full(&mut self, needs: &Needs) {
        let body = self.body();
        let shown = |kind: Kind| needs.panes.show(kind.digit()).then_some(kind);
        let (code, picture) = (shown(Kind::Code), shown(Kind::Picture));
        let lower = needs.panes.metrics()
            || needs.why
            || [3, 4, 5, 6].iter().any(|digit| needs.panes.show(*digit));
        let least = if self.size == Size::Roomy { 13 } else { 8 };
        let air = u16::from(self.size == Size::Roomy) * 2;
        let top = if code.is_none() && picture.is_none() {
            0
        } else if !lower {
            body.height
        } else if code.is_some() {
            let spare = body.height.saturating_sub(least + 11) / 2;
            least + (needs.code + air + 1).saturating_sub(least).min(spare)
        } else {
            least
        };
        let (upper, rest) = cut(body, top);
        self.beside(code, picture, upper);
        if needs.metrics() {
            let output = needs.output();
            // One wide row a figure needs more than half of a narrow window.
            let beside = output.filter(|_| rest.width >= 110);
            self.beside(beside, Some(Kind::Metrics), rest);
        } else if lower && needs.crowd {
            self.crowd(needs, rest);
        } else if lower {
            self.details(needs, rest);
        }
    }

    /// Output left; lanes, threads and findings right.
    fn details(&mut self, needs: &Needs, area: Rect) {
        let column = [4, 5, 6].iter().any(|digit| needs.panes.show(*digit));
        let right = match (needs.output(), column) {
            (Some(output), true) => {
                let (left, right) = self.halves(area);
                self.pane(output, left);
                right
            }
            (Some(output), false) => return self.pane(output, area),
            (None, _) => area,
        };
        self.column(needs, right);
    }

    /// Lanes, threads and findings, one above the other.
    fn column(&mut self, needs: &Needs, area: Rect) {
        let air = u16::from(self.size == Size::Roomy) * 2;
        let lanes = needs.panes.show(4);
        let threads = needs.panes.show(5);
        let alone = !lanes && !threads;
        let found = needs.panes.show(6) && (area.height >= 19 || alone);
        let found_rows = match (found, alone) {
            (false, _) => 0,
            (true, true) => area.height,
            (true, false) => 7,
        };
        let room = area.height - found_rows;
        let threads_rows = match (threads, lanes) {
            (false, _) => 0,
            (true, false) => room,
            (true, true) => {
                // The lanes come first, with a blank row; two rows of threads are the least.
                let left = room.saturating_sub(needs.lanes + air + 2);
                let least = 3 + u16::from(needs.gil);
                left.clamp(least, (needs.threads + air + 3).max(least))
            }
        };
        let lanes_rows = if lanes {
            room.saturating_sub(threads_rows)
        } else {
            0
        };
        let (first, rest) = cut(area, lanes_rows);
        let (second, third) = cut(rest, threads_rows);
        if lanes {
            self.pane(Kind::Lanes, first);
        }
        if threads {
            self.pane(Kind::Threads, second);
        }
        if found {
            self.pane(Kind::Found, third);
        }
    }

    /// The grid over the whole width; output and pool below.
    fn crowd(&mut self, needs: &Needs, area: Rect) {
        let air = u16::from(self.size == Size::Roomy) * 2;
        let below = needs.why || [3, 5, 6].iter().any(|digit| needs.panes.show(*digit));
        let grid = if !needs.panes.show(4) {
            0
        } else if below {
            (needs.grid.max(5) + 1 + air).min(area.height.saturating_sub(5))
        } else {
            area.height
        };
        let (upper, rest) = cut(area, grid);
        if grid > 0 {
            self.pane(Kind::Grid, upper);
        }
        if needs.why && rest.height < 12 {
            // Whole sentences need the whole width.
            return self.pane(Kind::Why, rest);
        }
        let shown = |kind: Kind| needs.panes.show(kind.digit()).then_some(kind);
        let (pool, found) = (shown(Kind::Pool), shown(Kind::Found));
        if rest.height < 12 || found.is_none() || pool.is_none() {
            let right = pool.or(found.filter(|_| rest.height >= 8));
            self.beside(needs.output(), right, rest);
            return;
        }
        let right = if let Some(output) = needs.output() {
            let (left, right) = self.halves(rest);
            self.pane(output, left);
            right
        } else {
            rest
        };
        let (above, below) = cut(right, right.height - 6);
        self.pane(Kind::Pool, above);
        self.pane(Kind::Found, below);
    }

    /// From 60x15 on: the loop in one row, three or five lines of code beside the output.
    pub(crate) fn medium(&mut self, needs: &Needs) {
        let mut rest = self.body();
        if needs.panes.show(2) {
            let (row, below) = cut(rest, 1 + u16::from(self.spread));
            self.panes.push(Pane {
                kind: Kind::PictureRow,
                area: Rect { height: 1, ..row },
            });
            rest = below;
        }
        let shown = |kind: Kind| needs.panes.show(kind.digit()).then_some(kind);
        // Whole sentences need the whole width.
        let code = shown(Kind::Code).filter(|_| !needs.why);
        let output = needs.output();
        let lanes = if needs.metrics() {
            Some(Kind::Metrics)
        } else {
            // What gives way here stays where there is nothing else in its place.
            shown(if needs.crowd { Kind::Grid } else { Kind::Lanes })
                .or(shown(Kind::Threads))
                .or(shown(Kind::Found))
        };
        let lines = if rest.height >= 15 || needs.why { 5 } else { 3 };
        let upper = match (code.or(output), lanes) {
            (None, _) => 0,
            (Some(_), None) => rest.height,
            (Some(_), Some(_)) => (lines + 1).min(rest.height / 2),
        };
        let (above, below) = cut(rest, upper);
        self.beside(code, output, above);
        if let Some(kind) = lanes {
            self.pane(kind, below);
        }
    }

    /// From 40x10 on: the loop's lane, the heartbeat, the selected lane, the last line of output.
    pub(crate) fn small(&mut self, needs: &Needs) {
        let body = self.body();
        let output = if needs.output().is_some() && body.height >= 5 {
            let spare = body.height.saturating_sub(4 + needs.lanes.min(6));
            let wanted = if needs.why { 8 } else { (2 + spare).min(6) };
            wanted.min(body.height - 3)
        } else {
            0
        };
        let (lanes, below) = cut(body, body.height - output);
        self.pane(Kind::Lanes, lanes);
        if let Some(kind) = needs.output().filter(|_| output > 0) {
            self.pane(kind, below);
        }
    }
}

/// The first `rows` rows, and the others.
fn cut(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (
        Rect {
            height: rows,
            ..area
        },
        Rect {
            y: area.y + rows,
            height: area.height - rows,
            ..area
        },
    )
}
