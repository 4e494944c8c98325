//! Folders of stores as the file system resolves them, so that one folder has one name.

use std::collections::{HashMap, VecDeque};
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// How many links a path may have on its way, as in Linux.
const LINKS: usize = 40;

/// Where these folders really are, without links and relative parts. Folders that are one
/// folder of the file system, by two names that no link explains, get one name too. Where
/// a folder does not exist yet, the part of its path that exists counts.
pub(crate) fn real(folders: &[&str]) -> Vec<String> {
    let mut seen = HashMap::new();
    folders
        .iter()
        .map(|folder| {
            let Ok(here) = fs_err::canonicalize(".") else {
                return (*folder).to_owned();
            };
            let path = resolved(here, Path::new(folder));
            let text = path.to_string_lossy().into_owned();
            match identity(&path) {
                Some(identity) => seen.entry(identity).or_insert(text).clone(),
                None => text,
            }
        })
        .collect()
}

/// The path from this folder, which has no links, without any.
fn resolved(here: PathBuf, path: &Path) -> PathBuf {
    let mut links = 0;
    let mut whole = here;
    let mut left: VecDeque<OsString> = parts(path);
    while let Some(part) = left.pop_front() {
        match Path::new(&part).components().next() {
            Some(Component::Normal(name)) => {
                let next = whole.join(name);
                match fs_err::read_link(&next) {
                    Ok(target) if links < LINKS => {
                        links += 1;
                        for part in parts(&target).into_iter().rev() {
                            left.push_front(part);
                        }
                    }
                    // It is no link, or it does not exist.
                    Ok(_) | Err(_) => whole = next,
                }
            }
            Some(Component::ParentDir) => {
                whole.pop();
            }
            Some(root @ (Component::RootDir | Component::Prefix(_))) => whole.push(root),
            Some(Component::CurDir) | None => {}
        }
    }
    whole
}

fn parts(path: &Path) -> VecDeque<OsString> {
    path.components()
        .map(|component| component.as_os_str().to_owned())
        .collect()
}

/// Device and number of a folder that exists.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs_err::metadata(path).ok()?;
    metadata.is_dir().then(|| (metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Path) -> Option<(u64, u64)> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_name_however_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let top = fs_err::canonicalize(folder.path()).unwrap();
        fs_err::create_dir(top.join("secrets")).unwrap();
        let link = |target: &str, name: &str| {
            fs_err::os::unix::fs::symlink(target, top.join(name)).unwrap();
        };
        link("secrets", "to-secrets");
        link("/", "to-root");
        link("later", "to-later");
        link("circle", "circle");
        let under_root = top.strip_prefix("/").unwrap().display().to_string();
        let through_root = format!("to-root/{under_root}/secrets");
        for (path, expected) in [
            ("secrets", "secrets"),
            ("./secrets/", "secrets"),
            ("x/../secrets", "secrets"),
            ("to-secrets", "secrets"),
            ("to-secrets/../secrets", "secrets"),
            ("to-secrets/not-yet", "secrets/not-yet"),
            ("to-later/x", "later/x"),
            (through_root.as_str(), "secrets"),
            ("not/yet/../there", "not/there"),
            ("circle", "circle"),
        ] {
            assert_eq!(
                resolved(top.clone(), Path::new(path)),
                top.join(expected),
                "{path}"
            );
        }
        let absolute = top.join("secrets");
        assert_eq!(resolved("/".into(), &absolute), absolute);
    }

    #[test]
    fn relative_and_absolute_folders_are_compared() {
        let here = fs_err::canonicalize(".").unwrap();
        let absolute = here.join("no-such-folder").display().to_string();
        let found = real(&["no-such-folder", &absolute, ".", "./src/.."]);
        assert_eq!(found[0], found[1]);
        assert_eq!(found[2], found[3]);
    }
}
