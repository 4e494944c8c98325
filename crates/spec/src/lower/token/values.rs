//! Lifetimes, rotations and validities of tokens, from the texts to the model.

use crate::code::Code;
use crate::decode::Record;
use crate::finding::Finding;
use crate::lower::context::Context;
use crate::raw::{Duration, Lifetime, RawRotate, RawRotation};
use crate::span::{Span, Spanned};
use jiff::SignedDuration;
use model::{Rotation, TokenLifetime};

/// For how long ISC lets an access token be valid, in seconds.
const VALIDITY: std::ops::RangeInclusive<i64> = 15..=43_200;

pub(super) fn lifetime(written: Lifetime) -> TokenLifetime {
    match written {
        Lifetime::After(duration) => TokenLifetime::After(duration),
        Lifetime::Never => TokenLifetime::Never,
    }
}

/// When a token is replaced, and how long the replaced one is kept where that is written.
pub(super) fn rotation(written: &RawRotate) -> (Option<Rotation>, Option<SignedDuration>) {
    match written {
        RawRotate::Never(_) => (None, None),
        RawRotate::Rotation(RawRotation {
            head: _,
            broken: _,
            before,
            overlap,
        }) => (
            Some(Rotation {
                before: before.value.0,
            }),
            overlap.as_ref().map(|overlap| overlap.value.0),
        ),
    }
}

pub(super) fn validity(written: Spanned<Duration>, context: &mut Context<'_>) -> Option<u32> {
    let seconds = written.value.0.as_secs();
    let fitting = u32::try_from(seconds)
        .ok()
        .filter(|_| VALIDITY.contains(&seconds));
    if fitting.is_none() {
        context.findings.push(
            Finding::new(
                Code::OutOfRange,
                format!(
                    "`accessTokenValidity` must be `15s` to `12h`, not `{}`",
                    crate::words::duration(written.value.0)
                ),
            )
            .at(written.span, "expected `15s` to `12h`")
            .help("write a duration from `15s` to `12h`"),
        );
    }
    fitting
}

impl RawRotate {
    /// Where to point when the rotation as a whole is meant.
    pub(super) fn head(&self) -> Span {
        match self {
            Self::Rotation(rotation) => rotation.head(),
            Self::Never(span) => *span,
        }
    }
}
