//! The personal access tokens of an account.

use crate::claims::Claims;
use crate::draft::{Against, Draft, NewStep};
use crate::phases::levels::block_without_identity;
use crate::token_expiry::{end_of, ends_as_declared};
use crate::view::{Presence, View};
use crate::wanted::invites;
use jiff::{SignedDuration, Timestamp};
use model::{
    AccountName, Action, Address, BlockedReason, Fields, IdentityId, IdentityStatus, IssuerState,
    Live, LiveToken, NewToken, Operation, Reason, Spec, Step, StoreKey, TokenChange, TokenId,
    TokenName, TokenSpec, Unmanaged, UnmanagedTokens, Who,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// ISC allows this many tokens for one user, retiring ones included.
const SLOTS: usize = 10;
/// What stands between a replaced token's name and the day it goes.
const RETIRING: &str = "~retiring-";

/// Plans the tokens of an account that declares them.
pub(crate) fn plan(
    draft: &mut Draft,
    spec: &Spec,
    live: &Live,
    claims: &Claims<'_>,
    view: &View<'_>,
    now: Timestamp,
) {
    let account = view.spec;
    let Some(wanted) = &account.tokens else {
        return;
    };
    let Some(identity) = view.settled_identity(draft) else {
        for name in wanted.keys() {
            block_unborn(
                draft,
                Address::Token(account.key.clone(), name.clone()),
                view,
            );
        }
        return;
    };
    let all = match view.tokens(identity) {
        Ok(tokens) => tokens,
        Err(why) => {
            for name in wanted.keys() {
                let address = Address::Token(account.key.clone(), name.clone());
                draft.block_unread(address, "the personal access tokens", why);
            }
            return;
        }
    };
    let owned: Vec<&LiveToken> = all.iter().copied().filter(|token| !token.managed).collect();
    let by_name: BTreeMap<&TokenName, &LiveToken> =
        owned.iter().map(|token| (&token.name, *token)).collect();
    let issuer = usable_issuer(view, &owned);
    let mut slots = SLOTS.saturating_sub(all.len());

    for (name, token) in wanted {
        let address = Address::Token(account.key.clone(), name.clone());
        let there = by_name.get(name).copied();
        let Some(change) = classify(token, there, live, now) else {
            continue;
        };
        match &issuer {
            Ok(store) => {
                let needs_slot = match change {
                    Change::Mint => true,
                    Change::Replace(reason, _) => is_kept_for_a_while(reason),
                    Change::Update(..) => false,
                };
                if needs_slot && slots == 0 {
                    block_full(draft, address, view, owned.len());
                    continue;
                }
                slots -= usize::from(needs_slot);
                let new = NewToken {
                    account: account.key.clone(),
                    account_name: account.name.clone(),
                    identity: identity.clone(),
                    issuer: (*store).clone(),
                    name: name.clone(),
                    scopes: token.scopes.clone(),
                    access_token_validity: token.access_token_validity,
                    expires: end_of(now, token.expires),
                    deliver: token.deliver.clone(),
                };
                push(draft, address, token, change, new, now);
            }
            Err(why) => block_without_issuer(draft, spec, address, view, identity, why),
        }
    }
    // A first token that somebody has just made, and that no store here has yet,
    // may be the issuer to be.
    let unproven = account.issuer.is_some() && issuer.is_err();
    for token in &owned {
        if !claims.token(identity, &token.name, &token.id) {
            let succession = succession(draft, live, view, &by_name, token, now);
            plan_undeclared(draft, spec, claims, view, token, succession, unproven);
        }
    }
}

/// What has to happen to a declared token.
enum Change<'a> {
    /// It is made.
    Mint,
    /// It is changed in place.
    Update(&'a LiveToken, TokenChange),
    /// It is replaced by a new one.
    Replace(Reason, &'a LiveToken),
}

fn classify<'a>(
    wanted: &TokenSpec,
    there: Option<&'a LiveToken>,
    live: &Live,
    now: Timestamp,
) -> Option<Change<'a>> {
    let Some(there) = there else {
        return Some(Change::Mint);
    };
    if there.expires.is_some_and(|end| end <= now) {
        return Some(Change::Replace(Reason::Expired, there));
    }
    if live.stores.lost_tokens.contains(&there.id) {
        return Some(Change::Replace(Reason::SecretLost, there));
    }
    if wanted.access_token_validity.is_some()
        && there.access_token_validity.is_some()
        && wanted.access_token_validity != there.access_token_validity
    {
        return Some(Change::Replace(Reason::ImmutableFieldDiffers, there));
    }
    if let (Some(rotation), Some(end)) = (wanted.rotate, there.expires)
        && end.duration_since(now) <= rotation.before
    {
        return Some(Change::Replace(Reason::RotationDue, there));
    }
    let mut change = TokenChange::default();
    if there.scopes != wanted.scopes {
        change.scopes = Some(wanted.scopes.clone());
    }
    if !ends_as_declared(there, wanted.expires) {
        let end = end_of(there.created, wanted.expires);
        if end.is_some_and(|end| end <= now) {
            // By its declared lifetime it would have ended already.
            return Some(Change::Replace(Reason::RotationDue, there));
        }
        change.expires = Some(end);
    }
    (change != TokenChange::default()).then_some(Change::Update(there, change))
}

fn push(
    draft: &mut Draft,
    address: Address,
    wanted: &TokenSpec,
    change: Change<'_>,
    new: NewToken,
    now: Timestamp,
) {
    match change {
        Change::Mint => {
            let after = declared(wanted, new.expires);
            draft.step(NewStep {
                address,
                action: Action::Create,
                reason: Reason::NotInTenant,
                before: None,
                after: Some(after),
                operation: Operation::MintToken(new),
            });
        }
        Change::Replace(reason, there) => {
            let after = declared(wanted, new.expires);
            let overlap = wanted
                .rotate
                .map_or(SignedDuration::from_hours(24), |rotate| rotate.overlap);
            let retire_as =
                is_kept_for_a_while(reason).then(|| retiring_name(&there.name, now, overlap));
            draft
                .step(NewStep {
                    address,
                    action: Action::Replace,
                    reason,
                    before: Some(observed(there, wanted)),
                    after: Some(after),
                    operation: Operation::ReplaceToken {
                        old: there.id.clone(),
                        retire_as,
                        new,
                    },
                })
                .against(there.fingerprint());
        }
        Change::Update(there, change) => {
            let end = change.expires.unwrap_or(there.expires);
            draft
                .step(NewStep {
                    address,
                    action: Action::Update,
                    reason: Reason::FieldsDiffer,
                    before: Some(observed(there, wanted)),
                    after: Some(declared(wanted, end)),
                    operation: Operation::UpdateToken {
                        token: there.id.clone(),
                        issuer: new.issuer,
                        change,
                    },
                })
                .against(there.fingerprint());
        }
    }
}

/// Whether a replaced token goes on beside the new one. One that has ended, or
/// whose secret nobody has, is of no use to anybody and goes first.
fn is_kept_for_a_while(reason: Reason) -> bool {
    !matches!(reason, Reason::Expired | Reason::SecretLost)
}

/// How far a token that was replaced has been succeeded.
enum Succession {
    /// It was not replaced: its name is of no replaced token.
    None,
    /// It is still to be kept: for its overlap, or because its successor is not
    /// there and nothing in this plan brings it.
    Open,
    /// Nobody needs it any more once these steps are done.
    Over(Vec<Address>),
}

/// A run that was killed after it had renamed a token leaves it without a
/// successor, and what uses it uses it still; so that the day in its name is
/// over is not enough.
fn succession(
    draft: &Draft,
    live: &Live,
    view: &View<'_>,
    by_name: &BTreeMap<&TokenName, &LiveToken>,
    token: &LiveToken,
    now: Timestamp,
) -> Succession {
    let Some((name, until)) = retiring(&token.name) else {
        return Succession::None;
    };
    if until > now {
        return Succession::Open;
    }
    let is_wanted = view
        .spec
        .tokens
        .as_ref()
        .is_some_and(|tokens| tokens.contains_key(&name));
    let is_there = by_name
        .get(&name)
        .is_some_and(|successor| !live.stores.lost_tokens.contains(&successor.id));
    if !is_wanted || is_there {
        return Succession::Over(Vec::new());
    }
    let successor = draft.planned([Address::Token(view.spec.key.clone(), name)]);
    if successor.is_empty() {
        Succession::Open
    } else {
        Succession::Over(successor)
    }
}

/// A token that no file declares: reported, or revoked by policy; a replaced one
/// is revoked when its overlap is over.
fn plan_undeclared(
    draft: &mut Draft,
    spec: &Spec,
    claims: &Claims<'_>,
    view: &View<'_>,
    token: &LiveToken,
    succession: Succession,
    unproven: bool,
) {
    let address = Address::Token(view.spec.key.clone(), token.name.clone());
    let undeclared = |address: Address| Unmanaged {
        address,
        name: token.name.to_string(),
        source: None,
    };
    match succession {
        Succession::Open => {}
        Succession::Over(first) => {
            push_revocation(draft, address, token, Reason::OverlapOver).after(first);
        }
        Succession::None if spec.policy.unmanaged_tokens == UnmanagedTokens::Revoke => {
            // It may be the issuer, without which a person has to enrol anew.
            match claims.unreadable_issuer(&token.owner) {
                Some(why) => block_unread_issuer(draft, address, &view.spec.name, why),
                None if unproven => draft.unmanaged.push(undeclared(address)),
                None => {
                    push_revocation(draft, address, token, Reason::NotDeclared);
                }
            }
        }
        Succession::None => draft.unmanaged.push(undeclared(address)),
    }
}

/// Adds the revocation of a token.
pub(crate) fn push_revocation<'a>(
    draft: &'a mut Draft,
    address: Address,
    token: &LiveToken,
    reason: Reason,
) -> &'a mut Step {
    let before = Fields::from([
        ("scopes".to_owned(), json!(token.scopes)),
        ("expires".to_owned(), end_text(token.expires)),
    ]);
    draft
        .step(NewStep {
            address,
            action: Action::Delete,
            reason,
            before: Some(before),
            after: None,
            operation: Operation::RevokeToken {
                token: token.id.clone(),
                owner: token.owner.clone(),
            },
        })
        .against(token.fingerprint())
}

fn usable_issuer<'a>(view: &'a View<'_>, owned: &[&LiveToken]) -> Result<&'a StoreKey, NoIssuer> {
    let Some(store) = &view.spec.issuer else {
        return Err(NoIssuer::Undeclared);
    };
    match view.issuer {
        IssuerState::Absent => Err(NoIssuer::Absent),
        IssuerState::Unreadable { why } => Err(NoIssuer::Unreadable(why.clone())),
        IssuerState::Present { client_id } => {
            if owned.iter().any(|token| &token.id == client_id) {
                Ok(store)
            } else {
                Err(NoIssuer::Dead(client_id.clone()))
            }
        }
    }
}

/// Why there is no token to mint with.
enum NoIssuer {
    Undeclared,
    Absent,
    Unreadable(String),
    Dead(TokenId),
}

fn block_without_issuer(
    draft: &mut Draft,
    spec: &Spec,
    address: Address,
    view: &View<'_>,
    identity: &IdentityId,
    why: &NoIssuer,
) {
    let name = &view.spec.name;
    let holder = Who::AccountHolder(name.clone());
    let place = view
        .spec
        .issuer
        .as_ref()
        .map_or_else(String::new, ToString::to_string);
    let enroll = format!(
        "sign in as {name}, create a personal access token with the scope sp:my-personal-access-tokens:manage, and give it to `steersman enroll {name}`, which puts it into the store at {place}"
    );
    match (why, view.status()) {
        (NoIssuer::Unreadable(why), _) => block_unread_issuer(draft, address, name, why),
        (NoIssuer::Undeclared, _) => draft.block(
            address,
            BlockedReason::NoIssuer,
            format!("{name} declares tokens and no place for its issuer"),
            "declare `defaults.issuer` or the account's `issuer`".to_owned(),
            Who::Operator,
        ),
        (NoIssuer::Dead(client_id), _) => draft.block(
            address,
            BlockedReason::NoIssuer,
            format!("the issuer at {place} ({client_id}) is no live token of {name} (identity {identity})"),
            enroll,
            holder,
        ),
        (NoIssuer::Absent, Some(Err(why))) => {
            draft.block_unread(address, &format!("the identity of {name}"), why);
        }
        (NoIssuer::Absent, Some(Ok(IdentityStatus::Unusable(status)))) => draft.block(
            address,
            BlockedReason::IdentityUnusable,
            format!("the identity of {name} is {status}"),
            format!("see in the tenant why {name} is {status}"),
            Who::TenantAdmin,
        ),
        (NoIssuer::Absent, Some(Ok(IdentityStatus::Unregistered))) if !invites(spec, view.spec) => draft
            .block(
                address,
                BlockedReason::NotRegistered,
                format!("{name} is not registered and not invited, so it cannot own tokens yet"),
                format!("invite {name} to register; then {enroll}"),
                Who::TenantAdmin,
            ),
        (NoIssuer::Absent, Some(Ok(status))) if !status.is_registered() => draft.block(
            address,
            BlockedReason::NotRegistered,
            format!("{name} is not registered ({status}), so it cannot own tokens yet"),
            format!("follow the invitation sent to the mailbox of {name} and set its password; then {enroll}"),
            holder,
        ),
        (NoIssuer::Absent, _) => draft.block(
            address,
            BlockedReason::NoIssuer,
            format!("the store has no issuer for {name}, and only {name} itself can mint its tokens"),
            enroll,
            holder,
        ),
    }
}

fn block_unread_issuer(draft: &mut Draft, address: Address, name: &AccountName, why: &str) {
    draft.block(
        address,
        BlockedReason::Unread,
        format!("the store could not be asked for the issuer of {name}: {why}"),
        "see that the store can be read here".to_owned(),
        Who::Operator,
    );
}

fn block_unborn(draft: &mut Draft, address: Address, view: &View<'_>) {
    let account = view.spec;
    let processing = Address::Processing(account.source.clone());
    if view.is_unsettled(draft) {
        draft.block(
            address,
            BlockedReason::NoIdentity,
            format!(
                "whether {} keeps its identity, and with it its tokens, is known only after this change",
                account.name
            ),
            "apply this plan, then plan again".to_owned(),
            Who::NextApply,
        );
    } else if matches!(view.presence, Presence::Unread(_)) {
        block_without_identity(draft, address, view);
    } else if account.row.is_some() && draft.plans(&processing) {
        draft.block(
            address,
            BlockedReason::NotRegistered,
            format!(
                "{} has to be registered by a person before it can own tokens",
                account.name
            ),
            format!(
                "apply this plan; then follow the invitation sent to the mailbox of {}",
                account.name
            ),
            Who::AccountHolder(account.name.clone()),
        );
    } else {
        block_without_identity(draft, address, view);
    }
}

fn block_full(draft: &mut Draft, address: Address, view: &View<'_>, owned: usize) {
    draft.block(
        address,
        BlockedReason::NoTokenSlot,
        format!(
            "{} has {owned} tokens, and ISC allows {SLOTS}",
            view.spec.name
        ),
        "revoke a token that is no longer needed".to_owned(),
        Who::Operator,
    );
}

fn declared(wanted: &TokenSpec, end: Option<Timestamp>) -> Fields {
    let mut fields = Fields::from([
        ("scopes".to_owned(), json!(wanted.scopes)),
        ("expires".to_owned(), end_text(end)),
    ]);
    if let Some(seconds) = wanted.access_token_validity {
        fields.insert("accessTokenValidity".to_owned(), json!(seconds));
    }
    fields
}

fn observed(there: &LiveToken, wanted: &TokenSpec) -> Fields {
    let mut fields = Fields::from([
        ("scopes".to_owned(), json!(there.scopes)),
        ("expires".to_owned(), end_text(there.expires)),
    ]);
    if wanted.access_token_validity.is_some() {
        fields.insert(
            "accessTokenValidity".to_owned(),
            json!(there.access_token_validity),
        );
    }
    fields
}

/// The end of a token to the day, as a person thinks of it.
fn end_text(end: Option<Timestamp>) -> Value {
    match end {
        None => json!("never"),
        Some(end) => json!(end.strftime("%Y-%m-%d").to_string()),
    }
}

/// The name of a replaced token: until the end of the day that the name says it
/// is kept, which is at least the overlap.
fn retiring_name(name: &TokenName, now: Timestamp, overlap: SignedDuration) -> TokenName {
    let until = now.checked_add(overlap).unwrap_or(now);
    let day = until.strftime("%Y%m%d").to_string();
    format!("{name}{RETIRING}{day}").into()
}

/// What a replaced token was called, and until when it is needed; none if the
/// name is of no replaced token.
fn retiring(name: &TokenName) -> Option<(TokenName, Timestamp)> {
    let (before, day) = name.as_str().rsplit_once(RETIRING)?;
    let date = jiff::civil::Date::strptime("%Y%m%d", day).ok()?;
    let end = date.tomorrow().ok()?;
    let end = end.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?;
    Some((before.into(), end.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retiring_name_says_until_when() {
        let now: Timestamp = "2026-03-01T22:00:00Z".parse().unwrap();
        let name = retiring_name(&"report".into(), now, SignedDuration::from_hours(24));
        assert_eq!(name.as_str(), "report~retiring-20260302");
        assert_eq!(
            retiring(&name),
            Some(("report".into(), "2026-03-03T00:00:00Z".parse().unwrap()))
        );
    }

    #[test]
    fn other_names_are_no_retiring_names() {
        for name in [
            "report",
            "report~retiring-",
            "report~retiring-2026",
            "~retiring-20261399",
        ] {
            assert_eq!(retiring(&name.into()), None, "{name}");
        }
    }
}
