//! Writes sources and accounts as YAML, with keys in the order a person uses.

use crate::lifetime::duration_text;
use crate::scalar;
use jiff::SignedDuration;
use model::{
    AccountRow, AccountSpec, AttributeSpec, ManagedSource, OwnerRef, ProfileSpec, SourceName,
    SourceSpec, TokenLifetime, TokenSpec,
};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// A source as an item of `sources`.
pub(crate) fn source(name: &SourceName, spec: &SourceSpec) -> Result<String, serde_yaml::Error> {
    let managed = spec.managed();
    item(&Source {
        name: Literal(name.as_str()),
        managed: managed.is_none().then_some(false),
        owner: managed.map(|managed| Owner::of(&managed.owner)),
        description: managed.and_then(|managed| managed.description.as_deref().map(Literal)),
        delete_threshold: managed.and_then(|managed| managed.delete_threshold.map(Into::into)),
        attributes: managed.map_or_else(Vec::new, attributes),
        identity_profile: managed
            .and_then(|managed| managed.identity_profile.as_ref())
            .map(Profile::of),
    })
}

/// An account as an item of `serviceAccounts`. The defaults give the store
/// locations of its tokens, so none is written.
pub(crate) fn account(spec: &AccountSpec) -> Result<String, serde_yaml::Error> {
    let AccountSpec {
        key: _,
        source,
        name,
        row,
        user_levels,
        tokens,
        issuer: _,
        issuer_life: _,
        previously: _,
        identity,
    } = spec;
    let row = row.as_ref().map(|row| {
        let AccountRow {
            id,
            name,
            email,
            purpose,
            attributes,
        } = row;
        Row {
            id: Literal(id.as_str()),
            name: Literal(name.as_str()),
            email: Literal(email),
            purpose: Literal(purpose),
            attributes: attributes
                .iter()
                .map(|(name, cell)| (Key(name.as_str()), Literal(cell)))
                .collect(),
        }
    });
    item(&Account {
        source: Literal(source.as_str()),
        found_by: row.is_none().then_some(Literal(name.as_str())),
        row,
        identity: identity.as_ref().map(|identity| Literal(identity.as_str())),
        user_levels: user_levels
            .as_ref()
            .map(|levels| levels.iter().map(|level| Literal(level.as_str())).collect()),
        tokens: tokens
            .as_ref()
            .map(|tokens| tokens.values().map(Token::of).collect()),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Source<'a> {
    name: Literal<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    managed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Owner<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Literal<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delete_threshold: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<Attribute<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_profile: Option<Profile<'a>>,
}

#[derive(Serialize)]
struct Attribute<'a> {
    name: Literal<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Literal<'a>>,
}

fn attributes(managed: &ManagedSource) -> Vec<Attribute<'_>> {
    managed
        .attributes
        .iter()
        .map(|AttributeSpec { name, description }| Attribute {
            name: Literal(name.as_str()),
            description: description.as_deref().map(Literal),
        })
        .collect()
}

#[derive(Serialize)]
struct Profile<'a> {
    name: Literal<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Owner<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    mappings: BTreeMap<Key<'a>, Literal<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    invite: bool,
}

impl<'a> Profile<'a> {
    fn of(profile: &'a ProfileSpec) -> Self {
        let ProfileSpec {
            name,
            owner,
            mappings,
            invite,
        } = profile;
        Self {
            name: Literal(name),
            owner: owner.as_ref().map(Owner::of),
            mappings: mappings
                .iter()
                .map(|(target, attribute)| (Key(target.as_str()), Literal(attribute.as_str())))
                .collect(),
            invite: *invite,
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Owner<'a> {
    Alias(Literal<'a>),
    Email { email: Literal<'a> },
    Id { id: Literal<'a> },
}

impl<'a> Owner<'a> {
    fn of(owner: &'a OwnerRef) -> Self {
        match owner {
            OwnerRef::Alias(alias) => Self::Alias(Literal(alias)),
            OwnerRef::Email(email) => Self::Email {
                email: Literal(email),
            },
            OwnerRef::Id(id) => Self::Id { id: Literal(id) },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Account<'a> {
    source: Literal<'a>,
    #[serde(rename = "account", skip_serializing_if = "Option::is_none")]
    found_by: Option<Literal<'a>>,
    #[serde(flatten)]
    row: Option<Row<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<Literal<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_levels: Option<Vec<Literal<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<Vec<Token<'a>>>,
}

#[derive(Serialize)]
struct Row<'a> {
    id: Literal<'a>,
    name: Literal<'a>,
    email: Literal<'a>,
    purpose: Literal<'a>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<Key<'a>, Literal<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Token<'a> {
    name: Literal<'a>,
    scopes: Vec<Literal<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token_validity: Option<String>,
    expires: String,
}

impl<'a> Token<'a> {
    fn of(token: &'a TokenSpec) -> Self {
        let TokenSpec {
            name,
            scopes,
            calls: _,
            access_token_validity,
            expires,
            rotate: _,
            overlap: _,
            rotation: _,
            purpose: _,
            owners: _,
            deliver: _,
            form: _,
        } = token;
        Self {
            name: Literal(name.as_str()),
            scopes: scopes.iter().map(|scope| Literal(scope.as_str())).collect(),
            access_token_validity: access_token_validity
                .map(|seconds| duration_text(SignedDuration::from_secs(seconds.into()))),
            expires: match expires {
                TokenLifetime::After(duration) => duration_text(*duration),
                TokenLifetime::Never => "never".to_owned(),
            },
        }
    }
}

/// A literal text: `${` is escaped, so that it does not start a variable.
struct Literal<'a>(&'a str);

impl Serialize for Literal<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&scalar::sealed(self.0.replace("${", "$${")))
    }
}

/// A key as the tenant has it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a>(&'a str);

impl Serialize for Key<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&scalar::sealed(self.0.to_owned()))
    }
}

/// A value as an item of a list that is indented by two.
fn item(value: &impl Serialize) -> Result<String, serde_yaml::Error> {
    let text = scalar::opened(&serde_yaml::to_string(value)?);
    let mut item = String::with_capacity(text.len() + 32);
    for (number, line) in text.lines().enumerate() {
        match (number, line) {
            (0, line) => item.push_str(&["  - ", line].concat()),
            (_, "") => {}
            (_, line) => item.push_str(&["    ", line].concat()),
        }
        item.push('\n');
    }
    Ok(item)
}
