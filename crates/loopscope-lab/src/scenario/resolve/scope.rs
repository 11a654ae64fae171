//! Names in texts and expressions: knobs are values already, the others are looked up here.

use std::ops::Range as Span;

use crate::scenario::decode::record::{Piece, Record, Template, Tree, Wait};
use crate::scenario::model::expression::{Expression, Length, Operator, Part, Text, Value};
use crate::scenario::resolve::bodies::{Bodies, Executor, NameKind, Place};
use crate::scenario::text::words;

impl Bodies<'_, '_, '_> {
    /// A text that is said.
    pub(crate) fn text(&mut self, template: &Template, place: Place) -> Option<Text> {
        if let Some(words) = template.fixed() {
            return Some(Text::plain(&words));
        }
        let mut parts = Vec::new();
        for piece in &template.0 {
            parts.push(match piece {
                Piece::Words(words) => Some(Part::Words(words.clone())),
                Piece::Value(tree) => self.expression(tree, place).map(Part::Value),
            });
        }
        parts.into_iter().collect::<Option<Vec<_>>>().map(Text)
    }

    /// A text that is a result: one expression alone keeps its kind.
    pub(crate) fn result(&mut self, template: &Template, place: Place) -> Option<Text> {
        match template.0.as_slice() {
            [Piece::Value(Tree::Value(Value::Integer(number)))] => {
                Some(Text(vec![Part::Value(Expression::Integer(*number))]))
            }
            _ => self.text(template, place),
        }
    }

    /// A value that is kept: one expression alone keeps its kind, all else is a string.
    pub(crate) fn worth(&mut self, template: &Template, place: Place) -> Option<Expression> {
        if let [Piece::Value(tree)] = template.0.as_slice() {
            return self.expression(tree, place);
        }
        let mut pieces = template.0.iter().map(|piece| match piece {
            Piece::Words(words) => Some(Expression::Text(words.clone())),
            Piece::Value(tree) => self.expression(tree, place),
        });
        let pieces: Option<Vec<_>> = pieces.by_ref().collect();
        let mut pieces = pieces?.into_iter();
        let first = pieces.next().unwrap_or(Expression::Text(String::new()));
        // A string in front makes a string of all that follows.
        let first = match first {
            Expression::Text(_) => first,
            other => add(Expression::Text(String::new()), other),
        };
        Some(pieces.fold(first, add))
    }

    /// The value of a record's `value`.
    pub(crate) fn kept_value(&mut self, record: &Record, place: Place) -> Option<Expression> {
        self.worth(record.template("value")?, place)
    }

    pub(crate) fn length(&mut self, record: &Record, key: &str, place: Place) -> Option<Length> {
        Some(match record.wait(key)? {
            Wait::Fixed(length) => Length::Fixed(*length),
            Wait::Of(tree, unit) => Length::Of {
                value: self.expression(tree, place)?,
                unit: *unit,
            },
        })
    }

    /// The names of `tree` resolved; says what each unknown one may have meant.
    pub(crate) fn expression(&mut self, tree: &Tree, place: Place) -> Option<Expression> {
        match tree {
            Tree::Value(Value::Integer(number)) => Some(Expression::Integer(*number)),
            Tree::Value(Value::Text(text)) => Some(Expression::Text(text.clone())),
            Tree::Name(name, span) => self.name(name, span, place),
            Tree::Binary(left, operator, right) => {
                self.subtracts(left, *operator, right);
                let left = self.expression(left, place);
                let right = self.expression(right, place);
                Some(Expression::Binary(
                    Box::new(left?),
                    *operator,
                    Box::new(right?),
                ))
            }
        }
    }

    fn subtracts(&mut self, left: &Tree, operator: Operator, right: &Tree) {
        let text = |tree: &Tree| matches!(tree, Tree::Value(Value::Text(_)));
        if operator == Operator::Subtract && (text(left) || text(right)) {
            let near = [left, right];
            let place = near.iter().flat_map(|tree| tree.names()).next();
            let place = place.map_or(0..0, |(_, span)| span.clone());
            let message = "`-` needs two numbers, and one of these is a string".to_owned();
            let help = "put strings together with `+`";
            self.help("expression", place, message, help);
        }
    }

    fn name(&mut self, name: &str, span: &Span<usize>, place: Place) -> Option<Expression> {
        if self.known.iter().any(|known| known == name) {
            return Some(Expression::Local(name.to_owned()));
        }
        let own = self.own.iter().find(|(known, _)| known == name);
        let (code, message, help) = match (own, self.program.names.what(name)) {
            (Some((_, NameKind::Local)), _) => (
                "unknown-name",
                format!("`{name}` may have no value here"),
                "give it one on every way that leads here".to_owned(),
            ),
            (Some((_, NameKind::Task | NameKind::Detached)), _) => (
                "unknown-name",
                format!("`{name}` is a task, not a value"),
                format!("await it first: {{ await = \"{name}\", into = \"result\" }}"),
            ),
            (_, Some("variable")) if place.executor == Executor::Process => (
                "plain",
                format!("a child process cannot see the variable `{name}`"),
                "hand it to a function as an argument".to_owned(),
            ),
            (_, Some("variable")) => {
                let id = self.program.names.find(name, span.clone(), self.finder);
                return id.map(Expression::Variable);
            }
            (_, Some(other)) => (
                "unknown-name",
                format!("`{name}` is a {other}, not a value"),
                "only knobs, variables, parameters and locals have a value".to_owned(),
            ),
            _ => {
                let known = self.known.iter().map(String::as_str);
                let all: Vec<&str> = known.chain(self.program.names.values()).collect();
                let none =
                    "declare it in a [[knob]] or [[variable]] table, or write {{ for a brace";
                (
                    "unknown-name",
                    format!("there is no value `{}`", words::short(name)),
                    words::suggest(name, &all, "the values here", none),
                )
            }
        };
        self.help(code, span.clone(), message, help);
        None
    }

    /// A local that has a value from here on.
    pub(crate) fn local(&mut self, name: &str, span: Span<usize>) {
        self.claim(name, NameKind::Local, span);
        if !self.known.iter().any(|known| known == name) {
            self.known.push(name.to_owned());
        }
    }

    /// The local of `into`, where there is one.
    pub(crate) fn into(&mut self, record: &Record) -> Option<String> {
        let name = record.text("into")?.to_owned();
        self.local(&name, record.at("into"));
        Some(name)
    }

    /// Takes a name for something of this function; says so where it stands for something else.
    pub(crate) fn claim(&mut self, name: &str, own: NameKind, span: Span<usize>) {
        let here = self.own.iter().find(|(known, _)| known == name);
        let functions = &self.program.declared;
        let other = match (here, self.program.names.what(name)) {
            (Some((_, NameKind::Local)), _) if own == NameKind::Local => return,
            (Some((_, other)), _) => Some(other.word()),
            // In Python a name that is given a value hides the function everywhere in this one.
            (None, None) if own != NameKind::Detached => functions
                .iter()
                .any(|known| known.name == name)
                .then_some("function"),
            (None, other) => other,
        };
        if let Some((message, help)) = words::reserved(name) {
            self.help("bad-name", span.clone(), message, help);
        }
        match other {
            Some(other) => {
                let message = if other == own.word() {
                    format!("there is a {other} `{name}` in this function already")
                } else {
                    format!("`{name}` is the name of a {other} already")
                };
                let help = "give it another name";
                self.help("duplicate", span, message, help);
            }
            None => self.own.push((name.to_owned(), own)),
        }
    }
}

fn add(left: Expression, right: Expression) -> Expression {
    Expression::Binary(Box::new(left), Operator::Add, Box::new(right))
}
