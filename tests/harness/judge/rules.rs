//! What the description says about each operation, compiled once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jsonschema::Validator;
use serde_json::Value;

use super::description::{Description, DescriptionError};
use super::schema::{Side, json_schema};

/// An operation of the description.
pub struct Operation {
    /// The method in upper case.
    pub method: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// The statuses that are documented.
    pub statuses: Vec<u16>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) request: Option<RequestRule>,
    pub(super) responses: BTreeMap<u16, Media>,
}

/// The schema of each media type; `None` where the media type has no schema.
pub(super) type Media = BTreeMap<String, Option<Arc<Validator>>>;

pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) place: ParameterPlace,
    pub(super) required: bool,
    /// The JSON type of the value, `string` where it is not said.
    pub(super) kind: String,
    pub(super) schema: Arc<Validator>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ParameterPlace {
    Path,
    Query,
    Header,
}

pub(super) struct RequestRule {
    pub(super) required: bool,
    pub(super) media: Media,
    /// The names of the parts of a multipart body.
    pub(super) parts: Vec<String>,
}

impl Operation {
    /// The operation as `GET /sources/v1/{id}`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether the operation documents a query parameter of that name.
    pub fn has_query_parameter(&self, name: &str) -> bool {
        let query = |p: &&Parameter| p.place == ParameterPlace::Query;
        self.parameters
            .iter()
            .filter(query)
            .any(|parameter| parameter.name == name)
    }

    /// The number of parameters in the path if `path` fits it.
    pub(super) fn fit(&self, path: &str) -> Option<usize> {
        let mut parameters = 0;
        let (mut ours, mut theirs) = (self.path.split('/'), path.split('/'));
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return Some(parameters),
                (Some(our), Some(their)) if our.starts_with('{') && !their.is_empty() => {
                    parameters += 1;
                }
                (Some(our), Some(their)) if our == their => {}
                _ => return None,
            }
        }
    }
}

/// Compiles schemas, each one once.
pub(super) struct Compiler<'a> {
    description: &'a Description,
    compiled: HashMap<(Side, String), Arc<Validator>>,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(description: &'a Description) -> Self {
        Self {
            description,
            compiled: HashMap::new(),
        }
    }

    /// The body of the errors that carry a detail code.
    pub(super) fn error_body(&mut self) -> Result<Arc<Validator>, DescriptionError> {
        let reference = serde_json::json!({"$ref": "#/components/schemas/errorresponsedto"});
        self.compile(&reference, Side::Response, "error")
    }

    pub(super) fn operation(
        &mut self,
        path: &str,
        method: &str,
        operation: &Value,
    ) -> Result<Operation, DescriptionError> {
        let method = method.to_ascii_uppercase();
        let name = format!("{method} {path}");
        let mut parameters = Vec::new();
        for parameter in array(operation, "parameters") {
            parameters.extend(self.parameter(parameter, &name)?);
        }
        let request = match operation.get("requestBody") {
            Some(body) => Some(self.request(body, &name)?),
            None => None,
        };
        let mut responses = BTreeMap::new();
        for (status, response) in object(operation, "responses") {
            let status = status.parse().map_err(|_| DescriptionError::Structure {
                what: format!("{name}: {status}"),
            })?;
            let response = self.description.resolved(response)?;
            responses.insert(status, self.media(response, Side::Response, &name)?);
        }
        let statuses = responses.keys().copied().collect();
        Ok(Operation {
            method,
            path: path.to_owned(),
            statuses,
            parameters,
            request,
            responses,
        })
    }

    fn parameter(
        &mut self,
        parameter: &Value,
        operation: &str,
    ) -> Result<Option<Parameter>, DescriptionError> {
        let parameter = self.description.resolved(parameter)?;
        let text = |key: &str| {
            parameter
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let place = match text("in") {
            "path" => ParameterPlace::Path,
            "query" => ParameterPlace::Query,
            "header" => ParameterPlace::Header,
            _ => return Ok(None),
        };
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        let kind = schema
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or("string");
        Ok(Some(Parameter {
            name: text("name").to_owned(),
            place,
            required: parameter.get("required") == Some(&Value::Bool(true)),
            kind: kind.to_owned(),
            schema: self.compile(schema, Side::Request, operation)?,
        }))
    }

    fn request(&mut self, body: &Value, name: &str) -> Result<RequestRule, DescriptionError> {
        let body = self.description.resolved(body)?;
        let multipart = body.pointer("/content/multipart~1form-data/schema/properties");
        let parts = multipart.and_then(Value::as_object);
        Ok(RequestRule {
            required: body.get("required") == Some(&Value::Bool(true)),
            media: self.media(body, Side::Request, name)?,
            parts: parts
                .into_iter()
                .flatten()
                .map(|(part, _)| part.clone())
                .collect(),
        })
    }

    fn media(&mut self, of: &Value, side: Side, name: &str) -> Result<Media, DescriptionError> {
        let mut media = Media::new();
        for (content_type, content) in object(of, "content") {
            let schema = match content.get("schema") {
                Some(schema) if content_type.contains("json") => {
                    Some(self.compile(schema, side, name)?)
                }
                _ => None,
            };
            media.insert(content_type.clone(), schema);
        }
        Ok(media)
    }

    fn compile(
        &mut self,
        schema: &Value,
        side: Side,
        place: &str,
    ) -> Result<Arc<Validator>, DescriptionError> {
        // The place counts, since a schema that stands in an operation itself has its fields
        // named after it; errors and references are the same everywhere.
        let inline = schema.get("$ref").is_none() && schema.pointer("/items/$ref").is_none();
        let key = format!("{schema}{}", if inline { place } else { "" });
        if let Some(known) = self.compiled.get(&(side, key.clone())) {
            return Ok(Arc::clone(known));
        }
        let document = json_schema(self.description, schema, side, place)?;
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&document)
            .map_err(|error| DescriptionError::Schema {
                place: place.to_owned(),
                reason: error.to_string(),
            })?;
        let validator = Arc::new(validator);
        self.compiled.insert((side, key), Arc::clone(&validator));
        Ok(validator)
    }
}

fn array<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn object<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value
        .get(key)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}
