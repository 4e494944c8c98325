//! Addresses of a plan, such as `token/SA-001/monthly-report`: what they are of.

use model::Address;
use model::shell_quoted as quoted;
use std::str::FromStr as _;

/// The kinds of addresses that have one name. That of a token has two.
const KINDS: [&str; 8] = [
    "source",
    "schema",
    "profile",
    "processing",
    "account",
    "invitation",
    "levels",
    "issuer",
];

/// The address that a text is, or what it lacks; `None` if it does not begin as one.
pub(super) fn find(text: &str) -> Option<Result<Address, String>> {
    let (kind, rest) = text.split_once('/')?;
    let is_name = |name: &str| {
        name.chars()
            .any(|sign| sign != '/' && !sign.is_whitespace())
    };
    let expected = match kind {
        "token" => match rest.split_once('/') {
            Some((account, token)) if is_name(account) && is_name(token) => None,
            _ => Some("token/ACCOUNT/TOKEN".to_owned()),
        },
        kind if KINDS.contains(&kind) => (!is_name(rest)).then(|| format!("{kind}/NAME")),
        _ => return None,
    };
    Some(match expected {
        Some(expected) => Err(format!(
            "a part of the address is missing; expected {expected}"
        )),
        None => Address::from_str(text).map_err(|error| error.to_string()),
    })
}

/// What an address is of, where it is declared, and how to see what a plan has for it.
pub(super) fn text(address: &Address) -> String {
    let (what, declared) = match address {
        Address::Source(name) => (format!("the source {name}"), "sources"),
        Address::Schema(name) => (
            format!("the attributes of accounts on the source {name}"),
            "sources.attributes",
        ),
        Address::Profile(name) => (
            format!("the identity profile of the source {name}"),
            "sources.identityProfile",
        ),
        Address::Processing(name) => (
            format!("the processing of the identities of the source {name}"),
            "sources.identityProfile",
        ),
        Address::Account(key) => (format!("the account {key}"), "serviceAccounts"),
        Address::Invitation(key) => (
            format!("the invitation of the account {key}"),
            "sources.identityProfile.invite",
        ),
        Address::Levels(key) => (
            format!("the user levels of the account {key}"),
            "serviceAccounts.userLevels",
        ),
        Address::Issuer(key) => (
            format!("the issuer token of the account {key}, which creates its other tokens"),
            "serviceAccounts.issuer",
        ),
        Address::Token(key, name) => (
            format!("the token {name} of the account {key}"),
            "serviceAccounts.tokens",
        ),
    };
    let address = address.to_string();
    format!(
        "{address}: {what}\n\nThe address of an object in plans, reports and records.\n\nDeclared by: {declared} (`steersman explain {declared}`)\nTo see what a plan has for it: `steersman plan --only {}`",
        quoted(&address)
    )
}

#[cfg(test)]
mod tests {
    use super::{find, text};

    #[test]
    fn an_address_with_an_empty_part_is_refused() {
        for text in [
            "token//",
            "token/A",
            "token/",
            "token/A/",
            "token//t",
            "token/ /t",
            "account/",
            "source//",
        ] {
            let error = find(text).unwrap().unwrap_err();
            assert!(error.contains("is missing; expected"), "{text}: {error}");
        }
        assert!(find("role/x").is_none() && find("stillUsed").is_none());
        assert!(find("token/A%2FB/t/u").unwrap().is_ok());
    }

    #[test]
    fn every_kind_of_address_names_a_key_that_exists() {
        for address in [
            "source/S",
            "schema/S",
            "profile/P",
            "processing/S",
            "account/A",
            "invitation/A",
            "levels/A",
            "issuer/A",
            "token/A/t",
        ] {
            let text = text(&find(address).unwrap().unwrap());
            let key = text.split("steersman explain ").nth(1).unwrap();
            let key = key.split('`').next().unwrap();
            assert!(
                super::super::keys::Key::find(key).is_ok(),
                "{address}: {key}"
            );
            assert!(text.starts_with(address));
        }
    }
}
