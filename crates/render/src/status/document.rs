//! The status as a document, for programs.
//!
//! Its JSON Schema is `schemas/status.schema.json`. Within a format version keys are only
//! added.

use super::report::{Expiring, Group, Report, Row};
use super::text::named;
use crate::error::RenderError;
use crate::gate::json_text;
use crate::plan_document::UnmanagedDocument;
use crate::view::waiting::HumanStep;
use model::Stage;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the format.
const FORMAT_VERSION: u32 = 1;

/// How far the declared accounts are, and who has to do what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusDocument {
    /// The version of this format, 1.
    format_version: u32,
    /// The tenant.
    tenant: String,
    /// The user or API client of the access token.
    user: String,
    /// When the tenant was read, by its clock, in RFC 3339.
    at: String,
    /// Whether everything was read.
    complete: bool,
    /// How many accounts there are of each stage; of all, also where `only` cuts the lists.
    stages: BTreeMap<String, usize>,
    /// The stages that `groups` and `accounts` are cut to; all if empty.
    only: Vec<String>,
    /// The accounts that are not as declared, by their next action.
    groups: Vec<GroupDocument>,
    /// The accounts.
    accounts: Vec<RowDocument>,
    /// The tokens that expire soon; null where they were not read.
    expiring: Option<ExpiringDocument>,
    /// How many declared secrets each store has in which state, as text.
    stores: BTreeMap<String, String>,
    /// Secrets that are not where they should be, and tokens that no file declares or that
    /// nothing uses.
    notes: Vec<String>,
    /// What is in the tenant and in no file: accounts, such as those that left the files, and
    /// tokens of declared accounts. The notes say the same as text.
    unmanaged: Vec<UnmanagedDocument>,
    /// The collections with a partial read, and why.
    incomplete: BTreeMap<String, String>,
}

/// Accounts with the same next action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct GroupDocument {
    /// Who acts: `account holder`, `ISC admin`, `operator` or `the next apply`.
    who: String,
    /// The one next action; `ACCOUNT` is the name of each account.
    next: String,
    /// How a person does it, step by step; empty where the next apply goes on.
    steps: Vec<StepOfPerson>,
    /// What is wrong, where the steps do not show it.
    why: Option<String>,
    /// The keys of the accounts.
    accounts: Vec<String>,
}

/// One action of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct StepOfPerson {
    /// The role of the person.
    who: String,
    /// What to do.
    what: String,
}

/// A declared account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct RowDocument {
    /// Its name in addresses.
    key: String,
    /// Its name.
    name: String,
    /// Its source.
    source: String,
    /// `absent`, `imported`, `identified`, `invited`, `registered`, `enrolled`
    /// or `ready`; null where that could not be read.
    stage: Option<String>,
    /// The next action, after who acts; null where the account is as declared.
    next: Option<String>,
    /// Until when, in RFC 3339; null where something is blocked already.
    by: Option<String>,
}

/// The tokens that expire within a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ExpiringDocument {
    /// Within how many seconds.
    within_seconds: i64,
    /// The tokens, the first to expire first. Those that have expired are among them.
    tokens: Vec<TokenDocument>,
}

/// A token that expires soon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct TokenDocument {
    /// The key of its account.
    account: String,
    /// The name of its account.
    account_name: String,
    /// Its name, or `issuer`.
    token: String,
    /// When it expires, in RFC 3339.
    expires: String,
    /// What the next apply does with it, and why; null where it is left as it is.
    next: Option<String>,
}

impl StatusDocument {
    /// The document of a report.
    pub fn of(report: &Report) -> Self {
        let Report {
            tenant,
            user,
            at,
            only,
            accounts,
            stages,
            groups,
            expiring,
            stores,
            notes,
            unmanaged,
            incomplete,
        } = report;
        Self {
            format_version: FORMAT_VERSION,
            tenant: tenant.clone(),
            user: user.clone(),
            at: at.to_string(),
            complete: incomplete.is_empty(),
            stages: stages
                .iter()
                .map(|(stage, count)| (key(*stage), *count))
                .collect(),
            only: only.iter().map(|stage| key(*stage)).collect(),
            groups: groups.iter().map(|one| group(one, accounts)).collect(),
            accounts: accounts.iter().map(row).collect(),
            expiring: expiring.as_ref().map(expiring_document),
            stores: stores.iter().cloned().collect(),
            notes: notes.clone(),
            unmanaged: unmanaged.clone(),
            incomplete: incomplete.iter().cloned().collect(),
        }
    }

    /// The document as text.
    ///
    /// # Errors
    /// None that is known: writing to memory does not fail.
    pub fn text(&self) -> Result<String, RenderError> {
        json_text(self).map_err(|source| RenderError::Json {
            what: "the status",
            source,
        })
    }

    /// The JSON Schema.
    pub fn schema() -> schemars::Schema {
        let mut schema = SchemaSettings::draft07()
            .into_generator()
            .into_root_schema_for::<Self>();
        schema.insert("title".to_owned(), "steersman status".into());
        schema
    }
}

/// A stage as a key.
fn key(stage: Option<Stage>) -> String {
    match stage {
        Some(_) => named(stage),
        None => "notRead".to_owned(),
    }
}

fn group(group: &Group, accounts: &[Row]) -> GroupDocument {
    let Group {
        who,
        next,
        how,
        accounts: places,
    } = group;
    let steps = how.as_ref().map_or(&[] as &[_], |how| how.steps.as_slice());
    GroupDocument {
        who: (*who).to_owned(),
        next: next.clone(),
        steps: steps
            .iter()
            .map(|HumanStep { who, what }| StepOfPerson {
                who: who.clone(),
                what: what.clone(),
            })
            .collect(),
        why: how.as_ref().and_then(|how| how.why.clone()),
        accounts: places
            .iter()
            .filter_map(|place| accounts.get(*place))
            .map(|row| row.key.clone())
            .collect(),
    }
}

fn row(row: &Row) -> RowDocument {
    let Row {
        key,
        name,
        source,
        stage,
        next,
        by,
    } = row;
    RowDocument {
        key: key.clone(),
        name: name.clone(),
        source: source.clone(),
        stage: stage.map(|stage| stage.to_string()),
        next: next.clone(),
        by: by.map(|by| by.to_string()),
    }
}

fn expiring_document(expiring: &Expiring) -> ExpiringDocument {
    ExpiringDocument {
        within_seconds: expiring.within.as_secs(),
        tokens: expiring
            .tokens
            .iter()
            .map(|token| TokenDocument {
                account: token.account.clone(),
                account_name: token.account_name.clone(),
                token: token.token.clone(),
                expires: token.expires.to_string(),
                next: token.next.clone(),
            })
            .collect(),
    }
}
