//! Fixtures: small specs and observed states.

use jiff::{SignedDuration, Timestamp};
use model::{
    AccountRow, AccountSpec, Caller, Collection, IdentityNames, IdentityStatus, Incomplete,
    IncompleteReason, Live, LiveAccount, LiveAttribute, LiveIdentity, LiveMapping, LiveProfile,
    LiveSchema, LiveSource, LiveToken, ManagedSource, OwnerRef, Previously, ProfileSpec,
    SourceSpec, Spec, StoreKey, TokenLifetime, TokenSpec, UnmanagedAccounts,
};
use std::collections::{BTreeMap, BTreeSet};

/// The tenant's time in all tests: 2026-01-01T00:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp::constant(1_767_225_600, 0);
/// The managed source of all tests.
pub(crate) const SOURCE: &str = "Service Accounts";

/// The guide: one source, one account, one level, one token.
pub(crate) fn guide() -> Spec {
    let mut spec = Spec::default();
    spec.sources.insert(
        SOURCE.into(),
        SourceSpec::Managed(ManagedSource {
            owner: OwnerRef::Alias("jane.doe".to_owned()),
            description: Some("Identities for automation".to_owned()),
            delete_threshold: None,
            attributes: Vec::new(),
            unmanaged: UnmanagedAccounts::Keep,
            identity_profile: Some(ProfileSpec {
                name: SOURCE.to_owned(),
                owner: None,
                mappings: mappings(),
                invite: true,
            }),
        }),
    );
    let account = account("SA-001", "audit01");
    spec.accounts.insert(account.key.clone(), account);
    spec
}

/// The settings of the managed source.
pub(crate) fn managed(spec: &mut Spec) -> &mut ManagedSource {
    match spec.sources.get_mut(SOURCE) {
        Some(SourceSpec::Managed(source)) => source,
        _ => panic!("the fixture has a managed source"),
    }
}

fn mappings() -> BTreeMap<model::IdentityAttribute, model::AccountAttribute> {
    [
        ("uid", "name"),
        ("email", "e-mail"),
        ("lastname", "name"),
        ("firstname", "name"),
    ]
    .map(|(target, attribute)| (target.into(), attribute.into()))
    .into()
}

/// An account as the guide declares it.
pub(crate) fn account(id: &str, name: &str) -> AccountSpec {
    AccountSpec {
        issuer_life: None,
        key: id.into(),
        source: SOURCE.into(),
        name: name.into(),
        row: Some(AccountRow {
            id: id.into(),
            name: name.into(),
            email: format!("{name}@example.com"),
            purpose: "Automate monthly audit report".to_owned(),
            attributes: BTreeMap::new(),
        }),
        user_levels: Some(["REPORT_ADMIN".into()].into()),
        tokens: Some(
            [("monthly-report".into(), token("monthly-report"))]
                .into_iter()
                .collect(),
        ),
        issuer: Some(store_key(&format!("{name}/issuer"))),
        previously: Previously::default(),
        identity: None,
    }
}

/// A token that lives for 90 days.
pub(crate) fn token(name: &str) -> TokenSpec {
    TokenSpec {
        name: name.into(),
        scopes: ["sp:report:read".into(), "sp:search:read".into()].into(),
        calls: Vec::new(),
        access_token_validity: None,
        expires: TokenLifetime::After(SignedDuration::from_hours(90 * 24)),
        rotate: None,
        overlap: model::Overlap::default(),
        rotation: 0,
        purpose: None,
        owners: Vec::new(),
        deliver: store_key(name),
        form: model::DeliveredForm::Json,
    }
}

fn store_key(key: &str) -> StoreKey {
    StoreKey {
        store: "local".into(),
        key: key.to_owned(),
    }
}

/// A tenant in which there is nothing of the guide yet.
pub(crate) fn empty_tenant() -> Live {
    Live {
        observed_at: NOW,
        tenant: "https://acme.api.identitynow.com".to_owned(),
        caller: Caller {
            client_id: "own-token".into(),
            identity: Some("jane".into()),
            user_name: Some("jane.doe".to_owned()),
            authorities: BTreeSet::new(),
            is_api_client: false,
        },
        owners: [(
            OwnerRef::Alias("jane.doe".to_owned()),
            Collection::Complete(Some("jane".into())),
        )]
        .into(),
        inactive_owners: BTreeMap::new(),
        similar_owners: BTreeMap::new(),
        sources: [(SOURCE.into(), Collection::Complete(None))].into(),
        profiles: Collection::Complete(Vec::new()),
        custom_levels: Collection::Complete(BTreeSet::new()),
        identities: BTreeMap::new(),
        names: BTreeMap::new(),
        makers: BTreeMap::new(),
        user_names: BTreeMap::new(),
        listed_levels: BTreeMap::new(),
        levels: BTreeMap::new(),
        tokens: Collection::Complete(Vec::new()),
        stores: model::StoreFacts::default(),
        requests: 5,
    }
}

/// A mapping in the identity profile of a source of this id, which reads this attribute of
/// [`SOURCE`].
pub(crate) fn reads(live: &mut Live, profile: &str, target: &str, attribute: &str) {
    let Collection::Complete(profiles) = &mut live.profiles else {
        panic!("the fixture's profiles are complete");
    };
    profiles.push(model::ProfileHolder {
        name: format!("profile of {profile}"),
        source: Some(profile.into()),
        source_name: None,
        reads: [model::MappingRead {
            target: target.into(),
            sources: ["source-1".to_owned()].into(),
            what: model::AttributeRead::Attribute(attribute.into()),
        }]
        .into(),
    });
}

/// A tenant in which all of the guide is there and audit01 is invited.
pub(crate) fn applied_tenant() -> Live {
    let mut live = empty_tenant();
    live.sources
        .insert(SOURCE.into(), Collection::Complete(Some(live_source())));
    live.identities.insert(
        "identity-1".into(),
        Collection::Complete(Some(LiveIdentity {
            id: "identity-1".into(),
            alias: "audit01".to_owned(),
            name: "audit01".to_owned(),
            email: Some("audit01@example.com".to_owned()),
            status: IdentityStatus::Pending,
            created: None,
            modified: None,
            made_by: None,
        })),
    );
    live.levels.insert(
        "identity-1".into(),
        Collection::Complete(["REPORT_ADMIN".into()].into()),
    );
    live
}

fn live_source() -> LiveSource {
    LiveSource {
        id: "source-1".into(),
        name: SOURCE.into(),
        kind: "DelimitedFile".to_owned(),
        owner: Some("jane".into()),
        description: Some("Identities for automation".to_owned()),
        delete_threshold: Some(10),
        connector_delete_threshold: None,
        file: model::FileSettings::default(),
        never_read: false,
        raised_from: None,
        aggregations: model::Aggregations::NotAsked,
        schema: Collection::Complete(Some(LiveSchema {
            id: "schema-1".into(),
            identity_attribute: Some("id".into()),
            display_attribute: Some("name".into()),
            attributes: ["id", "name", "e-mail", "purpose"]
                .map(live_attribute)
                .into(),
        })),
        accounts: Collection::Complete(vec![live_account("SA-001", "audit01", "identity-1")]),
        profile: Collection::Complete(Some(LiveProfile {
            id: "profile-1".into(),
            name: SOURCE.to_owned(),
            owner: Some("jane".into()),
            authoritative_source: "source-1".into(),
            enabled: true,
            mappings: mappings()
                .into_iter()
                .map(|(target, attribute)| {
                    (
                        target,
                        LiveMapping::Account {
                            source: "source-1".into(),
                            attribute,
                        },
                    )
                })
                .chain([(
                    "identificationNumber".into(),
                    LiveMapping::Other("rule".to_owned()),
                )])
                .collect(),
            refresh_required: false,
            identity_count: None,
        })),
    }
}

/// A single string attribute.
pub(crate) fn live_attribute(name: &str) -> LiveAttribute {
    LiveAttribute {
        name: name.into(),
        kind: "STRING".to_owned(),
        description: Some("as the server has it".to_owned()),
        multi: false,
    }
}

/// An account as it is after an import of [`account`].
pub(crate) fn live_account(id: &str, name: &str, identity: &str) -> LiveAccount {
    LiveAccount {
        id: format!("account-{id}").into(),
        native_identity: id.into(),
        name: name.into(),
        cells: account(id, name)
            .row
            .map(|row| row.cells())
            .unwrap_or_default(),
        identity: Some(identity.into()),
        manually_correlated: Some(false),
        is_machine: Some(false),
        several: BTreeSet::new(),
        created: None,
    }
}

/// The identity's alias is known, as where its levels were read.
pub(crate) fn name_identity(live: &mut Live, identity: &str, alias: &str) {
    let names = IdentityNames {
        alias: Some(alias.to_owned()),
        email: None,
    };
    live.names.insert(identity.into(), names);
}

/// A token that was made now and lives for 90 days. One that retires has another id
/// than its successor.
pub(crate) fn live_token(name: &str, owner: &str, scopes: &[&str]) -> LiveToken {
    let id = match name.split_once(model::retiring::MARK) {
        Some((before, _)) => format!("old-{before}"),
        None => format!("token-{name}"),
    };
    LiveToken {
        id: id.into(),
        name: name.into(),
        owner: owner.into(),
        scopes: scopes.iter().map(|scope| (*scope).into()).collect(),
        created: NOW,
        expires: Some(NOW + SignedDuration::from_hours(90 * 24)),
        last_used: None,
        access_token_validity: Some(43_200),
        managed: false,
    }
}

/// The source of a live state, to be changed.
pub(crate) fn source_mut(live: &mut Live) -> &mut LiveSource {
    match live.sources.get_mut(SOURCE) {
        Some(Collection::Complete(Some(source))) => source,
        _ => panic!("the fixture has the source"),
    }
}

/// audit01 is registered, and its issuer is in the store.
pub(crate) fn enroll(live: &mut Live) {
    live.identities.insert(
        "identity-1".into(),
        Collection::Complete(Some(LiveIdentity {
            id: "identity-1".into(),
            alias: "audit01".to_owned(),
            name: "audit01".to_owned(),
            email: Some("audit01@example.com".to_owned()),
            status: IdentityStatus::Active,
            created: None,
            modified: None,
            made_by: None,
        })),
    );
    if let Collection::Complete(tokens) = &mut live.tokens {
        tokens.push(live_token(
            "issuer",
            "identity-1",
            &["sp:my-personal-access-tokens:manage"],
        ));
    }
    live.stores.issuers.insert(
        "SA-001".into(),
        model::IssuerState::Present {
            client_id: "token-issuer".into(),
            origin: model::IssuerOrigin::Steersman {
                replaces: "enrolled".into(),
                rotation: 0,
            },
        },
    );
}

/// Why a collection was not read.
pub(crate) fn incomplete() -> Incomplete {
    Incomplete {
        reason: IncompleteReason::Forbidden,
        detail: "403".to_owned(),
        call: None,
    }
}

/// A collection that was not read.
pub(crate) fn forbidden<T: Default>() -> Collection<T> {
    Collection::unread(IncompleteReason::Forbidden, "403")
}
