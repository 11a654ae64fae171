//! What a timeline tells of what was found.

use crate::findings::log::earlier::Earlier;
use crate::findings::log::finding::Finding;
use crate::moments::timeline::Timeline;
use crate::world::world::World;
use loopscope_trace::Nanos;

impl Timeline {
    /// All findings, by `found`.
    pub fn findings(&self) -> &[Finding] {
        &self.findings.all
    }

    /// The findings as they stood at the moment of `world`.
    pub fn findings_at(&self, world: &World) -> Vec<Finding> {
        let known = self.findings_known(world);
        let cut = known.filter_map(|(place, _)| self.finding_at(place, world.now));
        cut.collect()
    }

    /// The findings that are known at the moment of `world`, by their places, as they stand at the live edge.
    pub fn findings_known(&self, world: &World) -> impl Iterator<Item = (usize, &Finding)> {
        self.findings.known(world)
    }

    /// A finding as it stood at a moment.
    pub fn finding_at(&self, place: usize, now: Nanos) -> Option<Finding> {
        self.findings.at(place, now)
    }

    /// A finding as it stood when it was found.
    pub fn finding_as_found(&self, place: usize) -> Option<Finding> {
        self.findings.as_found(place)
    }

    /// What was found before this trace began, where it is the end of a longer run.
    pub fn findings_before(&self) -> &[Earlier] {
        &self.before.findings
    }
}
