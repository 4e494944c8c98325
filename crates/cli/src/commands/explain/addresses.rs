//! Addresses of a plan, such as `token/SA-001/monthly-report`: what they are of.

use model::Address;
use model::shell_quoted as quoted;

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
    use super::text;

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
            let text = text(&address.parse().unwrap());
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
