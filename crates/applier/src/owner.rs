//! Whose files are believed in folders above, which other users may be able to write.

use std::path::Path;

/// Whether a file or folder above counts: it is this user's, the system's, or of the same
/// user as the folder or file that was named. Git believes no other repository either.
#[cfg(unix)]
pub fn is_believed(above: &Path, named: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let owner = |path: &Path| fs_err::symlink_metadata(path).ok().map(|it| it.uid());
    let me = rustix::process::geteuid().as_raw();
    owner(above).is_some_and(|of_above| believes(of_above, me, owner(named)))
}

/// The owner does not show here who can write a folder.
#[cfg(not(unix))]
pub fn is_believed(above: &Path, _: &Path) -> bool {
    fs_err::symlink_metadata(above).is_ok()
}

#[cfg(unix)]
fn believes(of_above: u32, me: u32, of_named: Option<u32>) -> bool {
    const SYSTEM: u32 = 0;
    of_above == SYSTEM || of_above == me || of_named == Some(of_above)
}

#[cfg(all(test, unix))]
mod tests {
    use super::believes;

    #[test]
    fn security_f5_files_of_another_user_above_are_not_believed() {
        for (of_above, me, of_named, expected) in [
            (1000, 1000, Some(1000), true),
            (0, 1000, Some(1000), true),
            // As in a container, whose root works in the checkout of a user.
            (1000, 0, Some(1000), true),
            (65534, 1000, Some(1000), false),
            (65534, 0, Some(1000), false),
            (65534, 1000, None, false),
        ] {
            let found = believes(of_above, me, of_named);
            assert_eq!(found, expected, "{of_above} {me} {of_named:?}");
        }
    }
}
