//! The `OpenAPI` document of the service is made of its operations, and kept beside the source so that it
//! can be read without building anything.

mod bounds;
mod document;
mod schemas;

use std::path::Path;

use keyholder_core::wire::OPERATIONS;
use serde_json::Value;

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

fn made() -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
    let mut document = serde_json::to_value(document::document()?)?;
    // Another crate of the same build may keep the order of fields.
    document.sort_all_objects();
    Ok(document)
}

#[test]
fn the_document_is_that_of_the_operations() -> Outcome {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let made = format!("{}\n", serde_json::to_string_pretty(&made()?)?);
    if std::env::var_os("KEYHOLDER_BLESS").is_some() {
        std::fs::write(&kept, &made)?;
    }
    assert!(
        made == std::fs::read_to_string(&kept)?,
        "the document is old: run this test once with KEYHOLDER_BLESS=1"
    );
    Ok(())
}

#[test]
fn every_operation_is_in_the_document_under_its_name() -> Outcome {
    let made = made()?;
    for operation in OPERATIONS {
        let door = &made["paths"][operation.path][operation.method.as_str().to_lowercase()];
        assert_eq!(door["operationId"], operation.name, "{} is told", operation.path);
    }
    let told: usize = made["paths"].as_object().map_or(0, |paths| {
        paths
            .values()
            .filter_map(Value::as_object)
            .map(serde_json::Map::len)
            .sum()
    });
    assert_eq!(told, OPERATIONS.len(), "and nothing else is");
    Ok(())
}

/// Everything that the document refers to by name.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn nothing_is_left_open() -> Outcome {
    let made = made()?;
    let mut found = Vec::new();
    references(&made, &mut found);
    assert!(
        found.len() > 100,
        "the document refers to its parts: {}",
        found.len()
    );
    for reference in found {
        let pointer = reference.trim_start_matches('#');
        assert!(made.pointer(pointer).is_some(), "{reference} is there");
    }
    let schemas = made["components"]["schemas"].as_object().ok_or("no schemas")?;
    for (name, schema) in schemas {
        let says = ["type", "oneOf", "$ref"]
            .iter()
            .any(|word| schema.get(word).is_some());
        assert!(says, "{name} says what it is: {schema}");
    }
    Ok(())
}
