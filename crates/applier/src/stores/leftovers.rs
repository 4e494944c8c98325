//! Leftovers: temporary files with secrets of runs that were killed.

use std::io;
use std::path::{Path, PathBuf};

/// What all temporary files of stores begin with.
const PREFIX: &str = ".steersman-";

/// What all temporary files of stores end with.
pub(super) const SUFFIX: &str = ".tmp";

/// How many folders are searched: a store has one for each account, and who declares the
/// root of a disk as a store must not have it read.
const FOLDERS: usize = 20_000;

/// What the temporary files of this process begin with.
pub(super) fn prefix() -> String {
    format!("{PREFIX}{}-", std::process::id())
}

/// Removes temporary files of processes that have ended, in a folder and below it.
/// Returns how many. Links are not followed, and folders that may not be read are left
/// out.
pub(super) fn remove(root: &Path) -> io::Result<usize> {
    let mut removed = 0;
    let mut folders: Vec<PathBuf> = vec![root.to_owned()];
    let mut left = FOLDERS;
    while let Some(folder) = folders.pop() {
        if left == 0 {
            break;
        }
        left -= 1;
        let entries = match fs_err::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if is_skipped(&error) => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let Ok(entry) = entry else { continue };
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file()
                && entry.file_name().to_str().is_some_and(is_left)
                && !is_locked(&entry.path())
            {
                match fs_err::remove_file(entry.path()) {
                    Ok(()) => removed += 1,
                    // Another run was faster.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
        }
    }
    Ok(removed)
}

fn is_skipped(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied
    )
}

/// Whether a file of this name is a temporary one whose process has ended.
fn is_left(name: &str) -> bool {
    let Some(name) = name
        .strip_prefix(PREFIX)
        .and_then(|name| name.strip_suffix(SUFFIX))
    else {
        return false;
    };
    match name.split_once('-').map(|(process, _)| process.parse()) {
        Some(Ok(process)) => !is_running(process),
        // Earlier versions did not write the process into the name.
        Some(Err(_)) | None => true,
    }
}

/// Whether the process that wrote the file still has it open.
fn is_locked(path: &Path) -> bool {
    fs_err::File::open(path).is_ok_and(|file| {
        matches!(
            file.file().try_lock(),
            Err(std::fs::TryLockError::WouldBlock)
        )
    })
}

#[cfg(unix)]
fn is_running(process: u32) -> bool {
    let Some(process) = i32::try_from(process)
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    else {
        return false;
    };
    // Not being allowed to signal it means that it is running.
    rustix::process::test_kill_process(process) != Err(rustix::io::Errno::SRCH)
}

/// The lock alone decides.
#[cfg(not(unix))]
fn is_running(process: u32) -> bool {
    process == std::process::id()
}

#[cfg(test)]
mod tests {
    use super::{is_left, prefix, remove};

    #[tokio::test]
    async fn apply_leftovers_of_dead_processes_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("audit01");
        fs_err::create_dir(&below).unwrap();
        let mut child = tokio::process::Command::new("true").spawn().unwrap();
        let ended = child.id().unwrap();
        child.wait().await.unwrap();
        let dead = below.join(format!(".steersman-{ended}-aB3.tmp"));
        let earlier = folder.path().join(".steersman-aB3xYz.tmp");
        let mine = below.join(format!("{}aB3.tmp", prefix()));
        let other = below.join("issuer");
        let locked = below.join(format!(".steersman-{ended}-aB4.tmp"));
        for file in [&dead, &earlier, &mine, &other, &locked] {
            fs_err::write(file, "").unwrap();
        }
        let lock = fs_err::File::open(&locked).unwrap();
        lock.file().try_lock().unwrap();
        assert_eq!(remove(folder.path()).unwrap(), 2);
        assert!(!dead.exists() && !earlier.exists());
        assert!(mine.exists() && other.exists() && locked.exists());
        assert_eq!(remove(&folder.path().join("absent")).unwrap(), 0);
        assert!(!is_left("issuer") && !is_left(".steersman-1-x"));
    }
}
