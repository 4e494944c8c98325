//! Sources and accounts as YAML, in the order in which a person writes them.

use super::lifetime::duration_text;
use jiff::SignedDuration;
use model::{
    AccountRow, AccountSpec, AttributeSpec, ManagedSource, OwnerRef, ProfileSpec, SourceName,
    SourceSpec, TokenLifetime, TokenSpec,
};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// A source as an item of `sources`.
pub(super) fn source(name: &SourceName, spec: &SourceSpec) -> Result<String, serde_yaml::Error> {
    let managed = spec.managed();
    item(&Source {
        name: Words(name.as_str()),
        managed: managed.is_none().then_some(false),
        owner: managed.map(|managed| Owner::of(&managed.owner)),
        description: managed.and_then(|managed| managed.description.as_deref().map(Words)),
        delete_threshold: managed.and_then(|managed| managed.delete_threshold.map(Into::into)),
        attributes: managed.map_or_else(Vec::new, attributes),
        identity_profile: managed
            .and_then(|managed| managed.identity_profile.as_ref())
            .map(Profile::of),
    })
}

/// An account as an item of `serviceAccounts`. Its tokens go where the defaults
/// say, so nothing is said of places.
pub(super) fn account(spec: &AccountSpec) -> Result<String, serde_yaml::Error> {
    let AccountSpec {
        key: _,
        source,
        name,
        row,
        user_levels,
        tokens,
        issuer: _,
        previously: _,
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
            id: Words(id.as_str()),
            name: Words(name.as_str()),
            email: Words(email),
            purpose: Words(purpose),
            attributes: attributes
                .iter()
                .map(|(name, cell)| (name.as_str(), Words(cell)))
                .collect(),
        }
    });
    item(&Account {
        source: Words(source.as_str()),
        found_by: row.is_none().then_some(Words(name.as_str())),
        row,
        user_levels: user_levels
            .as_ref()
            .map(|levels| levels.iter().map(|level| Words(level.as_str())).collect()),
        tokens: tokens
            .as_ref()
            .map(|tokens| tokens.values().map(Token::of).collect()),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Source<'a> {
    name: Words<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    managed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Owner<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Words<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delete_threshold: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<Attribute<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_profile: Option<Profile<'a>>,
}

#[derive(Serialize)]
struct Attribute<'a> {
    name: Words<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Words<'a>>,
}

fn attributes(managed: &ManagedSource) -> Vec<Attribute<'_>> {
    managed
        .attributes
        .iter()
        .map(|AttributeSpec { name, description }| Attribute {
            name: Words(name.as_str()),
            description: description.as_deref().map(Words),
        })
        .collect()
}

#[derive(Serialize)]
struct Profile<'a> {
    name: Words<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Owner<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    mappings: BTreeMap<&'a str, Words<'a>>,
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
            name: Words(name),
            owner: owner.as_ref().map(Owner::of),
            mappings: mappings
                .iter()
                .map(|(target, attribute)| (target.as_str(), Words(attribute.as_str())))
                .collect(),
            invite: *invite,
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Owner<'a> {
    Alias(Words<'a>),
    Email { email: Words<'a> },
    Id { id: Words<'a> },
}

impl<'a> Owner<'a> {
    fn of(owner: &'a OwnerRef) -> Self {
        match owner {
            OwnerRef::Alias(alias) => Self::Alias(Words(alias)),
            OwnerRef::Email(email) => Self::Email {
                email: Words(email),
            },
            OwnerRef::Id(id) => Self::Id { id: Words(id) },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Account<'a> {
    source: Words<'a>,
    #[serde(rename = "account", skip_serializing_if = "Option::is_none")]
    found_by: Option<Words<'a>>,
    #[serde(flatten)]
    row: Option<Row<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_levels: Option<Vec<Words<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<Vec<Token<'a>>>,
}

#[derive(Serialize)]
struct Row<'a> {
    id: Words<'a>,
    name: Words<'a>,
    email: Words<'a>,
    purpose: Words<'a>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<&'a str, Words<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Token<'a> {
    name: Words<'a>,
    scopes: Vec<Words<'a>>,
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
            deliver: _,
        } = token;
        Self {
            name: Words(name.as_str()),
            scopes: scopes.iter().map(|scope| Words(scope.as_str())).collect(),
            access_token_validity: access_token_validity
                .map(|seconds| duration_text(SignedDuration::from_secs(seconds.into()))),
            expires: match expires {
                TokenLifetime::After(duration) => duration_text(*duration),
                TokenLifetime::Never => "never".to_owned(),
            },
        }
    }
}

/// A text in which `${` stands for itself and not for a variable.
struct Words<'a>(&'a str);

impl Serialize for Words<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.replace("${", "$${"))
    }
}

/// A value as an item of a list that is indented by two.
fn item(value: &impl Serialize) -> Result<String, serde_yaml::Error> {
    let text = serde_yaml::to_string(value)?;
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
