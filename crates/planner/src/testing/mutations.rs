//! Mutations of the observed state, one for each field that the planner reads.

use super::fixtures::{live_attribute, live_token};
use jiff::SignedDuration;
use model::{
    Address, Collection, IdentityStatus, Live, LiveAccount, LiveMapping, LiveProfile, LiveSchema,
    LiveSource, LiveToken, ManagedSource, SourceName, Spec, TokenSpec,
};

/// What a plan has to say after a change of the tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// A step at this address; identity processing may follow.
    Step(Address),
    /// A problem of this code, and no step.
    Problem(&'static str),
    /// Nothing: the field is not declared, or not compared.
    Nothing,
}

/// A change of one field of one thing; none where the tenant has no such thing.
pub(crate) type Mutation = fn(&Spec, &mut Live) -> Option<Expected>;

/// Every field of the live state, by name.
pub(crate) const MUTATIONS: &[(&str, Mutation)] = &[
    ("source.owner", |_, live| {
        let (name, source) = a_source(live)?;
        source.owner = Some("somebody else".into());
        Some(Expected::Step(Address::Source(name)))
    }),
    ("source.description", |spec, live| {
        let (name, source) = a_source(live)?;
        source.description = Some("changed by hand".to_owned());
        let declared = settings(spec, &name)?.description.is_some();
        Some(step_if(declared, Address::Source(name)))
    }),
    ("source.delete_threshold", |spec, live| {
        let (name, source) = a_source(live)?;
        source.delete_threshold = Some((source.delete_threshold? + 1) % 101);
        let declared = settings(spec, &name)?.delete_threshold.is_some();
        Some(step_if(declared, Address::Source(name)))
    }),
    ("source.connector_delete_threshold", |spec, live| {
        let (name, source) = a_source(live)?;
        source.connector_delete_threshold = Some((source.delete_threshold? + 1) % 101);
        let declared = settings(spec, &name)?.delete_threshold.is_some();
        Some(step_if(declared, Address::Source(name)))
    }),
    ("source.kind", |_, live| {
        // Without accounts, whose tokens and levels would still be managed.
        let (_, source) = a_source(live)?;
        source.kind = "Active Directory - Direct".to_owned();
        Some(Expected::Problem("SM0902"))
    }),
    ("schema.identity_attribute", |_, live| {
        let (name, schema) = a_schema(live)?;
        schema.identity_attribute = Some("name".into());
        Some(Expected::Step(Address::Schema(name)))
    }),
    ("schema.display_attribute", |_, live| {
        let (name, schema) = a_schema(live)?;
        schema.display_attribute = None;
        Some(Expected::Step(Address::Schema(name)))
    }),
    ("schema.attributes: one less", |_, live| {
        let (name, schema) = a_schema(live)?;
        schema.attributes.pop()?;
        Some(Expected::Step(Address::Schema(name)))
    }),
    ("schema.attributes: one more", |_, live| {
        let (name, schema) = a_schema(live)?;
        schema.attributes.push(live_attribute("byHand"));
        Some(Expected::Step(Address::Schema(name)))
    }),
    ("schema.attributes: another order", |_, live| {
        a_schema(live)?.1.attributes.reverse();
        Some(Expected::Nothing)
    }),
    ("attribute.kind", |_, live| {
        let (name, schema) = a_schema(live)?;
        schema.attributes.first_mut()?.kind = "INT".to_owned();
        Some(Expected::Step(Address::Schema(name)))
    }),
    ("attribute.multi", |_, live| {
        let (name, schema) = a_schema(live)?;
        schema.attributes.first_mut()?.multi = true;
        Some(Expected::Step(Address::Schema(name)))
    }),
    ("attribute.description", |_, live| {
        // The generator declares no descriptions.
        a_schema(live)?.1.attributes.first_mut()?.description = Some("changed".to_owned());
        Some(Expected::Nothing)
    }),
    ("account.id", |_, live| {
        an_account(live)?.1.id = "another".into();
        Some(Expected::Nothing)
    }),
    ("account.name", |_, live| {
        an_account(live)?.1.name = "another".into();
        Some(Expected::Nothing)
    }),
    ("account.cells: a declared one", |spec, live| {
        let (_, account) = an_account(live)?;
        account
            .cells
            .insert("purpose".into(), "changed by hand".to_owned());
        let key = declared_key(spec, account)?;
        Some(Expected::Step(Address::Account(key)))
    }),
    ("account.cells: none any more", |spec, live| {
        let (_, account) = an_account(live)?;
        account.cells.remove("e-mail")?;
        let key = declared_key(spec, account)?;
        Some(Expected::Step(Address::Account(key)))
    }),
    ("account.cells: one that no file declares", |_, live| {
        an_account(live)?
            .1
            .cells
            .insert("costCenter".into(), "4711".to_owned());
        Some(Expected::Nothing)
    }),
    ("profile.name", |_, live| {
        let (name, profile) = a_profile(live)?;
        profile.name = "changed by hand".to_owned();
        Some(Expected::Step(Address::Profile(name)))
    }),
    ("profile.owner", |spec, live| {
        let (name, profile) = a_profile(live)?;
        profile.owner = Some("somebody else".into());
        let declared = settings(spec, &name)?
            .identity_profile
            .as_ref()?
            .owner
            .is_some();
        Some(step_if(declared, Address::Profile(name)))
    }),
    ("profile.enabled", |_, live| {
        let (name, profile) = a_profile(live)?;
        profile.enabled = false;
        Some(Expected::Step(Address::Profile(name)))
    }),
    ("profile.mappings: a declared one", |_, live| {
        let (name, profile) = a_profile(live)?;
        profile
            .mappings
            .insert("email".into(), LiveMapping::Other("static".to_owned()));
        Some(Expected::Step(Address::Profile(name)))
    }),
    ("profile.mappings: of another source", |_, live| {
        let (name, profile) = a_profile(live)?;
        let mapping = LiveMapping::Account {
            source: "another".into(),
            attribute: "name".into(),
        };
        profile.mappings.insert("uid".into(), mapping);
        Some(Expected::Step(Address::Profile(name)))
    }),
    ("profile.mappings: one that no file declares", |_, live| {
        let (_, profile) = a_profile(live)?;
        profile
            .mappings
            .insert("department".into(), LiveMapping::Other("rule".to_owned()));
        Some(Expected::Nothing)
    }),
    ("profile.refresh_required", |_, live| {
        let (name, profile) = a_profile(live)?;
        profile.refresh_required = true;
        Some(Expected::Step(Address::Processing(name)))
    }),
    ("identity.status", |_, live| {
        // Everybody is enrolled, so it does not matter.
        for identity in live.identities.values_mut() {
            if let Collection::Complete(Some(identity)) = identity {
                identity.status = IdentityStatus::Pending;
            }
        }
        Some(Expected::Nothing)
    }),
    ("levels", |spec, live| {
        let account = spec
            .accounts
            .values()
            .find(|account| identity(account, live).is_some())?;
        let owner = identity(account, live)?;
        let Collection::Complete(levels) = live.levels.get_mut(&owner)? else {
            return None;
        };
        levels.insert("BY_HAND".into());
        Some(step_if(
            account.user_levels.is_some(),
            Address::Levels(account.key.clone()),
        ))
    }),
    ("token.scopes", |spec, live| {
        let (address, _, token) = a_token(spec, live)?;
        token.scopes.insert("changed:by:hand".into());
        Some(Expected::Step(address))
    }),
    ("token.expires", |spec, live| {
        let (address, _, token) = a_token(spec, live)?;
        token.expires = match token.expires {
            Some(end) => Some(end + SignedDuration::from_hours(24 * 30)),
            None => Some(token.created + SignedDuration::from_hours(24 * 500)),
        };
        Some(Expected::Step(address))
    }),
    ("token.access_token_validity", |spec, live| {
        let (address, declared, token) = a_token(spec, live)?;
        let validity = token.access_token_validity?;
        token.access_token_validity = Some(validity ^ 1);
        Some(step_if(declared.access_token_validity.is_some(), address))
    }),
    ("token.last_used", |spec, live| {
        a_token(spec, live)?.2.last_used = Some(super::fixtures::NOW);
        Some(Expected::Nothing)
    }),
    ("token.name", |spec, live| {
        let (address, _, token) = a_token(spec, live)?;
        token.name = "renamed by hand".into();
        // Reported, not revoked: see the policy of the property.
        Some(Expected::Step(address))
    }),
    ("tokens: one of somebody else", |_, live| {
        tokens(live)?.push(live_token("another", "nobody that we know", &[]));
        Some(Expected::Nothing)
    }),
    ("tokens: one that no file declares", |spec, live| {
        let owner = a_token(spec, live)?.2.owner.clone();
        tokens(live)?.push(live_token("by hand", owner.as_str(), &[]));
        Some(Expected::Nothing)
    }),
];

fn step_if(declared: bool, address: Address) -> Expected {
    if declared {
        Expected::Step(address)
    } else {
        Expected::Nothing
    }
}

fn settings<'a>(spec: &'a Spec, name: &SourceName) -> Option<&'a ManagedSource> {
    spec.sources.get(name)?.managed()
}

fn a_source(live: &mut Live) -> Option<(SourceName, &mut LiveSource)> {
    let (name, source) = live.sources.iter_mut().next()?;
    match source {
        Collection::Complete(Some(source)) => Some((name.clone(), source)),
        _ => None,
    }
}

fn a_schema(live: &mut Live) -> Option<(SourceName, &mut LiveSchema)> {
    let (name, source) = a_source(live)?;
    match &mut source.schema {
        Collection::Complete(Some(schema)) => Some((name, schema)),
        _ => None,
    }
}

fn a_profile(live: &mut Live) -> Option<(SourceName, &mut LiveProfile)> {
    let (name, source) = a_source(live)?;
    match &mut source.profile {
        Collection::Complete(Some(profile)) => Some((name, profile)),
        _ => None,
    }
}

fn an_account(live: &mut Live) -> Option<(SourceName, &mut LiveAccount)> {
    let (name, source) = a_source(live)?;
    match &mut source.accounts {
        Collection::Complete(accounts) => Some((name, accounts.first_mut()?)),
        Collection::Partial { .. } => None,
    }
}

fn tokens(live: &mut Live) -> Option<&mut Vec<LiveToken>> {
    match &mut live.tokens {
        Collection::Complete(tokens) => Some(tokens),
        Collection::Partial { .. } => None,
    }
}

fn declared_key(spec: &Spec, account: &LiveAccount) -> Option<model::AccountKey> {
    let is_it = |declared: &&model::AccountSpec| {
        declared
            .row
            .as_ref()
            .is_some_and(|row| row.id == account.native_identity)
    };
    spec.accounts
        .values()
        .find(is_it)
        .map(|account| account.key.clone())
}

fn identity(account: &model::AccountSpec, live: &Live) -> Option<model::IdentityId> {
    let source = live.sources.get(&account.source)?.found().as_ref()?;
    let id = &account.row.as_ref()?.id;
    source
        .accounts
        .found()
        .iter()
        .find(|live| &live.native_identity == id)?
        .identity
        .clone()
}

/// A live token that a file declares, with its address and declaration.
fn a_token<'s, 'l>(
    spec: &'s Spec,
    live: &'l mut Live,
) -> Option<(Address, &'s TokenSpec, &'l mut LiveToken)> {
    let (account, name, declared, owner) = spec.accounts.values().find_map(|account| {
        let (name, declared) = account.tokens.as_ref()?.first()?;
        Some((account, name, declared, identity(account, live)?))
    })?;
    let token = tokens(live)?
        .iter_mut()
        .find(|live| live.owner == owner && &live.name == name)?;
    Some((
        Address::Token(account.key.clone(), name.clone()),
        declared,
        token,
    ))
}
