//! Maps HTTP responses to `TenantErrorKind`.

use super::answer::Answer;
use super::error_body;
use model::{TenantError, TenantErrorKind};
use std::error::Error;

/// Returns a successful response, and an error for any other.
pub(super) fn check(answer: Answer) -> Result<Answer, TenantError> {
    if (200..300).contains(&answer.status) {
        return Ok(answer);
    }
    let kind = kind_of(answer.status, &answer.body, answer.attempts);
    Err(TenantError::new(answer.doing, kind))
}

/// The kind of error of a status, with ISC's message.
pub(super) fn kind_of(status: u16, body: &[u8], attempts: u32) -> TenantErrorKind {
    let error_body::ErrorBody {
        text,
        detail_code,
        tracking_id,
        is_page: _,
    } = error_body::parse(body);
    match status {
        300..=399 => TenantErrorKind::NotATenant {
            text: format!("it responds with a redirect ({status})"),
        },
        401 => TenantErrorKind::Unauthenticated { text },
        403 => TenantErrorKind::Forbidden { text, tracking_id },
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
            assert_eq!(kind_of(status, body, 4), kind);
        }
        assert!(matches!(
            kind_of(302, b"", 1),
            TenantErrorKind::NotATenant { .. }
        ));
    }
}
