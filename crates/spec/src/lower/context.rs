//! State of lowering: findings, places, and which sections could be read.

use super::aside::Aside;
use super::ends::Ends;
use super::shared_texts::SharedTexts;
use super::tenancy::SharedKeys;
use crate::code::Code;
use crate::decode::Text;
use crate::finding::{Finding, Findings};
use crate::merge::Complete;
use crate::places::{Place, PlaceMap};
use crate::span::{Span, Spanned};
use crate::suggestion::Fix;
use model::{AccountKey, Address, Scope, SourceName, Spec};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The spec as far as it could be lowered.
#[derive(Debug)]
pub(crate) struct Partial {
    /// What could be lowered.
    pub(crate) spec: Spec,
    /// Tokens that expire and are not rotated.
    pub(crate) ends: Ends,
    /// What is checked by itself only.
    pub(crate) aside: Aside,
    /// Accounts of which something was left out because it is wrong, so that nothing
    /// can be said about what they lack.
    pub(crate) doubtful: BTreeMap<AccountKey, Doubt>,
    /// Sources of which attributes were left out in the same way.
    pub(crate) doubtful_attributes: BTreeSet<SourceName>,
    /// Sources of which mappings were left out in the same way.
    pub(crate) doubtful_mappings: BTreeSet<SourceName>,
    /// Where everything is written.
    pub(crate) places: PlaceMap,
    /// The receivers of notices.
    pub(crate) receivers: Vec<super::receiver::Receiver>,
    /// Where the tenant's address is written.
    pub(crate) address: Option<Span>,
}

/// What is not known of an account in full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Doubt {
    /// Its levels.
    pub(crate) levels: bool,
    /// Its tokens, or their scopes and calls.
    pub(crate) tokens: bool,
    /// The identity that a file approves.
    pub(crate) identity: bool,
}

/// The state that all lowering functions share.
pub(crate) struct Context<'a> {
    pub(crate) findings: &'a mut Findings,
    pub(crate) places: PlaceMap,
    pub(crate) complete: Complete,
    /// The names of all sources, those included that could not be lowered.
    pub(crate) declared_sources: BTreeSet<String>,
    /// The names of all stores, those included that could not be lowered.
    pub(crate) declared_stores: BTreeSet<String>,
    /// What is checked by itself only.
    pub(crate) aside: Aside,
    /// The least scopes that were worked out, by the ids of the operations: many
    /// tokens make the same calls.
    pub(crate) least_scopes: HashMap<Vec<&'static str>, BTreeSet<Scope>>,
    /// Sources of which attributes could not be read.
    pub(crate) doubtful_attributes: BTreeSet<SourceName>,
    /// Sources of which mappings could not be read.
    pub(crate) doubtful_mappings: BTreeSet<SourceName>,
    /// What `{tenant}` stands for in store keys.
    pub(crate) tenant_in_keys: String,
    /// Keys without `{tenant}`.
    pub(crate) shared_keys: SharedKeys,
    /// Tokens that expire and are not rotated.
    pub(crate) ends: Ends,
    /// Texts that many objects have.
    pub(crate) texts: SharedTexts,
}

impl Context<'_> {
    /// Records the places of the keys that are written.
    pub(crate) fn fields<const N: usize>(
        &mut self,
        address: &Address,
        fields: [(&'static str, Option<Place>); N],
    ) {
        let written = fields
            .into_iter()
            .filter_map(|(field, place)| Some((field, place?)));
        self.places.fields(address, written);
    }

    /// Records the places of the items below a key, `key=item`, and reports items
    /// that are listed twice.
    pub(crate) fn items<'t>(
        &mut self,
        address: &Address,
        key: &str,
        items: impl IntoIterator<Item = &'t Text>,
    ) {
        for item in items {
            let field = format!("{key}={}", item.value);
            if let Some(first) = self.places.item(address, field, item.place()) {
                self.findings.push(
                    Finding::new(
                        Code::RepeatedItem,
                        format!("`{key}` lists `{}` twice", item.value),
                    )
                    .at(item.span, format!("`{}` listed again here", item.value))
                    .at(first.span, format!("`{}` first listed here", item.value))
                    .help("remove one of the two")
                    .fix(Fix::without(item.span)),
                );
            }
        }
    }
}

/// A raw value with a place.
pub(crate) trait Placed {
    /// Its place.
    fn place(&self) -> Place;
}

impl Placed for Text {
    fn place(&self) -> Place {
        Place {
            span: self.span,
            known: self.is_known(),
        }
    }
}

impl<T> Placed for Spanned<T> {
    fn place(&self) -> Place {
        known(self.span)
    }
}

/// The place of a value that is known.
pub(crate) fn known(span: Span) -> Place {
    Place { span, known: true }
}

/// The place of a key that may have been left out.
pub(crate) fn place_of<T: Placed>(value: Option<&T>) -> Option<Place> {
    value.map(Placed::place)
}
