//! Names and user names that rows of the tenant have, for rows that would get them, too.
//!
//! ISC gives each user name to one identity, and takes the account name for it by the
//! usual mapping. A row that gets the name of another one stays without an identity, or
//! takes the other one's. So a name is free only once no row of the tenant has it.

use crate::lookup::Lookup;
use crate::uid::{coming_feed, feeding_attribute, observed_user_name};
use crate::view::live_source;
use model::{
    AccountAttribute, AccountRow, AccountSpec, IdentityId, IdentityNames, Live, LiveAccount,
    NativeIdentity, SourceName, Spec,
};
use std::cell::OnceCell;

/// The names and user names of all rows that were read.
#[derive(Debug)]
pub(crate) struct TakenNames<'a> {
    spec: &'a Spec,
    live: &'a Live,
    // Most plans change no row, and then need neither.
    read: OnceCell<Read<'a>>,
}

/// Rows by a name, with their sources.
type Rows<'a> = Lookup<String, Vec<(&'a SourceName, &'a LiveAccount)>>;

#[derive(Debug, Default)]
struct Read<'a> {
    names: Rows<'a>,
    user_names: Rows<'a>,
    /// The user names that a declared mapping gives to rows that no file declares.
    coming: Rows<'a>,
    declared: Lookup<(&'a SourceName, &'a NativeIdentity), &'a AccountSpec>,
    /// The identities of all rows.
    identities: Lookup<&'a IdentityId, ()>,
    /// Whether there is any row at all.
    any: bool,
}

/// A row of the tenant that has the name that another row would get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Holder<'a> {
    /// The source that it is on.
    pub(crate) source: &'a SourceName,
    /// The row.
    pub(crate) account: &'a LiveAccount,
    /// The account that declares it; none where no file does.
    pub(crate) declared: Option<&'a AccountSpec>,
    /// What it has: the name itself, or the user name that this attribute feeds.
    pub(crate) taken: Taken,
}

/// What of a row is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// The account name.
    Name,
    /// The user name.
    UserName {
        /// The attribute that feeds it.
        attribute: AccountAttribute,
        /// What it is.
        user_name: String,
        /// Whether the row gets it by this plan, which maps another attribute.
        coming: bool,
    },
}

impl Holder<'_> {
    /// Whether the row gets the name by this plan.
    pub(crate) fn is_coming(&self) -> bool {
        matches!(self.taken, Taken::UserName { coming: true, .. })
    }
}

impl<'a> TakenNames<'a> {
    pub(crate) fn new(spec: &'a Spec, live: &'a Live) -> Self {
        Self {
            spec,
            live,
            read: OnceCell::new(),
        }
    }

    /// The row of the tenant that has the name or the user name that a declared row
    /// would get. `now` is the row that the account has now, under its present or its
    /// earlier id.
    pub(crate) fn holder(
        &self,
        account: &AccountSpec,
        row: &AccountRow,
        now: Option<&LiveAccount>,
    ) -> Option<Holder<'a>> {
        let own_identities = [
            now.and_then(|now| now.identity.as_ref()),
            account.identity.as_ref(),
        ];
        let is_other = |source: &SourceName, other: &LiveAccount| {
            let is_own_row = *source == account.source
                && (other.native_identity == row.id
                    || now.is_some_and(|now| now.native_identity == other.native_identity));
            !is_own_row && !shares(other, own_identities)
        };
        let lacks_identity = now.is_none_or(|now| now.identity.is_none());
        let keeps = |new: &str, old: Option<&str>| {
            !lacks_identity && old.is_some_and(|old| IdentityNames::is_same(new, old))
        };
        let read = self.read();
        if !read.any {
            return None;
        }
        if !keeps(row.name.as_str(), now.map(|now| now.name.as_str())) {
            let named = read.names.get(&IdentityNames::folded(row.name.as_str()));
            let mut named = named.into_iter().flatten();
            let other =
                named.find(|(source, other)| **source == account.source && is_other(source, other));
            if let Some((source, other)) = other {
                return Some(self.of(source, other, Taken::Name));
            }
        }
        let attribute = feeding_attribute(self.spec, self.live, &account.source, "uid")?;
        let user_name = row
            .cell(attribute.as_str())
            .filter(|cell| !cell.is_empty())?;
        let old =
            now.and_then(|now| observed_user_name(live_source(self.live, &account.source)?, now));
        if keeps(user_name, old) {
            return None;
        }
        self.with_user_name(user_name, attribute, is_other)
    }

    /// The other row that has, or gets, the user name that an observed row of a source gets
    /// by another mapping.
    pub(crate) fn holder_of_renamed(
        &self,
        source: &SourceName,
        account: &LiveAccount,
        attribute: &AccountAttribute,
        user_name: &str,
    ) -> Option<Holder<'a>> {
        self.with_user_name(user_name, attribute, |of, other| {
            let is_own_row = of == source && other.native_identity == account.native_identity;
            !is_own_row && !shares(other, [account.identity.as_ref(), None])
        })
    }

    fn with_user_name(
        &self,
        user_name: &str,
        attribute: &AccountAttribute,
        is_other: impl Fn(&SourceName, &LiveAccount) -> bool,
    ) -> Option<Holder<'a>> {
        let folded = IdentityNames::folded(user_name);
        let read = self.read();
        [(&read.user_names, false), (&read.coming, true)]
            .into_iter()
            .find_map(|(rows, coming)| {
                let mut rows = rows.get(&folded)?.iter();
                let (source, other) = rows.find(|(source, other)| is_other(source, other))?;
                let taken = Taken::UserName {
                    attribute: attribute.clone(),
                    user_name: user_name.to_owned(),
                    coming,
                };
                Some(self.of(source, other, taken))
            })
    }

    /// The account that declares a row.
    pub(crate) fn declared(
        &self,
        source: &'a SourceName,
        id: &'a NativeIdentity,
    ) -> Option<&'a AccountSpec> {
        self.read().declared.get(&(source, id)).copied()
    }

    /// Whether an identity is that of an account that was read.
    pub(crate) fn is_of_an_account(&self, identity: &IdentityId) -> bool {
        self.read().identities.has(identity)
    }

    fn of(&self, source: &'a SourceName, account: &'a LiveAccount, taken: Taken) -> Holder<'a> {
        Holder {
            source,
            account,
            declared: self.declared(source, &account.native_identity),
            taken,
        }
    }

    fn read(&self) -> &Read<'a> {
        self.read.get_or_init(|| {
            let declared = self.spec.accounts.values();
            let mut read = Read {
                declared: declared
                    .filter_map(|account| {
                        Some(((&account.source, &account.row.as_ref()?.id), account))
                    })
                    .collect(),
                ..Read::default()
            };
            for (name, source) in &self.live.sources {
                let Some(source) = source.found() else {
                    continue;
                };
                let feed = coming_feed(self.spec, source, name);
                for account in source.accounts.found() {
                    let folded = IdentityNames::folded(account.name.as_str());
                    read.names.entry(folded, Vec::new).push((name, account));
                    read.any = true;
                    if let Some(identity) = &account.identity {
                        read.identities.insert(identity, ());
                    }
                    if let Some(user_name) = observed_user_name(source, account) {
                        let folded = IdentityNames::folded(user_name);
                        let holders = read.user_names.entry(folded, Vec::new);
                        holders.push((name, account));
                    }
                    if let Some(feed) = feed
                        && let Some(user_name) = account.cells.get(feed)
                        && !user_name.is_empty()
                        && !read.declared.has(&(name, &account.native_identity))
                    {
                        let folded = IdentityNames::folded(user_name);
                        let holders = read.coming.entry(folded, Vec::new);
                        holders.push((name, account));
                    }
                }
            }
            read
        })
    }
}

/// Whether an account has one of these identities.
fn shares(account: &LiveAccount, identities: [Option<&IdentityId>; 2]) -> bool {
    let own = account.identity.as_ref();
    own.is_some() && identities.contains(&own)
}
