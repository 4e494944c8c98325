//! One unattended run: checked before it begins, reported when it has ended.

use super::arguments::UnattendedArguments;
use super::deliver::{self, Ready};
use super::{address, metrics_file};
use crate::arguments::{SpecArguments, TenantArguments};
use crate::assessment::Assessment;
use crate::failure::Failure;
use crate::output::Output;
use crate::session;
use crate::whole_file;
use model::{NoticeReceiver, Spec};
use render::notice::NoticeState;
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
    pub(crate) notices: Option<NoticeState>,
    /// The metrics as text.
    pub(crate) metrics: String,
    /// Why the file of metrics was not written.
    pub(crate) lost: Option<Failure>,
}

impl Unattended {
    /// Checks addresses and files, before anything is read or changed. `declared` are the
    /// receivers of the files.
    ///
    /// # Errors
    /// An address that cannot be sent to safely, or a file that cannot be written.
    pub(crate) fn new(
        arguments: &UnattendedArguments,
        spec: &SpecArguments,
        tenant: &TenantArguments,
        declared: &[NoticeReceiver],
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
    pub(crate) async fn report(
        &self,
        run: &RunFacts,
        earlier: Option<NoticeState>,
        output: &mut Output,
    ) -> Reported {
        let mut failed = 0;
        let state = if self.ready.is_empty() {
            earlier
        } else {
            let timeout = Duration::from_secs(self.arguments.notify_timeout);
            let authorities = &self.authorities;
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
            notices: state,
            metrics,
            lost,
        }
    }
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
