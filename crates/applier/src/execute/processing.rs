//! Identity processing step ("Apply Changes"): runs it and waits for identities.

use crate::context::{Context, Settled};
use crate::poll::{self, Answer, Stopping};
use crate::step_error::StepError;
use model::{
    Collection, Counted, ExpectedIdentity, Fingerprint, IdentityId, IdentityNames, LiveAccount,
    LiveIdentity, ProfileId, Ref, SourceId, Step, TenantWrite,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// Of how many accounts without an identity it is looked up who has their user names.
const LOOKED_UP: usize = 10;

/// For how long names are waited for once nothing else is: an identity that is not the
/// account's own never gets them.
const NAMES_COME_WITHIN: Duration = Duration::from_mins(1);

/// Runs processing where the profile says that it is due, and waits until it has
/// ended and every expected account has an identity.
pub(super) async fn run<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    source: &Ref<SourceId>,
    profile: &Ref<ProfileId>,
    expect: &[ExpectedIdentity],
) -> Result<Option<String>, StepError> {
    let source = &context.results.source(source)?;
    let profile = &context.results.profile(profile)?;
    // Processing applies the mappings that the profile has by then, whoever wrote them.
    let written = context.results.mappings(profile);
    let mappings = written.as_ref().or(step.fingerprint.as_ref());
    // An import can make processing due only after a while, so it is checked each
    // time; one run is enough.
    let begun = AtomicBool::new(false);
    // Since when names alone are waited for.
    let names_since = OnceLock::new();
    let timeout = context.options.identity_timeout;
    let result = poll::until(
        context,
        std::slice::from_ref(&step.address),
        timeout,
        Stopping::GivesUp,
        || async {
            let due = refresh_is_due(context, step, source, mappings).await?;
            if due && !begun.swap(true, Ordering::Relaxed) {
                context.tenant.process_identities(profile).await?;
            }
            let Open { missing, former } = open(context, source, expect).await?;
            let is_late = || names_since.get_or_init(Instant::now).elapsed() >= NAMES_COME_WITHIN;
            if missing.is_empty() && !due && !former.is_empty() {
                // Whose identity that is, is said by the steps that change something of it.
                if is_late() {
                    for settled in former {
                        context.results.add_identity(source, settled);
                    }
                    return Ok(Answer::Ready(None));
                }
                let names: Vec<&str> = former
                    .iter()
                    .map(|settled| settled.account.name.as_str())
                    .collect();
                return Ok(Answer::Pending(format!(
                    "identity with the values from before the import: {}",
                    names.join(", ")
                )));
            }
            Ok(if !missing.is_empty() {
                Answer::Counted(
                    no_identity(&missing),
                    Counted {
                        done: expect.len() - missing.len().min(expect.len()),
                        of: expect.len(),
                    },
                )
            } else if due {
                Answer::Pending("the identity profile has changes that are not applied yet".to_owned())
            } else {
                Answer::Ready(None)
            })
        },
        |on| StepError::Timeout {
            what: on,
            seconds: timeout.as_secs(),
            help: "check in ISC the exceptions of the identity profile and its mapping of uid; then run `steersman apply` again, or wait longer with --wait".to_owned(),
        },
    )
    .await;
    match result {
        // Whose identity that is, is said by the steps that change something of it.
        Err(StepError::Timeout { .. })
            if settles_as_it_is(context, step, source, mappings, expect).await? =>
        {
            Ok(None)
        }
        Err(StepError::Timeout {
            what,
            seconds,
            help,
        }) => match taken(context, source, expect).await {
            None => Err(StepError::Timeout {
                what,
                seconds,
                help,
            }),
            Some((taken, remedy)) => Err(StepError::Timeout {
                what: format!("{what}; {taken}"),
                seconds,
                help: remedy,
            }),
        },
        result => result,
    }
}

/// Whether processing is due. Fails where the profile has other mappings than the plan
/// has seen or written: processing could give identities other user names.
async fn refresh_is_due<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    source: &SourceId,
    mappings: Option<&Fingerprint>,
) -> Result<bool, StepError> {
    let profile = context
        .tenant
        .profile_of(source)
        .await?
        .ok_or_else(|| StepError::Missing {
            what: format!("{}: the source has no identity profile", step.address),
            help: None,
        })?;
    if mappings == Some(&profile.mappings_fingerprint()) {
        Ok(profile.refresh_required)
    } else {
        Err(StepError::Stale {
            what: format!(
                "{}: the identity profile \"{}\"",
                step.address, profile.name
            ),
        })
    }
}

/// The expected accounts that have no identity as it will be.
struct Open<'plan> {
    /// Those that have none, or one that ISC is about to replace.
    missing: Vec<&'plan ExpectedIdentity>,
    /// Those whose identity does not have the names of the row that was imported: ISC made
    /// it of the row from before, or it is not the account's own.
    former: Vec<Settled>,
}

/// Whether nothing but the names of identities is waited for any more. These identities
/// are added to the results of the run then, as they are.
async fn settles_as_it_is<T: TenantWrite>(
    context: &Context<'_, T>,
    step: &Step,
    source: &SourceId,
    mappings: Option<&Fingerprint>,
    expect: &[ExpectedIdentity],
) -> Result<bool, StepError> {
    let Open { missing, former } = open(context, source, expect).await?;
    if !missing.is_empty()
        || former.is_empty()
        || refresh_is_due(context, step, source, mappings).await?
    {
        return Ok(false);
    }
    for settled in former {
        context.results.add_identity(source, settled);
    }
    Ok(true)
}

/// The expected accounts that are waited for. The identities of the others are added to
/// the results of the run.
async fn open<'plan, T: TenantWrite>(
    context: &Context<'_, T>,
    source: &SourceId,
    expect: &'plan [ExpectedIdentity],
) -> Result<Open<'plan>, StepError> {
    let is_open = |expected: &&ExpectedIdentity| {
        let settled = context
            .results
            .settled_on(source, &expected.native_identity);
        settled.is_none()
    };
    let open: Vec<&ExpectedIdentity> = expect.iter().filter(is_open).collect();
    let mut missing = Vec::new();
    let mut former = Vec::new();
    if open.is_empty() {
        return Ok(Open { missing, former });
    }
    let accounts = context.tenant.accounts(source).await?;
    let accounts: BTreeMap<_, _> = accounts
        .found()
        .iter()
        .map(|account| (&account.native_identity, account))
        .collect();
    let with_identity = |expected: &ExpectedIdentity| {
        let account: &LiveAccount = accounts.get(&expected.native_identity).copied()?;
        Some((account, account.identity.as_ref()?))
    };
    let ids: BTreeSet<IdentityId> = open
        .iter()
        .filter(|expected| {
            expected.judged || expected.alias.is_some() || expected.follows.is_some()
        })
        .filter_map(|expected| Some(with_identity(expected)?.1.clone()))
        .collect();
    let read = if ids.is_empty() {
        BTreeMap::new()
    } else {
        context.tenant.identities(&ids).await?
    };
    for expected in open {
        let found = with_identity(expected).and_then(|(account, identity)| {
            let read = read.get(identity);
            has_alias(read, expected.alias.as_deref()).then(|| Settled {
                account: account.clone(),
                identity: identity.clone(),
                read: read.cloned(),
            })
        });
        match found {
            None => missing.push(expected),
            Some(settled) => {
                let names = expected.follows.as_ref();
                if names.is_some_and(|names| differs(settled.read.as_ref(), names)) {
                    former.push(settled);
                } else {
                    context.results.add_identity(source, settled);
                }
            }
        }
    }
    Ok(Open { missing, former })
}

/// Whether an identity was read and has other names than these.
fn differs(read: Option<&Collection<Option<LiveIdentity>>>, expected: &IdentityNames) -> bool {
    let IdentityNames { alias, email } = expected;
    let Some(found) = read.and_then(|read| read.found().as_ref()) else {
        return false;
    };
    IdentityNames::differs(alias.as_deref(), Some(&found.alias))
        || IdentityNames::differs(email.as_deref(), found.email.as_deref())
}

/// Whether the identity has this alias by now, where one is expected. An identity
/// with another alias, or one that no longer exists, is the one from before the change.
fn has_alias(read: Option<&Collection<Option<LiveIdentity>>>, alias: Option<&str>) -> bool {
    let Some(alias) = alias else {
        return true;
    };
    let identity = read.and_then(|read| read.found().as_ref());
    identity.is_some_and(|identity| IdentityNames::is_same(&identity.alias, alias))
}

fn no_identity(missing: &[&ExpectedIdentity]) -> String {
    let names: Vec<&str> = missing
        .iter()
        .map(|expected| expected.name.as_str())
        .collect();
    format!("no identity yet for {}", names.join(", "))
}

/// Who has the user names of the accounts that got no identity, and what to do; none
/// where nobody was found.
async fn taken<T: TenantWrite>(
    context: &Context<'_, T>,
    source: &SourceId,
    expect: &[ExpectedIdentity],
) -> Option<(String, String)> {
    let Open { missing, former: _ } = open(context, source, expect).await.ok()?;
    let mut holders = Vec::new();
    let mut accounts = Vec::new();
    for expected in missing.into_iter().take(LOOKED_UP) {
        let ExpectedIdentity {
            account,
            native_identity: _,
            name,
            alias: _,
            user_name,
            judged: _,
            follows: _,
        } = expected;
        let Some(user_name) = user_name else { continue };
        // Without an answer, the wait is over all the same.
        let Ok(Some(holder)) = context.tenant.identity_named(user_name).await else {
            continue;
        };
        holders.push(format!(
            "identity {} ({}) has the user name {user_name} that {name} would get, so ISC makes none of {name}",
            holder.id, holder.name
        ));
        accounts.push(account.to_string());
    }
    (!holders.is_empty()).then(|| {
        (
            holders.join("; "),
            format!(
                "give {} another name; ISC gives a user name to one identity of the tenant",
                accounts.join(", ")
            ),
        )
    })
}
