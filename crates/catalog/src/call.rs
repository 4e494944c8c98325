//! Parses a call, such as `GET /sources/v1`, to its operation, with suggestions.

use crate::likeness::likeness;
use crate::operation::{Method, Operation};
use crate::table::operations;

/// Roots of ISC's older API versions. They stop working in the first quarter of
/// 2029, as SailPoint's documentation says.
const OLDER_ROOTS: &[&str] = &["v3", "beta", "v2024", "v2025", "v2026"];

/// How many calls a suggestion offers at most.
const SUGGESTIONS: usize = 3;
/// How like a call has to be, between 0 and 1, to be suggested.
const LIKENESS: f64 = 0.6;
/// Longer texts than this are no misspelled calls, and comparing them costs time.
const LONGEST: usize = 160;

/// A call that was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The operation that it calls.
    pub operation: &'static Operation,
    /// The root of an older API version under which the call was written, such
    /// as `v3`; `operation` is then its present counterpart.
    pub older_root: Option<&'static str>,
}

/// Why a text names no operation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownCall {
    /// There is no text.
    #[error("empty call; write a method and a path, such as \"POST /search/v1\"")]
    Empty,
    /// A path without a method.
    #[error("\"{text}\" has no method, such as GET")]
    NoMethod {
        /// What was written.
        text: String,
    },
    /// A method without a path.
    #[error("\"{method}\" has no path, such as /search/v1")]
    NoPath {
        /// What was written.
        method: String,
    },
    /// The first word is no method.
    #[error("invalid method \"{method}\"")]
    Method {
        /// The word.
        method: String,
    },
    /// What follows the method is no path.
    #[error("invalid path \"{path}\"; a path starts with / and contains no spaces")]
    Path {
        /// The word in the place of the path.
        path: String,
    },
    /// The path exists, with other methods.
    #[error("{path} has no {method}; it has {}", join(others))]
    OtherMethods {
        /// The method that was written.
        method: Method,
        /// The path that was written.
        path: String,
        /// The methods that the path has.
        others: Vec<Method>,
    },
    /// No operation has this path.
    #[error("ISC has no operation {method} {path}")]
    NoOperation {
        /// The method that was written.
        method: Method,
        /// The path that was written.
        path: String,
    },
    /// The single word is no operation's id.
    #[error("ISC has no operation with the id \"{id}\"")]
    NoId {
        /// The word.
        id: String,
    },
}

/// Finds the operation that a call names.
///
/// A call is a method and a path, or an operation's id. In the path, places that
/// the catalog leaves open may hold a value (`/sources/v1/2c91/schemas`) or a
/// placeholder of any name (`/sources/v1/{sourceId}/schemas`). A whole address,
/// a query, a slash at the end and the root of an older API version (`/v3`,
/// `/beta`, …) are understood.
pub fn find_call(text: &str) -> Result<Call, UnknownCall> {
    let text = text.trim();
    if text.is_empty() {
        return Err(UnknownCall::Empty);
    }
    let Some((method, path)) = text.split_once(char::is_whitespace) else {
        return find_id(text);
    };
    let method: Method = method.parse().map_err(|_| UnknownCall::Method {
        method: method.to_owned(),
    })?;
    let path = bare_path(path.trim());
    if !path.starts_with('/') || path.contains(char::is_whitespace) {
        return Err(UnknownCall::Path {
            path: path.to_owned(),
        });
    }
    find_path(method, path).ok_or_else(|| {
        let others: Vec<Method> = Method::ALL
            .into_iter()
            .filter(|other| find_path(*other, path).is_some())
            .collect();
        let path = path.to_owned();
        if others.is_empty() {
            UnknownCall::NoOperation { method, path }
        } else {
            UnknownCall::OtherMethods {
                method,
                path,
                others,
            }
        }
    })
}

/// Up to three calls that may have been meant by a text that names none, best
/// first. It compares with every operation, so ask only about what is shown.
pub fn suggest_call(text: &str) -> Vec<&'static Operation> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return Vec::new();
    }
    let (method, path) = match text.split_once(char::is_whitespace) {
        Some((method, path)) => (method.parse::<Method>().ok(), bare_path(path.trim())),
        None => (None, bare_path(text)),
    };
    let wants_id = method.is_none() && !path.contains('/');
    let plain = plain_path(path);
    let unversioned = without_older_root(&plain);
    let mut scored: Vec<(f64, &Operation)> = operations()
        .iter()
        .filter_map(|operation| {
            let alike = if wants_id {
                likeness(&path.to_lowercase(), &operation.id.to_lowercase(), LIKENESS)
            } else {
                path_likeness(operation, method, unversioned)
            };
            Some((alike?, operation))
        })
        .collect();
    scored.sort_by(|one, two| two.0.total_cmp(&one.0).then_with(|| one.1.cmp(two.1)));
    scored
        .into_iter()
        .take(SUGGESTIONS)
        .map(|(_, operation)| operation)
        .collect()
}

/// How like an operation is to a method and path, where it is at all.
fn path_likeness(operation: &Operation, method: Option<Method>, path: &str) -> Option<f64> {
    let theirs = plain_path(operation.path);
    let same = likeness(path, &theirs, LIKENESS);
    // People leave the version out, or use the path of an older root, which has
    // none; such a path is as good as the right one.
    let unversioned = likeness(path, &without_version(&theirs), LIKENESS);
    let alike = match (same, unversioned) {
        (Some(same), Some(unversioned)) => same.max(unversioned - 0.01),
        (same, unversioned) => same.or(unversioned)?,
    };
    // A wrong method is a smaller slip than a wrong path.
    let penalty = match method {
        Some(method) if method != operation.method => 0.1,
        _ => 0.0,
    };
    Some(alike - penalty).filter(|alike| *alike >= LIKENESS)
}

fn find_id(text: &str) -> Result<Call, UnknownCall> {
    if text.contains('/') {
        return Err(UnknownCall::NoMethod {
            text: text.to_owned(),
        });
    }
    if text.parse::<Method>().is_ok() {
        return Err(UnknownCall::NoPath {
            method: text.to_owned(),
        });
    }
    operations()
        .iter()
        .find(|operation| operation.id == text)
        .map(|operation| Call {
            operation,
            older_root: None,
        })
        .ok_or_else(|| UnknownCall::NoId {
            id: text.to_owned(),
        })
}

fn find_path(method: Method, path: &str) -> Option<Call> {
    let segments = segments(path);
    if let Some(operation) = best_match(method, &segments) {
        return Some(Call {
            operation,
            older_root: None,
        });
    }
    let (root, rest) = segments.split_first()?;
    let older_root = OLDER_ROOTS.iter().find(|older| *older == root)?;
    // The version stands behind the service's name today, which is the first
    // segment almost everywhere and the second at some services.
    (1..=rest.len().min(2)).find_map(|place| {
        let (service, tail) = rest.split_at(place);
        let present: Vec<&str> = service.iter().chain(&["v1"]).chain(tail).copied().collect();
        best_match(method, &present).map(|operation| Call {
            operation,
            older_root: Some(older_root),
        })
    })
}

/// The operation whose path fits; of several, the one that is literal earlier.
fn best_match(method: Method, written: &[&str]) -> Option<&'static Operation> {
    // Operations are sorted by path, so those of one service stand together.
    let service = format!("/{}/", written.first()?);
    let start = operations().partition_point(|operation| operation.path < service.as_str());
    operations()
        .iter()
        .skip(start)
        .take_while(|operation| operation.path.starts_with(&service))
        .filter(|operation| operation.method == method)
        .filter_map(|operation| Some((openness(operation.path, written)?, operation)))
        .min_by_key(|(open, _)| *open)
        .map(|(_, operation)| operation)
}

/// For a path that fits what was written, which of its segments are left open, the first
/// one as the highest bit; none where it does not fit.
fn openness(path: &str, written: &[&str]) -> Option<u64> {
    let mut open = 0;
    let mut segments = segments_of(path);
    for (place, written) in written.iter().enumerate() {
        let segment = segments.next()?;
        if !is_placeholder(segment) {
            if segment != *written {
                return None;
            }
        } else if written.is_empty() {
            return None;
        } else {
            // No operation has as many segments as there are bits.
            open |= 1_u64
                .reverse_bits()
                .checked_shr(u32::try_from(place).ok()?)?;
        }
    }
    segments.next().is_none().then_some(open)
}

fn segments(path: &str) -> Vec<&str> {
    segments_of(path).collect()
}

fn segments_of(path: &str) -> impl Iterator<Item = &str> {
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').skip(1)
}

fn is_placeholder(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with('}')
}

/// The path of an address, without scheme, host, query and fragment.
fn bare_path(text: &str) -> &str {
    let path = match text.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => text,
    };
    path.split(['?', '#']).next().unwrap_or_default()
}

/// A path for comparing: placeholders, and values that look like ids, are all
/// the same.
fn plain_path(path: &str) -> String {
    let plain: Vec<&str> = path
        .trim_end_matches('/')
        .split('/')
        .map(|segment| {
            let digits = segment.chars().filter(char::is_ascii_digit).count();
            let looks_like_id =
                digits >= 3 && segment.len() >= 4 && !OLDER_ROOTS.contains(&segment);
            if is_placeholder(segment) || looks_like_id {
                "{}"
            } else {
                segment
            }
        })
        .collect();
    plain.join("/")
}

fn without_older_root(path: &str) -> &str {
    OLDER_ROOTS
        .iter()
        .find_map(|root| {
            let rest = path.strip_prefix('/')?.strip_prefix(root)?;
            rest.starts_with('/').then_some(rest)
        })
        .unwrap_or(path)
}

fn without_version(path: &str) -> String {
    let kept: Vec<&str> = path
        .split('/')
        .filter(|segment| *segment != "v1" && *segment != "v2")
        .collect();
    kept.join("/")
}

fn join(methods: &[Method]) -> String {
    let names: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
    names.join(", ")
}
