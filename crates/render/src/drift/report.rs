//! The drift report as a document: form and JSON Schema.

use crate::apply_report::{Commit, TrafficDocument};
use crate::error::RenderError;
use crate::gate::json_text;
use crate::holding_document::HoldingDocument;
use crate::plan_document::{BlockedDocument, Tool};
use model::visible;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The version of the format. It changes when a reader would have to.
pub(crate) const FORMAT_VERSION: u32 = 1;

/// What differs between the files and the tenant, and which of the two moved. Secrets are
/// never part of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DriftReport {
    /// The version of this format, 1.
    pub format_version: u32,
    /// The program that compared.
    pub tool: Tool,
    /// The tenant: its API address, or that it is simulated.
    pub tenant: String,
    /// Who read the tenant: the user or API client of the access token.
    pub user: String,
    /// A digest of the desired state.
    pub spec_digest: String,
    /// The Git commit of the spec.
    pub commit: Commit,
    /// When the tenant was read, by its clock, in RFC 3339.
    pub observed_at: String,
    /// How long the command took.
    pub seconds: f64,
    /// What was sent to the tenant.
    pub requests: TrafficDocument,
    /// The record that the causes come from.
    pub record: RecordUse,
    /// Whether the tenant was read completely.
    pub reading: Reading,
    /// The exit code of the program.
    pub exit_code: u8,
    /// The counts.
    pub summary: DriftSummary,
    /// The names of the declared accounts that the report names, by id.
    #[serde(default)]
    pub account_names: BTreeMap<String, String>,
    /// The drifts, in the order of a plan.
    pub drifts: Vec<Drift>,
    /// Drifts of the record that are gone.
    pub resolved: Vec<Resolved>,
    /// What became due with time, and the next apply does: neither side moved.
    pub due: Vec<Due>,
    /// What exists in a managed place and no file declares.
    pub unmanaged: Vec<UnmanagedObject>,
    /// The tokens that expire soon, the next one first.
    pub expiring: Vec<Expiring>,
    /// What is blocked, and who can act.
    pub blocked: Vec<BlockedDocument>,
    /// All tokens of managed accounts, by days left.
    pub tokens_by_days_left: Vec<TokensLeft>,
}

/// The record that the causes of drifts come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    tag = "state",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum RecordUse {
    /// No record was given: no cause is known.
    None,
    /// The file did not exist: no cause is known yet, and the next run knows them.
    First {
        /// The file.
        file: String,
    },
    /// It was compared with.
    Compared {
        /// The file.
        file: String,
        /// When it was written, in RFC 3339.
        written_at: String,
    },
}

/// Whether the tenant was read completely.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    tag = "state",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Reading {
    /// Completely.
    Complete,
    /// In part: what is missing here is not known to be as declared.
    Incomplete {
        /// Why, by collection.
        collections: BTreeMap<String, String>,
    },
}

/// The counts of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DriftSummary {
    /// The drifts.
    pub drifts: usize,
    /// Those that count for the exit code (`--cause`).
    pub counted: usize,
    /// Those that the record does not have.
    pub new: usize,
    /// How many drifts each cause has; all four are there.
    pub by_cause: BTreeMap<Cause, usize>,
    /// How many drifts each kind of object has, such as `levels`.
    pub by_object: BTreeMap<String, usize>,
    /// Drifts of the record that are gone.
    pub resolved: usize,
    /// What became due with time.
    pub due: usize,
    /// Objects that no file declares.
    pub unmanaged: usize,
    /// Tokens that expire soon.
    pub expiring: usize,
    /// Blocked objects.
    pub blocked: usize,
}

/// One difference of one field of one object, or the object itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Drift {
    /// A digest of address, field, kind and cause: the same in every run in which the
    /// drift is there.
    pub id: String,
    /// The object, such as `levels/SA-001`.
    pub address: String,
    /// The first part of the address.
    pub object: String,
    /// How it differs.
    pub kind: DriftKind,
    /// Which field differs; null for the object as a whole.
    pub field: Option<String>,
    /// Which side moved since the two last agreed.
    pub cause: Cause,
    /// The declared value; null where nothing is declared.
    pub declared: Option<Value>,
    /// The observed value; null where there is none.
    pub live: Option<Value>,
    /// Why it is a difference.
    pub reason: String,
    /// Why apply cannot reconcile it now; null where it can.
    pub blocked: Option<String>,
    /// When a run first saw it, in RFC 3339, by the tenant's clock.
    pub since: String,
    /// Whether the record does not have it.
    pub is_new: bool,
    /// Whether it counts for the exit code.
    pub counts: bool,
    /// Who did it, with `--who`; null without.
    pub who: Option<WhoDid>,
}

/// How an object differs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum DriftKind {
    /// It is declared, and the tenant does not have it.
    Missing,
    /// A field differs.
    Differs,
    /// The tenant has it, and apply would delete it, because no file declares it.
    Extra,
    /// Something has to be run, such as identity processing or an invitation.
    Pending,
}

/// Which side moved since files and tenant last agreed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum Cause {
    /// The tenant.
    Tenant,
    /// The files.
    Git,
    /// Both.
    Both,
    /// Not known: no record says when they last agreed.
    Unknown,
}

/// A drift of the record that is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Resolved {
    /// The id that it had.
    pub id: String,
    /// The object.
    pub address: String,
    /// The field; null for the object as a whole.
    pub field: Option<String>,
    /// When a run first saw it, in RFC 3339.
    pub since: String,
}

/// What became due with time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Due {
    /// The object.
    pub address: String,
    /// What is due.
    pub reason: String,
}

/// An object in a managed place that no file declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnmanagedObject {
    /// The address that it would have if it were declared.
    pub address: String,
    /// Its name.
    pub name: String,
    /// The source it is on, for an account.
    pub source: Option<String>,
    /// Whether it is not in the record, and so new since; false without a record.
    pub is_new: bool,
    /// The access that an account's identity still has; null for a token, and where a
    /// declared account has the same identity.
    #[serde(default)]
    pub holds: Option<HoldingDocument>,
    /// What to do about an account that may still have access; null otherwise.
    #[serde(default)]
    pub remedy: Option<String>,
}

impl UnmanagedObject {
    /// Its name, and what it still holds.
    pub(super) fn in_words(&self) -> String {
        match &self.holds {
            Some(holding) => visible(&format!("{}: {}", self.name, holding.summary)),
            None => visible(&self.name),
        }
    }
}

/// A token that expires soon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Expiring {
    /// The token, such as `token/SA-001/report`.
    pub address: String,
    /// The name of its account.
    pub account: String,
    /// When it expires, in RFC 3339.
    pub expires: String,
    /// The whole days until then; negative for one that has expired.
    pub days_left: i64,
    /// Whether a later apply replaces it before then (`rotate`).
    pub rotates: bool,
}

/// The tokens with at most this number of days left, and more than in the entry before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokensLeft {
    /// The days: 0 for expired ones; null for more than the last number, or no end.
    pub days: Option<i64>,
    /// How many tokens.
    pub tokens: usize,
}

/// What the tenant's audit events say about who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    tag = "state",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum WhoDid {
    /// One event fits.
    Found {
        /// The event.
        event: AuditEvent,
    },
    /// Several events fit, the latest first; which of them did it is not known.
    Candidates {
        /// The events.
        events: Vec<AuditEvent>,
        /// How many more there are than listed.
        more: usize,
    },
    /// It is not known.
    NotKnown {
        /// Why.
        why: String,
    },
}

/// An audit event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEvent {
    /// When it happened, as ISC writes it.
    pub at: String,
    /// Who did it, as ISC names the actor; null where ISC does not.
    pub actor: Option<String>,
    /// What was done, such as `Update User Capability`.
    pub what: String,
    /// To what, as ISC names the target; null where ISC does not.
    pub target: Option<String>,
    /// ISC's tracking number; null where ISC has none.
    pub tracking: Option<String>,
}

impl DriftReport {
    /// The document as JSON.
    ///
    /// # Errors
    /// None that is known: keys are texts, and numbers are finite.
    pub fn text(&self) -> Result<String, RenderError> {
        let mut text = json_text(self).map_err(|source| RenderError::Json {
            what: "the drift report",
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
        schema.insert("title".to_owned(), "steersman drift report".into());
        schema
    }
}

impl Cause {
    /// All causes, in the order of a summary.
    pub const ALL: [Self; 4] = [Self::Tenant, Self::Git, Self::Both, Self::Unknown];

    /// The cause as a person reads it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Tenant => "the tenant changed",
            Self::Git => "the files changed",
            Self::Both => "files and tenant changed",
            Self::Unknown => "cause unknown",
        }
    }

    /// The name of the cause, as in JSON and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Git => "git",
            Self::Both => "both",
            Self::Unknown => "unknown",
        }
    }
}

impl DriftKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Missing, Self::Differs, Self::Extra, Self::Pending];

    /// How an object differs, from the side of the tenant, as a person reads it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Missing => "is missing",
            Self::Differs => "differs",
            Self::Extra => "is not declared",
            Self::Pending => "must be run",
        }
    }

    /// The name of the kind, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Differs => "differs",
            Self::Extra => "extra",
            Self::Pending => "pending",
        }
    }
}
