//! Makes the report of an apply out of its events.

use super::document::{
    ApplyReport, Cause, FORMAT_VERSION, ResultDocument, StepReport, Summary, TrafficDocument,
    seconds,
};
use crate::plan_document::{BlockedDocument, Tool};
use jiff::Timestamp;
use model::{Address, Event, StepResult, Tally};
use std::collections::BTreeMap;

/// The events of a run so far.
#[derive(Clone, Debug)]
pub struct ReportBuilder {
    report: ApplyReport,
    results: Vec<StepResult>,
    /// The place of each step.
    places: BTreeMap<Address, usize>,
}

impl ReportBuilder {
    /// A run that begins now.
    pub fn new(now: Timestamp) -> Self {
        Self {
            report: ApplyReport {
                format_version: FORMAT_VERSION,
                tool: Tool::this(),
                tenant: String::new(),
                user: String::new(),
                spec_digest: String::new(),
                plan_digests: Vec::new(),
                started_at: now.to_string(),
                ended_at: None,
                ending: None,
                exit_code: None,
                summary: Summary::default(),
                steps: Vec::new(),
                causes: Vec::new(),
                blocked: Vec::new(),
                notices: Vec::new(),
                requests: TrafficDocument::default(),
                seconds: 0.0,
            },
            results: Vec::new(),
            places: BTreeMap::new(),
        }
    }

    /// Adds an event.
    pub fn add(&mut self, now: Timestamp, event: &Event) {
        match event {
            Event::RunStarted {
                tenant,
                user,
                spec,
                plan,
                steps: _,
                blocked,
            } => {
                self.report.tenant.clone_from(tenant);
                self.report.user.clone_from(user);
                spec.as_str().clone_into(&mut self.report.spec_digest);
                self.report.plan_digests.push(plan.as_str().to_owned());
                self.report.blocked = blocked.iter().map(BlockedDocument::of).collect();
            }
            Event::Finished {
                address,
                action,
                result,
                elapsed,
                tracking_ids,
            } => {
                let step = StepReport {
                    address: address.to_string(),
                    action: action.to_string(),
                    result: result.into(),
                    seconds: seconds(*elapsed),
                    tracking_ids: tracking_ids.clone(),
                };
                self.places.insert(address.clone(), self.results.len());
                self.results.push(result.clone());
                self.report.steps.push(step);
            }
            Event::Revised { address, result } => {
                let place = self.places.get(address).copied();
                if let Some(place) = place
                    && let Some(step) = self.report.steps.get_mut(place)
                    && let Some(earlier) = self.results.get_mut(place)
                {
                    step.result = result.into();
                    *earlier = result.clone();
                }
            }
            Event::Notice { address, text } => {
                self.report.notices.push(format!("{address}: {text}"));
            }
            Event::RunEnded {
                ending,
                exit_code,
                traffic,
                elapsed,
            } => {
                self.report.ended_at = Some(now.to_string());
                self.report.ending = Some((*ending).into());
                self.report.exit_code = Some(*exit_code);
                self.report.requests = (*traffic).into();
                self.report.seconds = seconds(*elapsed);
            }
            Event::Started { .. } | Event::Waiting { .. } | Event::Retrying(_) => {}
        }
    }

    /// The report of the events so far.
    pub fn report(&self) -> ApplyReport {
        let mut report = self.report.clone();
        let mut summary = Summary::from(Tally::of(&self.results));
        summary.blocked += report.blocked.len();
        report.summary = summary;
        report.causes = causes(&report.steps);
        report
    }
}

/// Each cause once, in the order of the steps.
fn causes(steps: &[StepReport]) -> Vec<Cause> {
    let mut places: BTreeMap<&ResultDocument, usize> = BTreeMap::new();
    let mut causes: Vec<Cause> = Vec::new();
    for step in steps {
        let (error, help) = match &step.result {
            ResultDocument::SentNotVerified { error, help }
            | ResultDocument::Failed { error, help }
            | ResultDocument::Blocked { error, help } => (error, help),
            ResultDocument::Done { .. }
            | ResultDocument::Skipped { .. }
            | ResultDocument::NeverTried => continue,
        };
        let place = *places.entry(&step.result).or_insert_with(|| {
            causes.push(Cause {
                error: error.clone(),
                help: help.clone(),
                steps: 0,
                addresses: Vec::new(),
            });
            causes.len() - 1
        });
        if let Some(cause) = causes.get_mut(place) {
            cause.steps += 1;
            cause.addresses.push(step.address.clone());
        }
    }
    causes
}
