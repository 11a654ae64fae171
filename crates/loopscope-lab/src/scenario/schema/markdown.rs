//! The reference of all tables and steps, for the documentation.

use crate::scenario::schema::row::{Kind, Table};
use crate::scenario::schema::steps::STEPS;
use crate::scenario::schema::tables::ROOT;
use crate::scenario::schema::vocabulary::Vocabulary;

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
