//! Raw types of ready-made stores.

use crate::decode::{List, Text, record};

record! {
    /// Key/value store (version 2) of HashiCorp Vault or OpenBao, over the program
    /// `vault` or `bao`. It gets the variables VAULT_* and BAO_*.
    #[schemars(rename = "Vault")]
    RawVault as "a vault store" {
        /// Mount of the key/value store.
        #[schemars(example = &"secret")]
        needed mount as "mount": Text,
        /// First part of the path of each secret.
        #[schemars(example = &"steersman")]
        optional prefix as "prefix": Text,
        /// `vault` (default) or `bao`.
        #[schemars(with = "Option<super::value_schema::VaultPrograms>", example = &"bao")]
        optional program as "program": Text,
        /// Names of further environment variables that the program gets.
        #[schemars(with = "Option<super::value_schema::VariableNames>")]
        optional environment as "env": List<Text>,
    }
}

record! {
    /// AWS Secrets Manager, over the program `aws`. It gets the variables AWS_*.
    #[schemars(rename = "AwsSecretsManager")]
    RawAws as "an awsSecretsManager store" {
        /// Region. Default: that of the environment.
        #[schemars(with = "Option<super::value_schema::Word>", example = &"eu-central-1")]
        optional region as "region": Text,
        /// First part of the name of each secret.
        #[schemars(example = &"steersman")]
        optional prefix as "prefix": Text,
        /// Names of further environment variables that the program gets.
        #[schemars(with = "Option<super::value_schema::VariableNames>")]
        optional environment as "env": List<Text>,
    }
}

record! {
    /// Secrets of Kubernetes, over the program `kubectl`. It gets the variables
    /// KUBECONFIG and `KUBERNETES_SERVICE_*`. Each Secret has
    /// the entry `document`.
    #[schemars(rename = "KubernetesSecret")]
    RawKubernetes as "a kubernetesSecret store" {
        /// Namespace of the Secrets. It must exist.
        #[schemars(with = "super::value_schema::Word", example = &"integrations")]
        needed namespace as "namespace": Text,
        /// Context of the kubeconfig. Default: the current one.
        #[schemars(with = "Option<super::value_schema::Word>")]
        optional context as "context": Text,
        /// First part of the name of each Secret.
        #[schemars(example = &"steersman")]
        optional prefix as "prefix": Text,
        /// Names of further environment variables that the program gets, for example
        /// those of a credential plugin.
        #[schemars(with = "Option<super::value_schema::VariableNames>")]
        optional environment as "env": List<Text>,
    }
}

record! {
    /// Secrets of GitHub Actions, over the program `gh`. It gets the variables GH_* for
    /// tokens, host and configuration. Nothing can read these secrets back, so they
    /// hold tokens, never issuer tokens.
    #[schemars(rename = "GithubActionsSecret")]
    RawGithub as "a githubActionsSecret store" {
        /// Repository: `OWNER/NAME`, or `HOST/OWNER/NAME`.
        #[schemars(with = "super::value_schema::Repository", example = &"acme/integrations")]
        needed repository as "repository": Text,
        /// Environment of the repository. Default: the whole repository.
        #[schemars(with = "Option<super::value_schema::Word>", example = &"production")]
        optional environment_of as "environment": Text,
        /// Names of further environment variables that the program gets.
        #[schemars(with = "Option<super::value_schema::VariableNames>")]
        optional environment as "env": List<Text>,
    }
}

record! {
    /// Google Cloud Secret Manager, over the program `gcloud`. It gets the variables
    /// CLOUDSDK_* and `GOOGLE_APPLICATION_CREDENTIALS`.
    #[schemars(rename = "Gcloud")]
    RawGcloud as "a gcloud store" {
        /// Project.
        #[schemars(with = "super::value_schema::Word", example = &"acme-integrations")]
        needed project as "project": Text,
        /// First part of the name of each secret.
        #[schemars(example = &"steersman")]
        optional prefix as "prefix": Text,
        /// Names of further environment variables that the program gets.
        #[schemars(with = "Option<super::value_schema::VariableNames>")]
        optional environment as "env": List<Text>,
    }
}

record! {
    /// Azure Key Vault, over the program `az`. It gets the variables AZURE_*.
    #[schemars(rename = "AzureKeyVault")]
    RawAzure as "an azureKeyVault store" {
        /// Name of the vault.
        #[schemars(with = "super::value_schema::Word", example = &"acme-integrations")]
        needed vault as "vault": Text,
        /// First part of the name of each secret.
        #[schemars(example = &"steersman")]
        optional prefix as "prefix": Text,
        /// Names of further environment variables that the program gets.
        #[schemars(with = "Option<super::value_schema::VariableNames>")]
        optional environment as "env": List<Text>,
    }
}

record! {
    /// Documents of 1Password, over the program `op`. It gets the variables OP_*.
    #[schemars(rename = "OnePassword")]
    RawOnePassword as "a onePassword store" {
        /// Name or ID of the vault.
        #[schemars(with = "super::value_schema::Word", example = &"Integrations")]
        needed vault as "vault": Text,
        /// First part of the title of each document.
        #[schemars(example = &"steersman")]
        optional prefix as "prefix": Text,
        /// Names of further environment variables that the program gets.
        #[schemars(with = "Option<super::value_schema::VariableNames>")]
        optional environment as "env": List<Text>,
    }
}

/// A ready-made store, as one of its kinds.
#[derive(Clone, Debug)]
pub(crate) enum RawReadyMade {
    Vault(RawVault),
    Aws(RawAws),
    Kubernetes(RawKubernetes),
    Github(RawGithub),
    Gcloud(RawGcloud),
    Azure(RawAzure),
    OnePassword(RawOnePassword),
}
