//! A file or folder that a walk meets: what it is called, and where it is.

use camino::{Utf8Path, Utf8PathBuf};

/// A file or folder, as the person calls it and where it is without links.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) shown: Utf8PathBuf,
    pub(super) real: Utf8PathBuf,
}

impl Entry {
    pub(super) fn below(&self, name: &str) -> Self {
        let shown = self.shown.join(name);
        Self {
            shown: shown
                .strip_prefix(".")
                .map_or(shown.clone(), Utf8Path::to_owned),
            real: self.real.join(name),
        }
    }
}

/// Whether a file has the name of a spec.
pub(super) fn is_yaml(path: &Utf8Path) -> bool {
    matches!(path.extension(), Some("yaml" | "yml"))
}
