//! Lays out an adopted spec in one file or one file per attribute value.

use crate::comment::comment;
use model::AccountAttribute;
use std::collections::{BTreeMap, BTreeSet};

/// The file with the source and the settings of every account.
pub const MAIN: &str = "steersman.yaml";

/// How the accounts are distributed over files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    /// All in [`MAIN`].
    OneFile,
    /// One file for each value of this attribute.
    By(AccountAttribute),
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptedFile {
    /// Its name, without a folder.
    pub name: String,
    /// Its contents.
    pub text: String,
}

/// The contents of the files, each item as YAML.
pub(crate) struct Contents {
    /// Comments at the top.
    pub(crate) about: Vec<String>,
    /// The source with its comments.
    pub(crate) source: String,
    /// The accounts with their comments, each with the attribute value that
    /// decides its file.
    pub(crate) accounts: Vec<(Option<String>, String)>,
    /// Comments on accounts that are not declared.
    pub(crate) left_out: Vec<String>,
}

const SCHEMA: &str = "# yaml-language-server: $schema=./schemas/steersman.schema.json\n";

const STORES: &str = "
# ISC does not return the secret of an existing token. steersman stores a secret
# here when it recreates or rotates the token.
stores:
  local:
    directory: .steersman/secrets

defaults:
  issuer: {store: local, key: \"{account}/issuer\"}
  token:
    deliver: {store: local, key: \"{account}/{token}\"}
    # rotate: {before: 14d, overlap: 24h}   # replaces tokens before they expire
";

/// A spec with one source and at most one account, for a trial.
pub(crate) fn bare(source: &str, account: Option<&str>) -> String {
    let mut text = format!("steersman: v1\nsources:\n{source}{STORES}");
    if let Some(account) = account {
        text.push_str("\nserviceAccounts:\n");
        text.push_str(account);
    }
    text
}

/// The files, the main one first.
pub(crate) fn files(contents: &Contents, layout: &Layout) -> Vec<AdoptedFile> {
    match layout {
        Layout::OneFile => {
            let accounts: Vec<&str> = contents
                .accounts
                .iter()
                .map(|(_, account)| account.as_str())
                .collect();
            vec![AdoptedFile {
                name: MAIN.to_owned(),
                text: main_file(contents, &accounts),
            }]
        }
        Layout::By(attribute) => {
            let mut groups: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
            for (value, account) in &contents.accounts {
                groups.entry(value.as_deref()).or_default().push(account);
            }
            let mut taken = BTreeSet::from([MAIN.to_owned()]);
            let mut files = vec![AdoptedFile {
                name: MAIN.to_owned(),
                text: main_file(contents, &[]),
            }];
            for (value, accounts) in groups {
                let (stem, about) = match value {
                    Some(value) => (
                        safe(value),
                        format!("Accounts whose {attribute} is {value}."),
                    ),
                    None => (
                        format!("without-{}", safe(attribute.as_str())),
                        format!("Accounts without a {attribute}."),
                    ),
                };
                let mut text = format!("{SCHEMA}#\n{}steersman: v1\n", comment(0, &about));
                push_accounts(&mut text, &accounts);
                files.push(AdoptedFile {
                    name: free(&stem, &mut taken),
                    text,
                });
            }
            files
        }
    }
}

fn main_file(contents: &Contents, accounts: &[&str]) -> String {
    let mut text = format!("{SCHEMA}#\n");
    for about in &contents.about {
        text.push_str(&comment(0, about));
    }
    text.push_str("steersman: v1\n\nsources:\n");
    text.push_str(&contents.source);
    text.push_str(STORES);
    push_accounts(&mut text, accounts);
    if !contents.left_out.is_empty() {
        text.push_str("\n# Not declared, and left unchanged:\n");
        for line in &contents.left_out {
            text.push_str(&comment(0, &format!("- {line}")));
        }
    }
    text
}

fn push_accounts(text: &mut String, accounts: &[&str]) {
    if accounts.is_empty() {
        return;
    }
    text.push_str("\nserviceAccounts:\n");
    text.push_str(&accounts.join("\n"));
}

/// A safe file name from a value: letters, digits, `-`, `_` and single dots.
fn safe(value: &str) -> String {
    /// Names that Windows reserves for devices.
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com1", "lpt1"];
    const LONGEST: usize = 60;
    let mut name = String::new();
    for character in value.chars() {
        let kept = character.is_alphanumeric() || matches!(character, '-' | '_');
        if kept || (character == '.' && !name.ends_with('.')) {
            name.push(character);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    let name: String = name
        .trim_matches(['-', '.'])
        .chars()
        .take(LONGEST)
        .collect();
    if name.is_empty() || DEVICES.contains(&name.to_lowercase().as_str()) {
        format!("accounts-{name}").trim_end_matches('-').to_owned()
    } else {
        name
    }
}

/// The name, with a number where it is taken. Some file systems ignore case.
fn free(stem: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = format!("{stem}.yaml");
    let mut number = 2;
    while !taken.insert(name.to_lowercase()) {
        name = format!("{stem}-{number}.yaml");
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_make_names_of_files() {
        for (value, expected) in [
            ("iam", "iam"),
            ("Identity & Access", "Identity-Access"),
            ("../../etc/passwd", "etc-passwd"),
            ("a/b\\c", "a-b-c"),
            ("Büro 4.2", "Büro-4.2"),
            ("..", "accounts"),
            ("nul", "accounts-nul"),
            ("\u{202e}", "accounts"),
        ] {
            assert_eq!(safe(value), expected, "{value}");
        }
        assert_eq!(safe(&"x".repeat(300)).len(), 60);
    }

    #[test]
    fn every_value_gets_a_file_of_its_own() {
        let contents = Contents {
            about: Vec::new(),
            source: String::new(),
            accounts: [
                Some("iam"),
                Some("IAM"),
                Some("i/am"),
                None,
                Some("steersman"),
            ]
            .into_iter()
            .map(|value| (value.map(str::to_owned), "  - id: x\n".to_owned()))
            .collect(),
            left_out: Vec::new(),
        };
        let names: Vec<String> = files(&contents, &Layout::By("team".into()))
            .into_iter()
            .map(|file| file.name)
            .collect();
        assert_eq!(
            names,
            [
                "steersman.yaml",
                "without-team.yaml",
                "IAM.yaml",
                "i-am.yaml",
                "iam-2.yaml",
                "steersman-2.yaml"
            ]
        );
    }
}
