//! Maps errors of a read to partial collections, or to the end of the read.

use model::{Collection, Incomplete, IncompleteReason, TenantError, TenantErrorKind};

/// Maps an error to the reason why a collection is partial. Without a tenant or a
/// valid credential no other read can succeed, so those stay errors.
pub(crate) fn incomplete(error: TenantError) -> Result<Incomplete, TenantError> {
    let (reason, call) = match &error.kind {
        TenantErrorKind::Unauthenticated { .. }
        | TenantErrorKind::NotATenant { .. }
        // Every other request would be told the same.
        | TenantErrorKind::AskedToWait { .. } => {
            return Err(error);
        }
        TenantErrorKind::Forbidden { call, .. } => (IncompleteReason::Forbidden, call.clone()),
        TenantErrorKind::NotFound { .. } | TenantErrorKind::Rejected { .. } => {
            (IncompleteReason::Refused, None)
        }
        TenantErrorKind::Unavailable { .. }
        | TenantErrorKind::Intercepted {
            status: 500..=504, ..
        }
        | TenantErrorKind::NotReached { .. }
        | TenantErrorKind::TooLate
        | TenantErrorKind::Unknown { .. }
        // No read is one.
        | TenantErrorKind::ReadAgain(_) => (IncompleteReason::RetriesUsedUp, None),
        TenantErrorKind::Intercepted { .. } => (IncompleteReason::Intercepted, None),
        TenantErrorKind::Undecodable { .. } => (IncompleteReason::UndecodableRow, None),
        TenantErrorKind::Incomplete(why) => (why.reason, why.call.clone()),
    };
    Ok(Incomplete {
        reason,
        detail: error.chain(),
        call,
    })
}

/// A collection of which nothing could be read because of this error.
pub(crate) fn unread<T: Default>(error: TenantError) -> Result<Collection<T>, TenantError> {
    let why = incomplete(error)?;
    Ok(Collection::Partial {
        found: T::default(),
        why,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_makes_all_useless_ends_a_reading() {
        let text = || "words".to_owned();
        let table = [
            (TenantErrorKind::Unauthenticated { text: text() }, None),
            (TenantErrorKind::NotATenant { text: text() }, None),
            (
                TenantErrorKind::Forbidden {
                    text: text(),
                    tracking_id: Some("t1".to_owned()),
                    call: Some("GET /accounts/v1".to_owned()),
                },
                Some(IncompleteReason::Forbidden),
            ),
            (
                TenantErrorKind::NotFound {
                    text: text(),
                    tracking_id: None,
                },
                Some(IncompleteReason::Refused),
            ),
            (
                TenantErrorKind::Rejected {
                    status: 400,
                    detail_code: None,
                    text: text(),
                    tracking_id: None,
                },
                Some(IncompleteReason::Refused),
            ),
            (
                TenantErrorKind::Unavailable {
                    status: Some(503),
                    text: text(),
                    attempts: 5,
                    tracking_id: None,
                },
                Some(IncompleteReason::RetriesUsedUp),
            ),
            (
                TenantErrorKind::Undecodable { text: text() },
                Some(IncompleteReason::UndecodableRow),
            ),
        ];
        for (kind, reason) in table {
            let read = unread::<Vec<u8>>(TenantError::new("reading", kind.clone()));
            match (read, reason) {
                (Ok(read), Some(reason)) => {
                    let why = read.complete().unwrap_err();
                    assert_eq!(why.reason, reason);
                    assert!(why.detail.contains("reading") && why.detail.contains("words"));
                }
                (Err(error), None) => assert_eq!(error.kind, kind),
                (read, reason) => panic!("{kind:?}: {read:?} instead of {reason:?}"),
            }
        }
    }
}
