//! What a generated tenant has, and what its stores hold, drawn near to what the
//! files declare.

use crate::edits::{self, LEVELS};
use crate::files::{Account, Files, Source, Token};
use crate::generated::made::Made;
use crate::random::Random;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

const DAY: i64 = 24 * 60 * 60;
const MINTS: &str = "sp:my-personal-access-tokens:manage";
/// Tokens that an identity can have.
const SLOTS: usize = 10;

/// Files, and a tenant that is more or less as they say.
pub(crate) fn tenant(seed: u64, secrets: &Path, now: Timestamp) -> (Files, Value) {
    let random = &mut Random::of(seed, 0);
    let mut files = edits::beginning(random);
    // What the tenant is like before some commits.
    let earlier = files.clone();
    for _ in 0..random.below(5) {
        let _ = edits::edit(&mut files, random);
    }
    let mut drawing = Drawing {
        made: Made::empty(seed, now),
        random,
        secrets,
        documents: Vec::new(),
    };
    drawing.fill(&earlier);
    (files, drawing.made.state)
}

struct Drawing<'a> {
    made: Made,
    random: &'a mut Random,
    secrets: &'a Path,
    /// All documents so far, to be put into wrong places.
    documents: Vec<String>,
}

/// An identity that tokens and levels may belong to.
struct Owner {
    id: String,
    is_active: bool,
}

impl Drawing<'_> {
    fn fill(&mut self, files: &Files) {
        let people: Vec<String> = ["john.roe", "ann.poe"]
            .map(|name| self.made.person(name))
            .into();
        for source in &files.sources {
            if self.random.chance(90) {
                self.source(source, files, &people);
            }
        }
        // The accounts that are managed elsewhere.
        for account in files
            .accounts
            .iter()
            .filter(|account| account.row.is_none())
        {
            let Some(id) = self.made.identity_called(&account.name) else {
                continue;
            };
            let status = self.status();
            self.made.set_identity(&id, "status", &json!(status));
            let owner = Owner {
                id,
                is_active: status == "ACTIVE",
            };
            self.levels(&owner, account.levels.as_deref());
            self.tokens(&owner, Some(account));
        }
    }

    fn source(&mut self, declared: &Source, files: &Files, people: &[String]) {
        let columns: Vec<&str> = if self.random.chance(85) {
            declared.columns.clone()
        } else {
            vec!["team", "cost-center"]
        };
        let threshold = self.random.one(&[10, 10, 50, 100]);
        let description = self.random.one(&["For machines", "", "By hand"]);
        let threshold = declared
            .threshold
            .filter(|_| self.random.chance(80))
            .unwrap_or(threshold);
        let description = declared
            .description
            .clone()
            .filter(|_| self.random.chance(80))
            .unwrap_or_else(|| description.to_owned());
        let source = self
            .made
            .source(&declared.name, &columns, threshold, &description);
        let profile = declared.profile.as_ref().filter(|_| self.random.chance(90));
        let uid = profile.map(|profile| {
            let uid = if self.random.chance(85) {
                profile.uid
            } else {
                self.random.one(&["name", "id", "e-mail"])
            };
            let name = if self.random.chance(85) {
                profile.name.clone()
            } else {
                format!("{} of old", profile.name)
            };
            let mut mappings: BTreeMap<&str, &str> = profile.mappings();
            mappings.insert("uid", uid);
            if self.random.chance(15) {
                mappings.remove("lastname");
            }
            let pending = self.random.chance(5);
            let profile = self
                .made
                .profile(&name, &source, &declared.name, &mappings, pending);
            (profile, uid)
        });
        let declared_rows: Vec<&Account> = files
            .accounts
            .iter()
            .filter(|account| account.source() == declared.name)
            .collect();
        for account in declared_rows {
            if self.random.chance(80) {
                let cells = self.cells(account, &columns);
                self.row(&source, uid.as_ref(), &cells, Some(account), people);
            }
        }
        for number in 0..self.random.below(5) {
            let cells = BTreeMap::from([
                ("id".to_owned(), format!("HAND-{number}")),
                (
                    "name".to_owned(),
                    format!("byhand{number}-{}", declared.name.len()),
                ),
                (
                    "e-mail".to_owned(),
                    format!("h{number}-{}@example.com", declared.name.len()),
                ),
                ("purpose".to_owned(), "By hand, \"with care\"".to_owned()),
            ]);
            self.row(&source, uid.as_ref(), &cells, None, people);
        }
    }

    /// The declared cells, with a difference now and then.
    fn cells(&mut self, account: &Account, columns: &[&str]) -> BTreeMap<String, String> {
        let mut cells = account
            .row
            .as_ref()
            .map(|row| row.declared(&account.name))
            .unwrap_or_default();
        cells.retain(|column, _| {
            ["id", "name", "e-mail", "purpose"].contains(&column.as_str())
                || columns.contains(&column.as_str())
        });
        if self.random.chance(15) {
            cells.insert("purpose".to_owned(), "Something else".to_owned());
        }
        if self.random.chance(8) {
            cells.insert(
                "e-mail".to_owned(),
                format!("old-{}@example.com", account.keys),
            );
        }
        if self.random.chance(4) {
            cells.insert("name".to_owned(), format!("old-{}", account.name));
        }
        for column in columns {
            if self.random.chance(15) {
                cells.insert((*column).to_owned(), "a, \"b\"".to_owned());
            }
        }
        cells
    }

    fn row(
        &mut self,
        source: &str,
        profile: Option<&(String, &'static str)>,
        cells: &BTreeMap<String, String>,
        declared: Option<&Account>,
        people: &[String],
    ) {
        let account = self.made.account(source, cells);
        // Somebody else's identity: a person's, or one of another source.
        if self.random.chance(7) {
            let identity = match self.made.identity_called("svc-deploy") {
                Some(other) if self.random.chance(50) => other,
                _ => self
                    .random
                    .one(&people.iter().map(String::as_str).collect::<Vec<_>>())
                    .to_owned(),
            };
            self.made.correlate(&account, &identity);
            let owner = Owner {
                id: identity,
                is_active: true,
            };
            self.levels(&owner, None);
            self.tokens(&owner, declared);
            return;
        }
        let Some((profile, uid)) = profile else {
            return;
        };
        let Some(alias) = cells.get(*uid) else { return };
        if self.random.chance(5) || self.made.identity_called(alias).is_some() {
            return;
        }
        let status = self.status();
        let id = self.made.identity(alias, cells, profile, &account, status);
        let owner = Owner {
            id,
            is_active: status == "ACTIVE",
        };
        let levels = declared.and_then(|account| account.levels.as_deref());
        self.levels(&owner, levels);
        self.tokens(&owner, declared);
    }

    fn status(&mut self) -> &'static str {
        self.random
            .one(&["ACTIVE", "ACTIVE", "ACTIVE", "PENDING", "UNREGISTERED"])
    }

    fn levels(&mut self, owner: &Owner, declared: Option<&[&'static str]>) {
        let levels = match declared {
            Some(levels) if self.random.chance(70) => levels.to_vec(),
            _ => self.random.some(&LEVELS, 30),
        };
        self.made.set_identity(&owner.id, "levels", &json!(levels));
    }

    fn tokens(&mut self, owner: &Owner, account: Option<&Account>) {
        if !owner.is_active || !self.made.tokens_of(&owner.id).is_empty() {
            return;
        }
        let declared = account.and_then(|account| account.tokens.as_ref());
        if let (Some(account), Some(tokens)) = (account, declared) {
            if self.random.chance(85) {
                let end = self
                    .random
                    .one(&[None, Some(100), Some(100), Some(10), Some(-1)]);
                let token = self.made.token(
                    &owner.id,
                    "issuer",
                    &[MINTS],
                    43_200,
                    end.map(|days| days * DAY),
                );
                self.document(&account.issuer_file(), &token, owner);
            }
            for token in tokens {
                if self.random.chance(75) {
                    self.declared_token(owner, account, token);
                }
            }
        }
        let full = self.random.chance(10);
        let most = if full { SLOTS } else { self.random.below(3) };
        for number in 0..most {
            if self.made.tokens_of(&owner.id).len() >= SLOTS {
                break;
            }
            let name = match self.random.below(10) {
                0 => format!("job-a~retiring-20200101-00a{number}"),
                1 => format!("job-b~retiring-29990101-00b{number}"),
                _ => format!("hand-{number}"),
            };
            let end = self.random.one(&[None, Some(50 * DAY), Some(-DAY)]);
            self.made
                .token(&owner.id, &name, &["sp:search:read"], 43_200, end);
        }
    }

    fn declared_token(&mut self, owner: &Owner, account: &Account, token: &Token) {
        let scopes: Vec<&str> = if self.random.chance(75) {
            token.scopes.clone()
        } else {
            self.random
                .one(&[
                    &["sp:search:read"] as &[&str],
                    &[],
                    &["idn:sources:read", "sp:report:read"],
                ])
                .to_vec()
        };
        let validity = token
            .validity
            .filter(|_| self.random.chance(85))
            .unwrap_or(720)
            * 60;
        let age = self.random.one(&[0, 1, 5, 12, 20, 100, 200]);
        let end = token
            .expires
            .map(|days| (i64::try_from(days).unwrap() - age) * DAY - 1800);
        let end = if self.random.chance(90) { end } else { None };
        let id = self.made.token(
            &owner.id,
            token.name,
            &scopes,
            i64::try_from(validity).unwrap(),
            end,
        );
        self.made.made_days_ago(&id, age);
        self.document(&account.token_file(token), &id, owner);
    }

    /// Whatever a store may hold for a token.
    fn document(&mut self, file: &str, token: &str, owner: &Owner) {
        let secret = self.made.secret_of(token);
        let written = json!({"clientId": token, "clientSecret": secret, "identity": owner.id, "replaces": "enrolled"});
        let other = self.documents.clone();
        let text = match self.random.below(20) {
            0 => None,
            1 => Some("{garbage".to_owned()),
            2 => other.last().cloned(),
            3 => Some(json!({"baseUrl": "https://other.api.identitynow.com", "clientId": token, "clientSecret": "of-another-tenant"}).to_string()),
            4 => Some(json!({"clientId": "0123456789abcdef0123456789abcdef", "clientSecret": "of-a-token-that-is-gone"}).to_string()),
            _ => Some(written.to_string()),
        };
        self.documents.push(written.to_string());
        let path = self.secrets.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        if let Some(text) = text {
            std::fs::write(&path, text).unwrap();
            crate::story::only_for_its_owner(&path);
        }
    }
}
