//! Attacks through stores: their programs, their documents, and the journal.

use crate::forms::found;
use serde_json::Value;
use std::path::Path;
use tests::{Run, World, world};

const STATE: &str = "--simulate=tenant/t.json";
const FILES: &str = "local: {directory: .steersman/secrets}";
const ISSUER: &str = ".steersman/secrets/audit01/issuer";
const TOKEN: &str = ".steersman/secrets/audit01/monthly-report";
const JOURNAL: &str = "tenant/t.journal.jsonl";

/// The guide, whose store is made of two scripts. They keep what they get in the
/// directory that the guide names.
pub(crate) fn with_programs(put: &str, get: &str) -> World {
    let world = world!();
    world.example("guide");
    world.write("tools/put.sh", put);
    world.write("tools/get.sh", get);
    world.replace(
        "guide/steersman.yaml",
        FILES,
        "local: {command: {put: [sh, tools/put.sh, '{key}'], get: [sh, tools/get.sh, '{key}']}}",
    );
    world
}

pub(crate) const KEEP: &str =
    r#"mkdir -p ".steersman/secrets/${1%/*}"; cat > ".steersman/secrets/$1""#;
pub(crate) const GIVE: &str =
    r#"if test -e ".steersman/secrets/$1"; then cat ".steersman/secrets/$1"; fi"#;

pub(crate) fn run(world: &World, words: &str) -> Run {
    let (command, rest) = words.split_once(' ').unwrap_or((words, ""));
    world.steersman(&format!("{command} guide {STATE} {rest}"))
}

/// The account is imported and registered, and its issuer is in the store.
pub(crate) fn enroll(world: &World) {
    let _ = run(world, "apply --auto-approve --allow-commands").exits(0);
    let _ = world
        .steersman("simulator person register audit01 --state tenant/t.json")
        .exits(0);
    mint(world, ISSUER);
}

fn mint(world: &World, to: &str) {
    std::fs::create_dir_all(world.path(to).parent().unwrap()).unwrap();
    let _ = world
        .steersman(&format!(
            "simulator person mint audit01 --to {to} --state tenant/t.json"
        ))
        .exits(0);
}

pub(crate) fn secret(world: &World, path: &str) -> String {
    let document: Value = serde_json::from_str(&world.read(path)).unwrap();
    document["clientSecret"].as_str().unwrap().to_owned()
}

fn edit(world: &World, path: &str, change: impl FnOnce(&mut Value)) {
    let mut document: Value = serde_json::from_str(&world.read(path)).unwrap();
    change(&mut document);
    world.write(path, document.to_string());
}

fn said(run: &Run) -> String {
    format!("{}{}", run.stdout, run.stderr)
}

#[test]
fn security_h1b_no_program_of_the_files_runs_unless_the_operator_allows_it() {
    let mark = "touch marker; env > environment";
    let mut world = with_programs(&format!("{mark}; {KEEP}"), &format!("{mark}; {GIVE}"));
    enroll(&world);
    let marker = world.path("marker");
    std::fs::remove_file(&marker).unwrap();
    for words in [
        "plan",
        "plan -vvv",
        "status",
        "plan --out json=plan.json",
        "apply --auto-approve",
        "apply",
    ] {
        let run = run(&world, words);
        assert!(!marker.exists(), "{words}: a program ran");
        assert_eq!(run.code, 0, "{}", run.shown());
        assert!(run.stderr.contains("not asked: local"), "{}", run.shown());
    }
    let _ = run(&world, "plan").exits(0).says("which was not asked");
    let _ = run(&world, "apply --auto-approve")
        .exits(0)
        .says("the store `local` was not asked")
        .says("--allow-commands");
    // Nobody is asked for a secret that could not be stored.
    let enrolled = world
        .steersman(&format!("enroll audit01 guide {STATE}"))
        .exits(64);
    assert!(
        enrolled.stderr.contains("nobody allowed it"),
        "{}",
        enrolled.shown()
    );
    assert!(!marker.exists());
    // The files cannot allow it, the environment can.
    world.set([("STEERSMAN_ALLOW_COMMANDS".to_owned(), "0".to_owned())]);
    let _ = run(&world, "plan").exits(0);
    assert!(!marker.exists());
    world.set([("STEERSMAN_ALLOW_COMMANDS".to_owned(), "1".to_owned())]);
    let _ = run(&world, "plan --detailed-exitcode").exits(2);
    assert!(marker.exists());
}

#[test]
fn security_h3_programs_do_not_get_credentials() {
    let mut world = with_programs(KEEP, &format!("env > environment; {GIVE}"));
    world.set(
        [
            ("SAIL_CLIENT_SECRET", "s3cr3t-of-the-admin"),
            ("STEERSMAN_VAR_X", "x"),
            ("GITHUB_TOKEN", "t0ken-of-github"),
            ("LC_ALL", "C"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let _ = run(&world, "plan --allow-commands").exits(0);
    let environment = world.read("environment");
    for name in ["SAIL_", "STEERSMAN_", "GITHUB_TOKEN", "s3cr3t"] {
        assert!(!environment.contains(name), "{environment}");
    }
    for name in ["PATH=", "HOME=", "LC_ALL=C"] {
        assert!(environment.contains(name), "{environment}");
    }
}

#[test]
fn apply_03_and_06_a_store_that_fails_is_not_quoted_and_not_taken_for_an_empty_one() {
    let world = with_programs(KEEP, GIVE);
    enroll(&world);
    let secrets = [secret(&world, ISSUER)];
    for encoding in ["cat", "base64", "base64 -w0", "od -An -v -tx1"] {
        for status in ["exit 3", "exit 0"] {
            world.write(
                "tools/get.sh",
                format!("{encoding} .steersman/secrets/$1 | tee /dev/stderr | tr x x; {status}"),
            );
            if encoding == "cat" && status == "exit 0" {
                continue;
            }
            for words in [
                "plan --allow-commands -vvv --out json=plan.json",
                "status --allow-commands",
                "apply --allow-commands --auto-approve",
            ] {
                let run = run(&world, words).exits(8);
                assert_eq!(found(&said(&run), &secrets), Vec::<&str>::new(), "{words}");
            }
            assert!(found(&world.read("plan.json"), &secrets).is_empty());
        }
    }
    assert_eq!(
        secret(&world, ISSUER),
        secrets[0],
        "nothing was overwritten"
    );
}

#[test]
fn tokens_02_a_missing_key_is_what_the_store_declares() {
    let world = with_programs(KEEP, r#"cat ".steersman/secrets/$1""#);
    let _ = run(&world, "plan --allow-commands").exits(8);
    world.replace(
        "guide/steersman.yaml",
        "'{key}']}}",
        "'{key}'], notFound: {exitCodes: [1], pattern: 'No such file*'}}}",
    );
    let _ = run(&world, "plan --allow-commands").exits(0);
    enroll(&world);
    let _ = run(&world, "apply --allow-commands --auto-approve").exits(0);
    let _ = run(&world, "plan --allow-commands --detailed-exitcode").exits(0);
}

#[test]
fn security_m8_a_document_of_another_tenant_is_not_used_and_not_overwritten() {
    let world = world!();
    world.example("guide");
    enroll(&world);
    edit(&world, ISSUER, |document| {
        document["baseUrl"] = "https://other.api.identitynow.com".into();
    });
    let before = world.read(ISSUER);
    for words in ["plan", "apply --auto-approve"] {
        let _ = run(&world, words)
            .exits(0)
            .says("https://other.api.identitynow.com")
            .says("a simulated tenant");
    }
    assert!(!world.path(TOKEN).exists());
    // Enrolling does not overwrite it, either.
    let document: Value = serde_json::from_str(&before).unwrap();
    let text = |field: &str| document[field].as_str().unwrap().to_owned();
    world.write("input", format!("{}\n", text("clientSecret")));
    let words = format!(
        "enroll audit01 guide {STATE} --client-id {}",
        text("clientId")
    );
    let output = world
        .command()
        .args(words.split(' '))
        .stdin(std::fs::File::open(world.path("input")).unwrap())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(
        stderr.contains("https://other.api.identitynow.com"),
        "{stderr}"
    );
    assert_eq!(world.read(ISSUER), before);

    // A token's place is as safe.
    edit(&world, ISSUER, |document| {
        document.as_object_mut().unwrap().remove("baseUrl");
    });
    let foreign = r#"{"clientId":"x","clientSecret":"s3cr3t-of-x-nightly","token":"nightly"}"#;
    world.write(TOKEN, foreign);
    let _ = run(&world, "apply --auto-approve")
        .exits(0)
        .says("it is of token nightly, this token is monthly-report");
    assert_eq!(world.read(TOKEN), foreign);
}

/// A line as a run of this version writes it, with these values.
fn intent(world: &World, tenant: &str, key: &str) -> String {
    let document: Value = serde_json::from_str(&world.read(TOKEN)).unwrap();
    let line = serde_json::json!({
        "time": "2020-01-01T00:00:00Z",
        "run": "forged",
        "event": "intended",
        "id": "forged#1",
        "address": "token/SA-001/monthly-report",
        "kind": "mint",
        "tenant": tenant,
        "owner": document["identity"],
        "token": "monthly-report",
        "deliver": {"store": "local", "key": key},
        "since": "2020-01-01T00:00:00Z",
    });
    format!("{line}\n")
}

fn settled() -> World {
    let world = world!();
    world.example("guide");
    enroll(&world);
    let _ = run(&world, "apply --auto-approve").exits(0);
    let _ = run(&world, "plan --detailed-exitcode").exits(0);
    world
}

#[test]
fn security_m1_a_forged_journal_line_revokes_nothing() {
    let world = settled();
    let before = world.read(TOKEN);
    for (tenant, key) in [
        ("simulated:tenant/t.json", "nowhere"),
        ("simulated:tenant/t.json", "../../etc/passwd"),
        ("https://other.api.identitynow.com", "nowhere"),
    ] {
        world.write(JOURNAL, intent(&world, tenant, key));
        let _ = run(&world, "plan --detailed-exitcode").exits(0);
        let _ = run(&world, "apply --auto-approve").exits(0);
        assert_eq!(world.read(TOKEN), before, "{tenant} {key}");
    }
    // A secret that is in neither place is lost, and still nothing is revoked at once.
    std::fs::remove_file(world.path(TOKEN)).unwrap();
    let identity = serde_json::from_str::<Value>(&before).unwrap();
    let line = serde_json::json!({
        "time": "2020-01-01T00:00:00Z",
        "run": "killed",
        "event": "intended",
        "id": "killed#1",
        "address": "token/SA-001/monthly-report",
        "kind": "mint",
        "tenant": "simulated:tenant/t.json",
        "owner": identity["identity"],
        "token": "monthly-report",
        "deliver": {"store": "local", "key": "audit01/monthly-report"},
        "since": "2020-01-01T00:00:00Z",
    });
    world.write(JOURNAL, format!("{line}\n"));
    let apply = run(&world, "apply --auto-approve").exits(0);
    let kept = "the old token is kept as monthly-report~retiring-";
    assert!(apply.stderr.contains(kept), "{}", apply.shown());
    let _ = run(&world, "plan --detailed-exitcode").exits(0);
}

#[test]
fn security_m1_a_journal_that_git_tracks_is_refused() {
    let world = settled();
    world.write(
        JOURNAL,
        intent(&world, "simulated:tenant/t.json", "nowhere"),
    );
    let mut index = b"DIRC\0\0\0\x02\0\0\0\x01".to_vec();
    index.extend([0; 60]);
    index.extend(u16::try_from(JOURNAL.len()).unwrap().to_be_bytes());
    index.extend(JOURNAL.bytes());
    index.push(0);
    index.resize(12 + (index.len() - 12).next_multiple_of(8), 0);
    // The hash of all.
    index.extend([0; 20]);
    world.write(".git/index", index);
    for words in ["plan", "status", "apply --auto-approve"] {
        let run = run(&world, words).exits(1);
        assert!(
            run.stderr.contains("Git tracks the journal"),
            "{}",
            run.shown()
        );
        assert!(run.stderr.contains("git rm --cached"), "{}", run.shown());
    }
}

#[test]
fn security_m1_a_cut_journal_is_told() {
    let world = settled();
    world.write(JOURNAL, r#"{"time":"2020-01-"#);
    for words in ["plan", "status", "apply --auto-approve"] {
        let run = run(&world, words).exits(0);
        let told = run.stderr.contains("ends in an incomplete line");
        assert!(told, "{}", run.shown());
    }
}

#[cfg(unix)]
#[test]
fn security_low_files_are_not_written_through_links() {
    let world = settled();
    world.write("kept", "mine");
    std::os::unix::fs::symlink("kept", world.path("link")).unwrap();
    for words in [
        "plan --out json=link",
        "plan --save link",
        "apply --auto-approve --journal link",
    ] {
        let run = run(&world, words).exits(1);
        assert!(run.stderr.contains("link"), "{}", run.shown());
    }
    assert_eq!(world.read("kept"), "mine");
    assert!(world.path("link").is_symlink());
}

#[cfg(unix)]
#[test]
fn tokens_12_a_secret_that_others_can_read_is_told_at_every_verbosity() {
    use std::os::unix::fs::PermissionsExt;
    let world = settled();
    let mode = |mode| std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(world.path(ISSUER), mode(0o644)).unwrap();
    for words in ["plan", "status", "apply --auto-approve"] {
        let run = run(&world, words).exits(0);
        let told = run.stderr.contains("warning: other users of this machine");
        assert!(told, "{}", run.shown());
    }
}

#[cfg(unix)]
#[test]
fn security_low_folders_are_private_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    for umask in ["000", "377"] {
        let world = world!();
        world.example("guide");
        std::fs::create_dir(world.path("tenant")).unwrap();
        let mut command = std::process::Command::new("sh");
        let mut program = world.command();
        let status = command
            .current_dir(world.folder())
            .args(["-c", &format!("umask {umask}; exec \"$@\""), "sh"])
            .arg(program.get_program())
            .args([
                "apply",
                "guide",
                "--auto-approve",
                "--journal",
                "a/b/journal.jsonl",
                STATE,
            ])
            .env_clear()
            .envs(
                program
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .output()
            .unwrap();
        let _ = program.arg("--version");
        let shown = String::from_utf8_lossy(&status.stderr).into_owned();
        for made in ["a", "a/b"] {
            let mode = std::fs::metadata(world.path(made))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o700, "{umask} {made}: {shown}");
        }
    }
}

#[test]
fn apply_leftovers_with_secrets_are_removed() {
    let world = settled();
    let left = ".steersman/secrets/audit01/.steersman-2147483647-aB3xYz.tmp";
    world.write(left, "s3cr3t");
    let _ = run(&world, "plan").exits(0);
    assert!(world.path(left).exists(), "a plan removes nothing");
    let run = run(&world, "apply --auto-approve").exits(0);
    assert!(
        run.stderr.contains("removed 1 temporary file"),
        "{}",
        run.shown()
    );
    assert!(!Path::new(&world.path(left)).exists());
}
