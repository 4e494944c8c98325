//! Words of the token list: states, times and scopes of a token.

use jiff::{SignedDuration, Timestamp};
use model::Scope;
use planner::{ForPeople, ListedToken, Missing, Standing};
use std::collections::BTreeSet;

/// The state of a token, as JSON has it.
pub(super) fn state(standing: &Standing) -> &'static str {
    match standing {
        Standing::Declared => "declared",
        Standing::Issuer => "issuer",
        Standing::Retiring { .. } => "retiring",
        Standing::Undeclared => "undeclared",
        Standing::MayBeIssuer => "mayBeIssuer",
        Standing::OfSailPoint => "sailPoint",
        Standing::Missing(_) => "missing",
        Standing::Unread { why: _ } => "unread",
    }
}

/// The state of a token, for a person.
pub(super) fn state_text(standing: &Standing) -> String {
    match standing {
        Standing::Retiring {
            until,
            rolled_back: true,
            ..
        } => format!("rolled back, retiring until {}", day(*until)),
        Standing::Retiring { until, .. } => format!("retiring until {}", day(*until)),
        Standing::MayBeIssuer => "undeclared or issuer".to_owned(),
        Standing::OfSailPoint => "of SailPoint".to_owned(),
        Standing::Missing(Missing::Planned) => "missing, planned".to_owned(),
        Standing::Declared
        | Standing::Issuer
        | Standing::Undeclared
        | Standing::Missing(Missing::Blocked { .. } | Missing::NotPlanned)
        | Standing::Unread { why: _ } => state(standing).to_owned(),
    }
}

/// How old a token is.
pub(super) fn age(token: &ListedToken, now: Timestamp) -> String {
    token.token.as_ref().map_or_else(
        || "-".to_owned(),
        |live| length(now.duration_since(live.created)),
    )
}

/// When a token expires, and how long that is.
pub(super) fn expires(token: &ListedToken, now: Timestamp) -> String {
    match token.expires() {
        None => "-".to_owned(),
        Some(None) => "never".to_owned(),
        Some(Some(end)) if end <= now => format!("expired {}", day(end)),
        Some(Some(end)) => format!("{} ({})", day(end), length(end.duration_since(now))),
    }
}

/// When a token was last used. ISC knows the day.
pub(super) fn last_used(token: &ListedToken) -> String {
    token.token.as_ref().map_or_else(
        || "-".to_owned(),
        |live| live.last_used.map_or_else(|| "never".to_owned(), day),
    )
}

/// What a token is for, and who is responsible for it, where the files say so.
pub(super) fn people(token: &ListedToken) -> Option<String> {
    let ForPeople { purpose, owners } = &token.people;
    let purpose = purpose.clone();
    let owners = (!owners.is_empty()).then(|| format!("owned by {}", owners.join(", ")));
    let parts: Vec<String> = purpose.into_iter().chain(owners).collect();
    (!parts.is_empty()).then(|| format!("· {}: {}", token.address(), parts.join("; ")))
}

/// That nothing has used a token for long.
pub(crate) fn never_used(token: &ListedToken, now: Timestamp) -> Option<String> {
    let live = token.token.as_ref().filter(|_| token.is_never_used(now))?;
    Some(format!(
        "? {}: never used since it was created on {}",
        token.address(),
        day(live.created)
    ))
}

/// The scopes of a token.
pub(super) fn scopes(scopes: Option<&BTreeSet<Scope>>) -> String {
    let Some(scopes) = scopes else {
        return "-".to_owned();
    };
    let words: Vec<&str> = scopes.iter().map(Scope::as_str).collect();
    if words.is_empty() {
        "none".to_owned()
    } else {
        words.join(", ")
    }
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// A length of time in its largest unit.
fn length(time: SignedDuration) -> String {
    let seconds = time.as_secs().max(0);
    match seconds {
        86_400.. => format!("{}d", seconds / 86_400),
        3_600.. => format!("{}h", seconds / 3_600),
        60.. => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::length;
    use jiff::SignedDuration;

    #[test]
    fn lengths_have_one_unit() {
        for (seconds, expected) in [
            (-5, "0s"),
            (59, "59s"),
            (60, "1m"),
            (3_599, "59m"),
            (7_200, "2h"),
            (86_399, "23h"),
            (86_400 * 90, "90d"),
        ] {
            assert_eq!(length(SignedDuration::from_secs(seconds)), expected);
        }
    }
}
