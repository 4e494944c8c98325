//! Looks up where in the files an object of the spec is declared.

use crate::source::{Location, Sources};
use crate::span::Span;
use foldhash::HashMap;
use model::Address;
use std::borrow::Cow;
use std::sync::Arc;

/// Maps an address to the line that declares it, for problems that planning finds
/// in the tenant.
#[derive(Clone, Debug, Default)]
pub struct Places {
    map: PlaceMap,
    sources: Arc<Sources>,
}

impl Places {
    pub(crate) fn new(map: PlaceMap, sources: Arc<Sources>) -> Self {
        Self { map, sources }
    }

    /// Where an object, or one key of it, is declared.
    ///
    /// The field is a key of the spec format (`owner`), or one item of a list or
    /// mapping below a key (`userLevels=AUDITOR`, `mappings=uid`). Where the
    /// exact place is not known, the nearest one is given: the list for an
    /// item, the account for its levels, the object itself for its key.
    pub fn locate(&self, address: &Address, field: Option<&str>) -> Option<Location> {
        self.map
            .nearest(address, field)
            .map(|place| self.sources.locate(place.span))
    }
}

/// A place of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Where it is written.
    pub(crate) span: Span,
    /// Whether the value is known, and not that of a mocked variable.
    pub(crate) known: bool,
}

/// Where the defaults or the profile of an account have the keys that its tokens do not
/// write themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Inherited {
    pub(crate) issuer: Option<Span>,
    pub(crate) deliver: Option<Span>,
    pub(crate) expires: Option<Span>,
    pub(crate) rotate: Option<Span>,
}

/// The places of all objects.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlaceMap {
    objects: HashMap<Address, Fields>,
    /// Those of the defaults, and of each profile.
    inherited: Vec<Inherited>,
}

/// A key, or a key with an item (`userLevels=AUDITOR`).
type Field = Cow<'static, str>;

#[derive(Clone, Debug, Default)]
struct Fields {
    itself: Option<Place>,
    /// What its tokens inherit, as a position in the list of all.
    inherited: Option<u32>,
    list: Vec<(Field, Place)>,
    /// Where in the list each field is, once there are too many to look through. Few objects
    /// have one, and in place it would take 32 bytes of each.
    index: Option<Box<HashMap<Field, usize>>>,
}

/// Up to how many fields are looked through one by one.
const FEW: usize = 32;

impl PlaceMap {
    /// Records where an object is declared.
    pub(crate) fn object(&mut self, address: Address, place: Place) {
        self.objects.entry(address).or_default().itself = Some(place);
    }

    /// Records where a key of an object is written.
    pub(crate) fn field(&mut self, address: &Address, field: impl Into<Field>, place: Place) {
        self.change(address, |object| object.push(field.into(), place));
    }

    /// Records where keys of an object are written.
    pub(crate) fn fields(
        &mut self,
        address: &Address,
        fields: impl Iterator<Item = (&'static str, Place)> + Clone,
    ) {
        let number = fields.clone().count();
        if number == 0 {
            return;
        }
        self.change(address, |object| {
            // As a rule, one or two items come later.
            object.list.reserve_exact(number + 2);
            for (field, place) in fields {
                object.push(field.into(), place);
            }
        });
    }

    /// Records where an item of an object is written. Where it was recorded before, that
    /// place stays, and is returned.
    pub(crate) fn item(&mut self, address: &Address, field: String, place: Place) -> Option<Place> {
        self.change(address, |object| {
            let first = object.get(&field);
            if first.is_none() {
                object.push(field.into(), place);
            }
            first
        })
    }

    fn change<T>(&mut self, address: &Address, change: impl FnOnce(&mut Fields) -> T) -> T {
        // Nearly all are there, and then the address is not copied.
        if let Some(object) = self.objects.get_mut(address) {
            return change(object);
        }
        change(self.objects.entry(address.clone()).or_default())
    }

    /// Records what the tokens of an account inherit.
    pub(crate) fn inherits(&mut self, account: Address, inherited: Inherited) {
        // Accounts of one profile are mostly declared together.
        let known = self.inherited.iter().rposition(|known| *known == inherited);
        let position = known.unwrap_or_else(|| {
            self.inherited.push(inherited);
            self.inherited.len() - 1
        });
        self.objects.entry(account).or_default().inherited = u32::try_from(position).ok();
    }

    /// What the tokens of an account inherit.
    pub(crate) fn inherited(&self, account: &Address) -> Inherited {
        let position = self
            .objects
            .get(account)
            .and_then(|fields| fields.inherited);
        position
            .and_then(|position| self.inherited.get(usize::try_from(position).ok()?))
            .copied()
            .unwrap_or_default()
    }

    /// The place of exactly this field.
    pub(crate) fn exact(&self, address: &Address, field: &str) -> Option<Place> {
        self.objects.get(address)?.get(field)
    }

    /// The place of this field, or the nearest that is known.
    pub(crate) fn nearest(&self, address: &Address, field: Option<&str>) -> Option<Place> {
        let own = self.objects.get(address);
        // As a rule it is there, and its parents are not asked.
        if let (Some(own), Some(field)) = (own, field)
            && let Some(place) = own.get(field)
        {
            return Some(place);
        }
        let above = parent(address);
        let chain = [above.as_ref().and_then(parent)];
        let parents = above.iter().chain(chain.iter().flatten());
        let parents = parents.filter_map(|address| self.objects.get(address));
        let objects: Vec<&Fields> = own.into_iter().chain(parents).collect();
        let find = |field: &str| objects.iter().find_map(|fields| fields.get(field));
        field
            .and_then(|field| {
                let list = field.split_once('=').map(|(list, _)| list);
                find(field).or_else(|| list.and_then(find))
            })
            .or_else(|| objects.iter().find_map(|fields| fields.itself))
    }
}

impl Fields {
    fn push(&mut self, field: Field, place: Place) {
        let position = self.list.len();
        self.list.push((field, place));
        let new = match position {
            ..FEW => return,
            FEW => 0,
            _ => position,
        };
        let index = self.index.get_or_insert_default();
        for (position, (field, _)) in self.list.iter().enumerate().skip(new) {
            index.entry(field.clone()).or_insert(position);
        }
    }

    fn get(&self, field: &str) -> Option<Place> {
        if let Some(index) = &self.index {
            let position = index.get(field)?;
            return self.list.get(*position).map(|(_, place)| *place);
        }
        self.list
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, place)| *place)
    }
}

/// The object that declares another one.
fn parent(address: &Address) -> Option<Address> {
    match address {
        Address::Source(_) | Address::Account(_) => None,
        Address::Schema(source) | Address::Profile(source) => Some(Address::Source(source.clone())),
        Address::Processing(source) => Some(Address::Profile(source.clone())),
        Address::Invitation(key)
        | Address::Levels(key)
        | Address::Issuer(key)
        | Address::Token(key, _) => Some(Address::Account(key.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(start: u32) -> Place {
        Place {
            span: Span {
                file: 0,
                start,
                end: start,
            },
            known: true,
        }
    }

    #[test]
    fn the_nearest_known_place_is_found() {
        let mut map = PlaceMap::default();
        let account = Address::Account("SA-001".into());
        map.object(account.clone(), place(1));
        map.field(&account, "userLevels", place(2));
        map.field(&account, "userLevels=AUDITOR", place(3));
        map.object(Address::Source("S".into()), place(4));
        map.object(Address::Profile("S".into()), place(5));
        for (address, field, expected) in [
            ("account/SA-001", None, Some(1)),
            ("account/SA-001", Some("email"), Some(1)),
            ("levels/SA-001", Some("userLevels=AUDITOR"), Some(3)),
            ("levels/SA-001", Some("userLevels=OTHER"), Some(2)),
            ("token/SA-001/x", Some("scopes"), Some(1)),
            ("processing/S", None, Some(5)),
            ("schema/S", None, Some(4)),
            ("source/T", None, None),
        ] {
            let found = map.nearest(&address.parse().unwrap(), field);
            assert_eq!(found, expected.map(place), "{address} {field:?}");
        }
    }
}
