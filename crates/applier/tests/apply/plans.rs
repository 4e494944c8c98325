//! Plans and their steps.

use crate::world::local;
use model::{
    AccountAttribute, Action, Address, Digest, Estimate, Fingerprint, IdentityNames,
    IdentityTarget, NewProfile, NewSource, NewToken, Operation, OwnIdentity, Plan, Reason, Ref,
    RowChange, SourceId, Step, StoreKey, TokenName,
};
use std::collections::BTreeMap;

/// A plan of these steps.
pub(crate) fn plan(steps: Vec<Step>) -> Plan {
    Plan {
        tenant: "https://acme.api.identitynow.com".to_owned(),
        user: "jane.doe".to_owned(),
        stores: BTreeMap::new(),
        spec_digest: Digest::of(&"spec"),
        created_at: "2026-03-01T00:00:00Z".parse().unwrap(),
        steps,
        blocked: Vec::new(),
        unmanaged: Vec::new(),
        may_be_issuers: Vec::new(),
        guards: Vec::new(),
        problems: Vec::new(),
        incomplete: BTreeMap::new(),
        accounts: Vec::new(),
        deliveries: Vec::new(),
        estimate: Estimate {
            read_requests: 0,
            requests: 0,
            seconds: 0,
            unregistered: None,
        },
        selection: None,
    }
}

/// A step that waits for nothing and was planned against nothing.
pub(crate) fn step(address: &str, operation: Operation) -> Step {
    Step {
        address: address.parse().unwrap(),
        action: Action::Update,
        reason: Reason::FieldsDiffer,
        before: None,
        after: None,
        fingerprint: None,
        rests_on: None,
        depends_on: Vec::new(),
        assuming: Vec::new(),
        destructive: false,
        operation,
    }
}

/// More about a step.
pub(crate) trait With: Sized {
    fn after(self, addresses: &[&str]) -> Self;
    fn against(self, fingerprint: Fingerprint) -> Self;
}

impl With for Step {
    fn after(mut self, addresses: &[&str]) -> Self {
        let addresses = addresses.iter().map(|address| address.parse().unwrap());
        self.depends_on.extend(addresses);
        self
    }

    fn against(mut self, fingerprint: Fingerprint) -> Self {
        self.fingerprint = Some(fingerprint);
        self
    }
}

/// The source that all plans are about.
pub(crate) const SOURCE: &str = "Service Accounts";

pub(crate) fn new_source() -> NewSource {
    NewSource {
        name: SOURCE.into(),
        owner: "jane".into(),
        description: Some("for automation".to_owned()),
        delete_threshold: Some(20),
    }
}

pub(crate) fn create_source() -> Step {
    step(
        &format!("source/{SOURCE}"),
        Operation::CreateSource(new_source()),
    )
}

pub(crate) fn known_source() -> Ref<SourceId> {
    Ref::Known("src".into())
}

/// The source as it will be made by a step of the plan.
pub(crate) fn made_source() -> Ref<SourceId> {
    Ref::From(Address::Source(SOURCE.into()))
}

pub(crate) fn define_schema(source: Ref<SourceId>, columns: &[&str]) -> Step {
    let attributes = columns
        .iter()
        .map(|name| model::AttributeSpec {
            name: (*name).into(),
            description: None,
        })
        .collect();
    step(
        &format!("schema/{SOURCE}"),
        Operation::DefineSchema {
            source,
            attributes,
            removes: model::Removal::default(),
        },
    )
}

fn cells(cells: &[(&str, &str)]) -> BTreeMap<AccountAttribute, String> {
    cells
        .iter()
        .map(|(column, cell)| ((*column).into(), (*cell).to_owned()))
        .collect()
}

fn row(source: Ref<SourceId>, id: &str, change: RowChange) -> Step {
    step(
        &format!("account/{id}"),
        Operation::ImportRow {
            source,
            source_name: SOURCE.into(),
            native_identity: id.into(),
            change,
            basis: std::sync::Arc::default(),
        },
    )
}

/// A row with these cells, besides its id.
pub(crate) fn upsert(source: Ref<SourceId>, id: &str, others: &[(&str, &str)]) -> Step {
    let mut all = cells(others);
    all.insert("id".into(), id.to_owned());
    row(source, id, RowChange::Upsert { cells: all })
}

pub(crate) fn delete(id: &str) -> Step {
    row(known_source(), id, RowChange::Delete)
}

pub(crate) fn rename(from: &str, id: &str) -> Step {
    let change = RowChange::Rename {
        from: from.into(),
        cells: cells(&[("id", id)]),
    };
    row(known_source(), id, change)
}

pub(crate) fn new_profile(source: Ref<SourceId>) -> NewProfile {
    NewProfile {
        name: "Robots".to_owned(),
        owner: "jane".into(),
        source,
        source_name: SOURCE.into(),
        mappings: [("uid".into(), "name".into())].into(),
    }
}

pub(crate) fn create_profile(source: Ref<SourceId>) -> Step {
    step(
        &format!("profile/{SOURCE}"),
        Operation::CreateProfile(new_profile(source)),
    )
}

/// The identity of an account on the known source.
pub(crate) fn of_account(id: &str) -> IdentityTarget {
    of_account_named(id, &format!("identity-{id}"))
}

/// The identity of an account on the known source, which is its own if it has this
/// alias.
pub(crate) fn of_account_named(id: &str, alias: &str) -> IdentityTarget {
    IdentityTarget::OfAccount {
        source: known_source(),
        native_identity: id.into(),
        own: OwnIdentity::Shown {
            names: IdentityNames {
                alias: Some(alias.to_owned()),
                email: None,
            },
            without_email: false,
            earlier: None,
        },
    }
}

/// The mappings of a profile that is enabled and maps nothing.
pub(crate) fn no_mappings() -> Fingerprint {
    let mappings: std::collections::BTreeMap<String, String> = [].into();
    Fingerprint::of(&(true, mappings))
}

pub(crate) fn known(identity: &str) -> IdentityTarget {
    IdentityTarget::Known(identity.into())
}

pub(crate) fn invite(identity: IdentityTarget) -> Step {
    invite_to(identity, None, false)
}

/// An invitation that expects this email address, or follows an open one.
pub(crate) fn invite_to(identity: IdentityTarget, to: Option<&str>, again: bool) -> Step {
    let to = to.map(str::to_owned);
    let operation = Operation::Invite {
        identity,
        to,
        again,
    };
    step("invitation/SA-001", operation)
}

pub(crate) fn set_levels(address: &str, identity: IdentityTarget, levels: &[&str]) -> Step {
    let levels = levels.iter().map(|level| (*level).into()).collect();
    step(address, Operation::SetLevels { identity, levels })
}

/// A token of `audit01`, delivered to the store `local`.
pub(crate) fn new_token(name: &str, issuer: &StoreKey) -> NewToken {
    NewToken {
        account: "SA-001".into(),
        account_name: "audit01".into(),
        identity: "audit01".into(),
        issuer: issuer.clone(),
        name: name.into(),
        scopes: ["sp:report:read".into()].into(),
        access_token_validity: None,
        expires: Some("2026-06-01T00:00:00Z".parse().unwrap()),
        deliver: local(name),
        form: model::DeliveredForm::Json,
        overwrites: None,
        rotation: 0,
        declared: model::Digest::of_bytes(b"declared"),
    }
}

pub(crate) fn mint(new: NewToken) -> Step {
    step(
        &format!("token/SA-001/{}", new.name),
        Operation::MintToken(new),
    )
}

pub(crate) fn replace(old: &str, retire_as: Option<&str>, new: NewToken) -> Step {
    step(
        &format!("token/SA-001/{}", new.name),
        Operation::ReplaceToken {
            old: old.into(),
            retire_as: retire_as.map(TokenName::from),
            new,
        },
    )
}

pub(crate) fn revoke(name: &str) -> Step {
    step(
        &format!("token/SA-001/{name}"),
        Operation::RevokeToken {
            token: format!("pat-{name}").into(),
            owner: "audit01".into(),
            kept_in: None,
        },
    )
}
