//! State file: saves and loads a tenant, one process at a time.
//!
//! The file is replaced as a whole, and changes since then are in a log beside it (`FILE.log`), which
//! is appended to before a change is answered. A log that has grown as large as its file is moved
//! aside and written into it. Reading starts with the file and goes on with the logs, so a process
//! that is killed at any point loses nothing that it wrote.
//!
//! The files are readable by their owner only, since they have the secrets of personal access
//! tokens in them, as they are. A lock beside them keeps two processes from using them at once; the
//! lock belongs to the process, so one that died holds none.

mod log;
mod place;
mod saved;
mod store;
#[cfg(test)]
mod tests;

use camino::Utf8Path;

pub(crate) use saved::{Loaded, StateFile};
pub(crate) use store::Store;

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
    let file = StateFile::open(path)?;
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
