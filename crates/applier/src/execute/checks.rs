//! Checks around a write: the object is as planned before, as written after.

use crate::step_error::StepError;
use model::{Fingerprint, IdentityId, IdentityNames, IdentityTarget, OwnIdentity, Step};

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

/// Checks that the identity that ISC gave to a new account is the account's own. One
/// that the plan knew was judged when planning.
pub(super) fn is_own(
    target: &IdentityTarget,
    identity: &IdentityId,
    found: &IdentityNames,
    unknown: Unknown,
) -> Result<(), StepError> {
    let IdentityTarget::OfAccount {
        source: _,
        native_identity,
        own,
    } = target
    else {
        return Ok(());
    };
    let refused = |why: String| StepError::NotOwn {
        what: format!("ISC gave account {native_identity} the identity {identity}: {why}"),
        help: format!(
            "check in ISC whose identity {identity} is; give the account another name, or, if it is meant, declare `identity: {identity}` on it"
        ),
    };
    let names = match own {
        OwnIdentity::Approved(approved) if approved == identity => return Ok(()),
        OwnIdentity::Approved(approved) => {
            return Err(refused(format!("the file declares `identity: {approved}`")));
        }
        OwnIdentity::Named(names) => names,
    };
    let IdentityNames { alias, email } = names;
    let pairs = [
        ("alias", alias.as_deref().zip(found.alias.as_deref())),
        (
            "email address",
            email.as_deref().zip(found.email.as_deref()),
        ),
    ];
    for (what, pair) in pairs {
        if let Some((expected, found)) = pair
            && !IdentityNames::is_same(expected, found)
        {
            return Err(refused(format!(
                "its {what} is {found}, and the account's would be {expected}"
            )));
        }
    }
    let is_known = pairs.iter().any(|(_, pair)| pair.is_some());
    match unknown {
        Unknown::Stops if !is_known => Err(refused(
            "nothing that ISC returned shows whether it is the account's own".to_owned(),
        )),
        Unknown::Stops | Unknown::GoesOn => Ok(()),
    }
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
