//! The answer of `doctor` as a document: form and JSON Schema.

use super::access::AccessDocument;
use crate::error::RenderError;
use crate::gate::json_text;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};

/// The version of the format. It changes when a reader would have to.
const FORMAT_VERSION: u32 = 1;

/// What `doctor --format json` prints. Secrets are never part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DoctorDocument {
    /// The version of this format, 1.
    pub format_version: u32,
    /// The tenant; null where no address is known.
    pub tenant: Option<String>,
    /// What the credential is to be used for.
    pub purpose: Purpose,
    /// The exit code of the command.
    pub exit_code: u8,
    /// The checks, in order. A check that rests on a failed one is `notChecked`.
    pub checks: Vec<Check>,
    /// The least access that the spec needs; null where the files could not be read.
    pub access: Option<AccessDocument>,
}

/// What a credential is to be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// To plan.
    Plan,
    /// To plan and apply.
    Apply,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// What is checked.
    pub name: CheckName,
    /// How it came out.
    pub state: CheckState,
    /// What was tried.
    pub tried: String,
    /// What was found; for `notChecked`, why it was not checked.
    pub found: String,
    /// What to do; null where there is nothing to do.
    pub help: Option<String>,
}

/// How a check came out.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum CheckState {
    /// It is as it should be.
    Ok,
    /// It works now, and needs attention.
    Warning,
    /// It does not work.
    Failed,
    /// It was not checked, so it is not known.
    NotChecked,
}

impl CheckState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Ok, Self::Warning, Self::Failed, Self::NotChecked];
}

/// What is checked, in the order of the checks.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum CheckName {
    /// The files of the spec.
    Files,
    /// The variables with address and credential.
    Variables,
    /// The address of the tenant.
    Address,
    /// The certificate authorities of `--ca-file`.
    Authorities,
    /// The proxy.
    Proxy,
    /// The name of the host.
    Dns,
    /// The connection to the host.
    Connection,
    /// The TLS connection and its certificate.
    Tls,
    /// Whether the host is that of a tenant.
    Tenant,
    /// The clock of this machine.
    Clock,
    /// Signing in.
    SignIn,
    /// Whether the credential is a personal access token.
    Client,
    /// Whose it is.
    Owner,
    /// When it expires.
    Expiry,
    /// The scopes to plan.
    PlanScopes,
    /// The user levels to plan.
    PlanLevels,
    /// The scopes to apply.
    ApplyScopes,
    /// The user levels to apply.
    ApplyLevels,
    /// The reads of a plan, tried at the tenant.
    Reads,
    /// Scopes that are not needed.
    Excess,
    /// The stores.
    Stores,
    /// The share of the rate limit.
    RateLimit,
}

impl CheckName {
    /// All of them, in order.
    pub const ALL: [Self; 22] = [
        Self::Files,
        Self::Variables,
        Self::Address,
        Self::Authorities,
        Self::Proxy,
        Self::Dns,
        Self::Connection,
        Self::Tls,
        Self::Tenant,
        Self::Clock,
        Self::SignIn,
        Self::Client,
        Self::Owner,
        Self::Expiry,
        Self::PlanScopes,
        Self::PlanLevels,
        Self::ApplyScopes,
        Self::ApplyLevels,
        Self::Reads,
        Self::Excess,
        Self::Stores,
        Self::RateLimit,
    ];

    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Variables => "variables",
            Self::Address => "address",
            Self::Authorities => "authorities",
            Self::Proxy => "proxy",
            Self::Dns => "DNS",
            Self::Connection => "connection",
            Self::Tls => "TLS",
            Self::Tenant => "tenant",
            Self::Clock => "clock",
            Self::SignIn => "sign-in",
            Self::Client => "client",
            Self::Owner => "owner",
            Self::Expiry => "expiry",
            Self::PlanScopes => "plan: scopes",
            Self::PlanLevels => "plan: user levels",
            Self::ApplyScopes => "apply: scopes",
            Self::ApplyLevels => "apply: user levels",
            Self::Reads => "reads",
            Self::Excess => "least privilege",
            Self::Stores => "stores",
            Self::RateLimit => "rate limit",
        }
    }
}

impl DoctorDocument {
    /// The document of these checks.
    pub fn new(
        tenant: Option<String>,
        purpose: Purpose,
        exit_code: u8,
        checks: Vec<Check>,
        access: Option<AccessDocument>,
    ) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            tenant,
            purpose,
            exit_code,
            checks,
            access,
        }
    }

    /// The document as indented JSON.
    ///
    /// # Errors
    /// None that is known.
    pub fn text(&self) -> Result<String, RenderError> {
        json_text(self).map_err(|source| RenderError::Json {
            what: "the checks",
            source,
        })
    }

    /// The JSON Schema of the document.
    pub fn schema() -> schemars::Schema {
        let mut schema = SchemaSettings::draft07()
            .into_generator()
            .into_root_schema_for::<Self>();
        schema.insert("title".to_owned(), "steersman doctor".into());
        schema
    }
}
