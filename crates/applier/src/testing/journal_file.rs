//! Tests of the journal file itself: its end, its lock, its mode, and what an intent is for.

use super::{Log, check, existing};
use crate::journal::tracked::tests::index;
use crate::journal::{Conclusion, InviteIntent, Journal, JournalError, MintIntent};
use camino::{Utf8Path, Utf8PathBuf};
use jiff::{SignedDuration, Timestamp};
use model::{Address, LiveToken, StoreKey};
use tempfile::TempDir;

const TENANT: &str = "https://acme.api.identitynow.com";

fn place() -> (TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    (folder, path.try_into().unwrap())
}

fn mint(token: &str) -> (Address, MintIntent) {
    let intent = MintIntent {
        owner: "2c91".into(),
        token: token.into(),
        deliver: StoreKey {
            store: "local".into(),
            key: format!("audit01/{token}"),
        },
        target: None,
        since: Some(since()),
        declared: None,
    };
    (Address::Token("SA-001".into(), token.into()), intent)
}

fn since() -> Timestamp {
    Timestamp::constant(1_767_225_600, 0)
}

fn length(path: &Utf8Path) -> u64 {
    fs_err::metadata(path).unwrap().len()
}

#[test]
fn an_intent_is_for_one_token_of_one_owner() {
    let (_, intent) = mint("report");
    let (_, other_token) = mint("other");
    let mut other_owner = intent.clone();
    other_owner.owner = "2c92".into();
    let mut other_place = intent.clone();
    other_place.deliver.key = "elsewhere".to_owned();
    other_place.since = None;
    for (other, is_same) in [
        (&other_place, true),
        (&other_token, false),
        (&other_owner, false),
    ] {
        assert_eq!(intent.is_for_token_of(other), is_same, "{other:?}");
    }
}

#[test]
fn a_token_that_was_there_a_minute_before_the_intent_is_anothers() {
    let (_, intent) = mint("report");
    for (seconds, may_be) in [(0, true), (-59, true), (-60, false), (-61, false)] {
        let token = LiveToken {
            id: "pat".into(),
            name: "report".into(),
            owner: "2c91".into(),
            scopes: [].into(),
            created: since() + SignedDuration::from_secs(seconds),
            expires: None,
            last_used: None,
            access_token_validity: None,
            managed: false,
        };
        assert_eq!(intent.may_have_minted(&token), may_be, "{seconds}");
        let without = MintIntent {
            target: None,
            since: None,
            declared: None,
            ..intent.clone()
        };
        assert!(!without.may_have_minted(&token), "{seconds}");
    }
}

/// What was cut off is gone from the file, however long it was, and the log knows where
/// its lines end.
#[test]
fn nothing_of_a_cut_line_is_left() {
    let (_folder, path) = place();
    let (address, mut intent) = mint("report");
    Log::open(&path, TENANT)
        .unwrap()
        .intend(&address, intent.clone())
        .unwrap();
    let whole = fs_err::read(&path).unwrap();
    intent.deliver.key = "k".repeat(4_000);
    Log::open(&path, TENANT)
        .unwrap()
        .intend(&address, intent)
        .unwrap();
    let long = fs_err::read(&path).unwrap();
    for (end, kept) in [
        (whole.len(), whole.len()),
        (whole.len() - 1, whole.len()),
        (long.len() - 2, long.len() - 1 - last_line(&long).len()),
        (long.len() - 1, long.len()),
    ] {
        fs_err::write(&path, &long[..end]).unwrap();
        let mut log = Log::open(&path, TENANT).unwrap();
        assert_eq!(
            (log.length, length(&path)),
            (kept as u64, kept as u64),
            "{end}"
        );
        let id = log.intend(&address, mint("report").1).unwrap();
        assert!(id.to_string().ends_with("#1"), "{id}");
        assert_eq!(log.length, length(&path), "{end}");
        log.conclude(id, &Conclusion::Done, None).unwrap();
        assert_eq!(log.length, length(&path), "{end}");
    }
}

fn last_line(text: &[u8]) -> &[u8] {
    let text = &text[..text.len() - 1];
    let begin = text.iter().rposition(|byte| *byte == b'\n').unwrap();
    &text[begin + 1..]
}

/// A program that is being started holds copies of all open files for a moment.
#[test]
fn a_journal_that_was_closed_is_free_even_while_a_copy_of_it_is_open() {
    let (_folder, path) = place();
    let log = Log::open(&path, TENANT).unwrap();
    let copy = log.file.file().try_clone().unwrap();
    assert!(matches!(
        Log::open(&path, TENANT),
        Err(JournalError::InUse { .. })
    ));
    drop(log);
    Log::open(&path, TENANT).unwrap();
    drop(copy);
}

#[cfg(unix)]
#[test]
fn only_a_mode_that_lets_others_in_is_changed() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = place();
    for (before, after) in [
        (0o644, 0o600),
        (0o620, 0o600),
        (0o601, 0o600),
        (0o600, 0o600),
        (0o700, 0o700),
    ] {
        fs_err::write(&path, "").unwrap();
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(before)).unwrap();
        Log::open(&path, TENANT).unwrap();
        let mode = fs_err::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, after, "{before:o}");
    }
}

#[test]
fn security_m1_a_journal_that_git_tracks_is_refused_by_writers_and_readers() {
    let (folder, path) = place();
    fs_err::create_dir(folder.path().join(".git")).unwrap();
    let git = folder.path().join(".git/index");
    for (name, is_tracked) in [("journal.jsonl", true), ("other.jsonl", false)] {
        fs_err::write(&path, "").unwrap();
        fs_err::write(&git, index(2, 20, &[name])).unwrap();
        let refused = [
            check(&path).err(),
            Journal::open(&path, TENANT).err(),
            Journal::peek(&path, TENANT).err(),
        ];
        for error in refused {
            assert_eq!(
                matches!(error, Some(JournalError::Tracked { .. })),
                is_tracked,
                "{name}: {error:?}"
            );
        }
    }
    // Without the file there is nothing that a commit could have forged.
    fs_err::write(&git, index(2, 20, &["journal.jsonl"])).unwrap();
    fs_err::remove_file(&path).unwrap();
    let earlier = Journal::peek(&path, TENANT).unwrap();
    assert_eq!((earlier.unfinished, earlier.raised), (vec![], vec![]));
}

#[test]
fn a_journal_that_cannot_be_read_is_not_an_empty_one() {
    let (_folder, path) = place();
    assert!(Journal::peek(&path, TENANT).unwrap().notices.is_empty());
    // It was there a moment ago.
    assert!(existing(&path).unwrap().is_none());
    fs_err::write(&path, "").unwrap();
    let below = path.join("journal.jsonl");
    let error = Journal::peek(&below, TENANT).unwrap_err();
    assert!(matches!(error, JournalError::Open { .. }), "{error:?}");
}

/// The file of a process's memory: its beginning can never be read.
#[cfg(target_os = "linux")]
#[test]
fn a_journal_that_fails_while_it_is_read_is_not_an_empty_one() {
    let error = Journal::peek(Utf8Path::new("/proc/self/mem"), TENANT).unwrap_err();
    assert!(matches!(error, JournalError::Open { .. }), "{error:?}");
}

/// The disk is full in the middle of a line: the lines before it stay, and the next
/// one does not follow half of one.
#[cfg(target_os = "linux")]
#[test]
fn a_line_that_cannot_be_written_leaves_the_lines_before_it() {
    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
    use std::io::{Read, Seek, SeekFrom};
    let (_folder, path) = place();
    let mut log = Log::open(&path, TENANT).unwrap();
    let memory = memfd_create("journal", MemfdFlags::ALLOW_SEALING).unwrap();
    let file = std::fs::File::from(memory);
    let mut reader = file.try_clone().unwrap();
    log.file = fs_err::File::from_parts(file, path.as_std_path());
    let (address, intent) = mint("first");
    log.intend(&address, intent.clone()).unwrap();
    let whole = reader.metadata().unwrap().len();
    // From now on it cannot grow.
    reader.set_len(whole + 40).unwrap();
    fcntl_add_seals(&reader, SealFlags::GROW).unwrap();
    let error = log.intend(&address, intent.clone()).unwrap_err();
    assert!(matches!(error, JournalError::Write(_)), "{error:?}");
    assert_eq!(reader.metadata().unwrap().len(), whole);
    let mut text = String::new();
    reader.seek(SeekFrom::Start(0)).unwrap();
    reader.read_to_string(&mut text).unwrap();
    assert!(text.ends_with('\n') && text.contains("first"), "{text}");
    // It is tried again, not given up.
    let again = log.intend(&address, intent).unwrap_err();
    assert!(matches!(again, JournalError::Write(_)), "{again:?}");
    assert!(!log.torn);
}

/// A line as long as may be is read; one byte more without an end would fill the memory.
#[test]
fn a_line_that_does_not_end_is_refused() {
    let (_folder, path) = place();
    let mut text = vec![b' '; (1 << 20) - 1];
    for (end, is_refused) in [(b'\n', false), (b' ', true)] {
        text.push(end);
        fs_err::write(&path, &text).unwrap();
        text.pop();
        let refused = matches!(
            Journal::peek(&path, TENANT),
            Err(JournalError::TooLarge { .. })
        );
        assert_eq!(refused, is_refused);
    }
}

/// Only an invitation that was sent counts as one.
#[test]
fn an_invitation_counts_when_it_was_sent() {
    for (conclusion, is_sent) in [
        (Conclusion::Done, true),
        (Conclusion::Failed("not accepted".to_owned()), false),
        (Conclusion::Superseded, false),
    ] {
        let (_folder, path) = place();
        let mut log = Log::open(&path, TENANT).unwrap();
        let address = Address::Account("SA-001".into());
        let intent = InviteIntent {
            identities: ["2c91".into()].into(),
            since: Some(since()),
        };
        let id = log.invite(&address, intent).unwrap();
        assert!(log.sent().is_empty());
        log.conclude(id, &conclusion, None).unwrap();
        assert_eq!(!log.sent().is_empty(), is_sent, "{conclusion:?}");
    }
}
