//! One unattended run: checked before it begins, reported when it has ended.

use super::arguments::UnattendedArguments;
use super::deliver::{self, Ready};
use super::{address, metrics_file};
use crate::arguments::{SpecArguments, TenantArguments};
use crate::assessment::Assessment;
use crate::failure::Failure;
use crate::output::Output;
use crate::record_lock::RecordLock;
use crate::records::{self, Notices};
use crate::session;
use crate::spec_files::plain;
use crate::whole_file;
use camino::Utf8Path;
use model::{NoticeReceiver, Spec};
use render::run_facts::{RunFacts, Seen};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The receivers and files of a run.
pub(crate) struct Unattended {
    arguments: UnattendedArguments,
    ready: Vec<Ready>,
    authorities: Vec<u8>,
}

/// What was seen of the tenant last; nothing where nobody asks for it.
pub(crate) struct Watched {
    is_asked: bool,
    seen: Mutex<Option<Seen>>,
}

/// What was reported of a run.
pub(crate) struct Reported {
    /// Which notices were sent, for the record.
    pub(crate) notices: Notices,
    /// The metrics as text.
    pub(crate) metrics: String,
    /// Why the file of metrics was not written.
    pub(crate) lost: Option<Failure>,
}

impl Unattended {
    /// Checks addresses and files, before anything is read or changed. `declared` are the
    /// receivers of the files, `record` knows what they were sent.
    ///
    /// # Errors
    /// An address that cannot be sent to safely, or a file that cannot be written.
    pub(crate) fn new(
        arguments: &UnattendedArguments,
        spec: &SpecArguments,
        tenant: &TenantArguments,
        declared: &[NoticeReceiver],
        record: Option<&Utf8Path>,
    ) -> Result<Self, Failure> {
        let given = arguments.notify.iter();
        let given: Result<Vec<NoticeReceiver>, Failure> =
            given.map(|given| given.receiver(&spec.variables)).collect();
        let mut ready = Vec::new();
        for receiver in declared.iter().cloned().chain(given?) {
            let address = address::check(&receiver)?;
            ready.push(Ready { receiver, address });
        }
        if let Some(path) = &arguments.metrics {
            whole_file::check(path)?;
        }
        if let Some(record) = record.filter(|_| !ready.is_empty()) {
            RecordLock::check_notices(record)?;
        }
        let authorities = match &tenant.ca_file {
            Some(path) if !ready.is_empty() => session::authorities(path)?,
            _ => Vec::new(),
        };
        Ok(Self {
            arguments: arguments.clone(),
            ready,
            authorities,
        })
    }

    /// For what is seen of the tenant.
    pub(crate) fn watched(&self) -> Watched {
        Watched {
            is_asked: !self.ready.is_empty() || self.arguments.metrics.is_some(),
            seen: Mutex::default(),
        }
    }

    /// Sends the notices of a run and writes its metrics. A notice that fails is a warning.
    /// What the record says was sent is read when it is this run's turn to send.
    pub(crate) async fn report(
        &self,
        run: &RunFacts,
        record: Option<&Utf8Path>,
        output: &mut Output,
    ) -> Reported {
        let mut failed = 0;
        let timeout = Duration::from_secs(self.arguments.notify_timeout);
        let turn = match record {
            Some(record) if !self.ready.is_empty() => turn(record, timeout, output).await,
            Some(_) | None => None,
        };
        let before = record.and_then(records::notices);
        let after = if self.ready.is_empty() {
            before.clone()
        } else {
            let authorities = &self.authorities;
            let earlier = before.clone();
            let delivered =
                deliver::all(&self.ready, run, earlier, authorities, timeout, output).await;
            failed = delivered.failed;
            Some(delivered.state)
        };
        let file = self.arguments.metrics.as_deref();
        let (metrics, lost) = match metrics_file::write(file, run, failed) {
            Ok(text) => (text, None),
            Err(failure) => (String::new(), Some(failure)),
        };
        Reported {
            notices: Notices {
                before,
                after,
                turn,
            },
            metrics,
            lost,
        }
    }
}

/// Waits until no other run with this record sends. What could not be locked is sent all the
/// same: a notice that comes twice is better than one that does not come.
async fn turn(record: &Utf8Path, timeout: Duration, output: &mut Output) -> Option<RecordLock> {
    // Each notice is tried twice, and a run has few of them.
    let patience = timeout * 4;
    let why = match RecordLock::of_notices(record, patience).await {
        Ok(Some(turn)) => return Some(turn),
        Ok(None) if fs_err::metadata(record).is_ok_and(|there| !there.is_file()) => return None,
        Ok(None) => format!("another run has sent notices for {} s", patience.as_secs()),
        Err(error) => format!("they cannot be locked: {}", plain(&error)),
    };
    output.talk(&format!(
        "warning: a notice of the record {record} may come twice, because {why}"
    ));
    None
}

impl Watched {
    /// Remembers what an assessment shows; it replaces what was seen before.
    pub(crate) fn see(&self, spec: &Spec, assessment: &Assessment) {
        if self.is_asked {
            let seen = Seen::of(spec, &assessment.live, &assessment.plan);
            *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        }
    }

    /// Forgets what was seen: the tenant has changed since, and was not read again.
    pub(crate) fn forget(&self) {
        self.take();
    }

    /// What was seen last.
    pub(crate) fn take(&self) -> Option<Seen> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.take()
    }
}
