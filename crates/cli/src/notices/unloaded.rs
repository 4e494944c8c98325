//! What a run reports whose files cannot be loaded: to the receivers of the command line, and
//! in its metrics. Receivers of the files are not known then.

use super::arguments::UnattendedArguments;
use super::run::{Reported, Unattended};
use crate::arguments::{SpecArguments, TenantArguments};
use crate::credentials;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::records;
use camino::Utf8Path;
use jiff::Timestamp;
use model::TenantSettings;
use render::run_facts::RunFacts;
use std::time::Instant;

/// Reports that the files of a run could not be loaded. What fails here is a warning: why
/// the files cannot be loaded is said by the caller.
pub(crate) async fn unloaded(
    (arguments, spec, tenant): (&UnattendedArguments, &SpecArguments, &TenantArguments),
    (command, record): (&'static str, Option<&Utf8Path>),
    (failure, began): (&Failure, Instant),
    output: &mut Output,
) {
    let exit = failure.exit();
    if exit == Exit::Usage || arguments.is_silent() {
        return;
    }
    let unattended = match Unattended::new(arguments, spec, tenant, &[], record) {
        Ok(unattended) => unattended,
        Err(failure) => {
            failure.report(output);
            return;
        }
    };
    let kept = record.and_then(|path| records::read_if_there(path).ok().flatten());
    let run = RunFacts {
        command,
        tenant: kept
            .as_ref()
            .map(|record| record.tenant.clone())
            .or_else(address)
            .unwrap_or_else(|| "a tenant that the files do not say".to_owned()),
        ended: Timestamp::now(),
        elapsed: began.elapsed(),
        exit_code: exit.number(),
        traffic: model::Traffic::default(),
        error: Some(failure.text()),
        failed_steps: None,
        seen: None,
    };
    let Reported {
        notices,
        metrics: _,
        lost,
    } = unattended.report(&run, record, output).await;
    if let Some(lost) = lost {
        lost.report(output);
    }
    if let Some(path) = record
        && let Err(failure) = records::replace_notices(path, &notices)
    {
        failure.report(output);
    }
}

/// The address that the environment names.
fn address() -> Option<String> {
    let nothing = TenantSettings {
        base_url: None,
        declared_at: None,
        client_id: None,
        client_secret: None,
    };
    let address = credentials::address_of(&nothing).ok().flatten();
    address.map(|address| address.to_string())
}
