//! Changing the tenant.

use super::FakeTenant;
use super::read::not_found;
use super::state::{Comparing, ImportEnd, Source, State, Told, schema};
use jiff::Timestamp;
use model::{
    AttributeSpec, Credential, IdentityId, IdentityStatus, LiveMapping, LiveProfile, LiveToken,
    NewProfile, NewSource, NewToken, Operation, ProfileId, SchemaId, Scope, SecretDocument,
    SourceChange, SourceId, TaskId, TaskState, TenantError, TenantErrorKind, TenantWrite, TokenId,
    TokenName, UserLevel,
};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;

fn rejected(text: &str) -> TenantErrorKind {
    TenantErrorKind::Rejected {
        status: 400,
        detail_code: None,
        text: text.to_owned(),
        tracking_id: None,
    }
}

fn task(state: &mut State, end: TaskState, messages: &[&str]) -> TaskId {
    let messages = messages.iter().map(|message| (*message).to_owned());
    let at = Instant::now() + state.task_time;
    state.tasks.push((at, end, messages.collect()));
    format!("task-{}", state.tasks.len() - 1).into()
}

fn owner_of(state: &State, issuer: &Credential) -> Result<IdentityId, TenantErrorKind> {
    let mut tokens = state.tokens.iter();
    tokens
        .find(|token| token.id == issuer.client_id)
        .map(|token| token.owner.clone())
        .ok_or_else(|| TenantErrorKind::Unauthenticated {
            text: "the issuer is not known".to_owned(),
        })
}

impl TenantWrite for FakeTenant {
    async fn create_source(&self, new: &NewSource) -> Result<SourceId, TenantError> {
        self.call("create_source", new.name.as_str(), |state| {
            let taken = |source: &Source| source.settings.name == new.name;
            if state.sources.values().any(taken) {
                return Err(rejected("the name is taken"));
            }
            let id = format!("source-{}", state.number());
            let mut source = Source::new(&id, new.name.as_str(), &["id", "name", "givenName"]);
            source.settings.owner = Some(new.owner.clone());
            source.settings.description.clone_from(&new.description);
            source.settings.delete_threshold = new.delete_threshold.map(i64::from);
            state.add_source(source);
            Ok(id.into())
        })
        .await
    }

    async fn update_source(
        &self,
        source: &SourceId,
        changes: &[SourceChange],
    ) -> Result<(), TenantError> {
        self.call("update_source", source.as_str(), |state| {
            if state.ignores_changes {
                return Ok(());
            }
            let settings = &mut state.source(source.as_str()).settings;
            for change in changes {
                match change {
                    SourceChange::Owner(owner) => settings.owner = Some(owner.clone()),
                    SourceChange::Description(text) => settings.description = Some(text.clone()),
                    SourceChange::DeleteThreshold(percent) => {
                        settings.delete_threshold = Some((*percent).into());
                        settings.connector_delete_threshold = Some((*percent).into());
                    }
                }
            }
            Ok(())
        })
        .await
    }

    async fn define_schema(
        &self,
        source: &SourceId,
        _: &SchemaId,
        attributes: &[AttributeSpec],
    ) -> Result<(), TenantError> {
        self.call("define_schema", source.as_str(), |state| {
            if state.ignores_changes {
                return Ok(());
            }
            let names: Vec<_> = attributes
                .iter()
                .map(|attribute| attribute.name.as_str())
                .collect();
            state.source(source.as_str()).schema = Some(schema(&names));
            Ok(())
        })
        .await
    }

    async fn import_accounts(
        &self,
        source: &SourceId,
        csv: Vec<u8>,
        _: bool,
    ) -> Result<TaskId, TenantError> {
        self.call("import_accounts", source.as_str(), |state| {
            if !state.source(source.as_str()).running.is_empty() {
                return Err(rejected("the currently running aggregation must complete"));
            }
            let (end, messages): (_, &[&str]) = match state.import(source, &csv) {
                ImportEnd::Success | ImportEnd::SuccessWithout(_) => (TaskState::Success, &[]),
                ImportEnd::WarningWithoutDeletions => {
                    (TaskState::Warning, &["the delete threshold was exceeded"])
                }
                ImportEnd::WarningAllDone => (TaskState::Warning, &["a row was odd"]),
                ImportEnd::Failed(status) => {
                    (TaskState::Failed(status.to_owned()), &["the disk is full"])
                }
            };
            Ok(task(state, end, messages))
        })
        .await
    }

    async fn create_profile(
        &self,
        new: &NewProfile,
        source: &SourceId,
    ) -> Result<ProfileId, TenantError> {
        self.call("create_profile", &new.name, |state| {
            let id = format!("profile-{}", state.number());
            let there = state.source(source.as_str());
            if there.profile.is_some() {
                return Err(rejected("the source has a profile"));
            }
            let mapping = |attribute: &model::AccountAttribute| LiveMapping::Account {
                source: source.clone(),
                attribute: attribute.clone(),
            };
            there.profile = Some(LiveProfile {
                id: id.as_str().into(),
                name: new.name.clone(),
                owner: Some(new.owner.clone()),
                authoritative_source: source.clone(),
                enabled: true,
                mappings: new
                    .mappings
                    .iter()
                    .map(|(target, attribute)| (target.clone(), mapping(attribute)))
                    .collect(),
                refresh_required: true,
                identity_count: None,
            });
            Ok(id.into())
        })
        .await
    }

    async fn update_profile(&self, update: &Operation) -> Result<(), TenantError> {
        let Operation::UpdateProfile {
            profile,
            name,
            owner,
            enable,
            mappings,
            source,
            source_name: _,
        } = update
        else {
            panic!("{update:?} is no change of a profile");
        };
        self.call("update_profile", profile.as_str(), |state| {
            if state.ignores_changes {
                return Ok(());
            }
            let there = state.source(source.as_str()).profile.as_mut();
            let there = there.ok_or_else(not_found)?;
            there.name = name.clone().unwrap_or_else(|| there.name.clone());
            there.owner = owner.clone().or_else(|| there.owner.clone());
            there.enabled |= enable;
            for (target, attribute) in mappings {
                let mapping = LiveMapping::Account {
                    source: source.clone(),
                    attribute: attribute.clone(),
                };
                there.mappings.insert(target.clone(), mapping);
            }
            Ok(())
        })
        .await
    }

    async fn process_identities(&self, profile: &ProfileId) -> Result<(), TenantError> {
        self.call("process_identities", profile.as_str(), |state| {
            let after = state.identities_after;
            let is_its = |source: &&mut Source| {
                source
                    .profile
                    .as_ref()
                    .is_some_and(|there| &there.id == profile)
            };
            let source = state.sources.values_mut().find(is_its);
            source.ok_or_else(not_found)?.identities_at = after.map(|after| Instant::now() + after);
            Ok(())
        })
        .await
    }

    async fn invite(&self, identities: &BTreeSet<IdentityId>) -> Result<TaskId, TenantError> {
        let about: Vec<&str> = identities.iter().map(IdentityId::as_str).collect();
        self.call("invite", &about.join(" "), |state| {
            if let Some(unknown) = identities
                .iter()
                .find(|id| !state.identities.contains_key(*id))
            {
                return Err(rejected(&format!("there is no identity {unknown}")));
            }
            for identity in identities.difference(&state.not_invited) {
                if let Some(there) = state.identities.get_mut(identity) {
                    there.status = IdentityStatus::Pending;
                }
            }
            let end = state.invitations.pop_front().unwrap_or(TaskState::Success);
            Ok(task(state, end, &["no mail server"]))
        })
        .await
    }

    async fn compares_levels(&self, identity: &IdentityId) -> Result<bool, TenantError> {
        self.call("compares_levels", identity.as_str(), |state| {
            Ok(state.comparing == Comparing::Done)
        })
        .await
    }

    async fn set_user_levels(
        &self,
        identity: &IdentityId,
        from: Option<&BTreeSet<UserLevel>>,
        levels: &BTreeSet<UserLevel>,
        within: Option<Duration>,
    ) -> Result<Option<BTreeSet<UserLevel>>, TenantError> {
        self.call("set_user_levels", identity.as_str(), |state| {
            let there = state.levels.get_mut(identity).ok_or_else(not_found)?;
            if within.is_some_and(|within| within < state.waits_for_its_turn) {
                state.waits_for_its_turn = Duration::ZERO;
                return Err(TenantErrorKind::TooLate);
            }
            let differs =
                from.is_some_and(|from| from != there) && state.comparing != Comparing::Ignored;
            if differs || from.is_some() && state.comparing == Comparing::Rejected {
                return Err(rejected("the test of /capabilities failed"));
            }
            *there = levels
                .difference(&state.levels_dropped)
                .chain(&state.levels_kept)
                .cloned()
                .collect();
            let told = (state.told == Told::Levels).then(|| there.clone());
            Ok(told)
        })
        .await
    }

    async fn mint_token(
        &self,
        issuer: &Credential,
        new: &NewToken,
    ) -> Result<SecretDocument, TenantError> {
        self.call("mint_token", new.name.as_str(), |state| {
            let owner = owner_of(state, issuer)?;
            let taken = |token: &LiveToken| token.owner == owner && token.name == new.name;
            if state.tokens.iter().any(taken) {
                return Err(rejected("something went wrong"));
            }
            let id = TokenId::new(format!("pat-{}-{}", new.name, state.number()));
            let secret = format!("s3cr3t-of-{id}");
            state.secrets.insert(id.clone(), secret.clone());
            let created: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
            let expires = new.expires.filter(|_| !state.tokens_never_end);
            state.tokens.push(LiveToken {
                id: id.clone(),
                name: new.name.clone(),
                owner: owner.clone(),
                scopes: new.scopes.clone(),
                created,
                expires,
                last_used: None,
                access_token_validity: new.access_token_validity,
                managed: false,
            });
            Ok(SecretDocument {
                credential: Credential {
                    client_id: id,
                    client_secret: secret.into(),
                },
                base_url: None,
                account: Some(new.account_name.clone()),
                identity: Some(owner),
                token: Some(new.name.clone()),
                scopes: new.scopes.clone(),
                created: Some(created),
                expires,
                replaces: None,
                rotation: new.rotation,
                previous: None,
            })
        })
        .await
    }

    async fn update_token(
        &self,
        issuer: &Credential,
        token: &TokenId,
        name: Option<&TokenName>,
        scopes: Option<&BTreeSet<Scope>>,
        expires: Option<Option<Timestamp>>,
    ) -> Result<(), TenantError> {
        let about = match name {
            Some(name) => format!("{token} name={name}"),
            None => token.to_string(),
        };
        self.call("update_token", &about, |state| {
            let owner = owner_of(state, issuer)?;
            let taken = |live: &LiveToken| live.owner == owner && Some(&live.name) == name;
            if state.tokens.iter().any(taken) {
                return Err(rejected("something went wrong"));
            }
            if state.ignores_changes {
                return Ok(());
            }
            let mut tokens = state.tokens.iter_mut();
            let live = tokens.find(|live| &live.id == token && live.owner == owner);
            let live = live.ok_or_else(not_found)?;
            if let Some(name) = name {
                live.name = name.clone();
            }
            if let Some(scopes) = scopes {
                live.scopes.clone_from(scopes);
            }
            if let Some(expires) = expires {
                live.expires = expires;
            }
            Ok(())
        })
        .await
    }

    async fn disable_token(
        &self,
        issuer: Option<&Credential>,
        token: &TokenId,
    ) -> Result<Timestamp, TenantError> {
        let end = Timestamp::now() + Operation::DISABLED_AFTER;
        self.call("disable_token", token.as_str(), |state| {
            if let Some(issuer) = issuer {
                owner_of(state, issuer)?;
            }
            let live = state.tokens.iter_mut().find(|live| &live.id == token);
            live.ok_or_else(not_found)?.expires = Some(end);
            Ok(end)
        })
        .await
    }

    async fn revoke_token(
        &self,
        issuer: Option<&Credential>,
        token: &TokenId,
    ) -> Result<(), TenantError> {
        self.call("revoke_token", token.as_str(), |state| {
            if let Some(issuer) = issuer {
                owner_of(state, issuer)?;
            }
            state.tokens.retain(|live| &live.id != token);
            Ok(())
        })
        .await
    }
}
