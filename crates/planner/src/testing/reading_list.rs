//! What has to be read for a spec: no more than it needs, and nothing less.

use super::fixtures::{SOURCE, account, guide, managed};
use super::scenarios::audit01;
use crate::wanted;
use model::{IssuerState, OwnerRef, SourceSpec, Spec, UnmanagedAccounts, Wanted, WantedStatus};

type Change = fn(&mut Spec);

fn present() -> IssuerState {
    IssuerState::Present {
        client_id: "token-issuer".into(),
        origin: model::IssuerOrigin::Steersman {
            replaces: "enrolled".into(),
            rotation: 0,
        },
    }
}

fn read(change: Change, issuer: Option<IssuerState>) -> Wanted {
    let mut spec = guide();
    change(&mut spec);
    let issuers = issuer.map(|issuer| ("SA-001".into(), issuer));
    wanted(&spec, &issuers.into_iter().collect())
}

/// Nor any before, as nothing says where an issuer would be.
fn no_tokens(spec: &mut Spec) {
    audit01(spec).tokens = None;
    audit01(spec).issuer = None;
}

fn no_invitation(spec: &mut Spec) {
    managed(spec).identity_profile.as_mut().unwrap().invite = false;
}

/// The status of an identity costs a request each, and says whether it is registered.
#[test]
fn a_status_is_read_only_where_no_issuer_shows_it() {
    let without = WantedStatus::WithoutIssuer {
        token: "token-issuer".into(),
        origin: model::IssuerOrigin::Steersman {
            replaces: "enrolled".into(),
            rotation: 0,
        },
        life: None,
    };
    let cases: [(&str, Change, Option<IssuerState>, WantedStatus); 9] = [
        ("tokens to issue", |_| {}, None, WantedStatus::Yes),
        (
            "an issuer in the store",
            |_| {},
            Some(present()),
            without.clone(),
        ),
        (
            "a store without one",
            |_| {},
            Some(IssuerState::Absent),
            WantedStatus::Yes,
        ),
        (
            "no tokens, and an invitation",
            no_tokens,
            None,
            WantedStatus::Yes,
        ),
        // Without the tokens nobody sees whose the issuer is.
        (
            "an issuer, and no tokens",
            no_tokens,
            Some(present()),
            WantedStatus::Yes,
        ),
        (
            "tokens, and no invitation",
            no_invitation,
            None,
            WantedStatus::Yes,
        ),
        (
            "neither",
            |spec| {
                no_tokens(spec);
                no_invitation(spec);
            },
            None,
            WantedStatus::No,
        ),
        (
            "no token of those that may be there",
            |spec| {
                audit01(spec).tokens.as_mut().unwrap().clear();
                no_invitation(spec);
            },
            Some(present()),
            // It is replaced, too.
            without,
        ),
        (
            "a source that others manage",
            |spec| {
                no_tokens(spec);
                spec.sources.insert(SOURCE.into(), SourceSpec::Unmanaged);
            },
            None,
            WantedStatus::No,
        ),
    ];
    for (name, change, issuer, expected) in cases {
        let found = read(change, issuer);
        assert_eq!(found.accounts["SA-001"].status, expected, "{name}");
    }
}

#[test]
fn tokens_are_read_where_some_are_declared_or_accounts_may_go() {
    let cases: [(&str, Change, bool, bool); 5] = [
        ("declared", |_| {}, true, false),
        (
            "declared before",
            |spec| audit01(spec).tokens = None,
            true,
            false,
        ),
        ("not declared", no_tokens, false, false),
        (
            "undeclared accounts are deleted",
            |spec| {
                no_tokens(spec);
                managed(spec).unmanaged = UnmanagedAccounts::Delete;
            },
            true,
            true,
        ),
        (
            "another account declares none",
            |spec| {
                let mut other = account("SA-002", "backup02");
                other.tokens = None;
                spec.accounts.insert(other.key.clone(), other);
            },
            true,
            false,
        ),
    ];
    for (name, change, tokens, levels) in cases {
        let found = read(change, None);
        let source = &found.sources[SOURCE];
        assert_eq!(
            (found.tokens, source.undeclared_levels, source.managed),
            (tokens, levels, true),
            "{name}"
        );
    }
}

#[test]
fn owners_and_levels_that_nobody_knows_are_looked_up() {
    let found = read(
        |spec| {
            managed(spec).identity_profile.as_mut().unwrap().owner =
                Some(OwnerRef::Alias("john".to_owned()));
            audit01(spec).user_levels = Some(["REPORT_ADMIN".into(), "OWN_LEVEL".into()].into());
            spec.sources.insert("Other".into(), SourceSpec::Unmanaged);
        },
        None,
    );
    let alias = |name: &str| OwnerRef::Alias(name.to_owned());
    assert_eq!(found.owners, [alias("jane.doe"), alias("john")].into());
    assert!(found.known_levels.contains("REPORT_ADMIN"));
    assert_eq!(found.unknown_levels, ["OWN_LEVEL".into()].into());
    let other = &found.sources["Other"];
    assert!(!other.managed && !other.undeclared_levels);
}
