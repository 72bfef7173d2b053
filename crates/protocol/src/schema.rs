//! JSON Schema of the types that serde writes in a way of their own.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{BUCKETS, BucketDigest, Buckets, DigestSum, Page, RawJson, Row, Seq, Timestamp};

impl JsonSchema for Timestamp {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time"})
    }
}

impl JsonSchema for DigestSum {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "DigestSum".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[0-9a-f]{16}$"})
    }
}

impl JsonSchema for Buckets {
    fn schema_name() -> Cow<'static, str> {
        "Buckets".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let bucket = generator.subschema_for::<BucketDigest>();
        json_schema!({
            "type": "array", "items": bucket, "minItems": BUCKETS, "maxItems": BUCKETS,
        })
    }
}

/// What translators keep raw is always an object.
impl JsonSchema for RawJson {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "RawJson".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object"})
    }
}

impl<R: Row + JsonSchema> JsonSchema for Page<R> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}Page", R::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let seq = generator.subschema_for::<Seq>();
        json_schema!({
            "description": "Rows past a cursor, ascending.",
            "type": "object",
            "properties": {
                (R::STREAM.name()): generator.subschema_for::<Vec<R>>(),
                "latest_seq": with(&seq, "The last row's seq, or the cursor that was asked with where there is no row; with a view it may lie past them. Ask on from here."),
                "has_more": {"type": "boolean", "description": "Whether rows lie past `latest_seq`."},
                "total_count": with(&seq, "How many rows lay past the cursor that was asked with, these included; not there where a view keeps it from being counted."),
                "epoch": {"type": "string", "description": "The id of the server's history."},
            },
            "required": [R::STREAM.name(), "latest_seq", "has_more", "epoch"],
        })
    }
}

fn with(schema: &Schema, description: &str) -> Schema {
    let mut schema = schema.clone();
    schema.insert("description".to_owned(), description.into());
    schema
}
