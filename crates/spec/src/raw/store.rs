//! Stores of secrets, and places in them.

use crate::code::Code;
use crate::decode::{Decode, List, Text, record};
use crate::finding::{Finding, Findings};
use crate::span::Span;
use crate::yaml::Node;
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
}

record! {
    /// A store of secrets: exactly one of the keys.
    StoreKeys as "a store" {
        /// Files that only you can read (mode 0600) below this directory. The
        /// path is relative to the folder that steersman is started in.
        #[schemars(example = &".steersman/secrets")]
        optional directory as "directory": Text,
        /// Programs that keep secrets.
        optional command as "command": RawCommand,
        /// Files encrypted with age, which can be kept in a Git repository.
        optional age as "age": RawAge,
    }
}

record! {
    /// Files encrypted with age, named after their keys with the ending `.age`.
    RawAge as "an age store" {
        /// The directory, relative to the folder that steersman is started in.
        #[schemars(example = &"secrets")]
        required directory as "directory": Text,
        /// The public keys (`age1…`) of all who may read the secrets. One has to
        /// belong to the identity file, because a delivered secret is read back.
        required recipients as "recipients": List<Text>,
        /// The file with the private key that reads the secrets, relative to the
        /// folder that steersman is started in. It is never part of the
        /// repository.
        #[schemars(example = &"${AGE_IDENTITY_FILE}")]
        required identity_file as "identityFile": Text,
    }
}

record! {
    /// Programs that keep secrets. `{key}` stands for the key in each argument.
    #[schemars(rename = "Command")]
    RawCommand as "a command store" {
        /// The program and its arguments that store the document which comes
        /// on standard input.
        #[schemars(example = super::example::put_example())]
        required put as "put": List<Text>,
        /// The program and its arguments that print the document on standard
        /// output.
        #[schemars(example = super::example::get_example())]
        required get as "get": List<Text>,
    }
}

record! {
    /// A place in a store.
    #[schemars(rename = "Place")]
    RawPlace as "a place in a store" {
        /// The store's name under `stores`.
        required store as "store": Text,
        /// The key in the store. `{account}` stands for the account's name,
        /// `{token}` for the token's.
        #[schemars(example = &"{account}/{token}")]
        required key as "key": Text,
    }
}

impl Decode for RawStore {
    fn expected() -> String {
        "a store: `{directory: …}`, `{command: {put: …, get: …}}` or `{age: {directory: …, recipients: …, identityFile: …}}`"
            .to_owned()
    }

    fn decode(node: Node, findings: &mut Findings) -> Option<Self> {
        let before = findings.errors();
        let StoreKeys {
            head,
            broken,
            directory,
            command,
            age,
        } = StoreKeys::decode(node, findings)?;
        let kinds = [
            directory.map(|directory| (directory.span, RawStoreKind::Directory(directory))),
            command.map(|command| (command.head, RawStoreKind::Command(command))),
            age.map(|age| (age.head, RawStoreKind::Age(age))),
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
                        Finding::new(
                            Code::MissingKey,
                            "a store needs one of the keys `directory`, `command` or `age`",
                        )
                        .at(head, "says not where secrets are kept")
                        .help("write `{directory: .steersman/secrets}` to keep them in files"),
                    );
                }
                None
            }
        }
    }
}

fn exclusive(first: Span, second: Span) -> Finding {
    Finding::new(Code::ExclusiveKeys, "a store is of one kind only")
        .at(second, "a second kind")
        .at(first, "a kind already")
        .help("keep one of the kinds, or make a store of each")
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
