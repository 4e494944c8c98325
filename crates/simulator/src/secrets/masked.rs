//! What stands where a secret was.

/// What replaces a secret.
pub(crate) const MASKED: &str = "masked";

/// A text in the place of a secret. What an access token says about its owner stays, because
/// clients read it; without its signature it opens nothing.
pub(crate) fn masked(secret: &str) -> String {
    match access_token(secret) {
        _ if secret.is_empty() => String::new(),
        Some((signed, _)) => format!("{signed}.{MASKED}"),
        None => MASKED.to_owned(),
    }
}

/// What an access token says, and its signature.
pub(super) fn access_token(text: &str) -> Option<(&str, &str)> {
    let (signed, signature) = text.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    let is_one = head.starts_with("ey") && claims.starts_with("ey") && !claims.contains('.');
    is_one.then_some((signed, signature))
}
