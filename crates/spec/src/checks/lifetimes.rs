//! Rejects rotations that do not fit the lifetime of their token.

use super::subject::Subject;
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::words::duration;
use model::TokenLifetime;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for owned in subject.tokens() {
        let Some(rotate) = owned.token.rotate else {
            continue;
        };
        let (message, label, help) = match owned.token.expires {
            TokenLifetime::Never => (
                format!(
                    "token `{}` never expires, so it is never rotated",
                    owned.token.name
                ),
                "has no effect on a token that never expires",
                "remove `rotate`, or set `expires`".to_owned(),
            ),
            TokenLifetime::After(life) if rotate.before >= life => (
                format!(
                    "token `{}` expires after {}, but is rotated {} before that",
                    owned.token.name,
                    duration(life),
                    duration(rotate.before)
                ),
                "`before` must be shorter than `expires`",
                format!(
                    "set `before` to less than {}, or `expires` to more than {}: otherwise every run rotates the token",
                    duration(life),
                    duration(rotate.before)
                ),
            ),
            TokenLifetime::After(_) if owned.token.overlap > rotate.before => (
                format!(
                    "old token `{}` is kept for {} after rotation, but expires after {}",
                    owned.token.name,
                    duration(owned.token.overlap),
                    duration(rotate.before)
                ),
                "`overlap` must not be longer than `before`",
                format!("set `overlap` to at most {}", duration(rotate.before)),
            ),
            TokenLifetime::After(_) => continue,
        };
        if let Some(place) = subject.nearest(&owned.address, "rotate") {
            findings.push(
                Finding::new(Code::RotationMisfit, message)
                    .at(place.span, label)
                    .help(help),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::accounts;

    #[test]
    fn table() {
        let token = |keys: &str| format!("tokens: [{{name: t, scopes: [sp:report:read], {keys}}}]");
        accounts(
            Code::RotationMisfit,
            &[
                (&token("expires: 90d, rotate: {before: 14d}"), 0),
                (
                    &token("expires: 90d, rotate: {before: 14d, overlap: 14d}"),
                    0,
                ),
                (&token("expires: never, rotate: {before: 14d}"), 1),
                (&token("expires: never"), 0),
                (&token("expires: 14d, rotate: {before: 14d}"), 1),
                (&token("expires: 90d, rotate: {before: 12h}"), 1),
                (&token("expires: 1d, rotate: never"), 0),
            ],
        );
    }
}
