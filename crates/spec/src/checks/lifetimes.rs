//! Rotations fit the life of their token.

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
        let (message, help) = match owned.token.expires {
            TokenLifetime::Never => (
                format!(
                    "the token `{}` never ends, so it is never rotated",
                    owned.token.name
                ),
                "remove `rotate`, or give the token an end with `expires`".to_owned(),
            ),
            TokenLifetime::After(life) if rotate.before >= life => (
                format!(
                    "the token `{}` would be rotated {} before its end, but lives only {}",
                    owned.token.name,
                    duration(rotate.before),
                    duration(life)
                ),
                "rotate later or let the token live longer: it would be replaced by every run"
                    .to_owned(),
            ),
            TokenLifetime::After(_) if rotate.overlap > rotate.before => (
                format!(
                    "the old one of the token `{}` is to stay {}, but ends {} after the rotation",
                    owned.token.name,
                    duration(rotate.overlap),
                    duration(rotate.before)
                ),
                "make `overlap` shorter than `before`".to_owned(),
            ),
            TokenLifetime::After(_) => continue,
        };
        if let Some(place) = subject.nearest(&owned.address, "rotate") {
            findings.push(
                Finding::new(Code::RotationMisfit, message)
                    .at(place.span, "does not fit")
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
