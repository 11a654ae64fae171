//! What a scenario about a topic is drawn from.

use crate::scenario::practice::numbers::Numbers;
use crate::scenario::practice::small::{Begins, Doing, Small, Update};
use crate::scenario::practice::topic::Topic;

/// The unit of lengths, in milliseconds: a length is a sleep that one can watch.
const UNIT: u32 = 500;

/// Short names of one kind: three tasks, and two functions that they start.
const NAMES: [[&str; 5]; 6] = [
    ["tea", "egg", "jam", "bun", "rice"],
    ["cat", "dog", "fox", "owl", "hen"],
    ["red", "blue", "green", "grey", "pink"],
    ["ann", "bob", "eve", "joe", "kim"],
    ["north", "south", "east", "west", "home"],
    ["oak", "elm", "fir", "ash", "yew"],
];

impl Topic {
    /// The next small scenario about it.
    pub fn draw(self, numbers: &mut Numbers) -> Small {
        let draw = Draw {
            tasks: numbers.between(2, 3),
            names: &NAMES[numbers.below(NAMES.len() as u32) as usize],
            leaves: Vec::new(),
            numbers,
        };
        match self {
            Self::Channels => draw.channel(),
            Self::Locks if draw.numbers.below(5) == 0 => Small {
                update: Some(Update::drawn(draw.numbers, draw.tasks)),
                ..draw.small(Begins::Gathered, Vec::new(), None)
            },
            Self::Pool if draw.numbers.below(2) == 0 => draw.served(true, Draw::block),
            Self::Blocking if draw.numbers.below(2) == 0 => draw.served(false, Draw::may_block),
            Self::Locks => draw.locks(),
            topic => draw.tasks(topic),
        }
    }
}

/// Draws one scenario.
struct Draw<'a> {
    numbers: &'a mut Numbers,
    names: &'static [&'static str; 5],
    tasks: u32,
    leaves: Vec<Vec<Doing>>,
}

impl Draw<'_> {
    fn small(self, begins: Begins, tasks: Vec<Vec<Doing>>, pool: Option<u32>) -> Small {
        Small {
            unit: UNIT,
            names: Some(self.names),
            pool,
            begins,
            gil: false,
            opens: self.numbers.below(self.tasks + 1) as usize,
            update: None,
            tasks,
            leaves: self.leaves,
        }
    }

    /// Clients ask for handlers.
    fn served(mut self, plain: bool, mut step: impl FnMut(&mut Self) -> Doing) -> Small {
        let apart = self.numbers.below(2);
        let each = if plain || self.tasks == 3 { 1 } else { 2 };
        let tasks = if plain { 3 } else { self.tasks };
        let pool = plain.then(|| self.numbers.between(1, 2));
        let tasks = (0..tasks)
            .map(|_| (0..each).map(|_| step(&mut self)).collect())
            .collect();
        self.small(Begins::Requested { apart, plain }, tasks, pool)
    }

    /// A main starts tasks.
    fn tasks(mut self, topic: Topic) -> Small {
        let begins = match self.numbers.below(4) {
            _ if topic == Topic::Tokio => Begins::Main,
            0 => Begins::Spawned,
            1 => Begins::Main,
            _ => Begins::Gathered,
        };
        let pool = (topic == Topic::Pool).then(|| self.numbers.between(1, 2));
        let tasks = match topic {
            Topic::Loop | Topic::Blocking | Topic::Pool => {
                let each = if self.tasks == 3 { 1 } else { 2 };
                let tasks = 0..self.tasks;
                tasks.map(|_| self.body(topic, each)).collect()
            }
            _ => self.pair(topic),
        };
        self.small(begins, tasks, pool)
    }

    fn body(&mut self, topic: Topic, steps: u32) -> Vec<Doing> {
        let step = |_| match topic {
            Topic::Loop => self.awaits(),
            Topic::Pool => self.pooled(),
            _ => self.may_block(),
        };
        (0..steps).map(step).collect()
    }

    /// Two tasks: where the steps of a topic are long, it is one of them that has it.
    fn pair(&mut self, topic: Topic) -> Vec<Vec<Doing>> {
        let mut tasks = match topic {
            Topic::Timeouts => {
                let steps = self.numbers.between(1, 2);
                vec![vec![self.limited()], self.body(topic, steps)]
            }
            _ => vec![vec![self.tokio()], vec![self.tokio_too()]],
        };
        self.numbers.mix(&mut tasks);
        tasks
    }

    /// Two tasks want the lock; one of them comes late, or tells that it begins.
    fn locks(mut self) -> Small {
        let mut locked = || vec![Doing::Locked(vec![self.may_block()])];
        let mut tasks = vec![locked(), locked()];
        let late = self.numbers.below(3) > 0;
        if late {
            tasks[0].insert(0, self.sleep());
        }
        self.numbers.mix(&mut tasks);
        Small {
            opens: usize::from(!late),
            ..self.small(Begins::Gathered, tasks, None)
        }
    }

    /// One sends, the other takes as often; both have something else to do.
    fn channel(mut self) -> Small {
        let times = self.numbers.between(1, 2) as usize;
        let mut tasks = vec![
            self.among(vec![Doing::Send; times]),
            self.among(vec![Doing::Take; times]),
        ];
        self.numbers.mix(&mut tasks);
        self.small(Begins::Gathered, tasks, None)
    }

    /// Steps with another one or two somewhere among them.
    fn among(&mut self, mut steps: Vec<Doing>) -> Vec<Doing> {
        for _ in 0..self.numbers.between(1, 2) {
            let place = self.numbers.between(0, steps.len() as u32) as usize;
            let step = self.may_block();
            steps.insert(place, step);
        }
        steps
    }

    fn sleep(&mut self) -> Doing {
        Doing::Sleep(self.numbers.between(1, 6))
    }

    fn block(&mut self) -> Doing {
        Doing::Block(self.numbers.between(1, 6))
    }

    fn may_block(&mut self) -> Doing {
        match self.numbers.below(2) {
            0 => self.block(),
            _ => self.sleep(),
        }
    }

    fn awaits(&mut self) -> Doing {
        match self.numbers.below(5) {
            0 => Doing::Sleep(0),
            1 if self.leaves.is_empty() => {
                let leaf = self.sleep();
                self.leaves.push(vec![leaf]);
                Doing::Call(0)
            }
            _ => self.sleep(),
        }
    }

    fn pooled(&mut self) -> Doing {
        match self.numbers.below(4) {
            0 => self.sleep(),
            _ => Doing::InPool(vec![self.block()]),
        }
    }

    fn limited(&mut self) -> Doing {
        let inside = match self.numbers.below(4) {
            0 => self.block(),
            1 => Doing::InPool(vec![self.block()]),
            _ => self.sleep(),
        };
        Doing::Within(self.numbers.between(1, 5), vec![inside])
    }

    fn tokio(&mut self) -> Doing {
        match self.numbers.below(3) {
            0 => Doing::First(vec![vec![self.sleep()], vec![self.may_block()]]),
            1 => {
                self.leaves = vec![vec![self.may_block()]];
                Doing::Beside(0, vec![self.may_block()])
            }
            _ => Doing::InPool(vec![self.block()]),
        }
    }

    /// What takes one line of code.
    fn tokio_too(&mut self) -> Doing {
        match self.numbers.below(3) {
            0 => Doing::InPool(vec![self.block()]),
            _ => self.may_block(),
        }
    }
}
