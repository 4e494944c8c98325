//! Tests of command stores, with small shell scripts as programs.

use super::{CommandStore, CommandsOf, contains, fill};
use crate::stores::{Commands, StoreError};
use crate::testing::documents::{document, settings};
use model::{NotFound, Redactor};
use secrecy::ExposeSecret;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const SECRET: &str = "s3cr3t \"0f\" audit01";

/// A store of these programs, which get the variable `VAULT_TOKEN`.
fn programs(put: &[String], get: &[String], not_found: Option<&NotFound>) -> CommandStore {
    let named = ["VAULT_TOKEN".to_owned()].into();
    let environment = settings(Commands::Allowed).environment.of_program(&named);
    let commands = CommandsOf {
        put,
        get: Some(get),
        delete: None,
        not_found,
    };
    CommandStore::new(commands, environment, Redactor::default())
}

/// A store of two scripts, which find a folder of their own as `$1` and the key
/// as `$2`.
fn store(put: &str, get: &str) -> (TempDir, CommandStore) {
    let folder = tempfile::tempdir().unwrap();
    let arguments = |script: &str| {
        let folder = folder.path().to_str().unwrap();
        ["sh", "-c", script, "store", folder, "{key}"].map(str::to_owned)
    };
    let store = programs(&arguments(put), &arguments(get), None);
    (folder, store)
}

const KEEP: &str = r#"cat > "$1/$2""#;
const GIVE: &str = r#"if test -e "$1/$2"; then cat "$1/$2"; fi"#;

#[tokio::test]
async fn what_is_put_is_got() {
    let (folder, store) = store(KEEP, GIVE);
    assert!(store.get("issuer").await.unwrap().is_none());
    store.probe("issuer").unwrap();
    assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 0);
    store.put("issuer", &document(SECRET)).await.unwrap();
    store.probe("issuer").unwrap();
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
        (
            "get",
            "",
            telling_get,
            "exit status: 3",
            "its output is not shown",
        ),
        ("get", "", "exit 2", "exit status: 2", ""),
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
    let begin = Instant::now();
    while let Ok(stat) = fs_err::read_to_string(&process) {
        // Killed already, and waiting for whoever inherited it to take note.
        if stat.contains(") Z ") {
            break;
        }
        // Where the machine is busy, a killed process takes a while to end.
        assert!(begin.elapsed() < Duration::from_secs(1), "{stat}");
        tokio::time::sleep(Duration::from_millis(10)).await;
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
    let probe = |put: &[String]| programs(put, &there, None).probe("issuer");

    probe(&there).unwrap();
    probe(&command(&["/bin/sh"])).unwrap();
    for put in [&missing, &not_executable] {
        let error = probe(put).unwrap_err();
        assert!(
            matches!(error, StoreError::ProgramNotFound { .. }),
            "{error:?}"
        );
    }
    let error = probe(&[]).unwrap_err();
    assert!(matches!(error, StoreError::NoProgram), "{error:?}");
}

#[tokio::test]
async fn security_h3_programs_get_a_clean_environment() {
    let (folder, store) = store("env > \"$1/put\"", "env > \"$1/get\"");
    store.put("issuer", &document(SECRET)).await.unwrap();
    store.get("issuer").await.unwrap();
    for program in ["put", "get"] {
        let text = fs_err::read_to_string(folder.path().join(program)).unwrap();
        assert!(text.contains("VAULT_TOKEN=t0ken-of-vault"), "{text}");
        assert!(text.contains("PATH=/usr/bin:/bin"), "{text}");
        assert!(
            !text.contains("SAIL_") && !text.contains("GITHUB"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn tokens_02_only_what_is_declared_means_that_there_is_no_secret() {
    let not_found = |codes: &[u8], pattern: Option<&str>| NotFound {
        exit_codes: codes.iter().copied().collect(),
        pattern: pattern.map(str::to_owned),
    };
    let two = not_found(&[2], None);
    let text = not_found(&[], Some("No value*at secret"));
    let both = not_found(&[2], Some("No value"));
    let missing = "echo 'No value found at secret/x' >&2; exit 2";
    for (script, not_found, is_absent) in [
        ("exit 0", None, true),
        ("exit 0", Some(&two), false),
        ("exit 2", None, false),
        ("exit 2", Some(&two), true),
        ("exit 1", Some(&two), false),
        ("kill -9 $$", Some(&text), false),
        (missing, Some(&two), true),
        (missing, Some(&text), true),
        (missing, Some(&both), true),
        ("exit 2", Some(&both), false),
        (
            "echo 'No value found at secret/x' >&2; exit 1",
            Some(&both),
            false,
        ),
        ("echo 'permission denied' >&2; exit 2", Some(&text), false),
        ("echo 'No value found at secret/x' >&2", Some(&text), false),
    ] {
        let get = ["sh", "-c", script, "{key}"].map(str::to_owned);
        let found = programs(&get, &get, not_found).get("issuer").await;
        match found {
            Ok(None) => assert!(is_absent, "{script}"),
            Ok(Some(_)) => panic!("{script}"),
            Err(error) => assert!(!is_absent, "{script}: {error}"),
        }
    }
    for (text, pattern, expected) in [
        ("a b c", "a*c", true),
        ("a b c", "c*a", false),
        ("a b c", " b ", true),
        ("a b c", "", true),
        ("", "a", false),
    ] {
        assert_eq!(contains(text, pattern), expected, "{text} {pattern}");
    }
}

#[tokio::test]
async fn apply_03_no_form_of_the_secret_is_quoted() {
    let secret = "5up3r-s3cr3t-0f-audit01";
    for encoding in ["base64", "base64 -w 20", "od -An -v -tx1", "sed 's/./& /g'"] {
        let (_folder, store) = store(
            &format!("echo begin >&2; {encoding} >&2; exit 1"),
            &format!("echo '{secret}' | {encoding} | tee /dev/stderr; exit 1"),
        );
        let put = store.put("issuer", &document(secret)).await.unwrap_err();
        let put = put.to_string();
        assert!(put.contains("[secret]") && put.contains("begin"), "{put}");
        let get = store.get("issuer").await.unwrap_err().to_string();
        assert!(get.contains("its output is not shown"), "{get}");
        assert!(!get.contains("[secret]"), "{get}");
    }
}

/// The program can read all of its input as soon as it starts, even where this
/// process does nothing more.
#[tokio::test]
async fn apply_the_input_is_there_before_the_program_starts() {
    let (folder, store) = store("cat > \"$1/$2\"", "");
    for length in [100, 200_000] {
        let mut document = document(SECRET);
        document.base_url = Some("x".repeat(length));
        let put = store.put("issuer", &document);
        // Polled once: the program is started. Then the future is left alone.
        tokio::pin!(put);
        let polled = futures::poll!(put.as_mut());
        assert!(polled.is_pending());
        let path = folder.path().join("issuer");
        let begin = Instant::now();
        while fs_err::metadata(&path).map_or(0, |metadata| metadata.len()) < length as u64 {
            assert!(begin.elapsed() < Duration::from_secs(10), "{length}");
            std::thread::yield_now();
        }
        put.await.unwrap();
    }
}
