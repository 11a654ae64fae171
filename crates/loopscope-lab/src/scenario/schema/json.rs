//! The table of keys as JSON Schema and as documentation.

use serde_json::{Map, Value, json};

use crate::scenario::schema::row::{Field, Kind, StepRow, Table, Vocabulary};
use crate::scenario::schema::steps::STEPS;
use crate::scenario::schema::tables::ROOT;

/// The schema, draft 2020-12, for editors.
pub fn json(vocabulary: &Vocabulary) -> Value {
    let mut schema = object(ROOT.fields, &[], vocabulary);
    let step = |row: &StepRow| step(row, vocabulary);
    let body = json!({
        "type": "array",
        "description": "Steps in order, one action a table.",
        "items": { "oneOf": STEPS.iter().map(step).collect::<Vec<_>>() },
    });
    if let Value::Object(entries) = &mut schema {
        let draft = "https://json-schema.org/draft/2020-12/schema";
        entries.insert("$schema".to_owned(), json!(draft));
        entries.insert("title".to_owned(), json!("A loopscope scenario"));
        entries.insert("$defs".to_owned(), json!({ "body": body }));
    }
    schema
}

fn step(row: &StepRow, vocabulary: &Vocabulary) -> Value {
    let own = Field {
        key: row.key,
        kind: row.kind,
        required: true,
        say: row.say,
    };
    object(row.fields, &[own], vocabulary)
}

fn object(fields: &[Field], more: &[Field], vocabulary: &Vocabulary) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in more.iter().chain(fields) {
        let mut fragment = kind(field.kind, vocabulary);
        if let Value::Object(entries) = &mut fragment {
            entries.insert("description".to_owned(), json!(field.say));
        }
        properties.insert(field.key.to_owned(), fragment);
        if field.required {
            required.push(field.key);
        }
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

// table
fn kind(kind: Kind, vocabulary: &Vocabulary) -> Value {
    match kind {
        Kind::Text | Kind::Printed | Kind::Said | Kind::Label | Kind::Anchor => {
            json!({ "type": "string" })
        }
        Kind::Name => json!({ "type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,17}$" }),
        Kind::Id => json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,60}$" }),
        Kind::Route => json!({ "type": "string", "pattern": "^/" }),
        Kind::Answer => json!({ "anyOf": [{ "const": true }, { "type": "string" }] }),
        Kind::Value | Kind::Initial => json!({ "type": ["integer", "string"] }),
        Kind::Condition => json!({ "type": "string", "pattern": "^\\s*\\{.*\\}\\s*$" }),
        Kind::Size => json!({ "type": "string", "examples": ["10kB", "3MB"] }),
        Kind::Call => json!({ "type": "string", "examples": ["work", "work(1, {x})"] }),
        Kind::Times(least, most) => json!({ "anyOf": [
            { "type": "integer", "minimum": least, "maximum": most },
            { "type": "string", "pattern": "^(forever|\\{.*\\})$" },
        ] }),
        Kind::Length | Kind::Wait => json!({ "type": "string", "examples": ["20ms", "5s"] }),
        Kind::Count(least, most) => json!({ "anyOf": [
            { "type": "integer", "minimum": least, "maximum": most },
            { "type": "string", "pattern": "^\\{.*\\}$" },
        ] }),
        Kind::Integer => json!({ "type": "integer" }),
        Kind::Pace => json!({ "type": "number", "minimum": 0.001, "maximum": 1e6 }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Switch => json!({ "type": ["boolean", "string"] }),
        Kind::Panes => json!({ "type": "array", "items": { "enum": vocabulary.panes } }),
        Kind::Some(words) => json!({ "type": "array", "items": { "enum": words } }),
        Kind::Into => json!({ "anyOf": [
            { "type": "string" },
            { "type": "array", "items": { "type": "string" } },
        ] }),
        Kind::Figures => json!({
            "type": "object",
            "additionalProperties": { "type": ["string", "integer"] },
        }),
        Kind::Yes => json!({ "const": true }),
        Kind::OneOf(words) => json!({ "enum": words }),
        Kind::Lines | Kind::Names | Kind::Calls => {
            json!({ "type": "array", "items": { "type": "string" } })
        }
        Kind::Insights(all) => {
            let mut words = vocabulary.findings.to_vec();
            if all {
                words.push("*");
            }
            json!({ "type": "array", "items": { "enum": words } })
        }
        Kind::Steps => json!({ "$ref": "#/$defs/body" }),
        Kind::Work => json!({ "anyOf": [{ "type": "string" }, { "$ref": "#/$defs/body" }] }),
        Kind::Elapsed => json!({ "type": ["string", "number"] }),
        Kind::Figure => json!({ "type": ["string", "integer"] }),
        Kind::Rows(table) => {
            json!({ "type": "array", "items": object(table.fields, &[], vocabulary) })
        }
        Kind::Row(table) => object(table.fields, &[], vocabulary),
    }
}

/// The reference of all tables and steps, for the documentation.
pub fn markdown(vocabulary: &Vocabulary) -> String {
    let mut text = String::from("### Steps\n\n| step | what it does | written |\n|---|---|---|\n");
    for row in STEPS {
        let fields: Vec<String> = row
            .fields
            .iter()
            .map(|field| format!(" `{}`: {}", field.key, field.say))
            .collect();
        let only = if row.awaits {
            " Async functions only."
        } else {
            ""
        };
        let say = format!("{}{only}{}", row.say, fields.concat());
        text.push_str(&format!("| `{}` | {say} | `{}` |\n", row.key, row.shown));
    }
    section("The file", &ROOT, vocabulary, &mut text);
    text
}

fn section(title: &str, table: &Table, vocabulary: &Vocabulary, text: &mut String) {
    text.push_str(&format!(
        "\n### {title}\n\n| key | value | meaning |\n|---|---|---|\n"
    ));
    for field in table.fields {
        let needed = if field.required { " (needed)" } else { "" };
        let value = value(field.kind, vocabulary);
        text.push_str(&format!(
            "| `{}`{needed} | {value} | {} |\n",
            field.key, field.say
        ));
    }
    for field in table.fields {
        match field.kind {
            Kind::Rows(inner) => {
                section(&format!("`{}` tables", field.key), inner, vocabulary, text)
            }
            Kind::Row(inner) => section(&format!("`{}`", field.key), inner, vocabulary, text),
            _ => {}
        }
    }
}

fn value(kind: Kind, vocabulary: &Vocabulary) -> String {
    match kind {
        Kind::Count(least, most) => format!("whole number, {least} to {most}, or \"{{knob}}\""),
        Kind::Times(least, most) => {
            format!("whole number, {least} to {most}, \"{{knob}}\", or \"forever\"")
        }
        Kind::Insights(_) => "list of insight kinds".to_owned(),
        kind => kind.expected(*vocabulary),
    }
}
