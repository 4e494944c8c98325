//! Places of an account's keys in the files.

use crate::lower::context::{Context, Placed, known, place_of};
use crate::raw::RawAccount;
use crate::span::Span;
use model::Address;

/// Notes where the account and each of its keys are written.
pub(super) fn note(
    address: &Address,
    account: &RawAccount,
    place: Span,
    context: &mut Context<'_>,
) {
    context.places.object(address.clone(), known(place));
    context.fields(
        address,
        [
            ("source", place_of(account.source.as_deref())),
            ("profile", place_of(account.profile.as_deref())),
            ("id", place_of(account.id.as_ref())),
            ("name", place_of(account.name.as_ref())),
            ("email", place_of(account.email.as_deref())),
            ("purpose", place_of(account.purpose.as_deref())),
            ("account", place_of(account.account.as_deref())),
            ("identity", place_of(account.identity.as_deref())),
            (
                "attributes",
                account.attributes.as_ref().map(|named| known(named.head)),
            ),
            (
                "userLevels",
                account.user_levels.as_ref().map(|list| known(list.head)),
            ),
            (
                "tokens",
                account.tokens.as_ref().map(|list| known(list.head)),
            ),
            (
                "issuer",
                account.issuer.as_ref().map(|issuer| known(issuer.place())),
            ),
            (
                "previously",
                account.previously.as_ref().map(|names| known(names.head)),
            ),
        ],
    );
    if let Some(previously) = &account.previously {
        context.fields(
            address,
            [
                ("previously.id", place_of(previously.id.as_ref())),
                ("previously.name", place_of(previously.name.as_ref())),
            ],
        );
    }
    for (name, value) in account.attributes.iter().flat_map(|named| &named.entries) {
        context.items(address, "attributes", [name]);
        context.places.field(
            address,
            format!("attributes={}.value", name.value),
            value.place(),
        );
    }
}
