//! Raw types of stores, and of locations in them.

use super::number::ExitCode;
use super::ready_made::{
    RawAws, RawAzure, RawGcloud, RawGithub, RawKubernetes, RawOnePassword, RawReadyMade, RawVault,
};
use crate::code::Code;
use crate::decode::{Decode, List, Text, choice, record, wrong_type};
use crate::finding::{Finding, Findings};
use crate::span::{Span, Spanned};
use crate::yaml::{Node, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// A store, as one of its kinds.
#[derive(Clone, Debug)]
pub(crate) struct RawStore {
    /// The kind with its settings.
    pub(crate) kind: RawStoreKind,
}

/// The kinds of stores.
#[derive(Clone, Debug)]
pub(crate) enum RawStoreKind {
    /// Files below a directory.
    Directory(Text),
    /// Programs.
    Command(RawCommand),
    /// Encrypted files below a directory.
    Age(RawAge),
    /// Variables of the environment.
    Environment(RawEnvironment),
    /// A system of secrets, over its program.
    ReadyMade(RawReadyMade),
}

record! {
    /// A store of secrets, with exactly one of the keys.
    StoreKeys as "a store" {
        /// Directory for files that only you can read (mode 0600). The path is
        /// relative to the working directory of steersman.
        #[schemars(example = &".steersman/secrets")]
        optional directory as "directory": Text,
        /// Programs that store and return secrets.
        optional command as "command": RawCommand,
        /// Files encrypted with age, safe to commit to a Git repository.
        optional age as "age": RawAge,
        /// Environment variables that steersman reads and never writes.
        optional env as "env": RawEnvironment,
        /// HashiCorp Vault or OpenBao.
        optional vault as "vault": RawVault,
        /// AWS Secrets Manager.
        optional aws as "awsSecretsManager": RawAws,
        /// Secrets of Kubernetes.
        optional kubernetes as "kubernetesSecret": RawKubernetes,
        /// Secrets of GitHub Actions, which cannot be read back.
        optional github as "githubActionsSecret": RawGithub,
        /// Google Cloud Secret Manager.
        optional gcloud as "gcloud": RawGcloud,
        /// Azure Key Vault.
        optional azure as "azureKeyVault": RawAzure,
        /// 1Password.
        optional one_password as "onePassword": RawOnePassword,
    }
}

record! {
    /// Files encrypted with age. File names are the keys with the suffix `.age`.
    RawAge as "an age store" {
        /// Directory, relative to the working directory of steersman.
        #[schemars(example = &"secrets")]
        needed directory as "directory": Text,
        /// Public keys (`age1…`) of everyone who may read the secrets. One must
        /// belong to the identity file, because steersman reads back each secret.
        needed recipients as "recipients": List<Text>,
        /// File with the private key that decrypts the secrets, relative to the
        /// working directory of steersman. Do not commit it.
        #[schemars(example = &"${AGE_IDENTITY_FILE}")]
        needed identity_file as "identityFile": Text,
    }
}

record! {
    /// Environment variables of steersman, read only: for issuer tokens that a pipeline
    /// sets. The key `issuer` is the variable `STEERSMAN_SECRET_ISSUER`; its value is a
    /// secret in any form that steersman delivers.
    #[schemars(rename = "Environment")]
    RawEnvironment as "an env store" {
        /// First part of the name of each variable, after `STEERSMAN_SECRET_`: upper-case
        /// letters, digits and `_`.
        #[schemars(example = &"PROD")]
        optional prefix as "prefix": Text,
    }
}

record! {
    /// Programs that store and return secrets. steersman replaces `{key}` in
    /// each argument by the key.
    #[schemars(rename = "Command", extend("anyOf" = read_or_write_only()))]
    RawCommand as "a command store" {
        /// Program and arguments that store the document from standard input.
        #[schemars(example = super::example::put_example(), extend("minItems" = 1))]
        needed put as "put": List<Text>,
        /// Program and arguments that print the document to standard output. Required
        /// without `writeOnly: true`.
        #[schemars(example = super::example::get_example(), extend("minItems" = 1))]
        optional get as "get": List<Text>,
        /// Whether the target cannot be read. Each secret is then proven by signing in
        /// with it before it is stored. Such a store never holds issuer tokens.
        /// Default: false.
        #[schemars(with = "Option<super::value_schema::Truth>")]
        optional write_only as "writeOnly": Spanned<bool>,
        /// Program and arguments that delete the document.
        #[schemars(example = super::example::delete_example(), extend("minItems" = 1))]
        optional delete as "delete": List<Text>,
        /// How `get` reports that the store has no document for the key. Without
        /// it, `get` then exits with 0 and prints nothing. Any other failure means
        /// that the store could not be read.
        optional not_found as "notFound": RawNotFound,
        /// Names of the environment variables that the programs get, in addition to PATH,
        /// HOME, LANG, LC_* and TMPDIR. Variables of steersman (SAIL_*,
        /// STEERSMAN_*) are never passed on.
        #[schemars(
            with = "Option<super::value_schema::VariableNames>",
            example = super::example::variables_example()
        )]
        optional environment as "env": List<Text>,
    }
}

record! {
    /// How `get` reports that the store has no document for the key: by all that
    /// is declared here.
    #[schemars(rename = "NotFound", extend("minProperties" = 1))]
    RawNotFound as "a `notFound`" {
        /// Exit codes of `get`, for example 2. Without them, any exit code but 0.
        #[schemars(example = super::example::exit_codes_example())]
        optional exit_codes as "exitCodes": List<Spanned<ExitCode>>,
        /// Text that standard error of `get` contains; `*` matches any text.
        #[schemars(example = "No value found*")]
        optional pattern as "pattern": Text,
    }
}

record! {
    /// A location in a store.
    #[schemars(rename = "Place")]
    RawPlace as "a store location" {
        /// Name of the store under `stores`.
        required store as "store": Text,
        /// Key in the store. steersman replaces `{tenant}`, `{account}`, `{id}`,
        /// `{source}` and `{token}` by the names of the tenant, the account, its id, its
        /// source and the token.
        #[schemars(example = &"{tenant}/{account}/{token}")]
        required key as "key": Text,
    }
}

record! {
    /// A location in a store, and the form in which a secret is delivered there.
    #[schemars(rename = "Delivery", extend("not" = serde_json::json!({"required": ["format", "field"]})))]
    RawDelivery as "a store location" {
        /// Name of the store under `stores`.
        needed store as "store": Text,
        /// Key in the store. steersman replaces `{tenant}`, `{account}`, `{id}`,
        /// `{source}` and `{token}` by the names of the tenant, the account, its id, its
        /// source and the token.
        #[schemars(example = &"{tenant}/{account}/{token}")]
        needed key as "key": Text,
        /// Form of the delivered secret. Default: `json`.
        optional format as "format": Spanned<RawFormat>,
        /// Single value to deliver, only to stores that cannot be read. Default: all
        /// values, in the `format`.
        optional field as "field": Spanned<RawField>,
    }
}

choice! {
    /// Form of a delivered secret.
    #[schemars(rename = "DeliveredFormat")]
    RawFormat {
        /// JSON document with `baseUrl`, `clientId`, `clientSecret`, account, token and
        /// scopes (default).
        Json = "json",
        /// Lines with `SAIL_BASE_URL`, `SAIL_CLIENT_ID` and `SAIL_CLIENT_SECRET`.
        Dotenv = "dotenv",
        /// Configuration file of the SailPoint CLI.
        Sail = "sail",
    }
}

choice! {
    /// Single value of a secret.
    #[schemars(rename = "DeliveredField")]
    RawField {
        /// Address of the tenant.
        BaseUrl = "baseUrl",
        /// Client ID of the token.
        ClientId = "clientId",
        /// Client secret of the token.
        ClientSecret = "clientSecret",
    }
}

/// A command store has `get`, or is written to only.
fn read_or_write_only() -> serde_json::Value {
    serde_json::json!([
        {"required": ["get"]},
        {"required": ["writeOnly"], "properties": {"writeOnly": {"not": {"const": false}}}},
    ])
}

impl RawDelivery {
    /// Where to point when the location is meant.
    pub(crate) fn place(&self) -> Span {
        self.key.0.as_ref().map_or(self.head, |key| key.span)
    }
}

impl Decode for RawStore {
    fn expected() -> String {
        "a mapping with one kind of store, such as `{directory: …}` or `{vault: {mount: …}}`"
            .to_owned()
    }

    fn decode(node: Node, findings: &mut Findings) -> Option<Self> {
        if !matches!(node.value, Value::Mapping(_)) {
            wrong_type::<Self>(&node, findings);
            return None;
        }
        let before = findings.errors();
        let StoreKeys {
            head,
            broken,
            directory,
            command,
            age,
            env,
            vault,
            aws,
            kubernetes,
            github,
            gcloud,
            azure,
            one_password,
        } = StoreKeys::decode(node, findings)?;
        let kinds = [
            directory.map(|directory| (directory.span, RawStoreKind::Directory(directory))),
            command.map(|command| (command.head, RawStoreKind::Command(command))),
            age.map(|age| (age.head, RawStoreKind::Age(age))),
            env.map(|env| (env.head, RawStoreKind::Environment(env))),
            vault.map(|raw| (raw.head, RawStoreKind::ReadyMade(RawReadyMade::Vault(raw)))),
            aws.map(|raw| (raw.head, RawStoreKind::ReadyMade(RawReadyMade::Aws(raw)))),
            kubernetes.map(|raw| {
                (
                    raw.head,
                    RawStoreKind::ReadyMade(RawReadyMade::Kubernetes(raw)),
                )
            }),
            github.map(|raw| (raw.head, RawStoreKind::ReadyMade(RawReadyMade::Github(raw)))),
            gcloud.map(|raw| (raw.head, RawStoreKind::ReadyMade(RawReadyMade::Gcloud(raw)))),
            azure.map(|raw| (raw.head, RawStoreKind::ReadyMade(RawReadyMade::Azure(raw)))),
            one_password.map(|raw| {
                (
                    raw.head,
                    RawStoreKind::ReadyMade(RawReadyMade::OnePassword(raw)),
                )
            }),
        ];
        let mut kinds: Vec<(Span, RawStoreKind)> = kinds.into_iter().flatten().collect();
        kinds.sort_by_key(|(span, _)| *span);
        let mut kinds = kinds.into_iter();
        match (kinds.next(), kinds.next()) {
            (Some((_, kind)), None) => Some(Self { kind }),
            (Some((first, _)), Some((second, _))) => {
                findings.push(exclusive(first, second));
                None
            }
            (None, _) => {
                if findings.errors() == before && broken.is_empty() {
                    findings.push(
                        Finding::new(Code::MissingKey, "store has no kind")
                            .at(head, "missing a kind, such as `directory` or `vault`")
                            .help(
                                "write `{directory: .steersman/secrets}` to keep secrets in files",
                            ),
                    );
                }
                None
            }
        }
    }
}

fn exclusive(first: Span, second: Span) -> Finding {
    Finding::new(Code::ExclusiveKeys, "store has more than one kind")
        .at(second, "second kind of store")
        .at(first, "first kind of store")
        .help("keep one kind, or declare one store for each")
}

impl JsonSchema for RawStore {
    fn schema_name() -> Cow<'static, str> {
        "Store".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let keys = generator.subschema_for::<StoreKeys>();
        json_schema!({
            "allOf": [keys],
            "minProperties": 1,
            "maxProperties": 1,
        })
    }
}
