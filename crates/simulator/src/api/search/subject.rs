//! What a search looks at: the values of a document, without the document being made.
//!
//! A search reads some fields of each of many identities. What these fields hold is known without
//! making the documents; only the rows of a page are made.

use std::cell::OnceCell;

use jiff::Timestamp;
use serde_json::Value;

use super::document::FIXED;
use crate::clock::iso;
use crate::tenant::{Account, Identity, IdentityProfile, Source, Tenant};

/// A value of a document.
#[derive(Debug, Clone, Copy)]
pub(super) enum Leaf<'a> {
    Text(&'a str),
    /// A time is written only if it is asked for its text.
    Time(Timestamp),
    Other(&'a Value),
}

/// Is given values until one of them is what is looked for.
pub(super) type Look<'a> = dyn FnMut(Leaf<'_>) -> bool + 'a;

/// What has values at paths.
pub(super) trait Subject {
    /// Whether one of the values at or below a path is what is looked for. The empty path is that of
    /// the document itself.
    fn any(&self, path: &str, look: &mut Look<'_>) -> bool;

    /// Whether one of the documents that are nested under a name is.
    fn any_nested(&self, name: &str, look: &mut dyn FnMut(&dyn Subject) -> bool) -> bool;
}

impl Subject for Value {
    fn any(&self, path: &str, look: &mut Look<'_>) -> bool {
        match (self, path) {
            (Self::Null, _) => false,
            (Self::Array(list), _) => list.iter().any(|entry| entry.any(path, look)),
            (Self::Object(map), "") => map.values().any(|next| next.any("", look)),
            (Self::Object(map), _) => {
                let (first, rest) = parts(path);
                map.get(first).is_some_and(|next| next.any(rest, look))
            }
            (Self::String(text), "") => look(Leaf::Text(text)),
            (other, "") => look(Leaf::Other(other)),
            _ => false,
        }
    }

    fn any_nested(&self, name: &str, look: &mut dyn FnMut(&dyn Subject) -> bool) -> bool {
        let nested = self.get(name).and_then(Self::as_array);
        nested.is_some_and(|list| list.iter().any(|document| look(document)))
    }
}

/// The first part of a path, and the rest of it.
fn parts(path: &str) -> (&str, &str) {
    path.split_once('.').unwrap_or((path, ""))
}

/// An identity, with what its document has of other objects.
pub(super) struct IdentitySubject<'a> {
    tenant: &'a Tenant,
    identity: &'a Identity,
    /// Looked up only where it is asked for; most searches read the identity alone.
    profile: OnceCell<Option<&'a IdentityProfile>>,
}

impl<'a> IdentitySubject<'a> {
    pub(super) fn new(tenant: &'a Tenant, identity: &'a Identity) -> Self {
        Self {
            tenant,
            identity,
            profile: OnceCell::new(),
        }
    }

    fn profile(&self) -> Option<&'a IdentityProfile> {
        let id = self.identity.profile.as_ref();
        *(self.profile).get_or_init(|| id.and_then(|id| self.tenant.profile(id).ok()))
    }

    fn source(&self) -> Option<&'a Source> {
        let profile = self.profile()?;
        self.tenant.source(&profile.source).ok()
    }

    fn attributes(&self, name: &str, look: &mut Look<'_>) -> bool {
        let identity = self.identity;
        // The tenant's own attributes hide others of their names.
        let own = [
            ("cloudStatus", Some(identity.status.as_str())),
            ("internalCloudStatus", Some(identity.status.as_str())),
            ("displayName", Some(identity.name.as_str())),
            (
                "cloudAuthoritativeSource",
                self.profile().map(|profile| profile.source.as_str()),
            ),
        ];
        let own = || {
            own.iter()
                .filter_map(|(name, text)| Some((*name, (*text)?)))
        };
        if name.is_empty() {
            let others = identity.attributes.iter();
            let mut others = others.filter(|(name, _)| own().all(|(own, _)| own != name.as_str()));
            return others.any(|(_, text)| look(Leaf::Text(text)))
                || own().any(|(_, text)| look(Leaf::Text(text)));
        }
        let found = own()
            .find_map(|(own, text)| (own == name).then_some(text))
            .or_else(|| identity.attribute(name));
        found.is_some_and(|text| look(Leaf::Text(text)))
    }

    fn accounts(&self) -> impl Iterator<Item = AccountSubject<'_>> {
        let all = self.tenant.accounts.of_identity(&self.identity.id);
        all.map(|account| AccountSubject {
            account,
            source: self.tenant.source(&account.source).ok(),
        })
    }
}

impl Subject for IdentitySubject<'_> {
    fn any(&self, path: &str, look: &mut Look<'_>) -> bool {
        let identity = self.identity;
        let (first, rest) = parts(path);
        let mut reference = |id: &str, name: &str| match rest {
            "" => look(Leaf::Text(id)) || look(Leaf::Text(name)),
            "id" => look(Leaf::Text(id)),
            "name" => look(Leaf::Text(name)),
            _ => false,
        };
        match first {
            "identityProfile" => {
                return (self.profile())
                    .is_some_and(|profile| reference(&profile.id, &profile.name));
            }
            "source" => {
                return (self.source()).is_some_and(|source| reference(&source.id, &source.name));
            }
            "attributes" => return self.attributes(rest, look),
            "accounts" => return self.accounts().any(|account| account.any(rest, look)),
            _ if !rest.is_empty() => return false,
            _ => {}
        }
        let text = match first {
            "id" => Some(identity.id.as_str()),
            "name" => Some(identity.alias.as_str()),
            "displayName" => Some(identity.name.as_str()),
            "status" => Some(identity.status.as_str()),
            "firstName" => identity.attribute("firstname"),
            "lastName" => identity.attribute("lastname"),
            "email" => identity.email(),
            "org" => Some(self.tenant.org.as_str()),
            "created" => return look(Leaf::Time(identity.created)),
            "modified" => return look(Leaf::Time(identity.modified)),
            "synced" => return look(Leaf::Time(identity.last_refresh)),
            "protected" => return look(Leaf::Other(&Value::Bool(identity.protected))),
            "accountCount" => return look(Leaf::Other(&self.accounts().count().into())),
            other => return FIXED.any(other, look),
        };
        text.is_some_and(|text| look(Leaf::Text(text)))
    }

    fn any_nested(&self, name: &str, look: &mut dyn FnMut(&dyn Subject) -> bool) -> bool {
        name == "accounts" && self.accounts().any(|account| look(&account))
    }
}

/// An account, as the document of its identity has it.
struct AccountSubject<'a> {
    account: &'a Account,
    source: Option<&'a Source>,
}

impl Subject for AccountSubject<'_> {
    fn any(&self, path: &str, look: &mut Look<'_>) -> bool {
        let account = self.account;
        let flag = |flag: bool, look: &mut Look<'_>| look(Leaf::Other(&Value::Bool(flag)));
        let (first, rest) = parts(path);
        if first == "source" {
            let of_source = |name: &str| match name {
                "id" => Some(account.source.as_str()),
                "name" => Some(self.source.map_or("", |source| source.name.as_str())),
                "type" => Some(self.source.map_or("", |source| source.kind.as_str())),
                _ => None,
            };
            return match rest {
                "" => ["id", "name", "type"]
                    .into_iter()
                    .filter_map(of_source)
                    .any(|text| look(Leaf::Text(text))),
                name => of_source(name).is_some_and(|text| look(Leaf::Text(text))),
            };
        }
        match path {
            "" => [
                "accountId",
                "created",
                "disabled",
                "id",
                "locked",
                "manuallyCorrelated",
                "name",
                "privileged",
                "source",
                "supportsPasswordChange",
            ]
            .into_iter()
            .any(|name| self.any(name, look)),
            "id" => look(Leaf::Text(&account.id)),
            "name" => look(Leaf::Text(&account.name)),
            "accountId" => look(Leaf::Text(&account.native_identity)),
            "created" => look(Leaf::Time(account.created)),
            "disabled" => flag(account.disabled, look),
            "locked" => flag(account.locked, look),
            "manuallyCorrelated" => flag(account.manually_correlated, look),
            "privileged" | "supportsPasswordChange" => flag(false, look),
            _ => false,
        }
    }

    fn any_nested(&self, _name: &str, _look: &mut dyn FnMut(&dyn Subject) -> bool) -> bool {
        false
    }
}

/// The text of a value, as it is compared.
pub(super) fn text_of(leaf: Leaf<'_>) -> String {
    match leaf {
        Leaf::Text(text) => text.to_owned(),
        Leaf::Time(time) => iso(time),
        Leaf::Other(value) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::api::search::document::document;

    fn values(subject: &dyn Subject, path: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        subject.any(path, &mut |leaf| {
            found.insert(text_of(leaf));
            false
        });
        found
    }

    fn paths(document: &Value, path: &str, found: &mut BTreeSet<String>) {
        found.insert(path.to_owned());
        let below = |name: &str| match path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        match document {
            Value::Object(map) => {
                for (name, value) in map {
                    paths(value, &below(name), found);
                }
            }
            Value::Array(list) => list.iter().for_each(|entry| paths(entry, path, found)),
            _ => {}
        }
    }

    /// What is searched is what is shown.
    #[test]
    fn fair_a_search_finds_the_values_of_the_documents() {
        let mut tenant = Tenant::new("2026-01-01T00:00:00Z".parse().unwrap());
        tenant.add_bulk_accounts(2).unwrap();
        let mut seen = 0;
        for identity in tenant.identities.all() {
            let whole = document(&tenant, identity);
            let subject = IdentitySubject::new(&tenant, identity);
            let mut all = BTreeSet::new();
            paths(&whole, "", &mut all);
            all.insert("absent".to_owned());
            all.insert("name.absent".to_owned());
            all.insert("accounts.absent".to_owned());
            for path in all.iter().filter(|path| !path.is_empty()) {
                assert_eq!(values(&subject, path), values(&whole, path), "{path}");
                seen += 1;
            }
            let nested = |subject: &dyn Subject| {
                let mut found = BTreeSet::new();
                subject.any_nested("accounts", &mut |account| {
                    found.extend(values(account, ""));
                    false
                });
                found
            };
            assert_eq!(nested(&subject), nested(&whole));
        }
        assert!(seen > 200, "{seen}");
    }
}
