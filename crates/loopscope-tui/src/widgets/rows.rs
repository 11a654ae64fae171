//! Which lane stands in which row, and what folds or scrolls where rows are few.

use ratatui::layout::{Position, Rect};

use crate::layout::plan::Size;
use crate::widgets::scene::Scene;
use crate::widgets::stage_view::is_heartbeat;
use crate::widgets::watched::WatchedLanes;
use loopscope_timeline::LaneId;

/// What a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LaneRow {
    /// The loop's thread, where the threads have no pane.
    Loop,
    /// A lane: its place in drawing order.
    Lane(usize),
    /// How many lanes are done and folded.
    Done(usize),
    /// How many lanes stand above or below.
    More(usize),
    /// What is folded away of a framework's own.
    Folded,
    /// Nothing.
    Blank,
}

/// The lane in row `y`, for the mouse.
pub(crate) fn lane_at(scene: &Scene, area: Rect, y: u16) -> Option<LaneId> {
    let (first, rows) = rows(scene, area);
    match rows.get(usize::from(y.checked_sub(first)?))? {
        LaneRow::Lane(place) => Some(scene.lanes.get(scene.view, *place)?.id),
        _ => None,
    }
}

/// Where the name of a lane begins, if it is in sight.
pub(crate) fn place_of(scene: &Scene, area: Rect, lane: LaneId) -> Option<Position> {
    let (first, rows) = rows(scene, area);
    let is = |row: &LaneRow| match row {
        LaneRow::Lane(place) => scene
            .lanes
            .get(scene.view, *place)
            .is_some_and(|at| at.id == lane),
        _ => false,
    };
    let y = first + u16::try_from(rows.iter().position(is)?).ok()?;
    let (x, _) = scene.names(area.width);
    (y < area.bottom()).then(|| Position::new(area.x + x, y))
}

/// What stands in each row, and where the first one is.
pub(crate) fn rows(scene: &Scene, area: Rect) -> (u16, Vec<LaneRow>) {
    let air = u16::from(scene.size == Size::Roomy && area.height > 4);
    let (story, all) = (scene.lanes.story(), scene.lanes.all());
    let ample = scene.size == Size::Roomy && usize::from(area.height) > 2 * all + 6;
    let spacing = 1 + usize::from(scene.spread || ample);
    let room = usize::from(area.height - air).div_ceil(spacing);
    let mut rows = Vec::new();
    if scene.size <= Size::Medium {
        rows.push(LaneRow::Loop);
    }
    // Where rows are few, the accept task gives way before a request does.
    let only = scene.view.look.only;
    let all_fit = rows.len() + all <= room && !only;
    let added: Vec<usize> = (story..all)
        .filter(|place| {
            all_fit || heartbeat(scene, *place) && !(only && spotlight(scene) == Some(*place))
        })
        .collect();
    let folded = scene.view.look.watched.and_then(WatchedLanes::words);
    let folded = folded.filter(|_| room > 2 && !only);
    let space = room.saturating_sub(rows.len() + added.len() + usize::from(folded.is_some()));
    if only {
        rows.extend(spotlight(scene).map(LaneRow::Lane));
    } else if scene.size == Size::Small && area.height < 6 {
        rows.extend(selected(scene).into_iter().take(space).map(LaneRow::Lane));
    } else {
        rows.extend(story_rows(scene, space));
    }
    rows.extend(added.into_iter().map(LaneRow::Lane));
    rows.extend(folded.map(|_| LaneRow::Folded));
    rows.truncate(room);
    let spaced = rows
        .into_iter()
        .flat_map(|row| {
            std::iter::once(row).chain(std::iter::repeat_n(LaneRow::Blank, spacing - 1))
        })
        .collect();
    (area.y + air, spaced)
}

fn heartbeat(scene: &Scene, place: usize) -> bool {
    scene
        .lanes
        .get(scene.view, place)
        .is_some_and(|lane| is_heartbeat(scene.view, lane))
}

/// The place of the selected lane, of the story or added.
fn spotlight(scene: &Scene) -> Option<usize> {
    let lane = |place: usize| scene.lanes.get(scene.view, place);
    let chosen =
        |place: &usize| lane(*place).is_some_and(|lane| Some(lane.id) == scene.view.selected);
    (0..scene.lanes.all()).find(chosen)
}

/// The selected lane's place, else the newest one that is not done.
fn selected(scene: &Scene) -> Option<usize> {
    let places = 0..scene.lanes.story();
    let lane = |place: usize| scene.lanes.get(scene.view, place);
    let chosen = places
        .clone()
        .take(4096)
        .find(|place| lane(*place).is_some_and(|lane| Some(lane.id) == scene.view.selected));
    chosen.or_else(|| {
        places
            .clone()
            .take(64)
            .find(|place| lane(*place).is_some_and(|lane| !scene.state(lane.id).0.is_final()))
            .or(places.last())
    })
}

/// The story's own lanes in `space` rows: those that are done fold first, then one scrolls.
fn story_rows(scene: &Scene, space: usize) -> Vec<LaneRow> {
    let story = scene.lanes.story();
    let older = scene.view.look.watched.map_or(0, |watched| watched.older);
    if story <= space && older == 0 {
        return (0..story).map(LaneRow::Lane).collect();
    }
    if space == 0 {
        return Vec::new();
    }
    let live = |place: &usize| {
        scene.lanes.get(scene.view, *place).is_some_and(|lane| {
            Some(lane.id) == scene.view.selected || !scene.state(lane.id).0.is_final()
        })
    };
    let window = 4096.min(story);
    let start = story - window;
    let alive: Vec<usize> = (start..story).filter(live).collect();
    let done = older + story - alive.len();
    let left = space - usize::from(done > 0 && space > 1);
    let mut rows: Vec<LaneRow> = Vec::with_capacity(space);
    if alive.len() > left {
        let first = scene.view.first_lane.min(alive.len().saturating_sub(1));
        let shown = &alive[first..];
        let fits = if shown.len() > left || first > 0 {
            left.saturating_sub(1).max(1)
        } else {
            left
        };
        rows.extend(shown.iter().take(fits).map(|place| LaneRow::Lane(*place)));
        rows.push(LaneRow::More(alive.len() - shown.len().min(fits)));
    } else {
        // What is done folds, the oldest first, as far as it must.
        let folded = done.saturating_sub(left - alive.len());
        let mut nth = 0;
        rows.extend((start..story).filter_map(|place| {
            let lives = alive.binary_search(&place).is_ok();
            nth += usize::from(!lives);
            (lives || nth + start + older > folded).then_some(LaneRow::Lane(place))
        }));
    }
    if rows.len() < space {
        let shown = rows.iter().filter(|row| matches!(row, LaneRow::Lane(_)));
        rows.push(LaneRow::Done(
            done.saturating_sub(shown.count().saturating_sub(alive.len())),
        ));
    }
    rows
}
