//! Description of one request, which can be sent several times.

use crate::oauth_client::Exchange;
use model::Credential;
use reqwest::Method;
use secrecy::SecretString;
use serde_json::Value;
use std::time::Duration;
use tokio::time::Instant;

/// A request to one of ISC's operations.
#[derive(Clone, Debug)]
pub(crate) struct Call<'a> {
    /// The operation, for errors, such as `reading the source "Service Accounts"`.
    pub(crate) doing: String,
    pub(crate) method: Method,
    /// The segments of the path.
    pub(crate) path: Vec<&'a str>,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) body: Body<'a>,
    /// The credential it is sent with; none for the configured one.
    pub(crate) credential: Option<&'a Credential>,
    /// Whether sending it twice has the effect of sending it once.
    pub(crate) idempotent: bool,
    /// Whether the operation is experimental, and so requires a header.
    pub(crate) experimental: bool,
    /// How large the response may be.
    pub(crate) bounds: Bounds,
    /// Whether its body rests on what was read just before, so that it is not sent again
    /// without another reading.
    pub(crate) rests_on_reading: bool,
    /// Whether it changes the tenant.
    pub(crate) effect: Effect,
    /// Until when an attempt may be sent; none for any time.
    pub(crate) not_after: Option<Instant>,
}

/// What a request does to the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Reads,
    Changes,
}

/// How large a response may be. A tenant can send anything, and many responses are
/// in memory at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// In MiB.
    pub(crate) mebibytes: usize,
    /// How many JSON values: a value of two bytes takes a hundred in memory.
    pub(crate) values: usize,
}

impl Bounds {
    /// Of an object, and of one page of a list: 32 KiB and 800 values for each of 250
    /// rows.
    const USUAL: Self = Self {
        mebibytes: 8,
        values: 200_000,
    };
    /// Of a list without pages. Ten thousand tokens are a few megabytes.
    const WHOLE_LIST: Self = Self {
        mebibytes: 64,
        values: 1_000_000,
    };
}

/// The body of a request.
#[derive(Clone, Debug)]
pub(crate) enum Body<'a> {
    /// No body.
    Empty,
    /// A JSON document.
    Json(Value),
    /// A JSON Patch document.
    JsonPatch(Value),
    /// A CSV file as a part called `file`.
    CsvFile {
        csv: &'a [u8],
        /// Whether ISC looks at unchanged rows again (`disableOptimization`).
        reexamine: bool,
    },
    /// A form that signs in.
    ClientCredentials {
        client_id: &'a str,
        client_secret: &'a SecretString,
    },
    /// A form that exchanges the code of a sign-in.
    Exchange(Exchange<'a>),
}

impl<'a> Call<'a> {
    fn new(method: Method, path: &[&'a str], doing: impl Into<String>) -> Self {
        Self {
            doing: doing.into(),
            // POST has its effect each time that it is sent.
            idempotent: method != Method::POST,
            effect: match method {
                Method::GET => Effect::Reads,
                _ => Effect::Changes,
            },
            method,
            path: path.to_vec(),
            query: Vec::new(),
            body: Body::Empty,
            credential: None,
            experimental: false,
            bounds: Bounds::USUAL,
            rests_on_reading: false,
            not_after: None,
        }
    }

    pub(crate) fn get(path: &[&'a str], doing: impl Into<String>) -> Self {
        Self::new(Method::GET, path, doing)
    }

    pub(crate) fn post(path: &[&'a str], body: Body<'a>, doing: impl Into<String>) -> Self {
        Self {
            body,
            ..Self::new(Method::POST, path, doing)
        }
    }

    pub(crate) fn put(path: &[&'a str], body: Value, doing: impl Into<String>) -> Self {
        Self {
            body: Body::Json(body),
            ..Self::new(Method::PUT, path, doing)
        }
    }

    /// A `PATCH` with the new values, so that it is idempotent.
    pub(crate) fn patch(
        path: &[&'a str],
        patch: crate::json_patch::JsonPatch,
        doing: impl Into<String>,
    ) -> Self {
        Self {
            body: Body::JsonPatch(patch.into_json()),
            ..Self::new(Method::PATCH, path, doing)
        }
    }

    /// A `PATCH` whose body is an object with the new values, so that it is idempotent.
    pub(crate) fn patch_object(path: &[&'a str], body: Value, doing: impl Into<String>) -> Self {
        Self {
            body: Body::Json(body),
            ..Self::new(Method::PATCH, path, doing)
        }
    }

    pub(crate) fn delete(path: &[&'a str], doing: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path, doing)
    }

    pub(crate) fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// The method and the path, without a query.
    pub(super) fn name(&self) -> String {
        format!("{} /{}", self.method, self.path.join("/"))
    }

    pub(crate) fn acting_as(mut self, credential: Option<&'a Credential>) -> Self {
        self.credential = credential;
        self
    }

    /// The call for a list that has no pages.
    pub(crate) fn whole_list(mut self) -> Self {
        self.bounds = Bounds::WHOLE_LIST;
        self
    }

    pub(crate) fn experimental(mut self) -> Self {
        self.experimental = true;
        self
    }

    /// Lets no attempt be sent later than so long from now.
    pub(crate) fn within(mut self, time: Option<Duration>) -> Self {
        self.not_after = time.map(|time| Instant::now() + time);
        self
    }

    /// Marks a write whose body rests on what was read just before: it overwrites what
    /// others have changed since. It is sent once, within 20 seconds; then
    /// [`TenantErrorKind::ReadAgain`](model::TenantErrorKind::ReadAgain) asks for another
    /// reading.
    pub(crate) fn resting_on_reading(mut self) -> Self {
        const FRESH: Duration = Duration::from_secs(20);
        self.rests_on_reading = true;
        let earlier = self.not_after;
        let fresh = self.within(Some(FRESH));
        Self {
            not_after: [earlier, fresh.not_after].into_iter().flatten().min(),
            ..fresh
        }
    }

    /// Marks a call of another method than `GET` that changes nothing.
    pub(crate) fn changing_nothing(mut self) -> Self {
        self.effect = Effect::Reads;
        self
    }

    /// Marks a `POST` as idempotent.
    pub(crate) fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }
}
