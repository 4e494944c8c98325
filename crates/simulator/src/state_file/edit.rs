//! Changes the tenant in a state file that no simulator serves.

use camino::Utf8Path;

use super::StateFile;
use crate::errors::ControlError;
use crate::tenant::Tenant;

/// How far the clock advances before a change, so that running tasks complete.
const A_WHILE: jiff::SignedDuration = jiff::SignedDuration::from_mins(1);

/// Changes the tenant in a state file, and saves it. A missing file is created with a new tenant.
/// Before the change, the clock advances by a minute, or to the real time if that is later, so that
/// tasks that ran when the file was saved complete.
pub fn with_state_file<T>(
    path: &Utf8Path,
    change: impl FnOnce(&mut Tenant) -> Result<T, ControlError>,
) -> Result<T, ControlError> {
    let mut file = StateFile::open(path)?;
    let now = crate::clock::real_now();
    let mut tenant = file
        .load()?
        .map_or_else(|| Tenant::new(now), |loaded| loaded.tenant);
    tenant.advance_by(A_WHILE);
    tenant.advance_to(now);
    let result = change(&mut tenant)?;
    file.save(&tenant, false)?;
    Ok(result)
}
