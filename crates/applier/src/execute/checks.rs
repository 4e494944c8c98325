//! Checks around a write: the object is as planned before, as written after.

use crate::step_error::StepError;
use model::{Fingerprint, Step};

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
