//! Whose identity each account has, read again before something of it changes.
//!
//! Accounts are read together with those that the next steps rest on, so that a step
//! takes no request of its own. What an owner changes of its own tokens needs no list of
//! the last seconds, where nothing else of the plan can move identities: ISC refuses the
//! owner's access to any other identity.

use super::facts::{RELIED_ON_FOR, USED_FOR};
use crate::step_error::StepError;
use model::{
    IdentityId, Incomplete, IncompleteReason, NativeIdentity, Operation, Plan, RestsOn, SourceId,
    Step, TenantRead,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How many accounts are read at once: more than one request takes, because a list of all
/// accounts of a source can take fewer.
const AT_ONCE: usize = 1_000;

/// For how long a list is used by steps that the owners of tokens make: long enough for ten
/// thousand of them.
const USED_BY_OWNERS_FOR: Duration = Duration::from_mins(10);

/// With whose access a step is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    Caller,
    Owner,
}

impl By {
    /// For how long a list is used.
    fn used_for(self) -> Duration {
        match self {
            Self::Caller => USED_FOR,
            Self::Owner => USED_BY_OWNERS_FOR,
        }
    }
}

/// With whose access a step is made, of a plan that can move identities or cannot. Where it
/// can, all steps share the lists of the last seconds.
fn by(can_move: bool, operation: &Operation) -> By {
    if operation.is_by_owner() && !can_move {
        By::Owner
    } else {
        By::Caller
    }
}

/// The identities of the accounts that the steps of a plan rest on.
pub(crate) struct HeldIdentities {
    of_sources: BTreeMap<(By, SourceId), Mutex<OfSource>>,
    /// Whether a step of the plan can give an account another identity.
    can_move: bool,
    /// When the reading ended that the plan was made from, where the run began at once
    /// after it: owners need no other one.
    read_at: Option<Instant>,
}

/// Those of one source.
#[derive(Debug, Default)]
struct OfSource {
    /// The accounts that were not read yet, in the order of the plan.
    unread: VecDeque<NativeIdentity>,
    /// How many steps of each account are to come.
    steps: BTreeMap<NativeIdentity, usize>,
    read: BTreeMap<NativeIdentity, Read>,
    /// Whether one list of all accounts lasts for the steps: invitations are sent fast, and
    /// owners use a list for long.
    is_enough: bool,
    /// How many accounts the source has; none where that is not known.
    among: Option<usize>,
}

#[derive(Debug)]
struct Read {
    at: Instant,
    /// The identity, the inner none where the account has none.
    identity: Result<Option<IdentityId>, Incomplete>,
}

impl Read {
    fn is_fresh(&self, used_for: Duration) -> bool {
        self.at.elapsed() < used_for
    }
}

impl HeldIdentities {
    pub(super) fn new(plan: &Plan, read_at: Option<Instant>) -> Self {
        let can_move = plan
            .steps
            .iter()
            .any(|step| step.operation.can_move_identities());
        let mut of_sources: BTreeMap<(By, SourceId), OfSource> = BTreeMap::new();
        for step in &plan.steps {
            // An import reads all accounts of its source itself.
            let (Some(account), false) = (
                &step.rests_on,
                matches!(step.operation, Operation::ImportRow { .. }),
            ) else {
                continue;
            };
            let by = by(can_move, &step.operation);
            let of_source = of_sources
                .entry((by, account.source.clone()))
                .or_insert(OfSource {
                    is_enough: true,
                    ..OfSource::default()
                });
            of_source.among = account.among;
            of_source.is_enough &=
                by == By::Owner || matches!(step.operation, Operation::Invite { .. });
            let id = &account.native_identity;
            let steps = of_source.steps.entry(id.clone()).or_default();
            if *steps == 0 {
                of_source.unread.push_back(id.clone());
            }
            *steps += 1;
        }
        let locked = |(source, accounts)| (source, Mutex::new(accounts));
        Self {
            of_sources: of_sources.into_iter().map(locked).collect(),
            can_move,
            // A person who was asked may have taken longer.
            read_at: read_at.filter(|at| at.elapsed() <= RELIED_ON_FOR),
        }
    }

    /// Sees that the account that a step rests on still has the identity that it had when
    /// the plan was made, by a list that is new enough for the step.
    pub(super) async fn check<T: TenantRead>(
        &self,
        tenant: &T,
        step: &Step,
    ) -> Result<(), StepError> {
        let Some(account) = &step.rests_on else {
            return Ok(());
        };
        let by = by(self.can_move, &step.operation);
        let used_for = by.used_for();
        let is_known = self.read_at.is_some_and(|at| at.elapsed() < used_for);
        if by == By::Owner && is_known {
            return Ok(());
        }
        let Some(of_source) = self.of_sources.get(&(by, account.source.clone())) else {
            return Ok(());
        };
        let mut accounts = of_source.lock().await;
        accounts
            .read(tenant, &account.source, &account.native_identity, used_for)
            .await?;
        if let Some(steps) = accounts.steps.get_mut(&account.native_identity) {
            *steps = steps.saturating_sub(1);
        }
        let not_read = Incomplete::new(IncompleteReason::Refused, "it was not looked up");
        let read = accounts.read.get(&account.native_identity);
        match read.map_or(Err(&not_read), |read| read.identity.as_ref()) {
            Ok(identity) => still_has(account, identity.as_ref()),
            Err(why) => Err(StepError::Unread {
                what: format!("account {}", account.native_identity),
                why: why.clone(),
            }),
        }
    }
}

impl OfSource {
    /// Whether all accounts of the source are listed at once.
    fn is_together(&self) -> bool {
        /// How many accounts a page of the list has.
        const PAGE: usize = 250;
        /// How many ids one request takes.
        const BATCH: usize = 100;
        let count = self.steps.len();
        let is_fewer = |among: usize| among.div_ceil(PAGE) <= count.div_ceil(BATCH);
        self.is_enough && count > Plan::INVITED_TOGETHER_ABOVE && self.among.is_some_and(is_fewer)
    }

    /// Reads an account, where it was not read lately, together with others.
    async fn read<T: TenantRead>(
        &mut self,
        tenant: &T,
        source: &SourceId,
        account: &NativeIdentity,
        used_for: Duration,
    ) -> Result<(), StepError> {
        let is_fresh = |read: &Read| read.is_fresh(used_for);
        if self.read.get(account).is_some_and(is_fresh) {
            return Ok(());
        }
        let mut asked: BTreeSet<NativeIdentity> = [account.clone()].into();
        let is_together = self.is_together();
        if is_together {
            let to_come = self.steps.iter().filter(|(_, steps)| **steps > 0);
            asked.extend(to_come.map(|(account, _)| account.clone()));
        }
        while asked.len() < AT_ONCE
            && let Some(next) = self.unread.pop_front()
        {
            if !self.read.contains_key(&next) {
                asked.insert(next);
            }
        }
        let again = self.read.iter().filter(|(account, read)| {
            !is_fresh(read) && self.steps.get(*account).is_some_and(|steps| *steps > 0)
        });
        asked.extend(
            again
                .map(|(account, _)| account.clone())
                .take(AT_ONCE.saturating_sub(asked.len())),
        );
        let at = Instant::now();
        let found = if is_together {
            tenant.accounts(source).await?
        } else {
            tenant.accounts_among(source, &asked).await?
        };
        let why = found.complete().err().cloned();
        let found: BTreeMap<&NativeIdentity, Option<&IdentityId>> = found
            .found()
            .iter()
            .map(|account| (&account.native_identity, account.identity.as_ref()))
            .collect();
        for account in asked {
            let identity = match (found.get(&account), &why) {
                (Some(identity), _) => Ok(identity.cloned()),
                (None, Some(why)) => Err(why.clone()),
                (None, None) => Err(Incomplete::new(
                    IncompleteReason::Contradicted,
                    "the source had it when the plan was made, and does not list it now",
                )),
            };
            self.read.insert(account, Read { at, identity });
        }
        Ok(())
    }
}

/// Sees that an account has the identity that a step rests on.
pub(crate) fn still_has(account: &RestsOn, identity: Option<&IdentityId>) -> Result<(), StepError> {
    let RestsOn {
        source: _,
        native_identity,
        identity: planned,
        among: _,
    } = account;
    if planned.as_ref() == identity {
        return Ok(());
    }
    let now = match identity {
        Some(identity) => format!("identity {identity}"),
        None => "none".to_owned(),
    };
    let planned = match planned {
        Some(planned) => format!("identity {planned}"),
        None => "no identity".to_owned(),
    };
    Err(StepError::Moved {
        what: format!(
            "account {native_identity} had {planned} when the plan was made, and has {now} now"
        ),
    })
}
