//! Small scenarios as plain data: any at all, drawn from a seed.
//!
//! A few tasks or clients do a few steps each. Every length is a multiple of one unit, so that two moments are either the
//! same or far apart, and steps are followed by lines, so that an order can be seen.

use crate::scenario::practice::numbers::Numbers;

/// The unit of lengths where any scenario is drawn, in milliseconds: not a divisor of the 100 ms from which on a length is a finding.
const GRID: u32 = 30;
/// Functions that others call, spawn and gather.
const LEAVES: u32 = 2;
/// How deep steps stand inside steps.
const DEPTH: u32 = 2;

/// A small scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Small {
    /// The unit of its lengths, in milliseconds.
    pub(crate) unit: u32,
    /// What tasks are called, then what functions are that they start; by their places where there are none.
    pub(crate) names: Option<&'static [&'static str; 5]>,
    /// How many threads the pool has; as many as usual where it is not told.
    pub(crate) pool: Option<u32>,
    pub(crate) begins: Begins,
    /// With CPython's lock, where it is played by Python's rules.
    pub(crate) gil: bool,
    /// How many tasks, the first ones, print a line when they begin.
    pub(crate) opens: usize,
    /// What is done in place of tasks.
    pub(crate) update: Option<Update>,
    /// What each task, or the handler of each client, does.
    pub(crate) tasks: Vec<Vec<Doing>>,
    /// What the functions do that they start.
    pub(crate) leaves: Vec<Vec<Doing>>,
}

/// How the tasks begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begins {
    /// Each by itself, beside a main that outlasts them.
    Starts,
    /// A main gathers them.
    Gathered,
    /// A main spawns them all, and then awaits each.
    Spawned,
    /// A main spawns them but the last one, which it does itself, and then awaits each.
    Main,
    /// A request each, so many units after the one before; its handler is a plain function where it can be one.
    Requested { apart: u32, plain: bool },
}

/// One function, called several times at once, that reads a number, waits, and writes it with something added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Update {
    /// What the function and the number are called.
    pub(crate) names: (&'static str, &'static str),
    /// What each call adds.
    pub(crate) amounts: Vec<u32>,
    /// Between the read and the write; none: a sleep of as many seconds as it adds.
    pub(crate) pause: Option<Doing>,
    pub(crate) held: Held,
}

/// What a lock is held for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    Nothing,
    /// The write alone, which is of no use.
    Write,
    /// All from the read to the write.
    All,
}

/// A step; lengths in units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// 0 gives way at most.
    Sleep(u32),
    Yield,
    Block(u32),
    Compute(u32),
    /// On a thread of the pool.
    InPool(Vec<Doing>),
    /// For so long at most.
    Within(u32, Vec<Doing>),
    /// Until the first has ended.
    First(Vec<Vec<Doing>>),
    /// Owning the lock.
    Locked(Vec<Doing>),
    Send,
    /// Takes a value, however long it takes.
    Take,
    /// Takes a value, or gives up after so long.
    Receive(u32),
    /// Starts a leaf, does something, awaits it.
    Beside(u32, Vec<Doing>),
    /// Calls a leaf in place.
    Call(u32),
    Gather(Vec<u32>),
}

/// Where a step stands, and so what it can be.
#[derive(Clone, Copy)]
struct Place {
    depth: u32,
    /// On a thread, where nothing is awaited.
    plain: bool,
    /// Inside the lock, which is no lock for who has it.
    locked: bool,
    /// In a function that others start, which starts none itself.
    leaf: bool,
}

impl Small {
    /// The scenario of a seed.
    pub fn drawn(seed: u64) -> Self {
        let mut numbers = Numbers::new(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let begins = match numbers.below(5) {
            0 => Begins::Starts,
            1 => Begins::Gathered,
            2 => Begins::Spawned,
            _ => Begins::Requested {
                apart: numbers.below(2),
                plain: numbers.below(4) == 0,
            },
        };
        let top = Place {
            depth: 0,
            plain: matches!(begins, Begins::Requested { plain: true, .. }),
            locked: false,
            leaf: false,
        };
        let leaf = Place {
            depth: 1,
            plain: false,
            leaf: true,
            ..top
        };
        let tasks = numbers.between(1, 4);
        Self {
            unit: GRID,
            names: None,
            pool: None,
            begins,
            gil: numbers.below(4) == 0,
            opens: 0,
            update: None,
            tasks: (0..tasks).map(|_| body(&mut numbers, top, 4)).collect(),
            leaves: (0..LEAVES).map(|_| body(&mut numbers, leaf, 2)).collect(),
        }
    }
}

fn body(numbers: &mut Numbers, place: Place, most: u32) -> Vec<Doing> {
    let steps = numbers.between(1, most);
    (0..steps).map(|_| doing(numbers, place)).collect()
}

fn doing(numbers: &mut Numbers, place: Place) -> Doing {
    if place.plain {
        return match numbers.below(5) {
            0 => Doing::Compute(1),
            1 => Doing::Send,
            _ => Doing::Block(numbers.between(1, 4)),
        };
    }
    let deep = place.depth >= DEPTH;
    let inside = Place {
        depth: place.depth + 1,
        ..place
    };
    match numbers.below(if deep { 8 } else { 16 }) {
        0..=2 => Doing::Sleep(numbers.below(4)),
        3 => Doing::Yield,
        4 => Doing::Block(numbers.between(1, 4)),
        5 => Doing::Compute(1),
        6 => Doing::Send,
        7 => Doing::Receive(numbers.between(1, 3)),
        8 => Doing::InPool(body(
            numbers,
            Place {
                plain: true,
                ..inside
            },
            2,
        )),
        9 | 10 => Doing::Within(numbers.between(1, 3), body(numbers, inside, 2)),
        11 => Doing::First((0..2).map(|_| body(numbers, inside, 2)).collect()),
        12 if !place.locked => Doing::Locked(body(
            numbers,
            Place {
                locked: true,
                ..inside
            },
            2,
        )),
        13 if !place.leaf => Doing::Beside(numbers.below(LEAVES), body(numbers, inside, 2)),
        14 if !place.leaf => Doing::Call(numbers.below(LEAVES)),
        15 if !place.leaf => Doing::Gather(
            (0..numbers.between(1, 3))
                .map(|_| numbers.below(LEAVES))
                .collect(),
        ),
        _ => Doing::Sleep(numbers.between(1, 3)),
    }
}

impl Small {
    pub(crate) fn task(&self, place: usize) -> String {
        if self.begins == Begins::Main && place + 1 == self.tasks.len() {
            return "main".to_owned();
        }
        self.named(place).unwrap_or_else(|| format!("task{place}"))
    }

    pub(crate) fn leaf(&self, place: u32) -> String {
        self.named(3 + place as usize)
            .unwrap_or_else(|| format!("leaf{place}"))
    }

    pub(crate) fn route(&self, place: usize) -> String {
        self.named(place)
            .map_or_else(|| format!("/{place}"), |name| format!("/{name}"))
    }

    fn named(&self, place: usize) -> Option<String> {
        Some((*self.names?.get(place)?).to_owned())
    }
}

/// `2s`, `30ms`
pub(crate) fn length(millis: u32) -> String {
    match millis % 1000 {
        0 => format!("{}s", millis / 1000),
        _ => format!("{millis}ms"),
    }
}

impl Doing {
    /// It has no lines inside where tasks have names, and sends nothing.
    pub(crate) const fn is_single(&self) -> bool {
        matches!(
            self,
            Self::Sleep(_)
                | Self::Yield
                | Self::Block(_)
                | Self::Compute(_)
                | Self::InPool(_)
                | Self::Call(_)
        )
    }
}
