//! Keeps a tenant on disk while it changes: its changes in the log, and the log in its bounds.
//!
//! A change is noted while the tenant is locked, and written when it no longer is. Whoever writes
//! takes all that is noted by then, so callers that come at once share one write to the disk.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::log::{Log, line, mark, mark_as_logged};
use super::place::remove;
use super::saved::{Place, StateFile};
use crate::config::Durability;
use crate::errors::StateFileError;
use crate::tenant::{Change, Tenant};

/// A log of fewer bytes is left as it is.
const SMALL_LOG: u64 = 4 << 20;

/// A tenant's place on disk.
#[derive(Debug)]
pub(crate) struct Store {
    durability: Durability,
    /// Changes that are not written yet, oldest first.
    noted: Mutex<Vec<Change>>,
    files: Mutex<Files>,
    /// The last attempt to write failed.
    is_failing: AtomicBool,
}

#[derive(Debug)]
struct Files {
    /// None once it is let go.
    state: Option<StateFile>,
    tenant: String,
    log: Option<Log>,
    /// The position that is written.
    written: u64,
    /// The log cannot go on, or is not about the tenant that there is now.
    needs_whole: bool,
    /// How large the state file is.
    size: Arc<AtomicU64>,
    compaction: Option<JoinHandle<()>>,
    /// At which size of the log it is compacted.
    limit: u64,
}

impl Store {
    pub(crate) fn new(state: StateFile, durability: Durability) -> Self {
        Self {
            durability,
            noted: Mutex::default(),
            files: Mutex::new(Files {
                state: Some(state),
                tenant: String::new(),
                log: None,
                written: 0,
                needs_whole: true,
                size: Arc::default(),
                compaction: None,
                limit: SMALL_LOG,
            }),
            is_failing: AtomicBool::new(false),
        }
    }

    /// Goes on from a tenant that was loaded and is in the state file as it is.
    pub(crate) fn adopt(&self, tenant: &Tenant, size: u64) {
        let mut files = locked(&self.files);
        files.tenant = mark(tenant);
        files.written = tenant.position;
        files.needs_whole = false;
        files.size.store(size, Ordering::Relaxed);
    }

    pub(crate) fn durability(&self) -> Durability {
        self.durability
    }

    /// Notes a change; it is written by the next [`Store::write`].
    pub(crate) fn note(&self, change: Change) {
        locked(&self.noted).push(change);
    }

    /// Whether the last attempt to write failed.
    pub(crate) fn is_failing(&self) -> bool {
        self.is_failing.load(Ordering::Relaxed)
    }

    /// Whether only [`Store::write_whole`] helps.
    pub(crate) fn needs_whole(&self) -> bool {
        locked(&self.files).needs_whole
    }

    /// Writes what is noted, at least up to this position.
    pub(crate) fn write(&self, position: u64) -> Result<(), StateFileError> {
        let mut files = locked(&self.files);
        if files.written >= position && !self.is_failing() {
            return Ok(());
        }
        let changes = std::mem::take(&mut *locked(&self.noted));
        let written = files.append(&changes, self.durability);
        self.is_failing.store(written.is_err(), Ordering::Relaxed);
        if written.is_err() {
            locked(&self.noted).splice(0..0, changes);
        }
        written
    }

    /// Replaces the state file by this tenant, which has all that was noted in it.
    pub(crate) fn write_whole(&self, tenant: &Tenant) -> Result<(), StateFileError> {
        let mut files = locked(&self.files);
        files.wait_for_compaction();
        // Until it is done, the log is about what was before.
        files.needs_whole = true;
        let Some(state) = &mut files.state else {
            return Ok(());
        };
        let saved = state.save(tenant, self.durability == Durability::Synced);
        self.is_failing.store(saved.is_err(), Ordering::Relaxed);
        files.size.store(saved?, Ordering::Relaxed);
        locked(&self.noted).clear();
        files.log = None;
        files.tenant = mark(tenant);
        files.written = tenant.position;
        files.needs_whole = false;
        files.limit = SMALL_LOG;
        Ok(())
    }

    /// Lets the state file go, so that others can use it.
    pub(crate) fn let_go(&self) {
        let mut files = locked(&self.files);
        files.wait_for_compaction();
        files.log = None;
        files.state = None;
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Files {
    fn append(&mut self, changes: &[Change], durability: Durability) -> Result<(), StateFileError> {
        let Some(state) = &mut self.state else {
            return Ok(());
        };
        // Another process may have the file by now; its changes are not to be mixed with these.
        state.keep_lock()?;
        let place = state.place().clone();
        let failed = |source| place.failed("write", source);
        if self.needs_whole {
            return Err(failed(io::Error::new(
                io::ErrorKind::NotFound,
                "it must be written as a whole",
            )));
        }
        let Some(last) = changes.last() else {
            return Ok(());
        };
        let sync = durability == Durability::Synced;
        let written = self.append_to(&place, changes, sync);
        if let Err(error) = &written {
            self.needs_whole |= error.kind() == io::ErrorKind::NotFound;
        }
        let size = written.map_err(failed)?;
        self.written = last.position;
        if size > self.limit.max(self.size.load(Ordering::Relaxed)) {
            self.compact(&place, size, sync);
        }
        Ok(())
    }

    /// Appends changes, and answers how large the log is then.
    fn append_to(&mut self, place: &Place, changes: &[Change], sync: bool) -> io::Result<u64> {
        let mut lines = Vec::new();
        for change in changes {
            lines.extend(line(change)?);
        }
        // A log is of no use without its state.
        if !place.is_held() {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "it has been moved, removed, replaced or written by another program",
            ));
        }
        let log = match &mut self.log {
            Some(log) => log,
            none => {
                let (tenant, written) = (&self.tenant, self.written);
                none.insert(begun(place, tenant, written, sync)?)
            }
        };
        log.append(&lines, sync)?;
        Ok(log.len())
    }

    /// Moves the log aside and writes it into the state file, while another log is begun.
    fn compact(&mut self, place: &Place, size: u64, sync: bool) {
        if self
            .compaction
            .as_ref()
            .is_some_and(|run| !run.is_finished())
        {
            return;
        }
        let (log, older) = (place.log(), place.older_log());
        // An older one that is still there is one whose compaction failed; it goes first.
        let waits = fs_err::symlink_metadata(&older).is_ok();
        if waits {
            self.limit = size.saturating_mul(2);
        } else {
            if let Err(error) = fs_err::rename(&log, &older) {
                tracing::error!(%error, "cannot move the log of the simulated tenant");
                return;
            }
            self.limit = SMALL_LOG;
            // The next one is there before the file is replaced, which then says that it has one.
            let (tenant, written) = (&self.tenant, self.written);
            self.log = None;
            match begun(place, tenant, written, sync) {
                Ok(log) => self.log = Some(log),
                Err(error) => {
                    tracing::error!(%error, "cannot begin the log of the simulated tenant");
                    self.needs_whole = true;
                    return;
                }
            }
        }
        let (place, bytes) = (place.clone(), Arc::clone(&self.size));
        self.compaction = Some(std::thread::spawn(move || match compacted(&place, sync) {
            Ok(size) => bytes.store(size, Ordering::Relaxed),
            Err(error) => {
                tracing::error!(%error, "cannot compact the log of the simulated tenant");
            }
        }));
    }

    fn wait_for_compaction(&mut self) {
        if let Some(run) = self.compaction.take() {
            // A panic in it leaves the log for the next one.
            let _ = run.join();
        }
    }
}

/// Begins a log beside a state file.
fn begun(place: &Place, tenant: &str, written: u64, sync: bool) -> io::Result<Log> {
    let log = Log::begin(place.log(), tenant, written, sync)?;
    place.write_into(|state| mark_as_logged(state, sync))?;
    Ok(log)
}

/// Writes the older log into the state file. It reads both from the disk, so that the tenant need
/// not be locked meanwhile.
fn compacted(place: &Place, sync: bool) -> Result<u64, StateFileError> {
    let older = place.older_log();
    let Some(loaded) = place.load(&[&older])? else {
        return Err(StateFileError::Log {
            path: place.path.clone(),
            log: older,
            problem: crate::errors::LogProblem::NoState,
        });
    };
    let size = place.save(&loaded.tenant, sync, true)?;
    remove(&older).map_err(|source| place.failed("write", source))?;
    Ok(size)
}
