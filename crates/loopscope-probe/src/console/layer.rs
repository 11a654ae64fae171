//! Stands before tokio-console's layer, and gives it another place of a spawn where one was told.
//!
//! tokio tells the place of a spawn in three fields of the task's span. Nothing else can be done about it: the place of
//! a caller is made by the compiler.

use std::fmt::Debug;

use tracing::field::{Field, Value, Visit, display};
use tracing::span::{Attributes, Id};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use crate::console::spawns::{self, Place};

/// tokio's span of a task or a job.
const SPAWN: &str = "runtime.spawn";

/// A layer with all that it is told, but for the places.
pub(crate) struct AtPlaces<L>(pub(crate) L);

impl<S: Subscriber, L: Layer<S>> Layer<S> for AtPlaces<L> {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        self.0.register_callsite(metadata)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let place = (attributes.metadata().name() == SPAWN).then(spawns::place);
        let Some(place) = place.flatten() else {
            return self.0.on_new_span(attributes, id, context);
        };
        let mut seen = Seen(Vec::new());
        attributes.record(&mut seen);
        let values: Vec<(Field, Box<dyn Value>)> = seen.0;
        let (metadata, file) = (attributes.metadata(), &*place.file);
        let all: Vec<_> = metadata
            .fields()
            .iter()
            .map(|field| moved(&field, &file, &place).or_else(|| value(&values, &field)))
            .collect();
        // What tracing's own macros call: all fields in their order.
        let all = metadata.fields().value_set_all(&all);
        // A task's span is a child of the one in which it is spawned, or of none that was named.
        self.0
            .on_new_span(&Attributes::new(metadata, &all), id, context);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        self.0.on_event(event, context);
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        self.0.on_enter(id, context);
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        self.0.on_exit(id, context);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        self.0.on_close(id, context);
    }
}

/// What stands in a field of the place.
fn moved<'a>(field: &Field, file: &'a dyn Value, place: &'a Place) -> Option<&'a dyn Value> {
    match field.name() {
        "loc.file" => Some(file),
        "loc.line" => Some(&place.line),
        "loc.col" => Some(&place.column),
        _ => None,
    }
}

/// What stood in a field.
fn value<'a>(values: &'a [(Field, Box<dyn Value>)], field: &Field) -> Option<&'a dyn Value> {
    let found = values.iter().find(|(own, _)| own == field);
    found.map(|(_, value)| &**value)
}

/// The values of a span, in their order.
struct Seen(Vec<(Field, Box<dyn Value>)>);

impl Visit for Seen {
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.push((field.clone(), Box::new(value)));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.clone(), Box::new(value.to_owned())));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = display(format!("{value:?}"));
        self.0.push((field.clone(), Box::new(text)));
    }
}
