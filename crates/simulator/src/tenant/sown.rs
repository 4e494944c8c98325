//! Fills a new tenant with what a seed says.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::records::{Identity, IdentityStatus, account_mapping};
use super::{Tenant, TokenRequest};
use crate::errors::{ControlError, SeedError};
use crate::seed::{Seed, SeedPerson, SeedSource, SeedToken};

impl Tenant {
    /// Fills a new tenant. What goes wrong names its place in the seed.
    pub(crate) fn sow(&mut self, seed: &Seed) -> Result<(), SeedError> {
        let Seed {
            people,
            sources,
            registered,
            levels,
            tokens,
        } = seed;
        let at = |place: String| {
            move |source: ControlError| SeedError {
                place,
                source: Box::new(source),
            }
        };
        for (number, person) in people.iter().enumerate() {
            self.sow_person(person)
                .map_err(at(format!("people[{number}]")))?;
        }
        for (number, source) in sources.iter().enumerate() {
            self.sow_source(source)
                .map_err(at(format!("sources[{number}]")))?;
        }
        let owners = tokens.iter().map(|token| &token.account);
        for account in registered.iter().chain(owners) {
            self.registered_at_once(account)
                .map_err(at(format!("{account} in registered or tokens")))?;
        }
        for (account, levels) in levels {
            self.set_levels_out_of_band(account, levels.clone())
                .map_err(at(format!("levels.{account}")))?;
        }
        for (number, token) in tokens.iter().enumerate() {
            self.sow_token(token)
                .map_err(at(format!("tokens[{number}]")))?;
        }
        self.touch();
        Ok(())
    }

    fn sow_person(&mut self, person: &SeedPerson) -> Result<(), ControlError> {
        let SeedPerson {
            account,
            name,
            email,
        } = person;
        if self.identities.by_alias(account).is_some() {
            return Err(ControlError::NotUnderstood(format!(
                "there is an identity {account:?} already"
            )));
        }
        let name = name.clone().unwrap_or_else(|| account.clone());
        let email = email
            .clone()
            .unwrap_or_else(|| format!("{account}@example.com"));
        let (first, last) = name.split_once(' ').unwrap_or((&name, &name));
        let attributes = [
            ("uid", account.as_str()),
            ("displayName", &name),
            ("firstname", first),
            ("lastname", last),
            ("email", &email),
        ];
        let attributes = attributes.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let now = self.now;
        let id = self.ids.hex();
        self.identities.insert(Identity {
            id,
            alias: account.clone(),
            name: name.clone(),
            attributes: BTreeMap::from(attributes),
            profile: None,
            account: None,
            status: IdentityStatus::Active,
            invited: None,
            registered: Some(now),
            levels: Vec::new(),
            lifecycle_state: Some("active".into()),
            lifecycle_state_by_hand: false,
            protected: false,
            created: now,
            modified: now,
            last_refresh: now,
        });
        Ok(())
    }

    fn sow_source(&mut self, seed: &SeedSource) -> Result<(), ControlError> {
        let SeedSource {
            name,
            description,
            owner,
            attributes,
            profile,
            accounts,
        } = seed;
        let owner = match owner {
            Some(owner) => self.find_person(owner)?,
            None => self.admin_identity(),
        };
        let owner = json!({"type": "IDENTITY", "id": owner});
        let body = json!({
            "name": name, "description": description, "owner": owner,
            "connector": "delimited-file-angularsc",
        });
        let source = self.create_source(&body, true)?;
        self.upload_schema(&source, "account", attributes)?;
        for account in accounts {
            if let Some(unknown) = account.keys().find(|name| !attributes.contains(name)) {
                return Err(ControlError::NotUnderstood(format!(
                    "an account has {unknown:?}, which is none of the attributes"
                )));
            }
            let attributes: Map<String, Value> = account
                .iter()
                .map(|(name, value)| (name.clone(), Value::String(value.clone())))
                .collect();
            self.put_account_out_of_band(&source, attributes)?;
        }
        self.aggregate_out_of_band(&source)?;
        if let Some(profile) = profile {
            let mappings: Vec<_> = profile
                .iter()
                .map(|(identity, account)| account_mapping(identity, &source, name, account))
                .collect();
            let profile = self.create_profile(&json!({
                "name": name,
                "owner": owner,
                "authoritativeSource": {"type": "SOURCE", "id": source},
                "identityAttributeConfig": {"enabled": true, "attributeTransforms": mappings},
            }))?;
            self.refresh_identities(&profile, true);
        }
        Ok(())
    }

    /// Registers somebody, invited or not.
    fn registered_at_once(&mut self, account: &str) -> Result<(), ControlError> {
        let id = self.find_person(account)?;
        let now = self.now;
        self.identities.update(&id, |identity| {
            identity.status = IdentityStatus::Active;
            identity.registered.get_or_insert(now);
        });
        Ok(())
    }

    fn sow_token(&mut self, seed: &SeedToken) -> Result<(), ControlError> {
        let SeedToken {
            account,
            name,
            scopes,
            client_id,
            client_secret,
            expires,
        } = seed;
        let minted = self.mint_personal_access_token_as_owner(
            account,
            TokenRequest {
                name: name.clone(),
                scopes: scopes.clone(),
                access_token_validity_seconds: None,
                expires: *expires,
                never_expires: expires.is_none(),
            },
        )?;
        if let Some(id) = client_id
            && self.tokens.get(id).is_some()
        {
            return Err(ControlError::NotUnderstood(format!(
                "there is a token with the client ID {id:?} already"
            )));
        }
        if let Some(mut token) = self.tokens.remove(&minted.id) {
            token.id = client_id.clone().unwrap_or(token.id);
            token.secret = client_secret.clone().unwrap_or(token.secret);
            self.tokens.insert(token);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sown(seed: Value) -> Result<Tenant, String> {
        let seed: Seed = serde_json::from_value(seed).map_err(|error| error.to_string())?;
        let mut tenant = Tenant::new("2026-01-01T00:00:00Z".parse().unwrap());
        tenant.sow(&seed).map_err(|error| {
            let cause = std::error::Error::source(&error).unwrap();
            format!("{error}: {cause}")
        })?;
        Ok(tenant)
    }

    #[test]
    fn others_a_seed_fills_a_new_tenant() {
        let tenant = sown(json!({
            "people": [{"account": "ana.lima", "name": "Ana Lima"}],
            "sources": [{
                "name": "Service Accounts", "owner": "ana.lima",
                "attributes": ["id", "name", "e-mail"],
                "profile": {"uid": "name", "email": "e-mail", "firstname": "name", "lastname": "name"},
                "accounts": [{"id": "SA-1", "name": "audit01", "e-mail": "a@example.com"},
                    {"id": "SA-2", "name": "backup01", "e-mail": "b@example.com"}],
            }],
            "levels": {"audit01": ["REPORT_ADMIN"], "ana.lima": ["ORG_ADMIN"]},
            "tokens": [{"account": "audit01", "name": "ci", "scopes": ["sp:report:read"],
                "clientId": "ci", "clientSecret": "open"}],
        }))
        .unwrap();
        let audit = tenant.identities.by_alias("audit01").unwrap();
        assert_eq!(audit.levels, ["REPORT_ADMIN"]);
        assert_eq!(audit.status, IdentityStatus::Active);
        let other = tenant.identities.by_alias("backup01").unwrap();
        assert_eq!(other.status, IdentityStatus::Unregistered);
        let token = tenant.tokens.get("ci").unwrap();
        assert_eq!(
            (token.owner.as_str(), token.secret.as_str()),
            (audit.id.as_str(), "open")
        );
    }

    #[test]
    fn others_a_seed_that_is_wrong_says_where() {
        for (seed, place) in [
            (
                json!({"levels": {"nobody": ["HELPDESK"]}}),
                "levels.nobody of the seed: no identity",
            ),
            (
                json!({"sources": [{"name": "A", "attributes": ["id", "name"], "owner": "x"}]}),
                "sources[0] of the seed: no identity",
            ),
            (
                json!({"sources": [{"name": "A", "attributes": ["id", "name"],
                    "accounts": [{"id": "1", "nmae": "x"}]}]}),
                "sources[0] of the seed: invalid request: an account has \"nmae\"",
            ),
            (
                json!({"people": [{"account": "jane.doe"}]}),
                "people[0] of the seed",
            ),
            (json!({"poeple": []}), "unknown field `poeple`"),
            (
                json!({"tokens": [{"account": "jane.doe", "name": "simulator"}]}),
                "tokens[0] of the seed: \"jane.doe\" has a token named",
            ),
        ] {
            let error = sown(seed).unwrap_err();
            assert!(error.contains(place), "{error}");
        }
    }
}
