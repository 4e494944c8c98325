//! Accounts that need a person, grouped by the action they need.

use super::next_step::{NextStep, role_of};
use super::rewrite::Rewrite;
use crate::count::counted;
use model::{AccountReport, Address, NextAction, Plan, Redactor, Who, visible};
use std::collections::BTreeSet;

/// Stands for the account's name where several accounts need the same.
pub(crate) const PLACEHOLDER: &str = "ACCOUNT";

/// What has to be done, and for which accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingView {
    /// At least one. With several accounts the name is [`PLACEHOLDER`].
    pub(crate) steps: Vec<HumanStep>,
    /// What is wrong, where the steps do not show it.
    pub(crate) why: Option<String>,
    /// What follows, and by which command.
    pub(crate) next: Option<String>,
    /// How many of the steps the commands of a simulated tenant replace.
    pub(crate) simulated: usize,
    /// At least one.
    pub(crate) accounts: Vec<WaitingAccount>,
}

/// One action of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HumanStep {
    /// The role of the person.
    pub(crate) who: String,
    pub(crate) what: String,
}

/// An account that needs a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WaitingAccount {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) stage: String,
    /// The commands that do it in a simulated tenant, in their order; a remark may be behind
    /// the last one.
    pub(crate) commands: Vec<String>,
    /// The tokens that depend on it.
    pub(super) tokens: Vec<String>,
}

/// Whether an account needs a person, and not only the next apply.
pub(crate) fn needs_a_person(account: &AccountReport) -> bool {
    account
        .next
        .as_ref()
        .is_some_and(|next| next.who != Who::NextApply)
}

/// The accounts that need a person, those that need the same together. `hint`
/// may know the commands for an account of a simulated tenant. Secrets are redacted.
pub fn waiting(
    plan: &Plan,
    hint: impl Fn(&AccountReport) -> Vec<String>,
    redactor: &Redactor,
) -> Vec<WaitingView> {
    waiting_of(plan, |_| true, hint, redactor)
}

/// The same for some of the accounts.
pub(crate) fn waiting_of(
    plan: &Plan,
    is_asked: impl Fn(&AccountReport) -> bool,
    hint: impl Fn(&AccountReport) -> Vec<String>,
    redactor: &Redactor,
) -> Vec<WaitingView> {
    let mut views = of_some(plan, is_asked, hint);
    views.rewrite(&|text| redactor.redact(text));
    views
}

/// The same as the plan has it.
pub(super) fn unredacted(
    plan: &Plan,
    hint: impl Fn(&AccountReport) -> Vec<String>,
) -> Vec<WaitingView> {
    of_some(plan, |_| true, hint)
}

fn of_some(
    plan: &Plan,
    is_asked: impl Fn(&AccountReport) -> bool,
    hint: impl Fn(&AccountReport) -> Vec<String>,
) -> Vec<WaitingView> {
    let mut views: Vec<WaitingView> = Vec::new();
    let asked = |account: &&AccountReport| needs_a_person(account) && is_asked(account);
    for account in plan.accounts.iter().filter(asked) {
        let Some(next) = &account.next else { continue };
        let name = visible(account.name.as_str());
        let step = NextStep::of(plan, account);
        let why = why(plan, account, step, &name);
        let steps = steps(step, next, &name);
        let waiting = WaitingAccount {
            key: visible(account.key.as_str()),
            name,
            stage: account
                .stage
                .map_or_else(|| "not read".to_owned(), |stage| stage.to_string()),
            commands: hint(account).iter().map(|one| visible(one)).collect(),
            tokens: blocked_tokens(plan, account),
        };
        // The commands go to where steersman goes on by itself.
        let simulated = steps.len();
        match views
            .iter_mut()
            .find(|view| view.steps == steps && view.simulated == simulated && view.why == why)
        {
            Some(view) => view.accounts.push(waiting),
            None => views.push(WaitingView {
                steps,
                why,
                next: None,
                simulated,
                accounts: vec![waiting],
            }),
        }
    }
    for view in &mut views {
        view.next = what_follows(&view.accounts);
        if let [only] = view.accounts.as_slice() {
            for step in &mut view.steps {
                step.who = step.who.replace(PLACEHOLDER, &only.name);
                let command = |name: &str| format!("`steersman enroll {name}`");
                let quoted = command(&model::shell_quoted(&only.name));
                step.what = step.what.replace(&command(PLACEHOLDER), &quoted);
                step.what = step.what.replace(PLACEHOLDER, &only.name);
            }
            view.why = view
                .why
                .take()
                .map(|why| why.replace(PLACEHOLDER, &only.name));
        }
    }
    views
}

/// What is wrong with an account whose stage alone does not show it.
fn why(plan: &Plan, account: &AccountReport, step: NextStep, name: &str) -> Option<String> {
    match step {
        NextStep::Other | NextStep::Enroll => {}
        NextStep::Nothing
        | NextStep::Apply
        | NextStep::Invite { .. }
        | NextStep::Register { .. } => return None,
    }
    let mut reasons: Vec<String> = Vec::new();
    for blocked in &plan.blocked {
        if blocked.address.account() == Some(&account.key)
            && account
                .next
                .as_ref()
                .is_some_and(|next| next.what == blocked.remedy)
        {
            let reason = with_placeholder(&visible(&blocked.message), name);
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
    }
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// The actions of people that lead on, with the placeholder for the name.
fn steps(step: NextStep, next: &NextAction, name: &str) -> Vec<HumanStep> {
    let holder = |what: String| HumanStep {
        who: role_of(&Who::AccountHolder(PLACEHOLDER.into())),
        what,
    };
    let invite = || HumanStep {
        who: role_of(&Who::TenantAdmin),
        what: format!("in ISC, invite {PLACEHOLDER} to register"),
    };
    let register = || {
        holder(format!(
            "open the invitation email for {PLACEHOLDER} (valid for 7 days) and set a password"
        ))
    };
    let enroll = || {
        [
            holder(format!(
                "sign in to ISC as {PLACEHOLDER}; under Preferences > Personal Access Tokens, create a token with the scope sp:my-personal-access-tokens:manage"
            )),
            HumanStep {
                who: role_of(&Who::Operator),
                what: format!(
                    "run `steersman enroll {PLACEHOLDER}`; the account holder enters the token's client ID and secret"
                ),
            },
        ]
    };
    match step {
        NextStep::Invite { enroll: false } => vec![invite(), register()],
        NextStep::Invite { enroll: true } => {
            [invite(), register()].into_iter().chain(enroll()).collect()
        }
        NextStep::Register { enroll: false } => vec![register()],
        NextStep::Register { enroll: true } => {
            std::iter::once(register()).chain(enroll()).collect()
        }
        NextStep::Enroll => enroll().into(),
        NextStep::Nothing | NextStep::Apply | NextStep::Other => vec![HumanStep {
            who: with_placeholder(&visible(&role_of(&next.who)), name),
            what: with_placeholder(&visible(&next.what), name),
        }],
    }
}

fn blocked_tokens(plan: &Plan, account: &AccountReport) -> Vec<String> {
    let tokens = plan
        .blocked
        .iter()
        .filter_map(|blocked| match &blocked.address {
            Address::Token(key, name) if *key == account.key => Some(visible(name.as_str())),
            _ => None,
        });
    tokens.collect()
}

/// What the next apply does once the steps are done; none where nothing depends
/// on them.
fn what_follows(accounts: &[WaitingAccount]) -> Option<String> {
    let sets: BTreeSet<&[String]> = accounts.iter().map(|one| one.tokens.as_slice()).collect();
    let tokens = match sets.into_iter().collect::<Vec<_>>().as_slice() {
        [[]] => return None,
        [[only]] => format!("the token {only}"),
        [several] => format!(
            "{}: {}",
            counted(several.len(), "token"),
            several.join(", ")
        ),
        _ => "the tokens of each account".to_owned(),
    };
    Some(format!("run `steersman apply`; it continues with {tokens}"))
}

/// The text with every mention of a name, as a word, replaced by the
/// placeholder.
pub(crate) fn with_placeholder(text: &str, name: &str) -> String {
    let is_word = |character: char| character.is_alphanumeric() || "-_".contains(character);
    replaced(text, name, PLACEHOLDER, is_word)
}

/// The text with every mention of a name replaced. `is_word` says which characters
/// beside it make it a part of another name.
pub(crate) fn replaced(text: &str, name: &str, by: &str, is_word: fn(char) -> bool) -> String {
    if name.is_empty() {
        return text.to_owned();
    }
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, found) = rest.split_at(at);
        let after = &found[name.len()..];
        let alone = !before
            .chars()
            .next_back()
            .or_else(|| replaced.chars().next_back().filter(|_| before.is_empty()))
            .is_some_and(is_word)
            && !after.chars().next().is_some_and(is_word);
        replaced.push_str(before);
        replaced.push_str(if alone { by } else { name });
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, plan};
    use model::{BlockedReason, Stage};

    fn what(view: &WaitingView) -> Vec<&str> {
        view.steps.iter().map(|step| step.what.as_str()).collect()
    }

    #[test]
    fn the_admin_comes_before_the_holder() {
        let accounts = vec![account(
            "audit01",
            Stage::Identified,
            Some(Who::TenantAdmin),
        )];
        let plan = plan(accounts, Some(BlockedReason::NotRegistered));
        let views = unredacted(&plan, |_| Vec::new());
        let who: Vec<&str> = views[0]
            .steps
            .iter()
            .map(|step| step.who.as_str())
            .collect();
        let holder = "account holder of audit01";
        assert_eq!(who, ["ISC admin", holder, holder, "operator"]);
        assert_eq!(
            views[0].next.as_deref(),
            Some("run `steersman apply`; it continues with the token report")
        );
    }

    #[test]
    fn accounts_that_need_the_same_are_told_together() {
        let holder = |name: &str| Some(Who::AccountHolder(name.into()));
        let accounts = vec![
            account("a", Stage::Invited, holder("a")),
            account("b", Stage::Invited, holder("b")),
            account("c", Stage::Registered, holder("c")),
            account("d", Stage::Imported, Some(Who::Operator)),
            account("e", Stage::Absent, Some(Who::NextApply)),
        ];
        let mut plan = plan(accounts, Some(BlockedReason::NotRegistered));
        plan.blocked[2].reason = BlockedReason::NoIssuer;
        let views = unredacted(&plan, |_| Vec::new());
        let sizes: Vec<usize> = views.iter().map(|view| view.accounts.len()).collect();
        assert_eq!(sizes, [2, 1, 1]);
        assert!(what(&views[0])[0].contains("for ACCOUNT"), "{views:?}");
        assert_eq!(views[1].simulated, 2);
        assert!(what(&views[1])[1].contains("`steersman enroll c`"));
        assert_eq!(what(&views[2]), ["do what is needed for d"]);
    }

    #[test]
    fn names_are_replaced_as_words() {
        for (text, name, expected) in [
            (
                "sign in as audit01 and",
                "audit01",
                "sign in as ACCOUNT and",
            ),
            ("local:audit01/issuer", "audit01", "local:ACCOUNT/issuer"),
            (
                "audit012 and x-audit01",
                "audit01",
                "audit012 and x-audit01",
            ),
            ("audit01", "audit01", "ACCOUNT"),
            ("aa a aaa", "a", "aa ACCOUNT aaa"),
            ("nothing", "", "nothing"),
        ] {
            assert_eq!(with_placeholder(text, name), expected, "{text}");
        }
    }
}
