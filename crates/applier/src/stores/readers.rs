//! Warns about secret files that others can read.

use std::path::Path;

/// Warns about a file with a secret that not only its owner can read.
#[cfg(unix)]
pub(super) fn warn_of_readers(path: &Path, metadata: &std::fs::Metadata) {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        tracing::warn!(
            path = %path.display(),
            mode = format_args!("{mode:04o}"),
            "other users of this machine can read a secret; run `chmod 600` on the file"
        );
    }
}

/// The mode does not show here who can read a file.
#[cfg(not(unix))]
pub(super) fn warn_of_readers(_: &Path, _: &std::fs::Metadata) {}
