//! The committed schema and reference are what the parser's own table says.
//!
//! `SNAPSHOTS=overwrite cargo test --test schema` writes both anew.

use std::path::{Path, PathBuf};

use loopscope::VOCABULARY;
use loopscope::scenario::schema;

const MARK: &str = "<!-- This part is written by a test from the table that the parser uses. -->\n";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn hold(path: &Path, text: String) {
    let expected = snapbox::Data::read_from(path, Some(snapbox::data::DataFormat::Text)).raw();
    snapbox::Assert::new()
        .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
        .eq(snapbox::Data::text(text), expected);
}

#[test]
fn the_schema_is_current() {
    let text = serde_json::to_string_pretty(&schema::json(&VOCABULARY)).expect("a schema is JSON");
    hold(&root().join("scenario.schema.json"), format!("{text}\n"));
}

#[test]
fn the_reference_is_current() {
    let path = root().join("docs/writing-scenarios.md");
    let page = std::fs::read_to_string(&path).expect("the page is there");
    let (before, _) = page.split_once(MARK).expect("the page has its mark");
    hold(
        &path,
        format!("{before}{MARK}\n{}", schema::markdown(&VOCABULARY)),
    );
}

#[test]
fn every_reference_leads_somewhere() {
    let schema = schema::json(&VOCABULARY);
    let text = schema.to_string();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert!(text.contains("#/$defs/body") && schema["$defs"]["body"].is_object());
    for key in schema::steps() {
        let steps = schema["$defs"]["body"]["items"]["oneOf"].as_array();
        let there = steps.is_some_and(|steps| {
            let mut all = steps.iter();
            all.any(|step| step["required"][0] == key && step["additionalProperties"] == false)
        });
        assert!(there, "{key}");
    }
}
