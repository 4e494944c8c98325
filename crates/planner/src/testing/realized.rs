//! Test model of apply: the observed state after every step.

use super::fixtures::NOW;
use model::{
    AccountAttribute, Collection, IdentityId, IdentityStatus, IdentityTarget, Live, LiveAccount,
    LiveAttribute, LiveIdentity, LiveMapping, LiveProfile, LiveSchema, LiveSource, LiveToken,
    NewToken, Operation, Plan, RowChange, SourceChange, SourceName, StoredToken, TokenId,
};
use std::collections::BTreeMap;

/// The tenant after every step of the plan.
pub(crate) fn realized(live: &Live, plan: &Plan) -> Live {
    let mut live = live.clone();
    for step in &plan.steps {
        carry_out(&mut live, &step.address, &step.operation);
    }
    live
}

/// Every identity is registered and has its issuer in the store.
pub(crate) fn enrolled(live: &Live, plan: &Plan) -> Live {
    let mut live = live.clone();
    for account in &plan.accounts {
        let Some(identity) = identity_of(&live, &account.source, account.name.as_str()) else {
            continue;
        };
        if let Some(Collection::Complete(Some(found))) = live.identities.get_mut(&identity) {
            found.status = IdentityStatus::Active;
        }
        let id = TokenId::new(format!("issuer of {identity}"));
        live.stores.issuers.insert(
            account.key.clone(),
            model::IssuerState::Present {
                client_id: id.clone(),
                origin: model::IssuerOrigin::Steersman {
                    replaces: "enrolled".into(),
                    rotation: 0,
                },
            },
        );
        let mut token = super::fixtures::live_token("issuer", identity.as_str(), &[]);
        token.id = id;
        tokens(&mut live).retain(|there| there.id != token.id);
        tokens(&mut live).push(token);
    }
    live
}

fn carry_out(live: &mut Live, address: &model::Address, operation: &Operation) {
    match operation {
        Operation::CreateSource(new) => {
            let source = LiveSource {
                id: format!("id of {}", new.name).into(),
                name: new.name.clone(),
                kind: LiveSource::DELIMITED_FILE.to_owned(),
                owner: Some(new.owner.clone()),
                description: new.description.clone(),
                delete_threshold: Some(new.delete_threshold.map_or(10, i64::from)),
                connector_delete_threshold: None,
                file: model::FileSettings::default(),
                never_read: false,
                raised_from: None,
                aggregations: model::Aggregations::NotAsked,
                // What ISC starts with, though not what the guide wants.
                schema: Collection::Complete(Some(LiveSchema {
                    id: "schema".into(),
                    identity_attribute: Some("id".into()),
                    display_attribute: Some("name".into()),
                    attributes: ["id", "name", "givenName"].map(attribute).into(),
                })),
                accounts: Collection::Complete(Vec::new()),
                profile: Collection::Complete(None),
            };
            live.sources
                .insert(new.name.clone(), Collection::Complete(Some(source)));
        }
        Operation::UpdateSource { changes, .. } => {
            let source = source(live, address.source().unwrap());
            for change in changes {
                match change.clone() {
                    SourceChange::Owner(owner) => source.owner = Some(owner),
                    SourceChange::Description(text) => source.description = Some(text),
                    SourceChange::DeleteThreshold(percent) => {
                        source.delete_threshold = Some(percent.into());
                        source.connector_delete_threshold = Some(percent.into());
                    }
                }
            }
        }
        Operation::DefineSchema { attributes, .. } => {
            let source = source(live, address.source().unwrap());
            source.schema = Collection::Complete(Some(LiveSchema {
                id: "schema".into(),
                identity_attribute: Some("id".into()),
                display_attribute: Some("name".into()),
                attributes: attributes
                    .iter()
                    .rev()
                    .map(|wanted| LiveAttribute {
                        description: wanted.description.clone(),
                        ..attribute(wanted.name.as_str())
                    })
                    .collect(),
            }));
        }
        Operation::ImportRow {
            source_name,
            native_identity,
            change,
            ..
        } => {
            import(source(live, source_name), native_identity, change);
        }
        Operation::CreateProfile(new) => {
            let source = source(live, &new.source_name);
            source.profile = Collection::Complete(Some(LiveProfile {
                id: "profile".into(),
                name: new.name.clone(),
                owner: Some(new.owner.clone()),
                authoritative_source: source.id.clone(),
                enabled: true,
                mappings: mapped(&source.id, &new.mappings),
                refresh_required: true,
                identity_count: None,
            }));
        }
        Operation::UpdateProfile {
            name,
            owner,
            mappings,
            source_name,
            ..
        } => {
            let source = source(live, source_name);
            let id = source.id.clone();
            let Collection::Complete(Some(profile)) = &mut source.profile else {
                panic!("there is a profile")
            };
            profile.name = name.clone().unwrap_or_else(|| profile.name.clone());
            profile.owner = owner.clone().or_else(|| profile.owner.clone());
            profile.enabled = true;
            profile.mappings.extend(mapped(&id, mappings));
            profile.refresh_required = true;
        }
        Operation::ProcessIdentities { .. } => process(live, address.source().unwrap()),
        Operation::Invite { identity, .. } => {
            let identity = resolve(live, identity);
            if let Some(Collection::Complete(Some(found))) = live.identities.get_mut(&identity) {
                found.status = IdentityStatus::Pending;
            }
        }
        Operation::SetLevels { identity, levels } => {
            let identity = resolve(live, identity);
            live.levels
                .insert(identity, Collection::Complete(levels.clone()));
        }
        Operation::MintToken(new) => mint(live, new),
        Operation::UpdateToken { token, change, .. } => {
            let found = tokens(live)
                .iter_mut()
                .find(|there| &there.id == token)
                .unwrap();
            if let Some(scopes) = &change.scopes {
                found.scopes.clone_from(scopes);
            }
            if let Some(expires) = change.expires {
                found.expires = expires;
            }
        }
        Operation::ReplaceToken {
            old,
            retire_as,
            new,
        } => {
            match retire_as {
                Some(name) => {
                    let found = tokens(live)
                        .iter_mut()
                        .find(|there| &there.id == old)
                        .unwrap();
                    found.name = name.clone();
                }
                None => tokens(live).retain(|there| &there.id != old),
            }
            mint(live, new);
        }
        // No plan of the files does it.
        Operation::DisableToken { .. } | Operation::RollBackToken(_) => {}
        Operation::ReplaceIssuer(replacement) => {
            tokens(live).retain(|there| there.id != replacement.old);
            let id = TokenId::new(format!("after {}", replacement.old));
            let mut token = super::fixtures::live_token(
                replacement.new.name.as_str(),
                replacement.new.identity.as_str(),
                &[],
            );
            token.id = id.clone();
            token.scopes.clone_from(&replacement.new.scopes);
            token.expires = replacement.new.expires;
            tokens(live).push(token);
            let minted = model::IssuerState::Present {
                client_id: id,
                origin: model::IssuerOrigin::Steersman {
                    replaces: replacement.old.clone(),
                    rotation: replacement.new.rotation,
                },
            };
            let account = replacement.new.account.clone();
            live.stores.issuers.insert(account, minted);
        }
        Operation::RevokeToken { token, .. } => tokens(live).retain(|there| &there.id != token),
    }
}

fn import(source: &mut LiveSource, id: &model::NativeIdentity, change: &RowChange) {
    let Collection::Complete(accounts) = &mut source.accounts else {
        panic!("accounts are complete")
    };
    match change {
        RowChange::Delete => accounts.retain(|account| &account.native_identity != id),
        RowChange::Rename { from, cells } => {
            // The worst that ISC may do: the new account has no identity.
            let Some(place) = accounts
                .iter()
                .position(|account| &account.native_identity == from)
            else {
                panic!("there is an account {from}")
            };
            let mut earlier = accounts.remove(place).cells;
            earlier.extend(cells.clone());
            import(source, id, &RowChange::Upsert { cells: earlier });
        }
        RowChange::Upsert { cells } => {
            let filled = |cells: &BTreeMap<AccountAttribute, String>| {
                // An empty cell comes back as no value.
                cells
                    .clone()
                    .into_iter()
                    .filter(|(_, cell)| !cell.is_empty())
                    .collect()
            };
            match accounts
                .iter_mut()
                .find(|account| &account.native_identity == id)
            {
                Some(account) => {
                    account.cells.extend(cells.clone());
                    account.cells = filled(&account.cells);
                    let name = account.cells["name"].as_str().into();
                    // The worst that ISC may do: the identity goes.
                    if account.name != name {
                        account.identity = None;
                    }
                    account.name = name;
                }
                None => accounts.push(LiveAccount {
                    id: format!("account {id}").into(),
                    native_identity: id.clone(),
                    name: cells["name"].as_str().into(),
                    cells: filled(cells),
                    identity: None,
                    manually_correlated: Some(false),
                    is_machine: Some(false),
                    several: std::collections::BTreeSet::new(),
                    created: None,
                }),
            }
        }
    }
}

fn process(live: &mut Live, name: &SourceName) {
    let source = source(live, name);
    if let Collection::Complete(Some(profile)) = &mut source.profile {
        profile.refresh_required = false;
    }
    let Collection::Complete(accounts) = &mut source.accounts else {
        panic!("accounts are complete")
    };
    let mut born = Vec::new();
    for account in accounts
        .iter_mut()
        .filter(|account| account.identity.is_none())
    {
        let id = IdentityId::new(format!(
            "identity of {name} {} {}",
            account.native_identity, account.name
        ));
        account.identity = Some(id.clone());
        let email = account.cells.get("e-mail").cloned();
        born.push((id, account.name.to_string(), email));
    }
    for (id, alias, email) in born {
        live.levels
            .insert(id.clone(), Collection::Complete([].into()));
        let identity = LiveIdentity {
            id: id.clone(),
            name: alias.clone(),
            alias,
            email,
            status: IdentityStatus::Unregistered,
            created: None,
            modified: None,
            made_by: None,
        };
        live.identities
            .insert(id, Collection::Complete(Some(identity)));
    }
}

fn mint(live: &mut Live, new: &NewToken) {
    let id = TokenId::new(format!(
        "{} of {} {}",
        new.name, new.identity, live.requests
    ));
    live.requests += 1;
    // Where stores were read, they have the secret now.
    if !live.stores.tokens.is_empty() {
        let places = live.stores.tokens.entry(new.account.clone()).or_default();
        let present = StoredToken::Present {
            client_id: id.clone(),
            says_own: true,
            rotation: 0,
            previous: None,
        };
        places.insert(new.name.clone(), present);
    }
    tokens(live).push(LiveToken {
        id,
        name: new.name.clone(),
        owner: new.identity.clone(),
        scopes: new.scopes.clone(),
        created: NOW,
        expires: new.expires,
        last_used: None,
        access_token_validity: Some(new.access_token_validity.unwrap_or(43_200)),
        managed: false,
    });
}

fn resolve(live: &Live, identity: &IdentityTarget) -> IdentityId {
    match identity {
        IdentityTarget::Known(id) => id.clone(),
        IdentityTarget::OfAccount {
            native_identity, ..
        } => live
            .sources
            .values()
            .filter_map(|source| source.found().as_ref())
            .flat_map(|source| source.accounts.found())
            .find(|account| &account.native_identity == native_identity)
            .and_then(|account| account.identity.clone())
            .unwrap(),
    }
}

fn identity_of(live: &Live, source: &SourceName, name: &str) -> Option<IdentityId> {
    let source = live.sources.get(source)?.found().as_ref()?;
    source
        .accounts
        .found()
        .iter()
        .find(|account| account.name.as_str() == name)?
        .identity
        .clone()
}

fn source<'a>(live: &'a mut Live, name: &SourceName) -> &'a mut LiveSource {
    match live.sources.get_mut(name) {
        Some(Collection::Complete(Some(source))) => source,
        _ => panic!("there is a source {name}"),
    }
}

fn tokens(live: &mut Live) -> &mut Vec<LiveToken> {
    match &mut live.tokens {
        Collection::Complete(tokens) => tokens,
        Collection::Partial { .. } => panic!("tokens are complete"),
    }
}

fn mapped(
    source: &model::SourceId,
    mappings: &BTreeMap<model::IdentityAttribute, AccountAttribute>,
) -> BTreeMap<model::IdentityAttribute, LiveMapping> {
    mappings
        .iter()
        .map(|(target, attribute)| {
            let mapping = LiveMapping::Account {
                source: source.clone(),
                attribute: attribute.clone(),
            };
            (target.clone(), mapping)
        })
        .collect()
}

fn attribute(name: &str) -> LiveAttribute {
    LiveAttribute {
        description: None,
        ..super::fixtures::live_attribute(name)
    }
}
