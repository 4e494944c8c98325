//! Rejects declared calls that the account's user levels do not allow.

use super::each::Each;
use super::scope_effects::narrow;
use super::subject::{Owned, Subject, address_of};
use crate::code::Code;
use crate::decode::one_of;
use crate::finding::{Finding, Findings};

pub(super) struct Calls;

impl<'a> Each<'a> for Calls {
    fn token(&mut self, subject: &Subject<'a>, owned: &Owned<'a>, findings: &mut Findings) {
        if owned.token.calls.is_empty() || !subject.has_whole_levels(owned.account) {
            return;
        }
        let Some(levels) = owned.levels() else {
            return;
        };
        for written in &owned.token.calls {
            let Ok(call) = catalog::find_call(written) else {
                continue;
            };
            if catalog::may_call(call.operation, &levels) != catalog::Verdict::No {
                continue;
            }
            let Some(span) = subject.known(&owned.address(), &format!("calls={written}")) else {
                continue;
            };
            let finding = Finding::new(
                Code::CallNotAllowed,
                format!(
                    "user levels of `{}` do not allow {}",
                    owned.account.key, call.operation
                ),
            )
            .at(span, "ISC answers this call with 403");
            let account = address_of(owned.account);
            let finding = match subject.known(&account, "userLevels") {
                Some(levels) => finding.at(levels, "user levels of the account"),
                None => finding,
            };
            findings.push(finding.help(format!(
                "add {}, or remove the call",
                one_of(narrow(call.operation.levels.iter().copied()))
            )));
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
            Code::CallNotAllowed,
            &[
                (
                    "userLevels: [], tokens: [{name: t, calls: [GET /public-identities/v1]}]",
                    0,
                ),
                (
                    "userLevels: [SOURCE_ADMIN], tokens: [{name: t, calls: [GET /sources/v1]}]",
                    0,
                ),
                (
                    "userLevels: [CERT_ADMIN], tokens: [{name: t, calls: [POST /sources/v1]}]",
                    1,
                ),
                (
                    "userLevels: [OUR_OWN], tokens: [{name: t, calls: [POST /sources/v1]}]",
                    0,
                ),
                ("tokens: [{name: t, calls: [POST /sources/v1]}]", 0),
            ],
        );
    }
}
