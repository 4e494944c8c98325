//! Whether Git tracks a file, read from Git's index without running Git.

use std::path::{Path, PathBuf};

/// Whether the index of the repository around a file lists the file. No repository,
/// and an index that cannot be read, list nothing.
pub(super) fn is_tracked(path: &Path) -> bool {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    let (Ok(folder), Some(name)) = (fs_err::canonicalize(folder), path.file_name()) else {
        // A folder that does not exist holds nothing.
        return false;
    };
    let path = folder.join(name);
    for root in folder.ancestors() {
        let Some(index) = index_of(root) else {
            continue;
        };
        // An inner repository hides the outer one from Git.
        let Ok(relative) = path.strip_prefix(root) else {
            return false;
        };
        let parts: Option<Vec<&str>> = relative.iter().map(|part| part.to_str()).collect();
        let Some(parts) = parts else { return false };
        return fs_err::read(index).is_ok_and(|index| lists(&index, parts.join("/").as_bytes()));
    }
    false
}

/// The index of the repository whose work tree begins at this folder.
fn index_of(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    let metadata = fs_err::metadata(&git).ok()?;
    if metadata.is_dir() {
        return Some(git.join("index"));
    }
    // Linked work trees and submodules have a file that names the folder.
    let text = fs_err::read_to_string(&git).ok()?;
    let folder = text.strip_prefix("gitdir:")?.trim();
    Some(root.join(folder).join("index"))
}

/// Whether an index lists a path. Its hashes have 20 or 32 bytes, and only the
/// repository's settings say which, so both are tried.
fn lists(index: &[u8], path: &[u8]) -> bool {
    [20, 32]
        .into_iter()
        .any(|hash| paths(index, hash).is_some_and(|paths| paths.iter().any(|found| found == path)))
}

/// All paths of an index; none where it does not have this form.
fn paths(index: &[u8], hash: usize) -> Option<Vec<Vec<u8>>> {
    let number = |at: usize| {
        let bytes = index.get(at..)?.first_chunk()?;
        usize::try_from(u32::from_be_bytes(*bytes)).ok()
    };
    if index.get(..4)? != b"DIRC" {
        return None;
    }
    let version = number(4)?;
    let mut paths: Vec<Vec<u8>> = Vec::new();
    let mut at = 12;
    for _ in 0..number(8)? {
        let begin = at;
        // Ten numbers about the file, its hash, and flags.
        at += 40 + hash;
        let flags = u16::from_be_bytes(*index.get(at..)?.first_chunk()?);
        at += 2;
        if flags & 0x4000 != 0 {
            if version < 3 {
                return None;
            }
            at += 2;
        }
        let mut path = Vec::new();
        if version == 4 {
            // The path shares its beginning with the one before.
            let cut = offset(index, &mut at)?;
            let before = paths.last().map_or(&[][..], Vec::as_slice);
            path.extend_from_slice(before.get(..before.len().checked_sub(cut)?)?);
        }
        let rest = index.get(at..)?;
        let length = rest.iter().position(|byte| *byte == 0)?;
        path.extend_from_slice(&rest[..length]);
        // The flags repeat the length, so that a wrong size of the hash is noticed.
        if path.len().min(0xfff) != usize::from(flags & 0xfff) {
            return None;
        }
        at += length + 1;
        if version < 4 {
            // Entries are padded to a multiple of eight bytes.
            at = begin + (at - begin).next_multiple_of(8);
        }
        paths.push(path);
    }
    Some(paths)
}

/// A number of variable length, as in Git's packs.
fn offset(index: &[u8], at: &mut usize) -> Option<usize> {
    let mut number = 0_usize;
    loop {
        let byte = *index.get(*at)?;
        *at += 1;
        number = number.checked_shl(7)? | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(number);
        }
        number = number.checked_add(1)?;
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{is_tracked, lists, paths};
    use std::path::Path;

    /// An index by the book: entries with these paths.
    pub(in crate::journal) fn index(version: u32, hash: usize, names: &[&str]) -> Vec<u8> {
        let mut index = b"DIRC".to_vec();
        index.extend(version.to_be_bytes());
        index.extend(u32::try_from(names.len()).unwrap().to_be_bytes());
        let mut before = "";
        for name in names {
            let begin = index.len();
            index.extend(vec![7; 40 + hash]);
            let extended = version > 2;
            let flags = u16::try_from(name.len()).unwrap() | if extended { 0x4000 } else { 0 };
            index.extend(flags.to_be_bytes());
            if extended {
                index.extend([0, 0]);
            }
            if version == 4 {
                let shared = before
                    .bytes()
                    .zip(name.bytes())
                    .take_while(|(left, right)| left == right)
                    .count();
                index.push(u8::try_from(before.len() - shared).unwrap());
                index.extend(name[shared..].bytes().chain([0]));
            } else {
                index.extend(name.bytes().chain([0]));
                index.resize(begin + (index.len() - begin).next_multiple_of(8), 0);
            }
            before = name;
        }
        index
    }

    #[test]
    fn security_m1_every_form_of_an_index_is_read() {
        let names = [
            ".steersman/journal.jsonl",
            "a/.steersman/journal.jsonl",
            "b",
        ];
        for version in [2, 3, 4] {
            for hash in [20, 32] {
                let index = index(version, hash, &names);
                for name in names {
                    assert!(lists(&index, name.as_bytes()), "{version} {hash} {name}");
                }
                for name in ["journal.jsonl", ".steersman", "a", ""] {
                    assert!(!lists(&index, name.as_bytes()), "{version} {hash} {name}");
                }
                for length in 0..index.len() - 8 {
                    assert!(paths(&index[..length], hash).is_none(), "cut at {length}");
                }
            }
        }
    }

    #[test]
    fn security_m1_the_repository_around_a_file_counts() {
        let folder = tempfile::tempdir().unwrap();
        let git = folder.path().join(".git");
        let inner = folder.path().join("inner/.steersman");
        fs_err::create_dir_all(&git).unwrap();
        fs_err::create_dir_all(&inner).unwrap();
        let journal = inner.join("journal.jsonl");
        assert!(!is_tracked(&journal), "a repository without an index");
        let names = ["inner/.steersman/journal.jsonl"];
        fs_err::write(git.join("index"), index(2, 20, &names)).unwrap();
        assert!(is_tracked(&journal));
        assert!(!is_tracked(&inner.join("other.jsonl")));
        assert!(!is_tracked(&folder.path().join("absent/journal.jsonl")));
        // A linked work tree has its index elsewhere.
        let tree = folder.path().join("inner");
        fs_err::write(tree.join(".git"), "gitdir: ../elsewhere\n").unwrap();
        assert!(!is_tracked(&journal));
        fs_err::create_dir(folder.path().join("elsewhere")).unwrap();
        let names = [".steersman/journal.jsonl"];
        fs_err::write(folder.path().join("elsewhere/index"), index(2, 20, &names)).unwrap();
        assert!(is_tracked(&journal));
        assert!(!is_tracked(Path::new("/")));
        // The name alone is a file of the current folder.
        let name = Path::new("Cargo.toml");
        let whole = fs_err::canonicalize(name).unwrap();
        assert_eq!(is_tracked(name), is_tracked(&whole));
    }
}
