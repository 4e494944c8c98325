//! Makes the state of a tenant out of parts, in the form in which the simulator
//! saves it. The forms are taken from a tenant that the simulator has filled.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use simulator::Tenant;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// When the first generated tenant is.
pub(crate) const START: Timestamp = Timestamp::constant(1_788_256_800, 0);

/// A tenant with one account of each kind.
static FORMS: LazyLock<Value> = LazyLock::new(|| {
    let mut tenant = Tenant::new(START);
    tenant.add_bulk_accounts(1).unwrap();
    serde_json::to_value(&tenant).unwrap()
});

static EMPTY: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(Tenant::new(START)).unwrap());

/// A state in the making.
pub(crate) struct Made {
    pub(crate) state: Value,
    now: Timestamp,
    /// Ids begin with it: clients remember what an id was.
    seed: u64,
    numbers: u64,
}

impl Made {
    /// As a new tenant: the administrator and the source that is managed elsewhere.
    pub(crate) fn empty(seed: u64, now: Timestamp) -> Self {
        let mut state = EMPTY.clone();
        state["now"] = json!(now);
        Self {
            state,
            now,
            seed,
            numbers: 0,
        }
    }

    fn id(&mut self) -> String {
        self.numbers += 1;
        format!("9{:015x}{:016x}", self.seed, self.numbers)
    }

    /// A managed source, and its id.
    pub(crate) fn source(
        &mut self,
        name: &str,
        columns: &[&str],
        threshold: usize,
        description: &str,
    ) -> String {
        let id = self.id();
        let mut source = form("sources", |source| source["name"] == "Bulk");
        source["id"] = json!(id);
        source["name"] = json!(name);
        source["description"] = json!(description);
        source["delete_threshold"] = json!(threshold);
        source["connector_attributes"]["deleteThresholdPercentage"] = json!(threshold);
        source["connector_attributes"]["cloudDisplayName"] = json!(name);
        for schema in source["schemas"].as_array_mut().unwrap() {
            if schema["name"] != "account" {
                continue;
            }
            let attributes = schema["attributes"].as_array_mut().unwrap();
            let purpose = attributes.last().unwrap().clone();
            for column in columns {
                let mut attribute = purpose.clone();
                attribute["name"] = json!(column);
                attributes.push(attribute);
            }
        }
        self.state["sources"][&id] = source;
        id
    }

    /// The identity profile of a source, and its id.
    pub(crate) fn profile(
        &mut self,
        name: &str,
        source: &str,
        source_name: &str,
        mappings: &BTreeMap<&str, &str>,
        pending: bool,
    ) -> String {
        let id = self.id();
        let mut profile = form("profiles", |profile| profile["name"] == "Bulk");
        profile["id"] = json!(id);
        profile["name"] = json!(name);
        profile["source"] = json!(source);
        profile["refresh_required"] = json!(pending);
        let list = profile["mappings"].as_array_mut().unwrap();
        list.retain(|mapping| mapping["transformDefinition"]["type"] != "accountAttribute");
        for (target, column) in mappings {
            list.push(json!({
                "identityAttributeName": target,
                "transformDefinition": {"type": "accountAttribute", "attributes": {
                    "sourceName": source_name, "sourceId": source, "attributeName": column,
                }},
            }));
        }
        self.state["profiles"][&id] = profile;
        id
    }

    /// A row of a source, and its id.
    pub(crate) fn account(&mut self, source: &str, cells: &BTreeMap<String, String>) -> String {
        let id = self.id();
        let mut account = form("accounts", |account| account["name"] == "bulk000000");
        account["id"] = json!(id);
        account["source"] = json!(source);
        account["native_identity"] = json!(cells["id"]);
        account["name"] = json!(cells["name"]);
        account["attributes"] = json!(cells);
        account["identity"] = Value::Null;
        self.list("accounts").push(account);
        id
    }

    /// The identity that an account has made, and its id.
    pub(crate) fn identity(
        &mut self,
        alias: &str,
        cells: &BTreeMap<String, String>,
        profile: &str,
        account: &str,
        status: &str,
    ) -> String {
        let id = self.named(alias, &cells["e-mail"], status);
        self.set_identity(&id, "profile", &json!(profile));
        self.set_identity(&id, "account", &json!(account));
        self.correlate(account, &id);
        id
    }

    /// A person's identity, and its id.
    pub(crate) fn person(&mut self, name: &str) -> String {
        self.named(name, &format!("{name}@example.com"), "ACTIVE")
    }

    fn named(&mut self, alias: &str, email: &str, status: &str) -> String {
        let id = self.id();
        let mut identity = form("identities", |identity| identity["alias"] == "bulk000000");
        identity["id"] = json!(id);
        identity["alias"] = json!(alias);
        identity["name"] = json!(alias);
        identity["profile"] = Value::Null;
        identity["account"] = Value::Null;
        identity["status"] = json!(status);
        for (name, value) in [
            ("uid", alias),
            ("email", email),
            ("firstname", alias),
            ("lastname", alias),
        ] {
            identity["attributes"][name] = json!(value);
        }
        if status == "PENDING" {
            identity["invited"] = json!(self.now);
        }
        self.list("identities").push(identity);
        id
    }

    /// Makes an account one of an identity.
    pub(crate) fn correlate(&mut self, account: &str, identity: &str) {
        for entry in self.list("accounts") {
            if entry["id"] == account {
                entry["identity"] = json!(identity);
            }
        }
    }

    pub(crate) fn set_identity(&mut self, id: &str, field: &str, value: &Value) {
        for identity in self.list("identities") {
            if identity["id"] == id {
                identity[field] = value.clone();
            }
        }
    }

    pub(crate) fn identity_called(&mut self, alias: &str) -> Option<String> {
        let same = |other: &Value| {
            let other = other["alias"].as_str().unwrap_or_default();
            other.eq_ignore_ascii_case(alias)
        };
        let identities = self.list("identities");
        let found = identities.iter().find(|identity| same(identity))?;
        found["id"].as_str().map(str::to_owned)
    }

    /// A token of an identity that ends so many seconds from now, and its id.
    pub(crate) fn token(
        &mut self,
        owner: &str,
        name: &str,
        scopes: &[&str],
        validity: i64,
        end: Option<i64>,
    ) -> String {
        let id = self.id();
        let mut token = form("tokens", |_| true);
        let end = end.map(|seconds| self.now + SignedDuration::from_secs(seconds));
        for (field, value) in [
            ("id", json!(id)),
            ("secret", json!(format!("secret-of-{id}"))),
            ("name", json!(name)),
            ("scopes", json!(scopes)),
            ("effective_scopes", json!(scopes)),
            ("owner", json!(owner)),
            ("created", json!(self.now)),
            ("validity_seconds", json!(validity)),
            ("expires", json!(end)),
            ("aware_of_never_expiring", json!(end.is_none())),
        ] {
            token[field] = value;
        }
        self.list("tokens").push(token);
        id
    }

    /// Makes a token older than it is.
    pub(crate) fn made_days_ago(&mut self, id: &str, days: i64) {
        let created = json!(self.now - SignedDuration::from_hours(24 * days));
        for token in self.list("tokens") {
            if token["id"] == id {
                token["created"] = created.clone();
            }
        }
    }

    pub(crate) fn secret_of(&mut self, id: &str) -> String {
        let tokens = self.list("tokens");
        let found = tokens.iter().find(|token| token["id"] == id);
        found
            .and_then(|token| token["secret"].as_str())
            .unwrap_or_default()
            .to_owned()
    }

    pub(crate) fn tokens_of(&mut self, owner: &str) -> Vec<String> {
        let tokens = self.list("tokens").iter();
        tokens
            .filter(|token| token["owner"] == owner)
            .filter_map(|token| token["id"].as_str().map(str::to_owned))
            .collect()
    }

    fn list(&mut self, field: &str) -> &mut Vec<Value> {
        self.state[field].as_array_mut().unwrap()
    }
}

/// The first of a kind that is like this.
fn form(field: &str, is: impl Fn(&Value) -> bool) -> Value {
    let all = &FORMS[field];
    let empty = Map::new();
    let list = all.as_array().into_iter().flatten();
    let map = all.as_object().unwrap_or(&empty).values();
    list.chain(map).find(|value| is(value)).unwrap().clone()
}
