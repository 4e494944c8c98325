//! The accounts that wait for somebody.

use super::visible::visible;
use model::{AccountReport, Plan, Who};

/// What stands for the account's name where several are told the same.
pub(crate) const PLACEHOLDER: &str = "ACCOUNT";

/// One thing to do, and for which accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingView {
    /// Who can do it. With several accounts the name is [`PLACEHOLDER`].
    pub(crate) who: String,
    /// What to do, with the same placeholder.
    pub(crate) what: String,
    pub(crate) accounts: Vec<WaitingAccount>,
}

/// An account that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WaitingAccount {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) stage: String,
    /// The command that does it, where there is one.
    pub(crate) command: Option<String>,
}

/// Whether an account waits for somebody, and not for the next apply.
pub(crate) fn waits_for_somebody(account: &AccountReport) -> bool {
    account
        .next
        .as_ref()
        .is_some_and(|next| next.who != Who::NextApply)
}

/// What there is to do, the same things together. `hint` may know a command
/// for an account.
pub fn waiting(plan: &Plan, hint: impl Fn(&AccountReport) -> Option<String>) -> Vec<WaitingView> {
    let mut views: Vec<WaitingView> = Vec::new();
    for account in plan.accounts.iter().filter(|one| waits_for_somebody(one)) {
        let Some(next) = &account.next else { continue };
        let name = visible(account.name.as_str());
        let who = with_placeholder(&visible(&next.who.to_string()), &name);
        let what = with_placeholder(&visible(&next.what), &name);
        let waiting = WaitingAccount {
            key: visible(account.key.as_str()),
            name,
            stage: account
                .stage
                .map_or_else(|| "not read".to_owned(), |stage| stage.to_string()),
            command: hint(account),
        };
        match views
            .iter_mut()
            .find(|view| view.who == who && view.what == what)
        {
            Some(view) => view.accounts.push(waiting),
            None => views.push(WaitingView {
                who,
                what,
                accounts: vec![waiting],
            }),
        }
    }
    for view in &mut views {
        if let [only] = view.accounts.as_slice() {
            view.who = view.who.replace(PLACEHOLDER, &only.name);
            view.what = view.what.replace(PLACEHOLDER, &only.name);
        }
    }
    views
}

/// The text with every mention of a name, as a word, replaced by the
/// placeholder.
pub(crate) fn with_placeholder(text: &str, name: &str) -> String {
    if name.is_empty() {
        return text.to_owned();
    }
    let is_word = |character: char| character.is_alphanumeric() || "-_".contains(character);
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
        replaced.push_str(if alone { PLACEHOLDER } else { name });
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

#[cfg(test)]
mod tests {
    use super::with_placeholder;

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
