//! Values that may only be known while the scenario runs: texts, conditions, durations, calls.

use std::ops::Range as Span;

use crate::scenario::decode::pieces::{CallText, Origin, Piece, Template};
use crate::scenario::decode::record::{Value, Wait};
use crate::scenario::decode::tables::Decoder;
use crate::scenario::decode::{figure, template};
use crate::scenario::text::words;

impl Decoder<'_, '_> {
    /// A text with values in it.
    pub(crate) fn template(&mut self, key: &str, text: &str, span: &Span<usize>) -> Option<Value> {
        self.read(key, text, span).map(Value::Template)
    }

    /// Nothing where it has been called wrong.
    fn read(&mut self, key: &str, text: &str, span: &Span<usize>) -> Option<Template> {
        let before = self.finder.count();
        if !self.fits(key, text, span) {
            return None;
        }
        let origin = Origin::new(self.finder.source(), span, text);
        let template = template::template(text, &origin, self.knobs, self.finder);
        (self.finder.count() == before).then_some(template)
    }

    /// A text that is one expression.
    pub(crate) fn condition(&mut self, key: &str, text: &str, span: &Span<usize>) -> Option<Value> {
        let template = self.read(key, text.trim(), span)?;
        if let [Piece::Value(_)] = template.0.as_slice() {
            return Some(Value::Template(template));
        }
        let message = format!("`{key}` must be one expression in braces");
        let help = format!("write {key} = \"{{x == 3}}\"");
        self.finder.help("expression", span.clone(), message, help);
        None
    }

    /// `"5s"`, or `"{x}s"`.
    pub(crate) fn wait(&mut self, key: &str, text: &str, span: &Span<usize>) -> Option<Value> {
        let template = self.read(key, text, span)?;
        let found = match (template.fixed(), template.0.as_slice()) {
            (Some(text), _) => figure::length(&text).map(Wait::Fixed),
            (None, [Piece::Value(tree), Piece::Words(unit)]) => match figure::unit(unit.trim()) {
                Some(unit) => Ok(Wait::Of(tree.clone(), unit)),
                None => Err(dynamic(text)),
            },
            _ => Err(dynamic(text)),
        };
        match found {
            Ok(wait) => Some(Value::Wait(wait)),
            Err((message, help)) => {
                self.finder.help("bad-value", span.clone(), message, help);
                None
            }
        }
    }

    /// A function, with arguments where it takes some.
    pub(crate) fn call(&mut self, key: &str, text: &str, span: &Span<usize>) -> Option<CallText> {
        if !self.fits(key, text, span) {
            return None;
        }
        let origin = Origin::new(self.finder.source(), span, text);
        template::call(text, &origin, self.knobs, self.finder)
    }
}

fn dynamic(text: &str) -> (String, String) {
    (
        format!("`{}` is no duration", words::short(text)),
        "where a value decides, write it and its unit, as in \"{x}s\" or \"{x}ms\"".to_owned(),
    )
}
