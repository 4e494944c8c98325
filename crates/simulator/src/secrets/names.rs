//! Names of fields, parameters and parts of forms that hold secrets.

/// Whether a field, a parameter or a part of a form has a secret by its name.
pub(crate) fn is_secret(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    matches!(
        plain.as_str(),
        "assertion"
            | "authorization"
            | "clientassertion"
            | "codeverifier"
            | "cookie"
            | "credentials"
            | "pwd"
            | "setcookie"
    ) || [
        "accesskey",
        "apikey",
        "passphrase",
        "passwd",
        "password",
        "passwords",
        "privatekey",
        "secret",
        "secretkey",
        "secrets",
        "token",
    ]
    .iter()
    .any(|end| plain.ends_with(end))
}

/// Whether a parameter of a query or of a form has a secret: those of signing in have other names.
pub(crate) fn is_secret_parameter(name: &str) -> bool {
    is_secret(name) || name == "code"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known_however_they_are_spelled() {
        for name in [
            "apiToken",
            "api_token",
            "X-Api-Key",
            "adminPassword",
            "refresh_token",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "secretExpires",
            "accessTokenValiditySeconds",
            "passwordPolicies",
            "code",
        ] {
            assert!(!is_secret(name), "{name}");
        }
        assert!(is_secret_parameter("code"));
    }
}
