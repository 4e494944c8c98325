//! A call of an operation, as the walk makes it.

use reqwest::RequestBuilder;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tests::judge::Operation;
use tests::judge::recorder::Client;

/// A call of an operation.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Body,
    /// Whether the header of experimental operations is sent.
    pub(crate) experimental: bool,
    /// Whether any token may make the call.
    pub(crate) open_to_all: bool,
    /// The access token if it is another than the administrator's; an empty one is not sent.
    pub(crate) token: Option<String>,
}

/// What a call sends.
#[derive(Clone)]
pub(crate) enum Body {
    None,
    Json(Value),
    Patch(Value),
    Broken { content_type: &'static str },
    File(&'static str),
}

impl Call {
    fn new(method: &'static str, path: impl Into<String>, body: Body) -> Self {
        Self {
            method,
            path: path.into(),
            query: Vec::new(),
            body,
            experimental: false,
            open_to_all: false,
            token: None,
        }
    }

    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path, Body::None)
    }

    pub(crate) fn post(path: impl Into<String>, body: Value) -> Self {
        Self::new("POST", path, Body::Json(body))
    }

    pub(crate) fn post_empty(path: impl Into<String>) -> Self {
        Self::new("POST", path, Body::None)
    }

    pub(crate) fn post_file(path: impl Into<String>, file: &'static str) -> Self {
        Self::new("POST", path, Body::File(file))
    }

    pub(crate) fn put(path: impl Into<String>, body: Value) -> Self {
        Self::new("PUT", path, Body::Json(body))
    }

    pub(crate) fn patch(path: impl Into<String>, operations: Value) -> Self {
        Self::new("PATCH", path, Body::Patch(operations))
    }

    pub(crate) fn delete(path: impl Into<String>) -> Self {
        Self::new("DELETE", path, Body::None)
    }

    pub(crate) fn delete_with(path: impl Into<String>, body: Value) -> Self {
        Self::new("DELETE", path, Body::Json(body))
    }

    /// A call of an operation with made-up ids and next to no body.
    pub(crate) fn made_up(operation: &Operation) -> Self {
        let segments = operation.path.split('/');
        let segments = segments.map(|part| {
            if part.starts_with('{') {
                "made-up"
            } else {
                part
            }
        });
        let path = segments.collect::<Vec<_>>().join("/");
        let call = match operation.method.as_str() {
            "POST" => Self::post(path, json!({})),
            "PUT" => Self::put(path, json!({})),
            "PATCH" => Self::patch(path, json!([])),
            "DELETE" => Self::delete(path),
            _ => Self::get(path),
        };
        call.experimental()
    }

    pub(crate) fn experimental(mut self) -> Self {
        self.experimental = true;
        self
    }

    pub(crate) fn open_to_all(mut self) -> Self {
        self.open_to_all = true;
        self
    }

    pub(crate) fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    pub(crate) fn with_query(mut self, name: &str, value: &str) -> Self {
        self.query.retain(|(known, _)| known != name);
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same call with another value for a parameter in its path.
    pub(crate) fn with_segment(mut self, index: usize, value: &str) -> Self {
        let mut segments: Vec<_> = self.path.split('/').collect();
        if let Some(segment) = segments.get_mut(index) {
            *segment = value;
        }
        self.path = segments.join("/");
        self
    }

    /// The same call with another method, and so with a media type that is not the method's.
    pub(crate) fn with_method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    /// The same call with a body that is no JSON.
    pub(crate) fn with_broken_body(mut self) -> Self {
        let content_type = match self.body {
            Body::Patch(_) => "application/json-patch+json",
            _ => "application/json",
        };
        self.body = Body::Broken { content_type };
        self
    }

    pub(crate) fn request(&self, client: &Client, token: &str) -> RequestBuilder {
        let mut request = client.request(self.method, &self.path);
        if !self.query.is_empty() {
            request = request.query(&self.query);
        }
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        if self.experimental {
            request = request.header("X-SailPoint-Experimental", "true");
        }
        let typed = |request: RequestBuilder, content_type: &str, body: String| {
            request.header("Content-Type", content_type).body(body)
        };
        match &self.body {
            Body::None => request,
            Body::Json(value) => typed(request, "application/json", value.to_string()),
            Body::Patch(value) => typed(request, "application/json-patch+json", value.to_string()),
            Body::Broken { content_type } => typed(request, content_type, "{".to_owned()),
            Body::File(file) => {
                let part = Part::text(*file).file_name("accounts.csv");
                request.multipart(Form::new().part("file", part))
            }
        }
    }
}
