//! Tests of the names of entries.

use crate::{KeyError, ReadyMade, ReadyMadeKind, VaultProgram};
use std::collections::{BTreeMap, BTreeSet};

fn all() -> [ReadyMadeKind; 7] {
    let text = || "x".to_owned();
    [
        ReadyMadeKind::Vault {
            program: VaultProgram::Vault,
            mount: text(),
        },
        ReadyMadeKind::AwsSecretsManager { region: None },
        ReadyMadeKind::KubernetesSecret {
            namespace: text(),
            context: None,
        },
        ReadyMadeKind::GithubActionsSecret {
            repository: text(),
            environment: None,
        },
        ReadyMadeKind::Gcloud { project: text() },
        ReadyMadeKind::AzureKeyVault { vault: text() },
        ReadyMadeKind::OnePassword { vault: text() },
    ]
}

fn entry(kind: &ReadyMadeKind, key: &str) -> Result<String, KeyError> {
    let store = ReadyMade {
        kind: kind.clone(),
        prefix: String::new(),
        environment: BTreeSet::new(),
    };
    store.entry(key)
}

#[test]
fn each_system_gets_names_that_it_takes() {
    let key = "Acme/audit01/monthly-report";
    let names = all().map(|kind| entry(&kind, key).unwrap());
    assert_eq!(
        names,
        [
            "Acme/audit01/monthly-report",
            "Acme/audit01/monthly-report",
            "z41cme.audit01.monthly-report",
            "ACME__2FAUDIT01__2FMONTHLY__2DREPORT",
            "Acme__2Faudit01__2Fmonthly-report",
            "--41cme--2faudit01--2fmonthly-report",
            "Acme/audit01/monthly-report",
        ]
    );
}

#[test]
fn a_prefix_comes_before_the_key() {
    let store = ReadyMade {
        kind: ReadyMadeKind::AzureKeyVault {
            vault: "x".to_owned(),
        },
        prefix: "ci".to_owned(),
        environment: BTreeSet::new(),
    };
    assert_eq!(store.entry("Jo-").unwrap(), "ci--2f--4ao--2d");
}

/// Of all short keys of telling characters, no two have the same name.
#[test]
fn tokens_4_no_two_keys_have_the_same_entry() {
    const CHARACTERS: &str = "azA-_/.12fF=5é";
    let mut keys: Vec<String> = vec![String::new()];
    let mut longest = keys.clone();
    for _ in 0..4 {
        longest = longest
            .iter()
            .flat_map(|key| CHARACTERS.chars().map(move |c| format!("{key}{c}")))
            .collect();
        keys.extend(longest.clone());
    }
    for kind in all() {
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for key in &keys {
            // GitHub knows no lower case, and `validate` counts such keys as the same.
            let key = if matches!(kind, ReadyMadeKind::GithubActionsSecret { .. }) {
                key.to_ascii_uppercase()
            } else {
                key.clone()
            };
            let Ok(name) = entry(&kind, &key) else {
                continue;
            };
            if let Some(other) = names.insert(name.to_lowercase(), key.clone()) {
                assert_eq!(other.to_lowercase(), key.to_lowercase(), "{kind:?}: {name}");
            }
        }
    }
}

#[test]
fn keys_without_a_name_are_refused() {
    for kind in all() {
        assert_eq!(entry(&kind, "a/../b"), Err(KeyError::DotPart));
        assert_eq!(entry(&kind, ""), Err(KeyError::Empty));
        let long = entry(&kind, &"a".repeat(600));
        assert!(matches!(long, Err(KeyError::TooLong { .. })), "{kind:?}");
    }
    let [vault, _, kubernetes, github, ..] = all();
    assert_eq!(entry(&vault, "-a"), Err(KeyError::LooksLikeAnOption));
    assert_eq!(entry(&kubernetes, "-a-/-").unwrap(), "z2daz2d.z2d");
    assert_eq!(entry(&github, "github_x"), Err(KeyError::Reserved));
    assert_eq!(entry(&github, "1a").unwrap(), "__31A");
    assert_eq!(
        entry(&github, "SAIL_CLIENT_SECRET").unwrap(),
        "SAIL_CLIENT_SECRET"
    );
}
