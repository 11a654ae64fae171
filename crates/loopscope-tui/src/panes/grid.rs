//! Many requests as cells, and how many are in which state.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::plan::Size;
use crate::text::text;
use crate::widgets::scene::Scene;
use crate::widgets::strip;
use loopscope_timeline::{LaneId, State};
use loopscope_trace::RequestId;

/// Cells in a row.
const ROW: usize = 20;

/// Above this many requests a cell stands for several.
const CELLS: usize = 200;

/// All states, in the order in which a request goes through them.
pub(crate) const STATES: [State; 13] = [
    State::InBacklog,
    State::Created,
    State::Queued,
    State::Ready,
    State::Overdue,
    State::Running,
    State::Blocking,
    State::OnPool,
    State::Waiting,
    State::Done,
    State::Cancelled,
    State::Failed,
    State::Unknown,
];

/// How the requests are laid on cells.
#[derive(Clone, Copy, Debug)]
struct Shape {
    /// Requests in a cell.
    each: usize,
    /// Cells in a row.
    row: usize,
    /// Columns of a cell.
    wide: u16,
}

fn shape(count: usize, rows: usize) -> Shape {
    let (row, wide) = if count > ROW * rows {
        (2 * ROW, 1)
    } else {
        (ROW, 2)
    };
    let room = (row * rows).clamp(1, CELLS);
    let exact = count.div_ceil(room).max(1);
    // Round figures are easier to count with.
    let each = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500]
        .into_iter()
        .find(|round| *round >= exact)
        .unwrap_or(exact);
    Shape { each, row, wide }
}

/// Rows that the grid would like for a number of requests.
pub(crate) const fn rows(count: usize) -> usize {
    if count > CELLS {
        CELLS / ROW
    } else {
        count.div_ceil(ROW)
    }
}

/// How many there are: requests, else the story's own tasks.
fn count(scene: &Scene) -> usize {
    match scene.view.world.requests.len() {
        0 => scene.lanes.story(),
        requests => requests,
    }
}

fn lane(scene: &Scene, place: usize) -> Option<LaneId> {
    if scene.view.world.requests.is_empty() {
        Some(scene.lanes.get(scene.view, place)?.id)
    } else {
        scene.view.timeline.lane_of_request(RequestId::from(place))
    }
}

/// What the rule says.
pub(crate) fn title(scene: &Scene, area: Rect) -> String {
    let requests = scene.view.timeline.story().is_server();
    let word = if requests { "requests" } else { "tasks" };
    match shape(count(scene), grid_rows(scene, area)).each {
        1 => word.to_owned(),
        each => format!("{word}   a cell is {each} {word}"),
    }
}

fn grid_rows(scene: &Scene, area: Rect) -> usize {
    let air = u16::from(scene.size == Size::Roomy) * 2;
    usize::from(area.height.saturating_sub(air).max(1))
}

/// Draws cells left and counts right.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let top = area.y + u16::from(scene.size == Size::Roomy && area.height > 6);
    let states: Vec<(State, Option<LaneId>)> = (0..count(scene))
        .map(|place| lane(scene, place))
        .map(|lane| {
            (
                lane.map_or(State::Unknown, |lane| scene.state(lane).0),
                lane,
            )
        })
        .collect();
    let shape = shape(states.len(), grid_rows(scene, area));
    let per_row = shape.each * shape.row;
    for ((row, chunk), y) in states.chunks(per_row).enumerate().zip(top..area.bottom()) {
        let label = label(row * per_row, ((row + 1) * per_row).min(states.len()));
        text::put(buf, area.x, y, &label, 10_u16, theme.dim());
        for (cell, lanes) in chunk.chunks(shape.each).enumerate() {
            let state = winner(lanes);
            let selected = scene.view.selected;
            let chosen = selected.is_some() && lanes.iter().any(|lane| lane.1 == selected);
            let style = match chosen {
                true => theme.cursor(),
                false => theme.state(state),
            };
            let x = area.x + 10 + cell as u16 * shape.wide;
            if x < area.right() {
                text::put(buf, x, y, theme.glyph(state), 1_u16, style);
            }
        }
    }
    let counts = Rect::new(area.x, top, area.width, area.bottom() - top);
    draw_counts(scene, &states, counts, buf);
}

/// `  1-20`, `41-60`, `2k-4k`: the requests of a row, counted from 1.
fn label(before: usize, last: usize) -> String {
    if last < 1_000 {
        format!("{:>4}-{last}", before + 1)
    } else if before.is_multiple_of(1_000) && last.is_multiple_of(1_000) {
        format!("{:>3}k-{}k", before / 1_000, last / 1_000)
    } else {
        format!("{:>4}-", before + 1)
    }
}

/// The state that most requests of a cell are in; the one further on where two are equal.
fn winner(lanes: &[(State, Option<LaneId>)]) -> State {
    if let [only] = lanes {
        return only.0;
    }
    STATES
        .into_iter()
        .max_by_key(|state| lanes.iter().filter(|lane| lane.0 == *state).count())
        .unwrap_or_default()
}

/// The counts: they add up to what was sent.
fn draw_counts(scene: &Scene, states: &[(State, Option<LaneId>)], area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let requests = scene.view.timeline.story().is_server();
    let mut counts = [0_usize; STATES.len()];
    for (state, _) in states {
        if let Some(place) = STATES.iter().position(|other| other == state) {
            counts[place] += 1;
        }
    }
    let digits = states.len().to_string().len().max(4);
    let wide = digits as u16;
    let x = area.x + 57 - wide;
    if area.right() < x + 20 {
        return;
    }
    let words = if requests { "sent" } else { "started" };
    let mut y = area.y;
    let total = format!("{:>digits$}", states.len());
    text::put(buf, x + 1, y, &total, wide, theme.text());
    text::put_in(buf, area, (60, y), words, theme.dim());
    for (state, count) in shown(scene, &counts, usize::from(area.height).saturating_sub(1)) {
        y += 1;
        let style = theme.state(state);
        text::put(buf, x, y, theme.glyph(state), 1_u16, style);
        let count = format!("{count:>digits$}");
        text::put(buf, x + 1, y, &count, wide, theme.text());
        let words = words_of(state, requests);
        text::put_in(buf, area, (60, y), words, theme.dim());
    }
}

/// The words for a count.
pub(crate) fn words_of(state: State, requests: bool) -> &'static str {
    match state {
        State::Done if requests => "answered",
        State::Waiting => "waiting at an await",
        State::Queued => "queued for the pool",
        state => strip::words(state)[0],
    }
}

/// The states that a story of this kind is told by, the most telling first.
pub(crate) fn usual(scene: &Scene) -> &'static [State] {
    let functions = &scene.view.timeline.story().functions;
    let pool = scene.view.world.pools_in_use().peak_busy > 0
        || functions.iter().any(|function| !function.is_async);
    if pool {
        &[State::InBacklog, State::Done, State::OnPool, State::Queued]
    } else {
        &[State::InBacklog, State::Done, State::Waiting, State::Ready]
    }
}

/// Which counts have a row: those that are not zero, and the usual ones as far as there is room.
fn shown(scene: &Scene, counts: &[usize; STATES.len()], rows: usize) -> Vec<(State, usize)> {
    let usual = usual(scene);
    let has = |place: usize| counts[place] > 0;
    let mut places: Vec<usize> = (0..STATES.len()).filter(|place| has(*place)).collect();
    for state in usual {
        let place = STATES.iter().position(|other| other == state);
        if let Some(place) = place.filter(|place| !places.contains(place) && places.len() < rows) {
            places.push(place);
        }
    }
    places.sort_unstable();
    places.truncate(rows);
    places
        .into_iter()
        .map(|place| (STATES[place], counts[place]))
        .collect()
}
