//! Rejects token names that contain a reserved mark: of retiring or of issuer tokens.
//!
//! While a token is rotated, the old one is called `NAME~retiring-YYYYMMDD`. Issuer tokens
//! that steersman creates are called `steersman-issuer~HASH`.

use super::each::Each;
use super::subject::{Owned, Subject};
use crate::code::Code;
use crate::finding::{Finding, Findings};

pub(super) struct ReservedNames;

impl<'a> Each<'a> for ReservedNames {
    fn token(&mut self, subject: &Subject<'a>, owned: &Owned<'a>, findings: &mut Findings) {
        let name = owned.token.name.as_str();
        let (mark, label) = if name.contains(model::retiring::MARK) {
            (
                model::retiring::MARK,
                "steersman would revoke this token after a rotation",
            )
        } else if name.starts_with(model::issuer_name::MARK) {
            (
                model::issuer_name::MARK,
                "steersman could take this token for an issuer token",
            )
        } else {
            return;
        };
        if let Some(span) = subject.known(&owned.address(), "name") {
            findings.push(
                Finding::new(
                    Code::ReservedName,
                    format!("token name contains the reserved text `{mark}`"),
                )
                .at(span, label)
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
                (
                    "tokens: [{name: steersman-issuer~1, scopes: [sp:report:read]}]",
                    1,
                ),
                (
                    "tokens: [{name: steersman-issuer, scopes: [sp:report:read]}]",
                    0,
                ),
            ],
        );
    }
}
