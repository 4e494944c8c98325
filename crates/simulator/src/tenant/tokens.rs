//! Creates, changes and revokes personal access tokens.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::fields::{refuse_changes, required_text, texts};
use super::records::{Deed, Event, IdentityStatus, PersonalAccessToken};
use super::{Tenant, delays};
use crate::clock::{iso, to_millisecond};
use crate::errors::{ControlError, Refusal};

/// More tokens than this a user cannot have.
pub(crate) const MAX_TOKENS: usize = 10;

/// How long access tokens of a token live unless it says otherwise, in seconds; also the longest.
pub(crate) const DEFAULT_VALIDITY: i64 = 43_200;

/// The shortest, in seconds.
pub(crate) const MIN_VALIDITY: i64 = 15;

/// How long a token lives that was made in the user interface without saying how long.
const SIX_MONTHS: SignedDuration = SignedDuration::from_hours(24 * 182);

/// What a personal access token is asked to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenRequest {
    /// Its name, unique among its owner's.
    pub name: String,
    /// Its scopes; none means `sp:scopes:all`.
    pub scopes: Vec<String>,
    /// How long its access tokens live, in seconds; 43,200 if not said.
    pub access_token_validity_seconds: Option<i64>,
    /// When it expires; six months from now if not said.
    pub expires: Option<Timestamp>,
    /// That it never expires; then `expires` must not be said.
    pub never_expires: bool,
}

/// A token that was just made, with the secret that is shown this once.
#[derive(Debug, Clone)]
pub struct MintedToken {
    /// The token's id, which is the client id.
    pub id: String,
    /// The secret, which is the client secret.
    pub secret: secrecy::SecretString,
}

impl Tenant {
    /// The token as lists and answers to patches show it.
    pub(crate) fn token_wire(&self, token: &PersonalAccessToken) -> Value {
        json!({
            "id": token.id,
            "name": token.name,
            "scope": token.scopes,
            "owner": self.identity_reference(&token.owner),
            "created": iso(token.created),
            "lastUsed": token.last_used.map(iso),
            "managed": token.managed,
            "accessTokenValiditySeconds": token.validity_seconds,
            "expirationDate": token.expires.map(iso),
            "userAwareTokenNeverExpires": token.aware_of_never_expiring,
        })
    }

    /// The token as the answer to its creation shows it, with the secret.
    pub(crate) fn created_token_wire(&self, token: &PersonalAccessToken) -> Value {
        json!({
            "id": token.id,
            "secret": token.secret,
            "scope": token.scopes,
            "name": token.name,
            "owner": self.identity_reference(&token.owner),
            "created": iso(token.created),
            "accessTokenValiditySeconds": token.validity_seconds,
            "expirationDate": token.expires.map(iso),
        })
    }

    /// When a token expires that has no expiry of its own.
    pub(crate) fn six_months_from_now(&self) -> Value {
        json!(self.now.checked_add(SIX_MONTHS).ok().map(iso))
    }

    /// Creates a token for its caller, who will own it.
    pub(crate) fn create_token(&mut self, owner: &str, body: &Value) -> Result<String, Refusal> {
        let name = required_text(body, "name")?;
        let scopes = scopes_of(body)?;
        let validity_seconds = match body.get("accessTokenValiditySeconds") {
            None | Some(Value::Null) => DEFAULT_VALIDITY,
            Some(value) => value
                .as_i64()
                .filter(|seconds| (MIN_VALIDITY..=DEFAULT_VALIDITY).contains(seconds))
                .ok_or_else(|| {
                    Refusal::illegal_value(format!(
                        "accessTokenValiditySeconds must be from {MIN_VALIDITY} to {DEFAULT_VALIDITY}."
                    ))
                })?,
        };
        let aware = body
            .get("userAwareTokenNeverExpires")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        let expires = self.expiry_of(body.get("expirationDate"), aware)?;
        self.mint(owner, name, scopes, validity_seconds, expires)
    }

    fn mint(
        &mut self,
        owner: &str,
        name: String,
        scopes: Vec<String>,
        validity_seconds: i64,
        expires: Option<Timestamp>,
    ) -> Result<String, Refusal> {
        self.check_token_name(owner, &name, None)?;
        if self.tokens.of_owner(owner).count() >= MAX_TOKENS {
            return Err(Refusal::bad_request(format!(
                "The maximum of {MAX_TOKENS} personal access tokens per user is reached."
            )));
        }
        let id = self.ids.hex();
        let token = PersonalAccessToken {
            id: id.clone(),
            secret: self.ids.secret(),
            name,
            effective_scopes: scopes.clone(),
            scopes,
            owner: owner.to_owned(),
            created: self.now,
            last_used: None,
            managed: false,
            validity_seconds,
            expires,
            aware_of_never_expiring: expires.is_none(),
        };
        self.tokens.insert(token);
        self.touch();
        Ok(id)
    }

    /// Makes a token what `wanted` says; `wanted` is the whole representation after a patch.
    pub(crate) fn change_token(&mut self, id: &str, wanted: &Value) -> Result<(), Refusal> {
        let token = self.token(id)?.clone();
        let current = self.token_wire(&token);
        refuse_changes(
            wanted,
            &current,
            &[
                "id",
                "owner",
                "created",
                "lastUsed",
                "managed",
                "accessTokenValiditySeconds",
            ],
        )?;
        let name = required_text(wanted, "name")?;
        self.check_token_name(&token.owner, &name, Some(id))?;
        let scopes = scopes_of(wanted)?;
        let aware = wanted
            .get("userAwareTokenNeverExpires")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        let expires = if wanted.get("expirationDate") == current.get("expirationDate")
            && token.expires.is_some()
        {
            token.expires
        } else {
            self.expiry_of(wanted.get("expirationDate"), aware)?
        };
        let scopes_changed = scopes != token.scopes;
        if let Some(token) = self.tokens.get_mut(id) {
            token.name = name;
            token.scopes = scopes;
            token.expires = expires;
            token.aware_of_never_expiring = expires.is_none() || aware;
        }
        if scopes_changed {
            self.after(
                delays::SCOPE_CHANGE,
                Event::ScopesTakeEffect {
                    token: id.to_owned(),
                },
            );
        }
        self.touch();
        Ok(())
    }

    /// Sets or clears the expiry of tokens, whosever they are: all of them or none.
    pub(crate) fn change_expiries(
        &mut self,
        ids: &[String],
        change: impl Fn(&Value) -> Result<Value, Refusal>,
    ) -> Result<(), Refusal> {
        let before = self.tokens.clone();
        for id in ids {
            let done = self
                .token(id)
                .map_err(|_| Refusal::illegal_value(format!("There is no token {id}.")))
                .and_then(|token| change(&self.token_wire(token)))
                .and_then(|wanted| self.change_token(id, &wanted));
            if let Err(refusal) = done {
                self.tokens = before;
                return Err(refusal);
            }
        }
        Ok(())
    }

    /// Deletes a token.
    pub(crate) fn delete_token(&mut self, id: &str) -> Result<(), Refusal> {
        self.token(id)?;
        self.tokens.remove(id);
        self.touch();
        Ok(())
    }

    pub(crate) fn token(&self, id: &str) -> Result<&PersonalAccessToken, Refusal> {
        self.tokens
            .get(id)
            .ok_or_else(|| Refusal::not_found(format!("Personal access token {id}")))
    }

    pub(super) fn let_scopes_take_effect(&mut self, id: &str) {
        if let Some(token) = self.tokens.get_mut(id) {
            token.effective_scopes = token.scopes.clone();
        }
    }

    /// Notes that a token was used, at most once a day.
    pub(crate) fn note_use(&mut self, id: &str) {
        let now = self.now;
        let Some(token) = self.tokens.get_mut(id) else {
            return;
        };
        if token
            .last_used
            .is_none_or(|last| now.duration_since(last) >= delays::LAST_USED)
        {
            token.last_used = Some(now);
            self.touch();
        }
    }

    /// Creates a token as its owner does in the user interface after registering. `who` is an account
    /// name (alias), a display name, an email address or an id.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a request is made for one call"
    )]
    pub fn mint_personal_access_token_as_owner(
        &mut self,
        who: &str,
        request: TokenRequest,
    ) -> Result<MintedToken, ControlError> {
        let owner = self.find_person(who)?;
        if self
            .identities
            .get(&owner)
            .is_none_or(|identity| identity.status != IdentityStatus::Active)
        {
            return Err(ControlError::NotRegistered(who.to_owned()));
        }
        let taken = self
            .tokens
            .of_owner(&owner)
            .find(|token| token.name == request.name);
        if let Some(taken) = taken {
            return Err(ControlError::TokenExists {
                who: who.to_owned(),
                token: taken.name.clone(),
                id: taken.id.clone(),
            });
        }
        let default = self.now.checked_add(SIX_MONTHS).ok();
        let expires = if request.never_expires {
            request.expires
        } else {
            request.expires.or(default)
        };
        let mut body = json!({
            "name": request.name,
            "userAwareTokenNeverExpires": request.never_expires,
            "expirationDate": expires.map(iso),
        });
        if !request.scopes.is_empty() {
            body["scope"] = json!(request.scopes);
        }
        if let Some(seconds) = request.access_token_validity_seconds {
            body["accessTokenValiditySeconds"] = json!(seconds);
        }
        let id = self.create_token(&owner, &body)?;
        let (actor, name) = (self.actor(&owner), self.token(&id)?.name.clone());
        let deed = Deed::named(
            "PERSONAL_ACCESS_TOKEN_CREATED",
            "PERSONAL_ACCESS_TOKEN",
            "CREATE",
        );
        self.note(&actor, deed, &name);
        let secret = self.token(&id)?.secret.clone().into();
        Ok(MintedToken { id, secret })
    }

    /// Revokes a token out of band, as its owner could.
    pub fn revoke_token_out_of_band(&mut self, id: &str) -> Result<(), ControlError> {
        let unknown = |_| ControlError::Unknown {
            what: "personal access token",
            name: id.to_owned(),
        };
        let token = self.token(id).map_err(unknown)?;
        let (actor, name) = (self.actor(&token.owner), token.name.clone());
        self.delete_token(id).map_err(unknown)?;
        let deed = Deed::named(
            "PERSONAL_ACCESS_TOKEN_DELETED",
            "PERSONAL_ACCESS_TOKEN",
            "DELETE",
        );
        self.note(&actor, deed, &name);
        Ok(())
    }

    /// Changes scopes or name of a token out of band; the new scopes take effect at once.
    pub fn change_token_out_of_band(
        &mut self,
        id: &str,
        name: Option<String>,
        scopes: Option<Vec<String>>,
    ) -> Result<(), ControlError> {
        let token = self
            .tokens
            .get_mut(id)
            .ok_or_else(|| ControlError::Unknown {
                what: "personal access token",
                name: id.to_owned(),
            })?;
        if let Some(name) = name {
            token.name = name;
        }
        if let Some(scopes) = scopes {
            token.scopes.clone_from(&scopes);
            token.effective_scopes = scopes;
        }
        self.touch();
        Ok(())
    }

    fn check_token_name(
        &self,
        owner: &str,
        name: &str,
        except: Option<&str>,
    ) -> Result<(), Refusal> {
        let taken = self
            .tokens
            .of_owner(owner)
            .any(|token| Some(token.id.as_str()) != except && token.name == name);
        if taken {
            // Tenants are not clearer than this.
            return Err(Refusal::bad_request("The request could not be processed."));
        }
        Ok(())
    }

    fn expiry_of(&self, value: Option<&Value>, aware: bool) -> Result<Option<Timestamp>, Refusal> {
        let text = match value {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(Value::String(text)) => Some(text),
            Some(_) => {
                return Err(Refusal::illegal_value(
                    "expirationDate must be a date and time.",
                ));
            }
        };
        let Some(text) = text else {
            if aware {
                return Ok(None);
            }
            return Err(Refusal::illegal_value(
                "expirationDate must be given unless userAwareTokenNeverExpires is true.",
            ));
        };
        let time: Timestamp = text
            .parse()
            .map_err(|_| Refusal::illegal_value("expirationDate must be a date and time."))?;
        if time <= self.now {
            return Err(Refusal::illegal_value(
                "expirationDate must be in the future.",
            ));
        }
        Ok(Some(to_millisecond(time)))
    }
}

fn scopes_of(body: &Value) -> Result<Vec<String>, Refusal> {
    let scopes = texts(body, "scope")?;
    if scopes.is_empty() {
        return Ok(vec![catalog::SCOPE_ALL.to_owned()]);
    }
    Ok(scopes)
}
