//! Checks around a write: the object is as planned before, as written after.

use crate::context::{Context, Settled};
use crate::step_error::StepError;
use model::ownership::{self, Earlier, Evidence, Facts, Maker, Mapped, Ownership, Profile, Unread};
use model::{
    Collection, Fingerprint, IdentityNames, IdentityTarget, Incomplete, IncompleteReason,
    LiveIdentity, OwnIdentity, Step, TenantWrite,
};

/// The error of a step whose object is not the one that the plan was made against.
pub(super) fn stale(step: &Step) -> StepError {
    StepError::Stale {
        what: step.address.to_string(),
    }
}

/// Checks that the object is there with the fingerprint that the plan saw.
pub(super) fn as_planned(step: &Step, observed: Option<&Fingerprint>) -> Result<(), StepError> {
    if observed.is_some() && step.fingerprint.as_ref() == observed {
        Ok(())
    } else {
        Err(stale(step))
    }
}

/// Whether a step may go on where nothing shows whose the identity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// It may.
    GoesOn,
    /// It may not.
    Stops,
}

/// What a step has just read of an identity.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found<'a> {
    /// All of it.
    Whole(&'a LiveIdentity),
    /// Its names; its age was read when ISC gave it to the account.
    Names(&'a IdentityNames),
}

/// Checks that the identity that ISC gave to a new account is the account's own, by the
/// evidence that the planner asks for. One that the plan knew was judged when planning.
pub(super) fn is_own<T: TenantWrite>(
    context: &Context<'_, T>,
    target: &IdentityTarget,
    found: Found<'_>,
    unknown: Unknown,
) -> Result<(), StepError> {
    let IdentityTarget::OfAccount {
        source,
        native_identity,
        own,
    } = target
    else {
        return Ok(());
    };
    let Settled {
        account,
        identity,
        read,
    } = context.results.settled(source, native_identity)?;
    let source = context.results.source(source)?;
    let (made, earlier, approved) = match own {
        OwnIdentity::Shown {
            names,
            without_email,
            earlier,
        } => {
            let made = Mapped {
                alias: names.alias.as_deref(),
                email: names.email.as_deref(),
                without_email: *without_email,
            };
            let earlier = earlier.as_ref().map_or(Earlier::None, Earlier::Had);
            (made, earlier, None)
        }
        OwnIdentity::Approved(approved) => (Mapped::default(), Earlier::None, Some(approved)),
    };
    let not_read = Incomplete::new(IncompleteReason::Refused, "it was not looked up");
    let whole = match found {
        Found::Whole(identity) => Some(identity),
        Found::Names(_) => read.as_ref().and_then(|read| read.found().as_ref()),
    };
    let elsewhere = whole
        .and_then(|identity| ownership::made_elsewhere(identity, &source))
        .map(|id| Maker { id, name: None });
    let (found, age, lacks_email) = match found {
        Found::Whole(identity) => {
            let names = IdentityNames {
                alias: Some(identity.alias.clone()).filter(|alias| !alias.is_empty()),
                email: identity.email.clone(),
            };
            let lacks_email = names.email.is_none();
            (names, Ok(identity.created), lacks_email)
        }
        Found::Names(names) => {
            let read = read.as_ref().map_or(Err(&not_read), Collection::complete);
            // The names that come with the levels can lack it.
            let lacked = read.is_ok_and(|read| {
                let email = read.as_ref().map(|identity| identity.email.as_ref());
                email.is_some_and(|email| email.is_none())
            });
            (
                names.clone(),
                read.map(|read| read.as_ref().and_then(|identity| identity.created)),
                names.email.is_none() && lacked,
            )
        }
    };
    let facts = Facts {
        alias: found.alias.as_deref(),
        email: found.email.as_deref(),
        lacks_email,
        created: age.ok().flatten(),
        elsewhere,
        is_read: true,
        unread: age.err().map(|why| Unread {
            what: Evidence::Identity,
            why,
        }),
    };
    // Processing has just ended, so the identity follows the mappings.
    let profile = Profile::Mapped {
        made,
        is_due: false,
    };
    let refused = |why: String| StepError::NotOwn {
        what: format!("ISC gave account {native_identity} the identity {identity}: {why}"),
        help: format!(
            "check in ISC whose identity {identity} is; give the account another name, or, if it is meant, declare `identity: {identity}` on it"
        ),
    };
    let ownership = ownership::classify(&account, &identity, facts, profile, approved, earlier);
    match ownership {
        Ownership::Own | Ownership::Approved => Ok(()),
        Ownership::NotOwn(against) | Ownership::Awaited(against) => {
            Err(refused(against.to_string()))
        }
        Ownership::Unread(Unread { what: _, why }) => {
            Err(refused(format!("it could not be read completely ({why})")))
        }
        Ownership::NotRead | Ownership::Unknown => match unknown {
            Unknown::Stops => Err(refused(
                "nothing that ISC returned shows whether it is the account's own".to_owned(),
            )),
            Unknown::GoesOn => Ok(()),
        },
    }
}

/// Reads back what was just written. Where it is not there, it is read once more: the list
/// can be wrong.
pub(super) async fn read_back<V>(
    read: impl AsyncFn() -> Result<V, StepError>,
) -> Result<V, StepError> {
    let back = match read().await {
        Err(StepError::Stale { .. }) => read().await,
        back => back,
    };
    back.map_err(StepError::after_sending)
}

/// Checks that nothing differs between what was written and what was read back.
pub(super) fn as_written(step: &Step, difference: Option<String>) -> Result<(), StepError> {
    match difference {
        None => Ok(()),
        Some(detail) => Err(StepError::NotAsWritten {
            what: step.address.to_string(),
            detail,
        }),
    }
}
