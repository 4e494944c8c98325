//! What the judge complains about.

use std::fmt;

use serde_json::Value;

/// Something in an exchange that the description does not allow.
#[derive(Debug, Clone, PartialEq)]
pub struct Complaint {
    /// The operation, as `GET /sources/v1/{id}`; the plain path where none is known.
    pub operation: String,
    /// The status that was answered.
    pub status: u16,
    /// The part of the exchange.
    pub part: Part,
    /// Where in the part: the parameter, the header, or a pointer into the body with `*` for
    /// every index.
    pub place: String,
    /// The rule that is broken: a keyword of JSON Schema, or the judge's own word.
    pub rule: String,
    /// What was found there.
    pub found: Value,
    /// The complaint in words.
    pub text: String,
}

/// The part of an exchange that a complaint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The method and path.
    Operation,
    /// A query, path or header parameter.
    Parameter,
    /// The media type or presence of the request body.
    RequestMedia,
    /// The content of the request body.
    RequestBody,
    /// The status of the answer.
    Status,
    /// A header of the answer.
    ResponseHeader,
    /// The media type or presence of the body of the answer.
    ResponseMedia,
    /// The content of the body of the answer.
    ResponseBody,
}

impl Part {
    /// Whether the part belongs to the request.
    pub fn is_of_request(self) -> bool {
        matches!(
            self,
            Self::Operation | Self::Parameter | Self::RequestMedia | Self::RequestBody
        )
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::RequestMedia => "request media type",
            Self::RequestBody => "request body",
            Self::Status => "status",
            Self::ResponseHeader => "response header",
            Self::ResponseMedia => "response media type",
            Self::ResponseBody => "response body",
        })
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation,
            status,
            part,
            place,
            rule,
            found: _,
            text,
        } = self;
        write!(
            f,
            "{operation} -> {status}: {part} {place} [{rule}]: {text}"
        )
    }
}
