//! Facts of a status: how many accounts are how far, and who has to do what for which.

use crate::plan_document::UnmanagedDocument;
use crate::token_list::never_used;
use crate::view::next_step::{NextStep, role};
use crate::view::stores::secrets;
use crate::view::waiting::{WaitingView, with_placeholder};
use crate::view::{self};
use jiff::{SignedDuration, Timestamp};
use model::{
    AccountReport, Address, DeliveryReport, DeliveryState, Plan, Redactor, SecretRole, Stage,
    Unmanaged, visible,
};
use planner::{ListedToken, TokenList};
use std::collections::BTreeMap;

/// The status of the declared accounts. Its texts are redacted.
#[derive(Clone, Debug)]
pub struct Report {
    pub(super) tenant: String,
    pub(super) user: String,
    /// By the tenant's clock.
    pub(super) at: Timestamp,
    /// The stages that the report is cut to; all if empty. None is one that was not read.
    pub(super) only: Vec<Option<Stage>>,
    /// The accounts of those stages, as declared.
    pub(super) accounts: Vec<Row>,
    /// How many accounts there are of each stage, whatever the report is cut to.
    pub(super) stages: Vec<(Option<Stage>, usize)>,
    /// The accounts of those stages that are not as declared, by their next action.
    pub(super) groups: Vec<Group>,
    /// The tokens that expire soon; none where they were not read.
    pub(super) expiring: Option<Expiring>,
    /// What the stores hold, each with its name.
    pub(super) stores: Vec<(String, String)>,
    /// Secrets that are not where they should be, and tokens that no file declares or that
    /// nothing uses.
    pub(super) notes: Vec<String>,
    /// What is in the tenant and in no file, such as accounts that left the files.
    pub(super) unmanaged: Vec<UnmanagedDocument>,
    /// What was read in part, and why.
    pub(super) incomplete: Vec<(String, String)>,
}

/// An account.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) source: String,
    pub(super) stage: Option<Stage>,
    /// Its one next action; none where it is as declared.
    pub(super) next: Option<String>,
    /// Until when; none where something is blocked already.
    pub(super) by: Option<Timestamp>,
}

/// Accounts with the same next action.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The role of who acts, or the next apply.
    pub(super) who: &'static str,
    /// What happens next, with a placeholder for the account's name.
    pub(super) next: String,
    /// How people do it; none where the next apply goes on.
    pub(super) how: Option<WaitingView>,
    /// At least one, as places in the report's accounts.
    pub(super) accounts: Vec<usize>,
}

/// The tokens that expire within a time.
#[derive(Clone, Debug)]
pub struct Expiring {
    /// Within which time.
    pub(super) within: SignedDuration,
    pub(super) tokens: Vec<ExpiringToken>,
}

/// A token that expires soon, or has expired.
#[derive(Clone, Debug)]
pub(super) struct ExpiringToken {
    pub(super) account: String,
    pub(super) account_name: String,
    pub(super) token: String,
    pub(super) expires: Timestamp,
    /// What the next apply does with it; none where it is left as it is.
    pub(super) next: Option<String>,
}

impl Expiring {
    /// The tokens of a list that was cut to those that expire within a time.
    pub fn new(list: &TokenList, within: SignedDuration, redactor: &Redactor) -> Self {
        let clean = |text: &str| redactor.redact(&visible(text)).into_owned();
        let mut tokens: Vec<ExpiringToken> = list
            .tokens
            .iter()
            .filter_map(|token: &ListedToken| {
                Some(ExpiringToken {
                    account: clean(token.account.as_str()),
                    account_name: clean(token.account_name.as_str()),
                    token: clean(token.name_or_issuer().as_str()),
                    expires: token.expires()??,
                    next: token
                        .next
                        .map(|(action, reason)| format!("{action}: {}", reason.text())),
                })
            })
            .collect();
        tokens.sort_by_key(|token| token.expires);
        Self { within, tokens }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }
}

impl Report {
    /// The status of a plan's accounts, cut to some stages; all if that is empty. `hint`
    /// may know the commands that an account of a simulated tenant needs.
    pub fn new(
        plan: &Plan,
        tenant: &str,
        only: &[Option<Stage>],
        expiring: Option<Expiring>,
        hint: impl Fn(&AccountReport) -> Vec<String>,
        redactor: &Redactor,
    ) -> Self {
        let clean = |text: &str| redactor.redact(&visible(text)).into_owned();
        let is_asked = |account: &AccountReport| only.is_empty() || only.contains(&account.stage);
        let mut stages: Vec<(Option<Stage>, usize)> = Vec::new();
        for account in &plan.accounts {
            match stages.iter_mut().find(|(stage, _)| *stage == account.stage) {
                Some((_, count)) => *count += 1,
                None => stages.push((account.stage, 1)),
            }
        }
        stages.sort_unstable();
        let shown: Vec<&AccountReport> = plan.accounts.iter().filter(|one| is_asked(one)).collect();
        let nexts: Vec<Option<Next>> = shown.iter().map(|one| next(plan, one)).collect();
        let ways = view::waiting_of(plan, is_asked, hint, redactor);
        Self {
            tenant: clean(tenant),
            user: clean(&plan.user),
            at: plan.created_at,
            only: only.to_vec(),
            groups: groups(&shown, &nexts, &ways, &clean),
            accounts: shown
                .into_iter()
                .zip(nexts)
                .map(|(account, next)| row(account, next, &clean))
                .collect(),
            stages,
            expiring,
            stores: secrets(plan)
                .into_iter()
                .map(|(store, held)| (clean(store.as_str()), held))
                .collect(),
            notes: notes(plan).iter().map(|note| clean(note)).collect(),
            unmanaged: plan.unmanaged.iter().map(UnmanagedDocument::of).collect(),
            incomplete: plan
                .incomplete
                .iter()
                .map(|(collection, why)| (clean(collection), clean(&why.to_string())))
                .collect(),
        }
    }
}

impl Report {
    /// Adds the tokens of a list that nothing has used for long.
    #[must_use]
    pub fn with_never_used(mut self, list: &TokenList, redactor: &Redactor) -> Self {
        let lines = list
            .tokens
            .iter()
            .filter_map(|token| never_used(token, list.at));
        self.notes
            .extend(lines.map(|line| redactor.redact(&visible(&line)).into_owned()));
        self
    }
}

/// The role of who acts, and the one next action.
type Next = (&'static str, String);

fn row(account: &AccountReport, next: Option<Next>, clean: &impl Fn(&str) -> String) -> Row {
    let AccountReport {
        key,
        name,
        source,
        stage,
        next: action,
    } = account;
    Row {
        key: clean(key.as_str()),
        name: clean(name.as_str()),
        source: clean(source.as_str()),
        stage: *stage,
        next: next.map(|(who, what)| clean(&format!("{who}: {what}"))),
        by: action.as_ref().and_then(|action| action.by),
    }
}

/// The accounts by next action, in the order of the first account of each.
fn groups(
    accounts: &[&AccountReport],
    nexts: &[Option<Next>],
    ways: &[WaitingView],
    clean: &impl Fn(&str) -> String,
) -> Vec<Group> {
    let way_of: BTreeMap<&str, usize> = ways
        .iter()
        .enumerate()
        .flat_map(|(place, way)| {
            way.accounts
                .iter()
                .map(move |one| (one.key.as_str(), place))
        })
        .collect();
    let mut groups: Vec<Group> = Vec::new();
    let mut known: BTreeMap<(&'static str, String, Option<usize>), usize> = BTreeMap::new();
    for (place, (account, next)) in accounts.iter().zip(nexts).enumerate() {
        let Some((who, what)) = next else {
            continue;
        };
        let next = with_placeholder(&clean(what), &clean(account.name.as_str()));
        let way = way_of.get(clean(account.key.as_str()).as_str()).copied();
        let new = groups.len();
        let group = *known.entry((who, next.clone(), way)).or_insert(new);
        match groups.get_mut(group) {
            Some(group) => group.accounts.push(place),
            None => groups.push(Group {
                who,
                next,
                how: way.and_then(|way| ways.get(way)).cloned(),
                accounts: vec![place],
            }),
        }
    }
    groups
}

/// The one next action of an account, and the role of who acts; none where it is as
/// declared.
fn next(plan: &Plan, account: &AccountReport) -> Option<Next> {
    let action = account.next.as_ref()?;
    let what = match NextStep::of(plan, account) {
        NextStep::Nothing => return None,
        NextStep::Invite { .. } => "invite".to_owned(),
        NextStep::Register { enroll: true } => "register, then enroll".to_owned(),
        NextStep::Register { enroll: false } => "register".to_owned(),
        NextStep::Enroll => "enroll".to_owned(),
        NextStep::Apply | NextStep::Other => action.what.clone(),
    };
    Some((role(&action.who), what))
}

/// What a person has to know beyond stages.
fn notes(plan: &Plan) -> Vec<String> {
    let refusals = plan.guards.iter().filter(|guard| guard.refuses());
    let refusals = refusals.map(|guard| {
        format!(
            "! the next apply would be refused by the guard {}: {}; {}",
            guard.name, guard.message, guard.remedy
        )
    });
    let accounts = plan.unmanaged.iter().filter_map(|unmanaged| {
        let Unmanaged {
            address,
            name,
            source: _,
            holds: _,
        } = unmanaged;
        let Address::Account(key) = address else {
            return None;
        };
        let state = unmanaged.in_words();
        Some(format!("? account {key} {name}: {state}"))
    });
    let remedy = plan.unmanaged.iter().any(Unmanaged::may_hold);
    let remedy = remedy.then(|| format!("? operator: {}", Unmanaged::REMEDY));
    let secrets = plan.deliveries.iter().filter_map(not_delivered);
    let tokens = plan.unmanaged.iter().filter_map(|unmanaged| {
        let Unmanaged { address, .. } = unmanaged;
        let Address::Token(account, name) = address else {
            return None;
        };
        Some(format!("? token {name} of {account}: unmanaged, kept"))
    });
    refusals
        .chain(secrets)
        .chain(remedy)
        .chain(accounts)
        .chain(tokens)
        .collect()
}

/// A secret that is not where it should be, and why that is known.
fn not_delivered(report: &DeliveryReport) -> Option<String> {
    match report.state {
        DeliveryState::Moved
        | DeliveryState::Stale
        | DeliveryState::Foreign
        | DeliveryState::Unreadable => {}
        // A missing secret is what the next action of its account is about.
        DeliveryState::Delivered
        | DeliveryState::Missing
        | DeliveryState::WriteOnly
        | DeliveryState::NotAsked
        | DeliveryState::Unknown => return None,
    }
    let what = match report.role {
        SecretRole::Issuer => format!("issuer token of {}", report.address),
        SecretRole::Token => report.address.to_string(),
    };
    let detail = report.detail.as_deref().unwrap_or_default();
    Some(format!(
        "! {what}: {} at {}: {detail}",
        report.state, report.place
    ))
}
