//! Who else on this machine can read a file.

use std::path::Path;

/// Warns of a file with a secret that is not its owner's alone.
#[cfg(unix)]
pub(super) fn warn_of_readers(path: &Path, metadata: &std::fs::Metadata) {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        tracing::warn!(
            path = %path.display(),
            mode = format_args!("{mode:04o}"),
            "others on this machine can get at a secret; `chmod 600` keeps them out"
        );
    }
}

/// Who may read a file is said elsewhere here than in a mode.
#[cfg(not(unix))]
pub(super) fn warn_of_readers(_: &Path, _: &std::fs::Metadata) {}
