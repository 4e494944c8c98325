//! Random specs for the properties, and the tenant that they start from.

use super::fixtures::{self, empty_tenant};
use jiff::SignedDuration;
use model::{
    AccountSpec, AttributeSpec, Live, ManagedSource, OwnerRef, ProfileSpec, Rotation, SourceSpec,
    Spec, TokenLifetime, TokenSpec, UnmanagedAccounts, UnmanagedTokens,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A tenant without sources.
pub(crate) fn empty() -> Live {
    let mut live = empty_tenant();
    live.sources.clear();
    for name in SOURCES {
        live.sources
            .insert(name.into(), model::Collection::Complete(None));
    }
    live.owners.insert(
        OwnerRef::Email("joe@example.com".to_owned()),
        model::Collection::Complete(Some("joe".into())),
    );
    live
}

const SOURCES: [&str; 2] = ["Service Accounts", "Robots"];

/// Any spec over the two sources, with up to five accounts.
pub(crate) fn spec() -> impl Strategy<Value = Spec> {
    let sources = SOURCES.map(|_| managed_source());
    let accounts = prop::collection::btree_map(0..6_usize, account(), 0..5);
    (sources, accounts, any::<bool>()).prop_map(|(sources, accounts, revoke)| {
        let mut spec = Spec::default();
        for (name, source) in SOURCES.into_iter().zip(sources) {
            spec.sources
                .insert(name.into(), SourceSpec::Managed(source));
        }
        if revoke {
            spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
        }
        let mut names = BTreeSet::new();
        for (number, mut account) in accounts {
            // `validate` refuses two accounts of one user name.
            if !names.insert(account.name.clone()) {
                continue;
            }
            // An account stays on its source, so that its key says where it is.
            let source = SOURCES[number % 2];
            let id = format!("SA-{number}");
            account.key = id.as_str().into();
            account.source = source.into();
            if let Some(row) = &mut account.row {
                row.id = id.as_str().into();
                if let Some(SourceSpec::Managed(source)) = spec.sources.get(source) {
                    for attribute in &source.attributes {
                        row.attributes.insert(attribute.name.clone(), String::new());
                    }
                }
            }
            spec.accounts.insert(account.key.clone(), account);
        }
        spec
    })
}

fn managed_source() -> impl Strategy<Value = ManagedSource> {
    (
        owner(),
        prop::option::of("[a-z ]{0,8}"),
        prop::option::of(0..=100_i64),
        prop::collection::btree_set("[a-c]", 0..3),
        any::<bool>(),
        prop::option::of((owner(), prop::option::of(owner()), any::<bool>(), "[a-b]")),
    )
        .prop_map(
            |(owner, description, threshold, attributes, delete, profile)| ManagedSource {
                owner,
                description,
                delete_threshold: threshold.and_then(|percent| percent.try_into().ok()),
                attributes: attributes
                    .into_iter()
                    .map(|name| AttributeSpec {
                        description: None,
                        name: name.as_str().into(),
                    })
                    .collect(),
                unmanaged: if delete {
                    UnmanagedAccounts::Delete
                } else {
                    UnmanagedAccounts::Keep
                },
                identity_profile: profile.map(|(_, owner, invite, name)| ProfileSpec {
                    name,
                    owner,
                    mappings: BTreeMap::from([
                        ("uid".into(), "name".into()),
                        ("email".into(), "e-mail".into()),
                    ]),
                    invite,
                }),
            },
        )
}

fn owner() -> impl Strategy<Value = OwnerRef> {
    prop_oneof![
        Just(OwnerRef::Alias("jane.doe".to_owned())),
        Just(OwnerRef::Email("joe@example.com".to_owned())),
    ]
}

fn account() -> impl Strategy<Value = AccountSpec> {
    (
        "[a-z]{1,3}",
        "[a-z ]{0,4}",
        prop::option::of(prop::collection::btree_set("(A|B|C)_ADMIN", 0..3)),
        prop::option::of(prop::collection::btree_map("[a-c]", token(), 0..3)),
    )
        .prop_map(|(name, purpose, levels, tokens)| {
            let mut account = fixtures::account("x", &name);
            if let Some(row) = &mut account.row {
                row.purpose = purpose;
            }
            account.user_levels =
                levels.map(|levels| levels.iter().map(|level| level.as_str().into()).collect());
            account.tokens = tokens.map(|tokens| {
                tokens
                    .into_iter()
                    .map(|(name, mut token)| {
                        token.name = name.as_str().into();
                        (token.name.clone(), token)
                    })
                    .collect()
            });
            account
        })
}

fn token() -> impl Strategy<Value = TokenSpec> {
    (
        prop::collection::btree_set("sp:[a-c]:read", 1..3),
        prop::option::of(15..43_200_u32),
        prop_oneof![
            Just(TokenLifetime::Never),
            (2..200_i64)
                .prop_map(|days| TokenLifetime::After(SignedDuration::from_hours(days * 24))),
        ],
        any::<bool>(),
    )
        .prop_map(|(scopes, validity, expires, rotate)| TokenSpec {
            scopes: scopes.iter().map(|scope| scope.as_str().into()).collect(),
            access_token_validity: validity,
            expires,
            rotate: rotate.then_some(Rotation::before(SignedDuration::from_hours(24))),
            ..fixtures::token("x")
        })
}
