//! Values, texts and lengths, as Rust writes them.

use loopscope_trace::{FunctionId, Nanos};

use crate::scenario::listing::language::{Phrases, Values};
use crate::scenario::listing::program::Program;
use crate::scenario::listing::quoted::{Quoted, formatted, literal};
use crate::scenario::listing::types::Kind;
use crate::scenario::listing::walk::Writer;
use crate::scenario::model::expression::{Call, Expression, Length, Operator, Part, Text};
use crate::scenario::model::parts;
use crate::scenario::model::step::{Action, Step};

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// A name, also where it is a word of the language.
pub(crate) fn named(name: &str) -> String {
    if KEYWORDS.contains(&name) {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}

/// The arguments of a call that `caller` makes.
pub(crate) fn arguments(program: &Program<'_>, call: &Call, caller: FunctionId) -> Vec<String> {
    let called = program.function(call.function);
    let params = called.map_or(&[][..], |function| function.params.as_slice());
    let arguments = call.arguments.iter().zip(params);
    arguments
        .map(|(value, param)| {
            let wanted = program.types.local(call.function, param);
            owned(program, caller, value, wanted)
        })
        .collect()
}

/// A value that is given away, as what is wanted.
fn owned(program: &Program<'_>, function: FunctionId, value: &Expression, wanted: Kind) -> String {
    let text = expression(program, function, value);
    match (value, wanted, program.types.expression(function, value)) {
        (Expression::Text(_), ..) => format!("{text}.into()"),
        (_, Kind::Text, Kind::Integer) => match value {
            Expression::Binary(..) => format!("({text}).to_string()"),
            _ => format!("{text}.to_string()"),
        },
        (Expression::Local(_), Kind::Text, Kind::Text) => format!("{text}.clone()"),
        _ => text,
    }
}

/// A value that is looked at.
fn expression(program: &Program<'_>, function: FunctionId, value: &Expression) -> String {
    let inner = |value: &Expression| expression(program, function, value);
    match value {
        Expression::Integer(number) => number.to_string(),
        Expression::Text(text) => literal(text),
        Expression::Variable(id) => {
            let name = program.variable(*id).to_uppercase();
            if program.is_stored(*id) {
                return format!("{name}.load()");
            }
            match program.types.expression(function, value) {
                Kind::Integer => format!("{name}.load(Relaxed)"),
                Kind::Text => format!("{name}.get()"),
            }
        }
        Expression::Local(name) => named(name),
        Expression::Binary(left, Operator::Add, right)
            if program.types.expression(function, value) == Kind::Text =>
        {
            format!("format!(\"{{}}{{}}\", {}, {})", inner(left), inner(right))
        }
        Expression::Binary(left, operator, right) => {
            format!("{} {} {}", inner(left), operator.sign(), inner(right))
        }
    }
}

/// `secs(5)`, `millis(20)`: the largest unit in which it is a whole number.
fn duration(length: Nanos) -> String {
    let nanos = length.0;
    let units = [
        (1_000_000_000, "secs"),
        (1_000_000, "millis"),
        (1_000, "micros"),
    ];
    for (unit, name) in units {
        if nanos.is_multiple_of(unit) {
            return format!("{name}({})", nanos / unit);
        }
    }
    format!("nanos({nanos})")
}

/// What the writer of a Rust function keeps in mind.
#[derive(Debug)]
pub(crate) struct Rust {
    pub(crate) leaves: Leaves,
    /// How many locks are held where the writer is.
    pub(crate) guards: usize,
    /// Whether the function, or the block inside it, ends with a `Result`.
    pub(crate) fails: bool,
    /// Whether something can be awaited: not in a job.
    pub(crate) awaits: bool,
}

/// What a `return` leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaves {
    /// The function.
    Function,
    /// A block inside the function, which hands the result on.
    Block,
}

/// What stands before and after the parts of its steps.
pub(crate) const PHRASES: Phrases = Phrases {
    sleep: ("sleep(", ").await;"),
    block: ("thread::sleep(", ");"),
    cpu: ("compute(", ");"),
    native: ("compute(", ");"),
    gives_way: "yield_now().await;",
    yields: "// the request is served here",
    awaited: ("", ").await;"),
    called: ("", ");"),
    awaited_or_fails: ("", ").await?;"),
    called_or_fails: ("", ")?;"),
    received: ("", ".recv().await;"),
    aborted: ".abort();",
    stop: ("stop(\"", "\");"),
    in_place: ("block_in_place(|| {", Some("});")),
    forever: "loop {",
    times: ("for _ in 0..", " {"),
    leaves_loop: "break;",
    opens: " {",
    otherwise: "} else {",
    closes: Some("}"),
    end: ";",
};

impl Values for Writer<'_, '_, Rust> {
    fn named(name: &str) -> String {
        named(name)
    }

    fn shared(name: &str) -> String {
        name.to_uppercase()
    }

    fn kept(into: Option<&str>) -> String {
        into.map_or_else(String::new, |into| format!("let {} = ", named(into)))
    }

    fn value(&self, value: &Expression) -> String {
        expression(self.program, self.function.id, value)
    }

    fn arguments(&self, call: &Call) -> Vec<String> {
        arguments(self.program, call, self.function.id)
    }

    fn length(&self, length: &Length) -> String {
        match length {
            Length::Fixed(length) => duration(*length),
            Length::Of { value, unit } => {
                let whole = unit.0 >= 1_000_000_000;
                let name = if whole { "secs" } else { "millis" };
                format!("{name}({})", self.value(value))
            }
        }
    }
}

impl Writer<'_, '_, Rust> {
    /// What the function returns; none where that is nothing.
    pub(crate) fn result(&self) -> Option<Kind> {
        self.program.types.result(self.function.id)
    }

    /// A value that is given away.
    pub(crate) fn given(&self, value: &Expression, wanted: Kind) -> String {
        owned(self.program, self.function.id, value, wanted)
    }

    /// A text as a format, and the values that follow it.
    pub(crate) fn format(&self, text: &Text) -> (Quoted, Vec<String>) {
        let mut quoted = String::new();
        let mut values = Vec::new();
        for part in &text.0 {
            match part {
                Part::Words(words) => quoted.push_str(&formatted(words)),
                Part::Value(Expression::Local(name)) if named(name) == *name => {
                    quoted.push_str(&format!("{{{name}}}"));
                }
                Part::Value(value) => {
                    quoted.push_str("{}");
                    values.push(self.value(value));
                }
            }
        }
        let quoted = Quoted {
            text: quoted,
            format: true,
        };
        (quoted, values)
    }
}

/// Whether nothing after this body is ever reached.
pub(crate) fn always_leaves(body: &[Step]) -> bool {
    body.last().is_some_and(|step| match &step.action {
        Action::Respond(_) | Action::Return(_) | Action::Raise(_) => true,
        Action::If {
            then, otherwise, ..
        } => always_leaves(then) && always_leaves(otherwise),
        Action::Lock { body, .. } => always_leaves(body),
        _ => false,
    })
}

/// Whether a step of this body, or of one in it, leaves the function.
pub(crate) fn may_leave(body: &[Step]) -> bool {
    parts::any(body, |action| {
        matches!(action, Action::Respond(_) | Action::Return(_))
    })
}

/// What a child process is told to run: the call itself.
pub(crate) fn child_key(name: &str, args: &[String]) -> String {
    match args {
        [] => name.to_owned(),
        args => format!("{name}({})", args.join(", ")).replace(".into()", ""),
    }
}

/// `let (a, b) = `
pub(crate) fn kept_all(into: &[String]) -> String {
    match into {
        [] => String::new(),
        all => {
            let names: Vec<_> = all.iter().map(|name| named(name)).collect();
            let comma = if names.len() == 1 { "," } else { "" };
            format!("let ({}{comma}) = ", names.join(", "))
        }
    }
}
