//! Links on the way to what is written: whoever can commit one chooses where it leads.
//!
//! A repository can have a link in any part of a path, and no reviewer of a plan sees
//! where it leads. What lies outside of the working directory is the operator's.

use std::io;
use std::path::{Component, Path, PathBuf};

/// The first link on the way to a file or folder, itself included, as the path names it:
/// on any part of a relative path, and on the parts of an absolute one that are below the
/// working directory.
///
/// # Errors
/// A working directory that is gone.
pub fn link_on_the_way(path: &Path) -> io::Result<Option<PathBuf>> {
    Ok(link_below(&fs_err::canonicalize(".")?, path))
}

/// The same below a folder that is not checked itself. Its path must have no links where
/// the other path is absolute.
pub fn link_below(folder: &Path, path: &Path) -> Option<PathBuf> {
    let is_relative = !path.has_root();
    let mut whole = if is_relative {
        folder.to_owned()
    } else {
        PathBuf::new()
    };
    let mut named = PathBuf::new();
    for component in path.components() {
        named.push(component);
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            Component::RootDir | Component::Prefix(_) => whole.push(component),
            Component::Normal(name) => {
                whole.push(name);
                if !whole.is_symlink() {
                    continue;
                }
                // Below the root of all files is everything.
                let is_below = folder.parent().is_some() && whole.starts_with(folder);
                if is_relative || is_below {
                    return Some(named);
                }
                if let Ok(real) = fs_err::canonicalize(&whole) {
                    whole = real;
                }
            }
        }
    }
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::link_below;
    use std::path::Path;

    #[test]
    fn security_f6_a_link_is_found_on_every_part_below_the_folder() {
        let place = tempfile::tempdir().unwrap();
        let top = fs_err::canonicalize(place.path()).unwrap();
        fs_err::create_dir_all(top.join("home/real/deep")).unwrap();
        for (target, link) in [
            ("../outside", "home/.steersman"),
            ("real", "home/inside"),
            ("/nowhere", "home/real/file"),
            ("home", "to-home"),
            ("home/real", "to-real"),
        ] {
            fs_err::os::unix::fs::symlink(target, top.join(link)).unwrap();
        }
        let home = top.join("home");
        let absolute = |path: &str| top.join(path).display().to_string();
        for (path, link) in [
            ("real/deep/x", None),
            ("./real/../real/deep", None),
            ("not/there", None),
            (".", None),
            (".steersman/secrets", Some(".steersman")),
            ("./.steersman", Some("./.steersman")),
            ("real/../inside/deep/x", Some("real/../inside")),
            ("real/file", Some("real/file")),
            // A relative path is that of a file of the repository, also above the folder.
            ("../to-real/deep", Some("../to-real")),
            (&absolute("home/real/deep"), None),
            (
                &absolute("home/.steersman/x"),
                Some(&absolute("home/.steersman")),
            ),
            // Links outside are the operator's; what they lead to may not be.
            (&absolute("to-real/deep"), None),
            (&absolute("to-home/real/x"), None),
            (
                &absolute("to-home/inside/x"),
                Some(&absolute("to-home/inside")),
            ),
            ("/proc/self/fd/1", None),
        ] {
            let found = link_below(&home, Path::new(path));
            assert_eq!(found.as_deref(), link.map(Path::new), "{path}");
        }
        assert_eq!(
            link_below(Path::new("/"), Path::new(&absolute("to-real/x"))),
            None
        );
    }
}
