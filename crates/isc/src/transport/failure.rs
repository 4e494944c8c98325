//! Maps HTTP responses to `TenantErrorKind`.

use super::answer::Answer;
use super::error_body;
use super::page::Page;
use model::{Obstacle, TenantError, TenantErrorKind};
use std::error::Error;

/// Returns a successful response, and an error for any other.
pub(super) fn check(answer: Answer) -> Result<Answer, TenantError> {
    let is_success = (200..300).contains(&answer.status);
    // A portal that asks people to sign in answers everything with success.
    if is_success && (answer.body.is_empty() || answer.page().is_none()) {
        return Ok(answer);
    }
    let kind = kind_of(&answer);
    Err(TenantError::new(answer.doing, kind))
}

/// The kind of error of a response that is no success, with ISC's message, or that is
/// not ISC's.
pub(super) fn kind_of(answer: &Answer) -> TenantErrorKind {
    let Answer {
        status,
        headers: _,
        body: _,
        attempts,
        doing: _,
        call,
        idempotent,
        most_values: _,
        redactor: _,
        room: _,
    } = answer;
    let (status, attempts) = (*status, *attempts);
    if status == 407 {
        return TenantErrorKind::NotReached {
            obstacle: Obstacle::ProxyPassword,
            text: "the proxy asks for a user name and a password (407)".to_owned(),
            attempts,
        };
    }
    // ISC's own edge has pages, too, for what it does not know or let in.
    if let 200..=299 | 403 | 429 | 451 | 500..=599 = status
        && let Some(Page { text, request_id }) = answer.page()
    {
        // A page of success hides what became of the request.
        return if *idempotent || status >= 400 {
            TenantErrorKind::Intercepted {
                status,
                text,
                request_id,
                attempts,
            }
        } else {
            TenantErrorKind::Unknown {
                text: format!("a firewall or proxy answered instead of ISC ({status}): {text}"),
            }
        };
    }
    let error_body::ErrorBody {
        text,
        detail_code,
        tracking_id,
        is_page: _,
    } = answer.error_body();
    match status {
        300..=399 => TenantErrorKind::NotATenant {
            text: format!("it responds with a redirect ({status})"),
        },
        401 => TenantErrorKind::Unauthenticated { text },
        403 => TenantErrorKind::Forbidden {
            text,
            tracking_id,
            call: Some(call.clone()),
        },
        404 => TenantErrorKind::NotFound { text, tracking_id },
        429 | 500 | 502..=504 => TenantErrorKind::Unavailable {
            status: Some(status),
            text,
            attempts,
            tracking_id,
        },
        _ => TenantErrorKind::Rejected {
            status,
            detail_code,
            text,
            tracking_id,
        },
    }
}

/// The innermost cause, which is the specific one
/// (`Connection refused`, `failed to lookup address information`).
pub(super) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(below) = innermost.source() {
        innermost = below;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_has_its_kind() {
        let body = br#"{"detailCode":"c","trackingId":"t","messages":[{"text":"words"}]}"#;
        let text = || "words".to_owned();
        let tracking_id = Some("t".to_owned());
        let rejected = |status| TenantErrorKind::Rejected {
            status,
            detail_code: Some("c".to_owned()),
            text: text(),
            tracking_id: tracking_id.clone(),
        };
        let table = [
            (400, rejected(400)),
            (401, TenantErrorKind::Unauthenticated { text: text() }),
            (
                403,
                TenantErrorKind::Forbidden {
                    text: text(),
                    tracking_id: tracking_id.clone(),
                    call: Some("GET /sources/v1".to_owned()),
                },
            ),
            (
                404,
                TenantErrorKind::NotFound {
                    text: text(),
                    tracking_id: tracking_id.clone(),
                },
            ),
            (409, rejected(409)),
            (415, rejected(415)),
            (501, rejected(501)),
            (
                503,
                TenantErrorKind::Unavailable {
                    status: Some(503),
                    text: text(),
                    attempts: 4,
                    tracking_id: tracking_id.clone(),
                },
            ),
        ];
        for (status, kind) in table {
            assert_eq!(kind_of(&answer(status, body)), kind);
        }
        assert!(matches!(
            kind_of(&answer(302, b"")),
            TenantErrorKind::NotATenant { .. }
        ));
        assert!(matches!(
            kind_of(&answer(407, b"")),
            TenantErrorKind::NotReached {
                obstacle: Obstacle::ProxyPassword,
                ..
            }
        ));
    }

    fn answer(status: u16, body: &[u8]) -> Answer {
        Answer {
            status,
            headers: reqwest::header::HeaderMap::new(),
            body: body.to_vec(),
            attempts: 4,
            doing: "reading".to_owned(),
            call: "GET /sources/v1".to_owned(),
            idempotent: true,
            most_values: usize::MAX,
            redactor: model::Redactor::default(),
            room: None,
        }
    }

    #[test]
    fn tracking_ids_are_of_the_header_or_of_the_body_of_an_error() {
        let body = br#"{"detailCode":"c","trackingId":"of-body","messages":[]}"#;
        let long = "x".repeat(65);
        for (status, header, expected) in [
            (400, None, Some("of-body")),
            (200, None, None),
            (200, Some("of-header"), Some("of-header")),
            (400, Some("of-header"), Some("of-header")),
            (200, Some("two words"), None),
            (200, Some(long.as_str()), None),
        ] {
            let mut answer = answer(status, body);
            if let Some(header) = header {
                let header = header.parse().unwrap();
                answer.headers.insert("SLPT-Request-ID", header);
            }
            let found = answer.tracking_id();
            assert_eq!(found.as_deref(), expected, "{status} {header:?}");
        }
        assert_eq!(answer(503, b"<html>").tracking_id(), None);
    }

    #[test]
    fn tenants_11_a_page_is_nothing_that_isc_said() {
        let page = b"<html><title>Access Denied</title>Support ID: 4711</html>";
        for status in [200, 403, 503] {
            let kind = kind_of(&answer(status, page));
            let TenantErrorKind::Intercepted {
                status: found,
                text,
                request_id,
                attempts: 4,
            } = kind
            else {
                panic!("{status}: {kind}")
            };
            assert_eq!((found, text.as_str()), (status, "Access Denied"));
            assert_eq!(request_id.as_deref(), Some("4711"));
        }
        assert!(check(answer(200, page)).is_err());
        assert!(matches!(
            kind_of(&answer(401, page)),
            TenantErrorKind::Unauthenticated { .. }
        ));
        assert!(matches!(
            kind_of(&answer(404, page)),
            TenantErrorKind::NotFound { .. }
        ));
        let mut create = answer(200, page);
        create.idempotent = false;
        assert!(matches!(kind_of(&create), TenantErrorKind::Unknown { .. }));
    }
}
