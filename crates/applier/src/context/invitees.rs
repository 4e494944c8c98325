//! The identities that are to be invited, read again before that.
//!
//! Where many wait for the same steps, they are read together, so that a request for 100
//! invitations takes none of its own.

use super::results::Results;
use crate::step_error::StepError;
use model::{
    Address, Collection, IdentityId, IdentityTarget, LiveIdentity, Operation, Plan, Step,
    TenantRead,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// What was read of identities.
pub(crate) type Identities = BTreeMap<IdentityId, Collection<Option<LiveIdentity>>>;

/// The identities that the invitations of a plan are for, by the steps that they wait for.
pub(crate) struct Invitees<'plan> {
    groups: BTreeMap<&'plan [Address], Mutex<Group<'plan>>>,
}

/// Those that are read together.
struct Group<'plan> {
    targets: Vec<&'plan IdentityTarget>,
    /// Those that were given to an invitation. Whoever asks for them a second time waits
    /// for a change of them.
    given: BTreeSet<IdentityId>,
    /// When the reading of the others began.
    at: Instant,
    read: Identities,
}

impl<'plan> Invitees<'plan> {
    pub(super) fn new(plan: &'plan Plan) -> Self {
        let mut groups: BTreeMap<&[Address], Vec<&IdentityTarget>> = BTreeMap::new();
        for step in &plan.steps {
            if let Operation::Invite { identity, .. } = &step.operation {
                groups.entry(&step.depends_on).or_default().push(identity);
            }
        }
        let is_large = |targets: &Vec<_>| targets.len() > Plan::INVITED_TOGETHER_ABOVE;
        Self {
            groups: groups
                .into_iter()
                .filter(|(_, targets)| is_large(targets))
                .map(|(steps, targets)| (steps, Mutex::new(Group::new(targets))))
                .collect(),
        }
    }

    /// The identities of invitations that one request sends, of a reading that is not older
    /// than `used_for`.
    pub(super) async fn read<T: TenantRead>(
        &self,
        (tenant, results): (&T, &Results),
        step: &Step,
        ids: &BTreeSet<IdentityId>,
        used_for: Duration,
    ) -> Result<Identities, StepError> {
        let Some(group) = self.groups.get(step.depends_on.as_slice()) else {
            return one_request(tenant, ids).await;
        };
        let mut group = group.lock().await;
        if !group.given.is_disjoint(ids) {
            drop(group);
            return one_request(tenant, ids).await;
        }
        let is_read = ids.iter().all(|id| group.read.contains_key(id));
        if !is_read || group.at.elapsed() >= used_for {
            let mut open: BTreeSet<IdentityId> = group
                .targets
                .iter()
                .filter_map(|target| results.identity(target).ok())
                .filter(|id| !group.given.contains(id))
                .collect();
            open.extend(ids.iter().cloned());
            let at = Instant::now();
            group.read = tenant.unregistered_among(&open).await?;
            group.at = at;
        }
        group.given.extend(ids.iter().cloned());
        let given = ids.iter().filter_map(|id| group.read.remove_entry(id));
        Ok(given.collect())
    }
}

impl<'plan> Group<'plan> {
    fn new(targets: Vec<&'plan IdentityTarget>) -> Self {
        Self {
            targets,
            given: BTreeSet::new(),
            at: Instant::now(),
            read: BTreeMap::new(),
        }
    }
}

/// These identities as they are now.
pub(crate) async fn one_request<T: TenantRead>(
    tenant: &T,
    ids: &BTreeSet<IdentityId>,
) -> Result<Identities, StepError> {
    let mut few = ids.iter();
    Ok(match (few.next(), few.next()) {
        (Some(identity), None) => {
            let read = tenant.identity(identity).await?;
            [(identity.clone(), Collection::Complete(read))].into()
        }
        _ => tenant.identities(ids).await?,
    })
}
