//! What a comparison reports to those who do not watch it: notices and metrics.

use super::arguments::ComparisonArguments;
use super::round::Round;
use crate::failure::Failure;
use crate::notices::{Reported, Unattended};
use crate::output::Output;
use crate::records;
use crate::session::Session;
use jiff::Timestamp;
use render::drift::Reading;
use render::run_facts::RunFacts;
use std::time::Instant;

/// Sends the notices of a comparison and writes its metrics; which were sent is kept in the
/// record. Returns the metrics as text, and why they were not written.
pub(crate) async fn tell(
    (unattended, arguments): (&Unattended, &ComparisonArguments),
    compared: &mut Result<Round, Failure>,
    session: &Session,
    began: Instant,
    output: &mut Output,
) -> (String, Option<Failure>) {
    let run = facts(compared, session, began);
    let Reported {
        notices,
        metrics,
        lost,
    } = unattended
        .report(&run, arguments.record.as_deref(), output)
        .await;
    if notices.after.is_some() {
        match compared {
            Ok(round) => round.sent(notices),
            Err(_) => {
                if let Some(path) = &arguments.record
                    && let Err(failure) = records::replace_notices(path, &notices)
                {
                    failure.report(output);
                }
            }
        }
    }
    (metrics, lost)
}

fn facts(compared: &mut Result<Round, Failure>, session: &Session, began: Instant) -> RunFacts {
    let (exit, error, seen) = match compared {
        Ok(round) => {
            let error = match &round.report.reading {
                Reading::Complete => None,
                Reading::Incomplete { collections } => collections
                    .iter()
                    .next()
                    .map(|(name, why)| format!("{name}: {why}")),
            };
            (round.exit, error, Some(round.take_seen()))
        }
        Err(failure) => (failure.exit(), Some(failure.text()), None),
    };
    RunFacts {
        command: "drift",
        tenant: session.tenant_name(),
        ended: Timestamp::now(),
        elapsed: began.elapsed(),
        exit_code: exit.number(),
        traffic: session.meter().traffic(),
        error,
        failed_steps: None,
        seen,
    }
}
