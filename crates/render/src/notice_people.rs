//! What the files say for people of accounts and tokens: purpose and owners, by address.

use model::{Address, Spec, visible};
use std::collections::{BTreeMap, BTreeSet};

/// What the files say for people, by address.
#[derive(Clone, Debug, Default)]
pub struct People {
    accounts: BTreeMap<String, ForPeople>,
    tokens: BTreeMap<Address, ForPeople>,
}

/// What an account or token is for, and who is responsible for what uses it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForPeople {
    /// What it is for; empty where no file says it.
    pub purpose: String,
    /// Who is responsible.
    pub owners: Vec<String>,
}

impl People {
    /// What the files say. An account has the owners of all its tokens; a token without a
    /// purpose has that of its account.
    pub fn of(spec: &Spec) -> Self {
        let mut people = Self::default();
        for (key, account) in &spec.accounts {
            let tokens = account.tokens.iter().flatten();
            let owners: BTreeSet<String> = tokens
                .clone()
                .flat_map(|(_, token)| &token.owners)
                .map(|owner| visible(owner))
                .collect();
            let purpose = account.row.as_ref().map_or("", |row| row.purpose.as_str());
            let of_account = ForPeople {
                purpose: visible(purpose),
                owners: owners.into_iter().collect(),
            };
            for (name, token) in tokens {
                let purpose = token.purpose.as_deref().unwrap_or(purpose);
                let of_token = ForPeople {
                    purpose: visible(purpose),
                    owners: token.owners.iter().map(|owner| visible(owner)).collect(),
                };
                let address = Address::Token(key.clone(), name.clone());
                people.tokens.insert(address, of_token);
            }
            people.accounts.insert(key.to_string(), of_account);
        }
        people
    }

    /// What they say of an address; nothing of a source, and of what they do not declare.
    pub(crate) fn at(&self, address: &str) -> ForPeople {
        let Ok(address) = address.parse::<Address>() else {
            return ForPeople::default();
        };
        let of_account = || {
            let key = address.account()?;
            self.accounts.get(key.as_str())
        };
        let found = self.tokens.get(&address).or_else(of_account);
        found.cloned().unwrap_or_default()
    }
}

impl ForPeople {
    /// What a person reads behind a text; empty where there is nothing.
    pub(crate) fn behind(&self) -> String {
        let Self { purpose, owners } = self;
        let owners = match owners.as_slice() {
            [] => None,
            [owner] => Some(format!("owner: {owner}")),
            several => Some(format!("owners: {}", several.join(", "))),
        };
        let purpose = (!purpose.is_empty()).then(|| format!("purpose: {purpose}"));
        let parts: Vec<String> = purpose.into_iter().chain(owners).collect();
        if parts.is_empty() {
            String::new()
        } else {
            format!(" ({})", parts.join("; "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ForPeople;

    #[test]
    fn what_is_not_declared_is_not_said() {
        for (purpose, owners, expected) in [
            ("", &[][..], ""),
            ("Audit", &[], " (purpose: Audit)"),
            ("", &["a"], " (owner: a)"),
            ("Audit", &["a", "b"], " (purpose: Audit; owners: a, b)"),
        ] {
            let people = ForPeople {
                purpose: purpose.to_owned(),
                owners: owners.iter().map(|owner| (*owner).to_owned()).collect(),
            };
            assert_eq!(people.behind(), expected);
        }
    }
}
