//! Rejects rotations that do not fit the lifetime of their token.

use super::each::Each;
use super::subject::{Owned, Subject};
use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::words::duration;
use jiff::SignedDuration;
use model::{Rotation, TokenLifetime, TokenSpec};

pub(super) struct Lifetimes;

impl<'a> Each<'a> for Lifetimes {
    fn token(&mut self, subject: &Subject<'a>, owned: &Owned<'a>, findings: &mut Findings) {
        let Some(rotate) = owned.token.rotate else {
            return;
        };
        let Some(misfit) = misfit(owned.token, rotate) else {
            return;
        };
        let inherited = subject.inherited(owned, &["rotate", "expires"], |places| places.rotate);
        if let Some(span) = inherited {
            // One line is wrong for all tokens that take it.
            let cause = format!("{span:?} {} {}", misfit.label, misfit.help);
            findings.push(
                Finding::new(misfit.code, misfit.message)
                    .at(span, misfit.label)
                    .help(misfit.help)
                    .once_for("token", cause),
            );
        } else if let Some(place) = subject.nearest(&owned.address(), "rotate") {
            findings.push(
                Finding::new(misfit.code, misfit.message)
                    .at(place.span, misfit.label)
                    .help(misfit.help),
            );
        }
    }
}

/// What is wrong with a rotation.
struct Misfit {
    code: Code,
    message: String,
    label: &'static str,
    help: String,
}

fn misfit(token: &TokenSpec, rotate: Rotation) -> Option<Misfit> {
    let name = &token.name;
    let error = |message, label, help| {
        Some(Misfit {
            code: Code::RotationMisfit,
            message,
            label,
            help,
        })
    };
    let life = match token.expires {
        TokenLifetime::Never => {
            return error(
                format!("token `{name}` never expires, so it is never rotated"),
                "has no effect on a token that never expires",
                "remove `rotate`, or set `expires`".to_owned(),
            );
        }
        TokenLifetime::After(life) => life,
    };
    let (before, spread) = (rotate.before.of(life), rotate.spread);
    let first = before.checked_add(spread).unwrap_or(SignedDuration::MAX);
    if before >= life {
        return error(
            format!(
                "token `{name}` expires after {}, but is rotated {} before that",
                duration(life),
                duration(before)
            ),
            "`before` must be shorter than `expires`",
            format!(
                "set `before` to less than {}, or `expires` to more than {}: otherwise every run rotates the token",
                duration(life),
                duration(before)
            ),
        );
    }
    if spread > before {
        return error(
            format!(
                "rotations of `{name}` are spread over {}, but begin {} before the end",
                duration(spread),
                duration(before)
            ),
            "`spread` must not be longer than `before`",
            format!("set `spread` to at most {}", duration(before)),
        );
    }
    if first >= life {
        return error(
            format!(
                "token `{name}` expires after {}, but with `spread` is rotated up to {} before that",
                duration(life),
                duration(first)
            ),
            "`before` and `spread` must be shorter than `expires` together",
            "shorten `spread` or `before`, or set a longer `expires`: otherwise every run rotates the token"
                .to_owned(),
        );
    }
    for (key, kept) in [("min", token.overlap.min), ("max", token.overlap.max)] {
        if kept > before {
            return error(
                format!(
                    "old token `{name}` is kept for {} after rotation, but expires after {}",
                    duration(kept),
                    duration(before)
                ),
                "`overlap` must not be longer than `before`",
                if key == "min" {
                    format!("set `overlap` to at most {}", duration(before))
                } else {
                    format!("set `max` of `overlap` to at most {}", duration(before))
                },
            );
        }
    }
    rare_window(token, rotate, before)
}

/// A window that may not open between the first day of a rotation and the last one on
/// which it can wait.
fn rare_window(token: &TokenSpec, rotate: Rotation, before: SignedDuration) -> Option<Misfit> {
    let window = rotate.window?;
    let margin = Rotation::margin(before, token.overlap);
    let time = before.checked_sub(margin).unwrap_or_default();
    let gap = window.longest_gap();
    if gap <= time {
        return None;
    }
    let least = gap.checked_add(margin).unwrap_or(gap);
    Some(Misfit {
        code: Code::RareWindow,
        message: format!(
            "window `{window}` of `{}` opens every {}, but a rotation can wait for {} only",
            token.name,
            duration(gap),
            duration(time)
        ),
        label: "some rotations begin outside of `window`",
        help: format!(
            "set `before` to at least {}, or add days to `window`",
            duration(least)
        ),
    })
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::accounts;

    fn token(keys: &str) -> String {
        format!("tokens: [{{name: t, scopes: [sp:report:read], {keys}}}]")
    }

    #[test]
    fn table() {
        accounts(
            Code::RotationMisfit,
            &[
                (&token("expires: 90d, rotate: {before: 14d}"), 0),
                (
                    &token("expires: 90d, rotate: {before: 14d, overlap: 14d}"),
                    0,
                ),
                (&token("expires: never, rotate: {before: 14d}"), 1),
                (&token("expires: 14d, rotate: {before: 14d}"), 1),
                (&token("expires: 90d, rotate: {before: 12h}"), 1),
                (&token("expires: 1d, rotate: never"), 0),
                (&token("expires: 90d, rotate: {before: 99%}"), 0),
                (&token("expires: 90d, rotate: {before: 1%}"), 1),
                (&token("expires: never"), 0),
                (
                    &token("expires: 90d, rotate: {before: 14d, spread: 14d}"),
                    0,
                ),
                (
                    &token("expires: 90d, rotate: {before: 14d, spread: 15d}"),
                    1,
                ),
                (&token("expires: 20d, rotate: {before: 14d, spread: 6d}"), 1),
                (
                    &token("expires: 90d, rotate: {before: 14d, overlap: {min: 1d, max: 14d}}"),
                    0,
                ),
                (
                    &token("expires: 90d, rotate: {before: 14d, overlap: {min: 1d, max: 15d}}"),
                    1,
                ),
                (
                    &token("expires: 90d, rotate: {before: 14d, overlap: {min: 2d, max: 1d}}"),
                    1,
                ),
            ],
        );
    }

    #[test]
    fn a_window_opens_while_a_rotation_can_wait() {
        accounts(
            Code::RareWindow,
            &[
                (
                    &token("expires: 90d, rotate: {before: 14d, window: 'Sat 02:00-05:00 UTC'}"),
                    0,
                ),
                (
                    &token("expires: 90d, rotate: {before: 7d, window: 'Sat 02:00-05:00 UTC'}"),
                    1,
                ),
                (
                    &token("expires: 90d, rotate: {before: 7d, window: 'daily 02:00-05:00 UTC'}"),
                    0,
                ),
                // An overlap of ten days leaves four.
                (
                    &token(
                        "expires: 90d, rotate: {before: 14d, overlap: 10d, window: 'Sat 02:00-05:00 UTC'}",
                    ),
                    1,
                ),
            ],
        );
    }
}
