//! The saved plan as a document: form, digest, JSON Schema.

use super::compact::Members;
use super::error::SavedPlanError;
use crate::error::RenderError;
use crate::gate::json_text;
use crate::plan_document::PlanDocument;
use crate::secret_place::secret_place;
use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use model::{Digest, Plan, Redactor};
use planner::{Pattern, Selection};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The version of the file's form. It changes when a reader would have to.
const FORMAT_VERSION: u32 = 2;
/// The value of `steersman` in the file.
const WHAT: &str = "saved plan";
/// The key of the digest, which does not count itself.
const DIGEST: &str = "digest";

/// A plan that was saved to be applied once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SavedPlan {
    /// What this is: `saved plan`.
    pub steersman: String,
    /// The version of this form, 2.
    pub format_version: u32,
    /// The id of this saved plan.
    pub id: String,
    /// The tenant that it is for: its API address, or the file of a simulated one.
    pub tenant: String,
    /// The paths that the spec was read from. Apply reads those that are given beside
    /// the file, and refuses a file that records others.
    #[schemars(with = "Vec<String>")]
    pub paths: Vec<Utf8PathBuf>,
    /// The selection of the plan; the same has to be given to apply.
    pub selection: SavedSelection,
    /// The counts that guards allow; the same have to be given to apply.
    pub allowances: BTreeMap<String, u64>,
    /// The plan.
    pub plan: PlanDocument,
}

/// A selection; everything where it is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SavedSelection {
    /// The patterns of `--only`.
    pub only: Vec<String>,
    /// The patterns of `--except`.
    pub except: Vec<String>,
}

/// What a saved plan is bound to, beside spec and program version.
#[derive(Clone, Copy, Debug)]
pub struct Binding<'a> {
    /// The tenant's API address, or the file of a simulated one.
    pub tenant: &'a str,
    /// The paths that the spec was read from.
    pub paths: &'a [Utf8PathBuf],
    /// The selection of the plan.
    pub selection: &'a Selection,
    /// The counts that guards allow.
    pub allowances: &'a [(String, u64)],
}

impl SavedPlan {
    /// A plan with all that it is bound to. `saved_by` is the time and the process
    /// id, which make the plan's id unlike every other.
    pub fn new(plan: &Plan, binding: Binding<'_>, saved_by: (Timestamp, u32)) -> Self {
        let words = |patterns: &[Pattern]| patterns.iter().map(ToString::to_string).collect();
        let Binding {
            tenant,
            paths,
            selection,
            allowances,
        } = binding;
        let (now, process) = saved_by;
        let plan = PlanDocument::of(plan);
        let id = Digest::of(&(now.as_nanosecond().to_string(), process, &plan));
        Self {
            steersman: WHAT.to_owned(),
            format_version: FORMAT_VERSION,
            id: id.as_str().chars().take(32).collect(),
            tenant: tenant.to_owned(),
            paths: paths.to_vec(),
            selection: SavedSelection {
                only: words(selection.only()),
                except: words(selection.except()),
            },
            allowances: allowances.iter().cloned().collect(),
            plan,
        }
    }

    /// Reads the content of a file and checks that it is what this version wrote. The
    /// result takes about eight times the size of the file; [`super::Approval`] takes no
    /// more than the file.
    ///
    /// # Errors
    /// Content that is damaged, edited, of another format or version, or no saved
    /// plan at all.
    pub fn parse(path: &Utf8Path, bytes: &[u8]) -> Result<Self, SavedPlanError> {
        let content = Self::content(path, bytes)?;
        serde_json::from_slice(&content).map_err(|error| SavedPlanError::Damaged {
            path: path.to_owned(),
            cause: error.to_string(),
        })
    }

    /// The content of a file as compact JSON without its digest, which was checked.
    ///
    /// # Errors
    /// The same.
    pub(super) fn content(path: &Utf8Path, bytes: &[u8]) -> Result<Vec<u8>, SavedPlanError> {
        let damaged = |error: serde_json::Error| SavedPlanError::Damaged {
            path: path.to_owned(),
            cause: error.to_string(),
        };
        let json: &RawValue = serde_json::from_slice(bytes).map_err(damaged)?;
        let foreign = || SavedPlanError::Foreign {
            path: path.to_owned(),
        };
        if !json.get().starts_with('{') {
            return Err(foreign());
        }
        let file: Members<'_> = serde_json::from_str(json.get()).map_err(damaged)?;
        if file.text("steersman").as_deref() != Some(WHAT) {
            let tool = file.below("tool").and_then(|tool| tool.text("name"));
            return Err(if tool.as_deref() == Some("steersman") {
                SavedPlanError::PlanDocument {
                    path: path.to_owned(),
                }
            } else {
                foreign()
            });
        }
        // Another version may count its digest otherwise, so versions come first.
        let format = file.get("formatVersion").map_or("null", RawValue::get);
        if format != FORMAT_VERSION.to_string() {
            return Err(SavedPlanError::Format {
                path: path.to_owned(),
                format: format.to_owned(),
                readable: FORMAT_VERSION,
            });
        }
        let tool = file.below("plan").and_then(|plan| plan.below("tool"));
        let version = tool.and_then(|tool| tool.text("version"));
        if version.as_deref() != Some(env!("CARGO_PKG_VERSION")) {
            return Err(SavedPlanError::Version {
                path: path.to_owned(),
                version: version.unwrap_or_else(|| "another version".to_owned()),
            });
        }
        let content = file.without(DIGEST).map_err(damaged)?;
        if file.text(DIGEST).as_deref() != Some(Digest::of_bytes(&content).as_str()) {
            return Err(SavedPlanError::Edited {
                path: path.to_owned(),
            });
        }
        Ok(content)
    }

    /// The content of the file: the plan as JSON with its digest.
    ///
    /// # Errors
    /// None that is known: keys are texts, and numbers are finite.
    pub fn text(&self) -> Result<String, RenderError> {
        self.sealed().map_err(|source| RenderError::Json {
            what: "the saved plan",
            source,
        })
    }

    /// Where in the file a secret is, for messages: the first key or value that has one,
    /// such as `plan.steps[2].before.name`. The place itself has none.
    ///
    /// # Errors
    /// None that is known: keys are texts, and numbers are finite.
    pub fn place_of_secret(&self, redactor: &Redactor) -> Result<String, RenderError> {
        let is_secret = |text: &str| matches!(redactor.redact(text), Cow::Owned(_));
        let place = secret_place(self, is_secret)?;
        Ok(place.map_or_else(
            || "it".to_owned(),
            |place| redactor.redact(&place).into_owned(),
        ))
    }

    /// The JSON Schema of the file.
    pub fn schema() -> schemars::Schema {
        let mut schema = SchemaSettings::draft07()
            .into_generator()
            .into_root_schema_for::<Self>();
        schema.insert("title".to_owned(), "steersman saved plan".into());
        let digest = serde_json::json!({
            "type": "string",
            "description": "The SHA-256 digest of all other keys.",
        });
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            properties.insert(DIGEST.to_owned(), digest);
        }
        if let Some(Value::Array(required)) = schema.get_mut("required") {
            required.push(DIGEST.into());
        }
        schema
    }

    fn sealed(&self) -> Result<String, serde_json::Error> {
        let mut value = serde_json::to_value(self)?;
        let digest = Digest::of(&value);
        if let Value::Object(keys) = &mut value {
            keys.insert(DIGEST.to_owned(), digest.as_str().into());
        }
        let mut text = json_text(&value)?;
        text.push('\n');
        Ok(text)
    }
}
