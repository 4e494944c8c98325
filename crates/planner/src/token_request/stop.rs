//! Classifies a token that is to be stopped: it can be, or why not.

use crate::token_list::{ListedToken, Standing};
use jiff::Timestamp;
use model::{LiveToken, Operation, TokenId};

/// How tokens are stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// They are revoked.
    Revoke {
        /// Also declared ones, which the next apply creates again.
        declared: bool,
    },
    /// They end a minute later.
    Disable,
}

/// Whether a token can be stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StopOutcome<'a> {
    /// It can.
    Stops(&'a LiveToken),
    /// It can, and without it nothing can change the other tokens of the account.
    StopsIssuer(&'a LiveToken),
    /// It has ended, or ends as soon as it would.
    Ends(Timestamp),
    /// It is what steersman runs as.
    OwnToken,
    /// SailPoint's workflows manage it.
    OfSailPoint,
    /// It is declared, and would be created again.
    Declared,
    /// Whose the identity is is not settled.
    Doubted,
    /// It does not exist.
    Missing,
    /// Whether it exists was not read.
    Unread(&'a str),
}

/// Classifies a token that is to be stopped. `own` is the token that steersman runs as.
pub(super) fn classify<'a>(
    listed: &'a ListedToken,
    stop: Stop,
    own: &TokenId,
    now: Timestamp,
) -> StopOutcome<'a> {
    let ListedToken {
        account: _,
        account_name: _,
        identity: _,
        is_doubted,
        name: _,
        standing,
        token,
        scopes: _,
        // A token is stopped whatever became of its secret.
        delivery: _,
        next: _,
        people: _,
    } = listed;
    let token = match (standing, token) {
        (Standing::Unread { why }, _) => return StopOutcome::Unread(why),
        (Standing::Missing(_), _) | (_, None) => return StopOutcome::Missing,
        (Standing::OfSailPoint, Some(_)) => return StopOutcome::OfSailPoint,
        (
            Standing::Declared
            | Standing::Issuer
            | Standing::Retiring {
                of: _,
                until: _,
                rolled_back: _,
            }
            | Standing::Undeclared
            | Standing::MayBeIssuer,
            Some(token),
        ) => token,
    };
    if token.id == *own {
        return StopOutcome::OwnToken;
    }
    if *is_doubted {
        return StopOutcome::Doubted;
    }
    let soon = now + Operation::DISABLED_AFTER;
    match (stop, token.expires) {
        (Stop::Disable, Some(end)) if end <= soon => return StopOutcome::Ends(end),
        (Stop::Disable | Stop::Revoke { declared: _ }, _) => {}
    }
    match (standing, stop) {
        (Standing::Declared, Stop::Revoke { declared: false }) => StopOutcome::Declared,
        (Standing::Issuer | Standing::MayBeIssuer, _) => StopOutcome::StopsIssuer(token),
        (
            Standing::Declared
            | Standing::Retiring {
                of: _,
                until: _,
                rolled_back: _,
            }
            | Standing::Undeclared
            | Standing::OfSailPoint
            | Standing::Missing(_)
            | Standing::Unread { why: _ },
            _,
        ) => StopOutcome::Stops(token),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{NOW, live_token};
    use crate::token_list::Missing;
    use jiff::SignedDuration;

    #[test]
    fn each_standing() {
        let revoke = Stop::Revoke { declared: false };
        let replace = Stop::Revoke { declared: true };
        let unread = || Standing::Unread {
            why: "why".to_owned(),
        };
        let retiring = || Standing::Retiring {
            of: "a".into(),
            until: NOW,
            rolled_back: false,
        };
        let (stops, issuer) = ("stops", "issuer");
        for (standing, expected) in [
            (Standing::Declared, ["declared", stops, stops]),
            (Standing::Issuer, [issuer; 3]),
            (Standing::MayBeIssuer, [issuer; 3]),
            (retiring(), [stops; 3]),
            (Standing::Undeclared, [stops; 3]),
            (Standing::OfSailPoint, ["sailpoint"; 3]),
            (Standing::Missing(Missing::Planned), ["missing"; 3]),
            (unread(), ["unread"; 3]),
        ] {
            for (stop, expected) in [revoke, replace, Stop::Disable].into_iter().zip(expected) {
                let mut listed = ListedToken {
                    account: "SA-001".into(),
                    account_name: "audit01".into(),
                    identity: Some("i".into()),
                    is_doubted: false,
                    name: Some("report".into()),
                    standing: standing.clone(),
                    token: Some(live_token("report", "i", &[])),
                    scopes: None,
                    delivery: None,
                    next: None,
                    people: crate::ForPeople::default(),
                };
                let of = |listed: &ListedToken, own: &str| match classify(
                    listed,
                    stop,
                    &own.into(),
                    NOW,
                ) {
                    StopOutcome::Stops(_) => "stops",
                    StopOutcome::StopsIssuer(_) => "issuer",
                    StopOutcome::Ends(_) => "ends",
                    StopOutcome::OwnToken => "own",
                    StopOutcome::OfSailPoint => "sailpoint",
                    StopOutcome::Declared => "declared",
                    StopOutcome::Doubted => "doubted",
                    StopOutcome::Missing => "missing",
                    StopOutcome::Unread(_) => "unread",
                };
                assert_eq!(of(&listed, "another"), expected, "{standing:?} {stop:?}");
                let is_there = !["sailpoint", "missing", "unread"].contains(&expected);
                if is_there {
                    assert_eq!(of(&listed, "token-report"), "own");
                    listed.is_doubted = true;
                    assert_eq!(of(&listed, "another"), "doubted");
                    listed.is_doubted = false;
                    let soon = NOW + SignedDuration::from_secs(60);
                    listed.token.as_mut().unwrap().expires = Some(soon);
                    let ended = if stop == Stop::Disable {
                        "ends"
                    } else {
                        expected
                    };
                    assert_eq!(of(&listed, "another"), ended);
                }
            }
        }
    }
}
