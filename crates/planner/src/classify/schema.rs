//! Classifies an account schema: missing, different, matching, unread.

use model::{
    AccountAttribute, AttributeSpec, Collection, Fields, IdentityAttribute, Incomplete,
    LiveAccount, LiveAttribute, LiveSchema, LiveSource, ManagedSource, ProfileHolder,
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// How the account schema of a managed source compares with the tenant's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SchemaOutcome<'a> {
    /// The source does not exist, and this plan does not create it.
    NoSource,
    /// The source takes no CSV imports.
    OtherType,
    /// The schema could not be read.
    Unread(&'a Incomplete),
    /// An attribute would be removed, and whether accounts have values in it is not
    /// known.
    AccountsUnread {
        /// Why.
        why: &'a Incomplete,
    },
    /// An attribute would be removed, and whether a mapping of the identity profile
    /// reads it is not known.
    ProfileUnread {
        /// Why.
        why: &'a Incomplete,
    },
    /// An attribute would be removed, and whether a mapping of another source's identity
    /// profile reads it is not known.
    ProfilesUnread {
        /// Why.
        why: &'a Incomplete,
    },
    /// The source identifies accounts by another attribute than `id`, and some have
    /// something else there. With `id` they would be other accounts, without their
    /// identities.
    OtherIds {
        /// The attribute.
        attribute: Option<&'a AccountAttribute>,
        /// One of the accounts.
        example: &'a LiveAccount,
        /// How many there are.
        count: usize,
    },
    /// The source has no account schema to compare with.
    NotRead,
    /// This plan creates the source, so the schema is defined with it.
    Missing {
        /// The declared schema.
        declared: Shape,
    },
    /// The schema is as declared.
    Matches,
    /// The schema differs.
    Differs {
        /// The tenant's schema.
        schema: &'a LiveSchema,
        /// What is compared of it.
        observed: Shape,
        /// The declared schema.
        declared: Shape,
        /// Whether an account has a value in an attribute that is removed.
        loses_values: bool,
    },
}

/// What is compared of a schema. The order of attributes does not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The attribute that identifies an account.
    pub(crate) identity_attribute: Option<String>,
    /// The attribute that is shown as an account's name.
    pub(crate) display_attribute: Option<String>,
    /// The attributes.
    pub(crate) attributes: BTreeSet<AttributeShape>,
}

/// What is compared of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AttributeShape {
    /// Its name.
    pub(crate) name: String,
    /// Its type, in capitals.
    pub(crate) kind: String,
    /// Whether it may have several values.
    pub(crate) multi: bool,
    /// Its description, where a file declares one.
    pub(crate) description: Option<String>,
}

/// Classifies the account schema of a managed source. `source_is_planned` says
/// whether this plan has a step for the source; `profiles` are all of the tenant.
pub(crate) fn classify<'a>(
    declared: &ManagedSource,
    observed: Option<&'a LiveSource>,
    source_is_planned: bool,
    profiles: &'a Collection<Vec<ProfileHolder>>,
) -> SchemaOutcome<'a> {
    let attributes = declared.schema_attributes();
    let Some(source) = observed else {
        return if source_is_planned {
            SchemaOutcome::Missing {
                declared: declared_shape(&attributes, &BTreeMap::new()),
            }
        } else {
            SchemaOutcome::NoSource
        };
    };
    if source.kind != LiveSource::DELIMITED_FILE {
        return SchemaOutcome::OtherType;
    }
    let schema = match source.schema.complete() {
        Ok(Some(schema)) => schema,
        Ok(None) => return SchemaOutcome::NotRead,
        Err(why) => return SchemaOutcome::Unread(why),
    };
    let described = described(declared);
    let observed = observed_shape(schema, &described);
    let declared = declared_shape(&attributes, &described);
    if observed == declared {
        return SchemaOutcome::Matches;
    }
    let dropped = dropped(schema, &attributes);
    let other_id = observed.identity_attribute != declared.identity_attribute;
    if let (true, Err(why)) = (other_id || !dropped.is_empty(), source.accounts.complete()) {
        return SchemaOutcome::AccountsUnread { why };
    }
    if let (false, Err(why)) = (dropped.is_empty(), source.profile.complete()) {
        return SchemaOutcome::ProfileUnread { why };
    }
    if let (false, Err(why)) = (dropped.is_empty(), profiles.complete()) {
        return SchemaOutcome::ProfilesUnread { why };
    }
    if other_id {
        let is_other = |account: &&LiveAccount| {
            let id = account.cells.get("id").map(String::as_str);
            id != Some(account.native_identity.as_str())
        };
        let mut others = source.accounts.found().iter().filter(is_other);
        if let Some(example) = others.next() {
            return SchemaOutcome::OtherIds {
                attribute: schema.identity_attribute.as_ref(),
                example,
                count: 1 + others.count(),
            };
        }
    }
    SchemaOutcome::Differs {
        schema,
        observed,
        declared,
        loses_values: !values_in(source, &dropped).is_empty(),
    }
}

/// The descriptions that the spec manages: those of attributes that declare one.
/// The guide's four attributes get a description when the schema is created, and
/// keep any later edit of it.
fn described(declared: &ManagedSource) -> BTreeMap<&AccountAttribute, &String> {
    declared
        .attributes
        .iter()
        .filter_map(|attribute| Some((&attribute.name, attribute.description.as_ref()?)))
        .collect()
}

/// The declared schema as fields, as a plan shows them.
pub(crate) fn declared_text(declared: &ManagedSource) -> Fields {
    let described = described(declared);
    as_fields(&declared_shape(&declared.schema_attributes(), &described))
}

/// What is compared of an observed schema, as fields.
pub(crate) fn observed_text(declared: &ManagedSource, schema: &LiveSchema) -> Fields {
    as_fields(&observed_shape(schema, &described(declared)))
}

fn as_fields(shape: &Shape) -> Fields {
    let Shape {
        identity_attribute,
        display_attribute,
        attributes,
    } = shape;
    let attributes: Vec<_> = attributes
        .iter()
        .map(|attribute| {
            let AttributeShape {
                name,
                kind,
                multi,
                description,
            } = attribute;
            json!([name, kind, multi, description])
        })
        .collect();
    Fields::from_iter([
        ("attributes".to_owned(), json!(attributes)),
        ("identityAttribute".to_owned(), json!(identity_attribute)),
        ("displayAttribute".to_owned(), json!(display_attribute)),
    ])
}

fn declared_shape(
    attributes: &[AttributeSpec],
    described: &BTreeMap<&AccountAttribute, &String>,
) -> Shape {
    let attribute = |attribute: &AttributeSpec| {
        let AttributeSpec {
            name,
            // Only a description that a file declares is compared.
            description: _,
        } = attribute;
        AttributeShape {
            name: name.to_string(),
            kind: "STRING".to_owned(),
            multi: false,
            description: described.get(name).map(|text| (*text).clone()),
        }
    };
    Shape {
        identity_attribute: Some("id".to_owned()),
        display_attribute: Some("name".to_owned()),
        attributes: attributes.iter().map(attribute).collect(),
    }
}

fn observed_shape(schema: &LiveSchema, described: &BTreeMap<&AccountAttribute, &String>) -> Shape {
    let LiveSchema {
        id: _,
        identity_attribute,
        display_attribute,
        attributes,
    } = schema;
    let attribute = |attribute: &LiveAttribute| {
        let LiveAttribute {
            name,
            kind,
            description,
            multi,
        } = attribute;
        AttributeShape {
            name: name.to_string(),
            kind: kind.to_ascii_uppercase(),
            multi: *multi,
            description: described
                .contains_key(name)
                .then(|| description.clone().unwrap_or_default()),
        }
    };
    Shape {
        identity_attribute: identity_attribute.as_ref().map(ToString::to_string),
        display_attribute: display_attribute.as_ref().map(ToString::to_string),
        attributes: attributes.iter().map(attribute).collect(),
    }
}

/// The attributes that the declared schema removes.
pub(crate) fn dropped<'a>(
    schema: &'a LiveSchema,
    declared: &[AttributeSpec],
) -> BTreeSet<&'a AccountAttribute> {
    schema
        .attributes
        .iter()
        .map(|attribute| &attribute.name)
        .filter(|name| !declared.iter().any(|attribute| &attribute.name == *name))
        .collect()
}

/// An attribute that a mapping of an identity profile reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReadBy<'a> {
    /// The profile.
    pub(crate) profile: &'a ProfileHolder,
    /// The identity attribute that is mapped.
    pub(crate) target: &'a IdentityAttribute,
    /// The account attribute.
    pub(crate) attribute: &'a AccountAttribute,
}

impl ReadBy<'_> {
    /// Whether the profile is that of this source.
    pub(crate) fn is_of(&self, source: &LiveSource) -> bool {
        self.profile.source.as_ref() == Some(&source.id)
    }
}

/// Which of these attributes of a source the mappings of the tenant's identity profiles
/// read.
pub(crate) fn read_by_mappings<'a>(
    source: &LiveSource,
    profiles: &'a [ProfileHolder],
    attributes: &BTreeSet<&'a AccountAttribute>,
) -> Vec<ReadBy<'a>> {
    let mut found = Vec::new();
    for profile in profiles {
        for read in &profile.reads {
            let read_ones = attributes
                .iter()
                .filter(|attribute| read.reads(&source.id, &source.name, attribute));
            found.extend(read_ones.map(|attribute| ReadBy {
                profile,
                target: &read.target,
                attribute,
            }));
        }
    }
    found
}

/// How many accounts have a value in each of these attributes.
pub(crate) fn values_in<'a>(
    source: &LiveSource,
    attributes: &BTreeSet<&'a AccountAttribute>,
) -> BTreeMap<&'a AccountAttribute, usize> {
    attributes
        .iter()
        .map(|attribute| {
            let accounts = source.accounts.found().iter();
            let with = accounts.filter(|account| account.cells.contains_key(*attribute));
            (*attribute, with.count())
        })
        .filter(|(_, count)| *count > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{
        applied_tenant, forbidden, guide, live_account, live_attribute, managed, source_mut,
    };

    fn schema(source: &mut LiveSource) -> &mut LiveSchema {
        match &mut source.schema {
            Collection::Complete(Some(schema)) => schema,
            _ => panic!("the fixture has a schema"),
        }
    }

    #[test]
    fn each_outcome() {
        type Change = fn(&mut ManagedSource, &mut LiveSource);
        let cases: [(&str, Change, &str); 11] = [
            ("as declared", |_, _| {}, "matches"),
            (
                "another order",
                |_, live| schema(live).attributes.reverse(),
                "matches",
            ),
            (
                "a description that no file declares",
                |_, live| schema(live).attributes[0].description = Some("x".to_owned()),
                "matches",
            ),
            (
                "a description that a file declares",
                |declared, live| {
                    declared.attributes.push(AttributeSpec {
                        name: "team".into(),
                        description: Some("The team".to_owned()),
                    });
                    schema(live).attributes.push(live_attribute("team"));
                },
                "differs",
            ),
            (
                "another type",
                |_, live| schema(live).attributes[0].kind = "INT".to_owned(),
                "differs",
            ),
            (
                "several values",
                |_, live| schema(live).attributes[0].multi = true,
                "differs",
            ),
            (
                "another identity attribute",
                |_, live| schema(live).identity_attribute = None,
                "differs",
            ),
            (
                "another display attribute",
                |_, live| schema(live).display_attribute = None,
                "differs",
            ),
            (
                "an attribute with values too many",
                |_, live| {
                    schema(live).attributes.push(live_attribute("purpose2"));
                    if let Collection::Complete(accounts) = &mut live.accounts {
                        accounts[0].cells.insert("purpose2".into(), "x".to_owned());
                    }
                },
                "differs and loses values",
            ),
            (
                "no schema",
                |_, live| live.schema = Collection::Complete(None),
                "not read",
            ),
            ("unread", |_, live| live.schema = forbidden(), "unread"),
        ];
        for (name, change, expected) in cases {
            let (mut spec, mut live) = (guide(), applied_tenant());
            change(managed(&mut spec), source_mut(&mut live));
            let profiles = live.profiles.clone();
            let source = Some(&*source_mut(&mut live));
            let outcome = classify(managed(&mut spec), source, false, &profiles);
            let found = match outcome {
                SchemaOutcome::Matches => "matches",
                SchemaOutcome::Differs {
                    loses_values: true, ..
                } => "differs and loses values",
                SchemaOutcome::Differs { .. } => "differs",
                SchemaOutcome::NotRead => "not read",
                SchemaOutcome::Unread(_) => "unread",
                other => panic!("{name}: {other:?}"),
            };
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn without_a_source_that_takes_imports() {
        let (mut spec, mut live) = (guide(), applied_tenant());
        let declared = managed(&mut spec);
        let profiles = live.profiles.clone();
        assert_eq!(
            classify(declared, None, false, &profiles),
            SchemaOutcome::NoSource
        );
        assert!(matches!(
            classify(declared, None, true, &profiles),
            SchemaOutcome::Missing { .. }
        ));
        source_mut(&mut live).kind = "LDAP".to_owned();
        assert_eq!(
            classify(declared, Some(source_mut(&mut live)), false, &profiles),
            SchemaOutcome::OtherType
        );
    }

    #[test]
    fn accounts_that_another_attribute_identifies_are_counted() {
        for count in 1..4 {
            let (mut spec, mut live) = (guide(), applied_tenant());
            let source = source_mut(&mut live);
            schema(source).identity_attribute = Some("e-mail".into());
            if let Collection::Complete(accounts) = &mut source.accounts {
                for number in 0..count {
                    let mut account = live_account("SA-002", "backup02", "identity-2");
                    account.native_identity = format!("backup{number}@example.com").into();
                    accounts.push(account);
                }
            }
            let profiles = live.profiles.clone();
            let source = Some(&*source_mut(&mut live));
            let outcome = classify(managed(&mut spec), source, false, &profiles);
            let SchemaOutcome::OtherIds {
                attribute,
                example,
                count: found,
            } = outcome
            else {
                panic!("{outcome:?}");
            };
            assert_eq!(attribute, Some(&"e-mail".into()));
            assert_eq!(example.native_identity.as_str(), "backup0@example.com");
            assert_eq!(found, count);
        }
    }
}
