//! Reads a saved plan in part: of its lists, only what a new plan is compared with.
//!
//! Anyone can write a file with a fitting digest, and a list of it can have a million
//! items. Each item is checked and dropped, except those of the given addresses.

use super::compact::{Members, values};
use super::document::SavedPlan;
use crate::plan_document::{
    AccountDocument, BlockedDocument, DeliveryDocument, GuardDocument, ProblemDocument,
    SelectionDocument, StepDocument, UnmanagedDocument,
};
use crate::store_document::StoreDocument;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;
use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

/// How many bytes what is no list may have: 128 KiB, as much as a command line.
const MOST_IN_PART: usize = 128 << 10;

/// How many bytes the selection may have, which names steps: 8 MiB.
const MOST_IN_SELECTION: usize = 8 << 20;

/// How many values an item may have: a step that depends on a hundred thousand others,
/// and names as many accounts, fits.
const MOST_IN_ITEM: usize = 500_000;

/// A saved plan without the items that nothing is compared with.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) saved: SavedPlan,
    /// Whether it has steps, kept or not.
    pub(super) has_steps: bool,
}

/// Reads the compact content of a file, and keeps the steps, blocked entries and
/// deliveries of these addresses.
///
/// # Errors
/// Content that is no saved plan, or has a part beyond a limit.
pub(super) fn read(content: &[u8], addresses: &BTreeSet<&str>) -> Result<Kept, serde_json::Error> {
    let file: Members<'_> = serde_json::from_slice(content)?;
    let plan: Members<'_> = match file.get("plan") {
        Some(plan) => serde_json::from_str(plan.get())?,
        None => return Err(serde_json::Error::custom("it has no plan")),
    };
    let mut saved: SavedPlan = serde_json::from_str(&without_lists(&file, &plan)?)?;
    let is_kept = |address: &String| addresses.contains(address.as_str());
    let list = |name| plan.get(name).map_or("[]", RawValue::get);
    let (steps, has_steps) = kept(list("steps"), |step: &StepDocument| is_kept(&step.address))?;
    saved.plan.steps = steps;
    saved.plan.blocked = kept(list("blocked"), |one: &BlockedDocument| {
        is_kept(&one.address)
    })?
    .0;
    saved.plan.deliveries = kept(list("deliveries"), |one: &DeliveryDocument| {
        is_kept(&one.address)
    })?
    .0;
    check::<UnmanagedDocument>(list("unmanaged"))?;
    check::<GuardDocument>(list("guards"))?;
    check::<ProblemDocument>(list("problems"))?;
    check::<AccountDocument>(list("accounts"))?;
    check::<StoreDocument>(list("stores"))?;
    if let Some(selection) = plan.get("selection") {
        refuse_longer(selection.get(), MOST_IN_SELECTION, "8 MiB")?;
        serde_json::from_str::<Option<SelectionDocument>>(selection.get())?;
    }
    if let Some(incomplete) = plan.get("incomplete") {
        serde_json::Deserializer::from_str(incomplete.get()).deserialize_map(Texts)?;
    }
    Ok(Kept { saved, has_steps })
}

/// The file with empty lists.
fn without_lists(file: &Members<'_>, plan: &Members<'_>) -> Result<String, serde_json::Error> {
    let plan = object(plan, |name| match name {
        "steps" | "blocked" | "unmanaged" | "guards" | "problems" | "accounts" | "deliveries"
        | "stores" => Some("[]"),
        "incomplete" => Some("{}"),
        "selection" => Some("null"),
        _ => None,
    })?;
    object(file, |name| (name == "plan").then_some(plan.as_str()))
}

/// An object in which some keys have another value.
fn object<'o>(
    members: &Members<'_>,
    other: impl Fn(&str) -> Option<&'o str>,
) -> Result<String, serde_json::Error> {
    let mut text = String::from("{");
    for (name, value) in members.iter() {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&serde_json::to_string(name)?);
        text.push(':');
        if let Some(other) = other(name) {
            text.push_str(other);
        } else {
            refuse_longer(value.get(), MOST_IN_PART, "128 KiB")?;
            text.push_str(value.get());
        }
    }
    text.push('}');
    Ok(text)
}

fn refuse_longer(json: &str, most: usize, limit: &str) -> Result<(), serde_json::Error> {
    if json.len() > most {
        return Err(serde_json::Error::custom(format!(
            "a part has more than {limit}"
        )));
    }
    Ok(())
}

fn check<T: DeserializeOwned>(list: &str) -> Result<(), serde_json::Error> {
    kept(list, |_: &T| false).map(|_| ())
}

/// The items of a list that are kept, and whether it has any item.
fn kept<T: DeserializeOwned>(
    list: &str,
    keep: impl Fn(&T) -> bool,
) -> Result<(Vec<T>, bool), serde_json::Error> {
    let items = Items {
        keep,
        of: PhantomData,
    };
    items.deserialize(&mut serde_json::Deserializer::from_str(list))
}

/// Reads the items of a list one by one.
struct Items<T, K> {
    keep: K,
    of: PhantomData<T>,
}

impl<'de, T: DeserializeOwned, K: Fn(&T) -> bool> DeserializeSeed<'de> for Items<T, K> {
    type Value = (Vec<T>, bool);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: DeserializeOwned, K: Fn(&T) -> bool> Visitor<'de> for Items<T, K> {
    type Value = (Vec<T>, bool);

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        let mut has_items = false;
        while let Some(json) = list.next_element::<&RawValue>()? {
            has_items = true;
            if values(json.get()) > MOST_IN_ITEM {
                return Err(A::Error::custom("an item has more than 500,000 values"));
            }
            let item = serde_json::from_str(json.get()).map_err(A::Error::custom)?;
            if (self.keep)(&item) {
                items.push(item);
            }
        }
        Ok((items, has_items))
    }
}

/// Checks that the values of an object are texts.
struct Texts;

impl<'de> Visitor<'de> for Texts {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<String, String>()?.is_some() {}
        Ok(())
    }
}
