//! Rejects earlier ids and names that another account has or claims.

use super::each::Each;
use super::subject::Subject;
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::Span;
use foldhash::HashMap;
use model::{AccountName, AccountSpec, Address, NativeIdentity, Previously, SourceName};

/// Whether an account declares a rename. Few specs have one, and then what all accounts
/// are called is compared.
#[derive(Default)]
pub(super) struct Renamed {
    any: bool,
}

impl<'a> Each<'a> for Renamed {
    fn account(
        &mut self,
        _subject: &Subject<'a>,
        account: &'a AccountSpec,
        _findings: &mut Findings,
    ) {
        self.any |= account.previously != Previously::default();
    }

    fn end(&mut self, subject: &Subject<'a>, findings: &mut Findings) {
        if self.any {
            compare(subject, findings);
        }
    }
}

fn compare(subject: &Subject<'_>, findings: &mut Findings) {
    let names: [(&str, Named, Named); 2] = [
        (
            "id",
            |account| account.row.as_ref().map(|row| row.id.as_str()),
            |account| account.previously.id.as_ref().map(NativeIdentity::as_str),
        ),
        (
            "name",
            |account| Some(account.name.as_str()),
            |account| account.previously.name.as_ref().map(AccountName::as_str),
        ),
    ];
    for (what, now, before) in names {
        let present: HashMap<(&SourceName, &str), &AccountSpec> = subject
            .distinct_accounts()
            .filter_map(|(account, _)| Some(((&account.source, now(account)?), account)))
            .collect();
        let mut claimed: HashMap<(&SourceName, &str), Span> = HashMap::default();
        for (account, address) in subject.distinct_accounts() {
            let Some(earlier) = before(account) else {
                continue;
            };
            let Some(span) = subject.known(&address, &format!("previously.{what}")) else {
                continue;
            };
            let key = (&account.source, earlier);
            if let Some(holder) = present.get(&key) {
                taken(subject, what, earlier, span, account, holder, findings);
            } else if let Some(first) = claimed.get(&key) {
                findings.push(
                    Finding::new(
                        Code::PreviouslyTaken,
                        format!("two service accounts have the earlier {what} `{earlier}`"),
                    )
                    .at(span, format!("`{earlier}` claimed again here"))
                    .at(*first, format!("`{earlier}` first claimed here"))
                    .help("keep it on the account that was renamed, and remove it from the other"),
                );
            } else {
                claimed.insert(key, span);
            }
        }
    }
}

/// The current or earlier id or name of an account.
type Named = fn(&AccountSpec) -> Option<&str>;

fn taken(
    subject: &Subject<'_>,
    what: &str,
    earlier: &str,
    span: Span,
    account: &AccountSpec,
    holder: &AccountSpec,
    findings: &mut Findings,
) {
    let finding = if holder.key == account.key {
        Finding::new(
            Code::PreviouslyTaken,
            format!("earlier {what} `{earlier}` is the same as the current one"),
        )
        .at(span, "not a rename")
        .help(format!("remove it, or give the account its new {what}"))
    } else {
        let finding = Finding::new(
            Code::PreviouslyTaken,
            format!("earlier {what} `{earlier}` is the current {what} of another service account"),
        )
        .at(span, format!("`{earlier}` belongs to another account"));
        let address = Address::Account(holder.key.clone());
        let finding = match subject.nearest(&address, what) {
            Some(place) => finding.at(place.span, format!("`{earlier}` used here")),
            None => finding,
        };
        finding.help(format!(
            "apply the rename first, then give the {what} to another account"
        ))
    };
    findings.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::snippets;

    fn two(first: &str, second: &str) -> String {
        let account = |id: &str, keys: &str| {
            format!("  - {{id: {id}, name: n-{id}, email: a@example.com, purpose: p{keys}}}\n")
        };
        format!(
            "serviceAccounts:\n{}{}",
            account("a", first),
            account("b", second)
        )
    }

    #[test]
    fn table() {
        snippets(
            Code::PreviouslyTaken,
            &[
                (&two("", ", previously: {id: c, name: n-c}"), 0),
                (&two("", ", previously: {id: a}"), 1),
                (&two("", ", previously: {name: n-a}"), 1),
                (&two("", ", previously: {id: b}"), 1),
                (&two(", previously: {id: c}", ", previously: {id: c}"), 1),
                (&two(", previously: {id: n-b}", ""), 0),
            ],
        );
    }
}
