//! Classifies whose identity an account has: its own, another's, approved, or unknown.
//!
//! ISC correlates a new account to an identity that is already there, such as one of
//! the same name. A service account can so become one more account of a person, and
//! its levels and tokens would then be the person's. The planner asks with what was
//! read for the plan, the applier with what ISC made of a row during the run.

use crate::{
    AccountAttribute, IdentityAttribute, IdentityId, IdentityNames, Incomplete, LiveAccount,
    LiveIdentity, LiveMapping, SourceId, SourceName,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::fmt;

/// Whether an account's identity is its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership<'a> {
    /// The identity is what the row and the mappings make, and nothing speaks
    /// against it.
    Own,
    /// A file names the identity.
    Approved,
    /// Something speaks against it.
    NotOwn(Against<'a>),
    /// Something speaks against it that identity processing, which is due, may settle.
    Awaited(Against<'a>),
    /// What would show it was not read completely.
    Unread(Unread<'a>),
    /// The identity was not looked up, because nothing needed it.
    NotRead,
    /// Nothing that was read shows whose it is.
    Unknown,
}

/// What was not read completely of what shows whose an identity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread<'a> {
    /// What it is.
    pub what: Evidence,
    /// Why it was not read.
    pub why: &'a Incomplete,
}

/// What shows whose an identity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The identity profile of the account's source.
    Profile,
    /// The identity.
    Identity,
    /// Its user levels, with which its names are read.
    Levels,
}

/// Why nothing may change that belongs to an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt<'a> {
    /// What would show whose it is was not read completely.
    Unread(Unread<'a>),
    /// Something speaks against it that identity processing may settle.
    Awaited(Against<'a>),
}

impl<'a> Ownership<'a> {
    /// Why nothing may change that belongs to the identity, although it may be the
    /// account's own.
    pub fn doubt(self) -> Option<Doubt<'a>> {
        match self {
            Self::Unread(unread) => Some(Doubt::Unread(unread)),
            Self::Awaited(against) => Some(Doubt::Awaited(against)),
            // One that is not its own is no identity to plan for.
            Self::NotOwn(_) | Self::Own | Self::Approved | Self::NotRead | Self::Unknown => None,
        }
    }
}

/// What speaks against an identity being an account's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against<'a> {
    /// The file names another identity.
    OtherApproved(&'a IdentityId),
    /// A person correlated the account by hand.
    ByHand,
    /// ISC classifies the account as a machine account.
    Machine,
    /// The source has no identity profile, so another source made the identity.
    NoProfile,
    /// Its alias is not what the mappings make of the row.
    Alias {
        /// What it is.
        found: &'a str,
        /// What the mapping of `uid` makes of the row.
        expected: &'a str,
    },
    /// Its email address is not what the mappings make of the row.
    Email {
        /// What it is.
        found: &'a str,
        /// What the mapping of `email` makes of the row.
        expected: &'a str,
    },
    /// It has no email address, and the mappings make one of the row. A person's can lack it,
    /// and one that is the account's own gets it before long.
    NoEmail {
        /// What the mapping of `email` makes of the row.
        expected: &'a str,
    },
    /// It has an email address, and no mapping makes one, so another profile made it.
    UnmappedEmail {
        /// What it is.
        found: &'a str,
    },
    /// ISC says that an account of another source made it.
    OtherSource(Maker<'a>),
    /// It is older than the account.
    Older,
}

/// The source whose account made an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Maker<'a> {
    /// Its id.
    pub id: &'a SourceId,
    /// Its name, where it is known.
    pub name: Option<&'a SourceName>,
}

impl fmt::Display for Maker<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name {
            Some(name) => write!(formatter, "\"{name}\""),
            None => write!(formatter, "{} (its ID)", self.id),
        }
    }
}

impl fmt::Display for Against<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherApproved(approved) => {
                write!(formatter, "the file declares `identity: {approved}`")
            }
            Self::ByHand => formatter.write_str("somebody correlated the account by hand"),
            Self::Machine => formatter.write_str("ISC classifies the account as a machine account"),
            Self::NoProfile => formatter.write_str(
                "the account's source has no identity profile, so another source made it",
            ),
            Self::Alias { found, expected } => {
                write!(
                    formatter,
                    "its alias is {found}, and the account's would be {expected}"
                )
            }
            Self::Email { found, expected } => {
                write!(
                    formatter,
                    "its email address is {found}, and the account's would be {expected}"
                )
            }
            Self::NoEmail { expected } => {
                write!(
                    formatter,
                    "it has no email address, and the account's would be {expected}"
                )
            }
            Self::UnmappedEmail { found } => {
                write!(
                    formatter,
                    "its email address is {found}, and the account's would have none, because the identity profile of its source does not map `email`"
                )
            }
            Self::OtherSource(maker) => write!(formatter, "source {maker} made it"),
            Self::Older => formatter.write_str("it is older than the account"),
        }
    }
}

impl Against<'_> {
    /// Whether it says nothing of the identity that the account has once it is renamed.
    pub fn ends_with_a_rename(self) -> bool {
        match self {
            Self::Older => true,
            // ISC leaves such an account where it is.
            Self::Alias { .. }
            | Self::Email { .. }
            | Self::NoEmail { .. }
            | Self::UnmappedEmail { .. }
            | Self::OtherSource(_)
            | Self::OtherApproved(_)
            | Self::ByHand
            | Self::Machine
            | Self::NoProfile => false,
        }
    }
}

/// What is known of an account's identity.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// Its alias, where it was read.
    pub alias: Option<&'a str>,
    /// Its email address, where it was read and it has one.
    pub email: Option<&'a str>,
    /// Whether all of it was read, and it has no email address.
    pub lacks_email: bool,
    /// When it was created, where it was read.
    pub created: Option<Timestamp>,
    /// The source that made it, where that is another one than the account's.
    pub elsewhere: Option<Maker<'a>>,
    /// Whether it, or its names, were read.
    pub is_read: bool,
    /// What of it was not read completely.
    pub unread: Option<Unread<'a>>,
}

/// What the identity profile of an account's source makes of a row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mapped<'a> {
    /// The alias; none where a transform makes it.
    pub alias: Option<&'a str>,
    /// The email address; none where a transform makes it.
    pub email: Option<&'a str>,
    /// Whether no mapping makes one.
    pub without_email: bool,
}

/// What is known of the profile of an account's source.
#[derive(Clone, Copy, Debug)]
pub enum Profile<'a> {
    /// There is none.
    None,
    /// It was not read.
    Unread(&'a Incomplete),
    /// It makes this of the row.
    Mapped {
        /// What it makes.
        made: Mapped<'a>,
        /// Whether processing is due, so that identities may not follow it yet.
        is_due: bool,
    },
}

/// Which identity an account had under an earlier id. The account is made anew with its
/// id, so that its identity may be older.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earlier<'a> {
    /// It had no other id.
    None,
    /// It had this one, which was its own.
    Had(&'a IdentityId),
    /// It had another id, and its identity of that time is not known any more.
    NotKnown,
    /// How old the identity is is not asked.
    Any,
}

/// ISC creates an identity a moment before it saves the account that it makes it
/// from.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(1);

/// Whether an identity was created so long before an account that the account did not make
/// it.
pub fn is_older(identity: Timestamp, account: Timestamp) -> bool {
    account.duration_since(identity) > TOLERANCE
}

/// Classifies the identity of an account. `approved` is the identity that the file
/// names.
pub fn classify<'a>(
    observed: &LiveAccount,
    identity: &IdentityId,
    facts: Facts<'a>,
    profile: Profile<'a>,
    approved: Option<&'a IdentityId>,
    earlier: Earlier<'a>,
) -> Ownership<'a> {
    let LiveAccount {
        id: _,
        native_identity: _,
        name: _,
        // The profile's mappings were applied to them.
        cells: _,
        several: _,
        identity: _,
        manually_correlated,
        is_machine,
        created,
    } = observed;
    if let Some(approved) = approved {
        return if approved == identity {
            Ownership::Approved
        } else {
            Ownership::NotOwn(Against::OtherApproved(approved))
        };
    }
    if *manually_correlated == Some(true) {
        return Ownership::NotOwn(Against::ByHand);
    }
    if *is_machine == Some(true) {
        return Ownership::NotOwn(Against::Machine);
    }
    let is_older = facts
        .created
        .zip(*created)
        .is_some_and(|(identity, row)| is_older(identity, row));
    let is_of_unknown_age = match (is_older, earlier) {
        (false, _) | (true, Earlier::Any) => false,
        (true, Earlier::Had(had)) if had == identity => false,
        (true, Earlier::NotKnown) => true,
        (true, Earlier::None | Earlier::Had(_)) => return Ownership::NotOwn(Against::Older),
    };
    let (mapped, is_due) = match profile {
        Profile::None => return Ownership::NotOwn(Against::NoProfile),
        Profile::Unread(why) => {
            let what = Evidence::Profile;
            return match facts.elsewhere {
                Some(maker) => Ownership::NotOwn(Against::OtherSource(maker)),
                None => Ownership::Unread(Unread { what, why }),
            };
        }
        Profile::Mapped { made, is_due } => (made, is_due),
    };
    // Processing leaves an identity of another source as it is.
    let differs = |against| {
        if is_due && facts.elsewhere.is_none() {
            Ownership::Awaited(against)
        } else {
            Ownership::NotOwn(against)
        }
    };
    let (alias, email) = (mapped.alias.zip(facts.alias), mapped.email.zip(facts.email));
    match (alias, email) {
        (Some((expected, found)), _) if !IdentityNames::is_same(expected, found) => {
            differs(Against::Alias { found, expected })
        }
        _ if let Some(maker) = facts.elsewhere => Ownership::NotOwn(Against::OtherSource(maker)),
        _ if mapped.without_email
            && let Some(found) = facts.email =>
        {
            differs(Against::UnmappedEmail { found })
        }
        (_, Some((expected, found))) if !IdentityNames::is_same(expected, found) => {
            differs(Against::Email { found, expected })
        }
        (_, None)
            if facts.lacks_email
                && let Some(expected) = mapped.email =>
        {
            Ownership::Awaited(Against::NoEmail { expected })
        }
        (alias, email) => match (facts.unread, alias.is_some() || email.is_some()) {
            // What was not read could speak against it.
            (Some(unread), _) => Ownership::Unread(unread),
            // Its names are those of the account, and so can a person's be.
            (None, true) if is_of_unknown_age => Ownership::Unknown,
            (None, true) => Ownership::Own,
            (None, false) if facts.is_read => Ownership::Unknown,
            (None, false) => Ownership::NotRead,
        },
    }
}

/// What a profile's mappings make of an account of this source.
pub fn mapped<'a>(
    mappings: &BTreeMap<IdentityAttribute, LiveMapping>,
    source: &SourceId,
    cells: &'a BTreeMap<AccountAttribute, String>,
) -> Mapped<'a> {
    let made = |target: &str| match mappings.get(target) {
        Some(LiveMapping::Account {
            source: of,
            attribute,
        }) if of == source => cells
            .get(attribute)
            .map(String::as_str)
            .filter(|cell| !cell.is_empty()),
        Some(LiveMapping::Account { .. } | LiveMapping::Other(_)) | None => None,
    };
    Mapped {
        alias: made("uid"),
        email: made("email"),
        without_email: makes_no_email(mappings),
    }
}

/// Whether no mapping of a profile makes an email address. A profile of which no mapping
/// was seen may have some.
pub fn makes_no_email(mappings: &BTreeMap<IdentityAttribute, LiveMapping>) -> bool {
    !mappings.is_empty() && !mappings.contains_key("email")
}

/// The source whose account made an identity, where ISC says that it is another one than
/// the account's.
pub fn made_elsewhere<'a>(identity: &'a LiveIdentity, source: &SourceId) -> Option<&'a SourceId> {
    identity
        .made_by
        .as_ref()
        .filter(|made_by| *made_by != source)
}
