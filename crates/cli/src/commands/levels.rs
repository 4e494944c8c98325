//! `steersman levels`: user levels and what they allow, offline from the catalog.

use crate::answers::{Format, ShownOperation, did_you_mean, json, operations_text, table};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use catalog::UserLevel;
use clap::Args;
use owo_colors::OwoColorize;
use render::counted;
use serde::Serialize;

/// Show the user levels, or the operations of one level; offline
///
/// Example: `steersman levels REPORT_ADMIN`
#[derive(Debug, Args)]
pub(crate) struct Levels {
    /// User level to show, for example `REPORT_ADMIN`; default: list all
    #[arg(value_name = "LEVEL")]
    level: Option<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl Levels {
    pub(crate) fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let text = match &self.level {
            None => {
                let entries: Vec<Entry> = catalog::level_counts()
                    .map(|(level, count)| Entry::new(level, count))
                    .collect();
                match self.format {
                    Format::Text => list_text(&entries),
                    Format::Json => json(&entries)?,
                }
            }
            Some(id) => {
                let details = Details::new(id)?;
                match self.format {
                    Format::Text => details.text(),
                    Format::Json => json(&details)?,
                }
            }
        };
        output.data(&text);
        Ok(Exit::Done)
    }
}

/// A level in the list of all.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    id: &'static str,
    name: &'static str,
    /// How many operations it allows, beyond those of any user; null where
    /// SailPoint's description names it for no operation.
    operations: Option<u32>,
    /// Levels that one identity cannot hold together with it.
    not_with: Vec<&'static str>,
}

impl Entry {
    fn new(level: &'static UserLevel, operations: Option<u32>) -> Self {
        let others = catalog::user_levels().iter().map(|other| other.id);
        let not_with = others
            .filter(|other| !catalog::may_combine(level.id, other))
            .collect();
        Self {
            id: level.id,
            name: level.name,
            operations,
            not_with,
        }
    }
}

fn list_text(entries: &[Entry]) -> String {
    let mut table = table(&["LEVEL", "NAME", "OPERATIONS", "CONFLICTS WITH"]);
    for entry in entries {
        table.add_row([
            entry.id.to_owned(),
            entry.name.to_owned(),
            entry
                .operations
                .map_or_else(|| "unknown".to_owned(), |count| count.to_string()),
            entry.not_with.join(", "),
        ]);
    }
    let any_user = catalog::operations()
        .iter()
        .filter(|operation| operation.levels.is_empty());
    format!(
        "{}\n\nAny user may call {} without a level. A tenant can have custom levels, which are not listed.",
        table.trim_fmt(),
        counted(any_user.count(), "operation"),
    )
}

/// What a level allows.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    #[serde(flatten)]
    level: Entry,
    allows: Vec<ShownOperation>,
}

impl Details {
    fn new(id: &str) -> Result<Self, Failure> {
        let level = catalog::user_level(id).ok_or_else(|| Failure::Usage {
            message: format!("SailPoint documents no user level \"{id}\""),
            help: did_you_mean(&catalog::suggest_level(id)).unwrap_or_else(|| {
                "run `steersman levels` to see all levels; custom levels of a tenant are not covered".to_owned()
            }),
        })?;
        let operations = catalog::operations_of_level(id);
        let count = operations
            .as_ref()
            .map(|all| u32::try_from(all.len()).unwrap_or(u32::MAX));
        let allows = operations
            .unwrap_or_default()
            .into_iter()
            .map(ShownOperation::new)
            .collect();
        Ok(Self {
            level: Entry::new(level, count),
            allows,
        })
    }

    fn text(&self) -> String {
        let Entry {
            id,
            name,
            operations,
            not_with,
        } = &self.level;
        let title = if id == name {
            id.bold().to_string()
        } else {
            format!("{} ({name})", id.bold())
        };
        let together = match not_with.as_slice() {
            [] => String::new(),
            others => format!("\nconflicts with: {}", others.join(", ")),
        };
        match operations {
            None => format!(
                "{title}: SailPoint's description names it for no operation, so its operations are not known{together}"
            ),
            Some(_) => format!(
                "{title} allows {}, beyond those of any user{together}\n\n{}",
                counted(self.allows.len(), "operation"),
                operations_text(&self.allows),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_in_detail() {
        let value = serde_json::to_value(Details::new("POLICY_ADMIN").unwrap()).unwrap();
        assert_eq!(value["id"], "POLICY_ADMIN");
        assert_eq!(value["operations"], 2);
        assert_eq!(value["allows"].as_array().unwrap().len(), 2);
        let text = Details::new("ROLE_ADMIN").unwrap().text();
        assert!(
            text.contains("conflicts with: ROLE_SUBADMIN, SOURCE_SUBADMIN"),
            "{text}"
        );
        let unknown = Details::new("CLOUD_GOV_USER").unwrap();
        assert_eq!(unknown.level.operations, None);
        assert!(unknown.text().contains("not known"));
    }

    #[test]
    fn an_unknown_level_is_wrong_usage() {
        let failure = Details::new("REPORT_ADMINN").unwrap_err();
        assert_eq!(failure.exit(), Exit::Usage);
    }
}
