//! Small scenarios, drawn from a seed: plain data, and the text of a scenario file.
//!
//! A few tasks or clients do a few steps each. Every length is a multiple of [`GRID`], so that two moments are either the
//! same or far apart, and every step is followed by a line of its own, so that an order can be seen.

use std::fmt::Write as _;

/// The unit of all lengths, in milliseconds: not a divisor of the 100 ms from which on a length is a finding.
const GRID: u32 = 30;
/// Functions that others call, spawn and gather.
const LEAVES: u32 = 2;
/// How deep steps stand inside steps.
const DEPTH: u32 = 2;

/// A small scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Small {
    pub(crate) begins: Begins,
    /// With CPython's lock, where it is played by Python's rules.
    pub(crate) gil: bool,
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
    /// A request each, so many units after the one before; its handler is a plain function where it can be one.
    Requested { apart: u32, plain: bool },
}

/// A step; lengths in units of [`GRID`].
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
    /// Takes a value, or gives up after so long.
    Receive(u32),
    /// Starts a leaf, does something, awaits it.
    Beside(u32, Vec<Doing>),
    /// Calls a leaf in place.
    Call(u32),
    Gather(Vec<u32>),
}

/// Numbers from a seed: the generator is Steele's splitmix.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let number = u32::try_from((number ^ (number >> 31)) >> 32).unwrap_or(0);
        number % end
    }

    fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.below(most - least + 1)
    }
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
    pub(crate) fn drawn(seed: u64) -> Self {
        let mut numbers = Numbers(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
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
            begins,
            gil: numbers.below(4) == 0,
            tasks: (0..tasks).map(|_| body(&mut numbers, top, 4)).collect(),
            leaves: (0..LEAVES).map(|_| body(&mut numbers, leaf, 2)).collect(),
        }
    }

    /// The text of its file.
    pub(crate) fn toml(&self) -> String {
        self.text(&mut Writer::default())
    }

    /// The same on a machine on which nothing is free: each step costs up to a millisecond of its thread, to compute
    /// takes up to four times as long, and every timer is late by the same up to two milliseconds.
    pub(crate) fn toml_with_costs(&self, seed: u64) -> String {
        let mut numbers = Numbers(seed);
        self.text(&mut Writer {
            late: numbers.below(3),
            costs: Some(numbers),
        })
    }

    fn text(&self, writer: &mut Writer) -> String {
        let mut text = format!(
            "title = \"A small one\"\nasks = \"In which order?\"\nshows = \"An order.\"\n\
             languages = [\"python\", \"rust\"]\nlimit = \"10s\"\n[runtime]\ngil = {}\n\
             [[channel]]\nname = \"jobs\"\n[[lock]]\nname = \"turn\"\n",
            self.gil
        );
        for (place, leaf) in self.leaves.iter().enumerate() {
            let name = format!("leaf{place}");
            let body = writer.steps(leaf, &name);
            let _ = writeln!(text, "[[function]]\nname = \"{name}\"\nbody = [{body}]");
        }
        for (place, task) in self.tasks.iter().enumerate() {
            let name = format!("task{place}");
            let body = writer.steps(task, &name);
            let _ = match self.begins {
                Begins::Requested { plain, .. } => writeln!(
                    text,
                    "[[function]]\nname = \"{name}\"\nroute = \"/{place}\"\nasync = {}\n\
                     body = [{body}, {{ respond = \"{place}\" }}]",
                    !plain
                ),
                _ => writeln!(text, "[[function]]\nname = \"{name}\"\nbody = [{body}]"),
            };
        }
        text.push_str(&self.beginning());
        text
    }

    fn beginning(&self) -> String {
        let each = |write: &dyn Fn(usize) -> String| -> String {
            (0..self.tasks.len()).map(write).collect()
        };
        let main = match self.begins {
            Begins::Requested { apart, .. } => {
                return each(&|place| {
                    let at = GRID * apart * place as u32;
                    format!(
                        "[[client]]\nname = \"client {place}\"\nrequests = [{{ route = \"/{place}\", at = \"{at}ms\" }}]\n"
                    )
                });
            }
            Begins::Starts => {
                let starts = each(&|place| format!("[[start]]\nrun = \"task{place}\"\n"));
                return format!(
                    "{starts}[[function]]\nname = \"main\"\nbody = [{{ sleep = \"2s\" }}]\n\
                     [[start]]\nrun = \"main\"\nmain = true\n"
                );
            }
            Begins::Gathered => {
                let tasks = each(&|place| format!("\"task{place}\", "));
                format!("{{ gather = [{tasks}] }}, {{ print = \"end\" }}")
            }
            Begins::Spawned => {
                let spawned =
                    each(&|place| format!("{{ spawn = \"task{place}\", as = \"t{place}\" }}, "));
                let awaited = each(&|place| {
                    format!("{{ await = \"t{place}\" }}, {{ print = \"task{place} has ended\" }}, ")
                });
                spawned + &awaited
            }
        };
        format!("[[function]]\nname = \"main\"\nbody = [{main}]\n[[start]]\nrun = \"main\"\n")
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

/// Writes steps, and what they cost where they cost something.
#[derive(Default)]
struct Writer {
    costs: Option<Numbers>,
    /// Milliseconds.
    late: u32,
}

impl Writer {
    /// Steps as the file has them, each followed by its line.
    fn steps(&mut self, steps: &[Doing], prefix: &str) -> String {
        let each = steps.iter().enumerate().map(|(place, step)| {
            let name = format!("{prefix}.{place}");
            let cost = self.cost();
            format!("{cost}{}, {{ print = \"{name}\" }}", self.step(step, &name))
        });
        each.collect::<Vec<_>>().join(", ")
    }

    fn cost(&mut self) -> String {
        let numbers = self.costs.as_mut();
        let micros = numbers.map_or(0, |numbers| numbers.below(10) * 100);
        match micros {
            0 => String::new(),
            _ => format!("{{ block = \"{micros}us\" }}, "),
        }
    }

    fn step(&mut self, step: &Doing, name: &str) -> String {
        // What a step makes is called by the place of the step, in few letters.
        let own = name
            .replace("task", "")
            .replace("leaf", "")
            .replace('.', "_");
        let length = |units: &u32| format!("\"{}ms\"", units * GRID);
        let late_by = self.late;
        let timer = |units: &u32| match units {
            0 => length(units),
            _ => format!("\"{}ms\"", units * GRID + late_by),
        };
        let late = format!("else = [{{ print = \"{name} is late\" }}]");
        match step {
            Doing::Sleep(units) => format!("{{ sleep = {} }}", timer(units)),
            Doing::Yield => "{ yield = true }".to_owned(),
            Doing::Block(units) => format!("{{ block = {} }}", length(units)),
            Doing::Compute(units) => {
                let more = self
                    .costs
                    .as_mut()
                    .map_or(0, |numbers| numbers.below(3 * GRID));
                format!("{{ cpu = \"{}ms\" }}", units * GRID + more)
            }
            Doing::InPool(steps) => format!("{{ spawn_blocking = [{}] }}", self.steps(steps, name)),
            Doing::Within(units, steps) => format!(
                "{{ timeout = {}, do = [{}], {late} }}",
                timer(units),
                self.steps(steps, name)
            ),
            Doing::First(branches) => {
                let branches = branches.iter().enumerate().map(|(place, steps)| {
                    format!(
                        "{{ do = [{}] }}",
                        self.steps(steps, &format!("{name}.{place}"))
                    )
                });
                let branches: Vec<String> = branches.collect();
                format!("{{ select = [{}] }}", branches.join(", "))
            }
            Doing::Locked(steps) => {
                format!("{{ lock = \"turn\", do = [{}] }}", self.steps(steps, name))
            }
            Doing::Send => format!("{{ send = \"jobs\", value = \"from {name}\" }}"),
            Doing::Receive(units) => format!(
                "{{ timeout = {}, do = [{{ recv = \"jobs\", into = \"v{own}\" }}, {{ print = \"{name} got {{v{own}}}\" }}], {late} }}",
                timer(units)
            ),
            Doing::Beside(leaf, steps) => format!(
                "{{ spawn = \"leaf{leaf}\", as = \"t{own}\" }}, {}, {{ await = \"t{own}\" }}",
                self.steps(steps, name)
            ),
            Doing::Call(leaf) => format!("{{ call = \"leaf{leaf}\" }}"),
            Doing::Gather(leaves) => {
                let leaves = leaves.iter().map(|leaf| format!("\"leaf{leaf}\""));
                format!("{{ gather = [{}] }}", leaves.collect::<Vec<_>>().join(", "))
            }
        }
    }
}
