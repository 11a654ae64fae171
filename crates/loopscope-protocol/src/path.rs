//! What comes next, and why: a path through the scenarios by what was predicted wrong.

use std::collections::BTreeMap;

use crate::menu::{Mark, MenuEntry};

/// How scenarios stand, by their ids.
type Marks = BTreeMap<String, Mark>;

/// As many others that are about the same, predicted right, and a wrong prediction leads no further.
const LEARNED: usize = 2;

/// The scenario that comes next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Next<'a> {
    /// Its row.
    pub entry: &'a MenuEntry,
    /// Why it is this one.
    pub why: Why<'a>,
}

/// Why a scenario comes next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Why<'a> {
    /// It goes with the one that was open, and was not seen.
    GoesWith(&'a MenuEntry),
    /// This one was predicted wrong, and the two go together.
    Contrast(&'a MenuEntry),
    /// This one was predicted wrong, and the same is found in both.
    Alike(&'a MenuEntry),
    /// It is the next one in the list that was not seen.
    List,
    /// All were seen, and it was predicted wrong.
    Again,
}

impl Why<'_> {
    /// Behind the name of the scenario: `, because 02 was predicted wrong: the two go together`. It does not say what is found
    /// there. Empty for the next one in the list.
    pub fn words(self) -> String {
        match self {
            Self::GoesWith(other) => format!(", which goes with {}", called(other)),
            Self::Contrast(wrong) => format!(
                ", because {} was predicted wrong: the two go together",
                called(wrong)
            ),
            Self::Alike(wrong) => format!(
                ", because {} was predicted wrong: both turn on the same",
                called(wrong)
            ),
            Self::List => String::new(),
            Self::Again => ", again: it was predicted wrong".to_owned(),
        }
    }

    /// The same for a narrow place: `, as 02 was wrong`. Empty where nothing was.
    pub fn short(self) -> String {
        match self {
            Self::Contrast(wrong) | Self::Alike(wrong) => {
                format!(", as {} was wrong", called(wrong))
            }
            Self::Again => ", which was wrong".to_owned(),
            Self::GoesWith(_) | Self::List => String::new(),
        }
    }
}

/// What comes next: behind the scenario with the id `behind`, or wherever one is. What goes with that one comes first; then
/// what a wrong prediction leads to; then the list. `None` where nothing is left.
pub fn next<'a>(rows: &'a [MenuEntry], marks: &Marks, behind: Option<&str>) -> Option<Next<'a>> {
    let place = behind.and_then(|id| rows.iter().position(|entry| entry.id == id));
    let left = place.and_then(|place| rows.get(place));
    let unseen = |entry: &&MenuEntry| !entry.is_exercise() && !marks.contains_key(&entry.id);
    let is_wrong = |entry: &&MenuEntry| marks.get(&entry.id) == Some(&Mark::Wrong);
    if let Some(left) = left.filter(|left| !is_wrong(left))
        && let Some(entry) = goes_with(rows, left).filter(unseen)
    {
        let why = Why::GoesWith(left);
        return Some(Next { entry, why });
    }
    let wrong = left.into_iter().chain(rows).filter(is_wrong);
    let led = wrong.filter_map(|wrong| lead(rows, marks, wrong)).next();
    let (before, after) = rows.split_at(place.map_or(0, |place| place + 1));
    let list = || {
        let entry = after.iter().chain(before).find(unseen)?;
        Some(Next {
            entry,
            why: Why::List,
        })
    };
    let again = || {
        let others = after.iter().chain(before);
        let mut others = others.filter(|entry| Some(entry.id.as_str()) != behind);
        let entry = others.find(is_wrong)?;
        Some(Next {
            entry,
            why: Why::Again,
        })
    };
    led.or_else(list).or_else(again)
}

/// Where a wrong prediction leads: to what goes with it, then to the nearest one in the list with the same findings.
fn lead<'a>(rows: &'a [MenuEntry], marks: &Marks, wrong: &'a MenuEntry) -> Option<Next<'a>> {
    let together = |entry: &&MenuEntry| {
        Some(&entry.id) == wrong.contrast.as_ref() || entry.contrast.as_ref() == Some(&wrong.id)
    };
    let about = findings(wrong);
    let alike = |entry: &&MenuEntry| {
        let same = findings(entry).iter().any(|kind| about.contains(kind));
        entry.id != wrong.id && !entry.is_exercise() && (same || together(entry))
    };
    let related = rows.iter().filter(alike);
    let right = related
        .clone()
        .filter(|entry| marks.get(&entry.id) == Some(&Mark::Right));
    if right.count() >= LEARNED {
        return None;
    }
    let unseen: Vec<&MenuEntry> = related
        .filter(|entry| !marks.contains_key(&entry.id))
        .collect();
    let own = rows.iter().position(|entry| entry.id == wrong.id)?;
    let place = |entry: &MenuEntry| rows.iter().position(|other| other.id == entry.id);
    let first = Some(&wrong.contrast).and_then(|id| {
        let id = id.as_ref()?;
        unseen.iter().find(|entry| entry.id == *id)
    });
    if let Some(entry) = first.or_else(|| unseen.iter().find(|entry| together(entry))) {
        let why = Why::Contrast(wrong);
        return Some(Next { entry, why });
    }
    let behind = unseen.iter().find(|entry| place(entry) > Some(own));
    let entry = behind.or(unseen.first())?;
    let why = Why::Alike(wrong);
    Some(Next { entry, why })
}

fn goes_with<'a>(rows: &'a [MenuEntry], of: &MenuEntry) -> Option<&'a MenuEntry> {
    let id = of.contrast.as_ref()?;
    rows.iter().find(|entry| entry.id == *id)
}

/// The kinds that are to be found in it.
fn findings(entry: &MenuEntry) -> &[String] {
    let story = entry.story.as_ref();
    story.map_or(&[], |story| story.expect.insights.as_slice())
}

/// `02`, or the id of one without a number.
fn called(entry: &MenuEntry) -> &str {
    match entry.number.as_str() {
        "" => &entry.id,
        number => number,
    }
}
