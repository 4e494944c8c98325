//! `steersman store check`: writes, reads and deletes a document in each store, and
//! lists the secrets that the files declare there.

use super::report::{AbilityReport, Entry, StoreReport, text};
use crate::answers::{Format, json};
use crate::arguments::{CommandArguments, JournalArgument, SpecArguments, TenantArguments};
use crate::assessment::{Assessment, Facts, assess};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::journals;
use crate::loading::load_spec;
use crate::output::Output;
use crate::session::Session;
use crate::store_exposure;
use crate::stores;
use applier::{Earlier, StoreCheck, Stores};
use clap::Args;
use model::{DeliveryState, Readable, Spec, StoreKey, StoreName, Unasked};
use planner::Allowances;
use std::collections::BTreeSet;

/// Check that each store works: write, read, delete; list what it holds
///
/// Example: `steersman store check accounts --allow-commands`
///
/// Writes the document `steersman-check` to each store, reads it back and deletes it. The
/// tenant is only read. Exits with 1 if a store cannot be used, was not asked, or holds
/// a foreign or orphaned secret.
#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    spec: SpecArguments,
    #[command(flatten)]
    tenant: TenantArguments,
    #[command(flatten)]
    commands: CommandArguments,
    #[command(flatten)]
    journal: JournalArgument,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl Check {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let (spec, loaded) = load_spec(&self.spec, &self.tenant, output)?;
        let session = Session::open(&spec, &self.tenant, output).await?;
        let stores = stores::open(&spec, &session, self.commands);
        let earlier = journals::earlier(&session, self.journal.path(), output)?;
        let facts = Facts {
            stores: &stores,
            earlier: &earlier,
            unasked: Unasked::Assumed,
            settled: Facts::NOTHING_SETTLED,
        };
        let result = assess(&spec, session.reader(), facts, &Allowances::default()).await;
        session.close().await?;
        let assessment = result?;
        let mut reports = Vec::new();
        for name in spec.stores.keys() {
            let check = stores.check(name).await;
            reports.push(report(&spec, name, check, &stores));
        }
        add_declared(&mut reports, &assessment, &stores).await;
        add_left(&mut reports, &spec, &assessment, &earlier, &stores).await;
        store_exposure::warn(&spec, &loaded, output)?;
        stores::show_notices(&stores, output);
        stores::show_not_asked(&stores, output);
        match self.format {
            Format::Text => output.lines(&text(&reports)),
            Format::Json => output.data(&json(&reports)?),
        }
        Ok(if reports.iter().any(StoreReport::has_fault) {
            Exit::Error
        } else if assessment.plan.incomplete.is_empty() {
            Exit::Done
        } else {
            Exit::of_partial_read(assessment.plan.incomplete.values())
        })
    }
}

fn report(spec: &Spec, name: &StoreName, check: StoreCheck, stores: &Stores) -> StoreReport {
    let StoreCheck {
        write,
        read,
        delete,
    } = check;
    let document = spec
        .stores
        .get(name)
        .map(|store| render::StoreDocument::of(name, store));
    StoreReport {
        name: name.to_string(),
        kind: document.map(|document| document.kind).unwrap_or_default(),
        write_only: stores.readable(name) == Readable::WriteOnly,
        write: AbilityReport::from(write),
        read: AbilityReport::from(read),
        delete: AbilityReport::from(delete),
        secrets: Vec::new(),
    }
}

/// The secrets that the files declare, each in its store.
async fn add_declared(reports: &mut [StoreReport], assessment: &Assessment, stores: &Stores) {
    for delivery in &assessment.plan.deliveries {
        let of = |report: &&mut StoreReport| report.name == delivery.place.store.as_str();
        let Some(report) = reports.iter_mut().find(of) else {
            continue;
        };
        report.secrets.push(Entry {
            address: delivery.address.to_string(),
            role: delivery.role,
            key: delivery.place.key.clone(),
            state: delivery.state.to_string(),
            is_fault: matches!(
                delivery.state,
                DeliveryState::Foreign | DeliveryState::Unreadable
            ),
            detail: delivery.detail.clone(),
            created: created(stores, &delivery.place).await,
        });
    }
}

/// Entries of tokens that no file declares there any more: earlier runs delivered them.
async fn add_left(
    reports: &mut [StoreReport],
    spec: &Spec,
    assessment: &Assessment,
    earlier: &Earlier,
    stores: &Stores,
) {
    let last = earlier.delivered.iter();
    let before = earlier.left.iter().map(|(place, address)| (address, place));

    let declared: BTreeSet<&StoreKey> = spec
        .accounts
        .values()
        .flat_map(|account| {
            let tokens = account.tokens.iter().flat_map(model::TokenSpecs::values);
            account
                .issuer
                .iter()
                .chain(tokens.map(|token| &token.deliver))
        })
        .collect();
    for (address, place) in last.chain(before) {
        let of = |report: &&mut StoreReport| report.name == place.store.as_str();
        let Some(report) = reports.iter_mut().find(of) else {
            continue;
        };
        if declared.contains(place) {
            continue;
        }
        if report.write_only {
            report.secrets.push(Entry {
                address: address.to_string(),
                role: model::SecretRole::Token,
                key: place.key.clone(),
                state: "left".to_owned(),
                // Whether a person has removed it cannot be read.
                is_fault: false,
                detail: Some(
                    "an earlier run delivered a secret here, and no file declares one; it cannot be read: remove it there"
                        .to_owned(),
                ),
                created: None,
            });
            continue;
        }
        let Ok(Some(document)) = stores.get(place).await else {
            continue;
        };
        let id = &document.credential.client_id;
        let lives = assessment
            .live
            .tokens
            .found()
            .iter()
            .any(|token| token.id == *id);
        report.secrets.push(Entry {
            address: address.to_string(),
            role: model::SecretRole::Token,
            key: place.key.clone(),
            state: "orphaned".to_owned(),
            is_fault: true,
            detail: Some(
                if lives {
                    "no file declares a secret here, and its token is still valid: revoke the token if nothing uses it, then remove the entry"
                } else {
                    "no file declares a secret here; its token is gone, or was not read: remove the entry if nothing uses it"
                }
                .to_owned(),
            ),
            created: document.created.map(|created| created.to_string()),
        });
    }
}

/// When the token of a secret was created, where the secret says it.
async fn created(stores: &Stores, place: &StoreKey) -> Option<String> {
    let document = stores.get(place).await.ok()??;
    document.created.map(|created| created.to_string())
}
