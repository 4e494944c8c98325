//! The whole way from a live source to the files of a spec.

use super::account::{self, ChosenAccount, Context};
use super::bench::{self, Bench};
use super::comment::comment;
use super::error::{AdoptError, Reason};
use super::files::{AdoptedFile, Contents, Layout, files};
use super::source::{self, ChosenSource};
use super::written;
use model::{
    AccountKey, AccountSpec, Collection, IdentityId, Live, LiveAccount, LiveSource, NativeIdentity,
    SourceName, SourceSpec, Spec, StoreKey,
};
use planner::Allowances;
use std::collections::{BTreeMap, BTreeSet};

/// Which accounts are adopted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// All that there is something to say about.
    All,
    /// These, by their ids on the source.
    Only(BTreeSet<NativeIdentity>),
}

/// What was made of a source.
#[derive(Debug)]
pub(crate) struct Adopted {
    /// The files, the main one first.
    pub(crate) files: Vec<AdoptedFile>,
    /// What they say, as everybody reads it.
    pub(crate) spec: Spec,
    /// How many accounts are not declared.
    pub(crate) left_out: usize,
    /// Whether "Apply Changes" is due, so that the first plan is not empty.
    pub(crate) due: bool,
}

/// Writes the spec of a source.
///
/// # Errors
/// A source that cannot be declared. What cannot be said of its accounts is no
/// error; it is said in comments.
pub(crate) fn adopt(
    live: &Live,
    name: &SourceName,
    which: &Which,
    layout: &Layout,
) -> Result<Adopted, AdoptError> {
    let source = live
        .sources
        .get(name)
        .and_then(|source| source.found().as_ref())
        .ok_or_else(|| AdoptError::NotThere(name.clone()))?;
    let bench = Bench::new(live, source);
    let ChosenSource { spec, notes } = source::choose(&bench, live, source)?;
    let context = Context {
        bench: &bench,
        live,
        name,
        source: &spec,
    };
    let accounts = Accounts::choose(&context, source, which);

    let mut item = notes
        .iter()
        .map(|note| comment(2, note))
        .collect::<String>();
    item.push_str(&yaml(name, written::source(name, &spec))?);
    let mut contents = Contents {
        about: about(live, name),
        source: item,
        accounts: Vec::new(),
        left_out: accounts.left_out_lines(),
    };
    for (there, chosen) in &accounts.declared {
        let mut item = chosen
            .notes
            .iter()
            .map(|note| comment(2, note))
            .collect::<String>();
        item.push_str(&yaml(name, written::account(&chosen.spec))?);
        contents.accounts.push((group(there, layout), item));
    }
    let files = files(&contents, layout);
    let due = is_due(source, &spec);
    let spec = checked(live, name, &files, due)?;
    Ok(Adopted {
        files,
        spec,
        left_out: accounts.left_out_count(),
        due,
    })
}

fn yaml(
    name: &SourceName,
    written: Result<String, serde_yaml::Error>,
) -> Result<String, AdoptError> {
    written.map_err(|error| AdoptError::Undeclarable {
        source_name: name.clone(),
        why: error.to_string(),
    })
}

fn about(live: &Live, name: &SourceName) -> Vec<String> {
    vec![
        format!(
            "The source \"{name}\" as it was on {}, written by `steersman adopt`. Planning this changes nothing.",
            live.observed_at.strftime("%Y-%m-%d")
        ),
        "What is left out is not managed; an empty list means none.".to_owned(),
    ]
}

fn group(there: &LiveAccount, layout: &Layout) -> Option<String> {
    match layout {
        Layout::OneFile => None,
        Layout::By(attribute) => there
            .cells
            .get(attribute)
            .filter(|value| !value.trim().is_empty())
            .cloned(),
    }
}

/// Whether a plan has "Apply Changes" in it whatever is declared.
fn is_due(source: &LiveSource, spec: &SourceSpec) -> bool {
    spec.managed().is_some()
        && source
            .profile
            .found()
            .as_ref()
            .is_some_and(|profile| profile.refresh_required)
}

/// Reads the files as everybody does, and plans them against all that is live.
fn checked(
    live: &Live,
    name: &SourceName,
    files: &[AdoptedFile],
    due: bool,
) -> Result<Spec, AdoptError> {
    let spec = bench::load(files.iter().map(|file| file.text.clone())).map_err(|reason| {
        AdoptError::Undeclarable {
            source_name: name.clone(),
            why: reason.text,
        }
    })?;
    let plan = planner::plan(&spec, live, live.observed_at, &Allowances::default());
    match bench::complaint(&plan, due) {
        Some(complaint) => Err(AdoptError::Changes(complaint)),
        None => Ok(spec),
    }
}

/// The accounts that are declared, and those that are not.
#[derive(Default)]
struct Accounts<'a> {
    declared: Vec<(&'a LiveAccount, ChosenAccount)>,
    /// Who is left out, and why.
    left_out: Vec<String>,
    /// How many were not asked for.
    not_asked_for: usize,
    /// How many have neither levels nor tokens, on a source that is not managed.
    without_anything: usize,
}

impl<'a> Accounts<'a> {
    fn choose(context: &Context<'_>, source: &'a LiveSource, which: &Which) -> Self {
        let mut accounts: Vec<&LiveAccount> = source.accounts.found().iter().collect();
        accounts.sort_by_key(|account| (&account.native_identity, &account.id));
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for account in &accounts {
            *names.entry(account.name.as_str()).or_default() += 1;
            if account.native_identity.as_str() != account.name.as_str() {
                *names.entry(account.native_identity.as_str()).or_default() += 1;
            }
        }
        let has_profile = source.profile.found().is_some();
        let mut chosen = Self::default();
        let mut taken = Taken::default();
        for account in accounts {
            if let Which::Only(only) = which
                && !only.contains(&account.native_identity)
            {
                chosen.not_asked_for += 1;
                continue;
            }
            let managed = context.source.managed().is_some();
            if !managed && *which == Which::All && has_nothing(context, account) {
                chosen.without_anything += 1;
                continue;
            }
            let declared = if !managed && names.get(account.name.as_str()) != Some(&1) {
                Err(Reason::new(
                    "another account of the source goes by this name",
                ))
            } else if account.identity.is_none() && (!managed || has_profile) {
                Err(Reason::new(if managed {
                    "it has no identity, and declaring it would have the next apply make one"
                } else {
                    "it has no identity, so there is nothing to declare"
                }))
            } else {
                taken.choose(context, account)
            };
            match declared {
                Ok(declared) => chosen.declared.push((account, declared)),
                Err(reason) => chosen.left_out.push(line(account, &reason)),
            }
        }
        chosen
    }

    fn left_out_count(&self) -> usize {
        self.left_out.len() + self.not_asked_for + self.without_anything
    }

    fn left_out_lines(&self) -> Vec<String> {
        let mut lines = self.left_out.clone();
        if self.without_anything > 0 {
            lines.push(format!(
                "{} without user levels and tokens; name those that are service accounts with --account",
                accounts(self.without_anything)
            ));
        }
        if self.not_asked_for > 0 {
            lines.push(format!("{} not asked for", accounts(self.not_asked_for)));
        }
        lines
    }
}

fn accounts(count: usize) -> String {
    format!("{count} account{}", if count == 1 { "" } else { "s" })
}

fn line(account: &LiveAccount, reason: &Reason) -> String {
    if reason.secret {
        return format!("the account with ISC's id {}: {}", account.id, reason.text);
    }
    let id = &account.native_identity;
    let name = if id.as_str() == account.name.as_str() {
        String::new()
    } else {
        format!(" ({})", account.name)
    };
    format!("{id}{name}: {}", reason.text)
}

/// What an account that is declared takes from those after it.
#[derive(Default)]
struct Taken {
    names: BTreeMap<String, AccountKey>,
    identities: BTreeMap<IdentityId, AccountKey>,
    places: BTreeSet<StoreKey>,
}

impl Taken {
    fn choose(
        &mut self,
        context: &Context<'_>,
        there: &LiveAccount,
    ) -> Result<ChosenAccount, Reason> {
        let identity = there.identity.as_ref();
        let shared = identity.and_then(|identity| self.identities.get(identity));
        let mut chosen = account::choose(context, there, shared)?;
        let AccountSpec { key, name, .. } = &chosen.spec;
        if let Some(other) = self.names.get(name.as_str()) {
            return Err(Reason::new(format!("{other} has the same name")));
        }
        self.names.insert(name.to_string(), key.clone());
        if let Some(identity) = identity {
            self.identities
                .entry(identity.clone())
                .or_insert_with(|| key.clone());
        }
        let places = places(&chosen.spec);
        if places.iter().any(|place| self.places.contains(place)) {
            chosen.spec.tokens = None;
            chosen.notes.push(
                "Not declared: its tokens: their secrets would go where those of another account go."
                    .to_owned(),
            );
        } else {
            self.places.extend(places);
        }
        Ok(chosen)
    }
}

/// Where the secrets of an account go.
fn places(account: &AccountSpec) -> Vec<StoreKey> {
    let tokens = account.tokens.iter().flatten();
    let delivered = tokens.map(|(_, token)| token.deliver.clone());
    let has_tokens = account
        .tokens
        .as_ref()
        .is_some_and(|tokens| !tokens.is_empty());
    delivered
        .chain(account.issuer.clone().filter(|_| has_tokens))
        .collect()
}

/// Whether there is nothing that steersman could manage of an account.
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
        .bench
        .tokens_of(identity)
        .iter()
        .all(|token| token.managed);
    no_levels && no_tokens
}
