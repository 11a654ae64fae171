//! Many who do the same at once are one sentence, and what was heard often enough is counted.

use std::collections::BTreeMap;

use loopscope_trace::{Nanos, Story};

use crate::export::narrate::say::{Sentence, line};

/// More requests than this are a crowd, too many to be followed one by one.
const CROWD: usize = 8;
/// What happens so close together, in wall time, happens at once.
const AT_ONCE: Nanos = Nanos::from_millis(10);
/// A story of at most this many sentences is told whole.
const WHOLE: usize = 60;
/// In a longer one, at most this many sentences of a kind are told.
const OFTEN: u32 = 6;
/// At most this many findings of a kind are told.
const FINDINGS: u32 = 2;
/// At most this many kinds are named where they are counted.
const NAMED: usize = 4;

/// Puts sentences together, and counts those that are not told.
#[derive(Clone, Debug)]
pub(crate) struct Crowd {
    /// Whether sentences wait for others like them.
    gathers: bool,
    waiting: Vec<Group>,
    told: usize,
    /// What became of each kind.
    heard: BTreeMap<String, Heard>,
    /// What lies so close together happens at once.
    gap: Nanos,
}

/// What became of the sentences of a kind.
#[derive(Clone, Copy, Debug, Default)]
struct Heard {
    told: u32,
    counted: u32,
    /// How many were told at once, and when the last one was.
    at_once: u32,
    last: Nanos,
}

/// Those who did the same.
#[derive(Clone, Debug)]
struct Group {
    at: Nanos,
    said: Sentence,
    others: Vec<String>,
}

impl Crowd {
    pub(crate) fn new(story: &Story) -> Self {
        let speed = if story.speed.is_finite() {
            story.speed.max(1.0)
        } else {
            1.0
        };
        let gap = Nanos::from_secs_f64(AT_ONCE.as_secs_f64() * speed);
        Self {
            gathers: story.planned.len() > CROWD,
            gap,
            waiting: Vec::new(),
            told: 0,
            heard: BTreeMap::new(),
        }
    }

    /// Adds a sentence; false where it is only counted.
    pub(crate) fn add(&mut self, at: Nanos, said: Sentence, lines: &mut Vec<String>) -> bool {
        if !self.gathers {
            return self.tell(&Group::of(at, said), lines);
        }
        let same =
            |group: &&mut Group| group.said.what == said.what && group.said.kind == said.kind;
        match self.waiting.iter_mut().find(same) {
            Some(group) => group.others.push(said.who),
            None => self.waiting.push(Group::of(at, said)),
        }
        true
    }

    /// Time has come to `now`: what was waiting for others like it has waited long enough.
    pub(crate) fn pass(&mut self, now: Nanos, lines: &mut Vec<String>) {
        let first = self.waiting.first().map(|group| group.at);
        if first.is_some_and(|first| now > first + self.gap) {
            self.flush(lines);
        }
    }

    /// Tells what is waiting.
    pub(crate) fn flush(&mut self, lines: &mut Vec<String>) {
        for group in std::mem::take(&mut self.waiting) {
            self.tell(&group, lines);
        }
    }

    /// Whether a finding of this kind is told.
    pub(crate) fn may_find(&mut self, kind: &str) -> bool {
        let heard = self.heard.entry(format!("found: {kind}")).or_default();
        let told = heard.told < FINDINGS;
        if told {
            heard.told += 1;
        } else {
            heard.counted += 1;
        }
        told
    }

    /// What was counted and not told, in one sentence.
    pub(crate) fn unsaid(&self) -> Option<String> {
        let unsaid = self.heard.iter().filter(|(_, heard)| heard.counted > 0);
        let unsaid = unsaid.map(|(kind, heard)| (kind, heard.counted));
        let mut unsaid: Vec<(&String, u32)> = unsaid.collect();
        unsaid.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        if unsaid.is_empty() {
            return None;
        }
        let named = unsaid.iter().take(NAMED);
        let mut parts: Vec<String> = named
            .map(|(kind, count)| format!("{count} times \"{kind}\""))
            .collect();
        let rest: u32 = unsaid.iter().skip(NAMED).map(|(_, count)| count).sum();
        if rest > 0 {
            parts.push(format!("{rest} others"));
        }
        Some(format!(
            "Counted, not told one by one: {}.",
            parts.join(", ")
        ))
    }

    fn tell(&mut self, group: &Group, lines: &mut Vec<String>) -> bool {
        let count = u32::try_from(group.others.len() + 1).unwrap_or(u32::MAX);
        let heard = self.heard.entry(kind(&group.said.what)).or_default();
        if group.at.since(heard.last) > self.gap {
            heard.at_once = 0;
        }
        heard.last = group.at;
        heard.at_once += 1;
        if heard.at_once > OFTEN || (self.told >= WHOLE && heard.told >= OFTEN) {
            heard.counted += count;
            return false;
        }
        heard.told += 1;
        self.told += 1;
        lines.push(line(group.at, &group.sentence()));
        true
    }
}

impl Group {
    const fn of(at: Nanos, said: Sentence) -> Self {
        Self {
            at,
            said,
            others: Vec::new(),
        }
    }

    fn sentence(&self) -> String {
        let said = &self.said;
        let all = self.others.len() + 1;
        match self.others.as_slice() {
            [] => format!("{} {}{}", said.who, said.what, said.more),
            [other] => format!("{} and {other} {}", bare(&said.who), many(&said.what)),
            _ => format!("{all} {} {}", said.kind, many(&said.what)),
        }
        .replace(",,", ",")
    }
}

/// `A` of `A, from tab 1,`.
fn bare(who: &str) -> &str {
    who.split(',').next().unwrap_or(who)
}

/// A sentence without its figures: lines that differ in them only are of one kind.
fn kind(what: &str) -> String {
    let mut kind = String::with_capacity(what.len());
    for sign in what.chars() {
        match sign {
            '0'..='9' if kind.ends_with('N') => {}
            '0'..='9' => kind.push('N'),
            sign => kind.push(sign),
        }
    }
    kind
}

/// `print Hello` of `prints Hello`.
fn many(what: &str) -> String {
    let (verb, rest) = what.split_once(' ').unwrap_or((what, ""));
    let verb = match verb {
        "is" => "are",
        "has" => "have",
        "goes" => "go",
        "can" => "can",
        "lost" => "lost",
        "told" => "told",
        "now" => "now",
        verb => verb.strip_suffix('s').unwrap_or(verb),
    };
    format!("{verb} {rest}")
        .trim_end()
        .replace(" its ", " their ")
        .replace("and is ", "and are ")
        .replace("and keeps ", "and keep ")
        .replace("and goes ", "and go ")
}
