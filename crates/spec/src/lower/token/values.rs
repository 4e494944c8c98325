//! Lifetimes, rotations and validities of tokens, from the texts to the model.

use crate::code::Code;
use crate::decode::{Needed, Record};
use crate::finding::Finding;
use crate::lower::context::Context;
use crate::raw::{Duration, Lifetime, RawOverlap, RawOverlapRange, RawRotate, RawRotation};
use crate::span::{Span, Spanned};
use crate::suggestion::Fix;
use jiff::SignedDuration;
use model::{Overlap, Rotation, TokenLifetime};

/// For how long ISC lets an access token be valid, in seconds.
const VALIDITY: std::ops::RangeInclusive<i64> = 15..=43_200;

pub(super) fn lifetime(written: Lifetime) -> TokenLifetime {
    match written {
        Lifetime::After(duration) => TokenLifetime::After(duration),
        Lifetime::Never => TokenLifetime::Never,
    }
}

/// The rotation of a token, and how long a replaced one is kept where that is written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rotate {
    pub(super) rotation: Option<Rotation>,
    pub(super) overlap: Option<WrittenOverlap>,
}

/// How long a replaced token is kept, as written.
#[derive(Clone, Copy, Debug)]
pub(super) struct WrittenOverlap {
    min: SignedDuration,
    max: Option<SignedDuration>,
}

impl WrittenOverlap {
    /// The overlap of a token with this rotation and lifetime. The longest time that is
    /// not written is not longer than the old token lives.
    pub(super) fn of(
        written: Option<Self>,
        rotation: Option<&Rotation>,
        lifetime: TokenLifetime,
    ) -> Overlap {
        let min = written.map_or(Overlap::MIN, |overlap| overlap.min);
        let max = written.and_then(|overlap| overlap.max).unwrap_or_else(|| {
            let usual = Overlap::of(min).max;
            match (rotation, lifetime) {
                (Some(rotation), TokenLifetime::After(life)) => {
                    usual.min(rotation.before.of(life)).max(min)
                }
                (None, _) | (_, TokenLifetime::Never) => usual,
            }
        });
        Overlap { min, max }
    }
}

/// When a token is replaced, and how long the replaced one is kept where that is written.
pub(super) fn rotation(written: &RawRotate, context: &mut Context<'_>) -> Rotate {
    match written {
        RawRotate::Never(_) => Rotate::default(),
        RawRotate::Rotation(rotation) => {
            let RawRotation {
                head: _,
                broken: _,
                before: Needed(before),
                overlap,
                window,
                spread,
            } = rotation.as_ref();
            Rotate {
                rotation: before.map(|before| Rotation {
                    before: before.value.0,
                    window: window.map(|window| window.value.0),
                    spread: spread.map_or(SignedDuration::ZERO, |spread| spread.value.0),
                }),
                overlap: overlap
                    .as_ref()
                    .and_then(|overlap| overlap_of(overlap, context)),
            }
        }
    }
}

/// The overlap as written; none where it is contradictory, which is then reported.
fn overlap_of(written: &RawOverlap, context: &mut Context<'_>) -> Option<WrittenOverlap> {
    let (min, max) = match written {
        RawOverlap::For(min) => (min, None),
        RawOverlap::Range(RawOverlapRange {
            head: _,
            broken: _,
            min,
            max,
        }) => (min, max.as_ref()),
    };
    if let Some(max) = max.filter(|max| max.value.0 < min.value.0) {
        let [least, most] = [min, max].map(|written| crate::words::duration(written.value.0));
        context.findings.push(
            Finding::new(
                Code::RotationMisfit,
                format!("`overlap` has `max` {most}, which is shorter than `min` {least}"),
            )
            .at(max.span, format!("shorter than {least}"))
            .help(format!(
                "write a `max` of at least {least}, or leave it out"
            ))
            .fix(Fix::scalar(max.span, least).if_decided()),
        );
        return None;
    }
    Some(WrittenOverlap {
        min: min.value.0,
        max: max.map(|max| max.value.0),
    })
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
