//! Which pane goes where, at each of the four sizes.

use ratatui::layout::Rect;

use crate::layout::plan::{Needs, Placed, Plan, Size};
use crate::settings::panes::PaneId;

impl Plan {
    /// From 80x24 on.
    pub(crate) fn full(&mut self, needs: &Needs) {
        let body = self.body();
        let (code, picture) = (needs.shown(PaneId::Code), needs.shown(PaneId::Picture));
        let lower = needs.lower();
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
        if let Some(whole) = needs.whole() {
            let output = needs.output();
            // One wide row a figure needs more than half of a narrow window.
            let beside = output.filter(|_| rest.width >= 110);
            self.beside(beside, Some(whole), rest);
        } else if needs.watched && needs.panes.shows(PaneId::Found) {
            let rows = if self.size == Size::Roomy { 8 } else { 4 };
            let (above, below) = cut(rest, rest.height.saturating_sub(rows));
            let needs = Needs {
                panes: needs.panes.without(PaneId::Found),
                ..*needs
            };
            self.details(&needs, above);
            self.pane(PaneId::Found, below);
        } else if lower && needs.crowd {
            self.crowd(needs, rest);
        } else if lower {
            self.details(needs, rest);
        }
    }

    /// Output left; lanes, threads and findings right.
    fn details(&mut self, needs: &Needs, area: Rect) {
        let column = needs.panes.shows(PaneId::Lanes)
            || needs.panes.shows(PaneId::Threads)
            || !needs.low().is_empty();
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
        let lanes = needs.panes.shows(PaneId::Lanes);
        let threads = needs.panes.shows(PaneId::Threads);
        let alone = !lanes && !threads;
        let mut low = needs.low();
        let mut room = area.height;
        let last = low.len().saturating_sub(1);
        for (place, (_, rows)) in low.iter_mut().enumerate() {
            *rows = match alone {
                true if place == last => room,
                true => room.min(*rows),
                // Twelve rows of lanes and threads come first.
                false if room >= 12 + *rows => *rows,
                false => 0,
            };
            room -= *rows;
        }
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
        let (second, mut rest) = cut(rest, threads_rows);
        if lanes {
            self.pane(PaneId::Lanes, first);
        }
        if threads {
            self.pane(PaneId::Threads, second);
        }
        for (id, rows) in low {
            let (above, below) = cut(rest, rows);
            self.pane(id, above);
            rest = below;
        }
    }

    /// The grid over the whole width; output and pool below.
    fn crowd(&mut self, needs: &Needs, area: Rect) {
        let air = u16::from(self.size == Size::Roomy) * 2;
        let pool = needs.panes.shows(PaneId::Threads).then_some(PaneId::Pool);
        // One of them has room here.
        let found = needs.low().first().map(|(id, _)| *id);
        let below = needs.output().is_some() || pool.is_some() || found.is_some();
        let grid = if !needs.panes.shows(PaneId::Lanes) {
            0
        } else if below {
            // Bands over time want more rows than cells.
            let bands = if self.size == Size::Roomy { 9 } else { 5 };
            let least = needs.grid.max(bands) + 1 + air;
            let half = if self.size == Size::Roomy {
                area.height / 2
            } else {
                0
            };
            least.max(half).min(area.height.saturating_sub(5))
        } else {
            area.height
        };
        let (upper, rest) = cut(area, grid);
        let found = match (grid, self.size, found) {
            (0, ..) => found,
            (_, Size::Roomy, found) => {
                self.states(found, upper);
                None
            }
            _ => {
                self.pane(PaneId::Grid, upper);
                found
            }
        };
        if needs.why && rest.height < 12 {
            // Whole sentences need the whole width.
            return self.pane(PaneId::Why, rest);
        }
        let (Some(pool), Some(found), 12..) = (pool, found, rest.height) else {
            let right = pool.or(found.filter(|_| rest.height >= 8));
            self.beside(needs.output(), right, rest);
            return;
        };
        let right = if let Some(output) = needs.output() {
            let (left, right) = self.halves(rest);
            self.pane(output, left);
            right
        } else {
            rest
        };
        let (above, below) = cut(right, right.height - 6);
        self.pane(pool, above);
        self.pane(found, below);
    }

    /// The states over time, and what was found beside them.
    fn states(&mut self, found: Option<PaneId>, area: Rect) {
        let Some(found) = found else {
            return self.pane(PaneId::States, area);
        };
        let (left, right) = self.split(area, area.width / 2);
        self.pane(PaneId::States, left);
        self.pane(found, right);
    }

    /// From 60x15 on: the loop in one row, three or five lines of code beside the output.
    pub(crate) fn medium(&mut self, needs: &Needs) {
        let mut rest = self.body();
        if needs.panes.shows(PaneId::Picture) {
            let (row, below) = cut(rest, 1 + u16::from(self.spread));
            self.panes.push(Placed {
                id: PaneId::PictureRow,
                area: Rect { height: 1, ..row },
            });
            rest = below;
        }
        // Whole sentences need the whole width.
        let code = needs.shown(PaneId::Code).filter(|_| !needs.why);
        let output = needs.output();
        let lanes = if let Some(whole) = needs.whole() {
            Some(whole)
        } else {
            // What gives way here stays where there is nothing else in its place.
            let lanes = if needs.crowd {
                PaneId::Grid
            } else {
                PaneId::Lanes
            };
            let low = || needs.low().first().map(|(id, _)| *id);
            needs
                .shown(lanes)
                .or(needs.shown(PaneId::Threads))
                .or_else(low)
        };
        let lines = if rest.height >= 15 || needs.why { 5 } else { 3 };
        let upper = match (code.or(output), lanes) {
            (None, _) => 0,
            (Some(_), None) => rest.height,
            (Some(_), Some(_)) => (lines + 1).min(rest.height / 2),
        };
        let (above, below) = cut(rest, upper);
        self.beside(code, output, above);
        if let Some(id) = lanes {
            self.pane(id, below);
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
        self.pane(PaneId::Lanes, lanes);
        if let Some(id) = needs.output().filter(|_| output > 0) {
            self.pane(id, below);
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
