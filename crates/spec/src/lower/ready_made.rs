//! Lowers ready-made stores.

use super::context::Context;
use super::program_variables::environment;
use crate::code::Code;
use crate::decode::{List, Needed, Text, did_you_mean};
use crate::finding::Finding;
use crate::raw::{
    RawAws, RawAzure, RawGcloud, RawGithub, RawKubernetes, RawOnePassword, RawReadyMade, RawVault,
};
use model::{ReadyMade, ReadyMadeKind, VaultProgram, key_as_path};

pub(super) fn lower(raw: RawReadyMade, context: &mut Context<'_>) -> Option<ReadyMade> {
    match raw {
        RawReadyMade::Vault(RawVault {
            head: _,
            broken: _,
            mount: Needed(mount),
            prefix,
            program,
            environment,
        }) => {
            let program = program.map_or(VaultProgram::Vault, |text| self::program(&text, context));
            let mount = mount.map(|mount| path(mount, context));
            let kind = mount.map(|mount| ReadyMadeKind::Vault { program, mount });
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
            let kind = Some(ReadyMadeKind::AwsSecretsManager { region });
            store(kind, prefix, environment, context)
        }
        RawReadyMade::Kubernetes(RawKubernetes {
            head: _,
            broken: _,
            namespace: Needed(namespace),
            context: of,
            prefix,
            environment,
        }) => {
            let namespace = namespace.map(|namespace| word(namespace, context));
            let of = of.map(|of| word(of, context));
            let kind = namespace.map(|namespace| ReadyMadeKind::KubernetesSecret {
                namespace,
                context: of,
            });
            store(kind, prefix, environment, context)
        }
        RawReadyMade::Github(RawGithub {
            head: _,
            broken: _,
            repository: Needed(repository),
            environment_of,
            environment,
        }) => {
            let repository = repository.map(|text| self::repository(text, context));
            let environment_of = environment_of.map(|of| word(of, context));
            let kind = repository.map(|repository| ReadyMadeKind::GithubActionsSecret {
                repository,
                environment: environment_of,
            });
            store(kind, None, environment, context)
        }
        RawReadyMade::Gcloud(RawGcloud {
            head: _,
            broken: _,
            project: Needed(project),
            prefix,
            environment,
        }) => {
            let project = project.map(|project| word(project, context));
            store(
                project.map(|project| ReadyMadeKind::Gcloud { project }),
                prefix,
                environment,
                context,
            )
        }
        RawReadyMade::Azure(RawAzure {
            head: _,
            broken: _,
            vault: Needed(vault),
            prefix,
            environment,
        }) => {
            let vault = vault.map(|vault| word(vault, context));
            store(
                vault.map(|vault| ReadyMadeKind::AzureKeyVault { vault }),
                prefix,
                environment,
                context,
            )
        }
        RawReadyMade::OnePassword(RawOnePassword {
            head: _,
            broken: _,
            vault: Needed(vault),
            prefix,
            environment,
        }) => {
            let vault = vault.map(|vault| word(vault, context));
            store(
                vault.map(|vault| ReadyMadeKind::OnePassword { vault }),
                prefix,
                environment,
                context,
            )
        }
    }
}

/// The store; none where what its kind needs is missing.
fn store(
    kind: Option<ReadyMadeKind>,
    prefix: Option<Text>,
    variables: Option<List<Text>>,
    context: &mut Context<'_>,
) -> Option<ReadyMade> {
    let prefix = prefix
        .map(|prefix| path(prefix, context))
        .unwrap_or_default();
    let environment = variables
        .map(|names| environment(names, context))
        .unwrap_or_default();
    Some(ReadyMade {
        kind: kind?,
        prefix,
        environment,
    })
}

fn program(text: &Text, context: &mut Context<'_>) -> VaultProgram {
    match text.value.as_str() {
        "vault" => VaultProgram::Vault,
        "bao" => VaultProgram::Bao,
        other => {
            if text.is_known() {
                let meant = did_you_mean(other, ["vault", "bao"]);
                let help = match meant {
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
                    .help(help)
                    .fix(meant.and_then(|meant| text.instead(meant))),
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
