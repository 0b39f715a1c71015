//! The JSON Schema of the scenario file, made from the types in [`raw`](super::raw) and the symbol table.

use super::raw::Scenario;
use crate::symbols::levers::{Kind, LEVERS, LeverRow};
use crate::symbols::parameters::ROWS;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// Mark of a property that a file may leave to the scenario it extends, but that the merged whole must have.
pub(super) const NEEDED: &str = "x-needed";

/// The JSON Schema (2020-12) of a scenario file, for editors and other tools.
///
/// The reader checks files against the same schema; beyond it, a property marked `x-needed` must be present once all
/// overlays are merged.
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = checked().clone();
    schema["title"] = json!("Détente scenario");
    // The reader moves these to where they stand before it checks.
    schema["properties"]["parameters"]["patternProperties"] = json!({
        "^[a-z_0-9]+\\.[a-z_0-9]+\\[.+\\]$": {
            "type": "number",
            "description": "An estimate by its id in `detente parameters`; fixed at this value."
        }
    });
    let levers = &mut schema["properties"]["levers"];
    for row in LEVERS {
        let mut group = &mut *levers;
        let mut steps: Vec<&str> = row.id.split('.').collect();
        let last = steps.pop().unwrap_or(row.id);
        for step in steps {
            group = &mut group["properties"][step];
            group["type"] = json!("object");
        }
        group["properties"][last] = lever(row);
    }
    schema
}

/// The schema against which the reader checks: that of the types, with the scalar parameters listed by name.
pub(super) fn checked() -> &'static Value {
    static CHECKED: LazyLock<Value> = LazyLock::new(make);
    &CHECKED
}

fn make() -> Value {
    let mut schema = schemars::schema_for!(Scenario).to_value();
    drop_defaults(&mut schema);
    let parameters = &mut schema["properties"]["parameters"];
    let rows: Map<String, Value> = ROWS
        .iter()
        .map(|row| {
            let description = format!("{} ({}; default {})", row.meaning, row.unit, row.default);
            let range = json!({"type": "number", "minimum": row.low, "maximum": row.high, "description": description});
            (row.id.to_owned(), range)
        })
        .collect();
    parameters["properties"] = Value::Object(rows);
    parameters["additionalProperties"] = json!(false);
    schema
}

fn lever(row: &LeverRow) -> Value {
    let description = format!("{}: {}.", row.name, row.touches);
    match row.kind {
        Kind::Number => {
            json!({"type": "number", "minimum": row.low, "maximum": row.high, "description": description})
        }
        Kind::Choice(options) => json!({"enum": options, "description": description}),
        Kind::Date => json!({"type": "string", "description": format!("{description} A date, or `off`.")}),
    }
}

/// Rust's defaults of fields that a file leaves out are no advice to a writer of files.
fn drop_defaults(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.remove("default");
            map.values_mut().for_each(drop_defaults);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_defaults),
        _ => {}
    }
}
