//! Names, routes and words: how each may be spelled.

use std::ops::Range as Span;

use crate::scenario::decode::record::Value;
use crate::scenario::decode::tables::Decoder;
use crate::scenario::schema::row::{Kind, MAX_NAME};
use crate::scenario::text::words;

impl Decoder<'_, '_> {
    pub(crate) fn label(&mut self, key: &str, text: &str, span: &Span<usize>) -> Option<Value> {
        let text = self.said(key, text.trim(), span)?;
        if text.is_empty() || text.chars().count() > 40 {
            let message = format!("`{key}` has {} characters", text.chars().count());
            let help = "choose a name of 1 to 40 characters";
            self.finder.help("bad-name", span.clone(), message, help);
            return None;
        }
        Some(Value::Text(text))
    }

    pub(crate) fn name(
        &mut self,
        key: &str,
        kind: Kind,
        text: &str,
        span: &Span<usize>,
    ) -> Option<Value> {
        let id = matches!(kind, Kind::Id);
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || (id && c == '-');
        let first = text.chars().next().is_some_and(|c| !c.is_ascii_digit());
        let most = if id { 60 } else { MAX_NAME };
        if (first || id) && !text.is_empty() && text.len() <= most && text.chars().all(fits) {
            return Some(Value::Text(text.to_owned()));
        }
        let message = format!("`{}` cannot be a name (`{key}`)", words::short(text));
        let help = if id {
            "a scenario's id has letters, digits and `-`".to_owned()
        } else {
            format!("a name has letters, digits and `_`, no digit first, at most {most}")
        };
        self.finder.help("bad-name", span.clone(), message, help);
        None
    }

    pub(crate) fn route(&mut self, text: &str, span: &Span<usize>) -> Option<Value> {
        let fits = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\';
        if text.starts_with('/') && text.len() <= 60 && text.chars().all(fits) {
            return Some(Value::Text(text.to_owned()));
        }
        let message = format!("`{}` is no route", words::short(text));
        let help = "a route begins with `/`, as in \"/ping\", and has at most 60 characters";
        self.finder.help("bad-name", span.clone(), message, help);
        // What was meant, so that requests for this route are not called wrong as well.
        Some(Value::Text(format!("/{}", text.trim_start_matches('/'))))
    }

    pub(crate) fn one_of(
        &mut self,
        key: &str,
        known: &[&'static str],
        text: &str,
        span: &Span<usize>,
    ) -> Option<Value> {
        if known.contains(&text) {
            return Some(Value::Text(text.to_owned()));
        }
        let message = format!("`{key}` cannot be `{}`", words::short(text));
        let help = words::suggest(text, known, "choose one of", "");
        self.finder.help("bad-value", span.clone(), message, help);
        None
    }
}
