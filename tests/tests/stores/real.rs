//! The contract on the real programs: `tests/stores` installs them and runs these tests.
//!
//! A program that is not there is left out, and the output says so.

use crate::contract::{at, document, is_unreachable, keeps, open, refuses};
use crate::servers::{github, kubernetes};
use applier::StoreError;
use model::{ReadyMade, ReadyMadeKind, StoreSpec, VaultProgram};
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A process that ends with its test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Where the script has put the programs.
fn tools() -> Option<PathBuf> {
    std::env::var_os("STEERSMAN_STORE_PROGRAMS").map(PathBuf::from)
}

/// The path of a program; none, with a note, where it is not installed.
fn program(name: &str) -> Option<PathBuf> {
    let installed = tools().map(|tools| tools.join(name));
    let of_system = std::path::Path::new("/usr/bin").join(name);
    let found = installed
        .into_iter()
        .chain([of_system])
        .find(|path| path.is_file());
    if found.is_none() {
        println!("left out: `{name}` is not installed; run tests/stores");
    }
    found
}

fn search_path() -> String {
    let tools = tools().unwrap_or_default();
    format!("{}:/usr/bin:/bin", tools.display())
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Starts a server, and waits until it listens.
fn serve(command: &mut Command, port: u16) -> Server {
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    let server = Server(command.spawn().unwrap());
    for _ in 0..300 {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return server;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the server does not listen");
}

fn ready_made(kind: ReadyMadeKind) -> StoreSpec {
    StoreSpec::ReadyMade(ReadyMade {
        kind,
        prefix: "steersman".to_owned(),
        environment: BTreeSet::new(),
    })
}

#[tokio::test]
#[ignore = "needs OpenBao: run tests/stores"]
async fn tokens_2_vault_keeps_the_contract_over_the_real_program_and_server() {
    let Some(bao) = program("bao") else { return };
    note_version(&bao, &["version"]);
    let port = free_port();
    let address = format!("http://127.0.0.1:{port}");
    let mut command = Command::new(&bao);
    command.args([
        "server",
        "-dev",
        "-dev-no-store-token",
        "-dev-root-token-id=root",
    ]);
    command.arg(format!("-dev-listen-address=127.0.0.1:{port}"));
    let _server = serve(&mut command, port);
    std::thread::sleep(Duration::from_secs(2));
    let store = || {
        ready_made(ReadyMadeKind::Vault {
            program: VaultProgram::Bao,
            mount: "secret".to_owned(),
        })
    };
    let path = search_path();
    let with = |address: &str, token: &str| {
        open(
            store(),
            &[
                ("PATH", path.as_str()),
                ("HOME", "/nonexistent"),
                ("VAULT_ADDR", address),
                ("VAULT_TOKEN", token),
            ],
        )
    };
    keeps(&with(&address, "root")).await;
    refuses(&with(&address, "wrong")).await;
    is_unreachable(&with("http://127.0.0.1:1", "root")).await;
    // A token that may only read.
    let run = |words: &[&str], input: &str| {
        let mut child = Command::new(&bao)
            .args(words)
            .env("BAO_ADDR", &address)
            .env("BAO_TOKEN", "root")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    run(
        &["policy", "write", "reader", "-"],
        r#"path "secret/data/steersman/*" { capabilities = ["read"] }"#,
    );
    let token = run(&["token", "create", "-policy=reader", "-field=token"], "");
    let error = with(&address, &token).probe(&at("a")).await.unwrap_err();
    assert!(matches!(error, StoreError::MayNotWrite { .. }), "{error:?}");
}

#[tokio::test]
#[ignore = "needs aws and moto: run tests/stores"]
async fn tokens_14_aws_keeps_the_contract_over_the_real_program() {
    let (Some(aws), Some(moto)) = (program("aws"), program("moto_server")) else {
        return;
    };
    note_version(&aws, &["--version"]);
    let port = free_port();
    let address = format!("http://127.0.0.1:{port}");
    let mut command = Command::new(&moto);
    command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
    let _server = serve(&mut command, port);
    let path = search_path();
    let variables = |address| {
        [
            ("PATH", path.as_str()),
            ("AWS_ENDPOINT_URL", address),
            ("AWS_ACCESS_KEY_ID", "x"),
            ("AWS_SECRET_ACCESS_KEY", "y"),
            ("AWS_MAX_ATTEMPTS", "1"),
        ]
    };
    let store = || {
        ready_made(ReadyMadeKind::AwsSecretsManager {
            region: Some("eu-central-1".to_owned()),
        })
    };
    let stores = open(store(), &variables(&address));
    keeps(&stores).await;
    is_unreachable(&open(store(), &variables("http://127.0.0.1:1"))).await;
    refuses(&open(store(), &variables(&address)[..2])).await;
    // A person deletes it with the days of grace that are usual.
    stores.put(&at("a"), &document(1)).await.unwrap();
    let deleted = Command::new(aws)
        .args(["secretsmanager", "delete-secret", "--secret-id=steersman/a"])
        .arg("--region=eu-central-1")
        .envs(variables(&address))
        .status();
    assert!(deleted.unwrap().success());
    let error = stores.probe(&at("a")).await.unwrap_err();
    assert!(matches!(error, StoreError::Deleted { .. }), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs kubectl: run tests/stores"]
async fn kubernetes_keeps_the_contract_over_the_real_program() {
    let Some(kubectl) = program("kubectl") else {
        return;
    };
    note_version(&kubectl, &["version", "--client"]);
    let (port, kept) = kubernetes().await;
    let folder = tempfile::tempdir().unwrap();
    let config = |name: &str, address: &str| {
        let path = folder.path().join(name);
        let text = format!(
            "apiVersion: v1
kind: Config
current-context: c
clusters: [{{name: k, cluster: {{server: \"{address}\"}}}}]
contexts: [{{name: c, context: {{cluster: k, user: u}}}}]
users: [{{name: u, user: {{}}}}]
"
        );
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let address = format!("http://127.0.0.1:{port}");
    let search_path = search_path();
    let home = folder.path().display().to_string();
    let with = |config: &str| {
        let kind = ReadyMadeKind::KubernetesSecret {
            namespace: "ci".to_owned(),
            context: None,
        };
        let variables = [
            ("PATH", search_path.as_str()),
            ("HOME", home.as_str()),
            ("KUBECONFIG", config),
        ];
        open(ready_made(kind), &variables)
    };
    keeps(&with(&config("good", &address))).await;
    let requests = kept.take_requests();
    let has = |text: &str| requests.iter().any(|request| request.contains(text));
    assert!(has("PATCH /api/v1/namespaces/ci/secrets/"), "{requests:?}");
    assert!(has("dryRun=All"), "{requests:?}");
    assert!(kept.entries.lock().unwrap().is_empty());
    refuses(&with(&config("bad", &format!("{address}/denied")))).await;
    is_unreachable(&with(&config("far", "http://127.0.0.1:1"))).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs gh: run tests/stores"]
async fn github_keeps_the_contract_over_the_real_program() {
    let Some(gh) = program("gh") else { return };
    note_version(&gh, &["--version"]);
    let (port, kept) = github().await;
    let folder = tempfile::tempdir().unwrap();
    let search_path = search_path();
    let home = folder.path().display().to_string();
    // `gh` speaks to this host without TLS, and to the proxy for it.
    let with = |port: u16, token: &str| {
        let kind = ReadyMadeKind::GithubActionsSecret {
            repository: "github.localhost/acme/site".to_owned(),
            environment: None,
        };
        let proxy = format!("http://127.0.0.1:{port}");
        let variables = [
            ("PATH", search_path.as_str()),
            ("HOME", home.as_str()),
            ("GH_CONFIG_DIR", home.as_str()),
            ("HTTP_PROXY", proxy.as_str()),
            ("GH_TOKEN", token),
        ];
        open(ready_made(kind), &variables)
    };
    let stores = with(port, "good");
    stores.probe(&at("REPORT")).await.unwrap();
    stores.put(&at("REPORT"), &document(1)).await.unwrap();
    let written = kept.entries.lock().unwrap()["STEERSMAN__2FREPORT"].to_string();
    assert!(written.contains("encrypted_value"), "{written}");
    assert!(!written.contains(crate::contract::SECRET), "{written}");
    stores.delete(&at("REPORT")).await.unwrap();
    assert!(kept.entries.lock().unwrap().is_empty());
    stores.delete(&at("REPORT")).await.unwrap();
    refuses(&with(port, "wrong")).await;
    is_unreachable(&with(1, "good")).await;
}

#[tokio::test]
#[ignore = "needs age: run tests/stores"]
async fn age_files_are_exchanged_with_the_real_program() {
    let (Some(age), Some(keygen)) = (program("age"), program("age-keygen")) else {
        return;
    };
    note_version(&age, &["--version"]);
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let made = Command::new(keygen).arg("-o").arg(path("key")).output();
    let made = made.unwrap();
    assert!(made.status.success());
    let shown = String::from_utf8(made.stderr).unwrap();
    let recipient = shown.trim().rsplit(' ').next().unwrap().to_owned();
    let stores = open(
        StoreSpec::Age {
            directory: path("secrets"),
            recipients: vec![recipient.clone()],
            identity_file: path("key"),
        },
        &[],
    );
    stores.put(&at("a"), &document(1)).await.unwrap();
    let file = path("secrets/a.age");
    let run = |words: &[&str]| Command::new(&age).args(words).output().unwrap();
    let opened = run(&["--decrypt", "--identity", &path("key"), &file]);
    let text = String::from_utf8(opened.stdout).unwrap();
    assert!(text.contains(crate::contract::SECRET), "{text}");
    std::fs::write(path("text"), text.replace("token-1", "token-2")).unwrap();
    std::fs::remove_file(&file).unwrap();
    let closed = run(&["--recipient", &recipient, "--output", &file, &path("text")]);
    assert!(closed.status.success(), "{closed:?}");
    let found = stores.get(&at("a")).await.unwrap().unwrap();
    let secret = secrecy::ExposeSecret::expose_secret(&found.credential.client_secret).to_owned();
    assert_eq!(secret, format!("{}2", crate::contract::SECRET));
}

/// Prints the version of a program, for the docs.
fn note_version(program: &std::path::Path, words: &[&str]) {
    let output = Command::new(program).args(words).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let name = program.file_name().unwrap().display();
    println!("tried: {name} {}", text.lines().next().unwrap_or_default());
}
