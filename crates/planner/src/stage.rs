//! The stage of a declared account, and the one next action.

use crate::classify::issuer::{self, IssuerOutcome};
use crate::draft::Draft;
use crate::lookup::Lookup;
use crate::presence::Presence;
use crate::view::View;
use crate::wanted::declares_tokens;
use crate::without_issuer::{Change, Kind, Living};
use jiff::Timestamp;
use model::{
    AccountKey, AccountReport, AccountSpec, Blocked, IdentityStatus, IssuerState, LiveToken,
    NextAction, RotatedToken, RotationState, Spec, Stage, StoreKey, Who, tenant_in_keys, visible,
};

/// What a plan changes and what is blocked, by account.
#[derive(Debug)]
pub(crate) struct Changes<'a> {
    planned: Lookup<&'a AccountKey, ()>,
    /// The first blocked step of each account.
    blocked: Lookup<&'a AccountKey, &'a Blocked>,
    draft: &'a Draft,
}

impl<'a> Changes<'a> {
    /// The draft has to be sorted.
    pub(crate) fn of(draft: &'a Draft) -> Self {
        let mut blocked = Lookup::default();
        for step in &draft.blocked {
            if let Some(key) = step.address.account() {
                blocked.entry(key, || step);
            }
        }
        let steps = draft.steps.iter();
        Self {
            planned: steps
                .filter_map(|step| Some((step.address.account()?, ())))
                .collect(),
            blocked,
            draft,
        }
    }
}

/// The report on a declared account, before the plan is applied.
pub(crate) fn report(
    spec: &Spec,
    view: &View<'_>,
    changes: &Changes<'_>,
    now: Timestamp,
) -> AccountReport {
    let account = view.spec;
    let issuer = Issuer::of(spec, view, now);
    AccountReport {
        key: account.key.clone(),
        name: account.name.clone(),
        source: account.source.clone(),
        stage: stage(view, changes, issuer),
        next: next(view, changes, issuer, now),
    }
}

/// What is known of the issuer token in the store of an account that declares tokens.
#[derive(Clone, Copy, Debug)]
enum Issuer<'a> {
    /// It works as far as is known, or there is none.
    Fine,
    /// It works, and expires then, which is soon.
    EndsSoon(Timestamp),
    /// It is of no use any more.
    Dead(IssuerOutcome<'a>),
    /// There is none, and tokens exist that nothing can change or replace without it.
    Missing(Living<'a>),
    /// Its place holds the secret of another, and tokens exist.
    Foreign(&'a str),
    /// There is none, tokens exist, and no person can sign in as the account to create one.
    Unusable(&'a str),
}

impl<'a> Issuer<'a> {
    fn of(spec: &Spec, view: &View<'a>, now: Timestamp) -> Self {
        let tokens = view.identity().map(|identity| view.tokens(identity));
        let (true, Some(Ok(tokens))) = (declares_tokens(view.spec), tokens) else {
            return Self::Fine;
        };
        let tokens: Vec<&LiveToken> = tokens.to_vec();
        let outcome = view.issuer_outcome(spec, &tokens, now);
        let living = || Living::of(view, &tokens, now);
        // What no store was asked for is not known to be missing.
        let is_missing = view.issuer_is_missing();
        match (outcome, issuer::ends_soon(view.issuer, &tokens, now)) {
            (outcome, _) if outcome.is_dead() => Self::Dead(outcome),
            (IssuerOutcome::NotEnrolled | IssuerOutcome::StatusUnknown(_), _) if is_missing => {
                match living() {
                    Living { tokens: 0, .. } => Self::Fine,
                    living => Self::Missing(living),
                }
            }
            (IssuerOutcome::IdentityUnusable(status), _) if is_missing && living().tokens > 0 => {
                Self::Unusable(status)
            }
            (IssuerOutcome::Foreign(why), _) if living().tokens > 0 => Self::Foreign(why),
            // It is replaced before its end, or the plan says why not.
            (_, Some(_))
                if view
                    .spec
                    .issuer_life
                    .is_some_and(|life| life.rotate.is_some()) =>
            {
                Self::Fine
            }
            (_, Some(end)) => Self::EndsSoon(end),
            (_, None) => Self::Fine,
        }
    }
}

fn stage(view: &View<'_>, changes: &Changes<'_>, issuer: Issuer<'_>) -> Option<Stage> {
    let key = &view.spec.key;
    let identity = match view.presence {
        Presence::Unread(_) => return None,
        Presence::Absent => return Some(Stage::Absent),
        Presence::Present(account) => account.identity.as_ref(),
    };
    if identity.is_none() {
        return Some(Stage::Imported);
    }
    let settled = !changes.blocked.has(key) && !changes.planned.has(key);
    match (view.issuer, view.status()) {
        // A person has to enroll it again.
        (IssuerState::Present { .. }, _) if matches!(issuer, Issuer::Dead(_)) => {
            Some(Stage::Registered)
        }
        // Its issuer is another identity's.
        (IssuerState::Present { .. }, Some(Ok(IdentityStatus::Unregistered))) => {
            Some(Stage::Identified)
        }
        (IssuerState::Present { .. }, Some(Ok(IdentityStatus::Pending))) => Some(Stage::Invited),
        (IssuerState::Present { .. }, _) => Some(if settled {
            Stage::Ready
        } else {
            Stage::Enrolled
        }),
        (_, Some(Err(_) | Ok(IdentityStatus::Unknown(_)))) => None,
        // The store may or may not have its issuer.
        (IssuerState::NotAsked | IssuerState::Unreadable { .. }, Some(Ok(status)))
            if status.is_registered() && declares_tokens(view.spec) =>
        {
            None
        }
        (_, Some(Ok(IdentityStatus::Unregistered))) => Some(Stage::Identified),
        (_, Some(Ok(IdentityStatus::Pending))) => Some(Stage::Invited),
        (_, Some(Ok(status))) if status.is_registered() => {
            let done = settled && !declares_tokens(view.spec);
            Some(if done {
                Stage::Ready
            } else {
                Stage::Registered
            })
        }
        (_, Some(Ok(_))) => Some(Stage::Identified),
        // No token is declared, so registration is not needed.
        (_, None) => Some(if settled {
            Stage::Ready
        } else {
            Stage::Identified
        }),
    }
}

fn next(
    view: &View<'_>,
    changes: &Changes<'_>,
    issuer: Issuer<'_>,
    now: Timestamp,
) -> Option<NextAction> {
    let key = &view.spec.key;
    let name = &view.spec.name;
    if changes.planned.has(key) {
        return Some(NextAction {
            what: "apply the plan".to_owned(),
            who: Who::NextApply,
            by: None,
        });
    }
    if let Some(Blocked { remedy, who, .. }) = changes.blocked.get(key) {
        return Some(NextAction {
            what: remedy.clone(),
            who: who.clone(),
            by: None,
        });
    }
    // Nothing is planned for the account, because its source or profile is blocked.
    if view.identity().is_none()
        && let Some((first, (remedy, who))) = changes.draft.held(view.spec)
    {
        return Some(NextAction {
            what: format!("unblock {first}: {remedy}"),
            who: who.clone(),
            by: None,
        });
    }
    let place = view
        .spec
        .issuer
        .as_ref()
        .map_or_else(String::new, ToString::to_string);
    let (what, by) = match (issuer, view.status()) {
        (Issuer::Dead(outcome), _) => (
            format!("{}; {}", why_dead(outcome, &place), enroll(view, &place)),
            None,
        ),
        (Issuer::Missing(living), _) => {
            let who = match view.issuer_elsewhere() {
                Some(_) => Who::Operator,
                None => Who::AccountHolder(name.clone()),
            };
            return Some(NextAction {
                what: format!(
                    "{}; {}",
                    why_missing(view, living, &place),
                    enroll(view, &place)
                ),
                who,
                by: None,
            });
        }
        (Issuer::Foreign(why), _) => {
            return Some(NextAction {
                what: format!(
                    "{}; {}",
                    why_foreign(view, &place, why),
                    free_place(view, &place)
                ),
                who: Who::Operator,
                by: None,
            });
        }
        (Issuer::Unusable(status), _) => {
            return Some(NextAction {
                what: format!(
                    "there is no issuer token at {place}, and the identity of {name} is {status}; find out in ISC why, and fix it; then {}",
                    enroll(view, &place)
                ),
                who: Who::TenantAdmin,
                by: None,
            });
        }
        (Issuer::EndsSoon(end), _) => (
            format!(
                "the issuer token of {name} expires on {}; {}",
                end.strftime("%Y-%m-%d"),
                enroll(view, &place)
            ),
            Some(end),
        ),
        (Issuer::Fine, Some(Ok(IdentityStatus::Pending))) => (
            format!(
                "open the invitation sent to the mailbox of {name} (valid for 7 days) and set a password; if it has expired, an ISC admin invites {name} again"
            ),
            None,
        ),
        (Issuer::Fine, Some(Ok(_) | Err(_)) | None) => {
            return ends_for_good(view, now).or_else(|| waits_for_window(view, now));
        }
    };
    Some(NextAction {
        what,
        who: Who::AccountHolder(name.clone()),
        by,
    })
}

/// What to do about the declared token that expires first, where it expires soon and
/// nothing replaces it: within 30 days, or the last third of a shorter lifetime.
fn ends_for_good(view: &View<'_>, now: Timestamp) -> Option<NextAction> {
    let tokens = view.tokens(view.identity()?).ok()?;
    let declared = view.spec.tokens.as_ref()?;
    let ends = tokens.iter().filter_map(|token| {
        let wanted = declared.get(&token.name)?;
        let end = token.expires.filter(|_| wanted.rotate.is_none())?;
        let notice = (end.duration_since(token.created) / 3).min(issuer::NOTICE);
        (end > now && end.duration_since(now) <= notice).then_some((end, &token.name))
    });
    let (end, name) = ends.min()?;
    Some(NextAction {
        what: format!(
            "the token {name} of {} expires on {}, and no `rotate` is declared; declare `rotate: {{before: 14d}}` for it, or a longer `expires`",
            view.spec.name,
            end.strftime("%Y-%m-%d")
        ),
        who: Who::Operator,
        by: Some(end),
    })
}

/// When to apply for the declared token whose window opens first, where one is due and
/// waits for it. Only an apply in the window, or after it, rotates the token.
fn waits_for_window(view: &View<'_>, now: Timestamp) -> Option<NextAction> {
    let tokens = view.tokens(view.identity()?).ok()?;
    let declared = view.spec.tokens.as_ref()?;
    let waiting = tokens.iter().filter_map(|token| {
        let wanted = declared.get(&token.name)?;
        let (rotation, expires) = (wanted.rotate.as_ref()?, token.expires?);
        let rotated = RotatedToken {
            id: &token.id,
            created: token.created,
            expires,
        };
        match rotation.state(rotated, wanted.overlap, now) {
            RotationState::WaitsForWindow(opens) => Some((opens, expires, &token.name)),
            RotationState::NotDue(_) | RotationState::Due | RotationState::DueOutsideWindow(_) => {
                None
            }
        }
    });
    let (opens, end, name) = waiting.min()?;
    Some(NextAction {
        what: format!(
            "the token {name} of {} is due, and waits for its window; run `steersman apply` in the window that opens at {}, because the token expires on {}",
            view.spec.name,
            opens.strftime("%a %Y-%m-%d %H:%M UTC"),
            end.strftime("%Y-%m-%d")
        ),
        who: Who::Operator,
        by: Some(opens),
    })
}

/// What an issuer token that is missing means for the tokens that exist.
fn why_missing(view: &View<'_>, living: Living<'_>, place: &str) -> String {
    let Living {
        tokens: _,
        lacking,
        first,
    } = living;
    if lacking > 0 {
        return format!(
            "the secrets of {lacking} of its tokens are not in their stores, and the next apply could replace these tokens"
        );
    }
    let missing = format!("there is no issuer token at {place}");
    let Some(Change { at, token, kind }) = first else {
        return missing;
    };
    let then = match kind {
        Kind::Due => "is due for rotation",
        Kind::Ends => "expires",
    };
    format!(
        "{missing}, and the token {token} of {} {then} on {}",
        view.spec.name,
        at.strftime("%Y-%m-%d")
    )
}

/// What the place of an issuer token holds instead.
pub(crate) fn why_foreign(view: &View<'_>, place: &str, why: &str) -> String {
    format!(
        "{place} holds a secret that is not of {} in this tenant: {why}",
        view.spec.name
    )
}

/// How the place of an issuer token becomes its own.
pub(crate) fn free_place(view: &View<'_>, place: &str) -> String {
    format!(
        "declare another `issuer.key` for {}, such as one with `{{tenant}}`, or delete the secret at {place} if nothing uses it; steersman neither uses nor overwrites it",
        view.spec.name
    )
}

/// Why the issuer token in a store is of no use.
pub(crate) fn why_dead(outcome: IssuerOutcome<'_>, place: &str) -> String {
    match outcome {
        IssuerOutcome::Ended(end) => format!(
            "the issuer token at {place} expired on {}",
            end.strftime("%Y-%m-%d")
        ),
        IssuerOutcome::CannotIssue(client_id) => format!(
            "the issuer token at {place} ({client_id}) lacks the scope {}",
            LiveToken::ISSUER_SCOPE
        ),
        IssuerOutcome::NotAToken(_) => {
            format!("the issuer token at {place} is not a valid token of the account")
        }
        IssuerOutcome::Usable(_)
        | IssuerOutcome::Assumed(_)
        | IssuerOutcome::Undeclared
        | IssuerOutcome::StoreUnreadable(_)
        | IssuerOutcome::StoreNotAsked(_)
        | IssuerOutcome::Foreign(_)
        | IssuerOutcome::IdentityUnread(_)
        | IssuerOutcome::IdentityUnusable(_)
        | IssuerOutcome::StatusUnknown(_)
        | IssuerOutcome::NotInvited
        | IssuerOutcome::NotRegistered(_)
        | IssuerOutcome::NotEnrolled => format!("there is no issuer token at {place}"),
    }
}

/// How an account is enrolled.
pub(crate) fn enroll(view: &View<'_>, place: &str) -> String {
    let name = &view.spec.name;
    if let Some(at) = view.issuer_elsewhere() {
        return move_to(view, at, place);
    }
    let then = match view.issuer_variable() {
        Some(variable) => format!(
            "set the variable {variable} where steersman runs, to `{{\"clientId\": \"…\", \"clientSecret\": \"…\"}}`"
        ),
        None => format!(
            "run `steersman enroll {}`, which stores it at {place}",
            model::shell_quoted(name.as_str())
        ),
    };
    format!(
        "sign in as {name}, create a personal access token with the scope {}, and {then}",
        LiveToken::ISSUER_SCOPE
    )
}

/// How an issuer token gets from where an earlier run put it to its declared place. One
/// command is for all accounts whose earlier places follow the same pattern.
fn move_to(view: &View<'_>, at: &StoreKey, place: &str) -> String {
    let (pattern, is_of_one) = pattern(view.spec, at, view.tenant());
    let account = if is_of_one {
        format!(" --account {}", view.spec.name)
    } else {
        String::new()
    };
    format!(
        "run `steersman store move --from {} --from-key '{}'{account}`, which moves it from {at} to {place}",
        visible(at.store.as_str()),
        visible(&pattern)
    )
}

/// The key with placeholders for what differs between accounts and tenants, and whether it
/// has none for an account.
fn pattern(account: &AccountSpec, at: &StoreKey, tenant: &str) -> (String, bool) {
    let tenant = tenant_in_keys(tenant);
    let values = [
        (account.name.as_str(), "{account}"),
        (account.key.as_str(), "{id}"),
        (tenant.as_deref().unwrap_or_default(), "{tenant}"),
    ];
    let parts: Vec<String> = at
        .key
        .split('/')
        .map(|part| {
            let whole = values.iter().find(|(value, _)| *value == part);
            match whole {
                Some((_, placeholder)) => (*placeholder).to_owned(),
                // Within a part, only what differs between accounts is replaced.
                None if part.contains(account.name.as_str()) => {
                    part.replace(account.name.as_str(), "{account}")
                }
                None => part.replace(account.key.as_str(), "{id}"),
            }
        })
        .collect();
    let pattern = parts.join("/");
    let is_of_one = !pattern.contains("{account}") && !pattern.contains("{id}");
    (pattern, is_of_one)
}
