//! Blocked tokens: why a token cannot be planned now, and who can act.

use crate::classify::delivery::Foreign;
use crate::classify::handover::{Bar, Handover};
use crate::classify::identity::IdentityOutcome;
use crate::classify::issuer::IssuerOutcome;
use crate::draft::Draft;
use crate::phases::identity::{
    block_accounts_unread, block_no_account, block_no_identity, block_not_own, block_profile_unread,
};
use crate::stage::{enroll, free_place, why_dead, why_foreign};
use crate::view::View;
use jiff::Timestamp;
use model::{
    AccountName, Address, BlockedReason, LiveToken, StoreKey, StoreName, TOKEN_LIMIT, TokenSpec,
    Tries, Who, retiring,
};

/// Blocks a token of an account without an identity that could own it.
pub(super) fn block_no_owner(
    draft: &mut Draft,
    address: Address,
    view: &View<'_>,
    identity: IdentityOutcome<'_>,
) {
    let name = &view.spec.name;
    match identity {
        IdentityOutcome::Unsettled => draft.block(
            address,
            BlockedReason::NoIdentity,
            format!(
                "waits until this plan is applied: ISC may recreate the identity of {name}",
            ),
            "apply this plan; what follows is then planned and applied with it".to_owned(),
            Who::NextApply,
        ),
        IdentityOutcome::AccountsUnread(why) => block_accounts_unread(draft, address, view, why),
        IdentityOutcome::NotOwn { identity, against } => {
            block_not_own(draft, address, view, identity, against);
        }
        IdentityOutcome::ProfileUnread(why) => block_profile_unread(draft, address, view, why),
        IdentityOutcome::Created => draft.block(
            address,
            BlockedReason::NotRegistered,
            format!("the account holder must register as {name} first"),
            format!("apply this plan; then open the invitation sent to the mailbox of {name} and set a password"),
            Who::AccountHolder(name.clone()),
        ),
        IdentityOutcome::NoAccount => block_no_account(draft, address, view),
        IdentityOutcome::NoIdentity | IdentityOutcome::Known(_) => {
            block_no_identity(draft, address, view);
        }
    }
}

/// Blocks a token that has to change and whose issuer cannot be used.
pub(super) fn block_no_issuer(
    draft: &mut Draft,
    address: Address,
    view: &View<'_>,
    issuer: IssuerOutcome<'_>,
) {
    let name = &view.spec.name;
    let holder = Who::AccountHolder(name.clone());
    let place = view
        .spec
        .issuer
        .as_ref()
        .map_or_else(String::new, ToString::to_string);
    let enroll = enroll(view, &place);
    let (reason, message, remedy, who) = match issuer {
        IssuerOutcome::StoreUnreadable(why) => {
            block_store_unreadable(draft, address, name, why);
            return;
        }
        IssuerOutcome::StoreNotAsked(place) => {
            block_not_asked(draft, address, [&place.store]);
            return;
        }
        IssuerOutcome::Foreign(why) => (
            BlockedReason::ForeignSecret,
            why_foreign(view, &place, why),
            free_place(view, &place),
            Who::Operator,
        ),
        IssuerOutcome::IdentityUnread(why) => {
            draft.block_unread(address, &format!("the identity of {name}"), why);
            return;
        }
        IssuerOutcome::Undeclared => (
            BlockedReason::NoIssuer,
            format!("{name} declares tokens, but no store location for its issuer token"),
            "declare `defaults.issuer` or the account's `issuer`".to_owned(),
            Who::Operator,
        ),
        IssuerOutcome::NotAToken(client_id) => (
            BlockedReason::NoIssuer,
            format!(
                "the issuer token at {place} ({client_id}) is not a token of {name} (identity {})",
                view.identity()
                    .map_or_else(String::new, ToString::to_string)
            ),
            enroll,
            holder,
        ),
        IssuerOutcome::Ended(_) | IssuerOutcome::CannotIssue(_) => (
            BlockedReason::NoIssuer,
            why_dead(issuer, &place),
            enroll,
            holder,
        ),
        IssuerOutcome::IdentityUnusable(status) => (
            BlockedReason::IdentityUnusable,
            format!("the identity of {name} is {status}"),
            format!("find out in ISC why {name} is {status}, and fix it"),
            Who::TenantAdmin,
        ),
        IssuerOutcome::StatusUnknown(status) => (
            BlockedReason::NoIssuer,
            format!(
                "the store has no issuer token for {name}; whether {name} is registered is not known, because steersman does not know the status of its identity ({status})"
            ),
            enroll,
            holder,
        ),
        IssuerOutcome::NotInvited => (
            BlockedReason::NotRegistered,
            format!("{name} is not registered and not invited, so it cannot own tokens yet"),
            format!("invite {name} to register; then {enroll}"),
            Who::TenantAdmin,
        ),
        IssuerOutcome::NotRegistered(status) => (
            BlockedReason::NotRegistered,
            format!("{name} is not registered ({status}), so it cannot own tokens yet"),
            format!(
                "open the invitation sent to the mailbox of {name} (valid for 7 days) and set a password; if it has expired, an ISC admin invites {name} again; then {enroll}"
            ),
            holder,
        ),
        IssuerOutcome::NotEnrolled | IssuerOutcome::Usable(_) | IssuerOutcome::Assumed(_) => (
            BlockedReason::NoIssuer,
            format!(
                "the store has no issuer token for {name}, and only {name} itself can create its tokens"
            ),
            enroll,
            holder,
        ),
    };
    draft.block(address, reason, message, remedy, who);
}

/// Blocks what depends on an issuer whose store could not be read.
pub(super) fn block_store_unreadable(
    draft: &mut Draft,
    address: Address,
    name: &AccountName,
    why: &str,
) {
    draft.block(
        address,
        BlockedReason::Unread,
        format!("the issuer token of {name} could not be read from its store: {why}"),
        "make the store readable here, then plan again".to_owned(),
        Who::Operator,
    );
}

/// Blocks a token whose place holds the secret of another.
pub(super) fn block_foreign(
    draft: &mut Draft,
    address: Address,
    wanted: &TokenSpec,
    foreign: Foreign<'_>,
) {
    let place = &wanted.deliver;
    draft.block(
        address,
        BlockedReason::ForeignSecret,
        format!(
            "{place} holds a secret that is not of this token: {}",
            foreign.text()
        ),
        match foreign {
            // It works, and what uses it may have it from there.
            Foreign::IsOf(other) => format!(
                "declare another `deliver.key` for {}, or revoke the token {} first if nothing uses it; steersman neither uses nor overwrites its secret",
                wanted.name, other.name
            ),
            Foreign::Says(_) | Foreign::PassedOn(_) | Foreign::Unknown => format!(
                "declare another `deliver.key` for {}, such as one with `{{tenant}}`, or delete the secret at {place} if nothing uses it; steersman neither uses nor overwrites it",
                wanted.name
            ),
        },
        Who::Operator,
    );
}

/// Blocks a token whose place has the secret of another declared token, which cannot leave
/// it now.
pub(super) fn block_passed_on(
    draft: &mut Draft,
    address: Address,
    wanted: &TokenSpec,
    handover: &Handover,
) {
    let place = wanted.deliver.to_string();
    let of_other = draft
        .blocked
        .iter()
        .find(|blocked| blocked.address == handover.from);
    let who = match handover.barred {
        Some(Bar::Kept) => of_other.map_or(Who::Operator, |blocked| blocked.who.clone()),
        Some(Bar::Circle { .. } | Bar::OfCircle(_) | Bar::Both | Bar::Undeclared) | None => {
            Who::Operator
        }
    };
    draft.block(
        address,
        BlockedReason::ForeignSecret,
        format!("{place} cannot be used yet: {}", handover.why_barred()),
        handover.remedy(&place),
        who,
    );
}

/// Blocks a token whose place has the secret of an earlier identity's token until that is
/// revoked, which this plan does.
pub(super) fn block_until_revoked(
    draft: &mut Draft,
    address: Address,
    wanted: &TokenSpec,
    other: &LiveToken,
) {
    let place = &wanted.deliver;
    draft.block(
        address,
        BlockedReason::ForeignSecret,
        format!(
            "{place} holds the secret of the token {} of identity {}, which the account had before, until this plan has revoked that token",
            other.name, other.owner
        ),
        "apply this plan; what follows is then planned and applied with it".to_owned(),
        Who::NextApply,
    );
}

/// Blocks a token whose place could not be read. No new secret comes of it.
pub(super) fn block_place_unreadable(
    draft: &mut Draft,
    address: Address,
    wanted: &TokenSpec,
    why: &str,
) {
    draft.unread_store(&wanted.deliver, why);
    draft.block(
        address,
        BlockedReason::Unread,
        format!(
            "the secret of {} could not be read from its store: {why}",
            wanted.name
        ),
        "make the store readable here, then plan again; the token is left as it is".to_owned(),
        Who::Operator,
    );
}

/// Blocks what needs a store that runs programs, where programs are not allowed.
pub(super) fn block_not_asked<'a>(
    draft: &mut Draft,
    address: Address,
    stores: impl IntoIterator<Item = &'a StoreName>,
) {
    let store = stores
        .into_iter()
        .map(|store| format!(" `{store}`"))
        .next()
        .unwrap_or_default();
    draft.block(
        address,
        BlockedReason::StoreNotAsked,
        format!("the store{store} was not asked: it runs a program that the files name"),
        "check the program in the files, then add `--allow-commands`".to_owned(),
        Who::Operator,
    );
}

/// Holds a change of the token that steersman itself runs as; the rest of the plan
/// goes on.
pub(super) fn block_own_token(draft: &mut Draft, address: Address, token: &LiveToken) {
    let until = token.expires.map_or_else(
        || "it does not expire".to_owned(),
        |end| format!("it expires on {}", end.strftime("%Y-%m-%d")),
    );
    draft.block(
        address,
        BlockedReason::OwnToken,
        format!(
            "steersman itself runs as this token ({}); {until}",
            token.id
        ),
        "run steersman once with the token of another ISC admin, which then changes this one"
            .to_owned(),
        Who::Operator,
    );
}

/// Blocks a token whose creation failed too often: each further try could fail in the
/// same way, and a person has to look at it.
pub(super) fn block_tries_used_up(
    draft: &mut Draft,
    address: Address,
    wanted: &TokenSpec,
    tries: &Tries,
) {
    let name = &wanted.name;
    let next = wanted.rotation.saturating_add(1);
    draft.block(
        address,
        BlockedReason::TriesUsedUp,
        format!(
            "creating {name} failed {} times, the last time on {}: {}; it is not tried again by itself",
            tries.failed,
            tries.last.strftime("%Y-%m-%d"),
            tries.why
        ),
        format!(
            "fix the cause; then write `rotation: {next}` for {name}, or change its declaration in another way"
        ),
        Who::Operator,
    );
}

/// Holds a rotation that is due after the last one was undone.
pub(super) fn block_rolled_back(
    draft: &mut Draft,
    address: Address,
    view: &View<'_>,
    wanted: &TokenSpec,
    until: Timestamp,
) {
    let (account, name) = (&view.spec.name, &wanted.name);
    draft.block(
        address,
        BlockedReason::RolledBack,
        format!(
            "the last rotation of {name} was undone; it is not rotated again until {}",
            until.strftime("%Y-%m-%d")
        ),
        format!(
            "let what uses it take a new secret before then; to rotate it now, run `steersman token rotate --token {}`",
            model::shell_quoted(&format!("{account}/{name}"))
        ),
        Who::Operator,
    );
}

/// Reports a replaced token that was used since its replacement, and is kept for now.
pub(super) fn block_still_used(
    draft: &mut Draft,
    address: Address,
    token: &LiveToken,
    place: Option<&StoreKey>,
    until: Timestamp,
) {
    let used = token
        .last_used
        .map_or_else(String::new, |at| format!(" on {}", at.strftime("%Y-%m-%d")));
    let place = place.map_or_else(|| "its store".to_owned(), ToString::to_string);
    draft.block(
        address,
        BlockedReason::StillUsed,
        format!(
            "{} was used{used}, after it was replaced; it is kept until {}",
            token.name,
            until.strftime("%Y-%m-%d")
        ),
        format!("let what uses it read the new secret from {place}"),
        Who::Operator,
    );
}

/// Blocks the revocation of a token whose overlap is over, because what used it may have
/// nothing else: the secret of its successor is not where it belongs. What stops that is
/// said of the successor.
pub(super) fn block_kept_without_successor(
    draft: &mut Draft,
    address: Address,
    view: &View<'_>,
    token: &LiveToken,
    place: Option<&StoreKey>,
) {
    let Some((name, until)) = retiring::parse(&token.name, &token.id) else {
        return;
    };
    let place = place.map_or_else(|| "its store".to_owned(), ToString::to_string);
    let successor = Address::Token(view.spec.key.clone(), name.clone());
    let of_successor = draft
        .blocked
        .iter()
        .find(|blocked| blocked.address == successor);
    let who = of_successor.map_or(Who::Operator, |blocked| blocked.who.clone());
    draft.block(
        address,
        BlockedReason::SuccessorMissing,
        format!(
            "{} is kept although its overlap ended on {}: {place} does not hold the secret of its successor {name}",
            token.name,
            until.strftime("%Y-%m-%d")
        ),
        format!(
            "unblock token {name}; once its secret is in {place}, the next apply revokes the replaced token"
        ),
        who,
    );
}

/// Blocks a further token of an identity that has as many as ISC allows. `later` is when one
/// whose secret was lost goes by itself.
pub(super) fn block_no_slot(
    draft: &mut Draft,
    address: Address,
    view: &View<'_>,
    owned: usize,
    later: Option<Timestamp>,
) {
    let remedy = match later {
        None => "revoke a token that is no longer needed".to_owned(),
        Some(later) => format!(
            "revoke a token that is no longer needed; or wait: an apply after {} revokes the one whose secret was lost, if nothing has used it by then",
            later.strftime("%Y-%m-%d %H:%M UTC")
        ),
    };
    draft.block(
        address,
        BlockedReason::NoTokenSlot,
        format!(
            "{} has {owned} tokens, and ISC allows {TOKEN_LIMIT}",
            view.spec.name
        ),
        remedy,
        Who::Operator,
    );
}
