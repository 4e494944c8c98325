//! The token list as a document: what `token list --format json` prints.
//!
//! Its JSON Schema is `schemas/tokens.schema.json`. Within a format version keys are only
//! added.

use super::sign_in::SignIn;
use crate::error::RenderError;
use crate::gate::json_text;
use jiff::Timestamp;
use model::{DeliveryReport, Incomplete};
use planner::{ForPeople, ListedToken, Missing, Standing, TokenList};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the format. It changes when a reader would have to.
const FORMAT_VERSION: u32 = 1;

/// The tokens of the managed accounts. Secrets are never part of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenListDocument {
    /// The version of this format, 1.
    pub format_version: u32,
    /// The tenant: its API address, or that it is simulated.
    pub tenant: String,
    /// When the tokens were read, by the tenant's clock, in RFC 3339.
    pub read_at: String,
    /// Whether everything was read: no collection is partial, and no token is unread.
    pub complete: bool,
    /// The tokens, by account.
    pub tokens: Vec<TokenDocument>,
    /// The collections with a partial read, and why.
    pub incomplete: BTreeMap<String, String>,
}

/// A token of a managed account, or one that the account should have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenDocument {
    /// The address of the token.
    pub address: String,
    /// The id of the account in the files.
    pub account: String,
    /// The name of the account.
    pub account_name: String,
    /// The identity of the account; null where it has none.
    pub identity: Option<String>,
    /// Whether it is not settled whether that identity is the account's own.
    pub doubted: bool,
    /// The name of the token; null for an issuer token that the account lacks.
    pub name: Option<String>,
    /// What the token is to its account.
    pub state: TokenState,
    /// For `retiring`: which token it was, and until when it is kept.
    pub retires: Option<RetiresDocument>,
    /// For `missing` and `unread`: why.
    pub why: Option<String>,
    /// For `missing`: what to do. Null where the next apply creates it.
    pub remedy: Option<String>,
    /// The token's id, which is its client id; null where ISC does not have it.
    pub id: Option<String>,
    /// When it was created, in RFC 3339.
    pub created: Option<String>,
    /// When it expires, in RFC 3339; null where `expiry` is not `at`.
    pub expires: Option<String>,
    /// Whether it expires: `at`, `never`, or `unknown` where ISC does not have it or it was
    /// not read.
    pub expiry: Expiry,
    /// The day of its last use, in RFC 3339; null where it was never used, or where it was
    /// not read.
    pub last_used: Option<String>,
    /// Its scopes; for one that ISC does not have, those that are declared.
    pub scopes: Option<Vec<String>>,
    /// What the store holds in its declared place; null where none is declared.
    pub delivery: Option<TokenDelivery>,
    /// What the next apply does with it; null where it is left as it is.
    pub next: Option<NextDocument>,
    /// What it is for, as the files declare it; of a retiring token, as they declare it of
    /// its successor.
    pub purpose: Option<String>,
    /// Who is responsible for what uses it, as the files declare it.
    pub owners: Vec<String>,
    /// Whether it is valid and at least 30 days old, and nothing has used it since the day
    /// of its creation.
    pub never_used: bool,
    /// What signing in with its delivered secret showed, with `--check`.
    pub check: Option<SignIn>,
}

/// What a token is to its account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum TokenState {
    /// A file declares it.
    Declared,
    /// It is the issuer token.
    Issuer,
    /// It was replaced, and is kept for its overlap.
    Retiring,
    /// No file declares it.
    Undeclared,
    /// No file declares it, and it may be the issuer token.
    MayBeIssuer,
    /// SailPoint's workflows manage it.
    SailPoint,
    /// It should exist, and ISC does not have it.
    Missing,
    /// It should exist, and whether it does was not read.
    Unread,
}

impl TokenState {
    /// All states.
    pub const ALL: [Self; 8] = [
        Self::Declared,
        Self::Issuer,
        Self::Retiring,
        Self::Undeclared,
        Self::MayBeIssuer,
        Self::SailPoint,
        Self::Missing,
        Self::Unread,
    ];
}

/// Whether a token expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Expiry {
    /// At the time in `expires`.
    At,
    /// Never.
    Never,
    /// It is not known.
    Unknown,
}

/// What a retiring token was, and until when it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RetiresDocument {
    /// The name that it had, which its successor has now.
    pub token: String,
    /// The end of its overlap, in RFC 3339.
    pub until: String,
    /// Whether its rotation was undone: the token before it has the name again.
    #[serde(default)]
    pub rolled_back: bool,
}

/// The declared place of a secret, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenDelivery {
    /// The place, as STORE:KEY.
    pub place: String,
    /// The state of the place, such as `delivered`; the states are those of the plan.
    pub state: String,
    /// What is wrong, or where the secret is instead.
    pub detail: Option<String>,
}

/// What the next apply does with a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NextDocument {
    /// The action, as a plan has it.
    pub action: String,
    /// The reason, as a plan has it.
    pub reason: String,
    /// The reason as text.
    pub text: String,
}

impl TokenListDocument {
    /// The document of a list. `checks` is as for the table.
    pub fn new(list: &TokenList, checks: &[SignIn], tenant: &str) -> Self {
        let tokens: Vec<TokenDocument> = list
            .tokens
            .iter()
            .enumerate()
            .map(|(index, token)| document(token, checks.get(index), list.at))
            .collect();
        let detail = |(name, why): (&String, &Incomplete)| (name.clone(), why.detail.clone());
        Self {
            format_version: FORMAT_VERSION,
            tenant: tenant.to_owned(),
            read_at: list.at.to_string(),
            complete: list.incomplete.is_empty()
                && !list.tokens.iter().any(|token| token.standing.is_unread()),
            tokens,
            incomplete: list.incomplete.iter().map(detail).collect(),
        }
    }

    /// The document as indented JSON.
    ///
    /// # Errors
    /// A document that cannot be serialized.
    pub fn text(&self) -> Result<String, RenderError> {
        let mut text = json_text(self).map_err(|source| RenderError::Json {
            what: "the list of tokens",
            source,
        })?;
        text.push('\n');
        Ok(text)
    }

    /// The JSON Schema of the document.
    pub fn schema() -> schemars::Schema {
        let mut schema = SchemaSettings::draft07()
            .into_generator()
            .into_root_schema_for::<Self>();
        schema.insert("title".to_owned(), "steersman token list".into());
        schema
    }
}

/// The document of one token, without a check.
pub(crate) fn token_document(token: &ListedToken, now: Timestamp) -> TokenDocument {
    document(token, None, now)
}

fn document(token: &ListedToken, check: Option<&SignIn>, now: Timestamp) -> TokenDocument {
    let ListedToken {
        account,
        account_name,
        identity,
        is_doubted,
        name,
        standing,
        token: live,
        scopes,
        delivery,
        next,
        people: ForPeople { purpose, owners },
    } = token;
    let (why, remedy) = match standing {
        Standing::Missing(Missing::Blocked { why, remedy }) => {
            (Some(why.clone()), Some(remedy.clone()))
        }
        Standing::Unread { why } => (Some(why.clone()), None),
        Standing::Missing(Missing::Planned | Missing::NotPlanned)
        | Standing::Declared
        | Standing::Issuer
        | Standing::Retiring {
            of: _,
            until: _,
            rolled_back: _,
        }
        | Standing::Undeclared
        | Standing::MayBeIssuer
        | Standing::OfSailPoint => (None, None),
    };
    let text = |at: Timestamp| at.to_string();
    TokenDocument {
        address: token.address().to_string(),
        account: account.to_string(),
        account_name: account_name.to_string(),
        identity: identity.as_ref().map(ToString::to_string),
        doubted: *is_doubted,
        name: name.as_ref().map(ToString::to_string),
        state: state(standing),
        retires: match standing {
            Standing::Retiring {
                of,
                until,
                rolled_back,
            } => Some(RetiresDocument {
                token: of.to_string(),
                until: until.to_string(),
                rolled_back: *rolled_back,
            }),
            _ => None,
        },
        why,
        remedy,
        id: live.as_ref().map(|live| live.id.to_string()),
        created: live.as_ref().map(|live| text(live.created)),
        expires: token.expires().flatten().map(text),
        expiry: match token.expires() {
            None => Expiry::Unknown,
            Some(None) => Expiry::Never,
            Some(Some(_)) => Expiry::At,
        },
        last_used: live.as_ref().and_then(|live| live.last_used).map(text),
        scopes: scopes
            .as_ref()
            .map(|scopes| scopes.iter().map(ToString::to_string).collect()),
        delivery: delivery.as_ref().map(place),
        next: next.map(|(action, reason)| NextDocument {
            action: word(&action),
            reason: word(&reason),
            text: reason.text().to_owned(),
        }),
        purpose: purpose.clone(),
        owners: owners.clone(),
        never_used: token.is_never_used(now),
        check: check.cloned(),
    }
}

fn place(report: &DeliveryReport) -> TokenDelivery {
    TokenDelivery {
        place: report.place.to_string(),
        state: word(&report.state),
        detail: report.detail.clone(),
    }
}

/// The word that a plan has for a value.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn state(standing: &Standing) -> TokenState {
    match standing {
        Standing::Declared => TokenState::Declared,
        Standing::Issuer => TokenState::Issuer,
        Standing::Retiring { .. } => TokenState::Retiring,
        Standing::Undeclared => TokenState::Undeclared,
        Standing::MayBeIssuer => TokenState::MayBeIssuer,
        Standing::OfSailPoint => TokenState::SailPoint,
        Standing::Missing(_) => TokenState::Missing,
        Standing::Unread { .. } => TokenState::Unread,
    }
}
