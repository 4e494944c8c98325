//! `steersman drift`: compares files and tenant, and says which side moved; read-only.

mod arguments;
mod round;
mod telling;
mod who;

pub(crate) use arguments::{ComparisonArguments, DriftOutputs};
pub(crate) use round::compare;
pub(crate) use telling::tell;

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::loading::load_spec;
use crate::notices::{Unattended, UnattendedArguments, unloaded};
use crate::output::Output;
use crate::problem_report::refuse_problems;
use crate::session::Session;
use clap::Args;
use std::time::Instant;

/// Compare files and tenant, and say which side moved; read-only
///
/// Example: `steersman drift accounts --record record.json --cause tenant`
///
/// Exits with 2 if there is drift, and with 8 if the tenant was read only in part. The
/// record has digests of when files and tenant last agreed; without one, no cause is
/// known.
#[derive(Debug, Args)]
pub(crate) struct Drift {
    #[command(flatten)]
    comparison: ComparisonArguments,
    #[command(flatten)]
    outputs: DriftOutputs,
    #[command(flatten)]
    unattended: UnattendedArguments,
}

impl Drift {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let began = Instant::now();
        self.outputs
            .check(&self.comparison, self.unattended.metrics())?;
        if let Some(record) = &self.comparison.record {
            output.name_record(record.as_str());
        }
        let records = self.comparison.records()?;
        if let Some(note) = records.note() {
            output.talk(&note);
        }
        let (spec, loaded) = match load_spec(&self.comparison.spec, &self.comparison.tenant, output)
        {
            Ok(loaded) => loaded,
            Err(failure) => {
                let told = (
                    &self.unattended,
                    &self.comparison.spec,
                    &self.comparison.tenant,
                );
                let run = ("drift", self.comparison.record.as_deref());
                unloaded(told, run, (&failure, began), output).await;
                return Err(failure);
            }
        };
        let unattended = Unattended::new(
            &self.unattended,
            &self.comparison.spec,
            &self.comparison.tenant,
            &spec.notify,
            self.comparison.record.as_deref(),
        )?;
        let session = Session::open(&spec, &self.comparison.tenant, output).await?;
        let mut compared =
            compare(&self.comparison, (&spec, &session), &records, began, output).await;
        let told = (&unattended, &self.comparison);
        let (_, lost) = tell(told, &mut compared, &session, began, output).await;
        session.close().await?;
        let round = compared?;
        self.outputs.write(&round.report, output)?;
        round.keep(&self.comparison)?;
        refuse_problems(&round.plan, &loaded, output)?;
        Ok(match lost {
            Some(lost) => {
                lost.report(output);
                round.exit.with_lost_result()
            }
            None => round.exit,
        })
    }
}
