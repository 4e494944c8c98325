//! Warns about secret files that others can read.

use super::notices::Notices;
use std::path::Path;

/// Warns about a file with a secret that not only its owner can read.
#[cfg(unix)]
pub(super) fn warn_of_readers(path: &Path, metadata: &std::fs::Metadata, notices: &Notices) {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let path = path.display();
        notices.add(format!(
            "other users of this machine can read the secret in `{path}` (mode {mode:04o}); run `chmod 600 {path}`, and replace the secret if others use this machine"
        ));
    }
}

/// The mode does not show here who can read a file.
#[cfg(not(unix))]
pub(super) fn warn_of_readers(_: &Path, _: &std::fs::Metadata, _: &Notices) {}
