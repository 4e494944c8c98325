//! Classifies the place of a declared token: delivered, missing, moved, stale, foreign, unreadable, not asked.

use super::handover::Handover;
use model::{IdentityId, LiveToken, StoreKey, StoredToken, TokenId, TokenName, retiring};

/// What the place of a declared token holds, compared with the token of the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery<'a> {
    /// It was not looked up, so nothing is planned because of it.
    NotLookedUp,
    /// The store runs a program, and the operator did not allow programs.
    NotAsked,
    /// It cannot be read: the store is written to only.
    WriteOnly,
    /// The store could not be read.
    Unreadable(&'a str),
    /// A secret of another tenant, account or token.
    Foreign(Foreign<'a>),
    /// Nothing.
    Missing,
    /// Nothing; the token's secret is in this place, where an earlier run delivered it.
    Moved(&'a StoreKey),
    /// The secret of another declared token, which is in its own place by now, or will be
    /// before this one is overwritten.
    PassedOn(&'a Handover),
    /// The secret of this client id: an earlier token of this account and name.
    Stale(&'a TokenId),
    /// The secret of the token.
    Delivered,
}

/// What shows that a secret is not the token's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Foreign<'a> {
    /// The document says so.
    Says(&'a str),
    /// Its client id is that of another token.
    IsOf(&'a LiveToken),
    /// It is that of another declared token, which has another place now and cannot leave
    /// this one yet.
    PassedOn(&'a Handover),
    /// It does not say whose it is, and its client id is of no token. The client id is not
    /// shown: a document that a person wrote could have the secret there.
    Unknown,
}

impl Foreign<'_> {
    /// What shows it, as text.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Says(why) => why.to_owned(),
            Self::IsOf(token) => format!(
                "it is the secret of the token {} of identity {}",
                token.name, token.owner
            ),
            Self::PassedOn(handover) => handover.why_barred(),
            Self::Unknown => {
                "it does not say whose it is, and its client ID is of no token in this tenant"
                    .to_owned()
            }
        }
    }
}

impl Delivery<'_> {
    /// Whether the secret of a token that exists is not in its place.
    pub(crate) fn lacks_secret(self) -> bool {
        match self {
            Self::Missing | Self::Moved(_) | Self::PassedOn(_) | Self::Stale(_) => true,
            Self::NotLookedUp
            | Self::NotAsked
            | Self::WriteOnly
            | Self::Unreadable(_)
            | Self::Foreign(_)
            | Self::Delivered => false,
        }
    }
}

/// Classifies the place of the declared token of this name. `token` is the identity's
/// token of the name; `by_id` finds any token of the tenant, all of which were read.
///
/// A secret is the token's own or an earlier one of it, or it is foreign. Only what is
/// certain to be of this token may be overwritten.
pub(crate) fn classify<'a>(
    name: &TokenName,
    owner: &IdentityId,
    token: Option<&LiveToken>,
    stored: Option<&'a StoredToken>,
    by_id: impl FnOnce(&TokenId) -> Option<&'a LiveToken>,
) -> Delivery<'a> {
    let is_its_own = |id: &TokenId| token.is_some_and(|token| token.id == *id);
    match stored {
        None => Delivery::NotLookedUp,
        Some(StoredToken::NotAsked) => Delivery::NotAsked,
        Some(StoredToken::WriteOnly) => Delivery::WriteOnly,
        Some(StoredToken::Unreadable { why }) => Delivery::Unreadable(why),
        Some(StoredToken::Foreign { why, of: _ }) => Delivery::Foreign(Foreign::Says(why)),
        Some(StoredToken::Absent) => Delivery::Missing,
        Some(StoredToken::Elsewhere {
            at,
            client_id,
            is_read,
        }) => match (is_its_own(client_id), is_read) {
            (true, _) => Delivery::Moved(at),
            (false, true) => Delivery::Missing,
            (false, false) => Delivery::WriteOnly,
        },
        Some(StoredToken::Present {
            client_id,
            says_own,
            // Compared with what is declared by the token's classifier.
            rotation: _,
            // It is of use for a rollback only.
            previous: _,
        }) => {
            if is_its_own(client_id) {
                return Delivery::Delivered;
            }
            match by_id(client_id) {
                Some(other) if other.owner == *owner && (*says_own || was_called(other, name)) => {
                    Delivery::Stale(client_id)
                }
                Some(other) => Delivery::Foreign(Foreign::IsOf(other)),
                None if *says_own => Delivery::Stale(client_id),
                None => Delivery::Foreign(Foreign::Unknown),
            }
        }
    }
}

/// Whether a token had this name before it was replaced.
fn was_called(token: &LiveToken, name: &TokenName) -> bool {
    retiring::parse(&token.name, &token.id).is_some_and(|(before, _)| before == *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::live_token;

    #[test]
    fn planner_17_each_place_of_a_token() {
        let own = live_token("report", "i", &[]);
        let retiring = live_token("report~retiring-20260101-26d4", "i", &[]);
        let other = live_token("nightly", "i", &[]);
        let strange = live_token("report", "j", &[]);
        let by_id = |id: &TokenId| match id.as_str() {
            "retiring" => Some(&retiring),
            "other" => Some(&other),
            "strange" => Some(&strange),
            _ => None,
        };
        let present = |id: &str, says_own| StoredToken::Present {
            client_id: id.into(),
            says_own,
            rotation: 0,
            previous: None,
        };
        let place = StoreKey {
            store: "old".into(),
            key: "report".to_owned(),
        };
        let elsewhere = |id: &str, is_read| StoredToken::Elsewhere {
            at: place.clone(),
            client_id: id.into(),
            is_read,
        };
        let why = || "it is for another tenant".to_owned();
        let gone = "gone".into();
        let cases: [(StoredToken, Delivery<'_>); 16] = [
            (StoredToken::Absent, Delivery::Missing),
            (StoredToken::NotAsked, Delivery::NotAsked),
            (StoredToken::WriteOnly, Delivery::WriteOnly),
            (
                StoredToken::Unreadable { why: why() },
                Delivery::Unreadable("it is for another tenant"),
            ),
            (
                StoredToken::Foreign {
                    why: why(),
                    of: None,
                },
                Delivery::Foreign(Foreign::Says("it is for another tenant")),
            ),
            (present("token-report", false), Delivery::Delivered),
            (elsewhere("token-report", true), Delivery::Moved(&place)),
            (elsewhere("gone", true), Delivery::Missing),
            // The new place is written to only: the token was never delivered there; or
            // another machine has replaced it since, and has.
            (elsewhere("token-report", false), Delivery::Moved(&place)),
            (elsewhere("gone", false), Delivery::WriteOnly),
            (
                present("retiring", false),
                Delivery::Stale(&TokenId::new("retiring")),
            ),
            (present("gone", true), Delivery::Stale(&gone)),
            (
                present("other", true),
                Delivery::Stale(&TokenId::new("other")),
            ),
            // Nothing says that it is not the secret of another integration.
            (present("gone", false), Delivery::Foreign(Foreign::Unknown)),
            (
                present("other", false),
                Delivery::Foreign(Foreign::IsOf(&other)),
            ),
            (
                present("strange", true),
                Delivery::Foreign(Foreign::IsOf(&strange)),
            ),
        ];
        for (stored, expected) in &cases {
            let found = classify(
                &"report".into(),
                &"i".into(),
                Some(&own),
                Some(stored),
                by_id,
            );
            assert_eq!(found, *expected, "{stored:?}");
        }
        let absent = classify(&"report".into(), &"i".into(), None, None, by_id);
        assert_eq!(absent, Delivery::NotLookedUp);
    }
}
