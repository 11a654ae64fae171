//! Names, values, texts and lengths, as Python writes them.

use loopscope_trace::FunctionId;
use unicode_width::UnicodeWidthStr;

use crate::scenario::decode::notation::decimal;
use crate::scenario::listing::language::{Phrases, Values};
use crate::scenario::listing::page::{At, Page};
use crate::scenario::listing::program::Program;
use crate::scenario::listing::quoted::{Quoted, formatted, literal};
use crate::scenario::listing::types::Kind;
use crate::scenario::listing::walk::Writer;
use crate::scenario::model::expression::{Call, Expression, Length, Operator, Part, Text};
use crate::scenario::model::parts;
use crate::scenario::model::step::{Action, Step, Work};

/// The arguments of a call that `caller` makes.
pub(crate) fn arguments(program: &Program<'_>, call: &Call, caller: FunctionId) -> Vec<String> {
    let arguments = call.arguments.iter();
    arguments
        .map(|value| expression(program, caller, value, '"'))
        .collect()
}

/// A value; strings in it get these quotes.
fn expression(
    program: &Program<'_>,
    function: FunctionId,
    value: &Expression,
    quote: char,
) -> String {
    let kind = |value: &Expression| program.types.expression(function, value);
    let inner = |value: &Expression| expression(program, function, value, quote);
    match value {
        Expression::Integer(number) => number.to_string(),
        Expression::Text(text) if quote == '"' => literal(text),
        Expression::Text(text) => {
            format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
        }
        Expression::Variable(id) if program.is_stored(*id) => {
            format!("{}.load()", program.variable(*id))
        }
        Expression::Variable(id) => program.variable(*id).to_owned(),
        Expression::Local(name) => name.clone(),
        Expression::Binary(left, operator, right) => {
            // Python puts strings together with strings only.
            let joins = *operator == Operator::Add && kind(value) == Kind::Text;
            let side = |value: &Expression| match joins && kind(value) == Kind::Integer {
                true => format!("str({})", inner(value)),
                false => inner(value),
            };
            format!("{} {} {}", side(left), operator.sign(), side(right))
        }
    }
}

/// What the writer of a Python function keeps in mind.
#[derive(Debug)]
pub(crate) struct Python {
    /// What is written runs on a loop, not on a thread of a pool.
    pub(crate) on_loop: bool,
}

/// What stands before and after the parts of its steps.
pub(crate) const PHRASES: Phrases = Phrases {
    sleep: ("await asyncio.sleep(", ")"),
    block: ("time.sleep(", ")"),
    cpu: ("compute(", ")"),
    native: ("compute_in_c(", ")"),
    gives_way: "await asyncio.sleep(0)",
    yields: "yield",
    awaited: ("await ", ")"),
    called: ("", ")"),
    awaited_or_fails: ("await ", ")"),
    called_or_fails: ("", ")"),
    received: ("await ", ".get()"),
    aborted: ".cancel()",
    stop: ("raise_signal(", ")"),
    in_place: ("if True:  # block_in_place", None),
    forever: "while True:",
    times: ("for _ in range(", "):"),
    leaves_loop: "break",
    opens: ":",
    otherwise: "else:",
    closes: None,
    end: "",
};

impl Values for Writer<'_, '_, Python> {
    fn named(name: &str) -> String {
        name.to_owned()
    }

    fn shared(name: &str) -> String {
        name.to_owned()
    }

    fn kept(into: Option<&str>) -> String {
        into.map_or_else(String::new, |into| format!("{into} = "))
    }

    fn value(&self, value: &Expression) -> String {
        expression(self.program, self.function.id, value, '"')
    }

    fn arguments(&self, call: &Call) -> Vec<String> {
        arguments(self.program, call, self.function.id)
    }

    /// In seconds.
    fn length(&self, length: &Length) -> String {
        let pace = &self.page.pace;
        match length {
            Length::Fixed(length) => format!("{}{pace}", decimal(length.0, 1_000_000_000)),
            Length::Of { value, unit } => {
                let text = match value {
                    Expression::Binary(..) => format!("({})", self.value(value)),
                    _ => self.value(value),
                };
                match 1_000_000_000 / unit.0.max(1) {
                    1 => format!("{text}{pace}"),
                    parts => format!("{text} / {parts}{pace}"),
                }
            }
        }
    }
}

impl Writer<'_, '_, Python> {
    /// A text that is one value only.
    pub(crate) fn lone(&self, text: &Text) -> Option<String> {
        match text.0.as_slice() {
            [Part::Value(only)] => Some(self.value(only)),
            _ => None,
        }
    }

    /// A text between quotes; with values in it, as a format.
    pub(crate) fn quoted(&self, text: &Text) -> Quoted {
        if let Some(words) = text.words() {
            return Quoted::plain(words);
        }
        let pieces = text.0.iter().map(|part| match part {
            Part::Words(words) => formatted(words),
            Part::Value(value) => {
                let value = expression(self.program, self.function.id, value, '\'');
                format!("{{{value}}}")
            }
        });
        Quoted {
            text: pieces.collect(),
            format: true,
        }
    }

    /// A function and its arguments, one after the other.
    pub(crate) fn apart(&self, call: &Call) -> Vec<String> {
        let mut words = vec![self.program.name(call.function).to_owned()];
        words.extend(self.arguments(call));
        words
    }

    /// Writes the call that hands work on; a lone step in it stands where its name stands.
    pub(crate) fn handing(&mut self, at: At, work: &Work, open: &str, args: &[String]) {
        let before = self.page.length();
        self.page.calling(at, open, args, ")");
        if let Work::Inline(steps) = work
            && let (Some((names, words)), [only]) = (simple(steps, self.page), steps.as_slice())
        {
            let line = self.page.find(before, &names[0]);
            self.page.mark(At::new(only.id, at.level), line, &words);
        }
    }

    /// `return` or `yield` with a text.
    pub(crate) fn leaving(&mut self, at: At, word: &str, text: &Text) {
        if let Some(value) = self.lone(text) {
            return self.page.simple(at, &format!("{word} {value}"));
        }
        let quoted = self.quoted(text);
        let mark = self.page.prefix(&quoted);
        let words = format!("{word} {mark}\"{}\"", quoted.text);
        let fits = words.width() <= self.page.room(at.level);
        let (open, close) = if fits { (" ", "") } else { (" (", ")") };
        let open = format!("{word}{open}");
        let line = self.page.quoted(at.level, &open, &quoted, close);
        self.page.mark(at, line, &words);
    }
}

/// Whether a job of several steps sends something: only the loop may touch its queues.
pub(crate) fn sends_from_pool(body: &[Step]) -> bool {
    parts::any(body, |action| match action {
        Action::SpawnBlocking {
            work: Work::Inline(steps),
            ..
        } => parts::any(
            steps,
            |action| matches!(action, Action::Send { is_unsafe, .. } if !is_unsafe),
        ),
        _ => false,
    })
}

/// One step that can be handed on with its argument, and how the call itself is written.
pub(crate) fn simple(steps: &[Step], page: &Page) -> Option<(Vec<String>, String)> {
    let [only] = steps else {
        return None;
    };
    let (function, length) = match &only.action {
        Action::Block(length) => ("time.sleep", length),
        Action::Cpu { length, keeps_gil } => match keeps_gil {
            true => ("compute_in_c", length),
            false => ("compute", length),
        },
        _ => return None,
    };
    let seconds = decimal(length.fixed()?.0, 1_000_000_000);
    let seconds = format!("{seconds}{}", page.pace);
    let words = format!("{function}({seconds})");
    Some((vec![function.to_owned(), seconds], words))
}

/// `a, b = `
pub(crate) fn kept_all(into: &[String]) -> String {
    match into {
        [] => String::new(),
        [only] => format!("[{only}] = "),
        all => format!("{} = ", all.join(", ")),
    }
}
