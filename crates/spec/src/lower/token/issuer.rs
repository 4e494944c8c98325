//! Lowers the issuer token of accounts: its place, lifetime and rotation.

use super::values::{self, Rotate};
use crate::code::Code;
use crate::decode::Text;
use crate::finding::Finding;
use crate::lower::context::Context;
use crate::lower::place;
use crate::raw::{RawIssuer, RawPlace};
use crate::span::Span;
use jiff::SignedDuration;
use model::{IssuerLife, RotateBefore, Rotation, StoreKey, StoreName, StoreSpec, TokenLifetime};
use std::collections::BTreeMap;

/// How long before its end an issuer token is replaced where no file says so: as long
/// before as a person is told of one that does not replace itself.
const BEFORE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The issuer token of an account, or the defaults, as far as they are written.
#[derive(Clone, Debug, Default)]
pub(in crate::lower) struct Issuer {
    place: Option<RawPlace>,
    parts: Parts,
}

/// What is written of it, to be completed by the defaults.
#[derive(Clone, Debug, Default)]
struct Parts {
    store: Option<Text>,
    key: Option<Text>,
    expires: Option<TokenLifetime>,
    rotate: Option<Rotate>,
    rotation: Option<u32>,
    /// Whether a lifetime is written that could not be read: a rotation is not compared
    /// with another one.
    is_lifetime_unknown: bool,
}

impl Issuer {
    /// The defaults of these keys, above the ones here. They are checked once, and not
    /// again for each account.
    pub(super) fn with(
        &self,
        written: Option<RawIssuer>,
        stores: &BTreeMap<StoreName, StoreSpec>,
        context: &mut Context<'_>,
    ) -> Self {
        let Some(written) = written else {
            return self.clone();
        };
        let (parts, place) = self.parts.with(&written, stores, context);
        Self { place, parts }
    }

    /// Where the key of its place is written.
    pub(super) fn key_at(&self) -> Option<Span> {
        self.place.as_ref().map(|place| place.key.span)
    }

    /// The store location of an account's issuer token, and its life.
    pub(in crate::lower) fn of_account(
        &self,
        written: Option<&RawIssuer>,
        account: place::Holder<'_>,
        stores: &BTreeMap<StoreName, StoreSpec>,
        context: &mut Context<'_>,
    ) -> (Option<StoreKey>, Option<IssuerLife>) {
        let Some(written) = written else {
            let place = self.place.as_ref();
            let filled = place.map(|place| place::fill(place, account, None, &mut context.texts));
            return (filled, self.parts.life());
        };
        let (parts, place) = self.parts.with(written, stores, context);
        let filled = place.map(|place| place::fill(&place, account, None, &mut context.texts));
        (filled, parts.life())
    }
}

impl Parts {
    /// What is written, above these, and the place that it makes, checked.
    fn with(
        &self,
        written: &RawIssuer,
        stores: &BTreeMap<StoreName, StoreSpec>,
        context: &mut Context<'_>,
    ) -> (Self, Option<RawPlace>) {
        let default = self.expires.unwrap_or(TokenLifetime::Never);
        let default = (!self.is_lifetime_unknown).then_some(default);
        let own = parts(written, default, context);
        let (has_store, has_key) = (own.store.is_some(), own.key.is_some());
        let merged = Self {
            store: own.store.or_else(|| self.store.clone()),
            key: own.key.or_else(|| self.key.clone()),
            expires: own.expires.or(self.expires),
            rotate: own.rotate.or(self.rotate),
            rotation: own.rotation.or(self.rotation),
            is_lifetime_unknown: own.is_lifetime_unknown
                || self.is_lifetime_unknown && own.expires.is_none(),
        };
        let place = merged.place();
        match &place {
            Some(place) if has_store || has_key => {
                place::check(place, place::ISSUER, stores, context);
            }
            Some(_) => {}
            // The other part is not written, or could not be read.
            None => {
                if let Some(store) = merged.store.as_ref().filter(|_| has_store) {
                    place::check_store(store, stores, context);
                }
                if let Some(key) = merged.key.as_ref().filter(|_| has_key) {
                    place::check_placeholders(key, place::ISSUER, context);
                }
            }
        }
        (merged, place)
    }

    fn place(&self) -> Option<RawPlace> {
        let (Some(store), Some(key)) = (&self.store, &self.key) else {
            return None;
        };
        Some(RawPlace {
            head: key.span,
            broken: Vec::new(),
            store: store.clone(),
            key: key.clone(),
        })
    }

    /// None where nothing of it is written.
    fn life(&self) -> Option<IssuerLife> {
        let Self {
            store: _,
            key: _,
            expires,
            rotate,
            rotation,
            is_lifetime_unknown: _,
        } = self;
        if expires.is_none() && rotation.is_none() {
            return None;
        }
        Some(IssuerLife {
            expires: *expires,
            rotate: match (rotate, expires) {
                (_, None | Some(TokenLifetime::Never)) => None,
                (Some(rotate), Some(TokenLifetime::After(_))) => rotate.rotation,
                (None, Some(TokenLifetime::After(life))) => Some(Rotation {
                    before: RotateBefore::Time(BEFORE.min(*life / 3)),
                    window: None,
                    spread: SignedDuration::ZERO,
                }),
            },
            rotation: rotation.unwrap_or_default(),
        })
    }
}

/// What is written, checked. `default` is the lifetime of the defaults; none where it is not
/// known.
fn parts(written: &RawIssuer, default: Option<TokenLifetime>, context: &mut Context<'_>) -> Parts {
    let RawIssuer {
        head: _,
        broken,
        store,
        key,
        expires,
        rotate,
        rotation,
    } = written;
    let is_lifetime_unknown = broken.contains(&"expires");
    let lifetime = expires
        .as_ref()
        .map(|written| values::lifetime(written.value));
    let rotated = rotate
        .as_ref()
        .map(|rotate| values::rotation(rotate, context));
    let compared = lifetime.or(default.filter(|_| !is_lifetime_unknown));
    if let (Some(rotate), Some(lifetime)) = (rotate, compared) {
        let Rotate { rotation, overlap } = rotated.unwrap_or_default();
        let has_overlap = overlap.is_some();
        check(rotate.head(), rotation, has_overlap, lifetime, context);
    }
    Parts {
        store: store.clone(),
        key: key.clone(),
        expires: lifetime,
        rotate: rotated,
        rotation: rotation.as_ref().map(|number| number.value.0),
        is_lifetime_unknown,
    }
}

/// Reports a rotation that does not fit the lifetime.
fn check(
    span: Span,
    rotation: Option<Rotation>,
    has_overlap: bool,
    lifetime: TokenLifetime,
    context: &mut Context<'_>,
) {
    let duration = crate::words::duration;
    let (message, label, help) = match (rotation, lifetime) {
        (Some(_), TokenLifetime::Never) => (
            "issuer tokens never expire, so they are never rotated".to_owned(),
            "has no effect on a token that never expires",
            "set `expires` beside it, such as `expires: 180d`, or remove `rotate`".to_owned(),
        ),
        (Some(rotation), TokenLifetime::After(life)) if rotation.before.of(life) >= life => (
            format!(
                "issuer tokens expire after {}, but are rotated {} before that",
                duration(life),
                duration(rotation.before.of(life))
            ),
            "`before` must be shorter than `expires`",
            format!(
                "set `before` to less than {}, or `expires` to more than {}",
                duration(life),
                duration(rotation.before.of(life))
            ),
        ),
        (Some(_), TokenLifetime::After(_)) if has_overlap => (
            "issuer tokens have no overlap: only steersman uses them".to_owned(),
            "`overlap` has no effect here",
            "remove `overlap`: steersman revokes an issuer token as soon as its successor works"
                .to_owned(),
        ),
        (Some(_), TokenLifetime::After(_)) | (None, _) => return,
    };
    context.findings.push(
        Finding::new(Code::RotationMisfit, message)
            .at(span, label)
            .help(help),
    );
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::load::{Options, load};
    use crate::source::SourceFile;
    use jiff::SignedDuration;
    use model::{IssuerLife, RotateBefore, Rotation, TokenLifetime};

    fn days(days: i64) -> SignedDuration {
        SignedDuration::from_hours(24 * days)
    }

    /// The issuer of the only account, and how many rotations do not fit.
    fn issuer(defaults: &str, account: &str) -> (String, Option<IssuerLife>, usize) {
        let text = format!(
            "steersman: v1
stores: {{a: {{directory: a}}, b: {{directory: b}}}}
sources: [{{name: S, owner: jane}}]
defaults: {{issuer: {{{defaults}}}}}
serviceAccounts:
  - {{id: i, name: n, email: a@example.com, purpose: p, issuer: {{{account}}}}}
"
        );
        let file = SourceFile {
            path: "spec.yaml".into(),
            bytes: text.into_bytes(),
        };
        let loaded = load(vec![file], &Options::default());
        let misfits = loaded.diagnostics.iter();
        let misfits = misfits.filter(|found| found.code == Code::RotationMisfit);
        let misfits = misfits.count();
        let Some(spec) = loaded.spec else {
            return (String::new(), None, misfits);
        };
        let account = spec.accounts.values().next().unwrap();
        let place = account.issuer.as_ref().map(ToString::to_string);
        (place.unwrap_or_default(), account.issuer_life, misfits)
    }

    #[test]
    fn a_rotation_is_not_compared_with_a_lifetime_that_could_not_be_read() {
        let place = "store: a, key: k";
        let rotate = "rotate: {before: 30d}";
        for (defaults, account, expected) in [
            (rotate, "rotation: 1", 1),
            ("expires: 6mo, rotate: {before: 30d}", "rotation: 1", 0),
            ("expires: 6mo", rotate, 0),
            ("rotation: 0", "expires: P6M, rotate: {before: 30d}", 0),
            ("expires: 6mo", "expires: never, rotate: {before: 30d}", 1),
        ] {
            let (_, _, misfits) = issuer(&format!("{place}, {defaults}"), account);
            assert_eq!(misfits, expected, "{defaults} / {account}");
        }
    }

    #[test]
    fn tokens_06_each_key_of_an_issuer_has_its_default() {
        let place = "store: a, key: '{account}/issuer'";
        let life = |expires, before: Option<i64>, rotation| {
            Some(IssuerLife {
                expires,
                rotate: before.map(|before| Rotation {
                    before: RotateBefore::Time(days(before)),
                    window: None,
                    spread: SignedDuration::ZERO,
                }),
                rotation,
            })
        };
        let after = |time| Some(TokenLifetime::After(days(time)));
        for (defaults, account, at, expected) in [
            (place.to_owned(), "", "a:n/issuer", None),
            (place.to_owned(), "store: b", "b:n/issuer", None),
            (place.to_owned(), "store: b, key: k", "b:k", None),
            (
                format!("{place}, expires: 180d"),
                "",
                "a:n/issuer",
                life(after(180), Some(30), 0),
            ),
            // A short life is replaced at two thirds.
            (
                format!("{place}, expires: 30d"),
                "",
                "a:n/issuer",
                life(after(30), Some(10), 0),
            ),
            (
                format!("{place}, expires: 180d, rotate: {{before: 14d}}"),
                "rotation: 2",
                "a:n/issuer",
                life(after(180), Some(14), 2),
            ),
            (
                format!("{place}, expires: 180d, rotate: {{before: 14d}}"),
                "expires: 90d, rotate: never",
                "a:n/issuer",
                life(after(90), None, 0),
            ),
            (
                format!("{place}, expires: 180d, rotate: {{before: 14d}}"),
                "expires: never",
                "a:n/issuer",
                life(Some(TokenLifetime::Never), None, 0),
            ),
            (
                "expires: 180d".to_owned(),
                "store: b, key: k, rotation: 1",
                "b:k",
                life(after(180), Some(30), 1),
            ),
            (
                place.to_owned(),
                "rotation: 7",
                "a:n/issuer",
                life(None, None, 7),
            ),
            (
                "expires: 180d".to_owned(),
                "store: b",
                "",
                life(after(180), Some(30), 0),
            ),
        ] {
            let found = issuer(&defaults, account);
            assert_eq!(
                found,
                (at.to_owned(), expected, 0),
                "{defaults} | {account}"
            );
        }
    }

    #[test]
    fn a_rotation_of_issuers_that_does_not_fit_is_reported_once() {
        let place = "store: a, key: k";
        for (defaults, account, expected) in [
            ("expires: 180d, rotate: {before: 180d}", "", 1),
            ("rotate: {before: 14d}", "", 1),
            ("expires: never, rotate: {before: 14d}", "", 1),
            ("expires: 180d, rotate: {before: 30d, overlap: 1d}", "", 1),
            ("expires: 180d", "rotate: {before: 30d}", 0),
            ("expires: 180d", "rotate: {before: 200d}", 1),
            ("expires: never, rotate: never", "", 0),
        ] {
            let (_, _, found) = issuer(&format!("{place}, {defaults}"), account);
            assert_eq!(found, expected, "{defaults} | {account}");
        }
    }
}
