//! Rejects accounts that would share a user name, and reports ids that differ only by case.
//!
//! ISC gives each user name to one identity of the tenant, without regard to case.

use super::each::Each;
use super::subject::Subject;
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::Span;
use foldhash::fast::RandomState;
use foldhash::{HashMap, HashSet};
use model::{AccountAttribute, AccountSpec, Address, SourceName, SourceSpec, folded};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::hash_map::Entry;

/// The user names and ids so far, to see whether any is there twice. Only then the
/// places of all are looked up.
pub(super) struct UserNames<'a> {
    /// The attribute that feeds the user names of each source.
    feeding: BTreeMap<&'a SourceName, &'a str>,
    seen_names: HashSet<Cow<'a, str>>,
    seen_ids: HashSet<(&'a SourceName, Cow<'a, str>)>,
    twice: bool,
}

impl<'a> UserNames<'a> {
    pub(super) fn of(subject: &Subject<'a>) -> Self {
        let sources = subject.spec().sources.iter();
        let accounts = subject.spec().accounts.len();
        Self {
            feeding: sources
                .filter_map(|(name, source)| Some((name, feeding(source)?)))
                .collect(),
            seen_names: HashSet::with_capacity_and_hasher(accounts, RandomState::default()),
            seen_ids: HashSet::with_capacity_and_hasher(accounts, RandomState::default()),
            twice: false,
        }
    }
}

impl<'a> Each<'a> for UserNames<'a> {
    fn account(
        &mut self,
        _subject: &Subject<'a>,
        account: &'a AccountSpec,
        _findings: &mut Findings,
    ) {
        let Some(row) = &account.row else { return };
        self.twice |= !self
            .seen_ids
            .insert((&account.source, folded(row.id.as_str())));
        if let Some(user_name) = self.user_name(account) {
            self.twice |= !self.seen_names.insert(folded(user_name));
        }
    }

    fn end(&mut self, subject: &Subject<'a>, findings: &mut Findings) {
        if self.twice {
            self.compare(subject, findings);
        }
    }
}

impl<'a> UserNames<'a> {
    fn compare(&self, subject: &Subject<'a>, findings: &mut Findings) {
        let mut in_order: Vec<(Span, &AccountSpec, Address)> = subject
            .distinct_accounts()
            .filter_map(|(account, address)| {
                let place = subject.nearest(&address, "id")?;
                Some((place.span, account, address))
            })
            .collect();
        in_order.sort_by_key(|(span, _, _)| *span);
        self.user_names(subject, &in_order, findings);
        ids(subject, &in_order, findings);
    }

    /// The user name that an account gets; none where the files do not say it.
    fn user_name<'t>(&self, account: &'t AccountSpec) -> Option<&'t str> {
        // One that is approved is one more account of an identity that is there.
        let row = account
            .row
            .as_ref()
            .filter(|_| account.identity.is_none())?;
        let cell = row.cell(self.feeding.get(&account.source)?);
        cell.filter(|cell| !cell.is_empty())
    }

    fn user_names(
        &self,
        subject: &Subject<'_>,
        in_order: &[(Span, &AccountSpec, Address)],
        findings: &mut Findings,
    ) {
        let mut first: HashMap<Cow<'_, str>, Named<'_>> = HashMap::default();
        for (_, account, address) in in_order {
            let (Some(user_name), Some(attribute)) =
                (self.user_name(account), self.feeding.get(&account.source))
            else {
                continue;
            };
            if subject.has_unknown_identity(account) {
                continue;
            }
            let Some(span) = subject.known(address, &field(attribute)) else {
                continue;
            };
            let named = Named {
                account,
                user_name,
                span,
                by_name: *attribute == "name",
            };
            match first.entry(folded(user_name)) {
                Entry::Vacant(place) => {
                    place.insert(named);
                }
                Entry::Occupied(place) => report(place.get(), &named, findings),
            }
        }
    }
}

/// An account that gets a user name.
struct Named<'a> {
    account: &'a AccountSpec,
    user_name: &'a str,
    span: Span,
    by_name: bool,
}

fn report(first: &Named<'_>, second: &Named<'_>, findings: &mut Findings) {
    let (one, other) = (first.account, second.account);
    // Two accounts of one name on one source are reported as such.
    if one.source == other.source && first.by_name && second.by_name {
        return;
    }
    let (user_name, earlier) = (second.user_name, first.user_name);
    let what = if user_name == earlier {
        format!("two service accounts get the user name `{user_name}`")
    } else {
        format!("the user names `{earlier}` and `{user_name}` differ only in case or composition")
    };
    let of =
        |account: &AccountSpec| format!("user name of {} on \"{}\"", account.key, account.source);
    findings.push(
        Finding::new(Code::SameUserName, what)
            .at(second.span, of(other))
            .at(first.span, of(one))
            .help("give each account its own: ISC gives a user name to one identity of the tenant"),
    );
}

/// The attribute that feeds the user name of a source's identities; none where the files
/// declare no identity profile for it.
fn feeding(source: &SourceSpec) -> Option<&str> {
    let profile = source.managed()?.identity_profile.as_ref()?;
    let mapped = profile.mappings.get("uid").map(AccountAttribute::as_str);
    Some(mapped.unwrap_or("name"))
}

/// The key of an account that an attribute is written under.
fn field(attribute: &str) -> Cow<'static, str> {
    match attribute {
        "e-mail" => "email".into(),
        "id" => "id".into(),
        "name" => "name".into(),
        "purpose" => "purpose".into(),
        other => format!("attributes={other}.value").into(),
    }
}

fn ids(subject: &Subject<'_>, in_order: &[(Span, &AccountSpec, Address)], findings: &mut Findings) {
    let mut first: HashMap<(&SourceName, Cow<'_, str>), (&str, Span)> = HashMap::default();
    for (_, account, address) in in_order {
        let Some(row) = &account.row else { continue };
        let Some(span) = subject.known(address, "id") else {
            continue;
        };
        let id = row.id.as_str();
        let key = (&account.source, folded(id));
        if let Some((earlier, place)) = first.get(&key) {
            findings.push(
                Finding::new(
                    Code::SimilarIds,
                    format!("the ids `{earlier}` and `{id}` differ only in case or composition"),
                )
                .at(span, format!("`{id}` used here"))
                .at(*place, format!("`{earlier}` used here"))
                .help("give the accounts ids that a reader can tell apart; ISC may take them for one account"),
            );
        } else {
            first.insert(key, (id, span));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::snippets;
    use std::fmt::Write as _;

    fn two(sources: [&str; 2], first: &str, second: &str) -> String {
        let source = |name: &str, uid: &str| {
            format!(
                "  - {{name: {name}, owner: jane.doe, identityProfile: {{name: {name}, mappings: {{uid: {uid}}}}}}}\n"
            )
        };
        let account = |keys: &str| {
            let mut text = "  - {".to_owned();
            for (key, usual) in [
                ("id", "x"),
                ("name", "x"),
                ("email", "x@example.com"),
                ("purpose", "p"),
                ("source", "One"),
            ] {
                if !keys.contains(&format!("{key}: ")) {
                    let _ = write!(text, "{key}: {usual}, ");
                }
            }
            format!("{text}{keys}}}\n")
        };
        format!(
            "sources:\n{}{}serviceAccounts:\n{}{}",
            source("One", sources[0]),
            source("Two", sources[1]),
            account(first),
            account(second)
        )
    }

    #[test]
    fn planner_06_and_tenants_08_user_names_are_of_one_account() {
        let by_name = ["name", "name"];
        snippets(
            Code::SameUserName,
            &[
                (&two(by_name, "id: A, name: a", "id: B, name: b"), 0),
                // What the account is approved for could not be read.
                (
                    &two(
                        by_name,
                        "id: A, name: a",
                        "id: B, name: a, source: Two, identity: x y",
                    ),
                    0,
                ),
                // One name on one source has a code of its own.
                (
                    &two(
                        ["name", "id"],
                        "id: A, name: a",
                        "id: C, name: b, source: Two",
                    ),
                    0,
                ),
                (
                    &two(by_name, "id: A, name: a", "id: B, name: a, source: Two"),
                    1,
                ),
                (
                    &two(by_name, "id: A, name: a", "id: B, name: A, source: Two"),
                    1,
                ),
                (
                    &two(
                        ["name", "id"],
                        "id: A, name: b",
                        "id: B, name: c, source: Two",
                    ),
                    1,
                ),
                (
                    &two(["e-mail", "name"], "id: A, name: a", "id: B, name: b"),
                    1,
                ),
                (
                    &two(
                        by_name,
                        "id: A, name: a",
                        "id: B, name: a, source: Two, identity: i1",
                    ),
                    0,
                ),
            ],
        );
        snippets(
            Code::DuplicateAccountName,
            &[
                (&two(by_name, "id: A, name: a", "id: B, name: A"), 1),
                (
                    &two(
                        by_name,
                        "id: A, name: \"\u{e9}\"",
                        "id: B, name: \"e\u{301}\"",
                    ),
                    1,
                ),
                (
                    &two(by_name, "id: A, name: a", "id: B, name: a, source: Two"),
                    0,
                ),
            ],
        );
    }

    #[test]
    fn tenants_08_ids_that_differ_only_in_case_are_a_warning() {
        snippets(
            Code::SimilarIds,
            &[
                (
                    &two(["name"; 2], "id: SA-2, name: a", "id: sa-2, name: b"),
                    1,
                ),
                (
                    &two(
                        ["name"; 2],
                        "id: SA-2, name: a",
                        "id: sa-2, name: b, source: Two",
                    ),
                    0,
                ),
                (
                    &two(["name"; 2], "id: SA-2, name: a", "id: SA-3, name: b"),
                    0,
                ),
            ],
        );
    }
}
