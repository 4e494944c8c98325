//! The tenant and the stores, read from the simulator's own state and the folder.

use serde_json::{Map, Value, json};
use simulator::Tenant;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tests::SimulatedTenant;

/// The source that the example manages.
pub(crate) const SOURCE: &str = "Integration Accounts";
/// How the name of a replaced token goes on.
const RETIRING: &str = "~retiring-";
const SECRETS: &str = ".steersman/secrets";

/// Values by the address that a report has for them.
pub(crate) type Objects = BTreeMap<String, Value>;

/// A moment of a cell.
#[derive(Clone, Debug)]
pub(crate) struct State {
    saved: String,
    value: Value,
    /// The documents of the store, by `ACCOUNT/TOKEN`.
    documents: BTreeMap<String, Value>,
}

/// A live token.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) name: String,
    pub(crate) account: String,
    pub(crate) alias: String,
    value: Value,
}

impl Token {
    pub(crate) fn is_retiring(&self) -> bool {
        self.name.contains(RETIRING)
    }

    fn lies_in(&self, document: &Value) -> bool {
        document["clientId"] == *self.id && document["clientSecret"] == *self.secret
    }
}

impl State {
    pub(crate) fn of(tenant: &SimulatedTenant, folder: &Path) -> Self {
        let saved = tenant.simulator().dump_state().unwrap();
        Self::read(saved, documents(&folder.join(SECRETS)))
    }

    fn read(saved: String, documents: BTreeMap<String, Value>) -> Self {
        let value = serde_json::from_str(&saved).unwrap();
        Self {
            saved,
            value,
            documents,
        }
    }

    /// The tenant, to be loaded.
    pub(crate) fn tenant(&self) -> Tenant {
        serde_json::from_str(&self.saved).unwrap()
    }

    /// The state after what is under way there has ended, and nothing else happened.
    pub(crate) fn settled(&self) -> Self {
        let mut tenant = self.tenant();
        tenant.advance_by(jiff::SignedDuration::from_mins(2));
        let saved = serde_json::to_string(&tenant).unwrap();
        Self::read(saved, self.documents.clone())
    }

    pub(crate) fn now(&self) -> jiff::Timestamp {
        text(&self.value["now"]).parse().unwrap()
    }

    /// What is declared of each object, without ids and times.
    pub(crate) fn objects(&self) -> Objects {
        let mut objects = Objects::new();
        let sources = values(&self.value["sources"]);
        for source in sources.filter(|source| source["name"] == SOURCE) {
            let id = &source["id"];
            objects.insert(
                format!("source/{SOURCE}"),
                json!([
                    source["description"],
                    source["owner"],
                    source["delete_threshold"]
                ]),
            );
            let schemas = values(&source["schemas"]);
            for schema in schemas.filter(|schema| schema["name"] == "account") {
                let attributes: BTreeSet<String> = values(&schema["attributes"])
                    .map(|attribute| text(&attribute["name"]))
                    .collect();
                objects.insert(format!("schema/{SOURCE}"), json!(attributes));
            }
            let profiles = values(&self.value["profiles"]);
            for profile in profiles.filter(|profile| profile["source"] == *id) {
                let mappings: BTreeMap<String, Value> = values(&profile["mappings"])
                    .map(|mapping| {
                        let from = &mapping["transformDefinition"]["attributes"];
                        let name = from.get("attributeName").or(from.get("value"));
                        (text(&mapping["identityAttributeName"]), json!(name))
                    })
                    .collect();
                objects.insert(
                    format!("profile/{}", text(&profile["name"])),
                    json!([profile["owner"], mappings]),
                );
            }
            self.accounts(id, &mut objects);
        }
        for token in self.tokens().filter(|token| !token.is_retiring()) {
            let address = format!("token/{}/{}", token.account, token.name);
            objects.insert(address, self.token(&token));
        }
        objects
    }

    fn accounts(&self, source: &Value, objects: &mut Objects) {
        let identities: BTreeMap<&str, &Value> = values(&self.value["identities"])
            .filter_map(|identity| Some((identity["id"].as_str()?, identity)))
            .collect();
        let accounts = values(&self.value["accounts"]);
        for account in accounts.filter(|account| account["source"] == *source) {
            let id = text(&account["native_identity"]);
            objects.insert(format!("account/{id}"), account["attributes"].clone());
            let identity = account["identity"].as_str();
            let Some(identity) = identity.and_then(|id| identities.get(id)) else {
                continue;
            };
            let levels: BTreeSet<String> = values(&identity["levels"]).map(text).collect();
            if !levels.is_empty() {
                objects.insert(format!("levels/{id}"), json!(levels));
            }
            if identity["status"] != "UNREGISTERED" {
                objects.insert(format!("invitation/{id}"), json!("sent"));
            }
        }
    }

    /// Tokens of the accounts of the source.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = Token> {
        let accounts: BTreeMap<String, String> = values(&self.value["accounts"])
            .map(|account| {
                (
                    text(&account["identity"]),
                    text(&account["native_identity"]),
                )
            })
            .collect();
        let aliases: BTreeMap<String, String> = values(&self.value["identities"])
            .map(|identity| (text(&identity["id"]), text(&identity["alias"])))
            .collect();
        values(&self.value["tokens"]).filter_map(move |token| {
            let owner = text(&token["owner"]);
            let alias = aliases.get(&owner)?.clone();
            if alias == "jane.doe" || alias.starts_with("svc-") {
                return None;
            }
            Some(Token {
                id: text(&token["id"]),
                secret: text(&token["secret"]),
                name: text(&token["name"]),
                account: accounts.get(&owner).unwrap_or(&alias).clone(),
                alias,
                value: token.clone(),
            })
        })
    }

    fn token(&self, token: &Token) -> Value {
        let value = &token.value;
        let scopes: BTreeSet<String> = values(&value["scopes"]).map(text).collect();
        json!([
            scopes,
            value["validity_seconds"],
            value["expires"].is_null(),
            self.is_delivered(token),
        ])
    }

    /// Whether the store has the secret that signs in with this token.
    pub(crate) fn is_delivered(&self, token: &Token) -> bool {
        let place = format!("{}/{}", token.alias, token.name);
        self.documents
            .get(&place)
            .is_some_and(|document| token.lies_in(document))
    }

    /// Documents that sign in, by place.
    pub(crate) fn working_documents(&self) -> BTreeSet<String> {
        let tokens: Vec<Token> = self.tokens().collect();
        self.documents
            .iter()
            .filter(|(_, document)| tokens.iter().any(|token| token.lies_in(document)))
            .map(|(place, _)| place.clone())
            .collect()
    }

    /// Every object by its id, as it is but for times that pass by themselves.
    pub(crate) fn by_id(&self) -> Objects {
        let mut objects = Objects::new();
        for kind in [
            "sources",
            "accounts",
            "profiles",
            "identities",
            "tokens",
            "oauth_clients",
            "custom_levels",
            "identity_attributes",
        ] {
            for (at, object) in values(&self.value[kind]).enumerate() {
                let id = object["id"].as_str().map_or(at.to_string(), str::to_owned);
                objects.insert(format!("{kind}/{id}"), without_times(object));
            }
        }
        objects
    }

    /// When each identity was invited last.
    pub(crate) fn invitations(&self) -> BTreeSet<(String, String)> {
        values(&self.value["identities"])
            .filter(|identity| identity["invited"].is_string())
            .map(|identity| (text(&identity["alias"]), text(&identity["invited"])))
            .collect()
    }

    /// How many tasks have sent invitations, or are about to.
    pub(crate) fn invitation_tasks(&self) -> usize {
        values(&self.value["tasks"])
            .filter(|task| task["kind"] == "Invitation")
            .filter(|task| !["ERROR", "TERMINATED"].contains(&text(&task["completion"]).as_str()))
            .count()
    }

    /// The client secret of each token that the tenant has or may have made, by its id.
    pub(crate) fn secrets(&self, deleted: &BTreeSet<String>) -> BTreeMap<String, String> {
        let mut secrets: BTreeMap<String, String> = values(&self.value["tokens"])
            .map(|token| (text(&token["id"]), text(&token["secret"])))
            .collect();
        let ids = &self.value["ids"];
        let seed = ids["seed"].as_u64().unwrap();
        let drawn: Vec<String> = (1..=ids["next"].as_u64().unwrap())
            .map(|number| {
                let step = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
                format!("{:016x}", scramble(seed.wrapping_add(step)))
            })
            .collect();
        // A token's id is drawn first, its secret directly after.
        for draws in drawn.windows(6) {
            let id = draws[..2].concat();
            if deleted.contains(&id) {
                secrets.insert(id, draws[2..].concat());
            }
        }
        secrets
    }
}

/// As the simulator generates identifiers.
fn scramble(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn documents(folder: &Path) -> BTreeMap<String, Value> {
    let mut documents = BTreeMap::new();
    let entries = |path: &Path| std::fs::read_dir(path).into_iter().flatten();
    for account in entries(folder) {
        for token in entries(&account.unwrap().path()) {
            let path = token.unwrap().path();
            let place = path.strip_prefix(folder).unwrap().display().to_string();
            if let Ok(text) = std::fs::read_to_string(&path)
                && let Ok(document) = serde_json::from_str(&text)
            {
                documents.insert(place, document);
            }
        }
    }
    documents
}

/// An object without the times that change by themselves.
fn without_times(of: &Value) -> Value {
    match of {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, value)| {
                let is_time = value
                    .as_str()
                    .is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok());
                // Absent at first, then a time.
                let comes = ["last_used", "examined", "last_refresh"].contains(&name.as_str());
                *name == "expires" || !(is_time || comes)
            });
            let kept = kept.map(|(name, value)| (name.clone(), without_times(value)));
            Value::Object(kept.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(without_times).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => of.clone(),
    }
}

/// The entries of a list, or the values of an object.
fn values(of: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match of {
        Value::Array(list) => Box::new(list.iter()),
        Value::Object(map) => Box::new(map.values()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Box::new(std::iter::empty())
        }
    }
}

fn text(of: &Value) -> String {
    of.as_str().unwrap_or_default().to_owned()
}
