//! The JSON Schema of the document and of the lines of NDJSON, made from the types themselves.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

use super::{Report, event::Line};
use crate::diagnose::Finding;

/// The schema of the document (draft 2020-12).
pub fn schema() -> Value {
    of::<Report>("report", "gemini-doctor report")
}

/// The schema of one line of NDJSON.
pub fn event_schema() -> Value {
    of::<Line<'static>>("event", "one line of gemini-doctor's NDJSON")
}

/// The schema of one finding, which a service may hand to its callers as an error object.
pub fn finding_schema() -> Value {
    of::<Finding>("finding", "one finding of gemini-doctor, as an error object")
}

fn of<T: JsonSchema>(name: &str, title: &str) -> Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    schema.insert("$id".to_owned(), format!("urn:gemini-doctor:schema:{name}:1").into());
    schema.insert("title".to_owned(), title.into());
    schema.to_value()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{document::SCHEMA_VERSION, samples, snapshots};

    #[test]
    fn the_committed_schemas_are_those_of_the_types() {
        let finding = ("finding", finding_schema());
        for (name, schema) in [("report", schema()), ("event", event_schema()), finding] {
            let text = serde_json::to_string_pretty(&schema).unwrap();
            snapshots::check(&format!("docs/schema/{name}.schema.json"), &format!("{text}\n"));
        }
    }

    #[test]
    fn the_id_carries_the_major_version() {
        let major = SCHEMA_VERSION.split('.').next().unwrap();
        assert_eq!(schema()["$id"], format!("urn:gemini-doctor:schema:report:{major}"));
    }

    #[test]
    fn every_field_of_a_report_is_required_and_described() {
        let schema = schema();
        let report = serde_json::to_value(samples::failing()).unwrap();
        let required = schema["required"].as_array().unwrap();
        for name in report.as_object().unwrap().keys() {
            assert!(required.contains(&name.as_str().into()), "{name} may be missing");
            assert!(schema["properties"][name].is_object(), "{name} is not described");
        }
    }
}
