//! A saved plan: what `plan --save FILE` writes and `apply --plan FILE` takes.
//!
//! The file holds the plan, what it is bound to (tenant, spec, tool version,
//! selection, allowances), an id, and a digest over all of it. The digest shows
//! that the file is as it was written. It is no signature: whoever can write
//! the file can write a fitting digest, too, so who may replace a saved plan
//! between approval and apply is decided by where it is kept. What a forged
//! file could do is bounded, because the plan is never carried out from the
//! file: at apply it is made anew from spec and tenant, and may only be a part
//! of the saved one.

pub(crate) mod approval;
mod difference;
mod refusal;
mod used;

use super::plan::PlanDocument;
use crate::failure::Failure;
use crate::whole_file::{self, Readers};
use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use model::{Digest, Plan};
use planner::{Allowances, Pattern, Selection};
use refusal::Refusal;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The version of the file's form. It changes when a reader would have to.
pub(crate) const FORMAT_VERSION: u32 = 1;
/// What tells the file from others.
const WHAT: &str = "saved plan";
/// The key of the digest, which does not count itself.
const DIGEST: &str = "digest";

/// A plan that was saved to be applied once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SavedPlan {
    /// What this is: `saved plan`.
    pub(crate) steersman: String,
    /// The version of this form, 1.
    pub(crate) format_version: u32,
    /// What tells this saved plan from every other.
    pub(crate) id: String,
    /// The tenant that it is for: its API address, or the file of a simulated one.
    pub(crate) tenant: String,
    /// The paths that the spec was read from. They are read again at apply
    /// where no others are given; what counts is `plan.specDigest`.
    #[schemars(with = "Vec<String>")]
    pub(crate) paths: Vec<Utf8PathBuf>,
    /// What the plan was cut to.
    pub(crate) selection: SavedSelection,
    /// How many of what may pass a guard, as said when the plan was made.
    pub(crate) allowances: BTreeMap<String, u64>,
    /// The plan.
    pub(crate) plan: PlanDocument,
}

/// The words of a selection; all where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SavedSelection {
    /// What is selected.
    pub(crate) only: Vec<String>,
    /// What is left out of that.
    pub(crate) except: Vec<String>,
}

impl SavedPlan {
    /// A plan with all that it is bound to.
    pub(crate) fn new(
        plan: &Plan,
        tenant: &str,
        paths: &[Utf8PathBuf],
        selection: &Selection,
        allowances: &[(String, u64)],
    ) -> Self {
        let words = |patterns: &[Pattern]| patterns.iter().map(ToString::to_string).collect();
        let plan = PlanDocument::of(plan);
        let now = Timestamp::now();
        let id = Digest::of(&(now.as_nanosecond().to_string(), std::process::id(), &plan));
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

    /// Writes the file, readable by its owner only, whole or not at all.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(crate) fn write(&self, path: &Utf8Path) -> Result<(), Failure> {
        let text = self.text().map_err(|error| Failure::Internal {
            message: "cannot write the plan as JSON".to_owned(),
            source: Box::new(error),
        })?;
        whole_file::write(path, text.as_bytes(), Readers::Owner)?;
        // The mark of an earlier plan at the same place is not about this one.
        used::clear(path)
    }

    /// Reads a file and sees that it is what was written, by this version.
    ///
    /// # Errors
    /// A file that cannot be read, or is damaged, edited, of another format or
    /// version, or no saved plan at all.
    pub(crate) fn read(path: &Utf8Path) -> Result<Self, Failure> {
        let bytes = fs_err::read(path).map_err(|error| Failure::File {
            message: format!("cannot read the saved plan {path}"),
            help: Some("write one with `steersman plan --save FILE`".to_owned()),
            source: Some(Box::new(error)),
        })?;
        Self::parse(&bytes).map_err(|refusal| refusal.of(path))
    }

    /// The selection that the plan was cut to.
    ///
    /// # Errors
    /// Words that this version does not understand.
    pub(crate) fn selection(&self) -> Result<Selection, Failure> {
        let parse = |words: &[String]| -> Result<Vec<Pattern>, Failure> {
            words
                .iter()
                .map(|word| {
                    word.parse()
                        .map_err(|error: planner::PatternError| Failure::Stale {
                            message: format!("the saved plan selects what cannot be read: {error}"),
                            items: Vec::new(),
                        })
                })
                .collect()
        };
        let SavedSelection { only, except } = &self.selection;
        Ok(Selection::new(parse(only)?, parse(except)?))
    }

    /// What may pass the guards.
    pub(crate) fn allowances(&self) -> Allowances {
        let mut allowances = Allowances::default();
        for (guard, count) in &self.allowances {
            allowances.allow(guard.clone(), *count);
        }
        allowances
    }

    /// When the plan was made, by the tenant's clock.
    ///
    /// # Errors
    /// A time that cannot be read.
    pub(crate) fn created_at(&self) -> Result<Timestamp, Failure> {
        let text = &self.plan.created_at;
        text.parse().map_err(|_| Failure::Stale {
            message: format!("the saved plan has no time that can be read: `{text}`"),
            items: Vec::new(),
        })
    }

    /// The JSON Schema of the file.
    pub(crate) fn schema() -> schemars::Schema {
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

    fn text(&self) -> Result<String, serde_json::Error> {
        let mut value = serde_json::to_value(self)?;
        let digest = Digest::of(&value);
        if let Value::Object(keys) = &mut value {
            keys.insert(DIGEST.to_owned(), digest.as_str().into());
        }
        let mut text = serde_json::to_string_pretty(&value)?;
        text.push('\n');
        Ok(text)
    }

    fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let mut value: Value =
            serde_json::from_slice(bytes).map_err(|error| Refusal::Damaged(error.to_string()))?;
        let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
        if text("/steersman") != Some(WHAT) {
            let is_document = text("/tool/name") == Some("steersman");
            return Err(if is_document {
                Refusal::ForReading
            } else {
                Refusal::Foreign
            });
        }
        // Another version may count its digest otherwise, so versions come first.
        let format = value.get("formatVersion").cloned().unwrap_or_default();
        if format != FORMAT_VERSION {
            return Err(Refusal::Format(format.to_string()));
        }
        let this = env!("CARGO_PKG_VERSION");
        if text("/plan/tool/version") != Some(this) {
            let version = text("/plan/tool/version").unwrap_or("another version");
            return Err(Refusal::Version(version.to_owned()));
        }
        let said = value
            .as_object_mut()
            // What is left keeps its order, which counts.
            .and_then(|keys| keys.shift_remove(DIGEST));
        if said.as_ref().and_then(Value::as_str) != Some(Digest::of(&value).as_str()) {
            return Err(Refusal::Edited);
        }
        serde_json::from_value(value).map_err(|error| Refusal::Damaged(error.to_string()))
    }
}

#[cfg(test)]
mod tests;
