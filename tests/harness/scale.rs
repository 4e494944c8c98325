//! Any number of service accounts, as files, as a tenant, and in memory: for
//! counting requests and for measuring. All three say the same, so that a plan
//! has nothing to do.

use crate::SimulatedTenant;
use jiff::{SignedDuration, Timestamp};
use model::{
    Caller, Collection, IssuerState, Live, LiveAccount, LiveAttribute, LiveMapping, LiveProfile,
    LiveSchema, LiveSource, LiveToken, Spec,
};
use secrecy::SecretString;
use simulator::{Config, Tenant, TokenRequest};
use std::collections::{BTreeMap, BTreeSet};

/// The source that all accounts are on, as the simulator fills it.
pub const SOURCE: &str = "Bulk";
const DESCRIPTION: &str = "Accounts for trying things at scale";
const MAPPINGS: [(&str, &str); 4] = [
    ("uid", "name"),
    ("email", "e-mail"),
    ("lastname", "name"),
    ("firstname", "name"),
];
const LIFETIME: SignedDuration = SignedDuration::from_hours(90 * 24);
const ISSUER_SCOPE: &str = "sp:my-personal-access-tokens:manage";

/// The id of the account of this number.
#[must_use]
pub fn id(number: usize) -> String {
    format!("BULK-{number:06}")
}

/// The name of the account of this number.
#[must_use]
pub fn name(number: usize) -> String {
    format!("bulk{number:06}")
}

/// The user levels that the account of this number is to hold.
#[must_use]
pub fn levels(number: usize) -> &'static [&'static str] {
    match number % 4 {
        0 | 1 => &["CERT_ADMIN"],
        2 => &["SOURCE_ADMIN"],
        _ => &["CERT_ADMIN", "SOURCE_ADMIN"],
    }
}

fn scopes(number: usize) -> &'static [&'static str] {
    match number % 4 {
        0 | 1 => &["idn:campaign-template:read"],
        2 => &["idn:sources:manage"],
        _ => &["idn:campaign-template:read", "idn:sources:manage"],
    }
}

/// The repository: one file with all that the accounts share, and the accounts
/// in so many further files. Each is a path and a text.
#[must_use]
pub fn repository(accounts: usize, files: usize) -> Vec<(String, String)> {
    let mappings: Vec<String> = MAPPINGS
        .iter()
        .map(|(target, attribute)| format!("{target}: {attribute}"))
        .collect();
    let shared = format!(
        "steersman: v1
sources:
  - name: {SOURCE}
    owner: jane.doe
    description: {DESCRIPTION}
    identityProfile:
      name: {SOURCE}
      mappings: {{{}}}
      invite: true
stores:
  local: {{directory: secrets}}
defaults:
  issuer: {{store: local, key: \"{{account}}/issuer\"}}
  token:
    expires: 90d
    rotate: {{before: 14d}}
    deliver: {{store: local, key: \"{{account}}/{{token}}\"}}
",
        mappings.join(", ")
    );
    let numbers: Vec<usize> = (0..accounts).collect();
    let files = numbers.chunks(accounts.div_ceil(files.max(1)).max(1));
    let files = files.enumerate().map(|(index, numbers)| {
        let accounts: String = numbers.iter().map(|number| account(*number)).collect();
        let text = format!("steersman: v1\nserviceAccounts:\n{accounts}");
        (format!("accounts/{index:03}.yaml"), text)
    });
    std::iter::once(("steersman.yaml".to_owned(), shared))
        .chain(files)
        .collect()
}

fn account(number: usize) -> String {
    let name = name(number);
    format!(
        "  - id: {}
    name: {name}
    email: {name}@example.com
    purpose: Trying things at scale
    userLevels: [{}]
    tokens:
      - name: job
        scopes: [{}]
",
        id(number),
        levels(number).join(", "),
        scopes(number).join(", "),
    )
}

/// How far the accounts of a tenant are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Imported; nobody is invited.
    Imported,
    /// Invited; nobody has set a password.
    Invited,
    /// Registered, with an issuer and all tokens.
    Ready,
}

/// What the stores hold of an account.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// The account's id.
    pub account: String,
    /// The account's name, which its place in the store is called after.
    pub name: String,
    /// The issuer's client id.
    pub client_id: String,
    /// The issuer's secret.
    pub client_secret: SecretString,
}

/// Serves a tenant with so many accounts.
///
/// # Panics
/// If it cannot be started.
#[must_use]
pub fn tenant(accounts: usize, stage: Stage, config: Config) -> (SimulatedTenant, Vec<Issuer>) {
    let tenant = SimulatedTenant::with(Config {
        seed_accounts: accounts,
        ..config
    });
    let issuers = tenant.simulator().with_tenant(|state| {
        (0..accounts)
            .filter_map(|number| fill(state, number, stage))
            .collect()
    });
    (tenant, issuers)
}

fn fill(state: &mut Tenant, number: usize, stage: Stage) -> Option<Issuer> {
    let name = name(number);
    let levels = levels(number).iter().map(|level| (*level).to_owned());
    state
        .set_levels_out_of_band(&name, levels.collect())
        .unwrap();
    if stage == Stage::Imported {
        return None;
    }
    state.invite_person(&name).unwrap();
    if stage == Stage::Invited {
        return None;
    }
    state.register_person(&name).unwrap();
    let expires = Some(state.now() + LIFETIME);
    let mut mint = |token: &str, scopes: &[&str]| {
        let request = TokenRequest {
            name: token.to_owned(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            access_token_validity_seconds: None,
            expires,
            never_expires: false,
        };
        state
            .mint_personal_access_token_as_owner(&name, request)
            .unwrap()
    };
    mint("job", scopes(number));
    let issuer = mint("issuer", &[ISSUER_SCOPE]);
    Some(Issuer {
        account: id(number),
        name,
        client_id: issuer.id,
        client_secret: issuer.secret,
    })
}

/// The state of a tenant in which all that the spec declares is ready, as it
/// would be read. The spec has to be one of [`repository`].
#[must_use]
pub fn live(spec: &Spec, now: Timestamp) -> Live {
    let mut live = Live {
        observed_at: now,
        tenant: "https://acme.api.identitynow.com".to_owned(),
        caller: Caller {
            client_id: "own".into(),
            identity: Some("jane".into()),
            user_name: Some("jane.doe".to_owned()),
            authorities: BTreeSet::new(),
            is_api_client: false,
        },
        owners: BTreeMap::new(),
        inactive_owners: BTreeMap::new(),
        similar_owners: BTreeMap::new(),
        sources: BTreeMap::new(),
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
        requests: 0,
    };
    let mut accounts = Vec::new();
    let mut tokens = Vec::new();
    for (number, account) in spec.accounts.values().enumerate() {
        let identity = format!("{number:032x}");
        accounts.push(LiveAccount {
            id: format!("{number:031x}a").into(),
            native_identity: account.key.as_str().into(),
            name: account.name.clone(),
            cells: account
                .row
                .as_ref()
                .map(model::AccountRow::cells)
                .unwrap_or_default(),
            identity: Some(identity.as_str().into()),
            manually_correlated: Some(false),
            is_machine: Some(false),
            several: BTreeSet::new(),
            created: None,
        });
        let levels = account.user_levels.clone().unwrap_or_default();
        live.levels
            .insert(identity.as_str().into(), Collection::Complete(levels));
        let token = |name: &str, scopes| LiveToken {
            id: format!("{number:031x}{}", name.len()).into(),
            name: name.into(),
            owner: identity.as_str().into(),
            scopes,
            created: now,
            expires: Some(now + LIFETIME),
            last_used: None,
            access_token_validity: Some(43_200),
            managed: false,
        };
        for declared in account.tokens.iter().flat_map(model::TokenSpecs::values) {
            tokens.push(token(declared.name.as_str(), declared.scopes.clone()));
        }
        let issuer = token("issuer", BTreeSet::from([ISSUER_SCOPE.into()]));
        let present = IssuerState::Present {
            client_id: issuer.id.clone(),
            origin: model::IssuerOrigin::Steersman {
                replaces: "enrolled".into(),
                rotation: 0,
            },
        };
        live.stores.issuers.insert(account.key.clone(), present);
        tokens.push(issuer);
    }
    live.tokens = Collection::Complete(tokens);
    for source in spec.sources.values().filter_map(|source| source.managed()) {
        live.owners.insert(
            source.owner.clone(),
            Collection::Complete(Some("jane".into())),
        );
    }
    let source = source(accounts);
    live.sources
        .insert(SOURCE.into(), Collection::Complete(Some(source)));
    live
}

/// A tenant that has nothing of the spec yet, but for the owner.
#[must_use]
pub fn nothing_there(spec: &Spec, now: Timestamp) -> Live {
    let mut live = live(spec, now);
    for source in live.sources.values_mut() {
        *source = Collection::Complete(None);
    }
    live.tokens = Collection::Complete(Vec::new());
    live.levels.clear();
    live.stores = model::StoreFacts::default();
    live
}

fn source(accounts: Vec<LiveAccount>) -> LiveSource {
    let attribute = |name: &str| LiveAttribute {
        name: name.into(),
        kind: "STRING".to_owned(),
        description: None,
        multi: false,
    };
    let mapping = |(target, attribute): &(&str, &str)| {
        let mapping = LiveMapping::Account {
            source: "source".into(),
            attribute: (*attribute).into(),
        };
        ((*target).into(), mapping)
    };
    LiveSource {
        id: "source".into(),
        name: SOURCE.into(),
        kind: LiveSource::DELIMITED_FILE.to_owned(),
        owner: Some("jane".into()),
        description: Some(DESCRIPTION.to_owned()),
        delete_threshold: Some(10),
        connector_delete_threshold: None,
        file: model::FileSettings::default(),
        never_read: false,
        raised_from: None,
        aggregations: model::Aggregations::NotAsked,
        schema: Collection::Complete(Some(LiveSchema {
            id: "schema".into(),
            identity_attribute: Some("id".into()),
            display_attribute: Some("name".into()),
            attributes: ["id", "name", "e-mail", "purpose"].map(attribute).into(),
        })),
        accounts: Collection::Complete(accounts),
        profile: Collection::Complete(Some(LiveProfile {
            id: "profile".into(),
            name: SOURCE.to_owned(),
            owner: Some("jane".into()),
            authoritative_source: "source".into(),
            enabled: true,
            mappings: MAPPINGS.iter().map(mapping).collect(),
            refresh_required: false,
            identity_count: None,
        })),
    }
}
