//! Powers of an account: what it may do and who can act as it, and which of that few
//! others have.

use super::field::{FieldChange, FieldView};
use super::group::GroupView;
use super::row::RowKind;
use super::waiting::{PLACEHOLDER, replaced};
use std::collections::BTreeMap;

/// A level that can do everything is of note however many get it.
const ADMIN: &str = "ORG_ADMIN";
/// What at most one account of so many gets is unlike the others.
const ONE_OF: usize = 10;

/// What a power is about. What is worse to overlook comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PowerKind {
    /// A user level, a scope, or that a token never expires.
    Right,
    /// An email address, or where a secret goes.
    Place,
}

/// One thing that an account gets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Power {
    pub(crate) kind: PowerKind,
    /// As it is shown.
    pub(crate) text: String,
    /// What others that have the same kind of it share: the text, with what is the
    /// account's own name in it replaced.
    common: String,
}

/// The powers that a group gets, each once.
pub(crate) fn powers(group: &GroupView) -> Vec<Power> {
    let mut powers = Vec::new();
    for row in &group.rows {
        let changes = match row.kind {
            RowKind::Step(_) => true,
            RowKind::Import | RowKind::Blocked | RowKind::Unmanaged => false,
        };
        for field in row.fields.iter().filter(|_| changes) {
            of_field(field, &mut |kind, text| {
                let power = Power {
                    kind,
                    common: common(text, group, &row.label),
                    text: text.to_owned(),
                };
                if !powers.contains(&power) {
                    powers.push(power);
                }
            });
        }
    }
    powers
}

fn of_field(field: &FieldView, found: &mut impl FnMut(PowerKind, &str)) {
    let kind = match field.name.as_str() {
        "userLevels" | "scopes" | "accessTokenValidity" => Some(PowerKind::Right),
        "deliver" => Some(PowerKind::Place),
        _ => None,
    };
    let mut one = |text: &str| {
        if let Some(kind) = kind {
            found(kind, text);
        } else if field.name == "expires" {
            if text == "never" {
                found(PowerKind::Right, "expires never");
            }
        } else if text.contains('@') {
            found(PowerKind::Place, text);
        }
    };
    match &field.change {
        FieldChange::Set(texts) => texts.iter().for_each(|text| one(text)),
        // It has nothing of them afterwards.
        FieldChange::Gone(_) => {}
        FieldChange::Text(text) => one(&text.after),
        FieldChange::List {
            added,
            removed: _,
            kept: _,
        } => added.iter().for_each(|text| one(text)),
        FieldChange::Pairs(fields) => fields.iter().for_each(|field| of_field(field, found)),
    }
}

/// A text without what is named for the account or its token.
fn common(text: &str, group: &GroupView, label: &str) -> String {
    let token = label.strip_prefix("token ").unwrap_or_default();
    [token, group.subtitle.as_str(), group.title.as_str()]
        .into_iter()
        .fold(text.to_owned(), |text, name| {
            replaced(&text, name, PLACEHOLDER, char::is_alphanumeric)
        })
}

/// How unlike the others a group is. Lower is more so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unlike {
    /// It gets a right that few get.
    Right(usize),
    /// It has an address or a place that few have: how many share its domain or store,
    /// and how many the whole.
    Place(usize, usize),
    Not,
}

/// How many groups of a plan have each power.
#[derive(Debug, Default)]
pub(crate) struct Powers {
    of: BTreeMap<(PowerKind, String), usize>,
    /// The same by domains of addresses and by stores.
    of_part: BTreeMap<String, usize>,
    groups: usize,
    /// Whether most places are those of others, too, so that one of its own says
    /// something.
    places_repeat: bool,
}

impl Powers {
    /// Counts the powers of groups.
    pub(crate) fn of(groups: &[GroupView]) -> Self {
        let mut all = Self::default();
        for group in groups {
            let powers = powers(group);
            all.groups += usize::from(!powers.is_empty());
            let mut parts: Vec<&str> = Vec::new();
            for power in &powers {
                let key = (power.kind, power.common.clone());
                *all.of.entry(key).or_default() += 1;
                let part = part(&power.text);
                if power.kind == PowerKind::Place && !parts.contains(&part) {
                    parts.push(part);
                    *all.of_part.entry(part.to_owned()).or_default() += 1;
                }
            }
        }
        let places = all.of.keys().filter(|(kind, _)| *kind == PowerKind::Place);
        all.places_repeat = places.count() * ONE_OF <= all.groups;
        all
    }

    /// The powers of a group, those first that are least like those of others, and how
    /// unlike them the group is.
    pub(crate) fn ranked(&self, group: &GroupView) -> (Vec<String>, Unlike) {
        let mut ranked: Vec<(Unlike, usize, Power)> = powers(group)
            .into_iter()
            .map(|power| (self.unlike(&power), self.shared(&power), power))
            .collect();
        ranked.sort();
        let most = ranked.first().map_or(Unlike::Not, |(unlike, _, _)| *unlike);
        let texts = ranked.into_iter().map(|(_, _, power)| power.text);
        (texts.collect(), most)
    }

    fn shared(&self, power: &Power) -> usize {
        let key = (power.kind, power.common.clone());
        self.of.get(&key).copied().unwrap_or(0)
    }

    fn unlike(&self, power: &Power) -> Unlike {
        let shared = self.shared(power);
        let is_rare = |count: usize| count * ONE_OF <= self.groups;
        match power.kind {
            PowerKind::Right if power.text == ADMIN => Unlike::Right(0),
            PowerKind::Right if is_rare(shared) => Unlike::Right(shared),
            PowerKind::Place => {
                let of_part = self.of_part.get(part(&power.text)).copied();
                let of_part = of_part.unwrap_or(0);
                if is_rare(of_part) || self.places_repeat && is_rare(shared) {
                    Unlike::Place(of_part, shared)
                } else {
                    Unlike::Not
                }
            }
            PowerKind::Right => Unlike::Not,
        }
    }
}

/// The domain of an address, or the store of a destination.
fn part(place: &str) -> &str {
    match place.rsplit_once('@') {
        Some((_, domain)) => domain,
        None => place.split_once(':').map_or(place, |(store, _)| store),
    }
}
