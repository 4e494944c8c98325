//! The tokens of the tenant, read from the simulator's own state and not through the program.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tests::SimulatedTenant;

/// The tokens at a time, by client id.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) now: jiff::Timestamp,
    pub(crate) tokens: BTreeMap<String, Token>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) secret: String,
    pub(crate) created: jiff::Timestamp,
    pub(crate) expires: Option<jiff::Timestamp>,
    pub(crate) used: Option<jiff::Timestamp>,
}

impl View {
    pub(crate) fn of(tenant: &SimulatedTenant) -> Self {
        let state = tenant.simulator().dump_state().unwrap();
        let state: Value = serde_json::from_str(&state).unwrap();
        let tokens = match &state["tokens"] {
            Value::Object(tokens) => tokens.values().map(entry).collect(),
            Value::Array(tokens) => tokens.iter().map(entry).collect(),
            _ => BTreeMap::new(),
        };
        Self {
            now: text(&state["now"]).parse().unwrap(),
            tokens,
        }
    }

    /// The token of a client id, if it signs in now.
    pub(crate) fn alive(&self, id: &str) -> Option<&Token> {
        let token = self.tokens.get(id)?;
        token
            .expires
            .is_none_or(|end| end > self.now)
            .then_some(token)
    }

    pub(crate) fn of_owner<'a>(
        &'a self,
        owner: &'a str,
    ) -> impl Iterator<Item = (&'a String, &'a Token)> {
        let tokens = self.tokens.iter();
        tokens.filter(move |(_, token)| token.owner == owner)
    }
}

fn entry(token: &Value) -> (String, Token) {
    let time = |key: &str| token[key].as_str().and_then(|time| time.parse().ok());
    let scopes = token["scopes"].as_array();
    let read = Token {
        name: text(&token["name"]),
        owner: text(&token["owner"]),
        scopes: scopes.into_iter().flatten().map(text).collect(),
        secret: text(&token["secret"]),
        created: text(&token["created"]).parse().unwrap(),
        expires: time("expires"),
        used: time("last_used"),
    };
    (text(&token["id"]), read)
}

fn text(of: &Value) -> String {
    of.as_str().unwrap_or_default().to_owned()
}
