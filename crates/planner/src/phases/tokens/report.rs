//! Reports what the places of an account's issuer and tokens hold.

use crate::classify::delivery::Delivery;
use crate::classify::issuer::IssuerOutcome;
use crate::draft::Draft;
use crate::stage::why_dead;
use crate::view::View;
use model::{
    Address, DeliveryReport, DeliveryState, IssuerState, Live, SecretRole, StoredToken, TokenSpec,
};

/// Reports the place of an account's issuer. `outcome` is there where the tokens of its
/// identity were read.
pub(super) fn issuer(
    draft: &mut Draft,
    live: &Live,
    view: &View<'_>,
    outcome: Option<IssuerOutcome<'_>>,
) {
    let Some(place) = &view.spec.issuer else {
        return;
    };
    // Where no store was read, nothing is said about it.
    if !live.stores.issuers.contains_key(&view.spec.key) {
        return;
    }
    let (state, detail) = match (view.issuer, outcome) {
        (IssuerState::Absent, _) => (DeliveryState::Missing, None),
        (IssuerState::NotAsked, _) => (DeliveryState::NotAsked, None),
        (IssuerState::Foreign { why }, _) => (DeliveryState::Foreign, Some(why.clone())),
        (IssuerState::Unreadable { why }, _) => (DeliveryState::Unreadable, Some(why.clone())),
        (IssuerState::Present { .. }, None) => (DeliveryState::Unknown, None),
        (IssuerState::Present { .. }, Some(outcome)) if outcome.is_dead() => (
            DeliveryState::Stale,
            Some(why_dead(outcome, &place.to_string())),
        ),
        (IssuerState::Present { .. }, Some(_)) => (DeliveryState::Delivered, None),
    };
    draft.deliveries.push(DeliveryReport {
        address: Address::Account(view.spec.key.clone()),
        role: SecretRole::Issuer,
        place: place.clone(),
        state,
        detail,
    });
}

/// Reports the place of a declared token. `delivery` is there where the tokens of the
/// account's identity were read.
pub(super) fn token(
    draft: &mut Draft,
    address: &Address,
    view: &View<'_>,
    wanted: &TokenSpec,
    delivery: Option<Delivery<'_>>,
) {
    let Some((state, detail)) = delivery.map_or_else(|| of_store(view, wanted), of) else {
        return;
    };
    let detail = match state {
        DeliveryState::NotAsked if wanted.rotation > 0 => Some(format!(
            "whether it was rotated for `rotation: {}` is not known, so it is not rotated for it",
            wanted.rotation
        )),
        _ => detail,
    };
    draft.deliveries.push(DeliveryReport {
        address: address.clone(),
        role: SecretRole::Token,
        place: wanted.deliver.clone(),
        state,
        detail,
    });
}

type Said = (DeliveryState, Option<String>);

fn of(delivery: Delivery<'_>) -> Option<Said> {
    Some(match delivery {
        Delivery::NotLookedUp => return None,
        Delivery::NotAsked => (DeliveryState::NotAsked, None),
        Delivery::WriteOnly => (DeliveryState::WriteOnly, None),
        Delivery::Unreadable(why) => (DeliveryState::Unreadable, Some(why.to_owned())),
        Delivery::Foreign(foreign) => (DeliveryState::Foreign, Some(foreign.text())),
        Delivery::Missing => (DeliveryState::Missing, None),
        Delivery::Moved(at) => (
            DeliveryState::Moved,
            Some(format!("its secret is at {at}, where it was delivered to")),
        ),
        Delivery::PassedOn(handover) => (
            match handover.comes_from {
                Some(_) => DeliveryState::Moved,
                None => DeliveryState::Missing,
            },
            Some(handover.in_words()),
        ),
        Delivery::Stale(_) => (
            DeliveryState::Stale,
            Some("it is the secret of an earlier token".to_owned()),
        ),
        Delivery::Delivered => (DeliveryState::Delivered, None),
    })
}

/// What is known without the tenant's tokens.
fn of_store(view: &View<'_>, wanted: &TokenSpec) -> Option<Said> {
    Some(match view.stored(wanted)? {
        StoredToken::Elsewhere {
            at: _,
            client_id: _,
            is_read: false,
        }
        | StoredToken::WriteOnly => (DeliveryState::WriteOnly, None),
        StoredToken::Absent
        | StoredToken::Elsewhere {
            at: _,
            client_id: _,
            is_read: true,
        } => (DeliveryState::Missing, None),
        StoredToken::NotAsked => (DeliveryState::NotAsked, None),
        StoredToken::Foreign { why, of: _ } => (DeliveryState::Foreign, Some(why.clone())),
        StoredToken::Unreadable { why } => (DeliveryState::Unreadable, Some(why.clone())),
        StoredToken::Present { .. } => (DeliveryState::Unknown, None),
    })
}
