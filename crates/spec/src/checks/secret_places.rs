//! Rejects secrets that would lie in the same place, or one in the folder of another.

use super::each::Each;
use super::subject::{Owned, Subject};
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::Span;
use foldhash::fast::RandomState;
use foldhash::{HashMap, HashSet};
use model::{AccountSpec, Address, Folder, SecretPlace, StoreKey, folded};

/// A secret that the files place.
struct Placed<'a> {
    account: &'a AccountSpec,
    key: &'a StoreKey,
    place: SecretPlace,
    span: Span,
    /// The key in `defaults` or a profile that places it.
    inherited: Option<Span>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A token's secret.
    Token,
    /// The issuer of an account that declares tokens.
    Issuer,
    /// The issuer of an account without tokens; it may be there from before.
    Unused,
}

/// The places so far, to see whether two may be in each other's way. Only then it is
/// looked up where all of them are written.
pub(super) struct SecretPlaces {
    places: Vec<SecretPlace>,
}

impl SecretPlaces {
    pub(super) fn of(subject: &Subject<'_>) -> Self {
        Self {
            places: Vec::with_capacity(2 * subject.spec().accounts.len()),
        }
    }

    fn may_meet(&self) -> bool {
        let mut seen = HashSet::with_capacity_and_hasher(self.places.len(), RandomState::default());
        self.places
            .iter()
            .any(|place| !seen.insert(place.as_folder()))
            || self
                .places
                .iter()
                .flat_map(SecretPlace::folders)
                .any(|folder| seen.contains(&folder))
    }
}

impl<'a> Each<'a> for SecretPlaces {
    fn account(
        &mut self,
        subject: &Subject<'a>,
        account: &'a AccountSpec,
        _findings: &mut Findings,
    ) {
        let issuer = account.issuer.as_ref();
        self.places
            .extend(issuer.and_then(|key| subject.place(key)));
    }

    fn token(&mut self, subject: &Subject<'a>, owned: &Owned<'a>, _findings: &mut Findings) {
        self.places.extend(subject.place(&owned.token.deliver));
    }

    fn end(&mut self, subject: &Subject<'a>, findings: &mut Findings) {
        if self.may_meet() {
            compare(subject, findings);
        }
    }
}

fn compare(subject: &Subject<'_>, findings: &mut Findings) {
    let mut placed = placed(subject);
    placed.sort_by_key(|secret| (secret.kind == Kind::Unused, secret.span));
    let mut first: HashMap<Folder<'_>, &Placed<'_>> = HashMap::default();
    for secret in &placed {
        match first.get(&secret.place.as_folder()) {
            // Neither is used, or a person keeps one issuer for both.
            Some(other) if secret.kind == Kind::Unused && other.kind != Kind::Token => {}
            // The name of both accounts is what has to change, which is reported.
            Some(other) if have_one_name(secret.account, other.account) => {}
            Some(other) => findings.push(same(secret, other)),
            None => {
                first.insert(secret.place.as_folder(), secret);
            }
        }
    }
    for secret in placed.iter().filter(|secret| secret.kind != Kind::Unused) {
        let outer = secret
            .place
            .folders()
            .find_map(|folder| first.get(&folder).copied());
        if let Some(outer) = outer.filter(|outer| outer.kind != Kind::Unused) {
            findings.push(below(secret, outer));
        }
    }
}

/// Whether two accounts are on one source under one name.
fn have_one_name(one: &AccountSpec, other: &AccountSpec) -> bool {
    one.key != other.key
        && one.source == other.source
        && folded(one.name.as_str()) == folded(other.name.as_str())
}

fn placed<'a>(subject: &Subject<'a>) -> Vec<Placed<'a>> {
    let mut placed = Vec::new();
    let mut add = |account: &'a AccountSpec,
                   key: &'a StoreKey,
                   span: Option<Span>,
                   inherited: Option<Span>,
                   kind| {
        if let (Some(place), Some(span)) = (subject.place(key), span) {
            placed.push(Placed {
                account,
                key,
                place,
                span,
                inherited,
                kind,
            });
        }
    };
    let nearest = |address: &Address, field: &str| {
        let place = subject.nearest(address, field)?;
        place.known.then_some(place.span)
    };
    for (account, address) in subject.distinct_accounts() {
        if let Some(issuer) = &account.issuer {
            let tokens = account.tokens.as_ref();
            let kind = if tokens.is_some_and(|tokens| !tokens.is_empty()) {
                Kind::Issuer
            } else {
                Kind::Unused
            };
            let inherited = if subject.known(&address, "issuer").is_some() {
                None
            } else {
                subject.taken(account).issuer
            };
            let span = nearest(&address, "issuer");
            add(account, issuer, span, inherited, kind);
        }
        for owned in Owned::of(account) {
            let inherited = subject.inherited(&owned, &["deliver"], |places| places.deliver);
            let span = nearest(&owned.address(), "deliver");
            add(account, &owned.token.deliver, span, inherited, Kind::Token);
        }
    }
    placed
}

/// A key with its store where the other one is in another store.
fn named(secret: &Placed<'_>, other: &Placed<'_>) -> String {
    if secret.key.store == other.key.store {
        format!("`{}`", secret.key.key)
    } else {
        format!("`{}`", secret.key)
    }
}

fn same(secret: &Placed<'_>, first: &Placed<'_>) -> Finding {
    let (second_name, first_name) = (named(secret, first), named(first, secret));
    let message = if secret.key == first.key {
        format!(
            "two secrets have the key `{}` in the store `{}`",
            secret.key.key, secret.key.store
        )
    } else if secret.key.store == first.key.store {
        format!(
            "the keys {first_name} and {second_name} in the store `{}` differ only in case or composition",
            secret.key.store
        )
    } else {
        format!("{first_name} and {second_name} are the same place in two stores")
    };
    let help = "give each secret its own key, for example with `{account}` and `{token}`";
    let found = Finding::new(Code::DuplicateStoreKey, message);
    // One line places all of them.
    if let Some(span) = secret
        .inherited
        .filter(|_| secret.inherited == first.inherited)
    {
        return found
            .at(
                span,
                "the same for several secrets, so each overwrites the one before",
            )
            .help(help)
            .once_at_its_place("secret");
    }
    found
        .at(
            secret.span,
            format!("overwrites the first secret at {second_name}"),
        )
        .at(first.span, format!("first secret at {first_name}"))
        .help(help)
}

fn below(secret: &Placed<'_>, outer: &Placed<'_>) -> Finding {
    let (inner_name, outer_name) = (named(secret, outer), named(outer, secret));
    Finding::new(
        Code::KeyBelowKey,
        format!("the secret {inner_name} would be in a folder that is the secret {outer_name}"),
    )
    .at(secret.span, format!("needs a folder {outer_name}"))
    .at(outer.span, format!("needs a file {outer_name}"))
    .help("give one of the two another key: a path is a file or a folder, not both")
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::load::{Options, load};
    use crate::source::SourceFile;
    use crate::testing::snippets;

    const STORES: &str = "stores:\n  one: {directory: secrets}\n  two: {directory: ./secrets/}\n  inner: {directory: secrets/x}\n  vault: {command: {put: [p, '{key}'], get: [g, '{key}']}}\n";

    fn two(first: &str, second: &str) -> String {
        let token = |name: &str, place: &str| {
            let (store, key) = place.split_once(' ').unwrap();
            format!(
                "{{name: {name}, scopes: [sp:report:read], deliver: {{store: {store}, key: \"{key}\"}}}}"
            )
        };
        format!(
            "{STORES}serviceAccounts: [{{id: a, name: a, email: a@example.com, purpose: p, tokens: [{}, {}]}}]\n",
            token("t", first),
            token("u", second)
        )
    }

    #[test]
    fn planner_14_a_place_is_of_one_secret() {
        snippets(
            Code::DuplicateStoreKey,
            &[
                (&two("one k1", "one k2"), 0),
                (&two("one k1", "one k1"), 1),
                (&two("one k1", "one K1"), 1),
                (&two("one \u{e9}", "one e\u{301}"), 1),
                (&two("one k1", "two k1"), 1),
                (&two("one x/k1", "inner k1"), 1),
                (&two("vault k1", "one k1"), 0),
                (&two("vault k1", "vault K1"), 1),
                // The issuer of the account itself.
                (&two("local a/issuer", "one k1"), 1),
            ],
        );
        // An issuer of before, of an account without tokens.
        let with = |tokens: &str| {
            format!(
                "{}  - {{id: b, name: b, email: b@example.com, purpose: p{tokens}}}\n",
                two("local b/issuer", "one k1")
                    .replace("serviceAccounts: [{", "serviceAccounts:\n  - {")
                    .replace("}]}]\n", "}]}\n")
            )
        };
        snippets(
            Code::DuplicateStoreKey,
            &[(&with(""), 1), (&with(", tokens: []"), 1)],
        );
    }

    /// As on a machine with a working folder `/repository`, where `/link` leads to it.
    fn real(folders: &[&str]) -> Vec<String> {
        folders
            .iter()
            .map(|folder| match folder.strip_prefix("/link/") {
                Some(rest) => format!("/repository/{rest}"),
                None if folder.starts_with('/') => (*folder).to_owned(),
                None => format!("/repository/{folder}"),
            })
            .collect()
    }

    #[test]
    fn two_stores_are_one_folder_however_each_is_written() {
        for (folder, is_same) in [
            ("/repository/secrets", true),
            ("/link/secrets", true),
            ("/other/secrets", false),
            ("secrets2", false),
        ] {
            let text = format!(
                "steersman: v1\n{}",
                two("one k1", "two k1").replace("./secrets/", folder)
            );
            let found = |real_folders| {
                let file = SourceFile {
                    path: "a.yaml".into(),
                    bytes: text.clone().into_bytes(),
                };
                let options = Options {
                    real_folders,
                    without_tenant: true,
                    ..Options::default()
                };
                let loaded = load(vec![file], &options);
                loaded
                    .diagnostics
                    .iter()
                    .any(|found| found.code == Code::DuplicateStoreKey)
            };
            assert_eq!(found(Some(real)), is_same, "{folder}");
            // As they are written, they differ.
            assert!(!found(None), "{folder}");
        }
    }

    #[test]
    fn planner_14_a_path_is_a_file_or_a_folder() {
        snippets(
            Code::KeyBelowKey,
            &[
                (&two("one x", "one x/y"), 1),
                (&two("one x/y", "two X"), 1),
                (&two("one x", "one xy"), 0),
                (&two("one x", "inner y"), 1),
                (&two("vault x", "vault x/y"), 0),
            ],
        );
    }
}
