//! Store of a plan as data: its kind, folder, readers and programs.
//!
//! Every format shows it: who approves a plan decides where secrets go.

use model::{Readable, ReadyMade, SECRET_VARIABLE, StoreName, StoreSpec};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A store that secrets are delivered to, or read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoreDocument {
    /// Its name in the files.
    pub name: String,
    /// The kind, such as `directory`, `age`, `command` or `vault`.
    pub kind: String,
    /// Whether nothing can read the secrets in it.
    pub write_only: bool,
    /// What names the place in a system of secrets, such as `mount`.
    pub settings: BTreeMap<String, String>,
    /// The folder that it writes to; null for programs.
    pub directory: Option<String>,
    /// The public keys whose owners can read every secret in it, of an age store.
    pub recipients: Vec<String>,
    /// The programs that it runs, with their arguments, by what they do.
    pub programs: BTreeMap<String, Vec<String>>,
    /// The names of the environment variables that those programs get.
    pub environment: Vec<String>,
}

impl StoreDocument {
    /// The document of a declared store.
    pub fn of(name: &StoreName, spec: &StoreSpec) -> Self {
        let empty = Self {
            name: name.to_string(),
            kind: String::new(),
            write_only: spec.readable() == Readable::WriteOnly,
            settings: BTreeMap::new(),
            directory: None,
            recipients: Vec::new(),
            programs: BTreeMap::new(),
            environment: Vec::new(),
        };
        match spec {
            StoreSpec::Directory { path } => Self {
                kind: "directory".to_owned(),
                directory: Some(path.clone()),
                ..empty
            },
            StoreSpec::Age {
                directory,
                recipients,
                // It differs from machine to machine, and only decrypts.
                identity_file: _,
            } => Self {
                kind: "age".to_owned(),
                directory: Some(directory.clone()),
                recipients: recipients.clone(),
                ..empty
            },
            StoreSpec::Command {
                put,
                get,
                delete,
                // It tells only what an answer of `get` means.
                not_found: _,
                environment,
            } => Self {
                kind: "command".to_owned(),
                programs: [
                    ("put", Some(put)),
                    ("get", get.as_ref()),
                    ("delete", delete.as_ref()),
                ]
                .into_iter()
                .filter_map(|(name, program)| Some((name.to_owned(), program?.clone())))
                .collect(),
                environment: environment.iter().cloned().collect(),
                ..empty
            },
            StoreSpec::Environment { prefix } => {
                let gap = if prefix.is_empty() { "" } else { "_" };
                let variables = format!("{SECRET_VARIABLE}{prefix}{gap}*");
                Self {
                    kind: "env".to_owned(),
                    settings: [("variables".to_owned(), variables)].into(),
                    ..empty
                }
            }
            StoreSpec::ReadyMade(ReadyMade {
                kind,
                prefix,
                environment,
            }) => {
                let prefix = Some(("prefix", prefix.as_str())).filter(|(_, text)| !text.is_empty());
                let settings = kind.settings().into_iter().chain(prefix);
                let program = vec![kind.program().to_owned()];
                let own = kind.variables().iter().map(|name| (*name).to_owned());
                Self {
                    kind: kind.name().to_owned(),
                    settings: settings
                        .map(|(name, value)| (name.to_owned(), value.to_owned()))
                        .collect(),
                    programs: [("run".to_owned(), program)].into(),
                    environment: own.chain(environment.iter().cloned()).collect(),
                    ..empty
                }
            }
        }
    }
}
