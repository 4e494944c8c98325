//! The tenant as it is, read from the simulator's own state and not through the program.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tests::SimulatedTenant;

/// All that a history looks at.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    pub(crate) now: jiff::Timestamp,
    pub(crate) sources: BTreeMap<String, Source>,
    /// By the name of the source and the account's id there.
    pub(crate) rows: BTreeMap<(String, String), Row>,
    pub(crate) identities: BTreeMap<String, Identity>,
    pub(crate) tokens: BTreeMap<String, Token>,
    /// When identities whose account is gone disappear.
    pub(crate) deletions: Vec<jiff::Timestamp>,
    /// When ISC gives identities to rows that were added or changed.
    pub(crate) refreshes: Vec<jiff::Timestamp>,
}

#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) description: String,
    pub(crate) threshold: i64,
    pub(crate) columns: Vec<String>,
    pub(crate) profile: Option<Profile>,
}

#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) mappings: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// The account's own id in the tenant.
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) cells: BTreeMap<String, String>,
    pub(crate) identity: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) alias: String,
    pub(crate) status: String,
    pub(crate) created: jiff::Timestamp,
    pub(crate) levels: BTreeSet<String>,
    /// Its authoritative account.
    pub(crate) account: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) secret: String,
    pub(crate) validity: i64,
    pub(crate) created: jiff::Timestamp,
    pub(crate) expires: Option<jiff::Timestamp>,
}

impl Token {
    pub(crate) fn is_alive(&self, now: jiff::Timestamp) -> bool {
        self.expires.is_none_or(|end| end > now)
    }
}

impl View {
    /// The tenant now.
    pub(crate) fn of(tenant: &SimulatedTenant) -> Self {
        let state = tenant.simulator().dump_state().unwrap();
        Self::read(&serde_json::from_str(&state).unwrap())
    }

    fn read(state: &Value) -> Self {
        let names: BTreeMap<String, String> = values(&state["sources"])
            .map(|source| (text(&source["id"]), text(&source["name"])))
            .collect();
        let profiles: BTreeMap<String, Profile> = values(&state["profiles"])
            .map(|profile| (text(&profile["source"]), Profile::read(profile)))
            .collect();
        Self {
            now: text(&state["now"]).parse().unwrap(),
            sources: values(&state["sources"])
                .map(|source| {
                    let profile = profiles.get(&text(&source["id"])).cloned();
                    (text(&source["name"]), Source::read(source, profile))
                })
                .collect(),
            rows: values(&state["accounts"])
                .map(|row| {
                    let source = names[&text(&row["source"])].clone();
                    ((source, text(&row["native_identity"])), Row::read(row))
                })
                .collect(),
            identities: values(&state["identities"])
                .map(|identity| (text(&identity["id"]), Identity::read(identity)))
                .collect(),
            tokens: values(&state["tokens"])
                .map(|token| (text(&token["id"]), Token::read(token)))
                .collect(),
            deletions: due(state, "IdentityDeletion"),
            refreshes: due(state, "IdentityRefresh"),
        }
    }

    /// Whether ISC has deleted identities whose accounts are gone, by this time.
    pub(crate) fn ends_identities_by(&self, time: jiff::Timestamp) -> bool {
        self.deletions.iter().any(|due| *due <= time)
    }

    /// Whether the account that the identity was made of is gone: ISC removes the identity some
    /// minutes later, and its tokens with it.
    pub(crate) fn is_ending(&self, identity: &str) -> bool {
        let made_of = self
            .identities
            .get(identity)
            .and_then(|identity| identity.account.as_ref());
        made_of.is_some_and(|account| self.rows.values().all(|row| row.account != *account))
    }

    /// Whether ISC is about to end an identity whose account is gone.
    pub(crate) fn is_ending_identities(&self) -> bool {
        !self.deletions.is_empty()
    }

    /// The rows of a source, by id.
    pub(crate) fn rows_of<'a>(
        &'a self,
        source: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a Row)> {
        self.rows
            .iter()
            .filter(move |((of, _), _)| of == source)
            .map(|((_, id), row)| (id.as_str(), row))
    }

    pub(crate) fn row(&self, source: &str, id: &str) -> Option<&Row> {
        self.rows.get(&(source.to_owned(), id.to_owned()))
    }

    pub(crate) fn tokens_of<'a>(
        &'a self,
        owner: &'a str,
    ) -> impl Iterator<Item = (&'a String, &'a Token)> {
        self.tokens
            .iter()
            .filter(move |(_, token)| token.owner == owner)
    }
}

impl Source {
    fn read(source: &Value, profile: Option<Profile>) -> Self {
        let schema = values(&source["schemas"]).find(|schema| schema["name"] == "account");
        Self {
            id: text(&source["id"]),
            owner: text(&source["owner"]),
            description: text(&source["description"]),
            threshold: source["delete_threshold"].as_i64().unwrap_or_default(),
            columns: schema
                .map(|schema| {
                    values(&schema["attributes"])
                        .map(|attribute| text(&attribute["name"]))
                        .collect()
                })
                .unwrap_or_default(),
            profile,
        }
    }
}

impl Profile {
    fn read(profile: &Value) -> Self {
        Self {
            name: text(&profile["name"]),
            id: text(&profile["id"]),
            mappings: values(&profile["mappings"])
                .map(|mapping| {
                    let from = &mapping["transformDefinition"]["attributes"]["attributeName"];
                    (text(&mapping["identityAttributeName"]), text(from))
                })
                .collect(),
        }
    }
}

impl Row {
    fn read(row: &Value) -> Self {
        let cells = row["attributes"].as_object().unwrap();
        Self {
            account: text(&row["id"]),
            name: text(&row["name"]),
            cells: cells
                .iter()
                .map(|(column, cell)| (column.clone(), text(cell)))
                .filter(|(_, cell)| !cell.is_empty())
                .collect(),
            identity: row["identity"].as_str().map(str::to_owned),
        }
    }
}

impl Identity {
    fn read(identity: &Value) -> Self {
        Self {
            alias: text(&identity["alias"]),
            status: text(&identity["status"]),
            created: text(&identity["created"]).parse().unwrap(),
            levels: values(&identity["levels"]).map(text).collect(),
            account: identity["account"].as_str().map(str::to_owned),
        }
    }
}

impl Token {
    fn read(token: &Value) -> Self {
        Self {
            name: text(&token["name"]),
            owner: text(&token["owner"]),
            scopes: values(&token["scopes"]).map(text).collect(),
            secret: text(&token["secret"]),
            validity: token["validity_seconds"].as_i64().unwrap_or_default(),
            created: text(&token["created"]).parse().unwrap(),
            expires: token["expires"].as_str().and_then(|end| end.parse().ok()),
        }
    }
}

/// When events of a kind are due.
fn due(state: &Value, kind: &str) -> Vec<jiff::Timestamp> {
    values(&state["events"]["events"])
        .filter(|event| event[2].to_string().contains(kind))
        .filter_map(|event| text(&event[0]).parse().ok())
        .collect()
}

/// The entries of a list, or the values of an object.
fn values(of: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match of {
        Value::Array(list) => Box::new(list.iter()),
        Value::Object(map) => Box::new(map.values()),
        _ => Box::new(std::iter::empty()),
    }
}

fn text(of: &Value) -> String {
    of.as_str().unwrap_or_default().to_owned()
}
