//! Cases of claims: which tokens and levels are a declared account's.

use super::fixtures::{
    SOURCE, account, applied_tenant, enroll, forbidden, guide, live_account, live_token, source_mut,
};
use crate::claims::{AllAccountsRead, Claims, KnownClaims};
use crate::index::Index;
use crate::unlisted::AccountsUnread;
use crate::view::View;
use model::{Collection, IssuerState, Live, SourceSpec, Spec, StoredToken, UserLevel};

const DIRECTORY: &str = "Active Directory";

/// audit01, and an account of a directory that lists none.
fn with_unlisted() -> (Spec, Live) {
    let (mut spec, mut live) = (guide(), applied_tenant());
    let mut other = account("svc", "svc");
    (other.row, other.source) = (None, DIRECTORY.into());
    spec.accounts.insert(other.key.clone(), other);
    spec.sources.insert(DIRECTORY.into(), SourceSpec::Unmanaged);
    let mut directory = source_mut(&mut live).clone();
    (directory.id, directory.name) = ("directory".into(), DIRECTORY.into());
    directory.accounts = Collection::Complete(Vec::new());
    let directory = Collection::Complete(Some(directory));
    live.sources.insert(DIRECTORY.into(), directory);
    (spec, live)
}

fn with_claims<T>(spec: &Spec, live: &Live, read: impl FnOnce(KnownClaims<'_>) -> T) -> T {
    let index = Index::new(live);
    let accounts = spec.accounts.values();
    let views: Vec<_> = accounts
        .map(|account| View::new(account, &index, None))
        .collect();
    let claims = AllAccountsRead::of(&index, &views).map(|all| Claims::of(spec, &index, all));
    read(claims)
}

#[test]
fn one_declared_account_is_enough_to_own_what_an_identity_has() {
    let (mut spec, mut live) = (guide(), applied_tenant());
    let mut second = account("SA-002", "backup02");
    second.tokens = None;
    spec.accounts.insert(second.key.clone(), second);
    if let Collection::Complete(accounts) = &mut source_mut(&mut live).accounts {
        accounts.push(live_account("SA-002", "backup02", "identity-1"));
        accounts.push(live_account("SA-003", "third", "identity-3"));
    }
    with_claims(&spec, &live, |claims| {
        let claims = claims.unwrap();
        for (identity, is_declared) in [("identity-1", true), ("identity-3", false)] {
            let identity = identity.into();
            assert_eq!(claims.has(&identity), is_declared);
            assert_eq!(claims.holder(&identity).is_some(), is_declared);
            assert_eq!(claims.declares_tokens(&identity), is_declared);
            let name = "monthly-report".into();
            assert_eq!(claims.token(&identity, &name, &"other".into()), is_declared);
            let name = "another".into();
            assert!(!claims.token(&identity, &name, &"other".into()));
        }
    });
    for account in spec.accounts.values_mut() {
        account.tokens = None;
    }
    with_claims(&spec, &live, |claims| {
        let claims = claims.unwrap();
        assert!(!claims.declares_tokens(&"identity-1".into()));
    });
}

/// The directory may lack svc only in its list.
#[test]
fn an_account_that_is_not_listed_may_own_what_it_declares() {
    let (spec, mut live) = with_unlisted();
    let issuer = IssuerState::Present {
        client_id: "token-of-svc".into(),
        origin: model::IssuerOrigin::Steersman {
            replaces: "enrolled".into(),
            rotation: 0,
        },
    };
    live.stores.issuers.insert("svc".into(), issuer);
    let table = [
        ("monthly-report", true),
        ("of-svc", true),
        ("another", false),
    ];
    with_claims(&spec, &live, |claims| {
        let claims = claims.unwrap();
        for (name, may_own) in table {
            let token = live_token(name, "identity-9", &[]);
            let owner = claims
                .unlisted_owner(&token)
                .map(AccountsUnread::collection);
            let expected = may_own.then(|| format!("the accounts of \"{DIRECTORY}\""));
            assert_eq!(owner, expected, "{name}");
        }
        for (level, may_hold) in [("REPORT_ADMIN", true), ("HELPDESK", false)] {
            let holder = claims.unlisted_holder(&[level.into()].into());
            assert_eq!(holder.is_some(), may_hold, "{level}");
        }
    });
}

#[test]
fn an_account_that_is_not_listed_has_the_identity_of_its_issuer() {
    let (spec, mut live) = with_unlisted();
    let issuer = IssuerState::Present {
        client_id: "token-issuer".into(),
        origin: model::IssuerOrigin::Steersman {
            replaces: "enrolled".into(),
            rotation: 0,
        },
    };
    live.stores.issuers.insert("svc".into(), issuer);
    let tokens = vec![
        live_token("another", "identity-8", &[]),
        live_token("issuer", "identity-9", &[]),
    ];
    live.tokens = Collection::Complete(tokens);
    with_claims(&spec, &live, |claims| {
        let claims = claims.unwrap();
        assert!(claims.has(&"identity-9".into()) && !claims.has(&"identity-8".into()));
        let token = live_token("monthly-report", "identity-8", &[]);
        assert_eq!(claims.unlisted_owner(&token), None);
    });
}

/// An admin can rename a source in ISC, and a list of sources can lack one once.
#[test]
fn an_account_of_a_source_that_was_not_found_may_own_what_it_declares() {
    let (spec, mut live) = with_unlisted();
    live.sources
        .insert(DIRECTORY.into(), Collection::Complete(None));
    with_claims(&spec, &live, |claims| {
        let claims = claims.unwrap();
        for (name, may_own) in [("monthly-report", true), ("another", false)] {
            let token = live_token(name, "identity-8", &[]);
            assert_eq!(claims.unlisted_owner(&token).is_some(), may_own, "{name}");
        }
    });
}

/// A short list lacks its row, or somebody has removed it; either way the next import
/// brings it back to the identity that has its secrets.
#[test]
fn an_account_of_steersmans_own_that_no_list_has_claims_by_its_secrets() {
    type Set = fn(&mut Live);
    let table: [(&str, Set, bool, bool); 5] = [
        ("nothing of it is anywhere", |_| {}, false, false),
        (
            "its issuer",
            |live| {
                let client_id = "token-issuer".into();
                let state = IssuerState::Present {
                    client_id,
                    origin: model::IssuerOrigin::Steersman {
                        replaces: "enrolled".into(),
                        rotation: 0,
                    },
                };
                live.stores.issuers.insert("SA-002".into(), state);
            },
            true,
            false,
        ),
        (
            "a delivered secret",
            |live| {
                let secret = StoredToken::Present {
                    client_id: "token-used".into(),
                    says_own: true,
                    rotation: 0,
                    previous: None,
                };
                let places = live.stores.tokens.entry("SA-002".into()).or_default();
                places.insert("monthly-report".into(), secret);
            },
            true,
            false,
        ),
        (
            "an issuer that was not asked",
            |live| {
                live.stores
                    .issuers
                    .insert("SA-002".into(), IssuerState::NotAsked);
            },
            false,
            true,
        ),
        (
            "an issuer that is no token any more",
            |live| {
                let client_id = "token-gone".into();
                let state = IssuerState::Present {
                    client_id,
                    origin: model::IssuerOrigin::Steersman {
                        replaces: "enrolled".into(),
                        rotation: 0,
                    },
                };
                live.stores.issuers.insert("SA-002".into(), state);
            },
            false,
            false,
        ),
    ];
    for (what, set, claims_identity, may_own) in table {
        let (mut spec, mut live) = (guide(), applied_tenant());
        let second = account("SA-002", "backup02");
        spec.accounts.insert(second.key.clone(), second);
        live.tokens = Collection::Complete(vec![
            live_token("issuer", "identity-9", &[]),
            live_token("used", "identity-9", &[]),
        ]);
        set(&mut live);
        // The same while it is listed without its identity.
        let mut listed = live.clone();
        let mut row = live_account("SA-002", "backup02", "x");
        row.identity = None;
        if let Collection::Complete(accounts) = &mut source_mut(&mut listed).accounts {
            accounts.push(row);
        }
        with_claims(&spec, &listed, |claims| {
            let claims = claims.unwrap();
            assert_eq!(claims.has(&"identity-9".into()), claims_identity, "{what}");
        });
        with_claims(&spec, &live, |claims| {
            let claims = claims.unwrap();
            assert_eq!(claims.has(&"identity-9".into()), claims_identity, "{what}");
            let token = live_token("monthly-report", "identity-8", &[]);
            assert_eq!(claims.unlisted_owner(&token).is_some(), may_own, "{what}");
            let levels = [UserLevel::from("REPORT_ADMIN")].into();
            assert_eq!(claims.unlisted_holder(&levels), None, "{what}");
        });
    }
}

/// "histories" 300432: a copy in the place of an account whose row was removed by hand.
#[test]
fn the_issuer_of_an_own_identity_is_not_shared_with_an_account_that_has_a_copy() {
    for (is_own, listed, shares) in [
        (true, false, false),
        (false, false, true),
        (true, true, true),
    ] {
        let (mut spec, mut live) = (guide(), applied_tenant());
        enroll(&mut live);
        let issuer = live.stores.issuers["SA-001"].clone();
        let second = account("SA-002", "backup02");
        live.stores
            .issuers
            .insert(second.key.clone(), issuer.clone());
        spec.accounts.insert(second.key.clone(), second);
        if let Collection::Complete(accounts) = &mut source_mut(&mut live).accounts {
            if !is_own {
                accounts.retain(|account| account.identity.is_none());
            }
            if listed {
                let row = live_account("SA-002", "backup02", "identity-1");
                accounts.push(row);
            }
        }
        let IssuerState::Present { client_id, .. } = &issuer else {
            panic!("{issuer:?}");
        };
        with_claims(&spec, &live, |claims| {
            let claims = claims.unwrap();
            let found = claims.shares_issuer(&"identity-1".into(), client_id);
            assert_eq!(found, shares, "{is_own} {listed}");
        });
    }
}

/// Any identity may be its own then.
#[test]
fn nothing_is_known_while_the_secrets_of_an_account_show_no_identity() {
    type Set = fn(&mut Live);
    let issuer: Set = |live| {
        let client_id = "token-issuer".into();
        let state = IssuerState::Present {
            client_id,
            origin: model::IssuerOrigin::Steersman {
                replaces: "enrolled".into(),
                rotation: 0,
            },
        };
        live.stores.issuers.insert("SA-002".into(), state);
    };
    let unreadable: Set = |live| {
        let why = "locked".to_owned();
        let state = IssuerState::Unreadable { why };
        live.stores.issuers.insert("SA-002".into(), state);
    };
    for (set, tokens_read, is_listed, known) in [
        (issuer, true, false, true),
        (issuer, false, false, false),
        (issuer, false, true, true),
        (unreadable, true, false, false),
        (unreadable, true, true, true),
    ] {
        let (mut spec, mut live) = (guide(), applied_tenant());
        let second = account("SA-002", "backup02");
        spec.accounts.insert(second.key.clone(), second);
        if is_listed && let Collection::Complete(all) = &mut source_mut(&mut live).accounts {
            all.push(live_account("SA-002", "backup02", "identity-2"));
        }
        if !tokens_read {
            live.tokens = forbidden();
        }
        set(&mut live);
        with_claims(&spec, &live, |claims| {
            assert_eq!(claims.is_ok(), known, "{tokens_read} {is_listed}");
        });
    }
}

#[test]
fn claims_rest_on_the_accounts_of_each_source() {
    type Change = fn(&mut Live);
    let table: [(&str, Change, Option<&str>); 4] = [
        ("all read", |_| {}, None),
        (
            "a list unread",
            |live| source_mut(live).accounts = forbidden(),
            Some(SOURCE),
        ),
        (
            "not looked up",
            |live| {
                live.sources.remove(DIRECTORY);
            },
            Some(DIRECTORY),
        ),
        (
            "no such source",
            |live| {
                live.sources
                    .insert(DIRECTORY.into(), Collection::Complete(None));
            },
            None,
        ),
    ];
    for (name, change, unread) in table {
        let (spec, mut live) = with_unlisted();
        change(&mut live);
        let found = with_claims(&spec, &live, |claims| match claims {
            Ok(_) => None,
            Err(unread) => Some(unread.source.to_string()),
        });
        assert_eq!(found.as_deref(), unread, "{name}");
    }
}
