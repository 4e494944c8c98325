//! Errors: refusals in ISC's words, and failures of the simulator itself.
//!
//! ISC's error bodies are documented: 400, 403, 404 and 500 carry a `detailCode`, a `trackingId` and
//! the same message once per locale; 401 carries `{error}` and 429 `{message}`.

use camino::Utf8PathBuf;
use serde_json::{Value, json};

/// Refusal of a request by the tenant, in ISC's form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status} {detail_code}: {text}")]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// ISC's fine-grained code, such as `400.1.3 Illegal value`.
    pub detail_code: &'static str,
    /// The general sentence of this code or, where ISC is specific, the reason itself.
    pub text: String,
    /// More detail, which ISC gives as `causes`.
    pub causes: Vec<String>,
}

impl Refusal {
    fn new(status: u16, detail_code: &'static str, text: impl Into<String>) -> Self {
        Self {
            status,
            detail_code,
            text: text.into(),
            causes: Vec::new(),
        }
    }

    /// 400: the body or a parameter cannot be read or makes no sense.
    pub(crate) fn bad_request(text: impl Into<String>) -> Self {
        Self::new(400, "400.1 Bad request content", text)
    }

    /// 400: something that is required is missing or empty.
    pub(crate) fn missing(what: impl std::fmt::Display) -> Self {
        Self::new(
            400,
            "400.1.0 Required data missing or empty",
            format!("{what} is required and must not be empty."),
        )
    }

    /// 400: a field that may not be changed was changed.
    pub(crate) fn illegal_update(text: impl Into<String>) -> Self {
        Self::new(400, "400.1.1 Illegal update attempt", text)
    }

    /// 400: a value that is not allowed.
    pub(crate) fn illegal_value(text: impl Into<String>) -> Self {
        Self::new(400, "400.1.3 Illegal value", text)
    }

    /// 400: the object is in use, or a reference is to something that does not exist.
    pub(crate) fn reference(text: impl Into<String>) -> Self {
        Self::new(400, "400.2.1 Object reference conflict", text)
    }

    /// 403: the caller may not do this.
    pub(crate) fn forbidden() -> Self {
        Self::new(
            403,
            "403 Forbidden",
            "The server understood the request but refuses to authorize it.",
        )
    }

    /// 403 with the reason, as a cause.
    pub(crate) fn forbidden_because(reason: impl Into<String>) -> Self {
        let mut refusal = Self::forbidden();
        refusal.causes.push(reason.into());
        refusal
    }

    /// 404: there is no such object.
    pub(crate) fn not_found(what: impl std::fmt::Display) -> Self {
        let mut refusal = Self::not_found_path();
        refusal.causes.push(format!("{what} was not found."));
        refusal
    }

    /// 404: there is no such path.
    pub(crate) fn not_found_path() -> Self {
        Self::new(
            404,
            "404 Not found",
            "The server did not find a current representation for the target resource.",
        )
    }

    /// 405: the path is known, but not with this method.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            405,
            "405 Method not allowed",
            "The method is not supported for the target resource.",
        )
    }

    /// 408: the request did not come in time.
    pub(crate) fn timeout(text: impl Into<String>) -> Self {
        Self::new(408, "408 Request timeout", text)
    }

    /// 413: the request is larger than the simulator takes.
    pub(crate) fn too_large(text: impl Into<String>) -> Self {
        Self::new(413, "413 Payload too large", text)
    }

    /// 409: the name or the place is taken.
    pub(crate) fn conflict(text: impl Into<String>) -> Self {
        Self::new(409, "409 Conflict", text)
    }

    /// 415: the media type of the body is not the one that the operation takes.
    pub(crate) fn media_type(text: impl Into<String>) -> Self {
        Self::new(415, "415 Unsupported media type", text)
    }

    /// 500: what ISC answers to some calls without a user behind them.
    pub(crate) fn internal() -> Self {
        Self::new(500, "500.0 Internal Fault", "An internal fault occurred.")
    }

    /// 507 or 503: what would have to be kept cannot be written. ISC has no such bounds.
    pub(crate) fn not_kept(error: &StateFileError) -> Self {
        let is_full = matches!(error, StateFileError::Io { source, .. } if matches!(
            source.kind(),
            std::io::ErrorKind::StorageFull
                | std::io::ErrorKind::QuotaExceeded
                | std::io::ErrorKind::FileTooLarge
        ));
        let (status, code, reason) = if is_full {
            (507, "507 Insufficient storage", "the disk is full")
        } else {
            (
                503,
                "503 Service unavailable",
                "another program may have moved it or written into it",
            )
        };
        let mut refusal = Self::new(status, code, "The change could not be kept.");
        refusal.causes.push(format!(
            "The simulator cannot write its state file ({reason}), so it refuses changes; what it has answered is safe."
        ));
        refusal
    }

    /// 501: an operation of ISC that this simulator does not simulate. ISC itself never says this.
    pub(crate) fn not_simulated(operation: &str) -> Self {
        Self::new(
            501,
            "501 Not simulated",
            format!("The simulator knows the operation {operation} but does not simulate it."),
        )
    }

    /// 501: a replay has no answer to the request. ISC itself never says this.
    pub(crate) fn not_recorded(request: &str, reason: &str) -> Self {
        let mut refusal = Self::new(
            501,
            "501 Not recorded",
            format!("The recording has no answer to {request}: {reason}."),
        );
        refusal.causes.push(
            "Record again with `steersman simulator --record FILE`, or change what is asked for."
                .to_owned(),
        );
        refusal
    }

    /// The body in ISC's shape.
    pub(crate) fn body(&self, tracking_id: &str) -> Value {
        let localized = |text: &str| {
            [
                json!({"locale": "en-US", "localeOrigin": "DEFAULT", "text": text}),
                json!({"locale": "und", "localeOrigin": "REQUEST", "text": text}),
            ]
        };
        json!({
            "detailCode": self.detail_code,
            "trackingId": tracking_id,
            "messages": localized(&self.text),
            "causes": self.causes.iter().flat_map(|cause| localized(cause)).collect::<Vec<_>>(),
        })
    }
}

/// Failures to start the simulator, or to keep its state.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// The address could not be bound.
    #[error("cannot listen on {address}")]
    Listen {
        /// The requested address.
        address: std::net::SocketAddr,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// The state file could not be used.
    #[error(transparent)]
    State(#[from] StateFileError),
    /// The factor of the clock is not a positive, finite number.
    #[error("the factor of the clock must be a positive number, not {0}")]
    Clock(f64),
    /// A new tenant could not be filled with accounts.
    #[error("cannot create the accounts of the new tenant")]
    Seed(#[source] ControlError),
    /// A new tenant could not be filled as its seed says.
    #[error(transparent)]
    Sow(#[from] SeedError),
    /// A recording could not be written or read.
    #[error(transparent)]
    Recording(#[from] RecordingError),
}

/// A part of a seed that cannot be.
#[derive(Debug, thiserror::Error)]
#[error("cannot create {place} of the seed")]
pub struct SeedError {
    /// Where it is in the file, such as `sources[0]`.
    pub place: String,
    /// Why.
    #[source]
    pub source: Box<ControlError>,
}

/// Failures of a state file.
#[derive(Debug, thiserror::Error)]
pub enum StateFileError {
    /// Another process uses the file.
    #[error("state file {path} is in use by another process{}", holder.map(|pid| format!(" ({pid})")).unwrap_or_default())]
    InUse {
        /// The state file.
        path: Utf8PathBuf,
        /// The id of the process that holds the lock, if known.
        holder: Option<u32>,
    },
    /// The file or its lock could not be read or written.
    #[error("cannot {what} state file {path}")]
    Io {
        /// The state file.
        path: Utf8PathBuf,
        /// `find`, `read`, `write` or `lock`.
        what: &'static str,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// The lock's name is taken by a link or by a file that is no lock.
    #[error(
        "cannot lock state file {path}: {lock} is a link or not a lock file; remove it if it is not needed"
    )]
    Lock {
        /// The state file.
        path: Utf8PathBuf,
        /// The path of its lock.
        lock: Utf8PathBuf,
    },
    /// The lock was removed while the file was used, and another process has made one.
    #[error(
        "state file {path} is no longer this process's: {lock} was removed, and another process has made one"
    )]
    LockTaken {
        /// The state file.
        path: Utf8PathBuf,
        /// The path of its lock.
        lock: Utf8PathBuf,
    },
    /// The path is a folder, a device or another thing that is no file.
    #[error("{path} is not a regular file, so it cannot be a state file")]
    NoFile {
        /// The state file.
        path: Utf8PathBuf,
    },
    /// The file was saved by a simulator of another version, whose state this one does not read.
    #[error("unsupported format {found} of state file {path}; this simulator reads format {known}")]
    Version {
        /// The state file.
        path: Utf8PathBuf,
        /// The format of the file.
        found: u32,
        /// The format that is known.
        known: u32,
    },
    /// The log beside the file does not go with it, or was damaged.
    #[error(
        "cannot go on from {log}, the log of state file {path}: {problem}. To do without the changes in it, move it away, and remove the space at the end of the state file"
    )]
    Log {
        /// The state file.
        path: Utf8PathBuf,
        /// Its log.
        log: Utf8PathBuf,
        /// What is wrong with it.
        problem: LogProblem,
    },
    /// The file is not a state that a simulator saved.
    #[error("{path} is not a state file of the simulator")]
    Format {
        /// The state file.
        path: Utf8PathBuf,
        /// Where reading stopped.
        #[source]
        source: serde_json::Error,
    },
}

/// Failures of a recording.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file could not be read or written.
    #[error("cannot {what} the recording {path}")]
    Io {
        /// The recording.
        path: Utf8PathBuf,
        /// `read` or `write`.
        what: &'static str,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// A file that is no recording would be overwritten.
    #[error(
        "{path} exists and is not a whole recording, so it is not overwritten; remove it, or name another file"
    )]
    Occupied {
        /// The file.
        path: Utf8PathBuf,
    },
    /// Another simulator writes the recording.
    #[error("another simulator records to {path}; name another file")]
    InUse {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The path is a folder, a pipe, a device, or a link that leads nowhere.
    #[error("{path} is not a regular file, so it cannot be a recording; name a file")]
    NoFile {
        /// The path.
        path: Utf8PathBuf,
    },
    /// The recording would be one of the files of the simulated tenant.
    #[error(
        "{path} cannot be a recording: the tenant in {state} needs it for its state, its lock or its log; name another file"
    )]
    OfState {
        /// The path of the recording.
        path: Utf8PathBuf,
        /// The state file.
        state: Utf8PathBuf,
    },
    /// The file has no first line.
    #[error(
        "the recording {path} is empty: it has neither its first line nor a request; record again with `steersman simulator --record`"
    )]
    EmptyFile {
        /// The file.
        path: Utf8PathBuf,
    },
    /// There is nothing to replay.
    #[error(
        "the recording {path} has no requests; send some while `steersman simulator --record` runs"
    )]
    NoRequests {
        /// The recording.
        path: Utf8PathBuf,
    },
    /// The first line is not that of a recording.
    #[error("{path}:1:1: this is not a recording; write one with `steersman simulator --record`")]
    NotRecording {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The recording was written by another version.
    #[error("{path}:1:1: unsupported format {found} of a recording; this simulator reads {known}")]
    Version {
        /// The file.
        path: Utf8PathBuf,
        /// The format of the file.
        found: u32,
        /// The format that is known.
        known: u32,
    },
    /// Lines are not what a recording has: all of them, each with its place.
    #[error("invalid recording; correct the lines, or record again:\n{}", .0.join("\n"))]
    Lines(Vec<String>),
    /// The file is larger than a recording can be.
    #[error("the recording {path} has more than {limit} bytes, which is the limit")]
    TooLarge {
        /// The file.
        path: Utf8PathBuf,
        /// The limit.
        limit: u64,
    },
    /// The recording reached its limit, so requests are missing.
    #[error(
        "the recording {path} ended at its limit of {limit}; the requests after that are not in it"
    )]
    Full {
        /// The recording.
        path: Utf8PathBuf,
        /// The limit, with its unit.
        limit: String,
    },
}

/// What is wrong with the log of a state file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogProblem {
    /// It is a link, a folder or another thing that is no file.
    #[error("it is not a regular file")]
    NoFile,
    /// The state file says that it has a log, and there is none, or an empty one.
    #[error("it is missing or empty, and the state file says that changes were written to it")]
    Lost,
    /// There is a log, and not the state before it.
    #[error("the state file is missing")]
    NoState,
    /// The state file was replaced by that of another tenant.
    #[error("it is about another tenant")]
    OtherTenant,
    /// Changes between the state and the log are missing.
    #[error("changes before line {line} are missing; the state file may be an older one")]
    Gap {
        /// The line.
        line: u64,
    },
    /// A line is broken, though there are whole ones after it.
    #[error("line {line} is damaged")]
    Damaged {
        /// The line.
        line: u64,
    },
    /// A line is whole and does not say what this simulator understands.
    #[error("line {line} is none that this simulator understands")]
    Unknown {
        /// The line.
        line: u64,
    },
    /// It was written by a simulator of another version.
    #[error("it has format {found}; this simulator reads format {known}")]
    Version {
        /// The format of the log.
        found: u32,
        /// The format that is known.
        known: u32,
    },
}

/// What the control surface refuses, for people rather than in ISC's words.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// Nobody has this account name, identity name or id.
    #[error("no identity is named {0:?}; import its account, then wait for identity processing")]
    UnknownPerson(String),
    /// Several identities have it.
    #[error("2 or more identities are named {0:?}; use the id of the identity")]
    AmbiguousPerson(String),
    /// Only an account holder with an open invitation can register.
    #[error("{0:?} has no open invitation")]
    NotInvited(String),
    /// The account holder has already registered.
    #[error("{0:?} is already registered")]
    AlreadyRegistered(String),
    /// Only a registered account holder can sign in to create a token.
    #[error("{0:?} must register before it can create a token")]
    NotRegistered(String),
    /// The account holder has a token of this name, whose secret is not shown again.
    #[error(
        "{who:?} has a token named {token:?} already ({id}), and its secret is shown only once"
    )]
    TokenExists {
        /// The account holder, as the request names it.
        who: String,
        /// The name of the token.
        token: String,
        /// Its client ID.
        id: String,
    },
    /// No source has this name or id.
    #[error("no source is named {0:?}")]
    UnknownSource(String),
    /// No such account, token or other object.
    #[error("unknown {what} {name:?}")]
    Unknown {
        /// The kind of object, such as `account`.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Time only goes forward.
    #[error("cannot set the clock back; it is at {now}")]
    TimeGoesForward {
        /// The clock.
        now: jiff::Timestamp,
    },
    /// The body of a request to the control surface is not said to be JSON.
    #[error("the body must be application/json, not {0:?}")]
    MediaType(String),
    /// The body of the request is not what the control surface takes.
    #[error("invalid request: {0}")]
    NotUnderstood(String),
    /// The tenant refuses it as it would refuse the same over the API.
    #[error("refused by the simulated tenant: {}", .0.text)]
    Refused(Refusal),
    /// The state file could not be used.
    #[error(transparent)]
    State(#[from] StateFileError),
}

impl From<Refusal> for ControlError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_the_same_in_each_locale() {
        let body = Refusal::forbidden_because("why").body("t1");
        assert_eq!(body["detailCode"], "403 Forbidden");
        assert_eq!(body["messages"][0]["text"], body["messages"][1]["text"]);
        assert_eq!(body["causes"].as_array().unwrap().len(), 2);
    }
}
