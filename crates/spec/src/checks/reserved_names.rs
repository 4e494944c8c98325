//! Rejects token names that contain the reserved mark of retiring tokens.
//!
//! While a token is rotated, the old one is called `NAME~retiring-YYYYMMDD`.

use super::subject::Subject;
use crate::code::Code;
use crate::finding::{Finding, Findings};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for owned in subject.tokens() {
        if !owned.token.name.as_str().contains(model::retiring::MARK) {
            continue;
        }
        if let Some(span) = subject.known(&owned.address, "name") {
            findings.push(
                Finding::new(
                    Code::ReservedName,
                    format!(
                        "token name contains the reserved text `{}`",
                        model::retiring::MARK
                    ),
                )
                .at(span, "steersman would revoke this token after a rotation")
                .help("choose another name"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::accounts;

    #[test]
    fn table() {
        accounts(
            Code::ReservedName,
            &[
                (
                    "tokens: [{name: report-retiring-1, scopes: [sp:report:read]}]",
                    0,
                ),
                (
                    "tokens: [{name: report~retiring-20260101, scopes: [sp:report:read]}]",
                    1,
                ),
            ],
        );
    }
}
