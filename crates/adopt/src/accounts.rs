//! Decides for each account of a source whether it is declared.

use crate::account::{self, ChosenAccount, Context};
use crate::error::Reason;
use crate::selection::Selection;
use model::{
    AccountKey, AccountSpec, Collection, Folder, IdentityId, LiveAccount, LiveSource, SecretPlace,
    StoreSpec, folded,
};
use std::collections::{BTreeMap, BTreeSet};

/// The accounts that are declared, and those that are left out.
#[derive(Default)]
pub(crate) struct Accounts<'a> {
    pub(crate) declared: Vec<(&'a LiveAccount, ChosenAccount)>,
    /// Accounts that are left out, each with the reason.
    left_out: Vec<String>,
    /// How many accounts were not selected.
    not_selected: usize,
    /// How many have neither levels nor tokens, on a source that is not managed.
    without_anything: usize,
}

/// How an account is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Treatment {
    /// It was not selected.
    NotSelected,
    /// It has neither levels nor tokens, on a source that is not managed.
    NothingToManage,
    /// It cannot be declared, for this reason.
    LeftOut(&'static str),
    /// It is declared, as far as its trial accepts.
    Declare,
}

/// Facts of the source that decide about each of its accounts.
#[derive(Clone, Copy, Debug)]
struct SourceFacts {
    managed: bool,
    has_profile: bool,
    /// Whether no account was selected by name.
    selects_all: bool,
}

/// Facts of an account that decide whether it is declared.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent fact of the account"
)]
#[derive(Clone, Copy, Debug)]
struct AccountFacts {
    selected: bool,
    has_unique_name: bool,
    has_identity: bool,
    /// Whether it has neither user levels nor tokens.
    has_nothing: bool,
}

/// How an account is treated. The first rule that fits counts.
fn treatment(source: SourceFacts, account: AccountFacts) -> Treatment {
    let SourceFacts {
        managed,
        has_profile,
        selects_all,
    } = source;
    let AccountFacts {
        selected,
        has_unique_name,
        has_identity,
        has_nothing,
    } = account;
    if !selected {
        Treatment::NotSelected
    } else if !managed && selects_all && has_nothing {
        Treatment::NothingToManage
    } else if !managed && !has_unique_name {
        Treatment::LeftOut("another account of the source has this name")
    } else if managed && has_profile && !has_identity {
        Treatment::LeftOut(
            "it has no identity, and declaring it would have the next apply create one",
        )
    } else if !managed && !has_identity {
        Treatment::LeftOut("it has no identity, so there is nothing to declare")
    } else {
        Treatment::Declare
    }
}

/// How many accounts have each name or id.
fn name_counts<'a>(accounts: &[&'a LiveAccount]) -> BTreeMap<&'a str, usize> {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for account in accounts {
        *names.entry(account.name.as_str()).or_default() += 1;
        if account.native_identity.as_str() != account.name.as_str() {
            *names.entry(account.native_identity.as_str()).or_default() += 1;
        }
    }
    names
}

impl<'a> Accounts<'a> {
    pub(crate) fn choose(
        context: &Context<'_>,
        source: &'a LiveSource,
        selection: &Selection,
    ) -> Self {
        let mut accounts: Vec<&LiveAccount> = source.accounts.found().iter().collect();
        accounts.sort_by_key(|account| (&account.native_identity, &account.id));
        let names = name_counts(&accounts);
        let facts = SourceFacts {
            managed: context.source.managed().is_some(),
            has_profile: source.profile.found().is_some(),
            selects_all: *selection == Selection::All,
        };
        let mut chosen = Self::default();
        let mut taken = Taken::default();
        for account in accounts {
            let of_account = AccountFacts {
                selected: selection.includes(account),
                has_unique_name: names.get(account.name.as_str()) == Some(&1),
                has_identity: account.identity.is_some(),
                has_nothing: has_nothing(context, account),
            };
            let declared = match treatment(facts, of_account) {
                Treatment::NotSelected => {
                    chosen.not_selected += 1;
                    continue;
                }
                Treatment::NothingToManage => {
                    chosen.without_anything += 1;
                    continue;
                }
                Treatment::LeftOut(why) => Err(Reason::new(why)),
                Treatment::Declare => taken.choose(context, account),
            };
            match declared {
                Ok(declared) => chosen.declared.push((account, declared)),
                Err(reason) => chosen.left_out.push(line(account, &reason)),
            }
        }
        chosen
    }

    /// How many accounts are not declared.
    pub(crate) fn left_out_count(&self) -> usize {
        self.left_out.len() + self.not_selected + self.without_anything
    }

    /// A line for each account that is left out, and the counts of the others.
    pub(crate) fn left_out_lines(&self) -> Vec<String> {
        let mut lines = self.left_out.clone();
        if self.without_anything > 0 {
            lines.push(format!(
                "{} without user levels and tokens; select service accounts among them with --account",
                accounts(self.without_anything)
            ));
        }
        if self.not_selected > 0 {
            lines.push(format!(
                "{} not selected with --account",
                accounts(self.not_selected)
            ));
        }
        lines
    }
}

fn accounts(count: usize) -> String {
    format!("{count} account{}", if count == 1 { "" } else { "s" })
}

fn line(account: &LiveAccount, reason: &Reason) -> String {
    if reason.secret {
        return format!(
            "the account with the ISC id {}: {}",
            account.id, reason.text
        );
    }
    let id = &account.native_identity;
    let name = if id.as_str() == account.name.as_str() {
        String::new()
    } else {
        format!(" ({})", account.name)
    };
    format!("{id}{name}: {}", reason.text)
}

/// Names, identities and places of secrets of declared accounts, which later
/// accounts cannot use.
#[derive(Default)]
struct Taken {
    names: BTreeMap<String, AccountKey>,
    /// By the user name that the declared mapping makes.
    user_names: BTreeMap<String, AccountKey>,
    identities: BTreeMap<IdentityId, AccountKey>,
    places: BTreeSet<SecretPlace>,
    /// The folders of the places.
    folders: BTreeSet<SecretPlace>,
}

impl Taken {
    fn choose(
        &mut self,
        context: &Context<'_>,
        observed: &LiveAccount,
    ) -> Result<ChosenAccount, Reason> {
        let identity = observed.identity.as_ref();
        let shared = identity.and_then(|identity| self.identities.get(identity));
        let mut chosen = account::choose(context, observed, shared)?;
        let AccountSpec { key, name, .. } = &chosen.spec;
        // Names that differ only in case are the same to ISC. On a source that others
        // manage they are what the files find an account by.
        let name = match &chosen.spec.row {
            Some(_) => folded(name.as_str()).into_owned(),
            None => name.to_string(),
        };
        if let Some(other) = self.names.get(&name) {
            return Err(Reason::new(format!("{other} has the same name")));
        }
        let user_name = user_name(context, &chosen.spec);
        if let Some(other) = user_name
            .as_ref()
            .and_then(|name| self.user_names.get(name))
        {
            return Err(Reason::new(format!("{other} has the same user name")));
        }
        self.names.insert(name, key.clone());
        self.user_names
            .extend(user_name.map(|name| (name, key.clone())));
        if let Some(identity) = identity {
            self.identities
                .entry(identity.clone())
                .or_insert_with(|| key.clone());
        }
        let places = places(&chosen.spec);
        let is_taken = |place: &SecretPlace| {
            self.places.contains(place)
                || self.folders.contains(place)
                || place
                    .folders()
                    .any(|folder| self.places.contains(&folder.to_place()))
        };
        if places.iter().any(is_taken) {
            chosen.spec.tokens = None;
            chosen.notes.push(
                "Not declared: its tokens: their secrets would use a store location of another account."
                    .to_owned(),
            );
        } else {
            self.folders.extend(
                places
                    .iter()
                    .flat_map(SecretPlace::folders)
                    .map(Folder::to_place),
            );
            self.places.extend(places);
        }
        Ok(chosen)
    }
}

/// The user name that the declared mapping makes of an account, as ISC compares it.
fn user_name(context: &Context<'_>, account: &AccountSpec) -> Option<String> {
    if account.identity.is_some() {
        return None;
    }
    let profile = context.source.managed()?.identity_profile.as_ref()?;
    let attribute = profile
        .mappings
        .get("uid")
        .map_or("name", |from| from.as_str());
    let cell = account.row.as_ref()?.cell(attribute)?;
    if cell.is_empty() {
        return None;
    }
    Some(folded(cell).into_owned())
}

/// The places of an account's secrets, all of which are in one store.
fn places(account: &AccountSpec) -> Vec<SecretPlace> {
    let store = StoreSpec::Directory {
        path: String::new(),
    };
    let tokens = account.tokens.iter().flatten();
    let delivered = tokens.map(|(_, token)| token.deliver.clone());
    let has_tokens = account
        .tokens
        .as_ref()
        .is_some_and(|tokens| !tokens.is_empty());
    delivered
        .chain(account.issuer.clone().filter(|_| has_tokens))
        .map(|location| store.place(&location.key))
        .collect()
}

/// Whether an account has neither user levels nor tokens that steersman could manage.
fn has_nothing(context: &Context<'_>, account: &LiveAccount) -> bool {
    let Some(identity) = &account.identity else {
        return true;
    };
    let no_levels = context
        .live
        .levels
        .get(identity)
        .map(Collection::complete)
        .is_some_and(|levels| levels.is_ok_and(BTreeSet::is_empty));
    let no_tokens = context
        .trial
        .tokens_of(identity)
        .iter()
        .all(|token| token.managed);
    no_levels && no_tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_treatment_of_an_account() {
        let managed = SourceFacts {
            managed: true,
            has_profile: true,
            selects_all: true,
        };
        let elsewhere = SourceFacts {
            managed: false,
            ..managed
        };
        let by_name = SourceFacts {
            selects_all: false,
            ..elsewhere
        };
        let without_profile = SourceFacts {
            has_profile: false,
            ..managed
        };
        let usual = AccountFacts {
            selected: true,
            has_unique_name: true,
            has_identity: true,
            has_nothing: false,
        };
        let with = |change: &dyn Fn(&mut AccountFacts)| {
            let mut facts = usual;
            change(&mut facts);
            facts
        };
        let unselected = with(&|facts| facts.selected = false);
        let nothing = with(&|facts| facts.has_nothing = true);
        let shared = with(&|facts| facts.has_unique_name = false);
        let uncorrelated = with(&|facts| facts.has_identity = false);
        for (source, account, expected) in [
            (managed, usual, Ok(Treatment::Declare)),
            (managed, unselected, Ok(Treatment::NotSelected)),
            (managed, nothing, Ok(Treatment::Declare)),
            (managed, shared, Ok(Treatment::Declare)),
            (managed, uncorrelated, Err("create one")),
            (without_profile, uncorrelated, Ok(Treatment::Declare)),
            (elsewhere, usual, Ok(Treatment::Declare)),
            (elsewhere, nothing, Ok(Treatment::NothingToManage)),
            (by_name, nothing, Ok(Treatment::Declare)),
            (elsewhere, shared, Err("this name")),
            (elsewhere, uncorrelated, Err("nothing to declare")),
        ] {
            let found = treatment(source, account);
            match expected {
                Ok(treatment) => assert_eq!(found, treatment, "{source:?} {account:?}"),
                Err(why) => assert!(
                    matches!(found, Treatment::LeftOut(text) if text.contains(why)),
                    "{source:?} {account:?} {found:?}"
                ),
            }
        }
    }
}
