//! What a problem is recognized by in the next run.

use model::Digest;
use spec::Diagnostic;
use std::collections::BTreeMap;

/// Fingerprints of the problems of one run.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    seen: BTreeMap<Digest, usize>,
}

impl Fingerprints {
    /// The fingerprint of a problem, with its number among those that are alike. It does
    /// not depend on the line, because lines above it come and go.
    pub(super) fn of(&mut self, diagnostic: &Diagnostic) -> String {
        let file = diagnostic.labels.first().map(|label| label.file.as_str());
        let digest = Digest::of(&(diagnostic.code.as_str(), file, &diagnostic.message));
        let number = self.seen.entry(digest.clone()).or_default();
        *number += 1;
        format!("{}:{number}", digest.as_str())
    }
}
