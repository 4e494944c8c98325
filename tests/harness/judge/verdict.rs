//! Judging one exchange.

use std::path::Path;
use std::sync::Arc;

use jsonschema::Validator;
use serde_json::json;

use super::complaint::{Complaint, Part};
use super::description::{Description, DescriptionError};
use super::deviations::{DEVIATIONS, Deviation};
use super::exchange::Exchange;
use super::findings::Findings;
use super::rules::{Compiler, Operation};

/// Judges exchanges by the official description.
pub struct Judge {
    operations: Vec<Operation>,
    error_body: Arc<Validator>,
}

/// What the judge says about an exchange.
pub struct Verdict {
    /// The operation, as `GET /sources/v1/{id}`; `None` if the description has none that fits.
    pub operation: Option<String>,
    /// What does not fit the description, and is no known deviation.
    pub complaints: Vec<Complaint>,
    /// The known deviations that the exchange shows.
    pub deviations: Vec<&'static Deviation>,
}

impl Verdict {
    /// The complaints that are held against the server.
    ///
    /// What is wrong with a request is the server's fault if it takes the request all the same.
    pub fn against_server(&self, status: u16) -> impl Iterator<Item = &Complaint> {
        let accepted = status < 400;
        self.complaints
            .iter()
            .filter(move |complaint| accepted || !complaint.part.is_of_request())
    }

    /// The complaints that are held against the client.
    pub fn against_client(&self) -> impl Iterator<Item = &Complaint> {
        self.complaints
            .iter()
            .filter(|complaint| complaint.part.is_of_request())
    }
}

impl Judge {
    /// A judge by the description in the folder.
    pub fn load(folder: &Path) -> Result<Self, DescriptionError> {
        Self::by(&Description::load(folder)?)
    }

    fn by(description: &Description) -> Result<Self, DescriptionError> {
        let mut compiler = Compiler::new(description);
        let mut operations = Vec::new();
        for (path, method, operation) in description.operations() {
            operations.push(compiler.operation(path, method, operation)?);
        }
        let error_body = compiler.error_body()?;
        Ok(Self {
            operations,
            error_body,
        })
    }

    /// The operations of the description.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation of a method and a path, the one with the fewest parameters in its path.
    pub fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        self.operations
            .iter()
            .filter(|operation| operation.method == method)
            .filter_map(|operation| Some((operation.fit(path)?, operation)))
            .min_by_key(|(parameters, _)| *parameters)
            .map(|(_, operation)| operation)
    }

    /// What does not fit the description in this exchange.
    pub fn judge(&self, exchange: &Exchange) -> Verdict {
        let Exchange { request, response } = exchange;
        let operation = self.operation(&request.method, &request.path);
        let mut findings = Findings {
            operation: operation.map_or_else(
                || format!("{} {}", request.method, request.path),
                Operation::name,
            ),
            status: response.status,
            complaints: Vec::new(),
        };
        if let Some(operation) = operation {
            findings.parameters(operation, request);
            findings.request_body(operation, request);
            findings.response(operation, exchange, &self.error_body);
        } else {
            findings.add(
                Part::Operation,
                "",
                "documented",
                json!(request.path),
                "no such operation",
            );
        }
        let mut verdict = Verdict {
            operation: operation.map(Operation::name),
            complaints: Vec::new(),
            deviations: Vec::new(),
        };
        for complaint in findings.complaints {
            match DEVIATIONS
                .iter()
                .find(|deviation| deviation.covers(&complaint))
            {
                Some(deviation) => verdict.deviations.push(deviation),
                None => verdict.complaints.push(complaint),
            }
        }
        verdict
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::exchange::{Request, Response};
    use super::*;

    /// A description with one of each thing that the judge looks at.
    fn judge() -> Judge {
        let error = json!({"$ref": "#/components/schemas/errorresponsedto"});
        let error = json!({"description": "e", "content": {"application/json": {"schema": error}}});
        let root = json!({
            "paths": {
                "/things/v1": {"get": {
                    "parameters": [
                        {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 250}},
                        {"name": "count", "in": "query", "schema": {"type": "boolean"}},
                        {"name": "X-SailPoint-Experimental", "in": "header", "required": true,
                         "schema": {"type": "string"}},
                    ],
                    "responses": {
                        "200": {"content": {"application/json": {"schema": {
                            "type": "array", "items": {"$ref": "#/components/schemas/thing"}}}}},
                        "400": error,
                    },
                }},
                "/things/v1/{id}": {
                    "delete": {"responses": {"204": {"description": "gone"}, "400": error}},
                    "post": {
                        "requestBody": {"required": true, "content": {"application/json": {
                            "schema": {"$ref": "#/components/schemas/thing"}}}},
                        "responses": {"200": {"content": {"application/json": {
                            "schema": {"$ref": "#/components/schemas/thing"}}}}},
                    },
                },
                "/things/v1/all": {"delete": {"responses": {"202": {"description": "soon"}}}},
            },
            "components": {"schemas": {
                "errorresponsedto": {"type": "object", "properties": {
                    "detailCode": {"type": "string", "example": "400.1"}}},
                "base": {"type": "object", "required": ["id"], "properties": {
                    "id": {"type": "string", "readOnly": true},
                    "created": {"type": "string", "format": "date-time"}}},
                "owner": {"type": "object", "properties": {"name": {"type": "string", "example": "x"}}},
                "thing": {"allOf": [
                    {"$ref": "#/components/schemas/base"},
                    {"type": "object", "required": ["state"], "properties": {
                        "state": {"type": "string", "nullable": true, "enum": ["ON", "OFF"]},
                        "size": {"type": "integer", "example": 3},
                        "note": {"type": "string", "nullable": true, "example": "n"},
                        "owner": {"allOf": [{"$ref": "#/components/schemas/owner"}, {"nullable": true}]},
                        "keeper": {"$ref": "#/components/schemas/owner", "nullable": true},
                        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/thing"}},
                        "attributes": {"type": "object"}}}]},
            }},
        });
        Judge::by(&Description::new(root)).expect("a judge")
    }

    fn exchange(method: &str, path: &str, status: u16, body: &Value) -> Exchange {
        let json = vec![(
            "content-type".to_owned(),
            "application/json; charset=utf-8".to_owned(),
        )];
        Exchange {
            request: Request {
                method: method.to_owned(),
                path: path.to_owned(),
                query: Vec::new(),
                headers: vec![("x-sailpoint-experimental".to_owned(), "true".to_owned())],
                body: Vec::new(),
            },
            response: Response {
                status,
                headers: json,
                body: body.to_string().into_bytes(),
            },
        }
    }

    fn complaints(exchange: &Exchange) -> Vec<String> {
        let verdict = judge().judge(exchange);
        verdict
            .complaints
            .iter()
            .map(|complaint| format!("{} {} {}", complaint.part, complaint.place, complaint.rule))
            .collect()
    }

    #[test]
    fn bodies_of_answers_are_held_to_their_schema() {
        let good = json!({"id": "1", "created": "2024-01-01T00:00:00.000Z", "state": "ON", "size": 3,
            "note": null, "owner": null, "keeper": {"name": "k"}, "attributes": {"any": [1]},
            "parts": [{"id": "2", "state": null, "size": 1, "parts": []}]});
        let changed = |pointer: &str, value: Value| {
            let mut changed = good.clone();
            *changed.pointer_mut(pointer).expect(pointer) = value;
            changed
        };
        let without = |field: &str| {
            let mut changed = good.clone();
            changed.as_object_mut().expect("an object").remove(field);
            changed
        };
        let mut renamed = without("note");
        renamed["Note"] = json!(null);
        let table = [
            (good.clone(), vec![]),
            (without("note"), vec![]),
            (without("id"), vec!["response body /*/id required"]),
            (without("state"), vec!["response body /*/state required"]),
            (without("size"), vec!["response body /*/size required"]),
            (renamed, vec!["response body /*/Note documented"]),
            (
                changed("/state", json!("on")),
                vec!["response body /*/state enum"],
            ),
            (changed("/state", json!(null)), vec![]),
            (
                changed("/size", json!(null)),
                vec!["response body /*/size type"],
            ),
            (
                changed("/created", json!("yesterday")),
                vec!["response body /*/created format"],
            ),
            (
                changed("/owner", json!({})),
                vec!["response body /*/owner/name required"],
            ),
            (changed("/keeper", json!(null)), vec![]),
            (
                changed("/keeper", json!({"name": 1})),
                vec!["response body /*/keeper/name type"],
            ),
            (
                changed("/parts/0/id", json!(7)),
                vec!["response body /*/parts/*/id type"],
            ),
        ];
        for (thing, expected) in table {
            let exchange = exchange("GET", "/things/v1", 200, &json!([thing]));
            assert_eq!(complaints(&exchange), expected, "{thing}");
        }
    }

    type Change = fn(&mut Exchange);

    #[test]
    fn everything_around_the_bodies_is_judged_too() {
        let good = || exchange("GET", "/things/v1", 200, &json!([]));
        assert_eq!(complaints(&good()), Vec::<String>::new());

        let table: [(Change, &str); 9] = [
            (
                |e| e.request.headers.clear(),
                "parameter X-SailPoint-Experimental required",
            ),
            (
                |e| e.request.query = vec![("limit".into(), "251".into())],
                "parameter limit maximum",
            ),
            (
                |e| e.request.query = vec![("limit".into(), "x".into())],
                "parameter limit type",
            ),
            (
                |e| e.request.query = vec![("size".into(), "1".into())],
                "parameter size documented",
            ),
            (
                |e| e.request.query = vec![("count".into(), "true".into())],
                "response header x-total-count required",
            ),
            (
                |e| e.response.headers.clear(),
                "response media type  documented",
            ),
            (|e| e.response.body.clear(), "response media type  required"),
            (|e| e.response.body.truncate(1), "response body  json"),
            (
                |e| e.request.path = "/nothings/v1".into(),
                "operation  documented",
            ),
        ];
        for (change, expected) in table {
            let mut exchange = good();
            change(&mut exchange);
            assert_eq!(complaints(&exchange), [expected]);
        }
    }

    #[test]
    fn statuses_and_empty_bodies_are_judged() {
        let error = json!({"detailCode": "409"});
        assert_eq!(
            complaints(&exchange("GET", "/things/v1", 409, &error)),
            ["status  documented"]
        );
        assert_eq!(
            complaints(&exchange("GET", "/things/v1", 418, &json!({}))),
            ["status  documented", "response body /detailCode required"]
        );
        assert_eq!(
            complaints(&exchange("GET", "/things/v1", 501, &error)),
            [""; 0]
        );
        assert_eq!(
            complaints(&exchange("DELETE", "/things/v1/7", 204, &json!({}))),
            ["response media type  empty"]
        );
        assert_eq!(
            complaints(&exchange("DELETE", "/things/v1/all", 204, &error)),
            ["status  documented"],
            "the literal path is preferred to the one with a parameter"
        );
    }

    #[test]
    fn a_bad_request_is_the_servers_fault_only_if_it_is_taken() {
        let thing = json!({"id": "1", "state": "ON", "size": 1, "parts": []});
        let mut exchange = exchange("POST", "/things/v1/7", 200, &thing);
        exchange
            .request
            .headers
            .push(("content-type".into(), "application/json".into()));
        exchange.request.body = json!({"state": "ON", "colour": 1}).to_string().into_bytes();
        let verdict = judge().judge(&exchange);
        assert_eq!(verdict.against_client().count(), 1);
        assert_eq!(verdict.against_server(200).count(), 1);
        assert_eq!(verdict.against_server(400).count(), 0);
    }
}
