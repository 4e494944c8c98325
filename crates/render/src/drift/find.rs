//! Finds the drifts of a plan, and the side that moved for each.

use super::agreement::{Agreement, KnownDrift};
use super::causes::{self, Known, Moved};
use super::report::{Cause, Drift, DriftKind, Due, Resolved};
use model::{
    AccountKey, Action, Address, Blocked, BlockedReason, DeliveryState, Fields, Plan, Reason,
    SecretRole, Step,
};
use planner::{Compared, LiveFields};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What drifts are found from.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The whole plan of the spec.
    pub plan: &'a Plan,
    /// The declared objects beside their observed values.
    pub compared: &'a BTreeMap<Address, Compared>,
    /// What the record knows; none without one.
    pub record: Option<&'a Agreement>,
    /// The record that says what is new, where it is another.
    pub since: Option<&'a Agreement>,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The drifts.
    pub drifts: Vec<Drift>,
    /// What became due with time.
    pub due: Vec<Due>,
    /// Drifts of the record that are gone.
    pub resolved: Vec<Resolved>,
}

/// Finds the drifts. Who did it, and what counts, is added by the caller.
pub fn find(facts: Facts<'_>) -> Found {
    let mut finder = Finder::new(facts);
    for step in &facts.plan.steps {
        finder.step(step);
    }
    finder.without_steps();
    finder.finish()
}

struct Finder<'a> {
    facts: Facts<'a>,
    /// The accounts that do not exist yet.
    new_accounts: BTreeSet<&'a AccountKey>,
    now: String,
    /// When each address and field was first seen to differ.
    first_seen: BTreeMap<(&'a str, Option<&'a str>), &'a str>,
    found: Vec<(Address, Drift)>,
    due: Vec<Due>,
}

/// What the reason of a step says of the difference.
enum Difference {
    /// The fields of the step say it.
    Fields,
    /// It is this field, and the others follow from it.
    Field(&'static str),
    /// Time went by: something is due, unless the end of it was moved.
    Time,
}

impl Difference {
    fn of(reason: Reason) -> Self {
        match reason {
            Reason::NotInTenant
            | Reason::FieldsDiffer
            | Reason::IdChanges
            | Reason::NameChanges
            | Reason::UidChanges
            | Reason::NotDeclared
            | Reason::IdentitiesDue
            | Reason::UserNamesChange
            | Reason::IdentityGone
            | Reason::NotInvited
            | Reason::InvitationMoves
            | Reason::ExpiryShortened => Self::Fields,
            Reason::SecretLost | Reason::DeliveryMissing | Reason::DeliveryMoved => {
                Self::Field("deliver")
            }
            Reason::RotationChanged | Reason::Requested => Self::Field("rotation"),
            Reason::Disabled => Self::Field("expires"),
            Reason::ImmutableFieldDiffers => Self::Field("accessTokenValidity"),
            Reason::InvitationExpired
            | Reason::RotationDue
            | Reason::RotationOverdue
            | Reason::Expired
            | Reason::OverlapOver
            | Reason::IssuerSeen
            | Reason::IssuerReplaced
            | Reason::OverlapOverInUse => Self::Time,
        }
    }
}

impl<'a> Finder<'a> {
    fn new(facts: Facts<'a>) -> Self {
        let mut first_seen = BTreeMap::new();
        for record in [facts.since, facts.record].into_iter().flatten() {
            for drift in record.drifts.values() {
                let KnownDrift {
                    address,
                    field,
                    cause: _,
                    since,
                } = drift;
                first_seen.insert((address.as_str(), field.as_deref()), since.as_str());
            }
        }
        let new_accounts = facts.plan.steps.iter().filter_map(|step| {
            let is_new = step.action == Action::Create;
            match &step.address {
                Address::Account(key) if is_new => Some(key),
                _ => None,
            }
        });
        Self {
            facts,
            new_accounts: new_accounts.collect(),
            now: facts.plan.created_at.to_string(),
            first_seen,
            found: Vec::new(),
            due: Vec::new(),
        }
    }

    fn is_of_new_account(&self, step: &Step) -> bool {
        let account = step.address.account();
        account.is_some_and(|key| self.new_accounts.contains(key))
    }

    fn known(&self, address: &Address) -> Known<'a> {
        Known::of(self.facts.record, address)
    }

    fn step(&mut self, step: &Step) {
        let known = self.known(&step.address);
        let compared = self.facts.compared.get(&step.address);
        match Difference::of(step.reason) {
            Difference::Time => {
                let moved = causes::moved(known, compared, "expires");
                match moved {
                    Ok(moved) if moved.live || moved.declared => {
                        let cause = causes::of_field(known, compared, "expires");
                        self.differs(step, "expires", cause);
                    }
                    Ok(Moved { .. }) | Err(_) => self.due.push(Due {
                        address: step.address.to_string(),
                        reason: step.reason.text().to_owned(),
                    }),
                }
            }
            Difference::Field(field) => {
                self.differs(step, field, causes::of_field(known, compared, field));
            }
            Difference::Fields => self.by_action(step, known, compared),
        }
    }

    fn by_action(&mut self, step: &Step, known: Known<'_>, compared: Option<&'a Compared>) {
        let whole = |kind, cause| New {
            kind,
            field: None,
            cause,
            declared: step.after.as_ref().map(object),
            live: step.before.as_ref().map(object),
            reason: step.reason.text().to_owned(),
            blocked: None,
        };
        match step.action {
            // Without an account there is nothing that has levels.
            Action::Create if declares_no_level(step) && self.is_of_new_account(step) => {}
            Action::Create => {
                let cause = causes::of_missing(known, compared);
                self.add(&step.address, whole(DriftKind::Missing, cause));
            }
            Action::Delete => {
                self.add(
                    &step.address,
                    whole(DriftKind::Extra, causes::of_extra(known)),
                );
            }
            // It follows from the steps that it depends on.
            Action::Run if !step.depends_on.is_empty() => {}
            Action::Run => {
                let cause = causes::of_missing(known, compared);
                self.add(&step.address, whole(DriftKind::Pending, cause));
            }
            Action::Update | Action::Replace => {
                let differing = compared.map(|compared| &compared.differing);
                let fields: Vec<&str> = step
                    .changed_fields()
                    .into_iter()
                    .filter(|field| {
                        // A field that only differs in how it is written.
                        differing.is_none_or(|all| all.is_empty() || all.contains(*field))
                    })
                    .collect();
                for field in &fields {
                    self.differs(step, field, causes::of_field(known, compared, field));
                }
                if fields.is_empty() {
                    let cause = causes::of_missing(known, compared);
                    self.add(&step.address, whole(DriftKind::Differs, cause));
                }
            }
        }
    }

    /// A field of a step differs.
    fn differs(&mut self, step: &Step, field: &str, cause: Cause) {
        let compared = self.facts.compared.get(&step.address);
        let of = |fields: Option<&Fields>| fields.and_then(|fields| fields.get(field)).cloned();
        let new = New {
            kind: DriftKind::Differs,
            field: Some(field.to_owned()),
            cause,
            declared: of(step.after.as_ref())
                .or_else(|| of(compared.map(|compared| &compared.declared))),
            live: of(step.before.as_ref()).or_else(|| of(compared.and_then(live_fields))),
            reason: step.reason.text().to_owned(),
            blocked: None,
        };
        self.add(&step.address, new);
    }

    /// Objects that differ, and that no step can reconcile now.
    fn without_steps(&mut self) {
        let planned: BTreeSet<&Address> = self
            .facts
            .plan
            .steps
            .iter()
            .map(|one| &one.address)
            .collect();
        let mut blocked: BTreeMap<&Address, &Blocked> = BTreeMap::new();
        for one in &self.facts.plan.blocked {
            blocked.entry(&one.address).or_insert(one);
        }
        let served = served(self.facts.plan);
        for (address, compared) in self.facts.compared {
            let blocked = blocked.get(address).copied();
            let is_issuer = matches!(address, Address::Issuer(_));
            if planned.contains(address) || (blocked.is_none() && !is_issuer) {
                continue;
            }
            let known = self.known(address);
            let may_be_another = blocked.is_some_and(|one| shows_nothing(one.reason));
            if may_be_another && !known.agreed() || is_unread(blocked) {
                continue;
            }
            let why = blocked.map_or_else(
                || "the account holder must enroll the account again".to_owned(),
                |one| one.message.clone(),
            );
            let was_there = known.agreed()
                || is_issuer && address.account().is_some_and(|key| served.contains(key));
            self.held(address, compared, (known, was_there), &why);
        }
    }

    fn held(
        &mut self,
        address: &Address,
        compared: &Compared,
        (known, was_there): (Known<'_>, bool),
        why: &str,
    ) {
        let is_issuer = matches!(address, Address::Issuer(_));
        match &compared.live {
            LiveFields::Unread => {}
            // It was never there: it waits for what blocks it.
            LiveFields::Absent if !was_there => {}
            LiveFields::Absent => {
                let reason = if is_issuer {
                    Reason::DeliveryMissing
                } else {
                    Reason::NotInTenant
                };
                let new = New {
                    kind: DriftKind::Missing,
                    field: None,
                    cause: causes::of_missing(known, Some(compared)),
                    declared: Some(object(&compared.declared)),
                    live: None,
                    reason: reason.text().to_owned(),
                    blocked: Some(why.to_owned()),
                };
                self.add(address, new);
            }
            LiveFields::Present(live) => {
                for field in &compared.differing {
                    let new = New {
                        kind: DriftKind::Differs,
                        field: Some(field.clone()),
                        cause: causes::of_field(known, Some(compared), field),
                        declared: compared.declared.get(field).cloned(),
                        live: live.get(field).cloned(),
                        reason: Reason::FieldsDiffer.text().to_owned(),
                        blocked: Some(why.to_owned()),
                    };
                    self.add(address, new);
                }
            }
        }
    }

    fn add(&mut self, address: &Address, new: New) {
        let text = address.to_string();
        let id = id(&text, new.field.as_deref(), new.kind, new.cause);
        let since = self
            .first_seen
            .get(&(text.as_str(), new.field.as_deref()))
            .map_or_else(|| self.now.clone(), |since| (*since).to_owned());
        let base = self.facts.since.or(self.facts.record);
        let drift = Drift {
            is_new: base.is_some_and(|base| !base.drifts.contains_key(&id)),
            id,
            address: text,
            object: address.kind().to_owned(),
            kind: new.kind,
            field: new.field,
            cause: new.cause,
            declared: new.declared,
            live: new.live.filter(|live| !live.is_null()),
            reason: new.reason,
            blocked: new.blocked,
            since,
            counts: true,
            who: None,
        };
        self.found.push((address.clone(), drift));
    }

    fn finish(mut self) -> Found {
        self.found.sort_by(|(one, left), (other, right)| {
            (one, &left.field, left.kind).cmp(&(other, &right.field, right.kind))
        });
        let mut seen = BTreeSet::new();
        self.found
            .retain(|(_, drift)| seen.insert(drift.id.clone()));
        let drifts: Vec<Drift> = self.found.into_iter().map(|(_, drift)| drift).collect();
        let resolved = resolved(self.facts, &drifts);
        Found {
            drifts,
            due: self.due,
            resolved,
        }
    }
}

/// The accounts that had an issuer token: a store holds the secret of a token that only an
/// issuer token creates.
fn served(plan: &Plan) -> BTreeSet<&AccountKey> {
    let deliveries = plan.deliveries.iter();
    deliveries
        .filter(|one| match (one.role, one.state) {
            (
                SecretRole::Token,
                DeliveryState::Delivered | DeliveryState::Moved | DeliveryState::Stale,
            ) => true,
            (
                SecretRole::Token,
                DeliveryState::Missing
                | DeliveryState::Foreign
                | DeliveryState::Unreadable
                | DeliveryState::WriteOnly
                | DeliveryState::NotAsked
                | DeliveryState::Unknown,
            )
            | (SecretRole::Issuer, _) => false,
        })
        .filter_map(|one| one.address.account())
        .collect()
}

/// A drift, without what is the same for all.
struct New {
    kind: DriftKind,
    field: Option<String>,
    cause: Cause,
    declared: Option<Value>,
    live: Option<Value>,
    reason: String,
    blocked: Option<String>,
}

/// The drifts of the record that are gone. After a partial read, only those of objects
/// that were read.
fn resolved(facts: Facts<'_>, drifts: &[Drift]) -> Vec<Resolved> {
    let Some(base) = facts.since.or(facts.record) else {
        return Vec::new();
    };
    let there: BTreeSet<(&str, Option<&str>)> = drifts
        .iter()
        .map(|drift| (drift.address.as_str(), drift.field.as_deref()))
        .collect();
    let is_whole = facts.plan.incomplete.is_empty();
    base.drifts
        .iter()
        .filter(|(_, drift)| !there.contains(&(drift.address.as_str(), drift.field.as_deref())))
        .filter(|(_, drift)| is_whole || was_read(facts, &drift.address))
        .map(|(id, drift)| Resolved {
            id: id.clone(),
            address: drift.address.clone(),
            field: drift.field.clone(),
            since: drift.since.clone(),
        })
        .collect()
}

fn was_read(facts: Facts<'_>, address: &str) -> bool {
    let address = address.parse::<Address>().ok();
    let compared = address.and_then(|address| facts.compared.get(&address));
    compared.is_some_and(|compared| compared.live != LiveFields::Unread)
}

/// Whether what is blocked for this reason says nothing about a difference: the object
/// may be another's, or was not looked at.
fn shows_nothing(reason: BlockedReason) -> bool {
    match reason {
        BlockedReason::NotOwn
        | BlockedReason::OwnershipUnknown
        | BlockedReason::Contradiction
        | BlockedReason::RenameUnclear
        | BlockedReason::OwnerNotFound
        | BlockedReason::StillUsed
        | BlockedReason::SuccessorMissing
        | BlockedReason::RolledBack
        | BlockedReason::Unread => true,
        BlockedReason::NoAccount
        | BlockedReason::NoIdentity
        | BlockedReason::NotRegistered
        | BlockedReason::InvitationsUnanswered
        | BlockedReason::NoIssuer
        | BlockedReason::StoreNotAsked
        | BlockedReason::ForeignSecret
        | BlockedReason::NoTokenSlot
        | BlockedReason::TriesUsedUp
        | BlockedReason::IssuerInFlight
        | BlockedReason::IdentityUnusable
        | BlockedReason::OwnToken
        | BlockedReason::OwnAccess
        | BlockedReason::UserNamesPending => false,
    }
}

fn is_unread(blocked: Option<&Blocked>) -> bool {
    blocked.is_some_and(|one| one.reason == BlockedReason::Unread)
}

fn live_fields(compared: &Compared) -> Option<&Fields> {
    match &compared.live {
        LiveFields::Present(fields) => Some(fields),
        LiveFields::Absent | LiveFields::Unread => None,
    }
}

/// Whether a step gives an account no user level.
fn declares_no_level(step: &Step) -> bool {
    let levels = step
        .after
        .as_ref()
        .and_then(|after| after.get("userLevels"));
    matches!(step.address, Address::Levels(_))
        && levels.and_then(Value::as_array).is_some_and(Vec::is_empty)
}

fn object(fields: &Fields) -> Value {
    let fields = fields.iter();
    Value::Object(
        fields
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    )
}

/// The id of a drift: a digest of what it is.
fn id(address: &str, field: Option<&str>, kind: DriftKind, cause: Cause) -> String {
    super::agreement::digest(&serde_json::json!([
        address,
        field,
        kind.name(),
        cause.name()
    ]))
}
