//! Writes the shapes of request bodies and of what can be patched, from SailPoint's description.
//!
//! `cargo run -p simulator --example refresh-shapes -- DESCRIPTION.json`
//!
//! Only facts go into the file: which operation takes what, and the types of its fields.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use serde_json::{Map, Value};

const TARGET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/shapes/facts.txt");
/// Deeper fields are taken as they come.
const MAX_DEPTH: usize = 6;

fn main() -> ExitCode {
    let result = match std::env::args().nth(1) {
        Some(path) => refresh(&path),
        None => Err("usage: refresh-shapes DESCRIPTION.json".to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // There is nothing to do about a closed standard error.
            let _ = std::io::Write::write_all(&mut std::io::stderr(), problem.as_bytes());
            ExitCode::FAILURE
        }
    }
}

fn refresh(path: &str) -> Result<(), String> {
    let text = fs_err::read_to_string(path).map_err(|error| error.to_string())?;
    let description = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let written = Shapes::of(&description).written();
    fs_err::write(TARGET, written).map_err(|error| error.to_string())
}

/// Shapes by name, and the operations that use them.
struct Shapes<'a> {
    description: &'a Value,
    operations: BTreeMap<&'a str, String>,
    by_name: BTreeMap<String, Vec<String>>,
    /// Parameters of the query that have a list of values, with it.
    asked: Vec<String>,
}

impl<'a> Shapes<'a> {
    fn of(description: &'a Value) -> Self {
        let mut found = Self {
            description,
            operations: BTreeMap::new(),
            by_name: BTreeMap::new(),
            asked: Vec::new(),
        };
        let paths = description["paths"].as_object().into_iter();
        for operations in paths.flat_map(Map::values) {
            for (method, operation) in operations.as_object().into_iter().flatten() {
                let Some(id) = operation["operationId"].as_str() else {
                    continue;
                };
                found.ask(id, operation);
                let json = |holder: &'a Value| holder["content"]["application/json"].get("schema");
                match method.as_str() {
                    "post" | "put" => {
                        if let Some(schema) = json(&operation["requestBody"]) {
                            found.add(id, "takes", schema);
                        }
                    }
                    // A patch is of what the object's own operation answers.
                    "patch" => {
                        let get = &operations["get"]["responses"]["200"];
                        let schema = json(found.resolved(get))
                            .or_else(|| json(found.resolved(&operation["responses"]["200"])));
                        if let Some(schema) = schema {
                            found.add(id, "patches", schema);
                        }
                    }
                    _ => {}
                }
            }
        }
        found
    }

    fn add(&mut self, id: &'a str, verb: &str, schema: &'a Value) {
        let name = match schema["$ref"].as_str() {
            Some(reference) => reference.rsplit('/').next().unwrap_or(id).to_owned(),
            None => id.to_owned(),
        };
        if !self.by_name.contains_key(&name) {
            let mut lines = Vec::new();
            self.flatten("", schema, 0, &mut lines);
            self.by_name.insert(name.clone(), lines);
        }
        self.operations.insert(id, format!("{verb} {name}"));
    }

    fn ask(&mut self, id: &str, operation: &'a Value) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter = self.resolved(parameter);
            let values = parameter["schema"]["enum"].as_array();
            let (Some(values), Some("query")) = (values, parameter["in"].as_str()) else {
                continue;
            };
            let name = parameter["name"].as_str().unwrap_or_default();
            let mut line = format!("{id} asks {name}");
            for value in values.iter().filter_map(Value::as_str) {
                let _ = write!(line, " {value}");
            }
            self.asked.push(line);
        }
    }

    fn resolved(&self, mut value: &'a Value) -> &'a Value {
        while let Some(reference) = value["$ref"].as_str() {
            let pointer = reference.trim_start_matches('#');
            value = self.description.pointer(pointer).unwrap_or(&Value::Null);
        }
        value
    }

    fn flatten(&self, path: &str, schema: &'a Value, depth: usize, lines: &mut Vec<String>) {
        let schema = self.resolved(schema);
        let mut properties = BTreeMap::new();
        let mut nullable = schema["nullable"] == true;
        self.collect(schema, &mut properties, &mut nullable);
        let mark = if nullable { "?" } else { "" };
        let kind = match schema["type"].as_str() {
            _ if depth > MAX_DEPTH || schema.get("oneOf").is_some() => "any",
            _ if schema.get("anyOf").is_some() => "any",
            Some("string") => "text",
            Some("boolean") => "flag",
            Some("integer") => "whole",
            Some("number") => "number",
            Some("array") => "list",
            _ if schema
                .get("additionalProperties")
                .is_some_and(|more| *more != false) =>
            {
                "map"
            }
            _ if !properties.is_empty() => "fields",
            Some("object") => "map",
            _ => "any",
        };
        let mut line = format!("{} {kind}{mark}", if path.is_empty() { "." } else { path });
        if kind == "text" {
            for value in schema["enum"].as_array().into_iter().flatten() {
                if let Some(value) = value.as_str() {
                    let _ = write!(line, " {}", value.replace(' ', "_"));
                }
            }
        }
        lines.push(line);
        match kind {
            "list" => self.flatten(&format!("{path}/*"), &schema["items"], depth + 1, lines),
            "fields" => {
                for (name, property) in properties {
                    self.flatten(&format!("{path}/{name}"), property, depth + 1, lines);
                }
            }
            _ => {}
        }
    }

    /// The properties of a schema, with those of the schemas that it is made of.
    fn collect(
        &self,
        schema: &'a Value,
        properties: &mut BTreeMap<&'a str, &'a Value>,
        nullable: &mut bool,
    ) {
        *nullable |= schema["nullable"] == true;
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.collect(self.resolved(part), properties, nullable);
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            properties.insert(name, property);
        }
    }

    fn written(&self) -> String {
        let mut text = String::from(
            "# Facts from SailPoint's OpenAPI description, written by examples/refresh-shapes.\n",
        );
        for (id, shape) in &self.operations {
            let _ = writeln!(text, "{id} {shape}");
        }
        for line in &self.asked {
            let _ = writeln!(text, "{line}");
        }
        for (name, lines) in &self.by_name {
            let _ = writeln!(text, "= {name}");
            for line in lines {
                let _ = writeln!(text, "{line}");
            }
        }
        text
    }
}
