//! Compares a declared account with its row, user levels and tokens.

use super::{Compared, Pairs};
use crate::index::Index;
use crate::presence::Presence;
use crate::token_expiry::ends_as_declared;
use model::{
    AccountSpec, Address, Collection, DeliveryState, Fields, IdentityId, Live, LiveAccount,
    LiveToken, Plan, SecretRole, StoredToken, TokenLifetime, TokenSpec, is_same_cell,
};
use serde_json::json;
use std::collections::BTreeMap;

/// What the places of declared secrets hold, by address and role.
pub(super) struct Deliveries<'a>(BTreeMap<(&'a Address, SecretRole), DeliveryState>);

impl<'a> Deliveries<'a> {
    pub(super) fn of(plan: &'a Plan) -> Self {
        let deliveries = plan.deliveries.iter();
        Self(
            deliveries
                .map(|one| ((&one.address, one.role), one.state))
                .collect(),
        )
    }

    /// Adds the place of a secret.
    fn add(&self, pairs: &mut Pairs, address: &Address, role: SecretRole, place: String) {
        let place = json!(place);
        match self.0.get(&(address, role)) {
            Some(DeliveryState::Delivered) => {
                pairs.add("deliver", place.clone(), place, true);
            }
            Some(
                state @ (DeliveryState::Missing
                | DeliveryState::Moved
                | DeliveryState::Stale
                | DeliveryState::Foreign),
            ) => pairs.add("deliver", place, json!(state.to_string()), false),
            Some(
                DeliveryState::Unreadable
                | DeliveryState::WriteOnly
                | DeliveryState::NotAsked
                | DeliveryState::Unknown,
            )
            | None => pairs.add_unread("deliver", place),
        }
    }
}

pub(super) fn of_account(
    all: &mut BTreeMap<Address, Compared>,
    live: &Live,
    index: &Index<'_>,
    deliveries: &Deliveries<'_>,
    account: &AccountSpec,
) {
    let AccountSpec {
        key,
        source: _,
        name: _,
        row,
        user_levels,
        tokens,
        issuer,
        issuer_life: _,
        previously: _,
        identity: _,
    } = account;
    let presence = Presence::of(account, index);
    if let Some(row) = row {
        let declared = || {
            row.columns()
                .map(|(name, cell)| (name.to_owned(), json!(cell)))
        };
        let compared = match presence {
            Presence::Unread(_) => Compared::unread(declared().collect()),
            Presence::Absent => Compared::absent(declared().collect()),
            Presence::Present(observed) => compare_row(row, observed),
        };
        all.insert(Address::Account(key.clone()), compared);
    }
    let identity = match presence {
        Presence::Unread(_) => Holder::Unread,
        Presence::Absent => Holder::None,
        Presence::Present(observed) => match &observed.identity {
            Some(identity) => Holder::Known(identity),
            None => Holder::None,
        },
    };
    if let Some(levels) = user_levels {
        let declared = Fields::from_iter([("userLevels".to_owned(), json!(levels))]);
        let held = match identity {
            Holder::Known(identity) => live.levels.get(identity).map(Collection::complete),
            Holder::None | Holder::Unread => None,
        };
        let compared = match (identity, held) {
            (Holder::None, _) => Compared::absent(declared),
            (_, None | Some(Err(_))) => Compared::unread(declared),
            (_, Some(Ok(held))) => {
                let mut pairs = Pairs::default();
                pairs.add("userLevels", json!(levels), json!(held), held == levels);
                pairs.present()
            }
        };
        all.insert(Address::Levels(key.clone()), compared);
    }
    if let Some(place) = issuer {
        let account = Address::Account(key.clone());
        let state = deliveries.0.get(&(&account, SecretRole::Issuer));
        let missing = state == Some(&DeliveryState::Missing);
        let mut pairs = Pairs::default();
        deliveries.add(&mut pairs, &account, SecretRole::Issuer, place.to_string());
        let compared = if missing {
            Compared::absent(pairs.declared)
        } else if pairs.live.is_empty() {
            Compared::unread(pairs.declared)
        } else {
            pairs.present()
        };
        all.insert(Address::Issuer(key.clone()), compared);
    }
    for (name, wanted) in tokens.iter().flatten() {
        let address = Address::Token(key.clone(), name.clone());
        let observed = match identity {
            Holder::Unread => Err(()),
            Holder::None => Ok(None),
            Holder::Known(identity) => index.tokens(identity).map_err(|_| ()).map(|tokens| {
                let mut tokens = tokens.iter().copied();
                tokens.find(|token| token.name == *name && !token.managed)
            }),
        };
        let stored = live.stores.tokens.get(key);
        let stored = stored.and_then(|tokens| tokens.get(name));
        let compared = match observed {
            Err(()) => Compared::unread(token_fields(wanted)),
            Ok(None) => Compared::absent(token_fields(wanted)),
            Ok(Some(token)) => {
                let mut pairs = compare_token(wanted, token, stored);
                let place = wanted.deliver.to_string();
                deliveries.add(&mut pairs, &address, SecretRole::Token, place);
                pairs.present()
            }
        };
        all.insert(address, compared);
    }
}

/// The identity of an account.
#[derive(Clone, Copy)]
enum Holder<'a> {
    Unread,
    None,
    Known(&'a IdentityId),
}

fn compare_row(row: &model::AccountRow, observed: &LiveAccount) -> Compared {
    let mut pairs = Pairs::default();
    for (column, cell) in row.columns() {
        let found = observed.cells.get(column).map_or("", String::as_str);
        let is_same = is_same_cell(column, cell, found);
        pairs.add(column, json!(cell), json!(found), is_same);
    }
    pairs.present()
}

fn token_fields(wanted: &TokenSpec) -> Fields {
    let TokenSpec {
        name: _,
        scopes,
        // The scopes were worked out from them.
        calls: _,
        access_token_validity,
        expires,
        // When and how it is replaced, and for whom, is no field of the token.
        rotate: _,
        overlap: _,
        rotation,
        purpose: _,
        owners: _,
        deliver,
        form: _,
    } = wanted;
    let mut fields = Fields::from_iter([
        ("scopes".to_owned(), json!(LiveToken::meaning_of(scopes))),
        ("expires".to_owned(), json!(lifetime_text(*expires))),
        ("rotation".to_owned(), json!(rotation)),
        ("deliver".to_owned(), json!(deliver.to_string())),
    ]);
    if let Some(seconds) = access_token_validity {
        fields.insert("accessTokenValidity".to_owned(), json!(seconds));
    }
    fields
}

/// A lifetime as a person reads it, such as `90d`.
fn lifetime_text(lifetime: TokenLifetime) -> String {
    match lifetime {
        TokenLifetime::Never => "never".to_owned(),
        TokenLifetime::After(duration) => {
            let (hours, seconds) = (duration.as_hours(), duration.as_secs());
            if hours % 24 == 0 && seconds % 3600 == 0 {
                format!("{}d", hours / 24)
            } else {
                format!("{duration:#}")
            }
        }
    }
}

fn compare_token(wanted: &TokenSpec, token: &LiveToken, stored: Option<&StoredToken>) -> Pairs {
    let mut pairs = Pairs::default();
    for (field, value) in token_fields(wanted) {
        match field.as_str() {
            "scopes" => {
                let held = token.effective_scopes();
                let is_same = held == LiveToken::meaning_of(&wanted.scopes);
                pairs.add(&field, value, json!(held), is_same);
            }
            "expires" => {
                let is_same = ends_as_declared(token, wanted.expires);
                let end = token.expires;
                let end = end.map_or_else(|| "never".to_owned(), |end| end.to_string());
                pairs.add(&field, value, json!(end), is_same);
            }
            "accessTokenValidity" => match token.access_token_validity {
                Some(seconds) => {
                    let is_same = wanted.access_token_validity == Some(seconds);
                    pairs.add(&field, value, json!(seconds), is_same);
                }
                None => pairs.add_unread(&field, value),
            },
            "rotation" => match stored {
                Some(StoredToken::Present { rotation, .. }) => {
                    let is_same = *rotation == wanted.rotation;
                    pairs.add(&field, value, json!(rotation), is_same);
                }
                Some(_) | None => pairs.add_unread(&field, value),
            },
            // Its place is looked at by the caller.
            _ => {}
        }
    }
    pairs
}
