//! The text of a small scenario: its tables as a scenario file has them.

use std::fmt::Write as _;

use crate::scenario::practice::change::Change;
use crate::scenario::practice::numbers::Numbers;
use crate::scenario::practice::small::{Begins, Doing, Small, length};
use crate::scenario::practice::steps::Writer;

impl Small {
    /// The text of its file.
    pub fn toml(&self) -> String {
        self.whole(&self.program(None))
    }

    /// The same on a machine on which nothing is free: each step costs up to a millisecond of its thread, to compute
    /// takes up to four times as long, and every timer is late by the same up to two milliseconds.
    pub fn toml_with_costs(&self, seed: u64) -> String {
        let mut numbers = Numbers::new(seed);
        let mut writer = Writer::new(self, None);
        writer.late = numbers.below(3);
        writer.costs = Some(numbers);
        self.whole(&writer.program())
    }

    /// The same with one thing changed.
    pub fn changed(&self, change: Change) -> String {
        self.whole(&self.program(Some(change)))
    }

    /// The tables of its program.
    pub fn tables(&self) -> String {
        self.program(None)
    }

    /// What its tasks or handlers are called.
    pub fn called(&self) -> Vec<String> {
        if let Some(update) = &self.update {
            return update.calls();
        }
        (0..self.tasks.len())
            .map(|place| self.task(place))
            .collect()
    }

    /// What is read and written, where the program is about that.
    pub fn shared(&self) -> Option<&'static str> {
        self.update.as_ref().map(|update| update.names.1)
    }

    /// Whether the task that starts the others goes on itself.
    pub fn starts_others(&self) -> bool {
        self.begins == Begins::Main
    }

    /// How many threads the pool has, where that is told.
    pub const fn threads(&self) -> Option<u32> {
        self.pool
    }

    /// Whether clients ask for it.
    pub const fn is_requested(&self) -> bool {
        matches!(self.begins, Begins::Requested { .. })
    }

    fn program(&self, change: Option<Change>) -> String {
        Writer::new(self, change).program()
    }

    /// A file of its own, played by the rules of both languages.
    fn whole(&self, program: &str) -> String {
        format!(
            "title = \"A small one\"\nasks = \"In which order?\"\nshows = \"An order.\"\n\
             languages = [\"python\", \"rust\"]\nlimit = \"{}ms\"\n{program}",
            333 * self.unit
        )
    }
}

impl Writer<'_> {
    fn program(&mut self) -> String {
        let small = self.small;
        if let Some(update) = &small.update {
            let functions = self.update(update);
            return format!("{}{functions}", self.shape(&functions));
        }
        let leaves = small.leaves.iter().enumerate();
        let leaves = leaves.map(|(place, leaf)| (small.leaf(place as u32), leaf, None));
        let tasks = small.tasks.iter().enumerate();
        let tasks = tasks.map(|(place, task)| (small.task(place), task, Some(place)));
        let mut functions = String::new();
        for (name, steps, place) in leaves.chain(tasks) {
            (self.function, self.lines, self.made) = (name, 0, 0);
            functions += &self.function(steps, place);
        }
        let beginning = match small.begins {
            Begins::Main => "\n[[start]]\nrun = \"main\"\n".to_owned(),
            _ => self.beginning(),
        };
        format!("{}{functions}{beginning}", self.shape(&functions))
    }

    /// What stands around the functions: the runtime, and what of the shared things they use.
    fn shape(&self, functions: &str) -> String {
        let mut text = String::new();
        let pool = match self.change {
            Some(Change::OneThread) => Some(1),
            Some(Change::ManyThreads) => None,
            _ => self.small.pool,
        };
        if pool.is_some() || self.small.gil {
            text.push_str("\n[runtime]\n");
        }
        if self.small.gil {
            text.push_str("gil = true\n");
        }
        if let Some(threads) = pool {
            let _ = writeln!(text, "pool_threads = {threads}");
        }
        if functions.contains("\"jobs\"") {
            text.push_str("\n[[channel]]\nname = \"jobs\"\n");
        }
        if functions.contains("\"turn\"") {
            text.push_str("\n[[lock]]\nname = \"turn\"\n");
        }
        text
    }

    fn function(&mut self, steps: &[Doing], task: Option<usize>) -> String {
        let name = self.function.clone();
        let mut text = format!("\n[[function]]\nname = \"{name}\"\n");
        let mut body = Vec::new();
        let is_main = self.small.begins == Begins::Main && name == "main";
        let others = match is_main {
            true => &self.small.called()[..self.small.tasks.len() - 1],
            false => &[],
        };
        body.extend(others.iter().map(|other| self.spawned(other)));
        if task.is_some_and(|place| place < self.small.opens) {
            let first = self.label("", 0);
            body.push(format!("{{ print = \"{first}\" }}"));
        }
        body.extend(self.steps(steps, &name));
        let ends = others.iter().filter(|_| !self.is(Change::InTurn));
        body.extend(ends.map(|other| awaited(other)));
        if let (Begins::Requested { plain, .. }, Some(place)) = (self.small.begins, task) {
            let awaits = self.is(Change::Awaited) || self.is(Change::OnTheLoop);
            let _ = writeln!(text, "route = \"{}\"", self.small.route(place));
            if plain && !awaits {
                text.push_str("async = false\n");
            }
            let answer = match self.small.names {
                Some(_) => "done".to_owned(),
                None => place.to_string(),
            };
            body.push(format!("{{ respond = \"{answer}\" }}"));
        }
        let _ = writeln!(text, "body = [\n  {},\n]", body.join(",\n  "));
        text
    }

    fn beginning(&self) -> String {
        let small = self.small;
        if let Begins::Requested { apart, .. } = small.begins {
            return self.clients(apart);
        }
        let mut names = small.called();
        if self.is(Change::LastFirst) {
            names.reverse();
        }
        let starts = |name: &String| format!("\n[[start]]\nrun = \"{name}\"\n");
        if small.begins == Begins::Starts && !self.is(Change::InTurn) {
            let starts: String = names.iter().map(starts).collect();
            return format!(
                "{starts}\n[[function]]\nname = \"main\"\nbody = [{{ sleep = \"{}\" }}]\n\
                 \n[[start]]\nrun = \"main\"\nmain = true\n",
                length(66 * small.unit)
            );
        }
        let main = self.main(&names).join(",\n  ");
        format!(
            "\n[[function]]\nname = \"main\"\nbody = [\n  {main},\n]\n\n[[start]]\nrun = \"main\"\n"
        )
    }

    /// The steps of a main that starts these.
    fn main(&self, names: &[String]) -> Vec<String> {
        let written = self.small.names.is_some();
        let print = |text: &str| format!("{{ print = \"{text}\" }}");
        let spawns = self.small.begins == Begins::Spawned;
        let mut all = Vec::new();
        if self.is(Change::InTurn) {
            all.extend(names.iter().map(|name| format!("{{ call = \"{name}\" }}")));
            all.extend((written && spawns).then(|| print("started")));
        } else if spawns {
            all.extend(names.iter().map(|name| self.spawned(name)));
            all.extend(written.then(|| print("started")));
            for name in self.small.called() {
                all.push(awaited(&name));
                all.extend((!written).then(|| print(&format!("{name} has ended"))));
            }
        } else {
            let tasks: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
            all.push(format!("{{ gather = [{}] }}", tasks.join(", ")));
            all.extend((!written).then(|| print("end")));
        }
        all
    }

    /// The step that spawns a task; one that begins when the one before it has ended is called.
    fn spawned(&self, name: &str) -> String {
        match self.is(Change::InTurn) {
            true => format!("{{ call = \"{name}\" }}"),
            false => format!("{{ spawn = \"{name}\", as = \"{}\" }}", handle(name)),
        }
    }

    /// A client for each request, or one that sends all, one at a time.
    fn clients(&self, apart: u32) -> String {
        let small = self.small;
        let requests = (0..small.tasks.len()).map(|place| {
            let at = small.unit * apart * place as u32;
            let route = small.route(place);
            format!("{{ route = \"{route}\", at = \"{}\" }}", length(at))
        });
        let client =
            |name: &str, requests: &str| format!("\n[[client]]\nname = \"{name}\"\n{requests}]\n");
        if self.is(Change::InTurn) {
            let all: Vec<String> = requests.collect();
            let all = all.join(", ");
            return client(
                "client",
                &format!("connection = \"shared\"\nrequests = [{all}"),
            );
        }
        let first = usize::from(small.names.is_some());
        let each = requests.zip(first..).map(|(request, number)| {
            client(
                &format!("client {number}"),
                &format!("requests = [{request}"),
            )
        });
        each.collect()
    }
}

/// The step that awaits a task.
fn awaited(name: &str) -> String {
    format!("{{ await = \"{}\" }}", handle(name))
}

/// What a task is called by who awaits it.
fn handle(name: &str) -> String {
    match name.strip_prefix("task") {
        Some(place) => format!("t{place}"),
        None => format!("{name}_task"),
    }
}
