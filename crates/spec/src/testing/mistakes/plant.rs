//! Chooses parts of a draft, and plants a mistake in each.

use super::draft::{Anchor, Draft};
use super::random::Random;
use super::variants::{self, Variant};
use crate::code::Code;
use std::collections::BTreeSet;

/// A part of a spec that can have a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    Tenant,
    Defaults,
    Policy,
    Sections,
    Store(usize),
    Profile(usize),
    Source(usize, OfSource),
    Account(usize, OfAccount),
    Token(usize, usize, OfToken),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum OfSource {
    Name,
    Owner,
    Description,
    Threshold,
    Attributes,
    Unmanaged,
    ProfileName,
    Mappings,
    Extra,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum OfAccount {
    Identity,
    Source,
    Email,
    Purpose,
    Attributes,
    Levels,
    Profile,
    Issuer,
    Extra,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum OfToken {
    Name,
    Permissions,
    Validity,
    Expires,
    Rotate,
    Deliver,
    Extra,
}

/// Plants up to so many mistakes, and says which.
pub(super) fn plant(draft: &mut Draft, wanted: usize, random: &mut Random) -> Vec<String> {
    let mut free = slots(draft);
    let mut taken = BTreeSet::new();
    let mut kinds = Vec::new();
    while draft.expected.len() < wanted && !free.is_empty() {
        let slot = free.swap_remove(random.below(free.len()));
        if taken.contains(&slot) {
            continue;
        }
        let variants = variants::of(slot);
        let variant = random.pick(variants);
        let needed = variants::needs(slot, variant, draft);
        let Some(needed) = needed.filter(|needed| !needed.iter().any(|slot| taken.contains(slot)))
        else {
            continue;
        };
        taken.insert(slot);
        taken.extend(needed);
        write(draft, slot, variant);
        kinds.push(format!("{slot:?}: {}", variant.text.trim_end()));
    }
    kinds
}

fn slots(draft: &Draft) -> Vec<Slot> {
    use OfAccount as A;
    use OfSource as S;
    use OfToken as T;
    let mut slots = vec![Slot::Tenant, Slot::Defaults, Slot::Policy, Slot::Sections];
    slots.extend((0..draft.stores.len()).map(Slot::Store));
    slots.extend((0..draft.profiles.len()).map(Slot::Profile));
    for source in 0..draft.sources.len() {
        let of = [
            S::Name,
            S::Owner,
            S::Description,
            S::Threshold,
            S::Attributes,
            S::Unmanaged,
            S::ProfileName,
            S::Mappings,
            S::Extra,
        ];
        slots.extend(of.map(|of| Slot::Source(source, of)));
    }
    for (account, parts) in draft.accounts.iter().enumerate() {
        let of = [
            A::Identity,
            A::Source,
            A::Email,
            A::Purpose,
            A::Attributes,
            A::Levels,
            A::Profile,
            A::Issuer,
            A::Extra,
        ];
        slots.extend(of.map(|of| Slot::Account(account, of)));
        for token in 0..parts.tokens.len() {
            let of = [
                T::Name,
                T::Permissions,
                T::Validity,
                T::Expires,
                T::Rotate,
                T::Deliver,
                T::Extra,
            ];
            slots.extend(of.map(|of| Slot::Token(account, token, of)));
        }
    }
    slots
}

/// Writes a mistake into its part. `§` is the place that it points at, `^` what names the
/// object that it is in, `%` its number, and `#` the number of the object before.
fn write(draft: &mut Draft, slot: Slot, variant: &Variant) {
    let object = match slot {
        Slot::Source(source, _) => Some(Anchor::Source(source)),
        Slot::Account(account, _) => Some(Anchor::Account(account)),
        Slot::Token(account, token, _) => Some(Anchor::Token(account, token)),
        Slot::Tenant
        | Slot::Defaults
        | Slot::Policy
        | Slot::Sections
        | Slot::Store(_)
        | Slot::Profile(_) => None,
    };
    let mut text = String::new();
    let mut codes = variant.codes.iter();
    let mut expect = |anchor: Anchor, draft: &mut Draft| {
        if let Some(code) = codes.next() {
            draft.expected.push((*code, anchor));
        }
    };
    for letter in variant.text.chars() {
        match (letter, object) {
            ('§', _) => {
                let anchor = Anchor::Mark(draft.expected.len());
                text.push_str(&anchor.mark());
                expect(anchor, draft);
            }
            ('^', Some(object)) => text.push_str(&object.mark()),
            ('#', Some(object)) => text.push_str(&number(object).saturating_sub(1).to_string()),
            ('%', None) => {
                text.push('p');
                text.extend(profile_number(slot));
            }
            ('%', Some(object)) => text.push_str(&number(object).to_string()),
            (letter, _) => text.push(letter),
        }
    }
    // Those without a mark point at what names their object.
    let rest: Vec<Code> = codes.copied().collect();
    if let Some(object) = object {
        draft
            .expected
            .extend(rest.into_iter().map(|code| (code, object)));
    }
    put(draft, slot, text);
}

/// The number of a profile.
fn profile_number(slot: Slot) -> Option<String> {
    match slot {
        Slot::Profile(profile) => Some(profile.to_string()),
        Slot::Tenant
        | Slot::Defaults
        | Slot::Policy
        | Slot::Sections
        | Slot::Store(_)
        | Slot::Source(_, _)
        | Slot::Account(_, _)
        | Slot::Token(_, _, _) => None,
    }
}

/// The number of an object among its like.
fn number(object: Anchor) -> usize {
    match object {
        Anchor::Mark(number)
        | Anchor::Source(number)
        | Anchor::Account(number)
        | Anchor::Token(_, number) => number,
    }
}

fn put(draft: &mut Draft, slot: Slot, text: String) {
    let part = match slot {
        Slot::Tenant => &mut draft.tenant,
        Slot::Defaults => &mut draft.defaults,
        Slot::Policy => &mut draft.policy,
        Slot::Sections => &mut draft.sections,
        Slot::Store(store) => &mut draft.stores[store],
        Slot::Profile(profile) => &mut draft.profiles[profile],
        Slot::Source(source, of) => {
            let source = &mut draft.sources[source];
            match of {
                OfSource::Name => &mut source.name,
                OfSource::Owner => &mut source.owner,
                OfSource::Description => &mut source.description,
                OfSource::Threshold => &mut source.threshold,
                OfSource::Attributes => &mut source.attributes,
                OfSource::Unmanaged => &mut source.unmanaged,
                OfSource::ProfileName => &mut source.profile_name,
                OfSource::Mappings => &mut source.mappings,
                OfSource::Extra => &mut source.extra,
            }
        }
        Slot::Account(account, of) => {
            let account = &mut draft.accounts[account];
            match of {
                OfAccount::Identity => &mut account.identity,
                OfAccount::Source => &mut account.source,
                OfAccount::Email => &mut account.email,
                OfAccount::Purpose => &mut account.purpose,
                OfAccount::Attributes => &mut account.attributes,
                OfAccount::Levels => &mut account.levels,
                OfAccount::Profile => &mut account.profile,
                OfAccount::Issuer => &mut account.issuer,
                OfAccount::Extra => &mut account.extra,
            }
        }
        Slot::Token(account, token, of) => {
            let token = &mut draft.accounts[account].tokens[token];
            match of {
                OfToken::Name => &mut token.name,
                OfToken::Permissions => &mut token.permissions,
                OfToken::Validity => &mut token.validity,
                OfToken::Expires => &mut token.expires,
                OfToken::Rotate => &mut token.rotate,
                OfToken::Deliver => &mut token.deliver,
                OfToken::Extra => &mut token.extra,
            }
        }
    };
    *part = text;
}
