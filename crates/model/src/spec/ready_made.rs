//! Ready-made store: a system of secrets, over the program that people have for it.

use serde::Serialize;
use std::collections::BTreeSet;

/// A store over a program that people have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadyMade {
    /// The system, with what names the place in it.
    pub kind: ReadyMadeKind,
    /// What the name of each entry begins with, before a `/`; empty for nothing.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// Names of variables that the program gets in addition to those that its kind
    /// always passes.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub environment: BTreeSet<String>,
}

/// The systems of secrets that steersman knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ReadyMadeKind {
    /// The key/value store, version 2, of HashiCorp Vault or of OpenBao.
    Vault {
        /// The program: both take the same arguments.
        program: VaultProgram,
        /// Where the key/value store is mounted.
        mount: String,
    },
    /// AWS Secrets Manager, over `aws`.
    AwsSecretsManager {
        /// The region; none for that of the environment.
        #[serde(skip_serializing_if = "Option::is_none")]
        region: Option<String>,
    },
    /// Secrets of Kubernetes, over `kubectl`.
    KubernetesSecret {
        /// Their namespace.
        namespace: String,
        /// The context of the kubeconfig; none for the current one.
        #[serde(skip_serializing_if = "Option::is_none")]
        context: Option<String>,
    },
    /// Secrets of GitHub Actions, over `gh`. They cannot be read.
    GithubActionsSecret {
        /// `OWNER/NAME`, or `HOST/OWNER/NAME`.
        repository: String,
        /// The environment of the repository; none for the whole repository.
        #[serde(rename = "githubEnvironment", skip_serializing_if = "Option::is_none")]
        environment: Option<String>,
    },
    /// Google Cloud Secret Manager, over `gcloud`.
    Gcloud {
        /// The project.
        project: String,
    },
    /// Azure Key Vault, over `az`.
    AzureKeyVault {
        /// The name of the vault.
        vault: String,
    },
    /// Documents of 1Password, over `op`.
    OnePassword {
        /// The vault.
        vault: String,
    },
}

/// The programs that speak to a Vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum VaultProgram {
    /// `vault` of HashiCorp.
    Vault,
    /// `bao` of OpenBao.
    Bao,
}

impl ReadyMadeKind {
    /// The kind's key in the files.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Vault { .. } => "vault",
            Self::AwsSecretsManager { .. } => "awsSecretsManager",
            Self::KubernetesSecret { .. } => "kubernetesSecret",
            Self::GithubActionsSecret { .. } => "githubActionsSecret",
            Self::Gcloud { .. } => "gcloud",
            Self::AzureKeyVault { .. } => "azureKeyVault",
            Self::OnePassword { .. } => "onePassword",
        }
    }

    /// The program that it runs.
    pub fn program(&self) -> &'static str {
        match self {
            Self::Vault { program, .. } => match program {
                VaultProgram::Vault => "vault",
                VaultProgram::Bao => "bao",
            },
            Self::AwsSecretsManager { .. } => "aws",
            Self::KubernetesSecret { .. } => "kubectl",
            Self::GithubActionsSecret { .. } => "gh",
            Self::Gcloud { .. } => "gcloud",
            Self::AzureKeyVault { .. } => "az",
            Self::OnePassword { .. } => "op",
        }
    }

    /// Whether its secrets can be read.
    pub fn is_readable(&self) -> bool {
        match self {
            Self::Vault { .. }
            | Self::AwsSecretsManager { .. }
            | Self::KubernetesSecret { .. }
            | Self::Gcloud { .. }
            | Self::AzureKeyVault { .. }
            | Self::OnePassword { .. } => true,
            Self::GithubActionsSecret { .. } => false,
        }
    }

    /// What names the place in the system, each with its key in the files.
    pub fn settings(&self) -> Vec<(&'static str, &str)> {
        let (first, second) = match self {
            Self::Vault { program: _, mount } => (Some(("mount", mount)), None),
            Self::AwsSecretsManager { region } => (Some("region").zip(region.as_ref()), None),
            Self::KubernetesSecret { namespace, context } => (
                Some(("namespace", namespace)),
                Some("context").zip(context.as_ref()),
            ),
            Self::GithubActionsSecret {
                repository,
                environment,
            } => (
                Some(("repository", repository)),
                Some("environment").zip(environment.as_ref()),
            ),
            Self::Gcloud { project } => (Some(("project", project)), None),
            Self::AzureKeyVault { vault } | Self::OnePassword { vault } => {
                (Some(("vault", vault)), None)
            }
        };
        let settings = [first, second].into_iter().flatten();
        settings
            .map(|(name, value)| (name, value.as_str()))
            .collect()
    }

    /// The variables that the program's documentation names. One that ends with `*`
    /// stands for all that begin so.
    pub fn variables(&self) -> &'static [&'static str] {
        match self {
            Self::Vault { .. } => &["VAULT_*", "BAO_*"],
            Self::AwsSecretsManager { .. } => &["AWS_*"],
            Self::KubernetesSecret { .. } => &[
                "KUBECONFIG",
                "KUBERNETES_SERVICE_HOST",
                "KUBERNETES_SERVICE_PORT",
            ],
            Self::GithubActionsSecret { .. } => &[
                "GH_TOKEN",
                "GITHUB_TOKEN",
                "GH_ENTERPRISE_TOKEN",
                "GITHUB_ENTERPRISE_TOKEN",
                "GH_HOST",
                "GH_CONFIG_DIR",
                "XDG_CONFIG_HOME",
            ],
            Self::Gcloud { .. } => &["CLOUDSDK_*", "GOOGLE_APPLICATION_CREDENTIALS"],
            Self::AzureKeyVault { .. } => &["AZURE_*"],
            Self::OnePassword { .. } => &["OP_*", "XDG_CONFIG_HOME"],
        }
    }
}
