//! Token names that steersman keeps for itself: while a token is rotated, the
//! old one is called `NAME~retiring-YYYYMMDD`.

use super::subject::Subject;
use crate::code::Code;
use crate::diagnostic::{Finding, Findings};

/// What stands between the name and the date.
const RETIRING: &str = model::retiring::MARK;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for owned in subject.tokens() {
        if !owned.token.name.as_str().contains(RETIRING) {
            continue;
        }
        if let Some(span) = subject.known(&owned.address, "name") {
            findings.push(
                Finding::new(
                    Code::ReservedName,
                    format!("`{RETIRING}` in a token's name marks one that is being replaced"),
                )
                .at(span, "steersman would revoke this token")
                .help("choose another name"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::accounts;
    use crate::code::Code;

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
