//! Reads which Git commit is checked out where a spec is, without running Git.

use applier::is_believed;
use camino::Utf8Path;
use render::apply_report::Commit;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

/// The commit that is checked out in the repository around a file or folder.
pub(crate) fn of(path: &Utf8Path) -> Commit {
    let Ok(real) = fs_err::canonicalize(path) else {
        return Commit::None;
    };
    for root in real.ancestors() {
        let git = root.join(".git");
        let is_missing = fs_err::metadata(&git).is_err_and(|it| it.kind() == ErrorKind::NotFound);
        // Another user can put one above, and Git believes it no more.
        if is_missing || !is_believed(&git, &real) {
            continue;
        }
        return match head(root, &git) {
            Ok(Some(id)) => Commit::Known { id },
            Ok(None) => Commit::Unknown {
                why: "the repository has no commit at its HEAD".to_owned(),
            },
            Err(error) => Commit::Unknown {
                why: error.to_string(),
            },
        };
    }
    Commit::None
}

/// The commit of HEAD; none where its branch has none.
fn head(root: &Path, git: &Path) -> io::Result<Option<String>> {
    /// A branch can name another, and so on in a circle.
    const MOST_NAMES: usize = 5;
    let folder = folder(root, git)?;
    let mut text = read(&folder.join("HEAD"))?;
    // Work trees share the branches of their repository.
    let shared = match read(&folder.join("commondir")) {
        Ok(shared) => folder.join(shared.trim()),
        Err(error) if error.kind() == ErrorKind::NotFound => folder.clone(),
        Err(error) => return Err(error),
    };
    for _ in 0..MOST_NAMES {
        let Some(name) = text.trim().strip_prefix("ref:").map(str::trim) else {
            return id(&text).map(Some);
        };
        if !is_reference(name) {
            return Err(io::Error::other("HEAD names no branch"));
        }
        let own = read(&folder.join(name));
        let found = match own {
            Err(error) if error.kind() == ErrorKind::NotFound => read(&shared.join(name)),
            own => own,
        };
        text = match found {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return packed(&shared.join("packed-refs"), name);
            }
            Err(error) => return Err(error),
        };
    }
    Err(io::Error::other("HEAD leads from name to name"))
}

/// The folder of the repository whose work tree begins here.
fn folder(root: &Path, git: &Path) -> io::Result<PathBuf> {
    if fs_err::metadata(git)?.is_dir() {
        return Ok(git.to_owned());
    }
    let text = read(git)?;
    let folder = text
        .strip_prefix("gitdir:")
        .ok_or_else(|| io::Error::other(".git names no folder"))?;
    Ok(root.join(folder.trim()))
}

/// The commit of a branch in the file of those that have no file of their own.
fn packed(path: &Path, name: &str) -> io::Result<Option<String>> {
    let text = match read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(_, found)| *found == name)
        .map(|(found, _)| id(found))
        .transpose()
}

/// Whether a name stays below the folder of names.
fn is_reference(name: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part != "." && part != "..";
    name.starts_with("refs/") && name.split('/').all(is_part) && !name.contains(['\\', '\0'])
}

/// The id of a commit, by SHA-1 or SHA-256.
fn id(text: &str) -> io::Result<String> {
    let text = text.trim();
    let is_id = matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(io::Error::other("HEAD leads to what is no commit id"))
    }
}

/// The text of a regular file, up to 16 MiB. A pipe would wait for ever.
fn read(path: &Path) -> io::Result<String> {
    const MOST: u64 = 16 << 20;
    if !fs_err::metadata(path)?.is_file() {
        return Err(io::Error::other("a file of the repository is no file"));
    }
    let mut text = String::new();
    fs_err::File::open(path)?
        .take(MOST)
        .read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::of;
    use camino::Utf8Path;
    use render::apply_report::Commit;

    const ID: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn the_commit_is_found_as_git_finds_it() {
        for (files, expected) in [
            (vec![("HEAD", format!("{ID}\n"))], Some(ID)),
            (
                vec![
                    ("HEAD", "ref: refs/heads/main\n".to_owned()),
                    ("refs/heads/main", format!("{ID}\n")),
                ],
                Some(ID),
            ),
            (
                vec![
                    ("HEAD", "ref: refs/heads/main\n".to_owned()),
                    (
                        "packed-refs",
                        format!("# pack-refs\n{ID} refs/heads/main\n"),
                    ),
                ],
                Some(ID),
            ),
            // No commit yet, names that lead elsewhere or in a circle, no id.
            (vec![("HEAD", "ref: refs/heads/main\n".to_owned())], None),
            (vec![("HEAD", "ref: refs/../../secret\n".to_owned())], None),
            (
                vec![
                    ("HEAD", "ref: refs/heads/main\n".to_owned()),
                    ("refs/heads/main", "ref: refs/heads/main\n".to_owned()),
                ],
                None,
            ),
            (vec![("HEAD", "not an id\n".to_owned())], None),
            (vec![], None),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let git = folder.path().join(".git");
            fs_err::create_dir(&git).unwrap();
            for (name, text) in &files {
                let path = git.join(name);
                fs_err::create_dir_all(path.parent().unwrap()).unwrap();
                fs_err::write(path, text).unwrap();
            }
            let spec = folder.path().join("accounts");
            fs_err::create_dir(&spec).unwrap();
            let found = of(Utf8Path::from_path(&spec).unwrap());
            match expected {
                Some(id) => assert_eq!(found, Commit::Known { id: id.to_owned() }, "{files:?}"),
                None => assert!(
                    matches!(found, Commit::Unknown { .. }),
                    "{files:?}: {found:?}"
                ),
            }
        }
    }

    #[test]
    fn a_work_tree_shares_the_branches_of_its_repository() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs_err::create_dir_all(at("main/.git/worktrees/w")).unwrap();
        fs_err::create_dir_all(at("main/.git/refs/heads")).unwrap();
        fs_err::create_dir_all(at("w")).unwrap();
        let write = |path: &str, text: &str| fs_err::write(at(path), text).unwrap();
        write("w/.git", "gitdir: ../main/.git/worktrees/w\n");
        write("main/.git/worktrees/w/HEAD", "ref: refs/heads/topic\n");
        write("main/.git/worktrees/w/commondir", "../..\n");
        write("main/.git/refs/heads/topic", ID);
        let found = of(Utf8Path::from_path(&at("w")).unwrap());
        assert_eq!(found, Commit::Known { id: ID.to_owned() });
    }
}
