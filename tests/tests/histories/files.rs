//! What the files declare, as the histories know it, and the YAML that says so.

use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The source that the simulator has and nobody manages here.
pub(crate) const ELSEWHERE: &str = "Active Directory";

/// All files of a repository.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Files {
    pub(crate) sources: Vec<Source>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) limits: BTreeMap<&'static str, usize>,
    pub(crate) revoke_unmanaged: bool,
}

/// A managed source.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) owner: &'static str,
    pub(crate) description: Option<String>,
    pub(crate) threshold: Option<usize>,
    /// Columns beyond the guide's four.
    pub(crate) columns: Vec<&'static str>,
    pub(crate) delete_unmanaged: bool,
    pub(crate) profile: Option<Profile>,
}

/// An identity profile.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Profile {
    pub(crate) name: String,
    /// Which column feeds the user name.
    pub(crate) uid: &'static str,
    pub(crate) invite: bool,
}

/// An account, on a managed source or elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Account {
    /// None: on the source that is managed elsewhere.
    pub(crate) row: Option<Row>,
    pub(crate) name: String,
    pub(crate) levels: Option<Vec<&'static str>>,
    pub(crate) tokens: Option<Vec<Token>>,
    /// Where the issuer is, and how keys of tokens begin.
    pub(crate) keys: String,
}

/// What only accounts of managed sources say.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) source: String,
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) purpose: String,
    pub(crate) cells: BTreeMap<&'static str, String>,
    pub(crate) earlier_id: Option<String>,
    pub(crate) earlier_name: Option<String>,
}

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) name: &'static str,
    pub(crate) scopes: Vec<&'static str>,
    /// In minutes.
    pub(crate) validity: Option<usize>,
    /// In days; none never expires.
    pub(crate) expires: Option<usize>,
    pub(crate) rotate: Option<Rotate>,
    pub(crate) store: &'static str,
    /// What its key ends with.
    pub(crate) key: String,
}

/// When a token is replaced, and for how long its predecessor lives on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rotate {
    pub(crate) before_days: usize,
    pub(crate) overlap_hours: usize,
}

impl Account {
    /// What it is called on a command line and in addresses.
    pub(crate) fn id(&self) -> &str {
        self.row.as_ref().map_or(&self.name, |row| &row.id)
    }

    /// The name of its source.
    pub(crate) fn source(&self) -> &str {
        self.row.as_ref().map_or(ELSEWHERE, |row| &row.source)
    }

    pub(crate) fn issuer_file(&self) -> String {
        format!("secrets/local/{}/issuer", self.keys)
    }

    pub(crate) fn token_file(&self, token: &Token) -> String {
        format!("secrets/{}/{}/{}", token.store, self.keys, token.key)
    }
}

impl Row {
    /// All cells that the files declare.
    pub(crate) fn declared(&self, name: &str) -> BTreeMap<String, String> {
        let mut cells: BTreeMap<String, String> = self
            .cells
            .iter()
            .map(|(column, cell)| ((*column).to_owned(), cell.clone()))
            .collect();
        for (column, cell) in [
            ("id", &*self.id),
            ("name", name),
            ("e-mail", &self.email),
            ("purpose", &self.purpose),
        ] {
            cells.insert(column.to_owned(), cell.to_owned());
        }
        cells
    }
}

impl Files {
    pub(crate) fn source(&self, name: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.name == name)
    }

    /// The text of the one file. Texts are written as JSON, which YAML is a superset of.
    pub(crate) fn yaml(&self) -> String {
        let mut text = "steersman: v1\nsources:\n".to_owned();
        for source in &self.sources {
            text += &source.yaml();
        }
        let _ = writeln!(text, "  - {{name: {ELSEWHERE}, managed: false}}");
        text +=
            "stores:\n  local: {directory: secrets/local}\n  other: {directory: secrets/other}\n";
        text += "policy:\n";
        let _ = writeln!(
            text,
            "  unmanagedTokens: {}",
            if self.revoke_unmanaged {
                "revoke"
            } else {
                "report"
            }
        );
        if !self.limits.is_empty() {
            let _ = writeln!(text, "  limits: {}", json!(self.limits));
        }
        text += if self.accounts.is_empty() {
            "serviceAccounts: []\n"
        } else {
            "serviceAccounts:\n"
        };
        for account in &self.accounts {
            text += &account.yaml();
        }
        text
    }
}

impl Source {
    fn yaml(&self) -> String {
        let mut text = format!(
            "  - name: {}\n    owner: {}\n",
            json!(self.name),
            self.owner
        );
        if let Some(description) = &self.description {
            let _ = writeln!(text, "    description: {}", json!(description));
        }
        if let Some(threshold) = self.threshold {
            let _ = writeln!(text, "    deleteThreshold: {threshold}");
        }
        if !self.columns.is_empty() {
            let columns: Vec<_> = self
                .columns
                .iter()
                .map(|name| json!({"name": name}))
                .collect();
            let _ = writeln!(text, "    attributes: {}", json!(columns));
        }
        if self.delete_unmanaged {
            text += "    unmanaged: delete\n";
        }
        if let Some(profile) = &self.profile {
            let _ = writeln!(
                text,
                "    identityProfile:\n      name: {}\n      mappings: {}\n      invite: {}",
                json!(profile.name),
                json!(profile.mappings()),
                profile.invite
            );
        }
        text
    }
}

impl Profile {
    /// Which column feeds which identity attribute.
    pub(crate) fn mappings(&self) -> BTreeMap<&'static str, &'static str> {
        BTreeMap::from([
            ("uid", self.uid),
            ("email", "e-mail"),
            ("lastname", "name"),
            ("firstname", "name"),
        ])
    }
}

impl Account {
    fn yaml(&self) -> String {
        let mut text = match &self.row {
            None => format!(
                "  - source: {ELSEWHERE}\n    account: {}\n",
                json!(self.name)
            ),
            Some(row) => {
                let mut text = format!(
                    "  - id: {}\n    name: {}\n    source: {}\n    email: {}\n    purpose: {}\n",
                    json!(row.id),
                    json!(self.name),
                    json!(row.source),
                    json!(row.email),
                    json!(row.purpose)
                );
                if !row.cells.is_empty() {
                    let _ = writeln!(text, "    attributes: {}", json!(row.cells));
                }
                let earlier: BTreeMap<_, _> =
                    [("id", &row.earlier_id), ("name", &row.earlier_name)]
                        .into_iter()
                        .filter_map(|(key, value)| value.as_ref().map(|value| (key, value)))
                        .collect();
                if !earlier.is_empty() {
                    let _ = writeln!(text, "    previously: {}", json!(earlier));
                }
                text
            }
        };
        if let Some(levels) = &self.levels {
            let _ = writeln!(text, "    userLevels: {}", json!(levels));
        }
        if let Some(tokens) = &self.tokens {
            let issuer = json!({"store": "local", "key": format!("{}/issuer", self.keys)});
            let _ = writeln!(text, "    issuer: {issuer}");
            if tokens.is_empty() {
                text += "    tokens: []\n";
            } else {
                text += "    tokens:\n";
            }
            for token in tokens {
                text += &self.token_yaml(token);
            }
        }
        text
    }

    fn token_yaml(&self, token: &Token) -> String {
        let mut text = format!(
            "      - name: {}\n        scopes: {}\n",
            token.name,
            json!(token.scopes)
        );
        if let Some(minutes) = token.validity {
            let _ = writeln!(text, "        accessTokenValidity: {minutes}m");
        }
        let _ = match token.expires {
            Some(days) => writeln!(text, "        expires: {days}d"),
            None => writeln!(text, "        expires: never"),
        };
        if let Some(rotate) = token.rotate {
            let _ = writeln!(
                text,
                "        rotate: {{before: {}d, overlap: {}h}}",
                rotate.before_days, rotate.overlap_hours
            );
        }
        let key = format!("{}/{}", self.keys, token.key);
        let _ = writeln!(
            text,
            "        deliver: {}",
            json!({"store": token.store, "key": key})
        );
        text
    }
}
