//! Anchors, aliases and merge keys of a file, which one finding reports together.
//!
//! They belong together: whoever removes one of them has to write its value elsewhere. So one
//! message names all places, and all that a spec has instead.

use crate::code::Code;
use crate::finding::{Finding, Findings};
use crate::span::Span;

/// How many places one finding marks.
const MOST_PLACES: usize = 12;

/// What a spec has instead.
const HELP: &str = "write each value where it is used, or share it by name: `userLevels`, `attributes`, `issuer` and `token` (`deliver`, `expires`, `rotate`, `accessTokenValidity`) of some accounts under `profiles: {NAME: …}` at the top of a file, with `profile: NAME` on each account; `issuer` and `token` of all accounts under `defaults`; a text under `variables`, as `${NAME}`; nothing else can be shared";

/// A way to write a value once and use it several times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sharing {
    Anchor,
    Alias,
    MergeKey,
}

impl Sharing {
    const ALL: [Self; 3] = [Self::Anchor, Self::Alias, Self::MergeKey];

    fn word(self) -> &'static str {
        match self {
            Self::Anchor => "anchor",
            Self::Alias => "alias",
            Self::MergeKey => "merge key",
        }
    }
}

/// Those of a file.
#[derive(Debug, Default)]
pub(super) struct SharedValues {
    /// The first places.
    places: Vec<(Span, Sharing)>,
    /// How many there are of each kind, in the order of [`Sharing::ALL`].
    counts: [usize; 3],
}

impl SharedValues {
    pub(super) fn push(&mut self, span: Span, sharing: Sharing) {
        let kinds = Sharing::ALL.iter().zip(&mut self.counts);
        for (_, count) in kinds.filter(|(kind, _)| **kind == sharing) {
            *count += 1;
        }
        if self.places.len() < MOST_PLACES {
            self.places.push((span, sharing));
        }
    }

    /// Reports all of them at once; nothing where there are none.
    pub(super) fn report(&mut self, findings: &mut Findings) {
        let Self { places, counts } = std::mem::take(self);
        let kinds = Sharing::ALL.iter().zip(counts);
        let kinds: Vec<String> = kinds
            .filter(|(_, count)| *count > 0)
            .map(|(kind, count)| match count {
                1 => kind.word().to_owned(),
                several => format!("{} ({several} times)", kind.word()),
            })
            .collect();
        if kinds.is_empty() {
            return;
        }
        let mut finding = Finding::new(
            Code::YamlFeature,
            format!("unsupported YAML feature: {}", kinds.join(", ")),
        )
        .help(HELP);
        for (span, sharing) in places {
            finding = finding.at(
                span,
                format!("{} not allowed in a spec file", sharing.word()),
            );
        }
        findings.push(finding);
    }
}
