//! A source as it is written.

use super::Share;
use crate::code::Code;
use crate::decode::{Decode, List, Named, Text, choice, record, wrong_type};
use crate::finding::{Finding, Findings};
use crate::span::{Span, Spanned};
use crate::yaml::{Node, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

record! {
    /// A source. steersman makes and keeps a delimited-file source with its
    /// schema, accounts and identity profile; with `managed: false` the source
    /// and its accounts are made elsewhere, and steersman adds levels and tokens.
    #[schemars(rename = "Source")]
    RawSource as "a source" {
        /// The source's name, unique in the tenant.
        #[schemars(example = &"Service Accounts")]
        required name as "name": Text,
        /// Whether steersman makes the source and its accounts (the default).
        #[schemars(with = "Option<super::value_schema::Truth>")]
        optional managed as "managed": Spanned<bool>,
        /// The identity that owns the source. Needed for a managed source.
        optional owner as "owner": RawOwner,
        /// The description, at most 255 characters. Left out: it stays as it is.
        optional description as "description": Text,
        /// Above which share of deletions, in percent, ISC refuses an import.
        /// Left out: it stays as it is; ISC's default is 10.
        optional delete_threshold as "deleteThreshold": Spanned<Share>,
        /// Attributes of the accounts beyond id, name, e-mail and purpose.
        optional attributes as "attributes": List<RawAttribute>,
        /// What becomes of accounts in the source that no file declares.
        optional unmanaged as "unmanaged": Spanned<RawUnmanaged>,
        /// The identity profile that makes identities of the accounts. Left
        /// out: there is none, or it is made elsewhere.
        optional identity_profile as "identityProfile": RawProfile,
    }
}

record! {
    /// An attribute of the account schema, always a single string.
    #[schemars(rename = "Attribute")]
    RawAttribute as "an attribute" {
        /// Its name, which is also the column of the CSV import.
        #[schemars(example = &"team")]
        required name as "name": Text,
        /// What it says about the account. Left out: it stays as it is.
        optional description as "description": Text,
    }
}

choice! {
    /// What becomes of accounts in the source that no file declares.
    #[schemars(rename = "Unmanaged")]
    RawUnmanaged {
        /// They stay, and are reported (the default).
        Keep = "keep",
        /// Their tokens, levels and rows are deleted.
        Delete = "delete",
    }
}

record! {
    /// The identity profile of a source.
    #[schemars(rename = "Profile")]
    RawProfile as "an identity profile" {
        /// Its name.
        required name as "name": Text,
        /// The identity that owns it. Left out: the source's owner.
        optional owner as "owner": RawOwner,
        /// Which account attribute feeds which identity attribute. Mappings
        /// that are not written here are left alone.
        #[schemars(example = super::example::mappings_example())]
        optional mappings as "mappings": Named<Text>,
        /// Whether new identities are invited to register. The default is `false`.
        #[schemars(with = "Option<super::value_schema::Truth>")]
        optional invite as "invite": Spanned<bool>,
    }
}

/// An identity, named by one of its properties.
#[derive(Clone, Debug)]
pub(crate) struct RawOwner {
    /// The property and its value.
    pub(crate) owner: model::OwnerRef,
    /// Where the value stands.
    pub(crate) span: Span,
}

record! {
    /// An identity, named by exactly one of its properties.
    OwnerKeys as "an identity" {
        /// The alias: for a service account its account name.
        optional alias as "alias": Text,
        /// The e-mail address.
        optional email as "email": Text,
        /// The identity's id.
        optional id as "id": Text,
    }
}

impl Decode for RawOwner {
    fn expected() -> String {
        "an identity: its alias, `{email: …}` or `{id: …}`".to_owned()
    }

    fn decode(node: Node, findings: &mut Findings) -> Option<Self> {
        use model::OwnerRef;
        match node.value {
            Value::Scalar(_) => Text::decode(node, findings).map(|alias| Self {
                owner: OwnerRef::Alias(alias.value),
                span: alias.span,
            }),
            Value::Mapping(ref entries) => {
                let written = entries.len();
                let keys = OwnerKeys::decode(node, findings)?;
                let head = keys.head;
                let OwnerKeys {
                    head: _,
                    broken: _,
                    alias,
                    email,
                    id,
                } = keys;
                let mut named = [
                    alias.map(|text| (OwnerRef::Alias as fn(String) -> OwnerRef, text)),
                    email.map(|text| (OwnerRef::Email as fn(String) -> OwnerRef, text)),
                    id.map(|text| (OwnerRef::Id as fn(String) -> OwnerRef, text)),
                ]
                .into_iter()
                .flatten();
                match (named.next(), named.next()) {
                    (Some((make, text)), None) => Some(Self {
                        owner: make(text.value),
                        span: text.span,
                    }),
                    (Some((_, first)), Some((_, second))) => {
                        findings.push(
                            Finding::new(
                                Code::ExclusiveKeys,
                                "an identity is named by one property only",
                            )
                            .at(second.span, "named again here")
                            .at(first.span, "named here already")
                            .help("keep one of the two"),
                        );
                        None
                    }
                    (None, _) => {
                        if written == 0 {
                            findings.push(
                                Finding::new(
                                    Code::MissingKey,
                                    "an identity needs one of the keys `alias`, `email` or `id`",
                                )
                                .at(head, "names nobody")
                                .help("write `{email: jane.doe@example.com}`, or just the alias"),
                            );
                        }
                        None
                    }
                }
            }
            Value::Sequence(_) | Value::Broken => {
                wrong_type::<Self>(&node, findings);
                None
            }
        }
    }
}

impl JsonSchema for RawOwner {
    fn schema_name() -> Cow<'static, str> {
        "Owner".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let keys = generator.subschema_for::<OwnerKeys>();
        json_schema!({
            "description": "An identity: its alias, or one of `{email: …}` and `{id: …}`.",
            "anyOf": [
                {"type": "string", "minLength": 1, "examples": ["jane.doe"]},
                keys,
            ],
        })
    }
}
