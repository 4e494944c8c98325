//! Checks of the environment: variables and address.

use super::list::List;
use crate::credentials::{address_and_credential, address_of};
use crate::environment::variable;
use crate::exit_code::Exit;
use crate::failure::Failure;
use isc::BaseUrl;
use model::{Credential, TenantSettings};
use render::doctor::CheckName;

const VARIABLES: [&str; 3] = ["SAIL_BASE_URL", "SAIL_CLIENT_ID", "SAIL_CLIENT_SECRET"];

/// What can be done without a tenant.
const OFFLINE: &str = "`steersman doctor --access` prints which scopes and user levels its token needs, and asks no tenant";

/// The address and the credential, as far as they are given.
pub(super) fn check(
    list: &mut List,
    settings: &TenantSettings,
) -> (Option<BaseUrl>, Option<Credential>) {
    let tried =
        "reading SAIL_BASE_URL, SAIL_CLIENT_ID, SAIL_CLIENT_SECRET and `tenant:` of the files";
    let address = address_of(settings);
    match &address {
        Ok(Some(address)) => list.ok(
            CheckName::Address,
            "reading the address",
            format!("{address} has the form of an API address"),
        ),
        Ok(None) => {}
        Err(failure) => fail(list, CheckName::Address, "reading the address", failure),
    }
    let credential = match address_and_credential(settings) {
        Ok((_, credential)) => Some(credential),
        Err(failure @ Failure::NoCredentials { .. }) => {
            let help = failure.next();
            let help = help.map(|help| format!("{help}; {OFFLINE}"));
            let help = Some(help.unwrap_or_else(|| OFFLINE.to_owned()));
            let text = failure.text();
            list.fail(CheckName::Variables, tried, text, help, failure.exit());
            None
        }
        // Said of the address above.
        Err(_) => None,
    };
    let odd: Vec<String> = VARIABLES
        .into_iter()
        .filter_map(|name| Some(format!("{name} {}", odd(&variable(name)?)?)))
        .collect();
    if odd.is_empty() {
        if credential.is_some() {
            list.ok(CheckName::Variables, tried, given(settings));
        } else if !list.failed(CheckName::Variables) {
            list.not_checked(
                CheckName::Variables,
                "because the check \"address\" failed",
                None,
            );
        }
    } else {
        list.warn(
            CheckName::Variables,
            tried,
            odd.join("; "),
            "set the value alone, as ISC shows it",
        );
    }
    (address.ok().flatten(), credential)
}

/// What looks wrong about a value, which is not shown.
fn odd(value: &str) -> Option<&'static str> {
    let value = value.trim();
    let quoted = |mark: char| value.len() > 1 && value.starts_with(mark) && value.ends_with(mark);
    if quoted('"') || quoted('\'') {
        Some("has quotation marks around the value")
    } else if value.contains("${") || value.contains("$(") || value.contains("{{") {
        Some("has a placeholder that was not replaced")
    } else if value.to_ascii_lowercase().starts_with("bearer ") {
        Some("begins with `Bearer`: it is an access token")
    } else if value.contains(char::is_whitespace) {
        Some("has a space inside")
    } else {
        None
    }
}

/// Where the address and the credential come from.
fn given(settings: &TenantSettings) -> String {
    let TenantSettings {
        base_url,
        declared_at: _,
        client_id,
        client_secret,
    } = settings;
    let from = |name: &str, key: &str, in_file: bool, file_wins: bool| match variable(name) {
        Some(_) if !(in_file && file_wins) => format!("{name} is set"),
        _ => format!("`{key}` is in a file"),
    };
    [
        from(VARIABLES[0], "tenant.baseUrl", base_url.is_some(), false),
        from(VARIABLES[1], "tenant.clientId", client_id.is_some(), true),
        from(
            VARIABLES[2],
            "tenant.clientSecret",
            client_secret.is_some(),
            true,
        ),
    ]
    .join(", ")
}

/// A check that failed as a command would fail.
pub(super) fn fail(list: &mut List, name: CheckName, tried: &str, failure: &Failure) {
    let exit = match failure.exit() {
        Exit::Done => Exit::Error,
        exit => exit,
    };
    list.fail(name, tried, failure.text(), failure.next(), exit);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_cannot_be_right_are_seen_and_not_shown() {
        for (value, words) in [
            ("\"abc\"", "quotation marks"),
            ("'abc'", "quotation marks"),
            ("${{ secrets.X }}", "placeholder"),
            ("Bearer eyJ0", "access token"),
            ("ab cd", "space"),
        ] {
            assert!(odd(value).unwrap().contains(words), "{value}");
        }
        for value in ["abc", " abc\n", "https://acme.api.identitynow.com"] {
            assert_eq!(odd(value), None, "{value}");
        }
    }
}
