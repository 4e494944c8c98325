//! Which audit events fit a drift. An event that fits is a fact; which of several did it is
//! not known.

use super::agreement::{Agreement, KnownObject};
use super::report::{AuditEvent, Cause, Drift, WhoDid};
use jiff::Timestamp;
use model::{Address, AuditEvents, IdentityNames, Spec};
use std::collections::BTreeSet;

/// Of the events that fit, so many are listed.
const MOST: usize = 5;

/// What an event has to be to fit a drift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// The names that its target may have.
    pub names: BTreeSet<String>,
    /// When files and tenant last agreed; none where that is not known.
    pub after: Option<Timestamp>,
    /// What its technical name contains.
    words: &'static [&'static str],
    /// How many other objects have the same name.
    namesakes: usize,
}

/// What to search for a drift; none for one that no person did in the tenant.
pub fn sought(spec: &Spec, record: Option<&Agreement>, drift: &Drift) -> Option<Sought> {
    match drift.cause {
        Cause::Tenant | Cause::Both | Cause::Unknown => {}
        Cause::Git => return None,
    }
    let address: Address = drift.address.parse().ok()?;
    let account = |key| spec.accounts.get(key);
    let mut names = BTreeSet::new();
    let mut namesakes = 0;
    let words: &[&str] = match &address {
        Address::Source(name) | Address::Schema(name) => {
            names.insert(name.to_string());
            &["SOURCE", "SCHEMA"]
        }
        Address::Profile(name) | Address::Processing(name) => {
            let profile = spec
                .sources
                .get(name)?
                .managed()?
                .identity_profile
                .as_ref()?;
            names.insert(profile.name.clone());
            // It can have been renamed.
            if drift.field.as_deref() == Some("name") {
                let live = drift.live.as_ref().and_then(|live| live.as_str());
                names.extend(live.map(str::to_owned));
            }
            &["IDENTITY_PROFILE", "IDENTITY_PROCESS"]
        }
        Address::Account(key) | Address::Invitation(key) => {
            match account(key) {
                Some(account) => {
                    names.insert(account.name.to_string());
                    names.insert(account.source.to_string());
                }
                None => {
                    names.insert(key.to_string());
                }
            }
            &["ACCOUNT", "AGGREGATE", "IDENTITY", "USER_INVITE"]
        }
        Address::Levels(key) => {
            names.insert(account(key)?.name.to_string());
            &["CAPABILITY", "USER_LEVEL"]
        }
        // Its name is the account holder's choice.
        Address::Issuer(_) => return None,
        Address::Token(_, name) => {
            names.insert(name.to_string());
            let tokens = spec
                .accounts
                .values()
                .flat_map(|one| one.tokens.iter().flatten());
            namesakes = tokens
                .filter(|(other, _)| *other == name)
                .count()
                .saturating_sub(1);
            &[
                "PERSONAL_ACCESS_TOKEN_CREATED",
                "PERSONAL_ACCESS_TOKEN_UPDATED",
                "PERSONAL_ACCESS_TOKEN_DELETED",
                "PERSONAL_ACCESS_TOKEN_EXPIRED",
            ]
        }
    };
    let known = record.and_then(|record| record.objects.get(&drift.address));
    let after = match known {
        Some(KnownObject::Agreed { at, fields: _ }) => at.parse().ok(),
        Some(KnownObject::NeverAgreed { .. } | KnownObject::Unmanaged { .. }) | None => None,
    };
    Some(Sought {
        names,
        after,
        words,
        namesakes,
    })
}

/// Who did it, by the events that were found.
pub fn attribute(sought: &Sought, events: &AuditEvents) -> WhoDid {
    let mut fitting: Vec<AuditEvent> = events
        .found
        .iter()
        .filter(|event| fits(sought, event))
        .map(|event| AuditEvent {
            at: event.at.clone(),
            actor: event.actor.clone(),
            what: event.what.clone(),
            target: event.target.clone(),
            tracking: event.tracking.clone(),
        })
        .collect();
    fitting.sort_by(|one, other| other.at.cmp(&one.at));
    let is_certain = events.is_whole && sought.namesakes == 0;
    match fitting.len() {
        0 if events.is_whole => WhoDid::NotKnown {
            why: "no audit event fits; events can be late, and are kept for a limited time"
                .to_owned(),
        },
        0 => WhoDid::NotKnown {
            why: "no event among the latest 250 of the search fits, and there are more".to_owned(),
        },
        1 if is_certain => WhoDid::Found {
            event: fitting.swap_remove(0),
        },
        count => {
            fitting.truncate(MOST);
            WhoDid::Candidates {
                events: fitting,
                more: count.saturating_sub(MOST),
            }
        }
    }
}

fn fits(sought: &Sought, event: &model::AuditEvent) -> bool {
    let model::AuditEvent {
        at,
        actor: _,
        what,
        target,
        passed,
        tracking: _,
    } = event;
    let is_after = match (sought.after, at.parse::<Timestamp>()) {
        (Some(after), Ok(at)) => at >= after,
        // When it happened, or when files and tenant agreed, is not known.
        (None, _) | (_, Err(_)) => true,
    };
    let what = what.to_uppercase();
    // What did not take effect changed nothing.
    *passed != Some(false)
        && is_after
        && sought.words.iter().any(|word| what.contains(word))
        && target.as_ref().is_some_and(|target| {
            sought
                .names
                .iter()
                .any(|name| IdentityNames::is_same(name, target))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(at: &str, what: &str, target: &str, passed: bool) -> model::AuditEvent {
        model::AuditEvent {
            at: at.to_owned(),
            actor: Some("jane.doe".to_owned()),
            what: what.to_owned(),
            target: Some(target.to_owned()),
            passed: Some(passed),
            tracking: None,
        }
    }

    #[test]
    fn only_one_event_that_fits_is_told_as_the_one() {
        let one = event(
            "2026-11-02T00:00:00Z",
            "CAPABILITY_UPDATE_EVENT",
            "Audit01",
            true,
        );
        let other = event(
            "2026-11-03T00:00:00Z",
            "CAPABILITY_UPDATE_EVENT",
            "audit01",
            true,
        );
        let early = event(
            "2026-10-02T00:00:00Z",
            "CAPABILITY_UPDATE_EVENT",
            "audit01",
            true,
        );
        let failed = event(
            "2026-11-02T00:00:00Z",
            "CAPABILITY_UPDATE_EVENT",
            "audit01",
            false,
        );
        let token = event(
            "2026-11-02T00:00:00Z",
            "PERSONAL_ACCESS_TOKEN_UPDATED",
            "audit01",
            true,
        );
        let sought = |namesakes| Sought {
            names: ["audit01".to_owned()].into(),
            after: "2026-11-01T00:00:00Z".parse().ok(),
            words: &["CAPABILITY", "USER_LEVEL"],
            namesakes,
        };
        let of = |found: &[&model::AuditEvent], is_whole| AuditEvents {
            found: found.iter().map(|event| (*event).clone()).collect(),
            is_whole,
        };
        for (namesakes, events, expected) in [
            (0, of(&[&one, &early, &failed, &token], true), "found"),
            (0, of(&[&one, &other], true), "candidates"),
            // An earlier event may not have been read.
            (0, of(&[&one], false), "candidates"),
            // It may be of the object of the same name.
            (1, of(&[&one], true), "candidates"),
            (0, of(&[&early, &failed, &token], true), "notKnown"),
            (0, of(&[], false), "notKnown"),
        ] {
            let found = match attribute(&sought(namesakes), &events) {
                WhoDid::Found { .. } => "found",
                WhoDid::Candidates { .. } => "candidates",
                WhoDid::NotKnown { .. } => "notKnown",
            };
            assert_eq!(found, expected, "{events:?}");
        }
    }
}
