//! All functions, their heads and bodies, what they share, and what starts them.

use loopscope_trace::{Admits, Keep, Lock, LockKind, NamedEventKind};

use crate::scenario::listing::language::Values;
use crate::scenario::listing::page::Page;
use crate::scenario::listing::program::{Program, written};
use crate::scenario::listing::quoted::literal;
use crate::scenario::listing::types::Kind;
use crate::scenario::listing::walk::Writer;
use crate::scenario::model::expression::{Call, Length};
use crate::scenario::model::parts;
use crate::scenario::model::scenario::Start;
use crate::scenario::model::step::{Action, Step};
use crate::scenario::python::words::{Python, arguments, sends_from_pool};

fn shared(program: &Program<'_>, page: &mut Page) {
    let story = program.story;
    if program.is_server() {
        page.line(0, "app = FastAPI()");
    }
    let before = page.length();
    for (variable, kind) in story.variables.iter().zip(&program.types.variables) {
        let value = match kind {
            Kind::Integer => variable.initial.clone(),
            Kind::Text => literal(&variable.initial),
        };
        let words = match variable.file {
            true => format!("{0} = Stored(\"{0}\", {value})", variable.name),
            false => format!("{} = {value}", variable.name),
        };
        page.line(0, &words);
    }
    for channel in &story.channels {
        let open = format!("{} = asyncio.Queue(", channel.name);
        match channel.keep {
            Keep::All if channel.capacity.is_some() => {
                let most = channel.capacity.unwrap_or_default();
                page.call(0, &open, &[format!("maxsize={most}")], ")");
            }
            Keep::All | Keep::Each(_) => drop(page.line(0, &format!("{open})"))),
            Keep::Newest => drop(page.call(0, &open, &["maxsize=1".to_owned()], ")")),
        }
    }
    for own in &story.locks {
        lock(own, page);
    }
    for event in &story.events {
        let kind = match event.kind {
            NamedEventKind::Condition => "Condition",
            _ => "Event",
        };
        page.line(0, &format!("{} = asyncio.{kind}()", event.name));
    }
    for pool in &story.pools {
        let open = format!("{} = ThreadPoolExecutor(", pool.name);
        page.call(0, &open, &[pool.threads.to_string()], ")");
    }
    if program.any(|action| matches!(action, Action::Process { limit: None, .. })) {
        let many = program.process_pool().map(|many| many.to_string());
        let args: Vec<_> = many.into_iter().collect();
        page.call(0, "procs = ProcessPoolExecutor(", &args, ")");
    }
    for name in &story.loops {
        page.call(0, &format!("{name} = asyncio.new_event_loop("), &[], ")");
        page.line(0, "Thread(");
        page.line(1, &format!("target={name}.run_forever,"));
        page.line(1, "daemon=True,");
        page.line(0, ").start()");
    }
    if page.length() > before {
        page.gap();
    }
}

fn lock(lock: &Lock, page: &mut Page) {
    let kind = match lock.kind {
        LockKind::Async => "asyncio",
        LockKind::Std => "threading",
    };
    let open = format!("{} = ", lock.name);
    match lock.admits {
        Admits::One => drop(page.line(0, &format!("{open}{kind}.Lock()"))),
        Admits::Permits(permits) => {
            let permits = [permits.to_string()];
            page.call(0, &format!("{open}{kind}.Semaphore("), &permits, ")");
        }
        Admits::Readers => drop(page.line(0, &format!("{open}RWLock()"))),
    }
}

/// Writes the functions and what they share.
pub(crate) fn functions(program: &Program<'_>, page: &mut Page) {
    shared(program, page);
    for (at, function) in program.functions.iter().enumerate() {
        if at > 0 {
            page.gap();
        }
        let mut writer = Writer {
            program,
            page,
            function,
            children: 0,
            own: Python {
                on_loop: function.is_async,
            },
        };
        writer.define();
    }
}

/// Writes what starts a function.
pub(crate) fn begin(program: &Program<'_>, start: &Start, alone: bool, page: &mut Page) {
    let name = program.name(start.call.function);
    let arguments = arguments(program, &start.call, start.call.function);
    let call = format!("{name}({})", arguments.join(", "));
    let keep = if start.is_main { "t = " } else { "" };
    match start.on {
        Some(id) => {
            let side = program.side_loop(id).to_owned();
            let open = format!("{keep}run_coroutine_threadsafe(");
            page.call(0, &open, &[call, side], ")");
        }
        None if alone => drop(page.call(0, "asyncio.run(", &[call], ")")),
        None => drop(page.call(0, &format!("{keep}loop.create_task("), &[call], ")")),
    }
}

impl Writer<'_, '_, Python> {
    fn define(&mut self) {
        self.for_children();
        let def = if self.function.is_async {
            "async def "
        } else {
            "def "
        };
        if !self.has(|action| matches!(action, Action::Chunk(_))) {
            self.route();
            self.head(def, &self.function.name);
            return self.whole_body();
        }
        // What is streamed comes from a generator.
        let pieces = format!("{}_pieces", self.function.name);
        self.page.line(0, &format!("{def}{pieces}():"));
        self.whole_body();
        self.page.gap();
        self.route();
        self.head(def, &self.function.name);
        let call = [format!("{pieces}()")];
        self.page.call(1, "return StreamingResponse(", &call, ")");
    }

    fn whole_body(&mut self) {
        self.opening(&self.function.body, 1);
        self.body(&self.function.body, 1);
    }

    fn depends(&self, call: &Call) -> String {
        let words = self.apart(call).join(", ");
        match call.arguments.is_empty() {
            true => format!("Depends({words})"),
            false => format!("Depends(partial({words}))"),
        }
    }

    /// The decorator of a function that clients reach.
    fn route(&mut self) {
        let Some(route) = &self.function.route else {
            return;
        };
        let upload = self.has(|action| matches!(action, Action::ReadFile(_)));
        let open = if upload { "@app.post(" } else { "@app.get(" };
        let mut args = vec![format!("\"{route}\"")];
        if let Some(length) = self.function.encode {
            let seconds = self.length(&Length::Fixed(length));
            args.push(format!("response_class=encoded({seconds})"));
            if self.function.depends.is_empty() {
                self.page.call(0, open, &args, ")");
                return;
            }
        }
        if self.function.depends.is_empty() {
            // A lone argument stands between its brackets.
            let whole = format!("{open}{})", args[0]);
            self.page.either(0, &whole, &[open, &args[0], ")"]);
            return;
        }
        let depends: Vec<_> = self
            .function
            .depends
            .iter()
            .map(|call| self.depends(call))
            .collect();
        let list = format!("dependencies=[{}]", depends.join(", "));
        if list.len() < self.page.room(1) {
            args.push(list);
            self.page.call(0, open, &args, ")");
        } else {
            self.page.line(0, open);
            for arg in &args {
                self.page.line(1, &format!("{arg},"));
            }
            self.page.line(1, "dependencies=[");
            for one in depends {
                self.page.line(2, &format!("{one},"));
            }
            self.page.line(1, "],");
            self.page.line(0, ")");
        }
    }

    fn head(&mut self, def: &str, name: &str) {
        let mut params = self.function.params.clone();
        if self.has(|action| matches!(action, Action::ReadFile(_))) {
            params.push("file: UploadFile".to_owned());
        }
        if self.has(|action| matches!(action, Action::Background(_))) {
            params.push("tasks: BackgroundTasks".to_owned());
        }
        let whole = format!("{def}{name}({}):", params.join(", "));
        let open = format!("{def}{name}(");
        let mut parts = vec![open];
        parts.extend(params.iter().map(|param| format!("{param},")));
        parts.push("):".to_owned());
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        self.page.either(0, &whole, &parts);
    }

    /// What a function says of its names before it begins.
    pub(crate) fn opening(&mut self, body: &[Step], level: usize) {
        let names: Vec<_> = written(body)
            .into_iter()
            .filter(|variable| !self.program.is_stored(*variable))
            .map(|variable| self.program.variable(variable))
            .collect();
        if !names.is_empty() {
            self.page
                .line(level, &format!("global {}", names.join(", ")));
        }
        if self.own.on_loop && self.needs_loop(body) {
            self.page.line(level, "loop = get_running_loop()");
        }
    }

    fn needs_loop(&self, body: &[Step]) -> bool {
        let server = self.program.is_server();
        parts::any(body, |action| action.parts().on_own_loop) || (!server && sends_from_pool(body))
    }
}
