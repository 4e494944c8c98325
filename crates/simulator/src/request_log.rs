//! Log of the requests that the simulator answered.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde::Serialize;

use crate::routing::READS;

/// So many requests are remembered.
const CAPACITY: usize = 100_000;
/// Fewer, if their paths and queries are longer together than this.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// A request to the tenant that was answered, or was not because a fault said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedRequest {
    /// Counts all requests since the start, from 1.
    pub number: u64,
    /// When, by the simulator's clock.
    pub time: Timestamp,
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query, as it was sent; empty if there was none.
    pub query: String,
    /// The status of the answer.
    pub status: u16,
    /// The operation's id in the catalog; absent for paths that are none.
    pub operation: Option<String>,
    /// The caller's client id, if it is known.
    pub client: Option<String>,
    /// The caller's identity, where there is one.
    pub identity: Option<String>,
    /// The faults that the request met, by their kind.
    pub faults: Vec<String>,
}

impl LoggedRequest {
    /// Whether the request is a write: not `GET`, and not an operation that only reads.
    pub(crate) fn is_write(&self) -> bool {
        let reads = |operation: &str| READS.contains(&operation);
        self.method != "GET" && !self.operation.as_deref().is_some_and(reads)
    }
}

/// Which requests are wanted; what is absent does not matter.
#[derive(Debug, Clone, Default)]
pub struct RequestFilter {
    /// The method.
    pub method: Option<String>,
    /// How the path begins.
    pub path_prefix: Option<String>,
    /// The operation's id.
    pub operation: Option<String>,
    /// The caller's client id.
    pub client: Option<String>,
    /// The status.
    pub status: Option<u16>,
    /// Those that ask for a change (`true`), or that do not.
    pub writes: Option<bool>,
}

impl RequestFilter {
    fn matches(&self, request: &LoggedRequest) -> bool {
        fn is<T: PartialEq>(wanted: Option<&T>, found: &T) -> bool {
            wanted.is_none_or(|wanted| wanted == found)
        }
        is(self.method.as_ref(), &request.method)
            && self
                .path_prefix
                .as_ref()
                .is_none_or(|prefix| request.path.starts_with(prefix.as_str()))
            && (self.operation.is_none() || self.operation == request.operation)
            && (self.client.is_none() || self.client == request.client)
            && is(self.status.as_ref(), &request.status)
            && is(self.writes.as_ref(), &request.is_write())
    }
}

/// How many bytes of a request the caller decides on.
fn size(request: &LoggedRequest) -> usize {
    request.path.len() + request.query.len()
}

/// The log.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    requests: VecDeque<LoggedRequest>,
    bytes: usize,
    count: u64,
}

impl RequestLog {
    pub(crate) fn push(&mut self, mut request: LoggedRequest) {
        self.count += 1;
        request.number = self.count;
        self.bytes += size(&request);
        while self.requests.len() >= CAPACITY || self.bytes > MAX_BYTES {
            let Some(oldest) = self.requests.pop_front() else {
                break;
            };
            self.bytes -= size(&oldest);
        }
        self.requests.push_back(request);
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &LoggedRequest> {
        self.requests.iter()
    }

    pub(crate) fn matching(&self, filter: &RequestFilter) -> Vec<LoggedRequest> {
        self.requests
            .iter()
            .filter(|request| filter.matches(request))
            .cloned()
            .collect()
    }

    /// How many requests each operation got; paths that are none count under method and path.
    pub(crate) fn counts(&self, filter: &RequestFilter) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for request in self
            .requests
            .iter()
            .filter(|request| filter.matches(request))
        {
            let name = request
                .operation
                .clone()
                .unwrap_or_else(|| format!("{} {}", request.method, request.path));
            *counts.entry(name).or_insert(0) += 1;
        }
        counts
    }

    pub(crate) fn clear(&mut self) {
        self.requests.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fair_the_log_is_bounded_in_bytes() {
        let mut log = RequestLog::default();
        for _ in 0..100 {
            log.push(LoggedRequest {
                number: 0,
                time: Timestamp::UNIX_EPOCH,
                method: "GET".into(),
                path: "/sources/v1".into(),
                query: "x".repeat(1024 * 1024),
                status: 200,
                operation: None,
                client: None,
                identity: None,
                faults: Vec::new(),
            });
        }
        let kept = log.matching(&RequestFilter::default());
        assert!(kept.len() < 32, "{}", kept.len());
        assert_eq!(kept.last().map(|request| request.number), Some(100));
    }
}
