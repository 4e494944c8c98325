//! Finds what is wrong with an exchange, part by part.

use std::sync::Arc;

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::{Value, json};

use super::complaint::{Complaint, Part};
use super::exchange::{Exchange, Request, essence};
use super::rules::{Media, Operation, Parameter, ParameterPlace};

/// Collects what is wrong with one exchange.
pub(super) struct Findings {
    pub(super) operation: String,
    pub(super) status: u16,
    pub(super) complaints: Vec<Complaint>,
}

impl Findings {
    pub(super) fn add(
        &mut self,
        part: Part,
        place: &str,
        rule: &str,
        found: Value,
        text: impl Into<String>,
    ) {
        self.complaints.push(Complaint {
            operation: self.operation.clone(),
            status: self.status,
            part,
            place: place.to_owned(),
            rule: rule.to_owned(),
            found,
            text: text.into(),
        });
    }

    pub(super) fn parameters(&mut self, operation: &Operation, request: &Request) {
        let known = |place, name: &str| {
            let ours = |p: &&Parameter| p.place == place && p.name.eq_ignore_ascii_case(name);
            operation.parameters.iter().find(ours)
        };
        for (name, value) in &request.query {
            match known(ParameterPlace::Query, name) {
                Some(parameter) => self.parameter_value(parameter, value),
                None => self.add(
                    Part::Parameter,
                    name,
                    "documented",
                    json!(value),
                    "the query parameter is not documented",
                ),
            }
        }
        for (name, value) in &request.headers {
            if let Some(parameter) = known(ParameterPlace::Header, name) {
                self.parameter_value(parameter, value);
            }
        }
        for parameter in operation
            .parameters
            .iter()
            .filter(|parameter| parameter.required)
        {
            let name = parameter.name.as_str();
            let present = match parameter.place {
                ParameterPlace::Path => true,
                ParameterPlace::Query => request.query.iter().any(|(key, _)| key == name),
                ParameterPlace::Header => request.header(&name.to_ascii_lowercase()).is_some(),
            };
            if !present {
                let text = "the parameter is required";
                self.add(Part::Parameter, name, "required", Value::Null, text);
            }
        }
    }

    fn parameter_value(&mut self, parameter: &Parameter, value: &str) {
        let typed = match parameter.kind.as_str() {
            "integer" | "number" | "boolean" => {
                serde_json::from_str(value).unwrap_or_else(|_| json!(value))
            }
            "array" => json!(value.split(',').collect::<Vec<_>>()),
            _ => json!(value),
        };
        for error in parameter.schema.iter_errors(&typed) {
            let rule = error.kind().keyword().to_owned();
            let text = error.to_string();
            self.add(Part::Parameter, &parameter.name, &rule, typed.clone(), text);
        }
    }

    pub(super) fn request_body(&mut self, operation: &Operation, request: &Request) {
        let Some(rule) = &operation.request else {
            if !request.body.is_empty() && request.body != b"{}" {
                let text = "no request body is documented";
                self.add(Part::RequestMedia, "", "documented", Value::Null, text);
            }
            return;
        };
        if request.body.is_empty() {
            if rule.required {
                let text = "a request body is required";
                self.add(Part::RequestMedia, "", "required", Value::Null, text);
            }
            return;
        }
        let content_type = request.header("content-type").unwrap_or_default();
        let media_type = essence(content_type);
        self.body(
            &rule.media,
            &media_type,
            &request.body,
            Part::RequestMedia,
            Part::RequestBody,
        );
        if media_type == "multipart/form-data" {
            for name in part_names(&request.body) {
                if !rule.parts.contains(&name) {
                    let text = "the part is not documented";
                    self.add(Part::RequestBody, &name, "documented", json!(name), text);
                }
            }
        }
    }

    pub(super) fn response(
        &mut self,
        operation: &Operation,
        exchange: &Exchange,
        error_body: &Arc<Validator>,
    ) {
        let response = &exchange.response;
        let undocumented;
        let media = if let Some(media) = operation.responses.get(&response.status) {
            media
        } else {
            let documented = &operation.statuses;
            let text = format!("documented are {documented:?}");
            self.add(Part::Status, "", "documented", json!(response.status), text);
            let json = "application/json".to_owned();
            undocumented = Media::from([(json, Some(Arc::clone(error_body)))]);
            &undocumented
        };
        self.response_headers(operation, exchange);
        let media_type = response
            .header("content-type")
            .map(essence)
            .unwrap_or_default();
        match (media.is_empty(), response.body.is_empty()) {
            (true, true) => {}
            (true, false) => {
                let found = json!(String::from_utf8_lossy(&response.body));
                self.add(
                    Part::ResponseMedia,
                    "",
                    "empty",
                    found,
                    "no body is documented",
                );
            }
            (false, true) => {
                let text = "a body is documented, and there is none";
                self.add(Part::ResponseMedia, "", "required", Value::Null, text);
            }
            (false, false) => self.body(
                media,
                &media_type,
                &response.body,
                Part::ResponseMedia,
                Part::ResponseBody,
            ),
        }
    }

    fn response_headers(
        &mut self,
        operation: &Operation,
        Exchange { request, response }: &Exchange,
    ) {
        let counts = |p: &Parameter| p.name == "count" && p.place == ParameterPlace::Query;
        let asked = request
            .query
            .iter()
            .any(|(key, value)| key == "count" && value == "true");
        if asked && response.status == 200 && operation.parameters.iter().any(counts) {
            let total = response.header("x-total-count");
            if total.and_then(|total| total.parse::<u64>().ok()).is_none() {
                let text = "count=true was asked for";
                self.add(
                    Part::ResponseHeader,
                    "x-total-count",
                    "required",
                    json!(total),
                    text,
                );
            }
        }
        if response.status == 429 {
            // The description names the header in words only, as a number of seconds.
            let wait = response.header("retry-after");
            if wait.and_then(|wait| wait.parse::<u64>().ok()).is_none() {
                let text = "429 says how many seconds to wait";
                self.add(
                    Part::ResponseHeader,
                    "retry-after",
                    "required",
                    json!(wait),
                    text,
                );
            }
        }
    }

    fn body(
        &mut self,
        media: &Media,
        media_type: &str,
        body: &[u8],
        of_media: Part,
        of_body: Part,
    ) {
        let Some(schema) = media.get(media_type) else {
            let documented: Vec<_> = media.keys().collect();
            let text = format!("documented are {documented:?}");
            self.add(of_media, "", "documented", json!(media_type), text);
            return;
        };
        let Some(schema) = schema else { return };
        let value: Value = match serde_json::from_slice(body) {
            Ok(value) => value,
            Err(error) => {
                let found = json!(String::from_utf8_lossy(body));
                self.add(of_body, "", "json", found, error.to_string());
                return;
            }
        };
        for error in schema.iter_errors(&value) {
            self.schema_error(of_body, &error);
        }
    }

    fn schema_error(&mut self, part: Part, error: &ValidationError<'_>) {
        let place = place(error.instance_path().as_str());
        let found = error.instance().clone().into_owned();
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                let place = format!("{place}/{name}");
                self.add(
                    part,
                    &place,
                    "required",
                    Value::Null,
                    "the field is missing",
                );
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                for name in unexpected {
                    let found = found.get(name).cloned().unwrap_or_default();
                    let place = format!("{place}/{name}");
                    self.add(
                        part,
                        &place,
                        "documented",
                        found,
                        "the field is not documented",
                    );
                }
            }
            ValidationErrorKind::AnyOf { context } => {
                // A schema or null: what does not fit the schema is what is wrong.
                let inner = context.iter().filter(|errors| {
                    !errors
                        .iter()
                        .any(|inner| inner.kind().keyword() == "type" && place_equal(inner, error))
                });
                let best = inner.min_by_key(|errors| errors.len());
                match best {
                    Some(errors) if !errors.is_empty() => {
                        for inner in errors {
                            self.schema_error(part, inner);
                        }
                    }
                    _ => self.add(part, &place, "anyOf", found, error.to_string()),
                }
            }
            kind => {
                let rule = kind.keyword().to_owned();
                self.add(part, &place, &rule, found, error.masked().to_string());
            }
        }
    }
}

fn place_equal(left: &ValidationError<'_>, right: &ValidationError<'_>) -> bool {
    left.instance_path().as_str() == right.instance_path().as_str()
}

/// A JSON pointer with `*` for every index.
fn place(pointer: &str) -> String {
    let star = |part: &str| {
        if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
            "*".to_owned()
        } else {
            part.to_owned()
        }
    };
    pointer.split('/').map(star).collect::<Vec<_>>().join("/")
}

/// The names of the parts of a multipart body.
fn part_names(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(body);
    text.lines()
        .filter(|line| {
            line.to_ascii_lowercase()
                .starts_with("content-disposition:")
        })
        .filter_map(|line| {
            let (_, rest) = line.split_once(" name=\"")?;
            Some(rest.split('"').next()?.to_owned())
        })
        .collect()
}
