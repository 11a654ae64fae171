//! Sentences: what is going on, from events alone.

use super::insight::Insight;
use super::timeline::Timeline;
use super::world::World;
use crate::trace::{Choice, Language};

/// What is going on at the moment of `world`: at most 150 characters.
pub fn caption(_timeline: &Timeline, _world: &World, _language: Language) -> String {
    String::new()
}

/// One event as one line.
pub fn event(_timeline: &Timeline, _index: usize, _language: Language) -> String {
    String::new()
}

/// One finding as one sentence with its numbers.
pub fn insight(_timeline: &Timeline, _insight: &Insight, _language: Language) -> String {
    String::new()
}

/// The end screen's sentences: the result, and the reply to what was chosen before the run.
pub fn result(_timeline: &Timeline, _chosen: Option<&Choice>) -> String {
    String::new()
}
