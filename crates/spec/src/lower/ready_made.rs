//! Lowers ready-made stores.

use super::context::Context;
use super::program_variables::environment;
use crate::code::Code;
use crate::decode::{List, Text, did_you_mean};
use crate::finding::Finding;
use crate::raw::{
    RawAws, RawAzure, RawGcloud, RawGithub, RawKubernetes, RawOnePassword, RawReadyMade, RawVault,
};
use model::{ReadyMade, ReadyMadeKind, VaultProgram, key_as_path};

pub(super) fn lower(raw: RawReadyMade, context: &mut Context<'_>) -> ReadyMade {
    match raw {
        RawReadyMade::Vault(RawVault {
            head: _,
            broken: _,
            mount,
            prefix,
            program,
            environment,
        }) => {
            let kind = ReadyMadeKind::Vault {
                program: program.map_or(VaultProgram::Vault, |text| self::program(&text, context)),
                mount: path(mount, context),
            };
            store(kind, prefix, environment, context)
        }
        RawReadyMade::Aws(RawAws {
            head: _,
            broken: _,
            region,
            prefix,
            environment,
        }) => {
            let region = region.map(|region| word(region, context));
            let kind = ReadyMadeKind::AwsSecretsManager { region };
            store(kind, prefix, environment, context)
        }
        RawReadyMade::Kubernetes(RawKubernetes {
            head: _,
            broken: _,
            namespace,
            context: of,
            prefix,
            environment,
        }) => {
            let kind = ReadyMadeKind::KubernetesSecret {
                namespace: word(namespace, context),
                context: of.map(|of| word(of, context)),
            };
            store(kind, prefix, environment, context)
        }
        RawReadyMade::Github(RawGithub {
            head: _,
            broken: _,
            repository,
            environment_of,
            environment,
        }) => {
            let kind = ReadyMadeKind::GithubActionsSecret {
                repository: self::repository(repository, context),
                environment: environment_of.map(|of| word(of, context)),
            };
            store(kind, None, environment, context)
        }
        RawReadyMade::Gcloud(RawGcloud {
            head: _,
            broken: _,
            project,
            prefix,
            environment,
        }) => {
            let project = word(project, context);
            store(
                ReadyMadeKind::Gcloud { project },
                prefix,
                environment,
                context,
            )
        }
        RawReadyMade::Azure(RawAzure {
            head: _,
            broken: _,
            vault,
            prefix,
            environment,
        }) => {
            let vault = word(vault, context);
            store(
                ReadyMadeKind::AzureKeyVault { vault },
                prefix,
                environment,
                context,
            )
        }
        RawReadyMade::OnePassword(RawOnePassword {
            head: _,
            broken: _,
            vault,
            prefix,
            environment,
        }) => {
            let vault = word(vault, context);
            store(
                ReadyMadeKind::OnePassword { vault },
                prefix,
                environment,
                context,
            )
        }
    }
}

fn store(
    kind: ReadyMadeKind,
    prefix: Option<Text>,
    variables: Option<List<Text>>,
    context: &mut Context<'_>,
) -> ReadyMade {
    ReadyMade {
        kind,
        prefix: prefix
            .map(|prefix| path(prefix, context))
            .unwrap_or_default(),
        environment: variables
            .map(|names| environment(names, context))
            .unwrap_or_default(),
    }
}

fn program(text: &Text, context: &mut Context<'_>) -> VaultProgram {
    match text.value.as_str() {
        "vault" => VaultProgram::Vault,
        "bao" => VaultProgram::Bao,
        other => {
            if text.is_known() {
                let help = match did_you_mean(other, ["vault", "bao"]) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "write `vault` or `bao`, or declare a `command` store".to_owned(),
                };
                context.findings.push(
                    Finding::new(
                        Code::UnknownChoice,
                        format!(
                            "`program` must be `vault` or `bao`, not `{}`",
                            other.escape_debug()
                        ),
                    )
                    .at(text.span, "unsupported program")
                    .help(help),
                );
            }
            VaultProgram::Vault
        }
    }
}

/// A path without slashes around it.
fn path(text: Text, context: &mut Context<'_>) -> String {
    if text.is_known()
        && let Err(error) = key_as_path(&text.value)
    {
        context.findings.push(
            Finding::new(
                Code::UnsafeKey,
                format!(
                    "cannot use the path `{}`: {error}",
                    text.value.escape_debug()
                ),
            )
            .at(text.span, "invalid path")
            .help("write a path without `/` at its ends and without `..`"),
        );
    }
    text.value
}

/// A word that becomes the value of an option of a program.
fn word(text: Text, context: &mut Context<'_>) -> String {
    let is_word = !text.value.is_empty()
        && !text.value.starts_with('-')
        && !text.value.contains(char::is_control);
    if text.is_known() && !is_word {
        context.findings.push(
            Finding::new(
                Code::WrongType,
                format!("`{}` is not a name", text.value.escape_debug()),
            )
            .at(text.span, "invalid name")
            .help("write a name on one line that does not begin with `-`"),
        );
    }
    text.value
}

/// `OWNER/NAME`, or with a host before it.
fn repository(text: Text, context: &mut Context<'_>) -> String {
    let parts: Vec<&str> = text.value.split('/').collect();
    let is_part = |part: &&str| {
        !part.is_empty()
            && !part.starts_with(['-', '.'])
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.:".contains(c))
    };
    if text.is_known() && !((2..=3).contains(&parts.len()) && parts.iter().all(is_part)) {
        context.findings.push(
            Finding::new(
                Code::WrongType,
                format!(
                    "`{}` is not the name of a repository",
                    text.value.escape_debug()
                ),
            )
            .at(text.span, "invalid name of a repository")
            .help("write `OWNER/NAME`, or `HOST/OWNER/NAME` for GitHub Enterprise"),
        );
    }
    text.value
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::snippets;

    fn stores(store: &str) -> String {
        format!("stores: {{own: {store}}}\n")
    }

    #[test]
    fn tokens_2_ready_made_stores_are_declared_by_what_names_the_place() {
        for store in [
            "{vault: {mount: secret, prefix: steersman, program: bao}}",
            "{awsSecretsManager: {region: eu-central-1, env: [HTTPS_PROXY]}}",
            "{awsSecretsManager: {}}",
            "{kubernetesSecret: {namespace: ci, context: prod}}",
            "{githubActionsSecret: {repository: acme/site, environment: prod}}",
            "{gcloud: {project: acme}}",
            "{azureKeyVault: {vault: acme}}",
            "{onePassword: {vault: Integrations}}",
        ] {
            for code in [Code::UnknownKey, Code::MissingKey, Code::WrongType] {
                snippets(code, &[(&stores(store), 0)]);
            }
        }
    }

    #[test]
    fn what_would_name_another_place_is_refused() {
        for (code, store) in [
            (Code::UnsafeKey, "{vault: {mount: ../sys}}"),
            (Code::UnsafeKey, "{vault: {mount: secret, prefix: a/../b}}"),
            (
                Code::UnknownChoice,
                "{vault: {mount: secret, program: valt}}",
            ),
            (Code::MissingKey, "{vault: {}}"),
            (Code::UnknownKey, "{vualt: {mount: secret}}"),
            (Code::UnknownKey, "{gcloud: {project: a, prefx: b}}"),
            (Code::WrongType, "{gcloud: {project: --impersonate}}"),
            (Code::WrongType, "{githubActionsSecret: {repository: site}}"),
            (
                Code::WrongType,
                "{awsSecretsManager: {env: [SAIL_CLIENT_SECRET]}}",
            ),
            (Code::ExclusiveKeys, "{directory: a, gcloud: {project: b}}"),
        ] {
            snippets(code, &[(&stores(store), 1)]);
        }
    }
}
