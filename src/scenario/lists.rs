//! Lists of texts: each item is checked for itself, so that one bad item hides no other.

use super::anchor;
use super::decode::{Decoder, Value};
use super::keys::Kind;
use super::raw::{self, Node};

impl Decoder<'_, '_> {
    pub(super) fn lines(&mut self, key: &str, kind: Kind, items: &[Node]) -> Option<Value> {
        let mut lines = Vec::new();
        for item in items {
            let kind = match kind {
                Kind::Names => Kind::Name,
                _ => Kind::Printed,
            };
            let what = format!("each of `{key}`");
            match (&item.value, kind) {
                (raw::Value::Text(_), _) => {
                    if let Some(Value::Text(text)) = self.value(key, kind, item) {
                        lines.push((text, item.span.clone()));
                    }
                }
                _ => drop(self.wrong(&what, item, "a string")),
            }
        }
        Some(Value::Lines(lines))
    }

    pub(super) fn insights(&mut self, key: &str, all: bool, items: &[Node]) -> Option<Value> {
        let mut kinds = Vec::new();
        for item in items {
            let raw::Value::Text(kind) = &item.value else {
                self.wrong(&format!("each of `{key}`"), item, "a string");
                continue;
            };
            if (all && kind == "*") || anchor::insight(kind).is_ok() {
                kinds.push((kind.clone(), item.span.clone()));
            } else if let Err((message, help)) = anchor::insight(kind) {
                self.finder
                    .help("unknown-insight", item.span.clone(), message, help);
            }
        }
        Some(Value::Lines(kinds))
    }
}
