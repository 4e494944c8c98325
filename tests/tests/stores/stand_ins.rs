//! The contract on files, and on stand-ins for the programs.

use crate::contract::{SECRET, at, document, is_unreachable, keeps, open, refuses};
use applier::{StoreError, Stores};
use model::{ReadyMade, ReadyMadeKind, StoreSpec, VaultProgram};
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

/// The programs, each with its script.
const PROGRAMS: [(&str, &str); 8] = [
    ("vault", include_str!("programs/vault.sh")),
    ("bao", include_str!("programs/vault.sh")),
    ("aws", include_str!("programs/aws.sh")),
    ("kubectl", include_str!("programs/kubectl.sh")),
    ("gh", include_str!("programs/gh.sh")),
    ("gcloud", include_str!("programs/gcloud.sh")),
    ("az", include_str!("programs/az.sh")),
    ("op", include_str!("programs/op.sh")),
];

/// Every ready-made store that can be read.
fn readable() -> Vec<ReadyMadeKind> {
    let vault = |program| ReadyMadeKind::Vault {
        program,
        mount: "secret".to_owned(),
    };
    vec![
        vault(VaultProgram::Vault),
        vault(VaultProgram::Bao),
        ReadyMadeKind::AwsSecretsManager {
            region: Some("eu-central-1".to_owned()),
        },
        ReadyMadeKind::KubernetesSecret {
            namespace: "ci".to_owned(),
            context: Some("prod".to_owned()),
        },
        ReadyMadeKind::Gcloud {
            project: "acme".to_owned(),
        },
        ReadyMadeKind::AzureKeyVault {
            vault: "acme".to_owned(),
        },
        ReadyMadeKind::OnePassword {
            vault: "CI".to_owned(),
        },
    ]
}

fn github() -> ReadyMadeKind {
    ReadyMadeKind::GithubActionsSecret {
        repository: "acme/site".to_owned(),
        environment: None,
    }
}

/// A folder with the programs in `bin` and what they keep in `state`.
struct Site(TempDir);

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("state")).unwrap();
        let bin = folder.path().join("bin");
        std::fs::create_dir(&bin).unwrap();
        for (name, script) in PROGRAMS {
            let path = bin.join(name);
            std::fs::write(&path, script).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        Self(folder)
    }

    fn state(&self) -> std::path::PathBuf {
        self.0.path().join("state")
    }

    /// A store whose program has this fault.
    fn store(&self, kind: &ReadyMadeKind, fault: &str) -> Stores {
        let spec = ReadyMade {
            kind: kind.clone(),
            prefix: "steersman".to_owned(),
            environment: BTreeSet::from(["STAND_IN".to_owned(), "STAND_IN_FAULT".to_owned()]),
        };
        let path = format!("{}/bin:/usr/bin:/bin", self.0.path().display());
        let state = self.state();
        let variables = [
            ("PATH", path.as_str()),
            ("STAND_IN", state.to_str().unwrap()),
            ("STAND_IN_FAULT", fault),
            ("SAIL_CLIENT_SECRET", "s3cr3t-of-the-admin"),
        ];
        open(StoreSpec::ReadyMade(spec), &variables)
    }

    /// Nothing that the programs were started with shows a secret.
    fn has_no_secret_in_arguments(&self) {
        let arguments = std::fs::read_to_string(self.state().join("arguments")).unwrap();
        assert!(!arguments.contains(SECRET), "{arguments}");
    }
}

#[tokio::test]
async fn tokens_2_every_ready_made_store_keeps_the_contract() {
    for kind in readable() {
        let site = Site::new();
        keeps(&site.store(&kind, "")).await;
        site.has_no_secret_in_arguments();
    }
}

#[tokio::test]
async fn files_keep_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secrets").to_str().unwrap().to_owned();
    keeps(&open(StoreSpec::Directory { path }, &[])).await;
}

#[tokio::test]
async fn programs_of_the_files_keep_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let script = |script: &str| {
        let folder = folder.path().to_str().unwrap();
        let words = ["sh", "-c", script, "sh", folder, "{key}"];
        words.map(str::to_owned).to_vec()
    };
    let name = r#"f="$1/$(printf %s "$2" | tr / %)"; "#;
    let spec = StoreSpec::Command {
        put: script(&format!("{name} cat > \"$f\"")),
        get: Some(script(&format!(
            "{name} test -e \"$f\" || exit 7; cat \"$f\""
        ))),
        delete: Some(script(&format!(
            "{name} test -e \"$f\" || exit 7; rm \"$f\""
        ))),
        not_found: Some(model::NotFound {
            exit_codes: [7].into(),
            pattern: None,
        }),
        environment: BTreeSet::new(),
    };
    keeps(&open(spec, &[("PATH", "/usr/bin:/bin")])).await;
}

#[tokio::test]
async fn tokens_2_a_refusal_and_a_network_fault_are_never_absent() {
    for kind in readable().into_iter().chain([github()]) {
        let site = Site::new();
        refuses(&site.store(&kind, "denied")).await;
        is_unreachable(&site.store(&kind, "unreachable")).await;
        site.has_no_secret_in_arguments();
    }
}

#[tokio::test]
async fn tokens_3_a_secret_of_github_actions_is_written_and_never_read() {
    let site = Site::new();
    let stores = site.store(&github(), "");
    let key = at("SAIL_CREDENTIALS");
    stores.probe(&key).await.unwrap();
    stores.put(&key, &document(1)).await.unwrap();
    let error = stores.get(&key).await.unwrap_err();
    assert!(matches!(error, StoreError::WriteOnly), "{error:?}");
    let entry = site.state().join("STEERSMAN__2FSAIL_CREDENTIALS");
    let written = std::fs::read_to_string(entry).unwrap();
    assert!(written.contains(SECRET));
    stores.delete(&key).await.unwrap();
    stores.delete(&key).await.unwrap();
    site.has_no_secret_in_arguments();
}

#[tokio::test]
async fn tokens_14_a_name_that_a_deleted_entry_keeps_is_found_before_anything_is_written() {
    let azure: ReadyMadeKind = readable().remove(5);
    let site = Site::new();
    let aws: ReadyMadeKind = readable().remove(2);
    let kinds: [(ReadyMadeKind, &str, &str); 2] = [
        (
            aws,
            "steersman%a.deleted",
            "restore-secret --secret-id steersman/a",
        ),
        (
            azure,
            "steersman--2fa.deleted",
            "recover --vault-name=acme --name=steersman--2fa",
        ),
    ];
    for (kind, file, command) in kinds {
        std::fs::write(site.state().join(file), "").unwrap();
        let error = site.store(&kind, "").probe(&at("a")).await.unwrap_err();
        let StoreError::Deleted { restore, .. } = &error else {
            panic!("{error:?}");
        };
        assert!(restore.ends_with(command), "{restore}");
    }
}

#[tokio::test]
async fn tokens_14_a_token_of_vault_that_may_only_read_is_found_before_anything_is_written() {
    let site = Site::new();
    let vault: ReadyMadeKind = readable().remove(0);
    let error = site
        .store(&vault, "readonly")
        .probe(&at("a"))
        .await
        .unwrap_err();
    assert!(matches!(&error, StoreError::MayNotWrite { allowed, .. } if &**allowed == "read"));
}

#[tokio::test]
async fn a_program_that_is_not_there_is_named() {
    let spec = ReadyMade {
        kind: github(),
        prefix: String::new(),
        environment: BTreeSet::new(),
    };
    let stores = open(StoreSpec::ReadyMade(spec), &[("PATH", "/nowhere")]);
    let error = stores.probe(&at("A")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "program `gh` not found or not executable"
    );
}

#[test]
fn the_scripts_are_those_of_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stores/programs");
    let count = std::fs::read_dir(folder).unwrap().count();
    // `vault` and `bao` are one.
    assert_eq!(count + 1, PROGRAMS.len());
}
