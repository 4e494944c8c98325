//! Names and user names that rows of the tenant have, for rows that would get them, too.
//!
//! ISC gives each user name to one identity, and takes the account name for it by the
//! usual mapping. A row that gets the name of another one stays without an identity, or
//! takes the other one's. So a name is free only once no row of the tenant has it.

use crate::lookup::Lookup;
use crate::uid::{feeding_attribute, mapped_from_row, observed_user_name};
use crate::view::live_source;
use model::{
    AccountAttribute, AccountRow, AccountSpec, IdentityId, IdentityNames, Live, LiveAccount,
    LiveIdentity, NativeIdentity, SourceName, Spec,
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
    },
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
        let (source, other) = read
            .user_names
            .get(&IdentityNames::folded(user_name))?
            .iter()
            .find(|(source, other)| is_other(source, other))?;
        let taken = Taken::UserName {
            attribute: attribute.clone(),
            user_name: user_name.to_owned(),
        };
        Some(self.of(source, other, taken))
    }

    /// The identity that has the user name which a declared row would get, and no account on
    /// the declared sources. ISC makes no second one, or gives the row to that identity. One
    /// that a file approves is meant.
    pub(crate) fn outside(
        &self,
        account: &AccountSpec,
        row: &AccountRow,
    ) -> Option<(&'a LiveIdentity, String)> {
        if self.live.user_names.is_empty() {
            return None;
        }
        let user_name = mapped_from_row(self.spec, self.live, &account.source, row, "uid")?;
        let names = &self.live.user_names;
        let identity = names.get(&IdentityNames::folded(&user_name))?;
        let is_meant = account.identity.as_ref() == Some(&identity.id);
        let is_of_an_account = self.read().identities.has(&identity.id);
        (!is_meant && !is_of_an_account).then_some((identity, user_name))
    }

    fn of(&self, source: &'a SourceName, account: &'a LiveAccount, taken: Taken) -> Holder<'a> {
        Holder {
            source,
            account,
            declared: self
                .read()
                .declared
                .get(&(source, &account.native_identity))
                .copied(),
            taken,
        }
    }

    fn read(&self) -> &Read<'a> {
        self.read.get_or_init(|| {
            let mut read = Read::default();
            for (name, source) in &self.live.sources {
                let Some(source) = source.found() else {
                    continue;
                };
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
                }
            }
            read.declared = self
                .spec
                .accounts
                .values()
                .filter_map(|account| Some(((&account.source, &account.row.as_ref()?.id), account)))
                .collect();
            read
        })
    }
}

/// Whether an account has one of these identities.
fn shares(account: &LiveAccount, identities: [Option<&IdentityId>; 2]) -> bool {
    let own = account.identity.as_ref();
    own.is_some() && identities.contains(&own)
}
