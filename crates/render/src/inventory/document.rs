//! The inventory as a document: form and JSON Schema.

use crate::error::RenderError;
use crate::gate::json_text;
use crate::token_list::{TokenDocument, TokenState};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The service accounts of the managed sources with what they may do. Secrets are never
/// part of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InventoryDocument {
    /// The version of this format, 1.
    pub format_version: u32,
    /// The version of steersman.
    pub version: String,
    /// The tenant: its API address, or that it is simulated.
    pub tenant: String,
    /// Who made the report, by the access token.
    pub made_by: String,
    /// When the tenant was read, by its own clock, in RFC 3339.
    pub read_at: String,
    /// Whether everything was read.
    pub complete: bool,
    /// The collections with a partial read, and why.
    pub incomplete: BTreeMap<String, String>,
    /// The accounts: those that files declare, then the unmanaged ones.
    pub accounts: Vec<AccountRecord>,
}

/// A service account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountRecord {
    /// The id of the account: in the files, or on the source for an unmanaged one.
    pub account: String,
    /// Its name.
    pub name: String,
    /// Its source.
    pub source: String,
    /// The owner of the source, as the files name it; null where they do not.
    pub source_owner: Option<String>,
    /// Whether a file declares it.
    pub management: Management,
    /// What it is for; null where it is not known.
    pub purpose: Option<String>,
    /// Its mailbox; null where it is not known.
    pub email: Option<String>,
    /// The other attributes that the files declare, such as a team.
    pub attributes: BTreeMap<String, String>,
    /// Its identity; null where it has none, or where that was not read.
    pub identity: Option<String>,
    /// When ISC made the account, in RFC 3339; null where that is not known.
    pub since: Option<String>,
    /// The user levels of its identity; null where they were not read.
    pub user_levels: Option<Vec<String>>,
    /// Who approved the user levels; null where no record has it.
    pub levels_approval: Option<Approval>,
    /// Its tokens.
    pub tokens: Vec<TokenRecord>,
}

/// Whether a file declares an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Management {
    /// A file declares it.
    Declared,
    /// It is on a managed source, and no file declares it.
    Unmanaged,
}

/// A token of an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenRecord {
    /// The token, as `token list` has it.
    #[serde(flatten)]
    pub token: TokenDocument,
    /// What it can do; null where that is not known.
    pub allows: Option<TokenAllows>,
    /// Who approved it; null where no record has it.
    pub approval: Option<Approval>,
}

impl TokenRecord {
    /// Whether ISC has the token. One that is missing is declared only, and what was not
    /// read is not known.
    pub(super) fn exists(&self) -> bool {
        !matches!(self.token.state, TokenState::Missing | TokenState::Unread)
    }
}

/// What a token can do, by ISC's description of its operations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenAllows {
    /// How many operations that only read.
    pub reads: usize,
    /// How many operations that change something.
    pub changes: usize,
    /// Its scopes that have no effect at the user levels of its owner.
    pub without_effect: Vec<String>,
}

/// The run that made an object what it is, from its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Approval {
    /// The Git commit; null where it is not known.
    pub commit: Option<String>,
    /// Who applied it.
    pub applied_by: String,
    /// When the run began, in RFC 3339.
    pub at: String,
}

impl InventoryDocument {
    /// The document as indented JSON.
    ///
    /// # Errors
    /// None that is known.
    pub fn text(&self) -> Result<String, RenderError> {
        json_text(self).map_err(|source| RenderError::Json {
            what: "the report",
            source,
        })
    }

    /// The JSON Schema of the document.
    pub fn schema() -> schemars::Schema {
        let mut schema = SchemaSettings::draft07()
            .into_generator()
            .into_root_schema_for::<Self>();
        schema.insert("title".to_owned(), "steersman report".into());
        schema
    }
}
