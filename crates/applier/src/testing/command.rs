//! Tests of command stores, with small shell scripts as programs.

use super::{CommandStore, fill};
use crate::stores::StoreError;
use crate::testing::documents::document;
use secrecy::ExposeSecret;
use std::ffi::OsStr;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const SECRET: &str = "s3cr3t \"0f\" audit01";

/// Where the programs of these tests are.
fn search_path() -> &'static OsStr {
    OsStr::new("/usr/bin:/bin")
}

/// A store of two scripts, which find a folder of their own as `$1` and the key
/// as `$2`.
fn store(put: &str, get: &str) -> (TempDir, CommandStore) {
    let folder = tempfile::tempdir().unwrap();
    let arguments = |script: &str| {
        let folder = folder.path().to_str().unwrap();
        ["sh", "-c", script, "store", folder, "{key}"].map(str::to_owned)
    };
    let store = CommandStore::new(&arguments(put), &arguments(get), search_path());
    (folder, store)
}

const KEEP: &str = r#"cat > "$1/$2""#;
const GIVE: &str = r#"if test -e "$1/$2"; then cat "$1/$2"; fi"#;

#[tokio::test]
async fn what_is_put_is_got() {
    let (folder, store) = store(KEEP, GIVE);
    assert!(store.get("issuer").await.unwrap().is_none());
    store.probe("issuer").await.unwrap();
    assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 0);
    store.put("issuer", &document(SECRET)).await.unwrap();
    store.probe("issuer").await.unwrap();
    let back = store.get("issuer").await.unwrap().unwrap();
    assert_eq!(back.credential.client_secret.expose_secret(), SECRET);
    assert_eq!(back.scopes, document(SECRET).scopes);
}

#[tokio::test]
async fn keys_reach_the_program_as_they_are() {
    let (folder, store) = store(KEEP, GIVE);
    for key in ["$(touch x) `id`", "a b'c\"", "*;é"] {
        store.put(key, &document(SECRET)).await.unwrap();
        assert!(folder.path().join(key).is_file(), "{key}");
    }
    for key in ["", "-rf", "a\nb", "a\0b"] {
        let error = store.put(key, &document(SECRET)).await.unwrap_err();
        assert!(
            matches!(error, StoreError::BadKey { .. }),
            "{key:?}: {error:?}"
        );
    }
}

#[test]
fn the_key_is_filled_in_wherever_it_is_meant() {
    for (argument, expected) in [
        ("{key}", "a/{key}"),
        ("secret/{key}.json={key}", "secret/a/{key}.json=a/{key}"),
        ("{{key}} ${key} {Key} {", "{{key}} ${key} {Key} {"),
    ] {
        assert_eq!(fill(argument, "a/{key}"), expected);
    }
}

/// Whatever goes wrong, the error says what and holds no secret.
#[tokio::test]
async fn failures_are_told_without_the_secret() {
    let telling_get = &format!(
        "printf '%s' '{}'; echo 'had {SECRET}' >&2; exit 3",
        r#"{"clientId":"2f9c","clientSecret":"s3cr3t \"0f\" audit01"}"#
    );
    let cases = [
        (
            "put",
            r"cat >&2; echo 'and more' >&2; exit 7",
            "",
            "exit status: 7",
            "[secret]",
        ),
        (
            "put",
            "echo no such mount >&2; exit 1",
            "",
            "exit status: 1",
            ": no such mount",
        ),
        (
            "put",
            "exit 1",
            "",
            "exit status: 1",
            "without output on standard error",
        ),
        (
            "put",
            "kill -9 $$",
            "",
            "signal: 9",
            "without output on standard error",
        ),
        ("get", "", telling_get, "exit status: 3", "had [secret]"),
        (
            "get",
            "",
            "exit 2",
            "exit status: 2",
            "without output on standard error",
        ),
        (
            "get",
            "",
            "echo 's3cr3t \"0f\" audit01'",
            "does not contain a valid secret document",
            "",
        ),
        (
            "get",
            "",
            "echo '{\"clientSecret\": \"s3cr3t\"}'",
            "does not contain a valid secret document",
            "",
        ),
        (
            "get",
            "",
            "head -c 70000 /dev/zero | tr '\\0' s",
            "more than 65536 bytes",
            "",
        ),
    ];
    for (which, put, get, words, more) in cases {
        let (_folder, store) = store(put, get);
        let error = match which {
            "put" => store.put("issuer", &document(SECRET)).await.unwrap_err(),
            _ => store.get("issuer").await.unwrap_err(),
        };
        let text = error.to_string();
        assert!(
            text.contains(words) && text.contains(more),
            "{put}{get}: {text}"
        );
        assert!(
            !format!("{text} {error:?}").contains("s3cr3t"),
            "{put}{get}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_long_complaint_is_cut_and_does_not_hold_the_program_up() {
    let (_folder, store) = store(
        "cat >/dev/null; head -c 300000 /dev/zero | tr '\\0' x >&2; exit 1",
        "",
    );
    let error = store
        .put("issuer", &document(SECRET))
        .await
        .unwrap_err()
        .to_string();
    assert!(error.ends_with("xxx…"), "{error}");
    assert!(error.len() < 600, "{}", error.len());
}

#[tokio::test]
async fn a_program_need_not_read_all_of_its_input_nor_close_its_pipes() {
    let (_folder, store) = store("exec <&-; sleep 30 & exit 0", "");
    let begin = Instant::now();
    let mut long = document(SECRET);
    long.base_url = Some("x".repeat(300_000));
    store.put("issuer", &long).await.unwrap();
    assert!(begin.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn a_program_that_does_not_end_is_killed_with_all_that_it_started() {
    let (folder, mut store) = store(
        "",
        "sleep 1.5 && touch \"$1/late\" & echo $! > \"$1/started\"; wait",
    );
    store.limit = Duration::from_millis(500);
    let error = store.get("issuer").await.unwrap_err();
    assert!(
        matches!(error, StoreError::ProgramTimedOut { .. }),
        "{error:?}"
    );
    let started = fs_err::read_to_string(folder.path().join("started")).unwrap();
    let process = format!("/proc/{}/stat", started.trim());
    if let Ok(stat) = fs_err::read_to_string(process) {
        // Killed already, and waiting for whoever inherited it to take note.
        assert!(stat.contains(") Z "), "{stat}");
    }
}

#[tokio::test]
async fn a_probe_sees_what_can_be_seen_without_writing() {
    let command = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<_>>()
    };
    let there = command(&["true", "{key}"]);
    let missing = command(&["no-such-program-of-anybody", "{key}"]);
    let folder = tempfile::tempdir().unwrap();
    let not_executable = folder.path().join("program");
    fs_err::write(&not_executable, "").unwrap();
    let not_executable = command(&[not_executable.to_str().unwrap()]);

    CommandStore::new(&there, &there, search_path())
        .probe("issuer")
        .await
        .unwrap();
    CommandStore::new(
        &command(&["/bin/sh"]),
        &command(&["echo", "text"]),
        search_path(),
    )
    .probe("issuer")
    .await
    .unwrap();
    for (put, get) in [
        (&missing, &there),
        (&not_executable, &there),
        (&there, &missing),
    ] {
        let error = CommandStore::new(put, get, search_path())
            .probe("issuer")
            .await
            .unwrap_err();
        assert!(
            matches!(error, StoreError::ProgramNotFound { .. }),
            "{error:?}"
        );
    }
    let error = CommandStore::new(&there, &command(&["false"]), search_path())
        .probe("issuer")
        .await
        .unwrap_err();
    assert!(
        matches!(error, StoreError::ProgramFailed { .. }),
        "{error:?}"
    );
    let error = CommandStore::new(&[], &there, search_path())
        .probe("issuer")
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::NoProgram), "{error:?}");
}
