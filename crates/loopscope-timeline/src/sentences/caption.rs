//! What is going on at a moment, in at most 150 characters and without a figure that ticks.

use crate::moments::timeline::Timeline;
use crate::sentences::claim::Claim;
use crate::sentences::event;
use crate::sentences::scene::Scene;
use crate::world::world::World;
use loopscope_trace::Language;

/// Two rows of a small screen.
const MOST: usize = 150;

/// What is going on at the moment of `world`: at most 150 characters. Changes only when a state
/// does.
pub fn caption(timeline: &Timeline, world: &World, language: Language) -> String {
    let told = told(timeline, world, language, MOST);
    in_words(&told)
}

/// The same in as many characters as there is `room` for: places in files are longer than lines of a listing, and what
/// helps belongs to them.
pub fn caption_in(timeline: &Timeline, world: &World, language: Language, room: usize) -> String {
    in_words(&told(timeline, world, language, room.max(MOST)))
}

fn in_words(told: &[(Claim, String)]) -> String {
    let mut caption: String = told.iter().map(|(_, clause)| clause.as_str()).collect();
    if !caption.is_empty() && !caption.ends_with(['.', '…']) {
        caption.push('.');
    }
    caption
}

/// What the newest event of `world` was, and as much of what is going on after it as has room.
pub fn stepped(timeline: &Timeline, world: &World, language: Language) -> String {
    let Some(newest) = world.applied.checked_sub(1) else {
        return caption(timeline, world, language);
    };
    let happened = event::happened(timeline, newest, language);
    let room = MOST.saturating_sub(happened.chars().count() + 2);
    let told = told(timeline, world, language, room);
    format!("{happened}. {}", in_words(&told))
        .trim_end()
        .to_owned()
}

/// What [`caption`] says, as data.
pub fn claims(timeline: &Timeline, world: &World, language: Language) -> Vec<Claim> {
    // What is said of a program that is watched has as much room as the screen.
    let room = match timeline.story().watched {
        Some(_) => 3 * MOST,
        None => MOST,
    };
    let told = told(timeline, world, language, room);
    told.into_iter().map(|(claim, _)| claim).collect()
}

/// The claims that fit into `room`, and their words. A whole caption has room for the first one,
/// which is cut if it must be.
fn told(
    timeline: &Timeline,
    world: &World,
    language: Language,
    room: usize,
) -> Vec<(Claim, String)> {
    let scene = Scene {
        timeline,
        world,
        language,
    };
    let mut told: Vec<(Claim, String)> = Vec::new();
    let mut length = 0;
    for claim in claimed(&scene) {
        let mut clause = scene.clause(&claim, told.last().map(|(before, _)| before));
        let long = clause.chars().count();
        if told.is_empty() && long > room && room >= MOST {
            clause = clause.chars().take(room - 1).collect();
            clause.push('…');
        } else if length + long > room {
            // What follows is about the first one.
            if told.is_empty() {
                break;
            }
            continue;
        }
        length += clause.chars().count();
        told.push((claim, clause));
    }
    told
}

/// What is to be said first, and what else there is to it: what keeps others from going on comes
/// before what goes on, and that before what waits.
fn claimed(scene: &Scene) -> Vec<Claim> {
    let claims = scene
        .circle()
        .or_else(|| scene.held_loop())
        .or_else(|| scene.full_pool())
        .or_else(|| scene.turn())
        .or_else(|| scene.ready())
        .or_else(|| scene.overdue())
        .or_else(|| scene.backlog())
        .or_else(|| scene.on_pool())
        .or_else(|| scene.starting())
        .or_else(|| scene.in_children())
        .or_else(|| scene.locked())
        .or_else(|| scene.waiting());
    claims.unwrap_or_else(|| scene.nothing())
}
