//! Generators of tenants: one that a spec can declare completely, one with odd data.

use jiff::{SignedDuration, Timestamp};
use model::{
    Caller, Collection, IdentityId, IncompleteReason, Live, LiveAccount, LiveAttribute,
    LiveMapping, LiveProfile, LiveSchema, LiveSource, LiveToken, OwnerRef, UserLevel,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The tenant's time: 2026-01-01T00:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp::constant(1_767_225_600, 0);
pub(crate) const SOURCE: &str = "Service Accounts";
/// Sixty-four hexadecimal digits, as ISC's secrets have.
pub(crate) const SECRET: &str = "5f0e1d2c3b4a59687786950413223140f1e2d3c4b5a69788796a5b4c3d2e1f00";
const DAY: i64 = 86_400;
const IDENTITIES: usize = 6;

/// A tenant that can be declared completely: nothing may be left out.
pub(crate) fn tame() -> impl Strategy<Value = Live> {
    let account = (
        tame_text(),
        prop::option::of(tame_text()),
        prop::collection::btree_set(tame_level(), 0..=1),
        prop::collection::vec((tame_lifetime(), tame_validity()), 0..4),
    );
    (
        prop::collection::vec(account, 0..6),
        prop::option::of(tame_text()),
        prop::option::of(0..=100_i64),
        any::<bool>(),
    )
        .prop_map(|(accounts, description, threshold, has_profile)| {
            let mut live = tenant();
            let mut source = source();
            source.description = description;
            source.delete_threshold = threshold;
            source.schema = Collection::Complete(Some(schema(&["team"])));
            source.profile =
                Collection::Complete(has_profile.then(|| profile(Some("jane".into()))));
            let mut rows = Vec::new();
            let mut tokens = Vec::new();
            for (number, (purpose, team, levels, life)) in accounts.into_iter().enumerate() {
                let identity = IdentityId::new(format!("i{number}"));
                let mut row = account_of(&format!("SA-{number}"), &format!("bot{number}"));
                row.cells.insert("purpose".into(), purpose);
                if let Some(team) = team {
                    row.cells.insert("team".into(), team);
                }
                row.identity = Some(identity.clone());
                rows.push(row);
                live.levels
                    .insert(identity.clone(), Collection::Complete(levels));
                for (token, (lifetime, validity)) in life.into_iter().enumerate() {
                    let created = NOW - SignedDuration::from_hours(24);
                    tokens.push(LiveToken {
                        id: format!("{identity} {token}").into(),
                        name: format!("token{token}").into(),
                        owner: identity.clone(),
                        scopes: [scope("sp:search:read"), scope("sp:report:read")].into(),
                        created,
                        expires: lifetime.map(|lifetime| created + lifetime),
                        last_used: None,
                        access_token_validity: validity,
                        managed: false,
                    });
                }
            }
            source.accounts = Collection::Complete(rows);
            live.tokens = Collection::Complete(tokens);
            with_source(live, source)
        })
}

/// Any tenant that could be read completely.
pub(crate) fn odd() -> impl Strategy<Value = Live> {
    (
        odd_source(),
        prop::collection::vec(odd_account(), 0..6),
        prop::collection::vec(odd_levels(), IDENTITIES),
        prop::collection::vec(odd_token(), 0..14),
        0..3_u8,
    )
        .prop_map(|(mut source, accounts, levels, tokens, owners)| {
            let mut live = tenant();
            if owners == 0 {
                live.owners.remove(&OwnerRef::Alias("jane.doe".to_owned()));
            }
            let mut ids = BTreeSet::new();
            let columns: Vec<_> = source
                .schema
                .found()
                .iter()
                .flat_map(|schema| schema.attributes.clone())
                .collect();
            let rows: Vec<LiveAccount> = accounts
                .into_iter()
                .map(|(mut account, further)| {
                    for (attribute, cell) in columns.iter().zip(further) {
                        let guide = account.cells.contains_key(&attribute.name);
                        if let (false, Some(cell)) = (guide, cell) {
                            account.cells.insert(attribute.name.clone(), cell);
                        }
                    }
                    account.cells.retain(|_, cell| !cell.is_empty());
                    account
                })
                .filter(|account| ids.insert(account.native_identity.clone()))
                .collect();
            source.accounts = Collection::Complete(rows);
            for (number, levels) in levels.into_iter().enumerate() {
                if let Some(levels) = levels {
                    live.levels.insert(format!("i{number}").into(), levels);
                }
            }
            let tokens = tokens.into_iter().enumerate();
            live.tokens = Collection::Complete(
                tokens
                    .map(|(number, mut token)| {
                        token.id = match number {
                            3 => live.caller.client_id.clone(),
                            _ => format!("token {number}").into(),
                        };
                        token
                    })
                    .collect(),
            );
            with_source(live, source)
        })
}

/// A plain text, or one that is difficult for YAML, CSV or shells.
fn odd_text() -> impl Strategy<Value = String> {
    const ODD: &[&str] = &[
        "yes",
        "no",
        "on",
        "null",
        "~",
        "true",
        "1.0",
        "007",
        "0x1f",
        "1e3",
        ".inf",
        "2026-01-01",
        "12:30:45",
        "a: b",
        "- a",
        "# x",
        "a #b",
        "'q'",
        "\"q\"",
        "it's",
        "{a}",
        "[x]",
        "*a",
        "&a",
        "!t",
        "%d",
        "@a",
        "`b`",
        "|",
        ">",
        "?",
        ":",
        "-",
        "--- x",
        "...",
        "<<",
        "${HOME}",
        "$${HOME}",
        "${A:-b}",
        "{account}",
        "{token}",
        " lead",
        "trail ",
        "ünïcode",
        "日本",
        "🎉",
        "a\nb",
        "a\n",
        "\n a\n  b",
        "a\tb",
        "a\rb",
        "a\\b",
        "..",
        "a/b",
        "C:\\x",
        "x\u{2028}y",
        "x\u{202e}y",
        "x\u{85}y",
        "\u{feff}a",
        "a\u{0}b",
        "\u{fffe}",
        "\u{a0}a",
        "",
        " ",
        SECRET,
        "name, \"quoted\"; x",
    ];
    prop_oneof![
        4 => "[a-z]{1,8}",
        4 => prop::sample::select(ODD).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        1 => "(?s).{0,8}",
    ]
}

fn odd_source() -> impl Strategy<Value = LiveSource> {
    let kind = prop_oneof![
        5 => Just(LiveSource::DELIMITED_FILE),
        1 => Just("Active Directory - Direct"),
    ];
    let name = prop_oneof![9 => Just(SOURCE.to_owned()), 1 => odd_text()];
    let threshold =
        || prop::option::of(prop::sample::select(vec![-1, 0, 10, 10, 10, 55, 100, 101]));
    (
        (name, kind, prop::option::weighted(0.95, odd_owner())),
        prop::option::of(odd_text()),
        (threshold(), threshold()),
        odd_schema(),
        prop::option::of(odd_profile()),
    )
        .prop_map(
            |((name, kind, owner), description, (one, other), schema, profile)| LiveSource {
                name: name.as_str().into(),
                kind: kind.to_owned(),
                owner,
                description: description.filter(|text| !text.is_empty()),
                delete_threshold: one,
                connector_delete_threshold: other,
                file: model::FileSettings::default(),
                never_read: false,
                raised_from: None,
                aggregations: model::Aggregations::NotAsked,
                schema: Collection::Complete(schema),
                profile: Collection::Complete(profile),
                ..source()
            },
        )
}

fn odd_owner() -> impl Strategy<Value = IdentityId> {
    prop_oneof![
        8 => Just("jane"),
        2 => Just("joe"),
        1 => Just("nobody"),
    ]
    .prop_map(Into::into)
}

fn odd_schema() -> impl Strategy<Value = Option<LiveSchema>> {
    let further = prop::collection::vec((odd_text(), prop::option::of(odd_text())), 0..4);
    (further, 0..30_u8).prop_map(|(further, trouble)| {
        let mut schema = schema(&[]);
        for (name, description) in further {
            let taken = schema
                .attributes
                .iter()
                .any(|attribute| attribute.name.as_str() == name);
            if !taken && !name.is_empty() {
                schema.attributes.push(LiveAttribute {
                    name: name.into(),
                    kind: "STRING".to_owned(),
                    description: description.filter(|text| !text.is_empty()),
                    multi: false,
                });
            }
        }
        match trouble {
            0 => return None,
            1 => schema.identity_attribute = Some("name".into()),
            2 => schema.display_attribute = None,
            3 => {
                schema.attributes.remove(3);
            }
            4 => schema.attributes[2].multi = true,
            5 => schema.attributes[3].kind = "BOOLEAN".to_owned(),
            6 => schema.attributes[1].kind = "string".to_owned(),
            7 => schema.attributes.reverse(),
            _ => {}
        }
        Some(schema)
    })
}

fn odd_profile() -> impl Strategy<Value = LiveProfile> {
    let target = prop_oneof![
        6 => prop::sample::select(vec!["uid", "email", "firstname", "lastname", "displayName"])
            .prop_map(str::to_owned),
        1 => odd_text().prop_filter("a target has a name", |text| !text.is_empty()),
    ];
    let mapping = prop_oneof![
        6 => prop::sample::select(vec!["name", "e-mail", "id", "nonsense"]).prop_map(|attribute| {
            LiveMapping::Account {
                source: "source".into(),
                attribute: attribute.into(),
            }
        }),
        1 => Just(LiveMapping::Account {
            source: "another".into(),
            attribute: "x".into(),
        }),
        1 => Just(LiveMapping::Other("rule".to_owned())),
    ];
    (
        odd_text(),
        prop::option::of(odd_owner()),
        prop::collection::btree_map(target, mapping, 0..6),
        0..8_u8,
    )
        .prop_map(|(name, owner, mappings, trouble)| LiveProfile {
            name,
            enabled: trouble != 0,
            mappings: mappings
                .into_iter()
                .map(|(target, mapping)| (target.into(), mapping))
                .collect(),
            refresh_required: trouble == 1,
            ..profile(owner)
        })
}

type Further = Vec<Option<String>>;

fn odd_account() -> impl Strategy<Value = (LiveAccount, Further)> {
    let id = prop_oneof![6 => "SA-[0-9]", 1 => odd_text()];
    let name = prop_oneof![6 => "bot[0-9]", 1 => odd_text()];
    let cell = prop_oneof![8 => Just(None), 1 => odd_text().prop_map(Some)];
    (
        (id, name),
        prop::collection::vec(cell, 3),
        odd_text(),
        prop::option::weighted(0.9, 0..IDENTITIES),
        prop::collection::vec(prop::option::of(odd_text()), 8),
    )
        .prop_map(|((id, name), odd, purpose, identity, further)| {
            let mut account = account_of(&id, &name);
            account.cells.insert("purpose".into(), purpose);
            for (column, cell) in ["id", "name", "e-mail"].into_iter().zip(odd) {
                if let Some(cell) = cell {
                    account.cells.insert(column.into(), cell);
                }
            }
            account.identity = identity.map(|number| format!("i{number}").into());
            (account, further)
        })
        .prop_filter("an account has an id", |(account, _)| {
            !account.native_identity.as_str().is_empty()
        })
}

type Levels = Option<Collection<BTreeSet<UserLevel>>>;

fn odd_levels() -> impl Strategy<Value = Levels> {
    let level = prop::sample::select(vec![
        "ORG_ADMIN",
        "REPORT_ADMIN",
        "HELPDESK",
        "SOURCE_ADMIN",
        "SOURCE_SUBADMIN",
        "CUSTOM_LEVEL",
        "NOBODY_KNOWS_IT",
        "null",
    ]);
    prop_oneof![
        12 => prop::collection::btree_set(level, 0..3).prop_map(|levels| {
            Some(Collection::Complete(
                levels.into_iter().map(Into::into).collect(),
            ))
        }),
        1 => Just(Some(Collection::unread(IncompleteReason::Forbidden, "403\nno"))),
        1 => Just(None),
    ]
}

fn odd_token() -> impl Strategy<Value = LiveToken> {
    let name = prop_oneof![
        12 => "[a-f]",
        2 => Just("issuer".to_owned()),
        1 => prop::sample::select(vec!["a~retiring-20251230", "a~retiring-20270101", "a~retiring-x"])
            .prop_map(str::to_owned),
        2 => odd_text(),
    ];
    let scope = prop_oneof![
        12 => prop::sample::select(vec!["sp:search:read", "sp:report:read", "sp:scopes:all"]),
        1 => prop::sample::select(vec![
            "sp:scopes:default",
            "sp:nonsense:read",
            "sp:my-personal-access-tokens:manage",
            "yes",
        ]),
    ];
    let seconds = prop_oneof![
        4 => (1..400_i64).prop_map(|days| days * DAY),
        1 => (1..400_i64).prop_map(|days| days * DAY + 3_601),
        1 => -10..100_000_i64,
        1 => Just(5_000 * DAY),
    ];
    (
        (name, 0..IDENTITIES),
        prop::collection::btree_set(scope, 0..3),
        (
            0..200_i64,
            prop::option::weighted(0.8, seconds),
            0..1_000_i64,
        ),
        prop::option::of(prop::sample::select(vec![
            0, 14, 15, 900, 901, 43_200, 50_000,
        ])),
        prop::bool::weighted(0.05),
    )
        .prop_map(
            |((name, owner), scopes, (age, seconds, millis), validity, managed)| {
                let created = NOW - SignedDuration::from_hours(age * 24)
                    + SignedDuration::from_millis(millis);
                LiveToken {
                    id: "token".into(),
                    name: name.into(),
                    owner: format!("i{owner}").into(),
                    scopes: scopes.into_iter().map(Into::into).collect(),
                    created,
                    expires: seconds.map(|seconds| created + SignedDuration::from_secs(seconds)),
                    last_used: None,
                    access_token_validity: validity,
                    managed,
                }
            },
        )
}

fn tame_text() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "iam",
        "yes",
        "null",
        "1.0",
        "a: b",
        "# x",
        "it's",
        "\"q\"",
        "{account}",
        "${HOME}",
        "ünïcode",
        "日本 🎉",
        "- a",
        "*a",
        "@a",
        "a, \"b\"",
        "0x1f",
        "~",
        "|",
        "a #b",
    ])
    .prop_map(str::to_owned)
}

fn tame_level() -> impl Strategy<Value = UserLevel> {
    prop::sample::select(vec!["REPORT_ADMIN", "HELPDESK", "CUSTOM_LEVEL"]).prop_map(Into::into)
}

fn tame_lifetime() -> impl Strategy<Value = Option<SignedDuration>> {
    prop::option::of((2 * DAY..300 * DAY).prop_map(SignedDuration::from_secs))
}

fn tame_validity() -> impl Strategy<Value = Option<u32>> {
    prop::option::of(15..=43_200_u32)
}

fn scope(text: &str) -> model::Scope {
    text.into()
}

/// A tenant without sources, with two identities that a file can name as owners.
fn tenant() -> Live {
    let person = |id: &str| Collection::Complete(Some(IdentityId::new(id)));
    Live {
        observed_at: NOW,
        tenant: "https://acme.api.identitynow.com".to_owned(),
        caller: Caller {
            client_id: "own-token".into(),
            identity: Some("i0".into()),
            user_name: Some("bot0".to_owned()),
            authorities: ["ORG_ADMIN".to_owned()].into(),
            is_api_client: false,
        },
        inactive_owners: [].into(),
        similar_owners: [].into(),
        owners: [
            (OwnerRef::Alias("jane.doe".to_owned()), person("jane")),
            (OwnerRef::Id("jane".to_owned()), person("jane")),
            (OwnerRef::Id("joe".to_owned()), person("joe")),
            (
                OwnerRef::Alias("joe".to_owned()),
                Collection::unread(IncompleteReason::TotalMismatch, "two are called so"),
            ),
        ]
        .into(),
        sources: BTreeMap::new(),
        profiles: Collection::Complete(Vec::new()),
        custom_levels: Collection::Complete(["CUSTOM_LEVEL".into()].into()),
        names: BTreeMap::new(),
        makers: BTreeMap::new(),
        user_names: BTreeMap::new(),
        listed_levels: BTreeMap::new(),
        identities: BTreeMap::new(),
        levels: BTreeMap::new(),
        tokens: Collection::Complete(Vec::new()),
        stores: model::StoreFacts::default(),
        requests: 5,
    }
}

fn with_source(mut live: Live, source: LiveSource) -> Live {
    live.sources
        .insert(source.name.clone(), Collection::Complete(Some(source)));
    live
}

fn source() -> LiveSource {
    LiveSource {
        id: "source".into(),
        name: SOURCE.into(),
        kind: LiveSource::DELIMITED_FILE.to_owned(),
        owner: Some("jane".into()),
        description: None,
        delete_threshold: Some(10),
        connector_delete_threshold: None,
        file: model::FileSettings::default(),
        never_read: false,
        raised_from: None,
        aggregations: model::Aggregations::NotAsked,
        schema: Collection::Complete(None),
        accounts: Collection::Complete(Vec::new()),
        profile: Collection::Complete(None),
    }
}

fn schema(further: &[&str]) -> LiveSchema {
    LiveSchema {
        id: "schema".into(),
        identity_attribute: Some("id".into()),
        display_attribute: Some("name".into()),
        attributes: ["id", "name", "e-mail", "purpose"]
            .iter()
            .chain(further)
            .map(|name| LiveAttribute {
                name: (*name).into(),
                kind: "STRING".to_owned(),
                description: None,
                multi: false,
            })
            .collect(),
    }
}

fn profile(owner: Option<IdentityId>) -> LiveProfile {
    let of_this = |attribute: &str| LiveMapping::Account {
        source: "source".into(),
        attribute: attribute.into(),
    };
    LiveProfile {
        id: "profile".into(),
        name: "Service Accounts".to_owned(),
        owner,
        authoritative_source: "source".into(),
        enabled: true,
        mappings: [
            ("uid".into(), of_this("name")),
            ("email".into(), of_this("e-mail")),
            ("displayName".into(), LiveMapping::Other("rule".to_owned())),
        ]
        .into(),
        refresh_required: false,
        identity_count: None,
    }
}

/// An account as in SailPoint's guide.
fn account_of(id: &str, name: &str) -> LiveAccount {
    LiveAccount {
        id: format!("account of {}", id.len()).into(),
        native_identity: id.into(),
        name: name.into(),
        cells: [
            ("id", id),
            ("name", name),
            ("e-mail", "team@example.com"),
            ("purpose", "Automate"),
        ]
        .map(|(column, cell)| (column.into(), cell.to_owned()))
        .into(),
        manually_correlated: Some(false),
        is_machine: Some(false),
        several: BTreeSet::new(),
        created: None,
        identity: None,
    }
}
