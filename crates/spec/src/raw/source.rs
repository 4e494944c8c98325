//! Raw types of a source, its attributes, identity profile and owner.

use super::Share;
use crate::code::Code;
use crate::decode::{Decode, List, Named, Text, choice, record, text_schema, wrong_type};
use crate::finding::{Finding, Findings};
use crate::span::{Span, Spanned};
use crate::yaml::{Node, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

record! {
    /// A source. steersman manages a delimited-file source with its schema,
    /// accounts and identity profile. With `managed: false`, the source and its
    /// accounts are managed elsewhere, and steersman manages only user levels and
    /// tokens.
    #[schemars(rename = "Source")]
    RawSource as "a source" {
        /// Source name, unique in the tenant.
        #[schemars(example = &"Service Accounts")]
        needed name as "name": Text,
        /// Whether steersman manages the source and its accounts. Default: `true`.
        #[schemars(with = "Option<super::value_schema::Truth>")]
        optional managed as "managed": Spanned<bool>,
        /// Identity that owns the source. Required on a managed source.
        optional owner as "owner": RawOwner,
        /// Description, at most 255 characters. Omitted: unchanged.
        optional description as "description": Text,
        /// Account Delete Threshold, in percent. If a CSV import would delete more
        /// than this share of the accounts, ISC deletes none of them and only
        /// warns; steersman refuses such a plan beforehand. Omitted: unchanged;
        /// ISC's default is 10.
        optional delete_threshold as "deleteThreshold": Spanned<Share>,
        /// Account attributes in addition to `id`, `name`, `e-mail` and
        /// `purpose`.
        optional attributes as "attributes": List<RawAttribute>,
        /// Treatment of unmanaged accounts: accounts on the source that no file
        /// declares.
        optional unmanaged as "unmanaged": Spanned<RawUnmanaged>,
        /// Identity profile that creates identities from the accounts. Omitted:
        /// no profile, or one that is managed elsewhere.
        optional identity_profile as "identityProfile": RawProfile,
    }
}

record! {
    /// An attribute of the account schema: a single string.
    #[schemars(rename = "Attribute")]
    RawAttribute as "an attribute" {
        /// Attribute name, and column of the CSV import.
        #[schemars(example = &"team")]
        required name as "name": Text,
        /// Description of the attribute. Omitted: unchanged.
        optional description as "description": Text,
    }
}

choice! {
    /// Treatment of unmanaged accounts: accounts on the source that no file
    /// declares.
    #[schemars(rename = "Unmanaged")]
    RawUnmanaged {
        /// Keep and report them (default).
        Keep = "keep",
        /// Delete their tokens, user levels and CSV rows.
        Delete = "delete",
    }
}

record! {
    /// The identity profile of a source.
    #[schemars(rename = "Profile")]
    RawProfile as "an identity profile" {
        /// Profile name.
        needed name as "name": Text,
        /// Identity that owns the profile. Default: the owner of the source.
        optional owner as "owner": RawOwner,
        /// Identity attributes and the account attributes they come from. Other
        /// mappings stay unchanged.
        #[schemars(example = super::example::mappings_example())]
        optional mappings as "mappings": Named<Text>,
        /// Whether steersman invites new identities to register. Default: `false`.
        #[schemars(with = "Option<super::value_schema::Truth>")]
        optional invite as "invite": Spanned<bool>,
    }
}

/// An identity, named by one of its properties.
#[derive(Clone, Debug)]
pub(crate) struct RawOwner {
    /// The property and its value.
    pub(crate) owner: model::OwnerRef,
    /// Where the value is written.
    pub(crate) span: Span,
}

record! {
    /// An identity, named by exactly one of its properties.
    #[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
    OwnerKeys as "an identity" {
        /// Alias. For a service account, its account name.
        optional alias as "alias": Text,
        /// Email address.
        optional email as "email": Text,
        /// Identity ID.
        optional id as "id": Text,
    }
}

impl Decode for RawOwner {
    fn expected() -> String {
        "an alias, `{email: …}` or `{id: …}`".to_owned()
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
                                "identity has more than one of `alias`, `email` and `id`",
                            )
                            .at(second.span, "second reference to the identity")
                            .at(first.span, "first reference to the identity")
                            .help("keep one of the two"),
                        );
                        None
                    }
                    (None, _) => {
                        if written == 0 {
                            findings.push(
                                Finding::new(
                                    Code::MissingKey,
                                    "identity has no `alias`, `email` or `id`",
                                )
                                .at(head, "missing `alias`, `email` or `id`")
                                .help("write `{email: jane.doe@example.com}`, or only the alias"),
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

fn owner_alias() -> Schema {
    let mut schema = text_schema();
    schema.insert("examples".to_owned(), serde_json::json!(["jane.doe"]));
    schema
}

impl JsonSchema for RawOwner {
    fn schema_name() -> Cow<'static, str> {
        "Owner".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let keys = generator.subschema_for::<OwnerKeys>();
        json_schema!({
            "description": "An identity: its alias, `{email: …}` or `{id: …}`.",
            "anyOf": [
                owner_alias(),
                keys,
            ],
        })
    }
}
