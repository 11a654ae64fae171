//! The JSON Schema of a scenario file, for editors; read from the one table of keys.

/// The schema, draft 2020-12.
pub fn json() -> serde_json::Value {
    serde_json::json!({})
}
