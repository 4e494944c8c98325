//! From the schemas of OpenAPI 3.0 to JSON Schema.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::description::{Description, DescriptionError, schema_name};
use super::expected;

/// Whose body a schema describes: what has to be there differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Side {
    Request,
    Response,
}

/// The JSON Schema document of a schema that stands at `place`.
pub(super) fn json_schema(
    description: &Description,
    schema: &Value,
    side: Side,
    place: &str,
) -> Result<Value, DescriptionError> {
    let mut converter = Converter {
        description,
        side,
        wanted: BTreeSet::new(),
        done: BTreeSet::new(),
    };
    let mut document = converter.convert(schema, place)?;
    let mut definitions = Map::new();
    while let Some(name) = converter.wanted.pop_first() {
        converter.done.insert(name.clone());
        let schema = description
            .schema(&name)
            .ok_or_else(|| DescriptionError::Structure {
                what: format!("schema {name}"),
            })?;
        definitions.insert(name.clone(), converter.convert(schema, &name)?);
    }
    document["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    document["$defs"] = Value::Object(definitions);
    Ok(document)
}

struct Converter<'a> {
    description: &'a Description,
    side: Side,
    /// Component schemas that are referred to and still have to be converted.
    wanted: BTreeSet<String>,
    done: BTreeSet<String>,
}

impl Converter<'_> {
    fn convert(&mut self, schema: &Value, place: &str) -> Result<Value, DescriptionError> {
        let nullable = is_nullable(schema);
        if let Some(name) = schema_name(schema) {
            if !self.done.contains(name) {
                self.wanted.insert(name.to_owned());
            }
            let reference = json!({"$ref": format!("#/$defs/{name}")});
            // OpenAPI 3.0 ignores what stands beside a reference; the description's authors
            // write `nullable` there all the same, and mean it.
            return Ok(if nullable {
                json!({"anyOf": [{"type": "null"}, reference]})
            } else {
                reference
            });
        }
        if let Some(choices) = choices(schema) {
            let mut converted = self.convert_choices(schema, choices, place)?;
            if nullable {
                converted = json!({"anyOf": [{"type": "null"}, converted]});
            }
            return Ok(converted);
        }
        let flat = self.flattened(schema)?;
        self.convert_flat(&flat, place)
    }

    fn convert_choices(
        &mut self,
        schema: &Value,
        choices: &[Value],
        place: &str,
    ) -> Result<Value, DescriptionError> {
        let mut converted = Vec::new();
        for choice in choices {
            converted.push(self.convert(choice, place)?);
        }
        let Some((property, mapping)) = discriminator(schema, place) else {
            return Ok(json!({"anyOf": converted}));
        };
        // With a discriminator the errors are those of the one schema that was meant.
        let mut branches = Vec::new();
        let mut values = Vec::new();
        for (value, name) in mapping {
            values.push(value.clone());
            branches.push(json!({
                "if": {"properties": {&property: {"const": value}}},
                "then": self.convert(&json!({"$ref": format!("#/components/schemas/{name}")}), place)?,
            }));
        }
        Ok(json!({
            "type": "object",
            "required": [&property],
            "properties": {&property: {"enum": values}},
            "allOf": branches,
        }))
    }

    /// The schema with the members of its `allOf` merged into it, so that the one object which
    /// they describe together can be closed against undocumented properties.
    fn flattened(&self, schema: &Value) -> Result<Map<String, Value>, DescriptionError> {
        let mut flat = Map::new();
        let mut nullable = is_nullable(schema);
        let members = schema.get("allOf").and_then(Value::as_array);
        for member in members.into_iter().flatten() {
            nullable |= is_nullable(member);
            let resolved = self.description.resolved(member)?;
            merge(&mut flat, self.flattened(resolved)?);
        }
        if let Some(own) = schema.as_object() {
            let mut own = own.clone();
            own.remove("allOf");
            merge(&mut flat, own);
        }
        // Many schemas say `allOf: [reference, {nullable: true}]` for a reference or null.
        flat.remove("nullable");
        if nullable {
            flat.insert("nullable".to_owned(), Value::Bool(true));
        }
        Ok(flat)
    }

    fn convert_flat(
        &mut self,
        flat: &Map<String, Value>,
        place: &str,
    ) -> Result<Value, DescriptionError> {
        let nullable = flat.get("nullable") == Some(&Value::Bool(true));
        let mut converted = Map::new();
        for keyword in [
            "minimum",
            "maximum",
            "minItems",
            "maxItems",
            "minLength",
            "maxLength",
            "pattern",
            "uniqueItems",
        ] {
            if let Some(value) = flat.get(keyword) {
                converted.insert(keyword.to_owned(), value.clone());
            }
        }
        if let Some(format) = flat.get("format").and_then(Value::as_str)
            && matches!(format, "date-time" | "date" | "uuid" | "email" | "uri")
        {
            converted.insert("format".to_owned(), json!(format));
        }
        let kind = flat
            .get("type")
            .or(flat.contains_key("properties").then_some(&OBJECT));
        if let Some(kind) = kind {
            let kind = if nullable {
                json!([kind, "null"])
            } else {
                kind.clone()
            };
            converted.insert("type".to_owned(), kind);
        }
        if let Some(values) = flat.get("enum").and_then(Value::as_array) {
            let mut values = values.clone();
            if nullable && !values.contains(&Value::Null) {
                values.push(Value::Null);
            }
            converted.insert("enum".to_owned(), Value::Array(values));
        }
        if let Some(items) = flat.get("items") {
            converted.insert("items".to_owned(), self.convert(items, place)?);
        }
        self.convert_properties(flat, place, &mut converted)?;
        Ok(Value::Object(converted))
    }

    fn convert_properties(
        &mut self,
        flat: &Map<String, Value>,
        place: &str,
        converted: &mut Map<String, Value>,
    ) -> Result<(), DescriptionError> {
        let none = Map::new();
        let properties = flat
            .get("properties")
            .and_then(Value::as_object)
            .unwrap_or(&none);
        let mut required: BTreeSet<String> = BTreeSet::new();
        for name in flat
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let name = name.as_str().unwrap_or_default();
            let read_only = properties.get(name).is_some_and(|p| p["readOnly"] == true);
            if self.side == Side::Response || !read_only {
                required.insert(name.to_owned());
            }
        }
        let mut known = Map::new();
        for (name, property) in properties {
            let inner = format!("{place}.{name}");
            if self.side == Side::Response
                && !self.may_be_null(property)?
                && self.has_example(property, 0)?
                && !expected::may_be_absent(&inner)
            {
                required.insert(name.clone());
            }
            known.insert(name.clone(), self.convert(property, &inner)?);
        }
        match flat.get("additionalProperties") {
            None if known.is_empty() => {}
            None => {
                converted.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            Some(schema @ Value::Object(_)) => {
                let schema = self.convert(schema, place)?;
                converted.insert("additionalProperties".to_owned(), schema);
            }
            Some(other) => {
                converted.insert("additionalProperties".to_owned(), other.clone());
            }
        }
        if !known.is_empty() {
            converted.insert("properties".to_owned(), Value::Object(known));
        }
        if !required.is_empty() {
            converted.insert("required".to_owned(), json!(required));
        }
        Ok(())
    }

    fn may_be_null(&self, schema: &Value) -> Result<bool, DescriptionError> {
        let resolved = self.description.resolved(schema)?;
        let of_member = |schema: &Value| {
            let members = schema.get("allOf").and_then(Value::as_array);
            members.into_iter().flatten().any(is_nullable)
        };
        Ok(is_nullable(schema) || is_nullable(resolved) || of_member(resolved))
    }

    /// Whether the schema, or some schema that it is made of, has an official example.
    fn has_example(&self, schema: &Value, depth: usize) -> Result<bool, DescriptionError> {
        // Schemas refer to themselves (`hierarchicalrightset`); examples are near the surface.
        if depth > 4 {
            return Ok(false);
        }
        let schema = self.description.resolved(schema)?;
        if schema.get("example").is_some() {
            return Ok(true);
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        let inner = properties
            .into_iter()
            .flatten()
            .map(|(_, property)| property);
        let members = schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        for part in inner.chain(members).chain(schema.get("items")) {
            if self.has_example(part, depth + 1)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

static OBJECT: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| json!("object"));

fn is_nullable(schema: &Value) -> bool {
    schema.get("nullable") == Some(&Value::Bool(true))
}

fn choices(schema: &Value) -> Option<&[Value]> {
    let choices = schema.get("oneOf").or_else(|| schema.get("anyOf"))?;
    choices.as_array().map(Vec::as_slice)
}

/// The property that tells the choices apart, and the schema for each of its values.
fn discriminator(schema: &Value, place: &str) -> Option<(String, Vec<(Value, String)>)> {
    if place == "searchdocuments" {
        // The description leaves the discriminator of search results out; their examples show it.
        let mapping = [
            ("identity", "identitydocuments"),
            ("event", "eventdocuments"),
        ];
        let mapping = mapping.map(|(value, name)| (json!(value), name.to_owned()));
        return Some(("_type".to_owned(), mapping.to_vec()));
    }
    let discriminator = schema.get("discriminator")?;
    let property = discriminator.get("propertyName")?.as_str()?.to_owned();
    let mapping = discriminator.get("mapping")?.as_object()?;
    let mapping = mapping.iter().filter_map(|(value, reference)| {
        let name = reference.as_str()?.rsplit('/').next()?.to_owned();
        Some((json!(value), name))
    });
    Some((property, mapping.collect()))
}

/// Merges `from` into `into`: properties and required names are joined, the rest is replaced.
fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Object(present)), Value::Object(more)) if key == "properties" => {
                present.extend(more);
            }
            (Some(Value::Array(present)), Value::Array(more)) if key == "required" => {
                present.extend(more);
            }
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}
