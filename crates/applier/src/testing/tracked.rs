//! Tests of what Git tracks.

use super::super::git_index::{Listed, lists, ones};
use super::{Tracked, by_git};
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
    index.extend(vec![0; hash]);
    index
}

/// An index without entries of its own, based on another one without those of the bitmap.
fn split(hash: usize, name: u8, bitmap: &[u8]) -> Vec<u8> {
    let mut index = index(2, hash, &[]);
    index.truncate(12);
    index.extend(b"link");
    let length = u32::try_from(hash + bitmap.len()).unwrap();
    index.extend(length.to_be_bytes());
    index.extend(vec![name; hash]);
    index.extend(bitmap);
    index.extend(vec![0; hash]);
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
                let listed = lists(&index, name.as_bytes(), |_| None);
                assert_eq!(listed, Listed::Yes, "{version} {hash} {name}");
            }
            for name in ["journal.jsonl", ".steersman", "a", ""] {
                let listed = lists(&index, name.as_bytes(), |_| None);
                assert_eq!(listed, Listed::No, "{version} {hash} {name}");
            }
            for length in 0..index.len() {
                let listed = lists(&index[..length], b"x", |_| None);
                assert_eq!(listed, Listed::Unreadable, "cut at {length}");
            }
        }
    }
}

#[test]
fn security_m1_a_split_index_is_read_with_its_base() {
    let path = b".steersman/journal.jsonl";
    // Two bits: a marker for one literal word, and the word.
    let mut second = Vec::new();
    for number in [2_u32, 2] {
        second.extend(number.to_be_bytes());
    }
    second.extend((1_u64 << 33).to_be_bytes());
    second.extend(0b10_u64.to_be_bytes());
    for hash in [20, 32] {
        let base = index(2, hash, &["a", ".steersman/journal.jsonl"]);
        let name = format!("sharedindex.{}", "07".repeat(hash));
        let beside = |asked: &str| (asked == name).then(|| base.clone());
        for (what, bitmap, expected) in [
            ("in the base", &[][..], Listed::Yes),
            ("deleted since", &second, Listed::No),
            ("cut", &second[..20], Listed::Unreadable),
        ] {
            let index = split(hash, 7, bitmap);
            assert_eq!(lists(&index, path, beside), expected, "{hash} {what}");
        }
        let index = split(hash, 7, &[]);
        assert_eq!(
            lists(&index, path, |_| None),
            Listed::Unreadable,
            "without a base"
        );
        let index = split(hash, 0, &[]);
        assert_eq!(lists(&index, path, |_| None), Listed::No, "based on none");
    }
}

/// A compressed bitmap of so many bits.
fn bitmap(length: u32, words: &[u64]) -> Vec<u8> {
    let count = u32::try_from(words.len()).unwrap();
    let numbers = [length, count].into_iter().flat_map(u32::to_be_bytes);
    let words = words.iter().copied().flat_map(u64::to_be_bytes);
    // It ends with the place of the last marker.
    numbers.chain(words).chain([0; 4]).collect()
}

#[test]
fn each_bit_of_a_compressed_bitmap_is_read() {
    /// A word that says how many words of this bit follow, and how many literal ones.
    const fn marker(bit: u64, run: u64, literals: u64) -> u64 {
        bit | run << 1 | literals << 33
    }
    let table: [(&str, Vec<u8>, &[usize]); 12] = [
        ("no bits", bitmap(0, &[]), &[]),
        ("a literal", bitmap(200, &[marker(0, 0, 1), 0b101]), &[0, 2]),
        (
            "zeros, then a literal",
            bitmap(200, &[marker(0, 1, 1), 1 << 3]),
            &[67],
        ),
        (
            "two literals",
            bitmap(200, &[marker(0, 0, 2), 1, 1 << 63]),
            &[0, 127],
        ),
        (
            "two markers",
            bitmap(200, &[marker(0, 1, 1), 2, marker(0, 0, 1), 4]),
            &[65, 130],
        ),
        (
            "a word of ones, then a literal",
            bitmap(65, &[marker(1, 1, 1), 1]),
            &ALL[..65],
        ),
        (
            "words of ones",
            bitmap(128, &[marker(1, 2, 0)]),
            &ALL[..128],
        ),
        ("ones to the end", bitmap(200, &[marker(1, 4, 0)]), &ALL),
        (
            "a run cut by the length",
            bitmap(10, &[marker(1, 1, 0)]),
            &ALL[..10],
        ),
        (
            "a literal cut by the length",
            bitmap(3, &[marker(0, 0, 1), u64::MAX]),
            &ALL[..3],
        ),
        (
            "as many as may be",
            bitmap(100_000_000, &[marker(0, 0, 1), 2]),
            &[1],
        ),
        (
            "words after those that count",
            [
                &1_u32.to_be_bytes()[..],
                &0_u32.to_be_bytes(),
                &marker(1, 1, 0).to_be_bytes(),
            ]
            .concat(),
            &[],
        ),
    ];
    for (what, bitmap, expected) in table {
        let bits = ones(&bitmap).unwrap();
        let found: Vec<usize> = (0..bits.len()).filter(|at| bits[*at]).collect();
        assert_eq!(found, expected, "{what}");
    }
    let too_many = bitmap(100_000_001, &[marker(0, 0, 1), 2]);
    assert_eq!(ones(&too_many), None);
    // A word is missing.
    assert_eq!(ones(&bitmap(200, &[marker(0, 0, 2), 1])), None);
}

/// The numbers of 200 bits.
const ALL: [usize; 200] = {
    let mut all = [0; 200];
    let mut at = 0;
    while at < all.len() {
        all[at] = at;
        at += 1;
    }
    all
};

#[test]
fn security_m1_a_folder_that_is_not_checked_out_has_its_files() {
    let index = index(3, 20, &[".steersman/"]);
    let listed = |path: &[u8]| lists(&index, path, |_| None);
    assert_eq!(listed(b".steersman/journal.jsonl"), Listed::Yes);
    assert_eq!(listed(b".steersman-journal.jsonl"), Listed::No);
}

#[test]
fn security_m1_the_repository_around_a_file_counts() {
    let is_tracked = |path: &Path| by_git(path) == Tracked::Yes;
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
    // What cannot be read is not taken for an answer.
    fs_err::write(folder.path().join("elsewhere/index"), "DIRC").unwrap();
    assert!(matches!(by_git(&journal), Tracked::Unknown { .. }));
}

#[cfg(unix)]
#[expect(
    clippy::disallowed_methods,
    reason = "there is no runtime here to block"
)]
#[test]
fn security_f5_a_repository_of_another_kind_is_not_waited_for() {
    use fs_err::os::unix::fs::symlink;
    type Prepare<'a> = &'a dyn Fn(&Path);
    let pipe = |path: &Path| {
        let made = std::process::Command::new("mkfifo").arg(path).status();
        assert!(made.unwrap().success());
    };
    let table: [(Prepare<'_>, bool); 7] = [
        (&|top| pipe(&top.join(".git")), true),
        (&|top| symlink("/dev/zero", top.join(".git")).unwrap(), true),
        (&|top| symlink("/nowhere", top.join(".git")).unwrap(), false),
        (
            &|top| fs_err::write(top.join(".git"), "no repository").unwrap(),
            true,
        ),
        (&|top| fs_err::create_dir(top.join(".git")).unwrap(), false),
        (
            &|top| {
                fs_err::create_dir(top.join(".git")).unwrap();
                pipe(&top.join(".git/index"));
            },
            true,
        ),
        (
            &|top| {
                fs_err::write(top.join(".git"), "gitdir: other\n").unwrap();
                fs_err::create_dir(top.join("other")).unwrap();
                symlink("/dev/zero", top.join("other/index")).unwrap();
            },
            true,
        ),
    ];
    for (number, (prepare, is_unknown)) in table.into_iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path());
        fs_err::create_dir(folder.path().join("a")).unwrap();
        let tracked = by_git(&folder.path().join("a/journal.jsonl"));
        match tracked {
            Tracked::Unknown { .. } => assert!(is_unknown, "{number}"),
            Tracked::No => assert!(!is_unknown, "{number}"),
            Tracked::Yes => panic!("{number}"),
        }
    }
}

/// Git writes a split index itself: what it lists is in the file beside it.
#[expect(
    clippy::disallowed_methods,
    reason = "there is no runtime here to block"
)]
#[test]
fn the_index_beside_a_split_one_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let git = |words: &[&str]| {
        let mut git = std::process::Command::new("git");
        let git = git.args(words).current_dir(folder.path());
        git.output().is_ok_and(|output| output.status.success())
    };
    if !git(&["init", "-q"]) {
        eprintln!("skipped: there is no git");
        return;
    }
    fs_err::write(folder.path().join("journal.jsonl"), "{}\n").unwrap();
    assert!(git(&["add", "journal.jsonl"]));
    assert!(git(&["update-index", "--split-index"]));
    for (name, expected) in [("journal.jsonl", Tracked::Yes), ("other", Tracked::No)] {
        assert_eq!(by_git(&folder.path().join(name)), expected, "{name}");
    }
}

/// A path without a folder is in the folder that the program runs in.
#[test]
fn a_name_alone_is_looked_for_where_the_program_runs() {
    let name = Path::new("Cargo.toml");
    let whole = fs_err::canonicalize(name).unwrap();
    assert_eq!(by_git(name), by_git(&whole));
}

/// A repository of another user is believed where the folder or the file is that user's.
#[cfg(unix)]
#[test]
fn a_repository_is_believed_by_the_owner_of_the_folder_or_of_the_file() {
    const OTHER: u32 = 12_345;
    for (of_folder, of_file, expected) in [
        (true, false, Tracked::Yes),
        (false, true, Tracked::Yes),
        (false, false, Tracked::No),
    ] {
        let top = tempfile::tempdir().unwrap();
        let (git, folder) = (top.path().join(".git"), top.path().join("a"));
        let file = folder.join("journal.jsonl");
        fs_err::create_dir(&git).unwrap();
        fs_err::create_dir(&folder).unwrap();
        fs_err::write(git.join("index"), index(2, 20, &["a/journal.jsonl"])).unwrap();
        fs_err::write(&file, "").unwrap();
        let give = |path: &Path, is_given: bool| {
            !is_given || std::os::unix::fs::chown(path, Some(OTHER), None).is_ok()
        };
        if !(give(&git, true) && give(&folder, of_folder) && give(&file, of_file)) {
            eprintln!("skipped: only root can give a file to another user");
            return;
        }
        assert_eq!(by_git(&file), expected, "{of_folder} {of_file}");
    }
}
