//! A tenant on disk: what is logged, compacted, torn or damaged.

use std::io::Write as _;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use super::{StateFile, Store};
use crate::config::Durability;
use crate::errors::{LogProblem, StateFileError};
use crate::tenant::{Tenant, TokenRequest};

fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(folder.path().join("deep/state.json")).unwrap();
    (folder, path)
}

fn new_tenant() -> Tenant {
    Tenant::new("2026-01-01T00:00:00Z".parse().unwrap())
}

/// A store of a tenant that is saved.
fn begun(path: &Utf8Path, tenant: &mut Tenant) -> Store {
    let store = Store::new(StateFile::open(path).unwrap(), Durability::Synced);
    store.write_whole(tenant).unwrap();
    tenant.forget_changes();
    store
}

/// Creates a token and writes the change; the name has this many characters.
fn step(tenant: &mut Tenant, store: &Store, name: &str) -> Result<(), StateFileError> {
    let request = TokenRequest {
        name: name.to_owned(),
        ..TokenRequest::default()
    };
    let minted = tenant
        .mint_personal_access_token_as_owner("jane.doe", request)
        .unwrap();
    if !name.starts_with("keep") {
        tenant.revoke_token_out_of_band(&minted.id).unwrap();
    }
    let change = tenant.take_change();
    let position = change.position;
    store.note(change);
    store.write(position)
}

fn loaded(path: &Utf8Path) -> Result<Tenant, StateFileError> {
    let file = StateFile::open(path)?;
    Ok(file.load()?.unwrap().tenant)
}

/// What a process that was killed leaves.
fn killed(store: &Store) {
    store.let_go();
}

fn same(mut left: Tenant, right: &mut Tenant) -> bool {
    (left.generation, right.generation) = (0, 0);
    left == *right
}

#[test]
fn what_is_written_survives_and_a_torn_end_is_left_out() {
    let (_folder, path) = folder();
    let mut tenant = new_tenant();
    let store = begun(&path, &mut tenant);
    step(&mut tenant, &store, "keep a").unwrap();
    step(&mut tenant, &store, "keep b").unwrap();
    killed(&store);
    let log = Utf8PathBuf::from(format!("{path}.log"));
    assert!(same(loaded(&path).unwrap(), &mut tenant));
    let whole = fs::read(&log).unwrap();
    fs::write(&log, &whole[..whole.len() - 10]).unwrap();
    assert_eq!(loaded(&path).unwrap().position, tenant.position - 1);
    // A line of which the middle is wrong, and with whole ones after it.
    let mut damaged = whole.clone();
    let middle = whole.iter().position(|byte| *byte == b'\n').unwrap() + 40;
    damaged[middle] ^= 1;
    fs::write(&log, damaged).unwrap();
    assert!(matches!(
        loaded(&path),
        Err(StateFileError::Log {
            problem: LogProblem::Damaged { line: 2 },
            ..
        })
    ));
}

#[test]
fn a_log_that_does_not_go_with_its_state_is_refused() {
    let (_folder, path) = folder();
    let mut tenant = new_tenant();
    let store = begun(&path, &mut tenant);
    step(&mut tenant, &store, "keep a").unwrap();
    let older = fs::read(&path).unwrap();
    store.write_whole(&tenant).unwrap();
    step(&mut tenant, &store, "keep b").unwrap();
    killed(&store);
    fs::write(&path, older).unwrap();
    let problem = || match loaded(&path) {
        Err(StateFileError::Log { problem, .. }) => Some(problem),
        _ => None,
    };
    assert_eq!(problem(), Some(LogProblem::Gap { line: 1 }));
    let other = Tenant::seeded("2026-01-01T00:00:00Z".parse().unwrap(), "other", 2);
    fs::write(&path, serde_json::to_vec(&other).unwrap()).unwrap();
    assert_eq!(problem(), Some(LogProblem::OtherTenant));
    fs::remove_file(&path).unwrap();
    assert_eq!(problem(), Some(LogProblem::NoState));
}

#[test]
fn a_log_that_is_in_the_state_already_changes_nothing() {
    let (_folder, path) = folder();
    let mut tenant = new_tenant();
    let store = begun(&path, &mut tenant);
    step(&mut tenant, &store, "keep a").unwrap();
    // The process ends between replacing the state and removing the log.
    let log = fs::read(format!("{path}.log")).unwrap();
    store.write_whole(&tenant).unwrap();
    killed(&store);
    fs::write(format!("{path}.log.old"), log).unwrap();
    assert!(same(loaded(&path).unwrap(), &mut tenant));
}

#[test]
fn a_log_that_grows_is_compacted_while_it_goes_on() {
    let (_folder, path) = folder();
    let mut tenant = new_tenant();
    let store = begun(&path, &mut tenant);
    let before = fs::metadata(&path).unwrap().len();
    // Audit events name what was done to whom, so long names make long changes.
    for number in 0..30 {
        tenant
            .put_account_out_of_band("Active Directory", account(number))
            .unwrap();
        let change = tenant.take_change();
        let position = change.position;
        store.note(change);
        store.write(position).unwrap();
    }
    killed(&store);
    let log = fs::metadata(format!("{path}.log")).map_or(0, |found| found.len());
    assert!(log < 6 << 20, "{log}");
    assert!(fs::metadata(&path).unwrap().len() > before + (4 << 20));
    assert!(!fs::exists(format!("{path}.log.old")).unwrap());
    assert!(same(loaded(&path).unwrap(), &mut tenant));
}

/// An account of some 300 KB.
fn account(number: usize) -> serde_json::Map<String, serde_json::Value> {
    let mut attributes = serde_json::Map::new();
    for name in ["sAMAccountName", "distinguishedName", "objectGUID"] {
        attributes.insert(name.into(), format!("{name}{number}").into());
    }
    attributes.insert("description".into(), "x".repeat(300_000).into());
    attributes
}

#[test]
fn d5_a_log_that_is_gone_is_noticed_and_a_whole_state_mends_it() {
    let (_folder, path) = folder();
    let mut tenant = new_tenant();
    let store = begun(&path, &mut tenant);
    step(&mut tenant, &store, "keep a").unwrap();
    fs::remove_file(format!("{path}.log")).unwrap();
    assert!(step(&mut tenant, &store, "keep b").is_err());
    assert!(store.is_failing() && store.needs_whole());
    assert!(store.write(u64::MAX).is_err());
    store.write_whole(&tenant).unwrap();
    step(&mut tenant, &store, "keep c").unwrap();
    killed(&store);
    assert!(same(loaded(&path).unwrap(), &mut tenant));
}

/// A log without its state is of no use: what it had was answered, and lost with the process.
#[cfg(unix)]
#[test]
fn others_a_state_file_that_is_removed_is_written_again() {
    let (_folder, path) = folder();
    let mut tenant = new_tenant();
    let store = begun(&path, &mut tenant);
    step(&mut tenant, &store, "keep a").unwrap();
    fs::remove_file(&path).unwrap();
    let error = step(&mut tenant, &store, "keep b").unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("moved, removed, replaced"), "{cause}");
    assert!(store.needs_whole());
    store.write_whole(&tenant).unwrap();
    step(&mut tenant, &store, "keep c").unwrap();
    killed(&store);
    assert!(same(loaded(&path).unwrap(), &mut tenant));
}

#[cfg(unix)]
#[test]
fn others_what_replaces_a_state_file_is_not_overwritten() {
    // As by `mv` and by `cp`.
    for is_moved in [true, false] {
        let (_folder, path) = folder();
        let mut tenant = new_tenant();
        let store = begun(&path, &mut tenant);
        step(&mut tenant, &store, "keep a").unwrap();
        let other = Utf8PathBuf::from(format!("{path}.other"));
        fs::write(&other, "theirs").unwrap();
        if is_moved {
            fs::rename(&other, &path).unwrap();
        } else {
            fs::copy(&other, &path).unwrap();
        }
        assert!(step(&mut tenant, &store, "keep b").is_err(), "{is_moved}");
        let error = store.write_whole(&tenant).unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("not overwritten"), "{cause}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
        // Once it is out of the way, nothing is lost.
        fs::rename(&path, &other).unwrap();
        store.write_whole(&tenant).unwrap();
        step(&mut tenant, &store, "keep c").unwrap();
        killed(&store);
        assert!(same(loaded(&path).unwrap(), &mut tenant));
    }
}

#[cfg(unix)]
#[test]
fn d5_nothing_beside_the_state_is_followed() {
    let (folder, path) = folder();
    let victim = folder.path().join("victim");
    drop(StateFile::open(&path).unwrap());
    fs::File::create(&victim)
        .unwrap()
        .write_all(b"mine")
        .unwrap();
    for name in ["log", "log.old"] {
        let link = format!("{path}.{name}");
        std::os::unix::fs::symlink(&victim, &link).unwrap();
        assert!(matches!(
            StateFile::open(&path).unwrap().load(),
            Err(StateFileError::Log {
                problem: LogProblem::NoFile,
                ..
            })
        ));
        fs::remove_file(&link).unwrap();
    }
    assert_eq!(fs::read(&victim).unwrap(), b"mine");
}

#[test]
fn a_state_file_is_for_one_at_a_time() {
    let (_folder, path) = folder();
    let held = StateFile::open(&path).unwrap();
    match StateFile::open(&path) {
        Err(StateFileError::InUse { holder, .. }) => {
            assert_eq!(holder, Some(std::process::id()));
        }
        other => panic!("{other:?}"),
    }
    drop(held);
    StateFile::open(&path).unwrap();
    assert!(!path.with_file_name("state.json.lock").exists());
}

/// F6: an emptied log was taken for one without changes.
#[test]
fn f6_a_log_that_is_emptied_or_missing_is_missed() {
    let (_folder, path) = folder();
    let log = Utf8PathBuf::from(format!("{path}.log"));
    let lost = |path: &Utf8Path| {
        matches!(
            loaded(path),
            Err(StateFileError::Log {
                problem: LogProblem::Lost,
                ..
            })
        )
    };
    let mut tenant = new_tenant();
    let store = begun(&path, &mut tenant);
    step(&mut tenant, &store, "keep a").unwrap();
    killed(&store);
    let whole = fs::read(&log).unwrap();
    let first_line = whole.iter().position(|byte| *byte == b'\n').unwrap();
    for kept in [0, first_line / 2] {
        fs::write(&log, &whole[..kept]).unwrap();
        assert!(lost(&path), "{kept}");
    }
    fs::remove_file(&log).unwrap();
    assert!(lost(&path));
    fs::write(&log, &whole).unwrap();
    assert!(same(loaded(&path).unwrap(), &mut tenant));
    // Where it goes on from a file that is whole, and after a log was compacted, it is the same.
    let mut file = StateFile::open(&path).unwrap();
    let size = file.save(&tenant, false).unwrap();
    let store = Store::new(file, Durability::Synced);
    store.adopt(&tenant, size);
    step(&mut tenant, &store, "keep b").unwrap();
    killed(&store);
    fs::remove_file(&log).unwrap();
    assert!(lost(&path));
    // A regular end leaves none, and misses none.
    let text = fs::read(&path).unwrap();
    fs::write(&path, text.strip_suffix(b" ").unwrap()).unwrap();
    assert!(loaded(&path).is_ok());
}

/// F6: a hard link let a second process use the file.
#[cfg(unix)]
#[test]
fn f6_a_file_with_two_names_is_for_one_at_a_time() {
    let (_folder, path) = folder();
    let other = path.with_file_name("other.json");
    let mut tenant = new_tenant();
    let store = begun(&path, &mut tenant);
    fs::hard_link(&path, &other).unwrap();
    assert!(matches!(
        StateFile::open(&other),
        Err(StateFileError::InUse { .. })
    ));
    assert!(!fs::exists(format!("{other}.lock")).unwrap());
    // What is written whole is another file, which the other name does not have.
    store.write_whole(&tenant).unwrap();
    StateFile::open(&other).unwrap();
    store.let_go();
    StateFile::open(&path).unwrap();
}

/// F10: with the lock removed, a second process used the file, and each wrote over the other.
#[test]
fn f10_a_lock_that_is_removed_lets_no_second_process_in() {
    let (_folder, path) = folder();
    let lock = Utf8PathBuf::from(format!("{path}.lock"));
    let mut tenant = new_tenant();
    let store = begun(&path, &mut tenant);
    fs::remove_file(&lock).unwrap();
    #[cfg(unix)]
    assert!(matches!(
        StateFile::open(&path),
        Err(StateFileError::InUse { .. })
    ));
    // It is made again with the next change, which is written.
    step(&mut tenant, &store, "keep a").unwrap();
    assert!(lock.exists());
    // One that another process has made is not touched, and nothing is written any more.
    fs::remove_file(&lock).unwrap();
    fs::write(&lock, "1").unwrap();
    for result in [
        step(&mut tenant, &store, "keep b"),
        store.write_whole(&tenant),
    ] {
        assert!(matches!(result, Err(StateFileError::LockTaken { .. })));
    }
    store.let_go();
    assert_eq!(fs::read_to_string(&lock).unwrap(), "1");
}

#[test]
fn what_is_saved_is_loaded_and_private() {
    let (_folder, path) = folder();
    super::with_state_file(&path, |tenant| {
        tenant.set_levels_out_of_band("svc-backup", vec!["REPORT_ADMIN".into()])
    })
    .unwrap();
    let file = StateFile::open(&path).unwrap();
    let tenant = file.load().unwrap().unwrap().tenant;
    assert!(tenant.find_person("svc-backup").is_ok());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

#[test]
fn what_is_no_state_is_refused() {
    let (_folder, path) = folder();
    let file = StateFile::open(&path).unwrap();
    fs::write(&path, "{\"what\": 1}").unwrap();
    assert!(matches!(file.load(), Err(StateFileError::Format { .. })));
    fs::write(&path, "{\"format_version\": 0}").unwrap();
    assert!(matches!(
        file.load(),
        Err(StateFileError::Version { found: 0, .. })
    ));
}
