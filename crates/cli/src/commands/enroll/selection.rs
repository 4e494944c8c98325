//! Which accounts a run enrolls, and why the others are left.

use super::site::{Site, Subject};
use crate::failure::Failure;
use model::{AccountReport, AccountSpec, Spec, Stage};
use std::collections::BTreeSet;

/// The accounts that were named, each once, in the order of the command line.
///
/// # Errors
/// A name that no file declares, or an account without a place for its issuer token.
pub(super) fn named<'a>(spec: &'a Spec, names: &[String]) -> Result<Vec<Subject<'a>>, Failure> {
    let mut seen = BTreeSet::new();
    let mut subjects = Vec::new();
    for name in names {
        let account = find(spec, name)?;
        let Some(subject) = subject(account) else {
            return Err(Failure::Usage {
                message: format!(
                    "{} declares no store location for its issuer token",
                    account.name
                ),
                help: "declare `defaults.issuer`, or `issuer` for the account".to_owned(),
            });
        };
        if seen.insert(&account.key) {
            subjects.push(subject);
        }
    }
    Ok(subjects)
}

/// All accounts that an issuer token is of use to.
pub(super) fn all(spec: &Spec) -> Vec<Subject<'_>> {
    let declares_tokens = |account: &&AccountSpec| {
        let tokens = account.tokens.as_ref();
        tokens.is_some_and(|tokens| !tokens.is_empty())
    };
    let accounts = spec.accounts.values().filter(declares_tokens);
    accounts.filter_map(subject).collect()
}

fn subject(account: &AccountSpec) -> Option<Subject<'_>> {
    let location = account.issuer.as_ref()?;
    Some(Subject { account, location })
}

fn find<'a>(spec: &'a Spec, wanted: &str) -> Result<&'a AccountSpec, Failure> {
    spec.accounts
        .values()
        .find(|account| account.key.as_str() == wanted || account.name.as_str() == wanted)
        .ok_or_else(|| Failure::Usage {
            message: format!("no file declares an account `{wanted}`"),
            help: "enter an id or a name; `steersman status` lists all accounts".to_owned(),
        })
}

/// What `--all` does with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It is enrolled now.
    Now,
    /// It has an issuer token that works.
    Done,
    /// It cannot be enrolled yet.
    Later {
        /// Its stage; none where that could not be read.
        stage: Option<Stage>,
        /// Who must do what first.
        next: String,
    },
}

/// Whether an account is enrolled now.
pub(super) fn turn(site: &Site<'_>, account: &AccountSpec) -> Turn {
    let reports = &site.assessment.plan.accounts;
    let report = reports.iter().find(|report| report.key == account.key);
    match report.and_then(|report| report.stage) {
        // Who sets the variable stores the token.
        Some(stage @ Stage::Registered) if is_only_read(site, account) => Turn::Later {
            stage: Some(stage),
            next: next(report),
        },
        Some(Stage::Registered) => Turn::Now,
        Some(Stage::Enrolled | Stage::Ready) => Turn::Done,
        stage @ (None
        | Some(Stage::Absent | Stage::Imported | Stage::Identified | Stage::Invited)) => {
            Turn::Later {
                stage,
                next: next(report),
            }
        }
    }
}

fn is_only_read(site: &Site<'_>, account: &AccountSpec) -> bool {
    let place = account.issuer.as_ref();
    place.is_some_and(|place| !site.stores.can_be_written(&place.store))
}

fn next(report: Option<&AccountReport>) -> String {
    match report.and_then(|report| report.next.as_ref()) {
        Some(next) => format!("{}: {}", next.who, next.what),
        None => "run `steersman status`".to_owned(),
    }
}
